//! Changes to a text, and how changes to what a text stands for become changes to the text itself.

use super::coding::Decoded;
use std::ops::Range;

/// Something that stands in a text and is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
    /// What stands there afterwards.
    pub(super) with: String,
    /// The rule that wants it.
    pub(super) rule: usize,
}

/// Changes to one text, in any order until they are settled.
#[derive(Debug, Clone, Default)]
pub(super) struct Edits(Vec<Edit>);

impl Edits {
    pub(super) fn push(&mut self, range: Range<usize>, with: String, rule: usize) {
        self.0.push(Edit { range, with, rule });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes over the changes to a part that begins at byte `at`.
    pub(super) fn extend_at(&mut self, at: usize, part: Self) {
        let shifted = |edit: Edit| Edit { range: edit.range.start + at..edit.range.end + at, ..edit };
        self.0.extend(part.0.into_iter().map(shifted));
    }

    /// Takes over the changes to what a text stands for.
    pub(super) fn extend_decoded(&mut self, at: usize, decoded: &Decoded, part: Self) {
        for edit in part.0 {
            let range = decoded.source(&edit.range);
            self.0.push(Edit {
                range: range.start + at..range.end + at,
                with: decoded.coding.encode(&edit.with),
                rule: edit.rule,
            });
        }
    }

    /// Returns the changes in the order of the text; of those that overlap, one for all.
    pub(super) fn settled(mut self) -> Vec<Edit> {
        self.0.sort_by_key(|edit| (edit.range.start, usize::MAX - edit.range.end));
        let mut settled: Vec<Edit> = Vec::with_capacity(self.0.len());
        for edit in self.0 {
            match settled.last_mut() {
                Some(last) if edit.range.start < last.range.end => last.range.end = last.range.end.max(edit.range.end),
                _ => settled.push(edit),
            }
        }
        settled
    }
}

/// Returns the text with changes that are settled.
pub(super) fn applied(text: &str, edits: &[Edit]) -> String {
    let (mut made, mut from) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        made.push_str(text.get(from..edit.range.start).unwrap_or_default());
        made.push_str(&edit.with);
        from = edit.range.end;
    }
    made.push_str(text.get(from..).unwrap_or_default());
    made
}
