//! What a person at a terminal sees of a run that takes its time.

use super::history::HistoryFile;
use crate::cli::Failure;
use crate::event::{Details, Event};
use crate::tasks::Progress;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Takes the events of a run and shows how far it is, when somebody may be waiting for it.
pub(super) struct Watched {
    pub(super) history: HistoryFile,
    /// When the line was last written; at first, when the run began.
    renewed: Instant,
    written: bool,
    state: Option<Arc<str>>,
    terminal: bool,
}

/// A run that is over sooner than this is not worth a word; and so often the word is renewed.
const PATIENCE: Duration = Duration::from_millis(300);

impl Watched {
    pub(super) fn new(history: HistoryFile) -> Self {
        Self { history, renewed: Instant::now(), written: false, state: None, terminal: io::stderr().is_terminal() }
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.written {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    fn show(&mut self) {
        let state = self.state.as_deref().unwrap_or_default();
        let _ = write!(io::stderr(), "\r\x1b[K{} events, in {state}", self.history.count());
        let _ = io::stderr().flush();
        (self.renewed, self.written) = (Instant::now(), true);
    }
}

impl Progress for Watched {
    type Error = Failure;

    fn events(&mut self, events: Vec<Event>) -> Result<(), Failure> {
        if self.terminal {
            let entered = events.iter().rev().find_map(|event| match &event.details {
                Details::StateEntered(entered) => Some(Arc::clone(&entered.name)),
                _ => None,
            });
            self.state = entered.or(self.state.take());
            if self.renewed.elapsed() > PATIENCE {
                self.show();
            }
        }
        self.history.events(events)
    }
}
