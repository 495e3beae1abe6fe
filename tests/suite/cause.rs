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
