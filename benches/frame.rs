//! What a key costs: `update` and `view` at 200×60 on histories of several sizes.
//!
//! `cargo bench --features bench --bench frame` prints divan's table, then the 50th and 99th percentile of the CPU time of a frame over
//! a long walk with many different keys; then the same for the graph of a machine of 200 states and for the timeline of
//! the largest history, whose medians have a limit.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use stepback::event::{Data, Details, Event, EventId, EventType, MapIteration, StateEntered, StateExited, Timestamp};

use stepback::json::{Payload, SharedBytes};
use stepback::recording::Recording;
use stepback::tui::key::Key;
use stepback::tui::look::Look;
use stepback::tui::theme::Theme;
use stepback::tui::{Effect, Found, Model, Msg, Subject, Target, update, view};

const SIZES: [usize; 3] = [250, 2_500, 25_000];
const EVENTS_PER_ITEM: usize = 5;

/// The states of the machine whose graph is painted.
const STATES: usize = 200;

/// What half of the frames of a view may take at most, in microseconds.
const LIMIT: i64 = 1_000;

fn main() {
    divan::main();
    for events in SIZES {
        let (median, p99) = percentiles(events);
        println!("{events:>6} events: median {median} µs, p99 {p99} µs of CPU per key and frame");
    }
    let views = [
        ("the graph of 200 states", Screen::of(machine()), "vv", GRAPH_KEYS.as_slice()),
        ("the timeline of a flow of 25,000 events", Screen::of(flow(25_000)), "v", TIMELINE_KEYS.as_slice()),
        ("the timeline of 5,000 items", Screen::new(25_000), "v", TIMELINE_KEYS.as_slice()),
    ];
    let mut slow = false;
    for (view, mut screen, there, keys) in views {
        screen.press(there);
        screen.press("+");
        let (median, p99) = screen.walk(2_000, |step| keys[step % keys.len()]);
        println!("{view}: median {median} µs, p99 {p99} µs of CPU per key and frame");
        slow |= median > LIMIT;
    }
    if slow {
        println!("Half of the frames of a view are to take {LIMIT} µs at most.");
        std::process::exit(1);
    }
}

const GRAPH_KEYS: [&str; 12] = ["j", "j", "l", "k", "h", "ctrl-d", "L", "zz", "enter", ".", "zl", "ctrl-u"];

const TIMELINE_KEYS: [&str; 12] = ["L", "L", ".", "j", "k", "L", "=", "zl", "zz", "-", "-", "f"];

#[divan::bench(args = SIZES)]
fn next_event(bencher: divan::Bencher<'_, '_>, events: usize) {
    let mut screen = Screen::new(events);
    screen.press("g");
    bencher.bench_local(|| screen.press("l"));
}

#[divan::bench(args = SIZES)]
fn next_row_of_the_event_list(bencher: divan::Bencher<'_, '_>, events: usize) {
    let mut screen = Screen::new(events);
    screen.press("g");
    screen.press("v");
    bencher.bench_local(|| screen.press("j"));
}

#[divan::bench(args = SIZES)]
fn next_row_of_the_tree(bencher: divan::Bencher<'_, '_>, events: usize) {
    let mut screen = Screen::new(events);
    screen.press("zR");
    bencher.bench_local(|| screen.press("j"));
}

struct Screen {
    model: Model,
    terminal: Terminal<TestBackend>,
}

impl Screen {
    fn new(events: usize) -> Self {
        let mut screen = Self::of(Recording::from_events(history(events)));
        screen.press("zR");
        screen
    }

    fn of(recording: Recording) -> Self {
        let target = Target::Path("bench".into());
        let (mut model, effects) = Model::new(target.clone(), (200, 60), Look::new(Theme::Dark));
        let subject = Subject::new(target, recording);
        if let [Effect::Open(ticket, _)] = effects.as_slice() {
            update(&mut model, Msg::Opened(*ticket, Ok(Found::One(Box::new(subject)))));
        }
        let terminal = Terminal::new(TestBackend::new(200, 60)).expect("a test backend cannot fail");
        Self { model, terminal }
    }

    /// Presses so many keys, and returns the 50th and the 99th percentile of what they took, in microseconds.
    fn walk(&mut self, steps: usize, key: impl Fn(usize) -> &'static str) -> (i64, i64) {
        let mut times: Vec<i64> = (0..steps)
            .map(|step| {
                let before = cpu_nanos();
                self.press(key(step));
                cpu_nanos() - before
            })
            .collect();
        times.sort_unstable();
        (times[times.len() / 2] / 1000, times[times.len() * 99 / 100] / 1000)
    }

    fn press(&mut self, keys: &str) {
        for key in Key::sequence(keys).unwrap_or_default() {
            update(&mut self.model, Msg::Key(key));
        }
        let model = &self.model;
        self.terminal.draw(|frame| view(model, frame)).expect("a test backend cannot fail");
    }
}

