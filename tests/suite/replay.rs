//! `stepback replay` and `export`: every recording we ship, recordings with one thing changed, and the way back.

use super::corpus::shipped_executions;
use super::pty::Terminal;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use stepback::asl::{Definition, Format};
use stepback::event::EventId;
use stepback::json::{Patch, Payload};
use stepback::recording::Recording;
use stepback::replay::{
    Edits, From, Judgement, NotChecked, NotReplayable, Outcome, Replay, Unanswered, Unchecked, Verdict,
};
use stepback::replay::{answers_file, case, find_address, judge, mock_config, test_states};
use stepback::source::{Opened, open, open_bytes};
use stepback::tasks::AnswersFile;

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name)
}

fn opened(name: &str) -> Recording {
    open(&shipped(name)).unwrap().into_recording().unwrap()
}

/// A recording as JSON, to be changed.
fn document(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(shipped(name)).unwrap()).unwrap()
}

fn recording(document: &Value) -> Recording {
    open_bytes(document.to_string().into_bytes()).unwrap().into_recording().unwrap()
}

fn replay(recording: &Recording, edits: Edits) -> Outcome {
    let mut replay = Replay::of(recording, edits).unwrap();
    while replay.advance(10) {}
    replay.finish()
}

fn machine(definition: &Value) -> Edits {
    let (machine, findings) = stepback::asl::Machine::parse(&definition.to_string(), Default::default());
    Edits { machine: Some(machine.unwrap_or_else(|| panic_with(&findings)).into()), ..Edits::default() }
}

fn panic_with(findings: &[stepback::asl::Diagnostic]) -> stepback::asl::Machine {
    unreachable!("{findings:?}")
}

/// What AWS did, the interpreter does: every event of the executions in `tests/data/aws`.
#[test]
fn executions_of_aws_are_reproduced_event_for_event() {
    let files = shipped_executions();
    assert!(files.len() >= 38, "{files:?}");
    for file in files {
        let recording = open(&file).unwrap().into_recording().unwrap();
        let outcome = replay(&recording, Edits::default());
        let fidelity = &outcome.fidelity;
        assert_eq!(
            (fidelity.verdict, fidelity.agreed),
            (Verdict::Agrees, recording.events.len()),
            "{}",
            file.display()
        );
    }
}

fn definition(document: &Value) -> Value {
    serde_json::from_str(document["stateMachine"]["definition"].as_str().unwrap()).unwrap()
}

/// The id of the first event of a type that has some text.
fn event(document: &Value, kind: &str, text: &str) -> u32 {
    let mut events = document["events"].as_array().unwrap().iter();
    let found = events.find(|event| event["type"] == kind && event.to_string().contains(text)).unwrap();
    u32::try_from(found["id"].as_u64().unwrap()).unwrap()
}

fn diverging(outcome: &Outcome) -> (u32, Option<&str>, &str) {
    assert_eq!(outcome.fidelity.verdict, Verdict::Diverges);
    let divergence = outcome.divergence.as_ref().unwrap();
    let path = divergence.difference.as_ref().map_or("", |difference| &difference.path);
    (divergence.recorded.as_ref().unwrap().id.get(), divergence.state.as_deref(), path)
}

