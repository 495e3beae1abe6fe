//! Walks a document along the steps of a path.

use super::step::{Query, Slice, Step};
use crate::query::budget::{Budget, TooLarge};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Why a walk ended without the value that was asked for; positions are those of steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// The path is definite and its end is not there.
    NoResult,
    /// A name that is not there, with more steps after it (or at the end when members are required).
    Missing(usize),
    /// A name is asked of something that is no object.
    NotAnObject(usize),
    /// An index is asked of something that is no array.
    NotAnArray(usize),
    /// A filter is applied to something that has no parts; a filter around it takes this for false.
    Primitive(usize),
    /// An index function went past the end; an array step around it takes this for nothing.
    OutOfBounds,
    /// What a filter takes for false.
    Refused,
    /// A function or operator cannot do with these values.
    Failed(&'static str),
    /// More work than an evaluation may do.
    TooLarge,
}

impl Stop {
    /// Tells whether this is Jayway's `PathNotFoundException`.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::NoResult | Self::Missing(_) | Self::NotAnObject(_) | Self::NotAnArray(_))
    }

    /// Takes the positions off, for those who do not know whose steps they are.
    pub(super) fn without_place(self) -> Self {
        match self {
            Self::Primitive(_) => Self::Refused,
            stop if stop.is_not_found() => Self::NoResult,
            stop => stop,
        }
    }

    /// Tells whether this is Jayway's `InvalidPathException`, which not-found is a kind of.
    pub(super) fn is_false_in_filter(&self) -> bool {
        self.is_not_found() || matches!(self, Self::Refused | Self::Primitive(_))
    }
}

impl From<TooLarge> for Stop {
    fn from(TooLarge: TooLarge) -> Self {
        Self::TooLarge
    }
}

impl Query {
    /// Returns what the path selects in a value; `$` inside filters means the root.
    pub(super) fn select<'v>(
        &self,
        value: &'v Value,
        root: &'v Value,
        budget: &Budget,
    ) -> Result<Cow<'v, Value>, Stop> {
        if self.is_reference() {
            return self.follow(value).map(Cow::Borrowed);
        }
        let mut found = self.run(value, root, budget, Members::Optional)?;
        if self.is_definite() {
            return if found.is_empty() { Err(Stop::NoResult) } else { Ok(found.swap_remove(0)) };
        }
        let copies = found.into_iter().map(|value| match value {
            Cow::Borrowed(value) => budget.copy(value),
            Cow::Owned(value) => Ok(value),
        });
        Ok(Cow::Owned(Value::Array(copies.collect::<Result<_, _>>()?)))
    }

    /// Tells whether the path selects something when every member it names has to be there.
    ///
    /// A path that may select several values selects something even when these are none.
    pub(super) fn exists(&self, value: &Value, root: &Value, budget: &Budget) -> Result<bool, Stop> {
        if self.is_reference() {
            return Ok(self.follow(value).is_ok());
        }
        match self.run(value, root, budget, Members::Required) {
            Ok(found) => Ok(!found.is_empty() || !self.is_definite()),
            Err(stop) if stop.is_not_found() => Ok(false),
            Err(stop) => Err(stop),
        }
    }

    /// Returns every value the path selects, one by one, those that are places of the document borrowed.
    pub(super) fn each<'v>(&self, root: &'v Value, budget: &Budget) -> Result<Vec<Cow<'v, Value>>, Stop> {
        if self.is_reference() {
            return Ok(vec![Cow::Borrowed(self.follow(root)?)]);
        }
        self.run(root, root, budget, Members::Optional)
    }

    /// Follows names and indexes; the way nearly all paths go.
    fn follow<'v>(&self, value: &'v Value) -> Result<&'v Value, Stop> {
        let mut value = value;
        for (at, step) in self.steps.iter().enumerate() {
            value = match (step, value) {
                (Step::Name(name), Value::Object(members)) => match members.get(&**name) {
                    Some(member) => member,
                    None if self.is_leaf(at) => return Err(Stop::NoResult),
                    None => return Err(Stop::Missing(at)),
                },
                (Step::Name(_), _) => return Err(Stop::NotAnObject(at)),
                (Step::Index(index), Value::Array(items)) => element(items, *index).ok_or(Stop::NoResult)?,
                _ => return Err(Stop::NotAnArray(at)),
            };
        }
        Ok(value)
    }

    fn run<'v>(
        &self,
        value: &'v Value,
        root: &'v Value,
        budget: &Budget,
        members: Members,
    ) -> Result<Vec<Cow<'v, Value>>, Stop> {
        let mut walk = Walk { query: self, root, budget, members, scanned: None, found: Vec::new() };
        walk.go(0, value)?;
        Ok(walk.found)
    }
}

/// Whether names that are not there are an error even where a path may select several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Members {
    Optional,
    Required,
}

struct Walk<'q, 'v> {
    query: &'q Query,
    root: &'v Value,
    budget: &'q Budget,
    members: Members,
    /// Which element of an array a deep scan looked at last; see [`Walk::scan_array`].
    scanned: Option<usize>,
    found: Vec<Cow<'v, Value>>,
}

