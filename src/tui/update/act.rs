//! Changing something in AWS: only when the person allowed it, and only after its word was typed.

use super::live;
use crate::event::EventId;
use crate::history::MemberId;
use crate::tui::action::Action;
use crate::tui::execution::Execution;
use crate::tui::live::{Acted, Acting, Confirm, Deed, Edited, Live, Preflight, Step, waiting_token};
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::{Asked, Draft, Effect, Target, Ticket, Trouble};
use std::sync::Arc;

/// Begins a change, if the action is one.
pub(super) fn begin(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let changes = matches!(
        action,
        Action::StopExecution
            | Action::Redrive
            | Action::StartAgain
            | Action::StartEdited
            | Action::SendSuccess
            | Action::SendFailure
    );
    if !changes {
        return None;
    }
    if model.acting == Acting::ReadOnly {
        let what = action.entry().hint;
        model.tell(format!("Read-only: start stepback with --allow-actions to {what}."));
        return Some(Vec::new());
    }
    let begun = match model.execution() {
        None => Err("Open an execution first.".to_owned()),
        Some(execution) => deed(execution, action),
    };
    Some(match begun {
        Ok(deed) if action == Action::StartEdited => edit(model, deed),
        Ok(deed) => confirm(model, deed),
        Err(told) => {
            model.tell(told);
            Vec::new()
        }
    })
}

/// Returns the change an action asks for.
fn deed(execution: &Execution, action: Action) -> Result<Deed, String> {
    let live = live_of(execution).ok_or("This recording does not say which execution it is of.")?;
    let ended = execution.subject.history(MemberId::ROOT).end().is_some();
    let token = || {
        let definition = execution.subject.recording.definition();
        let (history, event) = (execution.history(), execution.place.event);
        waiting_token(history, event, definition).ok_or_else(|| no_token(execution, event))
    };
    match action {
        Action::StopExecution if ended => Err("The execution has ended: there is nothing to stop.".to_owned()),
        Action::StopExecution => Ok(Deed::Stop(live)),
        Action::Redrive => Ok(Deed::Redrive(live)),
        Action::SendSuccess => {
            let (token, task) = token()?;
            Ok(Deed::Succeed { of: live, task, token, output: "{}".to_owned() })
        }
        Action::SendFailure => {
            let (token, task) = token()?;
            Ok(Deed::Fail { of: live, task, token, error: String::new(), cause: String::new() })
        }
        _ => match execution.subject.recording.input() {
            Some(input) => Ok(Deed::Start { like: live, input: input.text().to_owned() }),
            None => Err("The input of this execution is not known: its history is without data.".to_owned()),
        },
    }
}

fn no_token(execution: &Execution, event: EventId) -> String {
    match execution.history().visit_of(event).map(|visit| execution.history().visit(visit)) {
        Some(visit) if visit.ended.is_some() => "This state has ended: no task waits here.".to_owned(),
        Some(visit) => format!("{} was not given a task token that can be read off its parameters.", visit.name),
        None => "There is no waiting task here: go to it first.".to_owned(),
    }
}

/// What in AWS an execution on the screen is, be it opened from there or from a recording.
fn live_of(execution: &Execution) -> Option<Live> {
    let arn = execution.subject.title(MemberId::ROOT).arn.clone()?;
    match &execution.subject.target {
        Target::Live(Live { site, .. }) => Some(Live { site: *site, arn }),
        _ => Some(Live::new(arn)),
    }
}

/// Lets the input be edited first.
fn edit(model: &mut Model, deed: Deed) -> Vec<Effect> {
    let Deed::Start { like, input } = deed else { return Vec::new() };
    // What was written before and was not JSON is there to be mended.
    let input = match model.draft.take() {
        Some((of, text)) if of == like => text,
        _ => input,
    };
    model.ticket = model.ticket.next();
    model.drafting = Some((model.ticket, like));
    vec![Effect::Edit(model.ticket, Draft { name: "input.json".to_owned(), text: input })]
}

