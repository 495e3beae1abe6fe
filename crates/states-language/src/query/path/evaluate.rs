//! Walks a document along the steps of a path.
//!
//! Jayway's walk has two kinds of null, and so has ours: a member whose value is null, and an element that is not
//! there, are nothing at all to the next step, while an element that is null is a value like a number.

use super::miss::{MissReason, quoted};
use super::step::{Query, Step, listed};
use crate::query::budget::{Budget, TooLarge};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt::Write as _;

/// What an index selects that an array does not have; known by its address.
static ABSENT: Value = Value::Null;

/// Tells whether a value stands for an element that is not there.
pub(super) fn is_absent(value: &Value) -> bool {
    std::ptr::eq(value, &raw const ABSENT)
}

/// A value on the way, and whether Java holds it as a value of its own or as a node of the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model<'v> {
    value: &'v Value,
    unwrapped: bool,
}

impl<'v> Model<'v> {
    const ABSENT: Self = Self { value: &ABSENT, unwrapped: true };

    /// A document, or an element that an index selected.
    pub(super) fn document(value: &'v Value) -> Self {
        Self { value, unwrapped: false }
    }

    /// A member, or an element that a filter or a scan looks at.
    pub(super) fn member(value: &'v Value) -> Self {
        Self { value, unwrapped: true }
    }

    fn element(items: &'v [Value], index: i32) -> Self {
        let item = usize::try_from(index).ok().and_then(|index| items.get(index));
        item.map_or(Self::ABSENT, Self::document)
    }

    fn is_nothing(self) -> bool {
        self.unwrapped && self.value.is_null()
    }
}

/// Why a walk ended without the value that was asked for.
///
/// The reason is left out where somebody catches the stop and nobody would read it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stop {
    /// Jayway's `PathNotFoundException`: `[*]` of an array passes over it, a filter takes it for false.
    Missed(Option<Box<MissReason>>),
    /// Jayway's `InvalidPathException`, which ends everything.
    Refused(Box<MissReason>),
    /// What an array step around it takes for a miss.
    OutOfBounds,
    /// An operator cannot do with these values, or a filter has none.
    Failed(&'static str),
    /// More work than an evaluation may do.
    TooLarge,
}

impl From<TooLarge> for Stop {
    fn from(TooLarge: TooLarge) -> Self {
        Self::TooLarge
    }
}

/// Why names and indexes lead nowhere.
enum Gone {
    Missed,
    Refused,
}

/// Whether names that an object of several does not have matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Members {
    Optional,
    Required,
}

impl Query {
    /// Returns what the path selects in a value; `$` inside filters means the root.
    pub(super) fn select<'v>(&self, from: Model<'v>, root: &'v Value, budget: &Budget) -> Result<Cow<'v, Value>, Stop> {
        if let (true, Ok(value)) = (self.is_reference(), self.follow(from)) {
            return Ok(Cow::Borrowed(value));
        }
        let mut found = self.walk(from, root, budget, Members::Optional)?;
        if self.is_definite() {
            return if found.is_empty() { Err(Stop::Missed(None)) } else { Ok(found.swap_remove(0)) };
        }
        let copies = found.into_iter().map(|value| match value {
            Cow::Borrowed(value) => budget.copy(value),
            Cow::Owned(value) => Ok(value),
        });
        Ok(Cow::Owned(Value::Array(copies.collect::<Result<_, _>>()?)))
    }

    /// Tells whether a definite path selects something other than null; an object of several members must have all.
    pub(super) fn exists(&self, from: Model<'_>, root: &Value, budget: &Budget) -> Result<bool, Stop> {
        if self.is_reference() {
            match self.follow(from) {
                Ok(value) => return Ok(!value.is_null()),
                Err(Gone::Missed) => return Ok(false),
                Err(Gone::Refused) => {}
            }
        }
        match self.walk(from, root, budget, Members::Required) {
            Ok(found) => Ok(found.first().is_some_and(|value| !value.is_null())),
            Err(Stop::Missed(_)) => Ok(false),
            Err(stop) => Err(stop),
        }
    }

