//! What DescribeStateMachine and DescribeStateMachineForExecution answer: the definition is a JSON text in it.

use super::text::{Mapped, Texts};
use super::{Draft, definition};
use crate::asl::{MachineKind, Node};

/// Reads such an answer; `None` when it is none.
pub(super) fn read(root: &Node, texts: &Texts) -> Option<Vec<Draft>> {
    // `aws … list` and CloudFormation outputs have ARNs too; only a description has the definition beside it.
    let arn = root.get("stateMachineArn").and_then(Node::text)?;
    let text = root.get("definition")?;
    let mapped = Mapped::decoded(text.text()?, texts.slice(text.span), text.span.start);
    let name = root.get("name").and_then(Node::text).unwrap_or_else(|| arn.rsplit(':').next().unwrap_or(arn));
    let kind = match root.get("type").and_then(Node::text) {
        Some("EXPRESS") => Some(MachineKind::Express),
        Some(_) => Some(MachineKind::Standard),
        None => None,
    };
    let root = definition::of_json(&mapped);
    let aliases = vec![arn.to_owned()];
    Some(vec![Draft { name: name.to_owned(), aliases, kind, root, notes: Vec::new(), absent: None }])
}
