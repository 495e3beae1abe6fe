//! The newcomer's way through the screen, as `tests/screens/README.md` tells it: its keys are typed, what tells of them
//! is looked for before, what is to be seen afterwards, and its count of the keys is checked.

use super::pty::Terminal;

/// What the table has for one question.
struct Row {
    keys: Vec<String>,
    /// What tells of a key, beginning with it.
    told: Vec<String>,
    /// What is typed in between, and is no key.
    texts: usize,
    seen: Vec<String>,
}

/// Reads the table: keys and what is seen stand in code spans, a text to be typed in an emphasised one.
fn table(page: &str) -> Vec<Row> {
    let rows = page.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        let [_, keys, told, seen] = cells.as_slice() else { panic!("a row has four cells: {line}") };
        Row { keys: spans(keys), told: spans(told), texts: keys.matches("*`").count(), seen: spans(seen) }
    };
    rows.map(row).collect()
}

fn spans(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What a terminal sends for a key; a text as it is.
fn sent(key: &str) -> String {
    match key {
        "enter" => "\r".to_owned(),
        "esc" => "\u{1b}".to_owned(),
        key => match key.strip_prefix("ctrl-").and_then(|letter| letter.chars().next()) {
            Some(letter) => char::from(u8::try_from(letter).unwrap() & 0x1f).to_string(),
            None => key.to_owned(),
        },
    }
}

#[test]
fn a_newcomer_finds_the_cause_its_origin_and_a_fix() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/screens/README.md")).unwrap();
    let rows = table(&page);
    let counts: Vec<usize> = rows.iter().map(|row| row.keys.len() - row.texts).collect();
    let [cause, origin, fix] = counts.as_slice() else { panic!("three questions: {counts:?}") };
    assert!(page.contains(&format!("{cause}, {origin} and {fix} keys")), "the keys are {counts:?}");

    let mut terminal = Terminal::sized((120, 40), env!("CARGO_BIN_EXE_stepback"), &["--demo"]);
    terminal.shows("shipped recordings");
    for row in &rows {
        for key in &row.keys {
            for told in row.told.iter().filter(|told| told.split(' ').next() == Some(key)) {
                terminal.shows(told);
            }
            terminal.press(&sent(key));
            // Alone, an escape is one only after a moment in which nothing follows it.
            if key == "esc" {
                terminal.until("what lay over the data to be gone", |screen| !screen.contents().contains("1 of 6"));
            }
        }
        for seen in &row.seen {
            terminal.shows(seen);
        }
    }
}
