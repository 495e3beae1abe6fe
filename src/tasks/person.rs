//! The person at the terminal, asked for what nobody else answers.

use super::answer::{Answer, Ending, Person, request_key};
use crate::event::Failure;
use crate::interpreter::TaskRequest;
use crate::json::Payload;
use std::io::{self, BufRead, IsTerminal, Write};

/// Lines of a request that are shown.
const SHOWN: usize = 20;

/// Whoever sits at the terminal of this process: is shown a request on standard error and types the answer.
#[derive(Debug, Clone, Copy)]
pub struct AtTerminal(());

impl AtTerminal {
    /// Somebody to ask, if standard input is a terminal.
    pub fn present() -> Option<Self> {
        io::stdin().is_terminal().then_some(Self(()))
    }
}

impl Person for AtTerminal {
    fn ask(&self, request: &TaskRequest) -> Option<Answer> {
        // Whoever cannot be shown the request cannot answer it.
        ask(request, &mut io::stdin().lock(), &mut io::stderr()).ok().flatten()
    }
}

/// Shows a request until the answer is understood; nothing at the end of the input or after an empty line.
fn ask(request: &TaskRequest, lines: &mut impl BufRead, screen: &mut impl Write) -> io::Result<Option<Answer>> {
    let attempt = request.attempt + 1;
    // A line of progress may stand there.
    writeln!(screen, "\r\x1b[K'{}', attempt {attempt}: {}", request_key(request), request.resource.arn())?;
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
            Err(reason) => writeln!(screen, "{reason}")?,
        }
    }
}

fn shown(parameters: &Payload) -> Vec<String> {
    let pretty = parameters.value().ok().and_then(|value| serde_json::to_string_pretty(value).ok());
    let text = pretty.unwrap_or_else(|| parameters.text().to_owned());
    // What was recorded is not to move the cursor.
    let plain = |line: &str| line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect::<String>();
    let mut lines: Vec<String> = text.lines().take(SHOWN).map(plain).collect();
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
