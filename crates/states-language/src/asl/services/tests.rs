//! Facts of the services' models, held against the table, and AWS's sentences about them.

use super::{Comparison, Recognition, check_mock, models_version, parameter_problems, recognize};
use crate::asl::{Resource, ServiceCall};
use serde_json::{Value, json};

fn call(name: &str) -> ServiceCall {
    match Resource::parse(&format!("arn:aws:states:::{name}")) {
        Some(Resource::Service(call)) => call,
        other => panic!("{name} is no call of a service: {other:?}"),
    }
}

#[test]
fn the_table_says_what_it_was_made_from() {
    assert!(models_version().starts_with("botocore 1."), "{}", models_version());
}

#[test]
fn calls_are_told_from_what_step_functions_does_not_offer() {
    use Recognition::{Offered, Refused, Unheard};
    for (name, expected) in [
        ("lambda:invoke", Offered),
        ("lambda:invoke.waitForTaskToken", Offered),
        ("lambda:invoke.sync", Refused),
        ("codebuild:deleteBuildBatch", Offered),
        ("emr-serverless:createApplication.sync", Offered),
        ("states:startExecution.sync:2", Offered),
        ("ecs:runTask.sync:2", Refused),
        ("dynamodb:query", Refused),
        ("s3:putObject", Refused),
        ("brandnew:doIt", Unheard),
        ("aws-sdk:dynamodb:query", Offered),
        ("aws-sdk:dynamodb:queryy", Refused),
        ("aws-sdk:dynamodb:Query", Refused),
        ("aws-sdk:s3:putObject.sync", Refused),
        ("aws-sdk:sfn:sendTaskSuccess", Offered),
        ("aws-sdk:eventbridge:putRule", Offered),
        ("aws-sdk:cognitoidentityprovider:adminGetUser", Offered),
        ("aws-sdk:databasemigration:startReplicationTask", Offered),
        ("aws-sdk:brandnew:doIt", Unheard),
    ] {
        assert_eq!(recognize(&call(name)), expected, "{name}");
    }
}

#[test]
fn every_optimized_call_stands_in_the_table() {
    for service in [
        "apigateway",
        "athena",
        "batch",
        "bedrock",
        "codebuild",
        "databrew",
        "dynamodb",
        "ecs",
        "eks",
        "elasticmapreduce",
        "emr-containers",
        "emr-serverless",
        "events",
        "glue",
        "http",
        "lambda",
        "mediaconvert",
        "sagemaker",
        "sns",
        "sqs",
        "states",
    ] {
        let apis: Vec<_> = super::apis(service).collect();
        assert!(!apis.is_empty(), "{service}");
        for api in apis {
            assert!(super::members(&call(&format!("{service}:{api}"))).is_some(), "{service}:{api}");
        }
    }
}

#[test]
fn required_members_are_those_of_the_models() {
    for (name, expected) in [
        ("lambda:invoke", &["FunctionName"][..]),
        ("sqs:sendMessage", &["QueueUrl", "MessageBody"]),
        ("sns:publish", &["Message"]),
        ("dynamodb:putItem", &["TableName", "Item"]),
        ("dynamodb:getItem", &["TableName", "Key"]),
        ("states:startExecution", &["StateMachineArn"]),
        ("events:putEvents", &["Entries"]),
        ("ecs:runTask", &["TaskDefinition"]),
        ("glue:startJobRun", &["JobName"]),
        ("batch:submitJob", &["JobName", "JobQueue", "JobDefinition"]),
        ("aws-sdk:s3:putObject", &["Bucket", "Key"]),
        ("aws-sdk:ec2:describeInstances", &[]),
    ] {
        let members = super::members(&call(name)).expect("a known call");
        assert_eq!(members.required().collect::<Vec<_>>(), expected, "{name}");
    }
}

