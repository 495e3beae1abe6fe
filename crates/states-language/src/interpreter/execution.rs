//! One execution: advanced step by step, asking for what it cannot do itself.

use super::chance::Chance;
use super::context::Redrive;
use super::flow::{Activity, Container, Flow, FlowId, Flows, Position, Resume, Visit};
use super::here::{Here, type_of};
use super::identity::Identity;
use super::journal::Journal;
use super::map_run::{MapRun, MapRunView, Phase};
use super::need::{Need, RequestId};
use super::options::Options;
use super::timers::{Timer, Timers};
use super::variables::Layer;
use crate::asl::services::ParameterProblem;
use crate::asl::{Machine, MachineKind, ScopeId, StateId, StateKind};
use crate::event::{Data, Details, Event, EventId, EventType, ExecutionStarted, Failure, Timestamp};
use crate::json::Payload;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// One execution of a machine.
///
/// It does no I/O and has no clock: [`advance`](Self::advance) runs it until it needs something, and what it needs are
/// values. The same answers at the same times give the same history. A copy goes on from where the original was.
#[derive(Debug, Clone)]
pub struct Execution {
    pub(super) machine: Arc<Machine>,
    pub(super) scope: ScopeId,
    pub(super) identity: Arc<Identity>,
    pub(super) input: Payload,
    pub(super) options: Options,
    pub(super) journal: Journal,
    pub(super) chance: Chance,
    pub(super) flows: Flows,
    root: Option<FlowId>,
    pub(super) queue: VecDeque<FlowId>,
    /// How many flows of the queue belong to the round that is running.
    round: usize,
    needs: Vec<Need>,
    asked: HashMap<u64, Asked>,
    pub(super) timers: Timers,
    last_number: u64,
    pub(super) redrive: Redrive,
    /// At least as many bytes as all variables take that are in force.
    pub(super) assigned_bytes: usize,
    /// Activities that do not exist, by ARN.
    pub(super) missing_activities: Arc<[String]>,
    /// What services are known to take although the table of their members says otherwise.
    pub(super) taken: Arc<[ParameterProblem]>,
    end: Option<End>,
    /// Flows whose child executions can go on.
    pub(super) ready_runs: VecDeque<FlowId>,
    /// Map Runs that have ended.
    pub(super) map_runs: Vec<Arc<MapRun>>,
    /// Flows that began to wait and until when, as long as somebody wants to know.
    pub(super) sleeps: Option<Vec<(FlowId, i64)>>,
}

/// Who asked a question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) flow: FlowId,
    /// The child execution that asked, and by which number.
    pub(super) child: Option<(u32, RequestId)>,
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// With an output.
    Succeeded(Payload),
    /// With an error nobody caught.
    Failed(Failure),
    /// It took longer than the machine allows.
    TimedOut,
    /// Somebody stopped it.
    Aborted(Failure),
}

impl Execution {
    /// An execution of a whole machine; its first event is written at once.
    pub fn new(machine: Arc<Machine>, identity: Arc<Identity>, input: Payload, options: Options) -> Self {
        let scope = machine.root();
        Self::of_scope(machine, scope, identity, input, options)
    }

    /// An execution of one scope of a machine, as distributed Maps start for their items.
    pub(super) fn of_scope(
        machine: Arc<Machine>,
        scope: ScopeId,
        identity: Arc<Identity>,
        input: Payload,
        options: Options,
    ) -> Self {
        let limit = options.max_events.filter(|_| identity.kind == MachineKind::Standard);
        let mut execution = Self {
            journal: Journal::new(identity.started, limit),
            chance: Chance::new(options.seed),
            machine,
            scope,
            identity,
            input,
            options,
            flows: Flows::default(),
            root: None,
            queue: VecDeque::new(),
            round: 0,
            needs: Vec::new(),
            asked: HashMap::new(),
            timers: Timers::default(),
            last_number: 0,
            redrive: Redrive { count: 0, time: None },
            assigned_bytes: 0,
            missing_activities: Arc::default(),
            taken: Arc::default(),
            end: None,
            ready_runs: VecDeque::new(),
            map_runs: Vec::new(),
            sleeps: None,
        };
        execution.begin();
        execution
    }

    fn begin(&mut self) {
        let details = ExecutionStarted {
            input: Some(Data::whole(self.input.clone())),
            role_arn: Some(Arc::clone(&self.identity.role_arn)),
            state_machine_alias_arn: None,
            state_machine_version_arn: None,
        };
        self.journal.append(None, EventType::ExecutionStarted, Details::ExecutionStarted(Box::new(details)));
        self.start_clock();
        let start_at = self.machine[self.scope].start_at;
        let position = Position::Before { state: start_at, input: self.input.clone() };
        let variables = Arc::new(Layer::default());
        let root = self.flows.add(Flow { owner: None, last: None, variables, item: None, position });
        self.root = Some(root);
        self.enqueue(root);
    }

