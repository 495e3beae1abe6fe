//! Results of Map Runs as ResultWriter writes them, made here.

use crate::recording::{Recording, Status};
use crate::source::{Opened, open, open_bytes};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;

const PREFIX: &str = "arn:aws:states:eu-west-1:111122223333";

/// The record of an item that fails when its currency is JPY.
fn record(number: usize, failed: bool) -> Value {
    let mut record = json!({
        "ExecutionArn": format!("{PREFIX}:execution:Invoices/PostAll:{number:08x}"),
        "Input": json!({"invoice": format!("INV-{number}"), "currency": if failed { "JPY" } else { "EUR" }}).to_string(),
        "InputDetails": {"Included": true},
        "Name": format!("{number:08x}"),
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE",
        "StartDate": "2026-05-03T02:00:00.100Z",
        "StateMachineArn": format!("{PREFIX}:stateMachine:Invoices/PostAll"),
        "Status": if failed { "FAILED" } else { "SUCCEEDED" },
        "StopDate": "2026-05-03T02:00:04.300Z",
    });
    if failed {
        record["Error"] = json!("BadCurrency");
        record["Cause"] = json!(json!({"errorMessage": format!("no rate for JPY in INV-{number}")}).to_string());
    } else {
        record["Output"] = json!("{\"ok\":true}");
    }
    record
}

fn pending(number: usize) -> Value {
    json!({"ExecutionArn": format!("{PREFIX}:execution:Invoices/PostAll:{number:08x}"), "Name": format!("{number:08x}"),
           "Input": "{}", "StateMachineArn": format!("{PREFIX}:stateMachine:Invoices/PostAll"), "Status": "PENDING"})
}

fn manifest() -> Value {
    let file = |name: &str| json!([{"Key": format!("runs/1f2e/{name}_0.json"), "Size": 1}]);
    json!({"DestinationBucket": "results", "MapRunArn": format!("{PREFIX}:mapRun:Invoices/PostAll:1f2e"),
           "ResultFiles": {"FAILED": file("FAILED"), "PENDING": file("PENDING"), "SUCCEEDED": file("SUCCEEDED")}})
}

/// Some records in lines.
pub(in crate::source) fn lines() -> Vec<u8> {
    (0..4).map(|number| format!("{}\n", record(number, number == 3))).collect::<String>().into_bytes()
}

/// Every tenth of so many items fails, and three never began.
fn write(folder: &Path, items: usize) {
    let (failed, fine): (Vec<usize>, Vec<usize>) = (0..items).partition(|number| number % 10 == 3);
    let all =
        |numbers: Vec<usize>, failed| Value::from(numbers.into_iter().map(|it| record(it, failed)).collect::<Vec<_>>());
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("manifest.json"), serde_json::to_vec_pretty(&manifest()).unwrap()).unwrap();
    fs::write(folder.join("FAILED_0.json"), all(failed, true).to_string()).unwrap();
    fs::write(folder.join("SUCCEEDED_0.json"), all(fine, false).to_string()).unwrap();
    fs::write(folder.join("PENDING_0.json"), json!([pending(900), pending(901), pending(902)]).to_string()).unwrap();
}

fn one(path: &Path) -> Recording {
    match open(path).unwrap() {
        Opened::One(recording) => *recording,
        other => panic!("{other:?}"),
    }
}

/// Failed, succeeded, pending, total.
fn counts(recording: &Recording) -> [u64; 4] {
    let counts = recording.map_runs[0].map_run.as_ref().unwrap().item_counts.as_ref().unwrap();
    [counts.failed, counts.succeeded, counts.pending, counts.total].map(|count| count.unwrap_or(0))
}

