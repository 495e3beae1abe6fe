//! Variables, in frames of which each stands within another.

use super::super::text::Text;
use super::super::value::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// A frame shared by all that was written in it.
pub(in super::super) type Env<'v> = Rc<Frame<'v>>;

/// The variables of a block, a call or a tuple.
#[derive(Debug, Default)]
pub(in super::super) struct Frame<'v> {
    parent: Option<Env<'v>>,
    bindings: RefCell<Vec<(Text<'v>, Value<'v>)>>,
}

impl<'v> Frame<'v> {
    pub(super) fn outermost() -> Env<'v> {
        Rc::new(Self::default())
    }

    pub(super) fn within(parent: &Env<'v>) -> Env<'v> {
        Rc::new(Self { parent: Some(Rc::clone(parent)), bindings: RefCell::default() })
    }

    /// Binds a name here, again if it is bound already.
    pub(super) fn bind(&self, name: Text<'v>, value: Value<'v>) {
        let mut bindings = self.bindings.borrow_mut();
        match bindings.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => bindings.push((name, value)),
        }
    }

    /// Looks a name up here and further out; `None` when no frame knows it.
    pub(super) fn lookup(&self, name: &str) -> Option<Value<'v>> {
        let mut frame = self;
        loop {
            if let Some((_, value)) = frame.bindings.borrow().iter().find(|(known, _)| **known == *name) {
                return Some(value.clone());
            }
            frame = frame.parent.as_deref()?;
        }
    }

    /// Forgets what is bound here, so that functions bound in the frame they were written in can be dropped.
    pub(super) fn clear(&self) -> Vec<(Text<'v>, Value<'v>)> {
        self.bindings.take()
    }
}
