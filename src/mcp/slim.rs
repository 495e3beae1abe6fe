//! What of an answer is told to an assistant, whose window is small: the events that are asked for, no data in a tree of
//! states, and nothing twice.

use serde_json::{Map, Value};

/// Which events are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A part of their type, in any case.
    pub kind: Option<String>,
    /// The first one's id.
    pub from: Option<u64>,
    /// The last one's id.
    pub to: Option<u64>,
}

impl Wanted {
    /// Leaves out the events of an answer that are not wanted.
    pub fn keep(&self, answer: &mut Value) {
        let Some(events) = answer.get_mut("events").and_then(Value::as_array_mut) else { return };
        let kind = self.kind.as_deref().unwrap_or_default().to_ascii_lowercase();
        events.retain(|event| {
            let id = event.get("id").and_then(Value::as_u64).unwrap_or_default();
            let name = event.get("type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
            name.contains(&kind) && self.from.is_none_or(|from| id >= from) && self.to.is_none_or(|to| id <= to)
        });
    }
}

/// Takes the data out of a tree of visits, which the tool serves by state.
pub fn without_data(answer: &mut Value) {
    match answer {
        Value::Array(items) => items.iter_mut().for_each(without_data),
        Value::Object(members) => {
            if members.contains_key("outcome") {
                ["input", "output", "assigned", "attempts"].iter().for_each(|name| drop(members.shift_remove(*name)));
            }
            for name in ["visits", "scopes", "executions"] {
                members.get_mut(name).into_iter().for_each(without_data);
            }
        }
        _ => {}
    }
}

/// Leaves out what an answer says a second time: a cause beside the message that was taken from it, the parts of an ARN
/// beside it, and what each step of a value's way has in common with the one before.
pub fn once(answer: &mut Value) {
    match answer {
        Value::Array(items) => items.iter_mut().for_each(once),
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
            let said = !text("message").is_empty() && text("cause").contains(text("message"));
            let mut again: Vec<&str> = if said { vec!["cause"] } else { Vec::new() };
            if !text("arn").is_empty() {
                again.extend(["account", "region", "console"]);
            }
            // A finding is told by its message; the JSON it was stands in the event.
            if members.contains_key("stage") && !text("message").is_empty() {
                again.extend(["cause", "decoded"]);
            }
            again.extend(
                ["inputDetails", "outputDetails", "assignedVariablesDetails"]
                    .iter()
                    .filter(|name| is_whole(members, name)),
            );
            if members.get("aborted").and_then(|aborted| aborted.get("items")) == Some(&Value::from(0)) {
                again.push("aborted");
            }
            again.iter().for_each(|name| drop(members.shift_remove(*name)));
            placed(members);
            if let Some(hops) = members.get_mut("hops").and_then(Value::as_array_mut) {
                since_the_last(hops);
            }
            members.values_mut().for_each(once);
        }
        _ => {}
    }
}

/// AWS says of all data whether it was cut; told is when it was.
fn is_whole(members: &Map<String, Value>, name: &str) -> bool {
    members.get(name).is_some_and(|details| details.get("truncated") == Some(&Value::Bool(false)))
}

/// A place that is the state alone is told by the state.
fn placed(members: &mut Map<String, Value>) {
    let Some(place) = members.get_mut("place").and_then(Value::as_object_mut) else { return };
    place.shift_remove("steps");
    let alone = place.get("text").is_some() && place.get("text") == place.get("state");
    if alone {
        place.shift_remove("text");
    }
    let event = place.get("event").cloned();
    // Of a visit the state and the event of its entry are members of their own.
    if alone && members.contains_key("outcome") && event.is_some() && event.as_ref() == members.get("entered") {
        members.shift_remove("place");
    }
}

/// A step tells its execution and the value where they are not those of the step before.
fn since_the_last(hops: &mut [Value]) {
    let mut last = Value::Null;
    for hop in hops {
        let now = hop.clone();
        let Value::Object(members) = hop else { continue };
        for name in ["execution", "value"] {
            if last.get(name).is_some() && last.get(name) == now.get(name) {
                members.shift_remove(name);
            }
        }
        if members.get("depth") == Some(&Value::from(0)) {
            members.shift_remove("depth");
        }
        last = now;
    }
}
