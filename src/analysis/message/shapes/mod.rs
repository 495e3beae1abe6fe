//! The shapes in which services describe what failed, and the sentence a person would make of each: a table.
//!
//! What Step Functions puts into the cause of a job (`.sync`) is the service's description of that job, its names
//! written with capitals. The names are those of the services' API models.

mod told;

#[cfg(test)]
mod tests;

use super::document::Document;
use super::wording::{self, Source};
use super::{DEPTH, Message};
use serde_json::Value;

pub(super) use told::answered;

/// What the shape of an HTTP response has in place of a service.
pub(super) const HTTP: &str = "HTTP";

/// A shape, what it says, and what opens the thing it describes.
struct Shape {
    /// The service, as AWS calls it.
    service: &'static str,
    /// Members that a document of this shape has, each `A|B` for one of several.
    has: &'static [&'static str],
    /// The sentence.
    says: Says,
    /// What can be opened, and the command for it; one whose gaps cannot be filled is left out.
    opens: &'static [(&'static str, &'static str)],
}

/// How a sentence is made.
enum Says {
    /// Of the first of these wordings whose gaps can be filled.
    Words(&'static [&'static str]),
    /// By a function: which of several parts failed has to be found out.
    Told(fn(Document<'_>) -> Option<String>),
}

/// A description of a known shape.
pub(super) struct Found<'d> {
    shape: &'static Shape,
    document: Document<'d>,
}

use Says::{Told, Words};

