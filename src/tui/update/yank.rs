//! Copying, with what was copied told in words.

use crate::analysis::overview;
use crate::history::MemberId;
use crate::json::rows::Outline;
use crate::report;
use crate::tui::action::Action;
use crate::tui::execution::Execution;
use crate::tui::model::Model;
use crate::tui::msg::{Effect, Target};
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
        Action::YankMarkdown => ("a summary in Markdown", Some(markdown(execution))),
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

fn command(execution: &Execution) -> String {
    let target = execution.subject.target.spelled();
    let target = match &execution.subject.target {
        Target::Demo | Target::DemoRecording(_) => target,
        _ => argument(&target),
    };
    let at = execution.place.event;
    match execution.place.member == MemberId::ROOT {
        true => format!("stepback {target} --at {at}"),
        false => format!("stepback {target}"),
    }
}

/// Writes a name so that a shell and the command line read it as that name, whatever it begins with.
fn argument(name: &str) -> String {
    let name = if name.starts_with('-') && name != "-" { format!("./{name}") } else { name.to_owned() };
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=".contains(c));
    if plain { name } else { format!("'{}'", name.replace('\'', r"'\''")) }
}

fn markdown(execution: &Execution) -> String {
    let subject = &execution.subject;
    let mut lines = report::why_markdown(&subject.diagnosis, &overview(&subject.family, MemberId::ROOT));
    if let Some(arn) = &subject.title(MemberId::ROOT).arn {
        lines.extend([String::new(), format!("`{arn}`")]);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::argument;

    #[test]
    fn a_name_is_read_as_that_name() {
        for (name, written) in [
            ("a/b.json", "a/b.json"),
            ("-", "-"),
            ("-rf", "./-rf"),
            ("--help me", "'./--help me'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(argument(name), written);
        }
    }
}
