//! Where a command writes: results to standard output, everything else to standard error.

use super::Failure;
use std::io::{self, BufWriter, IsTerminal, Write};

/// The two streams of a command and what is known about them.
#[derive(Debug)]
pub struct Output {
    results: BufWriter<io::Stdout>,
    terminal: bool,
    color: bool,
}

impl Output {
    /// The streams of this process; colour only on a terminal and without `NO_COLOR`.
    pub fn standard() -> Self {
        let terminal = io::stdout().is_terminal();
        let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { results: BufWriter::new(io::stdout()), terminal, color }
    }

    /// Tells whether results go to a terminal, and so to a person.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Tells whether results may be coloured.
    pub fn color(&self) -> bool {
        self.color
    }

    /// Tells whether signs and lines may be characters beyond ASCII: in a UTF-8 locale, and where none is set.
    pub fn unicode(&self) -> bool {
        let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
    }

    /// Returns the columns a line of text may take: the terminal's, or `None` in a pipe.
    pub fn width(&self) -> Option<u16> {
        if !self.terminal {
            return None;
        }
        crossterm::terminal::size().ok().map(|(columns, _)| columns)
    }

    /// Writes a line of the result.
    pub fn line(&mut self, line: impl AsRef<str>) -> Result<(), Failure> {
        self.results.write_all(line.as_ref().as_bytes())?;
        self.results.write_all(b"\n")?;
        Ok(())
    }

    /// Writes a value as JSON: indented for a person at a terminal, on one line for a program.
    pub fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let text = if self.terminal { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
        let text = text.map_err(|error| Failure::input(format!("Cannot write the result as JSON: {error}.")))?;
        self.line(text)
    }

    /// Says something that is not the result, on standard error.
    pub fn note(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(io::stderr(), "{}", text.as_ref());
    }

    /// Says on standard error why the command could not do its work.
    pub fn complain(&mut self, failure: &Failure) {
        let _ = self.results.flush();
        self.note(failure.to_string());
    }

    /// Sends what is buffered on its way.
    pub fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.results.flush()?)
    }
}
