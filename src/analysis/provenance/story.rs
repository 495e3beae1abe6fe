//! All that is known about what happened.

use crate::analysis::program::Programs;
use crate::asl::State;
use crate::history::{Family, History, MemberId, VisitId};

/// A family of executions with the programs they followed.
#[derive(Debug, Clone, Copy)]
pub struct Story<'a> {
    /// The executions.
    pub family: &'a Family,
    /// Their programs.
    pub programs: &'a Programs,
}

impl<'a> Story<'a> {
    /// Returns the history of a member.
    pub fn history(self, member: MemberId) -> &'a History {
        &self.family.member(member).history
    }

    /// Returns the definition of a visited state.
    pub(super) fn state(self, member: MemberId, visit: VisitId) -> Option<&'a State> {
        self.programs.program(member).ok()?.machine.find(&self.history(member).visit(visit).name)
    }
}
