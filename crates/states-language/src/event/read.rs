//! Reads an event from the JSON that GetExecutionHistory returns.

use super::details::{
    ActivityScheduled, Data, Details, EvaluationFailed, ExecutionStarted, Failure, LambdaScheduled, MapIteration,
    MapRunRedriven, StateEntered, StateExited, TaskFailure, TaskOutput, TaskRef, TaskScheduled, Truncation, Variables,
};
use super::kind::Group;
use super::{Event, EventId, EventType, Timestamp, Unknown};
use crate::json::{Members, MembersError, Payload, SharedBytes, decode_literal};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Why some JSON is no event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// It is no JSON object.
    Json(MembersError),
    /// A member every event has is missing.
    Missing(&'static str),
    /// A member has a value it cannot have.
    Bad {
        /// The member.
        member: &'static str,
        /// Its value, as far as it fits a message.
        value: String,
    },
}

impl Event {
    /// Reads one event. Payloads stay where they are in the text until somebody looks at them.
    pub fn read(text: &SharedBytes) -> Result<Self, ReadError> {
        Self::from_members(Members::of(text).map_err(ReadError::Json)?)
    }

    /// Reads one event whose members are taken apart already.
    pub fn from_members(mut members: Members) -> Result<Self, ReadError> {
        let id = number(&members.take("id").ok_or(ReadError::Missing("id"))?);
        let id = id.and_then(|number| EventId::new(u32::try_from(number).ok()?));
        let id = id.ok_or(ReadError::Missing("id"))?;
        let parent = match members.take("previousEventId") {
            Some(value) => {
                let number = number(&value).and_then(|number| u32::try_from(number).ok());
                EventId::new(number.ok_or_else(|| bad("previousEventId", &value))?)
            }
            None => None,
        };
        let timestamp = members.take("timestamp").ok_or(ReadError::Missing("timestamp"))?;
        let timestamp = std::str::from_utf8(&timestamp)
            .ok()
            .and_then(|text| Timestamp::read(text).ok())
            .ok_or_else(|| bad("timestamp", &timestamp))?;
        let kind = members.take("type").ok_or(ReadError::Missing("type"))?;
        let kind = EventType::from_name(&string(&kind).ok_or_else(|| bad("type", &kind))?);
        let mut unknown = Unknown::default();
        let details = kind.details_member().and_then(|member| members.take(member));
        let details = match details {
            None => Details::None,
            Some(text) => read_details(&kind, &text, &mut unknown),
        };
        members.take("__type");
        unknown.envelope = members.into_vec();
        let known = unknown.envelope.is_empty() && unknown.details.is_empty();
        Ok(Self { id, parent, timestamp, kind, details, unknown: (!known).then(|| Box::new(unknown)) })
    }
}

/// Details of an unexpected shape are kept whole, as unknown members.
fn read_details(kind: &EventType, text: &SharedBytes, unknown: &mut Unknown) -> Details {
    let Ok(mut members) = Members::of(text) else { return Details::None };
    let details = Details::from_members(kind, &mut members);
    unknown.details = members.into_vec();
    details
}

impl Details {
    /// Reads the details that events of a type have, leaving what it does not know in `members`.
    pub fn from_members(kind: &EventType, members: &mut Members) -> Self {
        match kind.group() {
            Group::None => Self::None,
            Group::ExecutionStarted => Self::ExecutionStarted(Box::new(ExecutionStarted {
                input: data(members, "input", "inputDetails"),
                role_arn: text(members, "roleArn"),
                state_machine_alias_arn: text(members, "stateMachineAliasArn"),
                state_machine_version_arn: text(members, "stateMachineVersionArn"),
            })),
            Group::Output => Self::Output(data(members, "output", "outputDetails")),
            Group::Failure => Self::Failure(failure(members)),
            Group::TaskFailure => {
                Self::TaskFailure(Box::new(TaskFailure { task: task(members), failure: failure(members) }))
            }
            Group::TaskOutput => Self::TaskOutput(Box::new(TaskOutput {
                task: task(members),
                output: data(members, "output", "outputDetails"),
            })),
            Group::TaskRef => Self::TaskStarted(task(members)),
            Group::RedriveCount => Self::ExecutionRedriven(count(members, "redriveCount")),
            Group::StateEntered => match text(members, "name") {
                Some(name) => Self::StateEntered(StateEntered { name, input: data(members, "input", "inputDetails") }),
                None => Self::None,
            },
            Group::StateExited => match text(members, "name") {
                Some(name) => Self::StateExited(StateExited {
                    name,
                    output: data(members, "output", "outputDetails"),
                    assigned: variables(members).map(Box::new),
                }),
                None => Self::None,
            },
            Group::MapStateStarted => Self::MapStateStarted(count(members, "length")),
            Group::MapIteration => match (text(members, "name"), count(members, "index")) {
                (Some(name), index) => Self::MapIteration(MapIteration { name, index: index.unwrap_or(0) }),
                (None, _) => Self::None,
            },
            Group::MapRunStarted => Self::MapRunStarted(text(members, "mapRunArn")),
            Group::MapRunRedriven => Self::MapRunRedriven(MapRunRedriven {
                map_run_arn: text(members, "mapRunArn"),
                redrive_count: count(members, "redriveCount"),
            }),
            Group::LambdaScheduled => Self::LambdaScheduled(Box::new(LambdaScheduled {
                resource: text(members, "resource"),
                input: data(members, "input", "inputDetails"),
                timeout_in_seconds: count(members, "timeoutInSeconds"),
                credentials_role_arn: credentials(members),
            })),
            Group::ActivityScheduled => Self::ActivityScheduled(Box::new(ActivityScheduled {
                resource: text(members, "resource"),
                input: data(members, "input", "inputDetails"),
                timeout_in_seconds: count(members, "timeoutInSeconds"),
                heartbeat_in_seconds: count(members, "heartbeatInSeconds"),
            })),
            Group::ActivityStarted => Self::ActivityStarted(text(members, "workerName")),
            Group::TaskScheduled => Self::TaskScheduled(Box::new(TaskScheduled {
                task: task(members),
                region: text(members, "region"),
                parameters: payload(members, "parameters"),
                timeout_in_seconds: count(members, "timeoutInSeconds"),
                heartbeat_in_seconds: count(members, "heartbeatInSeconds"),
                credentials_role_arn: credentials(members),
            })),
            Group::EvaluationFailed => Self::EvaluationFailed(Box::new(EvaluationFailed {
                failure: failure(members),
                location: text(members, "location"),
                state: text(members, "state"),
            })),
        }
    }
}

