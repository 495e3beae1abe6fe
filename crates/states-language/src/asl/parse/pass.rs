//! Pass.

use super::Parser;
use super::spot::Spot;
use super::transitions::Here;
use crate::asl::machine::QueryLanguage;
use crate::asl::state::{Pass, PassData};

impl Parser {
    pub(super) fn pass(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Option<Pass> {
        let data = match language {
            QueryLanguage::JsonPath => PassData::JsonPath {
                input_path: self.selection(state, "InputPath"),
                parameters: self.template(state, "Parameters"),
                result: state.node.get("Result").filter(|result| !result.is_null()).map(|result| result.to_value()),
                result_path: self.result_path(state),
                assign: self.assign(state),
                output_path: self.selection(state, "OutputPath"),
            },
            QueryLanguage::Jsonata => {
                PassData::Jsonata { output: self.jsonata(state, "Output"), assign: self.assign_jsonata(state) }
            }
        };
        Some(Pass { data, next: self.transition(state, here)? })
    }
}
