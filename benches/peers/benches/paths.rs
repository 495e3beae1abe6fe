//! Paths on which all three agree, compiled once and evaluated on an order of a hundred positions.

use divan::{Bencher, black_box};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use serde_json::{Value, json};
use serde_json_path::JsonPath;
use stepback::query::Scope;
use stepback::query::path::Path;

const PATHS: [&str; 5] = [
    "$.order.customer.address.city",
    "$.order.items[42].stock.here",
    "$.order.items[*].price",
    "$.order.items[?(@.price > 50)].sku",
    "$..here",
];

fn main() {
    agree();
    divan::main();
}

fn order() -> Value {
    let items = (0..100).map(|number| {
        json!({"sku": format!("item-{number}"), "price": number, "tags": ["a", "b"], "stock": {"here": number % 7}})
    });
    json!({"order": {"id": "o-1", "customer": {"name": "N", "address": {"city": "C"}}, "items": items.collect::<Vec<_>>()}})
}

/// Makes sure that the three do the same work; ours gives the one value of a definite path without a list around it.
fn agree() {
    let document = order();
    for text in PATHS {
        let path = Path::compile(text).unwrap();
        let selected = path.select(&Scope::of(&document)).unwrap().into_owned();
        let ours = if path.is_definite() { vec![selected] } else { selected.as_array().unwrap().clone() };
        let standard: Vec<_> = JsonPath::parse(text).unwrap().query(&document).all().into_iter().cloned().collect();
        let query = parse_json_path(text).unwrap();
        let rust: Vec<_> =
            js_path_process(&query, &document).unwrap().into_iter().map(|found| found.val().clone()).collect();
        assert_eq!((&ours, &ours), (&standard, &rust), "{text}");
    }
}

#[divan::bench(args = PATHS)]
fn stepback(bencher: Bencher<'_, '_>, path: &str) {
    let (path, document) = (Path::compile(path).unwrap(), order());
    bencher.bench(|| path.select(&Scope::of(black_box(&document))).unwrap());
}

#[divan::bench(args = PATHS)]
fn serde_json_path(bencher: Bencher<'_, '_>, path: &str) {
    let (path, document) = (JsonPath::parse(path).unwrap(), order());
    bencher.bench(|| path.query(black_box(&document)).all().into_iter().cloned().collect::<Value>());
}

#[divan::bench(args = PATHS)]
fn jsonpath_rust(bencher: Bencher<'_, '_>, path: &str) {
    let (query, document) = (parse_json_path(path).unwrap(), order());
    bencher.bench(|| {
        let found = js_path_process(&query, black_box(&document)).unwrap();
        found.into_iter().map(|found| found.val().clone()).collect::<Value>()
    });
}