    /// Sets the timer of the whole execution: the machine's own, or the five minutes of Express.
    pub(super) fn start_clock(&mut self) {
        let express = (self.identity.kind == MachineKind::Express).then_some(300);
        let own = self.machine.timeout.filter(|_| self.scope == self.machine.root());
        if let Some(seconds) = own.into_iter().chain(express).min() {
            self.set_timer(i64::from(seconds) * 1_000_000, Timer::Execution);
        }
    }

    /// Says which activities do not exist, so that nobody could ever work on them. All others do.
    #[must_use]
    pub fn without_activities(self, missing: impl Into<Arc<[String]>>) -> Self {
        Self { missing_activities: missing.into(), ..self }
    }

    /// Says what is no problem with the parameters of a task, since AWS took it: its services grow, and the table of
    /// their members is of one day.
    #[must_use]
    pub fn taking(self, taken: impl Into<Arc<[ParameterProblem]>>) -> Self {
        Self { taken: taken.into(), ..self }
    }

    /// Runs until something is needed from outside, or to the end.
    pub fn advance(&mut self) {
        while self.advance_by(usize::MAX) {}
    }

    /// Runs on for at most so many steps; tells whether there is more to do without anything from outside.
    pub fn advance_by(&mut self, steps: usize) -> bool {
        let machine = Arc::clone(&self.machine);
        for _ in 0..steps {
            if self.end.is_some() || !self.advance_one(&machine) {
                return false;
            }
        }
        self.end.is_none()
    }

    /// Runs one state of one flow, or one child; tells whether there was any.
    pub(super) fn advance_one(&mut self, machine: &Machine) -> bool {
        let Some(flow) = self.next_in_queue() else { return self.advance_children() };
        self.chance.set_time(self.journal.now());
        self.step(machine, flow);
        if self.journal.is_full() {
            self.end_full();
        }
        true
    }

    /// Takes the next flow from the queue. Whatever entered the queue during a round belongs to the next one, and a
    /// round takes time.
    fn next_in_queue(&mut self) -> Option<FlowId> {
        if self.round == 0 {
            self.round = self.queue.len();
            if self.round > 0 {
                self.journal.pass_micros(self.options.round_micros);
                if self.timers.execution_is_due(self.journal.now()) {
                    self.end_timed_out();
                    return None;
                }
            }
        }
        let flow = self.queue.pop_front()?;
        self.round -= 1;
        Some(flow)
    }

