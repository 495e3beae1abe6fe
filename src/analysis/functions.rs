//! Calls of Lambda functions that failed, with what is needed to find their lines in the functions' logs.

use crate::analysis::message::{Form, Message};
use crate::event::{Details, Event, EventId, Failure, Timestamp};
use crate::recording::{Recording, TaskLog};
use serde_json::Value;
use std::sync::Arc;

/// A call of a function that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedCall {
    /// The event that says so.
    pub event: EventId,
    /// The function's name, without account, version or alias.
    pub function: Arc<str>,
    /// When it was scheduled.
    pub from: Timestamp,
    /// When it failed.
    pub until: Timestamp,
    /// The number of the call, if the failure tells it.
    pub request_id: Option<String>,
    /// What its log says if the number is not known: any of these.
    pub words: Vec<String>,
}

/// What a function logged during a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionLog {
    /// The log group.
    pub group: Option<Arc<str>>,
    /// The number of the call.
    pub request_id: Option<Arc<str>>,
    /// The lines, oldest first, without the line breaks at their ends.
    pub lines: Vec<Arc<str>>,
}

impl FunctionLog {
    /// Returns what a recording kept of it.
    pub fn of(log: &TaskLog) -> Self {
        let lines = log.events.iter().flatten().filter_map(|line| line.message.as_deref());
        Self {
            group: log.log_group_name.clone(),
            request_id: log.request_id.clone(),
            lines: lines.map(|line| line.trim_end().into()).collect(),
        }
    }
}

/// More parents than this do not lie between the end of a task and its beginning.
const STEPS: usize = 16;

/// Returns the calls of functions that failed in an execution, oldest first.
pub fn failed_calls(recording: &Recording) -> Vec<FailedCall> {
    let facts = (0..recording.events.len()).filter_map(|index| Some((index, recording.events.facts(index)?)));
    let failed = facts.filter(|(_, facts)| facts.kind.fails_task());
    failed.filter_map(|(index, _)| call(recording, &recording.events.get(index)?)).collect()
}

fn call(recording: &Recording, failed: &Event) -> Option<FailedCall> {
    let scheduled = scheduled(recording, failed)?;
    let function = match &scheduled.details {
        Details::LambdaScheduled(scheduled) => name(scheduled.resource.as_deref()?)?.into(),
        Details::TaskScheduled(scheduled) => {
            let service = scheduled.task.resource_type.as_deref()?;
            let parameters = scheduled.parameters.as_ref()?.value().ok()?;
            let named = parameters.get("FunctionName").and_then(Value::as_str)?;
            name(named).filter(|_| matches!(service, "lambda" | "aws-sdk:lambda"))?.into()
        }
        _ => return None,
    };
    let failure = failed.details.failure().cloned().unwrap_or_default();
    Some(FailedCall {
        event: failed.id,
        function,
        from: scheduled.timestamp,
        until: failed.timestamp,
        request_id: request_id(&failure),
        words: words(&failure),
    })
}

fn scheduled(recording: &Recording, failed: &Event) -> Option<Event> {
    let mut parent = failed.parent?;
    for _ in 0..STEPS {
        let event = recording.events.get(recording.events.position(parent)?)?;
        if event.kind.schedules_task() {
            return Some(event);
        }
        parent = event.parent?;
    }
    None
}

/// Returns the name in a name, a partial ARN or an ARN, each of which may end in a version or alias.
pub(super) fn name(function: &str) -> Option<&str> {
    let name = match function.split_once("function:") {
        Some((_, rest)) => rest,
        None if function.starts_with("arn:") => return None,
        None => function,
    };
    name.split(':').next().filter(|name| !name.is_empty())
}

/// Returns the number of the call. Functions that ended by themselves rarely tell it; those that Lambda ended do:
/// "RequestId: … Error: Runtime exited", "2026-… … Task timed out after 3.00 seconds".
fn request_id(failure: &Failure) -> Option<String> {
    let cause = failure.cause.as_ref()?;
    let message = Message::of(cause);
    match &message.form {
        Form::Function { request_id: Some(id), .. } | Form::Service { request_id: Some(id), .. } => {
            return Some(id.clone());
        }
        _ => {}
    }
    let mut words = message.summary.split(|character: char| !(character.is_ascii_hexdigit() || character == '-'));
    words.find(|word| is_uuid(word)).map(str::to_owned)
}

