//! Many runs at once, for people and for programs.
//!
//! ```text
//! 12 executions of 2 machines: 5 failed, 6 succeeded, 1 open or stopped.
//!
//! ✖ 4 × ChargeCard  Card.Declined  OrderFulfilment
//!     the issuer said <n>: insufficient funds
//!     first 2026-11-18T03:14:24Z, last 2026-11-20T03:14:24Z
//!     all 4 have $.currency = "JPY", and none of 6 that succeeded; …
//!     such as order-118432.sfn.json, order-118401.sfn.json, and 2 more
//! ```

use super::page::{Page, Paper, Role};
use super::partial::{FleetGap, gap_json};
use super::quantity::{count, counted};
use super::signs::FAILED;
use super::words::shown;
use crate::analysis::Status;
use crate::analysis::fleet::{Cluster, Contrast, Fleet, Gap, Item, Shape, Survey, Trait};
use serde_json::{Value, json};

/// What is said of failures that were not compared.
pub const RARE: &str = "only the most frequent failures are compared with what succeeded";

/// Items that are named as examples.
const EXAMPLES: usize = 2;

/// Returns what many runs have in common, line by line.
pub fn fleet(fleet: &Fleet, items: &[Item], paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    let executions = match items.iter().all(|item| item.machine.is_none()) {
        true => counted(fleet.total(), "item", "items"),
        false => counted(fleet.total(), "execution", "executions"),
    };
    let machines = if fleet.machines > 1 { format!(" of {} machines", fleet.machines) } else { String::new() };
    let (failed, passed, open) = (fleet.failed, fleet.passed, fleet.open);
    let open = if open > 0 { format!(", {open} open or stopped") } else { String::new() };
    page.line(&[(Role::Strong, &format!("{executions}{machines}: {failed} failed, {passed} succeeded{open}."))]);
    clusters(&mut page, fleet, items);
    page.into_lines()
}

/// Returns what the items of a Map have in common, line by line.
pub fn survey(survey: &Survey, paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    let mut words = survey_words(survey);
    words.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    page.line(&[(Role::Strong, &format!("{words}."))]);
    for told in gap_words(survey.gap) {
        page.text(2, Role::Dim, told, 2);
    }
    clusters(&mut page, &survey.fleet, &survey.items);
    page.into_lines()
}

fn clusters(page: &mut Page, fleet: &Fleet, items: &[Item]) {
    for told in contrast_words(&fleet.contrast) {
        page.text(2, Role::Changed, &format!("those that failed: {told}"), 2);
    }
    for cluster in &fleet.clusters {
        page.gap();
        lines(page, cluster, fleet, items);
    }
}

/// Returns how the items of a Map went, as a sentence without the full stop.
pub fn survey_words(survey: &Survey) -> String {
    let total = usize::try_from(survey.total()).unwrap_or(usize::MAX);
    if total == 0 {
        return match survey.gap {
            Some(_) => "no item is recorded".to_owned(),
            None => "no items: there was nothing to do".to_owned(),
        };
    }
    let ways = [
        Status::Failed,
        Status::TimedOut,
        Status::Caught,
        Status::Succeeded,
        Status::Running,
        Status::Waiting,
        Status::Aborted,
    ];
    let recorded = ways.map(|way| (survey.count(way), way.word()));
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let is_counted = survey.counted.is_some();
    let unrecorded = if is_counted { 0 } else { survey.unrecorded };
    let others = [(whole(survey.pending), "never started"), (whole(unrecorded), "not recorded")];
    let told = recorded.into_iter().chain(others).filter(|(number, _)| *number > 0);
    let told = told.map(|(number, word)| format!("{} {word}", count(number)));
    let told = format!("{}: {}", counted(total, "item", "items"), told.collect::<Vec<_>>().join(", "));
    match survey.unrecorded {
        1.. if is_counted => {
            let missing = counted(whole(survey.unrecorded), "execution is", "executions are");
            format!("{told}; {missing} not recorded")
        }
        _ => told,
    }
}

/// Returns what the recording lacks of a Map's items, and how to get it, as sentences.
pub fn gap_words(gap: Option<Gap>) -> &'static [&'static str] {
    match gap {
        None => &[],
        Some(Gap::Children) => &[
            "The executions of this Map Run are not in the recording.",
            "stepback record --children all ARN fetches them.",
        ],
        Some(Gap::Inputs) => &[
            "What the executions that succeeded were given is not in the recording, so nothing is compared.",
            "stepback record --children all ARN fetches them.",
        ],
    }
}

fn lines(page: &mut Page, cluster: &Cluster, fleet: &Fleet, items: &[Item]) {
    let times = page.paper().sign(["×", "x"]);
    let sign = page.paper().sign(FAILED);
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
        let (first, last) = (first.in_iso(), last.in_iso());
        let when = if first == last { format!("at {first}") } else { format!("first {first}, last {last}") };
        page.text(4, Role::Dim, &when, 1);
    }
    match &cluster.contrast {
        Some(contrast) => {
            contrast_words(contrast).iter().for_each(|told| page.text(4, Role::Changed, told, 2));
            no_contrast_words(contrast).iter().for_each(|nothing| page.text(4, Role::Dim, nothing, 2));
        }
        None => page.text(4, Role::Dim, RARE, 2),
    }
    let named: Vec<&str> =
        cluster.items.iter().take(EXAMPLES).filter_map(|place| Some(items.get(*place)?.label.as_str())).collect();
    let more = cluster.items.len().saturating_sub(EXAMPLES);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    page.text(4, Role::Dim, &format!("such as {}{more}", named.join(", ")), 2);
}

