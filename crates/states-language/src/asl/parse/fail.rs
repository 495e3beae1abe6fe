//! Fail.

use super::Parser;
use super::spot::Spot;
use super::transitions::Here;
use crate::asl::machine::QueryLanguage;
use crate::asl::state::Fail;

impl Parser {
    pub(super) fn fail(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Fail {
        self.transitions.ends(here.scope);
        if let Some(error) = state.get("Error")
            && error.node.text().is_some_and(|name| name.starts_with("States."))
        {
            self.refuse_creation(&error, "Error names that begin with 'States.' are reserved");
        }
        Fail {
            error: self.computed_text(state, ("Error", "ErrorPath"), language),
            cause: self.computed_text(state, ("Cause", "CausePath"), language),
        }
    }
}
