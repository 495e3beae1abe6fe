//! A place inside a document, written as a JSONPath.

use std::fmt;
use std::sync::Arc;

/// A place inside a document: the steps from its root. Printed as a JSONPath; a new `$` begins in each decoded string.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct At(pub Vec<Step>);

/// One step from a value into it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into an object's member.
    Member(Arc<str>),
    /// Into an array's item.
    Item(usize),
    /// Into the document that a string holds.
    Decoded,
}

impl At {
    /// Returns the name of the last member on the way; empty if there is none.
    pub fn name(&self) -> &str {
        let name = self.0.iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(&**name),
            _ => None,
        });
        name.unwrap_or_default()
    }

    /// Tells whether this place is the other one, or one of both lies inside the other.
    pub fn touches(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(step, other)| step == other)
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.0 {
            match step {
                Step::Member(name) if is_plain(name) => write!(f, ".{name}")?,
                Step::Member(name) => write!(f, "['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))?,
                Step::Item(index) => write!(f, "[{index}]")?,
                Step::Decoded => f.write_str(" decoded $")?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
