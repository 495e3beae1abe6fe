//! One HTTP request, for what the program under test cannot do by design: make machines and start executions.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Posts JSON to a server on this machine and returns what it answers, or what went wrong.
pub fn post(port: u16, path: &str, headers: &[(&str, &str)], body: &str) -> Result<String, String> {
    let answer = exchange(port, path, headers, body).map_err(|error| format!("port {port}: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let body = if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        unchunked(body)
    } else {
        body.to_owned()
    };
    let ok = head.split_whitespace().nth(1).is_some_and(|status| status.starts_with('2'));
    if ok { Ok(body) } else { Err(format!("{}: {body}", head.lines().next().unwrap_or_default())) }
}

fn exchange(port: u16, path: &str, headers: &[(&str, &str)], body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    head += &format!("Content-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn unchunked(body: &str) -> String {
    let (mut rest, mut whole) = (body, String::new());
    while let Some((size, chunk)) = rest.split_once("\r\n") {
        let Some(part) =
            usize::from_str_radix(size.trim(), 16).ok().filter(|size| *size > 0).and_then(|size| chunk.get(..size))
        else {
            break;
        };
        whole += part;
        rest = chunk.get(part.len()..).unwrap_or_default().trim_start_matches("\r\n");
    }
    whole
}
