//! Every command over recordings, definitions, arguments and names that would take over a terminal: nothing of it is
//! obeyed. And what commands write: nothing is replaced unasked.

use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What terminals obey, what reorders text, and what hides in it.
const EVIL: &str = "\u{1b}]52;c;cHduZWQ=\u{7}\u{1b}[35;45mX\u{1b}[0m\u{9b}35;45mY\u{9d}52;c;eA==\u{9c}\u{202e}gnp.exe\u{202c}\
                    \u{2066}q\u{2069}\u{200f}\u{200b}\u{2060}\u{feff}\u{61c}\u{2028}\r\n\t\u{7f}Z";

fn stepback(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("HOME", folder).env("LANG", "C.UTF-8").env("AWS_EC2_METADATA_DISABLED", "true");
    command.output().unwrap()
}

fn recording() -> String {
    let state = format!("Charge{EVIL}");
    let definition = json!({ "StartAt": state, "Comment": EVIL, "States": { &state: {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
        "Parameters": { "FunctionName": EVIL, "Payload.$": "$" },
        "Retry": [{ "ErrorEquals": [format!("E{EVIL}")], "MaxAttempts": 0 }] } } });
    let data = json!({ format!("k{EVIL}"): format!("v{EVIL}"), "n": [1, EVIL] }).to_string();
    let at = |second: u32| format!("2026-11-20T03:14:{second:02}.412000+00:00");
    let machine = format!("arn:aws:states:eu-west-1:123456789012:stateMachine:M{EVIL}");
    json!({
        "format": "stepback/1",
        "recorded": { "by": EVIL, "complete": false, "notes": [EVIL] },
        "execution": { "executionArn": format!("arn:aws:states:eu-west-1:123456789012:execution:M:{EVIL}"),
            "stateMachineArn": machine, "name": format!("run{EVIL}"), "status": "FAILED", "startDate": at(1),
            "stopDate": at(5), "input": data, "error": format!("E{EVIL}"), "cause": format!("c{EVIL}") },
        "stateMachine": { "stateMachineArn": machine, "name": format!("M{EVIL}"), "definition": definition.to_string(),
            "roleArn": EVIL, "type": "STANDARD" },
        "events": [
            { "timestamp": at(1), "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
              "executionStartedEventDetails": { "input": data, "roleArn": EVIL } },
            { "timestamp": at(1), "type": "TaskStateEntered", "id": 2, "previousEventId": 0,
              "stateEnteredEventDetails": { "name": state, "input": data } },
            { "timestamp": at(2), "type": "TaskScheduled", "id": 3, "previousEventId": 2,
              "taskScheduledEventDetails": { "resourceType": "lambda", "resource": format!("invoke{EVIL}"),
                  "region": EVIL, "parameters": data } },
            { "timestamp": at(2), "type": "TaskStarted", "id": 4, "previousEventId": 3,
              "taskStartedEventDetails": { "resourceType": "lambda", "resource": "invoke" } },
            { "timestamp": at(4), "type": "TaskFailed", "id": 5, "previousEventId": 4,
              "taskFailedEventDetails": { "resourceType": "lambda", "resource": "invoke",
                  "error": format!("E{EVIL}"), "cause": format!("c{EVIL}") } },
            { "timestamp": at(5), "type": format!("Strange{EVIL}"), "id": 6, "previousEventId": 5 },
            { "timestamp": at(5), "type": "ExecutionFailed", "id": 7, "previousEventId": 5,
              "executionFailedEventDetails": { "error": format!("E{EVIL}"), "cause": format!("c{EVIL}") } },
        ],
        "logs": [{ "event": 5, "events": [{ "timestamp": 1, "message": EVIL }] }],
        "bookmarks": [{ "letter": "a", "event": 5, "note": EVIL }],
    })
    .to_string()
}

/// Characters that may not be printed.
fn is_obeyed(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn assert_harmless(what: &[&str], output: &Output) {
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(stream);
        let found = text.char_indices().find(|(_, c)| is_obeyed(*c));
        assert!(found.is_none(), "{what:?} prints {found:?} in:\n{}", text.escape_debug());
    }
    assert!(output.stdout.len() + output.stderr.len() > 0, "{what:?} says nothing");
}

