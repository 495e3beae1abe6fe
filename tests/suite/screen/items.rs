//! The items of a Map: recording, keys, and what is told of them.

use super::script::Screen;
use super::{FILES, LARGE, MIDDLE, SMALL, breadcrumb, event};
use serde_json::{Value, json};
use stepback::analysis::fleet::MapPlace;
use stepback::event::StateType;
use stepback::history::MemberId;
use stepback::tui::items::{Items, Says};
use stepback::tui::live::{Acting, Came, Live};
use stepback::tui::look::Look;
use stepback::tui::theme::Theme;
use stepback::tui::{Effect, Found, Msg, Subject, Target, Ticket};

const IMAGES: &str = "image-refresh-over-tolerance.sfn.json";

#[test]
fn failing_items_are_put_together_and_set_against_the_others() {
    let mut screen = Screen::shipped(FILES, SMALL);
    insta::assert_snapshot!(screen.keys("i").text());
    assert_eq!(screen.keys("<esc>").line(" states ").trim_start_matches('─').trim_start().get(..6), Some("states"));
}

#[test]
fn larger_screens_show_more_of_the_inputs() {
    insta::assert_snapshot!("middle", Screen::shipped(FILES, MIDDLE).keys("iGk<enter>").text());
    insta::assert_snapshot!("large", Screen::shipped(FILES, LARGE).keys("izR").text());
}

#[test]
fn the_executions_of_a_map_run_are_items_too() {
    insta::assert_snapshot!(Screen::shipped(IMAGES, SMALL).keys("i").text());
}

#[test]
fn plain_terminals_get_plain_characters() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(FILES);
    let recording = stepback::source::open_recording(&path).unwrap();
    let target = Target::Path(FILES.into());
    let subject = Subject::new(target.clone(), recording);
    let look = Look::new(Theme::Roles).ascii();
    let mut screen = Screen::looking(Found::One(Box::new(subject)), target, SMALL, look);
    let text = screen.keys("i").text();
    let items: Vec<&str> = text.lines().skip(3).collect();
    assert!(items.iter().all(|line| line.is_ascii()), "{text}");
    assert!(text.contains("! ") && text.contains("caught"), "what is said by a sign is said by a word as well: {text}");
}

#[test]
fn an_item_leads_to_where_it_failed_and_the_way_back_to_the_items() {
    let mut screen = Screen::shipped(FILES, SMALL);
    screen.keys("if<enter>");
    assert_eq!(breadcrumb(&mut screen).rsplit(" ▸ ").take(2).collect::<Vec<_>>(), ["ParseFile", "ImportFiles[23]"]);
    let there = event(&mut screen);
    screen.keys("[");
    assert_ne!(event(&mut screen), there);
    screen.keys("iff<enter>");
    assert!(breadcrumb(&mut screen).contains("ImportFiles[163]"), "the cursor was where it had been left");
    screen.keys("i159G<enter>");
    assert!(breadcrumb(&mut screen).contains("ImportFiles[159]"));
    assert!(screen.keys("i199G").text().contains("No item of that number is in the recording."));
}

#[test]
fn a_failed_item_is_compared_with_the_nearest_that_went_well() {
    let mut screen = Screen::shipped(FILES, MIDDLE);
    screen.keys("ifd");
    let text = screen.text();
    assert!(text.contains("items of ImportFiles: [22] succeeded → [23] caught"), "{text}");
    assert!(screen.line(" currency ").contains("\"EUR\"") && screen.line(" currency ").contains("\"JPY\""));
    screen.keys("<esc>");
    assert!(screen.text().contains("3 of 200 failed"), "closed, the items are there again");
    screen.keys("<space>f<space>");
    let text = screen.text();
    assert!(text.contains("items of ImportFiles: [23] caught → [117] caught"), "{text}");
}

#[test]
fn items_are_searched_copied_and_stepped_through_by_group() {
    let mut screen = Screen::shipped(FILES, MIDDLE);
    screen.keys("i/tanuma-117<enter>");
    screen.keys("yy");
    assert!(screen.copied().unwrap().contains("tanuma-117"));
    screen.keys("<esc>g))");
    assert!(screen.keys("yy").copied().unwrap().contains("tanuma-163"), "of a group, the first item");
    screen.keys("))))");
    assert!(screen.text().contains("This is the last group."), "{}", screen.text());
}

