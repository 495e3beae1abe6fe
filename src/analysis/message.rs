//! Causes taken apart: what services and functions pack into the one string that AWS calls `cause`.

use serde_json::Value;
use std::sync::Arc;

/// A cause, taken apart as far as its form is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The cause as AWS has it.
    pub raw: Arc<str>,
    /// What it says in one sentence or so, without the packing.
    pub summary: String,
    /// What was in the packing.
    pub form: Form,
    /// The JSON it was, strings with JSON inside replaced by that.
    pub decoded: Option<Value>,
}

/// The forms of cause.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Plain text.
    Text,
    /// What a Lambda function throws.
    Function {
        /// The type of what was thrown.
        kind: Option<String>,
        /// The request.
        request_id: Option<String>,
        /// The stack, innermost as the language has it.
        stack: Vec<String>,
    },
    /// What a service answers through the AWS SDK.
    Service {
        /// The service.
        service: String,
        /// The HTTP status.
        status_code: Option<String>,
        /// The error code.
        error_code: Option<String>,
        /// The request.
        request_id: Option<String>,
    },
    /// What a nested execution ended with.
    Execution {
        /// Its ARN.
        arn: String,
        /// How it stands.
        status: Option<String>,
        /// Its error.
        error: Option<String>,
        /// Its own cause.
        cause: Option<Box<Message>>,
    },
    /// What Step Functions says about a state of its own.
    State {
        /// The state.
        state: String,
        /// The event it was entered with.
        entered: Option<String>,
    },
    /// Other JSON.
    Json,
}

/// JSON in a string in JSON in a string… is followed this deep.
const DEPTH: usize = 6;

/// Members that hold the point of an error document, the likeliest first.
const TELLING: [&str; 18] = [
    "errorMessage",
    "ErrorMessage",
    "message",
    "Message",
    "reason",
    "Reason",
    "StoppedReason",
    "StatusReason",
    "FailureReason",
    "StateChangeReason",
    "detail",
    "Details",
    "error_description",
    "description",
    "cause",
    "Cause",
    "error",
    "Error",
];

impl Message {
    /// Takes a cause apart.
    pub fn of(cause: &Arc<str>) -> Self {
        Self::at_depth(cause, 0)
    }

    fn at_depth(cause: &Arc<str>, depth: usize) -> Self {
        let text = cause.trim();
        let raw = Arc::clone(cause);
        match serde_json::from_str::<Value>(text) {
            Ok(Value::String(inner)) if depth < DEPTH => Self { raw, ..Self::at_depth(&inner.into(), depth + 1) },
            Ok(value @ (Value::Object(_) | Value::Array(_))) if depth < DEPTH => Self::of_json(raw, &value, depth),
            _ => Self::of_text(raw),
        }
    }

    fn of_json(raw: Arc<str>, value: &Value, depth: usize) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let decoded = Some(unpacked(value, depth));
        if let Some(arn) = text("ExecutionArn").or_else(|| text("executionArn")) {
            let cause = text("Cause").or_else(|| text("cause"));
            let cause = cause.map(|cause| Box::new(Self::at_depth(&cause.into(), depth + 1)));
            let (status, error) = (text("Status").or_else(|| text("status")), text("Error").or_else(|| text("error")));
            let summary = match &cause {
                Some(cause) => cause.summary.clone(),
                None => error.clone().or_else(|| status.clone()).unwrap_or_else(|| arn.clone()),
            };
            return Self { raw, summary, form: Form::Execution { arn, status, error, cause }, decoded };
        }
        let summary = telling(value, depth).unwrap_or_else(|| value.to_string());
        let function = value.get("errorMessage").is_some() || value.get("errorType").is_some();
        let form = if function {
            let stack = value.get("stackTrace").or_else(|| value.get("trace")).map_or(Vec::new(), stack_lines);
            Form::Function { kind: text("errorType"), request_id: text("requestId"), stack }
        } else {
            Form::Json
        };
        Self { raw, summary, form, decoded }
    }

    fn of_text(raw: Arc<str>) -> Self {
        let text = raw.trim();
        if let Some((state, entered, rest)) = about_state(text) {
            let form = Form::State { state: state.to_owned(), entered: entered.map(str::to_owned) };
            let summary = rest.trim().to_owned();
            return Self { raw, summary, form, decoded: None };
        }
        if let Some((summary, form)) = from_service(text) {
            return Self { raw, summary, form, decoded: None };
        }
        let summary = text.to_owned();
        Self { raw, summary, form: Form::Text, decoded: None }
    }

    /// Returns the message without what differs from failure to failure: numbers, identifiers, quoted values.
    pub fn pattern(&self) -> String {
        let mut pattern = String::with_capacity(self.summary.len());
        let mut quote = None;
        for word in self.summary.split_inclusive(|c: char| !c.is_alphanumeric() && c != '-' && c != '_') {
            let digits = word.chars().any(|c| c.is_ascii_digit());
            let (body, end) = match word.char_indices().next_back() {
                Some((at, last)) if !last.is_alphanumeric() && last != '-' && last != '_' => {
                    word.split_at_checked(at).unwrap_or((word, ""))
                }
                _ => (word, ""),
            };
            if quote.is_none() {
                pattern.push_str(if digits { "#" } else { body });
            }
            for c in end.chars() {
                match quote {
                    Some(open) if open == c => quote = None,
                    Some(_) => continue,
                    None if matches!(c, '"' | '`') || (c == '\'' && !body.ends_with(char::is_alphanumeric)) => {
                        quote = Some(c);
                    }
                    None => {}
                }
                pattern.push(c);
            }
        }
        pattern
    }
}

