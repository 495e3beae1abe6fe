//! What the operations of an expression were given, and gave: for `stepback query --explain` and for the Choice rules.

use super::tree::Node;
use super::value::Value;
use std::cell::{Cell, RefCell};

/// An operation, the operands it last had, and its last result.
#[derive(Debug)]
pub(super) struct Operation<'v> {
    node: *const Node,
    /// A function without its `$`, or the sign of an operator.
    pub(super) name: &'v str,
    /// The operands.
    pub(super) operands: Vec<Value<'v>>,
    /// The result.
    pub(super) result: Value<'v>,
    /// How often there was a result.
    pub(super) times: usize,
}

/// The operations of an evaluation in the order in which they were first done; inside functions there would be one
/// for every call, so they are left out.
#[derive(Debug, Default)]
pub(super) struct Trace<'v> {
    operations: RefCell<Vec<Operation<'v>>>,
    functions: Cell<usize>,
}

impl<'v> Trace<'v> {
    /// Goes into a function of the expression's.
    pub(super) fn enter(&self) {
        self.functions.set(self.functions.get() + 1);
    }

    /// Comes back from a function of the expression's.
    pub(super) fn leave(&self) {
        self.functions.set(self.functions.get().saturating_sub(1));
    }

    /// Remembers what an operation was given and gave.
    pub(super) fn remember(&self, node: &Node, name: &'v str, operands: Vec<Value<'v>>, result: &Value<'v>) {
        if self.functions.get() > 0 {
            return;
        }
        let mut operations = self.operations.borrow_mut();
        let result = result.clone();
        match operations.iter_mut().find(|operation| std::ptr::eq(operation.node, node)) {
            Some(known) => {
                (known.operands, known.result) = (operands, result);
                known.times += 1;
            }
            None => operations.push(Operation { node, name, operands, result, times: 1 }),
        }
    }

    /// Returns what has been remembered.
    pub(super) fn finished(&self) -> Vec<Operation<'v>> {
        self.operations.take()
    }
}
