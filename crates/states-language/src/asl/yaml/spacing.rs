//! Two places where libyaml's port panics and libyaml does not, and the blanks that keep it from that.
//!
//! A text that ends in a backslash, as one cut off inside quotes may: the end of a line is put behind it. A tag that a
//! comma follows at once, as in `[!, x]`: a blank between the two changes nothing else.
//!
//! Whether a `!` begins a tag, or stands in a text, only a scanner can tell: the places that might be tags are given
//! blanks in a copy, and that copy is scanned. A blank before a comma changes no border between tokens.

use super::super::source::offset;
use super::YamlError;
use libyaml_safer::{Mark, Scanner, TokenData};
use std::borrow::Cow;

/// A text that the parser can read, and where in it blanks were put.
pub(super) struct Spaced<'a> {
    pub text: Cow<'a, str>,
    /// The bytes of the spaced text that are blanks of ours, in order.
    blanks: Vec<usize>,
}

impl<'a> Spaced<'a> {
    /// Returns the text as it can be read, or where the scanner gave up: it would do so without the blanks as well.
    pub fn of(text: &'a str) -> Result<Self, YamlError> {
        let text: Cow<'_, str> = if text.ends_with('\\') { format!("{text}\n").into() } else { text.into() };
        let candidates = candidates(&text);
        if candidates.is_empty() {
            return Ok(Self { text, blanks: candidates });
        }
        let probe = Self::with(&text, &candidates);
        let mut scanner = Scanner::new();
        scanner.set_input(probe.text.as_bytes());
        let mut left = probe.blanks.iter().zip(&candidates).peekable();
        let mut found = Vec::new();
        for token in scanner {
            let token = token.map_err(|error| {
                let at = error.problem_mark().map_or(0, index);
                YamlError { message: error.problem().to_owned(), at: offset(probe.origin(at)) }
            })?;
            let end = index(token.end_mark);
            while left.next_if(|(blank, _)| **blank < end).is_some() {}
            if matches!(token.data, TokenData::Tag { .. })
                && let Some((_, at)) = left.next_if(|(blank, _)| **blank == end)
            {
                found.push(*at);
            }
        }
        Ok(Self::with(&text, &found))
    }

    /// Puts a blank before each of these bytes.
    fn with(text: &str, places: &[usize]) -> Self {
        let mut spaced = String::with_capacity(text.len() + places.len());
        let mut from = 0;
        for place in places {
            spaced.push_str(text.get(from..*place).unwrap_or_default());
            spaced.push(' ');
            from = *place;
        }
        spaced.push_str(text.get(from..).unwrap_or_default());
        Self { text: spaced.into(), blanks: places.iter().enumerate().map(|(before, at)| at + before).collect() }
    }

    /// Returns the byte of the original text for a byte of the spaced one.
    pub fn origin(&self, at: usize) -> usize {
        at - self.blanks.partition_point(|blank| *blank < at)
    }
}

/// Returns the byte a mark stands at.
pub(super) fn index(mark: Mark) -> usize {
    usize::try_from(mark.index).unwrap_or(usize::MAX)
}

/// Returns the commas that might directly follow a tag.
fn candidates(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    // Whether a tag may have begun, and whether it is one of the form `!<…>` that is still open.
    let (mut in_tag, mut verbatim) = (false, false);
    let mut last = b' ';
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'<' if last == b'!' && in_tag => verbatim = true,
            b'>' => verbatim = false,
            b'!' => in_tag = true,
            b',' if in_tag && !verbatim => {
                found.push(at);
                in_tag = false;
            }
            b' ' | b'\t' | b'\r' | b'\n' => (in_tag, verbatim) = (false, false),
            _ => {}
        }
        last = byte;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_comma_after_a_tag_is_no_end_of_the_program() {
        for (text, value) in [
            ("a: [!,null]", json!({"a": [null, null]})),
            ("[!x,!y,'!z,']", json!([{"Fn::x": null}, {"Fn::y": null}, "!z,"])),
            (
                "a: 'so !x, and !y,'\nb: so !x, and\nc: |\n  !x,!y,\nd: [p !q,!r,s] # !t,",
                json!({
                    "a": "so !x, and !y,", "b": "so !x, and", "c": "!x,!y,\n", "d": ["p !q", {"Fn::r": null}, "s"],
                }),
            ),
        ] {
            assert_eq!(read(text).expect(text).to_value(), value, "{text}");
        }
        for text in ["a: !x,", "!,", "{a: !<b,c>,", "[!<b,c>x,", "{\"a\"i\": ${!!A:!&@,!!A:!&@6-0{%\"S"] {
            let _ = read(text);
        }
    }

    #[test]
    fn a_text_that_ends_in_a_backslash_is_refused_where_its_quotes_begin() {
        let refused = read("StartAt: \"a\\").expect_err("no quotes at the end");
        assert_eq!((refused.message.as_str(), refused.at), ("found unexpected end of stream", 12));
        assert_eq!(read("a: b\\").expect("a plain text").to_value(), json!({"a": "b\\"}));
    }

    #[test]
    fn places_are_those_of_the_text_as_it_was() {
        let text = "[!x,!y,abc]";
        let spaced = Spaced::of(text).expect(text);
        assert_eq!(spaced.text, "[!x ,!y ,abc]");
        let at = spaced.text.find("abc").expect("there");
        assert_eq!(spaced.origin(at), text.find("abc").expect("there"));
        assert_eq!(spaced.origin(1), 1);
    }
}
