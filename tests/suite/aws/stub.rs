//! A service of our own on this machine that answers what a test says, and does what services do to their clients:
//! throttles, fails, breaks off in the middle.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the service does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Answers with this text.
    Text(String),
    /// Answers with an error of the service: the status, its name, its message.
    Error(u16, &'static str, String),
    /// Breaks off in the middle of the answer.
    Cut(String),
    /// Closes the connection without an answer.
    Closed,
    /// Answers late.
    Late(Duration, Box<Reply>),
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self::Text(body.to_string())
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// The operation, as the API names it.
    pub operation: String,
    /// Its parameters.
    pub body: Value,
    /// Which request of that operation it is, from 0.
    pub number: usize,
    /// Who it is addressed to.
    pub host: String,
}

type Answers = dyn Fn(&Request) -> Reply + Send + Sync;

/// The service. It ends with the test.
pub struct Stub {
    address: String,
    received: Arc<Mutex<Vec<Request>>>,
    ended: Arc<AtomicBool>,
}

impl Stub {
    /// Starts a service that answers so.
    pub fn new(answers: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (received, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (answers, log, over): (Arc<Answers>, _, _) = (Arc::new(answers), Arc::clone(&received), Arc::clone(&ended));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(stream), answers, log) = (stream, Arc::clone(&answers), Arc::clone(&log)) else { continue };
                thread::spawn(move || serve(stream, &*answers, &log));
            }
        });
        Self { address, received, ended }
    }

    /// Returns where the service is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns what was asked.
    pub fn received(&self) -> Vec<Request> {
        self.received.lock().unwrap().clone()
    }

    /// Returns how often each operation was called.
    pub fn counts(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for request in self.received() {
            *counts.entry(request.operation).or_default() += 1;
        }
        counts
    }

    /// Returns how often an operation was called.
    pub fn count(&self, operation: &str) -> usize {
        self.counts().get(operation).copied().unwrap_or(0)
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(&self.address);
    }
}

/// Serves a connection until one side closes it.
fn serve(stream: TcpStream, answers: &Answers, log: &Mutex<Vec<Request>>) {
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Some(mut request) = read(&mut reader) {
        {
            let mut log = log.lock().unwrap();
            request.number = log.iter().filter(|earlier| earlier.operation == request.operation).count();
            log.push(request.clone());
        }
        let mut reply = answers(&request);
        while let Reply::Late(by, late) = reply {
            thread::sleep(by);
            reply = *late;
        }
        if !answer(&mut writer, &reply, request.number) {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Request> {
    let (mut target, mut length, mut host, mut line) = (String::new(), 0, String::new(), String::new());
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "x-amz-target" => target = value.rsplit('.').next()?.to_owned(),
            "content-length" => length = value.parse().ok()?,
            "host" => host = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let text = String::from_utf8(body).ok()?;
    if target.is_empty() {
        target = text.split('&').find_map(|pair| pair.strip_prefix("Action="))?.to_owned();
    }
    Some(Request { operation: target, body: serde_json::from_str(&text).unwrap_or(Value::Null), number: 0, host })
}

/// Writes an answer, and tells whether the connection goes on.
fn answer(writer: &mut TcpStream, reply: &Reply, number: usize) -> bool {
    let (status, body) = match reply {
        Reply::Text(body) => (200, body.clone()),
        Reply::Error(status, code, message) => (*status, json!({ "__type": code, "message": message }).to_string()),
        Reply::Cut(body) => {
            let half = body.get(..body.len() / 2).unwrap_or_default();
            let _ = write!(writer, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{half}", body.len());
            return false;
        }
        Reply::Closed | Reply::Late(..) => return false,
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/x-amz-json-1.0\r\nx-amzn-requestid: request-{number}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body.as_bytes())).is_ok()
}
