//! What acts is asked for once, whatever becomes of the answer; and what became of it is looked up and told.

use super::account::{Account, TOKEN};
use super::modes::Doing;
use super::screen::stepback;
use super::*;
use stepback::source::aws::{Actions, ErrorKind, Operation};

/// The seven calls that act.
const ACTING: [&str; 7] = [
    "StartExecution",
    "StartSyncExecution",
    "StopExecution",
    "RedriveExecution",
    "SendTaskSuccess",
    "SendTaskFailure",
    "SendTaskHeartbeat",
];

async fn act(actions: &Actions, operation: &str) -> Result<(), AwsError> {
    match operation {
        "StartExecution" => actions.start(service::MACHINE, "mine", Some("{}")).await.map(drop),
        "StartSyncExecution" => actions.start_sync(service::MACHINE, None, None).await.map(drop),
        "StopExecution" => actions.stop(ARN, None, None).await,
        "RedriveExecution" => actions.redrive(ARN, "mine").await,
        "SendTaskSuccess" => actions.send_task_success(TOKEN, "{}").await,
        "SendTaskFailure" => actions.send_task_failure(TOKEN, None, None).await,
        _ => actions.send_task_heartbeat(TOKEN).await,
    }
}

/// Does it through a proxy that does that to it; returns how often it was sent, how often it was done, and the error.
fn through(mode: &'static str, operation: &'static str) -> (usize, usize, Option<AwsError>) {
    let account = Account::new(Service::default());
    let service = account.clone();
    let stub = Doing::always(mode, &ACTING).before(move |request| service.answer(request));
    let error = block_on(async {
        let options = Options { access: Access::Actions, ..options(&stub) };
        // What drips is not waited for; all else has time on a busy machine as well.
        let whole = if mode == "drip" { Duration::from_millis(600) } else { options.patience.whole };
        let options = Options { patience: Patience { whole, ..options.patience }, ..options };
        let client = Client::connect(options).await.unwrap();
        act(&client.actions().unwrap(), operation).await.err()
    });
    (stub.count(operation), account.acted(operation), error)
}

#[test]
fn a_call_that_acts_is_sent_once_whatever_becomes_of_its_answer() {
    assert_eq!(
        ACTING.len(),
        Operation::ALL.iter().filter(|it| it.effect() == stepback::source::aws::Effect::Acts).count()
    );
    for operation in ACTING {
        let (sent, acted, error) = through("log", operation);
        assert_eq!((sent, acted, error), (1, 1, None), "{operation}");
        for mode in ["lose", "fail", "truncate", "wrong-length", "garbage", "drip"] {
            if mode == "drip" && operation == "StartSyncExecution" {
                continue; // It has five minutes.
            }
            let (sent, acted, error) = through(mode, operation);
            assert_eq!((sent, acted), (1, 1), "{operation} {mode}");
            // An empty object is dripped in time.
            let Some(error) = error else {
                assert!(mode == "drip" && operation.starts_with("SendTask"), "{operation} {mode}");
                continue;
            };
            assert!(error.kind.may_have_happened(), "{operation} {mode}: {error:?}");
            assert!(error.to_string().starts_with(&format!("{operation} may have been done: ")), "{mode}: {error}");
            assert!(error.hint().as_deref().is_none_or(|hint| hint.contains("before you do it again")), "{error:?}");
        }
        for mode in ["deny", "throttle", "skew", "not-found", "not-implemented"] {
            let (sent, acted, error) = through(mode, operation);
            assert_eq!((sent, acted), (1, 0), "{operation} {mode}");
            let error = error.unwrap();
            assert!(!error.kind.may_have_happened(), "{operation} {mode}: {error:?}");
        }
        let (sent, acted, error) = through("refuse", operation);
        assert_eq!((sent, acted), (1, 0), "{operation}");
        assert!(error.unwrap().kind.may_have_happened(), "nobody can tell whether it was heard");
    }
}

#[test]
fn nobody_there_is_not_the_same_as_an_answer_that_was_lost() {
    let stub = Stub::new(|_| Reply::Closed);
    let options = Options { access: Access::Actions, endpoint_url: Some(stub::nowhere()), ..options(&stub) };
    for operation in ACTING {
        let options = options.clone();
        let error = block_on(async {
            act(&Client::connect(options).await.unwrap().actions().unwrap(), operation).await.unwrap_err()
        });
        assert!(matches!(error.kind, ErrorKind::Unreachable(_)) && !error.kind.may_have_happened(), "{error:?}");
    }
}

/// Tells whether the states are there, and nothing more is on its way.
fn is_whole(screen: &vt100::Screen) -> bool {
    let text = screen.contents();
    ["S1", "Ask"].iter().any(|state| text.contains(state)) && !text.contains("events…") && !text.contains("so far…")
}

/// The program on an execution, with actions allowed, in front of a proxy.
fn on_screen(account: &Account, doing: Doing) -> (crate::pty::Terminal, Stub, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let service = account.clone();
    let stub = doing.before(move |request| service.answer(request));
    let mut terminal = stepback(home.path(), &stub, &["--allow-actions", ARN]);
    terminal.shows("ACTIONS ALLOWED").until("all of it", is_whole);
    (terminal, stub, home)
}

