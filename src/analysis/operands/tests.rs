//! Operands of failed evaluations, with and without a definition.

use crate::analysis::provenance::Story;
use crate::analysis::{Programs, add_operands, diagnose};
use crate::history::Family;
use crate::json::SharedBytes;
use crate::recording::Recording;
use serde_json::{Value, json};

/// The operands of the failure of a recording, as they are told.
fn told(recording: &Value) -> String {
    let recording = Recording::read(&SharedBytes::from(recording.to_string())).unwrap();
    let family = Family::of(&recording);
    let programs = Programs::of(&recording, &family);
    let mut diagnosis = diagnose(&family);
    add_operands(&mut diagnosis, Story { family: &family, programs: &programs });
    let [cause] = &diagnosis.causes[..] else { panic!("there are {} causes", diagnosis.causes.len()) };
    cause.operands.iter().map(ToString::to_string).collect::<Vec<_>>().join(" · ")
}

/// A state of some type that was given an input and failed; `events` stand between its entry and the end.
fn history(kind: &str, input: &Value, variables: &Value, sentence: &str, events: &[Value]) -> Value {
    let cause = match sentence.strip_prefix('~') {
        Some(bare) => bare.to_owned(),
        None => format!("An error occurred while executing the state 'S' (entered at the event id #4). {sentence}"),
    };
    let assigned: serde_json::Map<String, Value> =
        variables.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.to_string().into())).collect();
    let mut all = vec![
        json!({"timestamp": 1, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
               "executionStartedEventDetails": {"input": "{\"from\":\"start\"}"}}),
        json!({"timestamp": 1, "type": "PassStateEntered", "id": 2, "previousEventId": 0,
               "stateEnteredEventDetails": {"name": "Before", "input": "{\"from\":\"start\"}"}}),
        json!({"timestamp": 1, "type": "PassStateExited", "id": 3, "previousEventId": 2,
               "stateExitedEventDetails": {"name": "Before", "output": input.to_string(), "assignedVariables": assigned}}),
        json!({"timestamp": 2, "type": format!("{kind}StateEntered"), "id": 4, "previousEventId": 3,
               "stateEnteredEventDetails": {"name": "S", "input": input.to_string()}}),
    ];
    all.extend(events.iter().cloned());
    if sentence.contains("JSONata") || sentence.contains("field") && !sentence.contains("JSONPath") {
        let id = all.len() + 1;
        all.push(json!({"timestamp": 3, "type": "EvaluationFailed", "id": id, "previousEventId": id - 1,
            "evaluationFailedEventDetails": {"error": "States.QueryEvaluationError", "cause": cause, "state": "S"}}));
    }
    let id = all.len() + 1;
    all.push(json!({"timestamp": 3, "type": "ExecutionFailed", "id": id, "previousEventId": id - 1,
        "executionFailedEventDetails": {"error": "States.Runtime", "cause": cause}}));
    json!({ "events": all })
}

/// The same with the definition of the state.
fn with(definition: &Value, mut history: Value) -> Value {
    let language = definition.get("QueryLanguage").cloned().unwrap_or_else(|| "JSONPath".into());
    let before = json!({"Type": "Pass", "Next": "S"});
    let machine = json!({"StartAt": "Before", "QueryLanguage": language, "States": {
        "Before": before, "S": definition, "T": {"Type": "Succeed"}}});
    history["format"] = "stepback.recording/1".into();
    history["stateMachine"] = json!({ "definition": machine.to_string() });
    history
}

/// A task that answered.
fn answered(output: &Value) -> Vec<Value> {
    vec![
        json!({"timestamp": 2, "type": "TaskScheduled", "id": 5, "previousEventId": 4, "taskScheduledEventDetails":
               {"resourceType": "lambda", "resource": "invoke", "region": "r", "parameters": "{}"}}),
        json!({"timestamp": 2, "type": "TaskStarted", "id": 6, "previousEventId": 5, "taskStartedEventDetails":
               {"resourceType": "lambda", "resource": "invoke"}}),
        json!({"timestamp": 2, "type": "TaskSucceeded", "id": 7, "previousEventId": 6, "taskSucceededEventDetails":
               {"resourceType": "lambda", "resource": "invoke", "output": output.to_string()}}),
    ]
}

