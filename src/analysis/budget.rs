//! What an execution has used of AWS's limits: bytes by state, events by state, and what keeps a running one waiting.

use super::cause::{Waiting, WaitingFor, tell_ends, waiting};
use super::place::Place;
use super::program::Programs;
use crate::asl::MachineKind;
use crate::event::{EventId, StateType, Timestamp};
use crate::history::{Family, History, MemberId, ScopeId, VisitId};
use crate::interpreter::{MAX_EVENTS, MAX_PAYLOAD};
use crate::json::Payload;
use crate::recording::Status;
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::Arc;

/// What one execution has used of AWS's limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// The bytes a payload may have.
    pub payload_limit: usize,
    /// What each state was given and put out at most, the largest first.
    pub ledger: Vec<Bytes>,
    /// The events.
    pub events: Events,
    /// What it waits for, while it runs.
    pub stuck: Vec<Stuck>,
}

/// The bytes that went through a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Bytes {
    /// The state.
    pub state: Arc<str>,
    /// How often it was visited.
    pub visits: usize,
    /// The largest input.
    pub input: usize,
    /// The largest output.
    pub output: usize,
    /// The visit with the largest input or output.
    pub largest: VisitId,
    /// The event that shows it.
    pub event: EventId,
    /// The member that grew most between input and output of that visit, and its bytes before and after.
    pub grew: Option<Growth>,
}

/// A member of an output that is larger than it was in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// Where it is.
    pub path: String,
    /// Its bytes in the input; 0 when it is new.
    pub before: usize,
    /// Its bytes in the output.
    pub after: usize,
}

/// How many events there are, and what they are spent on.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// How many there are.
    pub used: usize,
    /// How many there may be; none for Express executions.
    pub limit: Option<u32>,
    /// Events by state, the most first; those of what is inside counted for the state inside.
    pub by_state: Vec<(Arc<str>, usize)>,
    /// A loop: what a round costs and how many more fit.
    pub round: Option<Round>,
    /// A Map that goes on: what an item costs, and what is still to come.
    pub items: Option<Items>,
}

/// States that were visited again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The state a round begins with.
    pub state: Arc<str>,
    /// How often it was entered.
    pub times: usize,
    /// The events of a round, rounded up.
    pub events: usize,
    /// How many more rounds fit; none when there is no limit.
    pub left: Option<usize>,
    /// How many microseconds that will take at the same pace.
    pub micros: Option<i64>,
}

/// Items of an inline Map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items {
    /// The Map.
    pub state: Arc<str>,
    /// How many items there are.
    pub count: u64,
    /// How many have begun.
    pub begun: u64,
    /// The events of an item, rounded up.
    pub events: usize,
    /// How many events the execution will have had when all are done.
    pub expected: usize,
}

/// Something that keeps a running execution waiting.
#[derive(Debug, Clone, PartialEq)]
pub struct Stuck {
    /// What waits, and for what.
    pub waiting: Waiting,
    /// How long it has waited, when somebody says what time it is; else up to when somebody looked.
    pub micros: Option<i64>,
    /// The seconds the whole execution may take.
    pub execution_seconds: Option<u32>,
    /// The states around it, which cannot go on: outermost first.
    pub blocked: Vec<Arc<str>>,
}

/// What of a limit makes it worth a warning, in hundredths.
const NEAR: usize = 80;

/// Adds up what an execution has used. `now` is when somebody asks.
pub fn budget(family: &Family, programs: &Programs, member: MemberId, now: Option<Timestamp>) -> Budget {
    let history = &family.member(member).history;
    Budget {
        payload_limit: MAX_PAYLOAD,
        ledger: ledger(history),
        events: events(family, programs, member),
        stuck: stuck(family, programs, member, now),
    }
}

impl Budget {
    /// Tells whether a limit is near or reached.
    pub fn is_tight(&self) -> bool {
        let largest = self.ledger.iter().map(|bytes| bytes.input.max(bytes.output)).max().unwrap_or(0);
        let events = self.events.limit.is_some_and(|limit| near(self.events.used, limit as usize));
        near(largest, self.payload_limit) || events
    }
}

/// Tells whether so much of a limit is used that it is worth a warning.
pub fn near(used: usize, limit: usize) -> bool {
    used.saturating_mul(100) >= limit.saturating_mul(NEAR)
}

