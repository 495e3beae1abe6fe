//! Paints the table.

use super::{Column, Row};
use crate::tui::execution::Execution;
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::pane::{MainView, Pane};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::chrome::{self, Edge, edge_role};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// The columns beside the name in the order in which they are given up where there is no room for them, the last first;
/// and how wide each is.
const COLUMNS: [(Cell, usize); 8] = [
    (Cell::Sorted(Column::Longest), 11),
    (Cell::Sorted(Column::Total), 11),
    (Cell::Sorted(Column::Visits), 9),
    (Cell::Sorted(Column::Attempts), 10),
    (Cell::Failed, 8),
    (Cell::Sorted(Column::Start), 11),
    (Cell::Sorted(Column::Status), 12),
    (Cell::Kind, 10),
];

/// The order in which they stand.
const ORDER: [Cell; 8] = [
    Cell::Kind,
    Cell::Sorted(Column::Status),
    Cell::Sorted(Column::Visits),
    Cell::Failed,
    Cell::Sorted(Column::Attempts),
    Cell::Sorted(Column::Start),
    Cell::Sorted(Column::Total),
    Cell::Sorted(Column::Longest),
];

/// The fewest columns a name is given.
const NAME: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Kind,
    Failed,
    Sorted(Column),
}

/// Paints the table where it is shown.
pub(in crate::tui) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    if layout.main.is_empty() || execution.view != MainView::Table {
        return;
    }
    let table = &execution.table;
    let focused = execution.focus == Pane::Main;
    let words = match table.map() {
        Some(map) => format!(" items of {map} "),
        None => " table of states ".to_owned(),
    };
    let edge = Edge {
        title: Line::from(look.foreign(&words, usize::from(layout.main.width / 2), Role::Title)),
        right: Line::from(look.span(format!(" {} ", text::count(table.rows().len())), Role::Dim)),
        role: edge_role(focused),
    };
    let area = chrome::pane(&edge, look, layout, layout.main, buffer);
    let items = table.map().is_some();
    let painter = Painter {
        look,
        items,
        sort: table.sort(),
        columns: columns(area.width.into(), items),
        width: area.width.into(),
    };
    if area.is_empty() {
        return;
    }
    buffer.set_line(area.x, area.y, &painter.head(), area.width);
    let selected = table.selected(&execution.subject, execution.place);
    for (y, at) in (area.y + 1..area.bottom()).zip(table.scroll.range(table.rows().len())) {
        let Some(row) = table.rows().get(at) else { break };
        buffer.set_line(area.x, y, &painter.line(row), area.width);
        if selected == Some(at) {
            chrome::cursor(Rect { y, height: 1, ..area }, focused, look, buffer);
        }
    }
}

/// The columns there is room for, in their order.
fn columns(width: usize, items: bool) -> Vec<(Cell, usize)> {
    let mut room = width.saturating_sub(NAME + 3);
    let is_shown = |cell: Cell| !(items && matches!(cell, Cell::Kind | Cell::Sorted(Column::Total)));
    let mut fitting: Vec<(Cell, usize)> = Vec::new();
    for (cell, wide) in COLUMNS.into_iter().filter(|(cell, _)| is_shown(*cell)) {
        if wide > room {
            break;
        }
        room -= wide;
        fitting.push((cell, wide));
    }
    fitting.sort_by_key(|(cell, _)| ORDER.iter().position(|it| it == cell));
    fitting
}

struct Painter<'a> {
    look: &'a Look,
    items: bool,
    sort: Column,
    columns: Vec<(Cell, usize)>,
    width: usize,
}

impl Painter<'_> {
    fn name_width(&self) -> usize {
        self.width.saturating_sub(3 + self.columns.iter().map(|(_, wide)| wide).sum::<usize>()).min(44)
    }

    /// The names of the columns; the one it is sorted by stands out.
    fn head(&self) -> Line<'static> {
        let word = |cell: Cell| match cell {
            Cell::Kind => "type",
            Cell::Failed => "failed",
            Cell::Sorted(column) => column.title(self.items),
        };
        let role = |column: Column| if column == self.sort { Role::Key } else { Role::Dim };
        let name = format!("   {}", padded(Column::Name.title(self.items), self.name_width()));
        let mut spans = vec![self.look.span(name, role(Column::Name))];
        spans.extend(self.columns.iter().map(|(cell, wide)| {
            let role = if let Cell::Sorted(column) = cell { role(*column) } else { Role::Dim };
            self.look.span(aligned(*cell, word(*cell), *wide), role)
        }));
        Line::from(spans)
    }

    /// ` ✖ ChargeCard      Task  failed     3   1     5    +2.1 s   8.2 s   2.3 s`
    fn line(&self, row: &Row) -> Line<'static> {
        let (sign, role) = (row.tone.sign(self.look.glyphs), row.tone.role());
        let room = self.name_width();
        let harmless = text::harmless(&row.name, self.look.glyphs);
        let name = text::fit_middle(&harmless, room.saturating_sub(1), self.look.glyphs);
        let mut spans: Vec<Span<'static>> =
            vec![self.look.span(format!(" {sign} "), role), self.look.span(padded(&name, room), Role::Text)];
        spans.extend(self.columns.iter().map(|(cell, wide)| {
            let (words, role) = cell_words(*cell, row);
            self.look.span(aligned(*cell, &words, *wide), role)
        }));
        Line::from(spans)
    }
}

fn cell_words(cell: Cell, row: &Row) -> (String, Role) {
    let some = |number: usize| if number == 0 { String::new() } else { text::count(number) };
    match cell {
        Cell::Kind => (row.kind.map(|kind| kind.name().to_owned()).unwrap_or_default(), Role::Dim),
        Cell::Failed => (some(row.failed), Role::Failed),
        Cell::Sorted(Column::Status) => (row.tone.word().to_owned(), row.tone.role()),
        Cell::Sorted(Column::Visits) => (some(row.visits), Role::Text),
        Cell::Sorted(Column::Attempts) => (some(row.attempts), Role::Text),
        Cell::Sorted(Column::Start) => {
            (row.start.map(|micros| format!("+{}", text::duration(micros))).unwrap_or_default(), Role::Dim)
        }
        Cell::Sorted(Column::Total) => (text::duration(row.total), Role::Text),
        Cell::Sorted(Column::Longest) => (text::duration(row.longest), Role::Text),
        Cell::Sorted(Column::Name) => (row.name.clone(), Role::Text),
    }
}

/// Words stand on the left, numbers on the right of their column.
fn aligned(cell: Cell, words: &str, columns: usize) -> String {
    match cell {
        Cell::Kind | Cell::Sorted(Column::Status | Column::Name) => padded(words, columns),
        _ => format!("{words:>width$} ", width = columns.saturating_sub(1)),
    }
}

fn padded(words: &str, columns: usize) -> String {
    format!("{words}{}", " ".repeat(columns.saturating_sub(text::width(words))))
}
