//! Moving the cursor: recording, keys, and the event one is on.

use super::{DECLINED, FILES, MIDDLE, SMALL, Screen, breadcrumb, event};

#[test]
fn opening_lands_on_the_cause() {
    for (name, place) in [
        (DECLINED, "ChargeCard ▸ attempt 3 of 3"),
        (FILES, "ImportFiles[163] ▸ LoadPrices"),
        ("rollout-region-timed-out.sfn.json", "DeploySingapore"),
        ("payouts-child-failed.sfn.json", "Transfers[2] ▸ SendTransfer"),
        ("loan-quote-missing-field.sfn.json", "OfferTerms"),
        ("image-refresh-over-tolerance.sfn.json", "Resize"),
        ("shipping-quote-carrier-changed.sfn.json", "PickRate"),
        ("signup-awaiting-approval.sfn.json", "AskForApproval"),
    ] {
        let mut screen = Screen::shipped(name, MIDDLE);
        let breadcrumb = breadcrumb(&mut screen);
        assert!(breadcrumb.contains(place), "{name}: {breadcrumb}");
    }
}

#[test]
fn keys_lead_from_event_to_event() {
    for (keys, expected) in [
        ("", "46"),
        ("l", "47"),
        ("h", "45"),
        ("3<", "43"),
        ("<right><right>", "48"),
        ("F", "43"),
        ("FF", "40"),
        ("FFf", "43"),
        ("{", "41"),
        ("{{}", "41"),
        (",", "45"),
        ("H", "37"),
        ("HL", "48"),
        ("u", "37"),
        ("uu", "1"),
        ("42G", "42"),
        ("42G[", "46"),
        ("42G[]", "42"),
        ("2l<wait>", "48"),
        ("g", "1"),
        ("gjj", "7"),
        ("G", "83"),
        ("VVkk", "44"),
        ("VVG", "84"),
        ("999G", "46"),
        ("1000000l", "84"),
        ("<tab>jj>", "47"),
    ] {
        let mut screen = Screen::shipped(DECLINED, SMALL);
        screen.keys(keys);
        assert_eq!(event(&mut screen), expected, "{keys}");
    }
}

#[test]
fn iterations_are_visited_failed_ones_first() {
    let mut screen = Screen::shipped(FILES, MIDDLE);
    for (keys, place) in [
        ("", "ImportFiles[163] ▸ LoadPrices"),
        (")", "ImportFiles[23] ▸ ParseFile"),
        (")", "ImportFiles[117] ▸ ParseFile"),
        (")", "ImportFiles[0] ▸ ParseFile"),
        (")", "ImportFiles[1] ▸ ParseFile"),
        ("4(", "ImportFiles[163] ▸ LoadPrices"),
        ("u", "ImportFiles[163] ▸ LoadPrices"),
        ("u", "ImportFiles[163]"),
        ("u", "ImportFiles"),
    ] {
        screen.keys(keys);
        assert!(breadcrumb(&mut screen).ends_with(place), "{keys}: {}", breadcrumb(&mut screen));
    }
}

#[test]
fn the_way_into_a_child_execution_leads_back() {
    let mut screen = Screen::shipped("payouts-child-failed.sfn.json", MIDDLE);
    assert!(breadcrumb(&mut screen).contains("PayoutBatch"));
    screen.keys("uuuuu");
    assert!(breadcrumb(&mut screen).ends_with("PaySellers"), "{}", breadcrumb(&mut screen));
    screen.keys("[");
    assert!(breadcrumb(&mut screen).contains("PayoutBatch"));
}

#[test]
fn leading_nowhere_is_said() {
    for (keys, told) in [
        ("gh", "This is the first event."),
        ("ff", "Nothing fails after this."),
        (")", "There are no iterations here: this is not in a Map."),
        ("}", "This is the last attempt."),
        ("]", "There is no place to go forward to."),
        ("[", "This is where you started."),
        ("999G", "There is no event 999"),
        ("Q", "Q is not bound here. ? shows the keys."),
        ("zx", "zx is not bound here. ? shows the keys."),
        ("n", "Nothing to repeat: search with / first."),
        ("<esc>", "There is nothing to close. q quits."),
    ] {
        let mut screen = Screen::shipped(DECLINED, SMALL);
        screen.keys(keys);
        let text = screen.text();
        let footer = text.lines().next_back().unwrap_or("");
        assert!(footer.contains(told), "{keys}: {footer}");
    }
}

#[test]
fn a_digit_shows_a_view_at_once_unless_a_number_or_a_movement_follows() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("4");
    assert!(screen.text().contains("▾ event 46"));
    assert!(screen.line("then G for the event with that id").starts_with(" 4"));
    // In the same moment it was a count, and the view is taken back.
    screen.keys("h");
    assert!(screen.line("/84").ends_with("42/84") && !screen.text().contains("▾ event"), "{}", screen.text());
    screen.keys("43G");
    assert!(screen.line("/84").ends_with("43/84") && !screen.text().contains("▾ event"));
    // Later it was a command, and what follows is one of its own.
    screen.keys("4<wait>h");
    assert!(screen.line("/84").ends_with("42/84") && screen.text().contains("▾ event 42"));
    screen.keys("1<wait>");
    // What is no movement is not counted, and is not lost either.
    screen.keys("4y");
    assert!(screen.line("y").contains('y') && screen.text().contains("▾ event 42"));
}

#[test]
fn panes_take_turns() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("<tab>+");
    assert!(!screen.text().contains(" states "));
    screen.keys("<tab>");
    assert!(!screen.text().contains("1 input"));
    screen.keys("<esc>");
    assert!(screen.text().contains(" states ") && screen.text().contains("1 input"));
}

#[test]
fn a_click_goes_where_it_points() {
    use stepback::tui::Msg;
    use stepback::tui::msg::Mouse;
    let mut screen = Screen::shipped(DECLINED, SMALL);
    let row = |screen: &mut Screen, holding: &str| {
        let text = screen.text();
        u16::try_from(text.lines().position(|line| line.contains(holding)).unwrap()).unwrap()
    };
    let attempt = row(&mut screen, "attempt 2  GatewayTimeout");
    screen.tell(Msg::Mouse(Mouse::Click, 10, attempt));
    assert_eq!(event(&mut screen), "41");
    let tabs = row(&mut screen, "1 input");
    screen.tell(Msg::Mouse(Mouse::Click, 24, tabs));
    assert!(screen.text().contains("▾ event 41"));
    screen.tell(Msg::Mouse(Mouse::Click, 1, 22));
    assert!(event(&mut screen).parse::<u32>().unwrap() < 30);
    screen.tell(Msg::Mouse(Mouse::WheelDown, 10, 5));
    screen.resized((120, 40));
    assert!(screen.text().lines().count() <= 40);
}
