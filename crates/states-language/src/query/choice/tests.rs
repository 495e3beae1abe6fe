//! Rules against inputs.

use super::{Rule, RuleProblem, Timestamp};
use crate::query::Scope;
use serde_json::{Value, json};

fn rule(rule: &Value) -> Rule {
    Rule::compile(rule.as_object().unwrap()).unwrap()
}

fn holds(comparison: &Value, input: &Value) -> Option<bool> {
    rule(comparison).matches(&Scope::of(input)).ok()
}

/// Checks one operator on `$.v` against values of it.
fn check(operator: &str, operand: impl Into<Value>, cases: &[(Value, bool)]) {
    let rule = json!({"Variable": "$.v", operator: operand.into()});
    for (value, expected) in cases {
        assert_eq!(holds(&rule, &json!({"v": value, "o": 2})), Some(*expected), "{rule} of {value}");
    }
}

#[test]
fn values_of_another_type_are_not_equal_to_anything() {
    check(
        "NumericEquals",
        json!(1),
        &[(json!(1), true), (json!(1.0), true), (json!("1"), false), (json!(null), false)],
    );
    check("NumericEqualsPath", "$.o", &[(json!(2), true), (json!("2"), false)]);
    check("StringEquals", "1", &[(json!("1"), true), (json!(1), false), (json!(["1"]), false)]);
    check("StringEqualsPath", "$.o", &[(json!("2"), false), (json!(2), false)]);
    check("BooleanEquals", false, &[(json!(false), true), (json!(null), false), (json!(0), false)]);
}

#[test]
fn numbers_texts_and_times_are_ordered() {
    check("NumericLessThan", 2, &[(json!(1.9), true), (json!(2), false), (json!("1"), false)]);
    check("NumericGreaterThanEqualsPath", "$.o", &[(json!(2), true), (json!(1), false)]);
    check("StringLessThan", "b", &[(json!("a"), true), (json!("B"), true), (json!("b"), false)]);
    // By UTF-16 units a character outside the basic plane comes before one near its end.
    check("StringLessThan", "\u{fffd}", &[(json!("\u{1f600}"), true)]);
    let noon = "2024-01-31T12:00:00Z";
    check(
        "TimestampEquals",
        noon,
        &[(json!("2024-01-31T13:00:00+01:00"), true), (json!("2024-01-31T12:00:00.000Z"), true), (json!("x"), false)],
    );
    check(
        "TimestampGreaterThan",
        noon,
        &[(json!("2024-01-31T12:00:00.001Z"), true), (json!("2024-01-31 13:00:00Z"), false)],
    );
}

#[test]
fn types_can_be_asked_for() {
    check("IsNull", true, &[(json!(null), true), (json!(0), false)]);
    check("IsNumeric", false, &[(json!(1.5), false), (json!("1"), true), (json!(null), true)]);
    check("IsString", true, &[(json!(""), true), (json!([]), false)]);
    check("IsBoolean", true, &[(json!(false), true), (json!("false"), false)]);
    check("IsTimestamp", true, &[(json!("2016-03-14T01:59:00Z"), true), (json!("2016-03-14T01:59:00z"), false)]);
    check("IsPresent", true, &[(json!(null), true)]);
}

