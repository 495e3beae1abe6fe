//! Waiting is told, and ends: what cannot help is not tried again, what is tried again is told, and anybody can stop it.

use super::account::Account;
use super::modes::Doing;
use super::screen::{account, stepback};
use super::*;
use crate::program::{Done, Program};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use stepback::source::aws::{ErrorKind, Listener, Repeat};

/// What is told at once is told within this; a busy machine needs some of it for itself.
const AT_ONCE: Duration = Duration::from_secs(15);

/// Asks why an execution failed at that address; returns what is said about it, and takes no time.
#[track_caller]
fn why(url: &str) -> String {
    let begun = Instant::now();
    let done = Program::new(url, "eu-west-1").live(&["why", ARN]).expect(3);
    assert!(begun.elapsed() < AT_ONCE, "{:?}: {}", begun.elapsed(), done.said());
    done.said()
}

#[test]
fn what_cannot_help_is_not_tried_again() {
    let nobody = stub::nowhere();
    let said = why(&nobody);
    let place = nobody.trim_start_matches("http://");
    assert!(
        said.starts_with(&format!("error: Cannot reach AWS at {place}: the connection was refused.\nhint: ")),
        "{said}"
    );
    assert!(said.contains("--endpoint-url"), "{said}");
    // No name has a part of 64 letters, so that nobody needs to be asked.
    let said = why(&format!("http://{}.test", "a".repeat(64)));
    assert!(said.contains("the name cannot be resolved"), "{said}");
    for (url, reason) in [
        ("nonsense", "--endpoint-url is 'nonsense': it does not begin with http:// or https://."),
        ("localhost:4566", "it does not begin with http:// or https://"),
        ("http:// x", "it is not an address"),
        ("http://", "it is not an address"),
        ("https://:443", "it "),
    ] {
        let said = why(url);
        assert!(said.contains(reason) && said.contains("hint: An address looks like"), "{url}: {said}");
    }
    for (mode, words) in [
        ("not-found", "what answers is not AWS (404 Not Found)."),
        ("not-implemented", "is not available there (501 Not Implemented)."),
        ("garbage", "Cannot read the history of "),
        ("rewrite", "it has no \"events\"."),
        ("deny", "may not states:GetExecutionHistory."),
    ] {
        let stub = Doing::always(mode, &[]).before(|request| Service::default().answer(request));
        let said = why(&stub.url());
        assert!(said.contains(words), "{mode}: {said}");
        assert_eq!(
            stub.count("GetExecutionHistory") + stub.count("DescribeExecution"),
            3,
            "{mode}: {:?}",
            stub.counts()
        );
    }
}

#[test]
fn an_empty_address_is_none() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new("", "eu-west-1");
    // Without credentials nobody is asked, whatever the address.
    let mut command = program.command(&["why", ARN]);
    for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SFN", "AWS_ENDPOINT_URL_STS"] {
        command.env(name, "");
    }
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY").env("HOME", home.path());
    let done = Done(command.output().unwrap()).expect(3);
    assert!(done.said().contains("There are no AWS credentials."), "{}", done.said());
}

#[test]
fn whoever_waits_for_a_command_reads_what_for() {
    for (mode, words) in [
        ("throttle", "retrying, 2 of 5, last: AWS is asked too often"),
        ("too-many", "retrying, 2 of 5, last: AWS is asked too often"),
        ("fail", "retrying, 2 of 5, last: AWS failed to answer (500)"),
        ("lose", "retrying, 2 of 5, last: the answer was lost ("),
        ("truncate", "retrying, 2 of 5, last: the answer was lost ("),
        ("wrong-length", "retrying, 2 of 5, last: the answer was lost ("),
    ] {
        let stub = Doing::times(mode, &["GetExecutionHistory"], 1).before(|request| Service::default().answer(request));
        let program = Program::new(stub.url(), "eu-west-1");
        let done = program.live(&["why", ARN]).expect(1);
        assert!(done.said().starts_with(&format!("GetExecutionHistory: {words}")), "{mode}: {}", done.said());
        assert!(done.told().contains("no stock"), "{mode}");
        let done = program.live(&["record", ARN, "-o", "r.sfn.json"]).expect(0);
        assert!(!done.said().contains("retrying"), "{mode}: {}", done.said());
    }
    let stub = Doing::times("throttle", &["DescribeExecution"], 1).before(|request| Service::default().answer(request));
    let done = Program::new(stub.url(), "eu-west-1").live(&["record", ARN, "-o", "r.sfn.json"]).expect(0);
    assert!(done.said().contains("DescribeExecution: retrying, 2 of 5"), "{}", done.said());
}