#[test]
fn every_shipped_recording_agrees() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir(shipped("")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(found) = open(&path) else { continue };
        let recordings = match found {
            Opened::One(recording) => vec![*recording],
            // Logs do not hold the definition; it lies beside them.
            Opened::Several(recordings) => recordings,
            Opened::Definition(_) | Opened::Folder(_) => continue,
        };
        for recording in recordings {
            let beside = shipped(&name.replace(".log.jsonl", ".asl.json"));
            let edits = match recording.definition() {
                Some(_) => Edits::default(),
                None if beside.is_file() => {
                    machine(&serde_json::from_str(&fs::read_to_string(beside).unwrap()).unwrap())
                }
                // Logs of failures alone and results of a Map Run cannot be replayed.
                None => continue,
            };
            let outcome = replay(&recording, edits);
            let whole = outcome.fidelity.agreed == recording.events.len();
            if outcome.fidelity.verdict != Verdict::Agrees || !whole {
                wrong.push(format!("{name}: {:?}", outcome.divergence));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_aws_draws_anew_are_listed() {
    let outcome = replay(&opened("rollout-region-timed-out.sfn.json"), Edits::default());
    assert!(
        outcome.fidelity.not_checked.iter().all(|it| it.path.contains("oken")),
        "{:?}",
        outcome.fidelity.not_checked
    );
    assert!(!outcome.fidelity.not_checked.is_empty());
}

#[test]
fn another_input_is_named_at_the_first_event() {
    let mut document = document("shipping-quote-good.sfn.json");
    let mut input: Value = serde_json::from_str(document["execution"]["input"].as_str().unwrap()).unwrap();
    input["grams"] = json!(1);
    document["execution"]["input"] = json!(input.to_string());
    let outcome = replay(&recording(&document), Edits::default());
    assert_eq!(diverging(&outcome), (1, None, "input.grams"));
}

#[test]
fn another_answer_is_named_where_it_arrives() {
    let document = document("order-shipped.sfn.json");
    let answers = json!({ "states": { "ChargeCard": [{ "result": { "status": "captured" } }] } });
    let answers = AnswersFile::parse(&answers.to_string()).unwrap();
    let edits = Edits { answers: Some(Box::new(answers)), ..Edits::default() };
    let outcome = replay(&recording(&document), edits);
    let scheduled = event(&document, "TaskStateEntered", "\"ChargeCard\"");
    let (id, state, path) = diverging(&outcome);
    assert_eq!(state, Some("ChargeCard"));
    assert!(path.starts_with("output"), "{path}");
    let divergence = outcome.divergence.unwrap().recorded.unwrap();
    assert!(divergence.kind.completes_task() && id > scheduled);
}

#[test]
fn an_error_instead_of_an_answer_is_named_where_it_arrives() {
    let document = document("order-shipped.sfn.json");
    let answers = json!({ "states": { "ChargeCard": [{ "error": "Boom", "cause": "" }] } });
    let answers = AnswersFile::parse(&answers.to_string()).unwrap();
    let outcome = replay(&recording(&document), Edits { answers: Some(Box::new(answers)), ..Edits::default() });
    let (_, state, path) = diverging(&outcome);
    assert_eq!((state, path), (Some("ChargeCard"), ""));
    assert!(outcome.divergence.unwrap().replayed.unwrap().kind.fails_task());
    assert_eq!(outcome.routes.0.first(), outcome.routes.1.first());
    assert_ne!(outcome.routes.0, outcome.routes.1);
}

#[test]
fn another_definition_is_named_at_the_state_it_changes() {
    let document = document("shipping-quote-good.sfn.json");
    let mut changed = definition(&document);
    let states = changed["States"].as_object().unwrap().clone();
    let name = states.keys().find(|name| states[*name]["Type"] == "Task").unwrap().clone();
    let field = if states[&name].get("Parameters").is_some() { "Parameters" } else { "Arguments" };
    let (mut plain, mut refused) = (states.clone(), states.clone());
    plain[&name][field]["RequestBody"]["added"] = json!("by an edit");
    refused[&name][field]["added"] = json!("by an edit");
    // A member the service does not know ends the execution where the other ran the task.
    let outcome = replay(&recording(&document), machine(&json!({ "StartAt": changed["StartAt"], "States": refused })));
    assert_eq!(diverging(&outcome).1, Some(name.as_str()));
    let rule = outcome.divergence.unwrap().rule.unwrap();
    assert!(rule.location.is_some_and(|location| location.ends_with(field)));
    changed["States"] = plain.into();
    let outcome = replay(&recording(&document), machine(&changed));
    let (_, state, path) = diverging(&outcome);
    assert_eq!(state, Some(name.as_str()));
    assert!(path.ends_with("added"), "{path}");
}

#[test]
fn a_fix_is_proven() {
    let recording = opened("shipping-quote-carrier-changed.sfn.json");
    let document = document("shipping-quote-carrier-changed.sfn.json");
    assert_eq!(judge(&recording, &replay(&recording, machine(&definition(&document)))), Judgement::StillFailing);
    let good = opened("shipping-quote-good.sfn.json");
    assert_eq!(judge(&good, &replay(&good, machine(&definition(&document)))), Judgement::Unchanged);
    let fixed = json!({ "StartAt": "Stop", "States": { "Stop": { "Type": "Succeed" } } });
    assert_eq!(judge(&recording, &replay(&recording, machine(&fixed))), Judgement::Fixed);
    let broken = json!({ "StartAt": "Stop", "States": { "Stop": { "Type": "Fail" } } });
    assert_eq!(judge(&good, &replay(&good, machine(&broken))), Judgement::NewlyBroken);
    let other = json!({ "StartAt": "New", "States": { "New": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "f" }, "End": true
    } } });
    let outcome = replay(&good, machine(&other));
    assert_eq!(judge(&good, &outcome), Judgement::NotDecidable);
    assert_eq!(outcome.unanswered, [Unanswered::Task("New".into(), vec![], 0)]);
    assert!(!outcome.unused.is_empty());
}

#[test]
fn a_replay_begins_and_ends_where_it_is_told() {
    let recording = opened("order-payment-declined.sfn.json");
    let from = || Some(From::State("ChargeCard".into()));
    let onward = replay(&recording, Edits { from: from(), ..Edits::default() });
    assert_eq!(
        (onward.fidelity.verdict, onward.routes.1.first().map(|name| &**name)),
        (Verdict::Agrees, Some("ChargeCard"))
    );
    assert_eq!(onward.standing, onward.recorded);
    let alone = replay(&recording, Edits { from: from(), until: Some("ChargeCard".into()), ..Edits::default() });
    assert_eq!((alone.fidelity.verdict, alone.routes.1.len()), (Verdict::Agrees, 1));
    let input = Some(Payload::from_text("{}"));
    let other = replay(&recording, Edits { from: from(), input, ..Edits::default() });
    assert_ne!(other.fidelity.verdict, Verdict::Agrees);
    let nowhere = Edits { from: Some(From::State("Nowhere".into())), ..Edits::default() };
    assert!(matches!(Replay::of(&recording, nowhere), Err(NotReplayable::NeverVisited(_))));
}

#[test]
fn a_replay_begins_inside_an_iteration() {
    let recording = opened("bad-files-in-nightly-import.sfn.json.gz");
    let events =
        recording.events.iter().filter(|event| event.details.name().is_some_and(|name| **name == *"ParseFile"));
    let inside = events.map(|event| event.id).next().unwrap();
    let outcome = replay(&recording, Edits { from: Some(From::Event(inside)), ..Edits::default() });
    assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "{:?}", outcome.divergence);
    assert!(outcome.unused.is_empty());
    assert_eq!(outcome.standing.output, outcome.recorded.output);
}

