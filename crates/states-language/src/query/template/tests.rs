//! Templates, and the order of what they give.

use super::{Template, TemplateProblem};
use crate::query::Scope;
use serde_json::{Value, json};

fn evaluate(template: &Value, input: &Value) -> String {
    Template::compile(template).unwrap().evaluate(&Scope::of(input)).unwrap().to_string()
}

#[test]
fn static_members_come_first_and_the_others_in_the_order_of_a_hash_map() {
    let template = json!({"input.$": "$.a", "execution.$": "$.a", "state.$": "$.a", "definitionMarker": true});
    let result = evaluate(&template, &json!({"a": 1}));
    assert_eq!(result, r#"{"definitionMarker":true,"input":1,"execution":1,"state":1}"#);
}

#[test]
fn keys_of_one_bucket_keep_their_order() {
    // "Aa" and "BB" have the same hash code.
    let result = evaluate(&json!({"BB.$": "$", "Aa.$": "$", "s": {"x.$": "$"}}), &json!(0));
    assert_eq!(result, r#"{"s":{"x":0},"BB":0,"Aa":0}"#);
}

#[test]
fn expressions_are_evaluated_in_objects_at_any_depth_but_not_in_plain_strings() {
    let template = json!({"a": [{"b.$": "States.MathAdd($.n, 1)"}, "$.n", 1], "c.$": "$..n", "d": {"e": "$.n"}});
    let result = evaluate(&template, &json!({"n": 4}));
    assert_eq!(result, r#"{"a":[{"b":5},"$.n",1],"d":{"e":"$.n"},"c":[4]}"#);
}

#[test]
fn a_template_without_expressions_is_its_own_value() {
    let constant = json!({"a": [1, {"b": "$.x"}], "$": 1});
    let template = Template::compile(&constant).unwrap();
    assert_eq!(template.constant(), Some(&constant));
    let input = json!(null);
    assert!(matches!(template.evaluate(&Scope::of(&input)), Ok(std::borrow::Cow::Borrowed(_))));
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let template = json!({"a.$": 1, "b": {"c/d": [{"e.$": "e"}]}, "f": 1, "f.$": "$", "g.$": "States.Nope()"});
    let errors = Template::compile(&template).unwrap_err();
    let places: Vec<_> = errors.iter().map(|error| (error.pointer.as_str(), error.field.as_str())).collect();
    assert_eq!(places, [("", "a.$"), ("/b/c~1d/0", "e.$"), ("", "f.$"), ("", "g.$")]);
    assert_eq!(errors[0].problem, TemplateProblem::NotText);
    assert_eq!(errors[2].problem, TemplateProblem::Duplicate);
}

#[test]
fn a_path_that_selects_nothing_quotes_what_it_was_applied_to() {
    let (input, context) = (json!({"other": [1]}), json!({"State": {"Name": "S"}}));
    let scope = Scope { context: &context, ..Scope::of(&input) };
    for (path, expected) in [
        (
            "$.nope.deep",
            r#"The JSONPath '$.nope.deep' specified for the field 'x.$' could not be found in the input '{"other":[1]}'"#,
        ),
        (
            "$$.Task.Token",
            r#"The JSONPath '$$.Task.Token' specified for the field 'x.$' could not be found in the input '{"State":{"Name":"S"}}'"#,
        ),
    ] {
        let template = Template::compile(&json!({"in": {"x.$": path}})).unwrap();
        assert_eq!(template.evaluate(&scope).unwrap_err().aws_cause(&scope), expected);
    }
}

#[test]
fn paths_in_templates_are_jayways() {
    let input = json!({"items": [1], "rows": [[1], [], [2]]});
    for (path, expected) in
        [("$.items[5]", "null"), ("$.items[-1]", "null"), ("$.missing[*]", "[]"), ("$.rows[*][0]", "[1,null,2]")]
    {
        assert_eq!(evaluate(&json!({"x.$": path}), &input), format!(r#"{{"x":{expected}}}"#), "{path}");
    }
    for (path, input, expected) in [
        ("$", json!(null), "Unable to apply Path transformation to null or empty input."),
        ("States.Array($.a)", json!(null), "Unable to apply Path transformation to null or empty input."),
        (
            "$[0:2]",
            json!({}),
            "The JSONPath '$[0:2]' specified for the field 'x.$' could not be found in the input '{}'",
        ),
    ] {
        let template = Template::compile(&json!({"x.$": path})).unwrap();
        assert_eq!(template.evaluate(&Scope::of(&input)).unwrap_err().aws_cause(&Scope::of(&input)), expected);
    }
}

#[test]
fn a_template_nested_beyond_reason_is_refused() {
    let deep = (0..300).fold(json!({"a.$": "$"}), |value, _| Value::Array(vec![value]));
    assert_eq!(Template::compile(&deep).unwrap_err()[0].problem, TemplateProblem::TooDeep);
}
