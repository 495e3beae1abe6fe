//! `stepback test` as it is typed: from a recording to a case, and what happens when the machine is changed.

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const TEMPLATE: &str = r#"Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Charge
        States:
          Charge:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters: {FunctionName: !Ref Name, "Payload.$": $}
            Retry: [{ErrorEquals: [Card.Network], MaxAttempts: 1}]
            Catch: [{ErrorEquals: [Card.Declined], Next: Refuse}]
            Next: Big
          Big:
            Type: Choice
            Choices: [{Variable: $.total, NumericGreaterThan: 100, Next: Done}]
            Default: Done
          Refuse: {Type: Fail, Error: Refused}
          Done: {Type: Succeed}
"#;

const CASES: &str = r#"{
  "format": "stepback.case/1",
  "definition": "../template.yaml",
  "input": {"order": 1},
  "cases": {
    "paid": {
      "answers": {"states": {"Charge": [{"error": "Card.Network"}, {"result": {"total": 5}}]}},
      "expect": {"output": {"total": 5}, "path": ["Charge", "Big", "Done"], "visits": {"Refuse": 0}}
    },
    "declined": {
      "answers": {"states": {"Charge": [{"error": "Card.Declined"}]}},
      "expect": {"status": "FAILED", "error": "Refused"}
    }
  }
}
"#;

fn stepback(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with a template and cases beside it.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("cases")).unwrap();
    fs::write(folder.path().join("template.yaml"), TEMPLATE).unwrap();
    fs::write(folder.path().join("cases/orders.case.json"), CASES).unwrap();
    folder
}

/// The summary without the time it took.
fn summary(output: &Output) -> String {
    let out = text(&output.stdout);
    let line = out.lines().find(|line| line.contains(" cases in ") || line.contains(" case in ")).unwrap_or(&out);
    line.rsplit_once(", ").map_or(line, |(told, _)| told).to_owned()
}

