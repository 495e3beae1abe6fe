//! CloudFormation and SAM: resources of two types, whose definition stands in one of five ways.

mod conditions;
mod functions;
mod machine;

pub(super) use functions::Scope;
pub(super) use machine::{beside, kind_of};

use super::text::Texts;
use super::{Draft, Kind, Reader};
use crate::asl::Node;

/// The resources that are state machines.
const MACHINES: [&str; 2] = ["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];

/// Tells whether a document is a template: resources that have types.
pub(super) fn is_template(root: &Node) -> bool {
    let typed = |node: &Node| node.get("Type").and_then(Node::text).is_some();
    let resources = root.get("Resources").and_then(Node::members);
    resources.is_some_and(|resources| resources.iter().any(|resource| typed(&resource.value)))
}

/// Reads the state machines of a template.
pub(super) fn read(root: &Node, reader: &Reader<'_>, texts: &mut Texts) -> (Kind, Vec<Draft>) {
    let resources = root.get("Resources").and_then(Node::members).unwrap_or_default();
    let mut drafts = Vec::new();
    for resource in resources {
        let kind = resource.value.get("Type").and_then(Node::text);
        if kind.is_some_and(|kind| MACHINES.contains(&kind)) {
            drafts.push(machine::read(root, &resource.key, resource, reader, texts));
        }
    }
    let mut types = resources.iter().filter_map(|resource| resource.value.get("Type").and_then(Node::text));
    let sam = types.any(|kind| kind.starts_with("AWS::Serverless::"))
        || root.get("Transform").is_some_and(|transform| transform.to_value().to_string().contains("AWS::Serverless-"));
    (if sam { Kind::Sam } else { Kind::CloudFormation }, drafts)
}
