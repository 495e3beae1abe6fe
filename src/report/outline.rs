//! An answer as an outline: entries below entries, in words with roles. A page and a screen show the same one, so that
//! they say the same.

use super::page::{Page, Paper, Role, fit, width};
use super::quantity;
use super::signs::{CAUGHT, FAILED, SUCCEEDED};
use super::words::{breadcrumb, shown};
use crate::analysis::Place;
use crate::analysis::scene::Head;
use crate::event::EventId;
use crate::json::diff::{Node, Rows, Shown, Sign};
use serde_json::{Map, Value, json};

/// One line of an answer. What stands below it is deeper.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// How deep it stands.
    pub depth: u16,
    /// The sign in front of it.
    pub mark: Mark,
    /// The words, each with its role.
    pub words: Vec<(Role, Box<str>)>,
    /// All of a text that is shown cut.
    pub whole: Option<Box<str>>,
    /// Whether what stands below it is worth showing only when asked for.
    pub closed: bool,
    /// The event it is about.
    pub event: Option<EventId>,
}

/// A sign in front of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// None.
    None,
    /// It is so, it holds, it agrees.
    Good,
    /// It is not so, it failed, it disagrees.
    Bad,
    /// It failed and something took over.
    Caught,
    /// It was not looked at, or there is nothing.
    Neutral,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}

/// The rows of one document that are shown at most.
const MOST_ROWS: usize = 5_000;

/// A string longer than this is shown cut, and whole when asked for.
const LONG: usize = 200;

impl Entry {
    /// An entry without words.
    pub fn new(depth: u16, mark: Mark) -> Self {
        Self { depth, mark, words: Vec::new(), whole: None, closed: false, event: None }
    }

    /// Adds words.
    #[must_use]
    pub fn word(mut self, role: Role, words: impl AsRef<str>) -> Self {
        if !words.as_ref().is_empty() {
            self.words.push((role, words.as_ref().into()));
        }
        self
    }

    /// Adds a value as JSON; a long one is cut, and whole when asked for.
    #[must_use]
    pub fn value(mut self, value: &Value) -> Self {
        let text = value.to_string();
        if text.len() > LONG {
            self.whole = Some(value.as_str().unwrap_or(&text).into());
        }
        self.word(Role::Value, fit(&text, LONG, true))
    }

    /// Says which event it is about.
    #[must_use]
    pub fn at(self, event: EventId) -> Self {
        Self { event: Some(event), ..self }
    }

    /// Keeps what stands below it out of sight until asked for.
    #[must_use]
    pub fn closed(self) -> Self {
        Self { closed: true, ..self }
    }

    /// Returns the words in one line.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|(_, word)| &**word).collect();
        words.join("  ")
    }
}

/// Returns the line above what is said about a visit.
pub fn visit_title(place: &Place, head: &Head) -> Entry {
    let about = format!("{}, {}, line {} of the definition", head.kind, head.language.name(), head.line);
    let entry = Entry::new(0, Mark::None).word(Role::Strong, shown(&breadcrumb(place))).word(Role::Dim, about);
    entry.word(Role::Dim, format!("event {}", place.event))
}

/// Returns the members that tell programs which state is meant.
pub(super) fn head_json(head: &Head) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("state".to_owned(), json!(&*head.state));
    members.insert("type".to_owned(), json!(head.kind));
    members.insert("queryLanguage".to_owned(), json!(head.language.name()));
    members.insert("line".to_owned(), json!(head.line));
    members
}

/// Adds a text, cut when it is long, and whole when asked for.
pub(super) fn text(depth: u16, mark: Mark, label: &str, role: Role, text: &str) -> Entry {
    let mut entry = Entry::new(depth, mark).word(Role::Dim, label).word(role, fit(&shown(text), LONG * 2, true));
    entry.whole = Some(text.into());
    entry
}

/// Adds what somebody said: words, or JSON as rows.
pub(super) fn said(entries: &mut Vec<Entry>, depth: u16, label: &str, words: &str) {
    match serde_json::from_str::<Value>(words) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => {
            let mut entry = Entry::new(depth, Mark::None).word(Role::Dim, label).word(Role::Dim, "decoded");
            entry.whole = Some(words.into());
            entries.push(entry);
            document(entries, depth + 1, &value);
        }
        _ => entries.push(text(depth, Mark::None, label, Role::Plain, words)),
    }
}

