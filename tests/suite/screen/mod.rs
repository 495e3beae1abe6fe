//! The screen, driven by keys: each test is a recording, keys, and what is seen then.

mod account;
mod acting;
mod bookmarking;
mod coming;
mod comparing;
mod editing;
mod events;
mod explaining;
mod hinting;
mod hostile;
mod items;
mod keeping;
mod lists;
mod looks;
mod moving;
mod outside;
mod pictures;
mod reading;
mod replaying;
pub mod script;
mod searching;
mod table;
mod tracing;
mod yanking;

use script::Screen;

const SMALL: (u16, u16) = (80, 24);
const MIDDLE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (200, 60);

const DECLINED: &str = "order-payment-declined.sfn.json";
const FILES: &str = "bad-files-in-nightly-import.sfn.json.gz";

/// Returns the breadcrumb without what stands around it.
fn breadcrumb(screen: &mut Screen) -> String {
    let line = screen.line("stepback  ");
    let path = line.trim_start().trim_start_matches("stepback").trim();
    path.split("  ").next().unwrap_or("").trim().to_owned()
}

/// Returns the number of the event under the cursor, as the timeline says it.
fn event(screen: &mut Screen) -> String {
    let text = screen.text();
    // What there is to tell may take more than the last line.
    let counts = |line: &&str| {
        line.rsplit(' ').next().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('/'))
    };
    let line = text.lines().rev().skip(1).find(counts).unwrap_or("");
    let number = line.rsplit(' ').next().unwrap_or("");
    number.split('/').next().unwrap_or("").to_owned()
}
