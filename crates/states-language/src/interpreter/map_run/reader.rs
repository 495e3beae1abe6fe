//! What a Map Run reads its items from: files of several kinds, and lists of files.

mod csv;
mod parquet;

use crate::asl::state::{CsvHeaders, InputType, ManifestType, ReaderConfig, ReaderTransformation};
use crate::event::Failure;
use crate::interpreter::data::Item;
use crate::interpreter::error::failure;
use crate::interpreter::need::{ListedObject, Read, ReadAction};
use crate::json::Payload;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::sync::Arc;

/// An item and where it was read.
pub(crate) type Found = (Item, Option<Arc<str>>);

/// Reading items: what was found and what is still to be read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    config: ReaderConfig,
    /// What to do with the next thing that is read.
    next: Expected,
    current: (String, String),
    /// Objects that hold items and have not been read.
    queue: VecDeque<(String, String)>,
    items: Vec<Found>,
}

/// What the next thing read means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// It holds items.
    Items,
    /// It lists objects, which are items or hold them.
    Listing,
    /// It names the files that hold items.
    Manifest,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Something has to be read.
    Read { action: ReadAction, bucket: String, key: String },
    /// All items are there.
    Done(Vec<Found>),
}

impl Reading {
    /// Begins to read what the parameters of a reader name.
    pub(crate) fn new(config: &ReaderConfig, listing: bool, parameters: &Value) -> Self {
        let text = |name: &str| parameters.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let manifest =
            config.input_type == Some(InputType::Manifest) || config.manifest_type == Some(ManifestType::AthenaData);
        let next = match (listing, manifest) {
            (true, _) => Expected::Listing,
            (false, true) => Expected::Manifest,
            (false, false) => Expected::Items,
        };
        let key = if listing { text("Prefix") } else { text("Key") };
        let current = (text("Bucket"), key);
        Self { config: config.clone(), next, current, queue: VecDeque::new(), items: Vec::new() }
    }

    /// Refuses settings that no file could make good.
    pub(crate) fn check(&self, max_items: Option<i64>) -> Result<(), Failure> {
        if let CsvHeaders::Given(headers) = &self.config.csv_headers {
            csv::check_headers(headers)?;
        }
        if max_items.is_some_and(|max| max < 0) {
            return Err(failed("field MaxItems must be positive"));
        }
        Ok(())
    }

    /// Returns what is to be read first.
    pub(crate) fn first(&self) -> Step {
        let action = if self.next == Expected::Listing { ReadAction::List } else { ReadAction::Get };
        let (bucket, key) = self.current.clone();
        Step::Read { action, bucket, key }
    }

    /// Takes what was read.
    pub(crate) fn take(&mut self, read: Read) -> Result<Step, Failure> {
        match (read, self.next) {
            (Read::Listing(objects), _) => self.take_listing(objects),
            (Read::Object(content), Expected::Manifest) => self.take_manifest(&content)?,
            (Read::Object(content), _) => self.take_items(&content)?,
        }
        match self.queue.pop_front() {
            Some((bucket, key)) => {
                self.next = Expected::Items;
                self.current = (bucket.clone(), key.clone());
                Ok(Step::Read { action: ReadAction::Get, bucket, key })
            }
            None => Ok(Step::Done(std::mem::take(&mut self.items))),
        }
    }

    fn take_listing(&mut self, objects: Vec<ListedObject>) {
        let bucket = self.current.0.clone();
        for object in objects {
            if self.config.transformation == ReaderTransformation::LoadAndFlatten {
                self.queue.push_back((bucket.clone(), object.key));
            } else {
                let source = Some(format!("s3://{bucket}").into());
                self.items.push((Item { key: None, value: Payload::from_value(listed(object)) }, source));
            }
        }
    }

    /// A manifest is a list of `s3://` addresses, one a line, or an inventory's JSON.
    fn take_manifest(&mut self, content: &[u8]) -> Result<(), Failure> {
        let text = text_of(content)?;
        if self.config.manifest_type == Some(ManifestType::AthenaData) {
            let addresses = text.lines().map(|line| line.trim().trim_matches('"')).filter(|line| !line.is_empty());
            for address in addresses {
                let place = address.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
                let (bucket, key) = place.ok_or_else(|| failed(&format!("'{address}' is not an S3 address.")))?;
                self.queue.push_back((bucket.to_owned(), key.to_owned()));
            }
            return Ok(());
        }
        let manifest: Value =
            serde_json::from_str(&text).map_err(|error| failed(&format!("The manifest is not JSON: {error}.")))?;
        let bucket = manifest.get("destinationBucket").and_then(Value::as_str).unwrap_or(&self.current.0);
        let bucket = bucket.strip_prefix("arn:aws:s3:::").unwrap_or(bucket).to_owned();
        let text_of = |name: &str| manifest.get(name).and_then(Value::as_str).unwrap_or_default();
        self.config.input_type = match text_of("fileFormat") {
            "Parquet" => Some(InputType::Parquet),
            "ORC" => return Err(failed("Inventories in the format ORC cannot be read.")),
            _ => Some(InputType::Csv),
        };
        let headers = text_of("fileSchema").split(',').map(|name| name.trim().to_owned());
        self.config.csv_headers = CsvHeaders::Given(headers.collect());
        let files = manifest.get("files").and_then(Value::as_array);
        let keys = files.into_iter().flatten().filter_map(|file| file.get("key").and_then(Value::as_str));
        self.queue.extend(keys.map(|key| (bucket.clone(), key.to_owned())));
        Ok(())
    }

