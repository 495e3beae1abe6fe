//! Live answers: a local command, or the invocation URL of a Lambda runtime emulator.

use super::answer::Ending;
use crate::event::Failure;
use crate::interpreter::{RequestId, TaskRequest};
use crate::json::Payload;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// Somebody to be asked while the run goes on.
#[derive(Debug, Clone)]
pub enum LiveCall {
    /// A command: the request on its standard input, the result on its standard output.
    Command {
        /// The program.
        program: Arc<str>,
        /// Its arguments.
        arguments: Arc<[String]>,
    },
    /// An address the input is posted to, as to a Lambda function.
    Http(Arc<str>),
}

impl LiveCall {
    /// A call of a command; `None` when there is none.
    pub fn command(mut words: Vec<String>) -> Option<Self> {
        if words.is_empty() {
            return None;
        }
        let program = words.remove(0);
        Some(Self::Command { program: program.into(), arguments: words.into() })
    }

    fn perform(&self, input: &str) -> Ending {
        let ended = match self {
            Self::Command { program, arguments } => run_command(program, arguments, input),
            Self::Http(url) => post(url, input),
        };
        ended.unwrap_or_else(|cause| failed("Stepback.NoAnswer", &cause))
    }
}

/// The calls that are running, each in a thread of its own.
pub struct Live {
    running: usize,
    sender: Sender<(RequestId, Ending)>,
    receiver: Receiver<(RequestId, Ending)>,
}

impl Default for Live {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { running: 0, sender, receiver }
    }
}

impl Live {
    /// Begins a call.
    pub fn begin(&mut self, request: &TaskRequest, call: LiveCall) {
        let (sender, id, input) = (self.sender.clone(), request.id, request.parameters.clone());
        self.running += 1;
        std::thread::spawn(move || {
            let _ = sender.send((id, call.perform(input.text())));
        });
    }

    /// Tells whether calls are running.
    pub fn is_busy(&self) -> bool {
        self.running > 0
    }

    /// Waits for the next call to end; without a limit as long as any is running.
    pub fn next(&mut self, limit: Option<Duration>) -> Option<(RequestId, Ending)> {
        let done = match limit {
            None if self.running == 0 => None,
            None => self.receiver.recv().ok(),
            Some(limit) if self.running == 0 => {
                std::thread::sleep(limit);
                None
            }
            Some(limit) => self.receiver.recv_timeout(limit).ok(),
        };
        if done.is_some() {
            self.running -= 1;
        }
        done
    }
}

/// A command that exits with another code than 0 has failed: with the error object it printed, or with what it said
/// on standard error.
fn run_command(program: &str, arguments: &[String], input: &str) -> Result<Ending, String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("Cannot run '{program}': {error}."))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command need not read what it is given.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| format!("Cannot run '{program}': {error}."))?;
    let result = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        return Ok(Ending::Succeeded(as_payload(&result)));
    }
    if let Some(ending) = function_error(&result) {
        return Ok(ending);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let code = output.status.code().map_or("a signal".to_owned(), |code| format!("exit code {code}"));
    Ok(failed("Command.Failed", if said.is_empty() { &code } else { &said }))
}

/// Text that is no JSON counts as a string.
fn as_payload(text: &str) -> Payload {
    let payload = Payload::from_text(text);
    if payload.value().is_ok() { payload } else { Payload::from_value(text.into()) }
}

/// The object a Lambda function that failed answers with.
fn function_error(text: &str) -> Option<Ending> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let object = value.as_object()?;
    object.get("errorMessage")?;
    let error = object.get("errorType").and_then(serde_json::Value::as_str).unwrap_or("Error");
    Some(failed(error, text))
}

fn failed(error: &str, cause: &str) -> Ending {
    Ending::Failed(Failure { error: Some(error.into()), cause: Some(cause.into()) }, None)
}

/// Posts to an address of plain HTTP, which is all a local emulator speaks.
fn post(url: &str, body: &str) -> Result<Ending, String> {
    let rest = url.strip_prefix("http://").ok_or_else(|| format!("'{url}' is not an http:// address."))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let cannot = |error: std::io::Error| format!("Cannot reach '{url}': {error}.");
    let mut stream = TcpStream::connect(address).map_err(cannot)?;
    let length = body.len();
    let head = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).map_err(cannot)?;
    let mut answer = Vec::new();
    stream.take(16 << 20).read_to_end(&mut answer).map_err(cannot)?;
    understand(&String::from_utf8_lossy(&answer)).ok_or_else(|| format!("'{url}' did not answer in HTTP."))
}

fn understand(answer: &str) -> Option<Ending> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status: u16 = head.split_whitespace().nth(1)?.parse().ok()?;
    let header = |name: &str| {
        head.lines().skip(1).filter_map(|line| line.split_once(':')).find(|(it, _)| it.eq_ignore_ascii_case(name))
    };
    let chunked = header("Transfer-Encoding").is_some_and(|(_, value)| value.contains("chunked"));
    let body = if chunked { unchunked(body)? } else { body.to_owned() };
    if let Some(ending) = function_error(&body) {
        return Some(ending);
    }
    if status >= 400 {
        return Some(failed(&format!("Http.{status}"), &body));
    }
    Some(Ending::Succeeded(as_payload(body.trim())))
}

fn unchunked(mut body: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n")?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.push_str(rest.get(..size)?);
        body = rest.get(size..)?.strip_prefix("\r\n")?;
    }
}
