//! What lies over the screen: keys, actions by name, problems, a long text.

use super::replaying;
use crate::report::Entry as Used;
use crate::tui::action::{Action, ENTRIES, Entry, Group};
use crate::tui::layout::NARROW;
use crate::tui::live::Acting;
use crate::tui::look::Look;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::pane::Pane;
use crate::tui::sheet::Row;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::update::palette;
use crate::tui::whole;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

pub(super) fn paint(model: &Model, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    match &model.overlay {
        None | Some(Overlay::Search(..)) => {}
        Some(Overlay::Palette(typed, selected)) => paint_palette(model, typed, *selected, area, buffer),
        Some(Overlay::Calls) => super::live::paint_calls(model, area, buffer),
        Some(Overlay::Bookmarks(selected)) => super::bookmarks::paint_list(model, *selected, area, buffer),
        Some(Overlay::Noting(noting)) => super::bookmarks::paint_note(model, noting, area, buffer),
        Some(Overlay::Keep(keep)) => super::live::paint_keep(model, keep, area, buffer),
        Some(Overlay::Confirm(confirm)) => super::live::paint_confirm(model, confirm, area, buffer),
        Some(Overlay::Help(top)) => paint_box("keys", &help(model), *top, look, area, buffer),
        Some(Overlay::Problems(top)) => paint_box("problems and notes", &problems(model), *top, look, area, buffer),
        Some(Overlay::Budget(entries, top)) => {
            paint_box("limits", &budget(model, entries), *top, look, area, buffer);
        }
        Some(Overlay::Cause(top)) => {
            let headline = model.execution().map(|execution| &execution.headline);
            let title = headline.map(|headline| format!("{} {}", headline.tone.sign(look.glyphs), headline.title));
            let title = text::harmless(title.as_deref().unwrap_or(""), look.glyphs).into_owned();
            paint_box(&title, &cause(model), *top, look, area, buffer);
        }
        Some(Overlay::Reader(title, _, top)) => {
            let title = text::harmless(title, look.glyphs).into_owned();
            paint_box(&title, &reader(model), *top, look, area, buffer);
        }
        Some(Overlay::Replay(menu)) => replaying::menu(model, menu, area, buffer),
        Some(Overlay::Editor(editor)) => replaying::editor(editor, look, area, buffer),
        Some(Overlay::Asking(ask)) => replaying::question(ask, look, area, buffer),
        Some(Overlay::Findings(found)) => {
            let lines = replaying::findings(found, look, area.width);
            paint_box("the edited definition", &lines, found.top, look, area, buffer);
        }
    }
}

/// Returns how far an overlay can be scrolled down.
pub(in crate::tui) fn lines(model: &Model) -> usize {
    let lines = match &model.overlay {
        Some(Overlay::Help(_)) => help(model).len(),
        Some(Overlay::Problems(_)) => problems(model).len(),
        Some(Overlay::Budget(entries, _)) => budget(model, entries).len(),
        Some(Overlay::Reader(..)) => reader(model).len(),
        Some(Overlay::Cause(_)) => cause(model).len(),
        Some(Overlay::Findings(found)) => replaying::findings(found, &model.look, model.size.0).len(),
        _ => 0,
    };
    lines.saturating_sub(inside_height(model.size.1).into())
}

pub(super) fn inside_height(height: u16) -> u16 {
    height.saturating_sub(5)
}

/// A narrow screen has no columns to spare for what lies under a box.
pub(super) fn box_width(width: u16) -> u16 {
    if width < NARROW { width } else { width.saturating_sub(4).min(100) }
}

/// A box in the middle with lines in it.
fn paint_box(title: &str, lines: &[Line<'_>], top: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(inside_height(area.height)) + 2;
    let width = box_width(area.width);
    let left = area.x + (area.width - width) / 2;
    let upper = area.y + area.height.saturating_sub(height + 1) / 2;
    let frame = Rect { x: left, y: upper, width, height };
    let inside = framed(title, look, frame, buffer);
    for (y, line) in (inside.y..inside.bottom()).zip(lines.iter().skip(top)) {
        buffer.set_line(inside.x, y, line, inside.width);
    }
    let hidden = lines.len().saturating_sub(top + usize::from(inside.height));
    if hidden > 0 {
        let more = look.span(format!(" {hidden} more "), Role::Dim);
        let width = u16::try_from(more.width()).unwrap_or(0);
        buffer.set_span(frame.right().saturating_sub(width + 2), frame.bottom() - 1, &more, width);
    }
}

pub(super) fn framed(title: &str, look: &Look, area: Rect, buffer: &mut Buffer) -> Rect {
    Clear.render(area, buffer);
    buffer.set_style(area, look.style(Role::Text));
    let layout = crate::tui::layout::Layout { framed: true, ..Default::default() };
    let title = text::fit_middle(title, usize::from(area.width.saturating_sub(8)), look.glyphs).into_owned();
    let edge = super::chrome::Edge {
        title: Line::from(look.span(format!(" {title} "), Role::Title)),
        right: Line::default(),
        role: Role::Focus,
    };
    let inside = super::chrome::pane(&edge, look, &layout, area, buffer);
    Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside }
}

