//! A service of our own on this machine that answers what a test says, and does what services, networks and proxies do
//! to their clients. What is done to a call has a name: [`super::modes`].

use super::wire::{self, Head};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{BufReader, Read, Write};
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
    /// Answers with this status and this text, as something that is not AWS.
    Foreign(u16, String),
    /// Breaks off in the middle of the answer.
    Cut(String),
    /// Announces an answer of another length than it has: so many bytes more, or fewer.
    Long(String, i64),
    /// Answers a byte at a time, with a pause before each.
    Drip(String, Duration),
    /// Answers with a clock that is so many seconds ahead.
    Clocked(i64, Box<Reply>),
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

impl Reply {
    /// The refusal with that name.
    pub fn refusal(code: &'static str, message: &str) -> Self {
        Self::Error(400, code, message.to_owned())
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
    /// The access key it is signed with.
    pub key: String,
    /// The moment it is signed for, as the header has it.
    pub signed_at: String,
    /// What it asks for, which a proxy is told in full: `/`, or `http://host/`.
    pub target: String,
}

type Answers = dyn Fn(&Request) -> Reply + Send + Sync;

/// The service. It ends with the test.
pub struct Stub {
    address: String,
    scheme: &'static str,
    received: Arc<Mutex<Vec<Request>>>,
    ended: Arc<AtomicBool>,
}

impl Stub {
    /// Starts a service that answers so.
    pub fn new(answers: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::serving("http", answers, |stream, answers, log| {
            let _ = stream.set_nodelay(true);
            serve(stream, answers, log);
        })
    }

    /// The same behind TLS, with a certificate of [`super::tls`].
    pub fn with_tls(answers: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::serving("https", answers, |stream, answers, log| serve(super::tls::accept(stream), answers, log))
    }

    fn serving(
        scheme: &'static str,
        answers: impl Fn(&Request) -> Reply + Send + Sync + 'static,
        serve: impl Fn(TcpStream, &Answers, &Mutex<Vec<Request>>) + Send + Sync + Copy + 'static,
    ) -> Self {
        let (received, answers): (Arc<Mutex<Vec<Request>>>, Arc<Answers>) = (Arc::default(), Arc::new(answers));
        let log = Arc::clone(&received);
        let (address, ended) = wire::listen(move |stream| serve(stream, &*answers, &log));
        Self { address, scheme, received, ended }
    }

    /// Returns where the service is.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Returns the host and the port.
    pub fn address(&self) -> &str {
        &self.address
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

/// Returns an address nobody is at.
pub fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Serves a connection until one side closes it.
fn serve(stream: impl Read + Write, answers: &Answers, log: &Mutex<Vec<Request>>) {
    let mut stream = BufReader::new(stream);
    while let Some(mut request) = read(&mut stream) {
        {
            let mut log = log.lock().unwrap();
            request.number = log.iter().filter(|earlier| earlier.operation == request.operation).count();
            log.push(request.clone());
        }
        if !answer(stream.get_mut(), answers(&request), request.number) {
            let _ = stream.get_mut().flush();
            return;
        }
    }
}

fn read(stream: &mut BufReader<impl Read>) -> Option<Request> {
    let head = Head::read(stream)?;
    let mut body = vec![0; head.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    let text = String::from_utf8(body).ok()?;
    let operation = match head.get("x-amz-target") {
        Some(target) => target.rsplit('.').next()?.to_owned(),
        None => text.split('&').find_map(|pair| pair.strip_prefix("Action="))?.to_owned(),
    };
    let word = |name: &str| head.get(name).unwrap_or_default().to_owned();
    let signed = word("authorization");
    let key = signed.split_once("Credential=").and_then(|(_, rest)| rest.split('/').next());
    Some(Request {
        operation,
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
        number: 0,
        host: word("host"),
        key: key.unwrap_or_default().to_owned(),
        signed_at: word("x-amz-date"),
        target: head.target().to_owned(),
    })
}

/// Writes an answer, and tells whether the connection goes on.
fn answer(stream: &mut impl Write, reply: Reply, number: usize) -> bool {
    let (mut ahead, mut reply) = (0, reply);
    loop {
        reply = match reply {
            Reply::Late(by, late) => {
                thread::sleep(by);
                *late
            }
            Reply::Clocked(by, clocked) => {
                ahead = by;
                *clocked
            }
            other => {
                reply = other;
                break;
            }
        };
    }
    let (status, body, more, pause) = match reply {
        Reply::Text(body) => (200, body, 0, None),
        Reply::Error(status, code, message) => {
            (status, serde_json::json!({ "__type": code, "message": message }).to_string(), 0, None)
        }
        Reply::Foreign(status, body) => (status, body, 0, None),
        Reply::Cut(body) => {
            let half = body.get(..body.len() / 2).unwrap_or_default().to_owned();
            let more = i64::try_from(body.len() - half.len()).unwrap();
            (200, half, more, None)
        }
        Reply::Long(body, more) => (200, body, more, None),
        Reply::Drip(body, pause) => (200, body, 0, Some(pause)),
        Reply::Closed | Reply::Late(..) | Reply::Clocked(..) => return false,
    };
    let length = i64::try_from(body.len()).unwrap().saturating_add(more).max(0);
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/x-amz-json-1.0\r\nx-amzn-requestid: request-{number}\r\n\
         date: {}\r\ncontent-length: {length}\r\n\r\n",
        wire::date(ahead)
    );
    if stream.write_all(head.as_bytes()).and_then(|()| stream.flush()).is_err() {
        return false;
    }
    let written = match pause {
        None => stream.write_all(body.as_bytes()),
        Some(pause) => body.as_bytes().chunks(1).try_for_each(|byte| {
            thread::sleep(pause);
            stream.write_all(byte).and_then(|()| stream.flush())
        }),
    };
    written.and_then(|()| stream.flush()).is_ok() && more == 0
}
