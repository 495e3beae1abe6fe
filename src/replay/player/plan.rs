//! What will happen in a replay and when: answers, ends of waits, people stopping it.

use super::{Action, Replay, Unanswered};
use crate::asl::MachineKind;
use crate::interpreter::{Execution, Need, Sleep, TaskRequest};
use crate::json::Payload;
use crate::replay::amended::{Asking, Try};
use crate::replay::recorded::{Attempt, Key, Moment, Outside};
use crate::tasks::{Answer, Ending, LiveCall, Reply, child_answer, task_key};
use std::sync::Arc;

/// Microseconds that a task takes which the recording does not know.
const UNKNOWN_TASK: i64 = 60_000;

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
    pub(super) fn plan_outside(&mut self) {
        let machine = Arc::clone(self.execution.machine());
        let limited = machine.timeout.is_some() || machine.kind == MachineKind::Express;
        for (moment, outside) in self.excerpt.script.outside.clone() {
            // Of an edited run the interpreter's own clock says whether it takes too long.
            if matches!(outside, Outside::TimedOut) && (!limited || self.edited) {
                continue;
            }
            self.plan(moment.at.as_micros(), moment.event.get(), Action::Outside(outside));
        }
        self.hold_clock();
    }

    /// An execution that is replayed as it was lasts as long as it did.
    pub(super) fn hold_clock(&mut self) {
        if !self.edited {
            self.execution.hold_clock();
        }
    }

    pub(super) fn plan_waking(&mut self, sleep: Sleep) {
        let key = (Arc::clone(&sleep.state), sleep.path.clone());
        if self.changed.contains(&sleep.state) {
            return;
        }
        match self.excerpt.script.woke(sleep.since, &key) {
            Some(Some(moment)) if self.following => {
                self.execution.hold(&sleep);
                self.plan(moment.at.as_micros(), moment.event.get(), Action::Wake(sleep));
            }
            Some(None) if !self.edited => self.execution.hold(&sleep),
            _ => {}
        }
    }

    pub(super) fn meet(&mut self, need: Need) {
        match need {
            Need::Task(request) => self.meet_task(&request),
            Need::Read(request) => {
                if let Some(given) = self.children.inputs_of(&request.state) {
                    self.items_not_read.push(given.started);
                    return self.execution.start_children(request.id, given.inputs);
                }
                self.unanswered.push(Unanswered::Object(request.state, request.bucket, request.key));
            }
            // Nothing in the recording depends on what was written.
            Need::Write(request) => self.execution.written(request.id, Ok(())),
        }
    }

    fn meet_task(&mut self, request: &TaskRequest) {
        self.drawn.extend(request.token.clone());
        let tried = self.edits.amended.count(request);
        let recorded = self.recorded_attempt(request);
        let own = recorded.as_ref().filter(|_| !self.is_child(request)).map(|it| it.scheduled.event);
        let amended = self.edits.amended.reply(&tried, own);
        let given = || self.edits.answers.as_mut().map(|answers| answers.reply(request));
        let edited = amended.or_else(given).unwrap_or(Reply::Nobody);
        match (edited, recorded) {
            (Reply::Given(answer), recorded) => self.plan_answer(request, answer, recorded.as_ref()),
            (Reply::Ask(call), _) => self.call(request, call),
            (Reply::Nobody, recorded) => {
                if let Some(answer) = recorded.as_ref().and_then(|attempt| self.answer_of_child(request, attempt)) {
                    return self.plan_answer(request, answer, recorded.as_ref());
                }
                let allowed = self.edits.answers.as_ref().is_none_or(|answers| answers.allows_recorded());
                match recorded.filter(|_| allowed) {
                    Some(attempt) => self.plan_attempt(request, attempt),
                    // How far it came before its Map Run was stopped depends on how fast the others were.
                    None if self.following && self.was_stopped(request) => {}
                    None => self.plan_default(request, tried),
                }
            }
        }
    }

    fn call(&mut self, request: &TaskRequest, call: LiveCall) {
        self.execution.started(request.id, None);
        self.live.begin(request, call);
        if let Some((id, ending)) = self.live.wait() {
            self.plan(0, 0, Action::End(id, ending));
        }
    }

    /// Plans what happens to a task that nobody recorded.
    fn plan_default(&mut self, request: &TaskRequest, tried: Try) {
        let task = Unanswered::Task(Arc::clone(&request.state), request.path.clone(), request.attempt);
        match self.edits.answers.as_mut().map_or(Reply::Nobody, |answers| answers.otherwise(request)) {
            Reply::Nobody => {
                self.unanswered.push(task);
                self.asking.push(Asking::of(request, tried));
            }
            Reply::Given(answer) => {
                self.by_default.push(task);
                self.plan_answer(request, answer, None);
            }
            Reply::Ask(call) => {
                self.by_default.push(task);
                self.call(request, call);
            }
        }
    }

    /// Tells whether a child of a Map Run asks.
    fn is_child(&self, request: &TaskRequest) -> bool {
        let asker = self.execution.asker(request.id);
        asker.is_some_and(|asker| asker.identity().arn != self.execution.identity().arn)
    }

    /// Tells whether a child asks that was stopped with its Map Run when it was recorded.
    fn was_stopped(&mut self, request: &TaskRequest) -> bool {
        let asker = self.execution.asker(request.id);
        asker.is_some_and(|child| self.children.was_stopped(child))
    }

    /// Returns the answer to a task that started another execution, when tasks of that are answered in other ways: what
    /// it comes to then.
    fn answer_of_child(&mut self, request: &TaskRequest, attempt: &Attempt) -> Option<Answer> {
        let answers = self.edits.answers.as_mut()?;
        let inside = answers.within(&request.state, &request.path)?;
        let arn = attempt.execution_arn()?;
        let prefix = task_key(&request.state, &request.path);
        // One that cannot go on has no answer to give.
        let stuck = || Answer::of(Ending::Unanswered(Box::new(request.clone())));
        let look = |child: &Execution| child.end().map_or_else(|| Some(stuck()), |_| child_answer(request, child));
        let (answer, unused) = self.nested.edited(&arn, inside, look)?;
        self.inside.extend(unused.into_iter().map(|misfit| misfit.inside(&prefix)));
        // It is the same execution as before: only how it ended is news.
        answer.flatten().map(|answer| Answer::of(answer.ending))
    }

    fn recorded_attempt(&mut self, request: &TaskRequest) -> Option<Attempt> {
        let asker = self.execution.asker(request.id);
        let child = asker.filter(|asker| asker.identity().arn != self.execution.identity().arn);
        let Some(child) = child else {
            let key: Key = (Arc::clone(&request.state), request.path.clone());
            return self.excerpt.script.attempt(&key, request.attempt);
        };
        self.drawn.insert(Arc::clone(&child.identity().arn));
        self.drawn.insert(Arc::clone(&child.identity().name));
        let outer = child.identity().path.len();
        let key: Key = (Arc::clone(&request.state), request.path.get(outer..).unwrap_or_default().to_vec());
        self.children.script(child)?.attempt(&key, request.attempt).map(Attempt::of_another_history)
    }

    /// Plans a recorded answer. Its time limits are AWS's to enforce, unless they are others now.
    fn plan_attempt(&mut self, request: &TaskRequest, attempt: Attempt) {
        let same_limits = (attempt.timeout, attempt.heartbeat) == (request.timeout, request.heartbeat);
        if same_limits {
            self.execution.hold_task(request.id);
        }
        self.plan_course(request, attempt);
    }

    fn plan_course(&mut self, request: &TaskRequest, attempt: Attempt) {
        let since = attempt.scheduled;
        if let Some(started) = attempt.started {
            self.plan_recorded(started, since, Action::Start(request.id, attempt.worker));
        }
        if let Some((moment, output)) = attempt.submitted {
            match output.or_else(|| self.stand_in()) {
                Some(output) => self.plan_recorded(moment, since, Action::Submit(request.id, output)),
                None => return self.not_recorded(request),
            }
        }
        match attempt.ended {
            Some((moment, Some(ending))) => self.plan_recorded(moment, since, Action::End(request.id, ending)),
            Some((moment, None)) => match self.stand_in() {
                Some(output) => self.plan_recorded(moment, since, Action::End(request.id, Ending::Succeeded(output))),
                None => self.not_recorded(request),
            },
            None => {}
        }
    }

    /// Where no data was recorded at all, any answer does as long as the way does not depend on it.
    fn stand_in(&self) -> Option<Payload> {
        self.doubts.no_data.then(|| Payload::from_text("{}"))
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
            // What was not answered then either had signs of life, of which histories do not tell.
            if matches!(ending, Ending::Pending) && attempt.ended.is_none() {
                return self.plan_attempt(request, attempt.clone());
            }
            let ended = attempt.ended.as_ref().map(|(moment, _)| *moment);
            let earlier = attempt.submitted.as_ref().map(|(moment, _)| *moment).or(attempt.started);
            let submitted = submitted.or_else(|| attempt.submitted.as_ref().and_then(|(_, output)| output.clone()));
            let mut edited = Attempt {
                worker: worker.or_else(|| attempt.worker.clone()),
                submitted: submitted.and_then(|output| Some((earlier?, Some(output)))),
                ended: None,
                ..attempt.clone()
            };
            // How long one lasts that is not answered now, its own time limits tell.
            if matches!(ending, Ending::Pending) {
                return self.plan_course(request, edited);
            }
            edited.ended = Some((ended.or(earlier).unwrap_or(attempt.scheduled), Some(ending)));
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
        let by_itself = match ending {
            Ending::Pending => true,
            Ending::TimedOut => has_limit,
            Ending::HeartbeatMissed => request.heartbeat.is_some(),
            _ => false,
        };
        if !by_itself {
            self.plan(now.saturating_add(took), u32::MAX, Action::End(request.id, ending));
        }
    }
}