#[test]
fn a_folder_and_its_manifest_are_the_map_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("runs/1f2e");
    write(&run, 50);
    for path in [folder.path().to_owned(), run.clone(), run.join("manifest.json")] {
        let recording = one(&path);
        assert_eq!(counts(&recording), [5, 45, 3, 53], "{}", path.display());
        assert_eq!(recording.name(), Some("Invoices/PostAll:1f2e"));
        assert_eq!(recording.machine_name(), Some("Invoices"));
        assert_eq!(recording.missing(), [], "{}", path.display());
        assert_eq!(recording.stopped().unwrap().micros_since(recording.started().unwrap()), 4_200_000);
        let failed = recording.map_runs[0].executions.iter().filter(|child| child.status() == Status::Failed);
        let errors: Vec<_> = failed.map(|child| child.execution.as_ref().unwrap().error.as_deref().unwrap()).collect();
        assert_eq!(errors, ["BadCurrency"; 5]);
    }
}

#[test]
fn one_file_says_that_it_is_one() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 50);
    let recording = one(&folder.path().join("FAILED_0.json"));
    assert_eq!(counts(&recording), [5, 0, 0, 5]);
    assert!(recording.missing()[0].to_string().contains("Only FAILED_0.json is here"));
    fs::remove_file(folder.path().join("SUCCEEDED_0.json")).unwrap();
    let recording = one(folder.path());
    assert_eq!(counts(&recording), [5, 0, 3, 8]);
    let words = recording.missing().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert!(words.contains("runs/1f2e/SUCCEEDED_0.json is not here"), "{words}");
    assert!(words.contains("aws s3 cp --recursive s3://results/runs/1f2e ."), "{words}");
    fs::remove_file(folder.path().join("manifest.json")).unwrap();
    assert!(one(folder.path()).missing()[0].to_string().contains("no manifest.json"));
}

#[test]
fn lines_compressed_files_and_outputs_alone_are_read_too() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 20);
    let lines: String = (0..4).map(|number| format!("{}\n", record(number, number == 3))).collect();
    let Opened::One(recording) = open_bytes(lines.clone().into_bytes()).unwrap() else { panic!() };
    assert_eq!(counts(&recording), [1, 3, 0, 4]);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(lines.as_bytes()).unwrap();
    let packed = folder.path().join("packed");
    fs::write(&packed, packer.finish().unwrap()).unwrap();
    assert_eq!(counts(&one(&packed)), [1, 3, 0, 4]);
    fs::remove_file(&packed).unwrap();
    // `Transformation: COMPACT` leaves nothing but the outputs of those that went well.
    fs::write(folder.path().join("SUCCEEDED_0.json"), "[{\"a\":1},[2],\"three\",4,null]").unwrap();
    assert_eq!(counts(&one(folder.path())), [2, 5, 3, 10]);
}

#[test]
fn results_cut_anywhere_count_what_is_whole() {
    let text = Value::from((0..3).map(|number| record(number, number == 1)).collect::<Vec<_>>()).to_string();
    let ends: Vec<usize> =
        text.match_indices("},{\"ExecutionArn\"").map(|(at, _)| at + 1).chain([text.len() - 1]).collect();
    for cut in 300..text.len() {
        let whole = ends.iter().filter(|end| **end <= cut).count();
        match open_bytes(text.as_bytes()[..cut].to_vec()) {
            Ok(Opened::One(recording)) => {
                let [failed, fine, ..] = counts(&recording);
                assert_eq!(failed + fine, whole as u64, "cut at {cut}");
                assert_eq!(recording.damage.first().unwrap().byte, cut as u64);
                assert!(recording.missing().iter().any(|missing| missing.is_unread()));
            }
            Ok(other) => panic!("cut at {cut}: {other:?}"),
            Err(error) => assert_eq!(whole, 0, "cut at {cut}: {error}"),
        }
    }
}

#[test]
fn of_very_many_all_are_counted_and_few_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 60_000);
    let recording = one(folder.path());
    assert_eq!(counts(&recording), [6_000, 54_000, 3, 60_003]);
    let kept = recording.map_runs[0].executions.len();
    assert!((2_000..8_000).contains(&kept), "{kept}");
}
