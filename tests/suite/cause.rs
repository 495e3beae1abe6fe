//! Opening a failed recording lands on its cause: those we ship, and real ones beside the checkout.

use crate::corpus::executions;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use stepback::analysis::cause::Stage;
use stepback::analysis::fleet::Shape;
use stepback::analysis::{Diagnosis, diagnose};
use stepback::event::EventType;
use stepback::history::Family;
use stepback::recording::{Recording, Status};
use stepback::report::breadcrumb;
use stepback::source;

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name)
}

fn open(file: &Path) -> Recording {
    source::open_recording(file).expect("the recording can be opened")
}

fn family(recording: &Recording) -> Family {
    let family = Family::of(recording);
    for (_, member) in family.members() {
        assert_eq!(member.history.anomalies(), [], "{:?}", member.described.name);
    }
    family
}

fn diagnosis(name: &str) -> Diagnosis {
    diagnose(&family(&open(&shipped(name))))
}

#[test]
fn shipped_recordings_land_on_their_cause() {
    for (name, place, error, message) in [
        ("order-payment-declined.sfn.json", "ChargeCard", "CardDeclined", "declineCode insufficient_funds"),
        ("bad-files-in-nightly-import.sfn.json.gz", "ImportFiles[163] ▸ LoadPrices", "KeyError", "'JPY'"),
        ("rollout-region-timed-out.sfn.json", "DeployEverywhere[2] ▸ DeploySingapore", "States.Timeout", ""),
        (
            "payouts-child-failed.sfn.json",
            "PaySellers ▸ c527e279-51c3-4250-9f87-7031bc1e3ac1 ▸ Transfers[2] ▸ SendTransfer",
            "BankRejected",
            "ClosedAccountNumber",
        ),
        (
            "claims-matching-out-of-memory.sfn.json",
            "MatchBooks[2] ▸ MatchClaims",
            "States.TaskFailed",
            "Container matcher exited with code 137",
        ),
        ("loan-quote-missing-field.sfn.json", "OfferTerms", "States.QueryEvaluationError", "Arguments/Payload/rate"),
        (
            "image-refresh-over-tolerance.sfn.json",
            "RefreshImages ▸ f6bb5ea1-1ce8-4b12-a650-39f699ef1857 ▸ Resize",
            "UnidentifiedImageError",
            "4103.tif",
        ),
        ("ledger-export-timed-out.sfn.json", "the execution itself", "States.Timeout", ""),
        ("erasure-stopped-by-operator.sfn.json", "the execution itself", "OperatorStop", "INC-20417"),
        ("shipping-quote-carrier-changed.sfn.json", "PickRate", "States.Runtime", "$.carrier.body.rates"),
    ] {
        let diagnosis = diagnosis(name);
        let [cause] = &diagnosis.causes[..] else { panic!("{name} has {} causes", diagnosis.causes.len()) };
        assert_eq!(breadcrumb(&cause.place), place, "{name}");
        assert_eq!(cause.error.as_deref(), Some(error), "{name}");
        let summary = cause.cause.as_ref().map(|cause| &*cause.summary).unwrap_or_default();
        assert!(summary.contains(message), "{name}: {summary}");
    }
}

#[test]
fn shipped_recordings_tell_what_else_there_is_to_know() {
    let order = diagnosis("order-payment-declined.sfn.json");
    assert_eq!((order.causes[0].attempt, order.causes[0].tries.len()), (Some((3, 3)), 2));
    assert_eq!(order.causes[0].ended_in.as_ref().map(|(state, _)| &**state), Some("OrderFailed"));
    let import = diagnosis("bad-files-in-nightly-import.sfn.json.gz");
    let items = import.causes[0].items.clone().unwrap();
    assert_eq!((items.indexes, items.total), (vec![23, 117, 163], 200));
    let first = &items.contrast.traits[0];
    assert_eq!((first.path.to_string().as_str(), &first.shape), ("$.file.currency", &Shape::Value("JPY".into())));
    assert_eq!(import.causes[0].aborted.items, 39);
    let images = diagnosis("image-refresh-over-tolerance.sfn.json");
    assert_eq!(
        (images.causes[0].count, images.causes[0].items.as_ref().map(|items| items.tolerated)),
        (2, Some(Some(1)))
    );
    let month = diagnosis("month-end-redriven.sfn.json");
    assert_eq!((month.status, month.causes.len(), month.others.len()), (Status::Succeeded, 0, 1));
    assert_eq!(&**month.others[0].place.state().unwrap(), "PostToLedger");
    let signup = diagnosis("signup-awaiting-approval.sfn.json");
    assert_eq!((signup.causes.len(), signup.waiting.len()), (0, 1));
    assert_eq!(&**signup.waiting[0].place.state().unwrap(), "AskForApproval");
    for good in ["order-shipped.sfn.json", "shipping-quote-good.sfn.json"] {
        let good = diagnosis(good);
        assert_eq!((good.causes, good.others, good.waiting), (vec![], vec![], vec![]));
    }
}

