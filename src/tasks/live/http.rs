//! Plain HTTP, which is all a local emulator speaks. Written out: what it has to do is post, and refuse every answer
//! that is not whole.

use super::stop::Stop;
use super::{MOST, NoAnswer, as_payload, failed, function_error};
use crate::json::visible::without_credentials;
use crate::tasks::answer::Ending;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an answer may take: as long as a Lambda function may run, and a moment.
const ANSWER: Duration = Duration::from_secs(910);

/// The most bytes of the lines in front of an answer.
const MOST_HEAD: u64 = 1 << 16;

/// An answer whose body is still to be read.
struct Head {
    status: u16,
    length: Option<usize>,
    chunked: bool,
    location: Option<String>,
}

/// Why an answer cannot be taken.
enum Wrong {
    Io(std::io::Error),
    NotHttp,
    Cut,
    TooLarge,
    TooLate,
}

impl From<std::io::Error> for Wrong {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Cut,
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => Self::TooLate,
            _ => Self::Io(error),
        }
    }
}

/// Posts to an address and waits for the answer.
pub(super) fn post(url: &str, body: &str, stop: &Stop) -> Result<Ending, NoAnswer> {
    let shown = without_credentials(url);
    let because = |reason: String| NoAnswer::Because(reason);
    let rest = url.strip_prefix("http://").ok_or_else(|| because(format!("'{shown}' is not an http:// address.")))?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.is_empty() || rest.chars().any(|c| c.is_control() || c == ' ') {
        return Err(because(format!("'{shown}' is not an http:// address.")));
    }
    let stream = connect(host).map_err(|error| because(format!("Cannot reach '{shown}': {error}.")))?;
    stop.stream(&stream);
    let answered = ask(&stream, host, path, body);
    drop(stream);
    if stop.is_ended() {
        return Err(NoAnswer::Ended);
    }
    let (head, body) = answered.map_err(|wrong| match wrong {
        Wrong::TooLarge => NoAnswer::TooLarge,
        Wrong::Io(error) => because(format!("Cannot reach '{shown}': {error}.")),
        Wrong::NotHttp => because(format!("'{shown}' did not answer in HTTP.")),
        Wrong::Cut => because(format!("The answer of '{shown}' was cut off.")),
        Wrong::TooLate => because(format!("'{shown}' did not answer in time.")),
    })?;
    if (300..400).contains(&head.status) {
        let to = head.location.map(|to| format!(" to '{}'", without_credentials(&to))).unwrap_or_default();
        return Err(because(format!("'{shown}' redirects{to}; redirects are not followed.")));
    }
    let body = String::from_utf8(body).map_err(|_| because(format!("The answer of '{shown}' is not UTF-8.")))?;
    if let Some(ending) = function_error(&body) {
        return Ok(ending);
    }
    if head.status >= 400 {
        return Ok(failed(&format!("Http.{}", head.status), &body));
    }
    Ok(Ending::Succeeded(as_payload(body.trim())))
}

fn connect(host: &str) -> std::io::Result<TcpStream> {
    let port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if port { host.to_owned() } else { format!("{host}:80") };
    let mut last = std::io::Error::other("there is no such host");
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn ask(mut stream: &TcpStream, host: &str, path: &str, body: &str) -> Result<(Head, Vec<u8>), Wrong> {
    let length = body.len();
    stream.set_write_timeout(Some(ANSWER))?;
    let head = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    // Who refuses what is said may answer before all of it is.
    let said = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
    let mut answer = BufReader::new(Timed { stream, until: Instant::now() + ANSWER });
    let head = loop {
        let head = match read_head(&mut answer) {
            Err(Wrong::Cut | Wrong::Io(_)) if said.is_err() => return Err(said.err().map_or(Wrong::Cut, Wrong::Io)),
            head => head?,
        };
        if !(100..200).contains(&head.status) {
            break head;
        }
    };
    let body = read_body(&head, &mut answer)?;
    Ok((head, body))
}

/// A connection that is read until a moment, however slowly it says how little.
struct Timed<'s> {
    stream: &'s TcpStream,
    until: Instant,
}

impl Read for Timed<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(bytes)
    }
}

fn read_head(answer: &mut BufReader<Timed<'_>>) -> Result<Head, Wrong> {
    let mut left = MOST_HEAD;
    let first = line(answer, &mut left)?;
    let mut words = first.split_whitespace();
    let version = words.next().filter(|version| version.starts_with("HTTP/1."));
    let status = words.next().and_then(|status| status.parse().ok()).filter(|_| version.is_some());
    let mut head = Head { status: status.ok_or(Wrong::NotHttp)?, length: None, chunked: false, location: None };
    loop {
        let line = line(answer, &mut left)?;
        if line.is_empty() {
            return Ok(head);
        }
        let (name, value) = line.split_once(':').ok_or(Wrong::NotHttp)?;
        let value = value.trim();
        match &*name.to_ascii_lowercase() {
            "content-length" => head.length = Some(value.parse().map_err(|_| Wrong::NotHttp)?),
            "transfer-encoding" => head.chunked = value.to_ascii_lowercase().contains("chunked"),
            "location" => head.location = Some(value.to_owned()),
            _ => {}
        }
    }
}

/// Reads a line of so many bytes at most.
fn line(answer: &mut BufReader<Timed<'_>>, left: &mut u64) -> Result<String, Wrong> {
    let mut line = Vec::new();
    let read = answer.take(*left).read_until(b'\n', &mut line)?;
    *left = left.saturating_sub(read as u64);
    if line.pop() != Some(b'\n') {
        return Err(if *left == 0 { Wrong::NotHttp } else { Wrong::Cut });
    }
    line.pop_if(|byte| *byte == b'\r');
    String::from_utf8(line).map_err(|_| Wrong::NotHttp)
}

fn read_body(head: &Head, answer: &mut BufReader<Timed<'_>>) -> Result<Vec<u8>, Wrong> {
    let mut body = Vec::new();
    if matches!(head.status, 204 | 304) {
        return Ok(body);
    }
    if head.chunked {
        read_chunks(answer, &mut body)?;
    } else if let Some(length) = head.length {
        read_exactly(answer, length, &mut body)?;
    } else {
        answer.take(MOST as u64 + 1).read_to_end(&mut body)?;
        if body.len() > MOST {
            return Err(Wrong::TooLarge);
        }
    }
    Ok(body)
}

fn read_exactly(answer: &mut BufReader<Timed<'_>>, length: usize, body: &mut Vec<u8>) -> Result<(), Wrong> {
    if body.len().saturating_add(length) > MOST {
        return Err(Wrong::TooLarge);
    }
    match answer.take(length as u64).read_to_end(body)? {
        read if read == length => Ok(()),
        _ => Err(Wrong::Cut),
    }
}

fn read_chunks(answer: &mut BufReader<Timed<'_>>, body: &mut Vec<u8>) -> Result<(), Wrong> {
    loop {
        let head = line(answer, &mut MOST_HEAD.clone())?;
        let size = head.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| Wrong::NotHttp)?;
        if size == 0 {
            // What may follow are headers, up to an empty line.
            while !line(answer, &mut MOST_HEAD.clone())?.is_empty() {}
            return Ok(());
        }
        read_exactly(answer, size, body)?;
        if !line(answer, &mut MOST_HEAD.clone())?.is_empty() {
            return Err(Wrong::NotHttp);
        }
    }
}
