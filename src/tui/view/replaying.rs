//! What lies over the screen while a replay is prepared: its menu, the editor, findings, questions.

use super::overlay::{box_width, framed, inside_height};
use crate::asl::Severity;
use crate::history::MemberId;
use crate::json::layout;
use crate::tui::look::Look;
use crate::tui::model::{Findings, Model};
use crate::tui::replaying::{Ask, Change, Choice, Editor, Item, Menu};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// ```text
/// ╭ replay ──────────────────────────────────────────────────╮
/// │ 1 Replay the whole execution                          84 events │
/// │ 2 Replay from ChargeCard to the end              event 36 │
/// │                                                           │
/// │ 6 Edit the result of ChargeCard, attempt 3    edited: {…} │
/// ╰───────────────────────────────────────────────────────────╯
/// ```
pub(super) fn menu(model: &Model, menu: &Menu, area: Rect, buffer: &mut Buffer) {
    let Some(execution) = model.execution() else { return };
    let look = &model.look;
    let mut plan = execution.plan.clone();
    let history = plan.history(&execution.subject);
    if let Some(Item::Run(extent)) = menu.selected() {
        plan.extent = *extent;
    }
    let width = usize::from(box_width(area.width).saturating_sub(4));
    let mut lines = Vec::new();
    let mut selected = 0;
    for (place, item) in menu.items().iter().enumerate() {
        let is_change = matches!(item, Item::Change(_));
        if is_change && place > 0 && !matches!(menu.items().get(place - 1), Some(Item::Change(_))) {
            lines.push(Line::default());
        }
        if place == menu.line() {
            selected = lines.len();
        }
        let (remark, role) = match item {
            Item::Change(change) => match plan.edit(change) {
                Some(_) if !plan.is_in_force(change) => ("edited, but not for this replay".to_owned(), Role::Dim),
                Some(_) if *change == Change::Definition => ("edited".to_owned(), Role::Warning),
                Some(edit) => (format!("edited: {}", layout::compact(&edit.text)), Role::Warning),
                None => (item.remark(history, &plan), Role::Dim),
            },
            Item::Root | Item::Run(_) => (item.remark(history, &plan), Role::Dim),
        };
        lines.push(choice(place + 1, &item.words(history, plan.member), (&remark, role), width, look));
    }
    let child = execution.subject.title(plan.member).name.as_str();
    let title = if plan.member == MemberId::ROOT { "replay".to_owned() } else { format!("replay in {child}") };
    let title = text::harmless(&title, look.glyphs).into_owned();
    choices(&title, &lines, selected, look, area, buffer);
}

/// The number and the words of a choice on the left, a remark on the right.
fn choice(number: usize, words: &str, (remark, role): (&str, Role), width: usize, look: &Look) -> Line<'static> {
    let number = if number < 10 { format!("{number} ") } else { "  ".to_owned() };
    let number = look.span(number, Role::Key);
    let words = look.foreign(words, width.saturating_sub(16), Role::Text);
    let room = width.saturating_sub(number.width() + words.width() + 2);
    let remark = look.foreign(remark, room, role);
    let gap = width.saturating_sub(number.width() + words.width() + remark.width());
    Line::from(vec![number, words, Span::raw(" ".repeat(gap)), remark])
}

