//! What comparisons cost: two payloads of 256 KiB, two executions of 25,000 events.

use divan::{Bencher, black_box};
use serde_json::{Value, json};
use stepback::analysis::diff::{Mask, Run, executions};
use stepback::event::Event;
use stepback::history::{Described, Family, History};
use stepback::json::SharedBytes;
use stepback::json::diff::diff;

fn main() {
    divan::main();
}

/// An order book of about 256 KiB; `seed` changes every item a little.
fn payload(seed: u64) -> Value {
    let line = |n: u64| {
        json!({
            "sku": format!("SKU-{n:05}"), "title": "Lamp with a brass arc and a linen shade", "quantity": (n + seed) % 7,
            "price": {"cents": 990 + n * seed % 100, "currency": "EUR"}, "tags": ["new", "indoor", format!("t{}", n % 9)],
        })
    };
    json!({"orderId": format!("o-{seed}"), "lines": (0..1_800).map(line).collect::<Vec<_>>()})
}

/// The same without anything that names the items.
fn nameless(seed: u64) -> Value {
    let line =
        |n: u64| json!({"x": n / 3, "y": [n % 5, (n + seed) % 11, "some text that stays"], "z": {"w": n * 31 % 97}});
    Value::Array((seed..5_200 + seed).map(line).collect())
}

#[divan::bench]
fn payload_of_256_kib(bencher: Bencher<'_, '_>) {
    let (old, new) = (payload(1), payload(2));
    assert!(old.to_string().len() > 256 * 1024);
    bencher.bench(|| diff(black_box(&old), black_box(&new)).changes().len());
}

#[divan::bench]
fn payload_of_256_kib_without_keys(bencher: Bencher<'_, '_>) {
    let (old, new) = (nameless(1), nameless(9));
    assert!(old.to_string().len() > 256 * 1024);
    bencher.bench(|| diff(black_box(&old), black_box(&new)).changes().len());
}

#[divan::bench]
fn rows_of_256_kib(bencher: Bencher<'_, '_>) {
    let (old, new) = (payload(1), payload(2));
    let node = diff(&old, &new);
    bencher.bench(|| black_box(&node).rows().all().len());
}

/// A loop of tasks, about 25,000 events; ids and times differ from run to run, and every tenth answer.
fn run(seed: u64) -> Family {
    let id = |n: u64| {
        format!("{:08x}-0000-4000-8000-{:012x}", n.wrapping_mul(2_654_435_761) % (1 << 32), seed * 1_000_003 + n)
    };
    let mut events = Vec::new();
    let mut add = |kind: &str, member: &str, details: Value| {
        let number = events.len() + 1;
        let parent = if number <= 2 { 0 } else { number - 1 };
        let time = 1_795_000_000 + seed * 3600 + number as u64 / 10;
        let event = json!({"timestamp": time, "type": kind, "id": number, "previousEventId": parent, member: details});
        events.push(Event::read(&SharedBytes::new(event.to_string().into_bytes())).expect("the event is well formed"));
    };
    let data = |turn: u64, answer: Value| {
        json!({"run": id(0), "turn": turn, "request": id(turn), "at": "2026-11-20T03:09:41Z", "customer": {"name": "Nuria", "tier": 3},
               "cart": {"lines": [{"sku": "LAMP", "n": 1}, {"sku": "RUG", "n": turn % 4}]}, "answer": answer}).to_string()
    };
    add("ExecutionStarted", "executionStartedEventDetails", json!({"input": data(0, Value::Null)}));
    for turn in 0..3_571 {
        let (input, task) = (data(turn, Value::Null), json!({"resourceType": "lambda", "resource": "invoke"}));
        let answer = json!({"requestId": id(turn + 7), "score": if turn % 10 == 0 { turn * seed } else { turn }});
        let output = data(turn, answer.clone());
        add("TaskStateEntered", "stateEnteredEventDetails", json!({"name": "Ask", "input": input}));
        let scheduled =
            json!({"resourceType": "lambda", "resource": "invoke", "region": "eu-west-1", "parameters": input});
        add("TaskScheduled", "taskScheduledEventDetails", scheduled);
        add("TaskStarted", "taskStartedEventDetails", task);
        let done = json!({"resourceType": "lambda", "resource": "invoke", "output": answer.to_string()});
        add("TaskSucceeded", "taskSucceededEventDetails", done);
        add("TaskStateExited", "stateExitedEventDetails", json!({"name": "Ask", "output": output}));
        add("ChoiceStateEntered", "stateEnteredEventDetails", json!({"name": "Enough?", "input": output}));
        add("ChoiceStateExited", "stateExitedEventDetails", json!({"name": "Enough?", "output": output}));
    }
    add("ExecutionSucceeded", "executionSucceededEventDetails", json!({"output": "{}"}));
    assert!(events.len() >= 24_999);
    Family::new(Described::default(), events.into_iter().collect::<History>())
}

#[divan::bench(sample_count = 20)]
fn runs_of_25_000_events(bencher: Bencher<'_, '_>) {
    let (old, new) = (run(1), run(2));
    let (old, new) = (Run { family: &old, definition: None }, Run { family: &new, definition: None });
    let mask = Mask::of(&old, &new);
    bencher.bench(|| executions(black_box(&old), black_box(&new), &mask).steps.len());
}