#[test]
fn what_cannot_be_replayed_says_why() {
    let mut document = document("shipping-quote-good.sfn.json");
    document["events"].as_array_mut().unwrap().truncate(8);
    document["execution"]["status"] = json!("RUNNING");
    let running = replay(&recording(&document), Edits::default());
    assert_eq!((running.fidelity.verdict, running.fidelity.agreed), (Verdict::Agrees, 8));
    document["events"].as_array_mut().unwrap().remove(0);
    let headless = Replay::of(&recording(&document), Edits::default()).err();
    assert!(matches!(headless, Some(NotReplayable::NoBeginning(_))));
    document["stateMachine"].as_object_mut().unwrap().shift_remove("definition");
    document["events"] = json!([{ "id": 1, "previousEventId": 0, "type": "ExecutionStarted", "timestamp": 1 }]);
    assert_eq!(Replay::of(&recording(&document), Edits::default()).err(), Some(NotReplayable::NoDefinition));
}

#[test]
fn answers_that_are_missing_stop_a_replay() {
    let mut document = document("shipping-quote-good.sfn.json");
    let succeeded = event(&document, "TaskSucceeded", "");
    let events = document["events"].as_array_mut().unwrap();
    let lost = events.iter_mut().find(|event| event["id"] == succeeded).unwrap();
    lost.as_object_mut().unwrap().shift_remove("taskSucceededEventDetails");
    let outcome = replay(&recording(&document), Edits::default());
    assert_eq!(outcome.fidelity.verdict, Verdict::Stopped);
    assert_eq!(outcome.fidelity.agreed, usize::try_from(succeeded).unwrap() - 1);
}

#[test]
fn a_recording_becomes_a_case_that_agrees() {
    let original = opened("order-payment-declined.sfn.json");
    let mut text = Vec::new();
    case(&original).to_writer(&mut text).unwrap();
    let again = open_bytes(text).unwrap().into_recording().unwrap();
    assert!(again.bookmarks.is_empty() && again.logs.is_empty());
    assert_eq!(replay(&again, Edits::default()).fidelity.verdict, Verdict::Agrees);
}

#[test]
fn exported_answers_make_the_same_run() {
    let folder = tempfile::tempdir().unwrap();
    let (answers, history) = (folder.path().join("answers.json"), folder.path().join("history.json"));
    let original = opened("order-payment-declined.sfn.json");
    fs::write(&answers, answers_file(&original).to_string()).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_stepback"))
        .arg("run")
        .arg(shipped("order-payment-declined.sfn.json"))
        .args(["--json", "--answers"])
        .arg(&answers)
        .arg("--history")
        .arg(&history)
        .output()
        .unwrap();
    assert_eq!(status.status.code(), Some(1), "{status:?}");
    let events: Value = serde_json::from_str(&fs::read_to_string(&history).unwrap()).unwrap();
    let kinds =
        |events: &Value| -> Vec<Value> { events.as_array().unwrap().iter().map(|it| it["type"].clone()).collect() };
    let mut ours = kinds(&events["events"]);
    let mut recorded = kinds(&document("order-payment-declined.sfn.json")["events"]);
    ours.sort_by_key(Value::to_string);
    recorded.sort_by_key(Value::to_string);
    assert_eq!(ours, recorded);
}

