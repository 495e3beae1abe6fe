//! The token of a task that waits for somebody: found where the definition says it was put.

use crate::event::EventId;
use crate::history::History;
use crate::json::Payload;
use serde_json::Value;

/// Returns the token of the task at an event, and an event of the task, when it is one that handed its token out and still waits. The history
/// does not name the token; it stands in what the task was given, where the definition put `$$.Task.Token` (JSONata:
/// `$states.context.Task.Token`).
pub fn waiting_token(history: &History, event: EventId, definition: Option<&Payload>) -> Option<(String, EventId)> {
    let visit = history.visit_of(event)?;
    let attempt = history.attempt_of(event).or_else(|| history.visit(visit).attempts.last().copied())?;
    if history.attempt(attempt).ended.is_some() {
        return None;
    }
    let given = history.attempt_input(attempt)?.value().ok()?;
    let definition = definition?.value().ok()?;
    let state = state(definition, &history.visit(visit).name)?;
    let template = state.get("Parameters").or_else(|| state.get("Arguments"))?;
    Some((token(template, given)?.to_owned(), history.attempt(attempt).scheduled))
}

/// Finds a state by its name, wherever it stands; names are unique within a definition.
fn state<'a>(definition: &'a Value, name: &str) -> Option<&'a Value> {
    match definition {
        Value::Object(members) => {
            let here = members.get("States").and_then(|states| states.get(name)).filter(|state| state.is_object());
            here.or_else(|| members.values().find_map(|value| state(value, name)))
        }
        Value::Array(elements) => elements.iter().find_map(|value| state(value, name)),
        _ => None,
    }
}

/// Walks a payload template and what was made of it side by side.
fn token<'a>(template: &Value, given: &'a Value) -> Option<&'a str> {
    match (template, given) {
        (Value::Object(template), Value::Object(given)) => template.iter().find_map(|(key, value)| {
            let (name, path) = key.strip_suffix(".$").map_or((key.as_str(), false), |name| (name, true));
            let given = given.get(name)?;
            let is_token = path && value.as_str() == Some("$$.Task.Token");
            if is_token { given.as_str() } else { token(value, given) }
        }),
        (Value::Array(template), Value::Array(given)) => {
            template.iter().zip(given).find_map(|(template, given)| token(template, given))
        }
        (Value::String(expression), Value::String(given)) => {
            let inner = expression.strip_prefix("{%")?.strip_suffix("%}")?.trim();
            (inner == "$states.context.Task.Token").then_some(given)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_token_stands_where_the_definition_put_it() {
        let template = json!({"FunctionName": "f", "Payload": {"id.$": "$.id", "token.$": "$$.Task.Token"}});
        let given = json!({"FunctionName": "f", "Payload": {"id": "x", "token": "AQCsecret"}});
        assert_eq!(token(&template, &given), Some("AQCsecret"));
        let template = json!({"Message": {"all": ["{% $states.input %}", "{% $states.context.Task.Token %}"]}});
        let given = json!({"Message": {"all": [{}, "AQC2"]}});
        assert_eq!(token(&template, &given), Some("AQC2"));
        assert_eq!(token(&json!({"a.$": "$.Task"}), &json!({"a": "b"})), None);
    }

    #[test]
    fn a_state_is_found_in_branches_and_maps() {
        let definition = json!({"States": {"P": {"Branches": [{"States": {"Wait": {"Parameters": {}}}}]}}});
        assert!(state(&definition, "Wait").is_some());
        assert!(state(&definition, "Parameters").is_none());
    }
}
