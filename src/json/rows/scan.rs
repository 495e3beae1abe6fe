//! One pass over a text that is known to be JSON, a row for each value.

use super::{Kind, MOST_ROWS, NO_PARENT, Place, Row, Rows, Span, decoded};
use crate::json::Payload;
use serde::de::IgnoredAny;

/// How deep strings inside strings are followed. Each level at least doubles the backslashes, so that more is noise.
const MOST_NESTED: u8 = 6;

/// Texts longer than this are shown as lines: positions are kept in 32 bits.
const LONGEST: usize = u32::MAX as usize - 1;

/// Adds the rows of a document, or of its lines when it is not JSON.
pub(super) fn document(rows: &mut Rows, label: Place, document: &Payload) {
    let text = keep(rows, document.clone());
    let length = document.text().len();
    if length > LONGEST || serde_json::from_str::<IgnoredAny>(document.text()).is_err() {
        let whole = Span { start: 0, end: u32::try_from(length).unwrap_or(u32::MAX) };
        let row = rows.add(NO_PARENT, 0, Kind::NoJson, text, label, whole);
        lines(rows, row, text, 1, document);
        return rows.close(row);
    }
    let mut scanner = Scanner { text, nested: 0, at: 0 };
    let (bytes, mut open) = (document.text().as_bytes(), Vec::new());
    scanner.value(rows, bytes, (NO_PARENT, 0), label, &mut open);
    scanner.run(rows, bytes, open);
}

/// A place in one text.
struct Scanner {
    text: u32,
    nested: u8,
    at: usize,
}

impl Scanner {
    /// Reads on until every open container is closed. They are kept in a list, not on the thread's stack: hostile
    /// documents nest deeper than that is.
    fn run(&mut self, rows: &mut Rows, bytes: &[u8], mut open: Vec<u32>) {
        while let Some(&container) = open.last() {
            self.skip_space(bytes);
            let (array, count) = rows.container(container);
            match bytes.get(self.at) {
                Some(b']' | b'}') | None => {
                    self.at += 1;
                    open.pop();
                    rows.close_value(container, self.at);
                    continue;
                }
                Some(b',') => self.at += 1,
                Some(_) => {}
            }
            self.skip_space(bytes);
            let label = if array {
                Place::Index(count)
            } else {
                let key = self.string(bytes);
                self.skip_space(bytes);
                self.at += 1;
                Place::Key(key)
            };
            if rows.rows.len() >= MOST_ROWS {
                return rows.cut_off(&open, self.text);
            }
            let depth = rows.depth(container).saturating_add(1);
            self.value(rows, bytes, (container, depth), label, &mut open);
        }
    }

    /// Reads a scalar whole, or the beginning of a container.
    fn value(&mut self, rows: &mut Rows, bytes: &[u8], (parent, depth): (u32, u16), label: Place, open: &mut Vec<u32>) {
        self.skip_space(bytes);
        let start = self.at;
        let kind = match bytes.get(start) {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        };
        match kind {
            Kind::Object | Kind::Array => {
                self.at += 1;
                let row = rows.add(parent, depth, kind, self.text, label, Span::of(start, self.at));
                open.push(row);
            }
            Kind::String => {
                let span = self.string(bytes);
                let row = rows.add(parent, depth, kind, self.text, label, span);
                self.look_inside(rows, row, bytes);
                rows.close(row);
            }
            _ => {
                let rest = bytes.get(start..).unwrap_or_default();
                let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
                self.at = start + rest.iter().position(ends).unwrap_or(rest.len());
                let row = rows.add(parent, depth, kind, self.text, label, Span::of(start, self.at));
                rows.close(row);
            }
        }
    }

    fn string(&mut self, bytes: &[u8]) -> Span {
        let start = self.at;
        self.at += 1;
        while let Some(rest) = bytes.get(self.at..) {
            match memchr::memchr2(b'"', b'\\', rest) {
                Some(offset) if rest.get(offset) == Some(&b'\\') => self.at += offset + 2,
                Some(offset) => {
                    self.at += offset + 1;
                    return Span::of(start, self.at);
                }
                None => break,
            }
        }
        self.at = bytes.len();
        Span::of(start, self.at)
    }

