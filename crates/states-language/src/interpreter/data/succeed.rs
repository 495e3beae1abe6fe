//! Succeed.

use super::{Environment, Exit, Inspect, Piece, Stage, jsonata, jsonpath};
use crate::asl::state::{Succeed, SucceedData};
use crate::interpreter::error::StateError;
use crate::json::Payload;

/// Takes data through a Succeed state.
pub fn succeed(
    state: &Succeed,
    environment: Environment<'_>,
    raw: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Exit, StateError> {
    match &state.data {
        SucceedData::JsonPath { input_path, output_path } => {
            let effective = jsonpath::select(input_path.as_ref(), environment, &Piece::from(raw))?;
            inspect.see(Stage::AfterInputPath, &effective);
            let output = jsonpath::select(output_path.as_ref(), environment, &effective)?;
            Ok(Exit { output: output.into_payload(), assigned: None })
        }
        SucceedData::Jsonata { output } => {
            let session = jsonata::session(environment, raw);
            jsonata::exit(output.as_ref(), None, &session, jsonata::Holder::State, raw)
        }
    }
}
