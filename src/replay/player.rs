//! Runs a recorded execution again: the interpreter, steered by what the recording knows.

mod plan;

use super::amended::Asking;
use super::children::Children;
use super::edits::{Edits, changed_states};
use super::excerpt::{self, Beginning, Excerpt, Part};
use super::nested::Nested;
use super::outcome::{Child, Misfit, Outcome};
use super::recorded::{Attempt, Key, Outside, missing_activities, taken};
use super::subject::{Doubts, NotReplayable, Subject, Undecided};
use crate::event::{Details, Event, EventId, Timestamp};
use crate::history::History;
use crate::interpreter::{Execution, MapRunView, Options, RequestId, Sleep};
use crate::json::Payload;
use crate::recording::Recording;
use crate::tasks::{Ending, Live, task_key};
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many events a replay may write beyond twice those of the recording.
const SPARE_EVENTS: usize = 1_000;

/// A replay in progress.
///
/// It is steered by the recording: the clock shows the recorded times, answers come when they came, waits end when
/// they did. Once an edit leads it elsewhere, answers take as long as they took, and waits as long as they should.
pub struct Replay {
    /// What is to come out.
    excerpt: Excerpt,
    /// Whether the state has been left with which the replay ends.
    reached: bool,
    definition: Option<Payload>,
    version: (Option<Arc<str>>, Option<Arc<str>>),
    execution: Execution,
    children: Children,
    nested: Nested,
    edits: Edits,
    /// States of which the edited machine says something else.
    changed: HashSet<Arc<str>>,
    edited: bool,
    /// Whether the events written are still those recorded.
    following: bool,
    agenda: BTreeMap<(i64, u32, u64), Action>,
    number: u64,
    events: Vec<Event>,
    unanswered: Vec<Unanswered>,
    asking: Vec<Asking>,
    by_default: Vec<Unanswered>,
    /// Keys of answers inside executions that tasks start, with what was used of them there.
    inside: Vec<Misfit>,
    /// The Map Runs whose children were given their recorded inputs.
    items_not_read: Vec<EventId>,
    overflow: bool,
    live: Live,
    drawn: HashSet<Arc<str>>,
    /// Whether the recording says that something was taken out of it.
    redacted: bool,
    doubts: Doubts,
    /// Why it cannot go on, once it has come to a state that cannot be run.
    undecided: Option<Undecided>,
}

/// Something nobody recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// The answer to a task; its state, the iterations around it, and which try it is.
    Task(Arc<str>, Vec<u32>, u32),
    /// An object a distributed Map reads; its state, bucket and key.
    Object(Arc<str>, String, String),
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(state, path, attempt) => {
                write!(f, "Nobody recorded an answer to '{}', attempt {}.", task_key(state, path), attempt + 1)
            }
            Self::Object(state, bucket, object) => {
                write!(f, "'{state}' reads s3://{bucket}/{object}, which is not in the recording.")
            }
        }
    }
}

/// Something that will happen.
enum Action {
    Start(RequestId, Option<Arc<str>>),
    Submit(RequestId, Payload),
    End(RequestId, Ending),
    Wake(Sleep),
    Outside(Outside),
}

impl Replay {
    /// Prepares a replay of a recording.
    pub fn of(recording: &Recording, edits: Edits) -> Result<Self, NotReplayable> {
        let subject = Subject::of(recording, &edits)?;
        let history: History = recording.events.iter().collect();
        let beginning = match &edits.from {
            Some(from) => Some(Beginning::find(&history, from, edits.input.as_ref())?),
            None => None,
        };
        let subject = match &beginning {
            Some(beginning) => subject.inside(&beginning.path, recording),
            None => subject,
        };
        Self::prepared(recording, &history, subject, beginning, edits)
    }

    fn prepared(
        recording: &Recording,
        history: &History,
        subject: Subject,
        beginning: Option<Beginning>,
        edits: Edits,
    ) -> Result<Self, NotReplayable> {
        let excerpt = Excerpt::of(recording, history, beginning.as_ref(), edits.until.as_deref());
        let options = Options { round_micros: 0, ..Options::default() };
        let mut missing = missing_activities(recording.events.iter());
        missing.extend(edits.answers.iter().flat_map(|answers| answers.missing_activities()));
        let changed = edits.machine.as_ref().map(|machine| changed_states(recording, machine)).unwrap_or_default();
        let doubts = subject.doubts.clone();
        let execution =
            begun(subject, beginning, options)?.without_activities(missing).taking(taken(recording)).steered();
        // A definition for a recording that has none changes nothing.
        let other_machine = edits.machine.is_some() && recording.definition().is_some();
        let whole = excerpt.part == Part::Whole;
        let other_answers = edits.answers.is_some() || !edits.amended.is_empty();
        let edited = other_machine || edits.input.is_some() || other_answers || !whole;
        let described = recording.execution.as_ref();
        let mut replay = Self {
            excerpt,
            reached: false,
            definition: recording.definition().cloned(),
            version: (
                described.and_then(|it| it.state_machine_alias_arn.clone()),
                described.and_then(|it| it.state_machine_version_arn.clone()),
            ),
            execution,
            children: Children::of(recording, history),
            nested: if whole { Nested::of(recording, history) } else { Nested::default() },
            edits,
            changed,
            edited,
            following: whole,
            agenda: BTreeMap::new(),
            number: 0,
            events: Vec::new(),
            unanswered: Vec::new(),
            asking: Vec::new(),
            by_default: Vec::new(),
            inside: Vec::new(),
            items_not_read: Vec::new(),
            overflow: false,
            live: Live::default(),
            drawn: HashSet::new(),
            redacted: !recording.redactions.is_empty(),
            doubts,
            undecided: None,
        };
        replay.plan_outside();
        replay.take_out();
        Ok(replay)
    }

