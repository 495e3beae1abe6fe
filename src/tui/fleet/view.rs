//! Paints the screen of many executions.

use super::state::{Fleet, Group, Side};
use crate::analysis::fleet::{Bin, Item};
use crate::recording::Status;
use crate::report;
use crate::tui::action::Action;
use crate::tui::look::Look;
use crate::tui::model::Model;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Lines above the groups: the header and the histogram.
const HEAD: u16 = 4;
/// Lines of words about the group under the cursor, with the rule above them.
const ABOUT: u16 = 6;

/// Returns how many rows the groups and the executions have on a screen of that height.
pub(in crate::tui) fn heights(height: u16, groups: usize) -> [usize; 2] {
    let rows = height.saturating_sub(HEAD + ABOUT + 2);
    // The groups take what they need, and no more than half.
    let groups = u16::try_from(groups).unwrap_or(u16::MAX).clamp(1, (rows / 2).max(1));
    [groups.into(), rows.saturating_sub(groups).into()]
}

/// Returns the actions that help most here, the most useful first.
pub(in crate::tui) fn hints(fleet: &Fleet) -> Vec<(Action, Option<Action>)> {
    let moving = (Action::Down, Some(Action::Up));
    match fleet.side {
        Side::Groups => vec![
            (Action::Enter, None),
            moving,
            (Action::NextPane, None),
            (Action::Search, None),
            (Action::Refresh, None),
            (Action::Leave, None),
        ],
        Side::Items => vec![
            (Action::Enter, None),
            moving,
            (Action::Cancel, None),
            (Action::YankArn, None),
            (Action::Search, None),
            (Action::Refresh, None),
        ],
    }
}

/// ```text
///  header: what it is of                                400 executions, 86 failed
///  time    from to until, the length of a part           half took, 95 % took
///  failed  ▂▄▄▅▅▂▇
///  all     ███████
///  groups: sign, count, share, trend, state ▸ error, cause
///  ─ about the group under the cursor
///  what sets it apart
///  ─ its executions
///  name, version, status, when, how long
///  footer
/// ```
pub(in crate::tui) fn paint(model: &Model, fleet: &Fleet, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    header(fleet, look, Rect { height: 1, ..area }, buffer);
    course(fleet, look, Rect { y: area.y + 1, height: HEAD - 1, ..area }, buffer);
    let [groups, items] = heights(area.height, fleet.shown().len());
    let lines = |rows: usize| u16::try_from(rows).unwrap_or(0);
    let top = area.y + HEAD;
    let list = Rect { y: top, height: lines(groups), ..area };
    list_groups(fleet, look, list, buffer);
    let about = Rect { y: list.bottom(), height: ABOUT, ..area };
    about_group(fleet, look, about, buffer);
    list_items(model, fleet, Rect { y: about.bottom(), height: lines(items) + 1, ..area }, buffer);
}

fn header(fleet: &Fleet, look: &Look, area: Rect, buffer: &mut Buffer) {
    buffer.set_style(area, look.style(Role::Header));
    let told = &fleet.told;
    let mut words = report::counted(told.total(), "execution", "executions");
    words = format!("{words}, {} failed ", text::count(told.failed));
    let right = Line::from(look.span(words, if told.failed > 0 { Role::Failed } else { Role::Header }));
    let width = usize::from(area.width).saturating_sub(right.width() + 12);
    let mut title = fleet.crowd.title();
    if let Some(filter) = &fleet.filter {
        title = format!("{title}  /{filter}");
    }
    let left = Line::from(vec![look.span(" stepback  ", Role::Key), look.foreign(&title, width, Role::Header)]);
    buffer.set_line(area.x, area.y, &left, area.width);
    let columns = u16::try_from(right.width()).unwrap_or(0).min(area.width);
    buffer.set_line(area.right().saturating_sub(columns), area.y, &right, columns);
    if let Some(color) = look.style(Role::Header).bg {
        buffer.set_style(area, Style::new().bg(color));
    }
}

