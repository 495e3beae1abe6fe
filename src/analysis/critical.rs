//! What a run's length came from: the visits that, had they been faster, would have ended it earlier.
//!
//! Of states that follow each other all count. Of flows side by side the one counts that ended last, or that failed
//! and so ended the container; when that one began only after others of the same container had ended, as items do when
//! only so many run at once, those it waited for count too.

use crate::event::Timestamp;
use crate::history::{Family, History, MemberId, Outcome, ScopeId, VisitId};
use std::collections::HashSet;

/// The visits and flows that a run's length came from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Critical {
    visits: HashSet<(MemberId, VisitId)>,
    flows: HashSet<(MemberId, ScopeId)>,
}

/// A flow with its times.
struct Flow {
    member: MemberId,
    scope: ScopeId,
    from: Timestamp,
    to: Timestamp,
}

impl Critical {
    /// Finds them, from the end of the execution asked about.
    pub fn of(family: &Family) -> Self {
        let mut critical = Self::default();
        let mut left = vec![(MemberId::ROOT, ScopeId::ROOT)];
        while let Some((member, scope)) = left.pop() {
            if !critical.flows.insert((member, scope)) {
                continue;
            }
            for visit in &family.member(member).history.scope(scope).visits {
                critical.visits.insert((member, *visit));
                left.extend(deciding(family, member, *visit));
            }
        }
        critical
    }

    /// Tells whether the run's length came from this visit.
    pub fn has_visit(&self, member: MemberId, visit: VisitId) -> bool {
        self.visits.contains(&(member, visit))
    }

    /// Tells whether the run's length came from this flow.
    pub fn has_flow(&self, member: MemberId, scope: ScopeId) -> bool {
        self.flows.contains(&(member, scope))
    }
}

/// The flows inside of a visit that its length came from.
fn deciding(family: &Family, member: MemberId, id: VisitId) -> Vec<(MemberId, ScopeId)> {
    let flows = flows(family, member, id);
    let history = &family.member(member).history;
    let failed = match history.visit(id).outcome {
        Outcome::Failed { by } | Outcome::TimedOut { by } | Outcome::Caught { failure: by } => history.lineage(by),
        _ => None,
    };
    // Where the failure was deeper inside, the flow around it is meant.
    let around = failed.map(|lineage| history.scopes_above(lineage.scope).collect::<Vec<_>>()).unwrap_or_default();
    let failing = flows.iter().position(|flow| flow.member == member && around.contains(&flow.scope));
    let last = (0..flows.len()).max_by_key(|place| flows[*place].to);
    let mut found = Vec::new();
    let mut next = failing.or(last);
    while let Some(flow) = next.and_then(|place| flows.get(place)) {
        found.push((flow.member, flow.scope));
        // What ended at or before its beginning, and last: it may have waited for that.
        let earlier = |place: &usize| flows[*place].to <= flow.from && flows[*place].from < flow.from;
        next = (0..flows.len()).filter(earlier).max_by_key(|place| flows[*place].to);
    }
    found
}

fn flows(family: &Family, member: MemberId, visit: VisitId) -> Vec<Flow> {
    let history = &family.member(member).history;
    let own = history.visit(visit).children.iter().filter_map(|scope| {
        let (from, to) = times(history, *scope)?;
        Some(Flow { member, scope: *scope, from, to })
    });
    let attempts = history.visit(visit).attempts.iter();
    let nested = attempts.flat_map(|attempt| family.nested_in(member, *attempt));
    let started = nested.chain(family.items_of(member, visit)).filter_map(|member| {
        let history = &family.member(member).history;
        Some(Flow { member, scope: ScopeId::ROOT, from: history.started_at()?, to: history.last_at()? })
    });
    own.chain(started).collect()
}

fn times(history: &History, scope: ScopeId) -> Option<(Timestamp, Timestamp)> {
    let known = history.scope(scope);
    let at = |event: Option<_>| Some(history.event(event?)?.timestamp);
    let first = known.visits.first().and_then(|visit| at(history.visit(*visit).entered));
    let from = at(known.started).or(first)?;
    let to = at(known.ended).or_else(|| history.last_at())?;
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Described;
    use crate::history::tests::notation::read;

    #[test]
    fn of_items_that_waited_for_each_other_all_count() {
        // Two items run at once: 0 and 1 begin together, 2 when 0 has ended. 2 ends last, so 0 and 2 count.
        let events = read(
            "1 ExecutionStarted
            2 MapStateEntered M
            3<2 MapStateStarted length=3
            4<3 MapIterationStarted M[0] at=1000
            5<4 PassStateEntered P at=1000
            6<3 MapIterationStarted M[1] at=1000
            7<6 PassStateEntered P at=1000
            8<5 PassStateExited P at=2000
            9<8 MapIterationSucceeded M[0] at=2000
            10<3 MapIterationStarted M[2] at=2000
            11<10 PassStateEntered P at=2000
            12<7 PassStateExited P at=3000
            13<12 MapIterationSucceeded M[1] at=3000
            14<11 PassStateExited P at=4000
            15<14 MapIterationSucceeded M[2] at=4000
            16<15 MapStateSucceeded at=4000
            17<16 MapStateExited M at=4000
            18<17 ExecutionSucceeded at=4000",
        );
        let family = Family::new(Described::default(), events.into_iter().collect());
        let critical = Critical::of(&family);
        let map = family.root().visits().next().expect("the Map").0;
        let counts = |item| {
            let scope = family.root().iteration(map, item).expect("an iteration");
            critical.has_flow(MemberId::ROOT, scope)
        };
        assert!(critical.has_visit(MemberId::ROOT, map));
        assert_eq!([0, 1, 2].map(counts), [true, false, true]);
    }
}
