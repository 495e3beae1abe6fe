//! One side of a comparison.

use crate::event::Timestamp;
use crate::history::{Family, History, MemberId, ScopeId};
use crate::recording::Recording;
use serde_json::Value;

/// One side of a comparison: an execution, with those it started and the definition it ran.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// The execution and those it started.
    pub family: &'a Family,
    /// The definition, where it is known.
    pub definition: Option<Value>,
}

/// One flow of one side: what is compared with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// The execution.
    pub member: MemberId,
    /// The flow in it.
    pub scope: ScopeId,
}

impl Flow {
    /// The flow of the execution asked about.
    pub const ROOT: Self = Self { member: MemberId::ROOT, scope: ScopeId::ROOT };
}

impl<'a> Run<'a> {
    /// The side that a recording is.
    pub fn of(recording: &Recording, family: &'a Family) -> Self {
        let definition = recording.definition().and_then(|definition| serde_json::from_str(definition.text()).ok());
        Self { family, definition }
    }

    /// Returns the history of an execution of this side.
    pub fn history(&self, member: MemberId) -> &'a History {
        &self.family.member(member).history
    }

    /// Returns the name of the execution.
    pub fn name(&self) -> Option<&'a str> {
        self.family.member(MemberId::ROOT).described.name.as_deref()
    }

    pub(super) fn started(&self) -> Option<Timestamp> {
        self.family.root().started_at()
    }

    pub(super) fn last(&self) -> Option<Timestamp> {
        self.family.root().last_at()
    }
}
