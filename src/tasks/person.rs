//! The person at the terminal, asked for what nobody else answers.

use super::answer::{Answer, Ending, Person, request_key};
use crate::event::Failure;
use crate::interpreter::TaskRequest;
use crate::json::Payload;
use crate::json::visible::visible;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// So often whoever waits for a line looks whether the run is to end.
const LOOK: Duration = Duration::from_millis(100);

/// Lines of a request that are shown.
const SHOWN: usize = 20;

/// Whoever sits at the terminal of this process: is shown a request on standard error and types the answer.
#[derive(Debug, Clone)]
pub struct AtTerminal {
    /// Is set when the person wants the run to end instead of an answer.
    cancelled: Arc<AtomicBool>,
}

impl AtTerminal {
    /// Somebody to ask, if standard input is a terminal.
    pub fn present(cancelled: Arc<AtomicBool>) -> Option<Self> {
        io::stdin().is_terminal().then_some(Self { cancelled })
    }
}

impl Person for AtTerminal {
    fn ask(&self, request: &TaskRequest) -> Option<Answer> {
        // Whoever cannot be shown the request cannot answer it.
        let mut lines = BufReader::new(Typed { lines: typed(), cancelled: &self.cancelled, line: Vec::new() });
        ask(request, &mut lines, &mut io::stderr()).ok().flatten()
    }
}

/// Returns the lines that are typed, read in the background: whoever waits for them can be interrupted.
fn typed() -> &'static Mutex<Receiver<Vec<u8>>> {
    static LINES: OnceLock<Mutex<Receiver<Vec<u8>>>> = OnceLock::new();
    LINES.get_or_init(|| {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut line = Vec::new();
            while io::stdin().lock().read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                if sender.send(std::mem::take(&mut line)).is_err() {
                    return;
                }
            }
        });
        Mutex::new(receiver)
    })
}

/// What is typed; it ends when the run is to end.
struct Typed<'a> {
    lines: &'static Mutex<Receiver<Vec<u8>>>,
    cancelled: &'a AtomicBool,
    line: Vec<u8>,
}

impl Read for Typed<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.line.is_empty() && !self.cancelled.load(Ordering::Relaxed) {
            let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            match lines.recv_timeout(LOOK) {
                Ok(line) => self.line = line,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        let length = self.line.len().min(bytes.len());
        let taken: Vec<u8> = self.line.drain(..length).collect();
        bytes.iter_mut().zip(taken).for_each(|(to, from)| *to = from);
        Ok(length)
    }
}

/// Shows a request until the answer is understood; nothing at the end of the input or after an empty line.
fn ask(request: &TaskRequest, lines: &mut impl BufRead, screen: &mut impl Write) -> io::Result<Option<Answer>> {
    let attempt = request.attempt + 1;
    // A line of progress may stand there.
    let (key, arn) = (visible(&request_key(request)), visible(request.resource.arn()));
    writeln!(screen, "\r\x1b[K'{key}', attempt {attempt}: {arn}")?;
    for line in shown(&request.parameters) {
        writeln!(screen, "  {line}")?;
    }
    writeln!(
        screen,
        "Answer with a result as JSON, with error NAME [CAUSE], timeout or pending; with nothing to stop."
    )?;
    loop {
        write!(screen, "> ")?;
        screen.flush()?;
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(None);
        }
        match understood(line.trim()) {
            Ok(ending) => return Ok(Some(Answer::of(ending))),
            Err(reason) => writeln!(screen, "{}", visible(&reason))?,
        }
    }
}

fn shown(parameters: &Payload) -> Vec<String> {
    let pretty = parameters.value().ok().and_then(|value| serde_json::to_string_pretty(value).ok());
    let text = pretty.unwrap_or_else(|| parameters.text().to_owned());
    // What was recorded is not to move the cursor.
    let mut lines: Vec<String> = text.lines().take(SHOWN).map(visible).collect();
    let more = text.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("… {more} more lines"));
    }
    lines
}

fn understood(line: &str) -> Result<Ending, String> {
    if line == "timeout" {
        return Ok(Ending::TimedOut);
    }
    if line == "pending" {
        return Ok(Ending::Pending);
    }
    if let Some(rest) = line.strip_prefix("error ").map(str::trim_start).filter(|rest| !rest.is_empty()) {
        let (error, cause) = rest.split_once(' ').unwrap_or((rest, ""));
        let cause = Some(cause.trim()).filter(|cause| !cause.is_empty()).map(Into::into);
        return Ok(Ending::Failed(Failure { error: Some(error.into()), cause }, None));
    }
    let payload = Payload::from_text(line);
    let reason = payload.value().err().map(|error| format!("That is {error}."));
    reason.map_or(Ok(Ending::Succeeded(payload)), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_results_errors_and_timeouts() {
        let failure = |line: &str| match understood(line) {
            Ok(Ending::Failed(failure, None)) => (failure.error, failure.cause),
            other => unreachable!("{other:?}"),
        };
        assert!(matches!(understood(r#"{"a":1}"#), Ok(Ending::Succeeded(result)) if result.text() == r#"{"a":1}"#));
        assert!(matches!(understood("timeout"), Ok(Ending::TimedOut)));
        assert!(matches!(understood("pending"), Ok(Ending::Pending)));
        assert_eq!(failure("error Card.Declined no  money"), (Some("Card.Declined".into()), Some("no  money".into())));
        assert_eq!(failure("error Boom"), (Some("Boom".into()), None));
        assert!(understood("error").is_err() && understood("{").is_err());
    }
}
