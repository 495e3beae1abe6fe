//! The event list as a tool: columns, filters, payloads searched, one line for each task attempt.

use super::{DECLINED, FILES, MIDDLE, SMALL, Screen, event};

/// The lines of the list, without what stands around it.
fn rows(screen: &mut Screen) -> Vec<String> {
    let text = screen.text();
    let lines = text.lines().skip_while(|line| !line.contains("─ events")).skip(1);
    lines.take_while(|line| line.contains('+')).map(str::to_owned).collect()
}

fn events(name: &str, size: (u16, u16)) -> Screen {
    let mut screen = Screen::shipped(name, size);
    screen.keys("vvv+");
    screen
}

#[test]
fn each_event_has_its_columns() {
    let mut screen = events(FILES, SMALL);
    let row = screen.line("2065 ");
    let words: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(words, ["2065", "+12.102", "✖", "LambdaFunctionFailed", "LoadPrices[163]", "KeyError"], "{row}");
    let starts: Vec<Option<usize>> =
        rows(&mut screen).iter().map(|row| row.find('+').map(|at| row[..at].chars().count())).collect();
    assert!(starts.len() > 5 && starts.windows(2).all(|pair| pair[0] == pair[1]), "{starts:?}");
    let mut wide = events(FILES, (160, 30));
    assert!(wide.line("2065 ").contains("01:30:12.308Z"), "{}", wide.line("2065 "));
}

#[test]
fn a_filter_takes_type_state_item_and_words_of_payloads() {
    for (typed, counted, first) in [
        ("item:163 error:Key", "1 of 2,147", "2065 "),
        ("type:failed state:LoadPrices", "1 of 2,147", "2065 "),
        ("state:ListDrop", "5 of 2,147", "ListDrop"),
        ("tanuma-163.csv type:Scheduled state:LoadPrices", "1 of 2,147", "LambdaFunctionScheduled"),
        ("item:99999", "0 of 2,147", "No events match"),
    ] {
        let mut screen = events(FILES, SMALL);
        screen.keys(&format!("&{typed}<enter>"));
        let text = screen.text();
        assert!(text.contains(&format!(" {counted} ")), "{typed}: {text}");
        assert!(text.contains(first), "{typed}: {text}");
    }
}

#[test]
fn a_filter_is_typed_from_anywhere_and_let_go() {
    let mut screen = Screen::shipped(FILES, SMALL);
    screen.keys("&");
    assert!(screen.text().contains("words, or type: state: item: attempt: error:"), "{}", screen.text());
    screen.keys("type:failed<enter>");
    assert!(screen.text().contains("filter: type:failed"), "{}", screen.text());
    screen.keys("gj");
    let at = event(&mut screen);
    screen.keys("<esc>");
    assert!(!screen.text().contains("filter:"), "{}", screen.text());
    assert_eq!(event(&mut screen), at, "the cursor stays where it was");
    screen.keys("&x<esc>");
    assert!(!screen.text().contains("filter:"), "what was given up filters nothing");
}

#[test]
fn the_list_follows_a_cursor_that_its_filter_leaves_out() {
    let mut screen = events(FILES, SMALL);
    screen.keys("&type:MapIterationFailed<enter>ggl");
    let text = screen.text();
    assert!(text.contains("MapIterationFailed"), "{text}");
}

#[test]
fn a_search_finds_payloads_and_counts() {
    let mut screen = events(FILES, SMALL);
    screen.keys("g/tanuma-163.csv<enter>");
    let text = screen.text();
    assert!(text.contains(" match 1 of "), "{text}");
    screen.keys("n");
    assert!(screen.text().contains(" match 2 of "), "{}", screen.text());
    screen.keys("/nowhere-to-be-found<enter>");
    assert!(screen.text().contains("No matches for nowhere-to-be-found."));
}

#[test]
fn the_events_of_a_task_attempt_stand_on_one_line() {
    let mut screen = events(DECLINED, MIDDLE);
    let before = rows(&mut screen).len();
    screen.keys("zM");
    let text = screen.text();
    assert!(text.contains("one line per task") && text.contains(" +2"), "{text}");
    assert!(rows(&mut screen).len() <= before, "{text}");
    let at = event(&mut screen);
    screen.keys("za");
    assert_eq!(event(&mut screen), at);
    assert!(screen.text().contains("TaskScheduled"), "{}", screen.text());
    screen.keys("zR");
    assert!(!screen.text().contains("one line per task"), "{}", screen.text());
}
