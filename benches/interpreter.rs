//! What running costs: transitions in both languages, a Map over many items, many executions side by side.
//!
//! The machines are those the peers were measured with; every event is made and kept until it is counted.

#![expect(clippy::unwrap_used, reason = "the machines are written here")]

use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::json;
use std::sync::Arc;
use stepback::asl::{Definition, Format, Machine, MachineKind};
use stepback::interpreter::{Execution, Identity, Options};
use stepback::json::Payload;
use stepback::tasks::undated;

fn main() {
    divan::main();
}

const LOOP_JSONPATH: &str = r#"{ "StartAt": "Inc", "States": {
    "Inc": { "Type": "Pass", "Parameters": { "n.$": "States.MathAdd($.n, 1)", "limit.$": "$.limit" }, "Next": "Check" },
    "Check": { "Type": "Choice", "Choices": [{ "Variable": "$.n", "NumericLessThanPath": "$.limit", "Next": "Inc" }], "Default": "Done" },
    "Done": { "Type": "Succeed" } } }"#;

const LOOP_JSONATA: &str = r#"{ "QueryLanguage": "JSONata", "StartAt": "Inc", "States": {
    "Inc": { "Type": "Pass", "Output": { "n": "{% $states.input.n + 1 %}", "limit": "{% $states.input.limit %}" }, "Next": "Check" },
    "Check": { "Type": "Choice", "Choices": [{ "Condition": "{% $states.input.n < $states.input.limit %}", "Next": "Inc" }], "Default": "Done" },
    "Done": { "Type": "Succeed" } } }"#;

const MAP: &str = r#"{ "StartAt": "Each", "States": { "Each": { "Type": "Map", "ItemsPath": "$.items", "End": true,
    "ItemProcessor": { "StartAt": "Fmt", "States": {
        "Fmt": { "Type": "Pass", "Parameters": { "text.$": "States.Format('item {} of {}', $.id, $.name)" }, "End": true } } } } } }"#;

const FIVE: &str = r#"{ "StartAt": "S1", "States": {
    "S1": { "Type": "Pass", "Result": { "a": 1 }, "ResultPath": "$.r", "Next": "S2" },
    "S2": { "Type": "Choice", "Choices": [{ "Variable": "$.r.a", "NumericEquals": 1, "Next": "S3" }], "Default": "S5" },
    "S3": { "Type": "Pass", "Parameters": { "v.$": "States.Format('x{}', $.r.a)" }, "Next": "S4" },
    "S4": { "Type": "Pass", "Parameters": { "u.$": "States.Hash($.v, 'SHA-256')" }, "Next": "S5" },
    "S5": { "Type": "Succeed" } } }"#;

struct Bench {
    machine: Arc<Machine>,
    identity: Arc<Identity>,
}

impl Bench {
    fn of(definition: &str) -> Self {
        let (machine, _) = Definition::read(definition, Format::Json).parse(MachineKind::Standard);
        Self { machine: Arc::new(machine.unwrap()), identity: Arc::new(undated(MachineKind::Standard)) }
    }

    fn start(&self, input: &Payload) -> Execution {
        let options = Options::default().without_limits();
        Execution::new(Arc::clone(&self.machine), Arc::clone(&self.identity), input.clone(), options)
    }

    /// Runs to the end and returns how many events there were.
    fn run(&self, input: &Payload) -> usize {
        let mut execution = self.start(input);
        let mut events = 0;
        while execution.advance_by(4_096) {
            events += execution.take_events().len();
        }
        assert!(execution.end().is_some());
        events + execution.take_events().len()
    }
}

fn count_to(limit: u32) -> Payload {
    Payload::from_value(json!({ "n": 0, "limit": limit }))
}

/// Two transitions for each number counted.
#[divan::bench(args = [5_000, 500_000], sample_count = 3)]
fn loop_jsonpath(bencher: Bencher<'_, '_>, limit: u32) {
    let (bench, input) = (Bench::of(LOOP_JSONPATH), count_to(limit));
    bencher.counter(ItemsCount::new(limit * 2)).bench(|| bench.run(&input));
}

/// Two transitions for each number counted.
#[divan::bench(args = [5_000], sample_count = 3)]
fn loop_jsonata(bencher: Bencher<'_, '_>, limit: u32) {
    let (bench, input) = (Bench::of(LOOP_JSONATA), count_to(limit));
    bencher.counter(ItemsCount::new(limit * 2)).bench(|| bench.run(&input));
}

/// A payload that only passes through must cost nothing by its size.
#[divan::bench(args = [10, 200_000])]
fn pass_through(bencher: Bencher<'_, '_>, size: usize) {
    let states = (0..100).map(|at| (format!("S{at}"), json!({ "Type": "Pass", "Next": format!("S{}", at + 1) })));
    let mut states: serde_json::Map<_, _> = states.collect();
    states.insert("S100".to_owned(), json!({ "Type": "Succeed" }));
    let bench = Bench::of(&json!({ "StartAt": "S0", "States": states }).to_string());
    let input = Payload::from_text(json!({ "text": "x".repeat(size) }).to_string());
    bencher.counter(ItemsCount::new(100_u32)).bench(|| bench.run(&input));
}

#[divan::bench]
fn map_over_1000_items(bencher: Bencher<'_, '_>) {
    let items: Vec<_> = (0..1_000).map(|id| json!({ "id": id, "name": format!("n{id}") })).collect();
    let (bench, input) = (Bench::of(MAP), Payload::from_value(json!({ "items": items })));
    bencher.bench(|| bench.run(&input));
}

#[divan::bench]
fn thousand_executions_of_five_states(bencher: Bencher<'_, '_>) {
    let (bench, input) = (Bench::of(FIVE), Payload::from_text("{}"));
    bencher.bench(|| {
        let mut executions: Vec<_> = (0..1_000).map(|_| bench.start(&input)).collect();
        executions.iter_mut().for_each(Execution::advance);
        executions.iter().map(|execution| execution.events().len()).sum::<usize>()
    });
}

/// What a step back costs: a copy of an execution in the middle of a Map.
#[divan::bench]
fn snapshot(bencher: Bencher<'_, '_>) {
    let items: Vec<_> = (0..1_000).map(|id| json!({ "id": id, "name": "n" })).collect();
    let mut execution = Bench::of(MAP).start(&Payload::from_value(json!({ "items": items })));
    execution.advance_by(500);
    execution.take_events();
    bencher.bench(|| execution.clone());
}
