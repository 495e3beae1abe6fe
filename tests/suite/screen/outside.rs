//! What is under the cursor in the person's own editor: to be looked at, and to be replayed when it was changed.

use super::replaying::{asked, play};
use super::{DECLINED, MIDDLE, SMALL, Screen};
use serde_json::{Value, json};
use stepback::tui::{Draft, Effect, Found, Msg, Subject, Target, Ticket};

const CHILD: &str = "payouts-child-failed.sfn.json";

/// Takes what the editor was given.
fn given(screen: &mut Screen) -> (Ticket, Draft) {
    match screen.asked().pop() {
        Some(Effect::Edit(ticket, draft)) => (ticket, draft),
        other => panic!("nothing is to be edited but {other:?}"),
    }
}

/// Selects a row of the data pane.
fn on(screen: &mut Screen, words: &str) {
    screen.keys("<tab>g");
    screen.keys(&format!("/{words}<enter>"));
}

#[test]
fn a_value_an_event_and_a_text_can_be_looked_at() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("<tab>e");
    let (ticket, draft) = given(&mut screen);
    assert_eq!((draft.name.as_str(), draft.text.as_str()), ("error.txt", "CardDeclined"));
    screen.tell(Msg::Edited(ticket, Ok("CardDeclined\n".to_owned())));
    assert!(!screen.text().contains("Your change"), "{}", screen.text());
    screen.keys("4<wait>ge");
    let (_, draft) = given(&mut screen);
    assert_eq!(draft.name, "event 46.json");
    assert_eq!(serde_json::from_str::<Value>(&draft.text).unwrap()["type"], "TaskFailed");
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("VVe");
    let (ticket, draft) = given(&mut screen);
    assert_eq!(draft.name, "event-46.json");
    screen.tell(Msg::Edited(ticket, Ok("{}".to_owned())));
    assert!(screen.text().contains("Your change was discarded: this event is already in the past."));
    screen.tell(Msg::Edited(ticket, Ok("[]".to_owned())));
    screen.keys("<tab><enter>e");
    let (ticket, draft) = given(&mut screen);
    assert_eq!(draft.text, "CardDeclined", "what is read whole");
    screen.tell(Msg::Edited(ticket, Err("The editor 'vi' cannot be run: set $VISUAL or $EDITOR to one.".to_owned())));
    assert!(screen.text().contains("The editor 'vi' cannot be run"), "{}", screen.text());
}

#[test]
fn a_changed_input_of_a_state_is_replayed() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    on(&mut screen, "cardToken");
    screen.keys("ne");
    let (ticket, draft) = given(&mut screen);
    assert_eq!((draft.name.as_str(), draft.text.as_str()), ("cardToken.txt", "tok_9fQ2mX7c"));
    screen.tell(Msg::Edited(ticket, Ok("tok \"new\"\n".to_owned())));
    let menu = screen.text();
    assert!(screen.line("Edit the input of ChargeCard").contains("edited: {\"orderId\""), "{menu}");
    insta::assert_snapshot!("menu_after_an_edit", menu);
    screen.keys("<enter>");
    let (_, subject, plan) = asked(&screen);
    let edits = plan.edits(&subject.0).unwrap();
    let input: Value = serde_json::from_str(edits.input.unwrap().text()).unwrap();
    assert_eq!(input["payment"]["cardToken"], "tok \"new\"");
    assert_eq!(input["orderId"], "MH-2026-118432");
}

#[test]
fn a_container_is_laid_out_and_put_back_and_what_is_no_json_is_said() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    on(&mut screen, "shipTo");
    screen.keys("e");
    let (ticket, draft) = given(&mut screen);
    assert!(draft.text.starts_with("{\n  \"street\": \"Strandgaten 81\""), "{}", draft.text);
    screen.tell(Msg::Edited(ticket, Ok("{\n  oops\n}".to_owned())));
    assert!(screen.text().contains("This is not JSON"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.line("Edit the input of ChargeCard").contains("as recorded"), "{}", screen.text());
}

#[test]
fn from_the_tree_the_input_is_taken_and_from_the_definition_all_of_it() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("e");
    let (ticket, draft) = given(&mut screen);
    assert_eq!(draft.name, "input.json");
    screen.tell(Msg::Edited(ticket, Ok(draft.text.replace("MH-2026-118432", "again"))));
    assert!(screen.line("Edit the input of ChargeCard").contains("edited: {\"orderId\":\"again\""));
    screen.keys("<esc>7<wait><tab>e");
    let (_, draft) = given(&mut screen);
    assert_eq!(draft.name, "definition.asl.json");
}

