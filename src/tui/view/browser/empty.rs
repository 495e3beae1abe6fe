//! A list without rows: why, and what to do next.

use crate::tui::action::Action;
use crate::tui::browser::{Browser, Feeds, Of, Source};
use crate::tui::live::Cloud;
use crate::tui::model::Model;
use crate::tui::msg::{Target, Trouble};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Says why nothing is listed.
pub(super) fn paint(model: &Model, browser: &Browser, area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width.saturating_sub(4)).clamp(20, 100);
    let words = words(model, browser);
    let lines = words.iter().enumerate().flat_map(|(place, words)| {
        let role = if place == 0 { Role::Text } else { Role::Dim };
        text::wrap(words, width, 8).into_iter().map(move |line| (line, role))
    });
    for (y, (line, role)) in (area.y..area.bottom()).zip(lines) {
        buffer.set_span(area.x + 2, y, &model.look.foreign(line.trim_end(), width, role), area.width - 2);
    }
}

fn words(model: &Model, browser: &Browser) -> Vec<String> {
    match (&browser.source, &browser.filter) {
        (Source::Feeds(feeds), _) if feeds.trouble.is_some() => refused(model, feeds),
        (Source::Feeds(feeds), _) if feeds.is_loading() => {
            vec![format!("Asking AWS for {}{}", things(feeds, browser), model.look.glyphs.more)]
        }
        (Source::Feeds(feeds), _) if matches!(feeds.of, Of::Express(_)) => in_log(model, feeds, browser),
        (Source::Feeds(feeds), Some(_)) if feeds.has_more() || browser.unlooked() > 0 => {
            let all = browser.listings.len();
            let (seen, last) = (text::count(all - browser.unlooked()), model.key(Action::Last));
            vec![format!("No matches in the first {seen}."), format!("{last} looks through all of them.")]
        }
        (_, Some(_)) if !browser.listings.is_empty() => {
            let (clear, all) = (model.key(Action::Cancel), text::count(browser.listings.len()));
            vec![format!("None of {all} fit."), format!("{clear} shows them all.")]
        }
        (Source::Feeds(feeds), Some(_)) if feeds.of != Of::Machines => {
            vec!["None fit.".to_owned(), format!("{} shows them all.", model.key(Action::Cancel))]
        }
        (Source::Feeds(feeds), _) => match feeds.of {
            Of::Machines => vec![
                "There are no state machines here.".to_owned(),
                "--region and --profile name other places to look.".to_owned(),
            ],
            Of::Executions(_) | Of::Express(_) => {
                vec![format!("{} has not been executed in the last 90 days.", browser.title)]
            }
            Of::Children(_) => vec!["This Map Run has not started any executions.".to_owned()],
        },
        (Source::Target(Target::Home(_)), _) => at_home(model),
        _ => vec!["There is nothing here.".to_owned()],
    }
}

/// A log has no end: what was looked through, and how to look at more of it.
fn in_log(model: &Model, feeds: &Feeds, browser: &Browser) -> Vec<String> {
    let looked = feeds.found.as_ref();
    let mut words = vec![match (looked, browser.listings.len()) {
        (Some(looked), 0) => format!("No executions of {}: {}.", browser.title, looked.words),
        (_, all) => format!("None of {} fit.", text::count(all)),
    }];
    words.extend(looked.iter().flat_map(|looked| looked.gaps.iter().cloned()));
    let search = model.key(Action::Search);
    words.push(format!("{search}since:24h looks back further; CloudWatch Logs charges for what is looked through."));
    words
}

fn refused(model: &Model, feeds: &Feeds) -> Vec<String> {
    let Some(Trouble { message, hint }) = &feeds.trouble else { return Vec::new() };
    let again = format!("{} tries again.", model.key(Action::Refresh));
    [Some(message.clone()), hint.clone(), Some(again)].into_iter().flatten().collect()
}

fn things(feeds: &Feeds, browser: &Browser) -> String {
    match &feeds.of {
        Of::Machines => "the state machines".to_owned(),
        Of::Executions(_) => format!("the executions of {}", browser.title),
        Of::Express(_) => format!("the executions of {} in its log", browser.title),
        Of::Children(_) => "the executions of this Map Run".to_owned(),
    }
}

/// Neither recordings nor, so far, AWS.
fn at_home(model: &Model) -> Vec<String> {
    let mut words = vec!["There are no recordings in this folder.".to_owned()];
    match &model.cloud {
        Cloud::Looking => words.push(format!("Looking for AWS credentials{}", model.look.glyphs.more)),
        Cloud::Without(trouble) => {
            words.extend([Some(trouble.message.clone()), trouble.hint.clone()].into_iter().flatten());
        }
        Cloud::There(_) => words.push(format!("{} shows what is in AWS.", model.key(Action::NextPane))),
        Cloud::Unasked => {}
    }
    words.push("stepback --demo opens recordings that come with it.".to_owned());
    words
}
