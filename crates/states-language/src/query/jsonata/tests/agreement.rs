//! The short way and the full evaluator give the same values.

use crate::query::Scope;
use crate::query::jsonata::{Expression, FailureKind, Session};
use proptest::prelude::*;
use serde_json::{Value, json};

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-5_i64..5).prop_map(Value::from),
        prop_oneof![Just(1.0), Just(0.5), Just(-0.0), Just(1e20), Just(1e300), Just(12345678901234567890.0)]
            .prop_map(Value::from),
        prop_oneof![Just(i64::MAX), Just(i64::MIN), Just((1 << 53) + 1)].prop_map(Value::from),
        prop_oneof![Just(""), Just("a"), Just("b"), Just("10"), Just("é")].prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(prop_oneof![Just("a"), Just("b"), Just("c")], inner, 0..4)
                .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// An object more often than not, or few paths would lead anywhere.
fn members() -> impl Strategy<Value = Value> {
    let object = (document(), document(), document()).prop_map(|(a, b, c)| json!({"a": a, "b": b, "c": c}));
    prop_oneof![4 => object, 1 => document()]
}

fn plain_expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => prop_oneof![Just("$states.input"), Just("$states.result"), Just("$states.context"), Just("$v"), Just("$missing"), Just("$uppercase")]
            .prop_flat_map(|root| {
                prop::collection::vec(prop_oneof![Just(".a"), Just(".b"), Just(".c")], 0..3)
                    .prop_map(move |names| format!("{root}{}", names.concat()))
            }),
        2 => prop_oneof![Just("0"), Just("1"), Just("2.5"), Just("1e300"), Just("'a'"), Just("''"), Just("'10'"), Just("true"), Just("false"), Just("null")]
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let operator = prop_oneof![
            Just("+"), Just("-"), Just("*"), Just("/"), Just("%"), Just("="), Just("!="), Just("<"), Just("<="), Just(">"),
            Just(">="), Just("and"), Just("or"), Just("&"),
        ];
        prop_oneof![
            4 => (inner.clone(), operator, inner.clone()).prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(test, yes, no)| format!("({test} ? {yes} : {no})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(test, yes)| format!("({test} ? {yes})")),
            1 => inner.clone().prop_map(|operand| format!("-({operand})")),
            1 => inner.clone().prop_map(|argument| format!("$exists({argument})")),
            1 => inner.clone().prop_map(|argument| format!("$not({argument})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{'x': {a}, 'y': {b}}}")),
            1 => prop::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_short_way_agrees_with_the_full_evaluator(text in plain_expression(), input in members(), result in members(), v in members()) {
        let expression = Expression::compile(&text).unwrap();
        let variables = json!({"v": v}).as_object().unwrap().clone();
        let scope = Scope { variables: &variables, ..Scope::of(&input) };
        let session = Session::new(scope).with_result(&result);
        let full = expression.evaluate_fully(&session);
        match expression.evaluate_directly(&session) {
            Ok(None) => prop_assert_eq!(full, Err(FailureKind::Undefined), "{}", text),
            Ok(Some(short)) => { prop_assert_eq!(full, Ok(short), "{}", text) },
            Err(_) => {}
        }
    }
}
