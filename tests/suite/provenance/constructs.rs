//! What each construct of both languages does to a value: definition, input, answers, and the way back.

use super::{Run, short};
use serde_json::{Value, json};
use stepback::analysis::provenance::{What, places, trace};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:f";

/// A machine of one state after another, each going on to the next.
fn machine(states: &[(&str, Value)]) -> Value {
    let mut described = serde_json::Map::new();
    for (at, (name, state)) in states.iter().enumerate() {
        let mut state = state.clone();
        match states.get(at + 1) {
            _ if matches!(state["Type"].as_str(), Some("Choice" | "Succeed" | "Fail"))
                || state.get("Next").is_some() => {}
            Some((next, _)) => state["Next"] = json!(next),
            None => state["End"] = json!(true),
        }
        described.insert((*name).to_owned(), state);
    }
    json!({ "StartAt": states[0].0, "States": described })
}

fn way(definition: &Value, input: &Value, answers: &Value, (state, what): (&str, What), path: &str) -> Vec<String> {
    let run = Run::made(definition, input, answers).unwrap_or_else(|| panic!("AWS would accept {definition}"));
    let document = run.document(state, what);
    let value = document.value(run.story()).unwrap_or_else(|| panic!("{state} has such data")).into_owned();
    let at = places(&value, path).unwrap().into_iter().next().unwrap_or_else(|| panic!("{path} is in {value}"));
    short(run.story(), &trace(run.story(), document.at(at)))
}

fn after(state: &str) -> (&str, What) {
    (state, What::Output)
}

#[test]
fn every_field_of_a_task_with_paths_is_passed() {
    let task = json!({
        "Type": "Task", "Resource": FUNCTION, "InputPath": "$.order", "Parameters": { "id.$": "$.number" },
        "ResultSelector": { "code.$": "$.status.code", "all.$": "$.list[*].n", "from": "here" },
        "ResultPath": "$.answer", "OutputPath": "$.answer"
    });
    let definition = machine(&[("Call", task), ("After", json!({ "Type": "Pass" }))]);
    let input = json!({ "order": { "number": 17 } });
    let answers = json!({ "Call": [{ "result": { "status": { "code": 42 }, "list": [{ "n": "x" }, { "n": "y" }] } }] });
    let way = |path| way(&definition, &input, &answers, after("After"), path);
    assert_eq!(
        way("$.code"),
        [
            "$.code output of After",
            "$.code output of Call < OutputPath < ResultPath < ResultSelector/code.$",
            "$.status.code result of Call : from the task's result",
        ]
    );
    assert_eq!(way("$.all[1]").last().unwrap(), "$.list[1].n result of Call : from the task's result");
    assert_eq!(
        way("$.from").last().unwrap(),
        "$.from output of Call < OutputPath < ResultPath < ResultSelector/from : written in the definition"
    );
    let asked = Run::made(&definition, &input, &answers).unwrap();
    let document = asked.documents().into_iter().find(|document| {
        document.what == What::Input && document.value(asked.story()).is_some_and(|value| *value == json!({ "id": 17 }))
    });
    let at = places(&json!({ "id": 17 }), "$.id").unwrap().remove(0);
    assert_eq!(
        short(asked.story(), &trace(asked.story(), document.unwrap().at(at))),
        [
            "$.id what Call asked for < Parameters/id.$ < InputPath",
            "$.order.number input of Call",
            "$.order.number input of execution : given in StartExecution",
        ]
    );
}

#[test]
fn what_is_kept_beside_a_result_came_from_the_input() {
    let task = json!({ "Type": "Task", "Resource": FUNCTION, "ResultPath": "$.a.result" });
    let definition = machine(&[("Call", task)]);
    let answers = json!({ "Call": [{ "result": 5 }] });
    let way = |path| way(&definition, &json!({ "a": { "b": 7 } }), &answers, after("Call"), path);
    assert_eq!(way("$.a.b").last().unwrap(), "$.a.b input of execution : given in StartExecution");
    assert_eq!(way("$.a.result").last().unwrap(), "$ result of Call : from the task's result");
    assert_eq!(way("$.a")[0], "$.a output of Call < ResultPath : put together from");
}

