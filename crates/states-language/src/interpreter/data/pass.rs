//! Pass.

use super::{Environment, Exit, Inspect, Piece, Stage, jsonata, jsonpath};
use crate::asl::state::{Pass, PassData};
use crate::interpreter::error::StateError;
use crate::json::Payload;
use std::borrow::Cow;

/// Takes data through a Pass state.
pub fn pass(
    state: &Pass,
    environment: Environment<'_>,
    raw: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Exit, StateError> {
    match &state.data {
        PassData::JsonPath { input_path, parameters, result, result_path, assign, output_path } => {
            let effective = jsonpath::select(input_path.as_ref(), environment, &Piece::from(raw))?;
            inspect.see(Stage::AfterInputPath, &effective);
            let composed = jsonpath::compose(parameters.as_ref(), environment, &effective)?;
            inspect.see(Stage::AfterParameters, &composed);
            let result = match result {
                Some(result) => Piece::Part(Cow::Borrowed(result)),
                None => composed,
            };
            inspect.see(Stage::Result, &result);
            let assigned = jsonpath::assign(assign.as_ref(), environment, &result)?;
            let merged = jsonpath::merge(result_path.as_ref(), raw, result)?;
            inspect.see(Stage::AfterResultPath, &merged);
            let output = jsonpath::select(output_path.as_ref(), environment, &merged)?;
            Ok(Exit { output: output.into_payload(), assigned })
        }
        PassData::Jsonata { output, assign } => {
            let session = jsonata::session(environment, raw);
            jsonata::exit(output.as_ref(), assign.as_ref(), &session, jsonata::Holder::State, raw)
        }
    }
}
