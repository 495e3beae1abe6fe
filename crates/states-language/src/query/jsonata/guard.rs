//! Keeps hostile expressions from eating memory: what can grow without bound asks first.
//!
//! jsonata-core bounds depth, time and the length of sequences, but neither the length of strings nor what many
//! sequences take together. Nodes of the syntax tree that can multiply what they are given are therefore rewritten to
//! call a function of ours, which spends from the budget of the evaluation. The names of those functions hold a space,
//! so no expression can spell them.

use super::tree::each_child_mut;
use jsonata_core::ast::{AstNode, BinaryOp, PathStep};

/// `&`, with operands `left, right`.
pub(super) const CONCATENATE: &str = "guard concatenate";
/// Spends for the items of an array: `array`.
pub(super) const SPEND: &str = "guard spend";
/// Spends for the text of a value: `value`.
pub(super) const MEASURE: &str = "guard measure";
/// Refuses a value of too many parts: `value`.
pub(super) const WEIGH: &str = "guard weigh";
/// Refuses too much padding: `first, second, context`; gives the second.
pub(super) const PAD: &str = "guard pad";
/// Refuses to join to too long a text: `array, separator`; gives the separator.
pub(super) const JOIN: &str = "guard join";
/// Refuses too much text in place of each match: `text, pattern, replacement`; gives the replacement.
pub(super) const REPLACE: &str = "guard replace";
/// Tells whether a value is a function: `value`.
pub(super) const IS_FUNCTION: &str = "guard is function";
/// Refuses to compare each item with each other when there are too many: `array`.
pub(super) const DISTINCT: &str = "guard distinct";
/// Keeps a number within what can be added to another: `number`.
pub(super) const CLAMP: &str = "guard clamp";

/// Rewrites a tree so that whatever can grow asks first.
pub(super) fn instrument(tree: &mut AstNode) {
    unchain(tree, is_guarded);
    each_child_mut(tree, &mut |child| instrument(child));
    match tree {
        AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
            *tree = call(CONCATENATE, vec![take(lhs), take(rhs)]);
        }
        AstNode::Binary { op: BinaryOp::Range, .. } => wrap(tree, SPEND),
        // Values of shared parts take exponential time to compare; against a literal there is nothing to compare.
        AstNode::Binary { op: BinaryOp::Equal | BinaryOp::NotEqual, lhs, rhs }
            if !is_scalar(lhs) && !is_scalar(rhs) =>
        {
            wrap(lhs, WEIGH);
        }
        AstNode::Array(items) => items.iter_mut().filter(|item| may_be_array(item)).for_each(|item| wrap(item, SPEND)),
        AstNode::Path { steps } => guard_steps(steps),
        AstNode::Function { name, args, is_builtin: true } if is_guarded(name) && !has_placeholder(args) => {
            *tree = guarded_call(name, std::mem::take(args));
        }
        _ => {}
    }
}

/// Makes `x ~> $join(",")` into `$join(x, ",")`, which it means: `~>` wants a call on its right, not a rewritten one.
pub(super) fn unchain(tree: &mut AstNode, concerns: impl Fn(&str) -> bool) {
    let AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } = tree else { return };
    let call = match &mut **rhs {
        AstNode::Path { steps } if steps.len() == 1 => &mut steps[0].node,
        other => other,
    };
    if let AstNode::Function { name, args, is_builtin: true } = call
        && concerns(name)
        && !has_placeholder(args)
    {
        args.insert(0, take(lhs));
        *tree = take(rhs);
    }
}

fn is_guarded(name: &str) -> bool {
    matches!(name, "distinct" | "join" | "pad" | "replace" | "string" | "substring")
}

/// A variable as a later step gives all its items for each item before it, and `**` finds shared parts each time.
fn guard_steps(steps: &mut [PathStep]) {
    if steps.iter().any(|step| matches!(step.node, AstNode::Descendant))
        && let Some(first) = steps.first_mut()
        && matches!(&first.node, AstNode::Variable(name) if !name.is_empty())
    {
        wrap(&mut first.node, WEIGH);
    }
    for step in steps.iter_mut().skip(1) {
        if matches!(&step.node, AstNode::Variable(name) if !name.is_empty()) {
            step.node = call(SPEND, vec![take(&mut step.node)]);
        }
    }
}

