//! Paths against documents. Expectations are Jayway's answers, its odd ones included.

use super::{MissReason, Path, Places, ReferencePath, Root};
use crate::query::choice::Rule;
use crate::query::intrinsic::Call;
use crate::query::template::Template;
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
    let document = json!({"a": {"b c": [1, null, {"d": "x"}]}, "it's": 2, "é": 3, "": 4, "$x": 5, "0": 6, "q\\": 7});
    check(
        &document,
        &[
            ("$", Some(document.clone())),
            ("$.a['b c'][0]", Some(json!(1))),
            ("$.['a']['b c'][2].d", Some(json!("x"))),
            ("$.a['b c'][(@.length-1)].d", Some(json!("x"))),
            ("$.a['b c'][1]", Some(Value::Null)),
            ("$['']", Some(json!(4))),
            ("$.$x", Some(json!(5))),
            ("$.0", Some(json!(6))),
            ("a['b c'][ 0 ]", Some(json!(1))),
            (" $[ 'é' ] ", Some(json!(3))),
            ("@.é", Some(json!(3))),
            ("$.a.b", None),
            ("$.a.b c", None),
            ("$.é.x", None),
            ("$[\"a\"]", None),
            ("$.a['b c'].length()", None),
            ("$.a['b c'][0].x", None),
        ],
    );
}

#[test]
fn an_index_that_an_array_does_not_have_is_null() {
    let document = json!({"n": [1, 5], "one": [{"a": 1}], "null": null, "nulls": [null]});
    check(
        &document,
        &[
            ("$.n[2]", Some(Value::Null)),
            ("$.n[-1]", Some(Value::Null)),
            ("$.n[0,7]", Some(json!([1, null]))),
            ("$.n[-1:1]", Some(json!([null, 1]))),
            ("$.one[-1].a", None),
            ("$.one[0,1].a", None),
            ("$.null[0]", None),
            ("$.nulls[0][0]", None),
            ("$.one[*][0]", None),
        ],
    );
    // What is missing is passed over by `[*]`; what is of the wrong kind is not.
    check(&json!([[1], [], [null]]), &[("$[*][0]", Some(json!([1, null, null])))]);
    check(&json!([{"a": 1}, 2, null, {}]), &[("$[*].a", Some(json!([1]))), ("$[*][0]", None)]);
}

#[test]
fn several_values_come_as_a_list() {
    let document = json!({"n": [1, 5, 3], "o": {"a": 1, "b": {"a": 2}}, "e": []});
    check(
        &document,
        &[
            ("$.n[0,2]", Some(json!([1, 3]))),
            ("$.n[-2:]", Some(json!([5, 3]))),
            ("$.n[:-1]", Some(json!([1, 5]))),
            ("$.n[1:2]", Some(json!([5]))),
            ("$.n[1 : 2]", Some(json!([5]))),
            ("$.n[1:-1]", Some(json!([]))),
            ("$.n[9:]", Some(json!([]))),
            ("$.n[:]", None),
            ("$.o.*", Some(json!([1, {"a": 2}]))),
            ("$.e[*]", Some(json!([]))),
            ("$.nope.*", Some(json!([]))),
            ("$.nope[*]", Some(json!([]))),
            ("$.n[0][*]", Some(json!([]))),
            ("$..a", Some(json!([1, 2]))),
            ("$..nope", Some(json!([]))),
            ("$.nope..a", Some(json!([]))),
            ("$.o['a','b']", Some(json!({"a": 1, "b": {"a": 2}}))),
            ("$.o['x','y']", Some(json!({}))),
            ("$.o['a','b'].a", None),
            ("$..[0]", Some(json!([1, null]))),
        ],
    );
}

#[test]
fn a_name_that_is_missing_in_the_middle_is_an_error_where_the_rest_is_definite() {
    let document = json!({"x": {"p": {"a": {}}, "q": {}}});
    check(&document, &[("$.x.*.a", None), ("$.x.*.a.b", None), ("$.x.p[*].b", None), ("$.x.q.b.*", Some(json!([])))]);
    check(&json!([{"a": {}}, {}]), &[("$[*].a.b.c", Some(json!([]))), ("$..a.b.c", None), ("$..a.*", Some(json!([])))]);
}

