//! What lies over the screen when AWS is asked: the calls, a change to be confirmed, a file to be kept.

use super::overlay::framed;
use crate::tui::action::Action;
use crate::tui::handover::Document;
use crate::tui::live::{Call, CallEnd, Confirm, Fact, Keep, Preflight, Step};
use crate::tui::look::Look;
use crate::tui::model::Model;
use crate::tui::msg::Trouble;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::path::Path;

/// Lines of the calls' box that are not calls: its frame, and the call under the cursor in full.
const AROUND: u16 = 6;

/// Returns how many calls are visible.
pub(in crate::tui) fn calls_height(model: &Model) -> usize {
    usize::from(model.size.1.saturating_sub(4 + AROUND)).max(1)
}

/// ```text
/// ╭ 42 calls to AWS ──────────────────────────────────╮
/// │ 03:14:07   212 ms  ok         describe-execution… │
/// │ …                                                 │
/// │ ───────────────────────────────────────────────── │
/// │ aws stepfunctions describe-execution --execution… │
/// ╰───────────────────────────────────────────────────╯
/// ```
pub(super) fn paint_calls(model: &Model, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let calls = &model.calls;
    let margin = if area.width >= 110 { 4 } else { 1 };
    let most = area.height.saturating_sub(3);
    let box_area = Rect {
        x: area.x + margin,
        y: area.y + 1,
        width: area.width.saturating_sub(2 * margin),
        height: if calls.all().len() == 0 { most.min(3) } else { most },
    };
    let made = usize::try_from(calls.made).unwrap_or(usize::MAX);
    let title = if made == 1 { "1 call to AWS".to_owned() } else { format!("{} calls to AWS", text::count(made)) };
    let inside = framed(&title, look, box_area, buffer);
    if calls.all().len() == 0 {
        let nothing = look.span("No calls to AWS.", Role::Dim);
        buffer.set_span(inside.x, inside.y, &nothing, inside.width);
        return;
    }
    let height = inside.height.saturating_sub(AROUND - 2);
    let top = (calls.selected + 1).saturating_sub(height.into());
    for (y, (place, call)) in (inside.y..inside.y + height).zip(calls.all().enumerate().skip(top)) {
        buffer.set_line(inside.x, y, &call_line(call, look, inside.width.into()), inside.width);
        if place == calls.selected {
            buffer.set_style(Rect { y, height: 1, ..inside }, look.style(Role::Cursor));
        }
    }
    let below = Rect { y: inside.y + height, height: inside.height.saturating_sub(height), ..inside };
    let rule = look.span(look.glyphs.line.repeat(below.width.into()), Role::Border);
    buffer.set_span(below.x, below.y, &rule, below.width);
    if let Some(call) = calls.current() {
        let most = usize::from(below.height.saturating_sub(1));
        let why = match &call.end {
            CallEnd::Refused(_, why) | CallEnd::Lost(_, why) => text::wrap(why, below.width.into(), most),
            CallEnd::Done(..) => Vec::new(),
        };
        let command = text::wrap(&call.command, below.width.into(), most);
        let why = why.into_iter().map(|line| (line, Role::Failed));
        let lines = why.chain(command.into_iter().map(|line| (line, Role::Text)));
        for (y, (line, role)) in (below.y + 1..below.bottom()).zip(lines) {
            buffer.set_span(below.x, y, &look.foreign(line.trim_end(), below.width.into(), role), below.width);
        }
    }
}

fn call_line<'a>(call: &Call, look: &Look, width: usize) -> Line<'a> {
    let moment = text::moment(call.at);
    let time = moment.get(11..).unwrap_or_default().to_owned();
    let (words, role) = match &call.end {
        CallEnd::Done(_, words) => (words.as_str(), Role::Succeeded),
        CallEnd::Refused(..) => ("refused", Role::Failed),
        CallEnd::Lost(..) => ("lost", Role::Failed),
    };
    let took = text::duration(call.end.micros());
    // What every line begins with says nothing.
    let command = call.command.strip_prefix("aws ").unwrap_or(&call.command);
    let command = command.strip_prefix("stepfunctions ").unwrap_or(command);
    let sign = if role == Role::Failed { look.glyphs.failed } else { look.glyphs.succeeded };
    let outcome = look.foreign(words, 10, role);
    let gap = " ".repeat(12_usize.saturating_sub(outcome.width()));
    Line::from(vec![
        look.span(format!("{time} {took:>8}  "), Role::Dim),
        look.span(format!("{sign} "), role),
        outcome,
        Span::raw(gap),
        look.foreign(command, width.saturating_sub(33), Role::Text),
    ])
}

/// ```text
/// ╭ redrive ───────────────────────────────────╮
/// │ nightly-1120                               │
/// │ eu-west-1 1234-5678-9012 Admin             │
/// │                                            │
/// │ · It ended 3 d 4 h ago; redrives end in …  │
/// │                                            │
/// │ Type redrive to do it: redr▏               │
/// ╰────────────────────────────────────────────╯
/// ```
pub(super) fn paint_confirm(model: &Model, confirm: &Confirm, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let width = area.width.saturating_sub(4).min(90);
    let columns = usize::from(width.saturating_sub(4));
    let live = confirm.deed.of();
    let mut lines = vec![
        Line::from(look.foreign(live.name(), columns, Role::Title)),
        Line::from(vec![
            look.span("in ", Role::Dim),
            look.foreign(&super::place::of_live(model, live), columns.saturating_sub(3), Role::Warning),
        ]),
        Line::default(),
    ];
    if matches!(confirm.step, Step::Word | Step::Doing(_) | Step::Unknown) {
        for (what, text) in confirm.deed.sent() {
            let label = format!("{what} ({}): ", text::size(text.len()));
            let room = columns.saturating_sub(text::width(&label));
            lines.push(Line::from(vec![look.span(label, Role::Dim), look.foreign(text, room, Role::Text)]));
        }
    }
    lines.extend(known(confirm, look, columns));
    if lines.last().is_some_and(|line| line.width() > 0) {
        lines.push(Line::default());
    }
    if let Some(trouble) = &confirm.trouble {
        lines.extend(told(trouble, look, columns));
        lines.push(Line::default());
    }
    lines.push(match confirm.step {
        Step::Doing(_) => Line::from(look.span(format!("Asking AWS{}", look.glyphs.more), Role::Text)),
        _ if confirm.is_refused() || confirm.step == Step::Unknown => {
            let close = model.key(Action::Cancel);
            Line::from(look.span(format!("{close} closes this."), Role::Dim))
        }
        _ => typing(&confirm.label(&model.key(Action::Enter)), &confirm.line.0, look, columns),
    });
    paint_box(confirm.deed.title(), &lines, width, look, area, buffer);
}

