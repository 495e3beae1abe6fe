//! Fail.

use super::Parser;
use super::spot::Spot;
use super::transitions::Here;
use crate::asl::machine::QueryLanguage;
use crate::asl::state::Fail;

impl Parser {
    pub(super) fn fail(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Fail {
        self.transitions.ends(here.scope);
        Fail {
            error: self.computed_text(state, ("Error", "ErrorPath"), language),
            cause: self.computed_text(state, ("Cause", "CausePath"), language),
        }
    }
}