#[test]
fn a_deep_scan_passes_over_a_step_that_suits_an_array() {
    let document = json!({"list": [{"a": 1, "b": {"c": 1}}, {"a": 2, "b": {"c": 2}}]});
    check(
        &document,
        &[
            ("$..[0].a", Some(json!([1, 2]))),
            ("$..[9].b.c", Some(json!([1, 2]))),
            ("$..[*].a", None),
            ("$..list[*].a", Some(json!([1, 2]))),
            ("$..[?(@.a > 1)].a", Some(json!([2]))),
            ("$....a", Some(json!([]))),
        ],
    );
}

#[test]
fn filters_compare_as_jayway_does() {
    let document = json!({"i": [
        {"x": 1, "s": "one"},
        {"x": "1", "s": ""},
        {"x": 2.5, "s": "Two"},
        {"x": null},
        {"y": true},
    ], "limit": 2, "o": {"k": 1}});
    let xs = |filter: &str| select(&format!("$.i[?({filter})].x"), &document);
    for (filter, expected) in [
        ("@.x == 1", json!([1, "1"])),
        ("@.x == '1'", json!([1, "1"])),
        ("@.x == 1.0", json!([1])),
        ("@.x != 1", json!([2.5, null])),
        ("@.x == null", json!([null])),
        ("@.x > 1", json!([2.5])),
        ("@.x >= $.limit", json!([2.5])),
        ("@.x<3&&@.x>0", json!([1, "1", 2.5])),
        ("@.x == 1 || @.s == 'Two'", json!([1, "1", 2.5])),
        ("(@.x == 1 || @.x == 2.5) && @.s == 'Two'", json!([1, "1", 2.5])),
        ("@.s", json!([1, "1", 2.5])),
        ("@.s == Two", json!([2.5])),
        ("@.s == \"Two\"", json!([])),
        ("@.s =~ /t.*/i", json!([2.5])),
        ("@.s =~ /o/", json!([])),
        ("$.limit", json!([])),
    ] {
        assert_eq!(xs(filter), Ok(expected), "{filter}");
    }
    check(
        &document,
        &[
            ("$.o[?(@.k == 1)]", Some(json!([{"k": 1}]))),
            ("$.i[?(!@.s)]", Some(json!([{"x": null}, {"y": true}]))),
            ("$.o[?(@.k == 1)].k", Some(json!([1]))),
            ("$.o[?($.o == $.o)].k", Some(json!([1]))),
            ("$.o[?($.o == $['o'])].k", Some(json!([]))),
            ("$.limit[?(@ == 2)]", None),
            ("$.i[*].s[?(@ == 2)]", None),
            ("$..[?(@.k)]", Some(json!([{"k": 1}]))),
            ("$.i[?(@.x == one)]", None),
            ("$.i[?(!(@.x == 1))]", Some(json!([]))),
            ("$.i[?(!(@.x))]", None),
            ("$.i[?(@.x in ['1'])]", None),
            ("$.i[?(@..x)]", None),
            ("$.i[?('a')]", None),
            ("$.i[?]", None),
            ("$.e[?]", Some(json!([]))),
            ("$.i[?(@.s == ']')]", None),
            ("$.i[?(@.x =~ /(/)]", None),
        ],
    );
}

#[test]
fn what_later_versions_call_functions_are_names() {
    let document = json!({"n": [1, 2, 3], "o": {"length()": 1}});
    check(
        &document,
        &[
            ("$.n.length()", None),
            ("$.n.sum()", None),
            ("$.o.length()", Some(json!(1))),
            ("$.n[*].max()", Some(json!([]))),
        ],
    );
}

