//! Conditions of a template, as far as they can be decided.

use super::functions::Scope;
use crate::asl::{Data, Node, Span};
use crate::template::as_text;

/// How far conditions may refer to each other.
const DEPTH: usize = 50;

/// Tells whether a condition holds; one that cannot be decided is taken the same way wherever it is asked for.
pub(super) fn is_true(scope: &Scope<'_>, name: &str, span: Span) -> bool {
    decided(scope, name, span).unwrap_or_else(|| scope.choices.take(name))
}

/// Tells whether a condition holds, if the template says so.
pub(super) fn decided(scope: &Scope<'_>, name: &str, span: Span) -> Option<bool> {
    match scope.section("Conditions", name) {
        Some(condition) => decide(scope, condition, 0),
        None => {
            scope.undeclared(name, span);
            None
        }
    }
}

fn decide(scope: &Scope<'_>, node: &Node, depth: usize) -> Option<bool> {
    if depth > DEPTH {
        return None;
    }
    let Some([member]) = node.members() else { return None };
    let list = member.value.items().unwrap_or_default();
    let each = || list.iter().map(|item| decide(scope, item, depth + 1));
    match &*member.key {
        "Condition" => {
            let name = member.value.text()?;
            let Some(condition) = scope.section("Conditions", name) else {
                scope.undeclared(name, member.value.span);
                return None;
            };
            Some(decide(scope, condition, depth + 1).unwrap_or_else(|| scope.choices.take(name)))
        }
        "Fn::Equals" => {
            let [left, right] = list else { return None };
            let (left, right) = (known(scope, left)?, known(scope, right)?);
            Some(left == right)
        }
        "Fn::Not" => each().next()?.map(|value| !value),
        "Fn::And" if each().any(|value| value == Some(false)) => Some(false),
        "Fn::And" => each().collect::<Option<Vec<_>>>().map(|_| true),
        "Fn::Or" if each().any(|value| value == Some(true)) => Some(true),
        "Fn::Or" => each().collect::<Option<Vec<_>>>().map(|_| false),
        _ => None,
    }
}

fn known(scope: &Scope<'_>, node: &Node) -> Option<String> {
    let value = scope.value(node);
    // An empty default is how templates say that nothing was given, and here it is compared with.
    if let (Data::Placeholder(_), Some(name)) = (&value.data, node.get("Ref").and_then(Node::text)) {
        let default = scope.section("Parameters", name)?.get("Default")?;
        return as_text(default).filter(String::is_empty);
    }
    as_text(&value).filter(|text| !text.contains("${"))
}
