use super::*;
use crate::asl::{Definition, Format, MachineKind};
use crate::json::Payload;
use crate::tasks::AnswersFile;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

const MACHINE: &str = r#"{"StartAt": "Each", "States": {
    "Each": {"Type": "Map", "ItemsPath": "$.lines", "ItemProcessor": {"StartAt": "Charge", "States": {
        "Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"},
            "Catch": [{"ErrorEquals": ["Card.Declined"], "Next": "Refuse"}], "End": true},
        "Refuse": {"Type": "Pass", "End": true}}}, "ResultPath": "$.charged", "Next": "Stamp"},
    "Stamp": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "charged.$": "$.charged",
        "by.$": "$$.Execution.Name", "at.$": "$$.Execution.StartTime"}, "End": true}}}"#;

fn first(text: &str) -> Case {
    CaseFile::read(text).unwrap().cases.remove(0)
}

/// Runs a case whose definition, input and answers stand in it.
fn run(case: &Case, other: u64) -> Ran {
    let here = |written: &Option<Written>| match written {
        Some(Written::Here(text, _)) => text.clone(),
        _ => "{}".to_owned(),
    };
    let definition = here(&case.definition);
    let kind = case.kind.unwrap_or(MachineKind::Standard);
    let machine = Definition::read(definition.as_str(), Format::Json).parse(kind).0.unwrap();
    let setting = Setting {
        machine: Arc::new(machine),
        definition: Payload::from_text(definition),
        input: Payload::from_text(here(&case.input)),
        answers: Box::new(AnswersFile::parse(&here(&case.answers)).unwrap()),
        machines: HashMap::new(),
        s3: None,
        cancelled: Arc::default(),
    };
    Ran::of(case, setting, other)
}

fn case_file(expect: &str) -> String {
    let answers = r#"{"states": {"Charge[0]": [{"result": 1}], "Charge[1]": [{"error": "Card.Declined"}]}}"#;
    let text = r#"{
  "format": "stepback.case/1",
  "definition": MACHINE,
  "input": {"lines": [1, 2]},
  "answers": ANSWERS,
  "expect": EXPECT
}
"#;
    text.replace("MACHINE", MACHINE).replace("ANSWERS", answers).replace("EXPECT", expect)
}

/// How a run is not what is expected, a line each.
fn mismatches(expect: &str) -> Vec<String> {
    let case = first(&case_file(expect));
    let told = case.expect.mismatches(&run(&case, 0));
    told.into_iter().map(|it| format!("{}: {} / {}", it.what, it.expected, it.actual)).collect()
}