#[test]
fn a_state_of_an_item_may_be_called_as_its_input_is() {
    let text = with_items(6, &[2]).replace("\"Ship\"", "\"input\"");
    let mut screen = Screen::of_text(&text, MIDDLE);
    screen.keys("ggjifd");
    let text = screen.text();
    let (_, states) = text.split_once(" states ").unwrap_or_else(|| panic!("{text}"));
    assert!(states.contains(" input ") && states.contains("ZoneUnknown"), "{text}");
    assert!(!text.contains("visit 2"), "it was visited once: {text}");
}

/// An execution of one Map, some of whose items fail; those after the last of them never begin.
fn with_items(count: u64, failing: &[u64]) -> String {
    let mut events: Vec<Value> = Vec::new();
    let mut add = |kind: &str, parent: usize, details: Value| {
        let id = events.len() + 1;
        let at = 1_790_000_000.0 + id as f64 / 100.0;
        let mut event = json!({ "id": id, "previousEventId": parent, "timestamp": at, "type": kind });
        event.as_object_mut().unwrap().extend(details.as_object().unwrap().clone());
        events.push(event);
        id
    };
    let begun = add("ExecutionStarted", 0, json!({ "executionStartedEventDetails": { "input": "{}" } }));
    let map = add(
        "MapStateEntered",
        begun,
        json!({ "stateEnteredEventDetails": { "name": "注文を処理する", "input": "[]" } }),
    );
    let map = add("MapStateStarted", map, json!({ "mapStateStartedEventDetails": { "length": count } }));
    let mut last = map;
    for index in 0..count {
        let item = json!({ "name": "注文を処理する", "index": index });
        let input = json!({ "order": { "id": format!("注文-{index:05}"), "zone": if failing.contains(&index) { 9 } else { index % 4 } } });
        let scope = add("MapIterationStarted", map, json!({ "mapIterationStartedEventDetails": item }));
        let entered = json!({ "stateEnteredEventDetails": { "name": "Ship", "input": input.to_string() } });
        let entered = add("TaskStateEntered", scope, entered);
        let resource = json!({ "resourceType": "lambda", "resource": "invoke" });
        let called = add("TaskScheduled", entered, json!({ "taskScheduledEventDetails": resource }));
        if failing.contains(&index) {
            let failure = json!({ "error": "ZoneUnknown", "cause": format!("zone 9 of 注文-{index:05}") });
            let failed = add("TaskFailed", called, json!({ "taskFailedEventDetails": failure }));
            let exit = json!({ "stateExitedEventDetails": { "name": "Ship", "output": "null" } });
            let exited = add("TaskStateExited", failed, exit);
            last = add("MapIterationSucceeded", exited, json!({ "mapIterationSucceededEventDetails": item }));
        } else {
            let exit = json!({ "stateExitedEventDetails": { "name": "Ship", "output": "1" } });
            let exited = add("TaskStateExited", called, exit);
            last = add("MapIterationSucceeded", exited, json!({ "mapIterationSucceededEventDetails": item }));
        }
    }
    let done = add("MapStateSucceeded", last, json!({}));
    let exit = json!({ "stateExitedEventDetails": { "name": "注文を処理する", "output": "[]" } });
    let exited = add("MapStateExited", done, exit);
    add("ExecutionSucceeded", exited, json!({ "executionSucceededEventDetails": { "output": "[]" } }));
    json!({ "events": events }).to_string()
}

#[test]
fn many_items_are_looked_at_in_the_background() {
    let mut screen = Screen::of_text(&with_items(10_000, &[17, 4040, 9999]), SMALL);
    screen.keys("3Gi");
    assert!(screen.text().contains("Comparing the items…  esc stops"), "{}", screen.text());
    let asked = screen.effects.last().cloned();
    let Some(Effect::Survey(ticket, asked, map)) = asked else { panic!("nothing is looked at") };
    let items = Box::new(Items::of(&asked.0, map));
    screen.tell(Msg::Surveyed(ticket, asked, items));
    insta::assert_snapshot!(screen.text());
    screen.keys("4040G<enter>");
    assert!(breadcrumb(&mut screen).contains("[4040]"), "{}", screen.text());
}

