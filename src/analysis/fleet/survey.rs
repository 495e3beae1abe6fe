//! All items of one visit of a Map: how each went and where one sees it, put together by how they went.

use super::gather::{child, iteration};
use super::{Cluster, Fleet, Item, Outcome, fleet};
use crate::analysis::Status;
use crate::analysis::status::failure_of_item;
use crate::event::{EventId, Timestamp};
use crate::history::{AttemptId, Family, History, Link, Member, MemberId, Place, ScopeId, VisitId};
use crate::json::diff::At;
use crate::recording::Counts;
use std::sync::Arc;

/// The items of a visit of a Map, inline or distributed: those of its last run.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The Map.
    pub of: MapPlace,
    /// The Map.
    pub map: Arc<str>,
    /// How often the Map was run; these are the items of the last time.
    pub runs: usize,
    /// The items about which something is recorded, in their order.
    pub items: Vec<Item>,
    /// More about each of them.
    pub traces: Vec<Trace>,
    /// Their failures, those that are alike together.
    pub fleet: Fleet,
    /// The same with the items that did not fail.
    pub groups: Vec<Group>,
    /// Items that never began.
    pub pending: u64,
    /// Items, or executions of a Map Run, that are known to be and about which nothing is recorded.
    pub unrecorded: u64,
    /// What is missing in the recording, if it is much.
    pub gap: Option<Gap>,
    /// How many items stand how, where all were counted and only some are here.
    pub counted: Option<Counts>,
}

/// Where a Map is whose items are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapPlace {
    /// The execution it is in.
    pub execution: MemberId,
    /// Its visit; `None` of a Map Run of which only the results are known.
    pub visit: Option<VisitId>,
}

/// More about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    /// How it stands.
    pub status: Status,
    /// The item itself.
    pub spot: Spot,
    /// Where it failed or else began; `None` when none of its events are recorded.
    pub event: Option<EventId>,
    /// The microseconds it took.
    pub micros: Option<i64>,
    /// The attempts of the state it failed in, or else the most that any of its states needed.
    pub attempts: usize,
}

/// What an item is: a flow of the Map's own execution, or an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// An iteration.
    Iteration(ScopeId),
    /// The child of a Map Run.
    Child(MemberId),
}

/// Items that went the same way.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// How they stand; of failures that were caught or not, that of those that were not.
    pub status: Status,
    /// The place of its failures in the fleet.
    pub cluster: Option<usize>,
    /// The places of its items, in their order.
    pub items: Vec<usize>,
    /// When the first of them ended.
    pub first: Option<Timestamp>,
}

/// What a recording may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The executions of the Map Run.
    Children,
    /// What those that went well were given, so that nothing can be compared.
    Inputs,
}

impl Survey {
    /// Looks at all items of a visit of a Map; at none when it is no Map or had none.
    pub fn of(family: &Family, execution: MemberId, visit: VisitId) -> Self {
        let history = &family.member(execution).history;
        let map = history.visit(visit);
        let distributed = map.map_run_arn.is_some();
        let (items, traces): (Vec<Item>, Vec<Trace>) = match distributed {
            true => children(family, execution, visit).unzip(),
            false => iterations(history, visit).unzip(),
        };
        let (pending, unrecorded) = match map.map_run_arn.as_deref() {
            Some(run) => executions(family, run).map_or((0, 0), |counts| rest(counts, &traces)),
            None => (never_begun(history, visit, items.len()), 0),
        };
        let fleet = fleet(&items);
        let mut survey = Self {
            of: MapPlace { execution, visit: Some(visit) },
            map: map.name.clone(),
            runs: map.attempts.len(),
            groups: groups(&fleet, &items, &traces),
            gap: None,
            items,
            traces,
            fleet,
            pending,
            unrecorded,
            counted: None,
        };
        survey.gap = survey.gap_of(distributed);
        let run = map.map_run_arn.as_deref().and_then(|run| family.map_run(run));
        if let Some(counts) = run.and_then(|run| run.item_counts.as_ref()).filter(|it| it.total > Some(0)) {
            // What the service counted holds for items of which nothing is here, too.
            survey.fleet.counted(counts);
            survey.pending = counts.pending.unwrap_or(0);
            let pending = usize::try_from(survey.pending).unwrap_or(usize::MAX);
            survey.fleet.open = survey.fleet.open.saturating_sub(pending);
            survey.counted = Some(Counts { pending: None, ..counts.clone() });
        }
        survey
    }

    /// Looks at all items of a Map.
    pub fn at(family: &Family, map: MapPlace) -> Self {
        match map.visit {
            Some(visit) => Self::of(family, map.execution, visit),
            None => Self::of_results(family, map.execution),
        }
    }

