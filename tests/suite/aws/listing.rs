//! Lists against a service that sorts them as AWS says, and executions that are in logs only.

use super::account::IDENTITY;
use super::*;
use crate::pty::Terminal;
use crate::record::express;
use ::stepback::event::Timestamp;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const LINES: &str = "arn:aws:states:eu-west-1:123456789012:stateMachine:Lines";

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// Executions by when they ended, the latest first, in pages of two.
fn listed(request: &stub::Request) -> Reply {
    let ended = |name: &str, started: f64, stopped: f64| {
        json!({ "executionArn": format!("arn:aws:states:eu-west-1:123456789012:execution:Orders:{name}"), "name": name,
                "stateMachineArn": service::MACHINE, "status": "FAILED", "redriveCount": 0,
                "startDate": now() - started, "stopDate": now() - stopped })
    };
    let all = [
        ended("short-1", 300.0, 290.0),
        ended("two-days-long", 172_800.0, 600.0),
        ended("short-2", 900.0, 890.0),
        ended("old-1", 90_000.0, 80_000.0),
        ended("old-2", 90_100.0, 80_100.0),
        ended("old-3", 90_200.0, 80_200.0),
    ];
    if request.body["statusFilter"] != "FAILED" {
        return json!({ "executions": [] }).into();
    }
    let from: usize = request.body["nextToken"].as_str().map_or(0, |token| token.parse().unwrap());
    let mut page = json!({ "executions": all.get(from..from + 2) });
    if from + 2 < all.len() {
        page["nextToken"] = (from + 2).to_string().into();
    }
    page.into()
}

#[test]
fn what_ended_since_is_listed_however_long_it_ran_and_nothing_further_is_read() {
    let home = tempfile::tempdir().unwrap();
    let stub = Stub::new(|request| match request.operation.as_str() {
        "ListExecutions" => listed(request),
        _ => screen::account(&Service::default(), request),
    });
    let mut terminal = screen::stepback(home.path(), &stub, &[service::MACHINE]);
    // What fills the screen is read first; the filter needs no more than the page on which it ends.
    terminal.shows("short-1").press("/since:1h\r");
    terminal.until("what ended since", |screen| {
        let text = screen.contents();
        text.contains("two-days-long") && text.contains("short-2") && !text.contains("old-1")
    });
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}

/// What Insights answers: the executions of an Express machine, one whose time is a text.
fn insights(request: &stub::Request) -> Reply {
    let row = |cells: &[(&str, &str)]| -> Value {
        cells.iter().map(|(field, value)| json!({ "field": field, "value": value })).collect()
    };
    match request.operation.as_str() {
        "StartQuery" => json!({ "queryId": "q" }).into(),
        "GetQueryResults" => {
            let (first, second) = (express::child(1), express::child(2));
            let present = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
            let present = i64::try_from(present).unwrap();
            // Both forms in which results have times.
            let millis = |ago: i64| {
                format!("{}.{}E12", (present - ago) / 1_000_000_000_000, (present - ago) % 1_000_000_000_000)
            };
            let text = |ago: i64| {
                let iso = Timestamp::from_micros((present - ago) * 1_000).to_string();
                iso.get(..19).unwrap().replace('T', " ")
            };
            json!({ "status": "Complete", "statistics": { "bytesScanned": 1_234_567.0 }, "results": [
                row(&[("execution_arn", &first), ("started", &millis(60_000)), ("ended", &millis(50_000)),
                      ("last", "ExecutionFailed"), ("error", "Lines.Bad"), ("events", "4")]),
                row(&[("execution_arn", &second), ("firstLine", &text(40_000)), ("lastLine", &text(30_000)), ("last", "ExecutionSucceeded"), ("events", "4")]),
            ]})
            .into()
        }
        "GetCallerIdentity" => Reply::Text(IDENTITY.to_owned()),
        _ => express::answer(request, 3, 5),
    }
}

fn express_screen(stub: &Stub, home: &std::path::Path) -> Terminal {
    screen::stepback(home, stub, &[LINES])
}

#[test]
fn an_express_machine_is_listed_and_opened_from_its_log() {
    let home = tempfile::tempdir().unwrap();
    let stub = Stub::new(insights);
    let mut terminal = express_screen(&stub, home.path());
    terminal.shows("line-1").shows("Lines.Bad").shows("line-2").shows("scanned by Insights");
    assert_eq!(stub.count("ListExecutions"), 0, "the service would refuse");
    let query = stub.received().into_iter().find(|request| request.operation == "StartQuery").unwrap().body;
    assert!(query["queryString"].as_str().unwrap().contains("\":express:Lines:\""), "{query}");
    let seconds = query["endTime"].as_i64().unwrap() - query["startTime"].as_i64().unwrap();
    assert!((3_590..=3_610).contains(&seconds), "an hour: {seconds}");
    terminal.press("/since:1d\r").until("the log was looked through again", |_| stub.count("StartQuery") == 2);
    terminal.shows("line-2").press("j\r").shows("SUCCEEDED").shows("4/4").press("q").shows("line-1").press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn an_express_machine_that_logs_nothing_says_so() {
    let home = tempfile::tempdir().unwrap();
    let stub = Stub::new(|request| match request.operation.as_str() {
        "DescribeStateMachine" => json!({ "stateMachineArn": LINES, "name": "Lines", "type": "EXPRESS",
                                          "loggingConfiguration": { "level": "OFF" } })
        .into(),
        _ => insights(request),
    });
    let mut terminal = express_screen(&stub, home.path());
    terminal.shows("Lines logs nothing: its log level is OFF.").shows("includeExecutionData").press("q");
    assert_eq!(terminal.ends(), 0);
    assert_eq!((stub.count("ListExecutions"), stub.count("StartQuery")), (0, 0));
}
