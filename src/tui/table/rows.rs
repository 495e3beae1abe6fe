//! The rows of the table, and the order they stand in.

use super::is_item_of;
use crate::analysis::Status;
use crate::event::{EventId, StateType, Timestamp};
use crate::history::{History, MemberId, ScopeId, Visit, VisitId};
use crate::tui::execution::Place;
use crate::tui::subject::Subject;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// A state, or an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The state's name, or the item's number or name.
    pub name: String,
    /// The type of the state; none of an item.
    pub kind: Option<StateType>,
    /// How its visits ended: the worst of them.
    pub tone: Status,
    /// How often it was visited; of an item, how many states were.
    pub visits: usize,
    /// How often something was tried in it.
    pub attempts: usize,
    /// How many of the visits failed, caught or not.
    pub failed: usize,
    /// When it began first, in microseconds since the start of the execution.
    pub start: Option<i64>,
    /// How long all of its visits took together, in microseconds.
    pub total: i64,
    /// How long the longest of them took.
    pub longest: i64,
    /// Where the cursor goes: the first failure of it, else its longest visit.
    pub place: Option<Place>,
    /// The flow of an item.
    pub flow: Option<ScopeId>,
    /// Whether it is a Map, whose items can be listed.
    pub is_map: bool,
    /// Its place among the others when nothing sorts them.
    order: u64,
}

/// What the table is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Column {
    /// The name.
    Name,
    /// The status, failures first.
    Status,
    /// How often it was visited, most first.
    Visits,
    /// How often something was tried, most first.
    Attempts,
    /// When it began first.
    #[default]
    Start,
    /// How long it took altogether, longest first.
    Total,
    /// How long its longest visit took, longest first.
    Longest,
}

impl Column {
    /// Returns the next column; of an item total and longest are one.
    pub(super) fn next(self, items: bool) -> Self {
        match self {
            Self::Start if items => Self::Longest,
            Self::Start => Self::Total,
            Self::Total => Self::Longest,
            Self::Longest => Self::Attempts,
            Self::Attempts => Self::Visits,
            Self::Visits => Self::Status,
            Self::Status => Self::Name,
            Self::Name => Self::Start,
        }
    }

    /// Returns its heading.
    pub fn title(self, items: bool) -> &'static str {
        match self {
            Self::Name if items => "item",
            Self::Name => "state",
            Self::Status => "status",
            Self::Visits if items => "states",
            Self::Visits => "visits",
            Self::Attempts => "attempts",
            Self::Start => "start",
            Self::Total => "total",
            Self::Longest if items => "duration",
            Self::Longest => "longest",
        }
    }

    pub(super) fn order(self, one: &Row, other: &Row) -> Ordering {
        let sorted = match self {
            Self::Name => Ordering::Equal,
            Self::Status => rank(other.tone).cmp(&rank(one.tone)),
            Self::Visits => other.visits.cmp(&one.visits),
            Self::Attempts => other.attempts.cmp(&one.attempts),
            Self::Start => one.start.unwrap_or(i64::MAX).cmp(&other.start.unwrap_or(i64::MAX)),
            Self::Total => other.total.cmp(&one.total),
            Self::Longest => other.longest.cmp(&one.longest),
        };
        // Items are numbered, which no alphabet sorts.
        let by_name = || one.name.cmp(&other.name);
        let by_order = || one.order.cmp(&other.order);
        match self {
            Self::Name if one.kind.is_some() => sorted.then_with(by_name),
            _ => sorted.then_with(by_order).then_with(by_name),
        }
    }
}

/// How much a status matters to whoever looks for failures.
fn rank(status: Status) -> u8 {
    match status {
        Status::Failed | Status::TimedOut => 6,
        Status::Caught => 5,
        Status::Lost => 4,
        Status::Running => 3,
        Status::Waiting => 2,
        Status::Aborted => 1,
        Status::Succeeded => 0,
    }
}

/// Returns a row for each state that was entered.
pub(super) fn states(history: &History) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut known: HashMap<Arc<str>, usize> = HashMap::new();
    let now = history.until();
    for (id, visit) in history.visits() {
        let at = *known.entry(Arc::clone(&visit.name)).or_insert(rows.len());
        if at == rows.len() {
            rows.push(Row { kind: Some(visit.kind), order: at as u64, ..Row::named(&visit.name) });
        }
        let Some(row) = rows.get_mut(at) else { continue };
        row.take(history, id, visit, now);
    }
    rows
}

