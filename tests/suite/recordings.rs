//! The recordings in the repository: each opens whole, and its cause is the one its README promises.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use stepback::analysis::provenance::Story;
use stepback::analysis::{Programs, add_operands, diagnose, overview};
use stepback::history::{Family, MemberId};
use stepback::recording::Recording;
use stepback::report::{self, Paper};
use stepback::source::{self, Opened};

/// File, execution, status, and what `why` must name: the place, then the error and its circumstances.
const STORIES: &[(&str, &str, &str, &[&str])] = &[
    (
        "order-payment-declined.sfn.json",
        "MH-2026-118432",
        "FAILED",
        &["✖ CardDeclined", "ChargeCard ▸ attempt 3 of 3", "insufficient_funds", "led to ReleaseStock", "OrderFailed"],
    ),
    ("order-shipped.sfn.json", "MH-2026-118429", "SUCCEEDED", &["Nothing failed."]),
    (
        "bad-files-in-nightly-import.sfn.json.gz",
        "nightly-2026-11-20",
        "FAILED",
        &["✖ KeyError", "ImportFiles[163] ▸ LoadPrices", "39 items", "3 of 200", "\"JPY\""],
    ),
    (
        "rollout-region-timed-out.sfn.json",
        "basket-api-4.18.0-r1",
        "FAILED",
        &["✖ States.Timeout", "DeploySingapore", "SmokeDublin, BakeVirginia", "led to RollBack", "RolledBack"],
    ),
    (
        "signup-awaiting-approval.sfn.json",
        "signup-acc-90417",
        "RUNNING",
        &["waiting", "AskForApproval", "task token", "2026-11-17 09:26"],
    ),
    (
        "payouts-child-failed.sfn.json",
        "payouts-2026-10",
        "FAILED",
        &["✖ BankRejected", "PaySellers ▸", "Transfers[2] ▸ SendTransfer", "ClosedAccountNumber"],
    ),
    (
        "loan-quote-missing-field.sfn.json",
        "quote-LN-55021",
        "FAILED",
        &[
            "✖ States.QueryEvaluationError",
            "OfferTerms",
            "$baseRate = 790",
            "$report.adjustments is missing; $report has reportId, status, schema, score, accounts, riskFactors",
        ],
    ),
    (
        "claims-matching-out-of-memory.sfn.json",
        "claims-2026-11-26",
        "FAILED",
        &[
            "✖ States.TaskFailed",
            "MatchBooks[2] ▸ MatchClaims ▸ attempt 2 of 2",
            "Container matcher exited with code 137: OutOfMemoryError",
            "(it had 4096 MiB)",
            "(it had 8192 MiB)",
            "aws ecs describe-tasks --cluster",
            "led to TellOnCall",
            "NightFailed",
            "1 of 4",
        ],
    ),
    (
        "express-checkout.log.jsonl",
        "basket-7f3e21",
        "FAILED",
        &["✖ TypeError", "ApplyVoucher ▸ attempt 2 of 2", "reading 'percent'"],
    ),
    ("express-checkout.log.jsonl", "basket-2c90d4", "SUCCEEDED", &["Nothing failed."]),
    (
        "month-end-redriven.sfn.json",
        "month-end-2026-10-retail",
        "SUCCEEDED",
        &["PostToLedger", "AccessDeniedException", "redriven"],
    ),
    (
        "image-refresh-over-tolerance.sfn.json",
        "refresh-2026-11-19T2100",
        "FAILED",
        &["✖ UnidentifiedImageError", "Resize, and 1 more like it", "4103.tif", "2 of 14", "1 tolerated"],
    ),
    (
        "ledger-export-timed-out.sfn.json",
        "ledger-export-2025-final",
        "TIMED_OUT",
        &["✖ States.Timeout", "No state failed", "ConvertPages", "converter-paris-04"],
    ),
    (
        "erasure-stopped-by-operator.sfn.json",
        "erase-tenant-2209",
        "ABORTED",
        &["✖ OperatorStop", "INC-20417", "No state failed", "WaitAMinute"],
    ),
    (
        "shipping-quote-carrier-changed.sfn.json",
        "quote-b-88124",
        "FAILED",
        &["✖ States.Runtime", "PickRate", "$.carrier.body.rates"],
    ),
    (
        "dunning-letters.map-run",
        "Dunning/SendLetters:0f6b1c52-9d1e-3a47-b0c8-7f2f5f0f6a11",
        "MAP RUN",
        &[
            "10,000 items: 43 failed, 9,957 succeeded",
            "✖ TypeError",
            "39 more like it",
            "padStart",
            "\"address\": \"",
            "✖ States.Timeout",
        ],
    ),
    (
        "refund-webhook-error-level.log.jsonl",
        "refund-88213-1",
        "FAILED",
        &["✖ RefundRejected", "was refunded before", "level ERROR", "includeExecutionData"],
    ),
    ("shipping-quote-good.sfn.json", "quote-b-88117", "SUCCEEDED", &["Nothing failed."]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
}

fn open(file: &str) -> Vec<Recording> {
    match source::open(&folder().join(file)).unwrap() {
        Opened::Several(recordings) => recordings,
        one => vec![one.into_recording().unwrap()],
    }
}

fn members(recording: &Recording) -> Vec<&Recording> {
    let inner = recording.children.iter().chain(recording.map_runs.iter().flat_map(|run| &run.executions));
    std::iter::once(recording).chain(inner.flat_map(members)).collect()
}

#[test]
fn every_recording_has_its_story_and_its_lines_in_the_readme() {
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    let told: BTreeSet<_> = STORIES.iter().map(|(file, ..)| (*file).to_owned()).collect();
    let shipped = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let shipped: BTreeSet<_> = shipped.filter(|name| name != "README.md" && !name.ends_with(".asl.json")).collect();
    assert_eq!(told, shipped);
    for file in shipped {
        assert!(readme.contains(&format!("`{file}`")), "recordings/README.md does not mention {file}");
    }
}

#[test]
fn every_recording_opens_whole() {
    for (file, ..) in STORIES {
        for recording in open(file) {
            for recording in members(&recording) {
                assert!(recording.damage.is_empty(), "{file}: {:?}", recording.damage);
                assert!(!recording.events.is_empty() || file.ends_with(".map-run"), "{file}");
            }
            let family = Family::of(&recording);
            for (id, member) in family.members() {
                // What a log's level leaves out is missing, and said to be.
                let whole = member.described.missing.is_empty();
                assert!(!whole || overview(&family, id).anomalies == 0, "{file}: {:?}", member.history.anomalies());
            }
        }
    }
}

#[test]
fn every_recording_leads_to_the_cause_its_readme_tells() {
    let paper = Paper { width: 4000, color: false, unicode: true };
    for (file, name, status, expected) in STORIES {
        let recordings = open(file);
        let recording = recordings.iter().find(|recording| recording.name() == Some(name)).unwrap();
        let family = Family::of(recording);
        let programs = Programs::of(recording, &family);
        let mut diagnosis = diagnose(&family);
        add_operands(&mut diagnosis, Story { family: &family, programs: &programs });
        let text = report::why(&diagnosis, &overview(&family, MemberId::ROOT), paper).join("\n");
        for words in [status].into_iter().chain(*expected) {
            assert!(text.contains(words), "{file} should say {words:?}:\n{text}");
        }
    }
}

#[test]
fn a_recording_cut_before_the_failure_says_that_it_cannot_tell() {
    let whole = fs::read(folder().join("order-payment-declined.sfn.json")).unwrap();
    let cut = whole[..20_000].to_vec();
    let recording = source::open_bytes(stepback::json::SharedBytes::new(cut)).unwrap().into_recording().unwrap();
    assert_eq!(recording.damage.len(), 1);
    let family = Family::of(&recording);
    let paper = Paper { width: 4000, color: false, unicode: true };
    let text = report::why(&diagnose(&family), &overview(&family, MemberId::ROOT), paper).join("\n");
    assert!(text.contains("The events that tell what failed are not in the recording."), "{text}");
    assert!(text.contains("the recording ends after event 7"), "{text}");
}
