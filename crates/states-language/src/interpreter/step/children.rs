//! The child executions of a Map Run: started, advanced, and brought to a result.

use crate::asl::state::{ExecutionType, MapMode};
use crate::asl::{MachineKind, StateKind};
use crate::event::Failure;
use crate::interpreter::error::failure;
use crate::interpreter::execution::{Asked, End, Execution};
use crate::interpreter::flow::{Activity, Container, FlowId};
use crate::interpreter::identity::Identity;
use crate::interpreter::map_run::{MapRun, Phase, files, formatted};
use crate::interpreter::need::{Need, RequestId, WriteRequest};
use crate::interpreter::options::Options;
use crate::interpreter::timers::Timer;
use crate::json::Payload;
use crate::query::Sources as _;
use std::sync::Arc;

/// How many steps a child takes before another one has its turn.
const STRIDE: usize = 4_096;

impl Execution {
    pub(in crate::interpreter) fn map_run(&self, flow: FlowId) -> Option<&MapRun> {
        match &self.flows.visit(flow)?.activity {
            Activity::Container(Container::Distributed(run)) => Some(run),
            _ => None,
        }
    }

    pub(in crate::interpreter) fn map_run_mut(&mut self, flow: FlowId) -> Option<&mut MapRun> {
        match &mut self.flows.visit_mut(flow)?.activity {
            Activity::Container(Container::Distributed(run)) => Some(run),
            _ => None,
        }
    }

    /// Starts as many children as may run at once.
    pub(in crate::interpreter) fn run_children(&mut self, flow: FlowId) {
        let Some(run) = self.map_run(flow) else { return };
        if run.children.is_empty() {
            return self.conclude(flow);
        }
        let (from, to) = (run.next, run.children.len().min(run.next + run.limit.saturating_sub(run.running)));
        for index in from..to {
            self.start_child(flow, index);
        }
        self.children_are_ready(flow);
    }

    pub(in crate::interpreter) fn start_child(&mut self, flow: FlowId, index: usize) {
        let machine = Arc::clone(&self.machine);
        let Some(visit) = self.flows.visit(flow) else { return };
        let StateKind::Map(map) = &machine[visit.state].kind else { return };
        let MapMode::Distributed(distributed) = &map.mode else { return };
        let Some(identity) = self.child_identity(flow, index, distributed.execution_type) else { return };
        let options = Options { seed: self.chance.bits(), ..self.options };
        let (missing, taken) = (Arc::clone(&self.missing_activities), Arc::clone(&self.taken));
        let Some(run) = self.map_run_mut(flow) else { return };
        let Some(child) = run.children.get_mut(index) else { return };
        let input = child.input.clone();
        let execution = Self::of_scope(Arc::clone(&machine), map.processor, Arc::new(identity), input, options);
        child.execution = Some(Arc::new(execution.without_activities(missing).taking(taken)));
        run.next = run.next.max(index + 1);
        run.running += 1;
        run.ready.push_back(u32::try_from(index).unwrap_or(u32::MAX));
    }

    /// A child is an execution of a machine whose ARN names the Map Run too; the machine's name stays the same.
    fn child_identity(&self, flow: FlowId, index: usize, kind: ExecutionType) -> Option<Identity> {
        let mut path = self.iteration_path(flow);
        path.push(u32::try_from(index).unwrap_or(u32::MAX));
        let (prefix, name) = (self.identity.arn_prefix(), self.chance.uuid());
        let base = self.identity.machine_name.split('/').next().unwrap_or_default();
        let labelled = format!("{base}/{}", self.map_run(flow)?.label);
        let (kind, arn) = match kind {
            ExecutionType::Standard => (MachineKind::Standard, format!("{prefix}:execution:{labelled}:{name}")),
            ExecutionType::Express => {
                (MachineKind::Express, format!("{prefix}:express:{labelled}:{name}:{}", self.chance.uuid()))
            }
        };
        Some(Identity {
            arn: arn.into(),
            name: name.into(),
            role_arn: Arc::clone(&self.identity.role_arn),
            machine_arn: format!("{prefix}:stateMachine:{labelled}").into(),
            machine_name: base.into(),
            kind,
            started: self.journal.now(),
            path,
        })
    }

    fn children_are_ready(&mut self, flow: FlowId) {
        if !self.ready_runs.contains(&flow) {
            self.ready_runs.push_back(flow);
        }
    }

    /// Lets one child go on that can; tells whether there was one.
    pub(in crate::interpreter) fn advance_children(&mut self) -> bool {
        let Some(&flow) = self.ready_runs.front() else { return false };
        let Some(index) = self.map_run_mut(flow).and_then(|run| run.ready.pop_front()) else {
            self.ready_runs.pop_front();
            return true;
        };
        let now = self.journal.now();
        let Some(run) = self.map_run_mut(flow) else { return true };
        let Some(child) = run.children.get_mut(index as usize) else { return true };
        let Some(execution) = child.execution.as_mut().map(Arc::make_mut) else { return true };
        if execution.end().is_some() {
            return true;
        }
        execution.journal.set_time(now);
        let more = execution.advance_by(STRIDE);
        let needs = execution.take_needs();
        let (timer, ended) = (execution.next_timer(), execution.end().cloned());
        if ended.is_some() {
            child.stopped_at = Some(execution.now());
            run.running -= 1;
        }
        if more {
            run.ready.push_back(index);
        }
        for need in needs {
            self.ask_for_child(flow, index, need);
        }
        if let Some(at) = timer {
            self.set_timer(at.micros_since(now).max(0), Timer::Child(flow, index));
        }
        if let Some(end) = ended {
            self.child_over(flow, &end);
        }
        true
    }

