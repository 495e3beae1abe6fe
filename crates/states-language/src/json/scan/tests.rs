//! The scanner against the full parser.

use super::*;
use crate::json::{Members, SharedBytes, elements};
use proptest::prelude::*;
use serde_json::Value;

/// JSON as text in any layout: white space anywhere, escapes where none are needed.
pub(crate) fn any_layout() -> impl Strategy<Value = String> {
    let blank = prop::sample::select(vec![
        "",
        "",
        "",
        " ",
        "\n",
        "\n    ",
        "\r\n\t",
        "\n                                        ",
    ]);
    let blank = move || blank.clone();
    let character = prop::sample::select(vec![
        "a",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "é",
        "😀",
        "\\\"",
        "\\\\",
        "\\/",
        "\\n",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\u{7f}",
        "0123456789012345678901234567890123456789",
    ]);
    let string = prop::collection::vec(character, 0..12).prop_map(|parts| format!("\"{}\"", parts.concat()));
    let scalar = prop_oneof![
        string.clone(),
        Just("null".to_owned()),
        any::<bool>().prop_map(|it| it.to_string()),
        any::<i64>().prop_map(|it| it.to_string()),
        any::<i32>().prop_map(|it| format!("{it}.5e-3")),
    ];
    scalar.prop_recursive(5, 60, 6, move |inner| {
        let spaced = (blank(), inner, blank()).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        let name =
            (blank(), string.clone(), blank()).prop_map(|(before, name, after)| format!("{before}{name}{after}"));
        let member = (name, spaced.clone()).prop_map(|(name, value)| format!("{name}:{value}"));
        prop_oneof![
            prop::collection::vec(spaced, 0..6).prop_map(|elements| format!("[{}]", elements.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
            blank().prop_map(|blank| format!("{{{blank}}}")),
            blank().prop_map(|blank| format!("[{blank}]")),
        ]
    })
}

proptest! {
    #[test]
    fn values_end_where_the_parser_says(json in any_layout(), before in "[ \n]{0,70}", after in "[ ,}\\]\n]{0,70}") {
        let text = format!("{before}{json}{after}");
        let mut scanner = Scanner::new(text.as_bytes());
        prop_assert_eq!(scanner.value(), Ok(json.as_bytes()));
        prop_assert_eq!(scanner.at(), before.len() + json.len());
        prop_assert!(serde_json::from_str::<Value>(&json).is_ok());
    }

    #[test]
    fn objects_and_arrays_come_apart_as_the_parser_says(json in any_layout()) {
        let bytes = SharedBytes::from(json.clone());
        let parse = |bytes: &SharedBytes| serde_json::from_slice::<Value>(bytes).unwrap();
        match serde_json::from_str::<Value>(&json).unwrap() {
            Value::Object(expected) => {
                let members = Members::of(&bytes).unwrap();
                let last: serde_json::Map<_, _> =
                    members.iter().map(|member| (member.name.to_string(), parse(&member.value))).collect();
                prop_assert_eq!(last, expected);
            }
            Value::Array(expected) => {
                let found: Vec<_> = elements(&bytes).map(|element| parse(&element)).collect();
                prop_assert_eq!(found, expected);
            }
            _ => prop_assert!(Members::of(&bytes).is_err() && elements(&bytes).next().is_none()),
        }
    }

    #[test]
    fn a_value_cut_short_is_a_surprise(json in any_layout(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(json.len());
        let scalar = !json.starts_with(['{', '[', '"']);
        prop_assert!(scalar || Scanner::new(&json.as_bytes()[..cut]).value().is_err());
    }

    #[test]
    fn nothing_makes_it_panic(
        json in any_layout(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = json.into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let valid = serde_json::from_slice::<Value>(&bytes).is_ok();
        let mut scanner = Scanner::new(&bytes);
        let whole = scanner.value().is_ok() && scanner.peek().is_none();
        prop_assert!(whole || !valid);
        let bytes = SharedBytes::new(bytes);
        let _ = (Members::of(&bytes), elements(&bytes).count());
    }
}

#[test]
fn backslashes_are_counted_across_blocks() {
    for before in 0..130 {
        for backslashes in 0..9 {
            let inner = format!("{}{}", "x".repeat(before), "\\".repeat(backslashes));
            let text = format!("\"{inner}\"{}\"", "y".repeat(70));
            let mut scanner = Scanner::new(text.as_bytes());
            let literal = scanner.string().unwrap();
            let ends_there = backslashes % 2 == 0;
            assert_eq!(literal.inner.len() == inner.len(), ends_there, "{before} {backslashes}");
            assert_eq!(literal.escaped, backslashes > 0, "{before} {backslashes}");
            let nested = format!("[{text}");
            let rest = if ends_there { "]\"]" } else { "]" };
            let nested = format!("{nested}{rest}");
            assert_eq!(Scanner::new(nested.as_bytes()).value().is_ok(), serde_like(&nested), "{nested}");
        }
    }
}

/// Whether brackets and strings are balanced, told byte by byte.
fn serde_like(text: &str) -> bool {
    let (mut in_string, mut escaped, mut depth) = (false, false, 0);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' if !in_string => depth += 1,
            b']' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

#[test]
fn depth_costs_no_stack() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    assert_eq!(Scanner::new(deep.as_bytes()).value().map(<[u8]>::len), Ok(2_000_000));
    assert_eq!(Scanner::new(&deep.as_bytes()[..1_999_999]).value(), Err(Surprise { at: 1_999_999 }));
}