    fn take_items(&mut self, content: &[u8]) -> Result<(), Failure> {
        let source: Arc<str> = format!("s3://{}/{}", self.current.0, self.current.1).into();
        let items = match self.config.input_type.unwrap_or(InputType::Json) {
            InputType::Json => json_items(&text_of(content)?, self.config.items_pointer.as_deref())?,
            InputType::Jsonl => jsonl_items(&text_of(content)?)?,
            InputType::Csv => csv::items(&text_of(content)?, &self.config)?,
            InputType::Parquet => parquet::items(content)?,
            InputType::Manifest => return Err(failed("A manifest must not name another manifest.")),
        };
        self.items.extend(items.into_iter().map(|item| (item, Some(Arc::clone(&source)))));
        Ok(())
    }
}

/// The text of a file, which may be compressed.
fn text_of(content: &[u8]) -> Result<String, Failure> {
    Ok(String::from_utf8_lossy(&unpacked(content)?).into_owned())
}

/// Unpacks what is compressed, up to what AWS reads of one file by any means that fit into memory here.
fn unpacked(content: &[u8]) -> Result<std::borrow::Cow<'_, [u8]>, Failure> {
    use std::io::Read as _;
    const LIMIT: u64 = 1 << 30;
    if !content.starts_with(&[0x1f, 0x8b]) {
        return Ok(content.into());
    }
    let mut unpacked = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(content).take(LIMIT);
    decoder.read_to_end(&mut unpacked).map_err(|error| failed(&format!("The file cannot be unpacked: {error}.")))?;
    Ok(unpacked.into())
}

fn json_items(text: &str, pointer: Option<&str>) -> Result<Vec<Item>, Failure> {
    let document: Value =
        serde_json::from_str(text).map_err(|error| failed(&format!("The file is not JSON: {error}.")))?;
    let missing = || failed(&format!("The ItemsPointer '{}' selects nothing.", pointer.unwrap_or_default()));
    let found = match pointer {
        Some(pointer) => document.pointer(pointer).ok_or_else(missing)?.clone(),
        None => document,
    };
    match found {
        Value::Array(items) => Ok(items.into_iter().map(plain).collect()),
        // The members of an object are items with a key, wherever in the file it stands.
        Value::Object(members) => {
            let item = |(key, value): (String, _)| Item { key: Some(key.into()), ..plain(value) };
            Ok(members.into_iter().map(item).collect())
        }
        _ => Err(failed("Attempting to map over non-iterable node.")),
    }
}

fn jsonl_items(text: &str) -> Result<Vec<Item>, Failure> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let item = |(index, line): (usize, &str)| {
        let bad = |error| failed(&format!("Line {} is not JSON: {error}.", index + 1));
        serde_json::from_str(line).map(plain).map_err(bad)
    };
    lines.map(item).collect()
}

fn plain(value: Value) -> Item {
    Item { key: None, value: Payload::from_value(value) }
}

fn listed(object: ListedObject) -> Value {
    let mut item = Map::new();
    item.insert("Etag".to_owned(), Value::from(object.etag));
    #[expect(clippy::cast_precision_loss, reason = "seconds of this millennium fit 53 bits")]
    item.insert("LastModified".to_owned(), Value::from(object.last_modified as f64));
    item.insert("Key".to_owned(), Value::from(object.key));
    item.insert("Size".to_owned(), Value::from(object.size));
    item.insert("StorageClass".to_owned(), Value::from("STANDARD"));
    Value::Object(item)
}

