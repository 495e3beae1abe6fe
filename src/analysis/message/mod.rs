//! Causes taken apart: what services and functions pack into the one string that AWS calls `cause`.
//!
//! Descriptions of jobs have a table of their own (`shapes`): shape, sentence, and the command that opens the job.
//! Sentences are gone through in `text`; a document of no known shape says what most likely is its point (`picker`).

mod denial;
mod document;
mod picker;
mod shapes;
mod text;
mod wording;

pub use denial::Denial;

use document::Document;
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
    /// Who may not do what, if that is what it says.
    pub denial: Option<Denial>,
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
    /// A service's description of a job, or its answer to a call that was taken only in part.
    Description {
        /// The service, as AWS calls it.
        service: &'static str,
    },
    /// What an API answered over HTTP.
    Response {
        /// The HTTP status.
        status_code: i64,
    },
    /// Other JSON.
    Json,
}

/// A thing a cause names, and the command that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opener {
    /// What it opens: a log stream, a job, a build.
    pub opens: &'static str,
    /// The command, quoted for a shell.
    pub command: String,
}

impl Opener {
    /// Returns the command that finds the lines of one call of a function, from a moment in milliseconds since 1970 on;
    /// nothing when a name is none that AWS gives.
    pub fn of_call(function: &str, request: &str, from: i64, region: Option<&str>) -> Option<Self> {
        let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if !is_plain(function) || !is_plain(request) || function.is_empty() || request.is_empty() {
            return None;
        }
        let command = format!(
            "aws logs filter-log-events --log-group-name /aws/lambda/{function} --filter-pattern '\"{request}\"' --start-time {from}"
        );
        located(vec![("log lines", command)], region).pop()
    }
}

/// JSON in a string in JSON in a string… is followed this deep.
const DEPTH: usize = 6;

impl Message {
    /// Takes a cause apart.
    pub fn of(cause: &Arc<str>) -> Self {
        Self::at_depth(cause, 0)
    }

    /// Takes a cause apart whose error is known: of the answer to an HTTP call the error has the status and the cause
    /// only the body.
    pub fn told(error: Option<&str>, cause: &Arc<str>) -> Self {
        let message = Self::of(cause);
        let Some(status_code) = error.and_then(http_status) else { return message };
        if matches!(message.form, Form::Response { .. }) {
            return message;
        }
        let summary = shapes::answered(status_code, None, Some(&document::one_line(&message.summary)));
        Self { summary, form: Form::Response { status_code }, ..message }
    }

    /// Returns what it names that can be opened, with the commands for it.
    ///
    /// `input` is what the task was given; `region` is where the services are asked, if that is known.
    pub fn openers(&self, input: Option<&Value>, region: Option<&str>) -> Vec<Opener> {
        let mut found = Vec::new();
        match &self.form {
            Form::Execution { arn, cause, .. } => {
                if let Some(arn) = wording::argument(arn).filter(|arn| arn.contains(":execution:")) {
                    found.push(("execution", format!("aws stepfunctions describe-execution --execution-arn {arn}")));
                }
                let inner = cause.as_ref().map(|cause| cause.openers(None, region)).unwrap_or_default();
                return located(found, region).into_iter().chain(inner).collect();
            }
            Form::Description { .. } => {
                let decoded = self.decoded.as_ref();
                found.extend(decoded.and_then(shapes::find).map(|shape| shape.opens(input)).unwrap_or_default());
            }
            _ => {}
        }
        located(found, region)
    }

    /// Returns what was said in its own words: those of what a function threw, without what is added to them.
    pub fn own_words(&self) -> &str {
        let thrown = self.decoded.as_ref().and_then(|decoded| decoded.get("errorMessage"));
        match (&self.form, thrown) {
            (Form::Function { .. }, Some(Value::String(text))) => text,
            _ => &self.summary,
        }
    }

    /// Returns the cause without the words that name the state.
    pub fn sentence(&self) -> &str {
        let text = self.raw.trim();
        text::about_state(text).map_or(text, |(_, _, rest)| rest.trim())
    }

    fn at_depth(cause: &Arc<str>, depth: usize) -> Self {
        let text = cause.trim();
        let raw = Arc::clone(cause);
        match serde_json::from_str::<Value>(text) {
            Ok(Value::String(inner)) if depth < DEPTH => Self { raw, ..Self::at_depth(&inner.into(), depth + 1) },
            Ok(value @ (Value::Object(_) | Value::Array(_))) if depth < DEPTH => Self::of_json(raw, &value, depth),
            _ => Self::of_text(raw, depth),
        }
    }