    /// Looks at the items of a Map Run of which only the results are known.
    pub fn of_results(family: &Family, execution: MemberId) -> Self {
        let children = family.loose_items(execution).map(|id| {
            let member = family.member(id);
            (child(member), trace_of_child(id, member))
        });
        let (items, traces): (Vec<Item>, Vec<Trace>) = children.unzip();
        let fleet = fleet(&items);
        let counted = family.map_runs().next().and_then(|(_, run)| run.item_counts.clone());
        let mut survey = Self {
            of: MapPlace { execution, visit: None },
            map: family.member(execution).described.name.clone().unwrap_or_else(|| "the Map Run".into()),
            runs: 1,
            groups: groups(&fleet, &items, &traces),
            gap: None,
            items,
            traces,
            fleet,
            pending: 0,
            unrecorded: 0,
            counted: None,
        };
        if let Some(counts) = &counted {
            survey.fleet.counted(counts);
        }
        survey.counted = counted;
        survey
    }

    /// Returns the visit of a Map that an event is in: the state itself, the Map around it, the Map that started the
    /// execution it is in.
    pub fn around(family: &Family, execution: MemberId, event: EventId) -> Option<MapPlace> {
        let member = family.member(execution);
        let history = &member.history;
        let is_map = |visit: &VisitId| history.visit(*visit).kind == crate::event::StateType::Map;
        if let Some(lineage) = history.lineage(event) {
            let around = history.scopes_above(lineage.scope).filter_map(|scope| match history.scope(scope).place {
                Place::Iteration { of, .. } => Some(of),
                _ => None,
            });
            if let Some(map) = lineage.visit.filter(is_map).into_iter().chain(around).next() {
                return Some(MapPlace { execution, visit: Some(map) });
            }
        }
        match member.link {
            Link::Root => {
                let loose = history.events().is_empty() && family.loose_items(execution).next().is_some();
                loose.then_some(MapPlace { execution, visit: None })
            }
            Link::Item { parent, map: None } if family.member(parent).history.events().is_empty() => {
                Some(MapPlace { execution: parent, visit: None })
            }
            Link::Item { parent, map: Some(map) } => Some(MapPlace { execution: parent, visit: Some(map) }),
            Link::Nested { parent, task: Some((task, _)) } => {
                Self::around(family, parent, family.member(parent).history.visit(task).entered?)
            }
            Link::Item { .. } | Link::Nested { .. } => None,
        }
    }

    /// Returns how many items there are, as far as is known.
    pub fn total(&self) -> u64 {
        let known = self.items.len() as u64 + self.pending + self.unrecorded;
        self.counted.as_ref().and_then(|counts| counts.total).unwrap_or(known)
    }

    /// Returns how many of the recorded items, or of those that were counted, stand like that.
    pub fn count(&self, status: Status) -> usize {
        let counted = self.counted.as_ref().map(|counts| match status {
            Status::Succeeded => counts.succeeded,
            Status::Failed => counts.failed,
            Status::TimedOut => counts.timed_out,
            Status::Aborted => counts.aborted,
            Status::Running => counts.running,
            Status::Waiting | Status::Lost => counts.pending,
            Status::Caught => None,
        });
        match counted {
            Some(count) => usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX),
            None => self.traces.iter().filter(|trace| trace.status == status).count(),
        }
    }

    /// Returns the failures of a group.
    pub fn cluster(&self, group: &Group) -> Option<&Cluster> {
        self.fleet.clusters.get(group.cluster?)
    }

    /// Returns the places in the items' inputs that are worth a look in a group: those that set its failures apart, or
    /// else those that do so for other failures.
    pub fn telling(&self, group: &Group) -> Vec<&At> {
        let own = self.cluster(group).and_then(|cluster| cluster.contrast.as_ref());
        let all = self.fleet.clusters.iter().filter_map(|cluster| cluster.contrast.as_ref());
        let mut contrasts = own.into_iter().chain([&self.fleet.contrast]).chain(all);
        let found = contrasts.find(|contrast| !contrast.traits.is_empty());
        let mut paths: Vec<&At> = Vec::new();
        for it in found.iter().flat_map(|contrast| &contrast.traits) {
            if !paths.contains(&&it.path) {
                paths.push(&it.path);
            }
        }
        paths
    }

    /// Returns the item to compare one with: of a failed one the nearest that went well, and the other way round.
    pub fn counterpart(&self, item: usize) -> Option<usize> {
        let failed = self.items.get(item)?.outcome.is_failed();
        let wanted = |other: &Item| if failed { other.outcome == Outcome::Passed } else { other.outcome.is_failed() };
        let number = |at: usize| self.items.get(at).and_then(|item| item.index).unwrap_or(at as u64);
        let others = self.items.iter().enumerate().filter(|(_, other)| wanted(other)).map(|(at, _)| at);
        others.min_by_key(|other| number(*other).abs_diff(number(item)))
    }

    fn gap_of(&self, distributed: bool) -> Option<Gap> {
        if !distributed {
            return None;
        }
        if self.items.is_empty() {
            return Some(Gap::Children);
        }
        let mut passed = self.items.iter().filter(|item| item.outcome == Outcome::Passed);
        let compared = self.fleet.failed == 0 || passed.any(|item| item.input.is_some());
        let others = self.fleet.passed > 0 || self.unrecorded > 0;
        (!compared && others).then_some(Gap::Inputs)
    }
}

