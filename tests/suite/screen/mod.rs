//! The screen, driven by keys: each test is a recording, keys, and what is seen then.

mod script;

use script::Screen;

const SMALL: (u16, u16) = (80, 24);

#[test]
fn the_data_pane_has_a_cursor_of_its_own() {
    let mut screen = Screen::shipped("payouts-child-failed.sfn.json", SMALL);
    screen.keys("<tab>jjj");
    println!("{}", screen.text());
    assert!(screen.line("reasonCode").contains("AC04"));
    panic!();
}
