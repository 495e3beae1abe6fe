//! The way of data through one state, stage by stage with TestState's names, for one visit and attempt.
//!
//! The interpreter takes the recorded input and the recorded result through the state once more. What it computes is
//! held against what the history recorded at the same stage: agreement says that the explanation is the true one.

mod check;
mod passage;
mod result;

pub use check::Check;

use super::program::NoProgram;
use super::scene::{Draws, Head, Scene};
use crate::event::{EventId, Failure};
use crate::json::Payload;
use crate::json::diff::{Node, diff};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// The way of data through one state.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The state it is about.
    pub head: Head,
    /// The stages in order.
    pub steps: Vec<Step>,
}

/// One stage of the way.
#[derive(Debug, Clone)]
pub struct Step {
    /// Which stage.
    pub stage: Stage,
    /// The field of the state that made it, and its line; absent when the state has no such field.
    pub field: Option<(Cow<'static, str>, u32)>,
    /// What was there.
    pub data: Data,
    /// What it is compared with.
    pub base: Base,
    /// What the history says about it.
    pub check: Check,
}

/// A station of data on its way through a state, named as TestState names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The raw input.
    Input,
    /// What `InputPath` let through.
    AfterInputPath,
    /// What `Parameters` made of it.
    AfterParameters,
    /// What `Arguments` gave.
    AfterArguments,
    /// The items of a Map.
    AfterItemsPath,
    /// The items a reader found.
    AfterItemsPointer,
    /// What `ItemSelector` made of each item.
    AfterItemSelector,
    /// What `ItemBatcher` made of the items.
    AfterItemBatcher,
    /// The raw result.
    Result,
    /// What `ResultSelector` made of the result.
    AfterResultSelector,
    /// The input and the result, or the error, put together.
    AfterResultPath,
    /// The variables after the state.
    Variables,
    /// What left the state.
    Output,
}

/// What was at a stage.
#[derive(Debug, Clone)]
pub enum Data {
    /// Data the history holds.
    Recorded(Payload, EventId),
    /// Data put together from what the history holds: the outputs of branches and iterations.
    Joined(Payload),
    /// Data that was computed.
    Computed(Payload),
    /// An error, in AWS's words; with the event that recorded it if that is what was looked at.
    Failed(Failure, Option<EventId>),
    /// Nothing.
    Missing(Missing),
}

/// Why there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The history was recorded without data.
    NotRecorded,
    /// A reader read it from outside.
    Read,
    /// The children of a Map Run made it, and not all of them were recorded.
    InChildren,
    /// The state did not come so far.
    NotReached,
}

/// What a stage is compared with.
#[derive(Debug, Clone)]
pub enum Base {
    /// Nothing: it is a document of its own.
    Nothing,
    /// An earlier stage, by its place.
    Step(usize),
    /// What was there before the state.
    Before(Payload),
}

impl Stage {
    /// Returns TestState's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::AfterInputPath => "afterInputPath",
            Self::AfterParameters => "afterParameters",
            Self::AfterArguments => "afterArguments",
            Self::AfterItemsPath => "afterItemsPath",
            Self::AfterItemsPointer => "afterItemsPointer",
            Self::AfterItemSelector => "afterItemSelector",
            Self::AfterItemBatcher => "afterItemBatcher",
            Self::Result => "result",
            Self::AfterResultSelector => "afterResultSelector",
            Self::AfterResultPath => "afterResultPath",
            Self::Variables => "variables",
            Self::Output => "output",
        }
    }
}

impl Data {
    /// Returns the document, if there is one.
    pub fn payload(&self) -> Option<&Payload> {
        match self {
            Self::Recorded(payload, _) | Self::Joined(payload) | Self::Computed(payload) => Some(payload),
            Self::Failed(..) | Self::Missing(_) => None,
        }
    }
}

impl Flow {
    /// Takes data through a state once more.
    pub fn of(scene: &Scene<'_>) -> Result<Self, NoProgram> {
        let low = Draws::low(scene.now());
        let passage = passage::through(scene, &low);
        let mut steps = passage::steps(scene, passage);
        if check::against_history(scene, &mut steps, None) {
            // Time and chance cannot be known: what comes out otherwise with other draws is excused.
            let other = passage::steps(scene, passage::through(scene, &Draws::high(scene.now())));
            check::against_history(scene, &mut steps, Some(&other));
        }
        Ok(Self { head: scene.head(), steps })
    }

    /// Returns about how many bytes have to be looked at for it.
    pub fn cost(scene: &Scene<'_>) -> usize {
        let history = scene.history;
        let sizes = [history.input(scene.visit), history.output(scene.visit)];
        let attempt = scene.attempt.and_then(|attempt| history.attempt_output(attempt));
        let items: usize = history.visit(scene.visit).children.len() * 512;
        sizes.into_iter().chain([attempt]).flatten().map(Payload::size).sum::<usize>() + items
    }

    /// Returns the stage at which the state failed by its own fault: its data or its fields, not its task.
    pub fn fault(&self) -> Option<&Step> {
        self.steps.iter().find(|step| matches!(step.data, Data::Failed(_, None)))
    }

    /// Counts the stages that agree with the history, and those that do not.
    pub fn agreement(&self) -> (usize, usize) {
        let count = |wanted: fn(&Check) -> bool| self.steps.iter().filter(|step| wanted(&step.check)).count();
        (count(Check::agrees), count(Check::differs))
    }

    /// Returns what a stage is compared with.
    pub fn base<'a>(&'a self, step: &'a Step) -> Option<&'a Value> {
        let payload = match &step.base {
            Base::Nothing => return None,
            Base::Step(place) => self.steps.get(*place)?.data.payload()?,
            Base::Before(payload) => payload,
        };
        payload.value().ok()
    }

    /// Returns what a stage changed, unless it is a document of its own.
    pub fn change<'a>(&'a self, step: &'a Step) -> Option<Node<'a>> {
        let (base, data) = (self.base(step)?, step.data.payload()?.value().ok()?);
        Some(diff(base, data))
    }
}

/// Returns the error and the cause as one document.
pub(super) fn error_document(failure: &Failure) -> Payload {
    let text = |text: &Option<Arc<str>>| text.as_deref().map_or(Value::Null, Value::from);
    let mut object = serde_json::Map::new();
    object.insert("Error".to_owned(), text(&failure.error));
    object.insert("Cause".to_owned(), text(&failure.cause));
    Payload::from_value(Value::Object(object))
}
