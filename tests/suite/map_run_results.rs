//! The results of a Map Run and lists of executions, as `why` and the screen show them.

use std::path::Path;
use std::process::Command;
use stepback::source::{Opened, open_bytes};
use stepback::tui::execution::Headline;
use stepback::tui::{Subject, Target};

fn why(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
    let output = command.arg("why").arg(&file).env("LC_ALL", "C.UTF-8").env("TZ", "UTC").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn seed(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/open").join(name)).unwrap()
}

#[test]
fn a_manifest_alone_claims_nothing_of_its_items() {
    let told = why(&seed("map-run-manifest"));
    assert!(told.starts_with("◌ MAP RUN"), "{told}");
    for words in ["no item is in what is here", "FAILED_0.json is not here", "Nothing failed in what is here."] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_list_of_executions_is_a_list() {
    let one = |number: u32| {
        serde_json::json!({ "executionArn": format!("arn:aws:states:eu-west-1:123456789012:execution:Orders:run-{number}"),
            "stateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders", "name": format!("run-{number}"),
            "status": "FAILED", "startDate": "2026-05-03T08:00:00Z", "stopDate": "2026-05-03T08:00:03Z" })
    };
    let told = why(&serde_json::json!({ "executions": [one(1), one(2), one(3)] }).to_string());
    let first = told.lines().next().unwrap();
    assert_eq!(first, "3 executions of Orders, eu-west-1, account 123456789012: 3 failed");
    assert_eq!(told.matches("No event is here").count(), 1, "{told}");
    assert_eq!(told.matches("✖ FAILED").count(), 3);
    assert!(
        told.trim_end().ends_with("stepback why arn:aws:states:eu-west-1:123456789012:execution:Orders:run-1"),
        "{told}"
    );
}

#[test]
fn the_screen_names_the_items_of_results() {
    let Ok(Opened::One(recording)) = open_bytes(seed("map-run-failed").into_bytes()) else { panic!("results") };
    let subject = Subject::new(Target::Stdin, *recording);
    let headline = Headline::of(&subject, &subject.diagnosis, None);
    assert_eq!(headline.title, "E");
    assert_eq!(headline.lines.first().map(String::as_str), Some("item f0 and 3 more"));
    assert_eq!(headline.tone, stepback::analysis::Status::Failed);
}
