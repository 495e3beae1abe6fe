//! The events of an execution one by one.
//!
//! ```text
//!     12     11    1.10 s  TaskFailed  Charge [1]  Busy
//!      └ id   └ parent └ since the start  └ state, item or branch, error
//! ```

use super::page::{Page, Paper, Role};
use super::quantity::duration;
use crate::event::Event;
use crate::history::{History, ScopeId};

/// Returns the events one by one: number, parent, time, type, name, error.
pub fn events(history: &History, paper: Paper) -> Vec<String> {
    let first = history.started_at();
    let line = |event: &Event| {
        let since = first.map(|first| event.timestamp.micros_since(first)).unwrap_or_default();
        let parent = event.parent.map_or_else(|| paper.sign(["·", "-"]).to_owned(), |parent| parent.to_string());
        let role = if event.kind.is_failure() { Role::Failed } else { Role::Plain };
        let mut page = Page::new(paper);
        let (numbers, kind) = (format!("{:>6} {parent:>6} {:>10}  ", event.id, duration(since)), event.kind.name());
        page.line(&[(Role::Dim, &numbers), (role, kind), (Role::Plain, &format!("  {}", about(history, event)))]);
        page.into_lines().pop().unwrap_or_default()
    };
    history.events().iter().map(line).collect()
}

/// Returns what an event is about: its state and, if it failed, its error.
fn about(history: &History, event: &Event) -> String {
    let index = |scope: ScopeId| history.scope(scope).index().map(|index| format!("[{index}]")).unwrap_or_default();
    let state = match history.lineage(event.id) {
        Some(lineage) if lineage.visit.is_none() && lineage.scope != ScopeId::ROOT => {
            let container = history.visit_of(event.id).map(|visit| history.visit(visit).name.to_string());
            container.map(|name| name + &index(lineage.scope))
        }
        Some(lineage) => lineage.visit.map(|visit| {
            format!("{}{}", history.visit(visit).name, {
                let index = index(lineage.scope);
                if index.is_empty() { index } else { format!(" {index}") }
            })
        }),
        None => None,
    };
    let failure = event.details.failure();
    let error = failure.and_then(|failure| failure.error.as_deref()).map(|error| format!("  {error}"));
    state.unwrap_or_default() + &error.unwrap_or_default()
}
