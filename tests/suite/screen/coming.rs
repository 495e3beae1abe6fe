//! An execution from AWS: its failure first, the rest part by part, and what happens while one follows it.

use super::{DECLINED, SMALL, Screen, breadcrumb, event};
use serde_json::{Value, json};
use stepback::json::SharedBytes;
use stepback::source::{self, Opened};
use stepback::tui::live::{Acting, Came, Live, Progress};
use stepback::tui::{Effect, Msg, Subject, Target, Ticket, Trouble};

const ARN: &str = "arn:aws:states:eu-west-1:402817639051:execution:OrderFulfilment:MH-2026-118432";

/// A shipped recording as it comes from AWS: only these events of it, and perhaps still running.
fn part(events: impl Fn(u64) -> bool, status: &str) -> Box<Subject> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(DECLINED);
    let mut recording: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    recording["events"].as_array_mut().unwrap().retain(|event| events(event["id"].as_u64().unwrap()));
    recording["execution"]["status"] = json!(status);
    if status == "RUNNING" {
        for member in ["stopDate", "error", "cause"] {
            recording["execution"].as_object_mut().unwrap().remove(member);
        }
    }
    let opened = source::open_bytes(SharedBytes::from(recording.to_string())).unwrap();
    let Opened::One(recording) = opened else { panic!("one recording") };
    Box::new(Subject::new(Target::Live(Live::new(ARN)), *recording))
}

fn whole() -> Box<Subject> {
    part(|_| true, "FAILED")
}

/// A screen that has asked for the execution.
fn opening(size: (u16, u16)) -> (Screen, Ticket) {
    let mut screen = Screen::waiting(Target::Live(Live::new(ARN)), Acting::ReadOnly, size);
    let Effect::Open(ticket, _) = screen.asked()[0].clone() else { panic!("it is to be opened") };
    (screen, ticket)
}

/// A running execution of which all up to an event is there.
fn running(last: u64, size: (u16, u16)) -> Screen {
    let (mut screen, ticket) = opening(size);
    screen.tell(Msg::Came(ticket, Came::Whole(part(|id| id <= last, "RUNNING"))));
    screen
}

/// Presses the key and returns the question the runtime is asked.
fn follow(screen: &mut Screen) -> Ticket {
    screen.asked();
    screen.keys("a");
    match screen.asked().as_slice() {
        [Effect::Follow(ticket, _)] => *ticket,
        other => panic!("it is to be followed: {other:?}"),
    }
}

#[test]
fn the_failure_is_there_with_the_first_part() {
    let (mut screen, ticket) = opening(SMALL);
    let progress = Progress { events: 44, of: Some(84), executions: None };
    screen.tell(Msg::Came(ticket, Came::Part(part(|id| id <= 10 || id > 40, "FAILED"), progress)));
    insta::assert_snapshot!("first_part", screen.text());
    screen.tell(Msg::Came(ticket, Came::Whole(whole())));
    let text = screen.text();
    assert!(!text.contains("44 of 84"), "{text}");
    assert_eq!(event(&mut screen), "46");
}

#[test]
fn what_one_looks_at_stays_while_the_rest_comes_in() {
    let (mut screen, ticket) = opening(SMALL);
    let parts = [(60, 30), (50, 20)];
    let (low, high) = (parts[0].1, parts[0].0);
    let progress = Progress { events: 54, of: Some(84), executions: None };
    screen.tell(Msg::Came(ticket, Came::Part(part(|id| id <= low || id > high, "FAILED"), progress)));
    screen.keys("zR62G<space>");
    let before = breadcrumb(&mut screen);
    screen.keys("k<enter>");
    let place = event(&mut screen);
    assert!(screen.text().contains("▸ ✔ item 2"), "{}", screen.text());
    screen.tell(Msg::Came(ticket, Came::Whole(whole())));
    assert_eq!(event(&mut screen), place, "{before}");
    assert!(screen.text().contains("▸ ✔ item 2"), "what was folded stays folded: {}", screen.text());
    assert!(screen.line("? keys").contains("marked 62"), "{}", screen.text());
}

