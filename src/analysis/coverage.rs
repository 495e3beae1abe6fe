//! What of a machine some executions went through, and what none of them ever tried.

use super::explain::{About, CatchVerdict, Explanation, RetryVerdict, error_name};
use super::graph::{Course, Focus, Graph, label};
use super::program::Programs;
use super::scene::Scene;
use crate::asl::graph::{Edge, Graph as Transitions, Reason};
use crate::asl::{Machine, Retrier, State};
use crate::event::StateType;
use crate::history::{Family, Link, MemberId, Outcome, VisitId};
use crate::recording::Recording;
use indexmap::IndexMap;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A part of a machine that an execution may go through.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// A state.
    State(Arc<str>),
    /// The way from a state to another one: a transition, or that of a catcher.
    Transition {
        /// The state that ends.
        from: Arc<str>,
        /// The state that follows.
        to: Arc<str>,
        /// Whether a catcher leads there.
        catches: bool,
    },
    /// A rule of a Choice, from 0; `None` is its `Default`.
    Rule(Arc<str>, Option<usize>),
    /// A retrier of a state, from 0.
    Retrier(Arc<str>, usize),
    /// A catcher of a state, from 0.
    Catcher(Arc<str>, usize),
}

/// The kinds of parts, in the order they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartKind {
    /// States.
    State,
    /// Transitions.
    Transition,
    /// Rules of Choice states, `Default` among them.
    Rule,
    /// Retriers.
    Retrier,
    /// Catchers.
    Catcher,
}

/// How often executions went through the parts of a machine.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// What the machine is called.
    pub machine: String,
    /// How many executions there were.
    pub executions: usize,
    /// The machine as a graph.
    pub graph: Graph,
    /// What the executions did in it.
    pub course: Course,
    parts: IndexMap<Part, Counted>,
}

/// How often a part was gone through, and what it is in few words: a condition, the names of errors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// How often.
    pub times: u64,
    /// In few words; may be empty.
    pub label: String,
    /// Where a rule or a catcher leads.
    pub next: Option<Arc<str>>,
}

/// What one execution went through, with those of the items of its distributed Maps.
#[derive(Debug)]
pub struct Seen {
    family: Family,
    times: HashMap<Part, u64>,
}

impl PartKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::State, Self::Transition, Self::Rule, Self::Retrier, Self::Catcher];

    /// Returns the word for one of them.
    pub fn noun(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Transition => "transition",
            Self::Rule => "choice rule",
            Self::Retrier => "retrier",
            Self::Catcher => "catcher",
        }
    }
}

impl Part {
    /// Returns what kind of part it is.
    pub fn kind(&self) -> PartKind {
        match self {
            Self::State(_) => PartKind::State,
            Self::Transition { .. } => PartKind::Transition,
            Self::Rule(..) => PartKind::Rule,
            Self::Retrier(..) => PartKind::Retrier,
            Self::Catcher(..) => PartKind::Catcher,
        }
    }
}

impl Coverage {
    /// A machine that nobody has run.
    pub fn of(name: impl Into<String>, machine: &Machine) -> Self {
        let graph = Graph::of_machine(machine);
        let course = Course::none(&graph);
        let mut parts = IndexMap::new();
        let transitions = Transitions::of(machine);
        for state in machine.states() {
            add_parts(machine, state, transitions.from(state.id), &mut parts);
        }
        Self { machine: name.into(), executions: 0, graph, course, parts }
    }

    /// Counts an execution. What the machine does not have is not counted.
    pub fn add(&mut self, seen: &Seen) {
        self.executions += 1;
        for (part, times) in &seen.times {
            if let Some(counted) = self.parts.get_mut(part) {
                counted.times += times;
            }
        }
        self.course.merge(Course::of(&self.graph, &seen.family, &Focus::default()));
    }

    /// Returns the parts in the order of the definition, with how often they were gone through.
    pub fn parts(&self) -> impl Iterator<Item = (&Part, &Counted)> {
        self.parts.iter()
    }

    /// Returns how many parts of a kind were gone through, and how many there are.
    pub fn share(&self, kind: PartKind) -> (usize, usize) {
        let of_kind = || self.parts.iter().filter(|(part, _)| part.kind() == kind);
        (of_kind().filter(|(_, counted)| counted.times > 0).count(), of_kind().count())
    }
}

