//! Each shape with a document as its service writes it, the sentence, and the commands.

use super::super::Message;
use super::*;
use serde_json::json;
use std::collections::BTreeSet;

/// The document, its sentence, and what opens what it names (the task was given `{"Cluster": "etl", "ClusterId": "j-2X"}`).
fn rows() -> Vec<(Value, &'static str, Vec<&'static str>)> {
    let task = "arn:aws:ecs:eu-west-1:402817639051:task/etl/9f3c";
    vec![
        (
            json!({"ClusterArn": "etl", "Containers": [
                {"Name": "envoy", "ExitCode": 143, "LastStatus": "STOPPED"},
                {"Name": "loader", "ExitCode": 137, "LastStatus": "STOPPED",
                 "Reason": "OutOfMemoryError: Container killed due to memory usage"}],
                "LastStatus": "STOPPED", "Memory": "8192", "StopCode": "EssentialContainerExited",
                "StoppedReason": "Essential container in task exited", "TaskArn": task, "TaskDefinitionArn": "loader:7"}),
            "Container loader exited with code 137: OutOfMemoryError: Container killed due to memory usage (it had 8192 MiB)",
            vec![
                "aws ecs describe-tasks --cluster etl --tasks arn:aws:ecs:eu-west-1:402817639051:task/etl/9f3c",
                "aws ecs describe-task-definition --task-definition loader:7",
            ],
        ),
        (
            json!({"Tasks": [{"containers": [{"name": "app", "exitCode": 139}, {"name": "log", "exitCode": 0}],
                "lastStatus": "STOPPED", "stoppedReason": "Essential container in task exited"}], "Failures": []}),
            "Container app exited with code 139 (SIGSEGV): Essential container in task exited",
            vec![],
        ),
        (
            json!({"Containers": [{"Name": "app", "LastStatus": "STOPPED"}], "LastStatus": "STOPPED",
                "StopCode": "TaskFailedToStart", "TaskArn": task, "ClusterArn": "etl",
                "StoppedReason": "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref registry/app:9: not found"}),
            "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref registry/app:9: not found (TaskFailedToStart)",
            vec!["aws ecs describe-tasks --cluster etl --tasks arn:aws:ecs:eu-west-1:402817639051:task/etl/9f3c"],
        ),
        (
            json!({"Containers": [{"Name": "app", "Reason": "CannotPullContainerError: access denied"}], "LastStatus": "STOPPED",
                "StopCode": "TaskFailedToStart", "StoppedReason": "Task failed to start"}),
            "Container app: CannotPullContainerError: access denied",
            vec![],
        ),
        (
            json!({"Containers": [{"Name": "app", "ExitCode": 143}], "LastStatus": "STOPPED", "StopCode": "SpotInterruption",
                "StoppedReason": "Your Spot Task was interrupted."}),
            "Your Spot Task was interrupted. (SpotInterruption)",
            vec![],
        ),
        (
            json!({"Failures": [{"Arn": "arn:aws:ecs:eu-west-1:1:container-instance/a1", "Reason": "RESOURCE:MEMORY"},
                {"Arn": "arn:aws:ecs:eu-west-1:1:container-instance/a2", "Reason": "RESOURCE:MEMORY"}], "Tasks": []}),
            "The task could not be placed: RESOURCE:MEMORY on container-instance/a1 (and 1 more failure)",
            vec!["aws ecs describe-clusters --clusters etl"],
        ),
        (
            json!({"JobId": "4b1f", "JobName": "close-books", "JobQueue": "night", "JobDefinition": "close:3", "Status": "FAILED",
                "StatusReason": "Essential container in task exited", "Attempts": [
                    {"Container": {"ExitCode": 1, "LogStreamName": "close/default/1"}, "StatusReason": "Essential container in task exited"},
                    {"Container": {"ExitCode": 1, "LogStreamName": "close/default/2"}, "StatusReason": "Essential container in task exited"}],
                "Container": {"ExitCode": 1, "LogStreamName": "close/default/2", "Image": "close:3"}}),
            "Job close-books exited with code 1 (attempt 2): Essential container in task exited",
            vec![
                "aws logs get-log-events --log-group-name /aws/batch/job --log-stream-name close/default/2",
                "aws batch describe-jobs --jobs 4b1f",
            ],
        ),
        (
            json!({"JobId": "4b1f", "JobName": "render", "JobQueue": "q", "StatusReason": "Host EC2 (instance i-0c) terminated.",
                "Container": {"LogConfiguration": {"Options": {"awslogs-group": "/render"}}, "LogStreamName": "r/1"}}),
            "Job render: Host EC2 (instance i-0c) terminated.",
            vec![
                "aws logs get-log-events --log-group-name /render --log-stream-name r/1",
                "aws batch describe-jobs --jobs 4b1f",
            ],
        ),
        (
            json!({"JobId": "4b1f", "JobName": "tiles", "JobQueue": "q", "StatusReason": "Array Child Job failed",
                "ArrayProperties": {"Size": 40, "StatusSummary": {"FAILED": 3, "SUCCEEDED": 37}}}),
            "3 of 40 child jobs of tiles failed: Array Child Job failed",
            vec!["aws batch describe-jobs --jobs 4b1f"],
        ),
        (
            json!({"JobId": "4b1f", "JobName": "pods", "JobQueue": "q", "StatusReason": "Essential container in task exited",
                "EksProperties": {"PodProperties": {"Containers": [{"Name": "main", "ExitCode": 2, "Reason": "Error"}]}}}),
            "Container main exited with code 2: Error, job pods",
            vec!["aws batch describe-jobs --jobs 4b1f"],
        ),
        (
            json!({"Build": {"Id": "site:7c", "BuildStatus": "FAILED", "CurrentPhase": "COMPLETED", "Phases": [
                {"PhaseType": "INSTALL", "PhaseStatus": "SUCCEEDED", "Contexts": [{"StatusCode": "", "Message": ""}]},
                {"PhaseType": "POST_BUILD", "PhaseStatus": "FAILED", "Contexts": [{"StatusCode": "COMMAND_EXECUTION_ERROR",
                 "Message": "Error while executing command: npm run e2e. Reason: exit status 1"}]},
                {"PhaseType": "COMPLETED"}],
                "Logs": {"GroupName": "/aws/codebuild/site", "StreamName": "7c"}}}),
            "POST_BUILD failed: Error while executing command: npm run e2e. Reason: exit status 1 (COMMAND_EXECUTION_ERROR)",
            vec![
                "aws logs get-log-events --log-group-name /aws/codebuild/site --log-stream-name 7c",
                "aws codebuild batch-get-builds --ids site:7c",
            ],
        ),
        (
            json!({"Build": {"Id": "site:7d", "BuildStatus": "TIMED_OUT", "Phases": [{"PhaseType": "BUILD", "PhaseStatus": "TIMED_OUT",
                "Contexts": [{"Message": "BUILD_TIMED_OUT: Build has timed out. "}]}]}}),
            "BUILD timed out: BUILD_TIMED_OUT: Build has timed out.",
            vec!["aws codebuild batch-get-builds --ids site:7d"],
        ),
        (
            json!({"BuildBatch": {"Id": "site:b1", "BuildBatchStatus": "FAILED", "BuildGroups": [
                {"Identifier": "linux", "CurrentBuildSummary": {"BuildStatus": "SUCCEEDED"}},
                {"Identifier": "arm", "CurrentBuildSummary": {"BuildStatus": "FAILED"}}]}}),
            "The build batch ended FAILED: arm FAILED",
            vec!["aws codebuild batch-get-build-batches --ids site:b1"],
        ),
        (
            json!({"PipelineExecution": {"PipelineExecutionId": "e1", "PipelineName": "web", "Status": "Failed",
                "StatusSummary": "Deploy stage failed"}}),
            "Deploy stage failed (pipeline web)",
            vec!["aws codepipeline list-action-executions --pipeline-name web --filter pipelineExecutionId=e1"],
        ),
        (
            json!({"Status": "Failed", "ErrorDetails": {"Code": "ConfigurationError", "Message": "The bucket does not exist"}}),
            "The bucket does not exist (ConfigurationError)",
            vec![],
        ),
        (
            json!({"DeploymentInfo": {"DeploymentId": "d-1", "ApplicationName": "shop", "Status": "Failed",
                "ErrorInformation": {"Code": "HEALTH_CONSTRAINTS", "Message": "Too few healthy instances are available"}}}),
            "Too few healthy instances are available (HEALTH_CONSTRAINTS), deployment d-1",
            vec!["aws deploy get-deployment --deployment-id d-1"],
        ),
        (
            json!({"Stacks": [{"StackName": "net", "StackStatus": "ROLLBACK_COMPLETE",
                "StackStatusReason": "The following resource(s) failed to create: [Vpc]."}]}),
            "The following resource(s) failed to create: [Vpc]. (stack net)",
            vec!["aws cloudformation describe-stack-events --stack-name net"],
        ),
        (
            json!({"Step": {"Id": "s-3", "Name": "aggregate", "ActionOnFailure": "CONTINUE", "Status": {"State": "FAILED",
                "StateChangeReason": {}, "FailureDetails": {"Reason": "Unknown Error.",
                "Message": "Exception in thread \"main\" org.apache.spark.SparkException: Application application_17 finished with failed status",
                "LogFile": "s3://logs/j-2X/steps/s-3/stderr.gz"}}}}),
            "Exception in thread \"main\" org.apache.spark.SparkException: Application application_17 finished with failed status, step aggregate",
            vec![
                "aws emr describe-step --cluster-id j-2X --step-id s-3",
                "aws s3 cp s3://logs/j-2X/steps/s-3/stderr.gz -",
            ],
        ),
        (
            json!({"Cluster": {"Id": "j-9K", "Name": "nightly", "LogUri": "s3n://logs/", "Status": {"State": "TERMINATED_WITH_ERRORS",
                "StateChangeReason": {"Code": "BOOTSTRAP_FAILURE", "Message": "On the master instance (i-0a), bootstrap action 1 returned a non-zero return code"}}}}),
            "On the master instance (i-0a), bootstrap action 1 returned a non-zero return code (BOOTSTRAP_FAILURE), cluster j-9K",
            vec!["aws emr describe-cluster --cluster-id j-9K", "aws s3 ls s3://logs/"],
        ),
        (
            json!({"JobRun": {"ApplicationId": "00f1", "JobRunId": "00g2", "Name": "dedupe", "State": "FAILED",
                "StateDetails": "Job failed, please check complete logs in configured logging destination. ExitCode: 1. Last few exceptions: Caused by: java.io.FileNotFoundException: No such file s3://in/x"}}),
            "java.io.FileNotFoundException: No such file s3://in/x (exit code 1), job run dedupe",
            vec![
                "aws emr-serverless get-job-run --application-id 00f1 --job-run-id 00g2",
                "aws emr-serverless get-application --application-id 00f1",
            ],
        ),
        (
            json!({"Id": "00h", "Name": "score", "VirtualClusterId": "vc7", "State": "FAILED", "FailureReason": "USER_ERROR",
                "StateDetails": "JobRun failed. Main Spark container terminated with exit code 1"}),
            "JobRun failed. Main Spark container terminated with exit code 1 (USER_ERROR), job run score",
            vec!["aws emr-containers describe-job-run --virtual-cluster-id vc7 --id 00h"],
        ),
        (
            json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
                "message": "jobs.batch is forbidden: User \"sfn\" cannot create resource \"jobs\""}),
            "jobs.batch is forbidden: User \"sfn\" cannot create resource \"jobs\" (Forbidden)",
            vec![],
        ),
        (
            json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "pi", "namespace": "math"}, "status": {"failed": 1,
                "conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded",
                "message": "Job has reached the specified backoff limit"}]}}),
            "Job pi: Job has reached the specified backoff limit (BackoffLimitExceeded)",
            vec!["kubectl describe job pi --namespace math"],
        ),
        (
            json!({"Nodegroup": {"NodegroupName": "gpu", "ClusterName": "ml", "Status": "CREATE_FAILED", "Health": {"Issues": [
                {"Code": "AsgInstanceLaunchFailures", "Message": "You have requested more vCPU capacity than your limit"}]}}}),
            "You have requested more vCPU capacity than your limit (AsgInstanceLaunchFailures), nodegroup gpu",
            vec![
                "aws eks describe-nodegroup --cluster-name ml --nodegroup-name gpu",
                "aws eks describe-cluster --name ml",
            ],
        ),
        (
            json!({"Id": "jr_51", "JobName": "ledger to parquet", "JobRunState": "FAILED", "LogGroupName": "/aws-glue/jobs",
                "ErrorMessage": "AnalysisException: Path does not exist: s3://in/2026/11"}),
            "AnalysisException: Path does not exist: s3://in/2026/11 (job ledger to parquet)",
            vec![
                "aws logs get-log-events --log-group-name /aws-glue/jobs/error --log-stream-name jr_51",
                "aws glue get-job-run --job-name 'ledger to parquet' --run-id jr_51",
            ],
        ),
        (
            json!({"Id": "jr_52", "JobName": "slow", "JobRunState": "TIMEOUT", "Timeout": 60}),
            "Job slow ended TIMEOUT, time-out 60 min",
            vec![
                "aws logs get-log-events --log-group-name /aws-glue/jobs/error --log-stream-name jr_52",
                "aws glue get-job-run --job-name slow --run-id jr_52",
            ],
        ),
        (
            json!({"Crawler": {"Name": "raw", "State": "READY", "LastCrawl": {"Status": "FAILED", "LogGroup": "/aws-glue/crawlers",
                "LogStream": "raw", "ErrorMessage": "Internal Service Exception"}}}),
            "Internal Service Exception (crawler raw)",
            vec![
                "aws logs get-log-events --log-group-name /aws-glue/crawlers --log-stream-name raw",
                "aws glue get-crawler --name raw",
            ],
        ),
        (
            json!({"RunId": "db_1", "JobName": "clean", "DatasetName": "raw", "State": "FAILED", "LogGroupName": "/aws-glue-databrew/jobs/clean",
                "ErrorMessage": "The dataset has no columns"}),
            "The dataset has no columns (job clean)",
            vec![
                "aws logs describe-log-streams --log-group-name /aws-glue-databrew/jobs/clean --log-stream-name-prefix db_1",
                "aws databrew describe-job-run --name clean --run-id db_1",
            ],
        ),
        (
            json!({"QueryExecution": {"QueryExecutionId": "q-81", "Query": "SELECT * FROM l", "WorkGroup": "primary", "Status": {
                "State": "FAILED", "StateChangeReason": "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.fin.l' does not exist",
                "AthenaError": {"ErrorCategory": 2, "ErrorType": 1301, "Retryable": false, "ErrorMessage": "TABLE_NOT_FOUND"}}}}),
            "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.fin.l' does not exist",
            vec!["aws athena get-query-execution --query-execution-id q-81"],
        ),
        (
            json!({"QueryExecution": {"QueryExecutionId": "q-82", "WorkGroup": "primary", "Status": {"State": "CANCELLED"}}}),
            "Query ended CANCELLED, workgroup primary",
            vec!["aws athena get-query-execution --query-execution-id q-82"],
        ),
        (
            json!({"Id": "st-1", "Status": "FAILED", "QueryString": "copy x", "Error": "ERROR: relation \"x\" does not exist"}),
            "ERROR: relation \"x\" does not exist",
            vec!["aws redshift-data describe-statement --id st-1"],
        ),
        (
            json!({"TrainingJobName": "churn-11", "TrainingJobStatus": "Failed", "SecondaryStatus": "Failed",
                "FailureReason": "AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage \"KeyError: 'label'\""}),
            "AlgorithmError: ExecuteUserScriptError: ExitCode 1 ErrorMessage \"KeyError: 'label'\" (training job churn-11)",
            vec![
                "aws logs describe-log-streams --log-group-name /aws/sagemaker/TrainingJobs --log-stream-name-prefix churn-11",
                "aws sagemaker describe-training-job --training-job-name churn-11",
            ],
        ),
        (
            json!({"ProcessingJobName": "prep-4", "ProcessingJobStatus": "Failed", "ExitMessage": "No space left on device"}),
            "No space left on device (processing job prep-4)",
            vec![
                "aws logs describe-log-streams --log-group-name /aws/sagemaker/ProcessingJobs --log-stream-name-prefix prep-4",
                "aws sagemaker describe-processing-job --processing-job-name prep-4",
            ],
        ),
        (
            json!({"TransformJobName": "score-4", "TransformJobStatus": "Failed", "FailureReason": "ClientError: See job logs"}),
            "ClientError: See job logs (transform job score-4)",
            vec![
                "aws logs describe-log-streams --log-group-name /aws/sagemaker/TransformJobs --log-stream-name-prefix score-4",
                "aws sagemaker describe-transform-job --transform-job-name score-4",
            ],
        ),
        (
            json!({"HyperParameterTuningJobName": "tune", "HyperParameterTuningJobStatus": "Failed", "FailureReason": "All training jobs failed"}),
            "All training jobs failed (tuning job tune)",
            vec!["aws sagemaker describe-hyper-parameter-tuning-job --hyper-parameter-tuning-job-name tune"],
        ),
        (
            json!({"LabelingJobName": "cats", "LabelingJobStatus": "Stopped"}),
            "Labeling job cats ended Stopped",
            vec!["aws sagemaker describe-labeling-job --labeling-job-name cats"],
        ),
        (
            json!({"AutoMLJobName": "auto", "AutoMLJobStatus": "Failed", "FailureReason": "The dataset is too small"}),
            "The dataset is too small (AutoML job auto)",
            vec!["aws sagemaker describe-auto-ml-job --auto-ml-job-name auto"],
        ),
        (
            json!({"EndpointName": "live", "EndpointStatus": "Failed", "FailureReason": "The container did not pass the ping health check."}),
            "The container did not pass the ping health check. (endpoint live)",
            vec!["aws sagemaker describe-endpoint --endpoint-name live"],
        ),
        (
            json!({"PipelineExecutionArn": "arn:aws:sagemaker:r:1:pipeline/p/execution/e", "PipelineExecutionStatus": "Failed",
                "FailureReason": "Step failure: One or multiple steps failed."}),
            "Step failure: One or multiple steps failed.",
            vec![
                "aws sagemaker list-pipeline-execution-steps --pipeline-execution-arn arn:aws:sagemaker:r:1:pipeline/p/execution/e",
            ],
        ),
        (
            json!({"JobArn": "arn:aws:bedrock:r:1:model-customization-job/m/1", "JobName": "tune-faq", "Status": "Failed",
                "BaseModelArn": "arn:b", "FailureMessage": "Training data has 12 records; at least 32 are needed."}),
            "Training data has 12 records; at least 32 are needed. (job tune-faq)",
            vec![
                "aws bedrock get-model-customization-job --job-identifier arn:aws:bedrock:r:1:model-customization-job/m/1",
            ],
        ),
        (
            json!({"JobArn": "arn:j", "JobName": "batch", "ModelId": "m", "InputDataConfig": {}, "Status": "Failed", "Message": "Input is empty"}),
            "Input is empty (job batch)",
            vec!["aws bedrock get-model-invocation-job --job-identifier arn:j"],
        ),
        (
            json!({"IngestionJob": {"IngestionJobId": "I1", "KnowledgeBaseId": "K1", "DataSourceId": "D1", "Status": "FAILED",
                "FailureReasons": ["[\"Encountered error: Access denied\"]"]}}),
            "Encountered error: Access denied",
            vec![
                "aws bedrock-agent get-ingestion-job --knowledge-base-id K1 --data-source-id D1 --ingestion-job-id I1",
            ],
        ),
        (
            json!({"Job": {"Id": "17-ab", "Status": "ERROR", "ErrorCode": 1404, "Queue": "arn:q", "Settings": {},
                "ErrorMessage": "Unable to open input file [s3://in/a.mov]: [Failed probe/open]"}}),
            "Unable to open input file [s3://in/a.mov]: [Failed probe/open] (error 1404, job 17-ab)",
            vec!["aws mediaconvert get-job --id 17-ab"],
        ),
        (
            json!({"TaskExecutionArn": "arn:aws:datasync:r:1:task/t/execution/e", "Status": "ERROR",
                "Result": {"ErrorCode": "SrcLocation", "ErrorDetail": "DataSync location access test failed: NFS server is unreachable"}}),
            "DataSync location access test failed: NFS server is unreachable (SrcLocation)",
            vec!["aws datasync describe-task-execution --task-execution-arn arn:aws:datasync:r:1:task/t/execution/e"],
        ),
        (
            json!({"ReplicationTasks": [{"ReplicationTaskArn": "arn:t", "ReplicationTaskIdentifier": "crm", "Status": "failed",
                "LastFailureMessage": "Last Error Fatal error has occurred Task error notification received"}]}),
            "Last Error Fatal error has occurred Task error notification received (task crm)",
            vec!["aws dms describe-replication-tasks --filters Name=replication-task-arn,Values=arn:t"],
        ),
        (
            json!({"AutomationExecution": {"AutomationExecutionId": "a1", "DocumentName": "PatchHosts", "AutomationExecutionStatus": "Failed",
                "FailureMessage": "Step fails when it is Execute/Cancelling action"}}),
            "Step fails when it is Execute/Cancelling action (document PatchHosts)",
            vec!["aws ssm get-automation-execution --automation-execution-id a1"],
        ),
        (
            json!({"CommandId": "c1", "InstanceId": "i-0f", "ResponseCode": 2, "Status": "Failed", "StatusDetails": "Failed",
                "StandardErrorContent": "tar: /data: Cannot open\n"}),
            "tar: /data: Cannot open (exit code 2, instance i-0f)",
            vec!["aws ssm get-command-invocation --command-id c1 --instance-id i-0f"],
        ),
        (
            json!({"TranscriptionJob": {"TranscriptionJobName": "call-8", "TranscriptionJobStatus": "FAILED",
                "FailureReason": "The media format provided does not match the detected media format."}}),
            "The media format provided does not match the detected media format. (job call-8)",
            vec!["aws transcribe get-transcription-job --transcription-job-name call-8"],
        ),
        (
            json!({"MapRunArn": "arn:m", "Status": "FAILED", "ItemCounts": {"Failed": 12, "Total": 400}}),
            "12 of 400 items failed",
            vec!["aws stepfunctions describe-map-run --map-run-arn arn:m"],
        ),
        (
            json!({"Message": "Transaction cancelled", "CancellationReasons": [{"Code": "None"},
                {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}]}),
            "Transaction cancelled: ConditionalCheckFailed (item 2 of 2): The conditional request failed",
            vec![],
        ),
        (
            json!({"Entries": [{"EventId": "1"}, {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}], "FailedEntryCount": 1}),
            "Entry 2 of 2 failed: Detail is malformed. (MalformedDetail)",
            vec![],
        ),
        (
            json!({"FailedRecordCount": 2, "Records": [{"ErrorCode": "ProvisionedThroughputExceededException",
                "ErrorMessage": "Rate exceeded for shard 3"}, {"ErrorCode": "InternalFailure"}, {"SequenceNumber": "4"}]}),
            "Record 1 of 3 failed: Rate exceeded for shard 3 (ProvisionedThroughputExceededException) (and 1 more)",
            vec![],
        ),
        (
            json!({"FailedPutCount": 1, "RequestResponses": [{"RecordId": "r"}, {"ErrorCode": "ServiceUnavailableException"}]}),
            "Record 2 of 2 failed: ServiceUnavailableException",
            vec![],
        ),
        (
            json!({"Successful": [{"Id": "a"}], "Failed": [{"Id": "b", "Code": "InvalidMessageContents", "SenderFault": true, "Message": "Bad characters"}]}),
            "1 of 2 messages failed, the first b: Bad characters (InvalidMessageContents)",
            vec![],
        ),
        (
            json!({"StatusCode": 404, "StatusText": "Not Found", "Headers": {"server": ["x"]}, "ResponseBody": {"error": {"message": "No such cart"}}}),
            "404 Not Found: No such cart",
            vec![],
        ),
        (
            json!({"statusCode": 500, "body": "{\"message\":\"Internal server error\"}"}),
            "500 Internal Server Error",
            vec![],
        ),
        (json!({"StatusCode": 418, "ResponseBody": "short and stout"}), "HTTP status 418: short and stout", vec![]),
    ]
}

