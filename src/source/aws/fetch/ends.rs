//! A history that is read from both ends at once until the ends meet.
//!
//! Pages can only be asked for one after the other, each with the token of the one before it. From both ends at once
//! that takes half as many round trips, and the failure, which is on the last page, is there after the first.

use super::super::{HistoryPage, Order};
use super::spans::{Span, Spans};
use crate::event::EventId;
use crate::recording::{Damage, Events};

/// How often an end may begin anew after its token has expired.
const RESTARTS: u32 = 3;

/// What is there of a history, and what to ask for next.
#[derive(Debug, Clone)]
pub(super) struct Ends {
    pages: Vec<Events>,
    damage: Vec<Damage>,
    spans: Spans,
    oldest: End,
    newest: End,
    /// Whether the newest event there is, when it was asked for, is known.
    extent: bool,
    /// The most events a page has had.
    page_len: usize,
}

/// One end of a history.
#[derive(Debug, Clone)]
struct End {
    stand: Stand,
    restarts: u32,
    /// How many of its last pages brought nothing new.
    fruitless: usize,
}

/// How an end stands.
#[derive(Debug, Clone)]
enum Stand {
    /// The page with this token comes next; the first page has none.
    Next(Option<String>),
    /// A page was asked for.
    Asked,
    /// Its token expired: the other end may get there first.
    Expired,
    /// There is nothing more from this end.
    Done,
    /// The service gives nothing more.
    Refused,
}

impl Ends {
    /// A history of which these events are there already.
    pub(super) fn new(known: Option<Events>) -> Self {
        let end = End { stand: Stand::Next(None), restarts: 0, fruitless: 0 };
        let mut ends = Self {
            pages: Vec::new(),
            damage: Vec::new(),
            spans: Spans::default(),
            oldest: end.clone(),
            newest: end,
            extent: false,
            page_len: 0,
        };
        if let Some(events) = known.filter(|events| !events.is_empty()) {
            ends.keep(events);
        }
        ends
    }

    /// A history of which all events are there.
    pub(super) fn whole(events: Events) -> Self {
        let mut ends = Self::new(Some(events));
        ends.extent = true;
        (ends.oldest.stand, ends.newest.stand) = (Stand::Done, Stand::Done);
        ends
    }

    /// Takes the next pages to ask for: none when all is there, or on its way as far as can be told.
    pub(super) fn take_wanted(&mut self) -> Vec<(Order, Option<String>)> {
        self.begin_anew_if_stuck();
        let mut wanted = Vec::new();
        for order in [Order::Reverse, Order::Forward] {
            let coming = [&self.oldest, &self.newest].iter().filter(|end| matches!(end.stand, Stand::Asked)).count();
            let enough = self.extent && self.spans.missing() <= coming * self.page_len;
            let end = self.end(order);
            if let Stand::Next(token) = &end.stand
                && !enough
            {
                wanted.push((order, token.clone()));
                end.stand = Stand::Asked;
            }
        }
        wanted
    }

    /// An end whose token has expired begins anew only when the other one will not get there either.
    fn begin_anew_if_stuck(&mut self) {
        let ends = [&mut self.oldest, &mut self.newest];
        if ends.iter().any(|end| matches!(end.stand, Stand::Next(_) | Stand::Asked)) {
            return;
        }
        for end in ends.into_iter().filter(|end| matches!(end.stand, Stand::Expired)) {
            end.restarts += 1;
            end.stand = if end.restarts > RESTARTS { Stand::Refused } else { Stand::Next(None) };
        }
    }

    /// Takes in a page.
    pub(super) fn answered(&mut self, order: Order, page: HistoryPage) {
        self.page_len = self.page_len.max(page.events.len());
        self.damage.extend(page.damage);
        self.extent |= order == Order::Reverse || page.next.is_none();
        let before = self.spans.len();
        self.keep(page.events);
        // What is known from an earlier time comes again, but no more pages of it than it fills.
        let most = self.spans.len() / self.page_len.max(1) + 2;
        let is_new = self.spans.len() > before;
        let end = self.end(order);
        end.fruitless = if is_new { 0 } else { end.fruitless + 1 };
        end.stand = match page.next {
            Some(_) if end.fruitless > most => Stand::Refused,
            Some(token) => Stand::Next(Some(token)),
            None => Stand::Done,
        };
    }

    /// Asks for the newest events once more: some were appended since.
    pub(super) fn look_again(&mut self) {
        (self.extent, self.newest.stand) = (false, Stand::Next(None));
    }

    /// Notes that a page's token is no longer good.
    pub(super) fn expired(&mut self, order: Order) {
        self.end(order).stand = Stand::Expired;
    }

    /// Notes that nothing more comes from that end.
    pub(super) fn refused(&mut self, order: Order) {
        self.end(order).stand = Stand::Refused;
    }

    fn end(&mut self, order: Order) -> &mut End {
        match order {
            Order::Forward => &mut self.oldest,
            Order::Reverse => &mut self.newest,
        }
    }

    fn keep(&mut self, events: Events) {
        let ids = (0..events.len()).filter_map(|place| events.facts(place)).map(|facts| facts.id);
        let ids: Vec<EventId> = ids.collect();
        ids.into_iter().for_each(|id| self.spans.add(id));
        self.pages.push(events);
    }

    /// Tells whether every event is there, up to the newest there was when it was asked for.
    pub(super) fn is_whole(&self) -> bool {
        self.extent && self.spans.missing() == 0
    }

    /// Returns the events that are missing between those that are there.
    pub(super) fn gaps(&self) -> Vec<Span> {
        self.spans.gaps()
    }

    /// Returns how many events are there.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns how many events there are, once that is known.
    pub(super) fn total(&self) -> Option<usize> {
        self.spans.greatest().filter(|_| self.extent).map(|greatest| greatest as usize)
    }

    /// Returns the events that are there, oldest first.
    pub(super) fn events(&self) -> Events {
        match self.pages.as_slice() {
            [] => Events::default(),
            [page] => page.clone(),
            pages => Events::joined(pages),
        }
    }

    /// Returns what could not be read.
    pub(super) fn damage(&self) -> &[Damage] {
        &self.damage
    }
}
