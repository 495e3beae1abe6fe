use super::*;
use proptest::prelude::*;
use serde_json::json;
use std::time::{Duration, Instant};

fn listed(old: &Value, new: &Value) -> Vec<String> {
    let node = diff(old, new);
    assert_eq!(node.new_document().as_ref(), Some(new), "{old} to {new}");
    assert_eq!(node.differs(), !node.changes().is_empty());
    let text = |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default();
    let change = |change: &Change<'_>| {
        let was = change.was_at.as_ref().map(|was| format!(" (was {was})")).unwrap_or_default();
        format!("{} {}{was} {} -> {}", change.kind.name(), change.at, text(change.old), text(change.new))
    };
    node.changes().iter().map(change).collect()
}

#[test]
fn changes_are_listed_with_places_and_values() {
    for (old, new, expected) in [
        (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), vec![]),
        (json!({"a": {"b": 1}}), json!({"a": {"b": 2}}), vec!["changed $.a.b 1 -> 2"]),
        (json!({"a": 1}), json!({"a b": 1}), vec!["removed $.a 1 -> ", "added $['a b']  -> 1"]),
        (json!({"a": 1}), json!({"a": "1"}), vec![r#"retyped $.a 1 -> "1""#]),
        (json!({"a": 1}), json!({"a": 1.0}), vec!["rewritten $.a 1 -> 1.0"]),
        (json!([1, 2, 3]), json!([1, 3]), vec!["removed $[1] 2 -> "]),
        (json!([1, 2, 3]), json!([0, 1, 2, 3]), vec!["added $[0]  -> 0"]),
        (json!([1, 2]), json!([2, 1]), vec!["moved $[0] (was $[1])  -> "]),
        (json!({"a": null}), json!({}), vec!["removed $.a null -> "]),
        (json!([[[1]]]), json!([[[2]]]), vec!["changed $[0][0][0] 1 -> 2"]),
        (json!([]), json!({}), vec!["retyped $ [] -> {}"]),
    ] {
        assert_eq!(listed(&old, &new), expected, "{old} to {new}");
    }
}

#[test]
fn items_are_recognised_by_what_names_them() {
    let old = json!([{"sku": "LAMP", "n": 1}, {"sku": "BULB", "n": 4}, {"sku": "RUG", "n": 1}]);
    let new = json!([{"sku": "RUG", "n": 2}, {"sku": "LAMP", "n": 1}, {"sku": "PILLOW", "n": 1}]);
    assert_eq!(
        listed(&old, &new),
        [
            "moved $[0] (was $[2])  -> ",
            "changed $[0].n (was $[2].n) 1 -> 2",
            r#"removed $[1] {"sku":"BULB","n":4} -> "#,
            r#"added $[2]  -> {"sku":"PILLOW","n":1}"#,
        ]
    );
    let old = json!([{"orderId": 1, "n": 1}, {"orderId": 2, "n": 1}]);
    let new = json!([{"orderId": 0, "n": 1}, {"orderId": 1, "n": 9}, {"orderId": 2, "n": 1}]);
    let expected = [r#"added $[0]  -> {"orderId":0,"n":1}"#, "changed $[1].n (was $[0].n) 1 -> 9"];
    assert_eq!(listed(&old, &new), expected);
}

#[test]
fn items_without_names_are_recognised_by_likeness() {
    let old = json!([{"x": 1, "y": 2, "z": [1]}, {"x": 5, "y": 6, "z": [2]}]);
    let new = json!([{"q": 1}, {"x": 1, "y": 2, "z": [3]}, {"x": 5, "y": 6, "z": [2]}]);
    let expected = [r#"added $[0]  -> {"q":1}"#, "changed $[1].z[0] (was $[0].z[0]) 1 -> 3"];
    assert_eq!(listed(&old, &new), expected);
}

#[test]
fn json_in_strings_is_compared_as_json() {
    let old = json!({"body": r#"{"a": 1, "b": "[1]"}"#});
    let new = json!({"body": r#"{"b":"[2]","a":1}"#});
    assert_eq!(listed(&old, &new), ["changed $.body decoded $.b decoded $[0] 1 -> 2"]);
    assert_eq!(listed(&json!(r#"{"a": 1}"#), &json!(r#"{"a":1}"#)), Vec::<String>::new());
    assert_eq!(listed(&json!("{a}"), &json!("{b}")), [r#"changed $ "{a}" -> "{b}""#]);
}

struct Times;

impl Judge for Times {
    fn excuses(&self, name: &str, _: &Value, _: &Value) -> bool {
        name == "at"
    }
}

#[test]
fn what_the_judge_excuses_is_no_change() {
    let (old, new) = (json!({"at": 1, "in": [{"at": 3}]}), json!({"at": 2, "in": [{"at": 4}]}));
    let node = diff_with(&old, &new, &Times);
    assert!(!node.differs());
    assert_eq!(node.excused(), 2);
    assert_eq!(node.new_document(), Some(new));
}

fn drawn(rows: &Rows, context: usize) -> String {
    let row = |row: &Row| {
        let sign = match row.sign {
            Sign::Same | Sign::Inside => ' ',
            Sign::Excused => '≈',
            Sign::Added => '+',
            Sign::Removed => '-',
            Sign::Changed => '~',
            Sign::Moved => '>',
        };
        let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or("").to_owned();
        let indent = "  ".repeat(row.depth.into());
        format!("{sign} {indent}{} | {} | {}", row.label, text(&row.old), text(&row.new))
    };
    let line = |shown: Shown| match shown {
        Shown::Row(at) => row(&rows.all()[at]),
        Shown::Folded(range) => format!("  … {}", range.len()),
    };
    rows.folded(context).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn rows_fold_what_is_equal() {
    let old = json!({"a": 1, "b": {"x": [1, 2]}, "c": {"k": 1, "l": 2, "m": 3}, "d": 4, "s": "{\"q\":1}"});
    let new = json!({"a": 1, "b": {"x": [1, 2]}, "c": {"k": 1, "l": 5, "n": 3}, "d": 4, "s": "{\"q\":2}"});
    let rows = diff(&old, &new).rows();
    insta::assert_snapshot!(drawn(&rows, 0), @r#"
       | {} 5 | {} 5
      … 5
        c | {} 3 | {} 3
      … 1
    ~     l | 2 | 5
    -     m | 3 | 
    +     n |  | 3
      … 1
        s | decoded {} 1 | decoded {} 1
    ~     q | 1 | 2
    "#);
    insta::assert_snapshot!(drawn(&rows, 1), @r#"
       | {} 5 | {} 5
      … 5
        c | {} 3 | {} 3
          k | 1 | 1
    ~     l | 2 | 5
    -     m | 3 | 
    +     n |  | 3
        d | 4 | 4
        s | decoded {} 1 | decoded {} 1
    ~     q | 1 | 2
    "#);
    let changes = rows.changes().to_vec();
    assert_eq!(rows.next_change(0), changes.first().copied());
    assert_eq!(rows.next_change(changes[0]), changes.get(1).copied());
    assert_eq!(rows.previous_change(changes[1]), Some(changes[0]));
    assert_eq!((rows.previous_change(changes[0]), rows.next_change(changes[3])), (None, None));
}

fn quickly(old: &Value, new: &Value) -> usize {
    let started = Instant::now();
    let changes = diff(old, new).changes().len();
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    changes
}

#[test]
fn hostile_documents_do_not_take_for_ever() {
    let items = |from: usize, extra: usize| -> Value {
        (0..10_000).map(|n| json!({"a": 1, "b": "same", "c": [1, 2, (n + from) % 9_999], "d": extra})).collect()
    };
    quickly(&items(0, 0), &items(7, 1));
    let zeros = |n: usize| Value::Array(vec![json!(0); n]);
    assert_eq!(quickly(&zeros(10_000), &zeros(9_000)), 1_000);
    let bits = |by: usize| (0..5_000).map(|n| json!(n * n / by % 2)).collect::<Value>();
    quickly(&bits(3), &bits(5));
    let deep = |leaf: i64| (0..500).fold(json!(leaf), |inside, _| json!([inside, "x".repeat(20)]));
    quickly(&deep(1), &deep(2));
    let long = |by: usize| json!((0..20_000).map(|n| format!("w{} ", n * n / by % 977)).collect::<String>());
    let (old, new) = (long(3), long(5));
    assert_eq!(quickly(&old, &new), 1);
    let started = Instant::now();
    words(old.as_str().unwrap(), new.as_str().unwrap());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    let nested = |leaf: i64| (0..12).fold(json!(leaf), |inside, _| json!(json!([inside]).to_string()));
    assert_eq!(quickly(&nested(1), &nested(2)), 1);
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        prop_oneof![Just(1.0), Just(0.5)].prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((prop_oneof![Just("id"), Just("a"), Just("b"), Just("c d")], inner.clone()), 0..4)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            inner.prop_map(|value| Value::from(value.to_string())),
        ]
    })
}

proptest! {
    #[test]
    fn a_document_does_not_differ_from_itself(document in document()) {
        let node = diff(&document, &document);
        prop_assert!(!node.differs());
        prop_assert_eq!(node.changes(), vec![]);
    }

    #[test]
    fn changes_make_the_new_document_of_the_old(old in document(), new in document()) {
        let node = diff(&old, &new);
        prop_assert_eq!(node.new_document(), Some(new.clone()));
        prop_assert_eq!(node.clone().into_owned(), node.clone());
        let rows = node.rows();
        prop_assert_eq!(rows.all()[0].inside + 1, rows.all().len());
        for change in node.changes() {
            let found = |document: &Value, at: &At| follow(document, &at.0);
            if let Some(new_value) = change.new {
                prop_assert_eq!(found(&new, &change.at), Some(new_value.clone()));
            }
            if let Some(old_value) = change.old {
                prop_assert_eq!(found(&old, change.was_at.as_ref().unwrap_or(&change.at)), Some(old_value.clone()));
            }
        }
    }

    #[test]
    fn words_make_both_strings(old in "[ab ,é]{0,12}", new in "[ab ,é]{0,12}") {
        let (mut left, mut right) = (String::new(), String::new());
        for word in words(&old, &new) {
            match word {
                Word::Same(text) => { left.push_str(text); right.push_str(text); }
                Word::Removed(text) => left.push_str(text),
                Word::Added(text) => right.push_str(text),
            }
        }
        prop_assert_eq!((left, right), (old, new));
    }
}

fn follow(document: &Value, steps: &[Step]) -> Option<Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(document.clone()) };
    match step {
        Step::Member(name) => follow(document.get(&**name)?, rest),
        Step::Item(place) => follow(document.get(place)?, rest),
        Step::Decoded => follow(&serde_json::from_str(document.as_str()?).ok()?, rest),
    }
}

#[test]
fn changes_of_long_strings_carry_their_words() {
    let long = |word: &str| json!({ "cause": format!("the issuer of this card said {word} (51)"), "short": word });
    let (old, new) = (long("no"), long("yes"));
    let node = diff(&old, &new);
    let words: Vec<_> = node.changes().iter().map(Change::words).collect();
    let cause =
        vec![Word::Same("the issuer of this card said "), Word::Removed("no"), Word::Added("yes"), Word::Same(" (51)")];
    assert_eq!(words, [Some(cause), None]);
    let rows = node.rows();
    let words: Vec<_> = rows.all().iter().filter_map(Row::words).map(|words| words.len()).collect();
    assert_eq!(words, [4]);
    assert_eq!(in_words(&json!("a".repeat(40)), &json!("b".repeat(40))), None);
}