/// Columns for the keys of an action.
const KEYS: usize = 17;

/// The headings, those that matter most to the focused pane first.
fn groups(model: &Model) -> impl Iterator<Item = Group> {
    use Group::{Act, Compare, Data, Live, Move, Panes, Scrub, Session, Yank};
    let groups = match model.screen() {
        Screen::Execution(execution) if execution.focus == Pane::Data => {
            [Data, Yank, Move, Scrub, Compare, Panes, Live, Act, Session]
        }
        Screen::Execution(_) => Group::ALL,
        _ => [Move, Session, Data, Live, Act, Scrub, Compare, Panes, Yank],
    };
    let allowed = model.acting == Acting::Allowed;
    groups.into_iter().filter(move |group| allowed || *group != Act)
}

/// What the first heading calls the part of the screen that has the focus.
fn here_title(model: &Model) -> &'static str {
    match model.screen() {
        Screen::Execution(execution) => match (&execution.panel, &execution.items, &execution.origins) {
            (Some(_), _, _) => "In this comparison",
            (None, Some(_), _) => "In these items",
            (None, None, Some(_)) => "In these origins",
            _ if execution.focus == Pane::Data => "In the data",
            _ => "In this view",
        },
        Screen::Browser(_) | Screen::Fleet(_) => "In this list",
        Screen::Opening | Screen::Broken(_) => "Here",
    }
}

/// An action with its keys, wrapped.
fn help_lines(model: &Model, entry: &Entry, width: usize) -> Vec<Line<'static>> {
    let look = &model.look;
    let keys = model.keymap.keys(entry.action).join(" ");
    let room = width.saturating_sub(KEYS + 2);
    let parts = text::wrap(entry.sentence, room, 4).into_iter().enumerate();
    let line = |(place, part): (usize, String)| {
        let keys = if place == 0 { &*keys } else { "" };
        let gap = KEYS.saturating_sub(text::width(keys)).max(1);
        let keys = look.span(format!("  {keys}"), Role::Key);
        Line::from(vec![keys, Span::raw(" ".repeat(gap)), look.foreign(part.trim_end(), room, Role::Text)])
    };
    parts.map(line).collect()
}

/// Everything a key can do, under its headings; what the focused pane is for stands first.
fn help(model: &Model) -> Vec<Line<'static>> {
    let look = &model.look;
    let width = usize::from(box_width(model.size.0).saturating_sub(4));
    let here = super::footer::on_screen(model);
    let here: Vec<&Entry> =
        here.iter().flat_map(|(one, other)| [Some(*one), *other]).flatten().map(Action::entry).collect();
    let mut lines = vec![Line::from(look.span(here_title(model), Role::Title))];
    lines.extend(here.iter().flat_map(|entry| help_lines(model, entry, width)));
    for group in groups(model) {
        lines.extend([Line::default(), Line::from(look.span(group.title(), Role::Title))]);
        let entries = ENTRIES.iter().filter(|entry| entry.group == group);
        lines.extend(entries.flat_map(|entry| help_lines(model, entry, width)));
    }
    lines.push(Line::default());
    lines.push(Line::from(look.span("A number before a movement repeats it.", Role::Dim)));
    lines
}

