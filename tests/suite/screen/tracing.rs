//! Where a value came from: recording, keys, and what the way shows.

use super::{DECLINED, MIDDLE, SMALL, Screen, breadcrumb, event};

#[test]
fn the_way_of_a_value_is_walked_and_the_panes_follow() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("<tab>/totalCents<enter>w");
    assert!(screen.text().contains("where $.validation.totalCents came from"), "{}", screen.text());
    assert_eq!(event(&mut screen), "46", "nothing moves before one asks");
    screen.keys("j");
    assert_eq!((breadcrumb(&mut screen).as_str(), event(&mut screen).as_str()).1, "6");
    assert!(breadcrumb(&mut screen).ends_with("ValidateOrder"));
    assert!(screen.line("line 17").contains("ResultSelector/totalCents.$  $.Payload.totalCents"));
    screen.keys("G");
    assert!(screen.text().contains("◆ from the task's result"));
    assert_eq!(event(&mut screen), "5");
    screen.keys("<esc>");
    assert_eq!(event(&mut screen), "46", "closing leads back");
    assert!(screen.text().contains("1 input"));
}

#[test]
fn enter_goes_to_the_place_and_back_leads_home() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("<tab>/totalCents<enter>wG<enter>");
    assert_eq!(event(&mut screen), "5");
    assert!(screen.line("$.Payload.totalCents").contains("from the task's result"), "{}", screen.text());
    screen.keys("[");
    assert_eq!(event(&mut screen), "46");
}

#[test]
fn who_used_a_value_is_told_from_any_stop() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("<tab>/totalCents<enter>wGW");
    let text = screen.text();
    assert!(text.contains("who used $.Payload.totalCents"), "{text}");
    assert!(text.contains("event 44  what ChargeCard asked for"), "{text}");
    screen.keys("yy");
    assert_eq!(screen.copied(), Some("60760"));
}

#[test]
fn a_way_leads_out_of_items_and_nested_executions() {
    let mut screen = Screen::shipped("payouts-child-failed.sfn.json", SMALL);
    screen.keys("<tab>/iban<enter>w");
    assert!(screen.text().contains("ItemSelector/payout.$  $$.Map.Item.Value"), "{}", screen.text());
    let inside = breadcrumb(&mut screen);
    screen.keys("3j");
    assert_ne!(breadcrumb(&mut screen), inside, "the way leaves the child");
    screen.keys("G<enter>");
    assert!(breadcrumb(&mut screen).contains("QueryBalances"), "{}", screen.text());
}

#[test]
fn what_is_no_data_has_no_way() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("4<wait><tab>jw");
    assert!(screen.text().contains("This row is not part of the output."), "{}", screen.text());
}

#[test]
fn the_way_looks_like_this() {
    for (name, size) in [("small", SMALL), ("middle", MIDDLE)] {
        let mut screen = Screen::shipped(DECLINED, size);
        screen.keys("<tab>/totalCents<enter>wj");
        insta::assert_snapshot!(format!("where_from_{name}"), screen.text());
        screen.keys("W");
        insta::assert_snapshot!(format!("used_by_{name}"), screen.text());
    }
}
