//! Comparing data: recording, keys, and what the comparison shows.

use super::{DECLINED, MIDDLE, SMALL, Screen, event};

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
    assert!(screen.text().contains(" visits "));
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
    screen.keys("}}<space>");
    assert!(screen.text().contains("ChargeCard, attempt 1 at event 38 → ChargeCard, attempt 3"), "{}", screen.text());
    screen.keys("q<space><space>");
    assert!(screen.text().contains("The mark is gone."));
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
