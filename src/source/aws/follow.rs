//! Following an execution while it runs.

use super::{AwsError, Client, Order};
use crate::event::{Event, EventId};
use crate::recording::{Events, Status};

/// How many events are asked for at first: enough for what happens between two looks.
const FEW: u32 = 50;

/// How many are asked for when that was not enough.
const MANY: u32 = 1_000;

/// Looks for events after those that are known.
#[derive(Debug, Clone)]
pub struct Follow {
    client: Client,
    arn: String,
    last: Option<EventId>,
}

/// What has happened since the last look.
#[derive(Debug, Clone)]
pub struct News {
    /// The events, oldest first; perhaps none.
    pub events: Events,
    /// How the execution ended, when it has: it can only go on by a redrive.
    pub ended: Option<Status>,
}

impl Follow {
    /// Follows an execution after an event; from the first event when there is none.
    pub fn new(client: Client, arn: impl Into<String>, last: Option<EventId>) -> Self {
        Self { client, arn: arn.into(), last }
    }

    /// Returns the last event that is known.
    pub fn last(&self) -> Option<EventId> {
        self.last
    }

    /// Looks once. Newest events come first, until one that is known.
    pub async fn look(&mut self) -> Result<News, AwsError> {
        let known = |events: &Events| match (events.facts(0), self.last) {
            (Some(oldest), Some(last)) => oldest.id <= last.next(),
            (Some(oldest), None) => oldest.id == EventId::FIRST,
            (None, _) => true,
        };
        let mut page = self.client.history_page(&self.arn, Order::Reverse, FEW, None).await?;
        let ended = page.events.ending();
        if page.next.is_some() && !known(&page.events) {
            // The token belongs to pages of that size, so the way back begins again with larger ones.
            let mut pages = Vec::new();
            let (mut token, mut oldest) = (None, None);
            loop {
                page = self.client.history_page(&self.arn, Order::Reverse, MANY, token).await?;
                let whole = known(&page.events);
                let first = page.events.facts(0).map(|facts| facts.id);
                // A page that leads no further back goes round in a circle.
                let is_further = oldest.is_none() || first < oldest;
                oldest = first;
                pages.push(page.events);
                token = page.next;
                if whole || token.is_none() || !is_further {
                    break;
                }
            }
            page.events = Events::joined(&pages);
        }
        let new: Vec<Event> = page.events.iter().filter(|event| Some(event.id) > self.last).collect();
        let events = Events::from(new);
        self.last = self.last.max(events.last_facts().map(|facts| facts.id));
        let ended = events.ending().or(ended);
        Ok(News { events, ended })
    }
}
