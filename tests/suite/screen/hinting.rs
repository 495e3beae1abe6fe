//! Who made the value under the data pane's cursor, told beside it where there is room.

use super::script::Screen;
use super::{DECLINED, FILES, MIDDLE, SMALL};
use stepback::tui::look::Look;
use stepback::tui::theme::Theme;
use stepback::tui::{Found, Subject, Target};

/// Selects a row of the data pane by a search for its name, and returns its line as it ends.
fn row(screen: &mut Screen, name: &str) -> String {
    screen.keys(&format!("<tab>g/{name}<enter><tab>"));
    let line = screen.line(&format!(" {name} "));
    line.trim_end_matches(['│', ' ']).to_owned()
}

#[test]
fn the_maker_stands_at_the_right_edge_of_the_line_under_the_cursor() {
    let mut screen = Screen::shipped(FILES, MIDDLE);
    assert!(screen.line("currency  \"JPY\"").contains("← ListDrop"), "the value the cause quotes: {}", screen.text());
    let bucket = row(&mut screen, "bucket");
    assert!(bucket.ends_with("\"supplier-drop-402817639051\"         ← input"), "{bucket}");
    assert!(!screen.text().contains("← ListDrop"), "only where the cursor is");
    let rows = row(&mut screen, "rows");
    assert!(rows.ends_with("← ParseFile item 163"), "{rows}");
}

#[test]
fn what_was_made_right_there_or_is_not_known_has_none() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    for name in ["errorType", "error"] {
        let line = row(&mut screen, name);
        assert!(!line.contains('←'), "{line}");
    }
    screen.keys("<tab>g/shipTo<enter>");
    assert!(!screen.line(" shipTo").contains('←'), "a container has many makers");
    screen.keys("<tab>1G");
    let placed = row(&mut screen, "placedAt");
    assert!(!placed.contains('←'), "this is the input itself: {placed}");
    let mut screen = Screen::shipped("order-shipped.sfn.json", SMALL);
    screen.keys("6G2<wait>");
    let total = row(&mut screen, "totalCents");
    assert!(total.ends_with("← answered here"), "{total}");
}

#[test]
fn it_gives_way_to_the_value_and_has_an_ascii_form() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(FILES);
    let target = Target::Path(FILES.into());
    let subject = Subject::new(target.clone(), stepback::source::open_recording(&path).unwrap());
    let look = Look::new(Theme::Roles).ascii();
    let mut screen = Screen::looking(Found::One(Box::new(subject)), target, SMALL, look);
    assert!(screen.line("currency  \"JPY\"").ends_with(" < ListDrop"), "{}", screen.text());
    screen.resized((100, 30));
    let key = row(&mut screen, "key");
    assert!(key.contains("drop/2026-11-19/tanuma-163.csv\"") && !key.contains('<'), "there is no room: {key}");
}
