//! Texts that were put together of pieces, which remember where each piece stood.

use crate::asl::Span;

/// The texts of all files that were read, one after the other, so that an offset says file and place.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    files: Vec<(String, u32)>,
}

impl Texts {
    /// Adds a file and returns where it begins.
    pub fn add(&mut self, name: impl Into<String>, text: &str) -> u32 {
        let start = offset(self.text.len());
        self.files.push((name.into(), start));
        self.text.push_str(text);
        self.text.push('\n');
        start
    }

    /// Returns the text of a span; empty when there is no such span.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Returns the files with their texts, in order.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let ends = self.files.iter().skip(1).map(|(_, start)| *start).chain([offset(self.text.len())]);
        self.files.iter().zip(ends).map(|((name, start), end)| {
            let text = self.text.get(*start as usize..(end as usize).saturating_sub(1)).unwrap_or("");
            (name.as_str(), text)
        })
    }
}

/// A text and where each of its bytes came from.
#[derive(Debug, Clone, Default)]
pub(super) struct Mapped {
    text: String,
    pieces: Vec<Piece>,
}

/// From here on the text came from there.
#[derive(Debug, Clone, Copy)]
struct Piece {
    from: u32,
    source: u32,
    /// Whether the text stood there as it is; otherwise all of it came from one place.
    verbatim: bool,
}

impl Mapped {
    /// Takes a text that came from one place as a whole.
    pub fn fixed(text: &str, source: u32) -> Self {
        let mut mapped = Self::default();
        mapped.push(text, source, false);
        mapped
    }

    /// Takes a text that stands in the source as it is.
    pub fn verbatim(text: &str, source: u32) -> Self {
        let mut mapped = Self::default();
        mapped.push(text, source, true);
        mapped
    }

    /// Takes a string that was decoded from the text of a source: a JSON string, a YAML scalar of any style, a heredoc.
    pub fn decoded(text: &str, raw: &str, source: u32) -> Self {
        Self::along(text, Raw::new(raw), source)
    }

    /// Takes a part of one of Terraform's templates, decoded from the text of a source: of a heredoc or a file, or of
    /// a string in quotes, which has escape sequences.
    pub fn literal(text: &str, raw: &str, source: u32, is_quoted: bool) -> Self {
        let style = if is_quoted { Style::Double } else { Style::Template };
        Self::along(text, Raw { text: raw, at: 0, style }, source)
    }

    fn along(text: &str, mut raw: Raw<'_>, source: u32) -> Self {
        let mut mapped = Self::default();
        for character in text.chars() {
            let at = raw.find(character);
            mapped.push(character.encode_utf8(&mut [0; 4]), source + offset(at), true);
        }
        mapped
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds a text that came from one place, or that stands there as it is.
    pub fn push(&mut self, text: &str, source: u32, verbatim: bool) {
        let from = offset(self.text.len());
        let follows = |last: &&Piece| {
            last.verbatim == verbatim
                && if verbatim { last.source + (from - last.from) == source } else { last.source == source }
        };
        if self.pieces.last().filter(follows).is_none() {
            self.pieces.push(Piece { from, source, verbatim });
        }
        self.text.push_str(text);
    }

    /// Adds another text.
    pub fn append(&mut self, other: &Self) {
        self.copy(other, 0, other.text.len());
    }

    /// Adds a part of another text.
    pub fn copy(&mut self, other: &Self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let index = other.piece(offset(at));
            let next = other.pieces.get(index + 1).map_or(end, |next| (next.from as usize).min(end));
            let (Some(piece), Some(text)) = (other.pieces.get(index), other.text.get(at..next)) else { return };
            let source = if piece.verbatim { piece.source + (offset(at) - piece.from) } else { piece.source };
            self.push(text, source, piece.verbatim);
            at = next;
        }
    }

    fn piece(&self, at: u32) -> usize {
        self.pieces.partition_point(|piece| piece.from <= at).saturating_sub(1)
    }

    /// Returns where a byte of the text came from.
    pub fn place(&self, at: u32) -> u32 {
        match self.pieces.get(self.piece(at)) {
            Some(piece) if piece.verbatim => piece.source + at.saturating_sub(piece.from),
            Some(piece) => piece.source,
            None => 0,
        }
    }

    /// Returns where a part of the text came from; as far as it came from one place in one go.
    pub fn span(&self, span: Span) -> Span {
        let start = self.place(span.start);
        let end = if span.end > span.start { self.place(span.end - 1) + 1 } else { start };
        Span { start, end: end.max(start + 1) }
    }

    /// Replaces each `${Name}` by what a function makes of the name; `None` leaves it as it is.
    pub fn replaced(&self, mut value: impl FnMut(&str) -> Option<String>) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        while let Some((start, end)) = substitution(&self.text, at) {
            out.copy(self, at, start);
            let name = self.text.get(start + 2..end - 1).unwrap_or("");
            match value(name) {
                Some(value) => out.push(&value, self.place(offset(start)), false),
                None => out.copy(self, start, end),
            }
            at = end;
        }
        out.copy(self, at, self.text.len());
        out
    }
}

/// Finds the next `${Name}` of a text.
pub(super) fn substitution(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + text.get(from..)?.find("${")?;
    let end = start + text.get(start..)?.find('}')? + 1;
    Some((start, end))
}

/// The text of a string as it stands in a file, walked along what it says.
struct Raw<'a> {
    text: &'a str,
    at: usize,
    style: Style,
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// `"…"` of JSON, YAML and Terraform.
    Double,
    /// `'…'` of YAML.
    Single,
    /// A heredoc or a file of Terraform's.
    Template,
    Plain,
}

