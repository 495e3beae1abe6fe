//! What the operations of an expression were given, and gave.
//!
//! Operands pass through a function of ours that remembers them. That serves two questions: which operation an error
//! came from, because jsonata-core's messages name neither the function nor the values and AWS's do, so a failed
//! evaluation is done once more under watch; and how a value came about, for `stepback query --explain`.

use super::guard;
use super::tree::each_child_mut;
use jsonata_core::ast::{AstNode, BinaryOp, UnaryOp};
use jsonata_core::value::JValue;
use std::cell::RefCell;

/// Remembers a value: `operation, index, value`; gives the value. The space keeps expressions from spelling it.
pub(super) const REMEMBER: &str = "trace remember";

/// What is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Watch {
    /// The operands of operations that can fail: the one whose operand came last is the one that failed.
    Failing,
    /// Operands and results of every operation outside of functions.
    Everything,
}

/// An operation, the operands it last had, and its last result.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    /// A function without its `$`, or the sign of an operator.
    pub(super) name: Box<str>,
    /// The operands.
    pub(super) operands: Vec<JValue>,
    /// The result, when there was one.
    pub(super) result: Option<JValue>,
    /// How often there was a result.
    pub(super) times: usize,
}

/// The operations of a tree, and the order in which they were done.
#[derive(Debug, Default)]
pub(super) struct Trace {
    operations: RefCell<Vec<Operation>>,
    last: RefCell<Option<usize>>,
    finished: RefCell<Vec<usize>>,
}

impl Trace {
    /// Prepares a tree so that its operations are remembered here.
    pub(super) fn watch(&self, tree: &mut AstNode, what: Watch) {
        if what == Watch::Everything {
            guard::unchain(tree, |_| true);
        }
        match tree {
            // Inside functions there would be a result per call, and calls in tail position would no longer be.
            AstNode::Lambda { .. } if what == Watch::Everything => return,
            // `~>` wants a call on its right.
            AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } => {
                self.watch(lhs, what);
                each_child_mut(rhs, &mut |child| self.watch(child, what));
                return;
            }
            _ => each_child_mut(tree, &mut |child| self.watch(child, what)),
        }
        let Some(id) = self.watch_operands(tree, what) else { return };
        if what == Watch::Everything {
            let index = self.operations.borrow().get(id).map_or(0, |operation| operation.operands.len());
            remember(tree, id, index);
        }
    }

    /// Watches what an operation is given; `None` when the node is none.
    fn watch_operands(&self, tree: &mut AstNode, what: Watch) -> Option<usize> {
        match tree {
            AstNode::Binary { op, lhs, rhs } => Some(self.add(sign(*op, what)?, [&mut **lhs, &mut **rhs])),
            AstNode::Unary { op: UnaryOp::Negate, operand } => Some(self.add("-", [&mut **operand])),
            AstNode::Function { name, args, .. } if name == guard::CONCATENATE && what == Watch::Everything => {
                Some(self.add("&", args))
            }
            // `$exists` looks at its argument before evaluating it.
            AstNode::Function { name, args, .. } if !name.contains(' ') && name != "exists" => {
                Some(self.add(name, args))
            }
            _ => None,
        }
    }

    /// Tells whether a tree has been prepared.
    pub(super) fn is_watching(&self) -> bool {
        !self.operations.borrow().is_empty()
    }

    fn add<'a>(&self, name: &str, operands: impl IntoIterator<Item = &'a mut AstNode>) -> usize {
        let id = self.operations.borrow().len();
        let mut values = Vec::new();
        for (index, operand) in operands.into_iter().enumerate() {
            // Functions look at how a function argument is written.
            if matches!(operand, AstNode::Lambda { .. } | AstNode::Placeholder | AstNode::Regex { .. }) {
                values.push(JValue::builtin("function"));
            } else {
                values.push(JValue::Undefined);
                remember(operand, id, index);
            }
        }
        self.operations.borrow_mut().push(Operation { name: name.into(), operands: values, result: None, times: 0 });
        id
    }

    /// Remembers a value, given the arguments of the function in the tree.
    pub(super) fn remember(&self, args: &[JValue]) -> JValue {
        let [JValue::Number(id), JValue::Number(index), value] = args else { return JValue::Undefined };
        let (id, index) = (*id as usize, *index as usize);
        if let Some(operation) = self.operations.borrow_mut().get_mut(id) {
            if let Some(operand) = operation.operands.get_mut(index) {
                *operand = value.clone();
                *self.last.borrow_mut() = Some(id);
            } else {
                operation.result = Some(value.clone());
                operation.times += 1;
                if operation.times == 1 {
                    self.finished.borrow_mut().push(id);
                }
            }
        }
        value.clone()
    }

    /// Returns the operation that had an operand last.
    pub(super) fn last(&self) -> Option<Operation> {
        self.operations.borrow().get((*self.last.borrow())?).cloned()
    }

    /// Returns the operations that gave a result, in the order in which they first did.
    pub(super) fn finished(&self) -> Vec<Operation> {
        let operations = self.operations.borrow();
        self.finished.borrow().iter().filter_map(|&id| operations.get(id).cloned()).collect()
    }
}

fn remember(node: &mut AstNode, id: usize, index: usize) {
    let value = std::mem::replace(node, AstNode::Null);
    let args = vec![AstNode::Number(id as f64), AstNode::Number(index as f64), value];
    *node = AstNode::Function { name: REMEMBER.to_owned(), args, is_builtin: true };
}

fn sign(op: BinaryOp, what: Watch) -> Option<&'static str> {
    Some(match op {
        BinaryOp::LessThan => "<",
        BinaryOp::LessThanOrEqual => "<=",
        BinaryOp::GreaterThan => ">",
        BinaryOp::GreaterThanOrEqual => ">=",
        _ if what == Watch::Failing => return None,
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "!=",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
        BinaryOp::In => "in",
        _ => return None,
    })
}
