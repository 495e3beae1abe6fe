//! One execution as one line of JSON among many, for databases. `docs/src/reference/records.schema.json` is its schema.

use super::quantity::moment_iso;
use crate::analysis::fleet::{Counted, Outcome, Record, StateTotals};
use crate::event::Timestamp;
use crate::json::Payload;
use serde_json::{Value, json};

/// Returns a record as JSON (format stepback.records/1). Names are in lower case, as some databases know no other. The
/// input, if it is given, is in it as text.
///
/// ```text
/// { "format", "arn", "name", "machine", "region", "account", "version", "alias", "status", "day", "started_at",
///   "stopped_at", "duration_ms": n, "redrives": n, "history": "none" | "part" | "whole", "events": n,
///   "transitions": n, "state", "error", "cause", "normal_cause", "cluster", "input_bytes": n, "output_bytes": n,
///   "states": [ { "name", "type", "visits": n, "failed": n, "caught": n, "retries": n, "duration_ms": n } ], "input" }
///   null: not known; of one that did not fail, its failure
/// ```
pub fn record_json(record: &Record, input: Option<&Payload>) -> Value {
    let (item, ran) = (&record.item, &record.item.ran);
    let failed = match &item.outcome {
        Outcome::Failed(failed) => failed.clone(),
        Outcome::Passed | Outcome::Open => crate::analysis::fleet::Failed::default(),
    };
    let counted = record.counted.as_ref();
    let part = |place: usize| ran.arn.as_ref().and_then(|arn| arn.split(':').nth(place));
    let mut value = json!({
        "format": "stepback.records/1",
        "arn": ran.arn,
        "name": ran.arn.as_ref().map_or(Some(item.label.as_str()), |arn| name(arn)),
        "machine": item.machine,
        "region": part(3),
        "account": part(4),
        "version": ran.version,
        "alias": ran.alias,
        "status": ran.status.as_ref().map(crate::recording::Status::name),
        "day": day(record),
        "started_at": ran.started.map(moment_iso),
        "stopped_at": ran.stopped.map(moment_iso),
        "duration_ms": ran.micros().map(millis),
        "redrives": ran.redrives,
        "history": record.extent.name(),
        "events": counted.map(|counted| counted.events),
        "transitions": counted.map(|counted| counted.transitions),
        "state": failed.state,
        "error": failed.error,
        "cause": failed.cause,
        "normal_cause": failed.normal_cause(),
        "cluster": item.cluster().map(|key| key.to_string()),
        "input_bytes": record.input_bytes,
        "output_bytes": record.output_bytes,
        "states": counted.map(states),
    });
    if let (Some(input), Some(object)) = (input, value.as_object_mut()) {
        object.insert("input".to_owned(), json!(input.text()));
    }
    value
}

/// Returns the day (UTC) an execution counts for: on which it ended or, while it has not, began.
pub fn day(record: &Record) -> Option<String> {
    let at: Timestamp = record.item.at?;
    moment_iso(at).get(..10).map(str::to_owned)
}

/// An Express execution has something behind its name.
fn name(arn: &str) -> Option<&str> {
    arn.split(':').nth(7)
}

fn states(counted: &Counted) -> Value {
    let state = |state: &StateTotals| {
        let StateTotals { name, kind, visits, failed, caught, retries, micros } = state;
        json!({ "name": name, "type": kind, "visits": visits, "failed": failed, "caught": caught, "retries": retries,
                "duration_ms": millis(*micros) })
    };
    counted.states.iter().map(state).collect()
}

/// Milliseconds, with what is below them behind the point: a number that databases add up.
fn millis(micros: i64) -> Value {
    match micros % 1_000 {
        0 => json!(micros / 1_000),
        #[expect(clippy::cast_precision_loss, reason = "a duration of 285 years and more loses a microsecond")]
        _ => json!(micros as f64 / 1_000.0),
    }
}
