//! Where the cursor is, and where it was.

use crate::event::EventId;
use crate::history::MemberId;

/// An event of an execution of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The execution.
    pub member: MemberId,
    /// The event.
    pub event: EventId,
}

/// The places left by a jump, to go back to and forward again.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    behind: Vec<Place>,
    ahead: Vec<Place>,
}

/// How many places are remembered.
const LONGEST: usize = 200;

impl Trail {
    /// Notes a place that is left by a jump.
    pub fn left(&mut self, place: Place) {
        self.ahead.clear();
        self.behind.push(place);
        if self.behind.len() > LONGEST {
            self.behind.remove(0);
        }
    }

    /// Goes back from a place.
    pub fn back(&mut self, from: Place) -> Option<Place> {
        let place = self.behind.pop()?;
        self.ahead.push(from);
        Some(place)
    }

    /// Goes forward from a place.
    pub fn forward(&mut self, from: Place) -> Option<Place> {
        let place = self.ahead.pop()?;
        self.behind.push(from);
        Some(place)
    }
}
