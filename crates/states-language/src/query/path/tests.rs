//! Paths against documents. Expectations are Jayway's answers, its odd ones included.

use super::{MissReason, Path, ReferencePath, Root};
use crate::query::{Scope, SyntaxProblem};
use proptest::prelude::*;
use serde_json::{Value, json};

fn select(path: &str, document: &Value) -> Result<Value, String> {
    let path = Path::compile_bare(path).map_err(|error| format!("invalid: {}", error.problem))?;
    path.select(&Scope::of(document)).map(std::borrow::Cow::into_owned).map_err(|miss| miss.reason.to_string())
}

/// Checks that each path selects the value beside it, or nothing where there is none.
fn check(document: &Value, cases: &[(&str, Option<Value>)]) {
    for (path, expected) in cases {
        let found = select(path, document);
        assert_eq!(found.as_ref().ok(), expected.as_ref(), "{path} gives {found:?}");
    }
}

#[test]
fn names_and_indexes_lead_to_one_place() {
    let document = json!({"a": {"b c": [1, null, {"d": "x"}]}, "it's": 2, "é": 3, "": 4, "$x": 5, "0": 6});
    check(
        &document,
        &[
            ("$", Some(document.clone())),
            ("$.a['b c'][0]", Some(json!(1))),
            ("$['a'][\"b c\"][-1].d", Some(json!("x"))),
            ("$.a['b c'][1]", Some(Value::Null)),
            ("$.a['b c'][3]", None),
            ("$.a['b c'][-4]", None),
            ("$['it\\'s']", Some(json!(2))),
            ("$['\\u00e9']", Some(json!(3))),
            ("$['']", Some(json!(4))),
            ("$.$x", Some(json!(5))),
            ("$.0", Some(json!(6))),
            ("a['b c'][ 0 ]", Some(json!(1))),
            ("$[ 'it\\'s' ]", Some(json!(2))),
            ("$.a.b", None),
            ("$.a.b c", None),
            ("$.é.x", None),
        ],
    );
}

#[test]
fn several_values_come_as_a_list() {
    let document = json!({"n": [1, 5, 3], "o": {"a": 1, "b": {"a": 2}}, "e": []});
    check(
        &document,
        &[
            ("$.n[0,2]", Some(json!([1, 3]))),
            ("$.n[0,9]", Some(json!([1]))),
            ("$.n[-2:]", Some(json!([5, 3]))),
            ("$.n[:-1]", Some(json!([1, 5]))),
            ("$.n[1:2]", Some(json!([5]))),
            ("$.n[1:-1]", Some(json!([]))),
            ("$.n[-1:1]", Some(json!([3, 1]))),
            ("$.n[9:]", Some(json!([]))),
            ("$.n[:]", None),
            ("$.n[1 :2]", None),
            ("$.o.*", Some(json!([1, {"a": 2}]))),
            ("$.e[*]", Some(json!([]))),
            ("$..a", Some(json!([1, 2]))),
            ("$..nope", Some(json!([]))),
            ("$.nope..a", None),
            ("$.nope.*", None),
            ("$.o['a','b']", Some(json!({"a": 1, "b": {"a": 2}}))),
            ("$.o['x','y']", Some(json!({}))),
            ("$.o['a','b'].a", Some(json!([2]))),
            ("$..[0]", Some(json!([1]))),
            ("$.n[9]", None),
            ("$.n[9][*]", Some(json!([]))),
        ],
    );
}

#[test]
fn a_deep_scan_of_arrays_keeps_what_a_single_index_chose() {
    let document = json!({"list": [{"a": 1, "b": {"c": 1}}, {"a": 2, "b": {"c": 2}}]});
    check(
        &document,
        &[
            ("$..[0].a", Some(json!([1]))),
            ("$..[1].a", Some(json!([2]))),
            ("$..[*].a", Some(json!([]))),
            ("$..[0].b.c", Some(json!([1, 2]))),
            ("$..list[*].a", Some(json!([1, 2]))),
            ("$..[?(@.a > 1)].a", Some(json!([2]))),
        ],
    );
}

