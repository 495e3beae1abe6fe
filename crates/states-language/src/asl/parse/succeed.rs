//! Succeed.

use super::Parser;
use super::spot::Spot;
use super::transitions::Here;
use crate::asl::machine::QueryLanguage;
use crate::asl::state::{Succeed, SucceedData};

impl Parser {
    pub(super) fn succeed(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Succeed {
        self.transitions.ends(here.scope);
        let data = match language {
            QueryLanguage::JsonPath => SucceedData::JsonPath {
                input_path: self.selection(state, "InputPath"),
                output_path: self.selection(state, "OutputPath"),
            },
            QueryLanguage::Jsonata => SucceedData::Jsonata { output: self.jsonata(state, "Output") },
        };
        Succeed { data }
    }
}
