//! Where a command writes: results to standard output, everything else to standard error.
//!
//! Nothing else prints for a person; `tests/suite/architecture.rs` sees to that. So nothing that was recorded, no name of a
//! file and no answer of a service reaches a terminal as something it obeys.

use super::Failure;
use crate::json::visible::{visible, visible_json, visible_lines, without_credentials};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The two streams of a command and what is known about them.
#[derive(Debug)]
pub struct Output {
    results: Results,
    terminal: bool,
    color: bool,
}

/// Where results go: out of the process, or to another part of it.
#[derive(Debug)]
enum Results {
    Standard(BufWriter<io::Stdout>),
    Kept(Kept),
}

/// What a command said to another part of the program, which may stop it.
#[derive(Debug)]
pub(super) struct Kept {
    /// The result.
    pub(super) text: Vec<u8>,
    /// What was said beside it.
    pub(super) notes: Vec<String>,
    stop: Arc<AtomicBool>,
}

/// The most that is kept of a result, in bytes.
const MOST_KEPT: usize = 256 << 20;

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("it was cancelled"));
        }
        if self.text.len().saturating_add(bytes.len()) > MOST_KEPT {
            return Err(io::Error::other(format!("it is larger than {} MiB", MOST_KEPT >> 20)));
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Results {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(results) => results.write(bytes),
            Self::Kept(kept) => kept.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(results) => results.flush(),
            Self::Kept(kept) => kept.flush(),
        }
    }
}

impl Output {
    /// The streams of this process; colour only on a terminal and without `NO_COLOR`.
    pub fn standard() -> Self {
        let terminal = io::stdout().is_terminal();
        let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { results: Results::Standard(BufWriter::new(io::stdout())), terminal, color }
    }

    /// Keeps what is said for another part of the program, which may set `stop` to be told no more.
    pub(super) fn kept(stop: Arc<AtomicBool>) -> Self {
        let kept = Kept { text: Vec::new(), notes: Vec::new(), stop };
        Self { results: Results::Kept(kept), terminal: false, color: false }
    }

    /// Returns what was kept; nothing of what went to standard output.
    pub(super) fn into_kept(self) -> Option<Kept> {
        match self.results {
            Results::Standard(_) => None,
            Results::Kept(kept) => Some(kept),
        }
    }

    /// Returns the flag that ends what is being done: set by signals or, where results are kept, by who keeps them.
    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        match &self.results {
            Results::Standard(_) => super::interrupt::flag(),
            Results::Kept(kept) => Arc::clone(&kept.stop),
        }
    }

    /// Tells whether nobody reads along who could be asked something.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self.results, Results::Kept(_))
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

    /// Writes a line of the result, or several. What a terminal would obey is written out, but for our own colours.
    pub fn line(&mut self, line: impl AsRef<str>) -> Result<(), Failure> {
        self.write(&seen(line.as_ref(), self.color))
    }

    /// Writes a value as JSON: indented for a person at a terminal, on one line for a program.
    pub fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let mut results = Escaping(&mut self.results);
        let written = match self.terminal {
            true => serde_json::to_writer_pretty(&mut results, value),
            false => serde_json::to_writer(&mut results, value),
        };
        match written {
            Ok(()) => Ok(self.results.write_all(b"\n")?),
            Err(error) if error.is_io() => Err(io::Error::from(error).into()),
            Err(error) => Err(Failure::input(format!("Cannot write the result as JSON: {error}."))),
        }
    }

    /// Writes text that is JSON already, or should be: as JSON if it is, else as any line.
    pub fn json_text(&mut self, text: &str) -> Result<(), Failure> {
        match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => self.write(&visible_json(text)),
            Err(_) => self.line(text),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.results.write_all(text.as_bytes())?;
        self.results.write_all(b"\n")?;
        Ok(())
    }

    /// Says something that is not the result, on standard error.
    pub fn note(&mut self, text: impl AsRef<str>) {
        match &mut self.results {
            Results::Standard(_) => say(text.as_ref()),
            Results::Kept(kept) => kept.notes.push(visible_lines(&without_credentials(text.as_ref()))),
        }
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

/// Writes JSON on, with everything in its strings escaped that a terminal would obey. What is written at once are whole
/// characters: serde_json cuts between them only.
struct Escaping<W>(W);

impl<W: Write> Write for Escaping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(visible_json(text).as_bytes())?,
            Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Says something on standard error.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{}", visible_lines(&without_credentials(text)));
}

/// The colours that reports use (Select Graphic Rendition).
const COLORS: [&str; 10] = ["0", "1", "2", "31", "32", "33", "35", "36", "1;31", "1;33"];

/// Returns lines in which everything is seen that a terminal would obey. With colours, those of reports stay.
fn seen(text: &str, color: bool) -> String {
    if !color {
        return visible_lines(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (number, part) in text.split("\x1b[").enumerate() {
        let code = part.split_once('m').filter(|(code, _)| COLORS.contains(code));
        match code {
            Some((code, rest)) if number > 0 => {
                shown.push_str("\x1b[");
                shown.push_str(code);
                shown.push('m');
                shown.push_str(&visible_lines(rest));
            }
            _ if number > 0 => shown.push_str(&visible_lines(&format!("\x1b[{part}"))),
            _ => shown.push_str(&visible_lines(part)),
        }
    }
    shown
}

/// A line on the terminal of whoever waits: how far something is. It is renewed in place, and taken away at the end.
#[derive(Debug)]
pub struct Ticker {
    terminal: bool,
    patience: Duration,
    renewed: Instant,
    written: bool,
}

impl Ticker {
    /// A line that is renewed no sooner than this, and is not worth writing before.
    pub fn new(patience: Duration) -> Self {
        Self { terminal: io::stderr().is_terminal(), patience, renewed: Instant::now(), written: false }
    }

    /// Tells whether somebody sees it.
    pub fn is_seen(&self) -> bool {
        self.terminal
    }

    /// Says how far it is, if it is time to.
    pub fn tell(&mut self, text: impl FnOnce() -> String) {
        if !self.terminal || self.renewed.elapsed() < self.patience {
            return;
        }
        let _ = write!(io::stderr(), "\r\x1b[K{}", visible(&text()));
        let _ = io::stderr().flush();
        (self.renewed, self.written) = (Instant::now(), true);
    }

    /// Says something that stays.
    pub fn note(&mut self, text: &str) {
        self.clear();
        say(text);
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.written) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing_but_our_colours() {
        let text = "\x1b[31mred\x1b[0m \x1b[35;45mX\x1b]52;c;eA==\x07\u{9b}1m\u{202e}\x1b[1;1H\r\n\tend\x1b[";
        let shown = "red\x1b[0m \\u{1b}[35;45mX\\u{1b}]52;c;eA==\\u{7}\\u{9b}1m\\u{202e}\\u{1b}[1;1H\\r\n\tend\\u{1b}[";
        assert_eq!(seen(text, true), format!("\x1b[31m{shown}"));
        assert!(!seen(text, false).contains(['\x1b', '\r', '\u{9b}', '\x07']));
    }
}
