//! What failing inputs have that others have not: values they share, fields they lack or have alone, other types,
//! numbers out of range.

use crate::json::Payload;
use serde_json::Value;
use std::collections::HashMap;

/// What the failing inputs have and the others have not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contrast {
    /// How many failing inputs were compared.
    pub failing: usize,
    /// With how many of the others.
    pub passing: usize,
    /// What was found, the most telling first.
    pub traits: Vec<Trait>,
}

/// Something all failing inputs have in common at one place and few of the others have there.
#[derive(Debug, Clone, PartialEq)]
pub struct Trait {
    /// Where it stands in the inputs.
    pub path: String,
    /// What it is.
    pub shape: Shape,
    /// How many of the others have it too.
    pub also: usize,
}

/// What inputs have in common at a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// The same value.
    Value(Value),
    /// Nothing, where the others have something.
    Missing,
    /// Something, where the others have nothing.
    Extra,
    /// A value of another type than the others have.
    Type {
        /// The type: `string`, `number` and so on.
        failing: &'static str,
        /// That of the others.
        passing: &'static str,
    },
    /// Numbers beyond those of the others; smallest and largest of both.
    Range {
        /// Of the failing ones.
        failing: (f64, f64),
        /// Of the others.
        passing: (f64, f64),
    },
}

impl Shape {
    /// Returns the word for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Value(_) => "value",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Type { .. } => "type",
            Self::Range { .. } => "range",
        }
    }
}

/// Inputs compared, of either kind.
const COMPARED: usize = 200;
/// Values looked at in one input.
const VALUES: usize = 400;
/// How deep values are looked at.
const DEEPEST: usize = 8;
/// Larger inputs are not compared.
const LARGEST: usize = 64 * 1024;
/// What is listed of one kind.
const LISTED: usize = 3;
/// Others that are needed before what they have says anything about one that differs.
const ENOUGH: usize = 3;

/// Returns what the failing inputs have that the others have not. One failing input shares everything with itself, so
/// that values count only from two on.
pub fn contrast(failing: &[&Payload], passing: &[&Payload]) -> Contrast {
    let values = |payloads: &[&Payload]| -> Vec<Value> {
        let small = payloads.iter().take(COMPARED).filter(|payload| payload.size() <= LARGEST);
        small.filter_map(|payload| payload.value().ok().cloned()).collect()
    };
    let (failing, passing) = (values(failing), values(passing));
    let sides = Sides { failing: failing.iter().map(nodes).collect(), passing: passing.iter().map(nodes).collect() };
    Contrast { failing: failing.len(), passing: passing.len(), traits: sides.traits() }
}

type Nodes<'a> = indexmap::IndexMap<String, &'a Value>;

/// The inputs of both kinds, each as what stands at every place.
struct Sides<'a> {
    failing: Vec<Nodes<'a>>,
    passing: Vec<Nodes<'a>>,
}

