//! Keeps what has come so far, in the file and at hand, so that nothing that ends the program loses much of it.

use super::destination::Destination;
use super::{Redacting, carry};
use crate::cli::Failure;
use crate::cli::output::Ticker;
use crate::recording::Recording;
use std::time::{Duration, Instant};

/// So often what has come is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// So often it is written.
const WRITE: Duration = Duration::from_secs(10);

/// So often the line that tells how far it is, is renewed.
const LINE: Duration = Duration::from_millis(100);

/// Looking at everything takes at most this share of the time.
const SHARE: u32 = 10;

/// What has come so far.
#[derive(Debug)]
pub(super) struct Keeper<'a> {
    destination: &'a Destination,
    redacting: &'a Redacting,
    /// What the file has already.
    known: Option<Box<Recording>>,
    latest: Option<Recording>,
    look: Instant,
    write: Instant,
    ticker: Ticker,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(destination: &'a Destination, redacting: &'a Redacting, known: Option<Box<Recording>>) -> Self {
        let (now, ticker) = (Instant::now(), Ticker::new(LINE));
        Self { destination, redacting, known, latest: None, look: now, write: now + WRITE, ticker }
    }

    /// Looks at what has come, if it is time to, and keeps it.
    pub(super) fn look(&mut self, recording: impl FnOnce() -> Recording) -> Result<(), Failure> {
        let begun = Instant::now();
        if begun < self.look {
            return Ok(());
        }
        self.keep(recording())?;
        let now = Instant::now();
        self.look = now + LOOK.max((now - begun) * SHARE);
        Ok(())
    }

    /// Keeps what has come, and writes it if it is time to.
    pub(super) fn keep(&mut self, recording: Recording) -> Result<(), Failure> {
        let now = Instant::now();
        if now >= self.write && !recording.events.is_empty() && !self.destination.is_stream() {
            self.save(&recording)?;
            let after = Instant::now();
            self.write = after + WRITE.max((after - now) * SHARE);
        }
        self.latest = Some(recording);
        Ok(())
    }

    /// Writes a recording, without what is to be taken out, and returns it as it was written.
    pub(super) fn save(&self, recording: &Recording) -> Result<Recording, Failure> {
        let redacted = match &self.known {
            None => self.redacting.apply(recording),
            Some(known) => {
                let mut whole = recording.clone();
                carry::over((**known).clone(), &mut whole);
                self.redacting.apply(&whole)
            }
        };
        self.destination.save(&redacted)?;
        Ok(redacted)
    }

    /// Takes what was kept last.
    pub(super) fn take(&mut self) -> Option<Recording> {
        self.latest.take()
    }

    /// Tells a person at a terminal how far it is.
    pub(super) fn tell(&mut self, text: impl FnOnce() -> String) {
        self.ticker.tell(text);
    }

    /// Says something that is worth knowing whoever is there.
    #[cfg(feature = "aws")]
    pub(super) fn note(&mut self, text: &str) {
        self.ticker.note(text);
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        self.ticker.clear();
    }
}
