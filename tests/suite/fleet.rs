//! `stepback fleet`: many recordings at once.

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn fleet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stepback")).arg("fleet").args(arguments).output().unwrap()
}

fn shipped(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Runs of one machine: some failed alike, with another currency than those that succeeded.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, document: &Value| fs::write(folder.path().join(name), document.to_string()).unwrap();
    for (number, currency) in ["JPY", "JPY", "EUR", "EUR", "EUR"].into_iter().enumerate() {
        let failed = currency == "JPY";
        let mut run = shipped(if failed { "order-payment-declined.sfn.json" } else { "order-shipped.sfn.json" });
        let input = json!({ "orderId": format!("o-{number}"), "currency": currency });
        run["execution"]["input"] = json!(input.to_string());
        run["execution"]["name"] = json!(format!("run-{number}"));
        write(&format!("run-{number}.sfn.json"), &run);
    }
    folder
}

#[test]
fn failures_are_clustered_and_compared_with_what_went_well() {
    let folder = folder();
    let output = fleet(&[folder.path().to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["executions"], &told["failed"], &told["succeeded"]), (&json!(5), &json!(2), &json!(3)));
    let [cluster] = told["clusters"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(
        (&cluster["state"], &cluster["error"], &cluster["count"]),
        (&json!("ChargeCard"), &json!("CardDeclined"), &json!(2))
    );
    assert_eq!(cluster["executions"].as_array().unwrap().len(), 2);
    let traits = cluster["contrast"]["traits"].as_array().unwrap();
    let currency = traits.iter().find(|it| it["path"] == "$.currency").unwrap();
    assert_eq!(currency, &json!({ "path": "$.currency", "is": "value", "failing": "JPY", "passing": null, "also": 0 }));
}

#[test]
fn people_read_it_and_files_are_taken_too() {
    let folder = folder();
    fs::write(folder.path().join("broken.sfn.json"), "{").unwrap();
    let output = fleet(&[folder.path().to_str().unwrap(), "recordings/month-end-redriven.sfn.json", "--width", "90"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("6 executions of 2 machines: 2 failed, 4 succeeded."), "{told}");
    assert!(told.contains("2 × ChargeCard  CardDeclined"), "{told}");
    assert!(told.contains("both have $.currency = \"JPY\", and none of 3 that succeeded"), "{told}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("broken.sfn.json"));
    let none = fleet(&[folder.path().to_str().unwrap(), "--machine", "Nobody"]);
    assert_eq!(none.status.code(), Some(2));
    assert_eq!(fleet(&["recordings/month-end-redriven.sfn.json"]).status.code(), Some(0));
}

#[test]
fn every_shipped_recording_is_taken() {
    let output = fleet(&["recordings", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told["clusters"].as_array().unwrap().len() >= 6, "{told}");
    let states: Vec<&str> = told["clusters"].as_array().unwrap().iter().filter_map(|it| it["state"].as_str()).collect();
    assert!(states.contains(&"SendTransfer"), "the failure is where it began: {states:?}");
}

#[test]
fn the_items_of_a_map_are_looked_at_the_same_way() {
    let output =
        fleet(&["recordings/bad-files-in-nightly-import.sfn.json.gz", "--map", "ImportFiles", "--width", "90"]);
    let told = String::from_utf8(output.stdout).unwrap();
    let counts = "200 items: 1 failed, 2 caught, 143 succeeded, 39 aborted, 15 never started.";
    assert!(told.starts_with(counts), "{told}");
    let all = "those that failed: all 3 have $.file.currency = \"JPY\", and none of 143 that succeeded";
    assert!(told.contains("× LoadPrices  KeyError") && told.contains(all), "{told}");
    let output = fleet(&["recordings/image-refresh-over-tolerance.sfn.json", "--map", "RefreshImages", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["executions"], &told["failed"]), (&json!(9), &json!(2)), "{told}");
    assert_eq!((&told["map"]["items"], &told["map"]["neverStarted"]), (&json!(14), &json!(5)), "{told}");
    assert_eq!(fleet(&["recordings/order-shipped.sfn.json", "--map", "Gone"]).status.code(), Some(2));
}