#[test]
fn exported_mocks_and_requests_are_understood() {
    let original = opened("order-payment-declined.sfn.json");
    let mocks = mock_config(&original, "declined");
    let machine = original.machine_name().unwrap();
    assert!(AnswersFile::read(&mocks.to_string(), machine, Some("declined")).is_ok());
    let charge = &mocks["MockedResponses"]["declined.ChargeCard"];
    assert_eq!(charge["2"]["Throw"]["Error"], "CardDeclined");
    let tests = test_states(&original).unwrap();
    for test in tests["tests"].as_array().unwrap() {
        let request = stepback::interpreter::test_state::Request::read(&test["request"].to_string());
        assert!(request.is_ok(), "{test}");
    }
}

#[test]
fn a_folder_is_replayed_as_a_table_and_as_json() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["shipping-quote-good.sfn.json", "shipping-quote-carrier-changed.sfn.json"] {
        fs::copy(shipped(name), folder.path().join(name)).unwrap();
    }
    let fixed = folder.path().join("fixed.asl.json");
    fs::write(&fixed, definition(&document("shipping-quote-good.sfn.json")).to_string()).unwrap();
    let run = |more: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_stepback")).arg("replay").arg(folder.path()).args(more).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, table) = run(&[]);
    assert_eq!((code, table.lines().last()), (Some(0), Some("2 recordings: 2 agrees.")));
    let (code, proof) = run(&["--json", "--definition", fixed.to_str().unwrap()]);
    let proof: Value = serde_json::from_str(&proof).unwrap();
    assert_eq!((code, &proof["counts"]), (Some(1), &json!({ "still failing": 1, "unchanged": 1 })));
}

#[test]
fn an_event_can_be_named_that_no_state_has() {
    let recording = opened("order-shipped.sfn.json");
    let first = Edits { from: EventId::new(1).map(From::Event), ..Edits::default() };
    assert!(matches!(Replay::of(&recording, first), Err(NotReplayable::NeverVisited(_))));
}

#[test]
fn data_that_looks_like_a_placeholder_is_data() {
    for text in ["date", "<b>gone</b>", "<order:1>"] {
        let mut document = document("order-payment-declined.sfn.json");
        let last = document["events"].as_array().unwrap().len() - 1;
        document["events"][last]["executionFailedEventDetails"]["cause"] = json!(text);
        let outcome = replay(&recording(&document), Edits::default());
        assert_eq!(diverging(&outcome), (84, Some("OrderFailed"), "cause"), "{text}");
    }
}

/// The recorded definition with a patch applied.
fn patched(recording: &Recording, patch: &Value) -> Edits {
    let text = recording.definition().unwrap().text().to_owned();
    let patch = Patch::read(&patch.to_string()).unwrap();
    let definition = Definition::read(text, Format::Json).patched(&[patch]).unwrap();
    let (machine, findings) = definition.parse(Default::default());
    Edits { machine: Some(machine.unwrap_or_else(|| panic_with(&findings)).into()), ..Edits::default() }
}

#[test]
fn the_rule_behind_a_divergence_is_named() {
    let recording = opened("order-payment-declined.sfn.json");
    for (patch, says, location) in [
        (
            json!({ "States": { "ChargeCard": { "Catch": null } } }),
            "No Retry and no Catch of ChargeCard matches CardDeclined.",
            "/States/ChargeCard",
        ),
        (
            json!({ "States": { "ChargeCard": { "Retry": [{ "ErrorEquals": ["States.ALL"] }] } } }),
            "Retry[0] of ChargeCard matches States.ALL, MaxAttempts 3.",
            "/States/ChargeCard/Retry[0]",
        ),
        (
            json!({ "States": { "ChargeCard": { "Retry": null } } }),
            "Catch[0] of ChargeCard matches States.ALL and leads to ReleaseStock.",
            "/States/ChargeCard/Catch[0]",
        ),
        (
            json!([{ "op": "replace", "path": "/States/OrderValid?/Choices/0/BooleanEquals", "value": false }]),
            "No rule of OrderValid? holds: Default leads to OrderRejected.",
            "/States/OrderValid?/Default",
        ),
        (
            json!({ "States": { "OrderValid?": { "Choices": [{ "Variable": "$.validation.valid", "BooleanEquals": true, "Next": "Skip" }, { "Variable": "$.validation.valid", "IsPresent": false, "Next": "ReserveStock" }] }, "Skip": { "Type": "Pass", "Next": "ReserveStock" } } }),
            "Choices[0] of OrderValid? holds and leads to Skip.",
            "/States/OrderValid?/Choices[0]",
        ),
        (
            json!({ "States": { "ValidateOrder": { "ResultSelector": { "totalCents.$": "$.Payload.warehouse" } } } }),
            "ResultSelector.totalCents.$ of ValidateOrder is \"$.Payload.warehouse\".",
            "/States/ValidateOrder/ResultSelector/totalCents.$",
        ),
        (
            json!({ "States": { "ValidateOrder": { "Parameters": { "Payload": { "order.$": "$.lines" } } } } }),
            "Parameters.Payload.order.$ of ValidateOrder is \"$.lines\".",
            "/States/ValidateOrder/Parameters/Payload/order.$",
        ),
        (
            json!({ "States": { "ReserveStock": { "ItemsPath": "$.lines[0:1]" } } }),
            "ItemsPath of ReserveStock is \"$.lines[0:1]\".",
            "/States/ReserveStock/ItemsPath",
        ),
        (
            json!({ "States": { "ReserveStock": { "ItemSelector": { "orderId.$": "$.placedAt" } } } }),
            "ItemSelector.orderId.$ of ReserveStock is \"$.placedAt\".",
            "/States/ReserveStock/ItemSelector/orderId.$",
        ),
        (
            json!({ "States": { "ValidateOrder": { "OutputPath": "$.validation" } } }),
            "The output of ValidateOrder is made by OutputPath \"$.validation\"",
            "/States/ValidateOrder/OutputPath",
        ),
    ] {
        let outcome = replay(&recording, patched(&recording, &patch));
        let rule = outcome.divergence.and_then(|divergence| divergence.rule);
        let rule = rule.unwrap_or_else(|| unreachable!("no rule for {patch}"));
        assert!(rule.says.starts_with(says), "{patch}: {}", rule.says);
        // A patched definition is all on one line, which is no help.
        assert_eq!((rule.location.as_deref(), rule.line), (Some(location), None), "{patch}");
    }
}