/// Adds a document as rows.
pub(super) fn document(entries: &mut Vec<Entry>, depth: u16, value: &Value) {
    let mut left = MOST_ROWS;
    match value {
        Value::Object(_) | Value::Array(_) => inside(entries, depth, value, &mut left),
        plain => entries.push(Entry::new(depth, Mark::None).value(plain)),
    }
    if left == 0 {
        entries.push(Entry::new(depth, Mark::None).word(Role::Dim, "… the rest is left out"));
    }
}

fn inside(entries: &mut Vec<Entry>, depth: u16, value: &Value, left: &mut usize) {
    let mut row = |name: &str, value: &Value| {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let entry = Entry::new(depth, Mark::None).word(Role::Key, shown(name));
        match value {
            Value::Object(members) if !members.is_empty() => {
                entries.push(entry.word(Role::Dim, format!("{{}} {}", members.len())));
                inside(entries, depth.saturating_add(1), value, left);
            }
            Value::Array(items) if !items.is_empty() => {
                entries.push(entry.word(Role::Dim, format!("[] {}", items.len())));
                inside(entries, depth.saturating_add(1), value, left);
            }
            plain => entries.push(entry.value(plain)),
        }
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| row(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, value)| row(&place.to_string(), value)),
        _ => {}
    }
}

/// Adds what differs between two documents as rows; what is the same is there when asked for.
pub(super) fn changes(entries: &mut Vec<Entry>, depth: u16, node: &Node<'_>) {
    let rows = node.rows();
    let top = rows.all().first().is_some_and(|row| row.inside > 0);
    let rise = u16::from(top);
    for shown in rows.folded(1).iter().take(MOST_ROWS) {
        match shown {
            Shown::Row(0) if top => {}
            Shown::Row(at) => entries.extend(row(&rows, *at, depth, rise)),
            Shown::Folded(range) if range.start == 0 => {}
            Shown::Folded(range) => {
                let first = rows.all().get(range.start).map_or(0, |row| row.depth);
                let deep = depth + first.saturating_sub(rise);
                let same = quantity::counted(range.len(), "row", "rows");
                entries.push(Entry::new(deep, Mark::None).word(Role::Dim, format!("… {same} the same")).closed());
                let below = range.clone().take(MOST_ROWS);
                entries.extend(below.filter_map(|at| row(&rows, at, depth + 1, rise)));
            }
        }
    }
}

fn row(rows: &Rows, at: usize, depth: u16, rise: u16) -> Option<Entry> {
    let row = rows.all().get(at)?;
    let (mark, role) = match row.sign {
        Sign::Added => (Mark::Added, Role::Added),
        Sign::Removed => (Mark::Removed, Role::Removed),
        Sign::Changed | Sign::Moved => (Mark::Changed, Role::Changed),
        Sign::Same | Sign::Excused | Sign::Inside => (Mark::None, Role::Value),
    };
    let label = if row.label.is_empty() { "$" } else { &row.label };
    let mut entry = Entry::new(depth + row.depth.saturating_sub(rise), mark).word(Role::Key, shown(label));
    let cut = |text: &str| fit(text, LONG, true);
    match (&row.old, &row.new) {
        (Some(old), Some(new)) if old != new && row.sign.is_change() => {
            entry = entry.word(Role::Removed, cut(old)).word(Role::Dim, "→").word(Role::Added, cut(new));
            if old.len() > LONG || new.len() > LONG {
                entry.whole = Some(format!("{old}\n\n→\n\n{new}").into());
            }
        }
        (_, Some(value)) | (Some(value), None) => {
            let role = if row.inside > 0 && mark == Mark::None { Role::Dim } else { role };
            entry = entry.word(role, cut(value));
            if value.len() > LONG {
                entry.whole = Some(value.clone());
            }
        }
        (None, None) => {}
    }
    Some(entry)
}