/// What is damaged or contradictory, and what the recording says about itself.
fn problems(model: &Model) -> Vec<Line<'static>> {
    let look = &model.look;
    let width = usize::from(box_width(model.size.0).saturating_sub(4));
    let Screen::Execution(execution) = model.screen() else { return vec![Line::from("There is no recording here.")] };
    let recording = &execution.subject.recording;
    let damage = recording.damage.iter().map(|damage| (Role::Failed, damage.to_string()));
    let notes = recording.recorded.notes.iter().flatten().map(|note| (Role::Text, note.to_string()));
    let anomalies = execution.history().anomalies().iter().map(|anomaly| (Role::Warning, format!("{anomaly}.")));
    let mut lines: Vec<Line<'static>> = damage
        .chain(notes)
        .chain(anomalies)
        .flat_map(|(role, words)| {
            let wrapped = text::wrap(&words, width.saturating_sub(2), 20);
            let lines = wrapped.into_iter().enumerate().map(move |(place, part)| {
                let lead = if place == 0 { format!("{} ", look.glyphs.dot) } else { "  ".to_owned() };
                Line::from(vec![look.span(lead, role), look.foreign(part.trim_end(), width, role)])
            });
            lines.collect::<Vec<_>>()
        })
        .collect();
    if recording.damage.is_empty() && execution.history().anomalies().is_empty() {
        lines.insert(0, Line::from(look.span("Nothing is damaged or inconsistent.", Role::Text)));
    }
    lines
}

/// What was used of AWS's limits; of what is kept out of sight only that it is there.
fn budget(model: &Model, entries: &[Used]) -> Vec<Line<'static>> {
    let width = usize::from(box_width(model.size.0).saturating_sub(4));
    let mut hidden: Option<u16> = None;
    let mut lines = Vec::new();
    for entry in entries {
        if hidden.is_some_and(|depth| entry.depth > depth) {
            continue;
        }
        hidden = entry.closed.then_some(entry.depth);
        if entry.depth == 0 && !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(super::sheet::entry(&Row::from(entry.clone()), &model.look, width));
    }
    lines
}

/// The most lines of a long text that are shown.
const LONGEST: usize = 20_000;

/// What went wrong, all of it.
fn cause(model: &Model) -> Vec<Line<'static>> {
    let look = &model.look;
    let width = usize::from(box_width(model.size.0).saturating_sub(4)).max(1);
    let Some(execution) = model.execution() else { return Vec::new() };
    let lines = whole::cause_lines(execution, width).into_iter();
    lines.map(|(line, role)| Line::from(look.foreign(&super::headline::spelled(&line, look), width, role))).collect()
}

fn reader(model: &Model) -> Vec<Line<'static>> {
    let look = &model.look;
    let width = usize::from(box_width(model.size.0).saturating_sub(4)).max(1);
    let Some(Overlay::Reader(_, text, _)) = &model.overlay else { return Vec::new() };
    let wrapped = text::wrap(text, width, LONGEST);
    wrapped.iter().map(|line| Line::from(look.foreign(line, width, Role::Text))).collect()
}

/// ```text
/// ╭ run an action ────────────────────╮
/// │ :next-f                           │
/// │ next-failure   f   Go to the next │
/// ╰───────────────────────────────────╯
/// ```
fn paint_palette(model: &Model, typed: &str, selected: usize, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let found = palette(typed, model.acting);
    let rows = inside_height(area.height).min(14).saturating_sub(1);
    let width = box_width(area.width);
    let frame = Rect { x: area.x + (area.width - width) / 2, y: area.y + 1, width, height: rows + 3 };
    let inside = framed("run an action", look, frame, buffer);
    let room = usize::from(inside.width);
    let line = Line::from(vec![
        look.span(":", Role::Key),
        look.foreign(typed, room.saturating_sub(3), Role::Text),
        look.span(look.glyphs.playhead, Role::Focus),
    ]);
    buffer.set_line(inside.x, inside.y, &line, inside.width);
    let top = (selected + 1).saturating_sub(rows.into());
    let shown = (inside.y + 1..inside.bottom()).zip(found.iter().enumerate().skip(top));
    for (y, (place, entry)) in shown {
        let keys = model.keymap.keys(entry.action).join(" ");
        let line = Line::from(vec![
            look.span(format!("{:<20}", entry.name), Role::Text),
            look.span(format!("{keys:<14}"), Role::Key),
            look.foreign(entry.sentence, room.saturating_sub(35), Role::Dim),
        ]);
        buffer.set_line(inside.x, y, &line, inside.width);
        if place == selected {
            buffer.set_style(Rect { y, height: 1, ..inside }, look.style(Role::Cursor));
        }
    }
    if found.is_empty() {
        let nothing = look.span("No action has that name.", Role::Dim);
        buffer.set_span(inside.x, inside.y + 1, &nothing, inside.width);
    }
}