#[test]
fn a_star_stands_for_any_text() {
    for (pattern, text, expected) in [
        ("*.log", "a.log", true),
        ("*.log", ".log", true),
        ("*.log", "a.logs", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("a*a", "a", false),
        (r"a\*", "a*", true),
        (r"a\*", "ab", false),
        (r"a\\*", r"a\b", true),
        ("", "", true),
        ("*", "", true),
    ] {
        check("StringMatches", pattern, &[(json!(text), expected)]);
    }
    check("StringMatches", "*a".repeat(2_000) + "b", &[(json!("a".repeat(100_000)), false)]);
}

#[test]
fn a_missing_variable_is_an_error_except_when_asked_whether_it_is_there() {
    let input = json!({"a": 1});
    assert_eq!(holds(&json!({"Variable": "$.no.such", "IsPresent": true}), &input), Some(false));
    assert_eq!(holds(&json!({"Variable": "$.a.b", "IsPresent": false}), &input), Some(true));
    assert_eq!(holds(&json!({"Variable": "$.no", "IsNull": true}), &input), None);
    assert_eq!(holds(&json!({"Variable": "$.a", "NumericEqualsPath": "$.no"}), &input), None);
    let scope = Scope::of(&input);
    let error = rule(&json!({"Variable": "$.no", "IsNull": true})).matches(&scope).unwrap_err();
    assert_eq!(
        error.aws_cause(&scope),
        "Invalid path '$.no': The choice state's condition path references an invalid value."
    );
}

#[test]
fn a_rule_is_not_applied_to_null() {
    for operator in ["IsPresent", "IsNull", "IsString"] {
        for variable in ["$", "$.a"] {
            let scope = Scope::of(&Value::Null);
            let error = rule(&json!({"Variable": variable, operator: true})).matches(&scope).unwrap_err();
            assert_eq!(error.aws_cause(&scope), "Unable to apply Path transformation to null or empty input.");
        }
    }
}

#[test]
fn an_element_that_is_not_there_is_null() {
    let input = json!({"n": [1]});
    assert_eq!(holds(&json!({"Variable": "$.n[3]", "IsNull": true}), &input), Some(true));
    assert_eq!(holds(&json!({"Variable": "$.n[-1]", "IsPresent": true}), &input), Some(true));
}

#[test]
fn combinations_look_no_further_than_they_must() {
    let (there, missing) =
        (json!({"Variable": "$.a", "IsPresent": true}), json!({"Variable": "$.no", "StringEquals": "x"}));
    let not = json!({"Not": there});
    let input = json!({"a": 1});
    assert_eq!(holds(&json!({"And": [not, missing]}), &input), Some(false));
    assert_eq!(holds(&json!({"Or": [there, missing]}), &input), Some(true));
    assert_eq!(holds(&json!({"And": [there, missing]}), &input), None);
    assert_eq!(holds(&json!({"Not": {"Or": [not, not]}}), &input), Some(true));
}

#[test]
fn mistakes_are_reported_where_they_are() {
    let wrong = |field: &str, expected| RuleProblem::WrongType { field: field.to_owned(), expected };
    for (rule, pointer, problem) in [
        (json!({"Variable": "$.a"}), "", RuleProblem::NoOperator),
        (json!({"StringEquals": "x"}), "", RuleProblem::Missing("Variable")),
        (json!({"Variable": "$.a", "StringEquals": 1}), "", wrong("StringEquals", "a string")),
        (json!({"Variable": "$.a", "IsNull": "true"}), "", wrong("IsNull", "a boolean")),
        (json!({"And": []}), "", wrong("And", "a list of rules, at least one")),
        (json!({"Or": [{"Variable": "$.a"}]}), "/Or/0", RuleProblem::NoOperator),
        (json!({"Not": {"Variable": "$.a", "IsNull": true, "Next": "X"}}), "/Not", RuleProblem::OnlyOutermost("Next")),
        (json!({"Variable": "$.a", "IsNull": true, "Foo": 1}), "", RuleProblem::Unknown("Foo".to_owned())),
        (
            json!({"Variable": "$.a", "IsNull": true, "IsString": true}),
            "",
            RuleProblem::SeveralOperators(vec!["IsNull".to_owned(), "IsString".to_owned()]),
        ),
    ] {
        let errors = Rule::compile(rule.as_object().unwrap()).unwrap_err();
        assert_eq!((errors[0].pointer.as_str(), &errors[0].problem), (pointer, &problem), "{rule}");
    }
    let errors = Rule::compile(json!({"Variable": "a", "IsNull": true}).as_object().unwrap()).unwrap_err();
    assert!(matches!(&errors[0].problem, RuleProblem::Path { field, .. } if field == "Variable"));
}

#[test]
fn an_explanation_shows_every_operand() {
    let rule = rule(&json!({"And": [
        {"Variable": "$.n", "NumericLessThanPath": "$.limit"},
        {"Not": {"Variable": "$.s", "StringEquals": "x"}},
    ]}));
    let explanation = rule.explain(&Scope::of(&json!({"n": 3, "limit": 2})));
    assert_eq!(explanation.outcome, Ok(false));
    let first = &explanation.parts[0];
    assert_eq!(first.text, "$.n NumericLessThanPath $.limit");
    assert_eq!(first.operands, [("$.n".to_owned(), Some(json!(3))), ("$.limit".to_owned(), Some(json!(2)))]);
    let second = &explanation.parts[1].parts[0];
    assert_eq!(second.operands, [("$.s".to_owned(), None)]);
    assert!(second.outcome.is_err());
}

#[test]
fn timestamps_are_strict_about_their_form() {
    let seconds = |text: &str| Timestamp::parse(text).map(Timestamp::seconds);
    assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(seconds("2024-02-29T23:59:59.5-00:30"), Some(1_709_252_999));
    assert_eq!(Timestamp::parse("2024-02-29T23:59:59.5Z").map(Timestamp::nanoseconds), Some(500_000_000));
    for text in [
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-01T25:00:00Z",
        "2024-01-01T00:00:00",
        "2024-01-01 00:00:00Z",
        "2024-01-01t00:00:00Z",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00Z ",
        "24-01-01T00:00:00Z",
        "",
    ] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
}
