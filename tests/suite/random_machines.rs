//! What holds for every machine: histories without gaps, parents before children, the same history every time, and
//! histories that can be understood.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use stepback::asl::{Definition, Format, MachineKind};
use stepback::event::{Event, EventType};
use stepback::history::History;
use stepback::interpreter::{Execution, Options};
use stepback::json::Payload;
use stepback::recording::Recording;
use stepback::tasks::{AnswersFile, Buckets, Clock, Pace, Runner, Stopped, recording_of, undated};

/// Decisions taken from bytes; when they are used up, always the first choice.
struct Tape<'a> {
    bytes: std::slice::Iter<'a, u8>,
    states: usize,
    answers: Map<String, Value>,
}

impl Tape<'_> {
    fn pick(&mut self, choices: u8) -> u8 {
        self.bytes.next().map_or(0, |byte| byte % choices)
    }

    fn name(&mut self) -> String {
        self.states += 1;
        format!("S{}", self.states)
    }

    /// A scope of one to three states, one after the other.
    fn scope(&mut self, depth: u8) -> Value {
        let count = 1 + self.pick(3);
        let names: Vec<String> = (0..count).map(|_| self.name()).collect();
        let mut states = Map::new();
        for (at, name) in names.iter().enumerate() {
            let mut state = self.state(name, depth);
            match names.get(at + 1) {
                _ if matches!(state["Type"].as_str(), Some("Succeed" | "Fail")) => {}
                Some(next) if state["Type"] == "Choice" => state["Default"] = json!(next),
                None if state["Type"] == "Choice" => {
                    let end = self.name();
                    state["Default"] = json!(end);
                    states.insert(end, json!({ "Type": "Succeed" }));
                }
                Some(next) => state["Next"] = json!(next),
                None => state["End"] = json!(true),
            }
            if matches!(state["Type"].as_str(), Some("Task" | "Parallel" | "Map")) {
                self.guard(&mut state, name, &names);
            }
            states.insert(name.clone(), state);
        }
        // Later states of a scope may be out of reach behind a Succeed or Fail, which AWS refuses: the first that
        // ends a scope is made its last.
        let closing = names.iter().position(|name| matches!(states[name]["Type"].as_str(), Some("Succeed" | "Fail")));
        if let Some(closing) = closing {
            names.iter().skip(closing + 1).for_each(|name| {
                states.remove(name);
            });
        }
        json!({ "StartAt": names[0], "States": states })
    }

    fn state(&mut self, name: &str, depth: u8) -> Value {
        match self.pick(if depth == 0 { 8 } else { 11 }) {
            0 => json!({ "Type": "Pass" }),
            1 => json!({ "Type": "Pass", "Parameters": { "in.$": "$", "s.$": "$$.State.Name" } }),
            2 => json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.missing %}" }),
            3 => json!({ "Type": "Wait", "Seconds": self.pick(3) }),
            4 => json!({ "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsPresent": true, "Next": name }] }),
            5 => self.task(name),
            6 => json!({ "Type": "Succeed" }),
            7 => match self.pick(3) {
                0 => json!({ "Type": "Fail", "Error": "Given", "Cause": "up" }),
                1 => json!({ "Type": "Pass", "InputPath": "$.missing" }),
                _ => self.task(name),
            },
            8 => {
                let branches = 1 + self.pick(3);
                let branches: Vec<Value> = (0..branches).map(|_| self.scope(depth - 1)).collect();
                json!({ "Type": "Parallel", "Branches": branches })
            }
            9 => {
                let concurrency = self.pick(3);
                json!({
                    "Type": "Map", "MaxConcurrency": concurrency, "ItemsPath": "$$.Execution.Input.items",
                    "ItemProcessor": self.scope(depth - 1)
                })
            }
            _ => {
                let mut processor = self.scope(depth - 1);
                processor["ProcessorConfig"] = json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
                let tolerated = self.pick(3);
                json!({
                    "Type": "Map", "ItemsPath": "$$.Execution.Input.items", "ToleratedFailureCount": tolerated,
                    "ItemProcessor": processor
                })
            }
        }
    }

    fn task(&mut self, name: &str) -> Value {
        let answers = ["{\"result\":{\"ok\":1}}", "{\"error\":\"Bad\",\"cause\":\"no\"}", "{\"timeout\":true}"];
        let count = 1 + self.pick(3);
        let entry = |tape: &mut Self| serde_json::from_str(answers[usize::from(tape.pick(3))]).unwrap();
        let entries: Vec<Value> = (0..count).map(|_| entry(self)).collect();
        self.answers.insert(name.to_owned(), Value::Array(entries));
        let resource = match self.pick(3) {
            0 => "arn:aws:lambda:us-east-1:123456789012:function:f",
            1 => "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            _ => "arn:aws:states:us-east-1:123456789012:activity:a",
        };
        json!({ "Type": "Task", "Resource": resource, "TimeoutSeconds": 5 + self.pick(3) })
    }

    fn guard(&mut self, state: &mut Value, name: &str, names: &[String]) {
        if self.pick(2) == 1 {
            state["Retry"] = json!([{ "ErrorEquals": ["Bad", "States.Timeout"], "MaxAttempts": self.pick(3) }]);
        }
        // A container that is caught into itself multiplies what is inside with every other one around it.
        let last = &names[names.len() - 1];
        if self.pick(3) == 1 && (state["Type"] == "Task" || last != name) {
            state["Catch"] = json!([{ "ErrorEquals": ["States.ALL"], "Next": last }]);
        }
    }
}