    fn step(&mut self, machine: &Machine, id: FlowId) {
        let Some(flow) = self.flows.get_mut(id) else { return };
        match &mut flow.position {
            Position::Before { .. } => {
                if let Position::Before { state, input } = std::mem::replace(&mut flow.position, Position::Over) {
                    self.enter(machine, id, state, input);
                }
            }
            &mut Position::Again { state, ref input, entered } => {
                let (input, state) = (input.clone(), &machine[state]);
                self.set_last(id, entered);
                self.perform(machine, Here { flow: id, state, entered }, input);
            }
            Position::In(visit) if !visit.stopped => {
                if let Activity::Container(Container::Distributed(run)) = &visit.activity {
                    let (state, ended) = (visit.state, matches!(run.phase, Phase::Ended(_)));
                    if ended {
                        self.map_run_ended(machine, id, state);
                    }
                    return;
                }
                let waiting = Activity::Waiting { until: visit.entered_at, timer: 0 };
                match std::mem::replace(&mut visit.activity, waiting) {
                    Activity::Resuming(resume) => {
                        let state = visit.state;
                        self.resume(machine, id, state, resume);
                    }
                    other => visit.activity = other,
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, machine: &Machine, flow: FlowId, state: StateId, input: Payload) {
        let state = &machine[state];
        let before = self.last_of(flow);
        let entered = super::event_details::entered(&state.name, &input);
        let entered = self.journal.append(before, type_of(state).entered(), entered);
        self.set_last(flow, entered);
        self.perform(machine, Here { flow, state, entered }, input);
    }

    fn perform(&mut self, machine: &Machine, here: Here<'_>, input: Payload) {
        match &here.state.kind {
            StateKind::Pass(pass) => self.step_pass(machine, here, pass, input),
            StateKind::Succeed(succeed) => self.step_succeed(machine, here, succeed, input),
            StateKind::Choice(choice) => self.step_choice(machine, here, choice, input),
            StateKind::Fail(fail) => self.step_fail(machine, here, fail, input),
            StateKind::Wait(wait) => self.step_wait(machine, here, wait, input),
            StateKind::Task(task) => {
                self.visit(here, input);
                self.schedule(machine, here, task, here.entered);
            }
            StateKind::Parallel(parallel) => {
                self.visit(here, input);
                self.start_parallel(machine, here, parallel, here.entered);
            }
            StateKind::Map(map) => {
                self.visit(here, input);
                self.start_map(machine, here, map, here.entered);
            }
        }
    }

    /// Puts a flow into a state that takes more than one step.
    pub(super) fn visit(&mut self, here: Here<'_>, input: Payload) {
        let entered_at = self.journal.now();
        let activity = Activity::Waiting { until: entered_at, timer: 0 };
        let state = here.state.id;
        let visit = Visit {
            state,
            input,
            entered: here.entered,
            entered_at,
            retries: Default::default(),
            activity,
            stopped: false,
        };
        if let Some(flow) = self.flows.get_mut(here.flow) {
            flow.position = Position::In(Box::new(visit));
        }
    }

    /// Returns the events written since they were last taken.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.journal.take()
    }

    /// Returns the events that have not been taken.
    pub fn events(&self) -> &[Event] {
        self.journal.events()
    }

    /// Returns what is newly needed from outside, in the order in which it was asked for.
    pub fn take_needs(&mut self) -> Vec<Need> {
        std::mem::take(&mut self.needs)
    }

    /// Returns how the execution ended; `None` while it runs.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Returns who the execution is.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// Returns what the execution was started with.
    pub fn input(&self) -> &Payload {
        &self.input
    }

    /// Returns the machine it runs.
    pub fn machine(&self) -> &Arc<Machine> {
        &self.machine
    }

    /// Returns the Map Runs that have ended, in the order of their ends.
    pub fn map_runs(&self) -> impl Iterator<Item = MapRunView<'_>> {
        self.map_runs.iter().map(|run| MapRunView::new(run))
    }

    /// Returns the time the execution has reached.
    pub fn now(&self) -> Timestamp {
        self.journal.now()
    }

    /// Tells whether [`advance`](Self::advance) has anything to do.
    pub fn has_work(&self) -> bool {
        self.end.is_none() && !(self.queue.is_empty() && self.ready_runs.is_empty())
    }

    /// Returns the moment at which the execution goes on by itself.
    pub fn next_timer(&self) -> Option<Timestamp> {
        if self.end.is_some() { None } else { self.timers.next() }
    }
}

/// Bookkeeping shared by all steps.
impl Execution {
    pub(super) fn enqueue(&mut self, flow: FlowId) {
        self.queue.push_back(flow);
    }

    /// Lets a flow go on with something that happened.
    pub(super) fn resume_with(&mut self, flow: FlowId, resume: Resume) {
        if let Some(visit) = self.flows.visit_mut(flow) {
            visit.activity = Activity::Resuming(resume);
            self.enqueue(flow);
        }
    }

    pub(super) fn last_of(&self, flow: FlowId) -> Option<EventId> {
        self.flows.get(flow).and_then(|flow| flow.last)
    }

    pub(super) fn set_last(&mut self, flow: FlowId, event: EventId) {
        if let Some(flow) = self.flows.get_mut(flow) {
            flow.last = Some(event);
        }
    }

    /// Returns a number nobody else has: of a question or a timer.
    pub(super) fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub(super) fn ask(&mut self, id: RequestId, asked: Asked, need: Need) {
        self.asked.insert(id.0, asked);
        self.needs.push(need);
    }

    /// Returns who asked a question that has not been answered.
    pub(super) fn asked(&self, id: RequestId) -> Option<Asked> {
        self.asked.get(&id.0).copied()
    }

    pub(super) fn answered(&mut self, id: RequestId) {
        self.asked.remove(&id.0);
    }

    /// Sets a timer and returns its number.
    pub(super) fn set_timer(&mut self, after_micros: i64, timer: Timer) -> u64 {
        self.set_timer_at(after_micros, timer).1
    }

    /// Sets a timer and returns its time and number.
    pub(super) fn set_timer_at(&mut self, after_micros: i64, timer: Timer) -> (i64, u64) {
        let at = self.journal.now().as_micros().saturating_add(after_micros);
        if let (Some(sleeps), Timer::Wait(flow) | Timer::Backoff(flow)) = (&mut self.sleeps, timer) {
            sleeps.push((flow, at));
        }
        let number = self.number();
        self.timers.set(at, number, timer);
        (at, number)
    }

    pub(super) fn root(&self) -> Option<FlowId> {
        self.root
    }

    pub(super) fn finish(&mut self, end: End) {
        self.stop_map_runs();
        self.end = Some(end);
        self.queue.clear();
        self.round = 0;
        self.needs.clear();
        self.asked.clear();
        self.timers.clear();
        self.ready_runs.clear();
    }

    /// Takes an ended execution up again.
    pub(super) fn reopen(&mut self) {
        self.end = None;
    }
}