#[test]
fn filters_compare_as_jayway_does() {
    let document = json!({"i": [
        {"x": 1, "t": ["a", "b"], "s": "one"},
        {"x": "1", "t": [], "s": ""},
        {"x": 2.5, "s": "Two"},
        {"x": null},
        {"y": true},
    ], "limit": 2, "o": {"k": 1}});
    let xs = |filter: &str| select(&format!("$.i[?({filter})].x"), &document);
    for (filter, expected) in [
        ("@.x == 1", json!([1, "1"])),
        ("@.x === 1", json!([1])),
        ("@.x == '1'", json!([1, "1"])),
        ("@.x == 1.0", json!([1])),
        ("@.x != 1", json!([2.5, null])),
        ("@.x == null", json!([null])),
        ("@.x > 1", json!([2.5])),
        ("@.x >= $.limit", json!([2.5])),
        ("@.x<3&&@.x>0", json!([1, 2.5])),
        ("@.s&&@.x > 0", json!([])),
        ("@.x < 3 && @.x > 0", json!([1, 2.5])),
        ("@.x == 1 || @.s == 'Two'", json!([1, "1", 2.5])),
        ("!(@.x == 1)", json!([2.5, null])),
        ("@.s", json!([1, "1", 2.5])),
        ("!@.s", json!([null])),
        ("@.s =~ /t.*/i", json!([2.5])),
        ("@.s =~ /o/", json!([])),
        ("@.t =~ /a/", json!([1])),
        ("@.t contains 'a'", json!([1])),
        ("@.s contains 'n'", json!([1])),
        ("@.t size 2", json!([1])),
        ("@.s size 3", json!([1, 2.5])),
        ("@.t empty true", json!(["1"])),
        ("@.t EMPTY false", json!([1])),
        ("@.x in [1, 'q']", json!([1, "1"])),
        ("@.x nin ['1', 2.5]", json!([null])),
        ("@.x in $.i[0].t", json!([])),
        ("'a' in @.t", json!([1])),
        ("@.t subsetof ['a','b','c']", json!([1, "1"])),
        ("@.t anyof ['b']", json!([1])),
        ("@.t noneof ['b']", json!(["1"])),
        ("@.t == ['a','b']", json!([1])),
        ("['a','b'] == @.t", json!([])),
        ("@.t[*]", json!([1, "1"])),
        ("@.t all ['a']", json!([])),
        ("$.limit", json!([])),
    ] {
        assert_eq!(xs(filter), Ok(expected), "{filter}");
    }
    check(
        &document,
        &[
            ("$.o[?(@.k == 1)]", Some(json!([{"k": 1}]))),
            ("$.o[?(@.k == 1)].k", Some(json!([1]))),
            ("$.limit[?(@ == 2)]", None),
            ("$.i[*].x[?(@ == 2)]", Some(json!([]))),
            ("$.i[0].t[?(@ == 'b')]", Some(json!(["b"]))),
            ("$.i[?(@.t)][0]", Some(json!([]))),
            ("$..[?(@.k)]", Some(json!([{"k": 1}]))),
            ("$.i[?(@.t in [{'a':1}])]", None),
            ("$.i[?(@.x ~ 1)]", None),
            ("$.i[?(@.x == )]", None),
            ("$.i[?('a')]", None),
            ("$.i[?]", None),
            ("$.i[?(@.x =~ /(/)]", None),
        ],
    );
}

#[test]
fn functions_end_a_path() {
    let document = json!({"n": [1, 2, 3], "s": ["a", "b"], "o": {"a": [1], "b": []}, "one": [7], "neg": [-2, -1]});
    check(
        &document,
        &[
            ("$.n.length()", Some(json!(3))),
            ("$.n.size()", Some(json!(3))),
            ("$.o.keys()", Some(json!(["a", "b"]))),
            ("$.n.keys()", Some(Value::Null)),
            ("$.n.sum()", Some(json!(6.0))),
            ("$.n.sum(4)", Some(json!(10.0))),
            ("$.sum($.n[*])", Some(json!(6.0))),
            ("$..n.length()", Some(json!(3))),
            ("$.o.*.length()", Some(json!([1, 0]))),
            ("$.neg.max()", Some(json!(5e-324))),
            ("$.n.first()", Some(json!(1))),
            ("$.n.last()", Some(json!(3))),
            ("$.one.last()", None),
            ("$.n.index(-1)", Some(json!(3))),
            ("$.n.index(7)", None),
            ("$.s.concat(\"-\", $.s)", Some(json!("ab-ab"))),
            ("$.n.append(4)", Some(json!([1, 2, 3, 4]))),
            ("$.n.append('x')", Some(json!([1, 2, 3]))),
            ("$.n.nope()", None),
            ("$.n.length().x", None),
            ("$.n.sum(", None),
        ],
    );
}

