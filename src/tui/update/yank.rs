//! Copying, with what was copied told in words.

use crate::analysis::Whereabouts;
use crate::history::MemberId;
use crate::json::rows::Outline;
use crate::recording::remote::Remote;
use crate::tui::action::Action;
use crate::tui::execution::Execution;
use crate::tui::handover;
use crate::tui::model::Model;
use crate::tui::msg::Effect;
use crate::tui::pane::Pane;
use crate::tui::text;

/// Does what an action of copying asks; `None` when the action is none.
pub(super) fn yank(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let execution = model.execution()?;
    let (what, copied) = match action {
        Action::YankValue => ("the value", value(execution)),
        Action::YankPath => ("the path", row(execution).map(|row| execution.data.rows.json_path(row))),
        Action::YankJq => ("the jq filter", row(execution).map(|row| execution.data.rows.jq_path(row))),
        Action::YankArn => ("the ARN", execution.subject.title(execution.place.member).arn.clone()),
        Action::YankCause => ("the cause", execution.headline.cause.clone()),
        Action::YankConsole => ("the address in the console", console(execution)),
        Action::YankMarkdown => ("a summary in Markdown", Some(handover::markdown(&execution.subject, &model.zone))),
        Action::YankCommand => ("the command", Some(command(execution))),
        _ => return None,
    };
    match copied {
        Some(copied) => {
            let first = text::harmless(copied.lines().next().unwrap_or(""), model.look.glyphs).into_owned();
            let size =
                if copied.lines().count() > 1 { format!(" ({})", text::size(copied.len())) } else { String::new() };
            model.tell(format!("Copied {what}: {first}{size}"));
            Some(vec![Effect::Copy(copied)])
        }
        None => {
            model.complain(format!("There is nothing to copy: the recording does not say {what} of this."));
            Some(Vec::new())
        }
    }
}

fn row(execution: &Execution) -> Option<usize> {
    (execution.data.sheet.is_none() && !execution.data.rows.is_empty()).then(|| execution.data.selected())
}

/// The value under the cursor of the data pane; from other panes, the whole document.
fn value(execution: &Execution) -> Option<String> {
    if execution.data.sheet.is_some() {
        return execution.data.selected_text();
    }
    let row = if execution.focus == Pane::Data { row(execution)? } else { row(execution).map(|_| 0)? };
    Some(execution.data.rows.value(row).into_owned())
}

/// The page of the execution at the cursor: one that was started by another has its own.
fn console(execution: &Execution) -> Option<String> {
    let (subject, member) = (&execution.subject, execution.place.member);
    match member == MemberId::ROOT {
        true => Whereabouts::of(&subject.recording, &subject.family, &subject.diagnosis).console(),
        false => Some(Remote::parse(subject.title(member).arn.as_ref()?).ok()?.console()),
    }
}

fn command(execution: &Execution) -> String {
    let place = execution.place;
    handover::reopening(&execution.subject, (place.member == MemberId::ROOT).then_some(place.event))
}
