//! A compiled path: the steps from the root to what is selected.

use super::filter::Filter;
use std::fmt::Write as _;

/// One step of a path.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// `$` where a step should stand, as in `$.a['b']$`: stays where it is.
    Root,
    /// `.name` or `['name']`.
    Name(Box<str>),
    /// `['a', 'b']`: an object of the members that exist; also no name at all, which a stray `]` makes of a name.
    Names(Box<[Box<str>]>),
    /// `[1]`; a negative one is outside of every array.
    Index(i32),
    /// `[0,2]`.
    Indexes(Box<[i32]>),
    /// `[(@.length-1)]`: counts from the end.
    FromEnd(i32),
    /// `[1:3]`, `[1:]`, `[:3]`.
    Slice(Slice),
    /// `.*` or `[*]`.
    Wildcard,
    /// `..`: the next step is tried on every object and array below.
    Scan,
    /// `[?(…)]`.
    Filter(Box<Filter>),
    /// `[?]`, `[?, ?]`: as many places for filters that a program would hand over, and nobody does.
    Unbound(usize),
}

/// The elements of an array between two indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slice {
    /// `[from:]`; counted from the end when negative.
    From(i32),
    /// `[:to]`; counted from the end when negative.
    To(i32),
    /// `[from:to]`; not counted from the end, so that a negative start selects nulls before the first element.
    Between(i32, i32),
}

impl Slice {
    /// Returns the indexes of a slice of an array of this length.
    pub(super) fn range(self, length: i32) -> std::ops::Range<i32> {
        match self {
            _ if length == 0 => 0..0,
            Self::From(from) if from < 0 => length.saturating_add(from).max(0)..length,
            Self::From(from) => from..length,
            Self::To(to) if to < 0 => 0..length.saturating_add(to),
            Self::To(to) => 0..to.min(length),
            Self::Between(from, to) => from..to.min(length),
        }
    }
}

/// The steps of a path and what is known about them.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) steps: Box<[Step]>,
    /// From which step on all are definite.
    definite_from: usize,
    /// Whether all steps are names and single indexes.
    reference: bool,
    /// Whether it starts with `$` rather than with `@`.
    pub(super) from_root: bool,
}

impl Query {
    pub(super) fn new(steps: Vec<Step>, from_root: bool) -> Self {
        let definite = steps.iter().rev().take_while(|step| step.is_definite()).count();
        let reference = steps.iter().all(|step| matches!(step, Step::Name(_) | Step::Index(_)));
        Self { definite_from: steps.len() - definite, reference, from_root, steps: steps.into_boxed_slice() }
    }

    /// Tells whether the whole path selects one value or none.
    pub(super) fn is_definite(&self) -> bool {
        self.definite_from == 0
    }

    /// Tells whether the step before this one and all after it are definite.
    ///
    /// Jayway calls this "upstream definite", and decides by it whether a name that is missing in the middle of a path
    /// is an error: it is in `$.a.b` and in the `b` of `$.x[*].a.b.c`, it is not in `$.a[*]` or the `a` of `$.x[*].a.b`.
    pub(super) fn is_definite_around(&self, at: usize) -> bool {
        at.saturating_sub(1) >= self.definite_from
    }

    /// Tells whether the path has only names and single indexes.
    pub(super) fn is_reference(&self) -> bool {
        self.reference
    }

    pub(super) fn is_leaf(&self, at: usize) -> bool {
        at + 1 == self.steps.len()
    }

    /// Writes the steps before this one in bracket form: the place that names and indexes lead to.
    pub(super) fn place(&self, until: usize) -> String {
        let mut place = String::from("$");
        self.steps.iter().take(until).for_each(|step| step.write(&mut place));
        place
    }

    /// Writes the steps from one on in bracket form.
    pub(super) fn text_from(&self, at: usize) -> String {
        let mut text = String::new();
        self.steps.iter().skip(at).for_each(|step| step.write(&mut text));
        text
    }
}

impl Step {
    fn is_definite(&self) -> bool {
        matches!(self, Self::Root | Self::Name(_) | Self::Names(_) | Self::Index(_) | Self::FromEnd(_))
    }

    /// Returns the step in bracket form, as Jayway names it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        let written = match self {
            Self::Root => write!(text, "$"),
            Self::Name(name) => write!(text, "['{name}']"),
            Self::Names(names) => write!(text, "[{}]", listed(names)),
            Self::Index(index) => write!(text, "[{index}]"),
            Self::Indexes(indexes) => {
                let indexes: Vec<_> = indexes.iter().map(ToString::to_string).collect();
                write!(text, "[{}]", indexes.join(","))
            }
            Self::FromEnd(offset) => write!(text, "[@.size(){offset}]"),
            Self::Slice(Slice::From(from)) => write!(text, "[{from}:]"),
            Self::Slice(Slice::To(to)) => write!(text, "[:{to}]"),
            Self::Slice(Slice::Between(from, to)) => write!(text, "[{from}:{to}]"),
            Self::Wildcard => write!(text, "[*]"),
            Self::Scan => write!(text, ".."),
            Self::Filter(_) => write!(text, "[?]"),
            Self::Unbound(count) => write!(text, "[{}]", vec!["?"; *count].join(",")),
        };
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
    }
}

/// Writes names in quotes, with commas between them.
pub(super) fn listed(names: &[Box<str>]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}
