//! Says what rules still find in a file, without saying what it is.

use super::coding::Coding;
use super::document::Document;
use super::edit::Edit;
use super::scrub::Scrubber;
use super::{Rule, StandIn};

/// How often a text is taken apart to look for patterns in what it stands for.
const TIMES: usize = 12;

/// Something a rule finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The rule, as its number among those that were asked for.
    pub rule: usize,
    /// The line, from 1.
    pub line: usize,
    /// The byte in the line, from 1.
    pub column: usize,
    /// The name of the member it stands in, as far as that can be told.
    pub member: Option<String>,
}

/// Returns what rules find in the text of a file, in its order. A recording is looked through as when it is redacted,
/// anything else as a payload; patterns are looked for once more in the plain text, however often it is escaped.
pub fn left_in(text: &str, rules: &[Rule]) -> Vec<Left> {
    let scrubber = Scrubber::new(rules, &StandIn::Same);
    let is_object = text.trim_start().starts_with('{');
    let found = is_object.then(|| Document::edits(&scrubber, text).ok()).flatten();
    let mut edits = found.unwrap_or_else(|| scrubber.text(text)).settled();
    edits.extend(by_plain_patterns(&scrubber, text, &edits));
    edits.sort_by_key(|edit| edit.range.start);
    edits.iter().map(|edit| left(text, edit)).collect()
}

/// Looks for patterns without regard to what is JSON; a walk that went astray does not hide them.
fn by_plain_patterns(scrubber: &Scrubber<'_>, text: &str, found: &[Edit]) -> Vec<Edit> {
    let mut more = Vec::new();
    let mut texts = vec![(text.to_owned(), Vec::new())];
    while let Some((text, layers)) = texts.pop() {
        for (range, rule) in scrubber.matches(&text) {
            let range = layers.iter().rev().fold(range, |range, layer: &super::coding::Decoded| layer.source(&range));
            more.push(Edit { range, with: String::new(), rule });
        }
        if layers.len() < TIMES
            && let Some(decoded) = Coding::Json.decode(&text).or_else(|| Coding::Percent.decode(&text))
        {
            let inner = decoded.text.clone();
            let mut layers = layers;
            layers.push(decoded);
            texts.push((inner, layers));
        }
    }
    more.sort_by_key(|edit| edit.range.start);
    more.dedup_by_key(|edit| (edit.range.start, edit.rule));
    let known = |edit: &Edit| found.iter().any(|it| it.range.start < edit.range.end && edit.range.start < it.range.end);
    more.retain(|edit| !known(edit) && !is_fixed(text, edit));
    more
}

/// What redacting leaves because a history hangs together by it.
fn is_fixed(text: &str, edit: &Edit) -> bool {
    let Some(name) = member(text, edit.range.start) else { return false };
    matches!(&*name, "type" | "status" | "format" | "timestamp" | "startDate" | "stopDate" | "pattern" | "path")
}

fn left(text: &str, edit: &Edit) -> Left {
    let before = text.get(..edit.range.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
    Left { rule: edit.rule, line, column, member: member(text, edit.range.start) }
}

/// Returns the last name before a place of its line.
fn member(text: &str, at: usize) -> Option<String> {
    let before = text.get(..at)?;
    let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
    let colon = line.rfind("\": ").or_else(|| line.rfind("\":"))?;
    let name = line.get(..colon)?.trim_end_matches('\\');
    name.rsplit_once('"').map(|(_, name)| name.to_owned())
}
