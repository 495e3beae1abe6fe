//! Makes the tree over two documents.

use super::items::pair;
use super::{Held, Item, Judge, Member, Node};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Values that lie deeper are compared as a whole.
const DEPTH: usize = 100;
/// JSON in a string in JSON in a string… is followed this deep.
const DECODED: usize = 6;

pub(super) fn compare<'a>(old: &'a Value, new: &'a Value, judge: &dyn Judge) -> Node<'a> {
    Comparison { judge }.value(old, new, "", Depth { values: 0, decoded: 0 })
}

struct Comparison<'j> {
    judge: &'j dyn Judge,
}

#[derive(Clone, Copy)]
struct Depth {
    values: usize,
    decoded: usize,
}

impl Depth {
    fn inside(self) -> Self {
        Self { values: self.values + 1, ..self }
    }
}

impl Comparison<'_> {
    fn value<'a>(&self, old: &'a Value, new: &'a Value, name: &str, depth: Depth) -> Node<'a> {
        let whole = depth.values >= DEPTH;
        match (old, new) {
            (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) if whole => {
                self.unequal(old, new, name)
            }
            (Value::Object(left), Value::Object(right)) => self.objects(old, new, left, right, name, depth),
            (Value::Array(left), Value::Array(right)) => self.arrays(old, new, left, right, name, depth),
            _ if old == new => Node::Same(Held::Borrowed(old)),
            (Value::String(left), Value::String(right)) => self.strings(old, new, left, right, name, depth),
            _ => self.unequal(old, new, name),
        }
    }

    fn unequal<'a>(&self, old: &'a Value, new: &'a Value, name: &str) -> Node<'a> {
        let (was, is) = (Held::Borrowed(old), Held::Borrowed(new));
        if old == new {
            Node::Same(was)
        } else if self.judge.excuses(name, old, new) {
            Node::Excused { old: was, new: is }
        } else {
            Node::Changed { old: was, new: is }
        }
    }

    fn objects<'a>(
        &self,
        old: &'a Value,
        new: &'a Value,
        left: &'a Map<String, Value>,
        right: &'a Map<String, Value>,
        name: &str,
        depth: Depth,
    ) -> Node<'a> {
        let member = |(name, node): (&'a String, Node<'a>)| Member { name: Cow::Borrowed(name), node };
        let mut members: Vec<Member<'a>> = Vec::new();
        // Members mostly stand in the same order on both sides, which saves looking them up.
        let mut others = right.iter();
        let (mut found, mut differs) = (0, false);
        for (place, (name, value)) in left.iter().enumerate() {
            let beside = others.next().filter(|(other, _)| *other == name).map(|(_, other)| other);
            let node = match beside.or_else(|| right.get(name)) {
                Some(other) => {
                    found += 1;
                    self.value(value, other, name, depth.inside())
                }
                None => Node::Removed(Held::Borrowed(value)),
            };
            if !differs && !matches!(node, Node::Same(_)) {
                differs = true;
                members.reserve(left.len());
                let same = left.iter().take(place).map(|(name, value)| (name, Node::Same(Held::Borrowed(value))));
                members.extend(same.map(member));
            }
            if differs {
                members.push(member((name, node)));
            }
        }
        if found < right.len() {
            let same = left.iter().filter(|_| !differs).map(|(name, value)| (name, Node::Same(Held::Borrowed(value))));
            let added = right.iter().filter(|(name, _)| !left.contains_key(*name));
            let added = added.map(|(name, value)| (name, Node::Added(Held::Borrowed(value))));
            members.extend(same.chain(added).map(member));
        } else if !differs {
            return Node::Same(Held::Borrowed(old));
        }
        if self.judge.excuses(name, old, new) {
            return Node::Excused { old: Held::Borrowed(old), new: Held::Borrowed(new) };
        }
        Node::Object(members)
    }

    fn arrays<'a>(
        &self,
        old: &'a Value,
        new: &'a Value,
        left: &'a [Value],
        right: &'a [Value],
        name: &str,
        depth: Depth,
    ) -> Node<'a> {
        if left == right {
            return Node::Same(Held::Borrowed(old));
        }
        let item = |pairing: super::Pairing| {
            let was = pairing.old.and_then(|place| left.get(place));
            let is = pairing.new.and_then(|place| right.get(place));
            let node = match (was, is) {
                (Some(was), Some(is)) => self.value(was, is, name, depth.inside()),
                (Some(was), None) => Node::Removed(Held::Borrowed(was)),
                (None, Some(is)) => Node::Added(Held::Borrowed(is)),
                (None, None) => return None,
            };
            Some(Item { pairing, node })
        };
        let items: Vec<Item<'a>> = pair(left, right).into_iter().filter_map(item).collect();
        if items.iter().all(|item| !item.pairing.moved && matches!(item.node, Node::Same(_))) {
            return Node::Same(Held::Borrowed(old));
        }
        if self.judge.excuses(name, old, new) {
            return Node::Excused { old: Held::Borrowed(old), new: Held::Borrowed(new) };
        }
        Node::Array(items)
    }

    /// Strings that differ: with JSON inside by that, else as a whole.
    fn strings<'a>(
        &self,
        old: &'a Value,
        new: &'a Value,
        left: &str,
        right: &str,
        name: &str,
        depth: Depth,
    ) -> Node<'a> {
        if depth.decoded < DECODED
            && let (Some(left), Some(right)) = (decode(left), decode(right))
        {
            let depth = Depth { decoded: depth.decoded + 1, ..depth.inside() };
            let inner = Box::new(self.value(&left, &right, name, depth).into_owned());
            return Node::Decoded { old: Held::Borrowed(old), new: Held::Borrowed(new), inner };
        }
        self.unequal(old, new, name)
    }
}

/// Returns the object, array or string whose JSON a string holds.
fn decode(text: &str) -> Option<Value> {
    let ends = matches!(text.trim_ascii().as_bytes(), [b'{', .., b'}'] | [b'[', .., b']'] | [b'"', .., b'"']);
    if ends { serde_json::from_str(text).ok() } else { None }
}