/// Walks through a history with every movement there is; unfolding everything and searching are not among them.
fn percentiles(events: usize) -> (i64, i64) {
    const KEYS: [&str; 16] =
        ["l", "j", "k", "h", ".", ",", "L", "f", "j", "ctrl-d", ")", "}", "tab", "j", "backtab", "u"];
    Screen::new(events).walk(6_000, |step| if step % 97 == 0 { "v" } else { KEYS[step % KEYS.len()] })
}

fn cpu_nanos() -> i64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// A Map whose items each run one state; every 50th item fails and is caught. Payloads take about 2 KiB.
fn history(events: usize) -> Vec<Event> {
    let mut made = Vec::with_capacity(events + 8);
    let mut add = |parent: Option<EventId>, kind: EventType, details: Details| -> EventId {
        let id = EventId::at(made.len());
        let time = Timestamp::from_millis(1_790_000_000_000 + i64::from(id.get()) * 37);
        made.push(Event::new(id, parent, time, kind, details));
        id
    };
    let entered = |name: &str, item: usize| {
        let text =
            format!(r#"{{"item":{item},"currency":"EUR","lines":[{}0]}}"#, r#"{"sku":"A-1","n":2},"#.repeat(100));
        Details::StateEntered(StateEntered { name: name.into(), input: Some(Data::whole(Payload::from_text(text))) })
    };
    let exited = |name: &str, item: usize| {
        let output = Some(Data::whole(Payload::from_text(format!(r#"{{"done":{item}}}"#))));
        Details::StateExited(StateExited { name: name.into(), output, assigned: None })
    };
    let iteration = |index: usize| Details::MapIteration(MapIteration { name: "Items".into(), index: index as u64 });
    add(None, EventType::ExecutionStarted, Details::None);
    let map = add(None, EventType::MapStateEntered, entered("Items", 0));
    let items = events / EVENTS_PER_ITEM;
    let started = add(Some(map), EventType::MapStateStarted, Details::MapStateStarted(Some(items as u64)));
    for item in 0..items {
        let begun = add(Some(started), EventType::MapIterationStarted, iteration(item));
        let state = add(Some(begun), EventType::TaskStateEntered, entered("Process", item));
        let last = if item % 50 == 7 {
            let failure = stepback::event::Failure { error: Some("Card.Declined".into()), cause: Some("no".into()) };
            add(Some(state), EventType::LambdaFunctionFailed, Details::Failure(failure))
        } else {
            add(Some(state), EventType::LambdaFunctionStarted, Details::None)
        };
        let exit = add(Some(last), EventType::TaskStateExited, exited("Process", item));
        add(Some(exit), EventType::MapIterationSucceeded, iteration(item));
    }
    made
}

/// A machine of many tasks with catchers and a Choice now and then, and a run that went all the way.
fn machine() -> Recording {
    let name = |state: usize| format!("State{state:03}");
    let state = |number: usize| match number {
        number if number + 1 == STATES => json!({ "Type": "Succeed" }),
        number if number % 7 == 3 => {
            let skip = name((number + 5).min(STATES - 1));
            let rule = json!({ "Variable": "$.skip", "BooleanEquals": true, "Next": skip });
            json!({ "Type": "Choice", "Choices": [rule], "Default": name(number + 1) })
        }
        number => json!({
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": name(number + 1),
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": name(STATES - 1) }],
        }),
    };
    let states: serde_json::Map<String, Value> = (0..STATES).map(|number| (name(number), state(number))).collect();
    let definition = json!({ "StartAt": name(0), "States": states }).to_string();
    let events = (0..STATES).map(|number| match number {
        number if number + 1 == STATES => (name(number), "Succeed"),
        number if number % 7 == 3 => (name(number), "Choice"),
        number => (name(number), "Task"),
    });
    recorded(events, Some(definition))
}

/// One flow of so many events.
fn flow(events: usize) -> Recording {
    recorded((0..events / 2).map(|visit| (format!("State{}", visit % 50), "Pass")), None)
}

/// A run through states, given by their names and types, each after the other.
fn recorded(states: impl Iterator<Item = (String, &'static str)>, definition: Option<String>) -> Recording {
    let mut events = vec![json!({ "id": 1, "timestamp": 1_790_000_000.0, "type": "ExecutionStarted" })];
    for (name, kind) in states {
        for (part, details) in [("Entered", "stateEnteredEventDetails"), ("Exited", "stateExitedEventDetails")] {
            let id = events.len() + 1;
            events.push(json!({
                "id": id, "previousEventId": id - 1, "timestamp": 1_790_000_000.0 + id as f64 * 0.037,
                "type": format!("{kind}State{part}"), details: { "name": name },
            }));
        }
    }
    let machine = definition.map(|definition| json!({ "definition": definition }));
    let text = json!({ "format": "stepback/1", "stateMachine": machine, "events": events }).to_string();
    Recording::read(&SharedBytes::from(text.into_bytes())).expect("a recording as one writes it by hand")
}
