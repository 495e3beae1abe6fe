//! `stepback run`: a folder of machines with the traces they leave, and what holds for every one of them.
//!
//! A case holds a definition, an input and answers, and the trace: a line for each event with its number, its parent,
//! its type and what names it. With `BLESS=1` the traces are written anew, to be read line by line before they are
//! committed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use stepback::asl::{Definition, Format, MachineKind};
use stepback::event::{Details, Event, Failure, Timestamp};
use stepback::history::History;
use stepback::interpreter::{End, Execution, Options};
use stepback::json::Payload;
use stepback::tasks::{Answers, AnswersFile, Buckets, Clock, Pace, Runner, Stopped, undated};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The rule that is shown.
    about: String,
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "type")]
    kind: Option<String>,
    definition: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    input: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<Value>,
    /// Stops the execution at its first rest, with this error and cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stop: Option<(String, String)>,
    /// Redrives the execution once it has failed, with these answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redrive: Option<Value>,
    trace: Vec<String>,
    end: Value,
}

fn cases() -> Vec<(PathBuf, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/run");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, case)
    };
    files.into_iter().map(read).collect()
}

impl Case {
    fn execution(&self) -> Execution {
        let kind = if self.kind.as_deref() == Some("EXPRESS") { MachineKind::Express } else { MachineKind::Standard };
        let (machine, findings) = Definition::read(self.definition.to_string(), Format::Json).parse(kind);
        let machine = Arc::new(machine.unwrap_or_else(|| panic!("{}: {findings:?}", self.about)));
        let input = Payload::from_value(self.input.clone().unwrap_or_else(|| serde_json::json!({})));
        let answers = self.answers();
        let missing = answers.missing_activities();
        Execution::new(machine, Arc::new(undated(kind)), input, Options::default()).without_activities(missing)
    }

    fn answers(&self) -> AnswersFile {
        answers(self.answers.as_ref())
    }

    fn run(&self) -> (Execution, Vec<Event>) {
        let mut execution = self.execution();
        let mut events = Vec::new();
        if let Some((error, cause)) = &self.stop {
            execution.advance();
            execution.stop(Failure { error: Some(error.as_str().into()), cause: Some(cause.as_str().into()) });
            events.extend(execution.take_events());
        }
        run(&mut execution, self.answers(), &mut events);
        if let Some(second) = &self.redrive {
            let later = execution.now().as_millis() + 60_000;
            execution.redrive(Timestamp::from_millis(later)).unwrap();
            run(&mut execution, answers(Some(second)), &mut events);
        }
        (execution, events)
    }
}

fn answers(text: Option<&Value>) -> AnswersFile {
    AnswersFile::parse(&text.map_or("{}".to_owned(), Value::to_string)).unwrap()
}