#[test]
fn items_nobody_waits_for_any_more_do_not_come_up() {
    let mut screen = Screen::of_text(&with_items(10_000, &[17]), SMALL);
    screen.keys("3Gi<esc>");
    assert!(screen.text().contains("Stopped."), "{}", screen.text());
    let asked = screen.effects.iter().rev().find(|effect| matches!(effect, Effect::Survey(..))).cloned();
    let Some(Effect::Survey(ticket, asked, map)) = asked else { panic!("nothing is looked at") };
    let items = Box::new(Items::of(&asked.0, map));
    screen.tell(Msg::Surveyed(ticket, asked, items));
    assert!(screen.text().contains(" states "), "{}", screen.text());
}

/// What AWS knows of an execution.
fn live(text: String) -> Box<Subject> {
    let opened = stepback::source::open_bytes(text).unwrap();
    let stepback::source::Opened::One(recording) = opened else { panic!("one recording") };
    Box::new(Subject::new(Target::Live(Live::new(ARN.to_owned())), *recording))
}

const ARN: &str = "arn:aws:states:eu-central-1:123456789012:execution:orders:nightly";

/// A screen on which an execution of so many items was opened from AWS.
fn coming(text: String) -> (Screen, Ticket) {
    let mut screen = Screen::waiting(Target::Live(Live::new(ARN.to_owned())), Acting::ReadOnly, SMALL);
    let Effect::Open(ticket, _) = screen.asked()[0].clone() else { panic!("it is to be opened") };
    screen.tell(Msg::Came(ticket, Came::Whole(live(text))));
    (screen, ticket)
}

#[test]
fn cursor_and_folds_stay_when_more_items_come() {
    let reading = |count, failing: &[u64]| {
        let subject = live(with_items(count, failing));
        let map = subject.history(MemberId::ROOT).visits().find(|(_, visit)| visit.kind == StateType::Map).unwrap().0;
        Items::of(&subject, MapPlace { execution: MemberId::ROOT, visit: Some(map) })
    };
    let says = |items: &Items| match items.selected() {
        Some(Says::Group(group)) => items.survey.groups[*group].status.word(),
        other => panic!("the cursor is on {other:?}"),
    };
    let mut items = reading(20, &[3]);
    assert!(items.step_group(true));
    assert_eq!((says(&items), items.folds().visible().len()), ("succeeded", items.line() + 1), "it is folded");
    let newer = reading(40, &[3, 25]).after(&items);
    assert_eq!((says(&newer), newer.folds().visible().len()), ("succeeded", newer.line() + 1), "it is folded still");
    items.toggle();
    let lines = items.folds().visible().len();
    let newer = reading(40, &[3, 25]).after(&items);
    assert_eq!((says(&newer), newer.folds().visible().len()), ("succeeded", lines + 20), "it is open still");
    assert!(items.go_to(7));
    let newer = reading(40, &[3, 25]).after(&items);
    assert_eq!(newer.item().and_then(|item| newer.get(item)?.0.index), Some(7));
}

#[test]
fn items_that_changed_while_they_were_looked_at_are_looked_at_again() {
    let (mut screen, opened) = coming(with_items(10_000, &[17]));
    screen.keys("3Gi");
    let Some(Effect::Survey(ticket, asked, map)) = screen.asked().pop() else { panic!("nothing is looked at") };
    screen.tell(Msg::Came(opened, Came::Whole(live(with_items(10_000, &[17, 4040])))));
    assert!(screen.asked().iter().all(|effect| !matches!(effect, Effect::Survey(..))), "one question at a time");
    let items = Box::new(Items::of(&asked.0, map));
    screen.tell(Msg::Surveyed(ticket, asked, items));
    let again = screen.asked().into_iter().find(|effect| matches!(effect, Effect::Survey(..)));
    let Some(Effect::Survey(ticket, asked, map)) = again else { panic!("they are not looked at again") };
    let items = Box::new(Items::of(&asked.0, map));
    screen.tell(Msg::Surveyed(ticket, asked, items));
    assert!(screen.text().contains("2 of 10,000 failed"), "{}", screen.text());
    assert!(screen.asked().iter().all(|effect| !matches!(effect, Effect::Survey(..))), "now they are up to date");
}

