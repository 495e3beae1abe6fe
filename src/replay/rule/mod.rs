//! The rule of the definition that made the interpreter do what it did where a replay leaves its recording.
//!
//! What is told is read off the events before and the definition that was run: which retrier or catcher an error found,
//! where a Choice led, which field made a value. Where that does not decide it, nothing is told.

mod fields;
#[cfg(test)]
mod tests;

use super::compare::Divergence;
use crate::asl::state::ChoiceData;
use crate::asl::{ErrorPattern, Machine, Retrier, State, StateKind, Transition};
use crate::event::{Details, Event, EventId, EventType};
use crate::interpreter::{Fault, catcher, retrier};
use fields::Fields;
use std::sync::Arc;

/// A rule of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it says, as a sentence.
    pub says: String,
    /// The state it belongs to.
    pub state: Option<Arc<str>>,
    /// Where it stands in the definition, as AWS writes locations: `/States/Charge/Retry[0]`.
    pub location: Option<String>,
    /// The line it begins on, from 1, unless the definition is all on one line.
    pub line: Option<u32>,
}

/// Returns the rule behind the first event in which a replay differs.
pub(super) fn of(machine: &Machine, recorded: &[Event], replayed: &[Event], divergence: &Divergence) -> Option<Rule> {
    let fields = Fields::of(machine);
    let finder = Finder { machine, fields: &fields, replayed };
    let actual = divergence.replayed.as_ref();
    match (&divergence.difference, actual) {
        (Some(difference), Some(actual)) => finder.data(actual, divergence.state.as_deref(), &difference.path),
        (None, Some(actual)) => finder.path(actual),
        // The replay has nothing there: what came before in the recording says what did not follow.
        (_, None) => divergence.recorded.as_ref().and_then(|it| Finder { replayed: recorded, ..finder }.missing(it)),
    }
}

struct Finder<'a> {
    machine: &'a Machine,
    fields: &'a Fields<'a>,
    /// The events of the replay, or of the recording where the replay has none.
    replayed: &'a [Event],
}

