//! What comes from outside: time, answers, and somebody stopping the execution.

use super::error::{Fault, StateError, TIMEOUT, bare_failure};
use super::event_details;
use super::execution::{Asked, End, Execution};
use super::flow::{Activity, FlowId, Resume, TaskRun};
use super::need::{Outcome, RequestId};
use super::step::task_ref;
use super::timers::Timer;
use crate::asl::Resource;
use crate::event::{Data, Details, EventId, EventType, Failure, TaskFailure, TaskOutput, Timestamp};
use crate::json::Payload;
use std::sync::Arc;

impl Execution {
    /// Lets time pass. Whatever is due happens before any of its consequences; call [`advance`](Self::advance) after.
    pub fn tick(&mut self, now: Timestamp) {
        if self.end().is_some() {
            return;
        }
        self.journal.set_time(now);
        while let Some((number, timer)) = self.timers.take_due(self.journal.now()) {
            self.fire(number, timer);
        }
    }

    fn fire(&mut self, number: u64, timer: Timer) {
        match timer {
            Timer::Execution => self.end_timed_out(),
            Timer::Wait(flow) => {
                if self.is_waiting(flow, number) {
                    self.resume_with(flow, Resume::Waited);
                }
            }
            Timer::Backoff(flow) => {
                if let Some(Activity::Backoff { timer, failed }) = self.activity(flow)
                    && *timer == number
                {
                    let failed = *failed;
                    self.resume_with(flow, Resume::Retry(failed));
                }
            }
            Timer::Timeout(id) => self.answer(id, Outcome::TimedOut),
            Timer::Heartbeat(flow, id) => {
                if self.task(flow).and_then(|run| run.heartbeat_timer).is_some_and(|(_, newest)| newest == number) {
                    self.answer(id, Outcome::HeartbeatMissed);
                }
            }
            Timer::Child(flow, index) => self.child_is_due(flow, index),
        }
    }

    fn activity(&self, flow: FlowId) -> Option<&Activity> {
        self.flows.visit(flow).filter(|visit| !visit.stopped).map(|visit| &visit.activity)
    }

    fn is_waiting(&self, flow: FlowId, number: u64) -> bool {
        matches!(self.activity(flow), Some(Activity::Waiting { timer, .. }) if *timer == number)
    }

    fn task(&self, flow: FlowId) -> Option<&TaskRun> {
        match self.activity(flow)? {
            Activity::Task(run) => Some(run),
            _ => None,
        }
    }

    fn task_mut(&mut self, flow: FlowId) -> Option<&mut TaskRun> {
        match &mut self.flows.visit_mut(flow)?.activity {
            Activity::Task(run) => Some(run),
            _ => None,
        }
    }

    /// Says that somebody has begun to work on a task; an activity's worker may give its name.
    pub fn started(&mut self, id: RequestId, worker: Option<Arc<str>>) {
        let Some(asked) = self.asked(id) else { return };
        if let Some((child, id)) = asked.child {
            return self.with_child(asked.flow, child, |child| child.started(id, worker));
        }
        let Some(resource) = self.resource(asked.flow) else { return };
        let Some(run) = self.task_mut(asked.flow).filter(|run| !run.started) else { return };
        run.started = true;
        let (timeout, heartbeat) = (run.timeout, run.heartbeat);
        let (kind, details) = match &*resource {
            Resource::Lambda { .. } => (EventType::LambdaFunctionStarted, Details::None),
            Resource::Activity { .. } => (EventType::ActivityStarted, Details::ActivityStarted(worker)),
            Resource::Service(_) => (EventType::TaskStarted, Details::TaskStarted(task_ref(&resource))),
        };
        self.append_to(asked.flow, kind, details);
        if let Some(seconds) = timeout {
            let timer = self.set_timer_at(micros(seconds), Timer::Timeout(id));
            if let Some(run) = self.task_mut(asked.flow) {
                run.timeout_timer = Some(timer);
            }
        }
        self.expect_heartbeat(asked.flow, id, heartbeat);
    }

