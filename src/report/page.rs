//! Lines of text with roles, and the paper they are printed on.

use super::quantity::size;
use super::signs::Sign;
use super::words::shown;
use crate::json::Payload;
use unicode_width::UnicodeWidthChar;

/// What the text is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// The columns there are.
    pub width: usize,
    /// Whether there is colour.
    pub color: bool,
    /// Whether characters beyond ASCII can be shown in signs and lines.
    pub unicode: bool,
}

/// What a piece of text is, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Just text.
    Plain,
    /// A name that stands out.
    Strong,
    /// Less important.
    Dim,
    /// Something that failed.
    Failed,
    /// Something that failed and was taken care of.
    Caught,
    /// Something that went well.
    Succeeded,
    /// Something that goes on or waits.
    Running,
    /// Something that was aborted.
    Aborted,
    /// Something only the new side of a comparison has.
    Added,
    /// Something only the old side of a comparison has.
    Removed,
    /// Something that is another on both sides of a comparison.
    Changed,
    /// A name in a document.
    Key,
    /// A value of a document, as JSON.
    Value,
}

/// Lines in the making.
#[derive(Debug)]
pub struct Page {
    paper: Paper,
    lines: Vec<String>,
}

/// Columns of the labels before indented text.
const LABEL: usize = 12;
/// Larger payloads are shown as they are written.
const LARGEST_INDENTED: usize = 512 * 1024;

impl Paper {
    /// Paper of that width without colour.
    pub fn plain(width: usize) -> Self {
        Self { width, color: false, unicode: true }
    }

    /// Returns one sign or its form in ASCII.
    pub fn sign(self, [unicode, ascii]: Sign) -> &'static str {
        if self.unicode { unicode } else { ascii }
    }

    /// Colours a text that has been made harmless already.
    pub fn paint(self, role: Role, text: &str) -> String {
        let code = match role {
            _ if !self.color => "",
            Role::Plain | Role::Key | Role::Value => "",
            Role::Strong => "1",
            Role::Dim => "2",
            Role::Failed | Role::Removed => "31",
            Role::Caught | Role::Changed => "33",
            Role::Succeeded | Role::Added => "32",
            Role::Running => "36",
            Role::Aborted => "35",
        };
        if code.is_empty() { text.to_owned() } else { format!("\x1b[{code}m{text}\x1b[0m") }
    }
}

impl Page {
    /// An empty page.
    pub fn new(paper: Paper) -> Self {
        Self { paper, lines: Vec::new() }
    }

    /// Returns the paper.
    pub fn paper(&self) -> Paper {
        self.paper
    }

    /// Returns the lines.
    pub fn into_lines(self) -> Vec<String> {
        self.lines
    }

    /// Adds an empty line, unless there is one or none at all.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// Adds a line of pieces, cut at the width.
    pub fn line(&mut self, pieces: &[(Role, &str)]) {
        let mut left = self.paper.width;
        let mut line = String::new();
        for (role, text) in pieces {
            let text = self.fitting(text);
            let cut = fit(&text, left, self.paper.unicode);
            left = left.saturating_sub(width(&cut));
            line.push_str(&self.paper.paint(*role, &cut));
        }
        self.lines.push(line.trim_end().to_owned());
    }

    /// Makes a text harmless and, on ASCII paper, ASCII where it is ours to choose.
    pub(super) fn fitting(&self, text: &str) -> String {
        let text = shown(text);
        if self.paper.unicode {
            return text;
        }
        text.replace('▸', ">").replace('·', "-").replace('…', "...").replace('→', "->").replace('—', "-")
    }

    /// Adds text in words under an indent, wrapped, of at most so many lines.
    pub fn text(&mut self, indent: usize, role: Role, text: &str, most: usize) {
        self.wrapped("", indent, role, text, most);
    }

    /// Adds a labelled text, wrapped, of at most so many lines.
    pub fn labelled(&mut self, label: &str, role: Role, text: &str, most: usize) {
        let label = self.beside(label);
        self.wrapped(label, LABEL, role, text, most);
    }

