//! Which operation an error came from, and the values it was given.
//!
//! jsonata-core's messages name neither the function nor the values, AWS's do. Only when an evaluation has failed is it
//! done once more, over a tree in which operands pass through a function of ours that remembers them: the operation
//! whose operand was remembered last is the one that failed.

use super::tree::each_child_mut;
use jsonata_core::ast::{AstNode, BinaryOp, UnaryOp};
use jsonata_core::value::JValue;
use std::cell::RefCell;

/// Remembers an operand: `operation, index, operand`; gives the operand. The space keeps expressions from spelling it.
pub(super) const REMEMBER: &str = "trace remember";

/// An operation that can fail, and the operands it last had.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    /// A function without its `$`, or the sign of an operator.
    pub(super) name: Box<str>,
    /// The operands.
    pub(super) operands: Vec<JValue>,
}

/// The operations of a tree, and which of them had an operand last.
#[derive(Debug, Default)]
pub(super) struct Trace {
    operations: RefCell<Vec<Operation>>,
    last: RefCell<Option<usize>>,
}

impl Trace {
    /// Prepares a tree so that its operations are remembered here.
    pub(super) fn watch(&self, tree: &mut AstNode) {
        each_child_mut(tree, &mut |child| self.watch(child));
        match tree {
            AstNode::Binary { op, lhs, rhs } => {
                if let Some(sign) = sign(*op) {
                    self.add(sign, [&mut **lhs, &mut **rhs]);
                }
            }
            AstNode::Unary { op: UnaryOp::Negate, operand } => self.add("-", [&mut **operand]),
            // `$exists` looks at its argument before evaluating it.
            AstNode::Function { name, args, .. } if !name.contains(' ') && name != "exists" => self.add(name, args),
            _ => {}
        }
    }

    /// Tells whether a tree has been prepared.
    pub(super) fn is_watching(&self) -> bool {
        !self.operations.borrow().is_empty()
    }

    fn add<'a>(&self, name: &str, operands: impl IntoIterator<Item = &'a mut AstNode>) {
        let mut operations = self.operations.borrow_mut();
        let id = operations.len();
        let mut count = 0;
        for (index, operand) in operands.into_iter().enumerate() {
            count += 1;
            // Functions look at how a function argument is written.
            if matches!(operand, AstNode::Lambda { .. } | AstNode::Placeholder | AstNode::Regex { .. }) {
                continue;
            }
            let value = std::mem::replace(operand, AstNode::Null);
            let args = vec![AstNode::Number(id as f64), AstNode::Number(index as f64), value];
            *operand = AstNode::Function { name: REMEMBER.to_owned(), args, is_builtin: true };
        }
        operations.push(Operation { name: name.into(), operands: vec![JValue::Undefined; count] });
    }

    /// Remembers an operand, given the arguments of the function in the tree.
    pub(super) fn remember(&self, args: &[JValue]) -> JValue {
        let [JValue::Number(id), JValue::Number(index), value] = args else { return JValue::Undefined };
        let (id, index) = (*id as usize, *index as usize);
        if let Some(slot) = self.operations.borrow_mut().get_mut(id).and_then(|known| known.operands.get_mut(index)) {
            *slot = value.clone();
        }
        *self.last.borrow_mut() = Some(id);
        value.clone()
    }

    /// Returns the operation that had an operand last.
    pub(super) fn last(&self) -> Option<Operation> {
        self.operations.borrow().get((*self.last.borrow())?).cloned()
    }
}

fn sign(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::LessThan => "<",
        BinaryOp::LessThanOrEqual => "<=",
        BinaryOp::GreaterThan => ">",
        BinaryOp::GreaterThanOrEqual => ">=",
        _ => return None,
    })
}
