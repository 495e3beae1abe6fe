//! Runs a recorded execution again: the interpreter, steered by what the recording knows.

use super::edits::Edits;
use super::excerpt::{self, Beginning};
use super::outcome::{Outcome, Standing};
use super::recorded::{Attempt, Key, Moment, Outside, Script};
use super::subject::{NotReplayable, Subject};
use crate::asl::{Machine, MachineKind, Resource, StateKind};
use crate::event::{Details, Event, EventId, Timestamp};
use crate::history::History;
use crate::interpreter::{Execution, MapExit, Need, Options, Outcome as TaskOutcome, RequestId, Sleep, TaskRequest};
use crate::json::Payload;
use crate::recording::Recording;
use crate::tasks::{Answer, Ending, Live, Reply};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Microseconds that a task takes which the recording does not know.
const UNKNOWN_TASK: i64 = 60_000;

/// How many events a replay may write beyond twice those of the recording.
const SPARE_EVENTS: usize = 1_000;

/// A replay in progress.
///
/// It is steered by the recording: the clock shows the recorded times, answers come when they came, waits end when
/// they did. Once an edit leads it elsewhere, answers take as long as they took, and waits as long as they should.
pub struct Replay {
    /// What is to come out: all recorded events, or those of a part.
    recorded: Arc<[Event]>,
    standing: Standing,
    part: Part,
    /// Whether the state has been left with which the replay ends.
    reached: bool,
    definition: Option<Payload>,
    version: (Option<Arc<str>>, Option<Arc<str>>),
    execution: Execution,
    script: Script,
    children: Children,
    edits: Edits,
    /// States of which the edited machine says something else.
    changed: HashSet<Arc<str>>,
    edited: bool,
    /// Whether the events written are still those recorded.
    following: bool,
    agenda: BTreeMap<(i64, u32, u64), Action>,
    number: u64,
    /// How many visits were woken and have not gone on yet.
    woken: u32,
    events: Vec<Event>,
    unanswered: Vec<Unanswered>,
    overflow: bool,
    live: Live,
    drawn: HashSet<Arc<str>>,
}

/// Which part of an execution is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// From one visit to the end.
    Rest,
    /// From one visit to the end of the branch or iteration it belongs to.
    Scope,
}

/// Something nobody recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// The answer to a task; its state, the iterations around it, and which try it is.
    Task(Arc<str>, Vec<u32>, u32),
    /// An object a distributed Map reads; its state, bucket and key.
    Object(Arc<str>, String, String),
}

/// Something that will happen.
enum Action {
    Start(RequestId, Option<Arc<str>>),
    Submit(RequestId, Payload),
    End(RequestId, Ending),
    Wake(Sleep),
    Outside(Outside),
}

/// The recorded children of Map Runs, and which child of the replay each of them is.
#[derive(Default)]
struct Children {
    recorded: Vec<(Option<Payload>, Script)>,
    claimed: HashMap<Arc<str>, usize>,
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
        let (script, recorded, mut standing) = match &beginning {
            None => (Script::of(history), history.events().to_vec(), Standing::recorded(recording)),
            Some(beginning) => {
                let events = beginning.events(history);
                let kept: HashSet<EventId> = events.iter().map(|event| event.id).collect();
                (Script::among(history, |event| kept.contains(&event)), events, beginning.standing(history, recording))
            }
        };
        let part = match &beginning {
            None => Part::Whole,
            Some(beginning) if beginning.is_in_root() => Part::Rest,
            Some(_) => Part::Scope,
        };
        let recorded = match &edits.until {
            Some(until) => {
                let (events, left) = excerpt::until(recorded, until);
                standing = left.unwrap_or(standing);
                events
            }
            None => recorded,
        };
        let options = Options {
            map_exit: MapExit::at(subject.identity.started, &subject.machine),
            round_micros: 0,
            ..Options::default()
        };
        let missing = missing_activities(&subject.machine, &script);
        let changed = edits.machine.as_ref().map(|_| changed_states(recording, &subject.machine)).unwrap_or_default();
        let Subject { machine, identity, input } = subject;
        let execution = match beginning {
            None => Execution::new(machine, identity, input, options),
            Some(beginning) => {
                let missing = NotReplayable::NoState(beginning.start.state.to_string());
                Execution::from_state(machine, identity, input, options, beginning.start).ok_or(missing)?
            }
        };
        let described = recording.execution.as_ref();
        // A definition for a recording that has none changes nothing.
        let other_machine = edits.machine.is_some() && recording.definition().is_some();
        let edited = other_machine || edits.input.is_some() || edits.answers.is_some() || part != Part::Whole;
        let mut replay = Self {
            recorded: recorded.into(),
            standing,
            part,
            reached: false,
            definition: recording.definition().cloned(),
            version: (
                described.and_then(|it| it.state_machine_alias_arn.clone()),
                described.and_then(|it| it.state_machine_version_arn.clone()),
            ),
            execution: execution.without_activities(missing).steered(),
            script,
            children: Children::of(recording),
            edits,
            changed,
            edited,
            following: part == Part::Whole,
            agenda: BTreeMap::new(),
            number: 0,
            woken: 0,
            events: Vec::new(),
            unanswered: Vec::new(),
            overflow: false,
            live: Live::default(),
            drawn: HashSet::new(),
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
        (0..steps).all(|_| self.step())
    }