#[test]
fn a_start_whose_answer_is_lost_is_found_by_its_name() {
    let account = Account::new(Service::default());
    let (mut terminal, stub, _home) = on_screen(&account, Doing::always("lose", &["StartExecution"]));
    terminal.press("A").shows("Type start").shows("definition").press("start\r");
    let started = || account.started();
    terminal.shows("looked up").press("q");
    assert_eq!((stub.count("StartExecution"), started().len()), (1, 1));
    terminal.shows("no stock");
}

#[test]
fn a_start_that_was_not_heard_can_be_typed_again_and_has_the_same_name() {
    let account = Account::new(Service::default());
    let (mut terminal, stub, _home) = on_screen(&account, Doing::times("refuse", &["StartExecution"], 1));
    terminal.press("A").shows("Type start").shows("definition").press("start\r");
    terminal.shows("may have been done").shows("has been started");
    assert_eq!((stub.count("StartExecution"), account.acted("StartExecution")), (1, 0));
    terminal.press("start\r").shows("Started: ");
    let names: Vec<_> = stub
        .received()
        .into_iter()
        .filter(|it| it.operation == "StartExecution")
        .map(|it| it.body["name"].clone())
        .collect();
    assert_eq!((names.len(), &names[0]), (2, &names[1]));
    assert_eq!(account.started(), [names[0].as_str().unwrap()]);
}

#[test]
fn a_redrive_that_is_answered_with_a_failure_is_looked_up() {
    let account = Account::new(Service::default());
    let (mut terminal, stub, _home) = on_screen(&account, Doing::always("fail", &["RedriveExecution"]));
    terminal.press("R").shows("Type redrive").shows("definition").press("redrive\r").shows("looked up");
    assert_eq!((stub.count("RedriveExecution"), account.acted("RedriveExecution")), (1, 1));
}

#[test]
fn a_stop_whose_answer_is_lost_is_looked_up() {
    let account = Account::new(Service { status: "RUNNING", events: 6, ..Service::default() });
    let (mut terminal, stub, _home) = on_screen(&account, Doing::always("lose", &["StopExecution"]));
    terminal.press("S").shows("Type stop").shows("aborted in").press("stop\r").shows("looked up");
    assert_eq!((stub.count("StopExecution"), account.acted("StopExecution")), (1, 1));
}

#[test]
fn a_stop_that_was_not_heard_is_told_and_offered_again() {
    let account = Account::new(Service { status: "RUNNING", events: 6, ..Service::default() });
    let (mut terminal, stub, _home) = on_screen(&account, Doing::times("refuse", &["StopExecution"], 1));
    terminal.press("S").shows("Type stop").shows("aborted in").press("stop\r").shows("it is still running");
    assert_eq!((stub.count("StopExecution"), account.acted("StopExecution")), (1, 0));
    terminal.press("stop\r").shows("Stopped: run-1.");
    assert_eq!(account.acted("StopExecution"), 1);
}

#[test]
fn a_task_that_was_answered_although_nobody_said_so_is_looked_up() {
    for (key, mode, word, operation) in
        [("K", "lose", "succeed", "SendTaskSuccess"), ("B", "fail", "fail", "SendTaskFailure")]
    {
        let account = Account::new(Service { status: "RUNNING", waits: true, ..Service::default() });
        let (mut terminal, stub, _home) =
            on_screen(&account, Doing { to: vec![operation], ..Doing::always(mode, &[]) });
        terminal.press("G").press(key).shows(if key == "K" { "Output of the task" } else { "Error of the task" });
        terminal.press("\r");
        if key == "B" {
            terminal.shows("Cause of its failure").press("\r");
        }
        terminal.shows(&format!("Type {word}")).shows("token begins").press(&format!("{word}\r"));
        terminal.shows("looked up");
        assert_eq!((stub.count(operation), account.acted(operation)), (1, 1));
    }
}

#[test]
fn when_nobody_can_say_it_is_not_offered_again() {
    let account = Account::new(Service { status: "RUNNING", events: 6, ..Service::default() });
    let (service, home) = (account.clone(), tempfile::tempdir().unwrap());
    let stub = Stub::new(move |request| match request.operation.as_str() {
        "StopExecution" => {
            service.answer(request);
            Reply::Closed
        }
        "DescribeExecution" if service.acted("StopExecution") > 0 => {
            Reply::refusal("AccessDeniedException", "not any more")
        }
        _ => service.answer(request),
    });
    let mut terminal = stepback(home.path(), &stub, &["--allow-actions", ARN]);
    terminal.shows("ACTIONS ALLOWED").until("all of it", is_whole);
    terminal.press("S").shows("Type stop").shows("aborted in").press("stop\r");
    terminal.shows("StopExecution may have been done").shows("cannot be looked up");
    terminal.press("stop\r").press("\u{1b}").shows("Whether anything was changed is not known.");
    assert_eq!(stub.count("StopExecution"), 1);
}
