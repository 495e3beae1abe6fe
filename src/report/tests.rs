//! What is printed for a small history, on narrow paper.

mod markdown;

use super::*;
use crate::analysis::{diagnose, overview};
use crate::event::EventId;
use crate::history::tests::notation::read;
use crate::history::{Described, Family, MemberId};
use crate::json::Payload;
use crate::recording::TaskLog;

const EVENTS: &str = r#"
1 ExecutionStarted in={"order":7}
2 PassStateEntered Check
3<2 PassStateExited Check assign={"total":"12"}
4<3 MapStateEntered Lines
5<4 MapStateStarted length=2
6<5 MapIterationStarted Lines[0]
7<5 MapIterationStarted Lines[1]
8<6 TaskStateEntered Charge in={"card":"a"}
9<8 TaskScheduled lambda:invoke in={"card":"a"}
10<7 TaskStateEntered Charge in={"card":"b"}
11<10 TaskScheduled lambda:invoke in={"card":"b"}
12<11 TaskFailed lambda:invoke error=Busy
13<12 TaskScheduled lambda:invoke in={"card":"b"}
14<13 TaskFailed lambda:invoke error=Declined cause={"errorMessage":"red\u001b[31m","errorType":"Declined","stackTrace":["at_a","at_b"]}
15<14 MapIterationFailed Lines[1]
16<14 TaskStateAborted
17<14 MapIterationAborted Lines[0]
18<14 TaskStateAborted
19<14 MapStateFailed
20<19 ExecutionFailed error=Declined
"#;

fn family() -> Family {
    let described = Described { name: Some("order-7".into()), ..Described::default() };
    Family::new(described, read(EVENTS).into_iter().collect())
}

fn text(lines: impl AsRef<[String]>) -> String {
    lines.as_ref().join("\n")
}

