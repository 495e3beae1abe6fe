//! What a state's own `Retry` and `Catch` make of an error.

use super::inspection::{ErrorDetails, Watcher};
use super::response::Outcome;
use super::scene::Scene;
use crate::asl::{QueryLanguage, Retrier, State};
use crate::event::Failure;
use crate::interpreter::data;
use crate::interpreter::error::StateError;
use crate::interpreter::handling;

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
    let name = failure.error.as_deref().unwrap_or_default();
    if let Some((index, retrier)) = handling::retrier_for(state.retriers(), name)
        && retried < retrier.max_attempts
    {
        let seconds = backoff(retrier, retried);
        watcher.seen.error_details =
            Some(ErrorDetails::Retry { retry_index: index, retry_backoff_interval_seconds: seconds });
        return Outcome::Retriable(failure);
    }
    match handling::catcher_for(state.catchers(), name) {
        Some((index, _)) => caught(failure, index, state, scene, watcher),
        None => Outcome::Failed(failure),
    }
}

/// Seconds before the next retry: the interval times the rate to the power of the retries there were.
fn backoff(retrier: &Retrier, retried: u32) -> u64 {
    let delay = f64::from(retrier.interval_seconds) * retrier.backoff_rate.powf(f64::from(retried));
    let longest = retrier.max_delay_seconds.map_or(f64::from(u32::MAX), f64::from);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the delay is cut to a small number")]
    let seconds = delay.clamp(0.0, longest) as u64;
    seconds
}

fn caught(
    failure: Failure,
    index: usize,
    state: &State,
    scene: &mut Scene,
    watcher: &mut Watcher<'_>,
) -> Outcome {
    let Some(catcher) = state.catchers().get(index) else { return Outcome::Failed(failure) };
    let exit = match data::caught(catcher, scene.environment(), &scene.input, &failure) {
        Ok(exit) => exit,
        Err(error) => return Outcome::Failed(error.bare()),
    };
    watcher.seen.error_details = Some(ErrorDetails::Catch { catch_index: index });
    if state.language == QueryLanguage::JsonPath {
        watcher.seen.after_result_path = Some(exit.output.text().to_owned());
    }
    if let Some(assigned) = &exit.assigned {
        scene.variables.assign(assigned);
    }
    Outcome::Caught { failure, output: exit.output, next: catcher.next.name.clone() }
}
