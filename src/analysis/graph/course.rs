//! What a run did in a graph.

use super::seen::with_items;
use super::{Graph, LinkId, Machinery, NodeId};
use crate::analysis::Status;
use crate::event::{EventId, Timestamp};
use crate::history::{AttemptKind, Family, History, Link as Origin, MemberId, Outcome, Place, ScopeId, Visit, VisitId};
use crate::recording::Status as Ended;
use std::collections::HashMap;

/// What happened in the states and on the links of a graph.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    standings: Vec<Standing>,
    taken: Vec<Option<Taken>>,
    machineries: HashMap<MemberId, Machinery>,
}

/// What happened in a state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// The visits, those of an execution in the order they were entered.
    pub visits: Vec<Visited>,
    /// How it stands: by the last visit of each flow, the worst of them; `None` when it was not reached.
    pub status: Option<Status>,
    /// How many attempts were retries.
    pub retries: usize,
    /// How many visits failed, caught or not.
    pub failed: usize,
    /// How the items of a Map stand.
    pub items: Option<Items>,
}

/// A visit, and the execution it was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visited {
    /// The visit.
    pub visit: VisitId,
    /// When it began.
    pub entered: Moment,
}

/// An event of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The execution.
    pub member: MemberId,
    /// Its event.
    pub event: EventId,
    /// When that happened.
    pub at: Timestamp,
}

/// How often a link was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How often.
    pub times: usize,
    /// When for the first time.
    pub first: Moment,
}

/// How the items of a Map stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Items {
    /// How many went well.
    pub succeeded: u64,
    /// How many there are.
    pub all: u64,
}

/// Which iterations are looked at: those an event is in, and of the other Maps all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Focus(Vec<(NodeId, Instance)>);

/// One of the flows that run side by side in a Map, or one of the executions a task started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Instance {
    Iteration(MemberId, ScopeId),
    Execution(MemberId),
}

impl Moment {
    /// Tells whether it comes after another one: by their order in one execution, by time in different ones.
    pub fn is_after(self, other: Self) -> bool {
        if self.member == other.member { self.event > other.event } else { self.at > other.at }
    }
}

impl Focus {
    fn shows(&self, chain: &[(NodeId, Instance)]) -> bool {
        let conflict = |(node, instance): &(NodeId, Instance)| {
            self.0.iter().any(|(known, wanted)| known == node && wanted != instance)
        };
        !chain.iter().any(conflict)
    }

    /// Tells whether one iteration, or one started execution, of that state is looked at.
    pub fn is_in(&self, node: NodeId) -> bool {
        self.0.iter().any(|(known, _)| *known == node)
    }
}

impl Course {
    /// Returns what a family of executions did in its graph, as far as the focus lets one see.
    pub fn of(graph: &Graph, family: &Family, focus: &Focus) -> Self {
        let mut course = Self {
            standings: vec![Standing::default(); graph.nodes.len()],
            taken: vec![None; graph.links.len()],
            machineries: machineries(graph, family),
        };
        let mut last = HashMap::new();
        for (member, _) in family.members() {
            course.add(graph, family, member, focus, &mut last);
        }
        for ((node, ..), status) in last {
            if let Some(standing) = course.standings.get_mut(NodeId::index(node)) {
                standing.status = standing.status.max(Some(status));
            }
        }
        course
    }

    /// The course of a machine nobody has run.
    pub fn none(graph: &Graph) -> Self {
        Self {
            standings: vec![Standing::default(); graph.nodes.len()],
            taken: vec![None; graph.links.len()],
            machineries: HashMap::new(),
        }
    }

    /// Adds what another family of executions did in the same graph. A state stands as the worse of both.
    pub fn merge(&mut self, other: Self) {
        for (standing, other) in self.standings.iter_mut().zip(other.standings) {
            standing.visits.extend(other.visits);
            standing.status = standing.status.max(other.status);
            standing.retries += other.retries;
            standing.failed += other.failed;
            if let Some(items) = other.items {
                let known = standing.items.get_or_insert_default();
                known.succeeded += items.succeeded;
                known.all += items.all;
            }
        }
        for (taken, other) in self.taken.iter_mut().zip(other.taken) {
            match (taken.as_mut(), other) {
                (Some(taken), Some(other)) => taken.times += other.times,
                (None, other) => *taken = other,
                (Some(_), None) => {}
            }
        }
    }

