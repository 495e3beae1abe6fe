use super::*;
use serde_json::{Value, json};

fn item(label: &str, input: &Value, failed: Option<(&str, &str, &str)>) -> Item {
    let outcome = failed.map_or(Outcome::Passed, |(state, error, cause)| {
        let text = |text: &str| Some(text.into());
        Outcome::Failed(Failed { state: text(state), error: text(error), cause: Some(cause.to_owned()) })
    });
    let input = Some(Payload::from_value(input.clone()));
    let at = Some(Timestamp::from_millis(label.len() as i64));
    Item { label: label.to_owned(), machine: None, index: None, outcome, at, input }
}

#[test]
fn failures_that_are_alike_are_put_together() {
    let declined = |n: u32| format!("order {n} was declined at 2026-11-20T03:14:0{n}Z");
    let items = [
        item("a", &json!({}), Some(("Charge", "Declined", &declined(1)))),
        item("ab", &json!({}), None),
        item("abc", &json!({}), Some(("Charge", "Declined", &declined(2)))),
        item("abcd", &json!({}), Some(("Charge", "Network", "reset"))),
        item("abcde", &json!({}), Some(("Ship", "Declined", &declined(3)))),
    ];
    let fleet = fleet(&items);
    assert_eq!((fleet.passed, fleet.failed, fleet.open, fleet.machines), (1, 4, 0, 1));
    let told: Vec<_> =
        fleet.clusters.iter().map(|it| (it.state.as_deref(), it.error.as_deref(), &it.items[..])).collect();
    assert_eq!(
        told,
        [
            (Some("Charge"), Some("Declined"), &[2, 0][..]),
            (Some("Ship"), Some("Declined"), &[4]),
            (Some("Charge"), Some("Network"), &[3]),
        ]
    );
    let first = &fleet.clusters[0];
    assert_eq!(first.cause.as_deref(), Some("order <n> was declined at <time>"));
    assert_eq!((first.first, first.last), (items[0].at, items[2].at));
}

fn traits(failing: &[Value], passing: &[Value]) -> Vec<(String, Shape, usize)> {
    let payloads = |values: &[Value]| values.iter().cloned().map(Payload::from_value).collect::<Vec<_>>();
    let (failing, passing) = (payloads(failing), payloads(passing));
    let contrast = contrast(&failing.iter().collect::<Vec<_>>(), &passing.iter().collect::<Vec<_>>());
    contrast.traits.into_iter().map(|it| (it.path, it.shape, it.also)).collect()
}

#[test]
fn what_only_failing_inputs_have_is_found() {
    let good = |n: u32| json!({ "currency": "EUR", "total": n, "zip": "1100", "card": { "token": "t" } });
    let passing: Vec<Value> = (1..=12).map(good).collect();
    let failing = [
        json!({ "currency": "JPY", "total": 900, "zip": 1100, "gift": { "to": "x" } }),
        json!({ "currency": "JPY", "total": 1200, "zip": 1200, "gift": { "to": "y" } }),
    ];
    assert_eq!(
        traits(&failing, &passing),
        [
            ("$.currency".to_owned(), Shape::Value(json!("JPY")), 0),
            ("$.zip".to_owned(), Shape::Type { failing: "number", passing: "string" }, 0),
            ("$.total".to_owned(), Shape::Range { failing: (900.0, 1200.0), passing: (1.0, 12.0) }, 0),
            ("$.card".to_owned(), Shape::Missing, 0),
            ("$.gift".to_owned(), Shape::Extra, 0),
        ]
    );
    // Of a single failure, values say nothing; with too few others, nothing does.
    let one = traits(&failing[..1], &passing);
    assert!(one.iter().all(|(_, shape, _)| !matches!(shape, Shape::Value(_))) && !one.is_empty(), "{one:?}");
    assert_eq!(traits(&failing[..1], &passing[..2]), []);
    assert_eq!(traits(&failing, &[]), []);
    // What many others have too is no reason.
    let also = [json!({ "currency": "EUR" }), json!({ "currency": "EUR" })];
    assert_eq!(traits(&also, &passing).iter().filter(|(path, ..)| path == "$.currency").count(), 0);
}
