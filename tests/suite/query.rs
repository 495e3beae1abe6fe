//! `stepback query` as it is typed: the value, the exit code, and what is said when there is no value.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Runs `stepback query` with a document on standard input; gives the exit code, standard output and standard error.
fn query(args: &[&str], document: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stepback"))
        .arg("query")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("standard input is piped").write_all(document.as_bytes()).expect("it reads its input");
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text").trim_end().to_owned();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

const ORDER: &str = r#"{"order": {"id": "o-1", "items": [{"price": 5}, {"price": 12.5}]}}"#;

#[test]
fn every_kind_of_expression_has_a_value() {
    for (expression, expected) in [
        ("$.order.items[?(@.price > 10)].price", "[12.5]"),
        ("order.id", r#""o-1""#),
        ("States.Format('{}: {}', $.order.id, $.order.items)", r#""o-1: [{price=5}, {price=12.5}]""#),
        (r#"{"b.$": "$.order.id", "a.$": "States.MathAdd(1.5, 1)", "s": 1}"#, r#"{"s":1,"a":3,"b":"o-1"}"#),
        ("{% $sum($states.input.order.items.price) %}", "17.5"),
        (r#"{"total": "{% $count($states.input.order.items) %}"}"#, r#"{"total":2}"#),
    ] {
        assert_eq!(query(&[expression, "-"], ORDER), (0, expected.to_owned(), String::new()), "{expression}");
    }
}

#[test]
fn context_and_variables_are_given_as_json() {
    let args = ["--context", r#"{"State":{"Name":"S"}}"#, "--variables", r#"{"n":{"a":[7]}}"#];
    let value = |expression: &str| query(&[&[expression], &args[..]].concat(), "").1;
    assert_eq!(value("$$.State.Name"), r#""S""#);
    assert_eq!(value("$n.a[0]"), "7");
    assert_eq!(value("{% $n.a[0] & $states.context.State.Name %}"), r#""7S""#);
    assert_eq!(value("$"), "{}");
}

#[test]
fn a_path_that_selects_nothing_says_what_is_there() {
    let (code, value, reason) = query(&["$.order.item[0]", "-"], ORDER);
    assert_eq!((code, value.as_str()), (1, ""));
    insta::assert_snapshot!(reason, @r"
    Invalid path '$.order.item[0]' : Missing property in path $['order']['item']
    hint: There is no 'item' there; perhaps 'items' is meant.
    ");
}

#[test]
fn an_explanation_goes_step_by_step() {
    let (code, explanation, _) = query(&["--explain", "$.order.items[*].prise", "-"], ORDER);
    assert_eq!(code, 0);
    insta::assert_snapshot!(explanation, @r#"
    $                                {"order":{"id":"o-1","items":[{"price":5},{"price":12.5}]}}
    $['order']                       {"id":"o-1","items":[{"price":5},{"price":12.5}]}
    $['order']['items']              [{"price":5},{"price":12.5}]
    $['order']['items'][*]           [{"price":5},{"price":12.5}]
    $['order']['items'][*]['prise']  []
    There is no 'prise' there; perhaps 'price' is meant.
    = []
    "#);
}

#[test]
fn a_mistake_is_pointed_at() {
    let (code, _, reason) = query(&["$.order.items["], "");
    assert_eq!(code, 2);
    insta::assert_snapshot!(reason, @r"
    error: Not a valid JSONPath: expected a quoted name, an index, '*' or '?'.
      $.order.items[
                    ^
    ");
    let (code, _, reason) = query(&["$.a", "no-such-file.json"], "");
    assert_eq!(code, 2);
    assert!(reason.starts_with("error: Cannot read 'no-such-file.json': "), "{reason}");
}
