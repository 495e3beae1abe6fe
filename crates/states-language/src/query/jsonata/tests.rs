mod hostile;
mod measured;
mod recorded;

use super::*;
use crate::query::{Scope, Sources};
use serde_json::{Value, json};
use std::cell::Cell;

fn evaluate(text: &str, input: &Value) -> Result<Value, FailureKind> {
    let expression = Expression::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    expression.evaluate(&Session::new(Scope::of(input)), "Output").map_err(|failure| failure.kind)
}

fn failure(text: &str, input: &Value) -> FailureKind {
    match evaluate(text, input) {
        Err(kind) => kind,
        Ok(value) => panic!("{text} gave a value of {} bytes", value.to_string().len()),
    }
}

/// `(expression, value)`, checked against the reference implementation but for AWS's own functions.
#[test]
fn expressions_have_the_values_of_the_reference_implementation() {
    let input = json!({
        "a": {"b": 1, "c": [1, 2]}, "n": 3, "s": "str", "one": [1], "empty": [], "list": [1, 2, 3],
        "objs": [{"k": 1, "v": "a"}, {"k": 2, "v": "b"}, {"k": 3, "v": "a"}],
    });
    for (text, expected) in [
        ("$states.input.n + 1", json!(4)),
        ("$states.input.one", json!([1])),
        ("$states.input.empty", json!([])),
        ("$states.input.objs.k", json!([1, 2, 3])),
        ("$states.input.objs[k=2]", json!({"k": 2, "v": "b"})),
        ("$states.input.objs[0].k", json!(1)),
        ("$states.input.objs.(k & '-' & v)", json!(["1-a", "2-b", "3-a"])),
        ("$states.input.objs{v: $sum(k)}", json!({"a": 4, "b": 2})),
        ("$states.input.list[-1]", json!(3)),
        ("[1..3, 5]", json!([1, 2, 3, 5])),
        ("[$states.input.list, $states.input.list]", json!([1, 2, 3, 1, 2, 3])),
        ("[[1,2],[3]]", json!([[1, 2], [3]])),
        ("{'a': $states.input.missing, 'b': 1}", json!({"b": 1})),
        ("$join($states.input.objs.v, '-')", json!("a-b-a")),
        ("['a','b'] ~> $join('+')", json!("a+b")),
        ("($j := $join(?, '+'); $j(['a','b']))", json!("a+b")),
        ("$map([1,2,3], $string) ~> $join(',')", json!("1,2,3")),
        ("$states.input.s.$pad(5, '-')", json!("str--")),
        ("$map(['a','bb'], function($s){ $pad($s, -4, '.') })", json!(["...a", "..bb"])),
        ("$replace('aXbX', 'X', 'y', 1)", json!("aybX")),
        ("$replace('265USD', /([0-9]+)USD/, '$$$1')", json!("$265")),
        ("$replace('abc', /b/, function($m){ '<' & $m.match & '>' })", json!("a<b>c")),
        ("$states.input.s.$replace('s', '_')", json!("_tr")),
        ("'a' & 1 & true & null & {'b': 1} & $states.input.missing", json!("a1truenull{\"b\":1}")),
        ("$string({'a': 1, 'b': [1, 2.5, null, true]})", json!(r#"{"a":1,"b":[1,2.5,null,true]}"#)),
        ("($f := function($n, $a){ $n = 0 ? $a : $f($n - 1, $a + $n) }; $f(5000, 0))", json!(12_502_500)),
        ("$states.input ~> |a|{'q': 9}, 'c'| ~> $lookup('a')", json!({"b": 1, "q": 9})),
        ("$substring('hello', -3)", json!("llo")),
        ("$x := 5", json!(5)),
    ] {
        assert_eq!(evaluate(text, &input), Ok(expected), "{text}");
    }
}

/// As recorded: a single number out of `$range` stands alone, `-0` is 0.
#[test]
fn aws_adds_functions() {
    for (text, expected) in [
        ("$range(0, 10, 3)", json!([0, 3, 6, 9])),
        ("$range(1, 9, 9)", json!(1)),
        ("$range(3, 1, -1)", json!([3, 2, 1])),
        ("$partition([1,2,3,4,5], 2)", json!([[1, 2], [3, 4], [5]])),
        ("$parse('-0')", json!(0)),
        ("$parse('{\"Arg1\": 1, \"Arg2\": []}')", json!({"Arg1": 1, "Arg2": []})),
        ("$clone({'a': 1})", json!({"a": 1})),
        ("$random(5) = $random(5)", json!(true)),
        ("($r := $random(); $r >= 0 and $r < 1)", json!(true)),
        ("$random() = $random()", json!(false)),
        ("$hash('abc', 'MD5')", json!("900150983cd24fb0d6963f7d28e17f72")),
        ("$hash('abc', 'SHA-1')", json!("a9993e364706816aba3e25717850c26c9cd0d89d")),
        ("$length($hash('a', 'SHA-512'))", json!(128)),
        ("$length($uuid())", json!(36)),
        ("$uuid() = $uuid()", json!(false)),
        ("$sum($shuffle([1,2,3]))", json!(6)),
    ] {
        assert_eq!(evaluate(text, &json!({})), Ok(expected), "{text}");
    }
}

/// Integers of 64 bits pass as they are; doubles are written as JavaScript writes them.
#[test]
fn numbers_are_integers_where_they_fit() {
    for (number, written) in [
        ("1.0", "1"),
        ("-0.0", "0"),
        ("1.5", "1.5"),
        ("9007199254740993", "9007199254740993"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("12345678901234567890", "12345678901234567000"),
        ("1e300", "1e+300"),
    ] {
        let input: Value = serde_json::from_str(number).unwrap();
        for text in ["$states.input", "[$states.input][0]", "($x := $states.input; $x)"] {
            assert_eq!(evaluate(text, &input).unwrap().to_string(), written, "{text} of {number}");
        }
    }
}

#[test]
fn failures_are_worded_as_aws_words_them() {
    for (text, expected) in [
        ("$doesNotExist", "returned nothing (undefined)."),
        ("$states.result", "returned nothing (undefined)."),
        ("$", "returned nothing (undefined)."),
        ("$$", "returned nothing (undefined)."),
        ("foo", "returned nothing (undefined)."),
        ("$fn := function($x){$x}", "returned an unsupported result type."),
        ("{'f': $uppercase}", "returned an unsupported result type."),
        ("/a/", "returned an unsupported result type."),
        (
            "$pad('x', 1e9)",
            "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage",
        ),
        ("$randomSeeded(1)", "threw an error during evaluation. T1006: Attempted to invoke a non-function"),
        ("$eval('1')", "threw an error during evaluation. T1006: Attempted to invoke a non-function"),
        (
            "'a' + 1",
            "threw an error during evaluation. T2001: The left side of the \"+\" operator must evaluate to a number",
        ),
        ("-'a'", "threw an error during evaluation. D1002: Cannot negate a non-numeric value: \"a\""),
        (
            "'a' > 2",
            "threw an error during evaluation. T2009: The values \"a\" and 2 either side of operator \">\" must be of the same data type",
        ),
        (
            "$states.input < 2",
            "threw an error during evaluation. T2010: The expressions either side of operator \"<\" must evaluate to numeric or string values",
        ),
        (
            "$uppercase(1)",
            "threw an error during evaluation. T0410: Argument 1 of function \"uppercase\" does not match function signature",
        ),
        (
            "$uppercase('a', 'b')",
            "threw an error during evaluation. T0410: Argument 2 of function \"uppercase\" does not match function signature",
        ),
        (
            "$map([1], function($v){ $join([$v]) })",
            "threw an error during evaluation. T0412: Argument 1 of function \"join\" must be an array of \"strings\"",
        ),
        (
            "$sum(['a'])",
            "threw an error during evaluation. T0412: Argument 1 of function \"sum\" must be an array of \"numbers\"",
        ),
        ("$number('a')", "threw an error during evaluation. D3030: Unable to cast value to a number: \"a\""),
        ("$error('boom')", "threw an error during evaluation. D3137: boom"),
    ] {
        assert_eq!(failure(text, &json!({})).to_string(), expected, "{text}");
    }
}

#[test]
fn a_failure_names_expression_and_field() {
    let template = Template::compile(&json!({"list": [1, {"x": "{%  $missing  %}"}]})).unwrap();
    let failure = template.evaluate(&Session::new(Scope::of(&Value::Null)), "Output").unwrap_err();
    assert_eq!(&*failure.field, "Output/list[1]/x");
    assert_eq!(
        failure.aws_cause(),
        "The JSONata expression '$missing' specified for the field 'Output/list[1]/x' returned nothing (undefined)."
    );
}

#[test]
fn a_value_of_another_type_is_shown() {
    let expression = Expression::compile("{'foo': 'bar'}").unwrap();
    let failure =
        expression.evaluate_as(crate::json::Kind::Array, &Session::new(Scope::of(&Value::Null)), "Items").unwrap_err();
    assert_eq!(
        failure.aws_cause(),
        "The JSONata expression '{'foo': 'bar'}' specified for the field 'Items' returned an unexpected result type. \
         Expected 'array', but was 'object' for value: {\"foo\":\"bar\"}"
    );
}

#[test]
fn only_strings_wholly_between_the_marks_are_expressions() {
    for (text, expected) in [
        ("{%x%}", Some("x")),
        ("{% $a %}", Some("$a")),
        ("{%%}", Some("")),
        ("{%}", None),
        (" {% x %} ", None),
        ("a {% x %}", None),
    ] {
        assert_eq!(expression_text(text), expected, "{text}");
        assert_eq!(is_expression(text), expected.is_some(), "{text}");
    }
}

#[test]
fn a_template_keeps_order_literals_and_keys() {
    let source = json!({"z": "{% 1 %}", "{% a %}": [" {% x %} ", "{% [2] %}"], "a": {"b": null}});
    let template = Template::compile(&source).unwrap();
    assert_eq!(template.constant(), None);
    assert_eq!(template.expressions().len(), 2);
    let value = template.evaluate(&Session::new(Scope::of(&Value::Null)), "Output").unwrap();
    assert_eq!(value.to_string(), r#"{"z":1,"{% a %}":[" {% x %} ",[2]],"a":{"b":null}}"#);
}

#[test]
fn a_template_reports_every_mistake() {
    let errors = Template::compile(&json!({"a": "{% 1 + %}", "b/c": ["{% ) %}", "{% 1 %}"]})).unwrap_err();
    let places: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/a", "/b~1c/0"]);
}

#[test]
fn references_are_what_is_free_in_the_text() {
    let text = "($x := $y; $f := function($p){ $p + $f($p) + $q }; $map($states.input.a.b[c = $z], $f) ~> $g; $x & $states.context.State.Name & $y)";
    let expression = Expression::compile(text).unwrap();
    let references = expression.references();
    assert_eq!(references.variables().filter(|name| *name != "g").collect::<Vec<_>>(), ["y", "q", "z"]);
    let input = references.places().iter().find(|place| place.binding == Binding::Input).unwrap();
    assert_eq!(input.path, ["a", "b"].map(Box::<str>::from));
    assert!(references.uses(&Binding::Context));
    assert!(!references.uses(&Binding::Result));
}

/// Counts what it is asked for.
#[derive(Default)]
struct Counted(Cell<i64>);

impl Sources for Counted {
    fn now_millis(&self) -> i64 {
        self.0.set(self.0.get() + 1);
        self.0.get() * 1_000
    }

    fn uuid(&self) -> String {
        String::new()
    }

    fn random(&self) -> u64 {
        0
    }
}

#[test]
fn time_stands_still_during_an_evaluation() {
    let sources = Counted::default();
    let scope = Scope { sources: &sources, ..Scope::of(&Value::Null) };
    let session = Session::new(scope);
    let expression = Expression::compile("[$millis(), $millis(), $now(), $now('[s]')]").unwrap();
    let at = |millis: i64, text: &str, second: &str| Ok(json!([millis, millis, text, second]));
    assert_eq!(expression.evaluate(&session, "f"), at(1_000, "1970-01-01T00:00:01.000Z", "01"));
    assert_eq!(expression.evaluate(&session, "f"), at(2_000, "1970-01-01T00:00:02.000Z", "02"));
}

#[test]
fn a_variable_hides_a_function() {
    let variables = json!({"not": 1, "uuid": 2}).as_object().unwrap().clone();
    let input = Value::Null;
    let session = Session::new(Scope { variables: &variables, ..Scope::of(&input) });
    for text in ["$not(true)", "$uuid()"] {
        let failure = Expression::compile(text).unwrap().evaluate(&session, "f").unwrap_err();
        assert!(failure.kind.to_string().ends_with("T1006: Attempted to invoke a non-function"), "{text}");
    }
}

#[test]
fn compiled_expressions_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Expression>();
    shared::<Template>();
}

#[test]
fn an_explanation_shows_each_step() {
    let input = json!({"items": [{"price": 1}, {"price": 2}], "tax": 0.5});
    let text = "$sum($states.input.items.price) + $states.input.tax & (' eur' ~> $uppercase())";
    let explanation = Expression::compile(text).unwrap().explain(&Session::new(Scope::of(&input)));
    let places: Vec<String> = explanation.places.iter().map(|(place, value)| format!("{place} = {value}")).collect();
    assert_eq!(places, [r#"$states.input.items.price = [{"price":1},{"price":2}]"#, "$states.input.tax = 0.5"]);
    let written = |step: &Step| step.written(&step.operands.iter().map(Part::to_string).collect::<Vec<_>>());
    let steps: Vec<String> =
        explanation.steps.iter().map(|step| format!("{} → {}", written(step), step.result)).collect();
    let expected =
        ["$sum([1,2]) → 3", "3 + 0.5 → 3.5", r#"$uppercase(" eur") → " EUR""#, r#"3.5 & " EUR" → "3.5 EUR""#];
    assert_eq!(steps, expected);
}