#[test]
fn the_last_character_after_a_step_is_not_looked_at() {
    let document = json!({"n": [1]});
    check(&document, &[("$.n[", Some(json!([1]))), ("$.n[0]x", Some(json!(1))), ("$.n[0]xy", None), ("$.n.", None)]);
}

#[test]
fn roots_are_the_input_the_context_and_the_variables() {
    let (input, context) = (json!({"a": 1}), json!({"Execution": {"Id": "e"}}));
    let variables = serde_json::Map::from_iter([("über_1".to_owned(), json!({"b": [2]}))]);
    let scope = Scope { context: &context, variables: &variables, ..Scope::of(&input) };
    let value = |path: &str| Path::compile(path).unwrap().select(&scope).unwrap().into_owned();
    assert_eq!(value("$$.Execution.Id"), json!("e"));
    assert_eq!(value("$$"), context);
    assert_eq!(value("$über_1.b[0]"), json!(2));
    assert_eq!(value("$über_1"), json!({"b": [2]}));
    assert_eq!(Path::compile("$name").unwrap().root(), &Root::Variable("name".into()));
    let miss = Path::compile("$nope.x").unwrap().select(&scope).unwrap_err();
    assert_eq!(miss.reason, MissReason::NoVariable("nope".into()));
    assert!(Path::compile("a.b").is_err());
}

#[test]
fn a_miss_is_told_in_jayways_words() {
    let document = json!({"a": {"s": "x", "n": null, "l": [1]}});
    for (path, expected) in [
        ("$.a.b", "No results for path: $['a']['b']"),
        ("$.no.such.path", "Missing property in path $['no']"),
        ("$.a.l[4]", "No results for path: $['a']['l'][4]"),
        ("$.a.n[0]", "The path $['a']['n'] is null"),
        ("$.a[0]", "Filter: [0] can only be applied to arrays. Current context is: {s=x, n=null, l=[1]}"),
    ] {
        assert_eq!(select(path, &document), Err(expected.to_owned()), "{path}");
    }
    assert!(select("$.a.s.x", &document).unwrap_err().starts_with(
        "Expected to find an object with property ['x'] in path $['a']['s'] but found 'java.lang.String'."
    ));
}

#[test]
fn syntax_errors_say_where_they_are() {
    for (path, offset) in [("$.a b", 3), ("$.a[", 4), ("$.a[?(@.x == )]", 13), ("$v.a[x]", 5), ("$.", 2), ("$ .a", 1)] {
        match Path::compile(path) {
            Ok(_) => assert_eq!(path, "$.a[", "the bracket is not looked at"),
            Err(error) => assert_eq!(error.offset, offset, "{path}: {error}"),
        }
    }
}

