//! A command that answers a task.

use super::stop::{Group, Stop};
use super::{MOST, NoAnswer, as_payload, failed, function_error};
use crate::tasks::answer::Ending;
use std::io::{Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// What is kept of what a command says on standard error: as much as a cause may have.
const MOST_SAID: usize = 32_768;

/// Who was started by a command that has ended may keep its output open no longer than this.
const GRACE: Duration = Duration::from_millis(200);

/// What was read of a stream.
#[derive(Debug, Default)]
struct Said {
    bytes: Vec<u8>,
    more: bool,
}

/// Runs a command in a process group of its own. One that exits with another code than 0 has failed: with the error
/// object it printed, or with what it said on standard error.
pub(super) fn run(program: &str, arguments: &[String], input: &str, stop: &Stop) -> Result<Ending, NoAnswer> {
    let cannot = |error: std::io::Error| NoAnswer::Because(format!("Cannot run '{program}': {error}."));
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(cannot)?;
    let group = stop.group(child.id());
    write(&mut child, input);
    let output = child.stdout.take().map(|stream| read(stream, MOST, Beyond::Stop));
    let errors = child.stderr.take().map(|stream| read(stream, MOST_SAID, Beyond::Skip));
    let output = watched(output, &mut child, &group);
    let status = child.wait().map_err(cannot)?;
    let output = output.or_taken(&group);
    let errors = errors.map_or_else(Said::default, |errors| Reading::Going(errors).or_taken(&group));
    if stop.is_ended() {
        return Err(NoAnswer::Ended);
    }
    if output.more {
        return Err(NoAnswer::TooLarge);
    }
    let result = String::from_utf8_lossy(&output.bytes).trim().to_owned();
    if status.success() {
        return Ok(Ending::Succeeded(as_payload(&result)));
    }
    if let Some(ending) = function_error(&result) {
        return Ok(ending);
    }
    let said = String::from_utf8_lossy(&errors.bytes).trim().to_owned();
    let code = status.code().map_or("a signal".to_owned(), |code| format!("exit code {code}"));
    Ok(failed("Command.Failed", if said.is_empty() { &code } else { &said }))
}

/// Gives a command its input while its output is read: neither side waits for the other.
fn write(child: &mut Child, input: &str) {
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_owned();
        std::thread::spawn(move || {
            // A command need not read what it is given.
            let _ = stdin.write_all(input.as_bytes());
        });
    }
}

/// What becomes of what is beyond the limit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    Stop,
    Skip,
}

/// Reads a stream in the background, up to a limit.
fn read(mut stream: impl Read + Send + 'static, most: usize, beyond: Beyond) -> Receiver<Said> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut said = Said::default();
        let _ = stream.by_ref().take(most as u64 + 1).read_to_end(&mut said.bytes);
        said.more = said.bytes.len() > most;
        said.bytes.truncate(most);
        if said.more && beyond == Beyond::Skip {
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
        let _ = sender.send(said);
    });
    receiver
}

/// A stream that is being read, or was.
enum Reading {
    Going(Receiver<Said>),
    Done(Said),
}

/// Waits until the command has ended or said too much; then it is ended.
fn watched(output: Option<Receiver<Said>>, child: &mut Child, group: &Group<'_>) -> Reading {
    let Some(output) = output else { return Reading::Done(Said::default()) };
    loop {
        match output.recv_timeout(Duration::from_millis(20)) {
            Ok(said) => {
                if said.more {
                    group.end();
                }
                return Reading::Done(said);
            }
            Err(_) if matches!(child.try_wait(), Ok(None)) => {}
            Err(_) => return Reading::Going(output),
        }
    }
}

impl Reading {
    /// Returns what was said once the command has ended. What it started may still hold the stream: it is ended as well.
    fn or_taken(self, group: &Group<'_>) -> Said {
        match self {
            Self::Done(said) => said,
            Self::Going(receiver) => receiver.recv_timeout(GRACE).unwrap_or_else(|_| {
                group.end();
                receiver.recv_timeout(GRACE).unwrap_or_default()
            }),
        }
    }
}
