//! How alike two values are, told from sketches of them.

use crate::json::Kind;
use serde_json::Value;
use std::hash::{Hash, Hasher};

/// More parts of a value than this are not looked at.
const PARTS: usize = 64;

/// What is remembered of a value in order to tell how alike it is to others.
#[derive(Debug)]
pub(super) struct Sketch {
    kind: Kind,
    whole: u64,
    /// Hashes of names and values of the parts, sorted.
    parts: Vec<(u64, u64)>,
}

/// Parts that lie deeper do not count.
const DEPTH: usize = 100;

/// A quick hash. Values made to collide with it are only paired badly: what is paired is always compared.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        rest.iter().for_each(|byte| self.write_u64(u64::from(*byte) + 256));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 29
    }
}

/// Returns a hash that equal values share, whatever the order of members.
pub(super) fn hash(value: &Value) -> u64 {
    hash_at(value, 0)
}

fn hash_at(value: &Value, depth: usize) -> u64 {
    let mut hasher = Mix::default();
    match value {
        _ if depth > DEPTH => {}
        Value::Object(members) => {
            let mut sum = 5_u64;
            for (name, value) in members {
                sum = sum.wrapping_add(hash_of(&(name, hash_at(value, depth + 1))));
            }
            hasher.write_u64(sum);
        }
        Value::Array(items) => {
            hasher.write_u8(4);
            for item in items {
                hasher.write_u64(hash_at(item, depth + 1));
            }
        }
        Value::String(text) => text.hash(&mut hasher),
        Value::Number(number) => number.hash(&mut hasher),
        Value::Bool(value) => value.hash(&mut hasher),
        Value::Null => hasher.write_u8(0),
    }
    hasher.finish()
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = Mix::default();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Sketch {
    pub(super) fn of(value: &Value) -> Self {
        let mut parts: Vec<(u64, u64)> = match value {
            Value::Object(members) => {
                members.iter().take(PARTS).map(|(name, value)| (hash_of(name), hash(value))).collect()
            }
            Value::Array(items) => items.iter().take(PARTS).map(|item| (0, hash(item))).collect(),
            Value::String(text) => text.split_whitespace().take(PARTS).map(|word| (0, hash_of(&word))).collect(),
            _ => Vec::new(),
        };
        parts.sort_unstable();
        Self { kind: Kind::of(value), whole: hash(value), parts }
    }

    /// Tells how alike two values are: 100 for equal ones, 0 for those that are better not compared with each other.
    ///
    /// Parts that are equal count in full, members of the same name a quarter.
    pub(super) fn likeness(&self, other: &Self) -> u32 {
        if self.whole == other.whole {
            return 100;
        }
        match (self.kind == other.kind, self.kind) {
            (false, _) => 0,
            (true, Kind::Null | Kind::Boolean | Kind::Number) => 10,
            (true, kind) => {
                let (equal, named) = self.shared(other);
                let all = self.parts.len() + other.parts.len();
                let points = 2 * (4 * equal + if kind == Kind::Object { named } else { 0 });
                let likeness = u32::try_from(points * 25 / all.max(1)).unwrap_or(99).min(99);
                match kind {
                    Kind::String => likeness.max(10),
                    _ if likeness >= 20 => likeness,
                    _ => 0,
                }
            }
        }
    }

    /// Counts parts equal in both, and those that share the name only.
    fn shared(&self, other: &Self) -> (usize, usize) {
        let (mut equal, mut named) = (0, 0);
        let (mut left, mut right) = (self.parts.iter().peekable(), other.parts.iter().peekable());
        while let (Some(ours), Some(theirs)) = (left.peek(), right.peek()) {
            if ours == theirs {
                equal += 1;
                left.next();
                right.next();
            } else if ours.0 == theirs.0 && ours.0 != 0 {
                named += 1;
                left.next();
                right.next();
            } else if ours < theirs {
                left.next();
            } else {
                right.next();
            }
        }
        (equal, named)
    }
}
