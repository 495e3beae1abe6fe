//! What actions do on the screen of many executions.

use super::state::{Crowd, Part, Side};
use crate::tui::action::Action;
use crate::tui::browser::{Browser, Of, Row, Source};
use crate::tui::live::Live;
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Effect, Target};
use crate::tui::update::target_line;

/// Does what an action means here; `None` when it means what it means everywhere.
pub(in crate::tui) fn perform(model: &mut Model, action: Action, count: Option<u32>) -> Option<Vec<Effect>> {
    let Screen::Fleet(fleet) = model.screen_mut() else { return None };
    match action {
        Action::Enter if fleet.side == Side::Groups => fleet.side = Side::Items,
        Action::Enter => {
            let target = fleet.member().map(|(_, target)| target.clone())?;
            return Some(vec![model.open(target, false)]);
        }
        Action::NextPane | Action::PreviousPane => {
            fleet.side = if fleet.side == Side::Groups { Side::Items } else { Side::Groups };
        }
        Action::NextFailure | Action::PreviousFailure => {
            let step = if action == Action::NextFailure { fleet.group + 1 } else { fleet.group.saturating_sub(1) };
            let failures = fleet.shown().filter(|(group, _)| group.cluster.is_some()).count();
            fleet.select_group(step.min(failures.saturating_sub(1)));
        }
        Action::YankArn => {
            let arn = fleet.member().and_then(|(item, _)| item.ran.arn.clone())?;
            model.tell("Copied the ARN.");
            return Some(vec![Effect::Copy(arn.to_string())]);
        }
        action => {
            let (line, len, height) = match fleet.side {
                Side::Groups => (fleet.group, fleet.shown().len(), fleet.scrolls[0].height()),
                Side::Items => (fleet.item, fleet.members().len(), fleet.scrolls[1].height()),
            };
            let line = target_line(action, count, line, height, len)?;
            match fleet.side {
                Side::Groups => fleet.select_group(line),
                Side::Items => fleet.item = line,
            }
        }
    }
    Some(Vec::new())
}

/// Closes what is open here: a filter, then the list of executions. Tells whether there was anything.
pub(in crate::tui) fn cancel(model: &mut Model) -> bool {
    let Screen::Fleet(fleet) = model.screen_mut() else { return false };
    if fleet.filter.is_some() {
        fleet.set_filter("");
    } else if fleet.side == Side::Items {
        fleet.side = Side::Groups;
    } else {
        return false;
    }
    true
}

/// Opens the screen of all executions of the list on the screen, or of the machine under its cursor.
pub(in crate::tui) fn begin(model: &mut Model) -> Vec<Effect> {
    let crowd = match model.screen() {
        Screen::Browser(browser) => part(browser).map(Crowd::of),
        Screen::Fleet(_) => return Vec::new(),
        _ => None,
    };
    match crowd {
        Some(crowd) => vec![model.open(Target::Fleet(Box::new(crowd)), false)],
        None => {
            model.tell("This is for a folder, a state machine and a list of executions.");
            Vec::new()
        }
    }
}

fn part(browser: &Browser) -> Option<Part> {
    if let Source::Target(Target::Path(path) | Target::Home(path)) = &browser.source
        && browser.feeds().is_none()
    {
        return Some(Part::Path(path.clone()));
    }
    let feeds = browser.feeds()?;
    match &feeds.of {
        Of::Executions(arn) | Of::Express(arn) | Of::Children(arn) => {
            Some(Part::Live(Live { site: feeds.site(), arn: arn.clone() }))
        }
        Of::Machines => {
            let listing = browser.selected().filter(|listing| matches!(listing.row, Row::Machine(_)))?;
            let Target::Live(live) = &listing.target else { return None };
            Some(Part::Live(live.clone()))
        }
    }
}
