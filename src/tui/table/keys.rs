//! What keys mean to the table.

use crate::json::rows::Needle;
use crate::tui::action::Action;
use crate::tui::execution::{Execution, Place};
use crate::tui::pane::{MainView, Pane};
use std::sync::Arc;

/// What became of an action: it was done, with something to tell or not, or it is somebody else's.
type Done = Option<Option<String>>;

/// Does what an action means for the table; `target` tells which row a movement leads to, from a row among so many.
pub(in crate::tui) fn within(
    execution: &mut Execution,
    action: Action,
    target: impl FnOnce(usize, usize, usize) -> Option<usize>,
) -> Done {
    match action {
        Action::Sort => {
            let sort = execution.table.sort_next();
            let items = execution.table.map().is_some();
            return Some(Some(format!("Sorted by {}.", sort.title(items))));
        }
        Action::Enter => enter(execution),
        Action::Parent if execution.table.map().is_some() => up(execution),
        _ => {
            let (table, place) = (&execution.table, execution.place);
            let selected = table.selected(&execution.subject, place);
            let (from, rows) = (selected.unwrap_or(0), table.rows().len());
            let row = target(from, table.scroll.height(), rows)?;
            go(execution, row);
        }
    }
    Some(None)
}

/// Goes where a row points.
pub(super) fn go(execution: &mut Execution, row: usize) {
    execution.table.select(row);
    let items = execution.table.map().is_some();
    let Some(place) = execution.table.rows().get(row).and_then(|row| row.place) else { return };
    // States are those of the execution at the cursor; of its items some are executions of their own.
    let member = if items { place.member } else { execution.place.member };
    if member == execution.place.member {
        execution.go(place.event);
    }
}

/// Shows the items of a Map, or the data of anything else; an item that is an execution of its own is gone to.
fn enter(execution: &mut Execution) {
    let table = &execution.table;
    let row = table.selected(&execution.subject, execution.place).and_then(|row| table.rows().get(row));
    match row {
        Some(row) if row.is_map && table.map().is_none() => {
            let map: Arc<str> = row.name.as_str().into();
            execution.table.show(Some(map));
        }
        // An item of a distributed Map is an execution of its own.
        Some(row) if table.map().is_some() && row.flow.is_none() => {
            if let Some(place) = row.place {
                execution.jump(place);
                execution.view = MainView::Tree;
            }
        }
        _ => execution.focus = Pane::Data,
    }
}

/// Goes from the items of a Map back to the states.
pub(in crate::tui) fn up(execution: &mut Execution) {
    let Some(map) = execution.table.map().map(str::to_owned) else { return };
    execution.table.show(None);
    let history = execution.history();
    // The Map around the cursor, so that its row has the cursor again.
    let lineage = history.lineage(execution.place.event);
    let scopes = lineage.into_iter().flat_map(|lineage| history.scopes_above(lineage.scope));
    let around =
        scopes.filter_map(|scope| history.scope(scope).container()).find(|of| *history.visit(*of).name == *map);
    if let Some(entered) = around.and_then(|visit| history.visit(visit).entered) {
        execution.go(entered);
    }
}

/// Goes to the next row whose name holds a text, or to the one before; tells whether there is one.
pub(in crate::tui) fn find(execution: &mut Execution, needle: &Needle, forward: bool) -> bool {
    let table = &execution.table;
    let from = table.selected(&execution.subject, execution.place).unwrap_or(0);
    let len = table.rows().len();
    let at = |step: usize| if forward { (from + step) % len } else { (from + len - step % len) % len };
    let found = (1..=len).map(at).find(|row| table.rows().get(*row).is_some_and(|row| needle.is_in(&row.name)));
    let Some(place) = found.and_then(|row| table.rows().get(row)).and_then(|row| row.place) else { return false };
    let member = execution.place.member;
    execution.jump(Place { member, ..place });
    true
}
