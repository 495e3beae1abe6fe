//! The places inside of documents, and what was seen at each of them in many documents, read one after the other.

use crate::json::Kind;
use crate::json::diff::{At, Step};
use serde_json::Value;

/// Places of one document that are looked at.
const MOST: usize = 400;
/// How deep places are looked at.
const DEEPEST: usize = 8;

/// The places inside of some documents, each with what was seen there. The first is the document itself.
pub(super) struct Places {
    places: Vec<Place>,
}

struct Place {
    parent: usize,
    step: Option<Step>,
    inside: Vec<usize>,
    seen: [Seen; 2],
}

/// Which documents something was seen in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Failing,
    Passing,
}

/// What was seen at a place.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// In how many documents there was something.
    pub present: usize,
    /// How many of the values were of each type, by its number.
    kinds: [usize; Kind::ALL.len()],
    /// How many were what the failing documents share.
    pub equal: usize,
    first: Option<Value>,
    varied: bool,
    span: Option<(f64, f64)>,
}

impl Places {
    /// All places of these documents, as far as there are not too many.
    pub fn of(documents: &[Value]) -> Self {
        let mut places = Self { places: vec![Place::new(0, None)] };
        for document in documents {
            let most = places.places.len() + MOST;
            places.add(0, document, 0, most);
        }
        places
    }

    fn add(&mut self, place: usize, value: &Value, depth: usize, most: usize) {
        if depth == DEEPEST {
            return;
        }
        let mut inside = |step: Step, value: &Value| {
            let known =
                self.places[place].inside.iter().find(|inner| self.places[**inner].step.as_ref() == Some(&step));
            let inner = match known {
                Some(known) => *known,
                None if self.places.len() >= most => return,
                None => {
                    self.places.push(Place::new(place, Some(step)));
                    let inner = self.places.len() - 1;
                    self.places[place].inside.push(inner);
                    inner
                }
            };
            self.add(inner, value, depth + 1, most);
        };
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| inside(Step::Member(name.as_str().into()), value));
            }
            Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| inside(Step::Item(at), value)),
            _ => {}
        }
    }

    /// Takes in what stands at each of the places of a document.
    pub fn see(&mut self, document: &Value, side: Side) {
        let mut left = vec![(0, document)];
        while let Some((place, value)) = left.pop() {
            let Some(Place { seen: [failing, passing], .. }) = self.places.get_mut(place) else { continue };
            match side {
                Side::Failing => failing.see(value),
                Side::Passing => {
                    passing.see(value);
                    passing.equal += usize::from(failing.shared() == Some(value));
                }
            }
            for inner in self.places.get(place).map_or(&[][..], |place| &place.inside) {
                let step = self.places.get(*inner).and_then(|inner| inner.step.as_ref());
                left.extend(step.and_then(|step| child(value, step)).map(|value| (*inner, value)));
            }
        }
    }

    /// Returns how many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns what was seen at a place: in the failing documents, and in the others.
    pub fn seen(&self, place: usize) -> [&Seen; 2] {
        self.places[place].seen.each_ref()
    }

    /// Returns the place around one.
    pub fn parent(&self, place: usize) -> Option<usize> {
        (place > 0).then(|| self.places[place].parent)
    }

    /// Returns where a place is.
    pub fn path(&self, place: usize) -> At {
        let up = std::iter::successors(Some(place), |place| self.parent(*place));
        let mut steps: Vec<Step> = up.filter_map(|place| self.places[place].step.clone()).collect();
        steps.reverse();
        At(steps)
    }
}

impl Place {
    fn new(parent: usize, step: Option<Step>) -> Self {
        Self { parent, step, inside: Vec::new(), seen: Default::default() }
    }
}

impl Seen {
    fn see(&mut self, value: &Value) {
        self.present += 1;
        self.kinds[Kind::of(value) as usize] += 1;
        if let Some(number) = value.as_f64() {
            let (low, high) = self.span.unwrap_or((number, number));
            self.span = Some((low.min(number), high.max(number)));
        }
        if !matches!(value, Value::Object(_) | Value::Array(_) | Value::Null) {
            match &self.first {
                Some(first) => self.varied |= first != value,
                None => self.first = Some(value.clone()),
            }
        }
    }

    /// Returns how many of the values were of a type.
    pub fn of_kind(&self, kind: Kind) -> usize {
        self.kinds[kind as usize]
    }

    /// Returns the value all documents have here, if it is one that can be compared at a glance.
    pub fn shared(&self) -> Option<&Value> {
        let plain: usize = [Kind::Boolean, Kind::Number, Kind::String].into_iter().map(|kind| self.of_kind(kind)).sum();
        self.first.as_ref().filter(|_| !self.varied && plain == self.present)
    }

    /// Returns the smallest and the largest, if all were numbers.
    pub fn numbers(&self) -> Option<(f64, f64)> {
        self.span.filter(|_| self.of_kind(Kind::Number) == self.present)
    }
}

fn child<'a>(value: &'a Value, step: &Step) -> Option<&'a Value> {
    match step {
        Step::Member(name) => value.get(&**name),
        Step::Item(index) => value.get(index),
        Step::Decoded => None,
    }
}