#[test]
fn real_recordings_land_on_their_cause() {
    for file in executions() {
        let diagnosis = diagnose(&Family::of(&open(&file)));
        let failed = matches!(diagnosis.status, Status::Failed | Status::TimedOut | Status::Aborted);
        assert_eq!(failed, !diagnosis.causes.is_empty(), "{}", file.display());
        for cause in diagnosis.causes {
            let named = cause.place.visit.is_some() && cause.place.state().is_some();
            assert!(named || cause.stage == Stage::Execution, "{}: {cause:?}", file.display());
            assert!(cause.error.is_some() || cause.cause.is_some() || untold(&file), "{}: {cause:?}", file.display());
        }
    }
}

/// Tells whether not even the execution's end says what the error was.
fn untold(file: &Path) -> bool {
    let recording = open(file);
    let mut events = recording.events.iter();
    events.all(|event| {
        event.kind != EventType::ExecutionFailed || event.details.failure().is_none_or(|f| f.error.is_none())
    })
}

/// A job that failed with a description as its cause, and the same as the end of the execution.
fn failed_job(service: &str, resource: &str, description: &str) -> String {
    let cause = serde_json::Value::from(description);
    format!(
        r#"{{"events":[
        {{"timestamp":1775000000.25,"type":"ExecutionStarted","id":1,"previousEventId":0,"executionStartedEventDetails":{{"input":"{{}}","roleArn":"r"}}}},
        {{"timestamp":1775000000.5,"type":"TaskStateEntered","id":2,"previousEventId":0,"stateEnteredEventDetails":{{"name":"Work","input":"{{}}"}}}},
        {{"timestamp":1775000000.75,"type":"TaskScheduled","id":3,"previousEventId":2,"taskScheduledEventDetails":{{"resourceType":"{service}","resource":"{resource}","region":"eu-west-3","parameters":"{{\"Cluster\":\"night\"}}"}}}},
        {{"timestamp":1775000001,"type":"TaskStarted","id":4,"previousEventId":3,"taskStartedEventDetails":{{"resourceType":"{service}","resource":"{resource}"}}}},
        {{"timestamp":1775000301.25,"type":"TaskFailed","id":5,"previousEventId":4,"taskFailedEventDetails":{{"resourceType":"{service}","resource":"{resource}","error":"States.TaskFailed","cause":{cause}}}}},
        {{"timestamp":1775000301.5,"type":"ExecutionFailed","id":6,"previousEventId":5,"executionFailedEventDetails":{{"error":"States.TaskFailed","cause":{cause}}}}}]}}"#
    )
}

fn stepback(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stepback"))
        .args(args)
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .output()
        .expect("the command can be started")
}

