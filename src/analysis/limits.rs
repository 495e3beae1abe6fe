//! Which of AWS's limits an execution came near to or reached: what is worth a word beside its failure. All that was
//! used is told by the [budget](mod@super::budget).

use super::budget::near;
use crate::event::EventId;
use crate::history::{Member, VisitId};
use crate::interpreter::MAX_EVENTS;
pub use crate::interpreter::MAX_PAYLOAD;
use crate::json::Payload;
use crate::recording::is_express;
use std::sync::Arc;

/// A limit that is near or reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tight {
    /// The bytes of a payload.
    Payload {
        /// The state with the largest input or output.
        state: Arc<str>,
        /// The event that shows it.
        event: EventId,
        /// How many bytes it has.
        used: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The events of a Standard execution.
    Events {
        /// How many there are.
        used: usize,
        /// How many there may be.
        limit: usize,
    },
}

/// The error of a payload that was too large; what was too large is not recorded.
pub const TOO_LARGE: &str = "States.DataLimitExceeded";

/// Returns the limits an execution came near to.
pub fn tight(member: &Member) -> Vec<Tight> {
    let payload = largest(member).filter(|(used, ..)| near(*used, MAX_PAYLOAD));
    let payload = payload.map(|(used, visit, event)| {
        let state = Arc::clone(&member.history.visit(visit).name);
        Tight::Payload { state, event, used, limit: MAX_PAYLOAD }
    });
    let (used, limit) = (member.history.events().len(), MAX_EVENTS as usize);
    let express = member.described.arn.as_deref().is_some_and(is_express);
    let events = (!express && near(used, limit)).then_some(Tight::Events { used, limit });
    payload.into_iter().chain(events).collect()
}

/// The largest input or output of a state, among those that may be near the limit.
fn largest(member: &Member) -> Option<(usize, VisitId, EventId)> {
    let history = &member.history;
    let sizes = history.visits().flat_map(|(id, visit)| {
        let input = history.input(id).zip(visit.entered);
        let output = history.output(id).zip(visit.ended);
        // Most payloads need not be decoded to see that they are small.
        let large = move |(payload, event): (&Payload, EventId)| {
            near(payload.most_bytes(), MAX_PAYLOAD).then(|| (payload.size(), id, event))
        };
        [input, output].into_iter().flatten().filter_map(large)
    });
    sizes.max_by_key(|(size, ..)| *size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::tests::notation::read;
    use crate::history::{Described, Family, MemberId};

    fn of(events: &str, arn: Option<&str>) -> Vec<Tight> {
        let described = Described { arn: arn.map(Into::into), ..Described::default() };
        let family = Family::new(described, read(events).into_iter().collect());
        tight(family.member(MemberId::ROOT))
    }

    #[test]
    fn a_payload_near_its_limit_is_named_with_its_state() {
        let events = |bytes: usize| {
            let out = "x".repeat(bytes - 2);
            format!(
                "1 ExecutionStarted in={{}}\n2<1 PassStateEntered Small in={{}}\n3<2 PassStateExited Small out=\"{out}\""
            )
        };
        let expected =
            Tight::Payload { state: "Small".into(), event: EventId::new(3).unwrap(), used: 250_000, limit: 262_144 };
        assert_eq!(of(&events(250_000), None), [expected]);
        assert_eq!(of(&events(200_000), None), []);
    }

    #[test]
    fn only_standard_executions_may_run_out_of_events() {
        let events: String = (1..=24_000).map(|id| format!("{id}<{} ExecutionStarted\n", id - 1)).collect();
        assert_eq!(of(&events, None), [Tight::Events { used: 24_000, limit: 25_000 }]);
        assert_eq!(of(&events, Some("arn:aws:states:eu-west-1:1:express:M:e:1")), []);
    }
}