#[test]
fn lines_are_told_of_definitions_that_have_them() {
    let document = document("order-shipped.sfn.json");
    let answers = json!({ "states": { "ChargeCard": [{ "error": "Boom" }] } });
    let answers = AnswersFile::parse(&answers.to_string()).unwrap();
    let outcome = replay(&recording(&document), Edits { answers: Some(Box::new(answers)), ..Edits::default() });
    let rule = outcome.divergence.unwrap().rule.unwrap();
    let text = document["stateMachine"]["definition"].as_str().unwrap();
    let line = text.lines().nth(rule.line.unwrap() as usize - 1).unwrap();
    assert!(rule.says.contains("ChargeCard") && line.contains("\"Resource\""), "{rule:?} {line}");
}

#[test]
fn executions_that_were_started_are_compared_by_themselves() {
    for (name, paths) in [
        ("payouts-child-failed.sfn.json", vec!["CollectBalances", "PaySellers"]),
        ("image-refresh-over-tolerance.sfn.json", (0..9).map(|_| "RefreshImages/").collect()),
    ] {
        let outcome = replay(&opened(name), Edits::default());
        assert!(outcome.agrees(), "{name}");
        assert_eq!(outcome.children.len(), paths.len());
        for (child, path) in outcome.children.iter().zip(paths) {
            assert!(child.path.starts_with(path), "{name}: {}", child.path);
            assert_eq!(child.fidelity.verdict, Verdict::Agrees, "{name}: {child:?}");
            assert!(child.fidelity.agreed > 0);
        }
    }
}

#[test]
fn a_child_that_differs_is_named() {
    let mut document = document("image-refresh-over-tolerance.sfn.json");
    let children = document["mapRuns"][0]["executions"].as_array_mut().unwrap();
    let events = children[1]["events"].as_array_mut().unwrap();
    let entered = events.iter_mut().find(|event| event["type"] == "TaskStateEntered").unwrap();
    entered["stateEnteredEventDetails"]["input"] = json!("{\"changed\":true}");
    let id = entered["id"].as_u64().unwrap();
    let outcome = replay(&recording(&document), Edits::default());
    assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "the children are counted apart");
    assert!(!outcome.agrees());
    let wrong: Vec<_> = outcome.children.iter().filter(|it| it.fidelity.verdict != Verdict::Agrees).collect();
    let [child] = wrong.as_slice() else { unreachable!("{wrong:?}") };
    let event = child.divergence.as_ref().unwrap().recorded.as_ref().unwrap().id;
    assert_eq!(u64::from(event.get()), id);
}

#[test]
fn tasks_of_executions_that_were_started_are_answered_by_address() {
    let recording = opened("payouts-child-failed.sfn.json");
    let states = json!({ "PaySellers/SendTransfer[2]": [{ "error": "Other", "cause": "x" }], "PaySellers/Gone": [{ "result": 1 }] });
    let answers = AnswersFile::parse(&json!({ "states": states }).to_string()).unwrap();
    let outcome = replay(&recording, Edits { answers: Some(Box::new(answers)), ..Edits::default() });
    let (id, state, _) = diverging(&outcome);
    let divergence = outcome.divergence.as_ref().unwrap();
    assert!(divergence.recorded.as_ref().unwrap().kind.fails_task() && id > 1);
    assert_eq!(state, Some("PaySellers"));
    assert!(outcome.standing.failure.cause.as_deref().unwrap().contains("Other"));
    let child = outcome.children.iter().find(|child| child.path == "PaySellers").unwrap();
    assert_eq!(child.divergence.as_ref().unwrap().state.as_deref(), Some("SendTransfer"));
    let unused: Vec<_> = outcome.unused_given.iter().map(|it| (it.answers.key.as_str(), it.no_state)).collect();
    assert_eq!(unused, [("PaySellers/Gone", true)]);
}

