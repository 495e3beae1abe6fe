//! Forms in which AWS wrote histories in earlier years. The interpreter has today's only, so what was recorded is
//! brought to that before it is compared, and the comparison says where.

use super::NotChecked;
use super::chains::name;
use super::same::Unchecked;
use crate::event::{Details, Event, EventId, EventType};
use serde_json::{Map, Value};

/// Returns recorded events in today's form, with what was not checked for it; `None` when that is how they are.
pub(super) fn modern(recorded: &[Event]) -> Option<(Vec<Event>, Vec<NotChecked>)> {
    let changes =
        recorded.iter().enumerate().filter_map(|(place, event)| Some((place, parent_today(recorded, place, event)?)));
    let changes: Vec<(usize, EventId)> = changes.collect();
    if changes.is_empty() {
        return None;
    }
    let (mut events, mut not_checked) = (recorded.to_vec(), Vec::new());
    for (place, parent) in changes {
        if let Some(event) = events.get_mut(place) {
            event.parent = Some(parent);
            not_checked.push(NotChecked {
                event: event.id,
                path: "previousEventId".into(),
                reason: Unchecked::OlderForm,
            });
        }
    }
    Some((events, not_checked))
}

/// Returns what an event would follow from today, if that was something else.
///
/// - 2024: an `EvaluationFailed` followed from what came before the state's entry, today from the entry.
/// - Before November 2024: the `MapStateExited` of a distributed Map followed from `MapRunSucceeded`, today from
///   `MapRunStarted`.
fn parent_today(recorded: &[Event], place: usize, event: &Event) -> Option<EventId> {
    let before = recorded.get(..place)?;
    match (&event.kind, &event.details) {
        (EventType::MapStateExited, _) => {
            let parent = before.iter().rev().find(|it| Some(it.id) == event.parent)?;
            parent.parent.filter(|_| parent.kind == EventType::MapRunSucceeded)
        }
        (EventType::EvaluationFailed, Details::EvaluationFailed(failed)) => {
            let state = failed.state.as_deref()?;
            let entered =
                |it: &&Event| it.kind.enters().is_some() && name(it) == Some(state) && it.parent == event.parent;
            before.iter().rev().find(entered).map(|it| it.id)
        }
        _ => None,
    }
}

/// Tells whether a member is one that `$$.Execution` has today and did not have when it was recorded: before November
/// 2023 there was no `RedriveCount`.
pub(super) fn is_new_member(recorded: &Map<String, Value>, name: &str) -> bool {
    let of_execution = ["Id", "Input", "StartTime", "Name", "RoleArn"];
    name == "RedriveCount"
        && recorded.len() == of_execution.len()
        && of_execution.iter().all(|it| recorded.contains_key(*it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::SharedBytes;
    use crate::recording::Recording;
    use serde_json::json;

    /// An event of a history: its type, its parent and the state it names.
    type Line = (&'static str, u32, &'static str);

    fn events(lines: &[Line]) -> Vec<Event> {
        let event = |(index, (kind, parent, state)): (usize, &Line)| {
            let mut event = json!({ "id": index + 1, "previousEventId": parent, "type": kind, "timestamp": 1 });
            let details = match *kind {
                "EvaluationFailed" => ("evaluationFailedEventDetails", json!({ "state": state })),
                _ if kind.ends_with("Entered") => ("stateEnteredEventDetails", json!({ "name": state })),
                _ => ("stateExitedEventDetails", json!({ "name": state })),
            };
            event[details.0] = details.1;
            event
        };
        let events: Vec<Value> = lines.iter().enumerate().map(event).collect();
        let text = json!({ "events": events }).to_string();
        Recording::read(&SharedBytes::new(text.into_bytes())).unwrap().events.iter().collect()
    }

    #[test]
    fn older_parents_become_those_of_today() {
        type Row<'a> = (&'a [Line], Option<(usize, u32)>);
        let table: [Row<'_>; 6] = [
            (&[("PassStateEntered", 0, "A"), ("EvaluationFailed", 0, "A")], Some((1, 1))),
            (&[("PassStateEntered", 0, "A"), ("EvaluationFailed", 1, "A")], None),
            // Two iterations in the same state: the entry is the one that followed from the same event.
            (
                &[
                    ("MapIterationStarted", 0, ""),
                    ("MapIterationStarted", 0, ""),
                    ("PassStateEntered", 1, "A"),
                    ("PassStateEntered", 2, "A"),
                    ("EvaluationFailed", 1, "A"),
                ],
                Some((4, 3)),
            ),
            // A failure after the work follows from that, then and now.
            (&[("TaskStateEntered", 0, "A"), ("TaskSucceeded", 1, ""), ("EvaluationFailed", 2, "A")], None),
            (&[("MapRunStarted", 0, ""), ("MapRunSucceeded", 1, ""), ("MapStateExited", 2, "M")], Some((2, 1))),
            (&[("MapRunStarted", 0, ""), ("MapRunSucceeded", 1, ""), ("MapStateExited", 1, "M")], None),
        ];
        for (lines, expected) in table {
            let events = events(lines);
            let changed = modern(&events).map(|(modern, not_checked)| {
                assert_eq!(not_checked.len(), 1, "{lines:?}");
                let place = modern.iter().zip(&events).position(|(new, old)| new.parent != old.parent).unwrap();
                (place, modern[place].parent.unwrap().get())
            });
            assert_eq!(changed, expected, "{lines:?}");
        }
    }

    #[test]
    fn only_a_whole_execution_of_the_context_may_lack_its_redrive_count() {
        let of = |value: Value| value.as_object().cloned().unwrap_or_default();
        let old = of(json!({ "Id": "i", "Input": {}, "StartTime": "t", "Name": "n", "RoleArn": "r" }));
        assert!(is_new_member(&old, "RedriveCount"));
        assert!(!is_new_member(&old, "RedriveTime"));
        assert!(!is_new_member(&of(json!({ "Id": "i", "Name": "n" })), "RedriveCount"));
    }
}