    /// Returns the events written so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns the recorded events.
    pub fn recorded(&self) -> &[Event] {
        &self.recorded
    }

    /// Returns how many events the recording has, which is about how many there will be.
    pub fn expected(&self) -> usize {
        self.recorded.len()
    }

    /// Compares what was written with what was recorded.
    pub fn finish(self) -> Outcome {
        let Self { recorded, standing, definition, execution, script, events, .. } = self;
        let Self { unanswered, overflow, mut drawn, part, reached, edited, .. } = self;
        drawn.extend(execution.made_up().into_iter().map(Arc::from));
        let unused = script
            .unused()
            .into_iter()
            .map(|((state, path), count)| (Arc::clone(state), path.clone(), count))
            .collect();
        Outcome::of(super::outcome::Run {
            recorded: &recorded,
            events,
            end: execution.end().cloned(),
            definition: definition.as_ref(),
            standing,
            part,
            reached,
            edited,
            unanswered,
            unused,
            overflow,
            drawn,
        })
    }
}

/// The steps.
impl Replay {
    /// Does the next thing; tells whether there may be more.
    fn step(&mut self) -> bool {
        if self.reached {
            return false;
        }
        if self.events.len() > self.recorded.len() * 2 + SPARE_EVENTS {
            self.overflow = true;
            return false;
        }
        if self.is_open() && !self.edited && self.events.len() >= self.recorded.len() {
            return false;
        }
        if self.execution.has_work() {
            if !self.happens_now() {
                let now = self.clock();
                self.execution.advance_once(now);
                self.woken = self.woken.saturating_sub(1);
            }
        } else if !self.happens_next() {
            return false;
        }
        self.take_out();
        true
    }

    /// Tells whether the recorded execution had not ended.
    fn is_open(&self) -> bool {
        self.recorded.last().is_none_or(|last| !last.kind.ends_execution())
    }

    /// Returns the time at which the next event was recorded.
    fn clock(&self) -> Timestamp {
        let next = self.recorded.get(self.execution.next_event().index());
        next.filter(|_| self.following).map_or(self.execution.now(), |event| event.timestamp)
    }