impl<'a> Finder<'a> {
    fn event(&self, id: EventId) -> Option<&'a Event> {
        let by_place = self.replayed.get(id.index()).filter(|event| event.id == id);
        by_place.or_else(|| self.replayed.iter().find(|event| event.id == id))
    }

    fn parent(&self, event: &Event) -> Option<&'a Event> {
        self.event(event.parent.filter(|parent| *parent < event.id)?)
    }

    /// The state an event belongs to: the one it names, or the one entered last on the way to it.
    fn state(&self, event: &Event) -> Option<&'a State> {
        let mut at = Some(event);
        let mut seen = 0;
        while let Some(event) = at.filter(|_| seen <= self.replayed.len()) {
            if let Details::StateEntered(entered) = &event.details {
                return self.machine.find(&entered.name);
            }
            if let Details::StateExited(exited) = &event.details {
                return self.machine.find(&exited.name);
            }
            at = self.parent(event);
            seen += 1;
        }
        None
    }

    /// Why this event follows, and not another.
    fn path(&self, actual: &Event) -> Option<Rule> {
        if let Details::EvaluationFailed(failed) = &actual.details {
            let state = self.machine.find(failed.state.as_deref()?)?;
            let location = failed.location.as_deref()?;
            return Some(self.fields.rule(
                state,
                location,
                format!("{location} of {} cannot be evaluated.", state.name),
            ));
        }
        if actual.kind == EventType::ExecutionTimedOut {
            return self.machine.timeout.map(|seconds| self.fields.root("TimeoutSeconds", seconds));
        }
        if let Some(failed) = self.failed_before(actual) {
            return self.after_failure(actual, failed);
        }
        match &actual.details {
            Details::StateEntered(entered) => self.entered(actual, &entered.name),
            _ if actual.kind.is_failure() && !actual.kind.fails_task() => {
                self.of_fail_state(actual).or_else(|| self.of_parameters(actual))
            }
            _ if actual.kind == EventType::ExecutionSucceeded => {
                let state = self.state(actual)?;
                Some(self.fields.rule(state, "End", format!("{} is an end.", state.name)))
            }
            _ if actual.kind.fails_task() || actual.kind.completes_task() => self.answer(actual),
            Details::MapIteration(_) => self.items(actual),
            _ => None,
        }
    }

    /// What did not follow after what was recorded.
    fn missing(&self, recorded: &Event) -> Option<Rule> {
        let failed = self.failed_before(recorded)?;
        self.after_failure(recorded, failed)
    }

    /// The failure an event follows from at once, if it does: also through the exit of the state that caught it.
    fn failed_before(&self, event: &Event) -> Option<&'a Event> {
        let before = self.parent(event)?;
        let before = if before.kind.exits().is_some() { self.parent(before)? } else { before };
        let failed = before.kind.is_failure() || before.kind.fails_task() || before.kind == EventType::EvaluationFailed;
        (failed && !before.kind.ends_execution()).then_some(before)
    }

    /// The retrier or catcher that decided what follows a failure.
    fn after_failure(&self, actual: &Event, failed: &Event) -> Option<Rule> {
        let state = self.state(failed)?;
        let mut failure = failed.details.failure();
        let mut at = failed;
        while failure.is_none() {
            at = self.parent(at)?;
            failure = at.details.failure();
        }
        let mut failure = failure?.clone();
        if failed.kind.name().ends_with("TimedOut") && failure.error.is_none() {
            failure.error = Some("States.Timeout".into());
        }
        let fault = Fault { missed_heartbeat: self.missed_heartbeat(at), failure };
        let error = fault.failure.error.clone().unwrap_or_default();
        let found = retrier(state.retriers(), &fault);
        let again = actual.kind.schedules_task() || actual.kind.name().ends_with("StateStarted");
        match (found, catcher(state.catchers(), &fault)) {
            (Some((index, retrier)), _) if again => {
                let says = format!("Retry[{index}] of {} {}.", state.name, says_retrier(retrier));
                Some(self.fields.rule(state, &format!("Retry[{index}]"), says))
            }
            (_, Some((index, catcher))) => {
                let used_up = found.map(|(index, _)| format!("Retry[{index}] is used up; ")).unwrap_or_default();
                let patterns = patterns(&catcher.error_equals);
                let name = &state.name;
                let next = &catcher.next.name;
                let says = format!("{used_up}Catch[{index}] of {name} matches {patterns} and leads to {next}.");
                Some(self.fields.rule(state, &format!("Catch[{index}]"), says))
            }
            (Some((index, retrier)), None) => {
                let says = format!(
                    "Retry[{index}] of {} {}, which are used up, and no Catch matches {error}.",
                    state.name,
                    says_retrier(retrier)
                );
                Some(self.fields.rule(state, &format!("Retry[{index}]"), says))
            }
            (None, None) => {
                Some(self.fields.rule(state, "", format!("No Retry and no Catch of {} matches {error}.", state.name)))
            }
        }
    }

    /// Tells whether a task timed out because it was silent for too long.
    fn missed_heartbeat(&self, ended: &Event) -> bool {
        let mut started = None;
        let mut at = self.parent(ended);
        while let Some(event) = at.filter(|event| !event.kind.schedules_task()) {
            started = started.or(event.kind.starts_task().then_some(event));
            at = self.parent(event);
        }
        at.is_some_and(|scheduled| ended.missed_heartbeat(scheduled, started))
    }

    /// What led to a state.
    fn entered(&self, actual: &Event, name: &str) -> Option<Rule> {
        let before = self.parent(actual)?;
        let Details::StateExited(exited) = &before.details else {
            let entered = self.machine.find(name)?;
            return Some(self.fields.start(entered));
        };
        let state = self.machine.find(&exited.name)?;
        match &state.kind {
            StateKind::Choice(choice) => {
                let targets: Vec<&str> = match &choice.data {
                    ChoiceData::JsonPath { rules, .. } => rules.iter().map(|rule| &*rule.next.name).collect(),
                    ChoiceData::Jsonata { rules, .. } => rules.iter().map(|rule| &*rule.next.name).collect(),
                };
                let leading: Vec<usize> = (0..targets.len()).filter(|it| targets.get(*it) == Some(&name)).collect();
                let default = choice.default.as_ref().is_some_and(|default| &*default.name == name);
                Some(match (leading.as_slice(), default) {
                    ([], _) => {
                        let says = format!("No rule of {} holds: Default leads to {name}.", state.name);
                        self.fields.rule(state, "Default", says)
                    }
                    ([only], false) => {
                        let field = format!("Choices[{only}]");
                        self.fields.rule(state, &field, format!("{field} of {} holds and leads to {name}.", state.name))
                    }
                    (several, default) => {
                        let mut named: Vec<String> = several.iter().map(|it| format!("Choices[{it}]")).collect();
                        named.extend(default.then(|| "Default".to_owned()));
                        let says = format!("One of {} of {} leads to {name}.", named.join(", "), state.name);
                        self.fields.rule(state, "Choices", says)
                    }
                })
            }
            _ => match state.transition()? {
                Transition::Next(target) => {
                    let says = format!("Next of {} is {}.", state.name, target.name);
                    Some(self.fields.rule(state, "Next", says))
                }
                Transition::End => None,
            },
        }
    }

    /// A failure without one before it: a Fail state's own, or one of a state's data.
    fn of_fail_state(&self, actual: &Event) -> Option<Rule> {
        let state = self.state(actual)?;
        let StateKind::Fail(_) = state.kind else { return None };
        Some(self.fields.rule(state, "", format!("{} is a Fail state.", state.name)))
    }

    /// What a service would not take ends the execution before anything is scheduled.
    fn of_parameters(&self, actual: &Event) -> Option<Rule> {
        let cause = actual.details.failure()?.cause.as_deref()?;
        let refused = cause.contains("could not be used to start the Task");
        self.fields.first(self.state(actual).filter(|_| refused)?, &["Parameters", "Arguments"])
    }

    fn answer(&self, actual: &Event) -> Option<Rule> {
        let state = self.state(actual)?;
        let says = match actual.kind.name().ends_with("TimedOut") {
            true => format!("{} ran out of its time.", state.name),
            false => format!("The answer to {} is another one.", state.name),
        };
        let field = if actual.kind.name().ends_with("TimedOut") { "TimeoutSeconds" } else { "Resource" };
        Some(self.fields.rule(state, field, says))
    }

    fn items(&self, actual: &Event) -> Option<Rule> {
        let Details::MapIteration(iteration) = &actual.details else { return None };
        let state = self.machine.find(&iteration.name)?;
        self.fields.first(state, &["Items", "ItemsPath", "InputPath"])
    }

    /// Which field made a value that differs inside an event's details.
    fn data(&self, actual: &Event, state: Option<&str>, path: &str) -> Option<Rule> {
        let state = state.and_then(|state| self.machine.find(state)).or_else(|| self.state(actual));
        let within = fields::steps(path);
        let (member, rest) = within.split_first()?;
        let member = member.name();
        match &actual.kind {
            EventType::ExecutionStarted => {
                let says = "The input is another one.".to_owned();
                Some(Rule { says, state: None, location: None, line: None })
            }
            kind if kind.schedules_task() => match member {
                "input" | "parameters" => {
                    self.fields.inside(state?, &["Parameters", "Arguments"], rest, &["InputPath"])
                }
                "timeoutInSeconds" => self.fields.first(state?, &["TimeoutSeconds", "TimeoutSecondsPath"]),
                "heartbeatInSeconds" => self.fields.first(state?, &["HeartbeatSeconds", "HeartbeatSecondsPath"]),
                _ => self.fields.first(state?, &["Resource"]),
            },
            kind if kind.exits().is_some() && self.failed_before(actual).is_some() => {
                self.failed_before(actual).and_then(|failed| self.after_failure(actual, failed))
            }
            kind if kind.exits().is_some() => match member {
                "assignedVariables" | "assignedVariablesDetails" => self.fields.inside(state?, &["Assign"], rest, &[]),
                _ => self.fields.output(state?, rest),
            },
            kind if kind.enters().is_some() => self.given(actual, rest),
            EventType::MapStateStarted | EventType::MapIterationStarted => {
                self.fields.first(state?, &["Items", "ItemsPath", "InputPath"])
            }
            EventType::ExecutionSucceeded => self.fields.output(self.state(actual)?, rest),
            EventType::EvaluationFailed => self.path(actual),
            kind if kind.completes_task() || kind.fails_task() => self.answer(actual),
            kind if kind.is_failure() => {
                let state = self.state(actual)?;
                match (&state.kind, member) {
                    (StateKind::Fail(_), "error") => self.fields.first(state, &["Error", "ErrorPath"]),
                    (StateKind::Fail(_), _) => self.fields.first(state, &["Cause", "CausePath"]),
                    _ => self.failed_before(actual).and_then(|failed| self.after_failure(actual, failed)),
                }
            }
            _ => None,
        }
    }

    /// What the first state of a branch or an iteration is given is made by the state around it.
    fn given(&self, actual: &Event, within: &[fields::Step]) -> Option<Rule> {
        let before = self.parent(actual)?;
        let container = match &before.details {
            Details::MapIteration(iteration) => self.machine.find(&iteration.name)?,
            _ if before.kind == EventType::ParallelStateStarted => self.state(before)?,
            _ => return None,
        };
        let templates = ["ItemSelector", "Parameters", "Arguments"];
        self.fields.inside(container, &templates, within, &["Items", "ItemsPath", "InputPath"])
    }
}

fn says_retrier(retrier: &Retrier) -> String {
    format!("matches {}, MaxAttempts {}", patterns(&retrier.error_equals), retrier.max_attempts)
}

fn patterns(patterns: &[ErrorPattern]) -> String {
    let names = patterns.iter().map(|pattern| match pattern {
        ErrorPattern::All => "States.ALL",
        ErrorPattern::TaskFailed => "States.TaskFailed",
        ErrorPattern::Name(name) => name,
    });
    names.collect::<Vec<_>>().join(", ")
}