impl<'a> Raw<'a> {
    fn new(text: &'a str) -> Self {
        let mut at = 0;
        let rest = |at: usize| text.get(at..).unwrap_or("");
        // Tags and anchors stand before the value.
        while rest(at).starts_with(['!', '&']) {
            at += rest(at).find(char::is_whitespace).unwrap_or(rest(at).len());
            at += rest(at).len() - rest(at).trim_start().len();
        }
        let style = match rest(at).chars().next() {
            Some('"') => Style::Double,
            Some('\'') => Style::Single,
            _ => Style::Plain,
        };
        if style != Style::Plain {
            at += 1;
        } else if rest(at).starts_with(['|', '>']) || rest(at).starts_with("<<") {
            at += rest(at).find('\n').map_or(0, |end| end + 1);
        }
        Self { text, at, style }
    }

    /// Returns where a character of the decoded string stands, and goes on behind it.
    fn find(&mut self, character: char) -> usize {
        loop {
            let Some((found, length)) = self.unit() else { return self.at.min(self.text.len()) };
            match found {
                Some(found) if found == character => {
                    self.at += length;
                    return self.at - length;
                }
                // A line that is folded: all its space became one character.
                Some(found) if found.is_whitespace() && character.is_whitespace() => {
                    let at = self.at;
                    let rest = self.text.get(at..).unwrap_or("");
                    self.at += rest.len() - rest.trim_start().len();
                    return at;
                }
                // Space that only indents is not part of the string.
                Some(found) if found.is_whitespace() => self.at += length,
                None => self.at += length,
                // Nothing of the source answers to it.
                Some(_) => return self.at,
            }
        }
    }

    /// Returns the character at hand and how long it is written; `None` for what says no character.
    fn unit(&self) -> Option<(Option<char>, usize)> {
        let rest = self.text.get(self.at..)?;
        let character = rest.chars().next()?;
        match (self.style, character) {
            (Style::Double, '\\') => Some(escape(rest)),
            (Style::Double | Style::Template, '$' | '%') if rest.starts_with("$${") || rest.starts_with("%%{") => {
                Some((Some(character), 2))
            }
            (Style::Single, '\'') if rest.starts_with("''") => Some((Some('\''), 2)),
            _ => Some((Some(character), character.len_utf8())),
        }
    }
}

/// Reads an escape sequence of JSON or YAML.
fn escape(rest: &str) -> (Option<char>, usize) {
    let hex = |from: usize, digits: usize| {
        rest.get(from..from + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok())
    };
    match rest.chars().nth(1) {
        Some('n') => (Some('\n'), 2),
        Some('t') => (Some('\t'), 2),
        Some('r') => (Some('\r'), 2),
        Some('b') => (Some('\u{8}'), 2),
        Some('f') => (Some('\u{c}'), 2),
        Some('0') => (Some('\0'), 2),
        Some('a') => (Some('\u{7}'), 2),
        Some('v') => (Some('\u{b}'), 2),
        Some('e') => (Some('\u{1b}'), 2),
        Some('x') => (hex(2, 2).and_then(char::from_u32), 4),
        Some('u') => match (hex(2, 4), hex(8, 4)) {
            (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                (char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12)
            }
            (Some(code), _) => (char::from_u32(code), 6),
            (None, _) => (None, 2),
        },
        Some('U') => (hex(2, 8).and_then(char::from_u32), 10),
        // The line goes on: neither its end nor the indentation of the next are part of the string.
        Some('\n') => (None, 2),
        Some('\r') => (None, 3),
        Some(other) => (Some(other), 1 + other.len_utf8()),
        None => (None, 1),
    }
}

pub(super) fn offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_a_string_are_found_in_every_style() {
        for (raw, decoded) in [
            ("\"a\\\"Z\\n\\u005aZ\"", "a\"Z\nZZ"),
            ("'it''s Z'", "it's Z"),
            ("plain\n   Z words", "plain Z words"),
            ("|\n  {\n    Z\n\n    Z: 1\n  }\n", "{\n  Z\n\n  Z: 1\n}\n"),
            ("!Sub |-\n      a\n      Z", "a\nZ"),
            (">\n  one\n  two Z\n", "one two Z\n"),
            ("<<-EOT\n    {\n      Z\n    }\n  EOT", "{\n  Z\n}\n"),
            ("\"\\uD83D\\uDE00Z\"", "😀Z"),
            ("\"a$${Z}\"", "a${Z}"),
        ] {
            let mapped = Mapped::decoded(decoded, raw, 100);
            let wanted: Vec<u32> = raw.match_indices('Z').map(|(at, _)| 100 + offset(at)).collect();
            // The letter may also be written by its number.
            let found: Vec<u32> = decoded.match_indices('Z').map(|(at, _)| mapped.place(offset(at))).collect();
            assert_eq!(found.last(), wanted.last(), "{raw}");
        }
    }

    #[test]
    fn what_is_put_in_stands_where_it_was_asked_for() {
        let text = Mapped::verbatim("a ${B} c ${D}", 10);
        let replaced = text.replaced(|name| (name == "B").then(|| "long value".to_owned()));
        assert_eq!(replaced.text(), "a long value c ${D}");
        let places: Vec<u32> = [0, 2, 8, 13, 15].into_iter().map(|at| replaced.place(at)).collect();
        assert_eq!(places, [10, 12, 12, 17, 19]);
        assert_eq!(replaced.span(Span { start: 15, end: 19 }), Span { start: 19, end: 23 });
    }
}