impl Sides<'_> {
    fn traits(&self) -> Vec<Trait> {
        if self.failing.is_empty() || self.passing.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Trait> = Vec::new();
        let mut seen: HashMap<&str, ()> = HashMap::new();
        for path in self.failing.iter().take(1).chain(self.passing.iter().take(ENOUGH)).flat_map(Nodes::keys) {
            if seen.insert(path, ()).is_none() {
                found.extend(self.trait_at(path));
            }
        }
        let rank = |shape: &Shape| match shape {
            Shape::Value(_) => 0,
            Shape::Type { .. } => 1,
            Shape::Range { .. } => 2,
            Shape::Missing => 3,
            Shape::Extra => 4,
        };
        found.sort_by_key(|it| (rank(&it.shape), it.also));
        let mut listed: HashMap<u8, usize> = HashMap::new();
        found.retain(|it| {
            let count = listed.entry(rank(&it.shape)).or_default();
            *count += 1;
            *count <= LISTED
        });
        found
    }

    /// What the failing inputs have in common at a place; the first kind that applies.
    fn trait_at(&self, path: &str) -> Option<Trait> {
        let failing: Vec<&Value> = self.failing.iter().filter_map(|nodes| nodes.get(path).copied()).collect();
        let passing: Vec<&Value> = self.passing.iter().filter_map(|nodes| nodes.get(path).copied()).collect();
        let few = |count: usize| count * 10 <= self.passing.len();
        let found = |shape, also| few(also).then(|| Trait { path: path.to_owned(), shape, also });
        let enough = self.passing.len() >= ENOUGH;
        if failing.is_empty() {
            // A place inside something that is missing altogether says nothing more.
            let around = parent(path).is_none_or(|parent| self.failing.iter().all(|nodes| nodes.contains_key(parent)));
            let also = self.passing.len() - passing.len();
            return if enough && around { found(Shape::Missing, also) } else { None };
        }
        let [first, ..] = failing.as_slice() else { return None };
        if failing.len() < self.failing.len() {
            return None;
        }
        let scalar = !matches!(first, Value::Object(_) | Value::Array(_) | Value::Null);
        if scalar && failing.len() > 1 && failing.iter().all(|value| value == first) {
            let also = passing.iter().filter(|value| *value == first).count();
            if let Some(shared) = found(Shape::Value(Value::clone(first)), also) {
                return Some(shared);
            }
        }
        if !enough {
            return None;
        }
        if few(passing.len()) {
            let inside = parent(path)
                .is_some_and(|parent| few(self.passing.iter().filter(|it| it.contains_key(parent)).count()));
            return if inside { None } else { found(Shape::Extra, passing.len()) };
        }
        self.other_type(&failing, &passing)
            .or_else(|| range(&failing, &passing))
            .and_then(|(shape, also)| found(shape, also))
    }

    fn other_type(&self, failing: &[&Value], passing: &[&Value]) -> Option<(Shape, usize)> {
        let kind = type_of(failing.first()?);
        let same = failing.iter().all(|value| type_of(value) == kind);
        let usual = type_of(passing.iter().find(|value| type_of(value) != kind)?);
        let also = passing.iter().filter(|value| type_of(value) == kind).count();
        let agree = passing.iter().all(|value| matches!(type_of(value), it if it == kind || it == usual));
        (same && agree).then_some((Shape::Type { failing: kind, passing: usual }, also))
    }
}

/// Numbers that all lie beyond those of the others.
fn range(failing: &[&Value], passing: &[&Value]) -> Option<(Shape, usize)> {
    let span = |values: &[&Value]| {
        let numbers = values.iter().map(|value| value.as_f64()).collect::<Option<Vec<f64>>>()?;
        let (low, high) =
            numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(*it), high.max(*it)));
        (!numbers.is_empty()).then_some((low, high))
    };
    let (failing, passing) = (span(failing)?, span(passing)?);
    let beyond = failing.0 > passing.1 || failing.1 < passing.0;
    beyond.then_some((Shape::Range { failing, passing }, 0))
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The place a place lies in; `None` for those of the document itself.
fn parent(path: &str) -> Option<&str> {
    let end = path.rfind(['.', '['])?;
    path.get(..end).filter(|parent| *parent != "$")
}

/// Returns every value inside a document by its path.
fn nodes(value: &Value) -> Nodes<'_> {
    let mut nodes = Nodes::new();
    collect(value, &mut "$".to_owned(), 0, &mut nodes);
    nodes
}

fn collect<'a>(value: &'a Value, path: &mut String, depth: usize, nodes: &mut Nodes<'a>) {
    if nodes.len() >= VALUES || depth > DEEPEST {
        return;
    }
    if depth > 0 {
        nodes.insert(path.clone(), value);
    }
    let mut inside = |step: &str, value: &'a Value| {
        let length = path.len();
        path.push_str(step);
        collect(value, path, depth + 1, nodes);
        path.truncate(length);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| inside(&format!(".{name}"), value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| inside(&format!("[{index}]"), value));
        }
        _ => {}
    }
}