#[test]
fn a_run_is_held_against_each_thing_that_is_expected() {
    let fine = r#"{"status": "SUCCEEDED", "path": ["Each", "Charge[0]", "Charge[1]", "Refuse[1]", "Stamp"],
        "visits": {"Charge": 2, "Refuse": 1, "Fail": 0}, "output": {"id": {"$match": "uuid"},
        "charged": [1, {"$contains": {"Error": "Card.Declined"}}], "by": "local", "at": {"$match": "timestamp"}}}"#;
    assert_eq!(mismatches(fine), Vec::<String>::new());
    assert_eq!(mismatches("{}"), Vec::<String>::new());
    for (expect, told) in [
        (r#"{"status": "FAILED"}"#, vec!["status: FAILED / SUCCEEDED"]),
        (r#"{"error": "E"}"#, vec!["status: not SUCCEEDED / SUCCEEDED", "error: \"E\" / no error"]),
        (r#"{"output": {"$contains": {"charged": [2]}}}"#, vec!["output $.charged: an item 2, in this order / [1,{"]),
        (r#"{"path": ["Each", "Stamp"]}"#, vec!["path after Each (step 1): Stamp / Charge[0]"]),
        (r#"{"path": {"$contains": ["Charge[0]", "Stamp"]}}"#, vec![]),
        (r#"{"visits": {"Charge": 1}}"#, vec!["visits of Charge: 1 / 2"]),
    ] {
        let found = mismatches(expect);
        assert_eq!(found.len(), told.len(), "{expect}: {found:?}");
        assert!(found.iter().zip(&told).all(|(found, told)| found.starts_with(told)), "{expect}: {found:?}");
    }
}

#[test]
fn what_is_wrong_with_a_case_file_is_told_with_its_line() {
    for (text, line, reason) in [
        ("{\n\"format\": \"stepback.case/1\",\n\"inptu\": 1}", 3, "unknown field `inptu`"),
        ("{\"definition\": {}}", 1, "\"format\": \"stepback.case/1\" is missing"),
        ("{\"format\": \"stepback.case/9\"}", 1, "'stepback.case/9' is not known"),
        ("{\"format\": \"stepback.case/1\",\n\"expect\": {\n\"status\": \"DONE\"}}", 2, "'DONE' is not one of"),
        ("{\"format\": \"stepback.case/1\",\n\"expect\": {\n\n\"statsu\": 1}}", 4, "unknown field `statsu`"),
        (
            "{\"format\": \"stepback.case/1\",\n\"expect\": {\"output\": {\"$match\": \"uid\"}}}",
            2,
            "in \"output\": \"$match\"",
        ),
        ("{\"format\": \"stepback.case/1\", \"cases\": {\n\"a\": {},\n\"a\": {}}}", 3, "two cases named 'a'"),
        ("{\"format\": \"stepback.case/1\", \"cases\": {\n\"a\": {},\n\"b\": {\n\"seed\": -1}}}", 4, "invalid value"),
        ("{\"format\": \"stepback.case/1\", \"cases\": {}}", 1, "\"cases\" is empty"),
        ("{\"format\": \"stepback.case/1\",\n\"input\": 1, \"inputFile\": \"a\"}", 2, "exclude each other"),
        (
            "{\"format\": \"stepback.case/1\",\n\"execution\": {\"startTime\": \"now\"}}",
            1,
            "'now' is not an ISO 8601 time",
        ),
    ] {
        let error = CaseFile::read(text).unwrap_err();
        assert_eq!(error.line, line, "{text}: {error}");
        assert!(error.reason.contains(reason), "{text}: {error}");
    }
    assert!(CaseFile::is_one("{\"format\": \"stepback.case/1\",,"), "damage does not make it something else");
    assert!(!CaseFile::is_one("{\"events\": [], \"note\": \"stepback.case/1\"}"));
}

#[test]
fn cases_share_what_stands_beside_them() {
    let file = CaseFile::read(
        r#"{"format": "stepback.case/1", "definition": "m.json", "input": {"a": 1}, "seed": 7, "expect": {"status": "FAILED"},
            "cases": {"one": {}, "two": {"inputFile": "two.json", "seed": 8, "expect": {}}}}"#,
    );
    let cases = file.unwrap().cases;
    let told = cases.iter().map(|case| (case.name.as_str(), case.seed, case.input.clone(), case.expect.status.clone()));
    let here = Written::Here(r#"{"a": 1}"#.to_owned(), 1);
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("one", 7, Some(here), Some("FAILED".to_owned())),
            ("two", 8, Some(Written::File("two.json".to_owned())), None)
        ]
    );
    assert_eq!(cases[0].places.expect, None, "what is said for all cases is not one's to change");
}

#[test]
fn an_update_keeps_matchers_and_all_other_text() {
    let text = case_file(r#"{"status": "FAILED", "output": {"id": {"$match": "string"}, "charged": [2], "at": "x"}}"#);
    let case = first(&text);
    let new = expected(&case, &run(&case, 0), &run(&case, OTHER));
    assert_eq!(new["status"], "SUCCEEDED");
    assert_eq!(new["output"]["id"], json!({"$match": "string"}), "it matched");
    assert_eq!(new["output"]["at"], json!({"$match": "timestamp"}), "it is drawn anew");
    assert_eq!(new["output"]["by"], json!({"$match": "string"}));
    assert_eq!(new["output"]["charged"], json!([1, {"Error": "Card.Declined", "Cause": ""}]));
    assert_eq!(new.get("path"), None, "nobody asked for it");
    let written = updated(&text, vec![(&case.places, new)]);
    let again = first(&written);
    assert_eq!(again.expect.mismatches(&run(&again, 0)), []);
    assert_eq!(written.split("\"expect\"").next(), text.split("\"expect\"").next());
}

#[test]
fn an_update_writes_what_nobody_expected_yet() {
    let text = case_file("0").replace(",\n  \"expect\": 0", "");
    let case = first(&text);
    let new = expected(&case, &run(&case, 0), &run(&case, OTHER));
    let members: Vec<&String> = new.as_object().unwrap().keys().collect();
    assert_eq!(members, ["status", "output", "path"]);
    let written = updated(&text, vec![(&case.places, new)]);
    let again = first(&written);
    assert!(again.places.expect.is_some(), "{written}");
    assert_eq!(again.expect.mismatches(&run(&again, OTHER)), [], "it holds for other time and chance too");
    let several = "{\"format\": \"stepback.case/1\", \"cases\": {\n  \"a\": {},\n  \"b\": {\"seed\": 2}\n}}";
    let cases = CaseFile::read(several).unwrap().cases;
    let changes = cases.iter().map(|case| (&case.places, json!({"status": "FAILED"}))).collect();
    let written = CaseFile::read(&updated(several, changes)).unwrap().cases;
    assert!(written.iter().all(|case| case.expect.status.as_deref() == Some("FAILED")));
}

#[test]
fn a_recording_becomes_a_case_that_holds() {
    let case = first(&case_file("{}"));
    let recording = run(&case, 0).recording;
    let exported = case_of(&recording, "mine").unwrap();
    assert_eq!((exported.mismatches, exported.stopped), (Vec::new(), None));
    let drawn: Vec<(&str, &str)> = exported.drawn.iter().map(|it| (it.at.as_str(), it.kind)).collect();
    assert_eq!(drawn, [("output $.at", "timestamp"), ("output $.id", "uuid")], "the identity is written down");
    let written = first(&exported.file.to_string());
    assert_eq!(written.name, "mine");
    assert_eq!(written.expect.mismatches(&run(&written, 0)), []);
    assert_eq!(written.expect.mismatches(&run(&written, OTHER)), [] as [Mismatch; 0]);
}

#[test]
fn test_cases_of_a_mock_configuration_are_cases() {
    let text = "{\"StateMachines\": {\"Orders\": {\"TestCases\": {\n\"Happy\": {\"A\": \"Fine\"}}}},\n\"MockedResponses\": {}}";
    assert!(is_mock_config(text));
    let cases = mock_cases("MockConfigFile.json", text).unwrap();
    let [case] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!((case.name.as_str(), case.places.line, case.test_case.as_deref()), ("Orders/Happy", 2, Some("Happy")));
    assert_eq!(mock_cases("m", "{\n\"StateMachines\": 1}").unwrap_err().line, 2);
}