#[test]
fn each_shape_has_its_sentence_and_its_commands() {
    let input = json!({"Cluster": "etl", "ClusterId": "j-2X"});
    for (document, sentence, commands) in rows() {
        // Step Functions hands the description on as text.
        let message = Message::of(&document.to_string().into());
        assert_eq!(message.summary, sentence, "{document}");
        assert!(message.decoded.is_some(), "{document}");
        let opened = message.openers(Some(&input), None);
        assert_eq!(opened.iter().map(|opener| &*opener.command).collect::<Vec<_>>(), commands, "{document}");
    }
}

#[test]
fn no_shape_is_without_a_test() {
    let rows = rows();
    let tried: BTreeSet<usize> = rows
        .iter()
        .filter_map(|(document, ..)| find(document))
        .filter_map(|found| SHAPES.iter().position(|shape| std::ptr::eq(shape, found.shape)))
        .collect();
    let untried: Vec<_> = SHAPES
        .iter()
        .enumerate()
        .filter(|(at, _)| !tried.contains(at))
        .map(|(_, shape)| (shape.service, shape.has))
        .collect();
    assert_eq!(untried, []);
}

#[test]
fn a_region_is_added_to_the_commands_of_aws_and_nothing_else() {
    let opened = |document: Value| Message::of(&document.to_string().into()).openers(None, Some("eu-north-1"));
    let query = json!({"QueryExecution": {"QueryExecutionId": "q", "Status": {"State": "FAILED"}}});
    assert_eq!(opened(query)[0].command, "aws athena get-query-execution --query-execution-id q --region eu-north-1");
    let pod = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "pi"}, "status": {"conditions": [{"type": "Failed", "reason": "x"}]}});
    assert_eq!(opened(pod)[0].command, "kubectl describe job pi --namespace default");
}

#[test]
fn names_that_would_be_something_else_to_a_shell_make_no_command() {
    let document = json!({"JobRunState": "FAILED", "ErrorMessage": "x", "JobName": "$(reboot)", "Id": "--profile"});
    let opened = Message::of(&document.to_string().into()).openers(None, None);
    assert_eq!(opened, []);
}

#[test]
fn documents_with_members_of_the_wrong_type_say_something_all_the_same() {
    for (document, _, _) in rows() {
        let Value::Object(members) = &document else { continue };
        for name in members.keys() {
            for other in [Value::Null, json!(7), json!("x"), json!([]), json!({}), json!([[]]), json!([null])] {
                let mut changed = document.clone();
                changed[name] = other;
                let message = Message::of(&changed.to_string().into());
                assert!(!message.summary.is_empty(), "{changed}");
                message.openers(Some(&changed), Some("r"));
            }
        }
    }
}
