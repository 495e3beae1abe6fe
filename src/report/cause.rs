//! What a failure's cause says beyond its sentence: who said it, and the whole of it.

use super::page::{Page, Role};
use crate::analysis::cause::{Finding, Stage};
use crate::analysis::message::{Form, Message};
use crate::json::Payload;
use crate::query::operand::{Operand, Standing};
use serde_json::{Value, json};

/// Lines of a decoded cause that are shown: all of any but a very long one.
const CAUSE_LINES: usize = 400;
/// Lines of a cause that is text.
const TEXT_LINES: usize = 40;

/// Returns the message of the innermost execution, when causes are nested.
pub(super) fn innermost(finding: &Finding) -> Option<&Message> {
    let mut message = finding.cause.as_ref()?;
    while let Form::Execution { cause: Some(inner), .. } = &message.form {
        message = inner;
    }
    Some(message)
}

/// Returns who said what the cause says, the nested execution that ended with it first.
pub(super) fn origin(finding: &Finding) -> Vec<String> {
    let mut words = Vec::new();
    let mut message = finding.cause.as_ref();
    while let Some(Message { form: Form::Execution { arn, status, error, cause }, .. }) = message {
        let status = status.as_deref().unwrap_or("status unknown");
        let by = error.as_deref().map(|error| format!(", ended by {error}")).unwrap_or_default();
        words.push(format!("execution {arn} ({status}){by}"));
        message = cause.as_deref();
    }
    let nested = !words.is_empty();
    words.extend(message.and_then(|message| source_words(finding, message, nested)));
    words
}

fn source_words(finding: &Finding, message: &Message, nested: bool) -> Option<String> {
    match &message.form {
        Form::Function { kind, request_id, .. } => {
            let request = request_id.as_deref().map(|id| format!("request {id}"));
            // Whoever fails a nested execution, a callback or a Fail state may pass on what looks like a function's.
            let by = if nested { None } else { thrown(finding, kind.as_deref()) };
            let parts: Vec<String> = by.into_iter().chain(request).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        Form::Service { service, status_code, error_code, request_id } => {
            let mut words = service.clone();
            let mut add = |label: &str, value: &Option<String>| {
                if let Some(value) = value {
                    words.push_str(&format!(", {label} {value}"));
                }
            };
            add("status", status_code);
            add("code", error_code);
            add("request", request_id);
            Some(words)
        }
        Form::Description { service } => Some((*service).to_owned()),
        Form::Text | Form::Json | Form::State { .. } | Form::Response { .. } | Form::Execution { .. } => None,
    }
}

/// Returns whether the function threw it, or Lambda says so of the function.
fn thrown(finding: &Finding, kind: Option<&str>) -> Option<String> {
    let is_task = matches!(finding.stage, Stage::Task | Stage::TimeOut);
    let called = finding.task.as_deref().unwrap_or_default();
    let is_function =
        called.starts_with("lambda:") || called.starts_with("aws-sdk:lambda") || called.contains(":function:");
    if !is_task || !is_function || called.contains("waitForTaskToken") {
        return None;
    }
    let told = finding.cause.as_ref().map(|message| &*message.summary).unwrap_or_default();
    if kind.is_none() && (told.contains("Task timed out after") || told.contains("before completing request")) {
        return Some("reported by Lambda".to_owned());
    }
    let kind = kind.unwrap_or("an error");
    let by_lambda = ["Runtime.", "Sandbox.", "Extension.", "Function."].iter().any(|prefix| kind.starts_with(prefix));
    let by_lambda = by_lambda && kind != "Runtime.UnhandledPromiseRejection";
    Some(match by_lambda {
        true => format!("{kind} reported by Lambda"),
        false => format!("{kind} thrown by the function"),
    })
}

/// Adds the whole cause, decoded, where its sentence is not all of it. Of a function's the stack stands there already.
pub(super) fn whole_cause(page: &mut Page, finding: &Finding) {
    let Some(message) = &finding.cause else { return };
    match (&message.form, &message.decoded) {
        (Form::Function { .. }, _) => {}
        (_, Some(decoded)) => page.payload("cause", &Payload::from_value(decoded.clone()), CAUSE_LINES),
        (Form::Service { .. }, None) if message.denial.is_none() => {}
        (_, None) if message.raw.contains(&message.summary) && message.summary.len() * 2 > message.raw.len() => {}
        (_, None) => page.labelled("cause", Role::Plain, &message.raw, TEXT_LINES),
    }
}

/// Operands that are told one by one.
const OPERANDS: usize = 8;

/// Returns what the operands of a failed evaluation came to, one to a line; of many, those that are missing first.
pub(super) fn operand_lines(operands: &[Operand]) -> Vec<String> {
    let mut told: Vec<&Operand> = operands.iter().collect();
    if operands.len() > OPERANDS {
        told.sort_by_key(|operand| !operand.is_missing());
    }
    let mut lines: Vec<String> = told.iter().take(OPERANDS).map(ToString::to_string).collect();
    if operands.len() > OPERANDS {
        lines.push(format!("and {} more references", operands.len() - OPERANDS));
    }
    lines
}

/// Returns them in one line, as the top of the screen has them; of more than a few, those that are missing first.
pub fn operand_words(operands: &[Operand]) -> Option<String> {
    const FEW: usize = 3;
    let mut told: Vec<&Operand> = operands.iter().collect();
    if operands.len() > FEW {
        told.sort_by_key(|operand| !operand.is_missing());
    }
    let mut words: Vec<String> = told.iter().take(FEW).map(ToString::to_string).collect();
    if operands.len() > FEW {
        words.push(format!("{} more", operands.len() - FEW));
    }
    (!words.is_empty()).then(|| words.join(" · "))
}

/// Returns the operands for programs: a value, or where the reference stops and what is there.
pub(super) fn operands_json(operands: &[Operand]) -> Value {
    let one = |operand: &Operand| {
        let reference = &operand.reference;
        match &operand.standing {
            Standing::Value(value) => json!({ "reference": reference, "is": "value", "value": value }),
            Standing::Missing { stops, after, found } => json!({
                "reference": reference, "is": "missing", "stopsAt": stops, "after": after, "found": found.kind,
                "names": found.names, "similar": found.similar.as_ref().map(|(_, similar)| similar),
            }),
            Standing::Absent => json!({ "reference": reference, "is": "missing", "stopsAt": reference }),
            Standing::NotRecorded => json!({ "reference": reference, "is": "notRecorded" }),
        }
    };
    operands.iter().map(one).collect()
}