#[test]
fn fetching_can_be_stopped_and_taken_up_again() {
    let (mut screen, ticket) = opening(SMALL);
    let progress = Progress { events: 44, of: Some(84), executions: None };
    screen.tell(Msg::Came(ticket, Came::Part(part(|id| id <= 10 || id > 40, "FAILED"), progress)));
    screen.keys("<esc>");
    assert_eq!(screen.asked().last(), Some(&Effect::Stop(ticket)));
    assert!(screen.text().contains("Stopped at 44 of 84 events; ctrl-r fetches the rest."), "{}", screen.text());
    screen
        .tell(Msg::Came(ticket, Came::Part(part(|_| true, "FAILED"), Progress { events: 84, ..Progress::default() })));
    screen.keys("<ctrl-r>");
    let Some(Effect::Resume(again, asked)) = screen.asked().last().cloned() else { panic!("it is to go on") };
    assert_eq!(asked.0.recording.events.len(), 84, "what came too late is not thrown away");
    screen.tell(Msg::Came(again, Came::Whole(whole())));
    assert!(!screen.line("stepback  ").contains("84 of"), "{}", screen.text());
}

#[test]
fn a_lost_connection_leaves_what_is_there() {
    let (mut screen, ticket) = opening(SMALL);
    let progress = Progress { events: 44, of: Some(84), executions: None };
    screen.tell(Msg::Came(ticket, Came::Part(part(|id| id <= 10 || id > 40, "FAILED"), progress)));
    let trouble = Trouble { message: "The connection to AWS was lost.".to_owned(), hint: None };
    screen.tell(Msg::Came(ticket, Came::Broken(trouble)));
    let text = screen.text();
    assert!(text.contains("The connection to AWS was lost. ctrl-r goes on from here."), "{text}");
    assert!(text.contains("not all there") && text.contains("CardDeclined"), "{text}");
    screen.keys("<ctrl-r>");
    assert!(matches!(screen.asked().last(), Some(Effect::Resume(..))));
}

#[test]
fn what_cannot_be_opened_says_why() {
    let (mut screen, ticket) = opening(SMALL);
    let trouble = Trouble {
        message: "The execution is not in eu-west-1.".to_owned(),
        hint: Some("Executions are kept for 90 days.".to_owned()),
    };
    screen.tell(Msg::Came(ticket, Came::Broken(trouble)));
    assert!(screen.text().contains("Executions are kept for 90 days."), "{}", screen.text());
    screen.keys("q");
    assert!(screen.asked().contains(&Effect::Quit));
}

#[test]
fn a_running_execution_is_followed_to_its_end() {
    let mut screen = running(30, SMALL);
    assert!(screen.text().contains("a follows what happens next."), "{}", screen.text());
    screen.keys("30G");
    let ticket = follow(&mut screen);
    screen.tell(Msg::Came(ticket, Came::Whole(part(|id| id <= 36, "RUNNING"))));
    assert_eq!(event(&mut screen), "36", "on the last event the cursor goes on");
    assert!(screen.line("stepback  ").contains("● following"), "{}", screen.text());
    screen.keys("20G");
    screen.tell(Msg::Came(ticket, Came::Whole(part(|id| id <= 46, "RUNNING"))));
    assert!(screen.text().contains("ChargeCard has failed with CardDeclined, at event 46."), "{}", screen.text());
    assert_eq!(event(screen.keys("T")), "20", "elsewhere it stays");
    screen.tell(Msg::Came(ticket, Came::Whole(whole())));
    assert!(screen.text().contains("The execution has ended: FAILED."), "{}", screen.text());
    assert!(!screen.line("stepback  ").contains("following"));
    screen.keys("a");
    assert!(screen.text().contains("there is nothing to follow"), "{}", screen.text());
}

#[test]
fn following_stops_when_told() {
    for key in ["a", "<esc>"] {
        let mut screen = running(30, SMALL);
        let ticket = follow(&mut screen);
        screen.keys(key);
        assert_eq!(screen.asked().last(), Some(&Effect::Stop(ticket)), "{key}");
        assert!(screen.text().contains("No longer following."), "{}", screen.text());
    }
}

#[test]
fn a_recording_is_not_followed() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("a");
    assert!(screen.text().contains("only an execution opened from AWS can be followed"), "{}", screen.text());
}

#[test]
fn whoever_leaves_does_not_wait() {
    let (mut screen, ticket) = opening(SMALL);
    screen.tell(Msg::Came(ticket, Came::Part(whole(), Progress { events: 84, ..Progress::default() })));
    screen.keys("q");
    assert!(screen.asked().contains(&Effect::Quit));
}
