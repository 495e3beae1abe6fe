//! Searching and folding.

use super::{DECLINED, MIDDLE, SMALL, Screen, breadcrumb, event};

#[test]
fn data_is_searched_while_typing() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("<tab>/sku");
    assert!(screen.line("matches").contains("6 matches"));
    screen.keys("<enter>");
    assert!(screen.line("match 1 of 6").contains("$.lines[0].sku"));
    screen.keys("n");
    assert!(screen.line("match 2 of 6").contains("$.lines[1].sku"));
    screen.keys("NN");
    assert!(screen.line("match 6 of 6").contains("line.sku"));
    screen.keys("<esc>");
    assert!(!screen.text().contains("match 6"));
}

#[test]
fn a_capital_makes_case_matter() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("<tab>/SKU<enter>");
    assert!(screen.text().contains("No matches for SKU."));
}

#[test]
fn the_tree_is_searched_by_names_and_errors() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("/provisioned<enter>");
    assert!(breadcrumb(&mut screen).ends_with("ReserveLine ▸ attempt 1 of 2"), "{}", breadcrumb(&mut screen));
    screen.keys("/tellcustomer<enter>");
    assert!(breadcrumb(&mut screen).ends_with("TellCustomerFailed"));
}

#[test]
fn events_are_searched_by_type_name_and_error() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("VV/gatewaytimeout<enter>");
    assert_eq!(event(&mut screen), "40");
    screen.keys("n");
    assert_eq!(event(&mut screen), "43");
    screen.keys("/MapStateSucceeded<enter>");
    assert_eq!(event(&mut screen), "71");
}

#[test]
fn the_graph_is_searched_for_states_reached_or_not_and_unfolds_them() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("vv/orderrejected<enter>");
    assert!(screen.line(" graph ").contains("OrderRejected · Fail · not reached"));
    let place = breadcrumb(&mut screen);
    screen.keys("zM/InvoiceReference<enter>");
    assert!(screen.line(" graph ").contains("InvoiceReference · Pass · not reached"), "{}", screen.text());
    let drawn =
        screen.text().lines().filter(|line| line.contains("InvoiceReference") && !line.contains(" graph ")).count();
    assert_eq!(drawn, 1, "{}", screen.text());
    // By type too; and the cursor stays where it is.
    screen.keys("/Choice<enter>");
    assert!(screen.line(" graph ").contains("OrderValid? · Choice"));
    assert_eq!(breadcrumb(&mut screen), place);
    screen.keys("/nowhere<enter>");
    assert!(screen.text().contains("No matches for nowhere."));
}

#[test]
fn the_timeline_is_searched_lane_by_lane() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("v/reserveline<enter>");
    assert!(breadcrumb(&mut screen).contains("ReserveStock[0] ▸ ReserveLine"));
    screen.keys("n");
    assert!(breadcrumb(&mut screen).contains("ReserveStock[1] ▸ ReserveLine"));
    screen.keys("N");
    assert!(breadcrumb(&mut screen).contains("ReserveStock[0] ▸ ReserveLine"));
    screen.keys("/ReleaseStock[2]<enter>");
    assert!(breadcrumb(&mut screen).contains("ReleaseStock[2]"));
}

#[test]
fn hints_tell_only_what_works_there() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    let hints = |screen: &mut Screen| screen.text().lines().last().unwrap_or_default().to_owned();
    screen.keys("<tab>/sku<enter><esc>");
    assert!(hints(&mut screen).contains("w where from"), "{}", hints(&mut screen));
    for tab in ["5", "6", "7"] {
        screen.keys(tab);
        let told = hints(&mut screen);
        assert!(!told.contains("w where from") && !told.contains("yp path"), "{told}");
    }
}

#[test]
fn an_abandoned_search_leaves_everything_as_it_was() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    let before = screen.text();
    screen.keys("/charge<esc>");
    assert_eq!(screen.text(), before);
}

#[test]
fn rows_are_folded() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("<tab>/shipTo<enter>za");
    assert!(screen.line("shipTo").contains("▸ shipTo  3 members"));
    screen.keys("zR");
    assert!(screen.text().contains("Strandgaten"));
    screen.keys("zM");
    assert!(!screen.text().contains("Strandgaten"));
    screen.keys("l");
    assert!(screen.text().contains("Strandgaten"));
    screen.keys("lh");
    assert!(screen.line("$.shipTo").contains("input"));
}

#[test]
fn nodes_are_folded() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("zM");
    assert!(!screen.text().contains("attempt 2  Gateway"));
    assert!(screen.text().contains("▸ ✔ ReserveStock"));
    screen.keys("zR");
    assert!(screen.text().contains("attempt 2  Gateway"));
    screen.keys("za");
    assert!(!screen.text().contains("attempt 2  Gateway"));
}

#[test]
fn long_values_are_read_whole() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("<tab><enter>");
    assert!(screen.line("╭─ error").contains("error"));
    assert!(screen.text().contains("│ CardDeclined"));
    screen.keys("<esc>");
    assert!(!screen.text().contains("╭─ error"));
}

#[test]
fn names_and_values_are_found_before_words_in_a_stack_trace() {
    let mut screen = Screen::shipped("bad-files-in-nightly-import.sfn.json.gz", MIDDLE);
    screen.keys("<tab>g/currency<enter>");
    assert!(screen.line("match 3 of 4").contains("task input  $.currency"), "{}", screen.text());
    screen.keys("n");
    assert!(screen.line("match 4 of 4").contains("input  $.file.currency"), "{}", screen.text());
    screen.keys("n");
    assert!(screen.line("match 1 of 4").contains("$.stackTrace[0]"), "what is folded comes last: {}", screen.text());
    screen.keys("n");
    assert!(screen.line("match 2 of 4").contains("$.stackTrace[1]"), "{}", screen.text());
    screen.keys("n");
    assert!(screen.line("match 3 of 4").contains("task input"), "around: {}", screen.text());
    screen.keys("NN");
    assert!(screen.line("match 1 of 4").contains("$.stackTrace[0]"), "the same way back: {}", screen.text());
}

#[test]
fn the_value_that_the_cause_quotes_is_under_the_cursor() {
    for (name, place) in [
        ("bad-files-in-nightly-import.sfn.json.gz", "task input  $.currency"),
        ("shipping-quote-carrier-changed.sfn.json", "input  $.carrier.body"),
    ] {
        let mut screen = Screen::shipped(name, MIDDLE);
        assert!(screen.line("quoted in the cause").contains(place), "{}", screen.text());
        assert!(screen.line("? keys").contains("w where from"), "{}", screen.text());
        screen.keys("3<wait>");
        assert!(!screen.text().contains("quoted in the cause"), "{}", screen.text());
    }
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    assert!(screen.line("error  $").contains("error"), "a document inside a message quotes nothing");
}

#[test]
fn a_match_stands_out_under_the_cursor_too() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("<tab>/insufficient<enter>");
    let at = screen.text().lines().position(|line| line.contains("\"insufficient_funds\"")).unwrap();
    let roles = screen.roles();
    let row = roles.lines().nth(at).unwrap();
    let letter = |role: &str| {
        let legend = super::script::legend();
        legend.split(", ").find_map(|entry| entry.strip_suffix(&format!(" {role}"))).unwrap().to_owned()
    };
    assert!(row.contains(&letter("Match").repeat("insufficient".len())), "{row}");
    assert!(row.contains(&letter("Cursor").repeat(20)), "{row}");
}