/// Counts what differs: `+1 -2 ~3`.
pub(super) fn counted(node: &Node<'_>) -> String {
    let rows = node.rows();
    let count = |wanted: &[Sign]| {
        let mut count = 0;
        let mut at = 0;
        while let Some(row) = rows.all().get(at) {
            let hit = wanted.contains(&row.sign);
            count += usize::from(hit);
            // What is new or gone with everything inside counts once.
            at += 1 + if hit && matches!(row.sign, Sign::Added | Sign::Removed) { row.inside } else { 0 };
        }
        count
    };
    let parts =
        [("+", count(&[Sign::Added])), ("-", count(&[Sign::Removed])), ("~", count(&[Sign::Changed, Sign::Moved]))];
    let said = parts.iter().filter(|(_, count)| *count > 0).map(|(sign, count)| format!("{sign}{count}"));
    said.collect::<Vec<_>>().join(" ")
}

/// Tells whether two documents have anything in common.
pub(super) fn shares(node: &Node<'_>) -> bool {
    node.rows()
        .all()
        .iter()
        .skip(1)
        .any(|row| matches!(row.sign, Sign::Same | Sign::Excused) || row.sign == Sign::Changed)
}

/// Prints an outline; of what is kept out of sight only that it is there.
pub fn print(entries: &[Entry], paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    let mut hidden: Option<u16> = None;
    let mut before = 0;
    for entry in entries {
        if hidden.is_some_and(|depth| entry.depth > depth) {
            continue;
        }
        hidden = entry.closed.then_some(entry.depth);
        if entry.depth == 0 && before > 0 {
            page.gap();
        }
        before = entry.depth;
        line(&mut page, entry);
    }
    page.into_lines()
}

fn line(page: &mut Page, entry: &Entry) {
    let (role, sign) = mark(page.paper(), entry.mark);
    let margin = "  ".repeat(entry.depth.into());
    let head = format!("{margin}{sign} ");
    // A text of several words stands below itself when the line is too short for it.
    if let (Some(whole), [label @ .., (role, last)]) = (&entry.whole, entry.words.as_slice()) {
        let label: String = label.iter().map(|(_, word)| format!("{word}  ")).collect();
        let room = page.paper().width.saturating_sub(width(&head) + width(&label));
        if width(last) > room && !matches!(role, Role::Value | Role::Dim) {
            page.line(&[(Role::Plain, &head), (Role::Dim, &label)]);
            page.text(width(&head) + 2, *role, whole, 8);
            return;
        }
    }
    let mut pieces: Vec<(Role, &str)> = vec![(role, &head)];
    for (place, (role, word)) in entry.words.iter().enumerate() {
        if place > 0 {
            pieces.push((Role::Plain, "  "));
        }
        pieces.push((*role, word));
    }
    page.line(&pieces);
}

fn mark(paper: Paper, mark: Mark) -> (Role, &'static str) {
    match mark {
        Mark::None => (Role::Plain, " "),
        Mark::Good => (Role::Succeeded, paper.sign(SUCCEEDED)),
        Mark::Bad => (Role::Failed, paper.sign(FAILED)),
        Mark::Caught => (Role::Caught, paper.sign(CAUGHT)),
        Mark::Neutral => (Role::Dim, paper.sign(["·", "."])),
        Mark::Added => (Role::Added, "+"),
        Mark::Removed => (Role::Removed, "-"),
        Mark::Changed => (Role::Changed, "~"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::diff::diff;
    use serde_json::json;

    #[test]
    fn changes_stand_out_and_the_same_is_kept_out_of_sight() {
        let old = json!({"a": 1, "b": 2, "c": 3, "d": {"e": 4, "f": 5}});
        let new = json!({"a": 1, "b": 2, "c": 3, "d": {"e": 4, "f": 6}, "g": "x"});
        let node = diff(&old, &new);
        let mut entries = vec![Entry::new(0, Mark::Good).word(Role::Strong, "stage")];
        changes(&mut entries, 1, &node);
        insta::assert_snapshot!(print(&entries, Paper::plain(60)).join("\n"), @r#"
        ✔ stage
            … 2 rows the same
            c  3
            d  {} 2
              e  4
            ~ f  5  →  6
          + g  "x"
        "#);
        assert_eq!(counted(&node), "+1 ~1");
        assert!(shares(&node));
        assert!(!shares(&diff(&json!({"a": 1}), &json!({"b": 1}))));
    }
}
