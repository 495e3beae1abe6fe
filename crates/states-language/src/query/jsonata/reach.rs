//! What an expression reads, followed as far as its text says it: names, and elements by their numbers.

use super::builtin::Builtin;
use super::expression::Expression;
use super::number::Number;
use super::references::Binding;
use super::session::Session;
use super::tree::{Kind, Node, Stage};
use crate::query::operand::{Standing, is_plain};
use crate::query::path::Found;
use std::fmt;

/// A place an expression reads: `$states.input.rows[0].price`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Where the value comes from.
    pub binding: Binding,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(Box<str>),
    Element(i64),
}

impl Reach {
    /// Follows the steps behind a variable up to the first that has to be computed.
    pub(super) fn of(name: &str, first: &Node, tail: &[Node]) -> Option<Self> {
        let mut steps = Vec::new();
        let mut goes_on = elements(first, &mut steps);
        for step in tail {
            let Kind::Name(name) = &step.kind else { break };
            if !goes_on {
                break;
            }
            steps.push(Step::Name(name.clone()));
            goes_on = elements(step, &mut steps);
        }
        if name != "states" {
            return Some(Self { binding: Binding::Variable(name.into()), steps });
        }
        let binding = match steps.first() {
            Some(Step::Name(member)) => Binding::of_states(member)?,
            _ => return None,
        };
        steps.remove(0);
        Some(Self { binding, steps })
    }

    /// Returns what it comes to: each part is evaluated, so that names asked of arrays mean what they mean there.
    pub(in crate::query) fn standing(&self, session: &Session<'_>) -> Standing {
        let Some(root) = session.value(&self.binding) else { return Standing::Absent };
        let mut value = root.clone();
        for (count, step) in self.steps.iter().enumerate() {
            let stops = self.text(count + 1);
            let found = Expression::compile(&stops).ok().and_then(|part| part.evaluate(session, "").ok());
            let Some(found) = found else {
                let wanted = match step {
                    Step::Name(name) => Some(&**name),
                    Step::Element(_) => None,
                };
                return Standing::Missing { stops, after: self.text(count), found: Found::at(&value, wanted) };
            };
            value = found;
        }
        Standing::Value(value)
    }

    /// Tells whether it is the name of a function of the language.
    pub(in crate::query) fn is_function(&self) -> bool {
        matches!(&self.binding, Binding::Variable(name) if self.steps.is_empty() && Builtin::named(name).is_some())
    }

    fn text(&self, count: usize) -> String {
        let mut text = self.binding.to_string();
        for step in self.steps.iter().take(count) {
            match step {
                Step::Name(name) if is_plain(name) => text.push_str(&format!(".{name}")),
                Step::Name(name) => text.push_str(&format!(".`{name}`")),
                Step::Element(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

/// Adds the elements that are taken of a node by their numbers; tells whether nothing else hangs on it.
fn elements(node: &Node, steps: &mut Vec<Step>) -> bool {
    let filters = node.stages.iter().map(|stage| match stage {
        Stage::Filter(filter) => Some(filter),
        Stage::Index(_) => None,
    });
    for filter in node.predicates.iter().map(Some).chain(filters) {
        match filter.map(|filter| &filter.kind) {
            Some(Kind::Number(Number::Int(index))) => steps.push(Step::Element(*index)),
            _ => return false,
        }
    }
    node.focus.is_none() && node.index.is_none() && node.group.is_none() && node.ancestor.is_none()
}

/// The reference as it is written.
impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(self.steps.len()))
    }
}
