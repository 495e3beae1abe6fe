use super::*;
use serde_json::json;

/// What differs, a line for each state: its name, what happened, and the fields with what their change means.
fn told(old: &Value, new: &Value) -> Vec<String> {
    let diff = DefinitionDiff::of(old, new);
    let state = |state: &StateDiff| match state {
        StateDiff::Added(name) => format!("+{name}"),
        StateDiff::Removed(name) => format!("-{name}"),
        StateDiff::Changed { name, was, moved, fields } => {
            let was = was.as_ref().map(|was| format!("{was}>")).unwrap_or_default();
            let moved = moved.as_ref().map(|[old, new]| format!(" ({old} > {new})")).unwrap_or_default();
            let field = |change: &DataChange| match effect(change) {
                Some(effect) => format!(" {} {effect}", change.at),
                None => format!(" {}", change.at),
            };
            format!("{was}{name}{moved}{}", fields.iter().map(field).collect::<String>())
        }
    };
    diff.machine.iter().map(|change| change.at.to_string()).chain(diff.states.iter().map(state)).collect()
}

#[test]
fn states_are_compared_by_name_wherever_they_stand() {
    let old = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "M"},
        "M": {"Type": "Map", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Task", "Resource": "r1", "End": true}}}, "Next": "Gone"},
        "Gone": {"Type": "Fail"},
        "Z": {"Type": "Succeed"},
    }});
    let new = json!({"StartAt": "A", "TimeoutSeconds": 9, "States": {
        "M": {"Type": "Map", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Task", "Resource": "r2", "End": true}}}, "Next": "Y"},
        "A": {"Type": "Pass", "Next": "M"},
        "Y": {"Type": "Wait", "Seconds": 1, "Next": "Done"},
        "Done": {"Type": "Succeed"},
    }});
    assert_eq!(told(&old, &new), ["$.TimeoutSeconds", "M $.Next rewired", "X $.Resource", "+Y", "Z>Done", "-Gone"]);
    assert!(DefinitionDiff::of(&old, &old).is_empty());
}

#[test]
fn what_follows_from_a_new_name_is_no_difference() {
    let machine = |charge: &str, timeout: u32| {
        json!({"StartAt": charge, "States": {
            charge: {"Type": "Task", "Resource": "arn:charge", "TimeoutSeconds": timeout, "Next": "Check",
                "Retry": [{"ErrorEquals": ["A", "B"]}]},
            "Check": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": charge}], "Default": "Done"},
            "Done": {"Type": "Pass", "Result": {"Next": charge}, "End": true},
        }})
    };
    let (old, mut new) = (machine("Charge", 3), machine("Pay", 3));
    assert_eq!(told(&old, &new), ["Charge>Pay", "Done $.Result.Next"]);
    new["States"]["Pay"]["Retry"][0]["ErrorEquals"] = json!(["B", "A"]);
    assert_eq!(told(&old, &new), ["Charge>Pay", "Done $.Result.Next"]);
    assert_eq!(told(&old, &machine("Pay", 5)), ["Charge>Pay $.TimeoutSeconds retimed", "Done $.Result.Next"]);
}

#[test]
fn moves_ways_and_times_are_told_apart() {
    let task = |next: &str| json!({"Type": "Task", "Resource": "arn:a", "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}], "Next": next});
    let old = json!({"StartAt": "A", "States": {
        "A": task("Fan"),
        "Log": {"Type": "Pass", "End": true},
        "Fan": {"Type": "Parallel", "Branches": [{"StartAt": "L", "States": {"L": {"Type": "Succeed"}}}], "Next": "Log"},
    }});
    let mut new = json!({"StartAt": "A", "States": {
        "Fan": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "L", "States": {
            "L": {"Type": "Pass", "Next": "Log"}, "Log": {"Type": "Pass", "End": true}}}]},
        "A": task("Fan"),
    }});
    new["States"]["A"]["Retry"][0]["MaxAttempts"] = json!(2);
    assert_eq!(
        told(&old, &new),
        [
            "Fan $.Next rewired $.End rewired",
            "L $.Type $.Next rewired",
            "Log (the machine > branch 0 of Fan)",
            "A $.Retry[0].MaxAttempts retimed",
        ]
    );
    assert_eq!(DefinitionDiff::of(&old, &new).words(), "Fan rewired; L rewired, changed; Log moved; A retimed");
}

#[test]
fn states_that_have_little_in_common_are_not_one() {
    let machine = |name: &str, resource: &str, extra: Value| {
        let mut state = json!({"Type": "Task", "Resource": resource, "Parameters": extra, "End": true});
        state["Comment"] = json!("c");
        json!({"StartAt": name, "States": {name: state}})
    };
    let old = machine("A", "arn:a", json!({"x": 1}));
    assert_eq!(told(&old, &machine("B", "arn:b", json!({"y": 1}))), ["$.StartAt", "+B", "-A"]);
    assert_eq!(told(&old, &machine("B", "arn:b", json!({"x": 1}))), ["A>B $.Resource"]);
}
