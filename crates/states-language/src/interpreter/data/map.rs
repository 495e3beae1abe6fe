//! Map: its items, what each iteration is given, and what becomes of their outputs.

use super::setting::Settings;
use super::work::AfterWork;
use super::{Environment, Exit, Inspect, Piece, Stage, jsonata, jsonpath, value_of};
use crate::asl::state::{Distributed, Map as MapState, MapData, MapMode};
use crate::asl::{Arguments, Setting};
use crate::interpreter::error::{Prefix, StateError};
use crate::json::Payload;
use crate::query::jsonata::Session;
use serde_json::{Map, Value};
use std::sync::Arc;

/// One item of a Map.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its name when the items are the members of an object.
    pub key: Option<Arc<str>>,
    /// Its value.
    pub value: Payload,
}

/// What `$` means in the selector and the settings of a Map state.
pub fn map_input(
    state: &MapState,
    environment: Environment<'_>,
    raw: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Payload, StateError> {
    match &state.data {
        MapData::JsonPath { input_path, .. } => {
            let effective = jsonpath::select(input_path.as_ref(), environment, &Piece::from(raw))?;
            inspect.see(Stage::AfterInputPath, &effective);
            Ok(effective.into_payload())
        }
        MapData::Jsonata { .. } => Ok(raw.clone()),
    }
}

/// Returns the items of a Map state that has no reader; `input` is what [`map_input`] returned.
pub fn map_items(
    state: &MapState,
    environment: Environment<'_>,
    input: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Vec<Item>, StateError> {
    let distributed = matches!(state.mode, MapMode::Distributed(_));
    let value = match &state.data {
        MapData::JsonPath { items_path, .. } => path_items(items_path.as_ref(), environment, input, distributed)?,
        MapData::Jsonata { items, .. } => {
            let session = jsonata::session(environment, input);
            expression_items(items.as_ref(), &session, input, distributed)?
        }
    };
    inspect.see(Stage::AfterItemsPath, &value);
    Ok(take_apart(value.into_value()))
}

fn path_items<'a>(
    path: Option<&crate::asl::compiled::Path>,
    environment: Environment<'_>,
    input: &'a Payload,
    distributed: bool,
) -> Result<Piece<'a>, StateError> {
    let found = match path {
        Some(path) if !jsonpath::is_whole(path) => {
            Piece::from(jsonpath::look_up(path, environment, value_of(input))?.into_owned())
        }
        _ => Piece::from(input),
    };
    if is_iterable(found.value(), distributed) {
        return Ok(found);
    }
    let path = path.map_or("$", |path| path.shown());
    let cause = format!("Reference path \"{path}\" must point to array.");
    Err(StateError::Runtime { cause, prefix: Prefix::None })
}

fn expression_items<'a>(
    items: Option<&crate::asl::compiled::JsonataTemplate>,
    session: &Session<'_>,
    input: &'a Payload,
    distributed: bool,
) -> Result<Piece<'a>, StateError> {
    use crate::json::Kind;
    let Some(items) = items else {
        if is_iterable(value_of(input), distributed) {
            return Ok(Piece::from(input));
        }
        let cause = format!("Map state input must be an array but was: {}", value_of(input));
        return Err(StateError::Evaluation { cause, location: None });
    };
    if distributed {
        let found = items.evaluate(session, "Items")?;
        if found.is_object() {
            return Ok(Piece::from(found));
        }
    }
    Ok(Piece::from(items.evaluate_as(Kind::Array, session, "Items")?))
}

/// Only the items of a distributed map may be the members of an object.
fn is_iterable(value: &Value, distributed: bool) -> bool {
    value.is_array() || distributed && value.is_object()
}

