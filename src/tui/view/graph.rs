//! The machine as a graph, with the way the run took.

use super::chrome::{self, Edge, edge_role};
use crate::analysis::Status;
use crate::analysis::graph::NodeId;
use crate::report::graph::flow::Size;
use crate::report::graph::{Ink, Now, Picture, Signs, Subject, Window};
use crate::tui::execution::Execution;
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::pane::{MainView, Pane};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

pub(super) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    if layout.main.is_empty() || execution.view != MainView::Graph {
        return;
    }
    let focused = execution.focus == Pane::Main;
    let selected = execution.graph.selected();
    let edge = Edge {
        title: Line::from(look.span(" graph ", Role::Title)),
        right: selected.map(|node| told(execution, look, node, layout.main.width)).unwrap_or_default(),
        role: edge_role(focused),
    };
    let area = chrome::pane(&edge, look, layout, layout.main, buffer);
    let Some((plan, course, window)) = execution.graph.painted() else { return };
    let graph = &execution.subject.graph;
    let signs = signs(look);
    let place = execution.place;
    let history = execution.history();
    let moment = history.event(place.event).map(|event| crate::analysis::graph::Moment {
        member: place.member,
        event: place.event,
        at: event.timestamp,
    });
    let node = course.node_at(graph, &execution.subject.family, place.member, place.event);
    let node = node.and_then(|node| plan.nearest(graph, node)).map(|(node, _)| node);
    let picture = Picture::of(&Subject { graph, plan, course, signs: &signs }, window, Now { node, moment, selected });
    for (y, row) in (area.y..area.bottom()).zip(picture.rows()) {
        for (x, cell) in (area.x..area.right()).zip(row) {
            // Empty text is the second half of a wide character.
            if !cell.text.is_empty() {
                buffer.set_stringn(x, y, &cell.text, 2, style(cell.ink, look));
            }
            if cell.selected {
                let role = if focused { Role::Cursor } else { Role::Followed };
                buffer.set_style(Rect { x, y, width: 1, height: 1 }, look.style(role));
            }
        }
    }
    more(plan.size, window, look, layout, buffer);
}

/// Says with arrows on the edges of the pane where the graph goes on.
fn more(size: Size, window: Window, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    let (pane, inside) = (layout.main, layout.inside(layout.main));
    if inside.width < 8 || inside.height < 3 {
        return;
    }
    let ascii = look.glyphs.is_ascii();
    let sign = |unicode, plain| if ascii { plain } else { unicode };
    let middle = Rect { x: inside.x + inside.width / 2, y: inside.y + inside.height / 2, width: 1, height: 1 };
    for (goes_on, x, y, sign) in [
        (window.left > 0, pane.x, middle.y, sign("◀", "<")),
        (window.left + window.width < size.width, pane.right() - 1, middle.y, sign("▶", ">")),
        (window.top > 0, pane.x + 1, pane.y, sign("▲", "^")),
        (window.top + window.height < size.height, pane.x + 1, pane.bottom() - 1, sign("▼", "v")),
    ] {
        if goes_on {
            buffer.set_stringn(x, y, sign, 1, look.style(Role::Playhead));
        }
    }
}

/// ` ChargeCard · caught · 2 retries `
fn told<'a>(execution: &Execution, look: &Look, node: NodeId, width: u16) -> Line<'a> {
    let Some((_, course, _)) = execution.graph.painted() else { return Line::default() };
    let known = execution.subject.graph.node(node);
    let standing = course.standing(node);
    let dot = look.glyphs.dot;
    let status = standing.status.map_or("not reached", Status::word);
    let mut words = vec![known.kind.name().to_owned(), status.to_owned()];
    let count = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{} {many}", text::count(number))),
    };
    words.extend(count(standing.visits.len(), "visit", "visits").filter(|_| standing.visits.len() > 1));
    words.extend(count(standing.retries, "retry", "retries"));
    let role = standing.status.map_or(Role::Dim, Status::role);
    let room = usize::from(width).saturating_sub(16);
    let words = words.join(&format!(" {dot} "));
    let name = look.foreign(&known.name, room.saturating_sub(words.len() + 3).max(8), Role::Title);
    let rest = format!(" {dot} {words} ");
    let mut spans = vec![look.span(" ", Role::Dim), name];
    if text::width(&rest) + spans.iter().map(|span| span.width()).sum::<usize>() <= room {
        spans.push(look.span(rest, role));
    } else {
        spans.push(look.span(format!(" {dot} {status} "), role));
    }
    Line::from(spans)
}

fn signs(look: &Look) -> Signs {
    let glyphs = look.glyphs;
    Signs {
        succeeded: glyphs.succeeded,
        failed: glyphs.failed,
        caught: glyphs.caught,
        aborted: glyphs.aborted,
        running: glyphs.running,
        closed: glyphs.closed,
        open: glyphs.open,
        more: glyphs.more,
        times: glyphs.times,
        unicode: !glyphs.is_ascii(),
    }
}

fn style(ink: Ink, look: &Look) -> Style {
    match ink {
        Ink::Blank | Ink::Note => look.style(Role::Dim),
        Ink::Name => look.style(Role::Title),
        Ink::Line | Ink::Path => look.style(Role::Text),
        Ink::Faint => look.style(Role::Unreached),
        Ink::Later => look.style(Role::Dim),
        Ink::CaughtPath => look.style(Role::Caught),
        Ink::Status(status) => look.style(status.role()).remove_modifier(Modifier::BOLD),
        Ink::Current => look.style(Role::Focus).add_modifier(Modifier::BOLD),
    }
}