#[test]
fn without_a_definition_the_cause_has_the_expression() {
    let nothing = json!({});
    let order = json!({"id": 7, "lines": [{"sku": "a"}], "wait": -3});
    let report = json!({"rate": 790, "report": {"id": "r", "score": 1}});
    let undefined = "specified for the field 'Arguments/Payload/rate' returned nothing (undefined).";
    for (kind, sentence, variables, events, expected) in [
        (
            "Task",
            format!("The JSONata expression '$rate + $report.adjustments.margin' {undefined}"),
            &report,
            vec![],
            "$rate = 790 · $report.adjustments is missing; $report has id, score",
        ),
        (
            "Pass",
            format!("The JSONata expression '$states.input.lines[0].price * 2' {undefined}"),
            &nothing,
            vec![],
            "$states.input.lines[0].price is missing; $states.input.lines[0] has sku",
        ),
        (
            "Task",
            format!("The JSONata expression '$states.result.Payload.total' {undefined}"),
            &nothing,
            answered(&json!({"Payload": {"sum": 3}})),
            "$states.result.Payload.total is missing; $states.result.Payload has sum",
        ),
        (
            "Pass",
            format!("The JSONata expression '$states.context.State.Nam' {undefined}"),
            &nothing,
            vec![],
            "$states.context.State.Nam is not recorded",
        ),
        (
            "Pass",
            "The JSONPath '$.lines[*].sku' specified for the field 'a.$' could not be found in the input '{\"id\":7}'".to_owned(),
            &nothing,
            vec![],
            "$.lines is missing; $ has id",
        ),
        (
            "Task",
            "Invalid path '$.lines.first' : Property ['first'] not found in path $['lines']".to_owned(),
            &nothing,
            vec![],
            "$.lines.first is missing; $.lines is an array of 1 element, each with sku",
        ),
        (
            "Task",
            "Invalid path '$.Payload.total' : No results for path: $['Payload']['total']".to_owned(),
            &nothing,
            answered(&json!({"Payload": {"sum": 3}})),
            "$.Payload.total is missing; $.Payload has sum",
        ),
        (
            "Task",
            "Invalid path '$.somewhere' : No results for path: $['elsewhere']".to_owned(),
            &nothing,
            vec![],
            "$.somewhere is not recorded",
        ),
        (
            "Wait",
            "The SecondsPath parameter references a negative value: $.wait == -3".to_owned(),
            &nothing,
            vec![],
            "$.wait = -3",
        ),
        (
            "Map",
            "~Reference path \"$.id\" must point to array.".to_owned(),
            &nothing,
            vec![],
            "$.id = 7",
        ),
        (
            "Choice",
            "Invalid path '$.kind': The choice state's condition path references an invalid value.".to_owned(),
            &nothing,
            vec![],
            "$.kind is missing; $ has id, lines, wait",
        ),
        (
            "Pass",
            "There was an error while evaluating the intrinsic function: States.ArrayLength($.id). Invalid arguments in States.ArrayLength".to_owned(),
            &nothing,
            vec![],
            "$.id = 7",
        ),
        (
            "Pass",
            "Unable to apply ReferencePath $.child to input 4".to_owned(),
            &nothing,
            vec![],
            "$.child is missing; $ is a number",
        ),
        ("Choice", "Failed to transition out of the state. The state does not point to a next state.".to_owned(), &nothing, vec![], ""),
        ("Pass", "Something of tomorrow's.".to_owned(), &nothing, vec![], ""),
    ] {
        assert_eq!(told(&history(kind, &order, variables, &sentence, &events)), expected, "{sentence}");
    }
}

