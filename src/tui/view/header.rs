//! The line at the top: where the cursor is, as a path, and how the execution stands.

use crate::analysis::Status;
use crate::history::{MemberId, Place as Flow};
use crate::report;
use crate::tui::execution::Execution;
use crate::tui::live::{Acting, Live, Stage};
use crate::tui::look::Look;
use crate::tui::model::Model;
use crate::tui::msg::Target;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(super) fn paint(model: &Model, execution: &Execution, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    buffer.set_style(area, look.style(Role::Header));
    let right = standing(model, execution, area.width);
    let right_width = u16::try_from(right.width()).unwrap_or(0).min(area.width * 2 / 3);
    let room = usize::from(area.width.saturating_sub(right_width + 14));
    let mut line = Line::from(vec![look.span(" stepback  ", Role::Key)]);
    let parts = breadcrumb(execution);
    line.spans.extend(fitted(&parts, room, look));
    buffer.set_line(area.x, area.y, &line, area.width.saturating_sub(right_width));
    buffer.set_line(area.right().saturating_sub(right_width), area.y, &right, right_width);
    // The role's background goes on under whatever colours the parts have.
    let background = look.style(Role::Header).bg;
    if let Some(color) = background {
        buffer.set_style(area, ratatui::style::Style::new().bg(color));
    }
}

/// How the execution stands, how much of it is there and, where there is room, the region and account it ran in. Of one
/// in AWS it always says whether anything can be changed.
fn standing<'a>(model: &Model, execution: &Execution, width: u16) -> Line<'a> {
    let look = &model.look;
    let title = execution.subject.title(MemberId::ROOT);
    let (tone, words) = status(execution);
    let mut line = Line::from(look.span(format!("{} {words}", tone.sign(look.glyphs)), tone.role()));
    line.spans.extend(age(execution, look));
    line.spans.extend(coming(model, execution));
    let live = matches!(execution.subject.target, Target::Live(_)) || model.acting == Acting::Allowed;
    let most = usize::from(width) / 2;
    let place = title.arn.as_deref().map(|arn| super::place::of_live(model, &Live::new(arn))).unwrap_or_default();
    let room = most.saturating_sub(line.width() + 3 + if live { model.acting.word().len() + 1 } else { 0 });
    if width >= 100 && !place.is_empty() {
        line.spans.push(look.foreign(&format!("  {place}"), room.max(12), Role::Dim));
    }
    if live {
        line.spans.extend([Span::raw("  "), super::place::acting_span(model.acting, look)]);
    }
    line.spans.push(Span::raw(" "));
    line
}

/// How old an execution is that goes on.
fn age<'a>(execution: &Execution, look: &Look) -> Option<Span<'a>> {
    let member = execution.subject.family.member(MemberId::ROOT);
    execution.subject.seen()?;
    let began = member.described.times.0.or_else(|| member.history.started_at())?;
    let age = execution.age_since(began)?;
    Some(look.span(format!(" {}", text::duration(age - age % 1_000_000)), Role::Running))
}

/// How an execution stands; the results of a Map Run do not say how the Map Run does.
fn status(execution: &Execution) -> (Status, String) {
    let subject = &execution.subject;
    let status = subject.family.member(MemberId::ROOT).status();
    if subject.recording.is_map_run_results() && status.is_unseen() {
        let failed = !subject.diagnosis.causes.is_empty();
        return (if failed { Status::Failed } else { Status::Succeeded }, "MAP RUN".to_owned());
    }
    (Status::of_execution(status.name()), report::status_words(&status).to_owned())
}

/// How much of an execution from AWS is there, and whether more is on its way.
fn coming<'a>(model: &Model, execution: &Execution) -> Option<Span<'a>> {
    let look = &model.look;
    let fetch = execution.fetch.as_ref()?;
    let (words, role) = match &fetch.stage {
        Stage::Following if fetch.silent.is_some() => {
            (format!("  {} AWS unreachable", look.glyphs.caught), Role::Warning)
        }
        // The footer says what is in the way.
        Stage::Following if model.calls.repeating().is_some() => {
            (format!("  {} no answer yet", look.glyphs.caught), Role::Warning)
        }
        Stage::Fetching(progress) => (format!("  {}{}", progress.words(), look.glyphs.more), Role::Running),
        Stage::Stopped(progress) => (format!("  only {}", progress.words()), Role::Warning),
        Stage::Broken(_) => ("  not all there".to_owned(), Role::Warning),
        Stage::Following => (format!("  {} following", look.glyphs.running), Role::Running),
        Stage::Whole => return None,
    };
    Some(look.span(words, role))
}

/// From the machine down to the attempt: `Orders ▸ nightly-1120 ▸ ProcessItems[17] ▸ ChargeCard ▸ attempt 3`.
pub(super) fn breadcrumb(execution: &Execution) -> Vec<String> {
    let mut parts = Vec::new();
    let root = execution.subject.title(MemberId::ROOT);
    parts.extend([root.machine.clone(), root.name.clone()]);
    if parts.iter().all(String::is_empty) {
        let target = execution.subject.target.spelled();
        parts.push(target.rsplit('/').next().unwrap_or("").to_owned());
    }
    if execution.place.member != MemberId::ROOT {
        let title = execution.subject.title(execution.place.member);
        parts.push(if title.machine.is_empty() { title.name.clone() } else { title.machine.clone() });
    }
    let history = execution.history();
    let Some(lineage) = history.lineage(execution.place.event) else { return parts };
    let mut flows: Vec<_> = history.scopes_above(lineage.scope).collect();
    flows.reverse();
    for scope in flows {
        match history.scope(scope).place {
            Flow::Root => {}
            Flow::Branch { of, index, .. } => parts.push(format!("{}[{index}]", history.visit(of).name)),
            Flow::Iteration { of, index, .. } => parts.push(format!("{}[{index}]", history.visit(of).name)),
        }
    }
    if let Some(visit) = lineage.visit {
        parts.push(history.visit(visit).name.to_string());
        let attempts = history.visit(visit).attempts.len();
        if let Some(attempt) = lineage.attempt.filter(|_| attempts > 1) {
            parts.push(format!("attempt {} of {attempts}", history.attempt(attempt).number));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What does not fit is left out at the front: the end says where one is.
fn fitted<'a>(parts: &[String], room: usize, look: &Look) -> Vec<Span<'a>> {
    let step = format!(" {} ", look.glyphs.step);
    let longest = (room / 2).max(12);
    let shown: Vec<Span<'a>> = parts
        .iter()
        .map(|part| {
            let harmless = text::harmless(part, look.glyphs);
            look.span(text::fit_middle(&harmless, longest, look.glyphs).into_owned(), Role::Header)
        })
        .collect();
    let mut first = 0;
    let taken = |first: usize| -> usize {
        let words: usize = shown.iter().skip(first).map(Span::width).sum();
        words + 3 * shown.len().saturating_sub(first + 1) + if first > 0 { 2 } else { 0 }
    };
    while first + 1 < shown.len() && taken(first) > room {
        first += 1;
    }
    let mut spans = Vec::new();
    if first > 0 {
        spans.push(look.span(format!("{} ", look.glyphs.more), Role::Dim));
    }
    let last = shown.len().saturating_sub(1);
    for (place, mut span) in shown.into_iter().enumerate().skip(first) {
        if place > first {
            spans.push(look.span(step.clone(), Role::Dim));
        }
        if place == last {
            span.style = span.style.add_modifier(ratatui::style::Modifier::BOLD);
        }
        spans.push(span);
    }
    spans
}
