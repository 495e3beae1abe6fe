//! The optimized integrations of Step Functions: which services, which of their APIs, and how a state can wait for them.

use crate::asl::resource::Pattern;

/// Which patterns an API offers beside request and response.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    No,
    Job,
    Token,
    JobOrToken,
}

use Waits::{Job, JobOrToken, No, Token};

/// APIs that can be waited for in the same way.
type Apis = (&'static [&'static str], Waits);

/// The services by the name in their ARNs.
const SERVICES: &[(&str, &[Apis])] = &[
    ("apigateway", &[(&["invoke"], Token)]),
    (
        "athena",
        &[(&["startQueryExecution"], Job), (&["stopQueryExecution", "getQueryExecution", "getQueryResults"], No)],
    ),
    ("batch", &[(&["submitJob"], Job)]),
    ("bedrock", &[(&["invokeModel"], Token), (&["createModelCustomizationJob"], JobOrToken)]),
    ("bedrockagentcore", &[(&["invokeHarness"], No)]),
    (
        "codebuild",
        &[
            (&["startBuild", "startBuildBatch", "retryBuildBatch"], Job),
            (&["stopBuild", "stopBuildBatch", "batchDeleteBuilds", "deleteBuildBatch", "batchGetReports"], No),
        ],
    ),
    ("databrew", &[(&["startJobRun"], Job)]),
    ("dynamodb", &[(&["getItem", "putItem", "deleteItem", "updateItem"], No)]),
    ("ecs", &[(&["runTask"], JobOrToken)]),
    (
        "eks",
        &[
            (&["call"], Token),
            (&["runJob"], JobOrToken),
            (
                &[
                    "createCluster",
                    "deleteCluster",
                    "createFargateProfile",
                    "deleteFargateProfile",
                    "createNodegroup",
                    "deleteNodegroup",
                ],
                Job,
            ),
        ],
    ),
    (
        "elasticmapreduce",
        &[
            (&["createCluster", "terminateCluster", "addStep"], Job),
            (
                &[
                    "cancelStep",
                    "setClusterTerminationProtection",
                    "modifyInstanceFleetByName",
                    "modifyInstanceGroupByName",
                ],
                No,
            ),
        ],
    ),
    ("emr-containers", &[(&["createVirtualCluster"], No), (&["deleteVirtualCluster", "startJobRun"], Job)]),
    (
        "emr-serverless",
        &[
            (&["updateApplication"], No),
            (
                &[
                    "createApplication",
                    "startApplication",
                    "stopApplication",
                    "deleteApplication",
                    "startJobRun",
                    "cancelJobRun",
                ],
                Job,
            ),
        ],
    ),
    ("events", &[(&["putEvents"], Token)]),
    ("glue", &[(&["startJobRun"], Job)]),
    ("http", &[(&["invoke"], No)]),
    ("lambda", &[(&["invoke"], Token)]),
    ("mediaconvert", &[(&["createJob"], Job)]),
    (
        "sagemaker",
        &[
            (&["createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint"], No),
            (
                &[
                    "createHyperParameterTuningJob",
                    "createLabelingJob",
                    "createProcessingJob",
                    "createTrainingJob",
                    "createTransformJob",
                ],
                Job,
            ),
        ],
    ),
    ("sns", &[(&["publish"], Token)]),
    ("sqs", &[(&["sendMessage"], Token)]),
    ("states", &[(&["startExecution"], JobOrToken)]),
];

/// Tells whether an optimized integration offers an API with this pattern; `None` for a service that is not known,
/// which may have been added since.
pub(in crate::asl) fn is_offered(service: &str, api: &str, pattern: Pattern) -> Option<bool> {
    let (_, apis) = SERVICES.iter().find(|(name, _)| *name == service)?;
    let waits = apis.iter().find(|(names, _)| names.contains(&api)).map(|(_, waits)| *waits);
    Some(match (waits, pattern) {
        (None, _) => false,
        (Some(_), Pattern::RequestResponse) => true,
        (Some(waits), Pattern::Sync) => matches!(waits, Job | JobOrToken),
        // Only a nested execution has input and output to be parsed.
        (Some(_), Pattern::Sync2) => service == "states",
        (Some(waits), Pattern::WaitForTaskToken) => matches!(waits, Token | JobOrToken),
    })
}

/// Returns the APIs of an optimized integration; none when there is no such service.
pub(in crate::asl) fn apis(service: &str) -> impl Iterator<Item = &'static str> {
    let found = SERVICES.iter().find(|(name, _)| *name == service).map_or(&[][..], |(_, apis)| apis);
    found.iter().flat_map(|(names, _)| names.iter().copied())
}
