//! Log lines inside of other text: whatever `aws logs tail`, `sam logs` and exports put before and behind each, on one
//! line or laid out over several.

use super::Record;
use crate::json::SharedBytes;
use crate::json::scan::Scanner;

/// How many bytes may be looked at in vain for the ends of objects: text with many braces and no log in it.
const PATIENCE: usize = 64 << 20;

/// Log lines in a text.
#[derive(Debug, Default)]
pub(in crate::source) struct Found {
    pub(in crate::source) records: Vec<Record>,
    /// Where the first line begins that is one of a machine's log and does not end.
    pub(in crate::source) open: Option<usize>,
}

/// Finds the log lines in a text from a place on.
pub(in crate::source) fn find(text: &SharedBytes, from: usize) -> Found {
    let (mut found, mut at, mut patience) = (Found::default(), from, PATIENCE);
    while let Some(brace) = text.get(at..).and_then(|rest| memchr::memchr(b'{', rest)).map(|brace| at + brace) {
        match object(text, brace) {
            Some((end, Some(record))) => {
                found.records.push(record);
                at = end;
            }
            Some((_, None)) => at = next_line(text, brace),
            None => {
                if is_ours(text, brace) {
                    found.open = found.open.or(Some(brace));
                }
                patience = patience.saturating_sub(text.len() - brace);
                if patience == 0 {
                    break;
                }
                at = next_line(text, brace);
            }
        }
    }
    found
}

/// Returns where the object ends that begins there, and what it is. One that is laid out over several lines has nothing
/// behind its brace; another must end on its line, so that a broken one does not take in those behind it.
fn object(text: &SharedBytes, start: usize) -> Option<(usize, Option<Record>)> {
    let line = text.get(start..next_line(text, start))?;
    let end = match line.trim_ascii() {
        b"{" => {
            let mut scanner = Scanner::starting_at(text, start);
            scanner.value().ok()?;
            scanner.at()
        }
        _ => {
            let mut scanner = Scanner::new(line);
            scanner.value().ok()?;
            start + scanner.at()
        }
    };
    let object = text.slice(start..end)?;
    Some((end, Record::of_message(&object)))
}

/// Tells whether an object that does not end looks like a line of a machine's log, or stands at the end of the text.
fn is_ours(text: &SharedBytes, at: usize) -> bool {
    let line = text.get(at..next_line(text, at)).unwrap_or_default();
    let known = [b"\"execution_arn\"".as_slice(), b"\"previous_event_id\"", b"\"event_timestamp\""];
    !line.ends_with(b"\n")
        || line.trim_ascii() == b"{"
        || known.iter().any(|it| memchr::memmem::find(line, it).is_some())
}

fn next_line(text: &[u8], at: usize) -> usize {
    text.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(text.len(), |end| at + end + 1)
}
