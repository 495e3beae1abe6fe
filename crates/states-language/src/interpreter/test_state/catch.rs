//! What a state's own `Retry` and `Catch` make of an error.

use super::inspection::{ErrorDetails, Watcher};
use super::response::Outcome;
use super::scene::Scene;
use crate::asl::{Catcher, QueryLanguage, Retrier, State};
use crate::event::Failure;
use crate::interpreter::data;
use crate::interpreter::error::{Fault, StateError};
use crate::interpreter::options::MAX_PAYLOAD;
use crate::interpreter::{retry, variables};

/// Takes an error to the first retrier it meets, unless that has retried as often as it may, and then to the first
/// catcher; `retried` is how often that retrier has.
pub(super) fn handle(
    error: &StateError,
    state: &State,
    scene: &mut Scene,
    retried: u32,
    watcher: &mut Watcher<'_>,
) -> Outcome {
    let failure = error.bare();
    if matches!(error, StateError::Runtime { .. }) {
        return Outcome::Failed(failure);
    }
    let fault = Fault::from(failure.clone());
    if let Some((index, retrier)) = retry::retrier(state.retriers(), &fault) {
        let seconds = (retried < retrier.max_attempts).then(|| backoff(retrier, retried));
        watcher.seen.error_details =
            Some(ErrorDetails::Retry { retry_index: index, retry_backoff_interval_seconds: seconds });
        if seconds.is_some() {
            return Outcome::Retriable(failure);
        }
    }
    match retry::catcher(state.catchers(), &fault) {
        Some(found) => caught(failure, found, state, scene, watcher),
        None => Outcome::Failed(failure),
    }
}

/// Seconds before the next retry, cut to a whole number; full jitter is left out, since its drawing tells nothing.
fn backoff(retrier: &Retrier, retried: u32) -> u64 {
    let delay = retry::delay_seconds(retrier, retried, || 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the delay is cut to a small number")]
    let seconds = delay.clamp(0.0, f64::from(u32::MAX)) as u64;
    seconds
}

fn caught(
    failure: Failure,
    (index, catcher): (usize, &Catcher),
    state: &State,
    scene: &mut Scene,
    watcher: &mut Watcher<'_>,
) -> Outcome {
    let exit = match data::caught(catcher, scene.environment(), &scene.input, &failure) {
        Ok(exit) => exit,
        Err(error) => return Outcome::Failed(error.bare()),
    };
    let assigned = exit.assigned.as_deref().unwrap_or_default();
    if let Some(error) = variables::refused(assigned, MAX_PAYLOAD, &state.name) {
        return Outcome::Failed(error.bare());
    }
    watcher.seen.error_details = Some(ErrorDetails::Catch { catch_index: index });
    if state.language == QueryLanguage::JsonPath {
        watcher.seen.after_result_path = Some(exit.output.text().to_owned());
    }
    scene.variables.assign(assigned);
    Outcome::Caught { failure, output: exit.output, next: catcher.next.name.clone() }
}
