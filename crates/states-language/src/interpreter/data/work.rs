//! What becomes of the result of work, alike in Task, Parallel and Map.

use super::{Environment, Exit, Inspect, Piece, Stage, jsonata, jsonpath, value_of};
use crate::asl::compiled::{JsonataTemplate, Template};
use crate::asl::{ResultPath, Selection};
use crate::interpreter::error::StateError;
use crate::json::Payload;

/// The fields that take a result to what leaves the state.
pub(super) enum AfterWork<'a> {
    JsonPath {
        result_selector: Option<&'a Template>,
        result_path: Option<&'a ResultPath>,
        assign: Option<&'a Template>,
        output_path: Option<&'a Selection>,
    },
    Jsonata {
        output: Option<&'a JsonataTemplate>,
        assign: Option<&'a JsonataTemplate>,
    },
}

impl AfterWork<'_> {
    /// Takes the result of work to what leaves the state.
    pub(super) fn exit(
        self,
        environment: Environment<'_>,
        raw: &Payload,
        result: &Payload,
        inspect: &mut dyn Inspect,
    ) -> Result<Exit, StateError> {
        let piece = Piece::from(result);
        inspect.see(Stage::Result, &piece);
        match self {
            Self::JsonPath { result_selector, result_path, assign, output_path } => {
                let selected = match result_selector {
                    Some(selector) => Piece::from(jsonpath::evaluate(selector, environment, piece.value())?),
                    None => piece,
                };
                inspect.see(Stage::AfterResultSelector, &selected);
                let assigned = jsonpath::assign(assign, environment, &selected)?;
                let merged = jsonpath::merge(result_path, raw, selected)?;
                inspect.see(Stage::AfterResultPath, &merged);
                let output = jsonpath::select(output_path, environment, &merged)?;
                Ok(Exit { output: output.into_payload(), assigned })
            }
            Self::Jsonata { output, assign } => {
                let session = jsonata::session(environment, raw).with_result(value_of(result));
                jsonata::exit(output, assign, &session, jsonata::Holder::State, result)
            }
        }
    }
}