#[test]
fn functions_hand_values_on_or_compute_them() {
    let pass = json!({ "Type": "Pass", "Parameters": {
        "item.$": "States.ArrayGetItem($.list, 1)", "merged.$": "States.JsonMerge($.left, $.right, false)",
        "parsed.$": "States.StringToJson($.text)", "sum.$": "States.MathAdd($.n, 1)",
        "sentence.$": "States.Format('{} of {}', $.n, $.left.a)", "drawn.$": "States.UUID()"
    } });
    let definition = machine(&[("Compute", pass)]);
    let input = json!({ "list": ["p", "q"], "left": { "a": "old", "b": "kept" }, "right": { "a": "new" },
        "text": "{\"deep\":[\"found\"]}", "n": 20 });
    let way = |path| way(&definition, &input, &json!({}), after("Compute"), path);
    let source = |path| way(path).get(1).cloned().unwrap_or_default();
    assert_eq!(source("$.item"), "$.list[1] input of Compute");
    assert_eq!(source("$.merged.a"), "$.right.a input of Compute");
    assert_eq!(source("$.merged.b"), "$.left.b input of Compute");
    assert_eq!(source("$.parsed.deep[0]"), "$.text decoded $.deep[0] input of Compute");
    assert_eq!(way("$.sum")[0], "$.sum output of Compute < Parameters/sum.$ : computed from");
    assert_eq!(
        way("$.sentence"),
        [
            "$.sentence output of Compute < Parameters/sentence.$ : computed from 2",
            "  $.n input of Compute",
            "  $.n input of execution : given in StartExecution",
            "  $.left.a input of Compute",
            "  $.left.a input of execution : given in StartExecution",
        ]
    );
    assert_eq!(way("$.drawn"), ["$.drawn output of Compute < Parameters/drawn.$ : made by the expression itself"]);
}

#[test]
fn jsonata_hands_values_on_or_computes_them() {
    let task = json!({
        "Type": "Task", "QueryLanguage": "JSONata", "Resource": FUNCTION, "Arguments": { "id": "{% $states.input.id %}" },
        "Output": {
            "plain": "{% $states.result.orders[0].id %}",
            "built": "{% { 'who': $states.input.name, 'chosen': $states.result.orders[price > 10].id } %}",
            "merged": "{% $merge([$states.input, { 'id': 'other' }]) %}",
            "total": "{% $sum($states.result.orders.price) %}",
            "parsed": "{% $parse($states.result.body).code %}",
            "fixed": "written"
        }
    });
    let definition = machine(&[("Call", task)]);
    let input = json!({ "id": "i-1", "name": "Ada" });
    let result =
        json!({ "orders": [{ "id": "o-1", "price": 4 }, { "id": "o-2", "price": 40 }], "body": "{\"code\":712}" });
    let answers = json!({ "Call": [{ "result": result }] });
    let way = |path| way(&definition, &input, &answers, after("Call"), path);
    let source = |path| way(path).get(1).cloned().unwrap_or_default();
    assert_eq!(way("$.plain")[0], "$.plain output of Call < Output/plain");
    assert_eq!(source("$.plain"), "$.orders[0].id result of Call : from the task's result");
    assert_eq!(source("$.built.who"), "$.name input of Call");
    assert_eq!(source("$.built.chosen"), "$.orders[1].id result of Call : from the task's result");
    assert_eq!(source("$.merged.name"), "$.name input of Call");
    assert_eq!(source("$.parsed"), "$.body decoded $.code result of Call : from the task's result");
    assert_eq!(way("$.total")[0], "$.total output of Call < Output/total : computed from");
    assert_eq!(source("$.total"), "$.orders result of Call : from the task's result");
    assert_eq!(way("$.fixed"), ["$.fixed output of Call < Output/fixed : written in the definition"]);
    assert_eq!(way("$.merged.id")[0], "$.merged.id output of Call < Output/merged : computed from");
}

#[test]
fn variables_lead_to_the_state_that_assigned_them() {
    let first = json!({ "Type": "Pass", "Assign": { "who.$": "$.name", "fixed": 99 } });
    let second = json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Assign": { "who": "{% $who & '!' %}" } });
    let third = json!({ "Type": "Pass", "Parameters": { "loud.$": "$who", "fixed.$": "$fixed" } });
    let definition = machine(&[("First", first), ("Second", second), ("Third", third)]);
    let way = |path| way(&definition, &json!({ "name": "Ada" }), &json!({}), after("Third"), path);
    assert_eq!(
        way("$.loud"),
        [
            "$.loud output of Third < Parameters/loud.$",
            "$ variable $who, assigned by Second < Assign/who : computed from",
            "$ variable $who, assigned by First < Assign/who.$",
            "$.name input of First",
            "$.name input of execution : given in StartExecution",
        ]
    );
    assert_eq!(way("$.fixed")[1], "$ variable $fixed, assigned by First < Assign/fixed : written in the definition");
}