    /// Runs to the end, or until somebody wants it to stop; tells whether it came to its end.
    pub fn run(&mut self, cancelled: &AtomicBool) -> bool {
        while self.advance(1_000) {
            if cancelled.load(Ordering::Relaxed) {
                return false;
            }
        }
        true
    }

    /// Takes so many steps; tells whether there is more to do.
    pub fn advance(&mut self, steps: usize) -> bool {
        (0..steps).all(|_| self.step() || self.step_nested())
    }

    /// Goes on with the replay of an execution that a task started; an edited replay asks nothing of them.
    fn step_nested(&mut self) -> bool {
        !self.edited && self.nested.step()
    }

    /// Returns the execution as it is.
    pub(super) fn execution(&self) -> &Execution {
        &self.execution
    }

    /// Returns the events written so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns the recorded events.
    pub fn recorded(&self) -> &[Event] {
        &self.excerpt.events
    }

    /// Returns how many events the recording has, which is about how many there will be.
    pub fn expected(&self) -> usize {
        self.excerpt.events.len()
    }

    /// Returns the recorded tries of the tasks in the children of its Map Runs, run after run.
    pub(super) fn tries_of_children(mut self) -> Vec<(Key, Vec<Attempt>)> {
        let mut runs: Vec<_> = self.execution.map_runs().collect();
        runs.sort_by_key(MapRunView::started);
        runs.into_iter().flat_map(|run| self.children.tries(&run)).collect()
    }

    /// Compares what was written with what was recorded.
    pub fn finish(self) -> Outcome {
        let Self { excerpt, definition, execution, events, mut children, nested, edits, .. } = self;
        let Self { redacted, unanswered, mut asking, by_default, inside, items_not_read, overflow, .. } = self;
        let Self { mut drawn, reached, edited, doubts, undecided, .. } = self;
        // Whoever asked and was stopped with the rest no longer wants to know.
        asking.retain(|_| execution.end().is_none());
        let Excerpt { script, events: recorded, standing, part, began } = excerpt;
        drawn.extend(execution.made_up().into_iter().map(Arc::from));
        let unused = script
            .unused()
            .into_iter()
            .map(|((state, path), count)| (Arc::clone(state), path.clone(), count))
            .collect();
        let given = edits.answers.iter().flat_map(|answers| answers.unused());
        let given = given.map(|answers| Misfit::of(answers, execution.machine()));
        let unused_given = given.chain(inside).collect();
        let items = execution.map_runs().flat_map(|run| children.compare(&run, definition.as_ref(), &drawn, &doubts));
        let children: Vec<Child> = items.chain(nested.done()).collect();
        Outcome::of(super::outcome::Run {
            recorded: &recorded,
            events,
            end: execution.end().cloned(),
            definition: definition.as_ref(),
            standing,
            part,
            began,
            reached,
            edited,
            unanswered,
            asking,
            unused,
            unused_given,
            by_default,
            children,
            items_not_read,
            machine: execution.machine(),
            overflow,
            drawn,
            redacted,
            doubts,
            undecided,
        })
    }
}

/// The steps.
impl Replay {
    /// Does the next thing; tells whether there may be more.
    fn step(&mut self) -> bool {
        if self.reached || self.undecided.is_some() {
            return false;
        }
        if self.events.len() > self.excerpt.events.len() * 2 + SPARE_EVENTS {
            self.overflow = true;
            return false;
        }
        if self.is_open() && !self.edited && self.events.len() >= self.excerpt.events.len() {
            return false;
        }
        if self.execution.has_work() {
            let now = self.clock();
            // Children go on where the clock is, before it moves.
            let went_on = now > self.execution.now() && self.execution.advance_child();
            if !went_on && !self.happens_now() {
                let next = self.excerpt.events.get(self.execution.next_event().index()).filter(|_| self.following);
                self.execution.advance_once(now, next);
            }
        } else if !self.happens_next() {
            return false;
        }
        self.take_out();
        true
    }