fn ledger(history: &History) -> Vec<Bytes> {
    let mut states: IndexMap<Arc<str>, Bytes> = IndexMap::new();
    for (id, visit) in history.visits() {
        let size = |payload: Option<&Payload>| payload.map_or(0, Payload::size);
        let (input, output) = (size(history.input(id)), size(history.output(id)));
        let event = if output > input { visit.ended.or(visit.entered) } else { visit.entered.or(visit.ended) };
        let event = event.unwrap_or(EventId::FIRST);
        let known = states.entry(Arc::clone(&visit.name)).or_insert_with(|| Bytes {
            state: Arc::clone(&visit.name),
            visits: 0,
            input: 0,
            output: 0,
            largest: id,
            event,
            grew: None,
        });
        if input.max(output) > known.input.max(known.output) {
            (known.largest, known.event) = (id, event);
        }
        known.visits += 1;
        known.input = known.input.max(input);
        known.output = known.output.max(output);
    }
    let mut ledger: Vec<Bytes> = states.into_values().collect();
    ledger.sort_by_key(|bytes| std::cmp::Reverse(bytes.input.max(bytes.output)));
    for bytes in &mut ledger {
        bytes.grew = growth(history, bytes.largest);
    }
    ledger
}

/// Finds the member that grew most: in the output itself, or one below it where that is nearly all of it.
fn growth(history: &History, visit: VisitId) -> Option<Growth> {
    let (input, output) = (history.input(visit)?, history.output(visit)?);
    if output.size() <= input.size() || input.is_same(output) {
        return None;
    }
    let (input, output) = (input.value().ok()?, output.value().ok()?);
    let mut found = Growth { path: "$".to_owned(), before: size(Some(input)), after: size(Some(output)) };
    let (mut before, mut after) = (Some(input), output);
    while let Value::Object(members) = after {
        let grown = members.iter().map(|(name, value)| {
            let old = before.and_then(|before| before.get(name));
            (name, value, old, size(Some(value)).saturating_sub(size(old)))
        });
        let Some((name, value, old, grown)) = grown.max_by_key(|(.., grown)| *grown) else { break };
        if grown * 2 < found.after.saturating_sub(found.before) {
            break;
        }
        found = Growth { path: format!("{}.{name}", found.path), before: size(old), after: size(Some(value)) };
        (before, after) = (old, value);
    }
    Some(found)
}

fn size(value: Option<&Value>) -> usize {
    value.map_or(0, |value| value.to_string().len())
}

fn events(family: &Family, programs: &Programs, member: MemberId) -> Events {
    let history = &family.member(member).history;
    let used = history.events().len();
    let express = programs.identity(member).is_some_and(|it| it.kind == MachineKind::Express);
    let limit = (!express).then_some(MAX_EVENTS);
    let mut by_state: IndexMap<Arc<str>, usize> = IndexMap::new();
    for event in history.events() {
        if let Some(visit) = history.visit_of(event.id) {
            *by_state.entry(Arc::clone(&history.visit(visit).name)).or_default() += 1;
        }
    }
    let mut by_state: Vec<(Arc<str>, usize)> = by_state.into_iter().collect();
    by_state.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let left = limit.map(|limit| (limit as usize).saturating_sub(used));
    Events { used, limit, by_state, round: round(history, left), items: items(history, used) }
}

/// A state of the execution's own flow that is entered again and again begins a round.
fn round(history: &History, left: Option<usize>) -> Option<Round> {
    let visits = &history.scope(ScopeId::ROOT).visits;
    let mut entered: IndexMap<&Arc<str>, Vec<EventId>> = IndexMap::new();
    for visit in visits.iter().map(|visit| history.visit(*visit)) {
        entered.entry(&visit.name).or_default().extend(visit.entered);
    }
    // Of the states of one loop the first is entered first, and not less often than the others.
    let most = entered.values().map(Vec::len).max().filter(|most| *most > 1)?;
    let (state, entries) = entered.into_iter().find(|(_, entries)| entries.len() == most)?;
    let (first, last) = (*entries.first()?, *entries.last()?);
    let between = history.place_of(last)?.saturating_sub(history.place_of(first)?);
    let rounds = entries.len() - 1;
    let events = between.div_ceil(rounds).max(1);
    let left = left.map(|left| left / events);
    let micros = history.event(last)?.timestamp.micros_since(history.event(first)?.timestamp);
    let pace = micros / i64::try_from(rounds).ok()?;
    let micros = left.and_then(|left| pace.checked_mul(i64::try_from(left).ok()?));
    Some(Round { state: Arc::clone(state), times: entries.len(), events, left, micros })
}