    fn of_json(raw: Arc<str>, value: &Value, depth: usize) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let decoded = Some(unpacked(value, depth));
        // A document of one's own may name an execution too; what Step Functions says of one has more.
        let is_description = ["Status", "status", "StateMachineArn", "stateMachineArn", "StartDate", "startDate"]
            .iter()
            .any(|name| value.get(name).is_some());
        let arn = text("ExecutionArn").or_else(|| text("executionArn"));
        if let Some(arn) = arn.filter(|_| is_description) {
            let cause = text("Cause").or_else(|| text("cause")).filter(|cause| !cause.is_empty());
            let cause = cause.map(|cause| Box::new(Self::at_depth(&cause.into(), depth + 1)));
            let (status, error) = (text("Status").or_else(|| text("status")), text("Error").or_else(|| text("error")));
            let summary = ended(&arn, status.as_deref(), error.as_deref(), cause.as_deref());
            let denial = cause.as_ref().and_then(|cause| cause.denial.clone());
            return Self { raw, summary, form: Form::Execution { arn, status, error, cause }, decoded, denial };
        }
        if value.get("errorMessage").is_some() || value.get("errorType").is_some() {
            return Self::of_function(raw, value, depth, decoded);
        }
        let shape = shapes::find(decoded.as_ref().unwrap_or(value));
        if let Some((shape, summary)) = shape.and_then(|shape| Some((shape.service(), shape.sentence(depth)?))) {
            let status = decoded.as_ref().and_then(|value| Document(value).number("StatusCode"));
            let form = match status.filter(|_| shape == shapes::HTTP) {
                Some(status_code) => Form::Response { status_code },
                None => Form::Description { service: shape },
            };
            let denial = Denial::of(&raw);
            return Self { raw, summary, form, decoded, denial };
        }
        let summary = picker::telling(value, depth).or_else(|| status_of(value)).unwrap_or_else(|| value.to_string());
        let denial = Denial::of(&summary);
        Self { raw, summary, form: Form::Json, decoded, denial }
    }

    /// What a function threw, or what Lambda says of a call that it ended.
    fn of_function(raw: Arc<str>, value: &Value, depth: usize, decoded: Option<Value>) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let kind = text("errorType").map(str::to_owned);
        let said = text("errorMessage").map(|message| text::said(without_stack(message)));
        let request_id = text("requestId").map(str::to_owned);
        let request_id = request_id.or_else(|| said.as_ref().and_then(|said| said.request_id.clone()));
        let is_text = text("errorMessage").is_some_and(|message| !message.trim_start().starts_with(['{', '[']));
        let mut summary = match (said.as_ref().filter(|_| is_text), &kind) {
            (Some(said), _) if !said.summary.contains("(Service: ") => said.summary.clone(),
            (_, Some(kind)) if text("errorMessage").is_none() => format!("{kind}, without a message"),
            _ => picker::telling(value, depth).unwrap_or_else(|| value.to_string()),
        };
        if let Some(because) = value.get("cause").and_then(Value::as_object) {
            let part = |name: &str| because.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            let told: Vec<&str> = [part("errorType"), part("errorMessage")].into_iter().flatten().collect();
            if !told.is_empty() && !part("errorMessage").is_some_and(|inner| summary.contains(inner)) {
                summary.push_str(&format!(" (caused by {})", told.join(": ")));
            }
        }
        let stack = value.get("stackTrace").or_else(|| value.get("trace")).map_or(Vec::new(), stack_lines);
        let denial = said.and_then(|said| said.denial);
        Self { raw, summary, form: Form::Function { kind, request_id, stack }, decoded, denial }
    }

    fn of_text(raw: Arc<str>, depth: usize) -> Self {
        let text = raw.trim();
        if let Some((state, entered, rest)) = text::about_state(text) {
            let form = Form::State { state: state.to_owned(), entered: entered.map(str::to_owned) };
            let text::Said { summary, denial, .. } = text::said(rest.trim());
            return Self { raw, summary, form, decoded: None, denial };
        }
        if let Some((before, answer)) = text::from_service(text) {
            let text::Answer { service, status_code, error_code, request_id } = answer;
            let text::Said { summary, denial, .. } = text::said(before);
            let summary = match &*summary {
                "" | "null" => {
                    let status = status_code.as_deref().map(|code| {
                        code.parse().map_or_else(|_| code.to_owned(), |code| shapes::answered(code, None, None))
                    });
                    error_code.clone().or(status).unwrap_or_default()
                }
                _ => summary,
            };
            let form = Form::Service { service, status_code, error_code, request_id };
            return Self { raw, summary, form, decoded: None, denial };
        }
        if let Some((_, payload)) = text.split_once("did not return an error type. Returned payload: ")
            && depth < DEPTH
        {
            return Self { raw: Arc::clone(&raw), ..Self::at_depth(&payload.into(), depth + 1) };
        }
        let text::Said { summary, denial, request_id } = text::said(text);
        let form = match request_id {
            Some(id) => Form::Function { kind: None, request_id: Some(id), stack: Vec::new() },
            None => Form::Text,
        };
        Self { raw, summary, form, decoded: None, denial }
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

/// Returns the HTTP status an error is named after: `ApiGateway.403`, `States.Http.StatusCode.404`, `EKS.409`.
fn http_status(error: &str) -> Option<i64> {
    let (service, status) = error.rsplit_once('.')?;
    let known = ["ApiGateway", "States.Http.StatusCode", "EKS"].contains(&service);
    status.parse().ok().filter(|status| known && (100..600).contains(status))
}

/// How a nested execution ended: `PayoutBatch ended by BankRejected: account closed`.
fn ended(arn: &str, status: Option<&str>, error: Option<&str>, cause: Option<&Message>) -> String {
    let mut parts = arn.split(':').skip(6);
    let name = parts.next().filter(|machine| !machine.is_empty()).unwrap_or("The execution");
    // The execution that failed first says what happened; those around it only where.
    if let Some(Message { form: Form::Execution { .. }, summary, .. }) = cause {
        return format!("{summary}, in {name}");
    }
    let cause = cause.map(|cause| cause.summary.as_str()).filter(|cause| !cause.is_empty());
    // What failed further inside says more than that a task failed.
    let error = error.filter(|error| !(error.is_empty() || *error == "States.TaskFailed" && cause.is_some()));
    match (error, cause, status) {
        (Some(error), Some(cause), _) if cause.starts_with(error) => format!("{name} ended by {cause}"),
        (Some(error), Some(cause), _) => format!("{name} ended by {error}: {cause}"),
        (Some(error), None, _) => format!("{name} ended by {error}"),
        (None, Some(cause), Some("ABORTED")) => format!("{name} was stopped: {cause}"),
        (None, Some(cause), _) => format!("{name} ended by {cause}"),
        (None, None, Some("ABORTED")) => format!("{name} was stopped"),
        (None, None, Some(status)) => format!("{name} ended {status}"),
        (None, None, None) => format!("{name} failed"),
    }
}

/// A document that gives no reason may say at least how something stands.
fn status_of(value: &Value) -> Option<String> {
    const LONG: usize = 160;
    if value.to_string().len() < LONG {
        return None;
    }
    let stands = |(name, value): (&String, &Value)| {
        let is_status =
            name.ends_with("Status") || name.ends_with("State") || matches!(name.as_str(), "status" | "state");
        Some(format!("{name} {}", value.as_str().filter(|_| is_status)?))
    };
    let members = value.as_object()?;
    let inside = members.values().filter_map(Value::as_object).flatten();
    members.iter().chain(inside).find_map(stands)
}

/// Node.js tells in a message which files asked for a module.
fn without_stack(message: &str) -> &str {
    message.split("\nRequire stack:").next().unwrap_or(message)
}

fn located(found: Vec<(&'static str, String)>, region: Option<&str>) -> Vec<Opener> {
    let region = region.and_then(wording::argument);
    let place = |command: &str| match &region {
        Some(region) if command.starts_with("aws ") => format!(" --region {region}"),
        _ => String::new(),
    };
    let opener =
        |(opens, command): (&'static str, String)| Opener { opens, command: format!("{command}{}", place(&command)) };
    found.into_iter().map(opener).collect()
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
            ("null (Service: S3, Status Code: 403, Request ID: r)", "403 Forbidden"),
            (r#"{"executionArn":"arn:aws:states:r:1:execution:X:1","reason":"manager declined"}"#, "manager declined"),
            (r#"{"title":"Card expired","instance":"/pay/7"}"#, "Card expired"),
            (
                "An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.x'",
                "Invalid path '$.x'",
            ),
            (
                r#"{"ExecutionArn":"arn:aws:states:r:1:execution:Inner:x","Status":"FAILED","Error":"E","Cause":"{\"errorMessage\":\"deep\"}"}"#,
                "Inner ended by E: deep",
            ),
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