#[test]
fn words_without_quotes_are_told() {
    let words = |path: &str| Path::compile(path).unwrap().bare_words().join(" ");
    assert_eq!(words("$.Labels[?(@.Name==Receipt)]"), "Receipt");
    assert_eq!(words("$.a[?(@.b == \"x\" && @.c != 1.5 || @.d == true)]"), "\"x\"");
    assert_eq!(words("$.a[?(@.b == 'x' && @.c == null || @.d =~ /x/)]"), "");
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
    let document = json!({"a": {"s": "x", "n": null, "l": [1]}, "m": {"b": {}}});
    for (path, expected) in [
        ("$.a.b", "No results for path: $['a']['b']"),
        ("$.no.such.path", "Missing property in path $['no']"),
        ("$.a.s.x", "Property ['x'] not found in path $['a']['s']"),
        ("$.a.l[4].x", "Property ['x'] not found in path $['a']['l'][4]"),
        ("$.m.*.x", "No results for path: $['m']['b']['x']"),
        ("$.a.n[0]", "The path $['a']['n'] is null"),
        ("$.a['s', 'n'].x", "Multi properties can only be used as path leafs: $['a']['s', 'n']"),
        (
            "$.a[0].b",
            r#"Filter: [0]['b'] can only be applied to arrays. Current context is: {"s":"x","n":null,"l":[1]}"#,
        ),
        ("$.a.s[1:]", "Filter: [1:] can only be applied to arrays. Current context is: x"),
        ("$.a.s[?(@)]", "Filter: [?] can not be applied to primitives. Current context is: x"),
    ] {
        assert_eq!(select(path, &document), Err(expected.to_owned()), "{path}");
    }
}

#[test]
fn a_path_is_not_applied_to_null() {
    let miss =
        |path: &str| Path::compile(path).unwrap().select(&Scope::of(&Value::Null)).map_err(|miss| miss.to_string());
    for path in ["$", "$.a", "$[*]"] {
        assert_eq!(miss(path), Err("Unable to apply Path transformation to null or empty input.".to_owned()), "{path}");
    }
    let root = Path::compile("$").unwrap();
    assert_eq!(root.read(&Scope::of(&Value::Null)).unwrap().into_owned(), Value::Null);
}

