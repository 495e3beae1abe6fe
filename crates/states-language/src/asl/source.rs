//! The text of a definition, and how to find a line in it.

use super::place::Span;

/// A text with its line starts, so that an offset becomes a line and a column without reading it again.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    lines: Vec<u32>,
}

/// A place in a text as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The byte offset.
    pub offset: u32,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Source {
    /// Takes a text and finds its lines.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let mut lines = vec![0];
        lines.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| offset(end + 1)));
        Self { text, lines }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.lines.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.lines.get(line).copied().unwrap_or(0);
        let before = self.text.get(start as usize..offset as usize).unwrap_or("");
        let column = before.chars().count();
        Position { offset, line: number(line + 1), column: number(column + 1) }
    }

    /// Returns a line without its end, counted from 1.
    pub fn line(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        let start = self.lines.get(index).copied().unwrap_or(offset(self.text.len()));
        let end = self.lines.get(index + 1).copied().unwrap_or(offset(self.text.len()));
        self.text.get(start as usize..end as usize).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// Returns the text of a span; empty when the span is not one of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

/// Turns an index into the text into an offset; texts are far smaller than 4 GiB.
pub(super) fn offset(index: usize) -> u32 {
    number(index)
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines_and_columns_in_characters() {
        let source = Source::new("{\n  \"é\": 1\r\n}");
        for (offset, line, column) in [(0, 1, 1), (1, 1, 2), (2, 2, 1), (7, 2, 5), (13, 3, 1), (14, 3, 2)] {
            assert_eq!(source.position(offset), Position { offset, line, column });
        }
        assert_eq!(source.line(2), "  \"é\": 1");
        assert_eq!(source.line(9), "");
    }
}
