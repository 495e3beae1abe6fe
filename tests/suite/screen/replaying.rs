//! Replaying the run on the screen: fidelity, progress, where it leaves the recording.

use super::{DECLINED, MIDDLE, SMALL, Screen};
use serde_json::Value;
use stepback::replay::Replay;
use stepback::tui::panel::Replayed;
use stepback::tui::replaying::Plan;
use stepback::tui::{Asked, Effect, Msg, Ticket};

/// Returns the question the runtime was asked last.
pub fn asked(screen: &Screen) -> (Ticket, Asked, Plan) {
    match screen.effects.last() {
        Some(Effect::Replay(ticket, asked, plan)) => (*ticket, asked.clone(), (**plan).clone()),
        other => panic!("no replay but {other:?}"),
    }
}

/// Replays what was asked for, as the runtime would.
pub fn play(screen: &mut Screen) {
    let (ticket, asked, plan) = asked(screen);
    let recording = plan.recording(&asked.0).unwrap();
    let mut replay = Replay::of(&recording, plan.edits(&asked.0).unwrap()).unwrap();
    while replay.advance(1_000) {}
    let replayed = Replayed::new(&asked.0, plan, &replay.finish());
    screen.tell(Msg::Replayed(ticket, Ok(Box::new(replayed))));
}

/// Replays the whole run.
fn replay(screen: &mut Screen) {
    screen.keys("r<enter>");
    play(screen);
}

/// A shipped recording in which one state was entered with another input.
fn tampered() -> Screen {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(DECLINED);
    let mut recording: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let events = recording["events"].as_array_mut().unwrap();
    let event = events.iter_mut().find(|event| event["id"] == 48).unwrap();
    event["stateEnteredEventDetails"]["input"] = Value::from("{\"other\":true}");
    Screen::of_text(&recording.to_string(), MIDDLE)
}

#[test]
fn a_replay_says_how_true_it_is() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    replay(&mut screen);
    let text = screen.text();
    assert!(text.contains("- recorded   + replayed"), "{text}");
    assert!(text.contains("84 of 84 events as recorded"), "{text}");
    assert!(screen.line("? keys").contains("fidelity 84/84"), "{text}");
    screen.keys("<esc>");
    assert!(screen.line("? keys").contains("fidelity 84/84"), "the badge stays");
    let before = screen.effects.len();
    screen.keys("rr");
    assert!(screen.text().contains("84 of 84 events"));
    assert_eq!(screen.effects.len(), before, "what is known is not worked out again");
}

#[test]
fn the_divergence_is_named_and_led_to() {
    let mut screen = tampered();
    replay(&mut screen);
    let text = screen.text();
    assert!(screen.line("? keys").contains("diverges at event 48"), "{text}");
    assert!(screen.line("first divergence (ReleaseStock)").contains("event 48 "), "{text}");
    screen.keys("<enter>");
    assert!(screen.text().contains("event 48 of 84"), "{}", screen.text());
}

#[test]
fn progress_is_shown_and_keys_go_on() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("rr");
    let (ticket, ..) = asked(&screen);
    screen.tell(Msg::Replaying(ticket, 2_000, 25_000));
    assert!(screen.text().contains("Replaying, 2,000 of 25,000 events…  esc stops"), "{}", screen.text());
    screen.keys("l");
    assert!(screen.text().contains("event 47 of 84"));
    screen.keys("<esc>");
    assert_eq!(screen.effects.last(), Some(&Effect::Stop(ticket)));
    screen.tell(Msg::Replaying(ticket, 3_000, 25_000));
    assert!(!screen.text().contains("Replaying"));
}

#[test]
fn leaving_stops_a_replay() {
    let mut screen = Screen::shipped("express-checkout.log.jsonl", MIDDLE);
    screen.keys("<enter>");
    screen.keys("rr");
    let (ticket, ..) = asked(&screen);
    screen.keys("q");
    assert!(screen.effects.contains(&Effect::Stop(ticket)));
}

#[test]
fn why_there_can_be_none_is_said() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("rr");
    let (ticket, ..) = asked(&screen);
    let message = "This run cannot be replayed: the recording does not hold the definition.".to_owned();
    screen.tell(Msg::Replayed(ticket, Err(stepback::tui::Trouble { message: message.clone(), hint: None })));
    assert!(screen.text().contains(&message));
}
