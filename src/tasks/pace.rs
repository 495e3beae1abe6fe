//! How time passes in a run.

/// How long things take that nobody has timed, in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// From asking for a task to its start.
    pub start: i64,
    /// From the start to the service's first answer, and from there or the start to the end.
    pub answer: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { start: 15_000, answer: 60_000 }
    }
}

/// Which time a run lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// Waiting costs nothing.
    #[default]
    Virtual,
    /// Waiting is waited for.
    Real,
}
