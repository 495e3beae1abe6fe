//! What came out of a replay, for people.

use super::Paper;
use super::replay_json::key;
use super::words::shown;
use crate::event::Event;
use crate::replay::{Divergence, Outcome, Standing, Unanswered, Verdict};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Returns what came out of a replay, line by line.
pub fn replay(outcome: &Outcome, paper: Paper) -> Vec<String> {
    let fidelity = &outcome.fidelity;
    let (compared, agreed) = (fidelity.compared, fidelity.agreed);
    let mut lines = vec![match fidelity.verdict {
        Verdict::Agrees => format!("agrees: {agreed} of {compared} events are what was recorded."),
        Verdict::Diverges => format!("diverges: {agreed} of {compared} events are what was recorded."),
        Verdict::Stopped => format!("stopped: the first {agreed} of {compared} events are what was recorded."),
    }];
    lines.extend(reason(outcome).map(|reason| format!("  {reason}")));
    if let Some(divergence) = &outcome.divergence {
        lines.extend(divergence_lines(divergence, paper));
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for it in &fidelity.not_checked {
        *reasons.entry(it.reason.reason()).or_default() += 1;
    }
    lines.extend(reasons.into_iter().map(|(reason, count)| format!("  not checked: {count} ({reason})")));
    let mut unused: BTreeMap<&str, usize> = BTreeMap::new();
    for (state, _, count) in &outcome.unused {
        *unused.entry(state).or_default() += count;
    }
    let many = |count| if count == 1 { "answer" } else { "answers" };
    lines.extend(
        unused
            .into_iter()
            .map(|(state, count)| format!("  not used: {count} recorded {} of {}", many(count), shown(state))),
    );
    if outcome.edited {
        lines.extend(route_lines(outcome));
        lines.push(format!("  recorded: {}", standing(&outcome.recorded, paper)));
        lines.push(format!("  replayed: {}", standing(&outcome.standing, paper)));
    } else {
        lines.push(format!("  {}", standing(&outcome.standing, paper)));
    }
    lines
}

/// How many states of a route are named.
const NAMED: usize = 6;

/// Where the route leaves the recorded one.
fn route_lines(outcome: &Outcome) -> Vec<String> {
    let (recorded, replayed) = &outcome.routes;
    let common = recorded.iter().zip(replayed).take_while(|(left, right)| left == right).count();
    let rest = |route: &[Arc<str>]| {
        let names: Vec<String> = route.iter().skip(common).take(NAMED).map(|name| shown(name)).collect();
        let more = if route.len() > common + NAMED { ", …" } else { "" };
        if names.is_empty() { "the end".to_owned() } else { format!("{}{more}", names.join(", ")) }
    };
    let sorted = |route: &[Arc<str>]| {
        let mut names = route.to_vec();
        names.sort();
        names
    };
    // Branches that run side by side may take turns in another order, which means nothing.
    if sorted(recorded) == sorted(replayed) {
        return vec!["  the states entered are the same".to_owned()];
    }
    let after = common.checked_sub(1).and_then(|last| recorded.get(last));
    let after = after.map_or_else(|| "from the start".to_owned(), |state| format!("after {}", shown(state)));
    vec![format!("  {after}, recorded: {}", rest(recorded)), format!("  {after}, replayed: {}", rest(replayed))]
}

fn standing(standing: &Standing, paper: Paper) -> String {
    let failure = [standing.failure.error.as_deref(), standing.failure.cause.as_deref()];
    let told = standing.output.as_ref().map(|output| output.text().to_owned());
    let told = told.unwrap_or_else(|| failure.into_iter().flatten().collect::<Vec<_>>().join(": "));
    format!("{} {}", standing.status.name(), cut(&shown(&told), paper.width.saturating_sub(14)))
}

/// Returns why a replay did not come to its end, as a sentence.
pub fn reason(outcome: &Outcome) -> Option<String> {
    if outcome.overflow {
        return Some("It wrote far more events than were recorded, and was given up.".to_owned());
    }
    if outcome.fidelity.verdict == Verdict::Agrees {
        return None;
    }
    let first = outcome.unanswered.first()?;
    Some(match first {
        Unanswered::Task(state, path, attempt) => {
            format!("Nobody recorded an answer to '{}', attempt {}.", shown(&key(state, path)), attempt + 1)
        }
        Unanswered::Object(state, bucket, object) => {
            format!("'{}' reads s3://{bucket}/{object}, which is not in the recording.", shown(state))
        }
    })
}

fn divergence_lines(divergence: &Divergence, paper: Paper) -> Vec<String> {
    let state = divergence.state.as_deref().map(|state| format!(" ({})", shown(state))).unwrap_or_default();
    let room = paper.width.saturating_sub(14);
    let mut lines = Vec::new();
    match (&divergence.recorded, &divergence.difference) {
        (Some(event), Some(it)) => {
            let path = if it.path.is_empty() { "the details" } else { it.path.as_str() };
            lines.push(format!("  first divergence: event {} {}{state}, {}", event.id, event.kind, shown(path)));
            lines.push(format!("    recorded: {}", value(it.expected.as_ref(), room)));
            lines.push(format!("    replayed: {}", value(it.actual.as_ref(), room)));
        }
        (Some(event), None) => {
            lines.push(format!("  first divergence: event {} {}{state} is not in the replay", event.id, event.kind));
            lines.extend(divergence.replayed.as_ref().map(|it| format!("    instead: {}", brief(it))));
        }
        (None, _) => {
            lines.push(format!("  first divergence{state}: the replay goes on where the recording had ended"));
            lines.extend(divergence.replayed.as_ref().map(|it| format!("    with: {}", brief(it))));
        }
    }
    lines.extend(rule(divergence).map(|rule| format!("    {rule}")));
    lines
}

/// Returns the rule that is involved in a divergence, when it is easily told.
pub fn rule(divergence: &Divergence) -> Option<&'static str> {
    use crate::event::EventType::{ChoiceStateExited, EvaluationFailed, ExecutionStarted, TaskScheduled};
    let event = divergence.recorded.as_ref().or(divergence.replayed.as_ref())?;
    match &event.kind {
        ExecutionStarted => Some("The input is another one."),
        EvaluationFailed => Some("A JSONata expression of this state gives something else."),
        TaskScheduled => Some("The arguments of the call are evaluated by Parameters or Arguments of this state."),
        ChoiceStateExited => Some("The rules of a Choice are tried in order, the first that holds is taken."),
        kind if kind.completes_task() || kind.fails_task() => Some("The answer to the task is another one."),
        kind if kind.enters().is_some() && divergence.difference.is_some() => {
            Some("The state was given another input.")
        }
        kind if kind.enters().is_some() => {
            Some("What is entered next is decided by the state before: Next, Default, Catch.")
        }
        kind if kind.exits().is_some() => Some("The output of a state is made by its own output fields."),
        _ => None,
    }
}

fn brief(event: &Event) -> String {
    let name = event.details.name().map(|name| format!(" {}", shown(name))).unwrap_or_default();
    format!("event {} {}{name}", event.id, event.kind)
}

fn value(value: Option<&Value>, room: usize) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| cut(&shown(&value.to_string()), room))
}

fn cut(text: &str, room: usize) -> String {
    match text.char_indices().nth(room.max(8)) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