    fn expect_heartbeat(&mut self, flow: FlowId, id: RequestId, heartbeat: Option<u64>) {
        let Some(seconds) = heartbeat else { return };
        if let Some((at, number)) = self.task(flow).and_then(|run| run.heartbeat_timer) {
            self.timers.forget(at, number);
        }
        let timer = self.set_timer_at(micros(seconds), Timer::Heartbeat(flow, id));
        if let Some(run) = self.task_mut(flow) {
            run.heartbeat_timer = Some(timer);
        }
    }

    /// Says that a task is still being worked on.
    pub fn heartbeat(&mut self, id: RequestId) {
        let Some(asked) = self.asked(id) else { return };
        if let Some((child, id)) = asked.child {
            return self.with_child(asked.flow, child, |child| child.heartbeat(id));
        }
        let heartbeat = self.task(asked.flow).and_then(|run| run.heartbeat);
        self.expect_heartbeat(asked.flow, id, heartbeat);
    }

    /// Says what a service answered to the call that started a job, or that handed out a task token.
    pub fn submitted(&mut self, id: RequestId, output: &Payload) {
        let Some(asked) = self.asked(id) else { return };
        if let Some((child, id)) = asked.child {
            return self.with_child(asked.flow, child, |child| child.submitted(id, output));
        }
        self.started(id, None);
        let Some(resource) = self.resource(asked.flow) else { return };
        let details = TaskOutput { task: task_ref(&resource), output: Some(Data::whole(output.clone())) };
        self.append_to(asked.flow, EventType::TaskSubmitted, Details::TaskOutput(Box::new(details)));
    }

    /// Answers a task. What follows happens at the next [`advance`](Self::advance).
    pub fn answer(&mut self, id: RequestId, outcome: Outcome) {
        let Some(asked) = self.asked(id) else { return };
        if let Some((child, child_id)) = asked.child {
            self.with_child(asked.flow, child, |child| child.answer(child_id, outcome));
            return self.answered(id);
        }
        let Some(resource) = self.resource(asked.flow) else { return };
        if self.task(asked.flow).is_none_or(|run| run.id != id) {
            return self.answered(id);
        }
        if !is_before_start(&outcome) {
            self.started(id, None);
        }
        self.answered(id);
        self.forget_timers(asked.flow);
        match outcome {
            Outcome::Succeeded(result) if self.too_large(&result) => {
                let name = match &*resource {
                    Resource::Service(call) => &call.service,
                    Resource::Lambda { arn } | Resource::Activity { arn } => arn,
                };
                let failure = StateError::too_large(name).bare();
                self.task_failed(asked, &resource, EventTypes::of(&resource).failed, failure.into());
            }
            Outcome::Succeeded(result) => {
                let details = match &*resource {
                    Resource::Service(_) => {
                        let output = Some(Data::whole(result.clone()));
                        Details::TaskOutput(Box::new(TaskOutput { task: task_ref(&resource), output }))
                    }
                    _ => event_details::output(&result),
                };
                self.append_to(asked.flow, EventTypes::of(&resource).succeeded, details);
                self.resume_with(asked.flow, Resume::Succeeded(result));
            }
            Outcome::Failed(failure) => {
                self.task_failed(asked, &resource, EventTypes::of(&resource).failed, failure.into());
            }
            Outcome::FailedAs(kind, failure) => self.task_failed(asked, &resource, kind, failure.into()),
            Outcome::TimedOut => {
                let fault = bare_failure(TIMEOUT).into();
                self.task_failed(asked, &resource, EventTypes::of(&resource).timed_out, fault);
            }
            Outcome::HeartbeatMissed => {
                let fault = Fault::missed_heartbeat();
                self.task_failed(asked, &resource, EventTypes::of(&resource).timed_out, fault);
            }
        }
    }

    fn task_failed(&mut self, asked: Asked, resource: &Resource, kind: EventType, fault: Fault) {
        let details = match resource {
            Resource::Service(_) => {
                let details = TaskFailure { task: task_ref(resource), failure: fault.failure.clone() };
                Details::TaskFailure(Box::new(details))
            }
            _ => Details::Failure(fault.failure.clone()),
        };
        self.append_to(asked.flow, kind, details);
        self.resume_with(asked.flow, Resume::Failed(fault));
    }

