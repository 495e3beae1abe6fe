//! Moving in the graph and on the timeline, and playing a run.

use super::motion::target;
use crate::tui::action::Action;
use crate::tui::execution::{Direction, Execution, Place, TimelinePane};
use crate::tui::model::Model;
use crate::tui::msg::{Effect, Ticket};
use crate::tui::pane::{MainView, Pane};
use crate::tui::table;

/// What became of an action: it was done, with something to tell or not, or it is somebody else's.
type Done = Option<Option<String>>;

/// Does what an action means for the main pane's view.
pub(super) fn within(execution: &mut Execution, action: Action, count: Option<u32>) -> Done {
    match (execution.focus, execution.view) {
        (Pane::Main, MainView::Graph) => in_graph(execution, action, count),
        (Pane::Main, MainView::Timeline) => on_timeline(execution, action, count),
        (Pane::Main, MainView::Table) if !(action == Action::Last && count.is_some()) => {
            table::within(execution, action, |row, height, len| target(action, count, row, height, len))
        }
        _ => None,
    }
}

fn in_graph(execution: &mut Execution, action: Action, count: Option<u32>) -> Done {
    let graph = &execution.subject.graph;
    let pane = &mut execution.graph;
    let times = count.map_or(1, |count| count.clamp(1, 1000));
    let page = pane.height().max(2);
    let direction = match action {
        Action::Left => Some(Direction::Left),
        Action::Right => Some(Direction::Right),
        Action::Up => Some(Direction::Up),
        Action::Down => Some(Direction::Down),
        _ => None,
    };
    if let Some(direction) = direction {
        let moved = (0..times).take_while(|_| pane.go(graph, direction)).count();
        return Some((moved == 0).then(|| "There is no state in that direction.".to_owned()));
    }
    match action {
        Action::First => pane.select_end(graph, true),
        Action::Last if count.is_none() => pane.select_end(graph, false),
        Action::HalfPageDown => pane.pan(0, page / 2),
        Action::HalfPageUp => pane.pan(0, -page / 2),
        Action::PageDown => pane.pan(0, page - 1),
        Action::PageUp => pane.pan(0, 1 - page),
        Action::PanLeft => pane.pan(-16, 0),
        Action::PanRight => pane.pan(16, 0),
        Action::Centre => pane.centre(graph, &execution.subject.family, execution.place),
        Action::ToggleFold => {
            let folded = pane.toggle(graph);
            return Some((!folded).then(|| "There is nothing to fold around this state.".to_owned()));
        }
        Action::OpenFolds => pane.open_all(),
        Action::CloseFolds => pane.close_all(graph),
        Action::ZoomIn | Action::ZoomOut => {
            let zoomed = pane.zoom(action == Action::ZoomIn);
            let told =
                if action == Action::ZoomIn { "This is the largest size." } else { "This is the smallest size." };
            return Some((!zoomed).then(|| told.to_owned()));
        }
        Action::Enter => return Some(visit(execution)),
        _ => return None,
    }
    Some(None)
}

/// Goes to the next visit of the selected state.
pub(super) fn visit(execution: &mut Execution) -> Option<String> {
    let name = execution.graph.selected().map(|node| execution.subject.graph.node(node).name.clone())?;
    let subject = &execution.subject;
    match execution.graph.next_visit(&subject.graph, &subject.family, execution.place) {
        Some(place) if place == execution.place => Some(format!("This is the only visit of {name}.")),
        Some(place) => {
            execution.jump(place);
            None
        }
        None => Some(format!("{name} was not reached.")),
    }
}

fn on_timeline(execution: &mut Execution, action: Action, count: Option<u32>) -> Done {
    let (subject, place) = (&execution.subject, execution.place);
    let history = subject.history(place.member);
    let pane = &mut execution.timeline;
    let told = match action {
        Action::ZoomIn | Action::ZoomOut => {
            let zoomed = pane.zoom(action == Action::ZoomIn, history, place);
            (!zoomed).then(|| {
                if action == Action::ZoomIn { "This is the closest zoom." } else { "This is the whole run." }.to_owned()
            })
        }
        Action::Centre => {
            pane.focus(history, place);
            None
        }
        Action::PanLeft => {
            pane.pan(-0.25);
            None
        }
        Action::PanRight => {
            pane.pan(0.25);
            None
        }
        Action::Enter => {
            execution.focus = Pane::Data;
            None
        }
        Action::Last if count.is_some() => return None,
        _ => {
            let (row, height) = (pane.selected(), pane.scroll.height());
            let row = target(action, count, row, height, subject.timeline.lanes.len())?;
            select_lane(execution, row);
            None
        }
    };
    Some(told)
}

/// Goes to another lane, to what happened in it at the time of the cursor.
pub(super) fn select_lane(execution: &mut Execution, row: usize) {
    let at = execution.history().event(execution.place.event).map(|event| event.timestamp);
    let subject = &execution.subject;
    let place = at.and_then(|at| TimelinePane::place_in(&subject.timeline, &subject.family, row, at));
    go(execution, place);
}

/// Goes to what happened in a lane at a column of so many.
pub(super) fn select_time(execution: &mut Execution, row: usize, column: u16, columns: u16) {
    let at = execution.timeline.time_at(column.into(), columns.into());
    let subject = &execution.subject;
    let place = TimelinePane::place_in(&subject.timeline, &subject.family, row, at);
    go(execution, place);
}

fn go(execution: &mut Execution, place: Option<Place>) {
    match place {
        Some(place) if place.member == execution.place.member => execution.go(place.event),
        Some(place) => execution.jump(place),
        None => {}
    }
}

/// Begins to play the run from the cursor, or ends it.
pub(super) fn play(model: &mut Model) -> Vec<Effect> {
    let ticket = model.ticket.next();
    model.ticket = ticket;
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    let (history, place) = (execution.subject.history(execution.place.member), execution.place);
    let speed = execution.timeline.speed().word();
    let begins = execution.timeline.play(history, place, ticket);
    model.tell(if begins { format!("Playing at {speed}.") } else { "Stopped.".to_owned() });
    if begins { vec![Effect::Tick(ticket)] } else { Vec::new() }
}

/// Changes how fast a run is played.
pub(super) fn cycle_speed(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    let speed = execution.timeline.cycle_speed().word();
    model.tell(format!("Speed: {speed}."));
    Vec::new()
}

/// Lets the cursor go on by as much as was played since the last tick.
pub(super) fn ticked(model: &mut Model, ticket: Ticket) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    if execution.timeline.playing.is_none_or(|playing| playing.ticket != ticket) {
        return Vec::new();
    }
    let history = execution.subject.history(execution.place.member);
    match execution.timeline.tick(history, execution.place, execution.idle_folded) {
        Some(event) => {
            if event != execution.place.event {
                execution.go(event);
            }
            vec![Effect::Tick(ticket)]
        }
        None => {
            execution.timeline.playing = None;
            model.tell("This is the end.");
            Vec::new()
        }
    }
}