    /// Passes on what a child needs under a number of this execution.
    fn ask_for_child(&mut self, flow: FlowId, child: u32, mut need: Need) {
        let number = RequestId(self.number());
        let id = match &mut need {
            Need::Task(request) => &mut request.id,
            Need::Read(request) => &mut request.id,
            Need::Write(request) => &mut request.id,
        };
        let asked = Asked { flow, child: Some((child, *id)) };
        *id = number;
        self.ask(number, asked, need);
    }

    pub(in crate::interpreter) fn with_child(&mut self, flow: FlowId, index: u32, act: impl FnOnce(&mut Self)) {
        let now = self.journal.now();
        let Some(run) = self.map_run_mut(flow) else { return };
        let Some(child) = run.children.get_mut(index as usize) else { return };
        let Some(execution) = child.execution.as_mut().map(Arc::make_mut) else { return };
        execution.tick(now);
        act(execution);
        run.ready.push_back(index);
        self.children_are_ready(flow);
    }

    pub(in crate::interpreter) fn child_is_due(&mut self, flow: FlowId, index: u32) {
        self.with_child(flow, index, |_| {});
    }

    fn child_over(&mut self, flow: FlowId, end: &End) {
        let Some(run) = self.map_run(flow) else { return };
        if !matches!(run.phase, Phase::Running) {
            return;
        }
        if !matches!(end, End::Succeeded(_)) && run.is_over_tolerance() {
            return self.conclude(flow);
        }
        if run.is_done() { self.conclude(flow) } else { self.run_children(flow) }
    }

    /// All children are over, or too many have failed: results are written if they are to be.
    fn conclude(&mut self, flow: FlowId) {
        let machine = Arc::clone(&self.machine);
        let Some(visit) = self.flows.visit(flow) else { return };
        let state = &machine[visit.state];
        let StateKind::Map(map) = &state.kind else { return };
        let MapMode::Distributed(distributed) = &map.mode else { return };
        self.stop_children(flow);
        let Some(run) = self.map_run(flow) else { return };
        let over = run.is_over_tolerance();
        let writer = distributed.writer.as_ref();
        let cause = "The specified tolerated failure threshold was exceeded";
        let ended = |output| match over {
            true => Err(failure("States.ExceedToleratedFailureThreshold", cause)),
            false => Ok(output),
        };
        let Some(destination) = run.destination.clone() else {
            let output = formatted(run, writer);
            return self.end_map_run(flow, ended(output));
        };
        let (objects, output) = files(run, &destination, writer.and_then(|writer| writer.config));
        let id = RequestId(self.number());
        let request = WriteRequest { id, state: Arc::clone(&state.name), bucket: destination.bucket, objects };
        if let Some(run) = self.map_run_mut(flow) {
            run.phase = Phase::Writing(ended(output));
        }
        self.ask(id, Asked { flow, child: None }, Need::Write(request));
    }

    /// No child outlives the execution that started it.
    pub(in crate::interpreter) fn stop_map_runs(&mut self) {
        for flow in self.flows.map_runs() {
            self.stop_map_run(flow);
        }
    }

    /// Stops the children of a Map Run, if that is what a flow is in.
    pub(in crate::interpreter) fn stop_map_run(&mut self, flow: FlowId) {
        self.stop_children(flow);
        self.keep_map_run(flow);
    }

    /// Keeps what a Map Run came to so far, for those who look at it later.
    fn keep_map_run(&mut self, flow: FlowId) {
        let Some(run) = self.map_run(flow).cloned().map(Arc::new) else { return };
        self.map_runs.retain(|known| known.arn != run.arn);
        self.map_runs.push(run);
    }

    fn stop_children(&mut self, flow: FlowId) {
        let now = self.journal.now();
        let Some(run) = self.map_run_mut(flow) else { return };
        for child in &mut run.children {
            let Some(execution) = child.execution.as_mut().filter(|execution| execution.end().is_none()) else {
                continue;
            };
            let execution = Arc::make_mut(execution);
            execution.journal.set_time(now);
            execution.stop(Failure::default());
            child.stopped_at = Some(now);
        }
        run.running = 0;
        run.ready.clear();
    }

    /// Answers a wish to write results.
    pub fn written(&mut self, id: RequestId, written: Result<(), Failure>) {
        let Some(asked) = self.asked(id) else { return };
        self.answered(id);
        if let Some((child, child_id)) = asked.child {
            return self.with_child(asked.flow, child, |child| child.written(child_id, written));
        }
        let Some(run) = self.map_run_mut(asked.flow) else { return };
        let Phase::Writing(ended) = &run.phase else { return };
        let ended = ended.clone();
        let ended = match written {
            Ok(()) => ended,
            Err(failure) => ended.and(Err(failure)),
        };
        self.end_map_run(asked.flow, ended);
    }

    pub(in crate::interpreter) fn end_map_run(&mut self, flow: FlowId, ended: Result<Payload, Failure>) {
        let Some(run) = self.map_run_mut(flow) else { return };
        run.phase = Phase::Ended(ended);
        self.keep_map_run(flow);
        self.enqueue(flow);
    }
}
