//! The screen against a service: the real program in a terminal.

use super::account::IDENTITY;
use super::*;
use crate::pty::Terminal;
use serde_json::{Value, json};
use service::MACHINE;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An account with one machine, which has one execution.
pub(super) fn account(service: &Service, request: &stub::Request) -> Reply {
    match request.operation.as_str() {
        "GetCallerIdentity" => Reply::Text(IDENTITY.to_owned()),
        "ListStateMachines" => json!({ "stateMachines": [{
            "stateMachineArn": MACHINE, "name": "Orders", "type": "STANDARD", "creationDate": 1_763_600_000.0,
        }] })
        .into(),
        "ListExecutions" => {
            let fits = request.body["statusFilter"].as_str().is_none_or(|status| status == service.status);
            let executions: Vec<Value> = fits.then(|| service.description()).into_iter().collect();
            json!({ "executions": executions }).into()
        }
        "DescribeStateMachine" => service::machine().into(),
        _ => service.answer(request),
    }
}

/// Runs stepback in an empty folder, as somebody who is logged in.
pub(super) fn stepback(home: &Path, stub: &Stub, arguments: &[&str]) -> Terminal {
    let home = home.display();
    let script = format!(
        "cd '{home}' && unset AWS_PROFILE AWS_SESSION_TOKEN && export HOME='{home}' AWS_REGION=eu-west-1 \
         AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret AWS_EC2_METADATA_DISABLED=true && \
         exec '{}' --endpoint-url {} {}",
        env!("CARGO_BIN_EXE_stepback"),
        stub.url(),
        arguments.join(" "),
    );
    Terminal::run("sh", &["-c", &script])
}

#[test]
fn from_the_account_to_the_failure_and_into_a_file() {
    let home = tempfile::tempdir().unwrap();
    let stub = Stub::new(|request| account(&Service::default(), request));
    let mut terminal = stepback(home.path(), &stub, &[]);
    terminal.shows("Orders").shows("eu-west-1 1234-5678-9012 OnCall read-only");
    terminal.press("\r").shows("run-1").shows("Bad");
    terminal.press("\r").shows("no stock").shows("24/24");
    terminal.until("all of it", |screen| !screen.contents().contains("events…"));
    terminal.press("@").shows("get-execution-history");
    terminal.press("\u{1b}").until("the execution", |screen| !screen.contents().contains("calls to AWS"));
    terminal.press("x").shows("run-1.sfn.json").press("\r").shows("Saved as run-1.sfn.json");
    terminal.press("q").shows("executions, failed first").press("q").shows("created (UTC)").press("q");
    assert_eq!(terminal.ends(), 0);
    let kept = ::stepback::source::open_recording(&home.path().join("run-1.sfn.json")).unwrap();
    assert_eq!(kept.events.len(), 24);
    assert_eq!(kept.recorded.complete, Some(true));
    let reads = |name: &String| ["Get", "List", "Describe"].iter().any(|verb| name.starts_with(verb));
    assert!(stub.counts().keys().all(reads), "whoever only looks changes nothing: {:?}", stub.counts());
}

#[test]
fn a_refused_page_leaves_the_failure_on_the_screen_and_the_rest_is_fetched_later() {
    let home = tempfile::tempdir().unwrap();
    let service = Service { events: 60, page: 10, ..Service::default() };
    let refuses = Arc::new(AtomicUsize::new(1));
    let now = Arc::clone(&refuses);
    let stub = Stub::new(move |request| {
        let later_page = request.operation == "GetExecutionHistory" && request.body["nextToken"].is_string();
        match later_page && now.load(Ordering::Relaxed) == 1 {
            true => Reply::Error(400, "AccessDeniedException", "not any more".to_owned()),
            false => account(&service, request),
        }
    });
    let mut terminal = stepback(home.path(), &stub, &[ARN]);
    terminal.shows("no stock").shows("not all there");
    refuses.store(0, Ordering::Relaxed);
    terminal.press("\u{12}").until("the rest", |screen| {
        let text = screen.contents();
        text.contains("60/60") && !text.contains("not all there") && !text.contains("events…")
    });
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_running_execution_is_followed_on_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let len = Arc::new(AtomicUsize::new(5));
    let now = Arc::clone(&len);
    let stub = Stub::new(move |request| {
        let events = now.load(Ordering::Relaxed);
        let status = if events >= 24 { "FAILED" } else { "RUNNING" };
        account(&Service { events, status, ..Service::default() }, request)
    });
    let mut terminal = stepback(home.path(), &stub, &[ARN]);
    terminal.shows("5/5").shows("follows what happens next").press("Ga").shows("following");
    len.store(9, Ordering::Relaxed);
    terminal.shows("9/9");
    len.store(24, Ordering::Relaxed);
    terminal.shows("The execution has ended: FAILED.").press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_redrive_needs_permission_and_its_word() {
    let home = tempfile::tempdir().unwrap();
    let stub = Stub::new(|request| match request.operation.as_str() {
        "RedriveExecution" => json!({ "redriveDate": 1_763_610_000.0 }).into(),
        _ => account(&Service::default(), request),
    });
    let mut terminal = stepback(home.path(), &stub, &[ARN]);
    terminal.shows("no stock").press("R").shows("--allow-actions").press("q");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = stepback(home.path(), &stub, &["--allow-actions", ARN]);
    terminal.shows("no stock").shows("ACTIONS ALLOWED").press("R").shows("definition");
    // The failure is on the screen before the definition is there: who asks too soon is told so, and asks again.
    while terminal.contents().contains("is not here") {
        terminal.press("\u{1b}").until("the execution", |screen| !screen.contents().contains("Type redrive"));
        terminal.press("R").shows("definition");
    }
    terminal.shows("The definition is the one that was executed.");
    terminal.shows("in eu-west-1 1234-5678-9012").press("no\r").shows("you did not type redrive");
    assert_eq!(stub.count("RedriveExecution"), 0);
    terminal.press("redrive\r").shows("Redriven: run-1.").press("q");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(stub.count("RedriveExecution"), 1);
}

#[test]
fn an_express_execution_is_rebuilt_from_the_log_of_its_machine() {
    use crate::record::express;
    let home = tempfile::tempdir().unwrap();
    let stub = Stub::new(|request| match request.operation.as_str() {
        "GetCallerIdentity" => Reply::Text(IDENTITY.to_owned()),
        _ => express::answer(request, 1, 5),
    });
    let mut terminal = stepback(home.path(), &stub, &[&express::child(0)]);
    terminal.shows("SUCCEEDED").shows("Lines").shows("4/4");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}
