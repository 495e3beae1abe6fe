//! The text of a definition, and how to find a line in it.

use super::place::Span;

/// A text with its line starts, so that an offset becomes a line and a column without reading it again.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    lines: Vec<u32>,
    /// The files the text was put together of, in order; empty when it is one text.
    files: Vec<FileOf>,
}

/// A file as part of a text.
#[derive(Debug, Clone)]
struct FileOf {
    name: String,
    start: u32,
    /// The number of its first line in the whole text, from 0.
    line: usize,
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
        Self { text, lines, files: Vec::new() }
    }

    /// Takes several files as one text, so that one offset says where something stands in which of them. Each begins
    /// one byte after the end of the one before.
    pub fn of_files<N: Into<String>, T: AsRef<str>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        let (mut text, mut starts) = (String::new(), Vec::new());
        for (name, content) in files {
            starts.push((name.into(), offset(text.len())));
            text.push_str(content.as_ref());
            text.push('\n');
        }
        let mut source = Self::new(text);
        let lines = &source.lines;
        let file = |(name, start)| FileOf { name, start, line: lines.partition_point(|&line| line <= start) - 1 };
        source.files = starts.into_iter().map(file).collect();
        source
    }

    /// Returns the name of the file that an offset lies in, if the text was put together of files.
    pub fn file(&self, offset: u32) -> Option<&str> {
        self.file_of(offset).map(|file| &*file.name)
    }

    fn file_of(&self, offset: u32) -> Option<&FileOf> {
        self.files.iter().rev().find(|file| file.start <= offset)
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line and column of a byte offset, in its file if there are several.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_index(offset);
        let start = self.lines.get(line).copied().unwrap_or(0);
        let before = self.text.get(start as usize..offset as usize).unwrap_or("");
        let column = before.chars().count();
        let line = line.saturating_sub(self.file_of(offset).map_or(0, |file| file.line));
        Position { offset, line: number(line + 1), column: number(column + 1) }
    }

    fn line_index(&self, offset: u32) -> usize {
        self.lines.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// Returns the line an offset lies in, without its end.
    pub fn line_at(&self, offset: u32) -> &str {
        self.line(number(self.line_index(offset) + 1))
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

    #[test]
    fn offsets_of_several_files_are_places_in_one_of_them() {
        let source = Source::of_files([("a", "x\ny"), ("b", ""), ("c", "1\n  2\n")]);
        for (offset, file, line, column, text) in
            [(0, "a", 1, 1, "x"), (2, "a", 2, 1, "y"), (4, "b", 1, 1, ""), (5, "c", 1, 1, "1"), (9, "c", 2, 3, "  2")]
        {
            assert_eq!(source.position(offset), Position { offset, line, column }, "{offset}");
            assert_eq!((source.file(offset), source.line_at(offset)), (Some(file), text), "{offset}");
        }
    }
}
