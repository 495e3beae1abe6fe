//! The details of the events an execution writes.

use super::data::Exit;
use crate::event::{Data, Details, MapIteration, StateEntered, StateExited, Truncation, Variables};
use crate::json::Payload;
use std::sync::Arc;

pub(super) fn entered(name: &Arc<str>, input: &Payload) -> Details {
    Details::StateEntered(StateEntered { name: Arc::clone(name), input: Some(Data::whole(input.clone())) })
}

/// Variables are told only when there are any.
pub(super) fn exited(name: &Arc<str>, exit: &Exit) -> Details {
    let assigned = exit.assigned.as_ref().filter(|assigned| !assigned.is_empty());
    let assigned = assigned.map(|assigned| {
        let values = assigned.iter().map(|(name, value)| (Arc::clone(name), value.clone())).collect();
        Box::new(Variables { values, truncation: Truncation::Whole })
    });
    let output = Some(Data::whole(exit.output.clone()));
    Details::StateExited(StateExited { name: Arc::clone(name), output, assigned })
}

pub(super) fn output(payload: &Payload) -> Details {
    Details::Output(Some(Data::whole(payload.clone())))
}

pub(super) fn iteration(name: &Arc<str>, index: usize) -> Details {
    Details::MapIteration(MapIteration { name: Arc::clone(name), index: index as u64 })
}
