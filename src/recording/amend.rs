//! Changes the bookmarks in the text of a recording and leaves every other byte of it as it stood.
//!
//! Writing a recording anew would lay it out anew: a file of 50 MB under version control would differ in every line
//! because of one note. So only the member `bookmarks` is written. Where there is none yet it becomes the last member,
//! after a line break and an indentation like those before it; with the last bookmark it goes again, and the text is
//! what it was before the first.

use super::field::Field;
use super::index::end_by_parser;
use super::{Bookmark, BookmarkChange};
use crate::json::scan::{Progress, Scanner, Surprise};
use crate::json::{Payload, SharedBytes};
use serde::de::IgnoredAny;
use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

/// The text of a recording with other bookmarks: its pieces in order, so that a large text need not be copied.
#[derive(Debug, Clone)]
pub struct Amended<'t> {
    before: &'t [u8],
    between: String,
    after: &'t [u8],
    /// The bookmarks it has now.
    pub bookmarks: Vec<Bookmark>,
}

/// Why a text cannot be given other bookmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmendError {
    /// It is no recording in stepback's own form, or not only one.
    NoRecording,
    /// It is broken off, or is no JSON somewhere.
    Damaged,
    /// The bookmarks it has are not such as this program writes.
    Bookmarks,
}

/// Makes changes to the bookmarks in the text of a recording, one after the other.
pub fn amend<'t>(text: &'t SharedBytes, changes: &[BookmarkChange]) -> Result<Amended<'t>, AmendError> {
    let mut members = Vec::new();
    let whole = find_members(text, &mut members);
    let format = members.iter().find(|member| member.name == "format");
    let format = format.and_then(|format| text.slice(format.value.clone()));
    if !format.is_some_and(|format| Payload::from_literal(format).text().starts_with("stepback/")) {
        return Err(AmendError::NoRecording);
    }
    whole.map_err(|_| AmendError::Damaged)?;
    let place = members.iter().position(|member| member.name == "bookmarks");
    let mut bookmarks = match place.and_then(|place| members.get(place)) {
        Some(old) => {
            let list = text.slice(old.value.clone()).and_then(|list| read(&list));
            list.ok_or(AmendError::Bookmarks)?
        }
        None => Vec::new(),
    };
    changes.iter().for_each(|change| change.apply(&mut bookmarks));
    let style = Style::of(text, &members);
    let (range, between) = match place {
        Some(place) if bookmarks.is_empty() => (without(&members, place), String::new()),
        Some(place) => (members.get(place).map_or(0..0, |old| old.value.clone()), style.list(&bookmarks)),
        None if bookmarks.is_empty() => (0..0, String::new()),
        None => {
            let end = members.last().map_or(0, |last| last.value.end);
            (end..end, format!(",{}\"bookmarks\":{}{}", style.margin, style.colon, style.list(&bookmarks)))
        }
    };
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    Ok(Amended { before: before.unwrap_or_default(), between, after: after.unwrap_or_default(), bookmarks })
}

/// Reads the bookmarks, or nothing when some of it would be lost.
fn read(list: &SharedBytes) -> Option<Vec<Bookmark>> {
    match serde_json::from_slice::<Option<Vec<IgnoredAny>>>(list).ok()? {
        Some(_) => Vec::read(list),
        None => Some(Vec::new()),
    }
}

impl Amended<'_> {
    /// Writes the text.
    pub fn to_writer(&self, mut writer: impl Write) -> io::Result<()> {
        [self.before, self.between.as_bytes(), self.after].into_iter().try_for_each(|piece| writer.write_all(piece))
    }
}

/// A member of the recording, by the places of its name and its value.
struct Found {
    name: String,
    start: usize,
    value: Range<usize>,
}

/// Finds the members of the object that must be the whole text.
fn find_members(text: &[u8], members: &mut Vec<Found>) -> Result<(), Surprise> {
    let mut scanner = Scanner::new(text);
    let mut progress = Progress::Opened;
    scanner.expect(b'{')?;
    while let Some(name) = scanner.next_member(&mut progress)? {
        let start = (name.inner.as_ptr() as usize).saturating_sub(text.as_ptr() as usize + 1);
        scanner.peek();
        let begin = scanner.at();
        if let Err(surprise) = scanner.value() {
            scanner.move_to(end_by_parser(text, begin).ok_or(surprise)?);
        }
        members.push(Found { name: name.decode().into_owned(), start, value: begin..scanner.at() });
    }
    match scanner.peek() {
        None => Ok(()),
        Some(_) => Err(scanner.surprise()),
    }
}

/// Returns what goes with a member: the comma before it or, when it is the first, the one after.
fn without(members: &[Found], place: usize) -> Range<usize> {
    let before = place.checked_sub(1).and_then(|before| members.get(before)).map(|before| before.value.end);
    let (this, after) = (members.get(place), members.get(place + 1).map(|after| after.start));
    let Some(this) = this else { return 0..0 };
    match before {
        Some(before) => before..this.value.end,
        None => this.start..after.unwrap_or(this.value.end),
    }
}

/// How the text is laid out.
struct Style {
    /// The white space before each member.
    margin: String,
    /// The white space behind a colon.
    colon: &'static str,
}

impl Style {
    /// The last member is laid out like the others, or like nothing when it is the only one of its line.
    fn of(text: &[u8], members: &[Found]) -> Self {
        let margin = members.last().map_or(0..0, |last| {
            let margin = text.get(..last.start).unwrap_or_default();
            let white = margin.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            last.start - white..last.start
        });
        let margin = String::from_utf8_lossy(text.get(margin).unwrap_or_default()).into_owned();
        let colon = if margin.is_empty() { "" } else { " " };
        Self { margin, colon }
    }

    /// A bookmark on each line, one step further in than the member, if the text has lines at all.
    fn list(&self, bookmarks: &[Bookmark]) -> String {
        let lines = self.margin.rfind('\n').and_then(|at| self.margin.get(at + 1..));
        let (inner, outer) = match lines {
            Some(indentation) => (format!("{}{indentation}", self.margin), self.margin.as_str()),
            None => (String::new(), ""),
        };
        // Nothing in a bookmark can fail to be written: what nobody knows in it was read as JSON.
        let items = bookmarks.iter().filter_map(|it| serde_json::to_string(it).ok());
        let items: Vec<String> = items.map(|item| format!("{inner}{item}")).collect();
        format!("[{}{outer}]", items.join(","))
    }
}

impl fmt::Display for AmendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRecording => "it is no recording in stepback's own form",
            Self::Damaged => "it is damaged",
            Self::Bookmarks => "the bookmarks in it are not such as this program writes",
        })
    }
}

impl std::error::Error for AmendError {}

#[cfg(test)]
mod tests;