fn course(fleet: &Fleet, look: &Look, area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let took = fleet.percentiles.map(|(half, most)| {
        format!("succeeded: half in {}, 95 % in {} ", report::duration(half), report::duration(most))
    });
    let took = took.unwrap_or_default();
    let Some(course) = &fleet.told.course else {
        buffer.set_line(area.x, area.y, &Line::from(look.span(" No times are known.", Role::Dim)), area.width);
        return;
    };
    let from = report::moment(course.from);
    let until = report::moment_utc(course.until());
    let span = format!(" {from} to {until}, {} each", report::duration(course.micros));
    buffer.set_line(area.x, area.y, &Line::from(look.foreign(&span, width, Role::Dim)), area.width);
    let columns = u16::try_from(text::width(&took)).unwrap_or(0);
    if text::width(&span) + usize::from(columns) < width {
        let line = Line::from(look.span(took.clone(), Role::Dim));
        buffer.set_line(area.right().saturating_sub(columns), area.y, &line, columns);
    }
    // Each part is as wide as fits, up to three columns: a histogram is read by its width as well.
    let each = (width.saturating_sub(10) / course.bins.len().max(1)).clamp(1, 3);
    let bad: Vec<usize> = course.bins.iter().map(Bin::bad).collect();
    let all: Vec<usize> = course.bins.iter().map(Bin::total).collect();
    let rows = [(" failed ", Role::Failed, bad), (" all    ", Role::Succeeded, all)];
    for (y, (label, role, counts)) in (area.y + 1..).zip(rows) {
        let most = counts.iter().max().copied().unwrap_or(0);
        let counts: Vec<usize> = counts.iter().flat_map(|count| std::iter::repeat_n(*count, each)).collect();
        let most = format!("  {} at most", text::count(most));
        let line = Line::from(vec![
            look.span(label, Role::Dim),
            look.span(bars(&counts, look), role),
            look.span(most, Role::Dim),
        ]);
        buffer.set_line(area.x, y, &line, area.width);
    }
}

fn bars(counts: &[usize], look: &Look) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let sign = |count: &usize| match (count * 8).div_ceil(most) {
        0 => " ",
        level => look.glyphs.levels.get(level - 1).copied().unwrap_or(" "),
    };
    counts.iter().map(sign).collect()
}

fn list_groups(fleet: &Fleet, look: &Look, area: Rect, buffer: &mut Buffer) {
    if fleet.shown().len() == 0 {
        let words = if fleet.items.is_empty() { " There are no executions." } else { " No matches." };
        buffer.set_line(area.x, area.y, &Line::from(look.span(words, Role::Dim)), area.width);
        return;
    }
    let range = fleet.scrolls[0].range(fleet.shown().len());
    for (y, (place, (group, count))) in (area.y..area.bottom()).zip(fleet.shown().enumerate().skip(range.start)) {
        buffer.set_line(area.x, y, &group_line(fleet, group, count, look, area.width.into()), area.width);
        if place == fleet.group {
            let role = if fleet.side == Side::Groups { Role::Cursor } else { Role::Followed };
            buffer.set_style(Rect { y, height: 1, ..area }, look.style(role));
        }
    }
}

