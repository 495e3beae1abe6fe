//! Keys that stand twice in one mapping of a template: only the last counts, which nobody means.

use super::warning;
use crate::asl::{Diagnostic, Node};
use std::collections::HashMap;

/// The sections whose keys name things; what stands in definitions is looked at with the definitions.
const SECTIONS: [&str; 6] = ["Parameters", "Resources", "Mappings", "Conditions", "Outputs", "Globals"];

/// Lists the keys that stand twice: at the top, in sections, in resources and in their properties.
pub(super) fn of(root: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    in_object(root, &mut found);
    for section in SECTIONS.iter().filter_map(|section| root.get(section)) {
        in_object(section, &mut found);
        for thing in section.members().unwrap_or_default() {
            in_object(&thing.value, &mut found);
            if let Some(properties) = thing.value.get("Properties") {
                in_object(properties, &mut found);
            }
        }
    }
    found
}

fn in_object(node: &Node, found: &mut Vec<Diagnostic>) {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for member in node.members().unwrap_or_default() {
        let count = known.entry(&member.key).or_default();
        *count += 1;
        if *count == 2 {
            let message = format!("The key '{}' stands twice here; only the last counts.", member.key);
            found.push(warning("DUPLICATE_KEY", message, member.key_span));
        }
    }
}
