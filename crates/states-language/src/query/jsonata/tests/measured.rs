//! What was measured at AWS (us-east-1, 2026-08 and 09) and differs from the reference implementation.

use super::evaluate;
use crate::query::Scope;
use crate::query::jsonata::{Expression, Session};
use serde_json::{Value, json};

fn outcome(text: &str) -> String {
    match evaluate(text, &json!({})) {
        Ok(value) => value.to_string(),
        Err(kind) => kind.to_string(),
    }
}

#[test]
fn integers_pass_unchanged() {
    for number in ["9007199254740993", "9223372036854775807"] {
        let input: Value = serde_json::from_str(number).unwrap();
        for (text, expected) in [
            ("$states.input", number.to_owned()),
            ("$string($states.input)", format!("\"{number}\"")),
            (&format!("$parse('{number}')"), number.to_owned()),
            (number, number.to_owned()),
        ] {
            assert_eq!(evaluate(text, &input).unwrap().to_string(), expected, "{text}");
        }
    }
}

#[test]
fn what_is_no_number_comes_out_as_text() {
    for (text, expected) in [
        ("1/0", r#""Infinity""#),
        ("-1/0", r#""-Infinity""#),
        ("0/0", r#""NaN""#),
        ("1e308*10", r#""Infinity""#),
        ("[1/0]", r#"["Infinity"]"#),
    ] {
        assert_eq!(outcome(text), expected, "{text}");
    }
}

#[test]
fn functions_of_aws() {
    const UNDEFINED: &str = "returned nothing (undefined).";
    for (text, expected) in [
        ("$random(42)", "0.7275636800328681"),
        ("$random(42.9)", "0.7275636800328681"),
        ("$range(0.9, 3.9, 1.9)", "[0,1,2,3]"),
        ("$partition([1,2,3], 2.9)", "[[1,2],[3]]"),
        ("$range(1,5)", UNDEFINED),
        ("$range(1,5,0)", UNDEFINED),
        ("$partition([1],0)", UNDEFINED),
        ("$partition([],2)", UNDEFINED),
        ("$hash('x')", UNDEFINED),
        ("$partition([1,2,3])", "[[1,2,3]]"),
        ("$count($range(1,360145,1))", "360145"),
        ("[1..873782] ~> $count()", "873782"),
        ("$type($partition([1,2],1))", r#""array""#),
    ] {
        assert_eq!(outcome(text), expected, "{text}");
    }
}

#[test]
fn codes_of_aws() {
    for (text, code) in [
        ("$parse('nonsense')", "D3137"),
        ("$parse('')", "D3137"),
        ("$parse('1 2')", "D3137"),
        (r#"$parse('{"a":1,"a":2}')"#, "D3137"),
        ("$parse('1e400')", "D3137"),
        ("$hash('x', 'CRC')", "D3137"),
        ("$partition([1], -1)", "D3137"),
        ("$hash(1, 'MD5')", "T0410"),
        ("$uuid(1)", "T0410"),
        ("$random(1, 2)", "T0410"),
        ("$hash('x', 'MD5', 1)", "T0410"),
        ("$partition(null, 2)", "T0412"),
        ("$formatNumber(1,'#0e')", "D3093"),
    ] {
        let outcome = outcome(text);
        assert!(outcome.starts_with(&format!("threw an error during evaluation. {code}: ")), "{text}: {outcome}");
    }
    assert_eq!(outcome("$base64decode(\"!!!\")"), "threw an internal error during evaluation");
}

#[test]
fn depth_and_memory_of_aws() {
    let overflow = "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive \
                    function. Consider rewriting as tail-recursive.";
    let memory = "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive \
                  memory usage";
    let brackets = |count: usize| format!("{}1{}", "[".repeat(count), "]".repeat(count));
    let chained = |count: usize| format!("1{}", " ~> $string()".repeat(count));
    let sum = |terms: usize| vec!["1"; terms].join("+");
    let recursion = |times: usize| format!("($f := function($n){{ $n = 0 ? 0 : 1 + $f($n - 1) }}; $f({times}))");
    for text in [brackets(100), chained(100), sum(101), recursion(32)] {
        assert_eq!(outcome(&text), overflow, "{text}");
    }
    for text in [brackets(99), chained(99), sum(100), recursion(31)] {
        assert!(!outcome(&text).contains("overflow"), "{text}");
    }
    for text in ["$range(1,360146,1)", "[1..873783]", "$pad('x', 262146)"] {
        assert_eq!(outcome(text), memory, "{text}");
    }
}

#[test]
fn the_parser_names_characters() {
    for (text, expected) in [
        ("$states.input.a[1,2)", r#"S0202: Expected "]", got ",""#),
        (r#"{"a":}"#, r#"S0211: The symbol "}" cannot be used as a unary operator"#),
        ("/abc", "S0302: No terminating / in regular expression"),
        ("1 ?? 2", r#"S0211: The symbol "?" cannot be used as a unary operator"#),
        ("1 ?: 2", r#"S0211: The symbol ":" cannot be used as a unary operator"#),
        ("1 +", "S0207: Unexpected end of expression"),
        ("(1", r#"S0203: Expected ")" before end of expression"#),
    ] {
        assert_eq!(Expression::compile(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn a_session_of_nothing_has_no_result() {
    let expression = Expression::compile("$exists($states.result)").unwrap();
    assert_eq!(expression.evaluate(&Session::new(Scope::of(&Value::Null)), "Output"), Ok(json!(false)));
}
