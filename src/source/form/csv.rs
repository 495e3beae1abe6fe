//! Tables separated by commas: results of CloudWatch Logs Insights, and what the console's log viewer downloads.
//!
//! Each row becomes what `get-query-results` has for it: a list of `{"field": …, "value": …}`.

use super::Translation;
use super::draft::Draft;
use crate::recording::DamageReason;
use ::csv::{ByteRecord, ReaderBuilder};

/// Columns by which a table of log lines or of their fields is known.
const KNOWN: [&str; 5] = ["@message", "message", "execution_arn", "@timestamp", "event_timestamp"];

/// The longest first line that is looked at.
const LONGEST: usize = 10_000;

pub(super) fn read(text: &str) -> Option<Translation> {
    let delimiter = delimiter(text)?;
    let mut reader = ReaderBuilder::new().delimiter(delimiter as u8).flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().ok()?.iter().map(|name| name.trim().to_owned()).collect();
    let mut draft = Draft::default();
    let (mut row, mut broken) = (ByteRecord::new(), None);
    draft.open('{');
    draft.name("results");
    draft.open('[');
    loop {
        let at = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        match reader.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                broken = Some((at, DamageReason::Json(format!("it is not CSV there: {error}"))));
                break;
            }
        }
        // A quote that nobody closes takes in everything that follows.
        let last = reader.position().byte() >= text.len() as u64;
        if last && text.get(at..).unwrap_or_default().bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
            broken = Some((text.len(), DamageReason::Truncated));
            break;
        }
        draft.from(at);
        draft.open('[');
        for (name, value) in names.iter().zip(row.iter()).filter(|(_, value)| !value.is_empty()) {
            draft.open('{');
            draft.name("field");
            draft.string(name);
            draft.name("value");
            draft.string(&String::from_utf8_lossy(value));
            draft.close('}');
        }
        draft.close(']');
    }
    if broken.is_none() {
        draft.close(']');
        draft.close('}');
    }
    Some(draft.finish(broken))
}

/// Tells whether a text is a table with columns that are known.
pub(in crate::source) fn is_table(text: &str) -> bool {
    delimiter(text).is_some()
}

fn delimiter(text: &str) -> Option<char> {
    let first = text.trim_start().lines().next().filter(|line| line.len() < LONGEST)?;
    [',', ';', '\t'].into_iter().find(|delimiter| is_header(first, *delimiter))
}

fn is_header(line: &str, delimiter: char) -> bool {
    let names: Vec<&str> = line.split(delimiter).map(|name| name.trim_matches(['"', ' ', '\u{feff}'])).collect();
    let known = |name: &&str| KNOWN.contains(name);
    let is_name = |name: &&str| name.chars().all(|c| c.is_alphanumeric() || "@_.- ".contains(c)) && !name.is_empty();
    (names.len() > 1 || delimiter == ',') && names.iter().any(known) && names.iter().all(is_name)
}
