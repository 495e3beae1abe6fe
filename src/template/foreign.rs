//! What a file is that is neither a definition nor a template with one.

use crate::asl::Node;

/// Words that only templates hold, for texts that cannot be read.
const OF_TEMPLATES: [&str; 5] =
    ["AWSTemplateFormatVersion", "AWS::", "stepFunctions:", "aws_sfn_state_machine", "Fn::"];

/// Tells whether a text that cannot be read is meant to be a template.
pub(super) fn mentions_template(text: &str) -> bool {
    OF_TEMPLATES.iter().any(|word| text.contains(word))
}

/// Returns what a document is, if it is something well known.
pub(super) fn noun(root: &Node) -> Option<&'static str> {
    let has = |keys: &[&str]| keys.iter().all(|key| root.get(key).is_some());
    let known: &[(&[&str], &str)] = &[
        (&["apiVersion", "kind"], "a Kubernetes manifest"),
        (&["jobs", "on"], "a GitHub workflow"),
        (&["openapi"], "an OpenAPI document"),
        (&["swagger"], "an OpenAPI document"),
        (&["services", "version"], "a Compose file"),
        (&["Version", "Statement"], "an IAM policy"),
        (&["Parameters", "StackName"], "the parameters of a stack"),
        (&["AWSTemplateFormatVersion"], "a CloudFormation template without state machines"),
        (&["dependencies", "name"], "a package.json"),
        (&["compilerOptions"], "a TypeScript configuration"),
        (&["StateMachines", "MockedResponses"], "a MockConfigFile"),
        (&["version", "artifacts"], "a manifest of CDK"),
        (&["$schema"], "a JSON schema"),
        (&["phases", "version"], "a buildspec"),
    ];
    known.iter().find(|(keys, _)| has(keys)).map(|(_, noun)| *noun)
}
