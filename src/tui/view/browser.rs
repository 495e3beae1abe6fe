//! A list to choose from: recordings, state machines, executions.

mod columns;
mod empty;

use crate::tui::action::Action;
use crate::tui::browser::{Browser, Feeds, Of, Source};
use crate::tui::look::Look;
use crate::tui::model::Model;
use crate::tui::text;
use crate::tui::theme::Role;
use columns::Columns;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Returns how many lines stand above the rows.
pub(in crate::tui) fn head(browser: &Browser) -> u16 {
    if is_plain(browser) { 2 } else { 3 }
}

/// The columns that the names of the lists take.
const TABS: usize = 28;

/// A list of files with nothing beside it needs no words about AWS.
fn is_plain(browser: &Browser) -> bool {
    browser.feeds().is_none() && browser.beside.is_none()
}

/// ```text
///  header: what the list is of                       12 of 40, or region, account and role
///  (recordings │ AWS                                 12 of 40)
///  STATUS  NAME  MACHINE  STARTED  DURATION  FAILING STATE  ERROR
///  rows
///  footer
/// ```
pub(super) fn paint(model: &Model, browser: &Browser, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let header = Rect { height: 1, ..area };
    let counted = counted(model, browser);
    if is_plain(browser) {
        paint_header(&browser.title, &counted, look, header, buffer);
    } else {
        let site = browser.feeds().map(Feeds::site);
        let place = super::place::of_list(model, site, usize::from(area.width) * 2 / 3);
        paint_header(&browser.title, &place, look, header, buffer);
        paint_tabs(browser, &counted, look, Rect { y: area.y + 1, ..header }, buffer);
    }
    let head = head(browser);
    let now = browser.feeds().and_then(|feeds| feeds.at.max(model.now));
    let columns = Columns::of(browser, usize::from(area.width), now);
    buffer.set_line(area.x, area.y + head - 1, &columns.titles(look), area.width);
    let rows = Rect { y: area.y + head, height: area.height.saturating_sub(head + 1), ..area };
    let shown = browser.shown().len();
    if shown == 0 {
        empty::paint(model, browser, rows, buffer);
    }
    let range = browser.scroll.range(shown);
    for (y, (line, listing)) in (rows.y..rows.bottom()).zip(browser.shown().enumerate().skip(range.start)) {
        buffer.set_line(rows.x, y, &columns.line(listing, look), rows.width);
        if line == browser.line() {
            buffer.set_style(Rect { y, height: 1, ..rows }, look.style(Role::Cursor));
        }
    }
}

fn paint_header(title: &str, right: &Line<'_>, look: &Look, area: Rect, buffer: &mut Buffer) {
    buffer.set_style(area, look.style(Role::Header));
    let width = usize::from(area.width);
    let right_width = right.width();
    let title = look.foreign(title, width.saturating_sub(right_width + 14), Role::Header);
    buffer.set_line(area.x, area.y, &Line::from(vec![look.span(" stepback  ", Role::Key), title]), area.width);
    let right_width = u16::try_from(right_width).unwrap_or(0).min(area.width);
    buffer.set_line(area.right().saturating_sub(right_width), area.y, right, right_width);
    if let Some(color) = look.style(Role::Header).bg {
        buffer.set_style(area, Style::new().bg(color));
    }
}

/// Which of the lists that take turns this is, and how much of it is there.
fn paint_tabs(browser: &Browser, counted: &Line<'_>, look: &Look, area: Rect, buffer: &mut Buffer) {
    let tab = |name: &'static str, shown: bool| {
        let style = look.style(if shown { Role::Title } else { Role::Dim });
        Span::styled(name, if shown { style.add_modifier(ratatui::style::Modifier::UNDERLINED) } else { style })
    };
    let live = browser.feeds().is_some();
    let mut line = Line::from(look.span(" ", Role::Dim));
    match (&browser.beside, browser.feeds().map(|feeds| &feeds.of)) {
        (Some(_), _) => {
            let bar = look.span(format!(" {} ", look.glyphs.bar), Role::Border);
            line.spans.extend([tab("recordings", !live), bar, tab("AWS", live)]);
        }
        (None, Some(Of::Machines)) => line.spans.push(look.span("state machines", Role::Dim)),
        (None, Some(Of::Express(_))) => {
            let found = browser.feeds().and_then(|feeds| feeds.found.as_ref());
            let words = found.map_or("executions, from the log", |found| &found.words);
            line.spans.push(look.foreign(
                words,
                usize::from(area.width).saturating_sub(counted.width() + 3),
                Role::Dim,
            ));
        }
        (None, _) => line.spans.push(look.span("executions, failed first", Role::Dim)),
    }
    let right = u16::try_from(counted.width()).unwrap_or(0).min(area.width);
    // How far a list has been read is worth more than what it is of.
    if usize::from(right) + line.width() < usize::from(area.width) {
        buffer.set_line(area.x, area.y, &line, area.width);
    }
    buffer.set_line(area.right().saturating_sub(right), area.y, counted, right);
}