fn group_line<'a>(fleet: &Fleet, group: &Group, count: usize, look: &Look, width: usize) -> Line<'a> {
    let (sign, role) = sign(&group.status, look);
    let mut spans = vec![look.span(format!(" {sign} {:>6}  ", text::count(count)), role)];
    let Some(cluster) = fleet.cluster(group) else {
        spans.push(look.span(group.status.name().to_owned(), role));
        return Line::from(spans);
    };
    let share = (cluster.items.len() * 100).checked_div(fleet.told.failed).unwrap_or(0);
    spans.push(look.span(format!("{share:>3} %  "), Role::Dim));
    if width >= 100 {
        spans.push(look.span(format!("{}  ", bars(&cluster.trend, look)), Role::Failed));
    }
    let left = |spans: &[Span<'_>]| width.saturating_sub(spans.iter().map(Span::width).sum::<usize>());
    let state = cluster.state.as_deref().unwrap_or("no state");
    spans.push(look.foreign(state, left(&spans) / 2, Role::Text));
    spans.push(look.span(format!(" {} ", look.glyphs.step), Role::Dim));
    spans.push(look.foreign(cluster.error.as_deref().unwrap_or("no error named"), left(&spans), Role::Failed));
    if let Some((version, _)) = cluster.began_with() {
        let since = format!("  since version {}", version.name.as_deref().unwrap_or_default());
        spans.push(look.foreign(&since, left(&spans), Role::Warning));
    }
    let cause = cluster.cause.as_deref().filter(|_| left(&spans) > 12).unwrap_or_default();
    spans.push(look.foreign(&format!("  {cause}"), left(&spans), Role::Dim));
    Line::from(spans)
}

fn sign(status: &Status, look: &Look) -> (&'static str, Role) {
    match status {
        Status::Succeeded => (look.glyphs.succeeded, Role::Succeeded),
        Status::Failed | Status::TimedOut => (look.glyphs.failed, Role::Failed),
        Status::Aborted => (look.glyphs.aborted, Role::Aborted),
        _ => (look.glyphs.running, Role::Running),
    }
}

fn rule(title: &str, look: &Look, area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let title = look.foreign(&format!(" {title} "), width.saturating_sub(4), Role::Title);
    let rest = width.saturating_sub(title.width() + 2);
    let line = Line::from(vec![
        look.span(look.glyphs.line.repeat(2), Role::Border),
        title,
        look.span(look.glyphs.line.repeat(rest), Role::Border),
    ]);
    buffer.set_line(area.x, area.y, &line, area.width);
}

fn about_group(fleet: &Fleet, look: &Look, area: Rect, buffer: &mut Buffer) {
    let Some(group) = fleet.selected() else { return };
    let title = match fleet.cluster(group) {
        Some(cluster) => cluster.machine.as_deref().unwrap_or("failures").to_owned(),
        None => group.status.name().to_lowercase(),
    };
    rule(&title, look, area, buffer);
    let width = usize::from(area.width).saturating_sub(2);
    let mut lines: Vec<(String, Role)> = Vec::new();
    if let Some(cluster) = fleet.cluster(group) {
        if let Some((first, last)) = cluster.first.zip(cluster.last) {
            lines.push((format!("first {}, last {}", report::moment(first), report::moment_utc(last)), Role::Dim));
        }
        lines.extend(report::version_words(cluster).map(|words| (words, Role::Warning)));
        let contrast = cluster.contrast.iter();
        lines.extend(contrast.clone().flat_map(report::contrast_words).take(2).map(|words| (words, Role::Text)));
        lines.extend(contrast.filter_map(report::no_contrast_words).map(|words| (words, Role::Dim)));
    }
    // The whole cause of the one under the cursor, with its own numbers.
    if let Some((item, _)) = fleet.member()
        && let crate::analysis::fleet::Outcome::Failed(failed) = &item.outcome
        && let Some(cause) = &failed.cause
    {
        lines.insert(0, (cause.clone(), Role::Text));
    }
    if lines.is_empty() {
        lines.extend(fleet.gaps.iter().map(|gap| (gap.clone(), Role::Warning)));
    } else if let Some(gap) = fleet.gaps.first() {
        lines.truncate(usize::from(ABOUT).saturating_sub(2));
        lines.push((gap.clone(), Role::Warning));
    }
    let wrapped =
        lines.iter().flat_map(|(words, role)| text::wrap(words, width, 2).into_iter().map(|line| (line, *role)));
    for (y, (line, role)) in (area.y + 1..area.bottom()).zip(wrapped) {
        let line = Line::from(vec![Span::raw(" "), look.foreign(line.trim_end(), width, role)]);
        buffer.set_line(area.x, y, &line, area.width);
    }
}

fn list_items(model: &Model, fleet: &Fleet, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let members = fleet.members();
    let title = match members.len() {
        0 => "executions".to_owned(),
        len => format!("execution {} of {}", text::count(fleet.item + 1), text::count(len)),
    };
    rule(&title, look, area, buffer);
    let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let range = fleet.scrolls[1].range(members.len());
    let shown = members.get(range.clone()).unwrap_or_default();
    let names = shown.iter().filter_map(|place| fleet.items.get(*place)).map(|item| text::width(&item.label));
    let name = names.max().unwrap_or(0).clamp(8, usize::from(area.width).saturating_sub(56).max(12));
    for (y, (row, place)) in (rows.y..rows.bottom()).zip(range.zip(shown)) {
        let Some(item) = fleet.items.get(*place) else { continue };
        buffer.set_line(rows.x, y, &item_line(item, name, look), rows.width);
        if row == fleet.item {
            let role = if fleet.side == Side::Items { Role::Cursor } else { Role::Followed };
            buffer.set_style(Rect { y, height: 1, ..rows }, look.style(role));
        }
    }
}

fn item_line<'a>(item: &Item, name: usize, look: &Look) -> Line<'a> {
    let status = item.ran.status.clone().unwrap_or(Status::Running);
    let (sign, role) = sign(&status, look);
    let label = look.foreign(&item.label, name, Role::Text);
    let pad = " ".repeat(name.saturating_sub(label.width()) + 2);
    let at = item.at.map(report::moment_utc).unwrap_or_default();
    let took = item.ran.micros().map(report::duration).unwrap_or_default();
    let version = item.ran.version.as_ref().map(|version| format!("version {version}")).unwrap_or_default();
    let redrives = if item.ran.redrives > 0 { format!("  redriven {}", item.ran.redrives) } else { String::new() };
    Line::from(vec![
        look.span(format!(" {sign} "), role),
        label,
        look.span(pad, Role::Text),
        look.span(format!("{at:<23}  {took:>12}  "), Role::Dim),
        look.foreign(&version, 16, Role::Dim),
        look.span(redrives, Role::Dim),
    ])
}
