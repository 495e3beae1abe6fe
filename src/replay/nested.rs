//! The executions that tasks of a recording started: which task each belongs to, and replays of them.

use super::edits::Edits;
use super::outcome::{Child, Fidelity, Misfit, Outcome, Verdict};
use super::player::Replay;
use super::recorded::path;
use crate::history::{History, nested_tasks};
use crate::interpreter::Execution;
use crate::recording::Recording;
use crate::tasks::{Answers, task_key};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The executions that tasks of a recording started, as far as they are in it.
#[derive(Default)]
pub(super) struct Nested {
    recordings: Vec<Recording>,
    /// By ARN: the recording, and the task that started it as addresses write it.
    known: HashMap<Arc<str>, (usize, String)>,
    /// Those whose replay is still to come, and the one that is going on.
    left: VecDeque<usize>,
    running: Option<(usize, Box<Replay>)>,
    done: Vec<Child>,
}

impl Nested {
    pub(super) fn of(recording: &Recording, history: &History) -> Self {
        if recording.children.is_empty() {
            return Self::default();
        }
        let tasks = nested_tasks(history);
        let known = recording.children.iter().enumerate().filter_map(|(place, child)| {
            let arn = child.arn()?;
            let (visit, _) = tasks.get(arn)?;
            let visit = history.visit(*visit);
            Some((Arc::clone(arn), (place, task_key(&visit.name, &path(history, visit.scope)))))
        });
        let known: HashMap<_, _> = known.collect();
        let mut left: Vec<usize> = known.values().map(|(place, _)| *place).collect();
        left.sort_unstable();
        Self { recordings: recording.children.clone(), known, left: left.into(), ..Self::default() }
    }

    /// Takes a step in the replay of one of them; tells whether there was anything to do.
    pub(super) fn step(&mut self) -> bool {
        if let Some((place, mut replay)) = self.running.take() {
            match replay.advance(1) {
                true => self.running = Some((place, replay)),
                false => self.end(place, replay.finish()),
            }
            return true;
        }
        let Some(place) = self.left.pop_front() else { return false };
        let Some(recording) = self.recordings.get(place) else { return true };
        match Replay::of(recording, Edits::default()) {
            Ok(replay) => self.running = Some((place, Box::new(replay))),
            Err(reason) => {
                let compared = recording.events.len();
                let fidelity = Fidelity { verdict: Verdict::Stopped, compared, agreed: 0, not_checked: Vec::new() };
                let reason = Some(reason.to_string());
                self.done.push(Child { path: self.path(place), fidelity, divergence: None, reason });
            }
        }
        true
    }

    /// Runs one of them with other answers to its tasks and looks at the execution as it is then, unless it came to
    /// what it had come to before; also returns the answers it did not use.
    pub(super) fn edited<T>(
        &mut self,
        arn: &str,
        answers: Box<dyn Answers>,
        look: impl FnOnce(&Execution) -> T,
    ) -> Option<(Option<T>, Vec<Misfit>)> {
        let place = self.known.get(arn)?.0;
        let edits = Edits { answers: Some(answers), ..Edits::default() };
        let mut replay = Replay::of(self.recordings.get(place)?, edits).ok()?;
        while replay.advance(1_000) {}
        let seen = look(replay.execution());
        self.left.retain(|left| *left != place);
        let outcome = replay.finish();
        let seen = (outcome.standing != outcome.recorded).then_some(seen);
        let unused = outcome.unused_given.clone();
        self.end(place, outcome);
        Some((seen, unused))
    }

    fn end(&mut self, place: usize, outcome: Outcome) {
        let path = self.path(place);
        let inside =
            outcome.children.into_iter().map(|child| Child { path: format!("{path}/{}", child.path), ..child });
        let inside: Vec<Child> = inside.collect();
        let reason = outcome.unanswered.first().filter(|_| outcome.fidelity.verdict == Verdict::Stopped);
        let undecided = outcome.undecided.as_ref().map(|reason| format!("{reason}."));
        let reason = reason.map(ToString::to_string).or(undecided);
        self.done.push(Child { path, fidelity: outcome.fidelity, divergence: outcome.divergence, reason });
        self.done.extend(inside);
    }

    fn path(&self, place: usize) -> String {
        let task = self.known.values().find(|(known, _)| *known == place).map(|(_, task)| task.clone());
        task.unwrap_or_else(|| place.to_string())
    }

    /// Returns what came of those whose replay came to its end.
    pub(super) fn done(self) -> Vec<Child> {
        self.done
    }
}