    /// Tells whether anything was visited at all.
    pub fn is_empty(&self) -> bool {
        self.standings.iter().all(|standing| standing.visits.is_empty())
    }

    /// Returns what happened in a state.
    pub fn standing(&self, node: NodeId) -> &Standing {
        self.standings.get(node.index()).expect("a course has a standing for each state of its graph")
    }

    /// Returns how often a link was taken; `None` when it was not.
    pub fn taken(&self, link: LinkId) -> Option<Taken> {
        self.taken.get(link.index()).copied().flatten()
    }

    /// Returns the state an event of an execution belongs to: for events of an iteration itself the Map.
    pub fn node_at(&self, graph: &Graph, family: &Family, member: MemberId, event: EventId) -> Option<NodeId> {
        let history = &family.member(member).history;
        match history.visit_of(event) {
            Some(visit) => graph.named(*self.machineries.get(&member)?, &history.visit(visit).name),
            None => container_of(graph, &self.machineries, family, member),
        }
    }

    /// Returns which iterations an event is in.
    pub fn focus_at(&self, graph: &Graph, family: &Family, member: MemberId, event: EventId) -> Focus {
        let scope = family.member(member).history.lineage(event).map_or(ScopeId::ROOT, |lineage| lineage.scope);
        Focus(chain(graph, &self.machineries, family, member, scope))
    }

    fn add(
        &mut self,
        graph: &Graph,
        family: &Family,
        member: MemberId,
        focus: &Focus,
        last: &mut HashMap<(NodeId, MemberId, ScopeId), Status>,
    ) {
        let Some(machinery) = self.machineries.get(&member).copied() else { return };
        let history = &family.member(member).history;
        let mut shown: HashMap<ScopeId, bool> = HashMap::new();
        for (id, visit) in history.visits() {
            let machineries = &self.machineries;
            let shows = |scope| focus.shows(&chain(graph, machineries, family, member, scope));
            if !*shown.entry(visit.scope).or_insert_with(|| shows(visit.scope)) {
                continue;
            }
            let Some(node) = graph.named(machinery, &visit.name) else { continue };
            let Some(entered) = moment(history, member, visit.entered.or(visit.ended)) else { continue };
            last.insert((node, member, visit.scope), Status::of_visit(history, id));
            let Some(standing) = self.standings.get_mut(node.index()) else { continue };
            standing.visits.push(Visited { visit: id, entered });
            standing.failed += usize::from(visit.outcome.failure().is_some());
            let retried = |attempt: &&_| history.attempt(**attempt).kind == AttemptKind::Retry;
            standing.retries += visit.attempts.iter().filter(retried).count();
            if visit.kind == crate::event::StateType::Map {
                let items = items(family, member, id, visit);
                let known = standing.items.get_or_insert_default();
                known.succeeded += items.succeeded;
                known.all += items.all;
            }
            self.take(graph, history, machinery, member, node, visit);
        }
    }

    fn take(
        &mut self,
        graph: &Graph,
        history: &History,
        machinery: Machinery,
        member: MemberId,
        from: NodeId,
        visit: &Visit,
    ) {
        let Some(next) = visit.next.map(|next| history.visit(next)) else { return };
        let Some((to, first)) = graph.named(machinery, &next.name).zip(moment(history, member, next.entered)) else {
            return;
        };
        let catches = matches!(visit.outcome, Outcome::Caught { .. });
        let fits = |id: &&LinkId| {
            let link = graph.link(**id);
            (link.from, link.to, link.catches) == (from, to, catches)
        };
        let link = graph.flow(graph.node(from).flow).links.iter().find(fits);
        if let Some(taken) = link.and_then(|link| self.taken.get_mut(link.index())) {
            let known = taken.get_or_insert(Taken { times: 0, first });
            known.times += 1;
            if known.first.is_after(first) {
                known.first = first;
            }
        }
    }
}

