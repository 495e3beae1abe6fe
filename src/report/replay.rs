//! What came out of a replay, for people.

use super::Paper;
use super::quantity::{count, counted};
use super::replay_json::key;
use super::words::{apart, shown};
use crate::event::Event;
use crate::history::History;
use crate::recording::Status;
use crate::replay::{Child, Divergence, Outcome, Standing, Unanswered, Verdict};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Returns what came out of a replay, line by line.
pub fn replay(outcome: &Outcome, paper: Paper) -> Vec<String> {
    let fidelity = &outcome.fidelity;
    let [compared, agreed] = [fidelity.compared, fidelity.agreed].map(count);
    // What a replay agrees with needs no other verdict.
    let verdict = verdict(outcome).filter(|_| outcome.edited || !outcome.agrees());
    let mut lines: Vec<String> = verdict.map(|verdict| shown(&verdict)).into_iter().collect();
    lines.push(match fidelity.verdict {
        Verdict::Agrees => format!("agrees: {agreed} of {compared} events are what was recorded."),
        Verdict::Diverges => format!("diverges: {agreed} of {compared} events are what was recorded."),
        Verdict::Stopped => format!("stopped: the first {agreed} of {compared} events are what was recorded."),
    });
    lines.extend(reason(outcome).map(|reason| format!("  {reason}")));
    if let Some(divergence) = &outcome.divergence {
        lines.extend(divergence_lines(divergence, paper));
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for it in &fidelity.not_checked {
        *reasons.entry(it.reason.reason()).or_default() += 1;
    }
    lines.extend(reasons.into_iter().map(|(reason, count)| format!("  not checked: {count} ({reason})")));
    lines.extend(children_lines(outcome, paper));
    lines.extend(misfit_lines(outcome));
    if outcome.edited {
        lines.extend(route_lines(outcome));
        lines.push(format!("  recorded: {}", standing(&outcome.recorded, paper)));
        lines.push(format!("  replayed: {}", standing(&outcome.standing, paper)));
    } else {
        lines.push(format!("  {}", standing(&outcome.standing, paper)));
    }
    lines
}

/// The executions that were started, counted apart, and the first that differs.
fn children_lines(outcome: &Outcome, paper: Paper) -> Vec<String> {
    if outcome.children.is_empty() {
        return Vec::new();
    }
    let of = |verdict| outcome.children.iter().filter(|child| child.fidelity.verdict == verdict).count();
    let sum = |of: fn(&Child) -> usize| outcome.children.iter().map(of).sum::<usize>();
    let verdicts = [Verdict::Agrees, Verdict::Diverges, Verdict::Stopped].map(|verdict| (verdict.name(), of(verdict)));
    let told: Vec<String> = verdicts
        .iter()
        .filter(|(_, number)| *number > 0)
        .map(|(name, number)| format!("{} {name}", count(*number)))
        .collect();
    let (agreed, compared) = (sum(|child| child.fidelity.agreed), sum(|child| child.fidelity.compared));
    let (agreed, compared) = (count(agreed), count(compared));
    let started = counted(outcome.children.len(), "execution it started", "executions it started");
    let mut lines = vec![format!("  {started}: {}; {agreed} of {compared} of their events", told.join(", "))];
    let first = outcome.children.iter().find(|child| child.fidelity.verdict != Verdict::Agrees);
    let Some(first) = first else { return lines };
    lines.push(format!("  in {}:", shown(&first.path)));
    lines.extend(first.reason.as_ref().map(|reason| format!("    {}", shown(reason))));
    let divergence = first.divergence.iter().flat_map(|divergence| divergence_lines(divergence, paper));
    lines.extend(divergence.map(|line| format!("  {line}")));
    lines
}

/// Answers nobody asked for, and tasks that had none.
fn misfit_lines(outcome: &Outcome) -> Vec<String> {
    let mut unused: BTreeMap<&str, usize> = BTreeMap::new();
    for (state, _, count) in &outcome.unused {
        *unused.entry(state).or_default() += count;
    }
    let recorded = unused.into_iter().map(|(state, unused)| {
        let answers = counted(unused, "recorded answer", "recorded answers");
        format!("  not used: {answers} of {}", shown(state))
    });
    let given = outcome.unused_given.iter().map(|misfit| {
        let key = shown(&misfit.answers.key);
        let why = match (misfit.no_state, misfit.answers.used) {
            (true, _) => "there is no such state".to_owned(),
            (false, 0) => "it was never asked".to_owned(),
            (false, used) => format!("it was asked {}", counted(used, "time", "times")),
        };
        format!("  not used: {} of {key} ({why})", counted(misfit.answers.count, "given answer", "given answers"))
    });
    let by_default = outcome.by_default.iter().map(|task| match task {
        Unanswered::Task(state, path, attempt) => {
            format!("  answered by default: {}, attempt {}", shown(&key(state, path)), attempt + 1)
        }
        Unanswered::Object(state, ..) => format!("  answered by default: {}", shown(state)),
    });
    recorded.chain(given).chain(by_default).collect()
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

/// Returns what came of the replayed run, in full and beside what was recorded: `fails differently: States.Runtime at
/// ChargeCard: …`. `None` of a part that ends before the run does, and of what went on when it was recorded.
pub fn verdict(outcome: &Outcome) -> Option<String> {
    if let Some(reason) = reason(outcome) {
        return Some(format!("incomplete: {reason}"));
    }
    let (was, is) = (&outcome.recorded, &outcome.standing);
    let succeeded = |standing: &Standing| standing.status == Status::Succeeded;
    match &is.status {
        Status::Running | Status::PendingRedrive | Status::CutOff | Status::NotKnown => None,
        Status::Succeeded if !succeeded(was) => Some(format!("succeeds now: {}", output(is))),
        Status::Succeeded if was.output == is.output || outcome.agrees() => {
            Some(format!("succeeds as recorded: {}", output(is)))
        }
        Status::Succeeded => Some(format!("succeeds with another output: {}", output(is))),
        _ if succeeded(was) => Some(format!("fails now: {}", failed(outcome))),
        _ if was.failure == is.failure || outcome.agrees() => Some(format!("fails as recorded: {}", failed(outcome))),
        _ => Some(format!("fails differently: {}", failed(outcome))),
    }
}

fn output(standing: &Standing) -> String {
    standing.output.as_ref().map_or_else(|| "no output".to_owned(), |output| output.text().to_owned())
}

/// `States.Runtime at ChargeCard: …`
fn failed(outcome: &Outcome) -> String {
    let standing = &outcome.standing;
    let history: History = outcome.events.iter().cloned().collect();
    let origin = history.end().map(|end| history.origin(end.id)).and_then(|event| history.visit_of(event));
    let state = origin.map(|visit| format!(" at {}", history.visit(visit).name)).unwrap_or_default();
    let error = standing.failure.error.as_deref().unwrap_or_else(|| standing.status.name());
    let cause = standing.failure.cause.as_deref().map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{state}{cause}")
}

/// Returns why a replay did not come to its end, as a sentence.
pub fn reason(outcome: &Outcome) -> Option<String> {
    if outcome.overflow {
        return Some("It wrote far more events than were recorded, and was given up.".to_owned());
    }
    if outcome.fidelity.verdict == Verdict::Agrees {
        return None;
    }
    if let Some(reason) = &outcome.undecided {
        return Some(format!("{}.", shown(&reason.to_string())));
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
            let [expected, actual] = [&it.expected, &it.actual].map(|value| words(value.as_ref()));
            let [expected, actual] = apart([&expected, &actual], room);
            lines.push(format!("    recorded: {expected}"));
            lines.push(format!("    replayed: {actual}"));
        }
        (Some(event), None) => {
            lines.push(format!("  first divergence: event {} {}{state} is not in the replay", event.id, event.kind));
            lines.extend(divergence.replayed.as_ref().map(|it| format!("    instead: {}", brief(it))));
        }
        (None, _) => {
            lines.push(format!("  first divergence{state}: the replay running where the recording had ended"));
            lines.extend(divergence.replayed.as_ref().map(|it| format!("    with: {}", brief(it))));
        }
    }
    lines.extend(rule(divergence).map(|rule| format!("    because: {rule}")));
    lines
}

/// Returns the rule behind a divergence as a sentence, with the place it stands at.
pub fn rule(divergence: &Divergence) -> Option<String> {
    let rule = divergence.rule.as_ref()?;
    let place = match (&rule.location, rule.line) {
        (Some(_), Some(line)) => format!(" (line {line})"),
        (Some(location), None) => format!(" ({})", shown(location)),
        (None, _) => String::new(),
    };
    Some(format!("{}{place}", shown(&rule.says)))
}

fn brief(event: &Event) -> String {
    let name = event.details.name().map(|name| format!(" {}", shown(name))).unwrap_or_default();
    format!("event {} {}{name}", event.id, event.kind)
}

fn words(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| shown(&value.to_string()))
}

fn cut(text: &str, room: usize) -> String {
    match text.char_indices().nth(room.max(8)) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