fn run(execution: &mut Execution, mut answers: AnswersFile, events: &mut Vec<Event>) {
    let mut runner = Runner {
        answers: &mut answers,
        buckets: Buckets::below(Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/s3"))),
        pace: Pace::default(),
        clock: Clock::Virtual,
        until: None,
        cancelled: Arc::new(AtomicBool::new(false)),
    };
    let stopped = runner.run(execution, events).unwrap();
    assert!(matches!(stopped, Stopped::Ended), "{stopped:?}");
}

/// What a case says against what came out, line by line.
fn difference(name: &str, case: &Case, trace: &[String], end: &Value) -> String {
    let rows = |trace: &[String], end: &Value| {
        let mut rows = trace.to_vec();
        rows.push(format!("end: {end}"));
        rows
    };
    let (expected, actual) = (rows(&case.trace, &case.end), rows(trace, end));
    let first = expected.iter().zip(&actual).take_while(|(expected, actual)| expected == actual).count();
    let mut told = format!("{name}: {}\n", case.about);
    expected.iter().take(first).skip(first.saturating_sub(2)).for_each(|row| told.push_str(&format!("    {row}\n")));
    for place in first..expected.len().max(actual.len()) {
        match (expected.get(place), actual.get(place)) {
            (Some(expected), Some(actual)) if expected == actual => told.push_str(&format!("    {actual}\n")),
            (expected, actual) => {
                expected.into_iter().for_each(|row| told.push_str(&format!("  - {row}\n")));
                actual.into_iter().for_each(|row| told.push_str(&format!("  + {row}\n")));
            }
        }
    }
    told
}

/// A line such as `7<-5 MapIterationStarted Each[1]`.
fn line(event: &Event) -> String {
    let mut line = format!("{}<-{} {}", event.id, event.parent.map_or(0, |parent| parent.get()), event.kind.name());
    if let Some(name) = event.details.name() {
        line.push_str(&format!(" {name}"));
    }
    match &event.details {
        Details::MapIteration(iteration) => line.push_str(&format!("[{}]", iteration.index)),
        Details::MapStateStarted(Some(length)) => line.push_str(&format!(" of {length}")),
        Details::StateExited(exited) => {
            let assigned = exited.assigned.iter().flat_map(|assigned| &assigned.values);
            assigned.for_each(|(name, value)| line.push_str(&format!(" ${name}={}", value.text())));
        }
        _ => {}
    }
    if let Some(failure) = event.details.failure() {
        line.push_str(&format!(" {}", failure.error.as_deref().unwrap_or("-")));
    }
    if let Some(data) = event.details.output().or(event.details.input()).filter(|data| data.size() < 60) {
        line.push_str(&format!(" {}", data.text()));
    }
    line
}

fn end(execution: &Execution) -> Value {
    match execution.end().unwrap() {
        End::Succeeded(output) => serde_json::json!({ "output": output.text() }),
        End::Failed(failure) => serde_json::json!({ "error": failure.error, "cause": failure.cause }),
        End::Aborted(failure) => serde_json::json!({ "aborted": failure.error, "cause": failure.cause }),
        End::TimedOut => serde_json::json!("timed out"),
    }
}

#[test]
fn every_case_leaves_its_trace() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (path, mut case) in cases() {
        let (execution, events) = case.run();
        let trace: Vec<String> = events.iter().map(line).collect();
        if trace == case.trace && end(&execution) == case.end {
            continue;
        }
        let end = end(&execution);
        if !bless {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            wrong.push(difference(&name, &case, &trace, &end));
            continue;
        }
        (case.trace, case.end) = (trace, end);
        let text = serde_json::to_string_pretty(&case).unwrap();
        fs::write(&path, format!("{text}\n")).unwrap();
    }
    assert!(wrong.is_empty(), "{} cases left another trace:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_same_answers_give_the_same_history() {
    for (path, case) in cases() {
        assert_eq!(case.run().1, case.run().1, "{}", path.display());
    }
}

/// Runs in steps; wherever the execution rests it is copied, and the copy must come to the same end.
#[test]
fn a_copy_goes_on_as_the_original_does() {
    for (path, case) in cases().into_iter().filter(|(_, case)| case.answers.is_none() && case.stop.is_none()) {
        let (mut original, mut events) = (case.execution(), Vec::new());
        let whole = case.run().1;
        for _ in 0..100 {
            let mut copy = original.clone();
            let mut copied = events.clone();
            run(&mut copy, AnswersFile::default(), &mut copied);
            if case.redrive.is_none() {
                assert_eq!(copied, whole, "{}", path.display());
            }
            original.advance();
            events.extend(original.take_events());
            match original.next_timer() {
                Some(timer) => original.tick(timer),
                None => break,
            }
        }
    }
}

#[test]
fn every_history_is_understood() {
    for (path, case) in cases() {
        let mut history = History::default();
        case.run().1.into_iter().for_each(|event| history.push(event));
        assert!(history.anomalies().is_empty(), "{}: {:?}", path.display(), history.anomalies());
    }
}
