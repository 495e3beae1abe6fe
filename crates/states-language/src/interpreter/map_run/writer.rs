//! The results of a Map Run: as the output of the state, or as files.

use super::record::Kind;
use super::{Child, Destination, MapRun};
use crate::asl::state::{OutputType, ResultWriter, WriterConfig, WriterTransformation};
use crate::interpreter::execution::End;
use crate::json::Payload;
use serde_json::{Value, json};

/// Returns the output of a Map state whose results are not exported.
pub(crate) fn formatted(run: &MapRun, writer: Option<&ResultWriter>) -> Payload {
    let transformation =
        writer.and_then(|writer| writer.config).map_or(WriterTransformation::Compact, |config| config.transformation);
    let entries: Vec<Payload> = run.children.iter().flat_map(|child| entries(child, transformation)).collect();
    Payload::array_of(entries.iter())
}

/// What a child adds to the results. One that failed is always told about in full.
fn entries(child: &Child, transformation: WriterTransformation) -> Vec<Payload> {
    let output = match child.end() {
        Some(End::Succeeded(output)) => output,
        _ => return vec![Payload::from_value(child.record())],
    };
    match (transformation, output.value()) {
        (WriterTransformation::None, _) => vec![Payload::from_value(child.record())],
        (WriterTransformation::Flatten, Ok(Value::Array(items))) => {
            items.iter().map(|item| Payload::from_value(item.clone())).collect()
        }
        (_, _) => vec![output.clone()],
    }
}

/// Returns the files a Map Run exports and the output of its state.
pub(crate) fn files(
    run: &MapRun,
    destination: &Destination,
    config: Option<WriterConfig>,
) -> (Vec<(String, String)>, Payload) {
    let default = WriterConfig { transformation: WriterTransformation::None, output_type: OutputType::Json };
    let config = config.unwrap_or(default);
    let id = run.arn.rsplit(':').next().unwrap_or_default();
    let prefix = destination.prefix.trim_end_matches('/');
    let folder = if prefix.is_empty() { id.to_owned() } else { format!("{prefix}/{id}") };
    let mut objects = Vec::new();
    let mut listed = serde_json::Map::new();
    for (kind, name) in [(Kind::Succeeded, "SUCCEEDED"), (Kind::Failed, "FAILED"), (Kind::Pending, "PENDING")] {
        let children = run.children.iter().filter(|child| child.kind() == kind);
        let entries: Vec<Payload> = children.flat_map(|child| entries(child, config.transformation)).collect();
        let mut files = Vec::new();
        if !entries.is_empty() {
            let (extension, content) = match config.output_type {
                OutputType::Json => ("json", Payload::array_of(entries.iter()).text().to_owned()),
                OutputType::Jsonl => ("jsonl", entries.iter().map(|entry| format!("{}\n", entry.text())).collect()),
            };
            let key = format!("{folder}/{name}_0.{extension}");
            files.push(json!({ "Key": key, "Size": content.len() }));
            objects.push((key, content));
        }
        listed.insert(name.to_owned(), Value::Array(files));
    }
    let key = format!("{folder}/manifest.json");
    let manifest = json!({
        "DestinationBucket": destination.bucket, "MapRunArn": &*run.arn, "ResultFiles": ordered(listed)
    });
    objects.push((key.clone(), manifest.to_string()));
    let output = json!({
        "MapRunArn": &*run.arn, "ResultWriterDetails": { "Bucket": destination.bucket, "Key": key }
    });
    (objects, Payload::from_value(output))
}

/// The manifest lists failures, what is pending, and successes, in this order.
fn ordered(mut listed: serde_json::Map<String, Value>) -> Value {
    let mut files = serde_json::Map::new();
    for name in ["FAILED", "PENDING", "SUCCEEDED"] {
        files.insert(name.to_owned(), listed.remove(name).unwrap_or_default());
    }
    Value::Object(files)
}
