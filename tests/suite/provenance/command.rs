//! `stepback trace`.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn trace(name: &str, arguments: &[&str]) -> Output {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
    command.arg("trace").arg(file).args(arguments).env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

const DECLINED: &str = "order-payment-declined.sfn.json";

#[test]
fn a_value_is_traced_to_the_task_that_answered_it() {
    let output = trace(DECLINED, &["$.validation.totalCents"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output).trim_end(), @r"
    60760
      event 37  $.validation.totalCents  the input of ChargeCard
        ← unchanged by ReserveStock, OrderValid?
      event 6  $.validation.totalCents  the output of ValidateOrder
        ← ValidateOrder, line 20  ResultPath  $.validation
        ← ValidateOrder, line 17  ResultSelector/totalCents.$  $.Payload.totalCents
      event 5  $.Payload.totalCents  the result of ValidateOrder
        ◆ from the task's result
    ");
}

#[test]
fn json_tells_every_hop() {
    let output = trace(DECLINED, &["$.validation.totalCents", "--json"]);
    let answer: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(answer["format"], "stepback.trace/1");
    let hops = answer["hops"].as_array().unwrap();
    assert!(hops.len() > 4 && hops.iter().all(|hop| hop["value"] == 60760));
    let last = hops.last().unwrap();
    assert_eq!((last["how"].as_str(), last["origin"].as_str()), (Some("origin"), Some("answer")));
    assert_eq!((last["event"].as_u64(), last["document"].as_str()), (Some(5), Some("output")));
    assert!(hops.iter().flat_map(|hop| hop["fields"].as_array().unwrap()).any(|field| field["line"] == 17));
}

#[test]
fn forward_tells_who_used_a_value() {
    let output = trace(DECLINED, &["--event", "5", "$.Payload.totalCents", "--forward"]);
    let text = text(&output);
    assert!(text.contains("event 44  $.Payload.amountCents  what ChargeCard asked for"), "{text}");
    assert!(
        text.contains("← ChargeCard, line 119  Parameters/Payload/amountCents.$  $.validation.totalCents"),
        "{text}"
    );
    let output = trace(DECLINED, &["--event", "7", "$.validation.valid", "--forward"]);
    assert!(self::text(&output).contains("evaluated by the Choice"), "{}", self::text(&output));
}

#[test]
fn a_nested_execution_and_an_item_are_left_for_their_parents() {
    let output = trace("payouts-child-failed.sfn.json", &["$.payout.iban", "--width", "200"]);
    let text = text(&output);
    assert!(text.contains("$.Input.payouts[2].iban  what PaySellers asked for"), "{text}");
    assert!(text.contains("▸ QueryBalances\n") && text.trim_end().ends_with("◆ from the task's result"), "{text}");
}

#[test]
fn a_path_that_selects_nothing_is_a_finding() {
    let output = trace(DECLINED, &["$.nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("$.nowhere selects nothing there. It has the members orderId"), "{said}");
    assert_eq!(trace(DECLINED, &["$.a[?("]).status.code(), Some(2));
    assert_eq!(trace(DECLINED, &["--event", "9999", "$"]).status.code(), Some(2));
    assert_eq!(trace(DECLINED, &["--state", "Nobody", "$"]).status.code(), Some(2));
}
