//! How data flows through one state: from its raw input to its output, stage by stage, in both query languages.
//!
//! Every function here is pure and looks at one state only. What it computes between input and output it shows to an
//! [`Inspect`], so that the same code runs an execution and explains a single state. Nothing here knows of events,
//! transitions or time.

mod choice;
mod fail;
mod jsonata;
mod jsonpath;
mod map;
mod parallel;
mod pass;
mod piece;
mod setting;
mod succeed;
mod task;
mod wait;
mod work;

pub use choice::{Decision, decide};
pub use fail::fail;
pub use map::{
    DistributedConfig, Item, arguments, batches, distributed_config, has_selector, item_selected, map_exit, map_input,
    map_items, max_concurrency, tolerance,
};
pub use parallel::{parallel_exit, parallel_input};
pub use pass::pass;
pub use piece::Piece;
pub use succeed::succeed;
pub use task::{Call, task_call, task_exit};
pub use wait::{delay, parse_timestamp, wait_exit};

use super::error::StateError;
use crate::asl::{CatchData, Catcher};
use crate::event::Failure;
use crate::json::Payload;
use crate::query::{Context, Scope, Sources, Variables};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What the expressions of a state see besides its data.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// The context object.
    pub context: &'a dyn Context,
    /// The variables as they are when the state is entered.
    pub variables: &'a dyn Variables,
    /// Time and chance.
    pub sources: &'a dyn Sources,
}

impl<'a> Environment<'a> {
    /// Returns what an expression may look at when `$` means `input`.
    pub fn scope(&self, input: &'a Value) -> Scope<'a> {
        Scope { input, context: self.context, variables: self.variables, sources: self.sources }
    }
}

impl std::fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}

/// A station of data on its way through a state, named as TestState names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// What `InputPath` let through.
    AfterInputPath,
    /// What `Parameters` made of it.
    AfterParameters,
    /// What `Arguments` gave.
    AfterArguments,
    /// The raw result.
    Result,
    /// What `ResultSelector` made of the result.
    AfterResultSelector,
    /// The input and the result put together.
    AfterResultPath,
    /// The items of a Map.
    AfterItemsPath,
    /// What `ItemSelector` made of each item.
    AfterItemSelector,
}

/// Somebody who wants to see data on its way.
pub trait Inspect {
    /// Is shown the data at a stage.
    fn see(&mut self, stage: Stage, data: &Piece<'_>);
}

/// Nobody looks.
impl Inspect for () {
    fn see(&mut self, _stage: Stage, _data: &Piece<'_>) {}
}

/// What leaves a state that succeeded or caught an error.
#[derive(Debug, Clone)]
pub struct Exit {
    /// The output.
    pub output: Payload,
    /// The variables it sets, if it has an `Assign`.
    pub assigned: Option<Vec<(Arc<str>, Payload)>>,
}

/// Takes a caught error through a catcher; `input` is the raw input of the state.
pub fn caught(
    catcher: &Catcher,
    environment: Environment<'_>,
    input: &Payload,
    error: &Failure,
) -> Result<Exit, StateError> {
    let object = error_object(error);
    match &catcher.data {
        CatchData::JsonPath { result_path, assign } => {
            let error = Piece::from(object);
            let assigned = jsonpath::assign(assign.as_ref(), environment, &error)?;
            let output = jsonpath::merge(result_path.as_ref(), input, error)?;
            Ok(Exit { output: output.into_payload(), assigned })
        }
        CatchData::Jsonata { output, assign } => {
            let raw = value_of(input);
            let session = crate::query::jsonata::Session::new(environment.scope(raw)).with_error_output(&object);
            let holder = jsonata::Holder::Catcher(catcher.index);
            let assigned = jsonata::assign(assign.as_ref(), &session, holder)?;
            let output = match output {
                Some(output) => Payload::from_value(output.evaluate(&session, &format_args!("{holder}Output"))?),
                None => Payload::from_value(object.clone()),
            };
            Ok(Exit { output, assigned })
        }
    }
}

/// The object a catcher sees: without a cause a time-out has an empty one, and what failed without even a name has
/// nulls, as recorded.
pub fn error_object(failure: &Failure) -> Value {
    let text = |text: &Option<Arc<str>>| text.as_deref().map(Value::from);
    let no_cause = if failure.error.is_some() { Value::from("") } else { Value::Null };
    let mut object = Map::new();
    object.insert("Error".to_owned(), text(&failure.error).unwrap_or(Value::Null));
    object.insert("Cause".to_owned(), text(&failure.cause).unwrap_or(no_cause));
    Value::Object(object)
}

/// Returns the parsed document. Payloads are checked when they come in, so one that is no JSON only stands here when
/// nobody could check it, and counts as null.
pub(super) fn value_of(payload: &Payload) -> &Value {
    payload.value().unwrap_or(&Value::Null)
}
