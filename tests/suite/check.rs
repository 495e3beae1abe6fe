//! `stepback check` as it is typed.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SOUND: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
const WRONG: &str = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\"Type\": \"Wait\", \"Seconds\": -1, \"End\": true}\n  }\n}\n";

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stepback"))
        .arg("check")
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary runs")
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn findings_show_the_line_and_a_caret() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("m.asl.json"), WRONG).expect("written");
    let output = check(folder.path(), &["m.asl.json"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "\
error[SCHEMA_VALIDATION_FAILED]: Minimum value is 0
  --> m.asl.json:4:38 /States/A/Seconds
   |
 4 |     \"A\": {\"Type\": \"Wait\", \"Seconds\": -1, \"End\": true}
   |                                      ^^

m.asl.json: 1 error, 0 warnings.
";
    assert_eq!(text(&output), expected);
}

#[test]
fn json_is_an_object_for_a_file_and_a_list_for_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("machines")).expect("made");
    fs::write(folder.path().join("machines/a.json"), SOUND).expect("written");
    fs::write(folder.path().join("machines/b.asl.yaml"), "StartAt: A\nStates:\n  A: {Type: Pass, Next: B}\n")
        .expect("written");
    fs::write(folder.path().join("machines/package.json"), "{\"name\": \"no definition\"}").expect("written");
    let one: Value =
        serde_json::from_slice(&check(folder.path(), &["machines/a.json", "--json"]).stdout).expect("JSON");
    let expected =
        serde_json::json!({"file": "machines/a.json", "result": "OK", "diagnostics": [], "truncated": false});
    assert_eq!(one, expected);
    let output = check(folder.path(), &["machines", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let list: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let results: Vec<&str> = list.as_array().expect("a list").iter().filter_map(|it| it["result"].as_str()).collect();
    assert_eq!(results, ["OK", "FAIL"]);
    assert_eq!(list[1]["diagnostics"][0]["message"], "Missing 'Next' target: B");
    assert_eq!(list[1]["diagnostics"][0]["line"], 3);
    assert_eq!(list[1]["diagnostics"][1]["code"], "MISSING_END_STATE");
}

#[test]
fn severity_and_the_number_of_findings_are_chosen_as_of_aws() {
    let folder = tempfile::tempdir().expect("a folder");
    let machine = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Parameters": {"a": "$.a", "b": "$.b"}, "Next": "B"}, "B": {"Type": "Succeed", "End": true}}}"#;
    fs::write(folder.path().join("m.json"), machine).expect("written");
    let answer = |arguments: &[&str]| -> Value {
        let output = check(folder.path(), &[&["m.json", "--json"], arguments].concat());
        assert_eq!(output.status.code(), Some(0));
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let told = |answer: &Value| {
        let diagnostics = answer["diagnostics"].as_array().expect("a list");
        let word =
            |it: &Value| format!("{} {}", it["code"].as_str().unwrap_or(""), it["source"].as_str().unwrap_or(""));
        (diagnostics.iter().map(word).collect::<Vec<_>>().join(", "), answer["truncated"] == true)
    };
    for (arguments, codes, truncated) in [
        (&[][..], "NO_DOLLAR aws, NO_DOLLAR aws, NEEDLESS_END stepback", false),
        (&["--severity", "error"], "", false),
        (&["--severity", "WARNING", "--max-results", "1"], "NO_DOLLAR aws", true),
        (&["--max-results", "3"], "NO_DOLLAR aws, NO_DOLLAR aws, NEEDLESS_END stepback", false),
        (&["--max-results", "0"], "NO_DOLLAR aws, NO_DOLLAR aws, NEEDLESS_END stepback", false),
    ] {
        assert_eq!(told(&answer(arguments)), (codes.to_owned(), truncated), "{arguments:?}");
    }
    assert_eq!(check(folder.path(), &["m.json", "--max-results", "101"]).status.code(), Some(2));
}

#[test]
fn the_type_decides_what_is_allowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:us-east-1:111111111111:activity:a", "TimeoutSeconds": 9}}}"#;
    fs::write(folder.path().join("m.json"), machine).expect("written");
    assert_eq!(check(folder.path(), &["m.json"]).status.code(), Some(0));
    let output = check(folder.path(), &["m.json", "--type", "EXPRESS"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("Express state machine does not support Activity ARN"));
}

#[test]
fn what_cannot_be_read_is_told_apart_from_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("latin1.json"), b"{\"Comment\": \"\xe9\"}").expect("written");
    for file in ["latin1.json", "missing.json"] {
        let output = check(folder.path(), &[file]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(output.stdout.is_empty() || !text(&output).contains("error["), "{file}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(file));
    }
}

const TEMPLATE: &str = "Resources:
  Fn: {Type: AWS::Lambda::Function}
  One:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        {\"StartAt\": \"A\", \"States\": {
          \"A\": {\"Type\": \"Task\", \"Resource\": \"${Fn.Arn}\", \"Next\": \"B\"}}}
  Two:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionUri: two.asl.json
";

#[test]
fn templates_of_a_folder_are_checked_machine_by_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("template.yaml", TEMPLATE);
    write("two.asl.json", SOUND);
    write("deploy.yaml", "on: push\njobs: {}\n");
    let output = check(folder.path(), &[".", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let list: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let told: Vec<String> =
        list.as_array().expect("a list").iter().map(|it| format!("{} {}", it["machine"], it["result"])).collect();
    assert_eq!(told, ["\"One\" \"FAIL\"", "\"Two\" \"OK\""]);
    assert_eq!(list[0]["placeholders"], serde_json::json!({"Fn.Arn": 1}));
    assert_eq!((&list[0]["diagnostics"][0]["line"], &list[0]["diagnostics"][0]["column"]), (&8.into(), &66.into()));
    fs::remove_file(folder.path().join("two.asl.json")).expect("removed");
    let output = check(folder.path(), &["template.yaml"]);
    assert!(text(&output).contains("The definition of Two cannot be read from 'two.asl.json': there is no such file."));
}

#[test]
fn a_file_that_is_something_else_is_told_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("deploy.yaml", "on: push\njobs: {}\n");
    write("template.yaml", "Resources:\n  Fn: {Type: AWS::Lambda::Function}\n");
    for (file, expected) in [
        ("deploy.yaml", "'deploy.yaml' is a GitHub workflow, not the definition of a state machine."),
        ("template.yaml", "'template.yaml' is a CloudFormation template without state machines."),
        (".", "No definitions were found."),
    ] {
        let output = check(folder.path(), &[file]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(expected), "{file}: {output:?}");
    }
}
