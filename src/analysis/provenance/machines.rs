//! The machines that the executions of a family ran on.

use crate::asl::{Definition, Format, Machine, MachineKind, State};
use crate::history::{Family, History, Link, MemberId, VisitId};
use crate::recording::Recording;
use std::collections::HashMap;
use std::sync::Arc;

/// The machines of a family, as far as their definitions were recorded and AWS would accept them.
#[derive(Debug, Clone)]
pub struct Machines {
    of_members: Vec<Option<Arc<Known>>>,
}

/// A definition and the machine it makes.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) definition: Definition,
    pub(super) machine: Machine,
}

/// A family with its machines: all that is known about what happened.
#[derive(Debug, Clone, Copy)]
pub struct Story<'a> {
    /// The executions.
    pub family: &'a Family,
    /// Their machines.
    pub machines: &'a Machines,
}

impl Machines {
    /// Reads the definitions of a recording; `family` was folded from the same recording.
    pub fn of(recording: &Recording, family: &Family) -> Self {
        let mut by_arn = HashMap::new();
        let mut waiting = vec![recording];
        while let Some(recording) = waiting.pop() {
            if let (Some(arn), Some(known)) = (recording.arn(), Known::of(recording)) {
                by_arn.insert(Arc::clone(arn), Arc::new(known));
            }
            waiting.extend(&recording.children);
            waiting.extend(recording.map_runs.iter().flat_map(|run| &run.executions));
        }
        let mut of_members: Vec<Option<Arc<Known>>> = Vec::new();
        for (_, member) in family.members() {
            let own = || member.described.arn.as_ref().and_then(|arn| by_arn.get(arn)).cloned();
            let known = match member.link {
                Link::Root => Known::of(recording).map(Arc::new),
                Link::Nested { .. } => own(),
                // The items of a distributed Map run a part of their parent's machine.
                Link::Item { parent, .. } => of_members.get(parent.index()).cloned().flatten(),
            };
            of_members.push(known);
        }
        Self { of_members }
    }

    pub(super) fn of_member(&self, member: MemberId) -> Option<&Known> {
        self.of_members.get(member.index())?.as_deref()
    }
}

impl Known {
    fn of(recording: &Recording) -> Option<Self> {
        let text = recording.definition()?.text();
        let express = recording.arn().is_some_and(|arn| arn.contains(":express:"));
        let kind = if express { MachineKind::Express } else { MachineKind::Standard };
        let definition = Definition::read(text, Format::of_text(text));
        let machine = definition.parse(kind).0?;
        Some(Self { definition, machine })
    }
}

impl<'a> Story<'a> {
    /// Returns the history of a member.
    pub fn history(self, member: MemberId) -> &'a History {
        &self.family.member(member).history
    }

    /// Returns the definition of a visited state.
    pub(super) fn state(self, member: MemberId, visit: VisitId) -> Option<&'a State> {
        self.machines.of_member(member)?.machine.find(&self.history(member).visit(visit).name)
    }
}
