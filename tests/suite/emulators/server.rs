//! The emulators as processes: started when the first test asks, gone when the tests are.

use super::{http, install};
use serde_json::json;
use std::io::Read as _;
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

/// An emulator that answers.
pub struct Server {
    /// Where it listens.
    pub port: u16,
    /// The account it believes to be.
    pub account: &'static str,
    _process: Process,
}

/// A process that ends with us in whatever way we end: it watches its standard input, which the system closes then.
struct Process {
    child: Child,
    _stdin: Option<ChildStdin>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ends the interpreter when its standard input is closed.
const WATCH: &str = "import os, sys, threading\n\
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()\n";

const MINISTACK: &str = "sys.argv = ['ministack']\nfrom ministack.app import main\nmain()\n";

const MOTO: &str = "from moto.server import main\nmain(sys.argv[1:])\n";

/// Returns MiniStack: real paging, JSONata, map runs with their executions, no parents.
pub fn ministack() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = || {
        start("000000000000", |python, port| {
            let mut command = Command::new(python);
            let variables = [("BIND_HOST", "127.0.0.1"), ("GATEWAY_PORT", port), ("LOG_LEVEL", "WARNING")];
            command.args(["-c", &format!("{WATCH}{MINISTACK}")]).envs(variables);
            command
        })
    };
    SERVER.get_or_init(|| required(server())).as_ref()
}

/// Returns moto: the true shape of a history, everything in one page.
pub fn moto() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = || {
        let server = start("123456789012", |python, port| {
            let mut command = Command::new(python);
            command.args(["-c", &format!("{WATCH}{MOTO}"), "-H", "127.0.0.1", "-p", port]);
            command
        })?;
        let execute = json!({ "stepfunctions": { "execute_state_machine": true } });
        http::post(server.port, "/moto-api/config", &[], &execute.to_string())?;
        Ok(server)
    };
    SERVER.get_or_init(|| required(server())).as_ref()
}

/// Without an emulator its tests are skipped, and say so; unless somebody insists on them.
pub fn required<T>(found: Result<T, String>) -> Option<T> {
    match found {
        Ok(found) => Some(found),
        Err(reason) if std::env::var_os("STEPBACK_REQUIRE_EMULATORS").is_some_and(|value| value == "1") => {
            panic!("The emulators are required here: {reason}")
        }
        Err(reason) => {
            super::say(&format!("\nSKIPPED: tests against an emulator of AWS.\nreason: {reason}\n"));
            None
        }
    }
}

fn start(account: &'static str, command: impl Fn(&std::path::Path, &str) -> Command) -> Result<Server, String> {
    let python = install::python()?;
    let mut said = String::new();
    // Somebody else may take the free port before the server does; then it ends, and another is tried.
    for _ in 0..3 {
        let port = free_port()?;
        let mut command = command(&python, &port.to_string());
        // Nothing of the user's AWS settings reaches the emulators, and they need none.
        command.env_remove("AWS_ENDPOINT_URL").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("cannot start {}: {error}", python.display()))?;
        let stdin = child.stdin.take();
        let mut stderr = child.stderr.take();
        // A full pipe would stop the server.
        let listener = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.as_mut().map(|stderr| stderr.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut process = Process { child, _stdin: stdin };
        if answers(&mut process.child, port) {
            return Ok(Server { port, account, _process: process });
        }
        drop(process);
        said = listener.join().unwrap_or_default();
    }
    Err(format!("the emulator does not answer: {}", said.trim()))
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| format!("no free port: {error}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

/// Waits until it answers, for as long as a busy machine may need and no longer.
fn answers(child: &mut Child, port: u16) -> bool {
    for _ in 0..600 {
        if http::post(port, "/", &[("X-Amz-Target", "AWSStepFunctions.ListStateMachines")], "{}").is_ok() {
            return true;
        }
        if !matches!(child.try_wait(), Ok(None)) {
            return false;
        }
        thread::sleep(Duration::from_millis(100));
    }
    false
}
