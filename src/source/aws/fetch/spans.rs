//! Which events of a history are there, as spans of ids.

use crate::event::EventId;
use std::ops::RangeInclusive;

/// Ids from one to another, both included.
pub type Span = RangeInclusive<u32>;

/// A set of event ids: spans in order that neither touch nor overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spans(Vec<Span>);

impl Spans {
    /// Adds an id. Ids that come in order, from either side, cost nothing to speak of.
    pub(super) fn add(&mut self, id: EventId) {
        let id = id.get();
        let place = self.0.partition_point(|span| span.end().saturating_add(1) < id);
        match self.0.get(place).cloned() {
            Some(span) if span.contains(&id) => {}
            Some(span) if span.end().saturating_add(1) == id => {
                let joins = self.0.get(place + 1).filter(|next| *next.start() == id.saturating_add(1)).cloned();
                let end = joins.as_ref().map_or(id, |next| *next.end());
                self.0.splice(place..=place + usize::from(joins.is_some()), [*span.start()..=end]);
            }
            Some(span) if *span.start() == id.saturating_add(1) => {
                self.0.splice(place..=place, [id..=*span.end()]);
            }
            _ => self.0.insert(place, id..=id),
        }
    }

    /// Returns the greatest id.
    pub(super) fn greatest(&self) -> Option<u32> {
        self.0.last().map(|span| *span.end())
    }

    /// Returns what is missing between 1 and the greatest id.
    pub(super) fn gaps(&self) -> Vec<Span> {
        let starts = self.0.iter().map(|span| *span.start());
        let ends = std::iter::once(0).chain(self.0.iter().map(|span| *span.end()));
        ends.zip(starts).filter(|(end, start)| end + 1 < *start).map(|(end, start)| end + 1..=start - 1).collect()
    }

    /// Returns how many are missing between 1 and the greatest id.
    pub(super) fn missing(&self) -> usize {
        self.gaps().iter().map(|gap| (gap.end() - gap.start()) as usize + 1).sum()
    }

    /// Returns how many are there.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|span| (span.end() - span.start()) as usize + 1).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn spans_are_what_a_set_of_ids_is(ids in prop::collection::vec(1..40_u32, 0..60)) {
            let mut spans = Spans::default();
            for id in &ids {
                spans.add(EventId::new(*id).unwrap());
            }
            let set: BTreeSet<u32> = ids.into_iter().collect();
            prop_assert_eq!(spans.0.iter().cloned().flatten().collect::<Vec<_>>(), set.iter().copied().collect::<Vec<_>>());
            prop_assert!(spans.0.windows(2).all(|pair| pair[0].end() + 1 < *pair[1].start()));
            let last = set.last().copied().unwrap_or(0);
            let missing: Vec<u32> = (1..last).filter(|id| !set.contains(id)).collect();
            prop_assert_eq!(spans.missing(), missing.len());
            prop_assert_eq!(spans.gaps().into_iter().flatten().collect::<Vec<_>>(), missing);
            prop_assert_eq!(spans.len(), set.len());
            prop_assert_eq!(spans.greatest(), set.last().copied());
        }
    }
}
