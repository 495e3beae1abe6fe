//! Keys that occur twice, and values that are not there yet.

use super::subject::Subject;
use crate::asl::node::{Data, Member, Node};
use crate::asl::place::Span;
use std::collections::HashSet;

/// `DUPLICATE_FIELD_NAME`: of two members with one name the first is lost.
/// `SUBSTITUTION`: something will be put in before AWS sees the definition, where AWS looks at it.
pub(super) fn check(subject: &mut Subject<'_>) {
    let mut found = Found { duplicates: Vec::new(), substitutions: 0, first: None };
    found.walk(subject.root, &mut String::new(), Looks::Everywhere);
    for (location, span, key) in found.duplicates {
        subject.warn("DUPLICATE_FIELD_NAME", location, span, format!("The field '{key}' occurs twice"));
        subject.hint("AWS takes the last one and forgets the others.");
    }
    if let Some((location, span)) = found.first {
        let message = match found.substitutions {
            1 => "A value here is put in when the definition is deployed, and was not checked".to_owned(),
            count => format!(
                "{count} values, of which this is the first, are put in when the definition is deployed, and were not checked"
            ),
        };
        subject.warn("SUBSTITUTION", location, span, message);
        subject.hint("Check the deployed definition as well: 'aws stepfunctions describe-state-machine' prints it.");
    }
}

struct Found {
    duplicates: Vec<(String, Span, String)>,
    substitutions: usize,
    first: Option<(String, Span)>,
}

/// Fields whose constants are anybody's; only what is computed in them is checked.
const PAYLOADS: [&str; 9] = [
    "Parameters",
    "Arguments",
    "ResultSelector",
    "ItemSelector",
    "BatchInput",
    "Assign",
    "Output",
    "Result",
    "Comment",
];

/// What is looked at before the first run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// Everything.
    Everywhere,
    /// Everything; the members are states, whatever their names.
    ByState,
    /// Paths, calls and expressions.
    IntoComputed,
}

impl Looks {
    fn at(self, member: &Member) -> Self {
        match self {
            Self::Everywhere if &*member.key == "States" => Self::ByState,
            Self::Everywhere | Self::IntoComputed if member.key.ends_with(".$") => Self::Everywhere,
            Self::Everywhere if PAYLOADS.contains(&&*member.key) => Self::IntoComputed,
            Self::ByState => Self::Everywhere,
            same => same,
        }
    }

    fn checks(self, node: &Node) -> bool {
        self != Self::IntoComputed || node.text().is_some_and(|text| text.starts_with("{%"))
    }
}

impl Found {
    fn walk(&mut self, node: &Node, location: &mut String, looks: Looks) {
        if node.is_substitution() && looks.checks(node) {
            self.substitutions += 1;
            self.first.get_or_insert_with(|| (location.clone(), node.span));
        }
        let length = location.len();
        match &node.data {
            Data::Object(members) => {
                let mut seen = HashSet::with_capacity(members.len());
                for member in members {
                    if !seen.insert(&*member.key) {
                        let object = if location.is_empty() { "/".to_owned() } else { location.clone() };
                        self.duplicates.push((object, member.key_span, member.key.to_string()));
                    }
                    location.push('/');
                    location.push_str(&member.key);
                    self.walk(&member.value, location, looks.at(member));
                    location.truncate(length);
                }
            }
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    location.push_str(&format!("[{index}]"));
                    self.walk(item, location, looks);
                    location.truncate(length);
                }
            }
            _ => {}
        }
    }
}
