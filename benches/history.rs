//! Folding a history as large as AWS allows: 25,000 events of a Map whose iterations take turns and retry.

use divan::counter::ItemsCount;
use stepback::event::{
    Data, Details, Event, EventId, EventType, Failure, MapIteration, StateEntered, StateExited, TaskFailure,
    TaskOutput, TaskRef, TaskScheduled, Timestamp,
};
use stepback::history::{Described, Family, History};
use stepback::json::Payload;

fn main() {
    divan::main();
}

const EVENTS: usize = 25_000;
const AT_ONCE: usize = 40;

struct Writer {
    events: Vec<Event>,
    payload: Payload,
}

impl Writer {
    fn add(&mut self, parent: Option<EventId>, kind: EventType, details: Details) -> EventId {
        let id = EventId::at(self.events.len());
        let at = Timestamp::from_millis(1_790_000_000_000 + self.events.len() as i64 * 12);
        self.events.push(Event::new(id, parent, at, kind, details));
        id
    }

    fn data(&self) -> Option<Data> {
        Some(Data::whole(self.payload.clone()))
    }

    fn entered(&mut self, parent: Option<EventId>, kind: EventType, name: &str) -> EventId {
        let input = self.data();
        self.add(parent, kind, Details::StateEntered(StateEntered { name: name.into(), input }))
    }

    fn exited(&mut self, parent: EventId, kind: EventType, name: &str) -> EventId {
        let output = self.data();
        self.add(Some(parent), kind, Details::StateExited(StateExited { name: name.into(), output, assigned: None }))
    }

    fn scheduled(&mut self, parent: EventId) -> EventId {
        let (task, parameters) = (TaskRef::default(), Some(self.payload.clone()));
        let scheduled = TaskScheduled {
            task,
            region: None,
            parameters,
            timeout_in_seconds: None,
            heartbeat_in_seconds: None,
            credentials_role_arn: None,
        };
        self.add(Some(parent), EventType::TaskScheduled, Details::TaskScheduled(Box::new(scheduled)))
    }

    /// The next event of an iteration that has had so many, after its last one.
    fn step(&mut self, step: usize, item: usize, last: EventId) -> EventId {
        let started = Details::TaskStarted(TaskRef::default());
        match step {
            0 => self.entered(Some(last), EventType::TaskStateEntered, "Charge"),
            1 | 4 => self.scheduled(last),
            2 | 5 => self.add(Some(last), EventType::TaskStarted, started),
            3 => {
                let failure = Failure { error: Some("Busy".into()), cause: None };
                let failed = TaskFailure { task: TaskRef::default(), failure };
                self.add(Some(last), EventType::TaskFailed, Details::TaskFailure(Box::new(failed)))
            }
            6 => {
                let done = TaskOutput { task: TaskRef::default(), output: self.data() };
                self.add(Some(last), EventType::TaskSucceeded, Details::TaskOutput(Box::new(done)))
            }
            7 => self.exited(last, EventType::TaskStateExited, "Charge"),
            8 => self.entered(Some(last), EventType::PassStateEntered, "Shape"),
            9 => self.exited(last, EventType::PassStateExited, "Shape"),
            _ => self.add(Some(last), EventType::MapIterationSucceeded, iteration(item)),
        }
    }
}

const STEPS: usize = 11;

fn iteration(item: usize) -> Details {
    Details::MapIteration(MapIteration { name: "Each".into(), index: item as u64 })
}

fn events() -> Vec<Event> {
    let payload = Payload::from_text(r#"{"orderId":"A-1044","card":{"token":"tok_1"},"lines":[1,2,3]}"#);
    let mut writer = Writer { events: Vec::with_capacity(EVENTS), payload };
    writer.add(None, EventType::ExecutionStarted, Details::None);
    let entered = writer.entered(None, EventType::MapStateEntered, "Each");
    let items = EVENTS / (STEPS + 1);
    let started = writer.add(Some(entered), EventType::MapStateStarted, Details::MapStateStarted(Some(items as u64)));
    let mut live: Vec<(usize, usize, EventId)> = Vec::new();
    let (mut next, mut turn, mut last) = (0, 0, started);
    while next < items || !live.is_empty() {
        if live.len() < AT_ONCE && next < items {
            let begun = writer.add(Some(last), EventType::MapIterationStarted, iteration(next));
            live.push((next, 0, begun));
            next += 1;
            continue;
        }
        turn = (turn + 7) % live.len();
        let (item, step, before) = live[turn];
        let event = writer.step(step, item, before);
        live[turn] = (item, step + 1, event);
        if step + 1 == STEPS {
            (last, _) = (before, live.remove(turn));
        }
    }
    writer.add(Some(last), EventType::MapStateSucceeded, Details::None);
    let exited = writer.exited(last, EventType::MapStateExited, "Each");
    writer.add(Some(exited), EventType::ExecutionSucceeded, Details::Output(None));
    writer.events
}

#[divan::bench]
fn fold(bencher: divan::Bencher<'_, '_>) {
    let events = events();
    bencher
        .counter(ItemsCount::new(events.len()))
        .with_inputs(|| events.clone())
        .bench_values(|events| events.into_iter().collect::<History>());
}

#[divan::bench]
fn scrub_over_every_hundredth_event(bencher: divan::Bencher<'_, '_>) {
    let history: History = events().into_iter().collect();
    let ids: Vec<EventId> = history.events().iter().step_by(100).map(|event| event.id).collect();
    bencher.counter(ItemsCount::new(ids.len())).bench(|| {
        let worlds = ids.iter().filter_map(|id| history.world_at(*id));
        worlds.map(|world| world.open().len() + world.variables().len()).sum::<usize>()
    });
}

#[divan::bench]
fn diagnose(bencher: divan::Bencher<'_, '_>) {
    let family = Family::new(Described::default(), events().into_iter().collect());
    assert!(family.root().anomalies().is_empty(), "{:?}", family.root().anomalies().first());
    bencher.bench(|| stepback::analysis::diagnose(&family));
}
