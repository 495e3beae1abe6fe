//! Functions as values.

use super::builtin::Builtin;
use super::evaluate::Env;
use super::regex::Regex;
use super::signature::Signature;
use super::text::Text;
use super::tree::{Lambda, Node};
use super::value::Value;
use std::fmt;
use std::rc::Rc;

/// A function.
pub(super) enum Function<'v> {
    /// Of the expression's own.
    Lambda(Closure<'v>),
    /// Of the language, or AWS's.
    Builtin(&'static Builtin),
    /// One of the language with some arguments given; the signature is not looked at any more.
    Partial { builtin: &'static Builtin, bound: Vec<Option<Value<'v>>> },
    /// A regular expression, which is a function from a text to its first match.
    Regex(&'v Regex),
    /// The function `next` of a match.
    Next { regex: &'v Regex, text: Text<'v>, from: usize },
    /// `|pattern|update|`
    Transform { node: &'v Node, env: Env<'v> },
    /// A function given as an argument: called without the context of its caller.
    Wrapped(Rc<Function<'v>>),
}

/// A function of the expression's own, and where it was written.
pub(super) struct Closure<'v> {
    pub(super) lambda: &'v Lambda,
    parameters: Vec<&'v str>,
    is_partial: bool,
    pub(super) input: Value<'v>,
    pub(super) env: Env<'v>,
}

impl<'v> Closure<'v> {
    pub(super) fn parameters(&self) -> &[&'v str] {
        &self.parameters
    }

    pub(super) fn signature(&self) -> Option<&'v Signature> {
        if self.is_partial { None } else { self.lambda.signature.as_ref() }
    }

    /// The same function of some of its parameters; the others are bound in a frame.
    pub(super) fn with_parameters(&self, parameters: Vec<&'v str>, env: Env<'v>) -> Self {
        Self { lambda: self.lambda, parameters, is_partial: true, input: self.input.clone(), env }
    }
}

impl<'v> Function<'v> {
    pub(super) fn closure(lambda: &'v Lambda, input: Value<'v>, env: &Env<'v>) -> Self {
        let parameters = lambda.parameters.iter().map(|name| &**name).collect();
        Self::Lambda(Closure { lambda, parameters, is_partial: false, input, env: Rc::clone(env) })
    }

    /// How many arguments the function takes of those it is offered.
    pub(super) fn arity(&self) -> usize {
        match self {
            Self::Lambda(closure) => closure.parameters.len(),
            Self::Builtin(builtin) => usize::from(builtin.arity),
            Self::Partial { bound, .. } => bound.iter().filter(|bound| bound.is_none()).count(),
            // A text and where to begin.
            Self::Regex(_) => 2,
            Self::Next { .. } => 0,
            Self::Transform { .. } => 1,
            Self::Wrapped(inner) => inner.arity(),
        }
    }

    /// Tells whether the reference implementation keeps the function in an object with members.
    pub(super) fn is_object(&self) -> bool {
        !matches!(self, Self::Regex(_) | Self::Next { .. } | Self::Wrapped(_))
    }

    /// Tells whether two functions are one and the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Builtin(left), Self::Builtin(right)) => std::ptr::eq(*left, *right),
            (left, right) => std::ptr::eq(left, right),
        }
    }
}

impl fmt::Debug for Function<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("function")
    }
}