/// The table. The first shape that fits is taken, so those with more telling members come first.
static SHAPES: &[Shape] = &[
    Shape {
        service: "Amazon ECS",
        has: &["Containers", "TaskArn|StoppedReason|LastStatus"],
        says: Told(told::ecs_task),
        opens: &[
            ("task", "aws ecs describe-tasks --cluster {ClusterArn|in:Cluster} --tasks {TaskArn}"),
            ("task definition", "aws ecs describe-task-definition --task-definition {TaskDefinitionArn}"),
        ],
    },
    Shape {
        service: "Amazon ECS",
        has: &["Failures.0.Reason"],
        says: Told(told::ecs_placement),
        opens: &[("cluster", "aws ecs describe-clusters --clusters {in:Cluster}")],
    },
    Shape {
        service: "AWS Batch",
        has: &["JobId", "JobQueue|JobDefinition|JobName", "StatusReason|Attempts|Container|ArrayProperties"],
        says: Told(told::batch_job),
        opens: &[
            (
                "log stream",
                "aws logs get-log-events --log-group-name {Container.LogConfiguration.Options.awslogs-group|=/aws/batch/job} --log-stream-name {Container.LogStreamName|Attempts.-1.Container.LogStreamName|Attempts.-1.TaskProperties.0.Containers.0.LogStreamName}",
            ),
            ("job", "aws batch describe-jobs --jobs {JobId}"),
        ],
    },
    Shape {
        service: "AWS CodeBuild",
        has: &["BuildStatus", "Phases|BuildNumber|ProjectName|Id"],
        says: Told(told::build),
        opens: &[
            (
                "log stream",
                "aws logs get-log-events --log-group-name {Logs.GroupName} --log-stream-name {Logs.StreamName}",
            ),
            ("build", "aws codebuild batch-get-builds --ids {Id|Arn}"),
        ],
    },
    Shape {
        service: "AWS CodeBuild",
        has: &["BuildBatchStatus"],
        says: Told(told::build_batch),
        opens: &[("build batch", "aws codebuild batch-get-build-batches --ids {Id|Arn}")],
    },
    Shape {
        service: "AWS CodePipeline",
        has: &["PipelineExecutionId", "PipelineName|Status"],
        says: Words(&[
            "{StatusSummary|ErrorDetails.Message}[ (pipeline {PipelineName})]",
            "Pipeline {PipelineName} ended {Status}",
        ]),
        opens: &[(
            "pipeline execution",
            "aws codepipeline list-action-executions --pipeline-name {PipelineName} --filter pipelineExecutionId={PipelineExecutionId}",
        )],
    },
    Shape {
        service: "AWS CodePipeline",
        has: &["ErrorDetails.Message", "ErrorDetails.Code|Status|Summary"],
        says: Words(&["{ErrorDetails.Message}[ ({ErrorDetails.Code})]"]),
        opens: &[],
    },
    Shape {
        service: "AWS CodeDeploy",
        has: &["ErrorInformation", "DeploymentId|ApplicationName"],
        says: Words(&["{ErrorInformation.Message}[ ({ErrorInformation.Code})][, deployment {DeploymentId}]"]),
        opens: &[("deployment", "aws deploy get-deployment --deployment-id {DeploymentId}")],
    },
    Shape {
        service: "AWS CloudFormation",
        has: &["StackStatus|ResourceStatusReason", "StackName|StackId"],
        says: Words(&[
            "[{LogicalResourceId}: ]{ResourceStatusReason|StackStatusReason}[ (stack {StackName})]",
            "Stack {StackName} ended {StackStatus}",
        ]),
        opens: &[("stack events", "aws cloudformation describe-stack-events --stack-name {StackName|StackId}")],
    },
    Shape {
        service: "Amazon EMR",
        has: &["Status.State", "ActionOnFailure|Config.Jar|Status.FailureDetails"],
        says: Told(told::emr_step),
        opens: &[
            ("step", "aws emr describe-step --cluster-id {ClusterId|in:ClusterId} --step-id {Id|StepId}"),
            ("log file", "aws s3 cp {Status.FailureDetails.LogFile} -"),
        ],
    },
    Shape {
        service: "Amazon EMR",
        has: &[
            "Status.StateChangeReason",
            "LogUri|NormalizedInstanceHours|Status.StateChangeReason.Code|Status.StateChangeReason.Message",
        ],
        says: Words(&[
            "{Status.StateChangeReason.Message}[ ({Status.StateChangeReason.Code})][, cluster {Id|ClusterId}]",
            "Cluster[ {Name}][ {Id|ClusterId}] ended {Status.State}[: {Status.StateChangeReason.Code}]",
        ]),
        opens: &[
            ("cluster", "aws emr describe-cluster --cluster-id {Id|ClusterId|in:ClusterId}"),
            ("log files", "aws s3 ls {LogUri}"),
        ],
    },
    Shape {
        service: "Amazon EMR Serverless",
        has: &["ApplicationId", "JobRunId|StateDetails|State"],
        says: Told(told::emr_serverless),
        opens: &[
            (
                "log stream",
                "aws logs describe-log-streams --log-group-name {ConfigurationOverrides.MonitoringConfiguration.CloudWatchLoggingConfiguration.LogGroupName} --log-stream-name-prefix applications/{ApplicationId}/jobs/{JobRunId}",
            ),
            ("job run", "aws emr-serverless get-job-run --application-id {ApplicationId} --job-run-id {JobRunId}"),
            ("application", "aws emr-serverless get-application --application-id {ApplicationId}"),
        ],
    },
    Shape {
        service: "Amazon EMR on EKS",
        has: &["VirtualClusterId", "State|StateDetails|FailureReason"],
        says: Words(&[
            "{StateDetails}[ ({FailureReason})][, job run {Name|Id}]",
            "Job run {Name|Id} ended {State}[: {FailureReason}]",
        ]),
        opens: &[(
            "job run",
            "aws emr-containers describe-job-run --virtual-cluster-id {VirtualClusterId} --id {Id|JobRunId}",
        )],
    },
    Shape {
        service: "Amazon EKS",
        has: &["ApiVersion", "Kind", "Status.Conditions|Reason|Message"],
        says: Told(told::kubernetes),
        opens: &[("job", "kubectl describe job {Metadata.Name} --namespace {Metadata.Namespace|=default}")],
    },
    Shape {
        service: "Amazon EKS",
        has: &["Health.Issues.0", "NodegroupName|ClusterName|FargateProfileName|Name"],
        says: Words(&["{Health.Issues.0.Message}[ ({Health.Issues.0.Code})][, nodegroup {NodegroupName}]"]),
        opens: &[
            ("nodegroup", "aws eks describe-nodegroup --cluster-name {ClusterName} --nodegroup-name {NodegroupName}"),
            ("cluster", "aws eks describe-cluster --name {ClusterName|Name}"),
        ],
    },
    Shape {
        service: "AWS Glue",
        has: &["JobRunState"],
        says: Words(&[
            "{ErrorMessage}[ (job {JobName})]",
            "Job {JobName} ended {JobRunState}[, time-out {Timeout} min]",
            "Job run {Id} ended {JobRunState}",
        ]),
        opens: &[
            (
                "log stream",
                "aws logs get-log-events --log-group-name {LogGroupName|=/aws-glue/jobs}/error --log-stream-name {Id}",
            ),
            ("job run", "aws glue get-job-run --job-name {JobName|in:JobName} --run-id {Id}"),
        ],
    },
    Shape {
        service: "AWS Glue",
        has: &["LastCrawl.Status"],
        says: Words(&["{LastCrawl.ErrorMessage}[ (crawler {Name})]", "Crawler {Name} ended {LastCrawl.Status}"]),
        opens: &[
            (
                "log stream",
                "aws logs get-log-events --log-group-name {LastCrawl.LogGroup} --log-stream-name {LastCrawl.LogStream}",
            ),
            ("crawler", "aws glue get-crawler --name {Name}"),
        ],
    },
    Shape {
        service: "AWS Glue DataBrew",
        has: &["RunId", "JobName", "State"],
        says: Words(&["{ErrorMessage}[ (job {JobName})]", "Job {JobName} ended {State}"]),
        opens: &[
            (
                "log stream",
                "aws logs describe-log-streams --log-group-name {LogGroupName} --log-stream-name-prefix {RunId}",
            ),
            ("job run", "aws databrew describe-job-run --name {JobName} --run-id {RunId}"),
        ],
    },
    Shape {
        service: "Amazon Athena",
        has: &["QueryExecutionId", "Status.State"],
        says: Words(&[
            "{Status.StateChangeReason|Status.AthenaError.ErrorMessage}",
            "Query ended {Status.State}[, error type {Status.AthenaError.ErrorType}][, workgroup {WorkGroup}]",
        ]),
        opens: &[("query", "aws athena get-query-execution --query-execution-id {QueryExecutionId}")],
    },
    Shape {
        service: "Amazon Redshift Data API",
        has: &["Id", "Status", "QueryString|RedshiftQueryId|HasResultSet|SubStatements"],
        says: Told(told::redshift_statement),
        opens: &[("statement", "aws redshift-data describe-statement --id {Id}")],
    },
    Shape {
        service: "Amazon SageMaker",
        has: &["TrainingJobStatus"],
        says: Words(&[
            "{FailureReason}[ (training job {TrainingJobName})]",
            "Training job {TrainingJobName} ended {TrainingJobStatus}[: {SecondaryStatus}]",
        ]),
        opens: &[
            (
                "log streams",
                "aws logs describe-log-streams --log-group-name /aws/sagemaker/TrainingJobs --log-stream-name-prefix {TrainingJobName}",
            ),
            ("training job", "aws sagemaker describe-training-job --training-job-name {TrainingJobName}"),
        ],
    },
    Shape {
        service: "Amazon SageMaker",
        has: &["ProcessingJobStatus"],
        says: Words(&[
            "{FailureReason|ExitMessage}[ (processing job {ProcessingJobName})]",
            "Processing job {ProcessingJobName} ended {ProcessingJobStatus}",
        ]),
        opens: &[
            (
                "log streams",
                "aws logs describe-log-streams --log-group-name /aws/sagemaker/ProcessingJobs --log-stream-name-prefix {ProcessingJobName}",
            ),
            ("processing job", "aws sagemaker describe-processing-job --processing-job-name {ProcessingJobName}"),
        ],
    },
    Shape {
        service: "Amazon SageMaker",
        has: &["TransformJobStatus"],
        says: Words(&[
            "{FailureReason}[ (transform job {TransformJobName})]",
            "Transform job {TransformJobName} ended {TransformJobStatus}",
        ]),
        opens: &[
            (
                "log streams",
                "aws logs describe-log-streams --log-group-name /aws/sagemaker/TransformJobs --log-stream-name-prefix {TransformJobName}",
            ),
            ("transform job", "aws sagemaker describe-transform-job --transform-job-name {TransformJobName}"),
        ],
    },
    Shape {
        service: "Amazon SageMaker",
        has: &["HyperParameterTuningJobStatus"],
        says: Words(&[
            "{FailureReason}[ (tuning job {HyperParameterTuningJobName})]",
            "Tuning job {HyperParameterTuningJobName} ended {HyperParameterTuningJobStatus}",
        ]),
        opens: &[(
            "tuning job",
            "aws sagemaker describe-hyper-parameter-tuning-job --hyper-parameter-tuning-job-name {HyperParameterTuningJobName}",
        )],
    },
    Shape {
        service: "Amazon SageMaker",
        has: &["LabelingJobStatus"],
        says: Words(&[
            "{FailureReason}[ (labeling job {LabelingJobName})]",
            "Labeling job {LabelingJobName} ended {LabelingJobStatus}",
        ]),
        opens: &[("labeling job", "aws sagemaker describe-labeling-job --labeling-job-name {LabelingJobName}")],
    },
    Shape {
        service: "Amazon SageMaker",
        has: &["AutoMLJobStatus"],
        says: Words(&[
            "{FailureReason|PartialFailureReasons.0.PartialFailureMessage}[ (AutoML job {AutoMLJobName})]",
            "AutoML job {AutoMLJobName} ended {AutoMLJobStatus}[: {AutoMLJobSecondaryStatus}]",
        ]),
        opens: &[("AutoML job", "aws sagemaker describe-auto-ml-job --auto-ml-job-name {AutoMLJobName}")],
    },
    Shape {
        service: "Amazon SageMaker",
        has: &["EndpointStatus"],
        says: Words(&["{FailureReason}[ (endpoint {EndpointName})]", "Endpoint {EndpointName} ended {EndpointStatus}"]),
        opens: &[("endpoint", "aws sagemaker describe-endpoint --endpoint-name {EndpointName}")],
    },
    Shape {
        service: "Amazon SageMaker",
        has: &["PipelineExecutionStatus"],
        says: Words(&[
            "{FailureReason}[ (pipeline execution {PipelineExecutionDisplayName})]",
            "Pipeline execution ended {PipelineExecutionStatus}",
        ]),
        opens: &[(
            "pipeline steps",
            "aws sagemaker list-pipeline-execution-steps --pipeline-execution-arn {PipelineExecutionArn}",
        )],
    },
    Shape {
        service: "Amazon Bedrock",
        has: &["JobArn", "BaseModelArn|FailureMessage|CustomModelName|OutputModelName"],
        says: Words(&["{FailureMessage|FailureMessages.0}[ (job {JobName})]", "Job {JobName|JobArn} ended {Status}"]),
        opens: &[("job", "aws bedrock get-model-customization-job --job-identifier {JobArn}")],
    },
    Shape {
        service: "Amazon Bedrock",
        has: &["JobArn", "ModelId", "InputDataConfig|OutputDataConfig"],
        says: Words(&["{Message}[ (job {JobName})]", "Job {JobName|JobArn} ended {Status}"]),
        opens: &[("job", "aws bedrock get-model-invocation-job --job-identifier {JobArn}")],
    },
    Shape {
        service: "Amazon Bedrock",
        has: &["IngestionJobId", "KnowledgeBaseId"],
        says: Words(&["{FailureReasons.0|FailureReasons.0.0}", "Ingestion job {IngestionJobId} ended {Status}"]),
        opens: &[(
            "ingestion job",
            "aws bedrock-agent get-ingestion-job --knowledge-base-id {KnowledgeBaseId} --data-source-id {DataSourceId} --ingestion-job-id {IngestionJobId}",
        )],
    },
    Shape {
        service: "AWS Elemental MediaConvert",
        has: &["Id", "ErrorCode|ErrorMessage", "Queue|Settings|JobTemplate|CurrentPhase"],
        says: Words(&[
            "{ErrorMessage}[ (error {ErrorCode}][, job {Id})]",
            "Job {Id} ended {Status}[, error {ErrorCode}]",
        ]),
        opens: &[("job", "aws mediaconvert get-job --id {Id}")],
    },
    Shape {
        service: "AWS DataSync",
        has: &["TaskExecutionArn", "Status"],
        says: Words(&[
            "{Result.ErrorDetail}[ ({Result.ErrorCode})]",
            "Task execution ended {Status}[: {Result.ErrorCode}]",
        ]),
        opens: &[("task execution", "aws datasync describe-task-execution --task-execution-arn {TaskExecutionArn}")],
    },
    Shape {
        service: "AWS DMS",
        has: &["ReplicationTaskArn|ReplicationConfigArn", "Status"],
        says: Words(&[
            "{LastFailureMessage|StopReason|FailureMessages.0}[ (task {ReplicationTaskIdentifier})]",
            "Replication ended {Status}",
        ]),
        opens: &[(
            "replication task",
            "aws dms describe-replication-tasks --filters Name=replication-task-arn,Values={ReplicationTaskArn}",
        )],
    },
    Shape {
        service: "AWS Systems Manager",
        has: &["AutomationExecutionStatus"],
        says: Words(&[
            "{FailureMessage}[ (document {DocumentName})]",
            "Automation of {DocumentName} ended {AutomationExecutionStatus}",
        ]),
        opens: &[("automation", "aws ssm get-automation-execution --automation-execution-id {AutomationExecutionId}")],
    },
    Shape {
        service: "AWS Systems Manager",
        has: &["CommandId", "StatusDetails|ResponseCode|StandardErrorContent"],
        says: Words(&[
            "{StandardErrorContent}[ (exit code {ResponseCode}][, instance {InstanceId})]",
            "Command ended {StatusDetails|Status}[, exit code {ResponseCode}][, instance {InstanceId}]",
        ]),
        opens: &[("command", "aws ssm get-command-invocation --command-id {CommandId} --instance-id {InstanceId}")],
    },
    Shape {
        service: "Amazon Transcribe",
        has: &["TranscriptionJobStatus"],
        says: Words(&[
            "{FailureReason}[ (job {TranscriptionJobName})]",
            "Transcription job {TranscriptionJobName} ended {TranscriptionJobStatus}",
        ]),
        opens: &[("job", "aws transcribe get-transcription-job --transcription-job-name {TranscriptionJobName}")],
    },
    Shape {
        service: "AWS Step Functions",
        has: &["MapRunArn", "ItemCounts|Status"],
        says: Words(&["{ItemCounts.Failed} of {ItemCounts.Total} items failed", "Map Run ended {Status}"]),
        opens: &[("Map Run", "aws stepfunctions describe-map-run --map-run-arn {MapRunArn}")],
    },
    Shape { service: "Amazon DynamoDB", has: &["CancellationReasons"], says: Told(told::cancellation), opens: &[] },
    Shape {
        service: "Amazon EventBridge",
        has: &["FailedEntryCount", "Entries"],
        says: Told(|document| told::failed_entries(document, "Entries", "Entry")),
        opens: &[],
    },
    Shape {
        service: "Amazon Kinesis",
        has: &["FailedRecordCount", "Records"],
        says: Told(|document| told::failed_entries(document, "Records", "Record")),
        opens: &[],
    },
    Shape {
        service: "Amazon Data Firehose",
        has: &["FailedPutCount", "RequestResponses"],
        says: Told(|document| told::failed_entries(document, "RequestResponses", "Record")),
        opens: &[],
    },
    Shape {
        service: "Amazon SQS or SNS",
        has: &["Failed.0", "Successful"],
        says: Told(told::failed_batch),
        opens: &[],
    },
    Shape {
        service: HTTP,
        has: &["StatusCode", "ResponseBody|Body|StatusText"],
        says: Told(told::response),
        opens: &[],
    },
];

