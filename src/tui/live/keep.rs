//! Keeping what is on the screen as a file.

use super::line::Line;
use crate::tui::msg::{Ticket, Trouble};

/// The name of a file being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// The name.
    pub path: Line,
    /// The question whose answer is waited for.
    pub ticket: Option<Ticket>,
    /// The name under which there is a file already, once that is known.
    pub exists: Option<String>,
    /// Why it could not be kept.
    pub trouble: Option<Trouble>,
}

/// What is to become of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays.
    Spare,
    /// It is replaced.
    Replace,
}

/// What became of keeping a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is kept, in so many bytes.
    Done(u64),
    /// There is a file of that name.
    Exists,
    /// It could not be kept.
    Trouble(Trouble),
}

impl Keep {
    /// Proposes a name with that ending for an execution.
    pub fn new(name: &str, ending: &str) -> Self {
        let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let name: String = name.trim_start_matches('.').chars().map(plain).take(100).collect();
        let name = if name.is_empty() { "execution" } else { &name };
        Self { path: Line(format!("{name}.{ending}")), ticket: None, exists: None, trouble: None }
    }

    /// Returns what is to become of a file of that name: it is replaced once it was said that it is there.
    pub fn existing(&self) -> Existing {
        if self.exists.as_ref() == Some(&self.path.0) { Existing::Replace } else { Existing::Spare }
    }
}