#[test]
fn addresses_lead_into_iterations_and_other_executions() {
    for (name, address, first) in [
        ("payouts-child-failed.sfn.json", "PaySellers/SendTransfer[2]", "SendTransfer"),
        ("payouts-child-failed.sfn.json", "CollectBalances/QueryBalances", "QueryBalances"),
        ("order-payment-declined.sfn.json", "ReserveLine[1]", "ReserveLine"),
        ("order-payment-declined.sfn.json", "OrderValid?", "OrderValid?"),
        ("image-refresh-over-tolerance.sfn.json", "RefreshImages/5/Resize", "Resize"),
    ] {
        let recording = opened(name);
        let (subject, from) = find_address(&recording, address).unwrap();
        let outcome = replay(&subject, Edits { from: Some(from), ..Edits::default() });
        assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "{name} {address}: {:?}", outcome.divergence);
        assert_eq!(outcome.routes.1.first().map(|name| &**name), Some(first), "{address}");
    }
    let recording = opened("payouts-child-failed.sfn.json");
    for nowhere in
        ["Gone", "PaySellers/Gone", "PaySellers[1]/SendTransfer", "SendTransfer", "Gone/SendTransfer", "/", "]["]
    {
        assert!(matches!(find_address(&recording, nowhere), Err(NotReplayable::NeverVisited(_))), "{nowhere}");
    }
}

#[test]
fn answers_that_no_longer_fit_are_listed() {
    let recording = opened("order-payment-declined.sfn.json");
    let charged = &answers_file(&opened("order-shipped.sfn.json"))["states"]["ChargeCard"][0];
    let states = json!({
        "ChargeCard": [charged, charged],
        "Gone": [{ "result": 1 }],
        "ShipParcel": [{ "result": 1 }],
    });
    let answers = AnswersFile::parse(&json!({ "states": states, "default": { "error": "New.Task" } }).to_string());
    let outcome = replay(&recording, Edits { answers: Some(Box::new(answers.unwrap())), ..Edits::default() });
    let unused: Vec<_> =
        outcome.unused_given.iter().map(|it| (it.answers.key.as_str(), it.answers.used, it.no_state)).collect();
    assert!(unused.contains(&("Gone", 0, true)) && unused.contains(&("ChargeCard", 1, false)), "{unused:?}");
    // With its card charged the order goes on to states the recording never saw: answered by default, and listed.
    assert!(!outcome.by_default.is_empty() && outcome.unanswered.is_empty(), "{:?}", outcome.routes);
    let charge = outcome.unused.iter().find(|(state, ..)| **state == *"RecordFailure");
    assert_eq!(charge.map(|(.., count)| *count), Some(1));
}

#[test]
fn nobody_answers_what_only_the_file_may_answer() {
    let recording = opened("order-payment-declined.sfn.json");
    let answers = AnswersFile::parse(r#"{ "states": {}, "default": "fail" }"#).unwrap();
    let outcome = replay(&recording, Edits { answers: Some(Box::new(answers)), ..Edits::default() });
    assert_eq!(outcome.unanswered, [Unanswered::Task("ValidateOrder".into(), vec![], 0)]);
}

#[test]
fn what_was_taken_out_of_a_recording_is_not_checked_if_it_says_so() {
    let mut document = document("order-payment-declined.sfn.json");
    let events: Value =
        serde_json::from_str(&document["events"].to_string().replace("MH-2026-118432", "[redacted]")).unwrap();
    document["events"] = events;
    let silent = replay(&recording(&document), Edits::default());
    assert_eq!(diverging(&silent), (1, None, "input.orderId"));
    document["redactions"] = json!([{ "pattern": "MH-.*", "count": 80 }]);
    let outcome = replay(&recording(&document), Edits::default());
    assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "{:?}", outcome.divergence);
    let taken_out = |it: &&NotChecked| it.reason == Unchecked::TakenOut;
    assert!(outcome.fidelity.not_checked.iter().filter(taken_out).count() > 10);
    let last = document["events"].as_array().unwrap().len() - 1;
    document["events"][last]["executionFailedEventDetails"]["cause"] = json!("Another [redacted]");
    assert_eq!(diverging(&replay(&recording(&document), Edits::default())), (84, Some("OrderFailed"), "cause"));
}

