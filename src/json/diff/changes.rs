//! The changes of a comparison as a list.

use super::{At, Node, Pairing, Step, Word, in_words};
use serde_json::Value;
use std::sync::Arc;

/// One thing that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'a> {
    /// Where it is in the new document; what was removed: where it was in the old one.
    pub at: At,
    /// Where it was, if that is elsewhere.
    pub was_at: Option<At>,
    /// What happened.
    pub kind: Kind,
    /// The old value.
    pub old: Option<&'a Value>,
    /// The new value.
    pub new: Option<&'a Value>,
}

impl<'a> Change<'a> {
    /// Returns the values of a change of a long string as pieces they share and pieces they do not.
    pub fn words(&self) -> Option<Vec<Word<'a>>> {
        in_words(self.old?, self.new?)
    }
}

/// What happened to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another of the same type.
    Changed,
    /// It is of another type.
    Retyped,
    /// It is a number of the same size, written differently: `1` and `1.0`.
    Rewritten,
    /// It is an item that stands elsewhere; if it differs as well, more changes follow.
    Moved,
}

impl Kind {
    fn of(old: &Value, new: &Value) -> Self {
        match (old, new) {
            (Value::Number(old), Value::Number(new))
                if old.as_f64() == new.as_f64() && old.is_f64() != new.is_f64() =>
            {
                Self::Rewritten
            }
            _ if std::mem::discriminant(old) == std::mem::discriminant(new) => Self::Changed,
            _ => Self::Retyped,
        }
    }

    /// Returns the word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Retyped => "retyped",
            Self::Rewritten => "rewritten",
            Self::Moved => "moved",
        }
    }
}

pub(super) fn of<'a>(node: &'a Node<'_>) -> Vec<Change<'a>> {
    let mut list = List { old: Vec::new(), new: Vec::new(), changes: Vec::new() };
    list.node(node);
    list.changes
}

/// The list in the making, and the way to the value that is looked at.
struct List<'a> {
    old: Vec<Step>,
    new: Vec<Step>,
    changes: Vec<Change<'a>>,
}

impl<'a> List<'a> {
    fn node(&mut self, node: &'a Node<'_>) {
        match node {
            Node::Same(_) | Node::Excused { .. } => {}
            Node::Added(new) => self.push(Kind::Added, None, Some(new)),
            Node::Removed(old) => self.push(Kind::Removed, Some(old), None),
            Node::Changed { old, new } => self.push(Kind::of(old, new), Some(old), Some(new)),
            Node::Object(members) => {
                for member in members.iter().filter(|member| !matches!(member.node, Node::Same(_))) {
                    let step = Step::Member(Arc::from(&*member.name));
                    self.inside(step.clone(), step, &member.node);
                }
            }
            Node::Array(items) => items.iter().for_each(|item| self.item(item.pairing, &item.node)),
            Node::Decoded { inner, .. } => self.inside(Step::Decoded, Step::Decoded, inner),
        }
    }

    fn item(&mut self, pairing: Pairing, node: &'a Node<'_>) {
        let old = pairing.old.or(pairing.new).unwrap_or_default();
        let new = pairing.new.or(pairing.old).unwrap_or_default();
        if pairing.moved {
            self.old.push(Step::Item(old));
            self.new.push(Step::Item(new));
            self.push(Kind::Moved, None, None);
            self.old.pop();
            self.new.pop();
        }
        self.inside(Step::Item(old), Step::Item(new), node);
    }

    fn inside(&mut self, old: Step, new: Step, node: &'a Node<'_>) {
        self.old.push(old);
        self.new.push(new);
        self.node(node);
        self.old.pop();
        self.new.pop();
    }

    fn push(&mut self, kind: Kind, old: Option<&'a Value>, new: Option<&'a Value>) {
        let (mut at, mut was) = (&self.new, &self.old);
        if kind == Kind::Removed {
            (at, was) = (was, at);
        }
        let elsewhere = at != was && kind != Kind::Added && kind != Kind::Removed;
        let was_at = elsewhere.then(|| At(was.clone()));
        self.changes.push(Change { at: At(at.clone()), was_at, kind, old, new });
    }
}