#[test]
fn a_value_is_written_where_a_reference_path_points() {
    let write = |path: &str, document: Value| {
        ReferencePath::compile(path).unwrap().write(document, json!(9)).map_err(|error| error.place)
    };
    assert_eq!(write("$", json!({"a": 1})), Ok(json!(9)));
    let written = write("$.b", json!({"a": 1, "b": 2, "c": 3})).unwrap();
    assert_eq!(written.to_string(), r#"{"a":1,"b":9,"c":3}"#);
    let written = write("$.new.deep", json!({"z": 1})).unwrap();
    assert_eq!(written.to_string(), r#"{"z":1,"new":{"deep":9}}"#);
    assert_eq!(write("$.l[1].x", json!({"l": [1, {"x": 1}]})), Ok(json!({"l": [1, {"x": 9}]})));
    assert_eq!(write("$.n.x", json!({"n": null})), Ok(json!({"n": {"x": 9}})));
    assert_eq!(write("$.s.x", json!({"s": "text"})), Err("$['s']".to_owned()));
    assert_eq!(write("$.l[2]", json!({"l": [1]})), Err("$['l']".to_owned()));
    for path in ["$.a[*]", "$..a", "$.a[0,1]", "$.a[?(@)]", "$.a.length()", "$.a[0:1]"] {
        let error = ReferencePath::compile(path).unwrap_err();
        assert_eq!(error.problem, SyntaxProblem::NotAReferencePath, "{path}");
    }
}

#[test]
fn an_explanation_shows_where_a_path_stops() {
    let document = json!({"order": {"items": [{"price": 1}]}});
    let explain = |path: &str| Path::compile(path).unwrap().explain(&Scope::of(&document));
    let trail = explain("$.order.item[0]");
    assert_eq!(trail.stages.last().unwrap().part, "$['order']['item']");
    assert_eq!(trail.instead.unwrap().similar, Some(("item".to_owned(), "items".to_owned())));
    assert!(trail.miss.is_some());
    let trail = explain("$.order.items[*].prise");
    assert_eq!(trail.instead.unwrap().similar, Some(("prise".to_owned(), "price".to_owned())));
    assert_eq!(trail.stages.len(), 5);
}

/// A value nested as deep as asked; parsing text cannot make one, programs can.
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |value, at| match at % 2 {
        0 => Value::Array(vec![value]),
        _ => Value::Object(serde_json::Map::from_iter([("a".to_owned(), value)])),
    })
}

/// Takes a value apart from the outside, because dropping it recurses.
fn take_apart(mut value: Value) {
    loop {
        value = match value {
            Value::Array(mut items) => items.pop().unwrap_or_default(),
            Value::Object(members) => members.into_iter().next().map(|(_, member)| member).unwrap_or_default(),
            _ => return,
        };
    }
}

#[test]
fn deep_documents_and_endless_paths_end() {
    let deep = nested(10_000);
    for path in ["$", "$..a", "$..*", "$..*..*..*..*", "$..[?(@..a)]", "$..a.length()", "$.*.*.*"] {
        let path = Path::compile(path).unwrap();
        let _ = path.select(&Scope::of(&deep)).map_err(|miss| miss.to_string());
    }
    take_apart(deep);
    let wide = Value::Array((0..2_000).map(|number| json!({"a": [number, [number]]})).collect());
    for path in ["$..*..*..*", "$[?(@.a in $..*)]", "$..[?(@..[?(@..[?(@..a)])])]"] {
        let _ = select(path, &wide);
    }
    for path in [
        "$".to_owned() + &"[*]".repeat(600),
        "$[?(".to_owned() + &"(".repeat(5_000),
        "$[?(!".to_owned() + &"!".repeat(9_000),
    ] {
        assert!(Path::compile(&path).is_err());
    }
    let nested_filters = (0..40).fold("@".to_owned(), |path, _| format!("@[?({path})]"));
    assert!(Path::compile(&nested_filters.replacen('@', "$", 1)).is_err());
    let long = "a".repeat(50_000);
    assert_eq!(select("$[?(@ =~ /(a*)*b/)]", &json!([long])), Ok(json!([])));
    assert!(Path::compile("$[?(@ =~ /((a{100}){100}){100}/)]").is_err());
}

proptest! {
    #[test]
    fn any_text_is_a_path_or_an_error(text in r#"\$?(\.{0,2}[a-c@$*'"\[\](),?!=<>~&|/\\: 0-9-]{1,3}){0,8}"#) {
        let document = json!({"a": [1, {"b": "x", "c": null}], "b": {"a": {"c": [[1], 2.5, "y"]}}, "c": -1});
        match Path::compile_bare(&text) {
            Ok(path) => {
                let selected = path.select(&Scope::of(&document));
                prop_assert_eq!(selected.is_err(), path.explain(&Scope::of(&document)).miss.is_some());
                let _ = selected.map_err(|miss| miss.to_string());
            }
            Err(error) => prop_assert!(error.offset <= text.len() + 2, "{error:?}"),
        }
    }

    #[test]
    fn any_unicode_text_is_a_path_or_an_error(text in ".{0,40}") {
        for root in ["$.", "$[", "$['", "$[?(@.", "$.f(", ""] {
            let _ = Path::compile(&format!("{root}{text}"));
        }
    }
}