fn known<'a>(confirm: &Confirm, look: &Look, columns: usize) -> Vec<Line<'a>> {
    match &confirm.preflight {
        None => vec![Line::from(look.span(format!("Asking AWS about it{}", look.glyphs.more), Role::Dim))],
        Some(Err(trouble)) => told(trouble, look, columns),
        Some(Ok(Preflight { refused, facts })) => {
            let refused = refused.iter().map(|words| (words.as_str(), Role::Failed, look.glyphs.failed));
            let facts = facts.iter().map(|fact| match fact {
                Fact::Plain(text) => (text.as_str(), Role::Text, look.glyphs.dot),
                Fact::Warning(text) => (text.as_str(), Role::Warning, look.glyphs.caught),
            });
            refused.chain(facts).flat_map(|(words, role, sign)| wrapped(words, sign, role, look, columns)).collect()
        }
    }
}

fn told<'a>(trouble: &Trouble, look: &Look, columns: usize) -> Vec<Line<'a>> {
    let mut lines = wrapped(&trouble.message, look.glyphs.failed, Role::Failed, look, columns);
    if let Some(hint) = &trouble.hint {
        lines.extend(wrapped(hint, " ", Role::Dim, look, columns));
    }
    lines
}

pub(super) fn wrapped<'a>(words: &str, sign: &str, role: Role, look: &Look, columns: usize) -> Vec<Line<'a>> {
    let parts = text::wrap(words, columns.saturating_sub(2), 6);
    let lines = parts.into_iter().enumerate().map(|(place, part)| {
        let lead = if place == 0 { format!("{sign} ") } else { "  ".to_owned() };
        Line::from(vec![look.span(lead, role), look.foreign(part.trim_end(), columns, role)])
    });
    lines.collect()
}

/// What is typed, its end always visible.
pub(super) fn typing<'a>(label: &str, typed: &str, look: &Look, columns: usize) -> Line<'a> {
    let room = columns.saturating_sub(text::width(label) + 3).max(8);
    let harmless = text::harmless(typed, look.glyphs);
    let mut from = 0;
    while text::width(harmless.get(from..).unwrap_or("")) > room {
        from += harmless.get(from..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    }
    let shown = harmless.get(from..).unwrap_or("").to_owned();
    Line::from(vec![
        look.span(format!("{label} "), Role::Key),
        look.span(shown, Role::Text),
        look.span(look.glyphs.playhead, Role::Focus),
    ])
}

/// The name of a file to be kept.
pub(super) fn paint_keep(model: &Model, keep: &Keep, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let width = area.width.saturating_sub(4).min(90);
    let columns = usize::from(width.saturating_sub(4));
    let partial = model.execution().and_then(|execution| execution.fetch.as_ref());
    let partial = partial.is_some_and(|fetch| fetch.stage.is_partial());
    let mut lines = Vec::new();
    if partial {
        let words = "The history is incomplete; the file will say so.";
        lines.extend(wrapped(words, look.glyphs.caught, Role::Warning, look, columns));
    }
    if keep.exists.as_ref() == Some(&keep.path.0) {
        let enter = model.key(Action::Enter);
        let words = format!("There is a file of that name; {enter} again replaces it.");
        lines.extend(wrapped(&words, look.glyphs.caught, Role::Warning, look, columns));
    }
    if let Some(trouble) = &keep.trouble {
        lines.extend(told(trouble, look, columns));
    }
    let document = Document::of(Path::new(keep.path.0.trim()));
    lines.push(Line::from(look.foreign(document.words(), columns, Role::Dim)));
    lines.push(match keep.ticket {
        Some(_) => Line::from(look.span(format!("Writing{}", look.glyphs.more), Role::Text)),
        None => typing("File:", &keep.path.0, look, columns),
    });
    paint_box("save this execution (.sfn.json, .html, .md, .csv)", &lines, width, look, area, buffer);
}

/// A small box in the middle, its last line always in sight.
pub(super) fn paint_box(title: &str, lines: &[Line<'_>], width: u16, look: &Look, area: Rect, buffer: &mut Buffer) {
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height.saturating_sub(2));
    let frame = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + area.height.saturating_sub(height + 1) / 2,
        width,
        height,
    };
    let inside = framed(title, look, frame, buffer);
    // The last line is where one types: it is never cut off.
    let cut = lines.len().saturating_sub(inside.height.into());
    let last = lines.len().saturating_sub(1);
    let shown = lines.iter().enumerate().filter(|(place, _)| *place == last || *place < last.saturating_sub(cut));
    for (y, (_, line)) in (inside.y..inside.bottom()).zip(shown) {
        buffer.set_line(inside.x, y, line, inside.width);
    }
}