fn iterations(history: &History, map: VisitId) -> impl Iterator<Item = (Item, Trace)> {
    let attempt = last_run(history, map);
    let mut scopes: Vec<ScopeId> = history.visit(map).children.clone();
    scopes.retain(|scope| history.scope(*scope).attempt() == attempt);
    scopes.sort_by_key(|scope| history.scope(*scope).index());
    scopes.into_iter().map(|scope| {
        let item = iteration(history, scope);
        (item, trace_of(history, scope))
    })
}

/// The run of the Map that the last iteration belongs to.
fn last_run(history: &History, map: VisitId) -> Option<AttemptId> {
    let last = history.visit(map).children.last();
    last.map_or_else(|| history.visit(map).attempts.last().copied(), |last| history.scope(*last).attempt())
}

fn never_begun(history: &History, map: VisitId, begun: usize) -> u64 {
    let length = last_run(history, map).map_or(0, |attempt| history.items_of(map, attempt));
    length.saturating_sub(begun as u64)
}

fn trace_of(history: &History, id: ScopeId) -> Trace {
    let scope = history.scope(id);
    let status = Status::of_item(history, id);
    let event = failure_of_item(history, id).map(|failure| history.origin(failure));
    let began = || scope.visits.first().and_then(|visit| history.visit(*visit).entered).or(scope.started);
    let micros = history.scope_micros(id);
    let attempts = attempts(history, &scope.visits, event);
    Trace { status, spot: Spot::Iteration(id), event: event.or_else(began), micros, attempts }
}

fn attempts(history: &History, visits: &[VisitId], failed_at: Option<EventId>) -> usize {
    let of = |visit: VisitId| history.visit(visit).attempts.len();
    let failing = failed_at.and_then(|event| history.visit_of(event)).map(of).filter(|attempts| *attempts > 0);
    failing.unwrap_or_else(|| visits.iter().copied().map(of).max().unwrap_or(0))
}

fn children(family: &Family, execution: MemberId, map: VisitId) -> impl Iterator<Item = (Item, Trace)> {
    let children = family.items_of(execution, map);
    children.map(|id| {
        let member = family.member(id);
        (child(member), trace_of_child(id, member))
    })
}

fn trace_of_child(id: MemberId, member: &Member) -> Trace {
    let history = &member.history;
    let status = Status::of_execution(member.status().name());
    let end = history.end().filter(|end| end.kind.is_failure()).map(|end| history.origin(end.id));
    let event = end.or_else(|| history.events().first().map(|event| event.id));
    let micros = member.micros();
    let attempts = attempts(history, &history.scope(ScopeId::ROOT).visits, end);
    Trace { status, spot: Spot::Child(id), event, micros, attempts }
}

/// Children are executions, which may take several items each: how many items there are does not tell how many of them.
fn executions<'a>(family: &'a Family, run: &str) -> Option<&'a Counts> {
    family.map_run(run)?.execution_counts.as_ref()
}

/// How many never began, and how many others are not among those that are recorded.
fn rest(counts: &Counts, known: &[Trace]) -> (u64, u64) {
    let pending = counts.pending.unwrap_or(0);
    let total = counts.total.unwrap_or(0);
    (pending, total.saturating_sub(pending).saturating_sub(known.len() as u64))
}

fn groups(fleet: &Fleet, items: &[Item], traces: &[Trace]) -> Vec<Group> {
    let at = |place: &usize| items.get(*place).and_then(|item| item.at);
    let status = |place: &usize| traces.get(*place).map(|trace| trace.status);
    let failures = fleet.clusters.iter().enumerate().map(|(cluster, it)| {
        let mut places = it.items.clone();
        places.sort_unstable();
        let caught = places.iter().all(|place| status(place) == Some(Status::Caught));
        let status = if caught { Status::Caught } else { Status::Failed };
        Group { status, cluster: Some(cluster), first: it.first, items: places }
    });
    let others = [Status::Waiting, Status::Lost, Status::Running, Status::Aborted, Status::Succeeded].into_iter().map(
        |wanted| {
            let places: Vec<usize> = (0..items.len()).filter(|place| status(place) == Some(wanted)).collect();
            Group { status: wanted, cluster: None, first: places.iter().filter_map(at).min(), items: places }
        },
    );
    failures.chain(others).filter(|group| !group.items.is_empty()).collect()
}