#[test]
fn commands_say_by_their_exit_code_whether_the_run_failed() {
    let run = |command: &str, name: &str| {
        let output = stepback(&[command, shipped(name).to_str().unwrap()]);
        assert!(!output.stdout.contains(&0x1b), "no colour in a pipe");
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    for command in ["why", "show"] {
        assert_eq!(run(command, "order-shipped.sfn.json").0, 0);
        assert_eq!(run(command, "signup-awaiting-approval.sfn.json").0, 0);
        assert_eq!(run(command, "order-payment-declined.sfn.json").0, 1);
        assert_eq!(run(command, "express-checkout.log.jsonl").0, 1, "one of two runs failed");
        assert_eq!(run(command, "no-such-file").0, 2);
    }
    assert!(run("why", "order-payment-declined.sfn.json").1.contains("✖ CardDeclined"));
    let lines = run("show", "bad-files-in-nightly-import.sfn.json.gz").1;
    assert!(lines.contains("ImportFiles  failed KeyError, 145 of 200 items succeeded"), "{lines}");
}

#[test]
fn commands_answer_in_json_and_name_what_is_missing() {
    let path = shipped("loan-quote-missing-field.sfn.json");
    let path = path.to_str().unwrap();
    for (args, format) in [
        (vec!["why", path, "--json"], "stepback.why/1"),
        (vec!["show", path, "--json"], "stepback.show/1"),
        (vec!["show", path, "--json", "--state", "OfferTerms"], "stepback.show/1"),
        (vec!["show", path, "--json", "--at", "30"], "stepback.at/1"),
    ] {
        let answer: serde_json::Value = serde_json::from_slice(&stepback(&args).stdout).unwrap();
        assert_eq!(answer["format"], format, "{args:?}");
    }
    let events: serde_json::Value =
        serde_json::from_slice(&stepback(&["show", path, "--events", "--json"]).stdout).unwrap();
    assert_eq!(events["events"].as_array().map(Vec::len), Some(38));
    for (args, said) in [
        (
            ["show", path, "--state", "Nowhere"],
            "error: No state called Nowhere was visited.\nhint: Visited were: ReadApplication,",
        ),
        (["show", path, "--at", "39"], "error: There is no event 39.\nhint: Events go from 1 to 38."),
    ] {
        let output = stepback(&args);
        assert_eq!(output.status.code(), Some(2));
        let said_instead = String::from_utf8(output.stderr).unwrap();
        assert!(said_instead.starts_with(said), "{said_instead}");
    }
}

#[test]
fn causes_are_told_in_the_words_of_their_services() {
    let ecs = r#"{"ClusterArn":"arn:aws:ecs:eu-west-3:1:cluster/night","Containers":[{"Name":"proxy","ExitCode":0},{"Name":"tiles","ExitCode":137,"Reason":"OutOfMemoryError: Container killed due to memory usage"}],"LastStatus":"STOPPED","StopCode":"EssentialContainerExited","StoppedReason":"Essential container in task exited","TaskArn":"arn:aws:ecs:eu-west-3:1:task/night/4"}"#;
    let build = r#"{"Build":{"Id":"app:4","BuildStatus":"FAILED","Phases":[{"PhaseType":"PRE_BUILD","PhaseStatus":"FAILED","Contexts":[{"StatusCode":"COMMAND_EXECUTION_ERROR","Message":"Error while executing command: npm ci. Reason: exit status 1"}]}]}}"#;
    let child = r#"{"Cause":"{\"errorType\":\"Late\",\"errorMessage\":\"no courier\"}","Error":"Late","ExecutionArn":"arn:aws:states:eu-west-3:1:execution:Deliver:d-1","Status":"FAILED"}"#;
    for (service, resource, description, expected) in [
        (
            "ecs",
            "runTask.sync",
            ecs,
            vec![
                "Container tiles exited with code 137: OutOfMemoryError: Container killed due to memory usage",
                "aws ecs describe-tasks --cluster arn:aws:ecs:eu-west-3:1:cluster/night --tasks arn:aws:ecs:eu-west-3:1:task/night/4 --region eu-west-3",
                "\"ExitCode\": 137",
            ],
        ),
        (
            "codebuild",
            "startBuild.sync",
            build,
            vec![
                "PRE_BUILD failed: Error while executing command: npm ci. Reason: exit status 1 (COMMAND_EXECUTION_ERROR)",
                "aws codebuild batch-get-builds --ids app:4 --region eu-west-3",
            ],
        ),
        (
            "states",
            "startExecution.sync",
            child,
            vec![
                "Deliver ended by Late: no courier",
                "execution arn:aws:states:eu-west-3:1:execution:Deliver:d-1 (FAILED), ended by Late",
                "aws stepfunctions describe-execution --execution-arn arn:aws:states:eu-west-3:1:execution:Deliver:d-1 --region eu-west-3",
            ],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.json");
        std::fs::write(&file, failed_job(service, resource, description)).unwrap();
        let output = stepback(&["why", file.to_str().unwrap(), "--width", "400"]);
        let text = String::from_utf8(output.stdout).unwrap();
        for words in expected {
            assert!(text.contains(words), "{resource} should say {words:?}:\n{text}");
        }
        assert!(!text.contains("thrown by the function"), "{text}");
        let output = stepback(&["why", file.to_str().unwrap(), "--json"]);
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(
            json["causes"][0]["commands"][0]["command"].as_str().is_some_and(|it| it.starts_with("aws ")),
            "{json}"
        );
    }
}

#[test]
fn what_lambda_ended_is_not_thrown_by_the_function() {
    let cause = r#"{\"errorType\": \"Runtime.ExitError\", \"errorMessage\": \"RequestId: 4a-9 Error: Runtime exited with error: signal: killed\"}"#;
    let line = format!(
        r#"{{"id":"7","type":"TaskFailed","details":{{"resourceType":"lambda","resource":"invoke","error":"Runtime.ExitError","cause":"{cause}"}},"previous_event_id":"6","event_timestamp":"1775959200800","execution_arn":"arn:aws:states:eu-west-1:1:express:Pay:p:1"}}
{{"id":"8","type":"ExecutionFailed","details":{{"error":"Runtime.ExitError","cause":"{cause}"}},"previous_event_id":"7","event_timestamp":"1775959200810","execution_arn":"arn:aws:states:eu-west-1:1:express:Pay:p:1"}}
"#
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pay.jsonl");
    std::fs::write(&file, line).unwrap();
    let output = stepback(&["why", file.to_str().unwrap(), "--width", "200"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for words in [
        "signal: killed, as a rule because it ran out of memory",
        "Runtime.ExitError reported by Lambda, request 4a-9",
        "level ERROR",
    ] {
        assert!(text.contains(words), "{words:?}:\n{text}");
    }
}

#[test]
fn a_failed_evaluation_tells_its_operands_to_programs() {
    let path = shipped("loan-quote-missing-field.sfn.json");
    let output = stepback(&["why", path.to_str().unwrap(), "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let operands = &json["causes"][0]["operands"];
    assert_eq!((operands[0]["reference"].as_str(), operands[0]["value"].as_i64()), (Some("$baseRate"), Some(790)));
    assert_eq!(operands[1]["reference"], "$report.adjustments.margin");
    assert_eq!((&operands[1]["stopsAt"], &operands[1]["after"]), (&"$report.adjustments".into(), &"$report".into()));
    assert_eq!(operands[1]["names"][5], "riskFactors");
}