#[test]
fn an_item_leads_out_of_its_iteration_and_a_result_into_it() {
    let map = json!({
        "Type": "Map", "InputPath": "$.in", "ItemsPath": "$.orders",
        "ItemSelector": { "order.$": "$$.Map.Item.Value", "place.$": "$$.Map.Item.Index", "shop.$": "$.shop" },
        "ItemProcessor": machine(&[("Each", json!({ "Type": "Task", "Resource": FUNCTION, "ResultPath": "$.paid" }))]),
        "ResultPath": "$.out"
    });
    let definition = machine(&[("Orders", map), ("After", json!({ "Type": "Pass" }))]);
    let input = json!({ "in": { "shop": "Oslo", "orders": [{ "id": "a" }, { "id": "b" }] } });
    let answers = json!({ "Each[0]": [{ "result": 10 }], "Each[1]": [{ "result": 11 }] });
    let way = |at, path| way(&definition, &input, &answers, at, path);
    assert_eq!(
        way(("Each", What::Input), "$.order.id"),
        [
            "$.order.id input of Orders[1] ▸ Each < ItemSelector/order.$ < ItemsPath < InputPath",
            "$.in.orders[1].id input of Orders",
            "$.in.orders[1].id input of execution : given in StartExecution",
        ]
    );
    assert_eq!(way(("Each", What::Input), "$.shop")[1], "$.in.shop input of Orders");
    assert!(way(("Each", What::Input), "$.place")[0].ends_with("told by AWS in the context object, $$.Map.Item.Index"));
    assert_eq!(
        way(after("After"), "$.out[0].paid"),
        [
            "$.out[0].paid output of After",
            "$.out[0].paid output of Orders < ResultPath",
            "$.paid output of Orders[0] ▸ Each < ResultPath",
            "$ result of Orders[0] ▸ Each : from the task's result",
        ]
    );
}

#[test]
fn items_of_jsonata_maps_and_of_nested_ones_are_followed() {
    let inner = json!({ "Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $states.input.lines %}",
        "ItemProcessor": machine(&[("Line", json!({ "Type": "Pass", "QueryLanguage": "JSONata",
            "Output": "{% $states.context.Map.Item.Value.sku %}" }))]) });
    let outer = json!({ "Type": "Map", "ItemProcessor": machine(&[("Inner", inner)]) });
    let definition = machine(&[("Outer", outer)]);
    let input = json!([{ "lines": [{ "sku": "s-1" }, { "sku": "s-2" }] }, { "lines": [{ "sku": "s-3" }] }]);
    assert_eq!(
        way(&definition, &input, &json!({}), after("Outer"), "$[0][1]"),
        [
            "$[0][1] output of Outer",
            "$[1] output of Outer[0] ▸ Inner",
            "$ output of Outer[0] ▸ Inner[1] ▸ Line < Output < Items",
            "$.lines[1].sku input of Outer[0] ▸ Inner",
            "$[0].lines[1].sku input of Outer",
            "$[0].lines[1].sku input of execution : given in StartExecution",
        ]
    );
}

#[test]
fn branches_are_told_apart() {
    let branch = |name: &str| machine(&[(name, json!({ "Type": "Task", "Resource": FUNCTION }))]);
    let parallel = json!({ "Type": "Parallel", "Parameters": { "n.$": "$.number" }, "Branches": [branch("Left"), branch("Right")],
        "ResultSelector": { "right.$": "$[1].v", "left.$": "$[0].v" } });
    let definition = machine(&[("Both", parallel)]);
    let answers = json!({ "Left": [{ "result": { "v": "l" } }], "Right": [{ "result": { "v": "r" } }] });
    let way = |at, path| way(&definition, &json!({ "number": 3 }), &answers, at, path);
    assert_eq!(
        way(after("Both"), "$.right"),
        [
            "$.right output of Both < ResultSelector/right.$",
            "$.v output of Both[1] ▸ Right",
            "$.v result of Both[1] ▸ Right : from the task's result",
        ]
    );
    assert_eq!(
        way(("Left", What::Input), "$.n")[..2],
        ["$.n input of Both[0] ▸ Left < Parameters/n.$".to_owned(), "$.number input of Both".to_owned(),]
    );
}