fn moment(history: &History, member: MemberId, event: Option<EventId>) -> Option<Moment> {
    let event = event?;
    Some(Moment { member, event, at: history.event(event)?.timestamp })
}

/// The items of a distributed Map are counted by AWS or, failing that, by their executions.
fn items(family: &Family, member: MemberId, id: VisitId, visit: &Visit) -> Items {
    let history = &family.member(member).history;
    if let Some(arn) = &visit.map_run_arn {
        let counts = family.map_run(arn).and_then(|run| run.item_counts.as_ref());
        if let Some((succeeded, all)) = counts.and_then(|counts| counts.succeeded.zip(counts.total)) {
            return Items { succeeded, all };
        }
        let executions = family.items_of(member, id);
        let all: Vec<bool> = executions.map(|item| family.member(item).status() == Ended::Succeeded).collect();
        return Items { succeeded: all.iter().filter(|fine| **fine).count() as u64, all: all.len() as u64 };
    }
    let Some(last) = visit.attempts.last().copied() else { return Items::default() };
    let scopes = visit.children.iter().map(|scope| history.scope(*scope));
    let fine = scopes
        .filter(|scope| scope.attempt() == Some(last) && scope.outcome == crate::history::ScopeOutcome::Succeeded);
    Items { succeeded: fine.count() as u64, all: history.items_of(id, last) }
}

/// Finds the machine of each execution; parents come before their children.
fn machineries(graph: &Graph, family: &Family) -> HashMap<MemberId, Machinery> {
    let mut known: HashMap<MemberId, Machinery> = HashMap::new();
    let mut root = Vec::new();
    with_items(family, MemberId::ROOT, &mut root);
    known.extend(root.into_iter().map(|member| (member, Machinery::default())));
    for (id, member) in family.members() {
        let machinery = match member.link {
            Origin::Root => Some(Machinery::default()),
            Origin::Item { parent, .. } => known.get(&parent).copied(),
            Origin::Nested { parent, task: Some((visit, _)) } => {
                let name = &family.member(parent).history.visit(visit).name;
                let task = known.get(&parent).and_then(|machinery| graph.named(*machinery, name));
                task.and_then(|task| graph.started.get(&task)).copied()
            }
            Origin::Nested { task: None, .. } => None,
        };
        known.extend(machinery.map(|machinery| (id, machinery)));
    }
    known
}

/// The state that an execution was started by, or is an item of.
fn container_of(
    graph: &Graph,
    machineries: &HashMap<MemberId, Machinery>,
    family: &Family,
    member: MemberId,
) -> Option<NodeId> {
    let (parent, visit) = match family.member(member).link {
        Origin::Root => return None,
        Origin::Nested { parent, task } => (parent, task?.0),
        Origin::Item { parent, map } => (parent, map?),
    };
    graph.named(*machineries.get(&parent)?, &family.member(parent).history.visit(visit).name)
}

/// The Maps and tasks around a scope, and which of their flows the scope is in.
fn chain(
    graph: &Graph,
    machineries: &HashMap<MemberId, Machinery>,
    family: &Family,
    member: MemberId,
    scope: ScopeId,
) -> Vec<(NodeId, Instance)> {
    let mut chain = Vec::new();
    let (mut member, mut scope) = (member, scope);
    loop {
        let history = &family.member(member).history;
        for scope in history.scopes_above(scope) {
            if let Place::Iteration { of, .. } = history.scope(scope).place {
                let machinery = machineries.get(&member).copied().unwrap_or_default();
                let map = graph.named(machinery, &history.visit(of).name);
                chain.extend(map.map(|map| (map, Instance::Iteration(member, scope))));
            }
        }
        let (parent, visit) = match family.member(member).link {
            Origin::Root => return chain,
            Origin::Nested { parent, task } => (parent, task.map(|(visit, _)| visit)),
            Origin::Item { parent, map } => (parent, map),
        };
        let around = container_of(graph, machineries, family, member);
        chain.extend(around.map(|node| (node, Instance::Execution(member))));
        scope = visit.map_or(ScopeId::ROOT, |visit| family.member(parent).history.visit(visit).scope);
        member = parent;
    }
}