    /// Tells whether the recorded execution had not ended.
    fn is_open(&self) -> bool {
        self.excerpt.events.last().is_none_or(|last| !last.kind.ends_execution())
    }

    /// Returns when the last event was recorded.
    fn last_recorded(&self) -> i64 {
        self.excerpt.events.last().map_or(i64::MIN, |last| last.timestamp.as_micros())
    }

    /// Returns the time at which the next event was recorded.
    fn clock(&self) -> Timestamp {
        let next = self.excerpt.events.get(self.execution.next_event().index());
        next.filter(|_| self.following).map_or(self.execution.now(), |event| event.timestamp)
    }

    /// Does what was recorded as the next event, if that came from outside; flows that are ready wait meanwhile.
    fn happens_now(&mut self) -> bool {
        let next = self.execution.next_event().get();
        let due = self.agenda.first_key_value().is_some_and(|(&(_, event, _), _)| event <= next);
        due && self.following && self.act_first()
    }

    fn act_first(&mut self) -> bool {
        let Some(((at, ..), action)) = self.agenda.pop_first() else { return false };
        self.execution.set_clock(Timestamp::from_micros(at));
        self.act(action, Timestamp::from_micros(at));
        true
    }

    /// Lets time pass until something happens; tells whether anything did.
    fn happens_next(&mut self) -> bool {
        let planned = self.agenda.keys().next().map(|&(at, ..)| at);
        let timer = self.execution.next_timer().map(Timestamp::as_micros);
        match (planned, timer) {
            (Some(planned), Some(timer)) if timer < planned => self.tick(timer),
            (Some(_), _) => self.act_first(),
            // A recording that is open at its end knows of what happened up to there.
            (None, Some(timer)) if self.edited || !self.is_open() || timer <= self.last_recorded() => self.tick(timer),
            _ => false,
        }
    }

    fn tick(&mut self, at: i64) -> bool {
        self.execution.tick(Timestamp::from_micros(at));
        true
    }

    fn act(&mut self, action: Action, at: Timestamp) {
        match action {
            Action::Start(id, worker) => self.execution.started(id, worker),
            Action::Submit(id, output) => self.execution.submitted(id, &output),
            Action::End(id, ending) => self.execution.answer(id, ending.outcome()),
            Action::Wake(sleep) => self.execution.wake(&sleep),
            Action::Outside(Outside::Stopped(failure)) => self.execution.stop(failure),
            Action::Outside(Outside::TimedOut) => self.execution.time_out(),
            Action::Outside(Outside::Redriven) => {
                // What cannot be redriven stays as it is, and the comparison says so.
                if self.execution.redrive(at).is_ok() {
                    self.hold_clock();
                }
            }
        }
    }

    /// Takes events, needs and sleeps out of the interpreter.
    fn take_out(&mut self) {
        for mut event in self.execution.take_events() {
            let entered = event.kind.enters().and(event.details.name());
            self.undecided = self.undecided.take().or_else(|| self.doubts.unmade(entered?));
            if self.undecided.is_some() {
                return;
            }
            self.complete(&mut event);
            if self.edited && self.following {
                self.following =
                    self.excerpt.events.get(self.events.len()).is_some_and(|recorded| is_like(recorded, &event));
            }
            self.reached |= self.edits.until.as_ref().is_some_and(|until| excerpt::leaves(&event, until));
            self.events.push(event);
        }
        for sleep in self.execution.take_sleeps() {
            self.plan_waking(sleep);
        }
        for need in self.execution.take_needs() {
            self.meet(need);
        }
    }

    /// Adds what the interpreter cannot know, and notes what it made up.
    fn complete(&mut self, event: &mut Event) {
        match &mut event.details {
            Details::ExecutionStarted(started) => {
                (started.state_machine_alias_arn, started.state_machine_version_arn) = self.version.clone();
            }
            Details::MapRunStarted(Some(arn)) => {
                self.drawn.insert(Arc::clone(arn));
                self.drawn.extend(arn.rsplit(':').next().map(Arc::from));
                let label = arn.rsplit(':').nth(1).and_then(|part| part.rsplit('/').next());
                self.drawn.extend(label.filter(|label| label.len() == 36).map(Arc::from));
            }
            _ => {}
        }
    }
}

/// An execution at its beginning, or at the visit to begin with.
fn begun(subject: Subject, beginning: Option<Beginning>, options: Options) -> Result<Execution, NotReplayable> {
    let Subject { machine, identity, input, .. } = subject;
    let Some(Beginning { start, .. }) = beginning else {
        return Ok(Execution::new(machine, identity, input, options));
    };
    let missing = NotReplayable::NoState(start.state.to_string());
    Execution::from_state(machine, identity, input, options, start).ok_or(missing)
}

/// Tells whether an event is of the same type and state as another.
fn is_like(recorded: &Event, event: &Event) -> bool {
    recorded.kind == event.kind && recorded.details.name() == event.details.name()
}