fn take_apart(value: Value) -> Vec<Item> {
    match value {
        Value::Array(items) => {
            items.into_iter().map(|item| Item { key: None, value: Payload::from_value(item) }).collect()
        }
        Value::Object(members) => {
            let item =
                |(key, value): (String, Value)| Item { key: Some(key.into()), value: Payload::from_value(value) };
            members.into_iter().map(item).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns what the iteration of one item is given; the environment's context object holds that item.
pub fn item_selected(
    state: &MapState,
    environment: Environment<'_>,
    input: &Payload,
    item: &Item,
) -> Result<Payload, StateError> {
    match &state.data {
        MapData::JsonPath { item_selector: Some(selector), .. } => {
            jsonpath::evaluate(selector, environment, value_of(input)).map(Payload::from_value)
        }
        MapData::Jsonata { item_selector: Some(selector), .. } => {
            let session = jsonata::session(environment, input);
            Ok(Payload::from_value(selector.evaluate(&session, "ItemSelector")?))
        }
        _ => Ok(match &item.key {
            None => item.value.clone(),
            Some(key) => {
                let mut entry = Map::new();
                entry.insert("Key".to_owned(), Value::from(&**key));
                entry.insert("Value".to_owned(), value_of(&item.value).clone());
                Payload::from_value(Value::Object(entry))
            }
        }),
    }
}

/// Tells whether iterations are given something else than their items.
pub fn has_selector(state: &MapState) -> bool {
    match &state.data {
        MapData::JsonPath { item_selector, .. } => item_selector.is_some(),
        MapData::Jsonata { item_selector, .. } => item_selector.is_some(),
    }
}

/// Returns how many iterations may run at once; 0 sets no limit.
pub fn max_concurrency(state: &MapState, environment: Environment<'_>, input: &Payload) -> Result<u64, StateError> {
    let Some(setting) = &state.max_concurrency else { return Ok(0) };
    let session = jsonata::session(environment, input);
    Settings { environment, input: value_of(input), session: &session }.whole(setting, "MaxConcurrency")
}

/// The settings of a distributed Map, evaluated.
#[derive(Debug, Clone, Default)]
pub struct DistributedConfig {
    /// How many items to take; absent or 0: all. A negative one is the reader's to refuse.
    pub max_items: Option<i64>,
    /// How many items may fail.
    pub tolerated_count: Option<u64>,
    /// How many items in a hundred may fail.
    pub tolerated_percentage: Option<f64>,
    /// How many items go into a batch.
    pub batch_items: Option<u64>,
    /// How many bytes a batch may take.
    pub batch_bytes: Option<u64>,
    /// What every batch is given besides its items.
    pub batch_input: Option<Value>,
}

/// Evaluates the failures a Map tolerates; inline ones are asked too, though it means nothing there.
pub fn tolerance(
    state: &MapState,
    environment: Environment<'_>,
    input: &Payload,
) -> Result<(Option<u64>, Option<f64>), StateError> {
    if state.tolerated_count.is_none() && state.tolerated_percentage.is_none() {
        return Ok((None, None));
    }
    let session = jsonata::session(environment, input);
    let settings = Settings { environment, input: value_of(input), session: &session };
    let count = state.tolerated_count.as_ref();
    let count = count.map(|it| settings.integer(it, "ToleratedFailureCount")).transpose()?;
    let count = count.map(|count| u64::try_from(count).map_err(|_| "ToleratedFailureCount cannot be negative."));
    let percentage = state.tolerated_percentage.as_ref();
    let percentage = percentage.map(|it| settings.float(it, "ToleratedFailurePercentage")).transpose()?;
    if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
        return Err(StateError::runtime("ToleratedFailurePercentage must be between 0 and 100."));
    }
    Ok((count.transpose().map_err(StateError::runtime)?, percentage))
}

/// Evaluates the settings of a distributed Map.
pub fn distributed_config(
    state: &MapState,
    distributed: &Distributed,
    environment: Environment<'_>,
    input: &Payload,
) -> Result<DistributedConfig, StateError> {
    let session = jsonata::session(environment, input);
    let settings = Settings { environment, input: value_of(input), session: &session };
    let integer = |setting: Option<&Setting<u64>>, field| setting.map(|it| settings.integer(it, field)).transpose();
    let max_items = distributed.reader.as_ref().and_then(|reader| reader.config.max_items.as_ref());
    let max_items = integer(max_items, "MaxItems")?;
    let (tolerated_count, tolerated_percentage) = tolerance(state, environment, input)?;
    let batcher = distributed.batcher.as_ref();
    let batch = |setting: Option<&Setting<u64>>, field| {
        let size = integer(setting, field)?;
        let positive = |size| u64::try_from(size).ok().filter(|size| *size > 0);
        let refused = || StateError::runtime(format!("{field} must be positive."));
        size.map(|size| positive(size).ok_or_else(refused)).transpose()
    };
    let batch_input = batcher.and_then(|batcher| batcher.batch_input.as_ref());
    Ok(DistributedConfig {
        max_items,
        tolerated_count,
        tolerated_percentage,
        batch_items: batch(batcher.and_then(|it| it.max_items.as_ref()), "MaxItemsPerBatch")?,
        batch_bytes: batch(batcher.and_then(|it| it.max_input_bytes.as_ref()), "MaxInputBytesPerBatch")?,
        batch_input: batch_input.map(|it| arguments(it, environment, input, "ItemBatcher/BatchInput")).transpose()?,
    })
}

/// Evaluates the parameters of a reader or a writer, or the input of batches.
pub fn arguments(
    arguments: &Arguments,
    environment: Environment<'_>,
    input: &Payload,
    field: &str,
) -> Result<Value, StateError> {
    match arguments {
        Arguments::JsonPath(template) => jsonpath::evaluate(template, environment, value_of(input)),
        Arguments::Jsonata(template) => Ok(template.evaluate(&jsonata::session(environment, input), field)?),
    }
}

/// Puts what iterations would be given into batches: at most so many items and so many bytes each, at least one item.
pub fn batches(inputs: Vec<Payload>, config: &DistributedConfig) -> Vec<(Payload, usize)> {
    let limit = config.batch_items.unwrap_or(u64::MAX);
    let bytes = config.batch_bytes.unwrap_or(u64::MAX);
    let frame = config.batch_input.as_ref().map_or(0, |input| input.to_string().len() + 14) + 12;
    let mut made = Vec::new();
    let mut batch: Vec<Value> = Vec::new();
    let mut size = frame;
    for input in inputs {
        let full = batch.len() as u64 >= limit || (size + input.size() + 1) as u64 > bytes;
        if full && !batch.is_empty() {
            made.push(close_batch(std::mem::take(&mut batch), config));
            size = frame;
        }
        size += input.size() + 1;
        batch.push(value_of(&input).clone());
    }
    if !batch.is_empty() {
        made.push(close_batch(batch, config));
    }
    made
}

fn close_batch(items: Vec<Value>, config: &DistributedConfig) -> (Payload, usize) {
    let count = items.len();
    let mut input = Map::new();
    if let Some(batch_input) = &config.batch_input {
        input.insert("BatchInput".to_owned(), batch_input.clone());
    }
    input.insert("Items".to_owned(), Value::Array(items));
    (Payload::from_value(Value::Object(input)), count)
}

/// Takes the outputs of the iterations, as one array, to what leaves the state.
pub fn map_exit(
    state: &MapState,
    environment: Environment<'_>,
    raw: &Payload,
    result: &Payload,
    inspect: &mut dyn Inspect,
) -> Result<Exit, StateError> {
    let fields = match &state.data {
        MapData::JsonPath { result_selector, result_path, assign, output_path, .. } => AfterWork::JsonPath {
            result_selector: result_selector.as_ref(),
            result_path: result_path.as_ref(),
            assign: assign.as_ref(),
            output_path: output_path.as_ref(),
        },
        MapData::Jsonata { output, assign, .. } => {
            AfterWork::Jsonata { output: output.as_ref(), assign: assign.as_ref() }
        }
    };
    fields.exit(environment, raw, result, inspect)
}