    /// Does what was recorded as the next event, if that came from outside; flows that are ready wait meanwhile.
    fn happens_now(&mut self) -> bool {
        // Whoever was woken before writes the events up to there.
        let next = self.execution.next_event().get().saturating_add(self.woken);
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
            (None, Some(timer)) if self.edited || !self.is_open() => self.tick(timer),
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
            Action::End(id, ending) => self.execution.answer(id, outcome(ending)),
            Action::Wake(sleep) => {
                self.execution.wake(&sleep);
                self.woken += 1;
            }
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
            self.complete(&mut event);
            if self.edited && self.following {
                self.following = self.recorded.get(self.events.len()).is_some_and(|recorded| is_like(recorded, &event));
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

/// What is planned.
impl Replay {
    fn plan(&mut self, at: i64, event: u32, action: Action) {
        self.number += 1;
        let at = at.max(self.execution.now().as_micros());
        self.agenda.insert((at, event, self.number), action);
    }

    /// Plans something recorded: for its moment or, once that has lost its meaning, for as much later than `since` as
    /// it was.
    fn plan_recorded(&mut self, moment: Moment, since: Moment, action: Action) {
        if self.following {
            return self.plan(moment.at.as_micros(), moment.event.get(), action);
        }
        let after = moment.at.micros_since(since.at).max(0);
        self.plan(self.execution.now().as_micros().saturating_add(after), u32::MAX, action);
    }

    /// Plans what was done to the whole execution.
    fn plan_outside(&mut self) {
        let machine = Arc::clone(self.execution.machine());
        let limited = machine.timeout.is_some() || machine.kind == MachineKind::Express;
        for (moment, outside) in self.script.outside.clone() {
            if matches!(outside, Outside::TimedOut) && !limited {
                continue;
            }
            self.plan(moment.at.as_micros(), moment.event.get(), Action::Outside(outside));
        }
        self.hold_clock();
    }

    /// An execution that is replayed as it was lasts as long as it did.
    fn hold_clock(&mut self) {
        if !self.edited {
            self.execution.hold_clock();
        }
    }

    fn plan_waking(&mut self, sleep: Sleep) {
        let key = (Arc::clone(&sleep.state), sleep.path.clone());
        if self.changed.contains(&sleep.state) {
            return;
        }
        match self.script.woke(sleep.since, &key) {
            Some(Some(moment)) if self.following => {
                self.execution.hold(&sleep);
                self.plan(moment.at.as_micros(), moment.event.get(), Action::Wake(sleep));
            }
            Some(None) if !self.edited => self.execution.hold(&sleep),
            _ => {}
        }
    }

    fn meet(&mut self, need: Need) {
        match need {
            Need::Task(request) => self.meet_task(&request),
            Need::Read(request) => {
                self.unanswered.push(Unanswered::Object(request.state, request.bucket, request.key));
            }
            // Nothing in the recording depends on what was written.
            Need::Write(request) => self.execution.written(request.id, Ok(())),
        }
    }

    fn meet_task(&mut self, request: &TaskRequest) {
        self.drawn.extend(request.token.clone());
        let recorded = self.recorded_attempt(request);
        let edited = self.edits.answers.as_mut().map_or(Reply::Nobody, |answers| answers.reply(request));
        match (edited, recorded) {
            (Reply::Given(answer), recorded) => self.plan_answer(request, answer, recorded.as_ref()),
            (Reply::Ask(call), _) => {
                self.execution.started(request.id, None);
                self.live.begin(request, call);
                if let Some((id, ending)) = self.live.next(None) {
                    self.plan(0, 0, Action::End(id, ending));
                }
            }
            (Reply::Nobody, Some(attempt)) => self.plan_attempt(request, attempt),
            (Reply::Nobody, None) => {
                let task = Unanswered::Task(Arc::clone(&request.state), request.path.clone(), request.attempt);
                self.unanswered.push(task);
            }
        }
    }

    fn recorded_attempt(&mut self, request: &TaskRequest) -> Option<Attempt> {
        let asker = self.execution.asker(request.id);
        let child = asker.filter(|asker| asker.identity().arn != self.execution.identity().arn);
        let Some(child) = child else {
            let key: Key = (Arc::clone(&request.state), request.path.clone());
            return self.script.attempt(&key, request.attempt);
        };
        self.drawn.insert(Arc::clone(&child.identity().arn));
        self.drawn.insert(Arc::clone(&child.identity().name));
        let outer = child.identity().path.len();
        let key: Key = (Arc::clone(&request.state), request.path.get(outer..).unwrap_or_default().to_vec());
        self.children.script(child)?.attempt(&key, request.attempt)
    }

    /// Plans a recorded answer. Its time limits are AWS's to enforce, unless they are others now.
    fn plan_attempt(&mut self, request: &TaskRequest, attempt: Attempt) {
        let same_limits = (attempt.timeout, attempt.heartbeat) == (request.timeout, request.heartbeat);
        if same_limits {
            self.execution.hold_task(request.id);
        }
        let since = attempt.scheduled;
        if let Some(started) = attempt.started {
            self.plan_recorded(started, since, Action::Start(request.id, attempt.worker));
        }
        if let Some((moment, output)) = attempt.submitted {
            match output {
                Some(output) => self.plan_recorded(moment, since, Action::Submit(request.id, output)),
                None => return self.not_recorded(request),
            }
        }
        match attempt.ended {
            Some((moment, Some(ending))) => self.plan_recorded(moment, since, Action::End(request.id, ending)),
            Some((_, None)) => self.not_recorded(request),
            None => {}
        }
    }

    fn not_recorded(&mut self, request: &TaskRequest) {
        self.unanswered.push(Unanswered::Task(Arc::clone(&request.state), request.path.clone(), request.attempt));
    }

    /// Plans an answer somebody gave instead, at the times of the recorded one if there is one.
    fn plan_answer(&mut self, request: &TaskRequest, answer: Answer, recorded: Option<&Attempt>) {
        let Answer { worker, submitted, ending, after } = answer;
        if matches!(ending, Ending::Unanswered(_)) {
            return self.not_recorded(request);
        }
        if let Some(attempt) = recorded {
            let ended = attempt.ended.as_ref().map(|(moment, _)| (*moment, Some(ending.clone())));
            let earlier = attempt.submitted.as_ref().map(|(moment, _)| *moment).or(attempt.started);
            let submitted = submitted.or_else(|| attempt.submitted.as_ref().and_then(|(_, output)| output.clone()));
            let edited = Attempt {
                worker: worker.or_else(|| attempt.worker.clone()),
                submitted: submitted.and_then(|output| Some((earlier?, Some(output)))),
                ended: ended.or_else(|| Some((earlier.unwrap_or(attempt.scheduled), Some(ending)))),
                ..attempt.clone()
            };
            return self.plan_attempt(request, edited);
        }
        let now = self.execution.now().as_micros();
        #[expect(clippy::cast_possible_truncation, reason = "casts saturate, and more than that is never waited for")]
        let took = after.map_or(UNKNOWN_TASK, |seconds| (seconds.max(0.0) * 1e6) as i64);
        self.plan(now, u32::MAX, Action::Start(request.id, worker));
        if let Some(output) = submitted {
            self.plan(now, u32::MAX, Action::Submit(request.id, output));
        }
        let has_limit = request.timeout.is_some() || request.heartbeat.is_some();
        if !(matches!(ending, Ending::TimedOut) && has_limit) {
            self.plan(now.saturating_add(took), u32::MAX, Action::End(request.id, ending));
        }
    }
}

impl Children {
    fn of(recording: &Recording) -> Self {
        let executions = recording.map_runs.iter().flat_map(|run| &run.executions);
        let recorded = executions.map(|child| {
            let history: History = child.events.iter().collect();
            (child.input(), Script::of(&history))
        });
        Self { recorded: recorded.collect(), claimed: HashMap::new() }
    }

    /// Returns the script of a child: the first that had the same input and is not another's.
    fn script(&mut self, child: &Execution) -> Option<&mut Script> {
        let arn = &child.identity().arn;
        if !self.claimed.contains_key(arn) {
            let taken: HashSet<usize> = self.claimed.values().copied().collect();
            let input = child.input();
            let fits =
                |recorded: &Option<Payload>| recorded.as_ref().is_some_and(|recorded| same_json(recorded, input));
            let mut free = self.recorded.iter().enumerate().filter(|(place, _)| !taken.contains(place));
            let (place, _) = free.find(|(_, (recorded, _))| fits(recorded))?;
            self.claimed.insert(Arc::clone(arn), place);
        }
        let place = *self.claimed.get(arn)?;
        self.recorded.get_mut(place).map(|(_, script)| script)
    }
}

fn same_json(left: &Payload, right: &Payload) -> bool {
    left == right || matches!((left.value(), right.value()), (Ok(left), Ok(right)) if left == right)
}

/// Tells whether an event is of the same type and state as another.
fn is_like(recorded: &Event, event: &Event) -> bool {
    recorded.kind == event.kind && recorded.details.name() == event.details.name()
}

/// Returns the states of which an edited machine says something else than the recorded one, or which only it has.
fn changed_states(recording: &Recording, machine: &Machine) -> HashSet<Arc<str>> {
    let kind = super::subject::machine_kind(recording);
    let text = recording.definition().map(Payload::text).unwrap_or_default();
    let (recorded, _) = crate::asl::Definition::read(text, crate::asl::Format::of_text(text)).parse(kind);
    let changed = machine.states().filter(|state| {
        let before = recorded.as_ref().and_then(|recorded| recorded.find(&state.name));
        before.is_none_or(|before| timing(&before.kind) != timing(&state.kind))
    });
    changed.map(|state| Arc::clone(&state.name)).collect()
}

/// What a state says about time: what a Wait waits for, and how things are retried.
fn timing(kind: &StateKind) -> String {
    match kind {
        StateKind::Wait(wait) => format!("{:?}", wait.data),
        StateKind::Task(task) => format!("{:?}", task.retry),
        StateKind::Parallel(parallel) => format!("{:?}", parallel.retry),
        StateKind::Map(map) => format!("{:?}", map.retry),
        _ => String::new(),
    }
}

fn missing_activities(machine: &Machine, script: &Script) -> Vec<String> {
    let missing = machine.states().filter_map(|state| match &state.kind {
        StateKind::Task(task) => match &task.resource {
            Resource::Activity { arn } if script.was_never_scheduled(&state.name) => Some(arn.clone()),
            _ => None,
        },
        _ => None,
    });
    missing.collect()
}

fn outcome(ending: Ending) -> TaskOutcome {
    match ending {
        Ending::Succeeded(result) => TaskOutcome::Succeeded(result),
        Ending::Failed(failure, None) => TaskOutcome::Failed(failure),
        Ending::Failed(failure, Some(kind)) => TaskOutcome::FailedAs(kind, failure),
        Ending::TimedOut | Ending::Unanswered(_) => TaskOutcome::TimedOut,
    }
}
