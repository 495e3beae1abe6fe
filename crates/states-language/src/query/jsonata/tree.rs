//! Walking a JSONata syntax tree, whatever its nodes are.

use jsonata_core::ast::{AstNode, PathStep, Stage};
use jsonata_core::value::with_stack;

/// Shows each direct child of a node in the order of evaluation.
pub(super) fn each_child<'a>(node: &'a AstNode, visit: &mut dyn FnMut(&'a AstNode)) {
    with_stack(|| match node {
        AstNode::Path { steps } => steps.iter().for_each(|step| each_step_child(step, visit)),
        AstNode::Binary { lhs, rhs, .. } => [lhs, rhs].into_iter().for_each(|child| visit(child)),
        AstNode::Unary { operand, .. } => visit(operand),
        AstNode::Function { args, .. } => args.iter().for_each(visit),
        AstNode::Call { procedure, args } => {
            visit(procedure);
            args.iter().for_each(visit);
        }
        AstNode::Lambda { body, .. } => visit(body),
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => items.iter().for_each(visit),
        AstNode::Object(pairs) => pairs.iter().for_each(|(key, value)| [key, value].into_iter().for_each(&mut *visit)),
        AstNode::ObjectTransform { input, pattern } => {
            visit(input);
            pattern.iter().for_each(|(key, value)| [key, value].into_iter().for_each(&mut *visit));
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            visit(condition);
            visit(then_branch);
            if let Some(branch) = else_branch {
                visit(branch);
            }
        }
        AstNode::FunctionApplication(inner) => visit(inner),
        AstNode::Sort { input, terms } => {
            visit(input);
            terms.iter().for_each(|(term, _)| visit(term));
        }
        AstNode::Transform { location, update, delete } => {
            visit(location);
            visit(update);
            if let Some(delete) = delete {
                visit(delete);
            }
        }
        AstNode::String(_)
        | AstNode::Name(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Placeholder
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Wildcard
        | AstNode::Descendant
        | AstNode::Parent(_) => {}
    });
}

fn each_step_child<'a>(step: &'a PathStep, visit: &mut dyn FnMut(&'a AstNode)) {
    visit(&step.node);
    for stage in &step.stages {
        if let Stage::Filter(filter) = stage {
            visit(filter);
        }
    }
}

/// Lends each direct child of a node for change.
pub(super) fn each_child_mut(node: &mut AstNode, visit: &mut dyn FnMut(&mut AstNode)) {
    with_stack(|| match node {
        AstNode::Path { steps } => steps.iter_mut().for_each(|step| each_step_child_mut(step, visit)),
        AstNode::Binary { lhs, rhs, .. } => [lhs, rhs].into_iter().for_each(|child| visit(child)),
        AstNode::Unary { operand, .. } => visit(operand),
        AstNode::Function { args, .. } => args.iter_mut().for_each(visit),
        AstNode::Call { procedure, args } => {
            visit(procedure);
            args.iter_mut().for_each(visit);
        }
        AstNode::Lambda { body, .. } => visit(body),
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => {
            items.iter_mut().for_each(visit);
        }
        AstNode::Object(pairs) => {
            pairs.iter_mut().for_each(|(key, value)| [key, value].into_iter().for_each(&mut *visit));
        }
        AstNode::ObjectTransform { input, pattern } => {
            visit(input);
            pattern.iter_mut().for_each(|(key, value)| [key, value].into_iter().for_each(&mut *visit));
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            visit(condition);
            visit(then_branch);
            if let Some(branch) = else_branch {
                visit(branch);
            }
        }
        AstNode::FunctionApplication(inner) => visit(inner),
        AstNode::Sort { input, terms } => {
            visit(input);
            terms.iter_mut().for_each(|(term, _)| visit(term));
        }
        AstNode::Transform { location, update, delete } => {
            visit(location);
            visit(update);
            if let Some(delete) = delete {
                visit(delete);
            }
        }
        AstNode::String(_)
        | AstNode::Name(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Placeholder
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Wildcard
        | AstNode::Descendant
        | AstNode::Parent(_) => {}
    });
}

fn each_step_child_mut(step: &mut PathStep, visit: &mut dyn FnMut(&mut AstNode)) {
    visit(&mut step.node);
    for stage in &mut step.stages {
        if let Stage::Filter(filter) = stage {
            visit(filter);
        }
    }
}