impl<'v> Walk<'_, 'v> {
    /// Applies the steps from one on to a value.
    fn go(&mut self, at: usize, value: &'v Value) -> Result<(), Stop> {
        self.budget.spend(1)?;
        let query = self.query;
        let Some(step) = query.steps.get(at) else {
            self.found.push(Cow::Borrowed(value));
            return Ok(());
        };
        let _level = self.budget.enter()?;
        match step {
            Step::Name(name) => self.name(at, name, value),
            Step::Names(names) => self.names(at, names, value),
            Step::Index(index) => self.indexes(at, std::slice::from_ref(index), value),
            Step::Indexes(indexes) => self.indexes(at, indexes, value),
            Step::Slice(slice) => self.slice(at, *slice, value),
            Step::Wildcard => self.wildcard(at, value),
            Step::Descend => self.descend(at + 1, value),
            Step::Filter(_) => self.filter(at, value),
            Step::Function(_) => self.function(at, value),
        }
    }

    fn name(&mut self, at: usize, name: &str, value: &'v Value) -> Result<(), Stop> {
        let Value::Object(members) = value else { return self.not_an_object(at) };
        let Some(member) = members.get(name) else { return self.missing(at) };
        self.member(at, member)
    }

    /// A member that is there: the next step's turn, or a result.
    fn member(&mut self, at: usize, member: &'v Value) -> Result<(), Stop> {
        if self.query.is_leaf(at) && !self.wants_scanned(at) {
            return Ok(());
        }
        self.go(at + 1, member)
    }

    fn missing(&self, at: usize) -> Result<(), Stop> {
        let required = self.members == Members::Required;
        let definite = !self.query.is_leaf(at)
            && self.query.is_definite_before(at)
            && matches!(self.query.steps.get(at), Some(Step::Name(_)));
        if required || definite { Err(Stop::Missing(at)) } else { Ok(()) }
    }

    fn not_an_object(&self, at: usize) -> Result<(), Stop> {
        if self.query.is_definite_before(at) { Err(Stop::NotAnObject(at)) } else { Ok(()) }
    }

    fn names(&mut self, at: usize, names: &[Box<str>], value: &'v Value) -> Result<(), Stop> {
        let Value::Object(members) = value else { return self.not_an_object(at) };
        if !self.query.is_leaf(at) {
            return names.iter().try_for_each(|name| match members.get(&**name) {
                Some(member) => self.member(at, member),
                None => self.missing(at),
            });
        }
        let mut merged = Map::new();
        for name in names {
            match members.get(&**name) {
                Some(member) => {
                    merged.insert(name.to_string(), self.budget.copy(member)?);
                }
                None if self.members == Members::Required => return Err(Stop::Missing(at)),
                None => {}
            }
        }
        self.found.push(Cow::Owned(Value::Object(merged)));
        Ok(())
    }

    fn array(&self, at: usize, value: &'v Value) -> Result<&'v [Value], Stop> {
        match value {
            Value::Array(items) => Ok(items),
            _ if self.query.is_definite_before(at) => Err(Stop::NotAnArray(at)),
            _ => Ok(&[]),
        }
    }

    fn indexes(&mut self, at: usize, indexes: &[i32], value: &'v Value) -> Result<(), Stop> {
        let items = self.array(at, value)?;
        indexes.iter().filter_map(|index| element(items, *index)).try_for_each(|item| self.element(at, item))
    }

    fn slice(&mut self, at: usize, slice: Slice, value: &'v Value) -> Result<(), Stop> {
        let items = self.array(at, value)?;
        slice.range(items.len()).filter_map(|index| element(items, index)).try_for_each(|item| self.element(at, item))
    }

    /// An element that is there. A function further on that goes past the end of something selects nothing here.
    fn element(&mut self, at: usize, item: &'v Value) -> Result<(), Stop> {
        match self.go(at + 1, item) {
            Err(Stop::OutOfBounds) => Ok(()),
            other => other,
        }
    }

    fn wildcard(&mut self, at: usize, value: &'v Value) -> Result<(), Stop> {
        match value {
            Value::Object(members) => members.values().try_for_each(|member| self.member(at, member)),
            Value::Array(items) => items.iter().try_for_each(|item| match self.element(at, item) {
                Err(stop) if stop.is_not_found() && self.members == Members::Optional => Ok(()),
                other => other,
            }),
            _ => Ok(()),
        }
    }

    fn filter(&mut self, at: usize, value: &'v Value) -> Result<(), Stop> {
        match value {
            Value::Object(_) if self.accepts(at, value)? => self.go(at + 1, value),
            Value::Object(_) => Ok(()),
            Value::Array(items) => {
                items.iter().try_for_each(|item| if self.accepts(at, item)? { self.element(at, item) } else { Ok(()) })
            }
            _ if self.query.is_definite_before(at) => Err(Stop::Primitive(at)),
            _ => Ok(()),
        }
    }

    /// Tells whether the filter at a step accepts a value; no other step does.
    fn accepts(&self, at: usize, value: &'v Value) -> Result<bool, Stop> {
        let Some(Step::Filter(filter)) = self.query.steps.get(at) else { return Ok(false) };
        match filter.accepts(value, self.root, self.budget) {
            Err(stop) if stop.is_false_in_filter() => Ok(false),
            other => other,
        }
    }

    /// A function's value is a result even when more steps follow it.
    fn function(&mut self, at: usize, value: &'v Value) -> Result<(), Stop> {
        let query = self.query;
        let Some(Step::Function(call)) = query.steps.get(at) else { return Ok(()) };
        let result = call.invoke(value, self.root, self.budget)?;
        if query.is_leaf(at) {
            self.found.push(Cow::Owned(result));
            return Ok(());
        }
        self.found.push(Cow::Owned(self.budget.copy(&result)?));
        let mut rest = Walk {
            query,
            root: self.root,
            budget: self.budget,
            members: self.members,
            scanned: self.scanned,
            found: Vec::new(),
        };
        rest.go(at + 1, &result)?;
        let found = rest.found.into_iter().map(|value| match value {
            Cow::Borrowed(value) => self.budget.copy(value),
            Cow::Owned(value) => Ok(value),
        });
        for value in found.collect::<Result<Vec<_>, _>>()? {
            self.found.push(Cow::Owned(value));
        }
        Ok(())
    }

    /// Tries a step on a value and everything below it, in the order of the text.
    fn descend(&mut self, at: usize, value: &'v Value) -> Result<(), Stop> {
        if self.query.steps.get(at).is_none() {
            return Err(Stop::Failed("nothing follows '..'"));
        }
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            self.budget.spend(1)?;
            match value {
                Value::Object(members) => {
                    if self.scan_matches(at, value)? {
                        self.go(at, value)?;
                    }
                    waiting.extend(members.values().rev().filter(|member| member.is_object() || member.is_array()));
                }
                Value::Array(items) => {
                    if self.scan_matches(at, value)? {
                        self.scan_array(at, value, items)?;
                    }
                    waiting.extend(items.iter().rev().filter(|item| item.is_object() || item.is_array()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Tells whether a deep scan tries a step on this object or array.
    fn scan_matches(&self, at: usize, value: &'v Value) -> Result<bool, Stop> {
        Ok(match (self.query.steps.get(at), value) {
            (Some(Step::Name(name)), Value::Object(members)) => members.contains_key(&**name),
            (Some(Step::Names(names)), Value::Object(members)) => {
                !self.query.is_leaf(at) || names.iter().all(|name| members.contains_key(&**name))
            }
            (Some(Step::Index(_) | Step::Indexes(_) | Step::Slice(_)), Value::Array(_)) => true,
            (Some(Step::Wildcard), _) => true,
            (Some(Step::Filter(_)), _) => self.accepts(at, value)?,
            _ => false,
        })
    }

    /// A step that a deep scan tries on an array.
    ///
    /// With more steps after it, Jayway does not take the step at all: it goes on with each element, and of the
    /// results keeps those whose element the step, a single index, would have chosen. Of `$..[0].a` remains what is
    /// meant; `$..[*].a` selects nothing once an array has been seen.
    fn scan_array(&mut self, at: usize, value: &'v Value, items: &'v [Value]) -> Result<(), Stop> {
        if self.query.is_leaf(at) {
            return self.go(at, value);
        }
        for (index, item) in items.iter().enumerate() {
            if self.query.is_leaf(at + 1) {
                self.scanned = Some(index);
            }
            self.go(at + 1, item)?;
        }
        Ok(())
    }

    fn wants_scanned(&self, leaf: usize) -> bool {
        let Some(scanned) = self.scanned else { return true };
        let before = leaf.checked_sub(1).and_then(|at| self.query.steps.get(at));
        matches!(before, Some(Step::Index(index)) if usize::try_from(*index) == Ok(scanned))
    }
}

impl Slice {
    /// Returns the indexes of a slice. Between two bounds those below zero count from the end one by one, so that
    /// `[-2:1]` selects the last two elements and then the first.
    fn range(self, length: usize) -> std::ops::Range<i32> {
        let length = i32::try_from(length).unwrap_or(i32::MAX);
        let from_end = |index: i32| if index < 0 { (length + index).max(0) } else { index.min(length) };
        match self {
            Self::From(from) => from_end(from)..length,
            Self::To(to) => 0..from_end(to),
            Self::Between(from, to) => from.max(-length)..to.min(length),
        }
    }
}

/// Returns an element by its index, which counts from the end when it is negative.
pub(super) fn element(items: &[Value], index: i32) -> Option<&Value> {
    let index = match usize::try_from(index) {
        Ok(index) => index,
        Err(_) => items.len().checked_sub(index.unsigned_abs() as usize)?,
    };
    items.get(index)
}
