//! What failing inputs have that others have not: values they share, fields they lack or have alone, other types,
//! numbers out of range.

mod places;

use crate::json::diff::At;
use crate::json::{Kind, Payload};
use places::{Places, Seen, Side};
use serde_json::Value;

/// What the failing inputs have and the others have not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contrast {
    /// How many failing inputs were compared.
    pub failing: usize,
    /// How many there are; more than were compared when they are very many or too large.
    pub given: usize,
    /// With how many of the others.
    pub passing: usize,
    /// How many others there are; more than were compared when they are very many.
    pub others: usize,
    /// What was found, the most telling first.
    pub traits: Vec<Trait>,
}

/// Something all failing inputs have in common at one place and few of the others have there.
#[derive(Debug, Clone, PartialEq)]
pub struct Trait {
    /// Where it stands in the inputs.
    pub path: At,
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

    /// The most telling first.
    fn rank(&self) -> usize {
        match self {
            Self::Value(_) => 0,
            Self::Type { .. } => 1,
            Self::Range { .. } => 2,
            Self::Missing => 3,
            Self::Extra => 4,
        }
    }
}

/// Larger inputs are not compared.
const LARGEST: usize = 64 * 1024;
/// Bytes of inputs that are read, of either kind. Of more than that, every n-th input is.
const BYTES: usize = 16 * 1024 * 1024;
/// Values that are looked at, of either kind.
const LOOKS: usize = 2_000_000;
/// What is listed of one kind.
const LISTED: usize = 3;
/// Others that are needed before what they have says anything about one that differs.
const ENOUGH: usize = 3;

/// Returns what the failing inputs have that the others have not. One failing input shares everything with itself, so
/// that values count only from two on.
pub fn contrast(failing: &[&Payload], passing: &[&Payload]) -> Contrast {
    let (given, all) = (failing.len(), passing.len());
    let small = |payload: &&&Payload| payload.size() <= LARGEST;
    let [failing, others] =
        [failing, passing].map(|payloads| payloads.iter().filter(small).copied().collect::<Vec<_>>());
    let samples: Vec<Value> = spread(&failing, 1).chain(spread(&others, ENOUGH)).filter_map(parsed).collect();
    if failing.is_empty() || others.is_empty() || samples.is_empty() {
        return Contrast { failing: failing.len(), given, others: all, ..Contrast::default() };
    }
    let mut places = Places::of(&samples);
    let mut compared = [0, 0];
    // The failing ones first: what they share is counted among the others.
    for (side, payloads) in [(Side::Failing, &failing), (Side::Passing, &others)] {
        let bytes: usize = payloads.iter().map(|payload| payload.size()).sum();
        let most = (LOOKS / places.len()).min(BYTES / (bytes / payloads.len()).max(1)).max(ENOUGH);
        for value in spread(payloads, most).filter_map(parsed) {
            compared[side as usize] += 1;
            places.see(&value, side);
        }
    }
    let [failing, passing] = compared;
    // What is not JSON is not compared; against nobody, everything would stand out.
    let traits = if failing > 0 && passing > 0 { traits(&places, failing, passing) } else { Vec::new() };
    Contrast { failing, given, passing, others: all, traits }
}

/// Histories hold very many payloads, so these are not kept parsed.
fn parsed(payload: &Payload) -> Option<Value> {
    serde_json::from_str(payload.text()).ok()
}

/// So many of them, evenly spread: the first ones alone may differ from the rest in nothing but being first.
fn spread<'a>(payloads: &'a [&'a Payload], most: usize) -> impl Iterator<Item = &'a Payload> {
    let count = payloads.len().min(most);
    (0..count).filter_map(move |at| payloads.get(at * payloads.len() / count).copied())
}

fn traits(places: &Places, failing: usize, passing: usize) -> Vec<Trait> {
    let judge = Judge { places, failing, passing };
    let mut found: Vec<Trait> = (1..places.len()).filter_map(|place| judge.at(place)).collect();
    found.sort_by_key(|it| (it.shape.rank(), it.also));
    let mut listed = [0; 5];
    found.retain(|it| {
        let count = &mut listed[it.shape.rank()];
        *count += 1;
        *count <= LISTED
    });
    found
}

/// What was seen in so many failing inputs and so many others.
struct Judge<'a> {
    places: &'a Places,
    failing: usize,
    passing: usize,
}

impl Judge<'_> {
    /// What the failing inputs have in common at a place; the first kind that applies.
    fn at(&self, place: usize) -> Option<Trait> {
        let [failing, passing] = self.places.seen(place);
        let found = |(shape, also)| self.few(also).then(|| Trait { path: self.places.path(place), shape, also });
        if failing.present == 0 {
            return self.missing(place, passing).and_then(found);
        }
        if failing.present < self.failing {
            return None;
        }
        if let Some(shared) = failing.shared().filter(|_| self.failing > 1)
            && let Some(shared) = found((Shape::Value(shared.clone()), passing.equal))
        {
            return Some(shared);
        }
        if self.passing < ENOUGH {
            return None;
        }
        if self.few(passing.present) {
            // Of a place inside something that is new altogether, that is enough to say.
            let inside = self.above(place).is_some_and(|[_, passing]| self.few(passing.present));
            return if inside { None } else { found((Shape::Extra, passing.present)) };
        }
        other_type(failing, passing).or_else(|| range(failing, passing)).and_then(found)
    }

    fn missing(&self, place: usize, passing: &Seen) -> Option<(Shape, usize)> {
        // A place inside something that is missing altogether says nothing more.
        let around = self.above(place).is_none_or(|[failing, _]| failing.present == self.failing);
        (self.passing >= ENOUGH && around).then(|| (Shape::Missing, self.passing - passing.present))
    }

    /// What was seen at the place around one, unless that is the document.
    fn above(&self, place: usize) -> Option<[&Seen; 2]> {
        self.places.parent(place).filter(|parent| *parent > 0).map(|parent| self.places.seen(parent))
    }

    /// Tells whether so many of the others are so few that what the failing ones have still stands out.
    fn few(&self, count: usize) -> bool {
        count * 10 <= self.passing
    }
}

fn other_type(failing: &Seen, passing: &Seen) -> Option<(Shape, usize)> {
    let only = |seen: &Seen, but: Option<Kind>| {
        let mut kinds = Kind::ALL.into_iter().filter(|kind| seen.of_kind(*kind) > 0 && Some(*kind) != but);
        kinds.next().filter(|_| kinds.next().is_none())
    };
    let here = only(failing, None)?;
    let elsewhere = only(passing, Some(here))?;
    Some((Shape::Type { failing: here.name(), passing: elsewhere.name() }, passing.of_kind(here)))
}

/// Numbers that all lie beyond those of the others. One number is the largest or the smallest of many soon enough: it
/// has to lie farther out than the others lie apart.
fn range(failing: &Seen, passing: &Seen) -> Option<(Shape, usize)> {
    let (here, there) = (failing.numbers()?, passing.numbers()?);
    let gap = (here.0 - there.1).max(there.0 - here.1);
    let least = if failing.present == 1 { there.1 - there.0 } else { 0.0 };
    (gap > least).then_some((Shape::Range { failing: here, passing: there }, 0))
}
