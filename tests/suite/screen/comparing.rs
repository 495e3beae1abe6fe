//! Comparing data: recording, keys, and what the comparison shows.

use super::{DECLINED, MIDDLE, SMALL, Screen, event};
use std::sync::atomic::AtomicBool;
use stepback::tui::panel::runs;
use stepback::tui::{Effect, Msg, Trouble};

/// Asks for the last good run, and answers with a shipped recording as the runtime would.
fn compared(name: &str, good: &str, size: (u16, u16)) -> Screen {
    let mut screen = Screen::shipped(name, size);
    screen.keys("D");
    assert!(screen.text().contains("Comparing with the last good run…  esc stops"));
    let Some(Effect::Compare(ticket, asked)) = screen.effects.last().cloned() else { panic!("nothing is compared") };
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(good);
    let recording = stepback::source::open_recording(&path).unwrap();
    screen.tell(Msg::Compared(
        ticket,
        Ok(Box::new(runs(&asked.0, &recording, good.to_owned(), &AtomicBool::new(false)).unwrap())),
    ));
    screen
}

#[test]
fn an_attempt_is_compared_with_the_one_before() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("d");
    assert!(screen.text().contains("ChargeCard: attempt 2 → attempt 3"), "{}", screen.text());
    let error = screen.line(" error ");
    assert!(error.contains("\"GatewayTimeout\"") && error.contains("→ \"CardDeclined\""), "{error}");
    assert!(screen.text().contains("change 1 of "));
    screen.keys("n");
    assert!(screen.text().contains("change 2 of "), "{}", screen.text());
    screen.keys("NN");
    assert!(screen.text().contains("This is the first change."));
    screen.keys("{");
    assert!(screen.text().contains("attempt 1 → attempt 2"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.text().contains(" states "));
    assert_eq!(event(&mut screen), "41");
}

#[test]
fn input_is_compared_with_output() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("gjd");
    let text = screen.text();
    assert!(text.contains("input → output"), "{text}");
    assert!(text.contains("change 1 of "), "{text}");
    assert!(screen.line(" rows").contains('…'), "equal parts are folded");
    screen.keys("zR");
    assert!(!screen.text().contains(" rows"));
    screen.keys("zMn");
    assert!(screen.text().contains("This is the last change."));
}

#[test]
fn two_marks_are_compared() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("{{<space>");
    assert!(screen.text().contains("Marked event 38; space at another place compares the two."), "{}", screen.text());
    screen.keys("}}");
    assert!(screen.line("? keys").contains("marked 38"));
    screen.keys("<space>");
    assert!(screen.text().contains("ChargeCard, attempt 1 at event 38 → ChargeCard, attempt 3"), "{}", screen.text());
    screen.keys("q<space><space>");
    assert!(screen.text().contains("Mark removed."));
}

#[test]
fn both_values_are_read_whole() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("dn<enter>");
    assert!(screen.text().contains("attempt 2:") && screen.text().contains("attempt 3:"), "{}", screen.text());
    screen.keys("<esc>yy");
    assert!(screen.copied().is_some_and(|text| text.starts_with("attempt 2:")));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let mut screen = Screen::shipped("loan-quote-missing-field.sfn.json", SMALL);
    screen.keys("d");
    assert!(screen.text().contains("OfferTerms has no output to compare its input with."), "{}", screen.text());
}

#[test]
fn a_run_is_compared_with_the_last_good_one() {
    let mut screen = compared(DECLINED, "order-shipped.sfn.json", MIDDLE);
    let text = screen.text();
    assert!(text.contains("order-shipped.sfn.json → MH-2026-118432"), "{text}");
    let parting = screen.line("first difference ChargeCard");
    assert!(parting.contains("succeeded") && parting.contains("failed with CardDeclined"), "{parting}");
    assert!(screen.line(" reads $.validation.totalCents").contains("60760"), "{text}");
    assert!(text.contains("first in the answer of ValidateOrder"), "{text}");
    screen.keys("<enter>");
    assert!(screen.text().contains("event 37 of 84"), "{}", screen.text());
    screen.keys("[");
    assert!(screen.text().contains("event 46 of 84"));
}

#[test]
fn runs_are_compared_in_one_column_where_there_is_no_room() {
    let mut screen = compared("shipping-quote-carrier-changed.sfn.json", "shipping-quote-good.sfn.json", SMALL);
    assert!(screen.line("first difference").contains("PickRate"), "{}", screen.text());
    screen.keys("n");
    assert!(screen.text().contains("change 2 of "));
}

#[test]
fn a_comparison_nobody_waits_for_is_dropped() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("D");
    let Some(Effect::Compare(ticket, _)) = screen.effects.last().cloned() else { panic!("nothing is compared") };
    screen.keys("<esc>");
    assert_eq!(screen.effects.last(), Some(&Effect::Stop(ticket)), "what nobody waits for is not worked out");
    let trouble = Trouble { message: "There is none.".to_owned(), hint: None };
    screen.tell(Msg::Compared(ticket, Err(trouble.clone())));
    assert!(!screen.text().contains("There is none."));
    screen.keys("D");
    let Some(Effect::Compare(ticket, _)) = screen.effects.last().cloned() else { panic!("nothing is compared") };
    screen.tell(Msg::Compared(ticket, Err(trouble)));
    assert!(screen.text().contains("There is none."));
}

#[test]
fn a_comparison_that_is_stopped_comes_to_nothing() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let recording = stepback::source::open_recording(&path.join("order-shipped.sfn.json")).unwrap();
    let subject = stepback::tui::Subject::new(stepback::tui::Target::Stdin, recording.clone());
    assert!(runs(&subject, &recording, String::new(), &AtomicBool::new(true)).is_none());
    assert!(runs(&subject, &recording, String::new(), &AtomicBool::new(false)).is_some());
}

#[test]
fn comparisons_are_searched() {
    let mut screen = compared("order-payment-declined.sfn.json", "order-shipped.sfn.json", MIDDLE);
    screen.keys("/tellcustomer<enter>");
    let cursor = screen.roles().lines().position(|line| line.matches('i').count() > 60).unwrap();
    assert!(screen.text().lines().nth(cursor).unwrap().contains("TellCustomer"), "{}", screen.text());
    screen.keys("/no such thing<enter>");
    assert!(screen.text().contains("No matches for no such thing."));
    screen.keys("<esc>n");
    assert!(screen.text().contains("change "), "without a search n goes to the next change again");
    screen.keys("<esc>");
    assert!(screen.text().contains("─ states ─"));
}

#[test]
fn what_is_marked_is_seen_in_the_tree_and_in_the_events() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("<space>k");
    assert!(screen.line("\u{25c6}").contains("attempt 3"), "{}", screen.text());
    screen.keys("VV");
    assert!(screen.line("\u{25c6}").contains("\u{25c6}\u{2691}a 46 "), "{}", screen.text());
}