fn add_parts(machine: &Machine, state: &State, edges: &[Edge], parts: &mut IndexMap<Part, Counted>) {
    let name = || Arc::clone(&state.name);
    parts.insert(Part::State(name()), Counted::default());
    for edge in edges {
        let to = Arc::clone(&machine[edge.to].name);
        let catches = matches!(edge.reason, Reason::Catch(_));
        let transition = Part::Transition { from: name(), to: Arc::clone(&to), catches };
        parts.entry(transition).or_default();
        let part = match edge.reason {
            Reason::Next => continue,
            Reason::Choice(rule) => Part::Rule(name(), Some(rule)),
            Reason::Default => Part::Rule(name(), None),
            Reason::Catch(catcher) => Part::Catcher(name(), catcher),
        };
        parts.insert(part, Counted { times: 0, label: label(state, edge.reason), next: Some(to) });
    }
    // One that may not retry is there to keep the others from doing so: no execution can go through it.
    let retries = |(_, retrier): &(usize, &Retrier)| retrier.max_attempts > 0;
    for (place, retrier) in state.retriers().iter().enumerate().filter(retries) {
        let errors = retrier.error_equals.iter().map(error_name).collect::<Vec<_>>().join(", ");
        parts.insert(Part::Retrier(name(), place), Counted { times: 0, label: errors, next: None });
    }
}

impl Seen {
    /// Looks at what an execution went through; the recording must hold its definition for more than states and
    /// transitions to be told.
    pub fn of(recording: &Recording) -> Self {
        let family = Family::of(recording);
        let programs = Programs::of(recording, &family);
        let mut times = HashMap::new();
        for member in with_items(&family) {
            let history = &family.member(member).history;
            for (id, visit) in history.visits() {
                let mut count = |part: Part| *times.entry(part).or_default() += 1;
                count(Part::State(Arc::clone(&visit.name)));
                if let Some(next) = visit.next {
                    let catches = matches!(visit.outcome, Outcome::Caught { .. });
                    let (from, to) = (Arc::clone(&visit.name), Arc::clone(&history.visit(next).name));
                    count(Part::Transition { from, to, catches });
                }
                let failed = |id: &_| history.attempt(*id).outcome.failure().is_some();
                let failed = visit.attempts.iter().any(failed) || visit.outcome.failure().is_some();
                if visit.kind == StateType::Choice || failed {
                    explained(&family, &programs, member, id, &mut count);
                }
            }
        }
        Self { family, times }
    }
}

/// Counts what a visit decided: the rule that held, the retriers and the catcher that took failures.
fn explained(family: &Family, programs: &Programs, member: MemberId, visit: VisitId, count: &mut impl FnMut(Part)) {
    let history = &family.member(member).history;
    let Ok(scene) = Scene::of(programs, member, history, visit, None) else { return };
    let Ok(explanation) = Explanation::of(&scene) else { return };
    let name = || Arc::clone(&scene.state.name);
    if let (About::Choice(choice), Some(next)) = (&explanation.about, &explanation.next) {
        let leads = |rule: usize| choice.rules.get(rule).is_some_and(|rule| rule.next == *next);
        let to_default = choice.default.as_ref().is_some_and(|(default, _)| default == next);
        // The history says where it went; of rules that cannot be evaluated any more, the first one that leads there.
        let rule = choice.decided.filter(|rule| leads(*rule));
        let rule = rule.or_else(|| (0..choice.rules.len()).find(|rule| leads(*rule)).filter(|_| !to_default));
        count(Part::Rule(name(), rule));
    }
    for handling in &explanation.handling {
        let retried = |verdict: &RetryVerdict| matches!(verdict, RetryVerdict::Retried { .. });
        let retrier = handling.retriers.iter().position(|seen| retried(&seen.verdict));
        let caught = |verdict: CatchVerdict| verdict == CatchVerdict::Caught;
        let catcher = handling.catchers.iter().position(|seen| caught(seen.verdict));
        let taken = [retrier.map(|it| Part::Retrier(name(), it)), catcher.map(|it| Part::Catcher(name(), it))];
        taken.into_iter().flatten().for_each(&mut *count);
    }
}

/// The executions that run the machine of the one asked about: itself, and the items of its distributed Maps.
fn with_items(family: &Family) -> Vec<MemberId> {
    let mut known = HashSet::new();
    let mut found = Vec::new();
    for (id, member) in family.members() {
        let belongs = match member.link {
            Link::Root => true,
            Link::Item { parent, .. } => known.contains(&parent),
            Link::Nested { .. } => false,
        };
        if belongs {
            known.insert(id);
            found.push(id);
        }
    }
    found
}
