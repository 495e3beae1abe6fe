//! States that are never entered, and states that never let go.

use super::subject::Subject;
use crate::asl::machine::{StateId, Transition};
use crate::asl::state::StateKind;

/// `UNREACHABLE_STATE`: AWS only sees states that nothing leads to; a ring of states nothing leads into escapes it.
/// `NEEDLESS_END`: a Succeed or Fail state says that it ends.
/// `NEVER_ENDS`: no way leads from here to an end, so that only an error, a time-out or somebody stops the execution.
pub(super) fn check(subject: &mut Subject<'_>) {
    let machine = subject.machine;
    let starts = machine.scopes().map(|(_, scope)| scope.start_at);
    let reached = subject.graph.reachable(starts);
    let ends = machine.states().filter(|state| match &state.kind {
        StateKind::Succeed(_) | StateKind::Fail(_) => true,
        _ => state.transition() == Some(&Transition::End),
    });
    let ending = subject.graph.leading(ends.map(|state| state.id));
    let is = |table: &[bool], id: StateId| table.get(id.index()).copied().unwrap_or_default();
    for (state, node) in subject.states() {
        if let (StateKind::Succeed(_) | StateKind::Fail(_), Some(end)) = (&state.kind, node.get("End")) {
            let message = format!("'{}' ends anyway; a {} state has no field 'End'", state.name, state.kind.name());
            subject.warn("NEEDLESS_END", state.place.pointer.to_string(), end.span, message);
            subject.hint("Remove it.");
        }
    }
    for state in machine.states() {
        let (pointer, span) = (state.place.pointer.to_string(), state.place.span);
        if !is(&reached, state.id) {
            let message = format!("Nothing leads from the start to the state '{}'", state.name);
            subject.warn("UNREACHABLE_STATE", pointer, span, message);
            subject.hint("Let a state that is entered lead to it, or remove it.");
        } else if !is(&ending, state.id) {
            let message = format!("No way leads from the state '{}' to an end", state.name);
            subject.warn("NEVER_ENDS", pointer, span, message);
            subject.hint("Give a state after it 'End': true, or a rule that leads out of the loop.");
        }
    }
}