#[test]
fn a_definition_has_what_the_cause_does_not_say() {
    let order = json!({"order": {"status": "ARCHIVED", "items": 3}, "at": "2026-13-01", "n": "two"});
    let nothing = json!({});
    let no_choice = "Failed to transition out of the state. The state does not point to a next state.";
    for (kind, definition, sentence, events, expected) in [
        (
            "Choice",
            json!({"Type": "Choice", "InputPath": "$.order", "Choices": [
                {"Variable": "$.status", "StringEquals": "NEW", "Next": "T"},
                {"And": [{"Variable": "$.items", "NumericGreaterThanPath": "$.most"}, {"Variable": "$.status", "IsNull": true}], "Next": "T"}]}),
            no_choice,
            vec![],
            "$.status = \"ARCHIVED\" · $.items = 3 · $.most is missing; $ has status, items",
        ),
        (
            "Choice",
            json!({"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [
                {"Condition": "{% $states.input.order.status = 'NEW' %}", "Next": "T"},
                {"Condition": "{% $states.input.order.total > 5 %}", "Next": "T"}]}),
            no_choice,
            vec![],
            "$states.input.order.status = \"ARCHIVED\" · $states.input.order.total is missing; $states.input.order has status, items",
        ),
        (
            "Wait",
            json!({"Type": "Wait", "QueryLanguage": "JSONata", "Timestamp": "{% $states.input.at & 'T00:00:00Z' %}", "Next": "T"}),
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2026-13-01T00:00:00Z",
            vec![],
            "$states.input.at = \"2026-13-01\"",
        ),
        (
            "Task",
            json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"},
                "ResultSelector": {"sum.$": "$.Payload.sum"}, "ResultPath": "$.answer", "OutputPath": "$.answer.total", "Next": "T"}),
            "Invalid path '$.answer.total' : No results for path: $['answer']['total']",
            answered(&json!({"Payload": {"sum": 3}})),
            "$.answer.total is missing; $.answer has sum",
        ),
        (
            "Task",
            json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"},
                "InputPath": "$.ordr", "Next": "T"}),
            "Invalid path '$.ordr' : No results for path: $['ordr']",
            vec![],
            "$.ordr is missing; $ has order, at, n; perhaps order is meant",
        ),
        (
            "Pass",
            json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.context.State.Nam %}", "Next": "T"}),
            "The JSONata expression '$states.context.State.Nam' specified for the field 'Output' returned nothing (undefined).",
            vec![],
            "$states.context.State.Nam is missing; $states.context.State has Name, EnteredTime; perhaps Name is meant",
        ),
    ] {
        let recording = with(&definition, history(kind, &order, &nothing, sentence, &events));
        assert_eq!(told(&recording), expected, "{definition}");
    }
}

#[test]
fn what_was_not_recorded_is_not_said_to_be_missing() {
    let sentence = "The JSONata expression '$rate + $states.input.n' specified for the field 'Output' returned nothing (undefined).";
    let mut cut = history("Pass", &json!({"n": 1}), &json!({"rate": 2}), sentence, &[]);
    // The last page alone: what was assigned before is not in it.
    cut["events"].as_array_mut().unwrap().drain(..3);
    assert_eq!(told(&cut), "$rate is not recorded · $states.input.n = 1");
    let mut bare = history("Pass", &json!({"n": 1}), &json!({"rate": 2}), sentence, &[]);
    for event in bare["events"].as_array_mut().unwrap() {
        if let Some(details) = event.get_mut("stateEnteredEventDetails") {
            details.as_object_mut().unwrap().remove("input");
        }
    }
    assert_eq!(told(&bare), "$rate = 2 · $states.input.n is not recorded");
}

/// What `$` meant is what the fields before had made of it.
#[test]
fn a_field_looks_into_what_the_fields_before_it_left() {
    let input = json!({"n": "outer", "s": "outer", "w": {"n": "inner", "s": "inner"}});
    let sum =
        "The function 'States.MathAdd($.n, 1)' had the following error: The argument at position 1 must be a number";
    let seconds = "The SecondsPath parameter does not reference an integer value: $.s == inner";
    let gone = "Invalid path '$.gone' : No results for path: $['gone']";
    for (kind, sentence, definition, expected) in [
        (
            "Pass",
            sum,
            json!({"Type": "Pass", "InputPath": "$.w", "Parameters": {"x.$": "States.MathAdd($.n, 1)"}}),
            "$.n = \"inner\"",
        ),
        ("Wait", seconds, json!({"Type": "Wait", "InputPath": "$.w", "SecondsPath": "$.s"}), "$.s = \"inner\""),
        (
            "Pass",
            gone,
            json!({"Type": "Pass", "Result": {"only": 1}, "OutputPath": "$.gone"}),
            "$.gone is missing; $ has only",
        ),
    ] {
        let mut definition = definition;
        definition["Next"] = "T".into();
        let history = history(kind, &input, &json!({}), sentence, &[]);
        assert_eq!(told(&with(&definition, history)), expected, "{definition}");
    }
    // Without the definition nobody knows what was selected before; the sentence says that it was something else.
    let unknown = told(&history("Wait", &input, &json!({}), seconds, &[]));
    assert!(!unknown.contains("outer"), "{unknown}");
}