/// Returns a row for each item of the Maps of a name, over all of their visits.
pub(super) fn items(subject: &Subject, member: MemberId, map: &str) -> Vec<Row> {
    let history = subject.history(member);
    let now = history.until();
    let inline = history.scopes().filter(|(_, scope)| is_item_of(history, scope.place, map));
    let inline = inline.map(|(id, scope)| {
        let index = scope.index().unwrap_or(0);
        let mut row = Row { flow: Some(id), order: index, ..Row::named(&format!("item {index}")) };
        scope.visits.iter().for_each(|visit| row.take(history, *visit, history.visit(*visit), now));
        row.tone = Status::of_scope(scope.outcome);
        row.total = history.scope_micros(id).unwrap_or(0);
        row.longest = row.total;
        row.start = since(history, scope.started);
        row.place = row.place.or(scope.started.map(|event| Place { member, event }));
        row.place.iter_mut().for_each(|place| place.member = member);
        row
    });
    let maps = history.visits().filter(|(_, visit)| *visit.name == *map && visit.kind == StateType::Map);
    let children = maps.flat_map(|(id, _)| subject.family.items_of(member, id)).enumerate();
    let children = children.map(|(order, child)| of_child(subject, member, child, order));
    inline.chain(children).collect()
}

/// An item of a distributed Map is an execution of its own.
fn of_child(subject: &Subject, parent: MemberId, child: MemberId, order: usize) -> Row {
    let (history, title) = (subject.history(child), subject.title(child));
    let mut row = Row { order: order as u64, ..Row::named(if title.name.is_empty() { "item" } else { &title.name }) };
    for (id, visit) in history.visits() {
        row.take(history, id, visit, history.until());
    }
    let described = subject.family.member(child);
    row.tone = Status::of_execution(described.status().name());
    row.total = described.micros().unwrap_or(0);
    row.longest = row.total;
    let start = subject.history(parent).started_at();
    row.start = described.history.started_at().zip(start).map(|(began, start)| began.micros_since(start));
    let first = history.events().first().map(|event| event.id);
    row.place = row.place.or(first.map(|event| Place { member: child, event }));
    row.place.iter_mut().for_each(|place| place.member = child);
    row
}

fn since(history: &History, event: Option<EventId>) -> Option<i64> {
    let at = history.event(event?)?.timestamp;
    Some(at.micros_since(history.started_at()?))
}

impl Row {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: None,
            tone: Status::Succeeded,
            visits: 0,
            attempts: 0,
            failed: 0,
            start: None,
            total: 0,
            longest: 0,
            place: None,
            flow: None,
            is_map: false,
            order: 0,
        }
    }

    /// Counts a visit.
    fn take(&mut self, history: &History, id: VisitId, visit: &Visit, now: Option<Timestamp>) {
        let tone = Status::of_visit(history, id);
        let start = since(history, visit.entered);
        let so_far = || {
            let entered = history.event(visit.entered?)?.timestamp;
            visit.outcome.is_open().then_some(now?.micros_since(entered))
        };
        let took = history.duration_micros(id).or_else(so_far).unwrap_or(0).max(0);
        let fails = visit.outcome.failure().is_some();
        // The first failure is where one wants to be; without one, the visit that took longest.
        let is_better = if fails { self.failed == 0 } else { self.failed == 0 && took > self.longest };
        if is_better || self.place.is_none() {
            let inside = visit.outcome.failure().filter(|event| history.visit_of(*event) == Some(id));
            let event = inside.or(visit.entered).or(visit.ended);
            // Which execution it is, whoever asked knows.
            self.place = event.map(|event| Place { member: MemberId::ROOT, event }).or(self.place);
        }
        self.visits += 1;
        self.attempts += visit.attempts.len();
        self.failed += usize::from(fails);
        self.start = [self.start, start].into_iter().flatten().min();
        self.total += took;
        self.longest = self.longest.max(took);
        self.is_map |= visit.kind == StateType::Map;
        if rank(tone) > rank(self.tone) {
            self.tone = tone;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, kind: Option<StateType>, visits: usize, longest: i64, order: u64) -> Row {
        Row { kind, visits, longest, order, start: Some(order as i64), ..Row::named(name) }
    }

    #[test]
    fn columns_sort_numbers_down_and_names_up() {
        let task = Some(StateType::Task);
        let rows = [row("b", task, 1, 30, 0), row("a", task, 9, 20, 1), row("c", task, 3, 30, 2)];
        let sorted = |column: Column| {
            let mut rows = rows.to_vec();
            rows.sort_by(|one, other| column.order(one, other));
            rows.into_iter().map(|row| row.name).collect::<String>()
        };
        assert_eq!(sorted(Column::Name), "abc");
        assert_eq!(sorted(Column::Start), "bac");
        assert_eq!(sorted(Column::Visits), "acb");
        assert_eq!(sorted(Column::Longest), "bca", "what is equal stays in its order");
    }

    #[test]
    fn items_are_sorted_by_their_number() {
        let mut rows = [row("item 10", None, 1, 1, 10), row("item 9", None, 1, 1, 9)];
        rows.sort_by(|one, other| Column::Name.order(one, other));
        assert_eq!(rows.map(|row| row.name), ["item 9", "item 10"]);
    }

    #[test]
    fn every_column_is_reached() {
        for (items, columns) in [(false, 7), (true, 6)] {
            let mut seen = vec![Column::Start];
            while seen.last().map(|last| last.next(items)) != seen.first().copied() {
                seen.push(seen.last().unwrap().next(items));
            }
            assert_eq!(seen.len(), columns);
        }
    }
}
