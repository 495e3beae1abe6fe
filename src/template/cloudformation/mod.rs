//! CloudFormation and SAM: resources of two types, whose definition stands in one of five ways.

mod conditions;
mod for_each;
mod functions;
mod machine;

pub(super) use functions::Scope;
pub(super) use machine::{beside, kind_of};

use super::text::Texts;
use super::{Draft, Kind, Reader};
use crate::asl::{Member, Node};

/// The resources that are state machines.
const MACHINES: [&str; 2] = ["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];

/// Tells whether a document is a template: resources that have types.
pub(super) fn is_template(root: &Node) -> bool {
    let typed = |resource: &Member| resource.value.get("Type").and_then(Node::text).is_some();
    let is_loop = |resource: &Member| resource.key.starts_with("Fn::ForEach::");
    let resources = root.get("Resources").and_then(Node::members);
    resources.is_some_and(|resources| resources.iter().any(|resource| typed(resource) || is_loop(resource)))
}

/// Reads the state machines among the resources of a document.
pub(super) fn machines(root: &Node, reader: &Reader<'_>, texts: &mut Texts) -> Vec<Draft> {
    let resources = for_each::resources(root);
    let is_machine = |resource: &&Member| {
        let kind = resource.value.get("Type").and_then(Node::text);
        kind.is_some_and(|kind| MACHINES.contains(&kind))
    };
    let found = resources.iter().filter(is_machine);
    found.map(|resource| machine::read(root, &resource.key, resource, reader, texts)).collect()
}

/// Reads a template, and its state machines.
pub(super) fn read(root: &Node, reader: &Reader<'_>, texts: &mut Texts) -> (Kind, Vec<Draft>) {
    let drafts = machines(root, reader, texts);
    let resources = root.get("Resources").and_then(Node::members).unwrap_or_default();
    let mut types = resources.iter().filter_map(|resource| resource.value.get("Type").and_then(Node::text));
    let sam = types.any(|kind| kind.starts_with("AWS::Serverless::"))
        || root.get("Transform").is_some_and(|transform| transform.to_value().to_string().contains("AWS::Serverless-"));
    (if sam { Kind::Sam } else { Kind::CloudFormation }, drafts)
}