#[test]
fn a_caught_error_leads_to_what_failed() {
    let catch = json!([{ "ErrorEquals": ["Other"], "Next": "Never" },
        { "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Assign": { "why.$": "$.Cause" }, "Next": "After" }]);
    let task = json!({ "Type": "Task", "Resource": FUNCTION, "Catch": catch, "Next": "After" });
    let definition = machine(&[
        ("Call", task),
        (
            "After",
            json!({ "Type": "Pass", "Parameters": { "code.$": "States.StringToJson($.error.Cause)", "why.$": "$why", "n.$": "$.n" }, "Next": "Never" }),
        ),
        ("Never", json!({ "Type": "Succeed" })),
    ]);
    let answers = json!({ "Call": [{ "error": "Declined", "cause": "{\"code\":\"51\"}" }] });
    let way = |path| way(&definition, &json!({ "n": 1 }), &answers, after("After"), path);
    assert_eq!(
        way("$.code.code"),
        [
            "$.code.code output of After < Parameters/code.$",
            "$.error.Cause decoded $.code input of After",
            "$.error.Cause decoded $.code output of Call < Catch/1/ResultPath",
            "$.Cause decoded $.code failure of Call : reported by the task",
        ]
    );
    assert_eq!(
        way("$.why")[1..],
        [
            "$ variable $why, assigned by Call < Catch/1/Assign/why.$".to_owned(),
            "$.Cause failure of Call : reported by the task".to_owned(),
        ]
    );
    assert_eq!(way("$.n").last().unwrap(), "$.n input of execution : given in StartExecution");
}

#[test]
fn what_a_fail_state_says_is_followed_through_whoever_catches_it() {
    let branch = machine(&[("Refuse", json!({ "Type": "Fail", "Error": "Refused", "CausePath": "$.reason" }))]);
    let catch = json!([{ "ErrorEquals": ["States.ALL"], "Next": "After" }]);
    let parallel = json!({ "Type": "Parallel", "Branches": [branch], "Catch": catch, "Next": "After" });
    let definition = machine(&[("Both", parallel), ("After", json!({ "Type": "Pass" }))]);
    let way = |path| way(&definition, &json!({ "reason": "too late" }), &json!({}), after("After"), path);
    assert_eq!(
        way("$.Cause")[1..3],
        ["$.Cause output of Both < CausePath".to_owned(), "$.reason input of Both[0] ▸ Refuse".to_owned(),]
    );
    assert_eq!(way("$.Error").last().unwrap(), "$.Error output of Both < Error : written in the definition");
}

#[test]
fn a_choice_hands_on_what_its_rule_says() {
    let rules = json!([{ "Condition": "{% $states.input.n > 5 %}", "Next": "End", "Output": { "big": "{% $states.input.n %}" } },
        { "Condition": true, "Next": "End" }]);
    let choice = json!({ "Type": "Choice", "QueryLanguage": "JSONata", "Choices": rules });
    let definition = machine(&[("Pick", choice), ("End", json!({ "Type": "Succeed" }))]);
    assert_eq!(
        way(&definition, &json!({ "n": 8 }), &json!({}), ("End", What::Input), "$.big")[..2],
        ["$.big input of End".to_owned(), "$.big output of Pick < Choices/0/Output/big".to_owned(),]
    );
    assert_eq!(way(&definition, &json!({ "n": 2 }), &json!({}), ("End", What::Input), "$.n").len(), 2);
}

#[test]
fn the_context_object_leads_to_the_input_of_the_execution() {
    let pass = json!({ "Type": "Pass", "Parameters": { "a.$": "$$.Execution.Input.a", "name.$": "$$.State.Name" } });
    let definition = machine(&[("First", json!({ "Type": "Pass", "Result": {} })), ("Second", pass)]);
    let way = |path| way(&definition, &json!({ "a": 5 }), &json!({}), after("Second"), path);
    assert_eq!(
        way("$.a"),
        ["$.a output of Second < Parameters/a.$", "$.a input of execution : given in StartExecution",]
    );
    assert!(way("$.name")[0].ends_with("told by AWS in the context object, $$.State.Name"));
}

#[test]
fn children_of_a_map_run_belong_to_their_items() {
    let mut processor = machine(&[("Each", json!({ "Type": "Pass", "Parameters": { "twice.$": "$.Items[1].v" } }))]);
    processor["ProcessorConfig"] = json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
    let map = json!({ "Type": "Map", "ItemsPath": "$.list", "ItemProcessor": processor,
        "ItemBatcher": { "MaxItemsPerBatch": 2, "BatchInput": { "shop.$": "$.shop" } } });
    let definition = machine(&[("Batches", map)]);
    let input = json!({ "shop": "Oslo", "list": [{ "v": "a" }, { "v": "b" }, { "v": "c" }, { "v": "d" }] });
    let way = way(&definition, &input, &json!({}), after("Batches"), "$[1].twice");
    assert_eq!(way.first().unwrap(), "$[1].twice output of Batches");
    assert_eq!(way.last().unwrap(), "$.list[3].v input of execution : given in StartExecution");
}