/// The same machines every time, unless `PROPTEST_RNG_SEED` says otherwise: what others show is looked for on purpose,
/// with more of them (`PROPTEST_CASES`), not by the build of somebody who changed something else.
pub(crate) fn repeatable(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(2);
    }
    config
}

/// A definition made from bytes, and answers for its tasks. AWS would refuse some of them.
pub(crate) fn random_definition(bytes: &[u8]) -> (Value, Map<String, Value>) {
    let mut tape = Tape { bytes: bytes.iter(), states: 0, answers: Map::new() };
    (tape.scope(2), tape.answers)
}

fn run(execution: &mut Execution, answers: &Value, events: &mut Vec<Event>) -> Stopped {
    let mut answers = AnswersFile::parse(&json!({ "states": answers }).to_string()).unwrap();
    let mut runner = Runner {
        answers: &mut answers,
        buckets: Buckets::default(),
        pace: Pace::default(),
        clock: Clock::Virtual,
        until: None,
        cancelled: Arc::new(AtomicBool::new(false)),
    };
    runner.run(execution, events).unwrap()
}

/// A run of a random machine as a recording; `None` when AWS would refuse the machine, or it never ends.
pub fn recorded_run(bytes: &[u8]) -> Option<Recording> {
    let mut tape = Tape { bytes: bytes.iter(), states: 0, answers: Map::new() };
    let definition = Payload::from_value(tape.scope(2));
    let answers = Value::Object(tape.answers);
    let (machine, _) = Definition::read(definition.text(), Format::Json).parse(MachineKind::Standard);
    let input = Payload::from_value(json!({ "items": [1, {"b": 2}, "c"] }));
    let options = Options { max_events: Some(2_000), ..Options::default() };
    let mut execution = Execution::new(Arc::new(machine?), Arc::new(undated(MachineKind::Standard)), input, options);
    let mut events = Vec::new();
    run(&mut execution, &answers, &mut events);
    // How many events there may be is known to AWS and to the run, not to a replay of it.
    Some(recording_of(&execution, events, definition)).filter(|recording| is_shorter(recording, 2_000))
}

/// Tells whether an execution and all children of its Map Runs have fewer events than this.
fn is_shorter(recording: &Recording, events: usize) -> bool {
    let mut children = recording.map_runs.iter().flat_map(|run| &run.executions);
    recording.events.len() < events && children.all(|child| is_shorter(child, events))
}

proptest! {
    #![proptest_config(repeatable(1_000))]

    #[test]
    fn every_machine_leaves_a_sound_history(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let (definition, answers) = random_definition(&bytes);
        let answers = Value::Object(answers);
        let (machine, _) = Definition::read(definition.to_string(), Format::Json).parse(MachineKind::Standard);
        // What AWS would refuse, such as states nobody can reach, is not run.
        let Some(machine) = machine.map(Arc::new) else { return Ok(()) };
        let options = Options { max_events: Some(2_000), ..Options::default() };
        let input = Payload::from_value(json!({ "items": [1, {"b": 2}, "c"] }));
        let identity = Arc::new(undated(MachineKind::Standard));
        let fresh = || Execution::new(Arc::clone(&machine), Arc::clone(&identity), input.clone(), options);

        let (mut execution, mut events) = (fresh(), Vec::new());
        let stopped = run(&mut execution, &answers, &mut events);
        prop_assert!(matches!(stopped, Stopped::Ended), "{stopped:?} {definition}");
        for (at, event) in events.iter().enumerate() {
            prop_assert_eq!(event.id.index(), at);
            prop_assert!(event.parent.is_none_or(|parent| parent < event.id), "{event:?}");
            prop_assert!(at == 0 || events[at - 1].timestamp <= event.timestamp);
        }
        let mut again = Vec::new();
        run(&mut fresh(), &answers, &mut again);
        prop_assert_eq!(&events, &again);

        // In which order a container and what is open inside it are aborted has not been recorded either.
        let nested = |event: &Event| matches!(event.kind, EventType::MapStateAborted | EventType::ParallelStateAborted);
        if events.iter().any(nested) {
            return Ok(());
        }
        let mut history = History::default();
        events.into_iter().for_each(|event| history.push(event));
        prop_assert!(history.anomalies().is_empty(), "{:?} {definition}", history.anomalies());

        // How AWS takes up a state that could not be evaluated has not been recorded; the fold need not know it.
        let evaluated = history.events().iter().all(|event| event.kind != EventType::EvaluationFailed);
        if evaluated && execution.redrive(execution.now()).is_ok() {
            let mut after = execution.take_events();
            run(&mut execution, &answers, &mut after);
            if after.iter().any(nested) {
                return Ok(());
            }
            after.into_iter().for_each(|event| history.push(event));
            prop_assert!(history.anomalies().is_empty(), "redriven: {:?} {definition}", history.anomalies());
        }
    }
}