#[test]
fn no_command_prints_what_a_terminal_obeys() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let name = format!("evil{}.sfn.json", EVIL.replace(['\n', '/'], ""));
    let (evil, good) = (name.as_str(), "other.sfn.json");
    fs::write(folder.join(evil), recording()).unwrap();
    fs::write(folder.join(good), recording().replace("FAILED", "ABORTED")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&recording()).unwrap();
    let definition = document["stateMachine"]["definition"].as_str().unwrap().to_owned();
    fs::write(folder.join("m.asl.json"), &definition).unwrap();
    fs::write(folder.join("bad.asl.json"), definition.replace("\"End\":true", &format!("\"Nxt{}\":1", "\\u001b[31m")))
        .unwrap();
    let answer = json!({ "states": { format!("Charge{EVIL}"): [{ "result": { "x": EVIL } }],
                                     EVIL: [{ "result": 1 }] } });
    fs::write(folder.join("answers.json"), answer.to_string()).unwrap();
    fs::create_dir(folder.join("all")).unwrap();
    fs::copy(folder.join(evil), folder.join("all").join(evil)).unwrap();
    fs::copy(folder.join(good), folder.join("all").join(good)).unwrap();
    fs::write(folder.join("all/broken\u{1b}[31m.sfn.json"), "{\"events\":[").unwrap();
    let path = format!("$.k{EVIL}");
    let input = json!({ "a": EVIL }).to_string();
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["why", evil],
        vec!["why", evil, "--json"],
        vec!["why", evil, "--markdown"],
        vec!["show", evil],
        vec!["show", evil, "--json"],
        vec!["show", evil, "--flow"],
        vec!["show", evil, "--graph"],
        vec!["show", evil, "--explain"],
        vec!["trace", evil, &path],
        vec!["trace", evil, "$.n"],
        vec!["trace", evil, "$.n", "--json"],
        vec!["replay", evil],
        vec!["replay", evil, "--json"],
        vec!["replay", "all"],
        vec!["diff", evil, good],
        vec!["diff", evil, good, "--json"],
        vec!["fleet", "all"],
        vec!["fleet", "all", "--json"],
        vec!["run", "m.asl.json", "--input", &input],
        vec!["run", "m.asl.json", "--input", &input, "--answers", "answers.json"],
        vec!["run", "m.asl.json", "--input", &input, "--answers", "answers.json", "--json"],
        vec!["check", "m.asl.json"],
        vec!["check", "bad.asl.json"],
        vec!["check", "bad.asl.json", "--json"],
        vec!["query", "$", "--input", &input],
        vec!["query", &path, "--input", &input],
        vec!["query", "{% $ %}", "--input", &input],
        vec!["test-state", "m.asl.json", "--input", &input],
        vec!["record", evil, "-o", "copy.sfn.json"],
        vec!["redact", evil, "nothing", "-o", "clean.sfn.json"],
        vec!["redact", evil, "--check", "/Charge/"],
        vec!["why", "there\u{1b}[31m is none"],
        vec!["sho\u{1b}[31mw"],
        vec!["why", evil, "--profile\u{9b}x"],
    ];
    let formats = [
        "html",
        "markdown",
        "mock-config",
        "test-state",
        "answers",
        "case",
        "excerpt",
        "mermaid",
        "perfetto",
        "csv",
        "events-csv",
    ];
    commands.extend(formats.iter().map(|format| vec!["export", evil, "--format", format]));
    for command in &commands {
        assert_harmless(command, &stepback(folder, command));
    }
}

#[test]
fn nothing_is_replaced_unasked_and_new_files_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.sfn.json"), recording()).unwrap();
    fs::write(folder.join("m.asl.json"), r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#).unwrap();
    for command in [
        vec!["export", "a.sfn.json", "--format", "csv", "-o", "out"],
        vec!["run", "m.asl.json", "-o", "out"],
        vec!["run", "m.asl.json", "--history", "out"],
        vec!["replay", "a.sfn.json", "--history", "out"],
        vec!["record", "a.sfn.json", "-o", "out"],
        vec!["redact", "a.sfn.json", "x", "-o", "out"],
    ] {
        let out = folder.join("out");
        let _ = fs::remove_file(&out);
        stepback(folder, &command);
        assert_eq!(out.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{command:?}");
        fs::write(&out, "precious").unwrap();
        fs::set_permissions(&out, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = stepback(folder, &command);
        assert_eq!(
            (refused.status.code(), fs::read_to_string(&out).unwrap()),
            (Some(2), "precious".to_owned()),
            "{command:?}"
        );
        stepback(folder, &[command.as_slice(), &["--force"]].concat());
        assert_ne!(fs::read_to_string(&out).unwrap(), "precious", "{command:?}");
        assert_eq!(out.metadata().unwrap().permissions().mode() & 0o777, 0o640, "{command:?}");
    }
    let itself = stepback(folder, &["export", "a.sfn.json", "--format", "csv", "-o", "a.sfn.json", "--force"]);
    assert_eq!(itself.status.code(), Some(2));
    let piped = stepback(folder, &["run", "m.asl.json", "--history", "/dev/stdout"]);
    assert!(String::from_utf8(piped.stdout).unwrap().contains("ExecutionSucceeded"));
    let leftovers = fs::read_dir(folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".stepback-"));
    assert_eq!(leftovers.count(), 0);
}

/// A name is bytes, and what lies in a folder need not be a file: neither stops a command, and neither is passed over
/// in silence.
#[test]
fn odd_names_open_and_pipes_in_folders_are_told() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"run\xff.sfn.json"));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/order-payment-declined.sfn.json");
    fs::copy(shipped, &odd).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe.json")).status().unwrap().success());
    let run = |arguments: &[&std::ffi::OsStr]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
        command.args(arguments).current_dir(folder.path()).env("HOME", folder.path()).stdin(Stdio::null());
        command.output().unwrap()
    };
    for arguments in [&["why"][..], &["show"], &["replay"], &["export", "--format", "markdown"], &["show", "--graph"]] {
        let arguments: Vec<_> = arguments.iter().map(std::ffi::OsStr::new).chain([odd.as_os_str()]).collect();
        let output = run(&arguments);
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)) && !told.contains("error:"), "{arguments:?}: {told}");
    }
    let told = |command: &str| {
        let output = run(&[command.as_ref(), ".".as_ref()]);
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    for command in ["fleet", "replay"] {
        assert!(told(command).contains("pipe.json is not a file: it was not read."), "{}", told(command));
    }
    // Definitions are looked for in files alone, and a recording's own is one.
    assert!(told("check").contains("run"), "{}", told("check"));
}
