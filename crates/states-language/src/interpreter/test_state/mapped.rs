//! A Map up to its iterations: the items, what each iteration is given, and whether too many of them failed.

use super::inspection::{Watcher, list};
use super::mock::{Answer, writes_results};
use super::refusal::{MockProblem, Refusal};
use super::request::Configuration;
use super::run::Stop;
use super::scene::Scene;
use crate::asl::Resource;
use crate::asl::state::{Distributed, InputType, ItemReader, Map, MapMode, ReaderConfig};
use crate::event::Failure;
use crate::interpreter::context::{MapItem, item_object};
use crate::interpreter::data::{self, DistributedConfig, Item};
use crate::interpreter::error::StateError;
use crate::interpreter::map_run::{Reading, ReadingStep};
use crate::interpreter::need::Read;
use crate::json::Payload;
use serde_json::{Value, json};
use std::sync::Arc;

/// The error of a Map of which too many iterations failed.
const THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";

/// What the inputs of all iterations may take together: a selector can multiply the input of the state.
const LARGEST: usize = 16 << 20;

/// An item and where it was read.
type Found = (Item, Option<Arc<str>>);

/// Takes data into a Map and checks what the request says of its iterations.
pub(super) fn enter(
    map: &Map,
    scene: &Scene,
    configuration: Option<&Configuration>,
    answer: Option<&Answer>,
    watcher: &mut Watcher<'_>,
) -> Result<(), Stop> {
    let environment = scene.environment();
    let input = data::map_input(map, environment, &scene.input, watcher)?;
    let max_concurrency = data::max_concurrency(map, environment, &input)?;
    let settings = match &map.mode {
        MapMode::Distributed(distributed) => data::distributed_config(map, distributed, environment, &input)?,
        MapMode::Inline => DistributedConfig::default(),
    };
    watcher.seen.tolerated_failure_count = settings.tolerated_count;
    watcher.seen.tolerated_failure_percentage = settings.tolerated_percentage;
    let items = items(map, scene, &input, &settings, configuration, watcher)?;
    watcher.seen.max_concurrency = Some(max_concurrency);
    let inputs = selected(map, scene, &input, items, watcher)?;
    let iterations = batched(map, inputs, &settings, watcher);
    let failed = configuration.and_then(|configuration| configuration.map_iteration_failure_count).unwrap_or(0);
    let failed = usize::try_from(failed).unwrap_or(usize::MAX);
    if failed > iterations {
        return Err(Refusal::TooManyFailures.into());
    }
    let Some(Answer::Result(result)) = answer else { return Ok(()) };
    if exceeds(&settings, failed, iterations) {
        let cause = "The specified tolerated failure threshold was exceeded";
        let error = Failure { error: Some(THRESHOLD.into()), cause: Some(cause.into()) };
        return Err(StateError::Failed(error).into());
    }
    check_size(map, result, iterations, failed)
}

/// The items, each with where it comes from when the Map is distributed.
fn items(
    map: &Map,
    scene: &Scene,
    input: &Payload,
    settings: &DistributedConfig,
    configuration: Option<&Configuration>,
    watcher: &mut Watcher<'_>,
) -> Result<Vec<Found>, Stop> {
    let MapMode::Distributed(distributed) = &map.mode else {
        let items = data::map_items(map, scene.environment(), input, watcher)?;
        return Ok(items.into_iter().map(|item| (item, None)).collect());
    };
    let Some(reader) = &distributed.reader else {
        let items = data::map_items(map, scene.environment(), input, watcher)?;
        return Ok(items.into_iter().map(|item| (item, map.own_source())).collect());
    };
    let content = configuration.and_then(|configuration| configuration.map_item_reader_data.as_deref());
    let content = content.ok_or(Refusal::ReaderDataMissing)?;
    let parameters = match &reader.arguments {
        Some(arguments) => data::arguments(arguments, scene.environment(), input, "ItemReader/Arguments")?,
        None => Value::Null,
    };
    let items = read(reader, &parameters, content, settings.max_items).map_err(StateError::Failed)?;
    if reader.config.items_pointer.is_some() {
        watcher.seen.after_items_pointer = Some(list(items.iter().map(|(item, _)| item.value.text().to_owned())));
    }
    Ok(items)
}

