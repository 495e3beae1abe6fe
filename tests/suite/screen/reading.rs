//! What is cut on the screen is read whole with one key or click; narrow screens show one thing at a time.

use super::{DECLINED, FILES, SMALL, Screen};
use stepback::tui::{Msg, msg::Mouse};

#[test]
fn below_the_error_stands_the_fact_that_tells_most() {
    let mut screen = Screen::shipped(FILES, SMALL);
    let text = screen.text();
    let third = text.lines().nth(3).unwrap_or_default();
    assert!(third.contains("3 of 200 items failed in ImportFiles: all 3 have $.file.currency = \"JPY\""), "{text}");
    assert!(text.lines().nth(1).unwrap_or_default().ends_with("calling catalogue-load-prices"), "{text}");
    let mut screen = Screen::shipped(DECLINED, SMALL);
    assert!(screen.text().contains("caught by ChargeCard → ReleaseStock"), "{}", screen.text());
}

#[test]
fn with_one_line_for_it_the_fact_comes_before_the_message() {
    let mut screen = Screen::shipped(FILES, (80, 18));
    let text = screen.text();
    let below = text.lines().nth(2).unwrap_or_default();
    assert!(below.contains("all 3 have $.file.currency = \"JPY\""), "{text}");
}

#[test]
fn the_cause_is_read_whole_with_a_key_or_a_click() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    assert!(!screen.text().contains("\"suggestion\""), "{}", screen.text());
    screen.keys("c");
    let whole = screen.text();
    assert!(whole.contains("cause, decoded") && whole.contains("\"errorType\": \"CardDeclined\""), "{whole}");
    screen.keys("<esc>");
    screen.tell(Msg::Mouse(Mouse::Click, 10, 1));
    assert!(screen.text().contains("cause, decoded"));
    screen.keys("yc");
    assert!(screen.line("Copied").contains("the cause"), "{}", screen.text());
}

#[test]
fn a_row_is_read_whole_wherever_it_stands() {
    let mut screen = Screen::shipped(FILES, SMALL);
    for (keys, said) in [
        ("o", "LoadPrices"),
        ("<esc>vvvo", "LambdaFunctionFailed"),
        ("<esc>v<tab>o", ""),
        ("<esc>w", ""),
        ("o", "asked for"),
    ] {
        screen.keys(keys);
        let text = screen.text();
        assert!(text.contains(said), "{keys}: {text}");
    }
}

#[test]
fn what_there_is_to_tell_takes_the_lines_it_needs() {
    let mut screen = Screen::shipped(DECLINED, (44, 24));
    screen.keys("<enter>%");
    let text = screen.text();
    let last: Vec<&str> = text.lines().rev().take(2).collect();
    assert!(last[0].trim_end().ends_with('.') && !last.join(" ").contains('…'), "{text}");
    screen.keys("S");
    let text = screen.text();
    assert!(text.trim_end().ends_with('.') && !text.lines().last().unwrap_or("").contains('…'), "{text}");
}

#[test]
fn on_a_narrow_screen_the_cause_comes_first_and_then_the_states() {
    let mut screen = Screen::shipped(FILES, (44, 24));
    let cause = screen.text();
    assert!(cause.contains("none of 143 that"), "{cause}");
    assert!(!cause.contains("── states"), "the cause has the screen for itself: {cause}");
    screen.keys("<enter>");
    let states = screen.text();
    assert!(states.contains("── states") && !states.contains("── input"), "{states}");
    screen.keys("<tab>");
    let data = screen.text();
    assert!(data.contains("currency") && !data.contains("── states"), "{data}");
}

#[test]
fn help_begins_with_the_keys_of_what_has_the_focus() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("?");
    let first = screen.text();
    assert!(first.contains("In this view") && first.contains("Go to the next failure"), "{first}");
    screen.keys("<esc><tab>?");
    assert!(screen.text().contains("In the data"), "{}", screen.text());
}

#[test]
fn the_way_of_a_value_is_broken_into_lines() {
    let mut screen = Screen::shipped(FILES, (60, 30));
    screen.keys("<tab>w");
    let text = screen.text();
    let way = text.split("came from").nth(1).unwrap_or_default();
    assert!(!way.is_empty() && !way.contains('…'), "{text}");
}