/// Finds the shape of a document: its own, or that of the one description it wraps (`{"Build": {…}}`,
/// `{"Tasks": [{…}]}`).
pub(super) fn find(value: &Value) -> Option<Found<'_>> {
    let members = value.as_object()?;
    let wrapped = members.values().filter_map(|value| match value {
        Value::Object(_) => Some(value),
        Value::Array(items) => items.first().filter(|item| item.is_object()),
        _ => None,
    });
    std::iter::once(value).chain(wrapped).find_map(|value| {
        let document = Document(value);
        let shape = SHAPES.iter().find(|shape| shape.has.iter().all(|ways| document.has(ways)))?;
        Some(Found { shape, document })
    })
}

impl Found<'_> {
    /// Returns the service that wrote the description.
    pub(super) fn service(&self) -> &'static str {
        self.shape.service
    }

    /// Returns the sentence; nothing when the description has too little of what it is made of.
    pub(super) fn sentence(&self, depth: usize) -> Option<String> {
        let source = Source { document: self.document, input: None };
        match &self.shape.says {
            Told(tell) => tell(self.document),
            Words(wordings) => {
                wordings.iter().find_map(|wording| wording::fill(wording, source, &|value| Some(inner(value, depth))))
            }
        }
    }

    /// Returns what can be opened, and the commands for it.
    pub(super) fn opens(&self, input: Option<&Value>) -> Vec<(&'static str, String)> {
        let source = Source { document: self.document, input };
        let commands = self.shape.opens.iter();
        commands
            .filter_map(|(what, wording)| {
                // Hadoop has a scheme of its own for S3, which the AWS CLI does not know.
                let command = wording::fill(wording, source, &wording::argument)?;
                Some((*what, command.replace("s3n://", "s3://")))
            })
            .collect()
    }
}

/// What services pass on from others is taken apart as well.
fn inner(text: &str, depth: usize) -> String {
    if depth >= DEPTH {
        return text.to_owned();
    }
    Message::at_depth(&text.into(), depth + 1).summary
}
