//! Fail.

use super::setting::Settings;
use super::{Environment, Inspect, Piece, Stage, jsonata, value_of};
use crate::asl::state::Fail;
use crate::event::Failure;
use crate::interpreter::error::StateError;
use crate::json::Payload;

/// Returns the error and the cause a Fail state ends its scope with.
pub fn fail(
    state: &Fail,
    environment: Environment<'_>,
    raw: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Failure, StateError> {
    inspect.see(Stage::AfterInputPath, &Piece::from(raw));
    let session = jsonata::session(environment, raw);
    let settings = Settings { environment, input: value_of(raw), session: &session };
    let text = |text: &Option<_>, field| text.as_ref().map(|text| settings.text(text, field)).transpose();
    let error = text(&state.error, "Error")?;
    let cause = text(&state.cause, "Cause")?;
    Ok(Failure { error: error.map(Into::into), cause: cause.map(Into::into) })
}