/// Lines of which one is selected, in a box.
fn choices(title: &str, lines: &[Line<'_>], selected: usize, look: &Look, area: Rect, buffer: &mut Buffer) {
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(inside_height(area.height));
    let inside = framed(title, look, middle(area, rows), buffer);
    let top = (selected + 1).saturating_sub(rows.into());
    for (y, (place, line)) in (inside.y..inside.bottom()).zip(lines.iter().enumerate().skip(top)) {
        buffer.set_line(inside.x, y, line, inside.width);
        if place == selected {
            buffer.set_style(Rect { y, height: 1, ..inside }, look.style(Role::Cursor));
        }
    }
}

fn middle(area: Rect, rows: u16) -> Rect {
    let (width, height) = (box_width(area.width), rows + 2);
    let y = area.y + area.height.saturating_sub(height + 1) / 2;
    Rect { x: area.x + (area.width - width) / 2, y, width, height }
}

/// Rows under the text that say what is wrong with it.
const VERDICT: u16 = 3;

/// ```text
/// ╭ result of ChargeCard, attempt 3 ─────────────────────────╮
/// │ {                                                         │
/// │   "result": {}                                            │
/// │ }                                                         │
/// │ ✔ This can be replayed.                                   │
/// ╰───────────────────────────────────────────────────────────╯
/// ```
pub(super) fn editor(editor: &Editor, look: &Look, area: Rect, buffer: &mut Buffer) {
    let most = inside_height(area.height);
    let width = usize::from(box_width(area.width).saturating_sub(4)).max(1);
    let lines = editor.area().lines().iter().map(|line| text::width(line) / width + 1).sum::<usize>();
    let lines = u16::try_from(lines).unwrap_or(u16::MAX);
    let rows = lines.saturating_add(2 + VERDICT).clamp(8.min(most), most);
    let title = text::harmless(&editor.title, look.glyphs).into_owned();
    let inside = framed(&title, look, middle(area, rows), buffer);
    let written = Rect { height: inside.height.saturating_sub(VERDICT), ..inside };
    editor.area().render(written, buffer);
    neutralise(written, look, buffer);
    let (sign, words, role) = match &editor.problem {
        Some(problem) => (look.glyphs.failed, problem.as_str(), Role::Failed),
        None => (look.glyphs.succeeded, "This can be replayed.", Role::Succeeded),
    };
    let said = text::wrap(&format!("{sign} {words}"), inside.width.into(), (VERDICT - 1).into());
    for (y, line) in (written.bottom() + 1..inside.bottom()).zip(&said) {
        buffer.set_span(inside.x, y, &look.foreign(line.trim_end(), inside.width.into(), role), inside.width);
    }
}

/// The widget paints what was written as it is; what could harm a terminal is shown as a sign instead.
fn neutralise(area: Rect, look: &Look, buffer: &mut Buffer) {
    for position in area.positions() {
        let Position { x, y } = position;
        let symbol = buffer[(x, y)].symbol().to_owned();
        let harmless = text::harmless(&symbol, look.glyphs);
        if harmless != symbol {
            let shown: String = harmless.chars().take(1).collect();
            buffer[(x, y)].set_symbol(&shown);
        }
    }
}

/// Gives the text being written the colours of the look.
pub(in crate::tui) fn dress(editor: &mut Editor, look: &Look) {
    let area = editor.area_mut();
    area.set_style(look.style(Role::Text));
    area.set_cursor_line_style(ratatui::style::Style::new());
    area.set_cursor_style(ratatui::style::Style::new().add_modifier(ratatui::style::Modifier::REVERSED));
    area.set_selection_style(look.style(Role::Match));
}

/// What AWS would say about a definition, and what can be done then.
pub(super) fn findings(found: &Findings, look: &Look, width: u16) -> Vec<Line<'static>> {
    let room = usize::from(box_width(width).saturating_sub(4));
    let verdict = match found.is_refused() {
        true => "AWS would refuse this definition, so it does not run. It can be edited further.",
        false => "AWS would accept this definition, but it may not do what is meant.",
    };
    let mut lines = vec![Line::from(look.foreign(verdict, room, Role::Title)), Line::default()];
    for finding in &found.findings {
        let role = match finding.severity {
            Severity::Error => Role::Failed,
            Severity::Warning => Role::Warning,
        };
        let sign = if finding.severity == Severity::Error { look.glyphs.failed } else { look.glyphs.dot };
        let place = finding.location.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
        let head = format!("{sign} {} {}{place}", finding.severity.name(), finding.code);
        lines.push(Line::from(look.foreign(&head, room, role)));
        let told = [Some(finding.message.as_str()), finding.hint.as_deref()];
        for words in told.into_iter().flatten() {
            let wrapped = text::wrap(words, room.saturating_sub(2), 20);
            lines.extend(wrapped.iter().map(|line| {
                let line = look.foreign(line.trim_end(), room.saturating_sub(2), Role::Text);
                Line::from(vec![Span::raw("  "), line])
            }));
        }
    }
    lines
}

/// Rows in which a question shows what the task was given.
const GIVEN: usize = 3;

/// ```text
/// ╭ a task result is needed ──────────────────────────────────────╮
/// │ Ship, attempt 1, needs a result that is not recorded.          │
/// │ arn:aws:states:::lambda:invoke                             │
/// │ {"orderId":"A-1044"}                                       │
/// │                                                            │
/// │ 1 Write a result                                          │
/// ╰────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn question(ask: &Ask, look: &Look, area: Rect, buffer: &mut Buffer) {
    let room = usize::from(box_width(area.width).saturating_sub(4));
    let asking = &ask.asking;
    let path: String = asking.path.iter().map(|index| format!("[{index}]")).collect();
    let more = match ask.more {
        0 => String::new(),
        1 => " One more task waits for one.".to_owned(),
        more => format!(" {more} more tasks wait for one."),
    };
    let wants =
        format!("{}{path}, attempt {}, needs a result that is not recorded.{more}", asking.state, asking.attempt);
    let mut lines: Vec<Line<'static>> = text::wrap(&wants, room, 3)
        .iter()
        .map(|line| Line::from(look.foreign(line.trim_end(), room, Role::Text)))
        .collect();
    lines.push(Line::from(look.foreign(&asking.resource, room, Role::Dim)));
    // No more of a long text is wrapped than is shown.
    let begin = text::head(asking.parameters.text(), room * (GIVEN + 1));
    let given = text::wrap(begin, room, GIVEN);
    lines.extend(given.iter().map(|line| Line::from(look.foreign(line.trim_end(), room, Role::JsonString))));
    lines.push(Line::default());
    let selected = lines.len() + ask.line();
    for (number, offered) in (1..).zip(Choice::ALL) {
        let answer = ask.answer(offered).map(|answer| layout::compact(&answer)).unwrap_or_default();
        lines.push(choice(number, &ask.words(offered), (&answer, Role::Dim), room, look));
    }
    choices("a task result is needed", &lines, selected, look, area, buffer);
}
