//! The signs of a picture beside its lines.

use crate::analysis::Status;

/// The signs of a picture: each takes one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    /// Ended well.
    pub succeeded: &'static str,
    /// Ended badly.
    pub failed: &'static str,
    /// Failed, and a catcher took over.
    pub caught: &'static str,
    /// Stopped with something else, or its end is missing.
    pub aborted: &'static str,
    /// Going on.
    pub running: &'static str,
    /// A container that is folded.
    pub closed: &'static str,
    /// A container that is unfolded.
    pub open: &'static str,
    /// The end of something that did not fit.
    pub more: &'static str,
    /// Several times.
    pub times: &'static str,
    /// Whether lines may be drawn with characters beyond ASCII.
    pub unicode: bool,
}

impl Signs {
    /// Returns the sign of a status.
    pub fn of(&self, status: Status) -> &'static str {
        match status {
            Status::Succeeded => self.succeeded,
            Status::Failed | Status::TimedOut => self.failed,
            Status::Caught => self.caught,
            Status::Aborted | Status::Lost => self.aborted,
            Status::Running | Status::Waiting => self.running,
        }
    }
}