#[test]
fn syntax_errors_say_where_they_are() {
    for (path, offset) in [
        ("$.a b", 3),
        ("$.a[", 4),
        ("$.a[?(@.b..c == 1)]", 6),
        ("$.a[?(@.b == 1 && @.c.. == 2)]", 18 + 5),
        ("$v.a[x]", 5),
        ("$.", 2),
        ("$ .a", 1),
        ("$a..", 4),
    ] {
        match Path::compile(path) {
            Ok(_) => panic!("{path} is a path"),
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
    assert_eq!(write("$.l[-1]", json!({"l": [1]})), Err("$['l']".to_owned()));
    for path in ["$.a[*]", "$..a", "$.a[0,1]", "$.a[?(@)]", "$.a['b','c']", "$.a[0:1]"] {
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
    for path in ["$", "$..a", "$..*", "$..*..*..*..*", "$..[?(@.a)]", "$..[0]", "$.*.*.*"] {
        let path = Path::compile(path).unwrap();
        let _ = path.select(&Scope::of(&deep)).map_err(|miss| miss.to_string());
    }
    take_apart(deep);
    let wide = Value::Array((0..2_000).map(|number| json!({"a": [number, [number]]})).collect());
    for path in ["$..*..*..*", "$[-2147483648:1]", "$..[?(@.a)]..[?(@.a)]..[?(@.a)]"] {
        let _ = select(path, &wide);
    }
    for path in [
        "$".to_owned() + &"[*]".repeat(600),
        "$[?(".to_owned() + &"(".repeat(5_000),
        "$[?(!".to_owned() + &"!".repeat(9_000),
    ] {
        assert!(Path::compile(&path).is_err());
    }
    let nested_filters = (0..4_000).fold("@".to_owned(), |path, _| format!("@[?({path})]"));
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

/// The answers of the library itself, and who made them: `tests/jsonpath/compare.py`.
const RECORDED: &str = include_str!("../../../tests/jsonpath/answers.json");

/// Calls with each document, path and answer: a kind, and a value or a sentence where there is one.
fn recorded(mut look: impl FnMut(&Value, &str, &[Value])) {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let mut count = 0;
    for entry in recorded["documents"].as_array().unwrap() {
        for answer in entry[1].as_array().unwrap() {
            let (path, answer) = answer.as_array().unwrap().split_first().unwrap();
            look(&entry[0], path.as_str().unwrap(), answer);
            count += 1;
        }
    }
    assert!(count >= 4_000, "only {count} answers");
}

#[test]
fn the_library_answers_the_same() {
    recorded(|document, path, answer| {
        let found = match Path::compile_bare(path) {
            // `$$` and `$name` mean something to Step Functions only.
            Ok(compiled) if *compiled.root() != Root::Input => json!(["refused"]),
            Ok(compiled) => match compiled.read(&Scope::of(document)) {
                Ok(value) => json!(["value", value]),
                Err(_) if answer[0] == "failed" => json!(["failed"]),
                Err(miss) => json!(["error", miss.reason.to_string().replace('\n', " ")]),
            },
            Err(_) => json!(["refused"]),
        };
        assert_eq!(found.to_string(), json!(answer).to_string(), "{path} in {document}");
    });
}

/// The value that stands at the places a path selects; nothing when it is new.
fn placed(path: &Path, document: &Value) -> Option<Value> {
    let value = |at: &crate::json::At| at.find(document).map(std::borrow::Cow::into_owned);
    match path.places(&Scope::of(document)).unwrap() {
        Places::One(at) => value(&at),
        Places::Several(places) => places.iter().map(value).collect(),
        Places::Made => None,
    }
}

#[test]
fn all_who_evaluate_a_path_answer_the_same() {
    let mut compared = (0, 0, 0);
    recorded(|document, text, answer| {
        let (Ok(path), false) = (Path::compile(text), document.is_null()) else { return };
        if *path.root() != Root::Input {
            return;
        }
        let scope = Scope::of(document);
        let expected = answer.get(1).filter(|_| answer[0] == "value");
        let selected = path.select(&scope).ok().map(std::borrow::Cow::into_owned);
        assert_eq!(selected.as_ref(), expected, "{text} in {document}");
        let trail = path.explain(&scope);
        assert_eq!(trail.miss.is_some(), expected.is_none(), "{text}");
        // A part of a list may select nothing, which is an error by itself.
        if let (Some(expected), Some(stage)) = (expected, trail.stages.last()) {
            assert!(stage.selected.as_ref().is_none_or(|selected| selected == expected), "{text}");
        }
        let template = Template::compile(&json!({"x.$": text})).unwrap();
        let made = template.evaluate(&scope).ok().map(|value| value["x"].clone());
        assert_eq!(made.as_ref(), expected, "{text} in a template");
        let rule = json!({"Variable": text, "IsPresent": true});
        let present = Rule::compile(rule.as_object().unwrap()).unwrap().matches(&scope).unwrap();
        assert_eq!(present, expected.is_some(), "{text} in a rule");
        compared.0 += 1;
        if expected.is_some()
            && let Some(placed) = placed(&path, document)
        {
            assert_eq!(Some(&placed), expected, "the places of {text}");
            compared.1 += 1;
        }
        // A path with a comma or a parenthesis outside of brackets is none as an argument.
        let call = Call::compile(&format!("States.Array({text})")).ok();
        if let Some(call) = call.filter(|call| call.paths().iter().map(|path| path.text()).eq([text])) {
            let value = call.evaluate(&scope).ok().map(|value| value[0].clone());
            let absent = value.is_none() && expected == Some(&Value::Null);
            assert!(absent || value.as_ref() == expected, "{text} as an argument: {value:?}");
            compared.2 += 1;
        }
    });
    assert!(compared.0 > 2_500 && compared.1 > 1_000 && compared.2 > 2_000, "{compared:?}");
}
