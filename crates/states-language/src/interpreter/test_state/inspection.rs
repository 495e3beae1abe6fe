//! What was seen of the data on its way through the state.

use crate::asl::state::{MapData, ParallelData, PassData};
use crate::asl::{QueryLanguage, State, StateKind};
use crate::interpreter::data::{Inspect, Piece, Stage};
use serde::Serialize;

/// Every stage AWS tells of, payloads as text.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// The raw input.
    pub input: String,
    /// What `Arguments` gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_arguments: Option<String>,
    /// What `InputPath` let through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_input_path: Option<String>,
    /// What `Parameters` made of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_parameters: Option<String>,
    /// The raw result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// What `ResultSelector` made of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_result_selector: Option<String>,
    /// The input and the result put together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_result_path: Option<String>,
    /// All variables after the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<String>,
    /// Which retrier or catcher took care of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_details: Option<ErrorDetails>,
    /// The items of a Map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_items_path: Option<String>,
    /// What `ItemSelector` made of each item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_item_selector: Option<String>,
    /// What `ItemBatcher` made of the items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_item_batcher: Option<String>,
    /// The items a reader found at `ItemsPointer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_items_pointer: Option<String>,
    /// How many items of a Map may fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerated_failure_count: Option<u64>,
    /// How many items of a Map in a hundred may fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerated_failure_percentage: Option<f64>,
    /// How many iterations of a Map run at once; 0 sets no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<u64>,
}

/// Which retrier or catcher took care of the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum ErrorDetails {
    /// A retrier.
    Retry {
        /// Its place in `Retry`, from 0.
        retry_index: usize,
        /// How long it waits before it tries again; nothing when it has retried as often as it may.
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_backoff_interval_seconds: Option<u64>,
    },
    /// A catcher.
    Catch {
        /// Its place in `Catch`, from 0.
        catch_index: usize,
    },
}

/// Keeps the stages that AWS tells of for one state.
///
/// AWS does not tell every stage of every state: none of JSONata's but the arguments and the result of a Task, the
/// effective input of a Map and not of a Parallel, no path or template that a Map or Parallel does not have, and nothing
/// before the `Result` of a Pass.
pub(super) struct Watcher<'a> {
    state: &'a State,
    pub(super) seen: Inspection,
}

impl<'a> Watcher<'a> {
    pub(super) fn new(state: &'a State, input: &str) -> Self {
        Self { state, seen: Inspection { input: input.to_owned(), ..Inspection::default() } }
    }

    fn tells(&self, stage: Stage) -> bool {
        if self.state.language == QueryLanguage::Jsonata {
            return matches!(self.state.kind, StateKind::Task(_))
                && matches!(stage, Stage::AfterArguments | Stage::Result);
        }
        match &self.state.kind {
            StateKind::Pass(pass) => match &pass.data {
                PassData::JsonPath { result: Some(_), .. } => {
                    !matches!(stage, Stage::AfterInputPath | Stage::AfterParameters)
                }
                _ => stage != Stage::Result,
            },
            StateKind::Task(_) => true,
            StateKind::Choice(_) | StateKind::Wait(_) | StateKind::Succeed(_) | StateKind::Fail(_) => {
                stage == Stage::AfterInputPath
            }
            StateKind::Parallel(parallel) => match (&parallel.data, stage) {
                (_, Stage::AfterInputPath) => false,
                (ParallelData::JsonPath { parameters, .. }, Stage::AfterParameters) => parameters.is_some(),
                _ => stage != Stage::Result,
            },
            StateKind::Map(map) => match (&map.data, stage) {
                (MapData::JsonPath { items_path, .. }, Stage::AfterItemsPath) => items_path.is_some(),
                _ => stage != Stage::Result,
            },
        }
    }

    fn keep(&mut self, stage: Stage, text: String) {
        let seen = &mut self.seen;
        let place = match stage {
            Stage::AfterInputPath => &mut seen.after_input_path,
            Stage::AfterParameters => &mut seen.after_parameters,
            Stage::AfterArguments => &mut seen.after_arguments,
            Stage::Result => &mut seen.result,
            Stage::AfterResultSelector => &mut seen.after_result_selector,
            Stage::AfterResultPath => &mut seen.after_result_path,
            Stage::AfterItemsPath => &mut seen.after_items_path,
            Stage::AfterItemSelector => &mut seen.after_item_selector,
        };
        *place = Some(text);
    }
}

impl Inspect for Watcher<'_> {
    fn see(&mut self, stage: Stage, data: &Piece<'_>) {
        if self.tells(stage) {
            let text = if stage == Stage::AfterItemsPath { spaced(data) } else { data.text().into_owned() };
            self.keep(stage, text);
        }
        let is_path = self.state.language == QueryLanguage::JsonPath;
        if stage == Stage::Result && is_path && matches!(self.state.kind, StateKind::Pass(_)) {
            // AWS takes the result of a Pass through a ResultSelector it cannot have.
            self.keep(Stage::AfterResultSelector, data.text().into_owned());
        }
    }
}

/// Items that are a list are printed as Java prints lists: with a space behind each comma between them.
fn spaced(items: &Piece<'_>) -> String {
    match items.value().as_array() {
        Some(items) => list(items.iter().map(ToString::to_string)),
        None => items.text().into_owned(),
    }
}

/// Prints a list the way Java does.
pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}
