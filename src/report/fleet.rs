//! Many runs at once, for people and for programs.
//!
//! ```text
//! 12 executions of 2 machines: 5 failed, 6 succeeded, 1 open or stopped.
//!
//! ✖ 4 × ChargeCard  Card.Declined  OrderFulfilment
//!     the issuer said <n>: insufficient funds
//!     first 2026-11-18T03:14:24Z, last 2026-11-20T03:14:24Z
//!     all have $.currency = "JPY", and none of 6 that succeeded; …
//!     such as order-118432.sfn.json, order-118401.sfn.json, and 2 more
//! ```

use super::page::{Page, Paper, Role};
use super::quantity::counted;
use super::words::shown;
use crate::analysis::fleet::{Cluster, Contrast, Fleet, Item, Shape, Trait};
use serde_json::{Value, json};

/// Items that are named as examples.
const EXAMPLES: usize = 2;

/// Returns what many runs have in common, line by line.
pub fn fleet(fleet: &Fleet, items: &[Item], paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    let executions = match items.iter().all(|item| item.machine.is_none()) {
        true => counted(items.len(), "item", "items"),
        false => counted(items.len(), "execution", "executions"),
    };
    let machines = if fleet.machines > 1 { format!(" of {} machines", fleet.machines) } else { String::new() };
    let (failed, passed, open) = (fleet.failed, fleet.passed, fleet.open);
    let open = if open > 0 { format!(", {open} open or stopped") } else { String::new() };
    page.line(&[(Role::Strong, &format!("{executions}{machines}: {failed} failed, {passed} succeeded{open}."))]);
    for told in contrast_words(&fleet.contrast) {
        page.text(2, Role::Changed, &format!("those that failed: {told}"), 2);
    }
    for cluster in &fleet.clusters {
        page.gap();
        lines(&mut page, cluster, fleet, items);
    }
    page.into_lines()
}

fn lines(page: &mut Page, cluster: &Cluster, fleet: &Fleet, items: &[Item]) {
    let times = page.paper().sign("×", "x");
    let sign = page.paper().sign("✖", "x");
    let state = cluster.state.as_deref().unwrap_or("no state");
    let error = cluster.error.as_deref().unwrap_or("no error named");
    let machine = cluster.machine.as_deref().filter(|_| fleet.machines > 1).unwrap_or_default();
    page.line(&[
        (Role::Failed, &format!("{sign} {} {times} ", cluster.items.len())),
        (Role::Strong, &shown(state)),
        (Role::Plain, &format!("  {}", shown(error))),
        (Role::Dim, &format!("  {}", shown(machine))),
    ]);
    if let Some(cause) = &cluster.cause {
        page.text(4, Role::Plain, cause, 3);
    }
    if let Some((first, last)) = cluster.first.zip(cluster.last) {
        let when = if first == last { format!("at {first}") } else { format!("first {first}, last {last}") };
        page.text(4, Role::Dim, &when, 1);
    }
    for told in contrast_words(&cluster.contrast) {
        page.text(4, Role::Changed, &told, 2);
    }
    let named: Vec<&str> =
        cluster.items.iter().take(EXAMPLES).filter_map(|place| Some(items.get(*place)?.label.as_str())).collect();
    let more = cluster.items.len().saturating_sub(EXAMPLES);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    page.text(4, Role::Dim, &format!("such as {}{more}", named.join(", ")), 2);
}

/// Returns what failing inputs have that the others have not, as sentences without a full stop.
pub fn contrast_words(contrast: &Contrast) -> Vec<String> {
    let others = |it: &Trait| match it.also {
        0 => format!("none of {} that succeeded", contrast.passing),
        also => format!("{also} of {} that succeeded", contrast.passing),
    };
    let words = contrast.traits.iter().map(|it| {
        let path = &it.path;
        match &it.shape {
            Shape::Value(value) => format!("all have {path} = {value}, and {}", others(it)),
            Shape::Missing => format!("{path} is missing, as in {}", others(it)),
            Shape::Extra => format!("all have {path}, and {}", others(it)),
            Shape::Type { failing, passing } => {
                format!("{path} is {} here, elsewhere {}", article(failing), article(passing))
            }
            Shape::Range { failing, passing } => {
                format!("{path} is {} here, elsewhere {}", span(*failing), span(*passing))
            }
        }
    });
    words.map(|words| shown(&words)).collect()
}

fn article(kind: &str) -> String {
    match kind {
        "null" => "null".to_owned(),
        "array" | "object" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

fn span((low, high): (f64, f64)) -> String {
    if low.to_bits() == high.to_bits() { low.to_string() } else { format!("{low} to {high}") }
}

/// Returns the same as JSON (format stepback.fleet/1).
///
/// ```text
/// { "format": "stepback.fleet/1", "executions": n, "machines": n, "failed": n, "succeeded": n, "open": n,
///   "clusters": [ { "machine", "state", "error", "cause", "count", "first", "last", "executions": [ label ],
///                   "contrast": CONTRAST } ], "contrast": CONTRAST }    the last of all failures, when they differ
/// CONTRAST: { "failing": n, "passing": n, "traits": [ TRAIT ] }
/// TRAIT: { "path", "is": "value" | "missing" | "extra" | "type" | "range", "failing", "passing", "also": n }
/// ```
pub fn fleet_json(fleet: &Fleet, items: &[Item]) -> Value {
    let cluster = |cluster: &Cluster| {
        let labels = cluster.items.iter().filter_map(|place| Some(items.get(*place)?.label.as_str()));
        json!({
            "machine": cluster.machine,
            "state": cluster.state,
            "error": cluster.error,
            "cause": cluster.cause,
            "count": cluster.items.len(),
            "first": cluster.first.map(|at| at.to_string()),
            "last": cluster.last.map(|at| at.to_string()),
            "executions": labels.collect::<Vec<_>>(),
            "contrast": contrast_json(&cluster.contrast),
        })
    };
    json!({
        "format": "stepback.fleet/1",
        "executions": items.len(),
        "machines": fleet.machines,
        "failed": fleet.failed,
        "succeeded": fleet.passed,
        "open": fleet.open,
        "clusters": fleet.clusters.iter().map(cluster).collect::<Vec<_>>(),
        "contrast": contrast_json(&fleet.contrast),
    })
}

fn contrast_json(contrast: &Contrast) -> Value {
    let traits = contrast.traits.iter().map(trait_json).collect::<Vec<_>>();
    json!({ "failing": contrast.failing, "passing": contrast.passing, "traits": traits })
}

fn trait_json(it: &Trait) -> Value {
    let (failing, passing) = match &it.shape {
        Shape::Value(value) => (value.clone(), Value::Null),
        Shape::Missing | Shape::Extra => (Value::Null, Value::Null),
        Shape::Type { failing, passing } => (json!(failing), json!(passing)),
        Shape::Range { failing, passing } => (json!([failing.0, failing.1]), json!([passing.0, passing.1])),
    };
    json!({ "path": it.path, "is": it.shape.name(), "failing": failing, "passing": passing, "also": it.also })
}