    /// Tells whether a task that was asked for ends by itself, because its time or the time for heartbeats runs out.
    pub fn has_deadline(&self, id: RequestId) -> bool {
        self.limited(id, |run| run.timeout.is_some() || run.heartbeat.is_some())
    }

    /// Tells whether a task that was asked for ends by itself when nobody says that it is being worked on.
    pub fn has_heartbeat(&self, id: RequestId) -> bool {
        self.limited(id, |run| run.heartbeat.is_some())
    }

    fn limited(&self, id: RequestId, limit: impl Fn(&TaskRun) -> bool) -> bool {
        let Some(asked) = self.asked(id) else { return false };
        if let Some((child, id)) = asked.child {
            let child = self.map_run(asked.flow).and_then(|run| run.children.get(child as usize));
            return child.and_then(|child| child.execution.as_deref()).is_some_and(|child| child.limited(id, limit));
        }
        self.task(asked.flow).is_some_and(limit)
    }

    /// Tells whether a task that was asked for still waits for its answer: its time is not over, and nothing around it
    /// has ended.
    pub fn is_waiting_for(&self, id: RequestId) -> bool {
        let Some(asked) = self.asked(id) else { return false };
        if let Some((child, id)) = asked.child {
            let child = self.map_run(asked.flow).and_then(|run| run.children.get(child as usize));
            return child.and_then(|child| child.execution.as_deref()).is_some_and(|child| child.is_waiting_for(id));
        }
        self.task(asked.flow).is_some_and(|run| run.id == id)
    }

    /// Appends an event that follows from the last one of a flow.
    fn append_to(&mut self, flow: FlowId, kind: EventType, details: Details) -> EventId {
        let last = self.last_of(flow);
        let id = self.journal.append(last, kind, details);
        self.set_last(flow, id);
        id
    }

    fn resource(&self, flow: FlowId) -> Option<Arc<Resource>> {
        self.task(flow).map(|run| Arc::clone(&run.resource))
    }

    /// Takes back the timers of a task that is over.
    fn forget_timers(&mut self, flow: FlowId) {
        let Some(run) = self.task(flow) else { return };
        for (at, number) in [run.timeout_timer, run.heartbeat_timer].into_iter().flatten() {
            self.timers.forget(at, number);
        }
    }

    /// Stops the execution, as StopExecution does. What is open is not told about.
    pub fn stop(&mut self, failure: Failure) {
        if self.end().is_none() {
            self.journal.append(None, EventType::ExecutionAborted, Details::Failure(failure.clone()));
            self.finish(End::Aborted(failure));
        }
    }

    pub(super) fn end_timed_out(&mut self) {
        let details = Details::Failure(bare_failure(TIMEOUT));
        self.journal.append(None, EventType::ExecutionTimedOut, details);
        self.finish(End::TimedOut);
    }
}

/// Tells whether a task failed before anybody began to work on it.
fn is_before_start(outcome: &Outcome) -> bool {
    use EventType::{ActivityScheduleFailed, LambdaFunctionScheduleFailed, LambdaFunctionStartFailed, TaskStartFailed};
    let early = |kind: &EventType| {
        let kinds = [ActivityScheduleFailed, LambdaFunctionScheduleFailed, LambdaFunctionStartFailed, TaskStartFailed];
        kinds.contains(kind)
    };
    matches!(outcome, Outcome::FailedAs(kind, _) if early(kind))
}

/// The events that end a task, by who does it.
struct EventTypes {
    succeeded: EventType,
    failed: EventType,
    timed_out: EventType,
}

impl EventTypes {
    fn of(resource: &Resource) -> Self {
        let [succeeded, failed, timed_out] = match resource {
            Resource::Lambda { .. } => {
                [EventType::LambdaFunctionSucceeded, EventType::LambdaFunctionFailed, EventType::LambdaFunctionTimedOut]
            }
            Resource::Activity { .. } => {
                [EventType::ActivitySucceeded, EventType::ActivityFailed, EventType::ActivityTimedOut]
            }
            Resource::Service(_) => [EventType::TaskSucceeded, EventType::TaskFailed, EventType::TaskTimedOut],
        };
        Self { succeeded, failed, timed_out }
    }
}

fn micros(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000)
}