#[test]
fn a_person_is_asked_for_what_nobody_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let (answers, definition) = (folder.path().join("answers.json"), folder.path().join("new.asl.json"));
    fs::write(&answers, r#"{ "default": "ask" }"#).unwrap();
    let new = json!({ "StartAt": "Ask", "States": { "Ask": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
        "Parameters": { "FunctionName": "f", "Payload.$": "$.basketId" },
        "Retry": [{ "ErrorEquals": ["Again"] }]
    } } });
    fs::write(&definition, new.to_string()).unwrap();
    let target = shipped("shipping-quote-good.sfn.json");
    let paths = [&target, &definition, &answers].map(|path| path.to_str().unwrap());
    let mut terminal =
        Terminal::stepback(&["replay", paths[0], "--definition", paths[1], "--answers", paths[2], "--width", "80"]);
    terminal.shows("'Ask', attempt 1: arn:aws:states:::lambda:invoke").shows("\"Payload\": \"b-88117\"");
    terminal.press("{\r").shows("That is not JSON");
    terminal.press("error Again later\r").shows("'Ask', attempt 2");
    terminal.press("{\"told\":true}\r").shows("SUCCEEDED {\"told\":true}");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = Terminal::stepback(&["run", paths[1], "--input", "{\"basketId\":1}", "--answers", paths[2]]);
    terminal.shows("'Ask', attempt 1").press("\r").shows("Nobody answers the task 'Ask'");
    assert_eq!(terminal.ends(), 2);
    let silent = Command::new(env!("CARGO_BIN_EXE_stepback"))
        .args(["replay", paths[0], "--definition", paths[1], "--answers", paths[2]])
        .output()
        .unwrap();
    let told = String::from_utf8(silent.stdout).unwrap();
    assert!(told.contains("Nobody recorded an answer to 'Ask', attempt 1."), "{told}");
}

#[test]
fn patches_are_given_as_json_and_as_files_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (second, yaml) = (folder.path().join("second.json"), folder.path().join("machine.asl.yaml"));
    fs::write(&second, r#"[{ "op": "test", "path": "/States/New/Type", "value": "Pass" }, { "op": "replace", "path": "/StartAt", "value": "New" }]"#).unwrap();
    fs::write(&yaml, "StartAt: Stop\nStates:\n  Stop:\n    Type: Succeed\n").unwrap();
    let run = |arguments: &[&str]| {
        let target = shipped("shipping-quote-good.sfn.json");
        let output =
            Command::new(env!("CARGO_BIN_EXE_stepback")).arg("replay").arg(target).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr))
    };
    let first = r#"{ "States": { "New": { "Type": "Pass", "Next": "Stop" } } }"#;
    let both = ["--definition", yaml.to_str().unwrap(), "--patch", first, "--patch", second.to_str().unwrap()];
    let (code, told) = run(&both);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("replayed: New, Stop"), "{told}");
    for (patch, message) in [
        (
            r#"[{ "op": "remove", "path": "/States/Gone" }]"#,
            "operation 1 of the patch cannot remove '/States/Gone': at /States there is an object with ",
        ),
        (r#"[{ "op": "dance" }]"#, "operation 1 of the patch is none: "),
        ("[", "the patch is no JSON: "),
        (r#"{ "StartAt": "Gone" }"#, "AWS would refuse the patched definition: "),
        ("no-such-file.json", "Cannot read 'no-such-file.json'"),
    ] {
        let (code, told) = run(&["--patch", patch]);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(message), "{told}");
    }
}

/// A bundle whose distributed Map reads its items, which are not in it.
#[test]
fn children_stand_in_for_what_an_item_reader_read() {
    let mut document = document("image-refresh-over-tolerance.sfn.json");
    let mut changed = definition(&document);
    let map = changed["States"]["RefreshImages"].as_object_mut().unwrap();
    map.shift_remove("ItemsPath");
    map.shift_remove("ItemSelector");
    map.insert(
        "ItemReader".to_owned(),
        json!({
            "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" },
            "Parameters": { "Bucket": "b", "Key": "k.json" }
        }),
    );
    document["stateMachine"]["definition"] = json!(changed.to_string());
    for event in document["events"].as_array_mut().unwrap() {
        if event["type"] == "MapStateStarted" {
            event["mapStateStartedEventDetails"]["length"] = json!(0);
        }
    }
    let stopped = replay(&recording(&document), Edits::default());
    assert_eq!(stopped.fidelity.verdict, Verdict::Stopped, "not all children are recorded");
    assert!(matches!(stopped.unanswered.as_slice(), [Unanswered::Object(..)]));
    let total = document["mapRuns"][0]["executions"].as_array().unwrap().len();
    document["mapRuns"][0]["mapRun"]["executionCounts"]["total"] = json!(total);
    let outcome = replay(&recording(&document), Edits::default());
    assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "{:?}", outcome.divergence);
    assert!(outcome.fidelity.not_checked.iter().any(|it| it.reason == Unchecked::ItemReader));
    assert_eq!(outcome.children.len(), total);
}