/// Takes a member that reads as wanted; one that does not stays among the unknown ones.
fn take_if<T>(members: &mut Members, name: &str, read: impl FnOnce(&SharedBytes) -> Option<T>) -> Option<T> {
    let value = read(members.get(name)?)?;
    members.take(name);
    Some(value)
}

fn text(members: &mut Members, name: &str) -> Option<Arc<str>> {
    take_if(members, name, |value| string(value).map(Arc::from))
}

fn count(members: &mut Members, name: &str) -> Option<u64> {
    take_if(members, name, |value| number(value))
}

fn payload(members: &mut Members, name: &str) -> Option<Payload> {
    take_if(members, name, |value| match value.first() {
        Some(b'"') => Some(Payload::from_literal(value.clone())),
        Some(_) if **value != *b"null" => Some(Payload::from_embedded(value.clone())),
        _ => None,
    })
}

fn data(members: &mut Members, name: &str, details: &str) -> Option<Data> {
    let payload = payload(members, name)?;
    Some(Data { payload, truncation: truncation(members, details) })
}

fn truncation(members: &mut Members, name: &str) -> Truncation {
    let read = |value: &SharedBytes| {
        let mut members = Members::of(value).ok()?;
        let truncation = match &*members.take("truncated")? {
            b"true" => Truncation::Cut,
            b"false" => Truncation::Whole,
            _ => return None,
        };
        members.is_empty().then_some(truncation)
    };
    take_if(members, name, read).unwrap_or(Truncation::Unstated)
}

fn failure(members: &mut Members) -> Failure {
    Failure { error: text(members, "error"), cause: text(members, "cause") }
}

fn task(members: &mut Members) -> TaskRef {
    TaskRef { resource_type: text(members, "resourceType"), resource: text(members, "resource") }
}

fn credentials(members: &mut Members) -> Option<Arc<str>> {
    let read = |value: &SharedBytes| {
        let mut members = Members::of(value).ok()?;
        let role: Arc<str> = string(&members.take("roleArn")?)?.into();
        members.is_empty().then_some(role)
    };
    take_if(members, "taskCredentials", read)
}

fn variables(members: &mut Members) -> Option<Variables> {
    let read = |value: &SharedBytes| {
        let variable = |member: crate::json::Member| {
            let payload = match member.value.first() {
                Some(b'"') => Payload::from_literal(member.value),
                _ => Payload::from_embedded(member.value),
            };
            (Arc::from(member.name), payload)
        };
        Some(Members::of(value).ok()?.into_vec().into_iter().map(variable).collect())
    };
    let values = take_if(members, "assignedVariables", read)?;
    Some(Variables { values, truncation: truncation(members, "assignedVariablesDetails") })
}

fn string(value: &[u8]) -> Option<Cow<'_, str>> {
    let plain = || serde_json::from_slice(value).map(Cow::Borrowed);
    (value.first() == Some(&b'"')).then(|| plain().unwrap_or_else(|_| decode_literal(value).into()))
}

/// Whole numbers; CloudWatch Logs writes them as strings.
fn number(value: &[u8]) -> Option<u64> {
    std::str::from_utf8(value).ok()?.trim_matches('"').parse().ok()
}

fn bad(member: &'static str, value: &[u8]) -> ReadError {
    ReadError::Bad { member, value: String::from_utf8_lossy(value).chars().take(60).collect() }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "it is not a JSON object ({})", error.reason),
            Self::Missing(member) => write!(f, "it has no usable \"{member}\""),
            Self::Bad { member, value } => write!(f, "its \"{member}\" cannot be {value}"),
        }
    }
}

impl std::error::Error for ReadError {}
