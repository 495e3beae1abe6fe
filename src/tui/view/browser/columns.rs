//! The columns of a list, as many as there is room for.

use crate::analysis::Status;
use crate::event::Timestamp;
use crate::tui::browser::{Browser, FailureTold, Listing, Machine, Of, Row, Summary};
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::text::{Line, Span};

/// The columns and how wide they are; 0 when there is no room for one.
pub(super) enum Columns {
    /// Of executions.
    Executions(Executions),
    /// Of state machines: name, type, where, created.
    Machines([usize; 4]),
}

pub(super) struct Executions {
    status: usize,
    name: usize,
    /// The machine or, where all run on one, the version or alias.
    middle: Middle,
    started: usize,
    duration: usize,
    state: usize,
    error: usize,
    /// The present, as far as it is known.
    now: Option<Timestamp>,
}

enum Middle {
    Machine(usize),
    Qualifier(usize),
}

impl Columns {
    pub(super) fn of(browser: &Browser, width: usize, now: Option<Timestamp>) -> Self {
        match browser.feeds() {
            Some(feeds) if feeds.of == Of::Machines => {
                let place = if feeds.is_several() { (width / 5).max(16) } else { 0 };
                let (kind, created) = (12, 18);
                Self::Machines([width.saturating_sub(place + kind + created + 2), kind, place, created])
            }
            Some(_) => {
                let executions = browser.listings.iter().filter_map(Listing::execution);
                let longest = executions.map(|it| text::width(&it.alias) + text::width(&it.version)).max().unwrap_or(0);
                let qualifier = if longest > 0 && width >= 100 { (longest + 3).clamp(9, width / 8) } else { 0 };
                Self::Executions(Executions::of(width, Middle::Qualifier(qualifier), now))
            }
            None => {
                let machine = if width >= 110 { width / 7 } else { 0 };
                Self::Executions(Executions::of(width, Middle::Machine(machine), now))
            }
        }
    }

    pub(super) fn titles<'a>(&self, look: &Look) -> Line<'a> {
        let cell = |title: &str, width: usize| look.span(padded(title, width), Role::Dim);
        match self {
            Self::Machines([name, kind, place, created]) => Line::from(vec![
                cell("  state machine", name + 2),
                cell("type", *kind),
                cell("where", *place),
                cell("created (UTC)", *created),
            ]),
            Self::Executions(widths) => Line::from(vec![
                cell("  status", widths.status),
                cell("name", widths.name),
                match widths.middle {
                    Middle::Machine(width) => cell("machine", width),
                    Middle::Qualifier(width) => cell("version", width),
                },
                cell("started (UTC)", widths.started),
                cell("duration", widths.duration),
                cell("failing state", widths.state),
                cell("error", widths.error),
            ]),
        }
    }

    pub(super) fn line<'a>(&self, listing: &Listing, look: &Look) -> Line<'a> {
        match (&listing.row, self) {
            (Row::Execution(summary), Self::Executions(widths)) => widths.line(listing, summary, look),
            (Row::Unreadable(problem), Self::Executions(widths)) => Line::from(vec![
                look.span(padded(" ! unreadable", widths.status + 1), Role::Warning),
                cell(&listing.label, widths.name.saturating_sub(1), Role::Dim, look),
                look.foreign(problem, usize::MAX / 8, Role::Dim),
            ]),
            (Row::Machine(machine), Self::Machines(widths)) => machine_line(machine, *widths, look),
            // No list mixes them; what it is called is better than an empty row.
            (_, _) => Line::from(look.foreign(&listing.label, 80, Role::Text)),
        }
    }
}

impl Executions {
    fn of(width: usize, middle: Middle, now: Option<Timestamp>) -> Self {
        let started = if width >= 76 { 18 } else { 0 };
        let duration = if width >= 100 { 12 } else { 0 };
        let state = if width >= 90 { width / 7 } else { 0 };
        let status = 14;
        let taken = match middle {
            Middle::Machine(width) | Middle::Qualifier(width) => width,
        };
        let rest = width.saturating_sub(status + started + duration + taken + state);
        let name = rest / 2;
        Self { status, name, middle, started, duration, state, error: rest - name, now }
    }

    fn line<'a>(&self, listing: &Listing, summary: &Summary, look: &Look) -> Line<'a> {
        let tone = summary.tone();
        let status = format!("{} {}", tone.sign(look.glyphs), summary.word());
        let name = if summary.name.is_empty() { &listing.label } else { &summary.name };
        let started = summary.started.map(day).unwrap_or_default();
        let remark = match (summary.damaged, summary.redrives) {
            (true, _) => " (damaged)".to_owned(),
            (false, _) if summary.partial => " (incomplete)".to_owned(),
            (false, 0) => String::new(),
            (false, 1) => " (redriven)".to_owned(),
            (false, times) => format!(" (redriven {times}{})", look.glyphs.times),
        };
        // The end of a long name tells it from others, and the remark must not be lost.
        let room = self.name.saturating_sub(2 + text::width(&remark));
        let name = text::fit_middle(name, room.max(8), look.glyphs);
        let waits = summary.failure == FailureTold::NotYet && tone != Status::Succeeded;
        let error = if waits { look.glyphs.more } else { &summary.error };
        let (middle, width) = match self.middle {
            Middle::Machine(width) => (summary.machine.clone(), width),
            Middle::Qualifier(width) => (summary.qualifier(), width),
        };
        Line::from(vec![
            cell(&format!(" {status}"), self.status, tone.role(), look),
            cell(&format!("{name}{remark}"), self.name, Role::Text, look),
            cell(&middle, width, Role::Dim, look),
            cell(&started, self.started, Role::Dim, look),
            cell(&summary.duration(self.now), self.duration, Role::Dim, look),
            cell(&summary.state, self.state, Role::Text, look),
            cell(error, self.error, if waits { Role::Dim } else { tone.role() }, look),
        ])
    }
}

fn machine_line<'a>(machine: &Machine, [name, kind, place, created]: [usize; 4], look: &Look) -> Line<'a> {
    let shown = text::fit_middle(&machine.name, name.saturating_sub(2).max(8), look.glyphs);
    Line::from(vec![
        Span::raw("  "),
        cell(&shown, name, Role::Text, look),
        cell(&machine.kind.to_lowercase(), kind, Role::Dim, look),
        cell(&machine.site, place, Role::Dim, look),
        cell(&machine.created.map(day).unwrap_or_default(), created, Role::Dim, look),
    ])
}

fn cell<'a>(text: &str, width: usize, role: Role, look: &Look) -> Span<'a> {
    let fitted = look.foreign(text, width.saturating_sub(2), role);
    let mut style = fitted.style;
    style.add_modifier.remove(ratatui::style::Modifier::BOLD);
    Span::styled(padded(&fitted.content, width), style)
}

fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(text::width(text));
    if width == 0 { String::new() } else { format!("{text}{}", " ".repeat(gap)) }
}

fn day(time: Timestamp) -> String {
    let iso = text::moment(time);
    iso.get(..16).unwrap_or(&iso).to_owned()
}
