//! What AWS refuses about an expression when a machine is created (measured).
//!
//! An expression of Step Functions has no context item: `phone` alone, or first in `phone.number`, can never have a
//! value, also in the body of a function. Names after a step, in a filter, in a grouping or in a term of `^(…)` are
//! looked up in something and stay out of it.

use super::tree::{Kind, Node};
use std::fmt;

/// Something AWS refuses about an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// `$$`
    Root,
    /// `$` where there is nothing it could mean.
    Context,
    /// A name that is looked up in nothing.
    Name(Box<str>),
    /// A member that `$states` does not have.
    States(Box<str>),
    /// `$eval`
    Eval,
}

/// AWS's sentences; the one about `$eval` is ours.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("Reference to '$$' is not supported."),
            Self::Context => f.write_str("Reference to '$' at the top level is not supported."),
            Self::Name(name) => write!(f, "Reference to '{name}' at the top level is not supported."),
            Self::States(name) => write!(f, "Field '$states.{name}' does not exist."),
            Self::Eval => f.write_str("Reference to '$eval' is not supported."),
        }
    }
}

/// Returns what is refused, each once, in the order of the text.
pub(super) fn all(tree: &Node) -> Vec<Refusal> {
    let mut finder = Finder { found: Vec::new() };
    finder.visit(tree, true);
    finder.found
}

struct Finder {
    found: Vec<Refusal>,
}

impl Finder {
    fn add(&mut self, refusal: Refusal) {
        if !self.found.contains(&refusal) {
            self.found.push(refusal);
        }
    }

    /// Visits a node; `top` tells that there is no context item there.
    fn visit(&mut self, node: &Node, top: bool) {
        match &node.kind {
            Kind::Variable(name) => match &**name {
                "" if top => self.add(Refusal::Context),
                "$" => self.add(Refusal::Root),
                "eval" => self.add(Refusal::Eval),
                _ => {}
            },
            Kind::Name(name) if top => self.add(Refusal::Name(name.clone())),
            // Whatever follows the first step is looked up in what a step gives.
            Kind::Path(path) => {
                self.states_member(&path.steps);
                for (index, step) in path.steps.iter().enumerate() {
                    self.visit(step, top && index == 0);
                }
            }
            Kind::Transform { pattern, update, delete } => {
                self.visit(pattern, false);
                self.visit(update, false);
                delete.iter().for_each(|delete| self.visit(delete, false));
            }
            Kind::Sort(terms) => terms.iter().for_each(|term| self.visit(&term.expression, false)),
            _ => {
                let mut children: Vec<&Node> = Vec::new();
                node.each_child(&mut |child| children.push(child));
                let mut appended = 0;
                node.each_appended(&mut |_| appended += 1);
                children.truncate(children.len() - appended);
                children.into_iter().for_each(|child| self.visit(child, top));
            }
        }
        node.each_appended(&mut |child| self.visit(child, false));
    }

    fn states_member(&mut self, steps: &[Node]) {
        const MEMBERS: [&str; 4] = ["input", "result", "errorOutput", "context"];
        if let [first, second, ..] = steps
            && let (Kind::Variable(variable), Kind::Name(name)) = (&first.kind, &second.kind)
            && &**variable == "states"
            && !MEMBERS.contains(&&**name)
        {
            self.add(Refusal::States(name.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::jsonata::Expression;

    #[test]
    fn what_has_no_context_is_refused() {
        for (text, expected) in [
            ("phone", &["Reference to 'phone' at the top level is not supported."][..]),
            ("phone.number", &["Reference to 'phone' at the top level is not supported."]),
            ("$$", &["Reference to '$$' is not supported."]),
            ("$$.a", &["Reference to '$$' is not supported."]),
            ("$.x", &["Reference to '$' at the top level is not supported."]),
            ("$states.foo", &["Field '$states.foo' does not exist."]),
            ("$eval('1')", &["Reference to '$eval' is not supported."]),
            ("$map($x, function($v) { b })", &["Reference to 'b' at the top level is not supported."]),
            ("{\"a\": b}", &["Reference to 'b' at the top level is not supported."]),
            ("$x ? yes : 1", &["Reference to 'yes' at the top level is not supported."]),
            ("($a := b; $a + b)", &["Reference to 'b' at the top level is not supported."]),
            ("$states.input.phone", &[]),
            ("$states.input.items[price > 3].name", &[]),
            ("$states.input.items[$ > 3]", &[]),
            ("$states.input.items.($ & name)", &[]),
            ("$map($x, function($v) { $v.name })", &[]),
            ("$states.input^(price)", &[]),
            ("$states.input{kind: $count(id)}", &[]),
            ("$states.input ~> |a|{'b': c}|", &[]),
            ("$states.input.**", &[]),
        ] {
            let refusals = Expression::compile(text).expect("valid").refusals().to_vec();
            assert_eq!(refusals.iter().map(Refusal::to_string).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
