//! One change of some data as lines of text.
//!
//! ```text
//!   ~ $.lines[0].quantity      1 → 2
//!   + $.stock                  {"available":"17"}
//!   > $.lines[2]               was $.lines[0]
//!   ~ $.cause                  the issuer said [-no-]{+yes+} (51)
//! ```

use super::page::{Page, Role, fit, width};
use super::words::shown;
use crate::json::diff::{At, Kind, Word, in_words};
use serde_json::Value;

/// Columns the paths of a group are padded to at most.
const PATHS: usize = 34;
/// What is the same between two changed words is shown up to this many columns at either end.
const AROUND: usize = 18;

/// One change to be printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) kind: Kind,
    /// What stands before the path, such as the part of a visit's data.
    pub(super) part: &'a str,
    pub(super) at: &'a At,
    pub(super) was_at: Option<&'a At>,
    pub(super) old: Option<&'a Value>,
    pub(super) new: Option<&'a Value>,
    /// What is said behind the values.
    pub(super) note: &'a str,
}

/// Returns the sign of a change and its role.
fn sign(kind: Kind) -> (Role, &'static str) {
    match kind {
        Kind::Added => (Role::Added, "+"),
        Kind::Removed => (Role::Removed, "-"),
        Kind::Changed | Kind::Retyped | Kind::Rewritten => (Role::Changed, "~"),
        Kind::Moved => (Role::Changed, ">"),
    }
}

/// Adds changes of one group, paths in a column, and how many were left out.
pub(super) fn changes<'a>(page: &mut Page, indent: usize, lines: impl Iterator<Item = Line<'a>> + Clone, most: usize) {
    let label =
        |line: &Line<'_>| if line.part.is_empty() { line.at.to_string() } else { format!("{} {}", line.part, line.at) };
    let column = lines.clone().take(most).map(|line| width(&shown(&label(&line)))).filter(|wide| *wide <= PATHS).max();
    for line in lines.clone().take(most) {
        change(page, indent, &line, &label(&line), column.unwrap_or_default());
    }
    let left = lines.count().saturating_sub(most);
    if left > 0 {
        page.text(indent, Role::Dim, &format!("… and {left} more"), 1);
    }
}

fn change(page: &mut Page, indent: usize, line: &Line<'_>, label: &str, column: usize) {
    let (role, sign) = sign(line.kind);
    let head = format!("{}{sign} ", " ".repeat(indent));
    let label = shown(label);
    let gap = " ".repeat(column.saturating_sub(width(&label)) + 2);
    let values = values(page, line);
    let note = if line.note.is_empty() { String::new() } else { format!("  {}", line.note) };
    let used = |text: &str| width(&shown(text));
    let whole: usize = values.iter().map(|(_, text)| used(text)).sum();
    let left = page.paper().width.saturating_sub(width(&head) + width(&label) + gap.len());
    if whole <= left || matches!(values.as_slice(), [(Role::Plain | Role::Added | Role::Removed, _)]) && left > 24 {
        let mut pieces: Vec<(Role, &str)> = vec![(role, &head), (Role::Plain, &label), (Role::Dim, &gap)];
        pieces.extend(values.iter().map(|(role, text)| (*role, text.as_str())));
        if whole + width(&note) <= left {
            pieces.push((Role::Dim, &note));
            page.line(&pieces);
        } else {
            page.line(&pieces);
            below(page, indent, line.note);
        }
        return;
    }
    page.line(&[(role, &head), (Role::Plain, &label)]);
    let inner = " ".repeat(indent + 4);
    match (line.old, line.new) {
        (Some(_), Some(_)) if values.len() > 3 => page.text(indent + 4, Role::Plain, &joined(&values), 4),
        _ => {
            for (value, role, sign) in [(line.old, Role::Removed, "-"), (line.new, Role::Added, "+")] {
                if let Some(value) = value {
                    page.line(&[(role, &format!("{inner}{sign} ")), (role, &short(value))]);
                }
            }
        }
    }
    below(page, indent, line.note);
}

fn below(page: &mut Page, indent: usize, note: &str) {
    if !note.is_empty() {
        page.text(indent + 4, Role::Dim, note, 2);
    }
}

fn joined(pieces: &[(Role, String)]) -> String {
    pieces.iter().map(|(_, text)| text.as_str()).collect()
}

/// The values of a change as pieces of text.
fn values(page: &Page, line: &Line<'_>) -> Vec<(Role, String)> {
    match (line.old, line.new) {
        (Some(old), Some(new)) => {
            if let Some(pieces) = in_words(old, new) {
                return by_word(&pieces);
            }
            let arrow = page.paper().sign([" → ", " -> "]).to_owned();
            let mut pieces = vec![(Role::Removed, short(old)), (Role::Dim, arrow), (Role::Added, short(new))];
            if let Some(by) = step(old, new) {
                let last = pieces.pop();
                pieces.extend(last.map(|(role, text)| (role, format!("{text}  ({by})"))));
            }
            pieces
        }
        (Some(old), None) => vec![(Role::Removed, short(old))],
        (None, Some(new)) => vec![(Role::Added, short(new))],
        (None, None) => {
            let was = line.was_at.map(|was| format!("was {was}")).unwrap_or_default();
            vec![(Role::Plain, was)]
        }
    }
}

/// How far one number is from another, or that only the writing differs.
fn step(old: &Value, new: &Value) -> Option<String> {
    match (old, new) {
        (Value::Number(_), Value::Number(_)) => {
            if let (Some(old), Some(new)) = (old.as_i64(), new.as_i64()) {
                return Some(format!("{:+}", new.checked_sub(old)?));
            }
            (old.as_f64()? == new.as_f64()?).then(|| "the same number".to_owned())
        }
        (Value::String(old), Value::Number(new)) | (Value::Number(new), Value::String(old)) => {
            (*old == new.to_string()).then(|| "another type".to_owned())
        }
        _ => None,
    }
}

/// A value as JSON, cut in the middle of nowhere when it is very long.
fn short(value: &Value) -> String {
    let text = value.to_string();
    fit(&text, 400, true)
}

/// What two long strings share, and what they do not: `[-old-]{+new+}`.
fn by_word(pieces: &[Word<'_>]) -> Vec<(Role, String)> {
    let last = pieces.len() - 1;
    let piece = |(place, piece): (usize, &Word<'_>)| match piece {
        Word::Same(text) => (Role::Plain, middle(text, place > 0, place < last)),
        Word::Removed(text) => (Role::Removed, format!("[-{text}-]")),
        Word::Added(text) => (Role::Added, format!("{{+{text}+}}")),
    };
    let mut shown = vec![(Role::Plain, "\"".to_owned())];
    shown.extend(pieces.iter().enumerate().map(piece));
    shown.push((Role::Plain, "\"".to_owned()));
    shown
}

/// The ends of a text that touch a change.
fn middle(text: &str, before: bool, after: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 2 * AROUND + 3 {
        return text.to_owned();
    }
    let head: String = chars.iter().take(if before { AROUND } else { 0 }).collect();
    let tail: String = chars.iter().skip(chars.len() - if after { AROUND } else { 0 }).collect();
    format!("{head} … {tail}")
}
