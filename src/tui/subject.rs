//! What is on the execution screen: a recording, its histories, and what is derived from them once.

use super::execution::{Failures, Headline, Place, Timeline, Tree};
use super::msg::Target;
use crate::analysis::cause::Fate;
use crate::analysis::graph::Graph;
use crate::analysis::provenance::Story;
use crate::analysis::timeline::Lane;
use crate::analysis::{Diagnosis, Programs, diagnose_with};
use crate::event::Timestamp;
use crate::history::{Family, History, Link, Member, MemberId, Place as Flow};
use crate::recording::Recording;
use crate::replay::find_child;
use std::borrow::Cow;

/// An execution with the executions it started, ready to be looked at. Building one may take a while and needs
/// nothing but the recording, so it is done in the background.
#[derive(Debug)]
pub struct Subject {
    /// Where it was opened from.
    pub target: Target,
    /// What was recorded.
    pub recording: Recording,
    /// What happened.
    pub family: Family,
    /// What went wrong, as plain data.
    pub diagnosis: Diagnosis,
    /// The machine, and those of the executions it started, as a graph.
    pub graph: Graph,
    /// Its flows along the time.
    pub timeline: Timeline,
    /// The definitions, understood when they are looked at.
    pub programs: Programs,
    /// What failed in other executions and did not end this one, in order.
    tolerated: Vec<Place>,
    members: Vec<Derived>,
}

/// What is derived from one member of the family.
#[derive(Debug)]
struct Derived {
    tree: Tree,
    failures: Failures,
    title: Title,
}

/// What an execution is called.
#[derive(Debug, Clone, Default)]
pub struct Title {
    /// Its machine.
    pub machine: String,
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// AWS's word for how it stands.
    pub status: String,
}

impl Subject {
    /// Folds a recording.
    pub fn new(target: Target, recording: Recording) -> Self {
        let family = Family::of(&recording);
        let programs = Programs::of(&recording, &family);
        let diagnosis = diagnose_with(&family, &programs);
        let causes = |id: MemberId| {
            let own = diagnosis.causes.iter().filter(move |finding| finding.place.execution == id);
            own.map(|finding| finding.place.event)
        };
        let derive = |(id, member): (MemberId, &Member)| Derived {
            tree: Tree::new(&family, id),
            failures: Failures::of(&member.history, causes(id)),
            title: title(member, (id == MemberId::ROOT).then_some(&recording)),
        };
        let members: Vec<Derived> = family.members().map(derive).collect();
        let graph = Graph::of(&family, &programs);
        let title = |member: MemberId| members.get(member.index()).map(|member: &Derived| &member.title);
        let timeline = Timeline::of(&family, |lane| {
            title(lane.member).map_or_else(String::new, |title| lane_name(&family, title, lane))
        });
        let tolerated = diagnosis.others.iter().filter(|other| matches!(other.fate, Fate::Tolerated { .. }));
        let places = tolerated.flat_map(|other| std::iter::once(&other.place).chain(&other.alike));
        let tolerated = places.map(|place| Place { member: place.execution, event: place.event }).collect();
        Self { target, recording, family, diagnosis, graph, timeline, programs, tolerated, members }
    }

    /// Returns what went wrong, in words.
    pub fn headline(&self) -> Headline {
        self.headline_at(self.seen())
    }

    /// Returns what went wrong, in words, as seen at a moment.
    pub fn headline_at(&self, now: Option<Timestamp>) -> Headline {
        Headline::of(self, &self.diagnosis, now)
    }

    /// Returns when somebody last looked at it, while it went on.
    pub fn seen(&self) -> Option<Timestamp> {
        let root = self.family.member(MemberId::ROOT);
        root.described.seen.filter(|_| root.history.end().is_none())
    }

    /// Returns all that is known about what happened.
    pub fn story(&self) -> Story<'_> {
        Story { family: &self.family, programs: &self.programs }
    }

    /// Returns the recording of a member; `None` when it is known only from those around it.
    pub fn recording_of(&self, member: MemberId) -> Option<Cow<'_, Recording>> {
        if member == MemberId::ROOT {
            return Some(Cow::Borrowed(&self.recording));
        }
        find_child(&self.recording, self.family.member(member).described.arn.as_deref()?)
    }

    /// Returns the history of a member.
    pub fn history(&self, member: MemberId) -> &History {
        &self.family.member(member).history
    }

    /// Returns the visits of a member as a tree.
    pub fn tree(&self, member: MemberId) -> &Tree {
        &self.derived(member).tree
    }

    /// Returns the failures of a member.
    pub fn failures(&self, member: MemberId) -> &Failures {
        &self.derived(member).failures
    }

    /// Returns the next place, or the one before, where something failed in another execution without ending this one;
    /// from a place that is none of them the first.
    pub fn tolerated_beside(&self, from: Place, forward: bool) -> Option<Place> {
        match (self.tolerated.iter().position(|place| *place == from), forward) {
            (Some(at), true) => self.tolerated.get(at + 1).copied(),
            (Some(at), false) => self.tolerated.get(at.checked_sub(1)?).copied(),
            (None, true) if from.member == MemberId::ROOT => self.tolerated.first().copied(),
            (None, _) => None,
        }
    }

    /// Returns what a member is called.
    pub fn title(&self, member: MemberId) -> &Title {
        &self.derived(member).title
    }

    /// Returns what a lane of the timeline is called.
    pub fn lane_name(&self, lane: &Lane) -> String {
        lane_name(&self.family, self.title(lane.member), lane)
    }

    fn derived(&self, member: MemberId) -> &Derived {
        self.members.get(member.index()).expect("what is derived was derived for every member")
    }
}

/// A branch and an iteration are called by the state around them and their number.
fn lane_name(family: &Family, title: &Title, lane: &Lane) -> String {
    let history = &family.member(lane.member).history;
    match history.scope(lane.scope).place {
        Flow::Branch { of, index, .. } => format!("{}[{index}]", history.visit(of).name),
        Flow::Iteration { of, index, .. } => format!("{}[{index}]", history.visit(of).name),
        Flow::Root if lane.member == MemberId::ROOT && !title.machine.is_empty() => title.machine.clone(),
        // A task names the executions it starts by numbers nobody can read; items are told apart by theirs.
        Flow::Root if matches!(family.member(lane.member).link, Link::Nested { .. }) && !title.machine.is_empty() => {
            title.machine.clone()
        }
        Flow::Root if title.name.is_empty() => "execution".to_owned(),
        Flow::Root => title.name.clone(),
    }
}

/// An execution's ARN names its machine and itself; the recording may know the machine better.
fn title(member: &Member, recording: Option<&Recording>) -> Title {
    let arn = member.described.arn.as_deref().unwrap_or("");
    let mut parts = arn.split(':').skip(6);
    let (machine, name) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let machine = recording.and_then(Recording::machine_name).unwrap_or(machine);
    Title {
        machine: machine.to_owned(),
        name: member.described.name.as_deref().unwrap_or(name).to_owned(),
        arn: member.described.arn.as_deref().map(str::to_owned),
        status: member.status().name().to_owned(),
    }
}
