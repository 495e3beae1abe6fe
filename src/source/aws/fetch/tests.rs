//! A history read from both ends, against a service that does what services do.

use super::super::{HistoryPage, Order};
use super::ends::Ends;
use crate::event::Details;
use crate::event::{Event, EventId, EventType, Timestamp};
use crate::recording::Events;
use proptest::prelude::*;

/// The events from one id to another.
fn events(from: u32, to: u32) -> Events {
    let event = |id: u32| {
        let id = EventId::new(id).unwrap();
        Event::new(id, None, Timestamp::from_millis(id.get().into()), EventType::PassStateEntered, Details::None)
    };
    (from..=to).map(event).collect::<Vec<_>>().into()
}

/// A history of so many events, in pages of so many; a token is the number of the page.
#[derive(Debug, Clone, Copy)]
struct Service {
    len: u32,
    page: u32,
}

impl Service {
    fn answer(self, order: Order, token: Option<&str>) -> HistoryPage {
        let number: u32 = token.map_or(0, |token| token.parse().unwrap());
        let (from, to) = (number * self.page + 1, ((number + 1) * self.page).min(self.len));
        let events = match order {
            Order::Forward => events(from, to),
            Order::Reverse => events(self.len + 1 - to, self.len + 1 - from),
        };
        let next = (to < self.len).then(|| (number + 1).to_string());
        HistoryPage { events, next, damage: Vec::new() }
    }
}

/// Answers everything that is wanted at once, round by round. Returns the rounds and the calls it took.
fn rounds(ends: &mut Ends, service: Service) -> (usize, usize) {
    let (mut rounds, mut calls) = (0, 0);
    loop {
        let wanted = ends.take_wanted();
        if ends.is_whole() || wanted.is_empty() {
            return (rounds, calls);
        }
        rounds += 1;
        for (order, token) in wanted {
            calls += 1;
            ends.answered(order, service.answer(order, token.as_deref()));
        }
    }
}

fn ids(ends: &Ends) -> Vec<u32> {
    ends.events().iter().map(|event| event.id.get()).collect()
}

#[test]
fn both_ends_take_half_the_rounds_and_no_more_calls() {
    for pages in [1, 2, 3, 24, 25, 26] {
        let service = Service { len: pages * 10, page: 10 };
        let mut ends = Ends::new(None);
        let (rounds, calls) = rounds(&mut ends, service);
        assert!(rounds <= pages as usize / 2 + 1, "{pages} pages took {rounds} rounds");
        assert!(calls <= pages as usize + 1, "{pages} pages took {calls} calls");
        assert_eq!(ids(&ends), (1..=service.len).collect::<Vec<_>>());
    }
}

#[test]
fn after_the_first_round_the_end_is_there_and_the_middle_is_known_to_be_missing() {
    let service = Service { len: 100, page: 10 };
    let mut ends = Ends::new(None);
    for (order, token) in ends.take_wanted() {
        ends.answered(order, service.answer(order, token.as_deref()));
    }
    assert_eq!((ends.gaps(), ends.total(), ends.len(), ends.is_whole()), (vec![11..=90], Some(100), 20, false));
}

#[test]
fn what_was_known_is_not_lost_and_shortens_the_way() {
    let service = Service { len: 100, page: 10 };
    let mut ends = Ends::new(Some(events(1, 70)));
    let (rounds, _) = rounds(&mut ends, service);
    assert!(rounds <= 3, "{rounds}");
    assert_eq!(ids(&ends), (1..=100).collect::<Vec<_>>());
}

#[test]
fn an_end_that_is_refused_leaves_the_way_to_the_other() {
    let service = Service { len: 100, page: 10 };
    let mut ends = Ends::new(None);
    ends.take_wanted();
    ends.refused(Order::Reverse);
    ends.answered(Order::Forward, service.answer(Order::Forward, None));
    rounds(&mut ends, service);
    assert!(ends.is_whole());
    let mut ends = Ends::new(None);
    ends.take_wanted();
    ends.refused(Order::Reverse);
    ends.refused(Order::Forward);
    assert!(ends.take_wanted().is_empty() && !ends.is_whole());
}

/// What happens to a call.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Answered,
    Expired,
    /// So many events are appended before the answer.
    Grown(u32),
}

proptest! {
    #[test]
    fn nothing_is_lost_or_doubled_whatever_happens(
        len in 1..80_u32,
        page in 1..20_u32,
        fates in prop::collection::vec(prop_oneof![
            4 => Just(Fate::Answered),
            1 => Just(Fate::Expired),
            1 => (1..5_u32).prop_map(Fate::Grown),
        ], 0..40),
        last_first in prop::collection::vec(any::<bool>(), 40),
    ) {
        let mut service = Service { len, page };
        let (mut ends, mut fates, mut last_first) = (Ends::new(None), fates.into_iter(), last_first.into_iter());
        let mut asked: Vec<(Order, Option<String>)> = Vec::new();
        loop {
            asked.extend(ends.take_wanted());
            let last = last_first.next().unwrap_or_default();
            let Some((order, token)) = (if last { asked.pop() } else { (!asked.is_empty()).then(|| asked.remove(0)) }) else { break };
            match fates.next().unwrap_or(Fate::Answered) {
                Fate::Expired if token.is_some() => ends.expired(order),
                // A page of the newest events goes on from where it was, so only a first page may see a longer history.
                Fate::Grown(by) if token.is_none() && order == Order::Reverse => {
                    service.len += by;
                    ends.answered(order, service.answer(order, None));
                }
                _ => ends.answered(order, service.answer(order, token.as_deref())),
            }
        }
        let ids = ids(&ends);
        prop_assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert_eq!(ids.len(), ends.len());
        if ends.is_whole() {
            prop_assert_eq!(ids.len(), ids.last().copied().unwrap_or(0) as usize);
            prop_assert!(ids.len() >= len as usize);
        } else {
            prop_assert!(!ends.gaps().is_empty());
        }
    }
}
