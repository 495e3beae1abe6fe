//! Task: what is asked for, and what becomes of the answer.

use super::setting::Settings;
use super::work::AfterWork;
use super::{Environment, Exit, Inspect, Piece, Stage, jsonata, jsonpath, value_of};
use crate::asl::state::{Task, TaskData};
use crate::interpreter::error::StateError;
use crate::json::Payload;

/// What a Task state asks for.
#[derive(Debug, Clone)]
pub struct Call {
    /// The parameters of the service call, or the input of the function or activity.
    pub parameters: Payload,
    /// Seconds until it has failed; absent when the state sets no limit.
    pub timeout: Option<u64>,
    /// Seconds of silence until it has failed.
    pub heartbeat: Option<u64>,
    /// The role to call in.
    pub role: Option<String>,
}

/// Takes data into a Task state, up to what it asks for.
pub fn task_call(
    state: &Task,
    environment: Environment<'_>,
    raw: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Call, StateError> {
    let session = jsonata::session(environment, raw);
    let parameters = match &state.data {
        TaskData::JsonPath { input_path, parameters, .. } => {
            let effective = jsonpath::select(input_path.as_ref(), environment, &Piece::from(raw))?;
            inspect.see(Stage::AfterInputPath, &effective);
            let composed = jsonpath::compose(parameters.as_ref(), environment, &effective)?;
            inspect.see(Stage::AfterParameters, &composed);
            composed.into_payload()
        }
        TaskData::Jsonata { arguments: Some(arguments), .. } => {
            let composed = Piece::from(arguments.evaluate(&session, "Arguments")?);
            inspect.see(Stage::AfterArguments, &composed);
            composed.into_payload()
        }
        TaskData::Jsonata { arguments: None, .. } => raw.clone(),
    };
    let settings = Settings { environment, input: value_of(raw), session: &session };
    let seconds = |setting: &Option<_>, field| setting.as_ref().map(|it| settings.whole(it, field)).transpose();
    let timeout = seconds(&state.timeout, "TimeoutSeconds")?;
    let heartbeat = seconds(&state.heartbeat, "HeartbeatSeconds")?;
    let role = state.role.as_ref().map(|role| settings.text(role, "Credentials/RoleArn")).transpose()?;
    Ok(Call { parameters, timeout, heartbeat, role })
}

/// Takes the result of a task to what leaves the state.
pub fn task_exit(
    state: &Task,
    environment: Environment<'_>,
    raw: &Payload,
    result: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Exit, StateError> {
    let fields = match &state.data {
        TaskData::JsonPath { result_selector, result_path, assign, output_path, .. } => AfterWork::JsonPath {
            result_selector: result_selector.as_ref(),
            result_path: result_path.as_ref(),
            assign: assign.as_ref(),
            output_path: output_path.as_ref(),
        },
        TaskData::Jsonata { output, assign, .. } => {
            AfterWork::Jsonata { output: output.as_ref(), assign: assign.as_ref() }
        }
    };
    fields.exit(environment, raw, result, inspect)
}
