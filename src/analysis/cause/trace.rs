//! From the end of an execution down to what everything began with.

use super::rethrown::rethrown;
use super::{Fate, Finding, Stage, build, openers};
use crate::event::{EventId, EventType, StateType};
use crate::history::{Family, History, MemberId, Outcome, VisitId};
use crate::recording::Status;
use std::collections::{HashMap, HashSet};
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

/// Failures alike that are listed one by one.
const LISTED: usize = 100;

/// Returns what made an execution end badly; nothing when it did not.
pub(super) fn causes(family: &Family, execution: MemberId) -> Vec<Finding> {
    let member = family.member(execution);
    let history = &member.history;
    match history.end() {
        Some(end) if end.kind == EventType::ExecutionFailed => trace(family, execution, history.origin(end.id)),
        Some(end) if end.kind == EventType::ExecutionSucceeded => Vec::new(),
        Some(end) => vec![build::finding(family, execution, end.id)],
        None if matches!(member.status(), Status::Failed | Status::TimedOut | Status::Aborted) => {
            vec![described(family, execution)]
        }
        None if member.status().is_unseen() && !history.events().is_empty() => {
            // A failure whose state is not there is one all the same; what is there tells what came of the others.
            let loose = history.events().iter().rev();
            let mut loose = loose.filter(|event| event.kind.is_failure() && history.visit_of(event.id).is_none());
            loose.next().map(|event| build::finding(family, execution, event.id)).into_iter().collect()
        }
        None if history.events().is_empty() => {
            let failed = |child: &MemberId| matches!(family.member(*child).status(), Status::Failed | Status::TimedOut);
            alike(family.loose_items(execution).filter(failed).flat_map(|child| causes(family, child)))
        }
        None => Vec::new(),
    }
}

/// The history ends early; what AWS says about the execution is all there is.
fn described(family: &Family, execution: MemberId) -> Finding {
    let member = family.member(execution);
    let last = member.history.events().last().map_or(EventId::FIRST, |last| last.id);
    let mut finding = build::finding(family, execution, last);
    let report = build::report(None, member.failure());
    (finding.error, finding.cause) = (report.error, report.cause);
    let stage = if member.history.events().is_empty() { Stage::Described } else { Stage::NotRecorded };
    finding.input = finding.input.or_else(|| member.input().cloned().filter(|_| stage == Stage::Described));
    (finding.stage, finding.fate) = (stage, Fate::EndedRun);
    finding.openers = openers::of(family, execution, last, finding.cause.as_ref(), None);
    finding
}

/// Follows one failure to what it began with.
pub(super) fn trace(family: &Family, execution: MemberId, event: EventId) -> Vec<Finding> {
    let history = &family.member(execution).history;
    let mut reporters = Vec::new();
    let mut event = event;
    while let Some(before) = rethrown(history, event).or_else(|| before_fail_state(history, event)) {
        reporters.push(event);
        event = before;
    }
    let mut findings = inside(family, execution, event);
    if findings.is_empty() {
        findings.push(build::finding(family, execution, event));
    }
    if let Some(reporter) = reporters.first()
        && let Some(visit) = history.visit_of(*reporter)
    {
        let report = build::failure_of(history, *reporter, Some(visit));
        for finding in &mut findings {
            finding.ended_in = Some((history.visit(visit).name.clone(), report.clone()));
        }
    }
    findings
}

/// Returns the caught failure whose catcher led to a Fail state: the nearest one back along its flow, unless the same
/// state succeeded in between, which makes it a failure that was got over.
fn before_fail_state(history: &History, event: EventId) -> Option<EventId> {
    let visit = history.visit_of(event)?;
    if history.visit(visit).kind != StateType::Fail {
        return None;
    }
    let mut fine: HashSet<&str> = HashSet::new();
    let before = |visit: &VisitId| history.visit(*visit).previous.filter(|previous| previous < visit);
    for earlier in std::iter::successors(before(&visit), before) {
        let earlier = history.visit(earlier);
        match earlier.outcome {
            Outcome::Caught { failure } if !fine.contains(&*earlier.name) => return Some(failure),
            Outcome::Exited if earlier.kind == StateType::Task || earlier.kind.is_container() => {
                fine.insert(&earlier.name);
            }
            _ => {}
        }
    }
    None
}

/// Goes into the executions a failed task or map run started.
fn inside(family: &Family, execution: MemberId, event: EventId) -> Vec<Finding> {
    let history = &family.member(execution).history;
    let Some(visit) = history.visit_of(event) else { return Vec::new() };
    let children: Vec<MemberId> = match (history.attempt_of(event), history.visit(visit).kind) {
        (_, StateType::Map) => family.items_of(execution, visit).collect(),
        (Some(attempt), _) => family.nested_in(execution, attempt).collect(),
        (None, _) => Vec::new(),
    };
    let is_map = history.visit(visit).kind == StateType::Map;
    let aborted = children.iter().filter(|child| family.member(**child).status() == Status::Aborted).count();
    let failed = children.into_iter().filter(|child| match family.member(*child).status() {
        Status::Failed | Status::TimedOut => true,
        Status::Aborted => !is_map,
        _ => false,
    });
    let mut findings = alike(failed.flat_map(|child| causes(family, child)));
    if findings.is_empty() {
        return findings;
    }
    let outer = build::finding(family, execution, event);
    for finding in &mut findings {
        finding.through.push(outer.place.clone());
        if finding.fate == Fate::EndedRun {
            finding.fate = outer.fate.clone();
        }
        if is_map {
            finding.aborted.items += aborted;
        }
    }
    findings
}

/// What failures have in common that are alike: states, error, message and fate.
type Likeness = (Vec<Arc<str>>, Option<Arc<str>>, Option<String>, Discriminant<Fate>);

/// Groups failures that are alike: the same states, error and message but for numbers, names and quoted values.
pub(super) fn alike(findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
    let mut groups: Vec<Finding> = Vec::new();
    let mut known: HashMap<Likeness, usize> = HashMap::new();
    for finding in findings {
        let states = finding.place.states().into_iter().cloned().collect();
        let pattern = finding.cause.as_ref().map(super::Message::pattern);
        let key = (states, finding.error.clone(), pattern, discriminant(&finding.fate));
        match known.get(&key).and_then(|place| groups.get_mut(*place)) {
            Some(group) => {
                group.count += 1;
                if group.alike.len() < LISTED {
                    group.alike.push(finding.place);
                }
            }
            None => {
                known.insert(key, groups.len());
                groups.push(finding);
            }
        }
    }
    groups
}
