//! Where two runs part, and what differed before.

use super::data::{DataChange, Origin, Seen, Visits};
use super::reads::Reads;
use super::run::Run;
use super::steps::{Difference, Spot, Step};
use crate::event::EventId;
use crate::history::{History, MemberId, Outcome, VisitId};
use crate::json::diff::Judge;
use std::collections::{HashMap, HashSet};

/// The first step at which two runs differ in a way that matters, and what led there.
#[derive(Debug, Clone, PartialEq)]
pub struct Divergence {
    /// The step.
    pub step: usize,
    /// In which way they part there.
    pub kind: DivergenceKind,
    /// What differed before, in what the step was given: what it looks at, else all of it.
    pub because: Vec<Reason>,
    /// How many more differences of its input there are.
    pub more: usize,
}

/// In which way two runs part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DivergenceKind {
    /// The state ended another way.
    Outcome,
    /// The state handed on to another one.
    Path,
    /// A state, branch, item or execution is there on one side only.
    OneSided,
    /// It took another number of attempts, but ended the same way.
    Attempts,
    /// The way is the same; the data differs.
    Data,
}

/// A difference of the input that may be the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The difference.
    pub change: DataChange,
    /// Whether the definition of the state looks at this place.
    pub read: bool,
    /// Where the difference was seen first.
    pub origin: Option<Origin>,
}

/// Reasons that are listed.
const REASONS: usize = 8;

