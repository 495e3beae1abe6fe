//! What is taken out, and what stays as it stood.

mod around;
mod ways;

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn rules(texts: &[&str]) -> Vec<Rule> {
    texts.iter().map(|text| Rule::parse(text).unwrap()).collect()
}

fn scrubbed(text: &str, texts: &[&str]) -> String {
    Scrubber::new(&rules(texts), &StandIn::Same).scrubbed(text).unwrap_or_else(|| text.to_owned())
}

fn recording(events: &Value) -> Recording {
    let document = json!({ "format": "stepback/1", "events": events });
    Recording::read(&SharedBytes::from(document.to_string())).unwrap()
}

fn written(recording: &Recording) -> Value {
    let mut text = Vec::new();
    recording.to_writer(&mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn a_name_is_found_at_any_depth_and_in_any_case() {
    let text = r#"{ "Password" : "x",  "a": [{"password":{"b":1}}], "passwords": 2 }"#;
    let expected = r#"{ "Password" : "[redacted]",  "a": [{"password":"[redacted]"}], "passwords": 2 }"#;
    assert_eq!(scrubbed(text, &["password"]), expected);
    assert_eq!(scrubbed(r#"{"authToken":1,"x":2}"#, &["*token*"]), r#"{"authToken":"[redacted]","x":2}"#);
}

#[test]
fn a_path_says_where() {
    let text = r#"{"customer":{"email":"a@b","name":"Ada"},"items":[{"card":1},{"card":2}],"card":3}"#;
    let at = |path| scrubbed(text, &[path]);
    assert_eq!(at("$.customer.email"), text.replace(r#""a@b""#, r#""[redacted]""#));
    assert_eq!(
        at("$['customer'].*"),
        text.replace(r#""a@b""#, r#""[redacted]""#).replace(r#""Ada""#, r#""[redacted]""#)
    );
    assert_eq!(at("$.items[1].card"), text.replace(r#""card":2"#, r#""card":"[redacted]""#));
    assert_eq!(at("$.items[*].card").matches("[redacted]").count(), 2);
    assert_eq!(at("$..card").matches("[redacted]").count(), 3);
    assert_eq!(at("$.items"), text.replace(r#"[{"card":1},{"card":2}]"#, r#""[redacted]""#));
    assert_eq!(at("$.nothing"), text);
}

#[test]
fn a_pattern_is_found_in_values_names_numbers_and_prose() {
    let text = r#"{"4111111111111111":"card 4111111111111111.","n":4111111111111111}"#;
    let expected = r#"{"[redacted]":"card [redacted].","n":"[redacted]"}"#;
    assert_eq!(scrubbed(text, &[r"/\d{16}/"]), expected);
    assert_eq!(scrubbed("Hunter2 failed", &["/hunter2/i"]), "[redacted] failed");
    assert_eq!(scrubbed("Hunter2 failed", &["/hunter2/"]), "Hunter2 failed");
}

#[test]
fn json_in_strings_is_looked_through() {
    let inner = json!({ "errorMessage": json!({ "password": "hunter2" }).to_string() }).to_string();
    let text = json!({ "Payload": inner }).to_string();
    assert!(!scrubbed(&text, &["password"]).contains("hunter2"));
    let prose = r#"ERROR Invoke {"password": "hunter2", "a": [1]} gave up"#;
    assert_eq!(scrubbed(prose, &["password"]), r#"ERROR Invoke {"password": "[redacted]", "a": [1]} gave up"#);
}

#[test]
fn a_payload_that_was_cut_off_hides_nothing() {
    let text = r#"{"name":"Ada","password":"hunt"#;
    assert_eq!(scrubbed(text, &["password"]), r#"{"name":"Ada","password":"[redacted]"#);
    assert_eq!(scrubbed(r#"{"name":"Ada","age":3"#, &["password"]), r#"{"name":"Ada","age":3"#);
}

#[test]
fn a_recording_keeps_its_shape() {
    let before = recording(&json!([
        {"timestamp": "2026-11-20T03:14:07.412000+00:00", "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
         "executionStartedEventDetails": {"input": "{\"type\": \"card\", \"password\": 1}", "roleArn": "arn:aws:iam::1:role/type"}},
        {"timestamp": "2026-11-20T03:14:07.412000+00:00", "type": "PassStateExited", "id": 2, "previousEventId": 1,
         "stateExitedEventDetails": {"name": "password", "output": "{}", "assignedVariables": {"password": "\"x\"", "b": "2"}}},
    ]));
    let after = before.redacted(&rules(&["password", "type", "/PassState|arn:/", "absent"]), &StandIn::Same);
    let written = written(&after);
    assert_eq!(
        written["events"][0]["executionStartedEventDetails"]["input"],
        r#"{"type": "[redacted]", "password": "[redacted]"}"#
    );
    assert_eq!(written["events"][0]["executionStartedEventDetails"]["roleArn"], "[redacted]aws:iam::1:role/type");
    assert_eq!(written["events"][1]["type"], "PassStateExited");
    let exited = &written["events"][1]["stateExitedEventDetails"];
    assert_eq!(exited["name"], "password");
    assert_eq!(exited["assignedVariables"], json!({ "password": "\"[redacted]\"", "b": "2" }));
    let counts: Vec<_> = after.redactions.iter().map(|redaction| redaction.count.unwrap()).collect();
    assert_eq!(counts, [2, 1, 1, 0]);
    assert_eq!(after.redactions[0].path.as_deref(), Some("$..password"));
}

#[test]
fn once_more_takes_out_nothing_more() {
    let before = recording(&json!([
        {"timestamp": 1, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
         "executionStartedEventDetails": {"input": "{\"password\": 1, \"mail\": \"a@b\"}"}},
    ]));
    let rules = rules(&["password", "/a@b/"]);
    let twice = before.redacted(&rules, &StandIn::Same).redacted(&rules, &StandIn::Same);
    let counts: Vec<_> = twice.redactions.iter().map(|redaction| redaction.count.unwrap()).collect();
    assert_eq!(counts, [1, 1, 0, 0]);
}

#[test]
fn a_pattern_that_is_the_secret_is_not_told() {
    let after = recording(&json!([])).redacted(&rules(&["/hunter2/"]), &StandIn::Same);
    assert_eq!(after.redactions[0].pattern.as_deref(), Some("[redacted]"));
}

#[test]
fn rules_that_cannot_be_say_why() {
    let reason = |text| Rule::parse(text).unwrap_err().reason;
    assert_eq!(reason("/a"), "the closing '/' is missing");
    assert_eq!(reason("/a/x"), "after the closing '/' only 'i' may follow, not 'x'");
    assert_eq!(reason("/a*/"), "the pattern matches where nothing is");
    assert!(reason("/(/").contains("unclosed group"), "{}", reason("/(/"));
    assert!(reason("$.a[?(@.b)]").starts_with("at character 4"), "{}", reason("$.a[?(@.b)]"));
    assert_eq!(reason("$.."), "at character 2: a path has only .name, ['name'], [0], [*], .* and ..name");
    assert_eq!(reason(""), "a name is missing");
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!("hunter2")),
        Just(json!(7)),
        Just(Value::Null),
        "[a-z\"\\\\{]{0,6}".prop_map(Value::from)
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((prop_oneof![Just("secret".to_owned()), "[a-c]"], inner.clone()), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            inner.prop_map(|value| Value::from(value.to_string())),
        ]
    })
}

/// The same by values, without caring for the text.
fn by_values(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "secret" { *member = REDACTED.into() } else { by_values(member) }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(by_values),
        _ => {}
    }
}

proptest! {
    #[test]
    fn no_value_of_a_name_is_left(value in document()) {
        let value = json!({ "x": value });
        let scrubbed: Value = serde_json::from_str(&scrubbed(&value.to_string(), &["secret"])).unwrap();
        let mut expected = scrubbed.clone();
        by_values(&mut expected);
        prop_assert_eq!(scrubbed, expected);
    }

    #[test]
    fn nothing_that_matches_is_left(value in document()) {
        let value = json!({ "x": value });
        prop_assert!(!scrubbed(&value.to_string(), &["/hunter2/"]).contains("hunter2"));
    }

    #[test]
    fn any_text_is_taken(text in "[\\x00-\\x7f\u{e9}]{0,60}") {
        let rules = rules(&["a", "$.b", "/c/"]);
        Scrubber::new(&rules, &StandIn::Same).text(&text);
    }
}

#[test]
fn notes_of_bookmarks_are_text_like_any_other() {
    let note = r#"card 4111111111111111, sent as {"token":"t-9"}"#;
    let document = json!({ "format": "stepback/1", "events": [],
                           "bookmarks": [{ "letter": "t", "execution": "arn:t", "event": 3, "note": note }] });
    let recording = Recording::read(&SharedBytes::from(document.to_string())).unwrap();
    let redacted = recording.redacted(&rules(&[r"/\d{16}/", "token", "/^t$/"]), &StandIn::Same);
    let expected = r#"card [redacted], sent as {"token":"[redacted]"}"#;
    assert_eq!(
        written(&redacted)["bookmarks"],
        json!([{ "letter": "t", "execution": "arn:t", "event": 3, "note": expected }])
    );
    let counts: Vec<_> = redacted.redactions.iter().map(|redaction| redaction.count).collect();
    assert_eq!(counts, [Some(1), Some(1), Some(0)], "the letter is no text: it is what the bookmark is found by");
}