#[test]
fn how_often_is_what_everybody_sets() {
    let stub = Doing::always("fail", &[]).before(|request| Service::default().answer(request));
    let program = Program::new(stub.url(), "eu-west-1");
    let mut command = program.command(&["why", ARN, "--endpoint-url", &stub.url()]);
    let done = Done(command.env("AWS_MAX_ATTEMPTS", "2").output().unwrap()).expect(3);
    assert!(done.said().contains("retrying, 2 of 2"), "{}", done.said());
    assert!(done.said().contains("AWS failed to answer (500): Oh no."), "{}", done.said());
    assert_eq!(stub.count("DescribeExecution"), 2);
}

#[test]
fn every_repeat_is_told_and_so_is_the_end() {
    let stub = Doing::times("throttle", &[], 2).before(|request| Service::default().answer(request));
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = Arc::clone(&heard);
    let listener = Listener::new(move |repeat| told.lock().unwrap().push(repeat));
    block_on(async {
        let client = Client::connect(Options { listener, ..options(&stub) }).await.unwrap();
        client.describe_execution(ARN).await.unwrap();
        let attempts: Vec<u32> = client.calls().since(0).iter().map(|call| call.attempts).collect();
        assert_eq!(attempts, [1, 2, 3]);
    });
    let heard = heard.lock().unwrap();
    let times = heard.iter().map(|repeat| match repeat {
        Repeat::Again(again) => Some((again.time, again.of)),
        Repeat::Slow(_) | Repeat::Over(_) => None,
    });
    assert_eq!(times.collect::<Vec<_>>(), [Some((2, 4)), Some((3, 4)), None]);
}

#[test]
fn an_answer_that_is_long_in_coming_is_told_of_while_it_is_waited_for() {
    let stub = Doing::times("delay", &[], 1).before(|request| Service::default().answer(request));
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = Arc::clone(&heard);
    let listener = Listener::new(move |repeat| told.lock().unwrap().push(repeat));
    let patience = Patience { tells: Duration::from_millis(50), ..options(&stub).patience };
    block_on(async {
        let client = Client::connect(Options { listener, patience, ..options(&stub) }).await.unwrap();
        client.describe_execution(ARN).await.unwrap();
    });
    let heard = heard.lock().unwrap();
    let [Repeat::Slow(slow), .., Repeat::Over(over)] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!((slow.call, slow.to_string().as_str()), (*over, "waiting, 0 s so far"));
    assert_eq!(stub.count("DescribeExecution"), 1, "it is waited for, not asked again");
}

