//! The README's pictures and its film: the real program, driven by keys.

use super::grid::Grid;
use super::svg::{self, Frame};
use super::{folder, updating, write};
use crate::pty::Terminal;
use std::time::Duration;

/// A step of the film: what the person does, the keys, what shows that it was done, how long one looks at it, and the
/// name it has as a picture of its own.
struct Step(&'static str, &'static str, &'static str, f32, Option<&'static str>);

const TITLE: &str = "stepback --demo";
const SIZE: (u16, u16) = (110, 34);

/// From the list of recordings to the cause, the data, the graph, the diff with the last good run, and the replay.
const STEPS: &[Step] = &[
    Step("", "", "shipped recordings", 2.0, None),
    Step("/declined ⏎   find the run", "/declined\r", "with \"declined\"", 2.0, None),
    Step("⏎   open it: the root cause", "\r", "CardDeclined", 5.0, Some("cause")),
    Step("F   the failure before", "F", "event 43 of 84", 2.0, None),
    Step("f   and back", "f", "event 46 of 84", 1.5, None),
    Step("v   the run along the time", "v", "─ timeline", 3.0, None),
    Step("v   the machine, and the way taken", "v", "graph ─", 5.0, Some("graph")),
    Step("v v v   and back to the states", "vvv", "─ states", 1.0, None),
    Step("5   what the state did with its data", "5", "Parameters", 4.0, None),
    Step("D   against the last good run", "D", "first difference", 5.0, None),
    Step("esc", "\u{1b}", "─ states", 1.0, None),
    Step("r   replay it here", "r", "Replay the whole execution", 3.0, None),
    Step("r   the whole run", "r", "84 of 84 events", 5.0, Some("replay")),
];

#[test]
fn the_film_shows_what_the_program_does() {
    let mut terminal = Terminal::sized(SIZE, env!("CARGO_BIN_EXE_stepback"), &["--demo", "--theme", "dark"]);
    let mut frames = Vec::new();
    for Step(caption, keys, shows, seconds, still) in STEPS {
        terminal.press(keys).shows(shows);
        // What follows the awaited words belongs to the same picture; a test has no need of it.
        if updating() {
            std::thread::sleep(Duration::from_millis(600));
        }
        let grid = Grid::of(terminal.seen.0.lock().unwrap().screen.screen());
        if let Some(name) = still.filter(|_| updating()) {
            write(&folder().join(format!("{name}.svg")), &svg::still(&grid, "stepback"));
        }
        frames.push(Frame { grid, caption: (*caption).to_owned(), seconds: *seconds });
    }
    terminal.press("\u{3}");
    assert_eq!(terminal.ends(), 0);
    if updating() {
        write(&folder().join("session.svg"), &svg::film(&frames, TITLE));
    }
}
