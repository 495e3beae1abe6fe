//! Parallel: what its branches are given, and what becomes of their outputs.

use super::work::AfterWork;
use super::{Environment, Exit, Inspect, Piece, Stage, jsonata, jsonpath};
use crate::asl::state::{Parallel, ParallelData};
use crate::interpreter::error::StateError;
use crate::json::Payload;

/// Takes data into a Parallel state, up to the input of every branch.
pub fn parallel_input(
    state: &Parallel,
    environment: Environment<'_>,
    raw: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Payload, StateError> {
    match &state.data {
        ParallelData::JsonPath { input_path, parameters, .. } => {
            let effective = jsonpath::select(input_path.as_ref(), environment, &Piece::from(raw))?;
            inspect.see(Stage::AfterInputPath, &effective);
            let composed = jsonpath::compose(parameters.as_ref(), environment, &effective)?;
            inspect.see(Stage::AfterParameters, &composed);
            Ok(composed.into_payload())
        }
        ParallelData::Jsonata { arguments: Some(arguments), .. } => {
            let session = jsonata::session(environment, raw);
            let composed = Piece::from(arguments.evaluate(&session, "Arguments")?);
            inspect.see(Stage::AfterArguments, &composed);
            Ok(composed.into_payload())
        }
        ParallelData::Jsonata { arguments: None, .. } => Ok(raw.clone()),
    }
}

/// Takes the outputs of the branches, as one array, to what leaves the state.
pub fn parallel_exit(
    state: &Parallel,
    environment: Environment<'_>,
    raw: &Payload,
    result: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Exit, StateError> {
    let fields = match &state.data {
        ParallelData::JsonPath { result_selector, result_path, assign, output_path, .. } => AfterWork::JsonPath {
            result_selector: result_selector.as_ref(),
            result_path: result_path.as_ref(),
            assign: assign.as_ref(),
            output_path: output_path.as_ref(),
        },
        ParallelData::Jsonata { output, assign, .. } => {
            AfterWork::Jsonata { output: output.as_ref(), assign: assign.as_ref() }
        }
    };
    fields.exit(environment, raw, result, inspect)
}