/// An error of the reader.
pub(crate) fn failed(cause: &str) -> Failure {
    failure("States.ItemReaderFailed", cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::state::MapMode;
    use crate::asl::{Definition, Format, MachineKind, StateKind};
    use serde_json::json;

    /// The configuration of a reader, as a definition has it.
    fn config(reader: &Value) -> ReaderConfig {
        let processor = json!({
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "S", "States": { "S": { "Type": "Pass", "End": true } }
        });
        let reader = json!({ "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": reader,
                             "Parameters": { "Bucket": "b", "Key": "k" } });
        let map = json!({ "Type": "Map", "ItemReader": reader, "ItemProcessor": processor, "End": true });
        let definition = json!({ "StartAt": "M", "States": { "M": map } });
        let (machine, findings) = Definition::read(definition.to_string(), Format::Json).parse(MachineKind::Standard);
        let machine = machine.unwrap_or_else(|| panic!("{findings:?}"));
        let found = machine.states().find_map(|state| match &state.kind {
            StateKind::Map(map) => match &map.mode {
                MapMode::Distributed(distributed) => distributed.reader.as_ref().map(|reader| reader.config.clone()),
                MapMode::Inline => None,
            },
            _ => None,
        });
        found.unwrap()
    }

    /// Reads with the objects there are, by key; returns items as `key value source`, or the cause of the failure.
    fn read(reader: &Value, listing: bool, objects: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let parameters = json!({ "Bucket": "b", "Key": "k", "Prefix": "" });
        let mut reading = Reading::new(&config(reader), listing, &parameters);
        let mut step = reading.first();
        loop {
            let found = match step {
                Step::Done(items) => {
                    let told = |(item, source): Found| {
                        let key = item.key.as_deref().map(|key| format!("{key}=")).unwrap_or_default();
                        format!("{key}{} {}", item.value.text(), source.as_deref().unwrap_or_default())
                    };
                    return Ok(items.into_iter().map(told).collect());
                }
                Step::Read { action: ReadAction::List, .. } => Read::Listing(
                    objects
                        .iter()
                        .map(|(key, content)| ListedObject {
                            etag: "\"e\"".to_owned(),
                            last_modified: 1_700_000_000,
                            key: (*key).to_owned(),
                            size: content.len() as u64,
                        })
                        .collect(),
                ),
                Step::Read { key, .. } => {
                    let (_, content) = objects.iter().find(|(known, _)| *known == key).unwrap();
                    Read::Object(content.as_bytes().to_vec())
                }
            };
            step = reading.take(found).map_err(|failure| failure.cause.unwrap_or_default().to_string())?;
        }
    }

    #[test]
    fn a_file_holds_items_in_several_ways() {
        for (reader, content, expected) in [
            (json!({ "InputType": "JSON" }), "[1, {\"a\": 2}]", vec!["1 s3://b/k", "{\"a\":2} s3://b/k"]),
            (json!({ "InputType": "JSON" }), r#"{"x": 1, "y": [2]}"#, vec!["x=1 s3://b/k", "y=[2] s3://b/k"]),
            (json!({ "InputType": "JSON", "ItemsPointer": "/in" }), r#"{"in": [3]}"#, vec!["3 s3://b/k"]),
            (json!({ "InputType": "JSONL" }), "1\n\n{\"a\": 2}\n", vec!["1 s3://b/k", "{\"a\":2} s3://b/k"]),
            (
                json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" }),
                "a,b\n1,\"2,3\"\n",
                vec!["{\"a\":\"1\",\"b\":\"2,3\"} s3://b/k"],
            ),
        ] {
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(read(&reader, false, &[("k", content)]), Ok(expected), "{reader}");
        }
        let scalar = read(&json!({ "InputType": "JSON" }), false, &[("k", "3")]);
        assert_eq!(scalar, Err("Attempting to map over non-iterable node.".to_owned()));
    }

    #[test]
    fn manifests_and_listings_lead_to_other_objects() {
        let inventory = r#"{"destinationBucket": "arn:aws:s3:::b", "fileFormat": "CSV", "fileSchema": "Bucket, Key",
                            "files": [{"key": "one"}, {"key": "two"}]}"#;
        let files = [("k", inventory), ("one", "\"b\",\"x\"\n"), ("two", "\"b\",\"y\"\n")];
        let row = |key: &str, file: &str| format!("{{\"Bucket\":\"b\",\"Key\":\"{key}\"}} s3://b/{file}");
        let found = read(&json!({ "InputType": "MANIFEST" }), false, &files);
        assert_eq!(found, Ok(vec![row("x", "one"), row("y", "two")]));
        let athena = [("k", "s3://b/one\ns3://b/two\n"), ("one", "1\n"), ("two", "2\n")];
        let found = read(&json!({ "ManifestType": "ATHENA_DATA", "InputType": "JSONL" }), false, &athena);
        assert_eq!(found, Ok(vec!["1 s3://b/one".to_owned(), "2 s3://b/two".to_owned()]));
    }

    #[test]
    fn the_items_of_a_listing_are_its_objects() {
        let found = read(&json!({}), true, &[("one", "1")]);
        let item = r#"{"Etag":"\"e\"","LastModified":1700000000.0,"Key":"one","Size":1,"StorageClass":"STANDARD"}"#;
        assert_eq!(found, Ok(vec![format!("{item} s3://b")]));
    }

    #[test]
    fn files_of_a_listing_are_loaded_and_flattened() {
        let flatten = json!({ "InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN" });
        let found = read(&flatten, true, &[("one", "[1,2]"), ("two", "[3]")]);
        let expected = ["1 s3://b/one", "2 s3://b/one", "3 s3://b/two"].map(str::to_owned);
        assert_eq!(found, Ok(expected.to_vec()));
    }

    #[cfg(not(feature = "parquet"))]
    #[test]
    fn a_build_without_parquet_says_how_to_get_it() {
        let refused = read(&json!({ "InputType": "PARQUET" }), false, &[("k", "PAR1")]);
        assert!(refused.is_err_and(|cause| cause.contains("--features parquet")));
    }
}
