//! The list of calls to AWS: moving in it, copying a call.

use super::motion;
use crate::tui::action::Action;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::Effect;

/// Shows the calls.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    model.calls.select(usize::MAX);
    model.overlay = Some(Overlay::Calls);
    Vec::new()
}

/// Does what an action means in the list.
pub(super) fn perform(model: &mut Model, action: Action, count: Option<u32>) -> Vec<Effect> {
    let height = super::view::calls_height(model);
    let calls = &mut model.calls;
    match action {
        Action::Cancel | Action::Leave | Action::Calls => model.overlay = None,
        Action::YankValue | Action::YankCommand => {
            if let Some(call) = calls.current() {
                let command = call.command.clone();
                model.tell(format!("Copied the command: {command}"));
                return vec![Effect::Copy(command)];
            }
        }
        Action::Enter => {
            if let Some(call) = calls.current() {
                let (title, text) = ("call to AWS".to_owned(), call.command.clone());
                model.overlay = Some(Overlay::Reader(title, text, 0));
            }
        }
        Action::CycleTheme => model.look.theme = model.look.theme.next(),
        Action::Suspend => return vec![Effect::Suspend],
        _ => {
            let len = calls.all().len();
            if let Some(line) = motion::target(action, count, calls.selected, height, len) {
                calls.select(line);
            }
        }
    }
    Vec::new()
}
