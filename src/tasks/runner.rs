//! Brings an execution and those who answer it together.

use super::answer::{Answer, Answers, Ending, Reply};
use super::buckets::Buckets;
use super::live::{Live, LiveCall};
use super::pace::{Clock, Pace};
use crate::asl::Resource;
use crate::event::{Event, EventType, Timestamp};
use crate::interpreter::{Execution, Need, RequestId, TaskRequest};
use crate::json::Payload;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How many steps are taken before events are handed on: a run that never rests must not pile them up.
const STRIDE: usize = 4_096;

/// So often a run that waits looks whether somebody wants it to end.
const LOOK: Duration = Duration::from_millis(100);

/// Everything around an execution that is being run.
pub struct Runner<'a> {
    /// Who answers tasks.
    pub answers: &'a mut dyn Answers,
    /// What stands in for S3.
    pub buckets: Buckets,
    /// How long things take.
    pub pace: Pace,
    /// Which time the run lives in.
    pub clock: Clock,
    /// When nobody waits for its end any longer: the time of the task that started it.
    pub until: Option<Timestamp>,
    /// Is set when somebody wants the run to end.
    pub cancelled: Arc<AtomicBool>,
}

/// Who wants to see the run while it goes on.
pub trait Progress {
    /// What may go wrong while looking.
    type Error;
    /// Is shown the events that were written since the last time.
    fn events(&mut self, events: Vec<Event>) -> Result<(), Self::Error>;
}

impl Progress for Vec<Event> {
    type Error = std::convert::Infallible;

    fn events(&mut self, events: Vec<Event>) -> Result<(), Self::Error> {
        self.extend(events);
        Ok(())
    }
}

/// Why a run stopped.
#[derive(Debug, Clone)]
pub enum Stopped {
    /// The execution has ended.
    Ended,
    /// Nobody answers this task.
    Unanswered(Box<TaskRequest>),
    /// Somebody wanted it to.
    Cancelled,
    /// Nobody waits for its end any longer.
    OutOfTime,
    /// Nothing is left that could happen, and yet it has not ended: a fault of this program.
    Stuck,
}

/// A run in progress.
pub struct Run<'r, 'a> {
    runner: &'r mut Runner<'a>,
    execution: &'r mut Execution,
    agenda: BTreeMap<(i64, u64), Action>,
    number: u64,
    live: Live,
    /// The first task that nobody answers, and the last that waits for an answer which never comes.
    unanswered: Option<Box<TaskRequest>>,
    pending: Option<Box<TaskRequest>>,
    out_of_time: bool,
    began: (Instant, i64),
}

/// Something that will happen to a request.
enum Action {
    Begin(RequestId),
    Start(Box<TaskRequest>, Box<Answer>),
    Call(Box<TaskRequest>, LiveCall),
    Submit(RequestId, Payload, Box<Answer>),
    End(RequestId, Ending),
}

impl Runner<'_> {
    /// Runs an execution until it ends or cannot go on.
    pub fn run<P: Progress>(&mut self, execution: &mut Execution, progress: &mut P) -> Result<Stopped, P::Error> {
        let began = (Instant::now(), execution.now().as_micros());
        let (agenda, live) = (BTreeMap::new(), Live::default());
        let (unanswered, pending, out_of_time) = (None, None, false);
        Run { runner: self, execution, agenda, number: 0, live, unanswered, pending, out_of_time, began }
            .finish(progress)
    }
}

impl Run<'_, '_> {
    fn finish<P: Progress>(mut self, progress: &mut P) -> Result<Stopped, P::Error> {
        loop {
            let more = self.execution.advance_by(STRIDE);
            progress.events(self.execution.take_events())?;
            if self.execution.end().is_some() {
                return Ok(Stopped::Ended);
            }
            if self.runner.cancelled.load(Ordering::Relaxed) {
                return Ok(Stopped::Cancelled);
            }
            if self.out_of_time {
                return Ok(Stopped::OutOfTime);
            }
            if more {
                continue;
            }
            self.meet_all();
            if !self.execution.has_work() && !self.wait() {
                progress.events(self.execution.take_events())?;
                let missing = self.unanswered.take().or(self.pending.take());
                return Ok(missing.map_or(Stopped::Stuck, Stopped::Unanswered));
            }
        }
    }

    /// Sees to all needs, and to those that arise when one is met, as when a manifest names what else is to be read.
    fn meet_all(&mut self) {
        loop {
            let needs = self.execution.take_needs();
            if needs.is_empty() {
                return;
            }
            needs.into_iter().for_each(|need| self.meet(need));
        }
    }

    /// A task that nobody answers stays open without a limit: what goes on beside it may end it, and if nothing does the
    /// run cannot go on.
    fn leave_open(&mut self, id: RequestId, unanswered: Box<TaskRequest>) {
        self.execution.leave_open(id);
        self.unanswered.get_or_insert(unanswered);
    }

    /// Sees to a need.
    fn meet(&mut self, need: Need) {
        match need {
            Need::Task(request) => match self.reply(&request) {
                Reply::Given(Answer { ending: Ending::Unanswered(inner), .. }) => self.leave_open(request.id, inner),
                Reply::Given(answer) => {
                    let answer = submitted_or_not(&request, answer);
                    if matches!(answer.ending, Ending::Pending) {
                        self.pending = Some(Box::new(request.clone()));
                    }
                    let start = self.runner.pace.start;
                    self.plan(start, Action::Start(Box::new(request), Box::new(answer)));
                }
                Reply::Ask(call) => {
                    let start = self.runner.pace.start;
                    self.plan(start, Action::Call(Box::new(request), call));
                }
                Reply::Nobody => {
                    let id = request.id;
                    // Services begin at once, answered or not; activities wait for somebody to ask for them.
                    let begins = !matches!(*request.resource, Resource::Activity { .. });
                    self.leave_open(id, Box::new(request));
                    if begins {
                        self.plan(self.runner.pace.start, Action::Begin(id));
                    }
                }
            },
            Need::Read(request) => {
                let read = self.runner.buckets.read(&request);
                self.execution.read(request.id, read);
            }
            Need::Write(request) => {
                let written = self.runner.buckets.write(&request);
                self.execution.written(request.id, written);
            }
        }
    }

