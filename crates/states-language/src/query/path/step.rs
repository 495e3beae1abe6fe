//! A compiled path: the steps from the root to what is selected.

use super::filter::Filter;
use super::function::Call;
use std::fmt::Write as _;

/// One step of a path.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// `.name` or `['name']`.
    Name(Box<str>),
    /// `['a','b']`: at the end of a path an object of the members that exist, elsewhere one branch for each.
    Names(Box<[Box<str>]>),
    /// `[1]` or `[-1]`.
    Index(i32),
    /// `[0,2]`.
    Indexes(Box<[i32]>),
    /// `[1:3]`, `[1:]`, `[:3]`.
    Slice(Slice),
    /// `.*` or `[*]`.
    Wildcard,
    /// `..`: the next step is tried on every object and array below.
    Descend,
    /// `[?(…)]`.
    Filter(Box<Filter>),
    /// `.length()`.
    Function(Box<Call>),
}

/// The elements of an array between two indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slice {
    /// `[from:]`; counted from the end when negative.
    From(i32),
    /// `[:to]`; counted from the end when negative.
    To(i32),
    /// `[from:to]`; Jayway does not count these from the end, so that negative ones select nothing.
    Between(i32, i32),
}

/// The steps of a path and what is known about them.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) steps: Box<[Step]>,
    /// How many steps from the root on lead to one place at most.
    definite: usize,
    /// Whether all steps are names and single indexes.
    reference: bool,
    /// Whether it starts with `$` rather than with `@`.
    pub(super) from_root: bool,
}

impl Query {
    pub(super) fn new(steps: Vec<Step>, from_root: bool) -> Self {
        let steps = function_first(steps);
        let last = steps.len().saturating_sub(1);
        let definite = steps.iter().enumerate().take_while(|(at, step)| step.is_definite(*at == last)).count();
        let reference = steps.iter().all(|step| matches!(step, Step::Name(_) | Step::Index(_)));
        Self { steps: steps.into_boxed_slice(), definite, reference, from_root }
    }

    /// Tells whether the whole path selects one value or none.
    pub(super) fn is_definite(&self) -> bool {
        self.definite == self.steps.len()
    }

    /// Tells whether all steps before this one lead to one place at most.
    pub(super) fn is_definite_before(&self, at: usize) -> bool {
        at <= self.definite
    }

    /// Tells whether the path has only names and single indexes.
    pub(super) fn is_reference(&self) -> bool {
        self.reference
    }

    pub(super) fn is_leaf(&self, at: usize) -> bool {
        at + 1 == self.steps.len()
    }

    /// Tells whether the path ends in a function.
    pub(super) fn is_function(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Function(_)))
    }

    /// Returns the path with `[*]` after it, unless it is the root alone.
    pub(super) fn children(&self) -> Self {
        let mut steps = self.steps.to_vec();
        if !steps.is_empty() {
            steps.push(Step::Wildcard);
        }
        Self::new(steps, self.from_root)
    }

    /// Writes the first steps in bracket form, functions left out, as Jayway names the place an evaluation has reached.
    pub(super) fn place(&self, until: usize) -> String {
        let mut place = String::from("$");
        for step in self.steps.iter().take(until) {
            if !matches!(step, Step::Function(_)) {
                step.write(&mut place);
            }
        }
        place
    }

    /// Writes the whole path in bracket form.
    pub(super) fn text_after_root(&self) -> String {
        format!("${}", self.text_from(0))
    }

    /// Writes the steps from one on in bracket form.
    pub(super) fn text_from(&self, at: usize) -> String {
        let mut text = String::new();
        self.steps.iter().skip(at).for_each(|step| step.write(&mut text));
        text
    }
}

/// Turns `$..a.sum()` into `sum()` of the values of `$..a`: a function at the end of a deep scan sees all of it at once.
fn function_first(mut steps: Vec<Step>) -> Vec<Step> {
    let scans = matches!(steps.first(), Some(Step::Descend)) && matches!(steps.last(), Some(Step::Function(_)));
    let Some(at) = steps.iter().position(|step| matches!(step, Step::Function(_))).filter(|_| scans) else {
        return steps;
    };
    let mut rest = steps.split_off(at);
    let scanned = Query::new(steps, true);
    if let Some(Step::Function(call)) = rest.first_mut() {
        call.apply_to(scanned);
    }
    rest
}

impl Step {
    fn is_definite(&self, leaf: bool) -> bool {
        match self {
            Self::Name(_) | Self::Index(_) | Self::Function(_) => true,
            Self::Names(_) => leaf,
            _ => false,
        }
    }

    /// Returns the step in bracket form.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        let written = match self {
            Self::Name(name) => write!(text, "['{}']", quoted(name)),
            Self::Names(names) => {
                let names: Vec<_> = names.iter().map(|name| format!("'{}'", quoted(name))).collect();
                write!(text, "[{}]", names.join(","))
            }
            Self::Index(index) => write!(text, "[{index}]"),
            Self::Indexes(indexes) => {
                let indexes: Vec<_> = indexes.iter().map(ToString::to_string).collect();
                write!(text, "[{}]", indexes.join(","))
            }
            Self::Slice(Slice::From(from)) => write!(text, "[{from}:]"),
            Self::Slice(Slice::To(to)) => write!(text, "[:{to}]"),
            Self::Slice(Slice::Between(from, to)) => write!(text, "[{from}:{to}]"),
            Self::Wildcard => write!(text, "[*]"),
            Self::Descend => write!(text, ".."),
            Self::Filter(_) => write!(text, "[?]"),
            Self::Function(call) => write!(text, ".{}", call.signature()),
        };
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
    }
}

fn quoted(name: &str) -> String {
    name.replace('\\', "\\\\").replace('\'', "\\'")
}