/// The inline Map with the most events whose items have not all been done.
fn items(history: &History, used: usize) -> Option<Items> {
    let open = history.open().filter(|visit| {
        let visit = history.visit(*visit);
        visit.kind == StateType::Map && visit.map_run_arn.is_none()
    });
    let items = open.filter_map(|id| {
        let visit = history.visit(id);
        let count = history.items_of(id, *visit.attempts.last()?);
        let begun = visit.children.len() as u64;
        let ended = visit.children.iter().filter(|scope| history.scope(**scope).ended.is_some()).count();
        let inside = visit.children.iter().map(|scope| events_of(history, *scope)).sum::<usize>();
        let events = inside.checked_div(ended.max(1))?;
        let left = usize::try_from(count.saturating_sub(ended as u64)).ok()?;
        let expected = used.saturating_add(events.saturating_mul(left));
        Some(Items { state: Arc::clone(&visit.name), count, begun, events, expected })
    });
    items.max_by_key(|items| items.expected)
}

/// Counts the events of an iteration that is over, those of the iteration itself included.
fn events_of(history: &History, scope: ScopeId) -> usize {
    let found = history.scope(scope);
    if found.ended.is_none() {
        return 0;
    }
    let inside = |visit: &VisitId| {
        let nested = history.visit(*visit).children.iter().map(|scope| events_of(history, *scope)).sum::<usize>();
        history.events_of(*visit).count() + nested
    };
    found.visits.iter().map(inside).sum::<usize>() + 2
}

fn stuck(family: &Family, programs: &Programs, member: MemberId, now: Option<Timestamp>) -> Vec<Stuck> {
    if family.member(member).status() != Status::Running {
        return Vec::new();
    }
    let history = &family.member(member).history;
    let execution_seconds = programs.program(member).ok().and_then(|program| program.machine.timeout);
    let one = |waiting: Waiting| {
        let since = waiting.since_at;
        let micros = now.zip(since).map(|(now, since)| now.micros_since(since)).or(waiting.micros);
        let blocked = waiting.place.visit.map(|visit| blocked(history, visit)).unwrap_or_default();
        Stuck { waiting, micros, execution_seconds, blocked }
    };
    let mut found = waiting(family, member);
    tell_ends(&mut found, family, programs);
    found.into_iter().map(one).collect()
}

/// Returns the Maps and Parallels around a visit.
fn blocked(history: &History, visit: VisitId) -> Vec<Arc<str>> {
    let mut path = history.path_of(visit);
    path.pop();
    path.into_iter().map(|visit| Arc::clone(&history.visit(visit).name)).collect()
}

impl Stuck {
    /// Tells whether nothing ends the waiting: neither the state nor the execution has a time-out, nor a heartbeat.
    pub fn is_endless(&self) -> bool {
        let by_itself = matches!(self.waiting.what, WaitingFor::Time | WaitingFor::Retry { .. } | WaitingFor::Step);
        let limited = self.waiting.timeout_seconds.is_some() || self.waiting.heartbeat_seconds.is_some();
        !by_itself && !limited && self.execution_seconds.is_none()
    }

    /// Returns where it waits.
    pub fn place(&self) -> &Place {
        &self.waiting.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Recording;
    use crate::source;

    fn of(name: &str) -> (Recording, Budget) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
        let recording = source::open_recording(&path).unwrap();
        let family = Family::of(&recording);
        let programs = Programs::of(&recording, &family);
        let budget = budget(&family, &programs, MemberId::ROOT, None);
        (recording, budget)
    }

    #[test]
    fn bytes_are_told_by_state_and_by_the_member_that_grew() {
        let (_, budget) = of("bad-files-in-nightly-import.sfn.json.gz");
        let largest = budget.ledger.first().unwrap();
        assert!(largest.input.max(largest.output) > 1_000, "{largest:?}");
        assert!(budget.ledger.windows(2).all(|pair| {
            let most = |bytes: &Bytes| bytes.input.max(bytes.output);
            most(&pair[0]) >= most(&pair[1])
        }));
        assert!(budget.ledger.iter().any(|bytes| bytes.grew.as_ref().is_some_and(|grew| grew.after > grew.before)));
    }

    #[test]
    fn a_loop_is_projected() {
        let (_, budget) = of("loan-quote-missing-field.sfn.json");
        let round = budget.events.round.unwrap();
        assert_eq!((&*round.state, round.times), ("FetchReport", 3));
        assert_eq!(round.left, Some((25_000 - budget.events.used) / round.events));
        assert_eq!(budget.events.by_state.iter().map(|(_, count)| count).sum::<usize>() + 2, budget.events.used);
    }

    #[test]
    fn what_keeps_a_running_execution_waiting_is_found() {
        let (_, budget) = of("signup-awaiting-approval.sfn.json");
        let stuck = budget.stuck.first().unwrap();
        assert!(!stuck.place().steps.is_empty());
        let (_, ended) = of("order-shipped.sfn.json");
        assert!(ended.stuck.is_empty());
    }
}
