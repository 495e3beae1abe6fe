//! Definitions in the shapes that published samples have: none may be called wrong.
//!
//! Each call of a service becomes a machine in JSONPath and one in JSONata; whole machines stand below them.

use super::{Definition, Format, MachineKind, Severity};
use serde_json::{Map, Value, json};

/// Calls as the documentation's examples make them: the resource after `arn:aws:states:::`, and the parameters.
const CALLS: &[(&str, &str)] = &[
    (
        "lambda:invoke",
        r#"{"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", "Payload.$": "$"}"#,
    ),
    ("lambda:invoke", r#"{"FunctionName": "f", "InvocationType": "Event", "ClientContext": "e30=", "Qualifier": "1"}"#),
    (
        "lambda:invoke.waitForTaskToken",
        r#"{"FunctionName": "f", "Payload": {"input.$": "$", "token.$": "$$.Task.Token"}}"#,
    ),
    ("aws-sdk:lambda:invoke", r#"{"FunctionName": "f", "Payload": {"any": [1]}}"#),
    ("sqs:sendMessage", r#"{"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q", "MessageBody.$": "$"}"#),
    (
        "sqs:sendMessage.waitForTaskToken",
        r#"{"QueueUrl.$": "$.q", "MessageBody": {"Message": "m", "TaskToken.$": "$$.Task.Token"}, "MessageGroupId": "g",
            "DelaySeconds": 5, "MessageAttributes": {"a": {"DataType": "String", "StringValue": "v"}}}"#,
    ),
    (
        "sns:publish",
        r#"{"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": {"a": "b"}, "Subject": "s",
            "MessageAttributes": {"a": {"DataType": "String", "StringValue": "v"}}}"#,
    ),
    ("sns:publish.waitForTaskToken", r#"{"PhoneNumber.$": "$.p", "Message.$": "States.Format('{}', $$.Task.Token)"}"#),
    ("dynamodb:getItem", r#"{"TableName": "t", "Key": {"id": {"S.$": "$.id"}}, "ConsistentRead": true}"#),
    (
        "dynamodb:putItem",
        r#"{"TableName": "t", "Item": {"id": {"S": "1"}, "n": {"N": "2"}, "l": {"L": [{"S": "x"}]}, "m": {"M": {}},
            "b": {"BOOL": true}, "z": {"NULL": true}, "s": {"SS": ["a"]}}, "ConditionExpression": "attribute_not_exists(id)"}"#,
    ),
    (
        "dynamodb:updateItem",
        r#"{"TableName": "t", "Key": {"id": {"S": "1"}}, "UpdateExpression": "SET a = :a", "ReturnValues": "ALL_NEW",
            "ExpressionAttributeValues": {":a": {"N.$": "States.Format('{}', $.n)"}}}"#,
    ),
    ("dynamodb:deleteItem", r#"{"TableName.$": "$.t", "Key.$": "$.k"}"#),
    ("aws-sdk:dynamodb:query", r##"{"TableName": "t", "KeyConditionExpression": "#i = :i", "Limit": 1}"##),
    ("aws-sdk:dynamodb:transactWriteItems", r#"{"TransactItems": [{"Put": {"TableName": "t", "Item": {}}}]}"#),
    (
        "ecs:runTask.sync",
        r#"{"Cluster": "c", "TaskDefinition": "t", "LaunchType": "FARGATE", "NetworkConfiguration":
            {"AwsvpcConfiguration": {"Subnets": ["a"], "SecurityGroups": ["b"], "AssignPublicIp": "ENABLED"}},
            "Overrides": {"ContainerOverrides": [{"Name": "n", "Command.$": "$.c", "Environment":
            [{"Name": "A", "Value.$": "$.a"}]}]}}"#,
    ),
    (
        "ecs:runTask.waitForTaskToken",
        r#"{"TaskDefinition": "t", "Overrides.$": "$.o", "StartedBy.$": "$$.Task.Token"}"#,
    ),
    ("ecs:runTask", r#"{"TaskDefinition": "t", "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT"}]}"#),
    (
        "batch:submitJob.sync",
        r#"{"JobName": "n", "JobQueue": "q", "JobDefinition": "d", "Parameters": {"a": "b"}, "ArrayProperties":
            {"Size": 10}, "ContainerOverrides": {"Environment": [{"Name": "a", "Value": "b"}]}, "Timeout":
            {"AttemptDurationSeconds": 60}, "RetryStrategy": {"Attempts": 2}}"#,
    ),
    (
        "batch:submitJob",
        r#"{"JobName": "n", "JobQueue.$": "$.q", "JobDefinition.$": "$.d", "DependsOn": [{"JobId": "j"}]}"#,
    ),
    (
        "glue:startJobRun.sync",
        r#"{"JobName": "j", "Arguments": {"--a.$": "$.a"}, "NumberOfWorkers": 2, "WorkerType": "G.1X"}"#,
    ),
    ("databrew:startJobRun.sync", r#"{"Name": "j"}"#),
    (
        "sagemaker:createTrainingJob.sync",
        r#"{"TrainingJobName.$": "$$.Execution.Name", "ResourceConfig": {"InstanceCount": 1, "InstanceType":
            "ml.m4.xlarge", "VolumeSizeInGB": 10}, "RoleArn": "r", "AlgorithmSpecification": {"TrainingImage": "i",
            "TrainingInputMode": "File"}, "OutputDataConfig": {"S3OutputPath": "s3://b"}, "StoppingCondition":
            {"MaxRuntimeInSeconds": 86400}, "HyperParameters": {"k": "10"}}"#,
    ),
    ("sagemaker:createModel", r#"{"ModelName": "m", "ExecutionRoleArn": "r", "PrimaryContainer": {"Image": "i"}}"#),
    (
        "sagemaker:createEndpointConfig",
        r#"{"EndpointConfigName": "e", "ProductionVariants": [{"VariantName": "v", "ModelName": "m"}]}"#,
    ),
    ("sagemaker:createEndpoint", r#"{"EndpointName": "e", "EndpointConfigName": "c"}"#),
    ("sagemaker:updateEndpoint", r#"{"EndpointName": "e", "EndpointConfigName": "c"}"#),
    (
        "sagemaker:createTransformJob.sync",
        r#"{"TransformJobName": "t", "ModelName": "m", "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType":
            "S3Prefix", "S3Uri": "s3://b"}}}, "TransformOutput": {"S3OutputPath": "s3://b"}, "TransformResources":
            {"InstanceCount": 1, "InstanceType": "ml.m4.xlarge"}}"#,
    ),
    (
        "sagemaker:createProcessingJob.sync",
        r#"{"ProcessingJobName": "p", "AppSpecification": {"ImageUri": "i"}, "ProcessingResources": {"ClusterConfig":
            {"InstanceCount": 1, "InstanceType": "ml.t3.large", "VolumeSizeInGB": 1}}, "RoleArn": "r"}"#,
    ),
    (
        "elasticmapreduce:createCluster.sync",
        r#"{"Name": "n", "ServiceRole": "s", "JobFlowRole": "j", "ReleaseLabel": "emr-6.2.0", "Applications":
            [{"Name": "Spark"}], "LogUri": "s3://b", "VisibleToAllUsers": true, "Instances":
            {"KeepJobFlowAliveWhenNoSteps": true, "InstanceFleets": [{"InstanceFleetType": "MASTER",
            "TargetOnDemandCapacity": 1, "InstanceTypeConfigs": [{"InstanceType": "m4.xlarge"}]}]}}"#,
    ),
    ("elasticmapreduce:terminateCluster.sync", r#"{"ClusterId.$": "$.c"}"#),
    (
        "elasticmapreduce:addStep.sync",
        r#"{"ClusterId.$": "$.c", "Step": {"Name": "s", "ActionOnFailure": "CONTINUE"}}"#,
    ),
    ("elasticmapreduce:cancelStep", r#"{"ClusterId.$": "$.c", "StepId.$": "$.s"}"#),
    ("elasticmapreduce:setClusterTerminationProtection", r#"{"ClusterId": "c", "TerminationProtected": false}"#),
    (
        "elasticmapreduce:modifyInstanceFleetByName",
        r#"{"ClusterId": "c", "InstanceFleetName": "f", "InstanceFleet": {"TargetOnDemandCapacity": 0}}"#,
    ),
    (
        "elasticmapreduce:modifyInstanceGroupByName",
        r#"{"ClusterId": "c", "InstanceGroupName": "g", "InstanceGroup": {"InstanceCount": 8}}"#,
    ),
    (
        "emr-containers:startJobRun.sync",
        r#"{"VirtualClusterId": "v", "ExecutionRoleArn": "r", "ReleaseLabel": "emr-6.2.0-latest", "JobDriver":
            {"SparkSubmitJobDriver": {"EntryPoint": "s3://b/p.py"}}}"#,
    ),
    (
        "emr-containers:createVirtualCluster",
        r#"{"Name": "v", "ContainerProvider": {"Id": "e", "Type": "EKS", "Info": {"EksInfo": {"Namespace": "n"}}}}"#,
    ),
    ("emr-containers:deleteVirtualCluster.sync", r#"{"Id.$": "$.id"}"#),
    ("emr-serverless:createApplication.sync", r#"{"Name": "a", "ReleaseLabel": "emr-6.9.0", "Type": "SPARK"}"#),
    ("emr-serverless:startApplication.sync", r#"{"ApplicationId": "a"}"#),
    (
        "emr-serverless:startJobRun.sync",
        r#"{"ApplicationId": "a", "ExecutionRoleArn": "r", "JobDriver": {"SparkSubmit": {"EntryPoint": "s3://b"}}}"#,
    ),
    ("emr-serverless:cancelJobRun.sync", r#"{"ApplicationId": "a", "JobRunId": "j"}"#),
    ("emr-serverless:deleteApplication.sync", r#"{"ApplicationId.$": "$.a"}"#),
    (
        "codebuild:startBuild.sync",
        r#"{"ProjectName": "p", "EnvironmentVariablesOverride": [{"Name": "a", "Value": "b"}]}"#,
    ),
    ("codebuild:startBuildBatch.sync", r#"{"ProjectName": "p"}"#),
    ("codebuild:deleteBuildBatch", r#"{"Id.$": "$.id"}"#),
    ("codebuild:batchGetReports", r#"{"ReportArns.$": "$.r"}"#),
    (
        "athena:startQueryExecution.sync",
        r#"{"QueryString": "SELECT 1", "WorkGroup": "primary", "ResultConfiguration": {"OutputLocation": "s3://b"}}"#,
    ),
    ("athena:getQueryResults", r#"{"QueryExecutionId.$": "$.q", "MaxResults": 10}"#),
    ("athena:getQueryExecution", r#"{"QueryExecutionId.$": "$.q"}"#),
    ("eks:createCluster.sync", r#"{"Name": "c", "ResourcesVpcConfig": {"SubnetIds": ["a"]}, "RoleArn": "r"}"#),
    ("eks:createNodegroup.sync", r#"{"ClusterName": "c", "NodegroupName": "n", "NodeRole": "r", "Subnets": ["a"]}"#),
    ("eks:deleteNodegroup.sync", r#"{"ClusterName": "c", "NodegroupName": "n"}"#),
    (
        "eks:runJob.sync",
        r#"{"ClusterName": "c", "CertificateAuthority": "a", "Endpoint": "e", "LogOptions": {"RetrieveLogs": true},
            "Job": {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {}}}"#,
    ),
    (
        "eks:call",
        r#"{"ClusterName": "c", "CertificateAuthority": "a", "Endpoint": "e", "Method": "GET", "Path":
            "/api/v1/namespaces/default/pods", "QueryParameters": {"labelSelector": ["job-name=j"]}}"#,
    ),
    (
        "apigateway:invoke",
        r#"{"ApiEndpoint": "a.execute-api.us-east-1.amazonaws.com", "Method": "POST", "Stage": "prod", "Path": "/p",
            "Headers": {"H": ["v"]}, "QueryParameters": {"q": ["1"]}, "RequestBody.$": "$", "AuthType": "IAM_ROLE"}"#,
    ),
    (
        "apigateway:invoke.waitForTaskToken",
        r#"{"ApiEndpoint": "a", "Method": "POST", "Headers": {"TaskToken.$": "States.Array($$.Task.Token)"}}"#,
    ),
    (
        "http:invoke",
        r#"{"ApiEndpoint": "https://api.stripe.com/v1/invoices", "Method": "POST", "Authentication": {"ConnectionArn":
            "arn:aws:events:us-east-1:123456789012:connection/c/1"}, "Headers": {"Content-Type":
            "application/x-www-form-urlencoded"}, "RequestBody": {"a": [1]}, "Transform": {"RequestBodyEncoding":
            "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": "BRACKETS"}}}"#,
    ),
    ("http:invoke", r#"{"ApiEndpoint.$": "$.e", "Method": "GET", "InvocationConfig": {"ConnectionArn": "c"}}"#),
    (
        "events:putEvents",
        r#"{"Entries": [{"Detail": {"a.$": "$.a"}, "DetailType": "d", "EventBusName": "b", "Source": "s"}]}"#,
    ),
    (
        "events:putEvents.waitForTaskToken",
        r#"{"Entries": [{"Detail": {"TaskToken.$": "$$.Task.Token"}, "DetailType": "d", "Source": "s"}]}"#,
    ),
    (
        "states:startExecution.sync:2",
        r#"{"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m", "Input":
            {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"}}"#,
    ),
    ("states:startExecution", r#"{"StateMachineArn.$": "$.m", "Name.$": "$.n", "Input": {"StatePayload": "Hello!"}}"#),
    ("states:startExecution.waitForTaskToken", r#"{"StateMachineArn": "m", "Input": {"token.$": "$$.Task.Token"}}"#),
    ("states:startExecution.sync", r#"{"StateMachineArn": "m", "Input": {"TaskToken.$": "$$.Task.Token"}}"#),
    (
        "bedrock:invokeModel",
        r#"{"ModelId": "anthropic.claude-v2", "Body": {"prompt.$": "$.p"}, "ContentType": "application/json"}"#,
    ),
    ("bedrock:invokeModel", r#"{"ModelId": "m", "Input": {"S3Uri.$": "$.i"}, "Output": {"S3Uri.$": "$.o"}}"#),
    (
        "bedrock:createModelCustomizationJob.sync",
        r#"{"BaseModelIdentifier": "b", "CustomModelName": "c", "JobName": "j", "RoleArn": "r", "HyperParameters":
            {"epochCount": "1"}, "TrainingDataConfig": {"S3Uri": "s3://b"}, "OutputDataConfig": {"S3Uri": "s3://o"}}"#,
    ),
    (
        "mediaconvert:createJob.sync",
        r#"{"Role": "r", "Settings": {"OutputGroups": [], "Inputs": [{"FileInput.$": "$.f"}]}}"#,
    ),
    ("aws-sdk:s3:getObject", r#"{"Bucket": "b", "Key.$": "$.k"}"#),
    ("aws-sdk:s3:putObject", r#"{"Bucket": "b", "Key": "k", "Body": {"a.$": "$"}, "ServerSideEncryption": "AES256"}"#),
    ("aws-sdk:s3:listObjectsV2", r#"{"Bucket": "b", "Prefix": "p", "MaxKeys": 10}"#),
    ("aws-sdk:s3:copyObject", r#"{"Bucket": "b", "Key": "k", "CopySource.$": "States.Format('{}/{}', $.b, $.k)"}"#),
    ("aws-sdk:sfn:startSyncExecution", r#"{"StateMachineArn": "m", "Input": {"a": 1}}"#),
    ("aws-sdk:sfn:sendTaskSuccess", r#"{"TaskToken.$": "$.t", "Output": {"a": 1}}"#),
    ("aws-sdk:ec2:describeInstances", "{}"),
    ("aws-sdk:ec2:startInstances", r#"{"InstanceIds.$": "States.Array($.id)"}"#),
    (
        "aws-sdk:ssm:startAutomationExecution",
        r#"{"DocumentName": "AWS-StopEC2Instance", "Parameters": {"InstanceId": ["i"]}}"#,
    ),
    ("aws-sdk:ssm:getParameter", r#"{"Name": "/a", "WithDecryption": true}"#),
    ("aws-sdk:secretsmanager:getSecretValue", r#"{"SecretId": "s"}"#),
    ("aws-sdk:secretsmanager:listSecrets", "{}"),
    ("aws-sdk:kms:encrypt", r#"{"KeyId": "k", "Plaintext.$": "$.p"}"#),
    (
        "aws-sdk:rekognition:detectLabels",
        r#"{"Image": {"S3Object": {"Bucket": "b", "Name.$": "$.k"}}, "MaxLabels": 10}"#,
    ),
    (
        "aws-sdk:textract:startDocumentAnalysis",
        r#"{"DocumentLocation": {"S3Object": {"Bucket": "b", "Name": "n"}}, "FeatureTypes": ["TABLES"]}"#,
    ),
    (
        "aws-sdk:transcribe:startTranscriptionJob",
        r#"{"TranscriptionJobName": "t", "Media": {"MediaFileUri": "s3://b/k"}, "IdentifyLanguage": true}"#,
    ),
    (
        "aws-sdk:translate:translateText",
        r#"{"Text.$": "$.t", "SourceLanguageCode": "auto", "TargetLanguageCode": "en"}"#,
    ),
    ("aws-sdk:comprehend:detectSentiment", r#"{"LanguageCode": "en", "Text.$": "$.t"}"#),
    (
        "aws-sdk:polly:startSpeechSynthesisTask",
        r#"{"OutputFormat": "mp3", "OutputS3BucketName": "b", "Text": "t", "VoiceId": "Joanna"}"#,
    ),
    ("aws-sdk:eventbridge:putEvents", r#"{"Entries": [{"Source": "s", "Detail": "{}", "DetailType": "d"}]}"#),
    (
        "aws-sdk:scheduler:createSchedule",
        r#"{"Name": "n", "ScheduleExpression": "at(2030-01-01T00:00:00)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {"Arn": "a", "RoleArn": "r"}}"#,
    ),
    (
        "aws-sdk:rds:startExportTask",
        r#"{"ExportTaskIdentifier": "e", "SourceArn": "s", "S3BucketName": "b", "IamRoleArn": "r", "KmsKeyId": "k"}"#,
    ),
    ("aws-sdk:rds:createDBSnapshot", r#"{"DbInstanceIdentifier": "d", "DbSnapshotIdentifier": "s"}"#),
    ("aws-sdk:redshiftdata:executeStatement", r#"{"Sql": "SELECT 1", "WorkgroupName": "w", "Database": "d"}"#),
    ("aws-sdk:rdsdata:executeStatement", r#"{"ResourceArn": "r", "SecretArn": "s", "Sql": "SELECT 1"}"#),
    ("aws-sdk:cognitoidentityprovider:adminCreateUser", r#"{"UserPoolId": "u", "Username.$": "$.n"}"#),
    ("aws-sdk:sts:assumeRole", r#"{"RoleArn": "r", "RoleSessionName": "s"}"#),
    ("aws-sdk:cloudwatchlogs:createExportTask", r#"{"LogGroupName": "g", "From": 1, "To": 2, "Destination": "b"}"#),
    ("aws-sdk:glue:startCrawler", r#"{"Name": "c"}"#),
    (
        "aws-sdk:sesv2:sendEmail",
        r#"{"FromEmailAddress": "a@b", "Destination": {"ToAddresses": ["c@d"]}, "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}}"#,
    ),
    (
        "aws-sdk:bedrockruntime:converse",
        r#"{"ModelId": "m", "Messages": [{"Role": "user", "Content": [{"Text": "t"}]}]}"#,
    ),
    ("aws-sdk:bedrockagentruntime:retrieveAndGenerate", r#"{"Input": {"Text.$": "$.q"}}"#),
    ("aws-sdk:organizations:createAccount", r#"{"AccountName": "a", "Email": "a@b"}"#),
    ("aws-sdk:sqs:receiveMessage", r#"{"QueueUrl": "q", "MaxNumberOfMessages": 10}"#),
    ("aws-sdk:sns:publish.waitForTaskToken", r#"{"TopicArn": "t", "Message": {"t.$": "$$.Task.Token"}}"#),
];

fn errors(definition: &str, kind: MachineKind) -> Vec<String> {
    let (_, findings) = Definition::read(definition, Format::Json).check(kind);
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|error| format!("{} at {:?}", error.message, error.location)).collect()
}

/// Rewrites parameters for JSONata: what a path or a call gave becomes an expression.
fn in_jsonata(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(key, value): (String, Value)| match key.strip_suffix(".$") {
                Some(key) => (key.to_owned(), json!("{% $states.input.value %}")),
                None => (key, in_jsonata(value)),
            };
            Value::Object(members.into_iter().map(member).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(in_jsonata).collect(),
        other => other,
    }
}

#[test]
fn calls_of_every_service_are_right_in_both_languages() {
    let mut wrong = Vec::new();
    for (call, parameters) in CALLS {
        let parameters: Value = serde_json::from_str(parameters).expect("JSON");
        let resource = format!("arn:aws:states:::{call}");
        let path = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": resource, "TimeoutSeconds": 60,
            "Parameters": parameters, "ResultSelector": {"all.$": "$"}, "ResultPath": "$.result", "End": true}}});
        let jsonata = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "Resource":
            resource, "Arguments": in_jsonata(parameters), "Output": "{% $states.result %}", "End": true}}});
        for machine in [path, jsonata] {
            let found = errors(&machine.to_string(), MachineKind::Standard);
            if !found.is_empty() {
                wrong.push(format!("{machine}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Parameters of the samples fit the services' models, too: a warning here is a wrong one.
#[test]
fn parameters_of_samples_are_taken_by_the_services() {
    for (call, parameters) in CALLS {
        let machine = format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::{call}", "Parameters":
               {parameters}, "End": true}}}}}}"#
        );
        let (_, findings) = Definition::read(machine, Format::Json).check(MachineKind::Standard);
        let refused: Vec<_> = findings.iter().filter(|finding| finding.code == "PARAMETER_REFUSED").collect();
        assert!(refused.is_empty(), "{call}: {refused:?}");
    }
}

/// Whole machines, with the constructs that samples are made of.
const MACHINES: &[&str] = &[
    // A job that is asked after until it is done.
    r#"{"Comment": "Job poller", "StartAt": "Submit", "States": {
        "Submit": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:SubmitJob", "ResultPath": "$.guid", "Next": "Wait"},
        "Wait": {"Type": "Wait", "SecondsPath": "$.wait_time", "Next": "Status"},
        "Status": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:CheckJob", "Next": "Done?",
            "InputPath": "$.guid", "ResultPath": "$.status"},
        "Done?": {"Type": "Choice", "Choices": [{"Variable": "$.status", "StringEquals": "FAILED", "Next": "Failed"},
            {"Variable": "$.status", "StringEquals": "SUCCEEDED", "Next": "Final"}], "Default": "Wait"},
        "Failed": {"Type": "Fail", "Cause": "AWS Batch Job Failed", "Error": "DescribeJob returned FAILED"},
        "Final": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:CheckJob", "End": true}}}"#,
    // Retriers, catchers, and their fields.
    r#"{"StartAt": "A", "TimeoutSeconds": 3600, "Version": "1.0", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "${F}", "Payload.$": "$"},
            "Retry": [{"ErrorEquals": ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
                "Lambda.TooManyRequestsException"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2, "JitterStrategy": "FULL",
                "MaxDelaySeconds": 10}, {"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}],
            "Catch": [{"ErrorEquals": ["States.TaskFailed", "States.Timeout"], "ResultPath": "$.error", "Next": "B"},
                {"ErrorEquals": ["States.ALL"], "Next": "B"}], "OutputPath": "$.Payload", "Next": "C"},
        "B": {"Type": "Fail", "ErrorPath": "$.Error", "CausePath": "States.Format('it was: {}', $.Cause)"},
        "C": {"Type": "Succeed", "InputPath": null, "OutputPath": "$$.Execution"}}}"#,
    // A Map with the old names, one with a context path, one distributed with everything.
    r#"{"StartAt": "M", "States": {
        "M": {"Type": "Map", "ItemsPath": "$.shipped", "MaxConcurrency": 0, "Parameters": {"parcel.$": "$$.Map.Item.Value",
            "index.$": "$$.Map.Item.Index"}, "Iterator": {"StartAt": "V", "States": {"V": {"Type": "Pass", "End": true}}},
            "ResultPath": "$.shipped", "ResultSelector": {"n.$": "States.ArrayLength($)"}, "Next": "D"},
        "D": {"Type": "Map", "Label": "D-1", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig":
            {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "PIPE", "MaxItems": 10}, "Parameters":
            {"Bucket.$": "$.b", "Key": "k.csv"}}, "ItemSelector": {"row.$": "$$.Map.Item.Value"}, "ItemBatcher":
            {"MaxItemsPerBatch": 10, "MaxInputBytesPerBatch": 1000, "BatchInput": {"a.$": "$.a"}}, "MaxConcurrency": 1000,
            "ToleratedFailurePercentage": 5.5, "ToleratedFailureCount": 3, "ItemProcessor": {"ProcessorConfig": {"Mode":
            "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "V2", "States": {"V2": {"Type": "Pass", "End": true}}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"},
            "WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSONL"}}, "End": true}}}"#,
    r#"{"StartAt": "D", "States": {"D": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": "b", "Prefix": "p"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED",
        "ExecutionType": "STANDARD"}, "StartAt": "V", "States": {"V": {"Type": "Pass", "End": true}}}, "End": true}}}"#,
    r#"{"StartAt": "D", "States": {"D": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "MANIFEST", "ManifestType": "S3_INVENTORY", "MaxItemsPath": "$.max"}, "Parameters":
        {"Bucket": "b", "Key": "manifest.json"}}, "ResultWriter": {"WriterConfig": {"Transformation": "COMPACT", "OutputType":
        "JSON"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "V",
        "States": {"V": {"Type": "Pass", "End": true}}}, "End": true}}}"#,
    r#"{"StartAt": "D", "States": {"D": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2",
        "ReaderConfig": {"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN"}, "Parameters": {"Bucket": "b"}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "V", "States":
        {"V": {"Type": "Pass", "End": true}}}, "End": true}}}"#,
    // A loop without an end inside a processor, and one inside a branch, were created.
    r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "A", "States": {
        "A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}}}}"#,
    // Every operator of a choice rule.
    r#"{"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [
        {"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.a", "IsNull": true}},
            {"Or": [{"Variable": "$.a", "NumericGreaterThanEquals": 1.5}, {"Variable": "$.a", "NumericLessThanPath": "$.b"}]}], "Next": "S"},
        {"Variable": "$.t", "TimestampLessThan": "2030-01-01T00:00:00Z", "Next": "S"},
        {"Variable": "$.t", "TimestampEqualsPath": "$$.Execution.StartTime", "Next": "S"},
        {"Variable": "$.s", "StringMatches": "a\\*b*", "Next": "S"}, {"Variable": "$.s", "StringGreaterThan": "", "Next": "S"},
        {"Variable": "$[0].b", "BooleanEquals": false, "Next": "S"}, {"Variable": "$.b", "BooleanEqualsPath": "$.c", "Next": "S"},
        {"Variable": "$['a b']", "IsTimestamp": false, "Next": "S"}, {"Variable": "$.x", "IsString": true, "Next": "S"},
        {"Not": {"Variable": "$.x", "IsBoolean": true}, "Comment": "c", "Assign": {"v.$": "$.x"}, "Next": "S"}],
        "Default": "S"}, "S": {"Type": "Succeed"}}}"#,
    // Variables in JSONPath: set before a Parallel, read inside it, set by its catcher and inside it.
    r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1, "y.$": "$.y"}, "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$":
            "$y.z"}, "Assign": {"inner.$": "$"}, "End": true}}}, {"StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 1, "End": true}}}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"inner.$": "$.Error"}, "Next": "E"}], "Next": "E"},
        "E": {"Type": "Pass", "End": true}}}"#,
    // JSONata, every type of state.
    r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": {"n": "{% $states.input.n + 1 %}", "all": "{% $states.context.Execution.Id %}"}, "Assign": {"n": "{% $states.input.n %}"}, "Next": "T"},
        "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:f", "Arguments": "{% $states.input %}",
            "TimeoutSeconds": "{% $n * 10 %}", "HeartbeatSeconds": 5, "Assign": {"r": "{% $states.result.a %}"}, "Output": "{% $states.result %}",
            "Credentials": {"RoleArn": "{% $n > 1 ? 'arn:aws:iam::1:role/a' : 'arn:aws:iam::1:role/b' %}"},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $merge([$states.input, {'e': $states.errorOutput}]) %}",
                "Assign": {"e": "{% $states.errorOutput.Error %}"}, "Next": "F"}], "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Condition": "{% $n > 10 and $exists($states.input.x) %}", "Output": "{% $n %}", "Assign": {"n": 0}, "Next": "W"},
            {"Condition": true, "Next": "M"}], "Default": "S"},
        "W": {"Type": "Wait", "Timestamp": "{% $states.input.when %}", "Next": "W2"}, "W2": {"Type": "Wait", "Seconds": "{% $n %}", "Next": "S"},
        "M": {"Type": "Map", "Items": "{% $states.input.items[price > 10] %}", "ItemSelector": {"i": "{% $states.context.Map.Item.Index %}"},
            "MaxConcurrency": "{% $n %}", "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "I", "States": {"I": {"Type": "Succeed",
            "Output": "{% ($f := function($x) { $x.a }; $map($states.input.list, $f)) %}"}}}, "Output": "{% $count($states.result) %}", "Next": "P"},
        "P": {"Type": "Parallel", "Arguments": {"a": "{% $n %}"}, "Branches": [{"StartAt": "Q", "States": {"Q": {"Type": "Pass", "End": true}}}], "Next": "S"},
        "F": {"Type": "Fail", "Error": "{% $e %}", "Cause": "{% 'because of ' & $string($n) %}"}, "S": {"Type": "Succeed"}}}"#,
    // JSONata in single states of a JSONPath machine, and an ARN with region and account.
    r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource":
        "arn:aws:states:us-east-1:123456789012:lambda:invoke", "Arguments": {"FunctionName": "f"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws-us-gov:states:::sns:publish", "Parameters": {"Message": "m"}, "End": true}}}"#,
    // An activity, and every intrinsic function.
    r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a",
        "HeartbeatSecondsPath": "$.h", "TimeoutSecondsPath": "$$.Execution.Input.t", "Next": "B"}, "B": {"Type": "Pass", "Parameters": {
        "a.$": "States.Array($.a, 1, null, true, 'x')", "b.$": "States.ArrayPartition($.a, 2)", "c.$": "States.ArrayContains($.a, 1)",
        "d.$": "States.ArrayRange(0, 10, 2)", "e.$": "States.ArrayGetItem($.a, 0)", "f.$": "States.ArrayUnique($.a)",
        "g.$": "States.Base64Encode($.s)", "h.$": "States.Base64Decode($.s)", "i.$": "States.Hash($.s, 'SHA-256')",
        "j.$": "States.JsonMerge($.a, $.b, false)", "k.$": "States.MathRandom(1, 10, $.seed)", "l.$": "States.MathAdd($.n, -1)",
        "m.$": "States.StringSplit('a,b', ',')", "n.$": "States.UUID()", "o.$": "States.StringToJson($.s)",
        "p.$": "States.JsonToString($)", "q.$": "$$.State.EnteredTime", "r.$": "$.list[?(@.a > 1)].b", "s.$": "$..b"}, "End": true}}}"#,
    // Substitutions of deployment tools.
    r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${FunctionArn}", "TimeoutSeconds": ${Timeout}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:${AWS::Partition}:states:::dynamodb:putItem", "Parameters": {"TableName": "${Table}",
        "Item": {"id": {"S.$": "$.id"}}}, "Next": "C"}, "C": {"Type": "Task", "Resource": {"Fn::GetAtt": ["F", "Arn"]}, "End": true}}}"#,
];

#[test]
fn whole_machines_of_samples_are_right() {
    for machine in MACHINES {
        assert_eq!(errors(machine, MachineKind::Standard), Vec::<String>::new(), "{machine}");
    }
}
