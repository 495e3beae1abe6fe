//! What is known about a payload without running anything.

use crate::asl::node::{Data, Node};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The members a payload can have.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// It may be anything.
    Unknown,
    /// A list or a plain value.
    Other,
    /// An object with at most these members.
    Object(Rc<BTreeMap<String, Shape>>),
}

/// Deeper than this nothing is known, so that a payload growing in a loop comes to rest.
const DEPTH: usize = 8;
/// Larger than this it is not worth knowing.
const MEMBERS: usize = 200;

impl Shape {
    pub fn object(members: impl IntoIterator<Item = (String, Self)>) -> Self {
        let members: BTreeMap<_, _> = members.into_iter().collect();
        if members.len() > MEMBERS { Self::Unknown } else { Self::Object(Rc::new(members)) }
    }

    /// Returns the shape of a constant.
    pub fn of_constant(node: &Node) -> Self {
        Self::of(node, 0, &|_, _| None)
    }

    /// Returns the shape of a template; `computed` tells the shape of what an expression gives.
    pub fn of_template(node: &Node, computed: &dyn Fn(&str, &str) -> Option<Self>) -> Self {
        Self::of(node, 0, computed)
    }

    fn of(node: &Node, depth: usize, computed: &dyn Fn(&str, &str) -> Option<Self>) -> Self {
        match &node.data {
            Data::Placeholder(_) => Self::Unknown,
            _ if depth > DEPTH || node.is_substitution() => Self::Unknown,
            Data::Object(members) => Self::object(members.iter().map(|member| {
                let name = member.key.strip_suffix(".$").unwrap_or(&member.key);
                let expression = member.value.text().and_then(|text| computed(&member.key, text));
                (name.to_owned(), expression.unwrap_or_else(|| Self::of(&member.value, depth + 1, computed)))
            })),
            _ => Self::Other,
        }
    }

    /// Returns the shape of a member at a path of names; `None` when there cannot be one.
    pub fn get(&self, path: &[&str]) -> Option<Self> {
        let mut shape = self;
        for name in path {
            match shape {
                Self::Object(members) => shape = members.get(*name)?,
                Self::Unknown | Self::Other => return Some(Self::Unknown),
            }
        }
        Some(shape.clone())
    }

    /// Returns the shape after something was put at a path of names.
    pub fn put(&self, path: &[&str], value: Self) -> Self {
        let Some((first, rest)) = path.split_first() else {
            return value;
        };
        if path.len() > DEPTH {
            return Self::Unknown;
        }
        match self {
            Self::Object(members) => {
                let mut members = BTreeMap::clone(members);
                let below = members.get(*first).cloned().unwrap_or_else(|| Self::object([]));
                members.insert((*first).to_owned(), below.put(rest, value));
                if members.len() > MEMBERS { Self::Unknown } else { Self::Object(Rc::new(members)) }
            }
            Self::Unknown | Self::Other => Self::Unknown,
        }
    }

    /// Returns the shape of something that is either.
    pub fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Object(a), Self::Object(b)) => {
                let mut members = BTreeMap::clone(a);
                for (name, shape) in b.iter() {
                    let joined = members.get(name).map_or_else(|| shape.clone(), |known| known.or(shape));
                    members.insert(name.clone(), joined);
                }
                Self::object(members)
            }
            _ if self == other => self.clone(),
            _ => Self::Unknown,
        }
    }

    /// Names the members, for people.
    pub fn members(&self) -> Option<String> {
        match self {
            Self::Object(members) if members.is_empty() => Some("no members".to_owned()),
            Self::Object(members) => {
                Some(members.keys().take(8).map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", "))
            }
            _ => None,
        }
    }
}

/// Returns the names a path starts with: `a`, `b` of `$.a.b[0].c`; `None` when it does not start at the input.
pub(super) fn names(path: &str) -> Option<Vec<&str>> {
    let mut rest = path.strip_prefix('$')?;
    let mut names = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix("['").filter(|_| !rest.contains("','")) {
            let end = after.find("']")?;
            names.push(after.get(..end)?);
            rest = after.get(end + 2..)?;
        } else if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(after.len());
            let name = after.get(..end)?;
            if name.is_empty() || after.get(end..)?.starts_with('(') {
                break;
            }
            names.push(name);
            rest = after.get(end..)?;
        } else {
            break;
        }
    }
    (rest.is_empty() || rest.starts_with('.') || rest.starts_with('[')).then_some(names)
}
