//! Many runs at once, for people and for programs.
//!
//! ```text
//! 12 executions of 2 machines: 5 failed, 6 succeeded, 1 open or stopped.
//!
//! ✖ 4 × ChargeCard  Card.Declined  OrderFulfilment
//!     the issuer said <n>: insufficient funds
//!     80 % of the failures, first 2026-11-18 03:14:24, last 2026-11-20 03:14:24 UTC
//!     all 4 have $.currency = "JPY", and none of 6 that succeeded; …
//!     such as order-118432.sfn.json, order-118401.sfn.json, and 2 more
//! ```

use super::page::{Page, Paper, Role};
use super::partial::{FleetGap, gap_json};
use super::quantity::{count, counted, duration, moment, moment_utc};
use super::signs::FAILED;
use super::words::shown;
use crate::analysis::Status;
use crate::analysis::fleet::{Bin, Cluster, Contrast, Course, Fleet, Gap, Item, Shape, Survey, Trait, Version};
use serde_json::{Value, json};
use std::collections::BTreeMap;

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
    if let Some(course) = fleet.course.as_ref().filter(|course| course.bins.len() > 1) {
        course_lines(&mut page, course);
    }
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

fn course_lines(page: &mut Page, course: &Course) {
    let paper = page.paper();
    let of = |count: fn(&Bin) -> usize| bars(&course.bins.iter().map(count).collect::<Vec<_>>(), paper);
    let (from, until) = (moment(course.from), moment_utc(course.until()));
    page.text(2, Role::Dim, &format!("{from} to {until}, {} each", duration(course.micros)), 1);
    for (label, role, counts) in [("failed", Role::Failed, of(Bin::bad)), ("all", Role::Plain, of(Bin::total))] {
        page.line(&[(Role::Dim, &format!("  {label:<7}")), (role, &counts)]);
    }
}

/// Returns counts as a row of bars, each against the largest: `▁▁▃█`. A count that is not 0 is seen.
pub fn bars(counts: &[usize], paper: Paper) -> String {
    const BARS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    const DIGITS: [&str; 9] = [".", "1", "2", "3", "4", "5", "6", "7", "8"];
    let signs = if paper.unicode { BARS } else { DIGITS };
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |count: &usize| signs.get((count * 8).div_ceil(most)).copied().unwrap_or_default();
    counts.iter().map(bar).collect()
}

/// Returns which version failures began with, or how they are spread over versions, as a sentence without a full stop;
/// `None` when there is one version at most.
pub fn version_words(cluster: &Cluster) -> Option<String> {
    if let Some((first, earlier)) = cluster.began_with() {
        let name = first.name.as_deref().unwrap_or_default();
        let (failed, ran) = (count(first.failed), count(first.ran));
        return Some(format!("since version {name}: {failed} of {ran} there, none of {} before it", count(earlier)));
    }
    let failing = cluster.versions.iter().filter(|version| version.failed > 0);
    let told = failing.map(|version| {
        let name = version.name.as_ref().map_or_else(|| "no version".to_owned(), |name| format!("version {name}"));
        format!("{name}: {} of {}", count(version.failed), count(version.ran))
    });
    (cluster.versions.len() > 1).then(|| told.collect::<Vec<_>>().join(", "))
}

/// Returns the share of all failures that are of this kind, in percent; `None` when there is only one kind.
pub fn share(cluster: &Cluster, fleet: &Fleet) -> Option<usize> {
    (fleet.clusters.len() > 1).then(|| (cluster.items.len() * 100).checked_div(fleet.failed))?
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
        let (from, until) = (moment(first), moment_utc(last));
        let when = if first == last { format!("at {until}") } else { format!("first {from}, last {until}") };
        let share = share(cluster, fleet).map(|share| format!("{share} % of the failures, ")).unwrap_or_default();
        page.text(4, Role::Dim, &format!("{share}{when}"), 1);
    }
    if cluster.trend.len() > 1 && fleet.clusters.len() > 1 {
        page.line(&[(Role::Plain, "    "), (Role::Failed, &bars(&cluster.trend, page.paper()))]);
    }
    if let Some(versions) = version_words(cluster) {
        page.text(4, Role::Changed, &versions, 2);
    }
    match &cluster.contrast {
        Some(contrast) => {
            let read = |place: &&usize| items.get(**place).is_some_and(|item| item.input.is_some());
            let read = cluster.items.iter().filter(read).count();
            if read > 0 && read < cluster.items.len() && contrast.passing > 0 {
                page.text(4, Role::Dim, &format!("compared by the inputs of {} of them:", count(read)), 1);
            }
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
///   "statuses": { STATUS: n }, "course": { "from", "seconds": n, "parts": [ PART ] } | null,
///   "clusters": [ { "key", "machine", "state", "error", "cause", "count", "first", "last", "executions": [ label ],
///                   "arns": [ arn | null ], "versions": [ { "version", "failed": n, "ran": n } ], "since": version,
///                   "trend": [ n ], "contrast": CONTRAST | null } ], "contrast": CONTRAST }
///                   null: too rare to be compared; the last of all failures, when they differ
/// PART: { "succeeded": n, "failed": n, "timedOut": n, "aborted": n, "running": n }
/// CONTRAST: { "failing": n, "passing": n, "traits": [ TRAIT ] }
/// TRAIT: { "path", "is": "value" | "missing" | "extra" | "type" | "range", "failing", "passing", "also": n }
/// ```
pub fn fleet_json(fleet: &Fleet, items: &[Item], gaps: &[FleetGap]) -> Value {
    let cluster = |cluster: &Cluster| {
        let labels = cluster.items.iter().filter_map(|place| Some(items.get(*place)?.label.as_str()));
        let arns = cluster.items.iter().filter_map(|place| Some(&items.get(*place)?.ran.arn));
        let version = |it: &Version| json!({ "version": it.name, "failed": it.failed, "ran": it.ran });
        json!({
            "key": cluster.key().to_string(),
            "machine": cluster.machine,
            "state": cluster.state,
            "error": cluster.error,
            "cause": cluster.cause,
            "count": cluster.items.len(),
            "first": cluster.first.map(|at| at.in_iso().to_string()),
            "last": cluster.last.map(|at| at.in_iso().to_string()),
            "executions": labels.collect::<Vec<_>>(),
            "arns": arns.collect::<Vec<_>>(),
            "versions": cluster.versions.iter().map(version).collect::<Vec<_>>(),
            "since": cluster.began_with().map(|(version, _)| &version.name),
            "trend": cluster.trend,
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
        "statuses": statuses(items),
        "course": fleet.course.as_ref().map(course_json),
        "clusters": fleet.clusters.iter().map(cluster).collect::<Vec<_>>(),
        "contrast": contrast_json(&fleet.contrast),
    })
}

/// How many executions stand how. Of iterations AWS has no word.
fn statuses(items: &[Item]) -> BTreeMap<&str, usize> {
    let mut statuses = BTreeMap::new();
    for status in items.iter().filter_map(|item| item.ran.status.as_ref()) {
        *statuses.entry(status.name()).or_default() += 1;
    }
    statuses
}

fn course_json(course: &Course) -> Value {
    let part = |bin: &Bin| {
        let Bin { succeeded, failed, timed_out, aborted, running } = bin;
        json!({ "succeeded": succeeded, "failed": failed, "timedOut": timed_out, "aborted": aborted, "running": running })
    };
    let parts = course.bins.iter().map(part).collect::<Vec<_>>();
    json!({ "from": course.from.in_iso().to_string(), "seconds": course.micros / 1_000_000, "parts": parts })
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