/// Replaces strings that hold JSON objects or arrays by what they hold.
fn unpacked(value: &Value, depth: usize) -> Value {
    match value {
        Value::String(text) if depth < DEPTH && text.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str::<Value>(text).map_or_else(|_| value.clone(), |inner| unpacked(&inner, depth + 1))
        }
        Value::Array(items) => items.iter().map(|item| unpacked(item, depth)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), unpacked(value, depth))).collect())
        }
        other => other.clone(),
    }
}

/// Returns what a document says, looking into strings that hold documents.
fn telling(value: &Value, depth: usize) -> Option<String> {
    let found = TELLING.iter().find_map(|name| value.get(name).filter(|found| !found.is_null()))?;
    match found {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(brief(&Message::at_depth(&text.as_str().into(), depth + 1))),
        Value::Object(_) => telling(found, depth).or_else(|| Some(found.to_string())),
        other => Some(other.to_string()),
    }
}

/// A document inside a message without a telling member is written as `name value, …`.
fn brief(message: &Message) -> String {
    match &message.decoded {
        Some(Value::Object(members)) if telling(&Value::Object(members.clone()), DEPTH - 1).is_none() => {
            let words = members.iter().map(|(name, value)| match value {
                Value::String(text) => format!("{name} {text}"),
                other => format!("{name} {other}"),
            });
            words.collect::<Vec<_>>().join(", ")
        }
        _ => message.summary.clone(),
    }
}

/// Languages write stacks as lists of lines, of lists, or as one text.
fn stack_lines(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(stack_lines).collect(),
        Value::String(text) => {
            text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

/// `An error occurred while executing the state 'X' (entered at the event id #7). …`
fn about_state(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let rest = text.strip_prefix("An error occurred while executing the state '")?;
    let (state, rest) = rest.split_once('\'')?;
    match rest.strip_prefix(" (entered at the event id #").and_then(|rest| rest.split_once("). ")) {
        Some((entered, rest)) => Some((state, Some(entered), rest)),
        None => Some((state, None, rest.trim_start_matches([' ', '.']))),
    }
}

/// `… (Service: X; Status Code: 400; Error Code: Y; Request ID: Z; Proxy: null)`, with commas in newer SDKs.
fn from_service(text: &str) -> Option<(String, Form)> {
    let (summary, rest) = text.split_once("(Service: ")?;
    let inside = rest.split_once(')').map_or(rest, |(inside, _)| inside);
    let parts: Vec<&str> = inside.split([';', ',']).map(str::trim).collect();
    let part = |name: &str| {
        let found = parts.iter().find_map(|part| part.strip_prefix(name)?.strip_prefix(": "));
        found.filter(|value| *value != "null").map(str::to_owned)
    };
    let service = (*parts.first()?).to_owned();
    let form = Form::Service {
        service,
        status_code: part("Status Code"),
        error_code: part("Error Code"),
        request_id: part("Request ID"),
    };
    Some((summary.trim().to_owned(), form))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(cause: &str) -> String {
        Message::of(&cause.into()).summary
    }

    #[test]
    fn packing_is_taken_off() {
        for (cause, expected) in [
            ("plain", "plain"),
            (r#""a string""#, "a string"),
            (r#"{"errorMessage":"boom","errorType":"E","stackTrace":[]}"#, "boom"),
            (r#"{"errorMessage":"{\"reason\":\"closed\",\"code\":\"AC04\"}","errorType":"E"}"#, "closed"),
            (r#"{"errorMessage":"{\"code\": \"card_declined\", \"last4\": 4242}"}"#, "code card_declined, last4 4242"),
            (
                "No such table (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: X; Request ID: r; Proxy: null)",
                "No such table",
            ),
            ("Denied (Service: S3, Status Code: 403, Request ID: r) (SDK Attempt Count: 1)", "Denied"),
            (
                "An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.x'",
                "Invalid path '$.x'",
            ),
            (r#"{"ExecutionArn":"arn","Status":"FAILED","Error":"E","Cause":"{\"errorMessage\":\"deep\"}"}"#, "deep"),
            (r#"{"Entries":[1]}"#, r#"{"Entries":[1]}"#),
            ("", ""),
        ] {
            assert_eq!(summary(cause), expected, "{cause}");
        }
    }

    #[test]
    fn what_was_in_the_packing_is_kept() {
        let cause = r#"{"errorMessage":"x","errorType":"KeyError","requestId":"r1","stackTrace":["  File \"a.py\", line 3\n    y()\n",["b","c"]]}"#;
        let stack = ["  File \"a.py\", line 3", "    y()", "b", "c"].map(str::to_owned).to_vec();
        let form = Form::Function { kind: Some("KeyError".into()), request_id: Some("r1".into()), stack };
        assert_eq!(Message::of(&cause.into()).form, form);
        let cause = "m (Service: AWSLambda; Status Code: 404; Error Code: E; Request ID: r; Proxy: null)";
        let form = Form::Service {
            service: "AWSLambda".into(),
            status_code: Some("404".into()),
            error_code: Some("E".into()),
            request_id: Some("r".into()),
        };
        assert_eq!(Message::of(&cause.into()).form, form);
    }

    #[test]
    fn patterns_leave_out_what_differs() {
        let pattern = |text: &str| Message::of(&text.into()).pattern();
        assert_eq!(pattern("cannot open '/tmp/4103.tif'"), pattern("cannot open '/tmp/4108.tif'"));
        assert_eq!(pattern("order c-77 of 12 isn't paid"), "order # of # isn't paid");
        assert_ne!(pattern("no \"x\" here"), pattern("no 'x' there"));
    }
}