#[test]
fn a_map_of_which_nothing_failed_says_so() {
    let text = Screen::of_text(&with_items(20, &[]), SMALL).keys("3Gi").text();
    assert!(text.contains("20 items: 20 succeeded"), "{text}");
    assert!(text.contains("[0]") && text.contains("-00000"), "its items are shown at once: {text}");
    let text = Screen::of_text(&with_items(20, &[]), SMALL).keys("3Gid").text();
    assert!(text.contains("There is no failed item to compare with."), "{text}");
}

#[test]
fn a_map_without_items_says_that_there_was_nothing_to_do() {
    let text = Screen::of_text(&with_items(0, &[]), SMALL).keys("3Gi").text();
    // A wide character takes two cells, the second of which is empty.
    assert!(
        text.replace(' ', "").contains(&"注文を処理する was given no items: there was nothing to do.".replace(' ', "")),
        "{text}"
    );
}

#[test]
fn a_map_run_whose_executions_are_missing_says_what_to_fetch() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(IMAGES);
    let mut recording: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    recording["mapRuns"] = json!([]);
    let text = Screen::of_text(&recording.to_string(), SMALL).keys("2Gi").text();
    assert!(text.contains("The executions of this Map Run are not in the recording."), "{text}");
    assert!(text.contains("stepback record --children all ARN fetches them."), "{text}");
}

#[test]
fn where_there_is_no_map_that_is_said() {
    let text = Screen::shipped("loan-quote-missing-field.sfn.json", SMALL).keys("i").text();
    assert!(text.contains("There is no Map here whose items could be shown."), "{text}");
}

#[test]
fn the_tree_shows_failed_items_first_and_the_others_as_counts() {
    let mut screen = Screen::shipped(IMAGES, SMALL);
    let text = screen.keys("gu").text();
    let told = ["✖ RefreshImages", "✖ f6bb5ea1", "✖ 85986adb", "◌ 3 executions  aborted", "✔ 4 executions  succeeded"];
    let found = told.map(|words| text.lines().position(|line| line.contains(words)).expect(words));
    assert!(found.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{text}");
    let failing: Vec<u64> = (0..900).map(|n| n * 3).collect();
    let text = Screen::of_text(&with_items(3_000, &failing), MIDDLE).keys("2Gza<ctrl-d><ctrl-d>").text();
    assert!(text.contains("↷ item 57  caught"), "{text}");
    assert!(text.contains("880 items  caught") && text.contains("2,100 items"), "{text}");
}

#[test]
fn the_executions_of_a_map_run_that_are_in_aws_are_listed_from_there() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(IMAGES);
    let mut recording: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    recording["mapRuns"] = json!([]);
    let recording = stepback::source::open_bytes(recording.to_string()).unwrap();
    let stepback::source::Opened::One(recording) = recording else { panic!("one recording") };
    let target = Target::Live(Live::new(recording.arn().unwrap().to_string()));
    let subject = Subject::new(target.clone(), *recording);
    let mut screen = Screen::waiting(target, Acting::ReadOnly, SMALL);
    let Effect::Open(ticket, _) = screen.asked()[0].clone() else { panic!("it is to be opened") };
    screen.tell(Msg::Came(ticket, Came::Whole(Box::new(subject))));
    screen.keys("10Gi");
    assert!(screen.text().contains("The executions of this Map Run are not in the recording."), "{}", screen.text());
    screen.keys("<enter>");
    assert!(screen.text().contains("map run of RefreshImages"), "{}", screen.text());
    // What comes while the list lies over the items is among them when they are there again.
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(IMAGES);
    screen.tell(Msg::Came(ticket, Came::Whole(live(std::fs::read_to_string(path).unwrap()))));
    screen.keys("q");
    let text = screen.text();
    assert!(text.contains("items of RefreshImages") && text.contains("4 succeeded"), "{text}");
}