    /// Returns every value the path selects, one by one, those that are places of the document borrowed.
    pub(super) fn each<'v>(&self, root: &'v Value, budget: &Budget) -> Result<Vec<Cow<'v, Value>>, Stop> {
        self.walk(Model::document(root), root, budget, Members::Optional)
    }

    /// Follows names and indexes; the way nearly all paths go.
    fn follow<'v>(&self, from: Model<'v>) -> Result<&'v Value, Gone> {
        let mut reached = from;
        for step in &self.steps {
            reached = match (step, reached.value) {
                (Step::Name(name), Value::Object(members)) => Model::member(members.get(&**name).ok_or(Gone::Missed)?),
                (Step::Index(index), Value::Array(items)) => Model::element(items, *index),
                (Step::Index(_), _) if !reached.is_nothing() => return Err(Gone::Refused),
                _ => return Err(Gone::Missed),
            };
        }
        Ok(reached.value)
    }

    fn walk<'v>(
        &self,
        from: Model<'v>,
        root: &'v Value,
        budget: &Budget,
        members: Members,
    ) -> Result<Vec<Cow<'v, Value>>, Stop> {
        let mut walk = Walk { query: self, root, budget, members, found: Vec::new(), trail: Vec::new(), caught: 0 };
        match walk.step(0, from) {
            Err(Stop::OutOfBounds) => Err(Stop::Failed("the filter has no criteria")),
            ended => ended.map(|()| walk.found),
        }
    }
}

/// A way that was gone, for telling where the walk is.
#[derive(Debug, Clone, Copy)]
enum Crumb<'w> {
    Root,
    Name(&'w str),
    Index(i32),
}

struct Walk<'w, 'v> {
    query: &'w Query,
    root: &'v Value,
    budget: &'w Budget,
    members: Members,
    found: Vec<Cow<'v, Value>>,
    trail: Vec<Crumb<'w>>,
    /// How many steps around catch a miss.
    caught: usize,
}

