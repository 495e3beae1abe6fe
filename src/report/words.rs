//! Words for values: durations, sizes, places, and text that was not written by us.

use crate::analysis::{Place, Step};
use crate::event::Timestamp;
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

/// Returns a duration in the two units that matter.
pub fn duration(micros: i64) -> String {
    let (sign, micros) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let (millis, seconds) = (micros / 1000, micros / 1_000_000);
    let text = match seconds {
        0 => format!("{millis} ms"),
        1..60 => format!("{}.{:02} s", seconds, millis % 1000 / 10),
        60..3600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {:02} m", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {:02} h", seconds / 86_400, seconds % 86_400 / 3600),
    };
    format!("{sign}{text}")
}

/// Returns a moment as ISO 8601 in UTC, however it was written.
pub fn moment(at: Timestamp) -> String {
    Timestamp::from_micros(at.as_micros()).to_string()
}

/// Returns a moment for people, to the second.
pub fn at_second(at: Timestamp) -> String {
    let text = moment(at);
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {} UTC", time.get(..8).unwrap_or(time))
}

/// Returns a size in bytes or KiB.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        _ => format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024),
    }
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

/// Returns a number with its noun.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units() {
        for (micros, expected) in [
            (0, "0 ms"),
            (31_900, "31 ms"),
            (2_316_000, "2.31 s"),
            (252_000_000, "4 m 12 s"),
            (11_100_000_000, "3 h 05 m"),
            (604_799_000_000, "6 d 23 h"),
            (-1_500_000, "-1.50 s"),
        ] {
            assert_eq!(duration(micros), expected);
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(shown("a\x1b[31mb\u{7}\n\u{202e}é\u{9b}"), "a\\u{1b}[31mb\\u{7}\\n\\u{202e}é\\u{9b}");
    }
}