/// Takes in the edited input.
pub(super) fn edited(model: &mut Model, ticket: Ticket, written: Result<String, String>) -> Vec<Effect> {
    let Some((_, like)) = model.drafting.take_if(|(asked, _)| *asked == ticket) else { return Vec::new() };
    let text = match written {
        Ok(text) => text,
        Err(reason) => {
            model.complain(reason);
            return Vec::new();
        }
    };
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => confirm(model, Deed::Start { like, input: text.trim().to_owned() }),
        Err(problem) => {
            let again = model.key(Action::StartEdited);
            model.complain(format!(
                "Nothing was started: the edited input is not JSON, {problem}. {again} edits it further."
            ));
            model.draft = Some((like, text));
            Vec::new()
        }
    }
}

/// Asks for the word, while it is found out what there is to know.
fn confirm(model: &mut Model, deed: Deed) -> Vec<Effect> {
    model.ticket = model.ticket.next();
    let ticket = model.ticket;
    let Some(subject) = model.execution().map(|execution| Arc::clone(&execution.subject)) else { return Vec::new() };
    model.overlay = Some(Overlay::Confirm(Box::new(Confirm::new(deed.clone(), ticket))));
    vec![Effect::Prepare(ticket, deed, Asked(subject))]
}

/// Takes in what there is to know.
pub(super) fn prepared(model: &mut Model, ticket: Ticket, preflight: Result<Preflight, Trouble>) -> Vec<Effect> {
    if let Some(Overlay::Confirm(confirm)) = &mut model.overlay
        && confirm.asked == ticket
    {
        confirm.preflight = Some(preflight);
    }
    Vec::new()
}

/// Does what a key means while the word is typed.
pub(super) fn typed(model: &mut Model, edited: Edited) -> Vec<Effect> {
    let ticket = model.ticket.next();
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    let (doing, unknown) = (matches!(confirm.step, Step::Doing(_)), confirm.step == Step::Unknown);
    match edited {
        Edited::Quit => return vec![Effect::Quit],
        Edited::GivenUp if doing => model.tell("Already requested; waiting for AWS."),
        Edited::GivenUp => {
            let asked = confirm.asked;
            model.overlay = None;
            model.tell(if unknown { "Whether anything was changed is not known." } else { "Nothing was changed." });
            return vec![Effect::Stop(asked)];
        }
        Edited::Finished if !doing && !unknown => match confirm.finish_line() {
            Ok(false) => {}
            Ok(true) => {
                confirm.step = Step::Doing(ticket);
                confirm.trouble = None;
                let (dialog, deed) = (confirm.asked, confirm.deed.clone());
                model.ticket = ticket;
                return vec![Effect::Act(ticket, dialog, deed)];
            }
            Err(told) => model.complain(told),
        },
        _ => {}
    }
    Vec::new()
}

/// Takes in what became of it, and goes on with what there is to see then.
pub(super) fn acted(model: &mut Model, ticket: Ticket, acted: Acted) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    if confirm.step != Step::Doing(ticket) {
        return Vec::new();
    }
    let (live, found) = match acted {
        Acted::Not(trouble) => {
            (confirm.step, confirm.trouble) = (Step::Word, Some(trouble));
            return Vec::new();
        }
        Acted::Unknown(trouble) => {
            (confirm.step, confirm.trouble) = (Step::Unknown, Some(trouble));
            return Vec::new();
        }
        Acted::Done(live) => (live, ""),
        Acted::Found(live) => (live, " (the answer was lost; looked up)"),
    };
    let deed = confirm.deed.clone();
    model.overlay = None;
    let effects = match deed {
        Deed::Start { .. } => vec![model.open(Target::Live(live.clone()), false)],
        _ => live::go_on(model),
    };
    model.tell(format!("{}{found}: {}.", deed.done(), live.name()));
    effects
}