/// A shipped recording as `get-execution-history` prints it: events and nothing else.
fn bare(name: &str) -> Value {
    json!({ "events": document(name)["events"] })
}

/// The same with members taken out wherever they stand in the details.
fn without(mut history: Value, members: &[&str]) -> Value {
    for event in history["events"].as_array_mut().unwrap() {
        for details in event.as_object_mut().unwrap().values_mut().filter_map(Value::as_object_mut) {
            details.retain(|name, _| !members.contains(&name.as_str()));
        }
    }
    history
}

/// Replays a history with the definition it ran, as `--definition` gives it.
fn replay_with(history: &Value, definition: &Value) -> Outcome {
    let mut recording = recording(history);
    let machine = recording.state_machine.get_or_insert_default();
    machine.definition = Some(Payload::from_text(definition.to_string()));
    replay(&recording, Edits::default())
}

#[test]
fn a_bare_history_agrees_with_its_definition() {
    for name in [
        "order-shipped.sfn.json",
        "order-payment-declined.sfn.json",
        "rollout-region-timed-out.sfn.json",
        "signup-awaiting-approval.sfn.json",
    ] {
        let definition = definition(&document(name));
        let old = ["inputDetails", "outputDetails", "assignedVariablesDetails"];
        for history in [bare(name), without(bare(name), &old)] {
            let outcome = replay_with(&history, &definition);
            assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "{name}: {:?}", outcome.divergence);
            let made_up = outcome.events.iter().any(|event| {
                let text = serde_json::to_string(event).unwrap();
                text.contains("us-east-1:123456789012:execution:Local") || text.contains("\"local\"")
            });
            assert!(!made_up, "{name}");
        }
    }
}

#[test]
fn a_history_without_data_is_compared_without_it() {
    let data = ["input", "output", "parameters", "inputDetails", "outputDetails", "assignedVariables"];
    let pass =
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Succeed" } } });
    let event = |id: u32, parent: u32, kind: &str, member: &str, details: Value| json!({ "id": id, "previousEventId": parent, "timestamp": 1, "type": kind, member: details });
    let history = |last: &str| {
        let entered =
            |id, kind, name: &str| event(id, id - 1, kind, "stateEnteredEventDetails", json!({ "name": name }));
        json!({ "events": [
            event(1, 0, "ExecutionStarted", "executionStartedEventDetails", json!({})),
            event(2, 0, "PassStateEntered", "stateEnteredEventDetails", json!({ "name": "A" })),
            event(3, 2, "PassStateExited", "stateExitedEventDetails", json!({ "name": "A" })),
            entered(4, last, "B"),
        ] })
    };
    let outcome = replay_with(&history("SucceedStateEntered"), &pass);
    assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "{:?}", outcome.divergence);
    assert!(outcome.fidelity.not_checked.iter().any(|it| it.reason == Unchecked::NotRecorded));
    // Where the way depends on what is not there, nothing is claimed.
    let outcome = replay_with(&history("FailStateEntered"), &pass);
    assert_eq!(outcome.fidelity.verdict, Verdict::Stopped);
    let choices = without(bare("order-payment-declined.sfn.json"), &data);
    let outcome = replay_with(&choices, &definition(&document("order-payment-declined.sfn.json")));
    assert_ne!(outcome.fidelity.verdict, Verdict::Diverges);
}

#[test]
fn a_replay_never_refuses_what_aws_ran() {
    let document = document("order-shipped.sfn.json");
    let entered = |event: &&Value| event["type"].as_str().unwrap().ends_with("StateEntered");
    let states: Vec<&Value> = document["events"].as_array().unwrap().iter().filter(entered).collect();
    let last = states.last().unwrap()["stateEnteredEventDetails"]["name"].as_str().unwrap();
    let history = bare("order-shipped.sfn.json");
    // A field nobody knows changes nothing; a type nobody knows stops at that state and no sooner.
    let mut strange = definition(&document);
    strange["States"][last]["Novelty"] = json!(1);
    let outcome = replay_with(&history, &strange);
    assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "{:?}", outcome.divergence);
    strange["States"][last]["Type"] = json!("Novel");
    let outcome = replay_with(&history, &strange);
    assert_eq!(outcome.fidelity.verdict, Verdict::Stopped, "{:?}", outcome.divergence);
    let before = states.last().unwrap()["id"].as_u64().unwrap() - 1;
    assert_eq!(outcome.fidelity.agreed as u64, before);
    assert!(outcome.undecided.unwrap().to_string().contains(last));
}
