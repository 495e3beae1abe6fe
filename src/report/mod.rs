//! Answers as text and as JSON: what the screen shows, without a screen.
//!
//! Text is for people: it keeps to a width, says nothing by colour alone and never passes on control characters of a
//! payload. JSON is for programs: it is versioned by its member `format`, members are only ever added to a version.
//! This module must not know how answers are found, nor where they are written to.

mod page;
mod replay;
mod replay_json;
mod show;
mod show_json;
#[cfg(test)]
mod tests;
mod why;
mod why_json;
mod words;

pub use page::{Page, Paper};
pub use replay::{reason as replay_reason, replay};
pub use replay_json::{no_replay_json, replay_json};
pub use show::{at, events, state, tree};
pub use show_json::{at_json, tree_json};
pub use why::{why, why_markdown};
pub use why_json::why_json;
pub use words::{breadcrumb, duration, shown, size};