    /// Adds a labelled payload, indented as JSON if it is JSON and not too large, of at most so many lines.
    pub fn payload(&mut self, label: &str, payload: &Payload, most: usize) {
        let value = if payload.size() <= LARGEST_INDENTED { payload.value().ok() } else { None };
        let Some(text) = value.and_then(|value| serde_json::to_string_pretty(value).ok()) else {
            let start = payload.text().chars().take(self.paper.width * (most + 1)).collect::<String>();
            self.labelled(label, Role::Plain, &start, most);
            return;
        };
        let lines: Vec<&str> = text.lines().collect();
        let kept = if lines.len() > most { most.saturating_sub(1) } else { most };
        let label = self.beside(label);
        for (number, line) in lines.iter().take(kept).enumerate() {
            let head = format!("  {:<w$}", if number == 0 { label } else { "" }, w = LABEL - 2);
            self.line(&[(Role::Dim, &head), (Role::Plain, line)]);
        }
        if lines.len() > most {
            let more = format!("{} more lines, {} in all", lines.len() - kept, size(payload.size()));
            self.labelled("", Role::Dim, &more, 1);
        }
    }

    /// Adds a labelled text on one line, however long it is.
    pub fn unbroken(&mut self, label: &str, role: Role, text: &str) {
        let label = self.beside(label);
        let head = self.paper.paint(Role::Dim, &format!("  {label:<w$}", w = LABEL - 2));
        let text = self.fitting(text);
        self.lines.push(format!("{head}{}", self.paper.paint(role, &text)));
    }

    /// Returns a label to stand beside its text; one that leaves no room there stands above it.
    fn beside<'l>(&mut self, label: &'l str) -> &'l str {
        if width(label) < LABEL - 2 {
            return label;
        }
        self.line(&[(Role::Dim, &format!("  {label}"))]);
        ""
    }

    fn wrapped(&mut self, label: &str, indent: usize, role: Role, text: &str, most: usize) {
        let text = self.fitting(text);
        let mut lines = wrap(&text, self.paper.width.saturating_sub(indent).max(20));
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                let room = self.paper.width.saturating_sub(indent + 2);
                let cut = fit(last, room, self.paper.unicode);
                let sign = if cut == *last { self.paper.sign([" …", " ~"]) } else { "" };
                *last = cut + sign;
            }
        }
        for (number, line) in lines.iter().enumerate() {
            let head = if number == 0 { label } else { "" };
            let head = if head.is_empty() { " ".repeat(indent) } else { format!("  {head:<w$}", w = indent - 2) };
            let head = self.paper.paint(Role::Dim, &head);
            self.lines.push(format!("{head}{}", self.paper.paint(role, line)).trim_end().to_owned());
        }
    }
}

/// Returns the columns a text takes.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Returns as much of a text as fits, with a sign where it was cut.
pub fn fit(text: &str, columns: usize, unicode: bool) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let sign = if unicode { "…" } else { "~" };
    let mut left = columns.saturating_sub(1);
    let mut kept = String::new();
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if wide > left {
            break;
        }
        left -= wide;
        kept.push(c);
    }
    if columns > 0 {
        kept.push_str(sign);
    }
    kept
}

/// Breaks a text into lines at spaces, inside of words only where one is longer than a line.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let wide = width(word.trim_end());
        if used > 0 && used + wide > columns {
            lines.push(String::new());
            used = 0;
        }
        for c in word.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > columns && c != ' ' {
                lines.push(String::new());
                used = 0;
            }
            used += wide;
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_long_words_inside() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("abcdefgh i", 3), ["abc", "def", "gh", "i"]);
        assert_eq!(wrap("日本語 x", 4), ["日本", "語 x"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn cut_text_says_so() {
        assert_eq!(fit("日本語", 5, true), "日本…");
        assert_eq!(fit("abc", 3, true), "abc");
        assert_eq!(fit("abcd", 3, false), "ab~");
    }
}