#[test]
fn cause_is_printed_on_narrow_paper_without_what_a_terminal_obeys() {
    let family = family();
    let lines = why(&diagnose(&family), &overview(&family, MemberId::ROOT), Paper::plain(60));
    insta::assert_snapshot!(text(lines), @r#"
    ✖ FAILED  order-7  19.0 s, 20 events

    ✖ Declined
      Lines[1] ▸ Charge ▸ attempt 2 of 2
      red\u{1b}[31m
      what      task failed, lambda:invoke, after 1.00 s, event
                14
      from      Declined thrown by the function
      before    event 12, retried after 1.00 s: Busy
      then      nothing caught it: the execution failed with it
      aborted   1 item; states Charge
      items     1 of 2 in Lines had failures: 1
      stack     at a
                at b
      task input
                {
                  "card": "b"
                }
    "#);
}

#[test]
fn the_end_of_a_functions_log_stands_below_its_failure() {
    let lines: Vec<_> = (1..=14).map(|line| serde_json::json!({ "message": format!("line {line}\n") })).collect();
    let log =
        serde_json::json!({ "event": 14, "logGroupName": "/aws/lambda/charge", "requestId": "r-1", "events": lines });
    let logs = [TaskLog::of(&Payload::from_value(log)).unwrap()].into();
    let family = Family::new(Described { logs, ..Described::default() }, read(EVENTS).into_iter().collect());
    let (diagnosis, overview) = (diagnose(&family), overview(&family, MemberId::ROOT));
    let printed = text(why(&diagnosis, &overview, Paper::plain(60)));
    let log = printed.split_once("  log").unwrap().1;
    assert!(log.starts_with("       /aws/lambda/charge, the last 12 of 14 lines\n            line 3\n"), "{log}");
    assert!(log.ends_with("line 14"), "{log}");
    let json = why_json(&diagnosis, &overview);
    assert_eq!(json["causes"][0]["log"]["requestId"], "r-1");
    assert_eq!(json["causes"][0]["log"]["lines"][13], "line 14");
    assert!(text(state(&family, "Charge", Paper::plain(60)).unwrap()).contains("line 14"));
    assert!(why_markdown(&diagnosis, &overview).iter().any(|line| line.ends_with("line 14")));
}

#[test]
fn visits_are_printed_as_a_tree() {
    let family = family();
    let (diagnosis, overview) = (diagnose(&family), overview(&family, MemberId::ROOT));
    insta::assert_snapshot!(text(tree(&family, &diagnosis, &overview, Paper::plain(60))), @r#"
    ✖ FAILED  order-7  19.0 s, 20 events

    ✔ Check                                       1.00 s       2
    ✖ Lines  failed Declined, 0 of 2 items …      16.0 s       4
      ✖ [1]                                       8.00 s       7
        ✖ Charge  failed Declined, 2 attemp…      4.00 s      10
          ✖ attempt 1  Busy                       1.00 s      11
          ✖ attempt 2  Declined                   1.00 s      13
      ◌ [0]                                       11.0 s       6
        ◌ Charge  aborted                         10.0 s       8
    "#);
    let ascii = Paper { width: 60, color: false, unicode: false };
    assert!(text(tree(&family, &diagnosis, &overview, ascii)).is_ascii());
    let colored = Paper { width: 60, color: true, unicode: true };
    assert!(text(tree(&family, &diagnosis, &overview, colored)).contains("\u{1b}[31m✖ FAILED\u{1b}[0m"));
}

#[test]
fn one_state_and_one_moment_are_printed_with_their_data() {
    let family = family();
    insta::assert_snapshot!(text(state(&family, "Charge", Paper::plain(60)).unwrap()), @r#"
    ◌ Lines[0] ▸ Charge  Task, 10.0 s
      how       aborted
      events    8 to 18
      attempt   1 at event 9: aborted
      input     {
                  "card": "a"
                }

    ✖ Lines[1] ▸ Charge  Task, 4.00 s
      how       failed Declined, 2 attempts
      events    10 to 14
      attempt   1 at event 11: Busy
      attempt   2 at event 13: Declined
      input     {
                  "card": "b"
                }
    "#);
    let at = at(&family, EventId::new(12).unwrap(), &diagnose(&family), Paper::plain(60));
    insta::assert_snapshot!(text(at.unwrap()), @r#"
    Event 12  TaskFailed  11.0 s in
      where     Lines[1] ▸ Charge
      open      Lines
      open      Lines[0] ▸ Charge
      open      Lines[1] ▸ Charge
      variable  total = 12 (event 3)
      error     Busy
      input     {
                  "card": "b"
                }
    "#);
    assert!(state(&family, "Nowhere", Paper::plain(60)).is_none());
}

#[test]
fn markdown_and_json_say_the_same() {
    let family = family();
    let (diagnosis, overview) = (diagnose(&family), overview(&family, MemberId::ROOT));
    insta::assert_snapshot!(text(why_markdown(&diagnosis, &overview)), @r#"
    ## order-7: FAILED

    **Declined** in `Lines[1] ▸ Charge ▸ attempt 2 of 2`

    > red\\u{1b}\[31m

    - what: task failed, lambda:invoke, after 1.00 s, event 14
    - from: Declined thrown by the function
    - before: event 12, retried after 1.00 s: Busy
    - then: nothing caught it: the execution failed with it
    - aborted: 1 item; states Charge
    - items: 1 of 2 in Lines had failures: 1

    Task input:

    ```json
    {"card":"b"}
    ```
    "#);
    let json = why_json(&diagnosis, &overview);
    assert_eq!(json["format"], "stepback.why/1");
    assert_eq!(json["causes"][0]["place"]["text"], "Lines[1] ▸ Charge");
    assert_eq!(json["causes"][0]["attempt"]["number"], 2);
    let tree = tree_json(&family, None);
    assert_eq!(tree["visits"][1]["scopes"][1]["visits"][0]["outcome"], "failed");
    assert_eq!(tree_json(&family, Some("Check"))["visits"][0]["assigned"]["total"], 12);
    assert_eq!(at_json(&family, EventId::new(12).unwrap()).unwrap()["variables"]["total"], 12);
}
