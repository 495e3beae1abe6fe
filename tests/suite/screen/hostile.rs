//! Recordings that mean no good, or come from far away.

use super::{MIDDLE, SMALL, Screen};
use serde_json::{Value, json};

fn recording(name: &str, input: &Value) -> String {
    let events = json!({"events": [
        {"id": 1, "timestamp": 1.0, "type": "ExecutionStarted",
         "executionStartedEventDetails": {"input": input.to_string()}},
        {"id": 2, "previousEventId": 0, "timestamp": 1.5, "type": "TaskStateEntered",
         "stateEnteredEventDetails": {"name": name, "input": input.to_string()}},
        {"id": 3, "previousEventId": 2, "timestamp": 2.0, "type": "LambdaFunctionScheduled",
         "lambdaFunctionScheduledEventDetails": {"resource": name, "input": input.to_string()}},
        {"id": 4, "previousEventId": 3, "timestamp": 2.5, "type": "LambdaFunctionFailed",
         "lambdaFunctionFailedEventDetails": {"error": name, "cause": name}},
        {"id": 5, "previousEventId": 4, "timestamp": 3.0, "type": "ExecutionFailed",
         "executionFailedEventDetails": {"error": name, "cause": name}},
    ]});
    events.to_string()
}

#[test]
fn escape_sequences_are_shown_not_sent() {
    let nasty = "\u{1b}[31mred\u{1b}]52;c;aGk=\u{7}\u{9b}2J\u{202e}evil\r\n\u{0}";
    let text = recording(nasty, &json!({nasty: nasty, "list": [nasty]}));
    for size in [SMALL, MIDDLE] {
        let mut screen = Screen::of_text(&text, size);
        for keys in ["", "v", "<tab>", "4<wait>", "<enter>", "<enter>", "<esc>", "/\u{1b}", "<esc>", "?", "<esc>", "!"]
        {
            screen.keys(keys);
            let text = screen.text();
            let sent = text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}' || *c == '\u{9b}');
            assert_eq!(sent, None, "{keys}");
        }
    }
    assert!(Screen::of_text(&text, MIDDLE).text().contains("␛[31mred"));
}

#[test]
fn wide_characters_and_long_names_keep_their_place() {
    let long = "Verarbeite日本語の注文をすべて処理する🚚👩‍👩‍👧".repeat(8);
    let mut screen = Screen::of_text(&recording(&long, &json!({"名前": long, &long: "値", "plain": 1})), MIDDLE);
    let text = screen.text();
    for line in text.lines().filter(|line| line.starts_with('│')) {
        assert!(line.ends_with('│'), "{line}");
    }
    assert!(text.contains('…'));
}

#[test]
fn deep_and_large_documents_are_shown() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!({"x": [deep]});
    }
    let wide: Vec<Value> = (0..20_000).map(|number| json!({"number": number, "text": "x".repeat(3)})).collect();
    let mut screen = Screen::of_text(&recording("Deep", &json!({"deep": deep, "wide": wide})), SMALL);
    screen.keys("<tab>GgGzMzR/19999<enter>");
    assert!(screen.text().contains("19999"));
}

#[test]
fn text_that_is_no_json_is_shown_with_its_place() {
    let events = json!({"events": [
        {"id": 1, "timestamp": 1.0, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{\"a\": oops"}},
    ]});
    let mut screen = Screen::of_text(&events.to_string(), MIDDLE);
    assert!(screen.line("not JSON").contains("not JSON at line 1 column 7"));
    assert!(screen.text().contains("{\"a\": oops"));
}
