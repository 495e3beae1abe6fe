//! The views of the data pane that explain: the way of the data, the reasons, the definition.

use super::script::Screen;
use super::{DECLINED, MIDDLE, SMALL};
use stepback::tui::{Effect, Msg};

const LOAN: &str = "loan-quote-missing-field.sfn.json";

#[test]
fn stages_are_shown_where_the_cursor_is() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    insta::assert_snapshot!(screen.keys("5<wait><tab>+").text());
}

#[test]
fn the_field_that_failed_is_named() {
    let mut screen = Screen::shipped(LOAN, MIDDLE);
    let line = screen.keys("5<wait>").line("afterArguments");
    assert!(line.contains("✖ afterArguments") && line.contains("line 129"), "{line}");
}

#[test]
fn retriers_and_catchers_are_explained() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    insta::assert_snapshot!(screen.keys("6<wait>").text());
}

#[test]
fn rules_are_explained_one_by_one() {
    let mut screen = Screen::shipped(LOAN, MIDDLE);
    insta::assert_snapshot!(screen.keys("14G6<wait>").text());
}

#[test]
fn the_definition_follows_the_cursor() {
    let mut screen = Screen::shipped(LOAN, MIDDLE);
    insta::assert_snapshot!(screen.keys("7<wait>").text());
    let before = screen.keys("2G").text();
    assert!(before.contains("┃     \"ReadApplication\": {"), "{before}");
    screen.keys("<tab><tab>/hvx<esc>/Default<enter>");
    assert!(screen.text().contains("match "), "a search works in the definition");
}

#[test]
fn what_is_below_a_stage_folds_and_is_copied() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("5<wait><tab>");
    assert!(!screen.text().contains("placedAt"), "a long input is folded at first");
    assert!(screen.keys("zR").text().contains("placedAt"));
    screen.keys("zMjjyy");
    assert!(screen.copied().unwrap().contains("afterParameters"), "{:?}", screen.copied());
}

#[test]
fn much_data_is_worked_out_in_the_background() {
    let large = "x".repeat(120_000);
    let definition = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
    let input = format!("{{\"text\":\"{large}\"}}");
    let events = serde_json::json!([
        {"id": 1, "previousEventId": 0, "timestamp": "2026-01-01T00:00:00Z", "type": "ExecutionStarted",
         "executionStartedEventDetails": {"input": input}},
        {"id": 2, "previousEventId": 0, "timestamp": "2026-01-01T00:00:00Z", "type": "PassStateEntered",
         "stateEnteredEventDetails": {"name": "A", "input": input}},
    ]);
    let recording = serde_json::json!({
        "format": "stepback/1", "stateMachine": {"definition": definition}, "events": events
    });
    let mut screen = Screen::of_text(&recording.to_string(), MIDDLE);
    screen.keys("2G5<wait>");
    assert!(screen.text().contains("working on it"));
    let Some(Effect::Study(asked, study)) = screen.effects.iter().rev().find(|it| matches!(it, Effect::Study(..)))
    else {
        panic!("nothing is asked for: {:?}", screen.effects)
    };
    let (asked, study) = (asked.clone(), *study);
    let sheet = study.sheet(&asked.0);
    screen.tell(Msg::Studied(asked, study, sheet));
    assert!(screen.line("afterInputPath").contains("unchanged"));
}

#[test]
fn without_a_definition_the_screen_says_so() {
    let recording = serde_json::json!({"format": "stepback/1", "events": [
        {"id": 1, "previousEventId": 0, "timestamp": "2026-01-01T00:00:00Z", "type": "ExecutionStarted"},
        {"id": 2, "previousEventId": 0, "timestamp": "2026-01-01T00:00:00Z", "type": "PassStateEntered",
         "stateEnteredEventDetails": {"name": "A"}},
    ]});
    let mut screen = Screen::of_text(&recording.to_string(), MIDDLE);
    for key in ["5", "6", "7"] {
        screen.keys(&format!("2G{key}<wait>"));
        assert!(screen.text().contains("does not hold the definition"), "{key}");
    }
}

#[test]
fn limits_lie_over_the_screen_until_they_are_closed() {
    let mut screen = Screen::shipped("signup-awaiting-approval.sfn.json", SMALL);
    insta::assert_snapshot!(screen.keys("U").text());
    assert!(!screen.keys("<esc>").text().contains("payloads"));
}