#[test]
fn an_answer_that_drips_ends_at_one_deadline_for_all_of_it() {
    let stub = Doing::always("drip", &[]).before(|request| Service::default().answer(request));
    let patience = Patience { whole: Duration::from_secs(2), ..options(&stub).patience };
    let begun = Instant::now();
    let error = block_on(async {
        let client = Client::connect(Options { patience, ..options(&stub) }).await.unwrap();
        client.describe_execution(ARN).await.unwrap_err()
    });
    assert_eq!(error.kind, ErrorKind::TimedOut, "{error}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(stub.count("DescribeExecution"), 2, "silence is not waited for more than twice");
}

#[test]
fn a_clock_that_is_wrong_is_set_right_by_what_the_service_says() {
    let stub = Doing::always("skew", &[]).before(|request| Service::default().answer(request));
    block_on(async {
        let client = connect(&stub).await;
        client.describe_execution(ARN).await.unwrap();
        assert_eq!(stub.count("DescribeExecution"), 2, "refused once, then signed with the right time");
        client.describe_execution(ARN).await.unwrap();
        assert_eq!(stub.count("DescribeExecution"), 3);
    });
    let refused = Stub::new(|_| {
        let refusal = Reply::refusal("InvalidSignatureException", "Signature expired: 1 is now earlier than 2");
        Reply::Clocked(20 * 60 + 5, Box::new(refusal))
    });
    let error = block_on(async { connect(&refused).await.describe_execution(ARN).await.unwrap_err() });
    assert_eq!(error.to_string(), "AWS refuses: the clock of this machine is 20 minutes behind.");
}

#[test]
fn the_screen_tells_what_it_waits_for_and_stops_when_told() {
    let home = tempfile::tempdir().unwrap();
    let service = |request: &stub::Request| account(&Service::default(), request);
    let stub = Doing::always("throttle", &["GetExecutionHistory", "DescribeExecution"]).before(service);
    let mut terminal = stepback(home.path(), &stub, &[ARN]);
    terminal.shows("Opening").shows("Retrying, 2 of 5, last: AWS is asked too often").shows("esc stops");
    terminal.press("\u{1b}").shows("Stopped.").shows("tries again");
    std::thread::sleep(Duration::from_millis(200));
    let sent = stub.received().len();
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(stub.received().len(), sent, "what was stopped is not sent any more");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_list_that_is_not_answered_can_be_stopped() {
    let home = tempfile::tempdir().unwrap();
    let service = |request: &stub::Request| account(&Service::default(), request);
    let stub = Doing::always("fail", &["ListStateMachines"]).before(service);
    let mut terminal = stepback(home.path(), &stub, &[]);
    terminal.shows("Retrying, 2 of 5, last: AWS failed to answer (500)").press("\u{1b}").shows("Stopped.");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn an_unreachable_aws_is_on_the_header_within_one_look() {
    let home = tempfile::tempdir().unwrap();
    let down = Arc::new(AtomicBool::new(false));
    let is_down = Arc::clone(&down);
    let stub = Stub::new(move |request| {
        if is_down.load(Ordering::Relaxed) {
            return Reply::Foreign(503, "<html>".to_owned());
        }
        account(&Service { events: 5, status: "RUNNING", ..Service::default() }, request)
    });
    let mut terminal = stepback(home.path(), &stub, &[ARN]);
    terminal.shows("follows what happens next").press("a").shows("following");
    down.store(true, Ordering::Relaxed);
    terminal.shows("Retrying, 2 of 5, last: AWS failed to answer (503)").shows("AWS unreachable");
    down.store(false, Ordering::Relaxed);
    terminal.shows("AWS answers again.").shows("following").press("a").shows("No longer following.").press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn what_aws_says_of_an_execution_is_there_before_its_history() {
    let home = tempfile::tempdir().unwrap();
    let wait = Arc::new(AtomicBool::new(true));
    let held = Arc::clone(&wait);
    let stub = Stub::new(move |request| {
        while request.operation == "GetExecutionHistory" && held.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(20));
        }
        account(&Service::default(), request)
    });
    let mut terminal = stepback(home.path(), &stub, &[ARN]);
    terminal.shows("FAILED").shows("run-1").shows("0 events so far");
    wait.store(false, Ordering::Relaxed);
    terminal.shows("no stock").shows("24/24");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_second_refusal_keeps_the_mark() {
    let home = tempfile::tempdir().unwrap();
    let service = Service { events: 60, page: 10, ..Service::default() };
    let stub = Stub::new(move |request| match request.body["nextToken"].is_string() {
        true => Reply::refusal("AccessDeniedException", "not any more"),
        false => account(&service, request),
    });
    let mut terminal = stepback(home.path(), &stub, &[ARN]);
    terminal.shows("no stock").shows("not all there");
    // What is told stays until the next key.
    terminal.press("k").until("the hints", |screen| !screen.contents().contains("AWS refuses"));
    terminal.press("\u{12}").shows("AWS refuses");
    terminal.shows("ctrl-r goes").shows("not all there");
    assert!(!terminal.contents().contains("Everything so far"), "{}", terminal.contents());
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_recording_that_follows_waits_for_aws_to_come_back() {
    let looks = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let seen = Arc::clone(&looks);
    let stub = Stub::new(move |request| {
        let follows = request.body["maxResults"] == 50;
        let look = if follows { seen.fetch_add(1, Ordering::Relaxed) } else { seen.load(Ordering::Relaxed) };
        let status = if look > 1 { "FAILED" } else { "RUNNING" };
        match follows && look == 0 {
            true => Reply::Foreign(503, String::new()),
            false => Service { status, ..Service::default() }.answer(request),
        }
    });
    let program = Program::new(stub.url(), "eu-west-1");
    let mut command = program.command(&["record", ARN, "-o", "r.sfn.json", "--follow", "--endpoint-url", &stub.url()]);
    let done = Done(command.env("AWS_MAX_ATTEMPTS", "1").output().unwrap()).expect(0);
    assert!(done.said().contains("It is tried again for up to 10 minutes."), "{}", done.said());
    assert_eq!(program.read("r.sfn.json")["execution"]["status"], json!("FAILED"));
}

#[test]
fn the_account_acts_as_aws_does() {
    let account = Account::new(Service::default());
    let ask = |operation: &str, body: serde_json::Value| {
        let request = stub::Request {
            operation: operation.to_owned(),
            body,
            number: 0,
            host: String::new(),
            key: String::new(),
            signed_at: String::new(),
            target: String::new(),
        };
        account.answer(&request)
    };
    for _ in 0..2 {
        ask("StartExecution", json!({ "name": "a", "input": "{}" }));
        ask("RedriveExecution", json!({ "clientToken": "t" }));
    }
    assert_eq!((account.acted("StartExecution"), account.acted("RedriveExecution")), (1, 1));
    assert!(matches!(
        ask("StartExecution", json!({ "name": "a", "input": "1" })),
        Reply::Error(400, "ExecutionAlreadyExists", _)
    ));
}
