//! The commands that open what a failure names: its job, its log stream, the lines of its function's log.

use super::Message;
use crate::analysis::functions;
use crate::analysis::message::{Form, Opener};
use crate::event::{Details, EventId};
use crate::history::{Family, MemberId};
use crate::json::Payload;
use serde_json::Value;

/// How long before its failure a call is looked for when nobody knows when it began, in milliseconds: as long as a
/// function may run.
const LONGEST_CALL: i64 = 900_000;

/// Returns the commands for the failure of an event.
pub(super) fn of(
    family: &Family,
    execution: MemberId,
    event: EventId,
    cause: Option<&Message>,
    input: Option<&Payload>,
) -> Vec<Opener> {
    let Some(message) = cause else { return Vec::new() };
    let input = input.and_then(|input| input.value().ok());
    let region = region(family, execution, event);
    if let Form::Function { request_id: Some(request), .. } = &message.form {
        return function_log(family, execution, event, request, region.as_deref()).into_iter().collect();
    }
    message.openers(input, region.as_deref())
}

/// Returns where a task was asked for: as it says, or else where the execution ran.
fn region(family: &Family, execution: MemberId, event: EventId) -> Option<String> {
    let member = family.member(execution);
    let scheduled = scheduled(family, execution, event).and_then(|details| match details {
        Details::TaskScheduled(scheduled) => scheduled.region.as_deref().map(str::to_owned),
        _ => None,
    });
    let arn = || member.described.arn.as_deref()?.split(':').nth(3).map(str::to_owned);
    scheduled.or_else(arn).filter(|region| !region.is_empty())
}

fn scheduled(family: &Family, execution: MemberId, event: EventId) -> Option<&Details> {
    let history = &family.member(execution).history;
    let attempt = history.attempt(history.attempt_of(event)?);
    Some(&history.event(attempt.scheduled)?.details)
}

/// Returns the command that finds the lines of one call in its function's log.
fn function_log(
    family: &Family,
    execution: MemberId,
    event: EventId,
    request: &str,
    region: Option<&str>,
) -> Option<Opener> {
    let history = &family.member(execution).history;
    let function = match scheduled(family, execution, event)? {
        Details::LambdaScheduled(scheduled) => functions::name(scheduled.resource.as_deref()?)?.to_owned(),
        Details::TaskScheduled(scheduled) => {
            let service = scheduled.task.resource_type.as_deref();
            let parameters = scheduled.parameters.as_ref()?.value().ok()?;
            let named = parameters.get("FunctionName").and_then(Value::as_str)?;
            functions::name(named).filter(|_| matches!(service, Some("lambda" | "aws-sdk:lambda")))?.to_owned()
        }
        _ => return None,
    };
    let began = history.attempt_of(event).and_then(|attempt| history.event(history.attempt(attempt).scheduled));
    let failed = history.event(event)?.timestamp.as_millis();
    let from = began.map_or(failed.saturating_sub(LONGEST_CALL), |began| began.timestamp.as_millis());
    Opener::of_call(&function, request, from, region)
}