    fn reply(&mut self, request: &TaskRequest) -> Reply {
        match self.runner.answers.reply(request) {
            Reply::Nobody => self.runner.answers.otherwise(request),
            reply => reply,
        }
    }

    fn plan(&mut self, after: i64, action: Action) {
        self.number += 1;
        let at = self.execution.now().as_micros().saturating_add(after);
        self.agenda.insert((at, self.number), action);
    }

    /// Lets time pass until something happens; tells whether anything can.
    fn wait(&mut self) -> bool {
        self.end_calls_that_are_over();
        let planned = self.agenda.keys().next().map(|&(at, _)| at);
        let timer = self.execution.next_timer().map(|at| at.as_micros());
        let end = self.runner.until.map(Timestamp::as_micros);
        let Some(next) = planned.into_iter().chain(timer).chain(end).min() else {
            return self.wait_for_calls();
        };
        if self.live.is_busy() || self.runner.clock == Clock::Real {
            let left = self.until(next);
            if let Some(done) = self.live.next(left.min(LOOK)) {
                self.end_live(done);
                return true;
            }
            if self.until(next) > Duration::ZERO {
                return true;
            }
        }
        self.execution.tick(Timestamp::from_micros(next));
        if planned == Some(next)
            && let Some((_, action)) = self.agenda.pop_first()
        {
            self.act(action);
        } else if timer != Some(next) {
            self.out_of_time = true;
        }
        true
    }

    /// Waits a moment for a call to end; tells whether there is one to wait for.
    fn wait_for_calls(&mut self) -> bool {
        if !self.live.is_busy() {
            return false;
        }
        if let Some(done) = self.live.next(LOOK) {
            self.end_live(done);
        }
        true
    }

    /// A task whose time is over, or around which something has ended, waits for nobody.
    fn end_calls_that_are_over(&mut self) {
        if self.live.is_busy() {
            let execution = &*self.execution;
            self.live.keep_only(|id| execution.is_waiting_for(id));
        }
    }

    /// Real time until a moment of the execution.
    fn until(&self, at: i64) -> Duration {
        let due = u64::try_from(at.saturating_sub(self.began.1)).unwrap_or(0);
        Duration::from_micros(due).saturating_sub(self.began.0.elapsed())
    }

    fn now_live(&mut self) {
        let passed = i64::try_from(self.began.0.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.execution.tick(Timestamp::from_micros(self.began.1.saturating_add(passed)));
    }

    fn end_live(&mut self, (id, ending): (RequestId, Ending)) {
        self.now_live();
        self.act(Action::End(id, ending));
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Begin(id) => self.execution.started(id, None),
            Action::Start(request, answer) => {
                if !never_starts(&answer.ending) {
                    self.execution.started(request.id, answer.worker.clone());
                }
                let latency = self.runner.pace.answer;
                match answer.submitted.clone() {
                    Some(submitted) => self.plan(latency, Action::Submit(request.id, submitted, answer)),
                    None => self.plan_ending(request.id, *answer),
                }
            }
            Action::Call(request, call) => {
                self.execution.started(request.id, None);
                self.live.begin(&request, call);
            }
            Action::Submit(id, submitted, answer) => {
                self.execution.submitted(id, &submitted);
                self.plan_ending(id, *answer);
            }
            Action::End(id, ending) => self.execution.answer(id, ending.outcome()),
        }
    }

    fn plan_ending(&mut self, id: RequestId, answer: Answer) {
        let after = self.latency(&answer);
        if !self.ends_by_itself(id, &answer.ending) {
            self.plan(after, Action::End(id, answer.ending));
        }
    }

    /// A task that is to time out does so when its time is over, if it has one.
    fn ends_by_itself(&self, id: RequestId, ending: &Ending) -> bool {
        match ending {
            Ending::Pending => true,
            Ending::TimedOut => self.execution.has_deadline(id),
            Ending::HeartbeatMissed => self.execution.has_heartbeat(id),
            _ => false,
        }
    }

    fn latency(&self, answer: &Answer) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "casts saturate, and more than that is never waited for")]
        answer.after.map_or(self.runner.pace.answer, |seconds| (seconds.max(0.0) * 1e6) as i64)
    }
}

/// A job or a callback that is answered by an error alone failed before it was submitted.
fn submitted_or_not(request: &TaskRequest, answer: Answer) -> Answer {
    match answer.ending {
        Ending::Failed(failure, None) if answer.submitted.is_none() && request.resource.has_token() => {
            Answer { ending: Ending::Failed(failure, Some(EventType::TaskSubmitFailed)), ..answer }
        }
        _ => answer,
    }
}

/// Tells whether a task failed before anybody began to work on it.
fn never_starts(ending: &Ending) -> bool {
    use EventType::{ActivityScheduleFailed, LambdaFunctionScheduleFailed, LambdaFunctionStartFailed, TaskStartFailed};
    let early = [ActivityScheduleFailed, LambdaFunctionScheduleFailed, LambdaFunctionStartFailed, TaskStartFailed];
    matches!(ending, Ending::Failed(_, Some(kind)) if early.contains(kind))
}
