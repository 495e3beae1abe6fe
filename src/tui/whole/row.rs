//! The row at the cursor, in words that no width cuts.

use crate::analysis::fleet::Item;
use crate::event::Event;
use crate::history::History;
use crate::json::layout;
use crate::tui::execution::Execution;
use crate::tui::items::{Items, Says, name};
use crate::tui::origins::{Origins, Says as Told};
use crate::tui::pane::{MainView, Pane};
use crate::tui::panel::Panel;
use crate::tui::text;
use crate::tui::view;

/// Returns what the row at the cursor says, with a title: of what lies on top, else of the focused pane.
pub(super) fn at_cursor(execution: &Execution) -> Option<(String, String)> {
    if let Some(panel) = &execution.panel {
        return compared(panel);
    }
    if let Some(items) = &execution.items {
        return of_items(items);
    }
    if let Some(origins) = &execution.origins {
        return Some((origins.title.clone(), of_origins(origins)));
    }
    match (execution.focus, execution.view) {
        (Pane::Data, _) => Some((execution.data.tab.title().to_owned(), execution.data.selected_text()?)),
        (pane, _) if execution.lists_events(pane) => of_event(execution),
        (_, MainView::Graph) => {
            let node = execution.subject.graph.node(execution.graph.selected()?);
            Some(("state".to_owned(), format!("{}  {}", node.name, node.kind.name())))
        }
        _ => {
            let tree = execution.subject.tree(execution.place.member);
            let node = tree.get(execution.tree.selected())?;
            let history = execution.history();
            let failure = history.visit_of(node.first).and_then(|visit| history.visit(visit).outcome.failure());
            let failure = failure.and_then(|event| history.failure_at(event));
            let cause = failure.and_then(|failure| failure.cause.as_deref());
            let cause = cause.map(|cause| format!("\n\n{}", layout::pretty(cause))).unwrap_or_default();
            Some(("state".to_owned(), format!("{}{cause}", view::words(execution, node))))
        }
    }
}

/// Both values of a row of a comparison, or its words.
fn compared(panel: &Panel) -> Option<(String, String)> {
    let row = panel.selected()?;
    let words = row.old.is_none() && row.new.is_none();
    let title = if words { panel.title.clone() } else { row.label.to_string() };
    Some((title, panel.both_values()?))
}

fn of_items(items: &Items) -> Option<(String, String)> {
    let survey = &items.survey;
    let title = format!("items of {}", survey.map);
    let said = match items.selected()? {
        Says::Told(words) | Says::Plain(words) => words.to_string(),
        Says::Group(group) | Says::Head(group) => name(survey, survey.groups.get(*group)?),
        Says::Item(_, item) => of_item(items.get(*item)?.0),
    };
    Some((title, said))
}

/// An item with all of its input.
fn of_item(item: &Item) -> String {
    let input = item.input.as_ref().map(|input| format!("\n\n{}", layout::pretty(input.text())));
    format!("{}{}", item.label, input.unwrap_or_default())
}

/// What is said of the place under the cursor.
fn of_origins(origins: &Origins) -> String {
    let lines = origins.said().iter().filter(|line| line.stop == origins.selected());
    let said = lines.map(|line| match &line.says {
        Told::Place(path, Some(value)) => format!("{path}  {value}"),
        Told::Document(words)
        | Told::Place(words, None)
        | Told::Value(words)
        | Told::Through(words)
        | Told::Origin(words)
        | Told::How(words)
        | Told::Gap(words) => words.clone(),
    });
    said.collect::<Vec<_>>().join("\n")
}

fn of_event(execution: &Execution) -> Option<(String, String)> {
    let history = execution.history();
    let event = history.event(execution.place.event)?;
    Some((format!("event {}", event.id), event_words(history, event)))
}

fn event_words(history: &History, event: &Event) -> String {
    let mut words = vec![format!("{}  {}", event.kind, text::moment_utc(event.timestamp))];
    let visit = history.visit_of(event.id).map(|visit| history.visit(visit).name.to_string());
    words.extend(event.details.name().map(|name| name.to_string()).or(visit));
    if let Some(failure) = event.details.failure() {
        words.extend(failure.error.as_deref().map(str::to_owned));
        words.extend(failure.cause.as_deref().map(layout::pretty));
    }
    for payload in [event.details.input(), event.details.output()].into_iter().flatten() {
        words.push(format!("\n{}", layout::pretty(payload.text())));
    }
    words.join("\n")
}
