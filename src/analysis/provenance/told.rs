//! The hops worth telling: those at which something happens to a value or to its place.

use super::{Hop, Step, Story, Trace};
use std::sync::Arc;

/// A hop worth telling, and what is not told after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<'t> {
    /// The hop.
    pub hop: &'t Hop,
    /// The states that kept the value where it was on its way here, the last one first.
    pub kept: Vec<Arc<str>>,
}

impl Trace {
    /// Returns the hops worth telling. States that merely kept a value in its place are named and not told.
    pub fn told<'t>(&'t self, story: Story<'_>) -> Vec<Told<'t>> {
        let mut told: Vec<Told<'t>> = Vec::new();
        let next = self.hops.iter().skip(1).map(Some).chain([None]);
        for (hop, next) in self.hops.iter().zip(next) {
            match (told.last_mut(), next) {
                (Some(last), Some(next)) if merely_kept(last.hop, hop, next) => {
                    let history = story.history(hop.spot.document.member);
                    let state = history.visit_of(hop.spot.document.event).map(|visit| &history.visit(visit).name);
                    last.kept.extend(state.filter(|name| last.kept.last() != Some(*name)).cloned());
                }
                _ => told.push(Told { hop, kept: Vec::new() }),
            }
        }
        // The state whose input is told is not one the value came through.
        for told in &mut told {
            let history = story.history(told.hop.spot.document.member);
            let own = history.visit_of(told.hop.spot.document.event).map(|visit| &history.visit(visit).name);
            if own.is_some() && told.kept.first() == own {
                told.kept.remove(0);
            }
        }
        told
    }
}

fn merely_kept(last: &Hop, hop: &Hop, next: &Hop) -> bool {
    let kept = hop.fields.iter().all(|field| field.way.last().is_some_and(|name| **name == *"ResultPath"));
    let same = |left: &Hop, right: &Hop| {
        left.spot.at == right.spot.at
            && left.depth == right.depth
            && left.spot.document.member == right.spot.document.member
    };
    last.step == Step::Copied && hop.step == Step::Copied && kept && same(last, hop) && same(hop, next)
}
