//! How something stands, as the screen shows it: a colour and a sign beside the word.

use crate::analysis::Status;
use crate::report::signs::status_sign;
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::Role;

impl Status {
    /// Returns its colour.
    pub fn role(self) -> Role {
        match self {
            Self::Succeeded => Role::Succeeded,
            Self::Failed | Self::TimedOut => Role::Failed,
            Self::Caught => Role::Caught,
            Self::Aborted | Self::Lost => Role::Aborted,
            Self::Running => Role::Running,
            Self::Waiting => Role::Waiting,
        }
    }

    /// Returns its sign.
    pub fn sign(self, glyphs: &Glyphs) -> &'static str {
        let [sign, plain] = status_sign(self);
        if glyphs.is_ascii() { plain } else { sign }
    }
}
