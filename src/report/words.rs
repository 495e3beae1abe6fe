//! Words for places, and text that was not written by us.

use crate::analysis::{Place, Step};
use std::fmt::Write as _;

/// Returns a text of unknown origin with everything that a terminal would obey written out: control characters, and
/// those that reorder the text around them.
pub fn shown(text: &str) -> String {
    if !text.chars().any(obeyed) {
        return text.to_owned();
    }
    let mut harmless = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => harmless.push_str("\\n"),
            '\r' => harmless.push_str("\\r"),
            '\t' => harmless.push_str("\\t"),
            c if obeyed(c) => {
                let _ = write!(harmless, "\\u{{{:x}}}", u32::from(c));
            }
            c => harmless.push(c),
        }
    }
    harmless
}

fn obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(shown("a\x1b[31mb\u{7}\n\u{202e}é\u{9b}"), "a\\u{1b}[31mb\\u{7}\\n\\u{202e}é\\u{9b}");
    }
}