/// Returns what failing inputs have that the others have not, as sentences without a full stop.
pub fn contrast_words(contrast: &Contrast) -> Vec<String> {
    let passing = match contrast.passing {
        compared if compared < contrast.others => {
            format!("{} looked at of {} that succeeded", count(compared), count(contrast.others))
        }
        compared => format!("{} that succeeded", count(compared)),
    };
    let others = |it: &Trait| match it.also {
        0 => format!("none of {passing}"),
        also => format!("{} of {passing}", count(also)),
    };
    let all = match contrast.failing {
        1 => "it has".to_owned(),
        2 => "both have".to_owned(),
        failing => format!("all {} have", count(failing)),
    };
    let words = contrast.traits.iter().map(|it| {
        let path = &it.path;
        match &it.shape {
            Shape::Value(value) => format!("{all} {path} = {value}, and {}", others(it)),
            Shape::Missing => format!("{path} is missing here, and in {}", others(it)),
            Shape::Extra => format!("{all} {path}, and {}", others(it)),
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

/// Returns that nothing sets the failing inputs apart, and why; `None` when something does.
pub fn no_contrast_words(contrast: &Contrast) -> Option<String> {
    if !contrast.traits.is_empty() {
        return None;
    }
    Some(match (contrast.failing, contrast.passing) {
        (0, _) if contrast.given == 0 => "what they were given is not recorded, so nothing is compared".to_owned(),
        (0, _) => "what they were given is too large to be compared, or no JSON".to_owned(),
        (_, 0) if contrast.others == 0 => "nothing succeeded that they could be compared with".to_owned(),
        (_, 0) => "what those that succeeded were given cannot be compared".to_owned(),
        (_, few @ 1..3) => format!("{few} that succeeded: too few to tell what sets these apart"),
        (1, many) => format!("taken alone, nothing in its input sets it apart from {} that succeeded", count(many)),
        (_, many) => format!("nothing in their inputs sets them apart from {} that succeeded", count(many)),
    })
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
/// { "format": "stepback.fleet/1", "executions": n, "complete": bool,
///   "missing": [ { "file", "text", "unread": bool } ], "machines": n, "failed": n, "succeeded": n, "open": n,
///   "clusters": [ { "machine", "state", "error", "cause", "count", "first", "last", "executions": [ label ],
///                   "contrast": CONTRAST | null } ], "contrast": CONTRAST }
///                   null: too rare to be compared; the last of all failures, when they differ
/// CONTRAST: { "failing": n, "passing": n, "traits": [ TRAIT ] }
/// TRAIT: { "path", "is": "value" | "missing" | "extra" | "type" | "range", "failing", "passing", "also": n }
/// ```
pub fn fleet_json(fleet: &Fleet, items: &[Item], gaps: &[FleetGap]) -> Value {
    let cluster = |cluster: &Cluster| {
        let labels = cluster.items.iter().filter_map(|place| Some(items.get(*place)?.label.as_str()));
        json!({
            "machine": cluster.machine,
            "state": cluster.state,
            "error": cluster.error,
            "cause": cluster.cause,
            "count": cluster.items.len(),
            "first": cluster.first.map(|at| at.in_iso().to_string()),
            "last": cluster.last.map(|at| at.in_iso().to_string()),
            "executions": labels.collect::<Vec<_>>(),
            "contrast": cluster.contrast.as_ref().map(contrast_json),
        })
    };
    json!({
        "format": "stepback.fleet/1",
        "executions": fleet.total(),
        "complete": gaps.is_empty(),
        "missing": gaps.iter().map(gap_json).collect::<Vec<_>>(),
        "machines": fleet.machines,
        "failed": fleet.failed,
        "succeeded": fleet.passed,
        "open": fleet.open,
        "clusters": fleet.clusters.iter().map(cluster).collect::<Vec<_>>(),
        "contrast": contrast_json(&fleet.contrast),
    })
}

pub(super) fn contrast_json(contrast: &Contrast) -> Value {
    let traits = contrast.traits.iter().map(trait_json).collect::<Vec<_>>();
    json!({ "failing": contrast.failing, "passing": contrast.passing, "traits": traits })
}

/// Returns the items of a Map as JSON: the same, and how many items stand how.
///
/// ```text
/// { …, "map": { "state", "items": n, "caught": n, "aborted": n, "running": n, "waiting": n,
///                 "neverStarted": n, "notRecorded": n } }
/// ```
pub fn survey_json(survey: &Survey) -> Value {
    let mut told = fleet_json(&survey.fleet, &survey.items, &[]);
    told["map"] = json!({
        "state": survey.map,
        "items": survey.total(),
        "caught": survey.count(Status::Caught),
        "aborted": survey.count(Status::Aborted),
        "running": survey.count(Status::Running),
        "waiting": survey.count(Status::Waiting),
        "neverStarted": survey.pending,
        "notRecorded": survey.unrecorded,
    });
    told
}

fn trait_json(it: &Trait) -> Value {
    let (failing, passing) = match &it.shape {
        Shape::Value(value) => (value.clone(), Value::Null),
        Shape::Missing | Shape::Extra => (Value::Null, Value::Null),
        Shape::Type { failing, passing } => (json!(failing), json!(passing)),
        Shape::Range { failing, passing } => (json!([failing.0, failing.1]), json!([passing.0, passing.1])),
    };
    json!({ "path": it.path.to_string(), "is": it.shape.name(), "failing": failing, "passing": passing, "also": it.also })
}