/// The sentences of measured runs; that of a missing member is the one of the check before.
#[test]
fn parameters_are_refused_in_the_words_of_aws() {
    for (name, parameters, expected) in [
        ("lambda:invoke", json!({ "FunctionName": "f", "Payload": { "any": 1 } }), ""),
        (
            "lambda:invoke",
            json!({ "functionName": "f" }),
            "The field \"functionName\" is not supported by Step Functions",
        ),
        (
            "lambda:invoke.waitForTaskToken",
            json!({ "FunctionName": "f", "TaskToken": "t" }),
            "The field \"TaskToken\" is not supported by Step Functions",
        ),
        (
            "apigateway:invoke",
            json!({ "ApiEndpoint": "a", "Method": "GET", "Headers": { "X": "y" } }),
            "The value of the field 'Headers' has an invalid format",
        ),
        ("apigateway:invoke", json!({ "ApiEndpoint": "a", "Method": "GET", "Headers": { "X": ["y"] } }), ""),
        (
            "batch:submitJob",
            json!({ "JobName": "n", "JobQueue": "q", "JobDefinition": "d", "Parameters": { "frame_id": 7 } }),
            "The value for the field 'frame_id' must be a STRING",
        ),
        ("dynamodb:putItem", json!({ "TableName": "t", "Item": { "a": { "S": "x" }, "b": { "BOOL": true } } }), ""),
        (
            "aws-sdk:dynamodb:putItem",
            json!({ "TableName": "t", "Item": { "a": { "Nul": true }, "b": { "Ss": ["x"] } } }),
            "",
        ),
        ("sqs:sendMessage", json!({ "QueueUrl": "q", "MessageBody": { "a": 1 } }), ""),
        ("sqs:sendMessage", json!({ "QueueUrl": "q" }), "The field 'MessageBody' is required but was missing"),
        ("events:putEvents", json!({ "Entries": [{ "Detail": { "a": 1 }, "DetailType": "d", "Source": "s" }] }), ""),
        ("brandnew:doIt", json!({ "anything": 1 }), ""),
    ] {
        let found: Vec<String> = parameter_problems(&call(name), &parameters).iter().map(ToString::to_string).collect();
        assert_eq!(found.join(", "), expected, "{name} {parameters}");
    }
}

fn mismatch(name: &str, result: &Value, comparison: Comparison) -> String {
    match check_mock(&call(name), result, comparison) {
        Ok(()) => super::knows_result(&call(name)).to_string(),
        Err(mismatch) => mismatch.to_string(),
    }
}

#[test]
fn mocks_are_compared_with_what_services_give() {
    let entry = |id: Value| json!({ "Entries": [{ "EventId": "e" }, { "EventId": id }] });
    for (name, result, expected) in [
        ("lambda:invoke", json!({ "StatusCode": 200, "Payload": "text" }), "true"),
        ("lambda:invoke", json!({ "Payload": { "k": 1 } }), "Field 'Payload' must be a string"),
        ("lambda:invoke", json!({ "StatusCode": "200" }), "Field 'StatusCode' must be a number"),
        ("lambda:invoke", json!({ "Unknown": [] }), "true"),
        (
            "aws-sdk:kms:encrypt",
            json!({ "CiphertextBlob": "" }),
            "Field 'CiphertextBlob' is smaller than the minimum length",
        ),
        (
            "aws-sdk:lambda:getFunction",
            json!({ "Configuration": { "MemorySize": 127 } }),
            "Field 'MemorySize' is less than the minimum value",
        ),
        ("aws-sdk:s3:getObject", json!({ "StorageClass": "Papyrus" }), "Field 'StorageClass' is not an expected value"),
        ("events:putEvents", entry(json!([1])), "Field 'EventId' must be a string"),
        ("events:putEvents", json!({ "Entries": "e" }), "Field 'Entries' must be an array"),
        ("states:startExecution", json!({ "ExecutionArn": "a", "StartDate": 1 }), "Field 'StartDate' must be a string"),
        ("states:startExecution.sync", json!({}), "false"),
        ("aws-sdk:brandnew:doIt", json!({}), "false"),
    ] {
        assert_eq!(mismatch(name, &result, Comparison::Present), expected, "{name} {result}");
    }
    let missing = json!({ "executionArn": "a" });
    let strict = mismatch("states:startExecution", &missing, Comparison::Strict);
    assert_eq!(strict, "Required field 'ExecutionArn' is missing");
    assert_eq!(mismatch("states:startExecution", &missing, Comparison::Present), "true");
}
