use super::*;

fn error(text: &str) -> String {
    let error = read(text).expect_err("refused");
    format!("{}\n at {}", error.message, source_location(text, error.at))
}

#[test]
fn refuses_in_jacksons_words() {
    let values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    for (text, message, line, column) in [
        ("not a definition", format!("Unrecognized token 'not': was expecting {values}"), 1, 4),
        (
            "{",
            "Unexpected end-of-input: expected close marker for Object (start marker at [Source: (String)\"{\"; line: 1, \
             column: 1])"
                .to_owned(),
            1,
            2,
        ),
        ("{\"a\": }", format!("Unexpected character ('}}' (code 125)): expected a valid value {values}"), 1, 8),
        (
            "{\"a\": 1,}",
            "Unexpected character ('}' (code 125)): was expecting double-quote to start field name".to_owned(),
            1,
            10,
        ),
        (
            "{\n\"a\": 1 \"b\": 2}",
            "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries".to_owned(),
            2,
            9,
        ),
        ("[1,]", format!("Unexpected character (']' (code 93)): expected a valid value {values}"), 1, 5),
        ("{\"a\": 01}", "Invalid numeric value: Leading zeroes not allowed".to_owned(), 1, 8),
        ("{\"a\": \"\\x\"}", "Unrecognized character escape 'x' (code 120)".to_owned(), 1, 10),
    ] {
        let expected = format!("{message}\n at [Source: (String)\"{text}\"; line: {line}, column: {column}]");
        assert_eq!(error(text), expected);
    }
}

#[test]
fn agrees_with_serde_json_on_what_a_value_is() {
    for text in [
        "{}",
        "[]",
        "  {\"a\": [1, -2.5e3, true, false, null, \"\\u00e9\\n\\ud83d\\ude00\"]} ",
        "1e400",
        "{\"\": {\"b\": {\"c\": []}}}",
        "-0",
        "123456789012345678901234567890",
    ] {
        let document = read(text).expect("valid").expect("not blank");
        let expected = serde_json::from_str(text).unwrap_or_else(|_| serde_json::json!(f64::MAX));
        assert_eq!(document.root.to_value(), expected, "{text}");
    }
}

#[test]
fn keeps_positions_duplicates_and_placeholders() {
    let document = read("\u{feff}{\"a\": 1, \"a\": ${Wait}} tail").expect("valid").expect("not blank");
    let members = document.root.members().expect("object");
    assert_eq!(members.len(), 2);
    assert_eq!(members[1].value.data, Data::Placeholder("${Wait}".into()));
    assert_eq!(members[1].key_span, Span { start: 12, end: 15 });
    assert_eq!(document.trailing, Some(26));
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = "[".repeat(100_000);
    assert!(error(&deep).starts_with("Document nesting depth (1001) exceeds the maximum allowed"));
}

proptest::proptest! {
    #[test]
    fn never_panics_and_accepts_only_json(text in "[\\[\\]{}\",:0-9eE.\\-+ tfn$\\\\u\n]{0,40}") {
        if let Ok(Some(document)) = read(&text)
            && document.trailing.is_none()
            && !text.contains('$')
        {
            proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok() || text.contains("\\u") || text.contains('e') || text.contains('E'), "{}", text);
        }
    }
}
