//! A record of a child execution.

use crate::event::Timestamp;
use crate::json::{Member, Members, Payload, SharedBytes};
use crate::recording::{Execution, Recording, Status};

/// Reads a record: the members of `DescribeExecution`, with capitals. `None` when it is something else.
pub(super) fn execution(text: &SharedBytes) -> Option<Execution> {
    let members = Members::of(text).ok()?;
    members.get("ExecutionArn")?;
    let small = |member: Member| {
        let mut chars = member.name.chars();
        let name: String = chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect();
        Member { name: name.into(), value: member.value }
    };
    let some = members.into_vec().into_iter().filter(|member| *member.value != *b"null").map(small);
    Some(Execution::from_members(some.collect()))
}

/// What stands in a file that was asked to hold outputs only (`Transformation` COMPACT or FLATTEN).
pub(super) fn output_only(text: &SharedBytes, status: Status) -> Execution {
    let output = match text.first() {
        Some(b'"') => Payload::from_literal(text.clone()),
        _ => Payload::from_embedded(text.clone()),
    };
    Execution { output: Some(output), status: Some(status), ..Execution::default() }
}

/// A child execution of which nothing but its record is known.
pub(super) fn recording(execution: Execution) -> Recording {
    Recording { execution: Some(execution), ..Recording::default() }
}

/// Returns how many bytes a record holds on to.
pub(super) fn weight(execution: &Execution) -> usize {
    let payload = |payload: &Option<Payload>| payload.as_ref().map_or(0, Payload::size);
    2_000 + payload(&execution.input) + payload(&execution.output) + execution.cause.as_ref().map_or(0, |it| it.len())
}

/// The later of two times.
pub(super) fn later(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.max(b)
}

/// The earlier of two times, of which either may be unknown.
pub(super) fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