pub(super) fn divergence(runs: [&Run<'_>; 2], steps: &[Step], seen: &Seen, judge: &dyn Judge) -> Option<Divergence> {
    let finder = Finder::new(runs, steps);
    let (step, kind) = finder.find()?;
    let mut divergence = Divergence { step, kind, because: Vec::new(), more: 0 };
    if kind != DivergenceKind::Data {
        explain(runs, steps, seen, judge, &mut divergence);
    }
    Some(divergence)
}

/// Says what differed in what the step was given.
fn explain(runs: [&Run<'_>; 2], steps: &[Step], seen: &Seen, judge: &dyn Judge, divergence: &mut Divergence) {
    let Some(step) = steps.get(divergence.step) else { return };
    let Some((was, is)) = step.visits() else { return };
    let visits = Visits::of(runs, was, is);
    let name = &visits.new.0.visit(visits.new.1).name;
    let reads =
        runs.into_iter().filter_map(|run| run.definition.as_ref()).map(|definition| Reads::of(definition, name));
    let reads = reads.reduce(Reads::and).unwrap_or_default();
    let reason = |change: DataChange| {
        let origin = seen.origin(&change).filter(|origin| origin.step != Some(divergence.step)).cloned();
        Reason { read: reads.contains(&change), origin, change }
    };
    let mut reasons: Vec<Reason> = visits.input(judge).changes.into_iter().map(reason).collect();
    let read = reasons.iter().filter(|reason| reason.read).count();
    reasons.sort_by_key(|reason| !reason.read);
    divergence.more = reasons.len();
    reasons.truncate(if read > 0 { read.min(REASONS) } else { REASONS });
    divergence.more -= reasons.len();
    divergence.because = reasons;
}

struct Finder<'r, 'a> {
    runs: [&'r Run<'a>; 2],
    steps: &'r [Step],
    children: HashMap<Option<usize>, Vec<usize>>,
}

impl<'r, 'a> Finder<'r, 'a> {
    fn new(runs: [&'r Run<'a>; 2], steps: &'r [Step]) -> Self {
        let mut children: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
        for (place, step) in steps.iter().enumerate() {
            children.entry(step.parent).or_default().push(place);
        }
        Self { runs, steps, children }
    }

    /// What changes the end of a flow comes first, then what changes a flow that ends the same way, then what only
    /// took longer, then data.
    fn find(&self) -> Option<(usize, DivergenceKind)> {
        let outermost = self.lasting(None).map(|(step, kind)| self.inmost(step, kind));
        let inside = || {
            let mut parents: Vec<Option<usize>> = self.children.keys().copied().filter(Option::is_some).collect();
            parents.sort_unstable();
            parents.into_iter().find_map(|parent| self.lasting(parent))
        };
        let passing = || (0..self.steps.len()).find_map(|step| Some((step, self.passing(step)?)));
        let data = || {
            let place = self.steps.iter().position(|step| !step.data.is_empty())?;
            Some((place, DivergenceKind::Data))
        };
        outermost.or_else(inside).or_else(passing).or_else(data)
    }

    /// The first step of a flow that ended another way, or led where the other run never was.
    fn lasting(&self, parent: Option<usize>) -> Option<(usize, DivergenceKind)> {
        let level = self.children.get(&parent)?;
        let names = |side: usize| -> HashSet<&str> { level.iter().filter_map(|step| self.name(*step, side)).collect() };
        let names = [names(0), names(1)];
        let foreign = |name: Option<&str>, side: usize| name.is_some_and(|name| !names[1 - side].contains(name));
        let mut found: Vec<(bool, usize, DivergenceKind)> = Vec::new();
        for place in level {
            let step = self.steps.get(*place)?;
            let kind = step.differences.iter().find_map(|difference| match difference {
                Difference::Outcome { .. } => Some(DivergenceKind::Outcome),
                Difference::Next { old, new } => {
                    (foreign(old.as_deref(), 0) || foreign(new.as_deref(), 1)).then_some(DivergenceKind::Path)
                }
                Difference::Attempts { .. } => None,
            });
            let one_sided = || {
                let stranger = foreign(self.name(*place, 0), 0) || foreign(self.name(*place, 1), 1);
                ((step.old.is_none() || step.new.is_none()) && stranger).then_some(DivergenceKind::OneSided)
            };
            if let Some(kind) = kind.or_else(one_sided) {
                found.push((self.is_aborted(step), *place, kind));
            }
        }
        // What was aborted was aborted because of something else.
        found.into_iter().min_by_key(|(aborted, place, _)| (*aborted, *place)).map(|(_, place, kind)| (place, kind))
    }

    fn passing(&self, place: usize) -> Option<DivergenceKind> {
        let step = self.steps.get(place)?;
        if step.old.is_none() || step.new.is_none() {
            return Some(DivergenceKind::OneSided);
        }
        match step.differences.first()? {
            Difference::Outcome { .. } => Some(DivergenceKind::Outcome),
            Difference::Next { .. } => Some(DivergenceKind::Path),
            Difference::Attempts { .. } => Some(DivergenceKind::Attempts),
        }
    }

    /// Goes from a container that ended another way down to the step inside where that began.
    fn inmost(&self, step: usize, kind: DivergenceKind) -> (usize, DivergenceKind) {
        if kind != DivergenceKind::Outcome {
            return (step, kind);
        }
        if let Some(found) = self.origin(step) {
            return found;
        }
        let (mut at, mut kind) = (step, kind);
        while let Some((inner, inner_kind)) = self.inside(at) {
            (at, kind) = (inner, inner_kind);
        }
        (at, kind)
    }

    /// The step whose failure a container reports.
    fn origin(&self, container: usize) -> Option<(usize, DivergenceKind)> {
        let step = self.steps.get(container)?;
        let (was, is) = step.visits()?;
        let failed = |side: usize, (member, visit): (MemberId, VisitId)| {
            let history = self.runs[side].history(member);
            let by = history.visit(visit).outcome.failure()?;
            visit_failing(history, by).filter(|inner| *inner != visit).map(|inner| Spot::Visit(member, inner))
        };
        let (old, new) = (failed(0, was), failed(1, is));
        let of = |step: &Step| new.is_some() && step.new == new || new.is_none() && old.is_some() && step.old == old;
        let found = self.steps.iter().skip(container).position(of).map(|place| place + container);
        // The flow it failed in may be on one side only.
        let scope = || {
            let Some(Spot::Visit(member, visit)) = new.or(old) else { return None };
            let history = self.runs[usize::from(new.is_some())].history(member);
            let outward =
                history.scopes_above(history.visit(visit).scope).map(|scope| Some(Spot::Scope(member, scope)));
            let spots: HashSet<Option<Spot>> = outward.collect();
            self.steps.iter().rposition(|step| {
                (step.old.is_none() || step.new.is_none())
                    && spots.contains(if new.is_some() { &step.new } else { &step.old })
            })
        };
        let place = found.or_else(scope)?;
        let step = self.steps.get(place)?;
        let one_sided = step.old.is_none() || step.new.is_none();
        Some((place, if one_sided { DivergenceKind::OneSided } else { DivergenceKind::Outcome }))
    }

    /// The first step that ended another way in the flows and executions inside a step.
    fn inside(&self, step: usize) -> Option<(usize, DivergenceKind)> {
        let flows = self.children.get(&Some(step))?;
        flows.iter().find_map(|flow| self.lasting(Some(*flow)))
    }

    fn name(&self, step: usize, side: usize) -> Option<&'a str> {
        let step = self.steps.get(step)?;
        match if side == 0 { step.old? } else { step.new? } {
            Spot::Visit(member, visit) => Some(&self.runs[side].history(member).visit(visit).name),
            Spot::Scope(..) | Spot::Execution(_) => None,
        }
    }

    fn is_aborted(&self, step: &Step) -> bool {
        [step.old, step.new].into_iter().enumerate().any(|(side, spot)| match spot {
            Some(Spot::Visit(member, visit)) => {
                matches!(self.runs[side].history(member).visit(visit).outcome, Outcome::Aborted { .. })
            }
            _ => false,
        })
    }
}

/// The visit a failure began in.
fn visit_failing(history: &History, by: EventId) -> Option<VisitId> {
    history.visit_of(by).or_else(|| {
        let mut failing = history.visits().filter(|(_, visit)| visit.outcome.failure() == Some(by));
        failing.next_back().map(|(id, _)| id)
    })
}