/// A function call; where the function can multiply what it is given, a call that asks first.
fn guarded_call(name: &str, mut args: Vec<AstNode>) -> AstNode {
    match (name, args.len()) {
        ("string", 1..) => wrap(&mut args[0], MEASURE),
        ("distinct", 1) => wrap(&mut args[0], DISTINCT),
        ("substring", _) => {
            args.iter_mut().filter(|arg| !matches!(arg, AstNode::String(_))).for_each(|arg| wrap(arg, CLAMP));
        }
        ("join", 1) => wrap(&mut args[0], MEASURE),
        ("pad", 1) => args[0] = call(PAD, vec![context(), take(&mut args[0]), context()]),
        ("join" | "pad", 2..) => {
            let guard = if name == "join" { JOIN } else { PAD };
            let (first, bind_first) = bind("guard first", &mut args[0]);
            args[1] = call(guard, vec![first, take(&mut args[1]), context()]);
            return AstNode::Block(vec![bind_first, call(name, args)]);
        }
        ("replace", 3..) => {
            let (text, bind_text) = bind("guard text", &mut args[0]);
            let (pattern, bind_pattern) = bind("guard pattern", &mut args[1]);
            let (replacement, bind_replacement) = bind("guard replacement", &mut args[2]);
            args[2] = guarded_replacement(text, pattern, replacement);
            return AstNode::Block(vec![bind_text, bind_pattern, bind_replacement, call(name, args)]);
        }
        _ => {}
    }
    call(name, args)
}

/// A function that is called for each match spends for what it returns; a text is measured beforehand.
fn guarded_replacement(text: AstNode, pattern: AstNode, replacement: AstNode) -> AstNode {
    let found = AstNode::Variable("guard match".to_owned());
    let returned = AstNode::Call { procedure: Box::new(replacement.clone()), args: vec![found] };
    let wrapped = AstNode::Lambda {
        params: vec!["guard match".to_owned()],
        body: Box::new(call(MEASURE, vec![returned])),
        signature: None,
        thunk: false,
    };
    AstNode::Conditional {
        condition: Box::new(call(IS_FUNCTION, vec![replacement.clone()])),
        then_branch: Box::new(wrapped),
        else_branch: Some(Box::new(call(REPLACE, vec![text, pattern, replacement]))),
    }
}

/// Moves an argument into a variable: gives a reference to it and its binding, and leaves a reference in its place.
fn bind(name: &str, argument: &mut AstNode) -> (AstNode, AstNode) {
    let variable = AstNode::Variable(name.to_owned());
    let value = std::mem::replace(argument, variable.clone());
    let binding = AstNode::Binary { op: BinaryOp::ColonEqual, lhs: Box::new(variable.clone()), rhs: Box::new(value) };
    (variable, binding)
}

fn call(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}

fn wrap(node: &mut AstNode, name: &str) {
    *node = call(name, vec![take(node)]);
}

fn take(node: &mut AstNode) -> AstNode {
    std::mem::replace(node, AstNode::Null)
}

fn context() -> AstNode {
    AstNode::Variable(String::new())
}

fn has_placeholder(args: &[AstNode]) -> bool {
    args.iter().any(|arg| matches!(arg, AstNode::Placeholder))
}

fn is_scalar(node: &AstNode) -> bool {
    matches!(node, AstNode::String(_) | AstNode::Number(_) | AstNode::Boolean(_) | AstNode::Null)
}

/// What an array constructor may splice: anything but a literal or a constructor of its own.
fn may_be_array(node: &AstNode) -> bool {
    match node {
        AstNode::Variable(name) => !name.is_empty(),
        AstNode::Path { steps } => !steps.iter().any(|step| matches!(step.node, AstNode::Array(_))),
        AstNode::Call { .. } | AstNode::Conditional { .. } => true,
        AstNode::Function { name, .. } => name != SPEND,
        _ => false,
    }
}
