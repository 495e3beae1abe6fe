//! What a definition asks of a deployment.

use super::text::substitution;
use crate::asl::{Data, Node};

/// A value that is not known before a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What it is called, such as `Charge.Arn`.
    pub name: String,
    /// In how many places the definition needs it.
    pub count: usize,
}

/// Lists the unknown values of a definition in the order they come up.
pub(super) fn of(root: &Node) -> Vec<Unknown> {
    let mut found = Vec::new();
    collect(root, &mut found);
    found
}

fn collect(node: &Node, found: &mut Vec<Unknown>) {
    match &node.data {
        Data::Text(text) | Data::Placeholder(text) => in_text(text, found),
        Data::List(items) => items.iter().for_each(|item| collect(item, found)),
        Data::Object(members) => {
            for member in members {
                in_text(&member.key, found);
                collect(&member.value, found);
            }
        }
        _ => {}
    }
}

fn in_text(text: &str, found: &mut Vec<Unknown>) {
    let mut at = 0;
    while let Some((start, end)) = substitution(text, at) {
        at = end;
        let name = text.get(start + 2..end - 1).unwrap_or("").trim();
        if name.is_empty() {
            continue;
        }
        match found.iter_mut().find(|known| known.name == name) {
            Some(known) => known.count += 1,
            None => found.push(Unknown { name: name.to_owned(), count: 1 }),
        }
    }
}
