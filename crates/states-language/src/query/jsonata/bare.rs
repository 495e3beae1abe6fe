//! Names read where there is nothing to read them from.
//!
//! An expression of Step Functions has no context item: `phone` alone, or first in `phone.number`, can never have a
//! value, and AWS refuses the definition for it. Names after a step, in a filter, or in a function's body are looked
//! up in something and stay out of it.

use super::tree::each_child;
use jsonata_core::ast::AstNode;

/// Returns the names, each once, in the order of the text.
pub(super) fn names(tree: &AstNode) -> Vec<Box<str>> {
    let mut found = Vec::new();
    visit(tree, &mut found);
    found
}

fn visit(node: &AstNode, found: &mut Vec<Box<str>>) {
    match node {
        AstNode::Name(name) => {
            if !found.iter().any(|known| **known == **name) {
                found.push(name.as_str().into());
            }
        }
        // Whatever follows the first step, and every filter, is looked up in what a step gives.
        AstNode::Path { steps } => {
            if let Some(first) = steps.first() {
                visit(&first.node, found);
            }
        }
        AstNode::ObjectTransform { input, .. } | AstNode::Sort { input, .. } => visit(input, found),
        AstNode::Lambda { .. } | AstNode::Transform { .. } => {}
        _ => each_child(node, &mut |child| visit(child, found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonata_core::parser;

    #[test]
    fn only_names_without_anything_before_them_count() {
        for (text, expected) in [
            ("phone", &["phone"][..]),
            ("phone.number", &["phone"]),
            ("$states.input.phone", &[]),
            ("$states.input.items[price > 3].name", &[]),
            ("{\"a\": b, \"c\": [d, $sum(e)]}", &["b", "d", "e"]),
            ("$map($x, function($v) { $v.name })", &[]),
            ("$x ? yes : no", &["yes", "no"]),
            ("$states.input^(price)", &[]),
            ("$states.input{kind: $count(id)}", &[]),
            ("\"text\" & $x.y", &[]),
            ("($a := b; $a + b)", &["b"]),
        ] {
            let tree = parser::parse(text).expect("valid");
            let names = names(&tree);
            assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
