//! The table of states and of items: which was visited most, which took longest.

use super::{DECLINED, FILES, MIDDLE, SMALL, Screen, breadcrumb};

/// The first words of the rows.
fn names(screen: &mut Screen) -> Vec<String> {
    let text = screen.text();
    let lines = text.lines().skip_while(|line| !line.contains("visits") && !line.contains("duration")).skip(1);
    let rows = lines.map(|line| line.trim_start_matches('│').trim_start().to_owned());
    let rows = rows.take_while(|line| line.starts_with(['✔', '✖', '↷', '◌']));
    rows.filter_map(|line| line.get(4..).map(|rest| rest.trim().split("  ").next().unwrap_or("").to_owned())).collect()
}

#[test]
fn each_state_has_a_row() {
    let mut screen = Screen::shipped(FILES, SMALL);
    screen.keys("V");
    assert_eq!(names(&mut screen), ["ListDrop", "ImportFiles", "ParseFile", "LoadPrices", "RecordBadFile"]);
    let row = screen.line(" ParseFile");
    let words: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(words[..5], ["↷", "ParseFile", "185", "2", "196"], "{row}");
}

#[test]
fn it_is_sorted_column_by_column() {
    let mut screen = Screen::shipped(FILES, SMALL);
    screen.keys("Vs");
    assert!(screen.text().contains("Sorted by total."), "{}", screen.text());
    assert_eq!(names(&mut screen)[0], "LoadPrices");
    screen.keys("s");
    assert_eq!(names(&mut screen)[0], "ImportFiles");
    screen.keys("ss");
    assert_eq!(names(&mut screen)[0], "ParseFile", "the most visits");
}

#[test]
fn the_row_follows_the_cursor_and_the_cursor_the_row() {
    let mut screen = Screen::shipped(FILES, SMALL);
    screen.keys("Vg");
    assert!(breadcrumb(&mut screen).ends_with("ListDrop"), "{}", breadcrumb(&mut screen));
    screen.keys("jj");
    assert!(breadcrumb(&mut screen).ends_with("ParseFile"), "{}", breadcrumb(&mut screen));
    screen.keys("/Record<enter>");
    assert!(breadcrumb(&mut screen).ends_with("RecordBadFile"), "{}", breadcrumb(&mut screen));
}

#[test]
fn the_items_of_a_map_are_sorted_by_how_long_they_took() {
    let mut screen = Screen::shipped(FILES, MIDDLE);
    screen.keys("Vgj<enter>");
    let text = screen.text();
    assert!(text.contains("items of ImportFiles"), "{text}");
    let slowest = names(&mut screen);
    assert!(slowest.len() > 5 && slowest[0].starts_with("item "), "{slowest:?}");
    screen.keys("sssss");
    assert_eq!(names(&mut screen)[..3], ["item 0", "item 1", "item 2"], "{}", screen.text());
    screen.keys("g");
    assert!(breadcrumb(&mut screen).contains("ImportFiles[0]"), "{}", breadcrumb(&mut screen));
    screen.keys("<esc>");
    assert!(screen.text().contains("table of states"), "{}", screen.text());
    assert!(breadcrumb(&mut screen).ends_with("ImportFiles"), "{}", breadcrumb(&mut screen));
}

#[test]
fn a_click_selects_a_row() {
    use stepback::tui::{Msg, msg::Mouse};
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("V");
    let text = screen.text();
    let line = text.lines().position(|line| line.contains("✔ ValidateOrder")).unwrap();
    screen.tell(Msg::Mouse(Mouse::Click, 4, u16::try_from(line).unwrap()));
    assert!(breadcrumb(&mut screen).ends_with("ValidateOrder"), "{}", breadcrumb(&mut screen));
}
