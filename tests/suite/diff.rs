//! Comparing the recordings we ship, and `stepback diff` as it is typed.

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use stepback::analysis::diff::{Mask, Run, executions};
use stepback::history::Family;
use stepback::report::{self, DiffSide, Paper};
use stepback::source;

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name)
}

fn compared(names: [&str; 2], width: usize) -> String {
    let recordings = names.map(|name| source::open_recording(&shipped(name)).unwrap());
    let families = recordings.each_ref().map(Family::of);
    let runs = [0, 1].map(|side| Run::of(&recordings[side], &families[side]));
    let comparison = executions(&runs[0], &runs[1], &Mask::of(&runs[0], &runs[1]));
    let sides = [0, 1].map(|side| DiffSide { title: names[side], run: &runs[side] });
    let lines = report::diff(&comparison, sides, Paper::plain(width));
    let too_long = lines.iter().find(|line| line.chars().count() > width);
    assert_eq!(too_long, None);
    lines.join("\n")
}

fn diff(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
    command.arg("diff").args(arguments).current_dir(folder).output().unwrap()
}

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_declined_order_is_told_from_the_shipped_one() {
    insta::assert_snapshot!(compared(["order-shipped.sfn.json", "order-payment-declined.sfn.json"], 80), @r#"
    - order-shipped.sfn.json           MH-2026-118429  SUCCEEDED  55 events
    + order-payment-declined.sfn.json  MH-2026-118432  FAILED  84 events

    They part at ChargeCard  (event 27 | 37)
      - succeeded, then PrepareParcel
      + failed after 3 attempts: CardDeclined; caught, then ReleaseStock
        code card_declined, declineCode insufficient_funds, network visa, last4
        4417, amount {"cents":60760,"currency":"EUR"}, acquirerReference
        CL-7740-19382
      What it reads differed before:
        ~ $.validation.totalCents  51150 → 60760  (+9610)
            from the answer of ValidateOrder
        … and 19 other differences of its input

    The input of the execution
      ~ $.customer.id        "c-40086" → "c-77120"
      ~ $.customer.name      "Nuria Valcárcel" → "Ragnhild Sørlie"
      ~ $.shipTo.street      "Calle de la Platería 14" → "Strandgaten 81"
      ~ $.shipTo.city        "Valladolid" → "Bergen"
      ~ $.shipTo.country     "ES" → "NO"
      ~ $.lines[0].quantity  2 → 1  (-1)
      - $.lines[1]           {"sku":"CUSHION-OCHRE","quantity":3,"unitCents":2450}
      + $.lines[1]           {"sku":"BULB-E27-DIM","quantity":4,"unitCents":990}
      + $.lines[2]           {"sku":"RUG-WOOL-200","quantity":1,"unitCents":34900}

    Step by step
        ValidateOrder
          ~ answer $.Payload.totalCents  51150 → 60760  (+9610)
          ~ answer $.Payload.warehouse   "VLC-1" → "OSL-2"
        ReserveStock
          + output $.reservations[2]  {"orderId":"MH-2026-118432","line":{"sku":"RU…
          [0]
            ReserveLine
              ~ parameters $.ExpressionAttributeValues[':q'].N  "2" → "1"
              ~ answer $.Attributes.available.N  "8" → "17"
              ~ answer $.Attributes.reserved.N   "2" → "3"
              ~ output $.stock.available         "8" → "17"
          [1]
          ~ ReserveLine
              - succeeded
              + succeeded after 2 attempts
              ~ input $.line.sku                 "CUSHION-OCHRE" → "BULB-E27-DIM"
              ~ input $.line.quantity            3 → 4  (+1)
              ~ input $.line.unitCents           2450 → 990  (-1460)
              ~ parameters $.ExpressionAttributeValues[':q'].N  "3" → "4"
              ~ answer $.Attributes.available.N  "61" → "212"
              ~ answer $.Attributes.reserved.N   "3" → "40"
              ~ output $.stock.available         "61" → "212"
        + [2]
      ~ ChargeCard
          - succeeded, then PrepareParcel
          + failed after 3 attempts: CardDeclined; caught, then ReleaseStock
          - output $.charge   {"chargeId":"ch_5Tz0KpWq","network":"mastercard"}
          + output $.failure  {"Error":"CardDeclined","Cause":"{\"errorType\":\"Car…
      - PrepareParcel
      - TellCustomerShipped
      - OrderShipped
      + ReleaseStock
      + TellCustomerFailed
      + RecordFailure
      + OrderFailed  failed: Order.NotFulfilled

    39 values differ in every run (ids, times, tokens) and are masked; --all shows
    them.
    "#);
}

#[test]
fn the_changed_carrier_is_told_from_the_good_one() {
    insta::assert_snapshot!(compared(["shipping-quote-good.sfn.json", "shipping-quote-carrier-changed.sfn.json"], 80), @r#"
    - shipping-quote-good.sfn.json             quote-b-88117  SUCCEEDED  16 events
    + shipping-quote-carrier-changed.sfn.json  quote-b-88124  FAILED  10 events

    They part at PickRate  (event 9 on both sides)
      - succeeded, then Quoted
      + failed: States.Runtime
        Invalid path '$.carrier.body.rates' : No results for path:
        $['carrier']['body']['rates']
      What it reads differed before:
        - $.carrier.body.rates  [{"service":"economy","cents":540,"days":5},{"servi…
            from the answer of AskCarrier
        … and 5 other differences of its input

    The input of the execution
      ~ $.basketId     "b-88117" → "b-88124"
      ~ $.to.postcode  "1100-148" → "4050-253"
      ~ $.grams        2350 → 1120  (-1230)

    Step by step
        AskCarrier
          - answer $.ResponseBody.rates       [{"service":"economy","cents":540,"da…
          + answer $.ResponseBody.apiVersion  "2026-11"
          + answer $.ResponseBody.data        {"offers":[{"product":"economy","pric…
      ~ PickRate
          - succeeded, then Quoted
          + failed: States.Runtime
      - Quoted

    3 values differ in every run (ids, times, tokens) and are masked; --all shows
    them.
    "#);
}

#[test]
fn narrow_paper_is_kept_to() {
    compared(["order-shipped.sfn.json", "order-payment-declined.sfn.json"], 50);
}

#[test]
fn every_shipped_recording_equals_itself() {
    for entry in fs::read_dir(recordings()).unwrap() {
        let path = entry.unwrap().path();
        let Ok(recording) = source::open_recording(&path) else { continue };
        let family = Family::of(&recording);
        let run = Run::of(&recording, &family);
        let comparison = executions(&run, &run, &stepback::json::diff::Strict);
        assert!(!comparison.differs(), "{}", path.display());
        assert_eq!(comparison.divergence, None, "{}", path.display());
    }
}

#[test]
fn the_last_good_run_is_found_beside_the_failed_one() {
    let output = diff(&recordings(), &["order-payment-declined.sfn.json"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = text(&output.stdout);
    assert!(shown.starts_with("- order-shipped.sfn.json "), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no colour in pipes");
    let output = diff(&recordings(), &["express-checkout.log.jsonl", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["old"]["name"], &answer["new"]["name"]), (&json!("basket-2c90d4"), &json!("basket-7f3e21")));
    let output = diff(&recordings(), &["payouts-child-failed.sfn.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("No other run of MonthlyPayouts"), "{}", text(&output.stderr));
}

#[test]
fn json_names_the_divergence_and_the_reason() {
    let output = diff(&recordings(), &["shipping-quote-carrier-changed.sfn.json", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["format"], &answer["differs"]), (&json!("stepback.diff/1"), &json!(true)));
    let divergence = &answer["divergence"];
    assert_eq!((&divergence["kind"], &divergence["place"]["state"]), (&json!("outcome"), &json!("PickRate")));
    let reason = &divergence["because"][0];
    assert_eq!((&reason["path"], &reason["kind"]), (&json!("$.carrier.body.rates"), &json!("removed")));
    assert_eq!(reason["origin"]["part"], "answer");
}

#[test]
fn parts_of_one_run_are_compared() {
    let attempts = ["order-payment-declined.sfn.json", "--state", "ChargeCard", "--attempts", "1,3"];
    let shown = text(&diff(&recordings(), &attempts).stdout);
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(r#"~ failure $.error "GatewayTimeout" → "CardDeclined""#), "{shown}");
    let items = ["order-payment-declined.sfn.json", "--state", "ReserveStock", "--items", "0,1"];
    let shown = text(&diff(&recordings(), &items).stdout);
    assert!(shown.contains(r#"~ input $.line.sku "#), "{shown}");
    let through = ["order-payment-declined.sfn.json", "--state", "ValidateOrder", "--through"];
    let shown = text(&diff(&recordings(), &through).stdout);
    assert!(shown.contains("+ $.validation  "), "{shown}");
    let output = diff(&recordings(), &["order-payment-declined.sfn.json", "--state", "Nowhere"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn documents_and_definitions_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, value: Value| fs::write(folder.path().join(name), value.to_string()).unwrap();
    write("a.json", json!({"n": 1, "text": "the issuer said no to this payment (51)", "body": "{\"k\":[1,2]}"}));
    write("b.json", json!({"n": 1.0, "text": "the issuer said yes to this payment (51)", "body": "{\"k\": [2]}"}));
    let output = diff(folder.path(), &["a.json", "b.json"]);
    insta::assert_snapshot!(text(&output.stdout), @r#"
    - a.json
    + b.json

    ~ $.n                    1 → 1.0  (the same number)
    ~ $.text                 "the issuer said [-no-]{+yes+} to this payment (51)"
    - $.body decoded $.k[0]  1
    "#);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(diff(folder.path(), &["a.json", "a.json"]).status.code(), Some(0));
    let task =
        |resource: &str| json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": resource, "End": true}}});
    write("m1.json", task("arn:1"));
    write("m2.json", task("arn:2"));
    let shown = text(&diff(folder.path(), &["m1.json", "m2.json"]).stdout);
    assert!(shown.ends_with("~ state A\n    ~ $.Resource  \"arn:1\" → \"arn:2\"\n"), "{shown}");
    let output = diff(folder.path(), &["a.json", recordings().join("order-shipped.sfn.json").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
}
