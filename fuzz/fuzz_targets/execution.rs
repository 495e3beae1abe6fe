//! Any definition, input and answers: the machine runs, ends or waits, in bounded time and space, and its history
//! can be folded.
//!
//! The text holds the three, separated by lines of `---`. Answers are lines: JSON is a result, other text an error's
//! name, an empty line a time-out.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::Arc;
use stepback::asl::{Machine, MachineKind};
use stepback::event::{Failure, Timestamp};
use stepback::history::History;
use stepback::interpreter::{Execution, Identity, Need, Options, Outcome};
use stepback::json::Payload;

/// Machines may loop for ever; enough is enough.
const STEPS: usize = 2_000;

fuzz_target!(|text: &str| {
    let mut parts = text.split("\n---\n");
    let (definition, input) = (parts.next().unwrap_or(""), parts.next().unwrap_or("{}"));
    let answers: Vec<_> = parts.next().unwrap_or("").lines().collect();
    let (Some(machine), _) = Machine::parse(definition, MachineKind::Standard) else { return };
    if serde_json::from_str::<serde_json::Value>(input).is_err() {
        return;
    }
    let identity = Identity::local(MachineKind::Standard, Timestamp::from_millis(1_790_000_000_000));
    let options = Options { max_events: Some(1_000), ..Options::default() };
    let mut execution = Execution::new(Arc::new(machine), Arc::new(identity), Payload::from_text(input), options);
    let mut asked = 0;
    for _ in 0..STEPS {
        execution.advance_by(STEPS);
        if execution.end().is_some() {
            break;
        }
        let needs = execution.take_needs();
        for need in needs {
            let outcome = match answers.get(asked) {
                Some(&"") | None => Outcome::TimedOut,
                Some(answer) if serde_json::from_str::<serde_json::Value>(answer).is_ok() => {
                    Outcome::Succeeded(Payload::from_text(*answer))
                }
                Some(error) => Outcome::Failed(Failure { error: Some((*error).into()), cause: None }),
            };
            asked += 1;
            if let Need::Task(request) = need {
                execution.started(request.id, None);
                execution.answer(request.id, outcome);
            }
        }
        match execution.next_timer() {
            Some(time) if !execution.has_work() => execution.tick(time),
            None if !execution.has_work() => break,
            _ => {}
        }
    }
    let mut history = History::new();
    execution.events().iter().for_each(|event| history.push(event.clone()));
});