#[test]
fn cases_hold_until_the_machine_changes() {
    let folder = project();
    let output = stepback(folder.path(), &["test", "cases", "--junit", "report.xml"]);
    assert_eq!((summary(&output).as_str(), output.status.code()), ("2 passed: 2 cases in 1 file", Some(0)));
    let report = fs::read_to_string(folder.path().join("report.xml")).unwrap();
    assert!(report.contains("tests=\"2\" failures=\"0\""), "{report}");
    fs::write(folder.path().join("template.yaml"), TEMPLATE.replace("Default: Done", "Default: Refuse")).unwrap();
    let output = stepback(folder.path(), &["test", "cases"]);
    let expected = "✖ cases/orders.case.json:6  paid
    status                    expected SUCCEEDED, was FAILED (Refused)
    output                    expected {\"total\":5}, was no output
    path after Big (step 2)  expected Done, was Refuse
    visits of Refuse          expected 0, was 1
";
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = text(&output.stdout);
    assert!(squeezed(&told).starts_with(&squeezed(expected)), "{told}");
    assert_eq!((summary(&output).as_str(), output.status.code()), ("1 passed, 1 failed: 2 cases in 1 file", Some(1)));
}

#[test]
fn an_update_makes_the_cases_hold_and_changes_nothing_else() {
    let folder = project();
    fs::write(folder.path().join("template.yaml"), TEMPLATE.replace("Default: Done", "Default: Refuse")).unwrap();
    let output = stepback(folder.path(), &["test", "cases", "--update"]);
    assert_eq!((summary(&output).as_str(), output.status.code()), ("1 passed, 1 updated: 2 cases in 1 file", Some(0)));
    let written = fs::read_to_string(folder.path().join("cases/orders.case.json")).unwrap();
    assert_eq!(written.split("\"expect\"").next(), CASES.split("\"expect\"").next());
    assert_eq!(written.split("\"declined\"").nth(1), CASES.split("\"declined\"").nth(1));
    let output = stepback(folder.path(), &["test", "cases"]);
    assert_eq!(summary(&output), "2 passed: 2 cases in 1 file");
}

#[test]
fn what_no_case_tried_is_told_as_table_as_json_and_on_the_graph() {
    let folder = project();
    let told = text(&stepback(folder.path(), &["test", "cases", "--coverage"]).stdout);
    let squeezed: Vec<String> =
        told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let expected = [
        "Orders: 2 executions",
        "states 4 of 4 100 %",
        "transitions 3 of 3 100 %",
        "choice rules 1 of 2 50 %",
        "retriers 1 of 1 100 %",
        "catchers 1 of 1 100 %",
        "Never tried:",
        "choice rule Big: Choices[0] → Done total > 100",
    ];
    assert!(squeezed.ends_with(&expected.map(str::to_owned)), "{told}");
    let output = stepback(folder.path(), &["test", "cases", "--coverage", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["counts"], json!({"passed": 2, "failed": 0, "stopped": 0, "updated": 0}));
    assert_eq!(json["coverage"][0]["rules"], json!({"covered": 1, "all": 2}));
    let only = stepback(folder.path(), &["test", "cases", "--only", "paid", "--coverage=graph"]);
    let told = text(&only.stdout);
    assert!(told.contains("╌ catch") && told.contains("Refuse"), "{told}");
    assert!(told.contains("1 case was left out by --only."), "{told}");
}

#[test]
fn a_recording_becomes_a_case_that_the_template_keeps() {
    let folder = project();
    fs::write(folder.path().join("answers.json"), r#"{"states": {"Charge": [{"result": {"total": 500}}]}}"#).unwrap();
    let run = ["run", "template.yaml", "--answers", "answers.json", "-o", "run.sfn.json"];
    assert!(stepback(folder.path(), &run).status.success());
    let export = ["export", "run.sfn.json", "--format", "case", "-o", "cases/big.case.json"];
    assert!(stepback(folder.path(), &export).status.success());
    let output = stepback(folder.path(), &["test", "cases", "--only", "local"]);
    assert_eq!((summary(&output).as_str(), output.status.code()), ("1 passed: 1 case in 1 file", Some(0)));
}

#[test]
fn test_cases_of_a_mock_configuration_find_their_machine() {
    let folder = project();
    let mocks = json!({
        "StateMachines": {"Orders": {"TestCases": {
            "Happy": {"Charge": "Fine"}, "Stuck": {"Charge": "Short"}, "Nobody": {}}}},
        "MockedResponses": {
            "Fine": {"0": {"Throw": {"Error": "Card.Network", "Cause": "c"}}, "1": {"Return": {"total": 1}}},
            "Short": {"0": {"Throw": {"Error": "Card.Network", "Cause": "c"}}}}});
    fs::write(folder.path().join("cases/MockConfigFile.json"), mocks.to_string()).unwrap();
    let output = stepback(folder.path(), &["test", "cases/MockConfigFile.json"]);
    let told = text(&output.stdout);
    assert_eq!(summary(&output), "1 passed, 2 stopped: 3 cases in 1 file");
    assert!(told.contains("Orders/Nobody\n    Nobody answers the task 'Charge'"), "{told}");
    fs::remove_file(folder.path().join("template.yaml")).unwrap();
    let told = text(&stepback(folder.path(), &["test", "cases/MockConfigFile.json"]).stdout);
    assert!(told.contains("No definition of Orders was found in 'cases' or above; --definition names it."), "{told}");
}

#[test]
fn what_holds_no_cases_is_told_and_where_a_file_is_wrong() {
    let folder = project();
    let root = folder.path();
    fs::create_dir(root.join("empty")).unwrap();
    fs::write(root.join("bad.case.json"), "{\n\"format\": \"stepback.case/1\",\n\"inptu\": {}}").unwrap();
    fs::write(root.join("broken.json"), "{\n\"format\": }").unwrap();
    fs::write(root.join("run.sfn.json"), "{\"events\": []}").unwrap();
    fs::write(root.join("other.case.json"), "{\"format\": \"stepback.case/1\", \"definition\": \"none.json\"}")
        .unwrap();
    fs::write(
        root.join("answers.case.json"),
        "{\"format\": \"stepback.case/1\", \"definition\": \"template.yaml\",\n\"answers\": {\"states\": {\"Charge\": [{}]}}}",
    )
    .unwrap();
    for (arguments, code, told) in [
        (["test", "empty"], 2, "No cases were found."),
        (["test", "bad.case.json"], 2, "'bad.case.json:3': unknown field `inptu`"),
        (["test", "broken.json"], 2, "'broken.json:2:11': expected value."),
        (["test", "run.sfn.json"], 2, "'stepback export run.sfn.json --format case' makes a case of a recording"),
        (["test", "template.yaml"], 2, "'template.yaml:"),
        (["test", "none.json"], 2, "Cannot read 'none.json'"),
        (["test", "other.case.json"], 1, "Cannot read 'none.json'"),
        (["test", "answers.case.json"], 1, "'answers.case.json:2': Answer 1 of 'Charge' must say exactly one of"),
    ] {
        let output = stepback(root, &arguments);
        let all = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {all}");
        assert!(all.contains(told), "{arguments:?}: {all}");
    }
}

#[test]
fn a_watch_runs_again_what_a_changed_file_touches() {
    let folder = project();
    let lone = r#"{"format": "stepback.case/1", "definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}"#;
    fs::write(folder.path().join("cases/lone.case.json"), lone).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_stepback"))
        .args(["test", "cases", "--watch"])
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("3 passed: 3 cases in 2 files")));
    fs::write(folder.path().join("template.yaml"), TEMPLATE.replace("Default: Done", "Default: Refuse")).unwrap();
    let began = Instant::now();
    assert!(lines.any(|line| line == "2 cases were run again."), "the one that does not touch the template is not");
    assert!(lines.any(|line| line.starts_with("2 passed, 1 failed: 3 cases in 2 files")));
    assert!(began.elapsed() < Duration::from_secs(30));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_difference_to_what_was_executed_is_told_before_a_replay_and_by_diff() {
    let folder = project();
    fs::write(folder.path().join("answers.json"), r#"{"states": {"Charge": [{"result": {"total": 500}}]}}"#).unwrap();
    let run = ["run", "template.yaml", "--answers", "answers.json", "-o", "run.sfn.json"];
    assert!(stepback(folder.path(), &run).status.success());
    let same = stepback(folder.path(), &["diff", "run.sfn.json", "template.yaml"]);
    assert_eq!(same.status.code(), Some(0), "{}", text(&same.stdout));
    let changed = TEMPLATE
        .replace("MaxAttempts: 1", "MaxAttempts: 2")
        .replace("Refuse}", "Decline}")
        .replace("Refuse:", "Decline:");
    fs::write(folder.path().join("template.yaml"), &changed).unwrap();
    let replay = stepback(folder.path(), &["replay", "run.sfn.json", "--definition", "template.yaml"]);
    let told = text(&replay.stderr);
    assert!(told.contains("is not the one that was executed: Charge retimed; Decline renamed."), "{told}");
    let diff = stepback(folder.path(), &["diff", "run.sfn.json", "template.yaml"]);
    let told = text(&diff.stdout);
    assert_eq!(diff.status.code(), Some(1));
    assert!(told.contains("> state Decline  was Refuse") && told.contains("$.Retry[0].MaxAttempts"), "{told}");
    assert!(told.contains("retimed") && !told.contains("Catch"), "{told}");
    let asl = json!({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}});
    fs::write(folder.path().join("m.asl.json"), asl.to_string()).unwrap();
    let diff = stepback(folder.path(), &["diff", "run.sfn.json", "m.asl.json"]);
    assert_eq!(diff.status.code(), Some(1), "{}", text(&diff.stderr));
    assert!(text(&diff.stdout).contains("- state Charge"));
}

#[test]
fn replays_tell_what_of_the_machine_they_went_through() {
    let folder = project();
    fs::create_dir(folder.path().join("recordings")).unwrap();
    for (name, answer) in [("a", json!({"result": {"total": 500}})), ("b", json!({"error": "Card.Declined"}))] {
        fs::write(folder.path().join("answers.json"), json!({"states": {"Charge": [answer]}}).to_string()).unwrap();
        let file = format!("recordings/{name}.sfn.json");
        stepback(folder.path(), &["run", "template.yaml", "--answers", "answers.json", "-o", &file]);
    }
    let output = stepback(folder.path(), &["replay", "recordings", "--coverage", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let covered = |coverage: &Value, what: &str| coverage[what]["covered"].as_u64();
    let coverage = &json["coverage"][0];
    assert_eq!(
        ["states", "rules", "retriers", "catchers"].map(|it| covered(coverage, it)),
        [Some(4), Some(1), Some(0), Some(1)]
    );
    // What the new definition does counts, not what was recorded.
    fs::write(folder.path().join("template.yaml"), TEMPLATE.replace("Card.Declined", "Card.Stolen")).unwrap();
    let arguments = ["replay", "recordings", "--definition", "template.yaml", "--coverage", "--json"];
    let json: Value = serde_json::from_slice(&stepback(folder.path(), &arguments).stdout).unwrap();
    assert_eq!(covered(&json["coverage"][0], "catchers"), Some(0), "{}", json["coverage"]);
    assert_eq!(json["coverage"][0]["executions"], 2);
}

/// The members that the schema describes are those that are read, for a file and for a case in it.
#[test]
fn the_schema_describes_what_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/reference/case.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    // What is not known is told with all that is.
    let known = |file: String| -> Vec<String> {
        fs::write(folder.path().join("a.case.json"), file).unwrap();
        let told = text(&stepback(folder.path(), &["test", "a.case.json"]).stderr);
        let (_, expected) = told.split_once("expected one of ").unwrap_or_else(|| panic!("{told}"));
        let mut names: Vec<String> = expected.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        names.sort();
        names
    };
    let described = |members: &Value| -> Vec<String> {
        let mut names: Vec<String> = members["properties"].as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    let file = |member: &str| format!("{{\"format\": \"stepback.case/1\", {member}}}");
    assert_eq!(known(file("\"x\": 1")), described(&schema));
    assert_eq!(known(file("\"expect\": {\"x\": 1}")), described(&schema["$defs"]["expect"]));
    assert_eq!(known(file("\"execution\": {\"x\": 1}")), described(&schema["$defs"]["execution"]));
    let own = ["$schema", "cases", "format", "name"];
    let of_case: Vec<String> = described(&schema).into_iter().filter(|name| !own.contains(&name.as_str())).collect();
    assert_eq!(of_case, described(&schema["$defs"]["case"]));
}

/// A pipe that nobody writes into would be waited for without an end.
#[cfg(unix)]
#[test]
fn a_pipe_is_no_definition() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    let case = r#"{"format": "stepback.case/1", "definition": "pipe", "expect": {"status": "SUCCEEDED"}}"#;
    fs::write(folder.path().join("a.case.json"), case).unwrap();
    let tested = stepback(folder.path(), &["test", "a.case.json"]);
    let told = text(&tested.stdout) + &text(&tested.stderr);
    assert!(told.contains("is a pipe or a device, not a file") && !tested.status.success(), "{told}");
}
