//! Choosing from a list, help, the palette, problems.

use super::{DECLINED, MIDDLE, SMALL, Screen};
use stepback::tui::browser::{Listing, Row, Summary};
use stepback::tui::{Effect, Found, Target};

fn browser() -> Screen {
    let listing = |name: &str, status: &str, error: &str| Listing {
        target: Target::Path(name.into()),
        label: name.to_owned(),
        row: Row::Execution(Summary {
            name: name.to_owned(),
            machine: "Orders".to_owned(),
            status: status.to_owned(),
            started: stepback::event::Timestamp::parse_iso("2026-11-20T03:14:07.000+00:00"),
            stopped: stepback::event::Timestamp::parse_iso("2026-11-20T03:14:09.310+00:00"),
            state: if error.is_empty() { String::new() } else { "ChargeCard".to_owned() },
            error: error.to_owned(),
            ..Summary::default()
        }),
    };
    let broken = Listing {
        target: Target::Path("torn.sfn.json".into()),
        label: "torn.sfn.json".to_owned(),
        row: Row::Unreadable("torn.sfn.json is empty.".to_owned()),
    };
    let listings = vec![
        listing("nightly-1120", "FAILED", "Card.Declined"),
        listing("nightly-1119", "SUCCEEDED", ""),
        listing("nightly-1118", "TIMED_OUT", "States.Timeout"),
        listing("nightly-1117", "RUNNING", ""),
        broken,
    ];
    Screen::showing(Found::Folder("recordings".to_owned(), listings), Target::Path("recordings".into()), MIDDLE)
}

#[test]
fn a_folder_is_a_list() {
    let mut screen = browser();
    let text = screen.text();
    let top: Vec<&str> = text.lines().take(7).map(str::trim_end).collect();
    insta::assert_snapshot!(top.join("\n"));
}

#[test]
fn a_list_is_filtered_and_opened() {
    let mut screen = browser();
    screen.keys("/timeout");
    assert!(screen.line("stepback  ").contains("1 of 5 with \"timeout\""));
    screen.keys("<enter><enter>");
    assert!(
        matches!(screen.effects.last(), Some(Effect::Open(_, Target::Path(path))) if path.ends_with("nightly-1118"))
    );
    screen.keys("<esc>");
    assert!(screen.text().contains("nightly-1120"));
    screen.keys("G<enter>");
    assert!(screen.text().contains("torn.sfn.json is empty."));
}

#[test]
fn several_executions_are_a_choice() {
    let mut screen = Screen::shipped("express-checkout.log.jsonl", MIDDLE);
    assert!(screen.line("stepback  ").contains("2 executions in express-checkout.log.jsonl"));
    screen.keys("/voucher<enter><enter>");
    assert!(screen.text().contains("TypeError"), "{}", screen.text());
    screen.keys("q");
    assert!(screen.text().contains("2 executions in"));
    assert!(!screen.effects.contains(&Effect::Quit));
    screen.keys("q");
    assert!(screen.effects.contains(&Effect::Quit));
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let mut screen = browser();
    screen.keys("<enter>");
    let Some(Effect::Open(stale, _)) = screen.effects.last().cloned() else { panic!("nothing was opened") };
    screen.keys("j<enter>");
    let trouble = stepback::tui::Trouble { message: "Too late.".to_owned(), hint: None };
    screen.tell(stepback::tui::Msg::Opened(stale, Err(trouble)));
    assert!(!screen.text().contains("Too late."));
}

#[test]
fn help_is_made_from_the_actions() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("?");
    assert!(screen.line("Go to the next failure").contains(" f "));
    screen.keys("G");
    assert!(screen.text().contains("A number before a movement repeats it."));
    assert!(!screen.text().contains("… │"), "every sentence is there whole:\n{}", screen.text());
    screen.keys("q");
    assert!(!screen.text().contains("A number before"));
}

#[test]
fn help_is_searched_like_any_list() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("?/previous attempt");
    assert!(screen.line("previous-attempt").contains("Go to the previous attempt"));
    screen.keys("<enter>");
    assert!(!screen.text().contains("run an action"));
}

#[test]
fn actions_are_run_by_name() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys(":prev");
    assert!(screen.line("previous-failure").contains("Go to the previous failure"));
    screen.keys("ious-f<enter>");
    assert!(screen.line("/84").ends_with("43/84"));
    screen.keys(":17<enter>");
    assert!(screen.line("/84").ends_with("17/84"));
    screen.keys(":nonsense<enter>");
    assert!(screen.text().contains("There is no action called nonsense."));
}

#[test]
fn problems_are_listed() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("!");
    assert!(screen.text().contains("Nothing is damaged or inconsistent."));
    let events = r#"{"events":[
        {"id":1,"timestamp":1.0,"type":"ExecutionStarted","executionStartedEventDetails":{}},
        {"id":4,"timestamp":2.0,"type":"PassStateEntered","previousEventId":3,
         "stateEnteredEventDetails":{"name":"A","input":"{}"}}]}"#;
    let mut screen = Screen::of_text(events, SMALL);
    screen.keys("!");
    assert!(screen.text().contains("Events between 1 and 4 are missing"), "{}", screen.text());
}
