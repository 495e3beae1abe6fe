//! What one transition costs in expressions: a template of two, a choice between two numbers, and single paths.

#![expect(clippy::unwrap_used, reason = "the expressions and documents are written here")]

use divan::{Bencher, black_box};
use serde_json::{Value, json};
use stepback::query::Scope;
use stepback::query::choice::Rule;
use stepback::query::intrinsic::Call;
use stepback::query::path::Path;
use stepback::query::template::Template;

fn main() {
    divan::main();
}

/// An order of a hundred positions, some 10 KB.
fn order() -> Value {
    let items = (0..100).map(|number| {
        json!({"sku": format!("item-{number}"), "price": number, "tags": ["a", "b"], "stock": {"here": number % 7}})
    });
    json!({"order": {"id": "o-1", "customer": {"name": "N", "address": {"city": "C"}}, "items": items.collect::<Vec<_>>()}})
}

/// The template of a counting loop: `{"n.$": "States.MathAdd($.n, 1)", "limit.$": "$.limit"}`.
#[divan::bench]
fn template_of_a_loop(bencher: Bencher<'_, '_>) {
    let template = json!({"n.$": "States.MathAdd($.n, 1)", "limit.$": "$.limit"});
    let (template, input) = (Template::compile(&template).unwrap(), json!({"n": 41, "limit": 1_000_000}));
    bencher.bench(|| template.evaluate(&Scope::of(black_box(&input))).unwrap());
}

/// The rule of a counting loop: `$.n NumericLessThanPath $.limit`.
#[divan::bench]
fn rule_of_a_loop(bencher: Bencher<'_, '_>) {
    let rule = json!({"Variable": "$.n", "NumericLessThanPath": "$.limit"});
    let (rule, input) = (Rule::compile(rule.as_object().unwrap()).unwrap(), json!({"n": 41, "limit": 1_000_000}));
    bencher.bench(|| rule.matches(&Scope::of(black_box(&input))).unwrap());
}

#[divan::bench(args = [
    "$.order.customer.address.city",
    "$.order.items[42].stock.here",
    "$.order.items[*].price",
    "$.order.items[?(@.price > 50)].sku",
    "$..here",
])]
fn select(bencher: Bencher<'_, '_>, path: &str) {
    let (path, document) = (Path::compile(path).unwrap(), order());
    bencher.bench(|| path.select(&Scope::of(black_box(&document))).unwrap());
}

#[divan::bench(args = ["$.order.items[42].stock.here", "$.order.items[?(@.price > 50 && @.sku != 'item-1')].sku"])]
fn compile(path: &str) -> Path {
    Path::compile(black_box(path)).unwrap()
}

#[divan::bench]
fn format(bencher: Bencher<'_, '_>) {
    let call = Call::compile("States.Format('{} of {}', $.order.id, $.order.customer)").unwrap();
    let document = order();
    bencher.bench(|| call.evaluate(&Scope::of(black_box(&document))).unwrap());
}
