//! Where each event belongs, and the threads that lead from event to event of one visit.

use super::{AttemptId, ScopeId, VisitId};
use crate::event::EventId;

/// Where an event belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lineage {
    /// The flow.
    pub scope: ScopeId,
    /// The visit; `None` for events of the execution itself and of iterations.
    pub visit: Option<VisitId>,
    /// The attempt, once there is one.
    pub attempt: Option<AttemptId>,
}

impl Lineage {
    /// Of events of the execution itself.
    pub(super) const ROOT: Self = Self { scope: ScopeId::ROOT, visit: None, attempt: None };
}

/// An event's lineage with its neighbours in the same visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Thread {
    pub(super) lineage: Lineage,
    pub(super) previous: Option<EventId>,
    pub(super) next: Option<EventId>,
}