/// Eight, four, four, four and twelve hexadecimal digits.
fn is_uuid(word: &str) -> bool {
    let parts: Vec<usize> = word.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12]
}

/// Returns what a function's log has of its failure: the message it threw, or what Lambda writes when time is up.
fn words(failure: &Failure) -> Vec<String> {
    let message = failure.cause.as_ref().filter(|cause| !cause.is_empty()).map(Message::of);
    let mut words = Vec::new();
    if let Some(message) = message {
        let line = message.own_words().lines().next().unwrap_or_default().trim();
        let structured = line.starts_with(['{', '[']);
        words.extend((!line.is_empty() && !structured).then(|| line.to_owned()));
        if let Form::Function { kind: Some(kind), .. } = message.form {
            words.push(kind);
        }
    }
    if failure.error.as_deref().is_some_and(|error| matches!(error, "States.Timeout" | "Sandbox.Timedout")) {
        words.push("Task timed out".to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::SharedBytes;
    use serde_json::json;

    fn calls(events: &Value) -> Vec<FailedCall> {
        let document = json!({ "events": events }).to_string();
        failed_calls(&Recording::read(&SharedBytes::from(document)).unwrap())
    }

    fn task(function: &str, cause: &Value) -> Value {
        json!([
            {"timestamp": 10.0, "type": "TaskScheduled", "id": 1, "previousEventId": 0, "taskScheduledEventDetails":
             {"resourceType": "lambda", "resource": "invoke", "parameters": json!({ "FunctionName": function }).to_string()}},
            {"timestamp": 11.0, "type": "TaskStarted", "id": 2, "previousEventId": 1},
            {"timestamp": 12.5, "type": "TaskFailed", "id": 3, "previousEventId": 2,
             "taskFailedEventDetails": {"resourceType": "lambda", "error": "E", "cause": cause}},
        ])
    }

    #[test]
    fn a_failed_call_tells_function_time_and_message() {
        let cause = json!(r#"{"errorType":"CardDeclined","errorMessage":"no funds\nmore","trace":[]}"#);
        let found = calls(&task("arn:aws:lambda:eu-west-1:1:function:charge:live", &cause));
        let expected = FailedCall {
            event: EventId::new(3).unwrap(),
            function: "charge".into(),
            from: Timestamp::from_millis(10_000),
            until: Timestamp::from_millis(12_500),
            request_id: None,
            words: vec!["no funds".to_owned(), "CardDeclined".to_owned()],
        };
        assert_eq!(found, [expected]);
    }

    #[test]
    fn what_lambda_ended_tells_its_number() {
        let id = "9bcd8a4e-1f0b-4c7d-8d3a-2b1c0d9e8f7a";
        for message in [
            format!("RequestId: {id} Error: Runtime exited with error: exit status 1"),
            format!("2026-11-20T03:14:10.000Z {id} Task timed out after 3.00 seconds"),
        ] {
            let cause = json!({ "errorMessage": message }).to_string();
            assert_eq!(calls(&task("f", &json!(cause)))[0].request_id.as_deref(), Some(id));
        }
    }

    #[test]
    fn functions_are_named_in_several_ways() {
        for (named, expected) in [
            ("f", Some("f")),
            ("f:live", Some("f")),
            ("1:function:f", Some("f")),
            ("arn:aws:lambda:r:1:function:f", Some("f")),
            ("arn:aws:states:::x", None),
        ] {
            assert_eq!(name(named), expected, "{named}");
        }
    }

    #[test]
    fn other_tasks_have_no_function() {
        let mut events = task("f", &json!("x"));
        events[0]["taskScheduledEventDetails"]["resourceType"] = json!("dynamodb");
        assert_eq!(calls(&events), []);
        let lambda = json!([
            {"timestamp": 1, "type": "LambdaFunctionScheduled", "id": 1, "previousEventId": 0,
             "lambdaFunctionScheduledEventDetails": {"resource": "arn:aws:lambda:r:1:function:g", "input": "{}"}},
            {"timestamp": 2, "type": "LambdaFunctionTimedOut", "id": 2, "previousEventId": 1,
             "lambdaFunctionTimedOutEventDetails": {"error": "States.Timeout"}},
        ]);
        let found = calls(&lambda);
        assert_eq!((&*found[0].function, &found[0].words[..]), ("g", &["Task timed out".to_owned()][..]));
    }
}
