//! An HTTP proxy on this machine: every host is the one it leads to.

use super::wire::{self, Head};
use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// The proxy. It ends with the test.
pub struct Proxy {
    address: String,
    lines: Arc<Mutex<Vec<String>>>,
    ended: Arc<AtomicBool>,
}

impl Proxy {
    /// A proxy that tunnels every connection to that address.
    pub fn to(target: &str) -> Self {
        Self::answering(target, None)
    }

    /// A proxy that lets only those through that say this (`Basic …`).
    pub fn with_login(target: &str, login: &str) -> Self {
        Self::answering(target, Some(login.to_owned()))
    }

    fn answering(target: &str, login: Option<String>) -> Self {
        let (lines, target) = (Arc::<Mutex<Vec<String>>>::default(), target.to_owned());
        let log = Arc::clone(&lines);
        let (address, ended) = wire::listen(move |stream| {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let Some(head) = Head::read(&mut reader) else { return };
            log.lock().unwrap().push(head.line.clone());
            let mut stream = stream;
            if login.is_some() && head.get("proxy-authorization") != login.as_deref() {
                let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
                let _ = stream.write_all(refusal.as_bytes());
                return;
            }
            if head.line.starts_with("CONNECT ")
                && let Ok(target) = TcpStream::connect(&target)
                && stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").is_ok()
            {
                join(stream, reader, &target);
            }
        });
        Self { address, lines, ended }
    }

    /// Returns where it is, as variables name it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the first lines of what it was asked.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(&self.address);
    }
}

/// Passes on what comes from either side.
fn join(stream: TcpStream, reader: BufReader<TcpStream>, target: &TcpStream) {
    let (mut from, mut to) = (target.try_clone().unwrap(), stream);
    let mut out = target.try_clone().unwrap();
    let back = thread::spawn(move || {
        pass(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
    let mut reader = reader;
    pass(&mut reader, &mut out);
    let _ = out.shutdown(Shutdown::Both);
    let _ = back.join();
}

fn pass(from: &mut impl Read, to: &mut impl Write) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..read]).and_then(|()| to.flush()).is_err() {
            return;
        }
    }
}
