//! What a JSONata expression costs.

use divan::{Bencher, black_box};
use serde_json::{Value, json};
use stepback::query::Scope;
use stepback::query::jsonata::{Expression, Session, Template};

fn main() {
    divan::main();
}

fn counter() -> Value {
    json!({"n": 17, "limit": 1_000_000})
}

/// The Pass state of a counting loop: two plain expressions.
#[divan::bench]
fn counting_loop_output(bencher: Bencher<'_, '_>) {
    let template = json!({"n": "{% $states.input.n + 1 %}", "limit": "{% $states.input.limit %}"});
    let template = Template::compile(&template).expect("the template is valid");
    let input = counter();
    bencher.bench(|| template.evaluate(&Session::new(Scope::of(black_box(&input))), "Output"));
}

/// The Choice state of a counting loop.
#[divan::bench]
fn counting_loop_condition(bencher: Bencher<'_, '_>) {
    let condition = Expression::compile("$states.input.n < $states.input.limit").expect("the expression is valid");
    let input = counter();
    bencher.bench(|| condition.evaluate_bool(&Session::new(Scope::of(black_box(&input))), "Condition"));
}

/// An expression that needs the full evaluator.
#[divan::bench]
fn sum_of_a_path(bencher: Bencher<'_, '_>) {
    let expression = Expression::compile("$sum($states.input.items.price)").expect("the expression is valid");
    let input = json!({"items": [{"price": 1}, {"price": 2.5}, {"price": 3}]});
    bencher.bench(|| expression.evaluate(&Session::new(Scope::of(black_box(&input))), "Output"));
}

/// Ten expressions of one state over an input of about 100 KB, which is converted once.
#[divan::bench]
fn large_input(bencher: Bencher<'_, '_>) {
    let fields: Vec<String> = (0..10).map(|n| format!("{{% $count($states.input.items[price > {n}]) %}}")).collect();
    let template = Template::compile(&json!(fields)).expect("the template is valid");
    let items: Vec<Value> = (0..1_000).map(|n| json!({"id": n, "name": "x".repeat(60), "price": n % 20})).collect();
    let input = json!({"items": items});
    bencher.bench(|| template.evaluate(&Session::new(Scope::of(black_box(&input))), "Output"));
}
