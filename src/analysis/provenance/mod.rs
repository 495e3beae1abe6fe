//! Where a value came from, and who used it next.
//!
//! A value is followed from document to document as AWS handed it on: from a state's output back through its fields to
//! its input or to what its task answered, from there to the state before, out of branches, iterations and nested
//! executions, down to whoever made it. What a field does is asked of the definition, not guessed:
//!
//! - **Paths** denote places, so a value they hand on has one source.
//! - **Functions and JSONata expressions** are evaluated once more with a mark in place of a value they may have
//!   handed on. Where the mark comes out, the value came from; where none does, the value was computed, and what the
//!   expression reads is listed.
//! - **Every hop is checked**: the value at its source must be the value that was followed. What does not agree, or
//!   cannot be known, is a [`Gap`], and never a claim.
//!
//! This module must not know how an answer looks.

mod alike;
mod backward;
mod derived;
mod expression;
mod field;
mod forward;
mod jsonpath;
mod links;
mod map;
mod path;
mod scene;
mod spot;
mod state;
mod story;
mod told;

pub use backward::{maker, trace};
pub use field::Field;
pub use forward::{Use, Uses, Using, uses};

pub use path::places;
pub use spot::{Document, Spot, What};
pub use story::Story;
pub use told::Told;

use crate::analysis::program::NoProgram;
use serde_json::Value;

/// The way of a value back to where it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The places it was at, the place asked about first. What follows a hop at the same depth is its source; what
    /// follows it deeper are its sources, if it was made of several.
    pub hops: Vec<Hop>,
    /// Whether there are more places than are shown.
    pub cut: bool,
}

/// A place a value was at, and how it came there.
#[derive(Debug, Clone, PartialEq)]
pub struct Hop {
    /// How many values made of several lie around it.
    pub depth: u16,
    /// The place.
    pub spot: Spot,
    /// The value there; nothing when it was not recorded.
    pub value: Option<Value>,
    /// How it came there.
    pub step: Step,
    /// The fields it came through, the last one first.
    pub fields: Vec<Field>,
}

/// How a value came to a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// As it is, from the place that follows.
    Copied,
    /// Made of the values at so many places that follow.
    Made(Making, usize),
    /// It was made here.
    Origin(Origin),
    /// It has been told further above where it came from.
    Above,
    /// Nobody knows.
    Gap(Gap),
}

/// How a value is made of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Making {
    /// Its parts come from there, as they are.
    Collected,
    /// An expression that reads those places computed it.
    Computed,
    /// Nothing says that it came from there: the same value is there.
    Alike,
}

/// Who made a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Whoever started the execution.
    ExecutionInput,
    /// The task that answered.
    Answer,
    /// Whatever failed here.
    Failure,
    /// The author of the definition.
    Written,
    /// AWS, which tells it in the context object, at that place.
    Context(String),
    /// The file or listing an item reader read.
    Reader,
    /// The Map Run, about itself.
    MapRun,
    /// The expression, of nothing that is recorded: a random number, the time.
    Expression,
}

/// Why it is not known where a value came from.
#[derive(Debug, Clone, PartialEq)]
pub enum Gap {
    /// The definition is not known.
    NoProgram(NoProgram),
    /// The document it came from was not recorded.
    NotRecorded,
    /// The field could not be evaluated on the recorded data.
    NotEvaluated,
    /// At the place it should have come from there is another value, or none.
    Differs(Option<Value>),
    /// It is not known which item or which child execution it belongs to.
    NotFound,
}