/// How much of the list is shown, and how much of it is there.
fn counted<'a>(model: &Model, browser: &Browser) -> Line<'a> {
    let (look, feeds) = (&model.look, browser.feeds());
    if feeds.is_some_and(|feeds| browser.listings.is_empty() && (feeds.is_loading() || feeds.trouble.is_some())) {
        return Line::default();
    }
    let room = usize::from(model.size.0).saturating_sub(2);
    let words = match &browser.filter {
        Some(filter) => found(model, browser, filter.typed(), room),
        None => format!(" {}{} ", amount(browser), more(model, browser)),
    };
    let trouble = feeds.filter(|_| !browser.listings.is_empty()).and_then(|feeds| feeds.trouble.as_ref());
    let mut line = Line::from(look.foreign(&words, room, if feeds.is_some() { Role::Dim } else { Role::Header }));
    if let Some(trouble) = trouble {
        let most = room.saturating_sub(line.width() + TABS).min(60);
        line.spans.insert(0, look.foreign(&format!(" {}", trouble.message), most, Role::Warning));
    }
    line
}

/// `2,503 executions`
fn amount(browser: &Browser) -> String {
    let all = browser.listings.len();
    let unit = match (&browser.source, browser.feeds().map(|feeds| &feeds.of), all) {
        (_, Some(Of::Machines), 1) => "state machine",
        (_, Some(Of::Machines), _) => "state machines",
        (_, Some(_), 1) | (Source::Subjects(_), _, 1) => "execution",
        (_, Some(_), _) | (Source::Subjects(_), ..) => "executions",
        (Source::Target(_), _, 1) => "recording",
        (Source::Target(_), ..) | (Source::Feeds(_), None, _) => "recordings",
    };
    format!("{} {unit}", text::count(all))
}

/// Whether there is more than that, and what goes on with it or stops it.
fn more(model: &Model, browser: &Browser) -> String {
    let (more, stop) = (model.look.glyphs.more, model.key(Action::Cancel));
    match browser.feeds() {
        _ if browser.is_going_to_end() => format!(" so far{more} {stop} stops"),
        Some(feeds) if feeds.is_loading() => format!(" so far{more}"),
        Some(feeds) if feeds.has_more() => " so far".to_owned(),
        _ => String::new(),
    }
}

/// How many rows a filter lets through, and how far has been looked: `2 with "error:Card", searched 600 of 2,503; G goes
/// on`.
fn found(model: &Model, browser: &Browser, typed: &str, room: usize) -> String {
    let (shown, all) = (text::count(browser.shown().len()), browser.listings.len());
    let (last, stop) = (model.key(Action::Last), model.key(Action::Cancel));
    let unlooked = browser.unlooked();
    let is_asking = browser.feeds().is_some() && browser.listings.iter().any(|it| model.is_asking_why(it));
    let waits = browser.feeds().is_some_and(|feeds| feeds.is_loading()) || unlooked > 0 && is_asking;
    let has_more = unlooked > 0 || browser.feeds().is_some_and(Feeds::has_more);
    let then = match (waits, has_more) {
        _ if browser.is_going_to_end() => format!("{} {stop} stops", model.look.glyphs.more),
        (true, _) => model.look.glyphs.more.to_owned(),
        (false, true) => format!("; {last} goes on"),
        (false, false) => String::new(),
    };
    let (front, behind) = match unlooked {
        0 => (format!(" {shown} of {}", text::count(all)), if has_more { " so far" } else { "" }.to_owned()),
        _ => (format!(" {shown}"), format!(", searched {} of {}", text::count(all - unlooked), text::count(all))),
    };
    let (front, behind) = match unlooked {
        0 => (format!("{front}{behind}"), then),
        _ => (front, format!("{behind}{then}")),
    };
    let left = room.saturating_sub(text::width(&front) + text::width(&behind) + 9).max(8);
    format!("{front} with \"{}\"{behind} ", text::fit(typed, left, model.look.glyphs))
}
