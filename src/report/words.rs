//! Words for places, and text that was not written by us.

use crate::analysis::{Place, Step};
use crate::json::visible::visible;
use std::fmt::Write as _;

/// Returns a text of unknown origin with everything written out that a terminal would obey or nobody would see.
pub fn shown(text: &str) -> String {
    visible(text)
}

/// How much of what two texts share is left in front of where they part.
const SHARED: usize = 24;

/// Cuts two texts so that what differs is seen: what they share in front goes first, the rest at the end.
pub fn apart(texts: [&str; 2], room: usize) -> [String; 2] {
    let room = room.max(16);
    let [left, right] = texts;
    let shared = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    let is_long = texts.iter().any(|text| text.chars().nth(room).is_some());
    // What differs is still in sight when little is cut in front of it.
    let skipped = if is_long && shared > room / 2 { shared.saturating_sub(SHARED.min(room / 3)) } else { 0 };
    texts.map(|text| {
        let front = if skipped > 0 { "…" } else { "" };
        let mut rest = text.chars().skip(skipped);
        let cut: String = rest.by_ref().take(room - usize::from(skipped > 0)).collect();
        format!("{front}{cut}{}", if rest.next().is_some() { "…" } else { "" })
    })
}

/// Returns a place as people read it: `ProcessItems[17] ▸ ChargeCard`.
pub fn breadcrumb(place: &Place) -> String {
    let mut text = String::new();
    for step in &place.steps {
        match step {
            Step::Item(index) | Step::Branch(index) => {
                let _ = write!(text, "[{index}]");
            }
            Step::State(name) | Step::Execution(name) => {
                if !text.is_empty() {
                    text.push_str(" ▸ ");
                }
                text.push_str(name);
            }
        }
    }
    if text.is_empty() { "the execution itself".to_owned() } else { text }
}

/// Returns a label as the beginning of a sentence.
pub(super) fn capitalized(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(shown("a\x1b[31mb\u{7}\n\u{202e}é\u{9b}"), "a\\u{1b}[31mb\\u{7}\\n\\u{202e}é\\u{9b}");
    }

    #[test]
    fn two_texts_are_cut_where_they_agree() {
        let front = "x".repeat(100);
        for (left, right, expected) in [
            ("short", "shirt", ["short".to_owned(), "shirt".to_owned()]),
            (
                &*format!("{front}left"),
                &*format!("{front}right"),
                [format!("…{}left", "x".repeat(13)), format!("…{}right", "x".repeat(13))],
            ),
            (
                &*format!("a{front}"),
                &*format!("b{front}"),
                [format!("a{}…", "x".repeat(39)), format!("b{}…", "x".repeat(39))],
            ),
            (
                &*format!("{front}{}", "l".repeat(50)),
                &*front,
                [format!("…{}{}…", "x".repeat(13), "l".repeat(26)), format!("…{}", "x".repeat(13))],
            ),
        ] {
            assert_eq!(apart([left, right], 40), expected);
        }
    }
}