/// Makes items of what a reader has read. Of a listing or a manifest that is the items themselves, as JSON.
fn read(reader: &ItemReader, parameters: &Value, content: &str, max_items: Option<i64>) -> Result<Vec<Found>, Failure> {
    let is_file = !matches!(&reader.resource, Resource::Service(call) if call.api == "listObjectsV2")
        && reader.config.manifest_type.is_none()
        && reader.config.input_type != Some(InputType::Manifest);
    let config = if is_file { reader.config.clone() } else { ReaderConfig::default() };
    let mut reading = Reading::new(&config, false, parameters);
    reading.check(max_items)?;
    let ReadingStep::Done(mut items) = reading.take(Read::Object(content.as_bytes().to_vec()))? else {
        return Ok(Vec::new());
    };
    if let Some(max) = max_items.and_then(|max| usize::try_from(max).ok()).filter(|max| *max > 0) {
        items.truncate(max);
    }
    Ok(items)
}

/// What each iteration is given before batching.
fn selected(
    map: &Map,
    scene: &Scene,
    input: &Payload,
    items: Vec<Found>,
    watcher: &mut Watcher<'_>,
) -> Result<Vec<Payload>, Stop> {
    let has_selector = data::has_selector(map);
    let mut context = if has_selector { scene.context() } else { Value::Null };
    let mut inputs = Vec::with_capacity(items.len());
    let mut size = 0_usize;
    for (index, (item, source)) in items.into_iter().enumerate() {
        if let Value::Object(members) = &mut context {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let item = MapItem { index, key: item.key.clone(), value: item.value.clone(), source };
            members.insert("Map".to_owned(), json!({ "Item": item_object(&item) }));
        }
        let environment = if has_selector { scene.with(&context) } else { scene.environment() };
        let given = data::item_selected(map, environment, input, &item)?;
        size = size.saturating_add(given.size());
        if size > LARGEST {
            return Err(Refusal::IterationsTooLarge.into());
        }
        inputs.push(given);
    }
    if has_selector {
        watcher.seen.after_item_selector = Some(list(inputs.iter().map(|input| input.text().to_owned())));
    }
    Ok(inputs)
}

/// Puts inputs into batches if the Map does, and returns how many iterations there are.
fn batched(map: &Map, inputs: Vec<Payload>, settings: &DistributedConfig, watcher: &mut Watcher<'_>) -> usize {
    let MapMode::Distributed(distributed) = &map.mode else { return inputs.len() };
    let Distributed { batcher: Some(_), .. } = &**distributed else { return inputs.len() };
    let batches = data::batches(inputs, settings);
    watcher.seen.after_item_batcher = Some(list(batches.iter().map(|(batch, _)| batch_text(batch))));
    batches.len()
}

/// AWS prints the items of a batch as texts that hold JSON.
fn batch_text(batch: &Payload) -> String {
    let mut batch = batch.value().cloned().unwrap_or_default();
    if let Some(Value::Array(items)) = batch.get_mut("Items") {
        for item in items {
            *item = Value::from(item.to_string());
        }
    }
    batch.to_string()
}

/// Tells whether more iterations failed than may. Recorded: without a tolerance that is any number of them.
fn exceeds(settings: &DistributedConfig, failed: usize, iterations: usize) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "counts of iterations are far below 2^52")]
    let share = |part: usize, whole: usize| part as f64 * 100.0 / whole as f64;
    match (settings.tolerated_count, settings.tolerated_percentage) {
        (None, None) => false,
        (count, percentage) => {
            count.is_some_and(|count| failed as u64 > count)
                || percentage.is_some_and(|percentage| failed > 0 && share(failed, iterations) > percentage)
        }
    }
}

/// A mocked result has a place for each iteration; those that failed may be left out.
fn check_size(map: &Map, result: &Payload, iterations: usize, failed: usize) -> Result<(), Stop> {
    let results = result.value().ok().and_then(Value::as_array).map_or(0, Vec::len);
    if writes_results(map) || results == iterations || results + failed == iterations {
        return Ok(());
    }
    Err(Refusal::from(MockProblem::IterationCount).into())
}
