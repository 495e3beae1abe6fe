//! What the cases in tests/cases/test-state do not show.

use super::*;
use crate::event::Timestamp;
use serde_json::Value;

fn around(seed: u64) -> Surroundings {
    Surroundings { now: Timestamp::from_millis(1_790_200_285_598), seed }
}

fn response(request: &str) -> Value {
    let request = Request::read(request).unwrap();
    serde_json::to_value(test_state(&request, around(1)).unwrap()).unwrap()
}

#[test]
fn the_context_object_is_that_of_an_express_execution_of_a_nameless_machine() {
    let response = response(
        r#"{
            "definition": {
                "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken",
                "QueryLanguage": "JSONata", "Output": "{% $states.context %}", "End": true
            },
            "roleArn": "arn:aws-cn:iam::111122223333:role/r", "input": [1], "mock": { "result": {} }
        }"#,
    );
    let context: Value = serde_json::from_str(response["output"].as_str().unwrap()).unwrap();
    let (name, machine) = (&context["Execution"]["Name"], &context["StateMachine"]["Name"]);
    let (name, machine) = (name.as_str().unwrap(), machine.as_str().unwrap());
    assert_eq!((name.len(), machine.len()), (36, 36));
    let place = "arn:aws-cn:states:us-east-1:111122223333";
    assert_eq!(context["Execution"]["Id"], format!("{place}:express:{machine}:{name}"));
    assert_eq!(context["StateMachine"]["Id"], format!("{place}:stateMachine:{machine}"));
    assert_eq!(context["Execution"]["Input"], serde_json::json!([1]));
    assert_eq!(context["Execution"]["RoleArn"], "arn:aws-cn:iam::111122223333:role/r");
    assert_eq!(context["Execution"]["StartTime"], "2026-09-23T21:51:25.598Z");
    assert_eq!(context["Execution"].get("RedriveCount"), None);
    assert_eq!(context["State"]["Name"], "StateName");
    assert_eq!(context["State"]["RetryCount"], 0);
    assert!(context["Task"]["Token"].as_str().is_some_and(|token| token.len() > 64));
}

#[test]
fn chance_is_the_same_for_the_same_seed() {
    let request = Request::read(
        r#"{ "definition": { "Type": "Pass", "Parameters": { "id.$": "States.UUID()" }, "End": true } }"#,
    );
    let request = request.unwrap();
    let output = |seed| test_state(&request, around(seed)).unwrap().outcome.output().unwrap().text().to_owned();
    assert_eq!(output(1), output(1));
    assert_ne!(output(1), output(2));
}

#[test]
fn texts_with_json_may_be_json_and_keep_their_spaces() {
    let response = response(r#"{ "definition": "{\"Type\": \"Succeed\"}", "input": { "a" :  1 } }"#);
    assert_eq!(response["output"], r#"{ "a" :  1 }"#);
}

#[test]
fn a_member_nobody_knows_is_not_overlooked() {
    let error = Request::read(r#"{ "definition": "", "state": "A" }"#).unwrap_err().to_string();
    assert!(error.contains("unknown field `state`"), "{error}");
}

#[test]
fn a_call_that_only_aws_can_make_is_not_made_up() {
    let request = r#"{ "definition": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true },
                       "roleArn": "arn:aws:iam::111122223333:role/r" }"#;
    let refusal = test_state(&Request::read(request).unwrap(), around(1)).unwrap_err();
    assert_eq!(refusal.code(), None);
    assert_eq!(
        refusal.to_string(),
        "The state 'StateName' calls 'arn:aws:states:::lambda:invoke', and its result is not given."
    );
}

#[test]
fn members_longer_than_the_api_takes_are_refused_without_being_shown() {
    let input = "1".repeat(300_000);
    let request = Request { definition: Some("{}".to_owned()), input: Some(input), ..Request::default() };
    let refusal = test_state(&request, around(1)).unwrap_err();
    let sentence = "1 validation error detected: Value at 'input' failed to satisfy constraint: \
                    Member must have length less than or equal to 262144";
    assert_eq!(refusal.to_string(), sentence);
}

#[test]
fn a_selector_that_multiplies_the_input_does_not_eat_the_memory() {
    let request = serde_json::json!({
        "definition": {
            "Type": "Map", "ItemsPath": "$.items", "ItemSelector": { "all.$": "$" }, "End": true,
            "ItemProcessor": { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }
        },
        "input": { "items": vec![1; 10_000], "ballast": "x".repeat(200_000) },
        "mock": { "result": [] }
    });
    let refusal = test_state(&Request::read(&request.to_string()).unwrap(), around(1)).unwrap_err();
    assert_eq!(refusal, Refusal::IterationsTooLarge);
}
