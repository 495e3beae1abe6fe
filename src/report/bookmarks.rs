//! The bookmarks of a recording, as an outline and as JSON.
//!
//! ```text
//! { "format": "stepback.bookmarks/1",
//!   "bookmarks": [ { "letter": "a" | null, "place": "Pay ▸ attempt 3 of 3" | null, "execution": arn | null, "event": n,
//!                    "note": text | null } ] }
//! ```

use super::outline::{Entry, Mark};
use super::page::Role;
use super::words::{breadcrumb, shown};
use crate::analysis::Marked;
use serde_json::{Value, json};

/// Returns where a bookmark is, in words.
pub fn bookmark_words(marked: &Marked) -> String {
    let Some(place) = &marked.place else { return "not in this recording".to_owned() };
    let attempt = marked.attempt.map(|(number, all)| format!(" ▸ attempt {number} of {all}"));
    breadcrumb(place) + &attempt.unwrap_or_default()
}

/// Returns the bookmarks, each with its note below it.
pub fn bookmark_entries(bookmarks: &[Marked]) -> Vec<Entry> {
    if bookmarks.is_empty() {
        return vec![Entry::new(0, Mark::None).word(Role::Plain, "There are no bookmarks in this recording.")];
    }
    let entries = bookmarks.iter().flat_map(|marked| {
        let bookmark = &marked.bookmark;
        let letter = bookmark.letter.map_or_else(|| "-".to_owned(), |letter| letter.to_string());
        let event = bookmark.event.map(|event| format!("event {event}")).unwrap_or_default();
        let head = Entry::new(0, Mark::None).word(Role::Strong, letter).word(Role::Dim, event);
        let head = head.word(Role::Plain, shown(&bookmark_words(marked)));
        let note = bookmark.note.iter().map(|note| Entry::new(2, Mark::None).word(Role::Plain, shown(note)));
        [head].into_iter().chain(note)
    });
    entries.collect()
}

/// Returns the bookmarks as JSON.
pub fn bookmarks_json(bookmarks: &[Marked]) -> Value {
    let bookmarks = bookmarks.iter().map(|marked| {
        let bookmark = &marked.bookmark;
        json!({
            "letter": bookmark.letter,
            "place": marked.place.as_ref().map(|_| bookmark_words(marked)),
            "execution": bookmark.execution.as_deref(),
            "event": bookmark.event,
            "note": bookmark.note.as_deref(),
        })
    });
    json!({ "format": "stepback.bookmarks/1", "bookmarks": bookmarks.collect::<Vec<_>>() })
}
