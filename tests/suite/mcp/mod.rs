//! `stepback mcp` as a client sees it: driven by the official Python package `mcp`, and by hand where a client would not be so
//! rude.
//!
//! The program under test is one built with the feature `mcp`, which `STEPBACK_MCP` names; without it, and without Python or
//! a network, these tests are skipped and say so. `STEPBACK_REQUIRE_EMULATORS=1` makes that a failure when it is named.

use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The version of the client.
const CLIENT: &str = "2.3.0";

fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Returns the program with the feature: the one that is named, or our own when it has it.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("STEPBACK_MCP") {
        return Some(named.into());
    }
    if cfg!(feature = "mcp") {
        return Some(env!("CARGO_BIN_EXE_stepback").into());
    }
    say(
        "\nSKIPPED: tests of the Model Context Protocol.\nreason: STEPBACK_MCP names no program built with the feature mcp.\n",
    );
    None
}

/// Returns a Python with the client, which is installed on the first run.
fn python() -> Option<PathBuf> {
    match install() {
        Ok(python) => Some(python),
        Err(reason) if std::env::var_os("STEPBACK_REQUIRE_EMULATORS").is_some_and(|value| value == "1") => {
            panic!("The client of the Model Context Protocol is required here: {reason}")
        }
        Err(reason) => {
            say(&format!("\nSKIPPED: a client of the Model Context Protocol.\nreason: {reason}\n"));
            None
        }
    }
}

fn install() -> Result<PathBuf, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(target).map_err(|error| error.to_string())?;
    let home = target.join(format!("client-mcp-{CLIENT}"));
    let lock = File::create(home.with_extension("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let (python, whole) = (home.join("bin/python"), home.join("whole"));
    if !whole.is_file() {
        let _ = fs::remove_dir_all(&home);
        run(Command::new("python3").arg("-m").arg("venv").arg(&home))?;
        let package = format!("mcp=={CLIENT}");
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--no-input", &package]))?;
        fs::write(&whole, "").map_err(|error| error.to_string())?;
    }
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot run {command:?}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(format!("{command:?} failed: {said}")) }
}

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
}

#[test]
fn the_official_client_is_served() {
    let Some(program) = program() else { return };
    let Some(python) = python() else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/mcp/client.py");
    let output = Command::new(python).arg(script).arg(program).arg(recordings()).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("all is well"), "{said}");
}

/// Sends lines to a server and closes its input.
fn sent(program: &Path, lines: &[String]) -> (Output, Duration) {
    let began = Instant::now();
    let mut server = Command::new(program);
    server.arg("mcp").arg(recordings()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut server = server.spawn().unwrap();
    let mut stdin = server.stdin.take().unwrap();
    stdin.write_all(lines.join("\n").as_bytes()).unwrap();
    drop(stdin);
    (server.wait_with_output().unwrap(), began.elapsed())
}

fn hello() -> Vec<String> {
    let client = json!({ "name": "hand", "version": "1" });
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
    vec![
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }).to_string(),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string(),
    ]
}

#[test]
fn a_rude_client_gets_nothing_but_the_protocol() {
    let Some(program) = program() else { return };
    let call =
        |id: u32, name: &str| json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": name } });
    let cases: Vec<Vec<String>> = vec![
        vec![],
        vec!["not JSON".to_owned()],
        vec!["{".to_owned()],
        hello(),
        [
            hello(),
            vec![
                "not JSON".to_owned(),
                "[]".to_owned(),
                "{\"jsonrpc\":\"2.0\"}".to_owned(),
                call(2, "open").to_string(),
            ],
        ]
        .concat(),
        [hello(), vec![call(2, "nothing").to_string(), "{\"jsonrpc\":\"2.0\",\"id\":3,\"meth".to_owned()]].concat(),
        [hello(), vec![json!({ "jsonrpc": "2.0", "id": 4, "method": "no/such" }).to_string()]].concat(),
    ];
    for lines in cases {
        let (output, took) = sent(&program, &lines);
        assert!(took < Duration::from_secs(20), "{lines:?}: {took:?}");
        let told = String::from_utf8(output.stdout).unwrap();
        for line in told.lines() {
            let answer: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{lines:?}: {line}"));
            assert_eq!(answer["jsonrpc"], "2.0", "{line}");
        }
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(!complained.contains("panicked"), "{lines:?}: {complained}");
    }
}

#[test]
fn a_build_without_the_feature_says_how_to_get_it() {
    if cfg!(feature = "mcp") {
        return;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
    let output = command.arg("mcp").arg(recordings()).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("built without") && said.contains("--features mcp"), "{said}");
    assert!(output.stdout.is_empty());
}