#[test]
fn a_changed_answer_is_replayed_also_inside_of_strings() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    on(&mut screen, "declineCode");
    screen.keys("e");
    let (ticket, draft) = given(&mut screen);
    assert_eq!(draft.text, "insufficient_funds");
    screen.tell(Msg::Edited(ticket, Ok("lost_card".to_owned())));
    assert!(screen.line("result of ChargeCard, attempt 3").contains("edited: {\"error\":"), "{}", screen.text());
    screen.keys("<enter>");
    let (_, subject, plan) = asked(&screen);
    let written = &plan.edits[0].text;
    let entry: Value = serde_json::from_str(written).unwrap();
    let cause: Value = serde_json::from_str(entry["cause"].as_str().unwrap()).unwrap();
    let message: Value = serde_json::from_str(cause["errorMessage"].as_str().unwrap()).unwrap();
    assert_eq!((&entry["error"], &message["declineCode"]), (&json!("CardDeclined"), &json!("lost_card")));
    assert!(plan.edits(&subject.0).is_ok());
    play(&mut screen);
    assert!(screen.text().contains("ChargeCard"), "{}", screen.text());
}

#[test]
fn the_input_of_an_execution_that_was_started_is_its_own() {
    let mut screen = Screen::shipped(CHILD, MIDDLE);
    screen.keys("gg<tab>1<wait>");
    on(&mut screen, "month");
    screen.keys("e");
    let (ticket, draft) = given(&mut screen);
    screen.tell(Msg::Edited(ticket, Ok(draft.text.replace("10", "11"))));
    screen.keys("<enter>");
    let (_, subject, plan) = asked(&screen);
    assert_ne!(plan.recording(&subject.0).unwrap().arn(), subject.0.recording.arn());
    assert!(plan.edits[0].text.contains("\"month\":\"2026-11\""), "{plan:?}");
}

/// A shipped recording as it is opened in the place of another.
fn other(name: &str) -> Found {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
    let recording = stepback::source::open_recording(&path).unwrap();
    Found::One(Box::new(Subject::new(Target::Path(name.into()), recording)))
}

#[test]
fn a_screen_that_comes_waits_for_the_editor() {
    let mut screen = Screen::shipped(CHILD, MIDDLE);
    screen.keys("gg<tab>1<wait>");
    on(&mut screen, "month");
    screen.asked();
    screen.keys("<ctrl-r>");
    let Some(Effect::Open(opening, _)) = screen.asked().pop() else { panic!("it is read again") };
    screen.keys("e");
    let (ticket, draft) = given(&mut screen);
    screen.tell(Msg::Opened(opening, Ok(other(DECLINED))));
    screen.tell(Msg::Edited(ticket, Ok(draft.text.replace("10", "11"))));
    let menu = screen.text();
    assert!(menu.contains("edited: ") && menu.contains("2026-11"), "the edit is of what was on the screen: {menu}");
    assert!(!menu.contains("MH-2026-118432"), "the menu is closed first: {menu}");
    screen.keys("<esc>");
    assert!(screen.text().contains("MH-2026-118432"), "{}", screen.text());
    screen.keys("r");
    assert!(!screen.text().contains("edited: "), "{}", screen.text());
}

#[test]
fn white_space_of_a_string_is_a_change_and_the_end_of_its_last_line_is_none() {
    for (left, kept) in [
        ("tok_9fQ2mX7c\n", None),
        ("tok_9fQ2mX7c ", Some("tok_9fQ2mX7c ")),
        ("tok_9fQ2mX7c\n\n", Some("tok_9fQ2mX7c\n")),
    ] {
        let mut screen = Screen::shipped(DECLINED, MIDDLE);
        on(&mut screen, "cardToken");
        screen.keys("ne");
        let (ticket, _) = given(&mut screen);
        screen.tell(Msg::Edited(ticket, Ok(left.to_owned())));
        assert_eq!(screen.text().contains("Edit the input of ChargeCard"), kept.is_some(), "{left:?}");
        if let Some(kept) = kept {
            screen.keys("<enter>");
            let (_, subject, plan) = asked(&screen);
            let input: Value = serde_json::from_str(plan.edits(&subject.0).unwrap().input.unwrap().text()).unwrap();
            assert_eq!(input["payment"]["cardToken"], kept);
        }
    }
}

#[test]
fn a_note_is_changed_in_the_list_of_bookmarks() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("''e<ctrl-u>seen<enter>");
    assert!(screen.line("⚑a       46").contains("seen"), "{}", screen.text());
    screen.keys("e<esc>");
    assert!(screen.line("⚑a       46").contains("seen"), "one comes back to the list");
}