impl<'w, 'v: 'w> Walk<'w, 'v> {
    fn step(&mut self, at: usize, model: Model<'v>) -> Result<(), Stop> {
        let Some(step) = self.query.steps.get(at) else {
            self.found.push(Cow::Borrowed(model.value));
            return Ok(());
        };
        let budget = self.budget;
        let _level = budget.enter()?;
        budget.spend(1)?;
        match step {
            Step::Root => self.into(Crumb::Root, at, model),
            Step::Name(name) => self.name(name, at, model),
            Step::Names(names) => self.names(names, at, model),
            Step::Index(index) => self.indexes(std::iter::once(*index), at, model),
            Step::Indexes(indexes) => self.indexes(indexes.iter().copied(), at, model),
            Step::FromEnd(offset) => {
                let index = length(self.items(at, model)?).saturating_add(*offset);
                self.indexes(std::iter::once(index), at, model)
            }
            Step::Slice(slice) => {
                let range = slice.range(length(self.items(at, model)?));
                self.indexes(range, at, model)
            }
            Step::Wildcard => self.wildcard(at, model),
            Step::Scan => self.scan(at + 1, model),
            Step::Filter(_) | Step::Unbound(_) => self.filter(at, model),
        }
    }

    /// Goes on behind a step.
    fn into(&mut self, crumb: Crumb<'w>, at: usize, model: Model<'v>) -> Result<(), Stop> {
        self.trail.push(crumb);
        let ended = self.step(at + 1, model);
        self.trail.pop();
        ended
    }

    fn name(&mut self, name: &'w str, at: usize, model: Model<'v>) -> Result<(), Stop> {
        let Value::Object(members) = model.value else { return Err(self.no_property(at)) };
        match members.get(name) {
            Some(value) => self.into(Crumb::Name(name), at, Model::member(value)),
            None if self.query.is_leaf(at) => {
                Err(self.missed(|walk| MissReason::NoResults(walk.place(&format!("['{name}']")))))
            }
            None if !self.query.is_definite_around(at) && self.members == Members::Optional => Ok(()),
            None => Err(self.missed(|walk| MissReason::MissingProperty(walk.place(&format!("['{name}']"))))),
        }
    }

    fn names(&mut self, names: &[Box<str>], at: usize, model: Model<'v>) -> Result<(), Stop> {
        let Value::Object(members) = model.value else { return Err(self.no_property(at)) };
        let place = |walk: &Self| walk.place(&format!("[{}]", listed(names)));
        if !self.query.is_leaf(at) {
            return Err(Stop::Refused(Box::new(MissReason::NotALeaf(place(self)))));
        }
        let mut merged = Map::new();
        for name in names {
            match members.get(&**name) {
                Some(value) => {
                    merged.insert(name.to_string(), self.budget.copy(value)?);
                }
                None if self.members == Members::Optional => {}
                None => return Err(self.missed(|walk| MissReason::MissingProperty(place(walk)))),
            }
        }
        self.found.push(Cow::Owned(Value::Object(merged)));
        Ok(())
    }

    /// Returns the elements of what a step for arrays is applied to.
    fn items(&self, at: usize, model: Model<'v>) -> Result<&'v [Value], Stop> {
        match model.value {
            Value::Array(items) => Ok(items),
            _ if model.is_nothing() => Err(self.missed(|walk| MissReason::NullArray(walk.place("")))),
            _ => Err(Stop::Refused(Box::new(MissReason::NotAnArray {
                filter: self.query.text_from(at),
                found: quoted(model.value, model.unwrapped),
            }))),
        }
    }

    fn indexes(&mut self, indexes: impl Iterator<Item = i32>, at: usize, model: Model<'v>) -> Result<(), Stop> {
        let items = self.items(at, model)?;
        for index in indexes {
            self.budget.spend(1)?;
            self.element(items, index, at)?;
        }
        Ok(())
    }

    fn element(&mut self, items: &'v [Value], index: i32, at: usize) -> Result<(), Stop> {
        match self.into(Crumb::Index(index), at, Model::element(items, index)) {
            Err(Stop::OutOfBounds) => {
                Err(self.missed(|walk| MissReason::OutOfBounds(walk.place(&format!("[{index}]")))))
            }
            ended => ended,
        }
    }

    /// All members, or all elements, of which those are passed over in which the rest of the path misses.
    fn wildcard(&mut self, at: usize, model: Model<'v>) -> Result<(), Stop> {
        match model.value {
            Value::Object(members) => {
                members.iter().try_for_each(|(name, value)| self.into(Crumb::Name(name), at, Model::member(value)))
            }
            Value::Array(items) => {
                self.caught += 1;
                let ended = (0..length(items)).try_for_each(|index| match self.element(items, index, at) {
                    Err(Stop::Missed(_)) => Ok(()),
                    ended => ended,
                });
                self.caught -= 1;
                ended
            }
            _ => Ok(()),
        }
    }

    fn filter(&mut self, at: usize, model: Model<'v>) -> Result<(), Stop> {
        match model.value {
            Value::Object(_) if self.accepts(at, model)? => self.step(at + 1, model),
            Value::Object(_) => Ok(()),
            Value::Array(items) => {
                for (index, item) in (0i32..).zip(items) {
                    if self.accepts(at, Model::member(item))? {
                        self.element(items, index, at)?;
                    }
                }
                Ok(())
            }
            // Jayway cannot even say so when more than five filters are missing.
            _ if matches!(self.query.steps.get(at), Some(Step::Unbound(count)) if *count > 5) => Err(Stop::OutOfBounds),
            _ => Err(Stop::Refused(Box::new(MissReason::Primitive {
                filter: self.query.text_from(at),
                found: quoted(model.value, model.unwrapped),
            }))),
        }
    }

    fn accepts(&self, at: usize, item: Model<'v>) -> Result<bool, Stop> {
        match self.query.steps.get(at) {
            Some(Step::Filter(filter)) => filter.accepts(item, self.root, self.budget),
            _ => Err(Stop::Failed("the filter has no criteria")),
        }
    }

    /// Tries a step on this value and on everything below.
    ///
    /// Where the step is not the last and an array suits it, it is passed over: the step behind it is tried on every
    /// element, so that `$..[0].a` means the `a` of all elements and not of the first.
    fn scan(&mut self, target: usize, model: Model<'v>) -> Result<(), Stop> {
        let budget = self.budget;
        let _level = budget.enter()?;
        budget.spend(1)?;
        match model.value {
            Value::Object(members) => {
                if self.suits(target, model)? {
                    self.step(target, model)?;
                }
                members.iter().try_for_each(|(name, value)| {
                    self.below(Crumb::Name(name), |walk| walk.scan(target, Model::member(value)))
                })
            }
            Value::Array(items) => {
                if self.suits(target, model)? {
                    if self.query.is_leaf(target) {
                        self.step(target, model)?;
                    } else {
                        (0i32..).zip(items).try_for_each(|(index, item)| {
                            self.into(Crumb::Index(index), target, Model::member(item))
                        })?;
                    }
                }
                (0i32..).zip(items).try_for_each(|(index, item)| {
                    self.below(Crumb::Index(index), |walk| walk.scan(target, Model::member(item)))
                })
            }
            _ => Ok(()),
        }
    }

    fn below(&mut self, crumb: Crumb<'w>, go: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        self.trail.push(crumb);
        let ended = go(self);
        self.trail.pop();
        ended
    }

    /// Tells whether a scan tries its step on this object or array.
    fn suits(&self, target: usize, model: Model<'v>) -> Result<bool, Stop> {
        let members = model.value.as_object();
        Ok(match self.query.steps.get(target) {
            Some(Step::Name(name)) => members.is_some_and(|members| members.contains_key(&**name)),
            Some(Step::Names(names)) => {
                members.is_some_and(|members| names.iter().all(|name| members.contains_key(&**name)))
            }
            Some(Step::Index(_) | Step::Indexes(_) | Step::FromEnd(_) | Step::Slice(_)) => members.is_none(),
            Some(Step::Wildcard) => true,
            Some(Step::Filter(_) | Step::Unbound(_)) => self.accepts(target, model)?,
            Some(Step::Scan | Step::Root) | None => false,
        })
    }

    fn no_property(&self, at: usize) -> Stop {
        self.missed(|walk| MissReason::NoProperty {
            property: walk.query.steps.get(at).map(Step::text).unwrap_or_default(),
            place: walk.place(""),
        })
    }

    fn missed(&self, reason: impl FnOnce(&Self) -> MissReason) -> Stop {
        Stop::Missed((self.caught == 0).then(|| Box::new(reason(self))))
    }

    /// Returns where the walk is, in bracket form, and a step from there.
    fn place(&self, step: &str) -> String {
        let start = self.trail.iter().rposition(|crumb| matches!(crumb, Crumb::Root)).unwrap_or(0);
        let mut place = String::from("$");
        for crumb in self.trail.iter().skip(start) {
            let written = match crumb {
                Crumb::Root => Ok(()),
                Crumb::Name(name) => write!(place, "['{name}']"),
                Crumb::Index(index) => write!(place, "[{index}]"),
            };
            debug_assert!(written.is_ok(), "writing to a string cannot fail");
        }
        place.push_str(step);
        place
    }
}

fn length(items: &[Value]) -> i32 {
    i32::try_from(items.len()).unwrap_or(i32::MAX)
}
