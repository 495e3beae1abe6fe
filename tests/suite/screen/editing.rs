//! Replaying with edits: written on the screen or elsewhere, judged before they run, asked for when they are needed.

use super::replaying::{asked, play};
use super::{DECLINED, MIDDLE, SMALL, Screen};
use stepback::json::layout;
use stepback::tui::{Effect, Msg, Ticket};

/// Opens the menu and selects what holds the words.
fn choose(screen: &mut Screen, words: &str) {
    screen.keys("rg");
    for _ in 0..12 {
        let text = screen.text();
        let at = text.lines().position(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words}:\n{text}"));
        let cursor = screen.roles().lines().position(|line| line.matches('i').count() > 30);
        if cursor == Some(at) {
            return;
        }
        screen.keys("j");
    }
    panic!("{words} cannot be reached:\n{}", screen.text());
}

/// Replaces what is in the editor.
fn write(screen: &mut Screen, text: &str) {
    screen.keys("<ctrl-t><ctrl-t>");
    screen.keys(&"<backspace>".repeat(60));
    screen.tell(Msg::Paste(text.to_owned()));
}

/// The answer a good run of the same machine got.
fn good_answer(state: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/order-shipped.sfn.json");
    let recording = stepback::source::open_recording(&path).unwrap();
    stepback::replay::last_answer(&recording, state).unwrap().to_string()
}

#[test]
fn an_edited_answer_is_replayed_and_new_tasks_are_asked_for() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    choose(&mut screen, "answer to ChargeCard, attempt 3");
    screen.keys("<enter>");
    write(&mut screen, &good_answer("ChargeCard"));
    screen.keys("<ctrl-s>");
    assert!(screen.line("answer to ChargeCard").contains("edited: {\"result\":{"), "{}", screen.text());
    screen.keys("<enter>");
    play(&mut screen);
    println!("{}", screen.text());
    screen.keys("jj<enter>");
    play(&mut screen);
    println!("{}", screen.text());
    screen.keys("j<enter>");
    play(&mut screen);
    println!("{}", screen.text());
    panic!();
}
