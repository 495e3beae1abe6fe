//! What a person at a terminal sees of a run that takes its time.

use super::history::HistoryFile;
use crate::cli::Failure;
use crate::cli::output::Ticker;
use crate::event::{Details, Event};
use crate::tasks::Progress;
use std::sync::Arc;
use std::time::Duration;

/// Takes the events of a run and shows how far it is, when somebody may be waiting for it.
pub(super) struct Watched {
    pub(super) history: HistoryFile,
    state: Option<Arc<str>>,
    ticker: Ticker,
}

/// A run that is over sooner than this is not worth a word; and so often the word is renewed.
const PATIENCE: Duration = Duration::from_millis(300);

impl Watched {
    pub(super) fn new(history: HistoryFile) -> Self {
        Self { history, state: None, ticker: Ticker::new(PATIENCE) }
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        self.ticker.clear();
    }
}

impl Progress for Watched {
    type Error = Failure;

    fn events(&mut self, events: Vec<Event>) -> Result<(), Failure> {
        if self.ticker.is_seen() {
            let entered = events.iter().rev().find_map(|event| match &event.details {
                Details::StateEntered(entered) => Some(Arc::clone(&entered.name)),
                _ => None,
            });
            self.state = entered.or(self.state.take());
            let (state, count) = (self.state.as_deref().unwrap_or_default(), self.history.count());
            self.ticker.tell(|| format!("{count} events, in {state}"));
        }
        self.history.events(events)
    }
}