    fn skip_space(&mut self, bytes: &[u8]) {
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Takes apart a string that holds JSON or lines.
    fn look_inside(&self, rows: &mut Rows, row: u32, bytes: &[u8]) {
        let Some(span) = rows.rows.get(row as usize).map(|row| row.value) else { return };
        let literal = bytes.get(span.start as usize..span.end as usize).unwrap_or_default();
        if memchr::memchr(b'\\', literal).is_none() && !may_be_json(literal) {
            return;
        }
        let Ok(literal) = std::str::from_utf8(literal) else { return };
        let depth = rows.depth(row).saturating_add(1);
        if self.nested < MOST_NESTED
            && let Some((inner, times)) = encoded(literal)
        {
            rows.set_kind(row, Kind::Encoded { times, array: inner.trim_start().starts_with('[') });
            let inner = Payload::from_text(inner);
            let text = keep(rows, inner.clone());
            let mut scanner = Scanner { text, nested: self.nested + times, at: 0 };
            scanner.skip_space(inner.text().as_bytes());
            scanner.at += 1;
            scanner.run(rows, inner.text().as_bytes(), vec![row]);
        } else if literal.contains("\\n") {
            let inner = Payload::from_text(decoded(literal).trim_end_matches('\n'));
            if inner.text().contains('\n') {
                let text = keep(rows, inner.clone());
                rows.set_kind(row, Kind::Lines);
                lines(rows, row, text, depth, &inner);
            }
        }
    }
}

/// Returns the document that a string literal holds and how often it is encoded; only documents with something in them.
fn encoded(literal: &str) -> Option<(String, u8)> {
    let mut times = 0;
    let mut text = literal.to_owned();
    while times < MOST_NESTED && may_be_json(text.as_bytes()) {
        text = serde_json::from_str(&text).ok()?;
        times += 1;
        let trimmed = text.trim();
        if trimmed.starts_with(['{', '[']) {
            let empty = trimmed.get(1..trimmed.len() - 1).is_none_or(|inside| inside.trim().is_empty());
            let valid = !empty && serde_json::from_str::<IgnoredAny>(&text).is_ok();
            return valid.then_some((text, times));
        }
    }
    None
}

/// Tells from the first characters whether a string literal may hold a document.
fn may_be_json(literal: &[u8]) -> bool {
    let Some(rest) = literal.strip_prefix(b"\"") else { return false };
    let mut rest = rest;
    loop {
        rest = match rest {
            [b' ', rest @ ..] | [b'\\', b'n' | b'r' | b't', rest @ ..] => rest,
            [b'{' | b'[', ..] | [b'\\', b'"', ..] => return true,
            _ => return false,
        };
    }
}

/// Adds a row for each line of a text.
fn lines(rows: &mut Rows, parent: u32, text: u32, depth: u16, document: &Payload) {
    let mut start = 0;
    for line in document.text().split_inclusive('\n') {
        if rows.rows.len() >= MOST_ROWS {
            return rows.cut_off(&[parent], text);
        }
        let shown = line.trim_end_matches(['\n', '\r']);
        let row = rows.add(parent, depth, Kind::Line, text, Place::Nothing, Span::of(start, start + shown.len()));
        rows.close(row);
        start += line.len();
    }
}

fn keep(rows: &mut Rows, text: Payload) -> u32 {
    rows.texts.push(text);
    u32::try_from(rows.texts.len() - 1).unwrap_or(u32::MAX)
}

impl Span {
    fn of(start: usize, end: usize) -> Self {
        let narrow = |position| u32::try_from(position).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }
}

impl Rows {
    fn add(&mut self, parent: u32, depth: u16, kind: Kind, text: u32, label: Place, value: Span) -> u32 {
        let index = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        if let Some(parent) = self.rows.get_mut(parent as usize) {
            parent.count += 1;
        }
        self.rows.push(Row { depth, kind, count: 0, parent, end: index + 1, text, label, value });
        index
    }

    /// Ends a row: what follows does not belong to it.
    fn close(&mut self, row: u32) {
        let end = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        if let Some(row) = self.rows.get_mut(row as usize) {
            row.end = end;
        }
    }

    fn close_value(&mut self, row: u32, at: usize) {
        self.close(row);
        // What an encoded string holds ends in another text; its own literal ended before.
        if let Some(row) = self.rows.get_mut(row as usize)
            && matches!(row.kind, Kind::Object | Kind::Array)
        {
            row.value.end = Span::of(at, at).start;
        }
    }

    fn container(&self, row: u32) -> (bool, u32) {
        self.rows
            .get(row as usize)
            .map_or((true, 0), |row| (matches!(row.kind, Kind::Array | Kind::Encoded { array: true, .. }), row.count))
    }

    fn depth(&self, row: u32) -> u16 {
        self.rows.get(row as usize).map_or(0, |row| row.depth)
    }

    fn set_kind(&mut self, row: u32, kind: Kind) {
        if let Some(row) = self.rows.get_mut(row as usize) {
            row.kind = kind;
        }
    }

    /// Ends all open rows with one that says that something is missing.
    fn cut_off(&mut self, open: &[u32], text: u32) {
        let parent = open.last().copied().unwrap_or(NO_PARENT);
        let depth = self.depth(parent).saturating_add(1);
        let at = self.rows.last().map_or(0, |row| row.value.end);
        self.add(parent, depth, Kind::Cut, text, Place::Nothing, Span { start: at, end: at });
        for row in open {
            self.close_value(*row, at as usize);
        }
    }
}
