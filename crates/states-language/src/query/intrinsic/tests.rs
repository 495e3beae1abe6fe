//! Calls with literal arguments, as a definition writes them, and what they give.

use super::Call;
use crate::query::{Scope, SyntaxProblem};
use proptest::prelude::*;
use serde_json::{Value, json};

fn evaluate(call: &str, input: &Value) -> Result<Value, String> {
    let scope = Scope::of(input);
    let call = Call::compile(call).map_err(|error| format!("invalid: {error}"))?;
    call.evaluate(&scope).map_err(|error| error.aws_cause(&scope))
}

fn check(input: &Value, cases: &[(&str, Value)]) {
    for (call, expected) in cases {
        assert_eq!(evaluate(call, input).as_ref(), Ok(expected), "{call}");
    }
}

fn refused(input: &Value, calls: &[&str]) {
    for call in calls {
        let compiled = Call::compile(call).unwrap();
        let error = compiled.evaluate(&Scope::of(input)).unwrap_err();
        assert!(error.is_intrinsic_failure(), "{call}: {error}");
    }
}

#[test]
fn format_prints_as_java_does() {
    let input = json!({"o": {"Arg1": 1, "Arg2": []}, "d": 1.1, "e": 1e21, "s": "x", "n": null, "t": "{}-{}"});
    check(
        &input,
        &[
            ("States.Format('{} {} {}', $.o, $.n, true)", json!("{Arg1=1, Arg2=[]} null true")),
            ("States.Format('{}|{}|{}', $.d, $.e, 100)", json!("1.1|1.0E21|100")),
            (r"States.Format('\{\} it\'s {} \\', $.s)", json!(r"{} it's x \")),
            ("States.Format($.t, 1, 2)", json!("1-2")),
            (r"States.Format('\{ \}')", json!("{ }")),
            ("States.Format('')", json!("")),
        ],
    );
    refused(&input, &["States.Format('{}')", "States.Format('{}', 1, 2)", "States.Format($.o)"]);
}

#[test]
fn json_goes_into_text_and_back() {
    let input = json!({"o": {"b": 1.0, "a": [null]}, "blank": "  "});
    check(
        &input,
        &[
            ("States.JsonToString($.o)", json!(r#"{"b":1.0,"a":[null]}"#)),
            (r#"States.StringToJson('{"b":[1, 2]}')"#, json!({"b": [1, 2]})),
            ("States.StringToJson($.blank)", Value::Null),
            ("States.StringToJson('-0')", json!(0)),
            ("States.StringToJson('[-0, 1]')", json!([0, 1])),
            (
                "States.JsonMerge($.o, States.StringToJson('{\"a\":2,\"c\":3}'), false)",
                json!({"b": 1.0, "a": 2, "c": 3}),
            ),
        ],
    );
    let merged = r#"States.JsonMerge(States.StringToJson('{"constant_in_literal":1}'), States.StringToJson('{"constant_input_field":2}'), false)"#;
    let merged = evaluate(merged, &input).unwrap().to_string();
    assert_eq!(merged, r#"{"constant_input_field":2,"constant_in_literal":1}"#, "the order of a HashMap");
    refused(&input, &["States.StringToJson('{')", "States.StringToJson(1)", "States.JsonMerge($.o, $.o, true)"]);
}

#[test]
fn arrays_are_cut_counted_and_searched() {
    let input = json!({"n": [1, 2, 3, 4, 5], "o": [{"a": 1, "b": 2}, {"b": 2, "a": 1}, 1, 1.0, "1", null, null]});
    check(
        &input,
        &[
            ("States.Array()", json!([])),
            ("States.Array('a', 1, $.n[0], null)", json!(["a", 1, 1, null])),
            ("States.ArrayPartition($.n, 2)", json!([[1, 2], [3, 4], [5]])),
            ("States.ArrayPartition($.n, 1.5)", json!([[1, 2], [3, 4], [5]])),
            ("States.ArrayPartition(States.Array(), 3)", json!([])),
            ("States.ArrayContains($.n, 3)", json!(true)),
            ("States.ArrayContains($.n, '3')", json!(false)),
            ("States.ArrayContains($.o, $.o[1])", json!(true)),
            ("States.ArrayRange(0, 10, 3)", json!([0, 3, 6, 9])),
            ("States.ArrayRange(5, 1, -2)", json!([5, 3, 1])),
            ("States.ArrayRange(1, 5, -1)", json!([])),
            ("States.ArrayRange(1, 1, 7)", json!([1])),
            ("States.ArrayGetItem($.n, 4)", json!(5)),
            ("States.ArrayLength($.n)", json!(5)),
            ("States.ArrayLength($..a)", json!(2)),
            ("States.ArrayUnique($.o)", json!([{"a": 1, "b": 2}, 1, 1.0, "1", null])),
        ],
    );
    refused(
        &input,
        &[
            "States.ArrayPartition($.n, 0)",
            "States.ArrayPartition($.n, -1)",
            "States.ArrayRange(0, 1, 0)",
            "States.ArrayRange(1, 1001, 1.2e0)",
            "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)",
            "States.ArrayGetItem($.n, 5)",
            "States.ArrayGetItem($.n, -1)",
            "States.ArrayLength('abc')",
            "States.ArrayContains('abc', 'a')",
        ],
    );
    assert_eq!(evaluate("States.ArrayRange(1, 1000, 1)", &input).unwrap().as_array().unwrap().len(), 1_000);
}

#[test]
fn numbers_are_rounded_half_up_before_they_are_added() {
    let input = json!({});
    for (left, right, sum) in [
        ("1.49", "1.5", 3),
        ("-1.5", "0", -1),
        ("-1.51", "0", -2),
        ("-0.5", "0.5", 1),
        ("2.5", "0", 3),
        ("-2.5", "0", -2),
    ] {
        assert_eq!(evaluate(&format!("States.MathAdd({left}, {right})"), &input), Ok(json!(sum)));
    }
    refused(&input, &["States.MathAdd(2147483647, 1)", "States.MathAdd('1', 1)", "States.MathRandom(5, 5)"]);
    let seeded = evaluate("States.MathRandom(1, 1000, 7)", &input);
    assert_eq!(seeded, evaluate("States.MathRandom(1, 1000, 7)", &input));
    assert!((1..1_000).contains(&seeded.unwrap().as_i64().unwrap()));
    assert_eq!(evaluate("States.MathRandom(-5, -4)", &input), Ok(json!(-5)));
}

#[test]
fn text_is_split_encoded_and_hashed() {
    let input = json!({"long": "x".repeat(10_001)});
    check(
        &input,
        &[
            ("States.StringSplit(',a;b,,c', ',;')", json!(["a", "b", "c"])),
            ("States.StringSplit(',,,,', ',')", json!([])),
            ("States.StringSplit('abc', '')", json!(["abc"])),
            ("States.Base64Encode('Data to encode')", json!("RGF0YSB0byBlbmNvZGU=")),
            ("States.Base64Decode('RGF0YSB0byBlbmNvZGU')", json!("Data to encode")),
            ("States.Hash('input data', 'SHA-1')", json!("aaff4a450a104cd177d28d18d74485e8cae074b7")),
            ("States.UUID()", json!("00000000-0000-4000-8000-000000000000")),
        ],
    );
    refused(
        &input,
        &[
            "States.Base64Decode('#')",
            "States.Hash('a', 'sha-1')",
            "States.Hash($.long, 'MD5')",
            "States.Base64Encode($.long)",
        ],
    );
}

#[test]
fn calls_are_nested_ten_deep_and_no_deeper() {
    let nested = |depth: usize| format!("{}{}", "States.Array(".repeat(depth), ")".repeat(depth));
    assert!(Call::compile(&nested(10)).is_ok());
    assert_eq!(Call::compile(&nested(11)).unwrap_err().problem, SyntaxProblem::TooDeep { limit: 10 });
}

#[test]
fn mistakes_in_the_text_are_told() {
    for (call, expected) in [
        ("States.Frmat('x')", "there is no function 'States.Frmat', perhaps 'States.Format' is meant (at offset 0)"),
        (r"States.Format('\n')", r"'\n' is not an escape sequence (at offset 15)"),
        ("States.Format('x", "expected a closing quote (at offset 16)"),
        ("States.Format('x') y", "expected the end of the expression (at offset 19)"),
        (
            "States.Array(1,)",
            "expected a text in single quotes, a number, true, false, null, a path or a call (at offset 15)",
        ),
        ("States.Array($.a[)", "expected a quoted name, an index, '*' or '?' (at offset 17)"),
        (
            "States.Array(\"x\")",
            "expected a text in single quotes, a number, true, false, null, a path or a call (at offset 13)",
        ),
        ("Format('x')", "expected an intrinsic function such as States.Format (at offset 0)"),
    ] {
        assert_eq!(Call::compile(call).map_err(|error| error.to_string()).unwrap_err(), expected, "{call}");
    }
}

#[test]
fn paths_inside_a_call_may_hold_commas_and_parentheses() {
    let input = json!({"a,b": [{"x": 1, "s": ")"}, {"x": 2, "s": ","}]});
    check(
        &input,
        &[
            ("States.Array( $['a,b'][?(@.x > 1 && @.s == ',')].x , $['a,b'][0].x )", json!([[2], 1])),
            ("States.ArrayLength($['a,b'])", json!(2)),
        ],
    );
}

#[test]
fn a_failure_names_the_call_it_happened_in() {
    let input = json!({"a": 1});
    assert_eq!(
        evaluate("States.Format('{}', $.no)", &input),
        Err("The function 'States.Format('{}', $.no)' had the following error: The JsonPath argument for the field \
             '$.no' could not be found in the input '{\"a\":1}'"
            .to_owned())
    );
    for (call, expected) in [
        // Measured: the function that fails is named, and the call as a whole.
        (
            "States.ArrayLength($.a)",
            "There was an error while evaluating the intrinsic function: States.ArrayLength($.a). Invalid arguments in \
             States.ArrayLength",
        ),
        (
            "States.Array(States.ArrayLength($.a))",
            "There was an error while evaluating the intrinsic function: States.Array(States.ArrayLength($.a)). Invalid \
             arguments in States.ArrayLength",
        ),
        (
            "States.Array(States.Format('{}', $$.Nope.Deep))",
            "The function 'States.Array(States.Format('{}', $$.Nope.Deep))' had the following error: The JsonPath argument \
             for the field '$.Nope.Deep' could not be found in the input 'null'",
        ),
        (
            "States.Format('a { \"n\": 1 } {}', $.a)",
            "There was an error while evaluating the intrinsic function: States.Format('a { \"n\": 1 } {}', $.a). Invalid \
             template in States.Format: matching '}' not found for '{'.",
        ),
    ] {
        assert_eq!(evaluate(call, &input), Err(expected.to_owned()));
    }
}

#[test]
fn an_element_that_is_not_there_is_a_missing_argument() {
    let input = json!({"n": [1, null]});
    check(&input, &[("States.Array($.n[1])", json!([null])), ("States.Array($.n[0,7])", json!([[1, null]]))]);
    for call in ["States.Array($.n[2])", "States.Array($.n[-1])", "States.Array($.nope)"] {
        assert!(evaluate(call, &input).unwrap_err().contains("could not be found in the input"), "{call}");
    }
}

#[test]
fn arguments_are_counted_when_a_call_is_evaluated() {
    let input = json!({"a": {}});
    for (call, miscount) in [
        ("States.MathAdd(1)", "States.MathAdd takes 2 arguments, not 1"),
        ("States.JsonMerge($.a, $.a)", "States.JsonMerge takes 3 arguments, not 2"),
        ("States.Array(States.UUID(1))", "States.UUID takes no argument, not 1"),
    ] {
        let compiled = Call::compile(call).unwrap();
        assert_eq!(compiled.miscounts(), [miscount]);
        let error = compiled.evaluate(&Scope::of(&input)).unwrap_err();
        assert!(error.is_intrinsic_failure() && error.to_string().contains(miscount), "{error}");
    }
}

#[test]
fn results_larger_than_any_payload_are_refused() {
    let input = json!({"s": "x".repeat(1 << 20)});
    let many = format!("States.Format('{}', {})", "{}".repeat(100), vec!["$.s"; 100].join(", "));
    assert!(evaluate(&many, &input).is_err());
    let arrays = (0..9).fold("$.s".to_owned(), |inner, _| format!("States.Array({inner}, {inner})"));
    assert!(evaluate(&arrays, &input).is_err());
}

proptest! {
    #[test]
    fn any_text_is_a_call_or_an_error(text in r#"(States\.(Array|Format|MathAdd|Hash|UUID)?|[(),'$.\\\[\] {}a1é-]|null){0,20}"#) {
        let input = json!({"a": [1, "x"]});
        match Call::compile(&text) {
            Ok(call) => { let _ = call.evaluate(&Scope::of(&input)).map_err(|error| error.to_string()); }
            Err(error) => prop_assert!(error.offset <= text.len(), "{error:?}"),
        }
    }
}
