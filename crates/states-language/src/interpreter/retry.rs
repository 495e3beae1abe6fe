//! Which retrier or catcher an error is for, and how long a retry waits.

use super::error::{Fault, HEARTBEAT_TIMEOUT, RUNTIME, TIMEOUT};
use crate::asl::{Catcher, ErrorPattern, Jitter, Retrier};

/// Tells whether an error is one of those a retrier or catcher is for. A heartbeat that did not come has two names.
pub fn matches(patterns: &[ErrorPattern], fault: &Fault) -> bool {
    let error = fault.failure.error.as_deref();
    if error == Some(RUNTIME) {
        return false;
    }
    patterns.iter().any(|pattern| match pattern {
        ErrorPattern::All => true,
        ErrorPattern::TaskFailed => error != Some(TIMEOUT),
        ErrorPattern::Name(name) => error == Some(name) || fault.missed_heartbeat && name == HEARTBEAT_TIMEOUT,
    })
}

/// Returns the first retrier an error is for, and its place. No later one is asked when its attempts are used up.
pub fn retrier<'a>(retriers: &'a [Retrier], fault: &Fault) -> Option<(usize, &'a Retrier)> {
    retriers.iter().enumerate().find(|(_, retrier)| matches(&retrier.error_equals, fault))
}

/// Returns the first catcher an error is for, and its place.
pub fn catcher<'a>(catchers: &'a [Catcher], fault: &Fault) -> Option<(usize, &'a Catcher)> {
    catchers.iter().enumerate().find(|(_, catcher)| matches(&catcher.error_equals, fault))
}

/// Returns the seconds before a retry, given how often the retrier was used; full jitter draws below that.
pub fn delay_seconds(retrier: &Retrier, used: u32, chance: impl FnOnce() -> f64) -> f64 {
    let exponent = i32::try_from(used).unwrap_or(i32::MAX);
    let delay = f64::from(retrier.interval_seconds) * retrier.backoff_rate.powi(exponent);
    let delay = delay.min(retrier.max_delay_seconds.map_or(f64::from(u32::MAX), f64::from));
    match retrier.jitter {
        Jitter::None => delay,
        Jitter::Full => delay * chance(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::{Definition, Format, MachineKind, StateKind};
    use crate::event::Failure;
    use serde_json::{Value, json};

    /// The retriers of a task.
    fn retriers(of: &Value) -> Vec<Retrier> {
        let task = json!({ "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true, "Retry": of });
        let definition = json!({ "StartAt": "T", "States": { "T": task } });
        let (machine, findings) = Definition::read(definition.to_string(), Format::Json).parse(MachineKind::Standard);
        let machine = machine.unwrap_or_else(|| panic!("{findings:?}"));
        let state = machine.states().next().unwrap();
        assert!(matches!(state.kind, StateKind::Task(_)));
        state.retriers().to_vec()
    }

    fn named(error: &str) -> Fault {
        Failure { error: Some(error.into()), cause: None }.into()
    }

    #[test]
    fn errors_are_matched_by_name_and_by_the_names_that_stand_for_several() {
        let nameless = Fault::default();
        for (pattern, fault, expected) in [
            ("States.ALL", named("E"), true),
            ("States.ALL", nameless.clone(), true),
            ("States.ALL", named("States.Timeout"), true),
            ("States.ALL", named("States.DataLimitExceeded"), true),
            ("States.ALL", named("States.Runtime"), false),
            ("States.TaskFailed", named("E"), true),
            ("States.TaskFailed", nameless.clone(), true),
            ("States.TaskFailed", named("States.Timeout"), false),
            ("States.TaskFailed", Fault::missed_heartbeat(), false),
            ("States.TaskFailed", named("States.Runtime"), false),
            ("States.Timeout", named("States.Timeout"), true),
            ("States.Timeout", Fault::missed_heartbeat(), true),
            ("States.HeartbeatTimeout", Fault::missed_heartbeat(), true),
            ("States.HeartbeatTimeout", named("States.Timeout"), false),
            ("States.HeartbeatTimeout", named("States.HeartbeatTimeout"), true),
            ("E", named("E"), true),
            ("E", named("e"), false),
            ("E", nameless, false),
        ] {
            let retriers = retriers(&json!([{ "ErrorEquals": [pattern] }]));
            assert_eq!(retrier(&retriers, &fault).is_some(), expected, "{pattern} {fault:?}");
        }
    }

    #[test]
    fn the_first_retrier_that_matches_is_asked_and_no_later_one() {
        let retriers = retriers(
            &json!([{ "ErrorEquals": ["A"] }, { "ErrorEquals": ["B", "A"] }, { "ErrorEquals": ["States.ALL"] }]),
        );
        for (error, expected) in [("A", 0), ("B", 1), ("C", 2)] {
            assert_eq!(retrier(&retriers, &named(error)).map(|(place, _)| place), Some(expected), "{error}");
        }
    }

    #[test]
    fn delays_grow_by_the_rate_up_to_the_longest() {
        for (retrier, delays) in [
            (json!({}), [1.0, 2.0, 4.0]),
            (json!({ "IntervalSeconds": 3, "BackoffRate": 1.5 }), [3.0, 4.5, 6.75]),
            (json!({ "IntervalSeconds": 3, "MaxDelaySeconds": 4 }), [3.0, 4.0, 4.0]),
            (json!({ "IntervalSeconds": 2, "JitterStrategy": "FULL" }), [0.5, 1.0, 2.0]),
        ] {
            let mut described = json!({ "ErrorEquals": ["States.ALL"] });
            described.as_object_mut().unwrap().extend(retrier.as_object().unwrap().clone());
            let retriers = retriers(&json!([described]));
            let found: Vec<f64> = (0..3).map(|used| delay_seconds(&retriers[0], used, || 0.25)).collect();
            assert_eq!(found, delays, "{described}");
        }
    }
}
