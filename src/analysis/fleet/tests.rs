use super::*;
use crate::analysis::Status;
use crate::event::{EventId, StateType};
use crate::history::tests::notation::read;
use crate::history::{Described, Family, MemberId};
use serde_json::{Value, json};

fn item(label: &str, input: &Value, failed: Option<(&str, &str, &str)>) -> Item {
    let outcome = failed.map_or(Outcome::Passed, |(state, error, cause)| {
        let text = |text: &str| Some(text.into());
        Outcome::Failed(Failed { state: text(state), error: text(error), cause: Some(cause.to_owned()) })
    });
    let input = Some(Payload::from_value(input.clone()));
    let at = Some(Timestamp::from_millis(label.len() as i64));
    Item { label: label.to_owned(), machine: None, index: None, outcome, at, input, ran: Ran::default() }
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
    contrast.traits.into_iter().map(|it| (it.path.to_string(), it.shape, it.also)).collect()
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

#[test]
fn what_is_said_of_others_holds_for_all_of_them_and_not_only_the_first() {
    let input = |n: u32| json!({ "n": n, "kind": if n < 300 { "a" } else { "b" } });
    let passing: Vec<Value> = (0..2000).filter(|n| n % 500 != 7).map(input).collect();
    let failing = [input(507), input(1007), input(1507)];
    assert_eq!(traits(&failing, &passing), [], "the first hundreds are smaller, and of another kind");
    // One number is soon the largest of many; one far away from all the others is not.
    let number = |n: u32| json!({ "n": n });
    let passing: Vec<Value> = (0..40).map(number).collect();
    assert_eq!(traits(&[number(41)], &passing), []);
    assert_eq!(traits(&[number(500)], &passing).len(), 1);
}

#[test]
fn places_are_written_as_paths_whatever_they_are_called() {
    let good = |n: u32| json!({ "the lot": { "no.": n } });
    let passing: Vec<Value> = (0..9).map(good).collect();
    let failing = [json!({ "the lot": { "no.": "x" } }), json!({ "the lot": { "no.": "y" } })];
    let expected = Shape::Type { failing: "string", passing: "number" };
    assert_eq!(traits(&failing, &passing), [("$['the lot']['no.']".to_owned(), expected, 0)]);
}

fn surveyed(events: &str) -> Survey {
    let history = read(events).into_iter().collect();
    let family = Family::new(Described::default(), history);
    let map = family.root().visits().find(|(_, visit)| visit.kind == StateType::Map).map(|(visit, _)| visit);
    Survey::of(&family, MemberId::ROOT, map.expect("there is a Map"))
}

/// `how many status state error first-last`, a line for each group.
fn told(survey: &Survey) -> String {
    let line = |group: &Group| {
        let index = |at: Option<&usize>| at.and_then(|at| survey.items[*at].index).unwrap_or_default();
        let why = survey.cluster(group).map_or(String::new(), |it| {
            format!(" {} {}", it.state.as_deref().unwrap_or("-"), it.error.as_deref().unwrap_or("-"))
        });
        let (first, last) = (index(group.items.first()), index(group.items.last()));
        format!("{} {:?}{why} {first}-{last}", group.items.len(), group.status)
    };
    survey.groups.iter().map(line).collect::<Vec<_>>().join("\n")
}

const MIXED: &str = r#"
    1 ExecutionStarted in={}
    2<1 MapStateEntered Each in=[]
    3<2 MapStateStarted length=7
    4<3 MapIterationStarted Each[0]
    5<4 TaskStateEntered Load in={"n":0}
    6<5 TaskStateExited Load out=1
    7<6 MapIterationSucceeded Each[0]
    8<3 MapIterationStarted Each[1]
    9<8 TaskStateEntered Load in={"n":1}
    10<9 TaskScheduled lambda:invoke
    11<10 TaskFailed lambda:invoke error=Busy
    12<11 TaskScheduled lambda:invoke
    13<12 TaskFailed lambda:invoke error=Broken
    14<13 TaskStateExited Load out={}
    15<14 PassStateEntered Note in={}
    16<15 PassStateExited Note out={}
    17<16 MapIterationSucceeded Each[1]
    18<3 MapIterationStarted Each[4]
    19<18 TaskStateEntered Load in={"n":4}
    20<3 MapIterationStarted Each[2]
    21<20 TaskStateEntered Load in={"n":2}
    22<21 TaskScheduled lambda:invoke
    23<22 TaskFailed lambda:invoke error=Broken
    24<23 MapIterationFailed Each[2]
    25<18 MapIterationAborted Each[4]
    26<24 MapStateFailed
    27<26 ExecutionFailed error=Broken
"#;

#[test]
fn the_items_of_a_map_are_put_together_by_how_they_went() {
    let survey = surveyed(MIXED);
    assert_eq!(told(&survey), "2 Failed Load Broken 1-2\n1 Aborted 4-4\n1 Succeeded 0-0");
    assert_eq!((survey.total(), survey.pending, survey.unrecorded, survey.gap), (7, 3, 0, None));
    let trace = |index| {
        let at = survey.items.iter().position(|item| item.index == Some(index)).expect("it is there");
        (survey.traces[at].status, survey.traces[at].event.map(EventId::get), survey.traces[at].attempts)
    };
    assert_eq!(trace(1), (Status::Caught, Some(13), 2), "where it failed, though the item went on");
    assert_eq!(trace(2), (Status::Failed, Some(23), 1));
    assert_eq!(trace(4), (Status::Aborted, Some(19), 0));
    assert_eq!(trace(0), (Status::Succeeded, Some(5), 0));
}

#[test]
fn the_counterpart_of_a_failed_item_is_the_nearest_that_went_well() {
    let survey = surveyed(MIXED);
    let number = |item: usize| survey.counterpart(item).and_then(|other| survey.items[other].index);
    assert_eq!(survey.items.iter().map(|item| item.index).collect::<Vec<_>>(), [Some(0), Some(1), Some(2), Some(4)]);
    assert_eq!((0..4).map(number).collect::<Vec<_>>(), [Some(1), Some(0), Some(0), Some(2)]);
}

#[test]
fn a_map_without_items_has_none() {
    let survey = surveyed(
        "
        1 ExecutionStarted in={}
        2<1 MapStateEntered Each in=[]
        3<2 MapStateStarted length=0
        4<3 MapStateSucceeded
        5<4 MapStateExited Each out=[]
        ",
    );
    assert_eq!((told(&survey).as_str(), survey.total(), survey.gap), ("", 0, None));
}

#[test]
fn a_map_run_whose_executions_are_not_recorded_says_so() {
    let survey = surveyed(
        "
        1 ExecutionStarted in={}
        2<1 MapStateEntered Each in=[]
        3<2 MapStateStarted length=0
        4<3 MapRunStarted arn=arn:run
        5<4 MapRunFailed error=Tolerance
        6<5 MapStateFailed
        ",
    );
    assert_eq!((survey.total(), survey.gap), (0, Some(Gap::Children)));
}

#[test]
fn the_map_around_an_event_is_found_from_inside() {
    let family = Family::new(Described::default(), read(MIXED).into_iter().collect());
    let around = |event| {
        let found = Survey::around(&family, MemberId::ROOT, EventId::new(event)?);
        found.and_then(|map| Some(family.root().visit(map.visit?).name.to_string()))
    };
    assert_eq!([1, 3, 4, 13, 16, 27].map(around).map(|map| map.is_some()), [false, true, true, true, true, false]);
}

fn payloads(texts: &[&str]) -> Vec<Payload> {
    texts.iter().map(|text| Payload::from_text((*text).to_owned())).collect()
}

#[test]
fn nothing_is_said_of_a_comparison_with_nobody() {
    let (failing, passing) = (payloads(&[r#"{"x":1}"#; 2]), payloads(&["{cut"; 7]));
    let contrast = contrast(&failing.iter().collect::<Vec<_>>(), &passing.iter().collect::<Vec<_>>());
    assert_eq!((contrast.failing, contrast.passing, contrast.others), (2, 0, 7));
    assert_eq!(contrast.traits, []);
    let told = crate::report::no_contrast_words(&contrast);
    assert_eq!(told.as_deref(), Some("what those that succeeded were given cannot be compared"));
}

#[test]
fn inputs_that_are_too_large_are_not_said_to_be_missing() {
    let large = format!(r#"{{"x":"{}"}}"#, "y".repeat(100_000));
    let (failing, passing) = (payloads(&[large.as_str(); 2]), payloads(&[r#"{"x":1}"#; 7]));
    let found = contrast(&failing.iter().collect::<Vec<_>>(), &passing.iter().collect::<Vec<_>>());
    assert_eq!((found.failing, found.given), (0, 2));
    let told = |contrast: &Contrast| crate::report::no_contrast_words(contrast).unwrap_or_default();
    assert_eq!(told(&found), "what they were given is too large to be compared, or no JSON");
    let none = contrast(&[], &passing.iter().collect::<Vec<_>>());
    assert_eq!(told(&none), "what they were given is not recorded, so nothing is compared");
}

#[test]
fn of_very_many_failures_only_the_most_frequent_are_compared() {
    let bad = |n: usize| item("bad", &json!({ "n": "x" }), Some(("Load", &format!("Error{}", "x".repeat(n)), "no")));
    let good = (0..9).map(|n| item("good", &json!({ "n": n }), None));
    let items: Vec<Item> = (0..COMPARED + 5).map(bad).chain([bad(COMPARED + 2)]).chain(good).collect();
    let fleet = fleet(&items);
    assert_eq!(fleet.clusters.len(), COMPARED + 5);
    assert_eq!(fleet.clusters[0].items.len(), 2, "the most frequent is the first");
    let compared = fleet.clusters.iter().map(|cluster| cluster.contrast.is_some());
    assert!(compared.eq((0..COMPARED + 5).map(|at| at < COMPARED)));
}

#[test]
fn an_item_that_was_stopped_after_something_was_caught_counts_as_stopped() {
    let survey = surveyed(
        "
        1 ExecutionStarted in={}
        2<1 MapStateEntered Each in=[]
        3<2 MapStateStarted length=2
        4<3 MapIterationStarted Each[0]
        5<4 TaskStateEntered Load in={}
        6<5 TaskScheduled lambda:invoke
        7<6 TaskFailed lambda:invoke error=Broken
        8<7 TaskStateExited Load out={}
        9<8 TaskStateEntered Note in={}
        10<3 MapIterationStarted Each[1]
        11<10 TaskStateEntered Load in={}
        12<11 TaskScheduled lambda:invoke
        13<12 TaskFailed lambda:invoke error=Broken
        14<13 TaskStateExited Load out={}
        15<14 TaskStateEntered Note in={}
        16<9 MapIterationAborted Each[0]
        ",
    );
    assert_eq!(told(&survey), "1 Running 1-1\n1 Aborted 0-0");
    assert_eq!(survey.fleet.failed, 0, "one rule for lists, counts and signs");
}
