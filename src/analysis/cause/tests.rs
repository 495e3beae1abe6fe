//! Histories in the notation of `history`'s tests, and what is found to be wrong with them.

use super::*;
use crate::analysis::fleet::Shape;
use crate::history::tests::notation::read;
use crate::history::{Described, Family, History};
use crate::json::Payload;
use crate::report::breadcrumb;

/// Writes a diagnosis: `KIND place error "message" facts…`, one line each.
fn describe(events: &str) -> String {
    let family = Family::new(Described::default(), read(events).into_iter().collect());
    let diagnosis = diagnose(&family);
    let mut lines = vec![diagnosis.status.name().to_owned()];
    lines.extend(diagnosis.causes.iter().map(|finding| format!("cause {}", line(finding))));
    lines.extend(diagnosis.others.iter().map(|finding| format!("other {}", line(finding))));
    lines.extend(diagnosis.waiting.iter().map(|waiting| {
        let place = breadcrumb(&waiting.place);
        let long = waiting.micros.map(|micros| format!(" for {} s", micros / 1_000_000)).unwrap_or_default();
        format!("waits {place} {:?} since {}{long}", waiting.what, waiting.since)
    }));
    lines.join("\n")
}

fn line(finding: &Finding) -> String {
    let mut line = format!("{} at {}: {:?}", breadcrumb(&finding.place), finding.place.event, finding.stage);
    let mut add = |text: String| line.push_str(&text);
    finding.error.iter().for_each(|error| add(format!(" {error}")));
    finding.cause.iter().for_each(|cause| add(format!(" \"{}\"", cause.summary)));
    finding.attempt.iter().for_each(|(number, of)| add(format!(", attempt {number}/{of}")));
    finding.tries.iter().for_each(|tried| add(format!(", before {}", tried.event)));
    finding.runs.iter().for_each(|(name, run, of)| add(format!(", run {run}/{of} of {name}")));
    let fate = match &finding.fate {
        Fate::Caught { by, to, .. } => format!("Caught by {by} to {}", to.as_deref().unwrap_or("-")),
        Fate::RunAgain { by } => format!("RunAgain by {by}"),
        other => format!("{other:?}"),
    };
    add(format!(", {fate}"));
    finding.ended_in.iter().for_each(|(state, report)| {
        add(format!(", ended in {state} {}", report.error.as_deref().unwrap_or("-")));
    });
    if !finding.aborted.is_empty() {
        let states: Vec<_> = finding.aborted.states.iter().map(|(name, count)| format!("{name}*{count}")).collect();
        add(format!(
            ", aborted {} items {} branches {}",
            finding.aborted.items,
            finding.aborted.branches,
            states.join(" ")
        ));
    }
    if finding.count > 1 {
        add(format!(", {} alike", finding.count));
    }
    finding.items.iter().for_each(|items| {
        add(format!(", {} of {} in {}", items.failed, items.total, items.map));
        items.contrast.traits.iter().for_each(|it| match &it.shape {
            Shape::Value(value) => add(format!(" {}={value}", it.path)),
            shape => add(format!(" {} {}", it.path, shape.name())),
        });
    });
    line
}

fn check(events: &str, expected: &[&str]) {
    let found = describe(events);
    assert_eq!(found, expected.join("\n"), "found:\n{found}");
}

#[test]
fn failure_in_an_iteration_is_the_cause_not_the_map_that_collects_it() {
    let events = r#"
        1 ExecutionStarted
        2 MapStateEntered M
        3<2 MapStateStarted length=3
        4<3 MapIterationStarted M[0]
        5<3 MapIterationStarted M[1]
        6<4 TaskStateEntered T in={"c":"EUR"}
        7<6 TaskScheduled lambda:invoke
        8<5 TaskStateEntered T in={"c":"JPY"}
        9<8 TaskScheduled lambda:invoke in={"p":1}
        10<9 TaskStarted lambda:invoke
        11<10 TaskFailed lambda:invoke error=Busy
        12<11 TaskScheduled lambda:invoke in={"p":1}
        13<12 TaskStarted lambda:invoke
        14<13 TaskFailed lambda:invoke error=Declined cause={"errorMessage":"no_money","errorType":"Declined"}
        15<14 MapIterationFailed M[1]
        16<14 TaskStateAborted
        17<14 MapIterationAborted M[0]
        18<14 TaskStateAborted
        19<14 MapStateFailed
        20<19 ExecutionFailed error=Declined"#;
    check(
        events,
        &[
            "FAILED",
            "cause M[1] ▸ T at 14: Task Declined \"no money\", attempt 2/2, before 11, EndedRun, aborted 1 items 0 branches T*1, 1 of 3 in M",
        ],
    );
}

#[test]
fn fail_state_hides_the_caught_failure_that_led_to_it() {
    let events = "
        1 ExecutionStarted
        2 TaskStateEntered Charge
        3<2 TaskScheduled lambda:invoke
        4<3 TaskFailed lambda:invoke error=Declined
        5<4 TaskStateExited Charge
        6<5 PassStateEntered Tell
        7<6 PassStateExited Tell
        8<7 FailStateEntered Stop
        9<8 ExecutionFailed error=Order.Failed";
    check(
        events,
        &[
            "FAILED",
            "cause Charge at 4: Task Declined, attempt 1/1, Caught by Charge to Tell, ended in Stop Order.Failed",
        ],
    );
}

#[test]
fn fail_state_after_a_failure_that_was_got_over_stands_for_itself() {
    let events = "
        1 ExecutionStarted
        2 TaskStateEntered Poll
        3<2 TaskScheduled lambda:invoke
        4<3 TaskFailed lambda:invoke error=Busy
        5<4 TaskStateExited Poll
        6<5 WaitStateEntered Pause
        7<6 WaitStateExited Pause
        8<7 TaskStateEntered Poll
        9<8 TaskScheduled lambda:invoke
        10<9 TaskSucceeded lambda:invoke
        11<10 TaskStateExited Poll
        12<11 FailStateEntered Stop
        13<12 ExecutionFailed error=Bad cause=answer_was_no";
    check(
        events,
        &[
            "FAILED",
            "cause Stop at 12: FailState Bad \"answer was no\", EndedRun",
            "other Poll at 4: Task Busy, attempt 1/1, Caught by Poll to Pause",
        ],
    );
}

#[test]
fn good_run_mentions_what_it_got_over() {
    let events = "
        1 ExecutionStarted
        2 TaskStateEntered T
        3<2 TaskScheduled lambda:invoke
        4<3 TaskFailed lambda:invoke error=Busy
        5<4 TaskScheduled lambda:invoke
        6<5 TaskSucceeded lambda:invoke
        7<6 TaskStateExited T
        8<7 ExecutionSucceeded";
    check(events, &["SUCCEEDED", "other T at 4: Task Busy, attempt 1/2, Recovered"]);
}

#[test]
fn expression_and_state_failures_name_their_state_and_size_limits_none() {
    let evaluation = "
        1 ExecutionStarted
        2 PassStateEntered A
        3<2 PassStateExited A
        4<3 TaskStateEntered B
        5<3 EvaluationFailed B error=States.QueryEvaluationError cause=undefined
        6<5 ExecutionFailed error=States.QueryEvaluationError";
    check(evaluation, &["FAILED", "cause B at 5: Evaluation States.QueryEvaluationError \"undefined\", EndedRun"]);
    let path = "1 ExecutionStarted\n2 ChoiceStateEntered C\n3<2 ExecutionFailed error=States.Runtime cause=no_path";
    check(path, &["FAILED", "cause C at 3: State States.Runtime \"no path\", EndedRun"]);
    let limit = "1 ExecutionStarted\n2 PassStateEntered A\n3<2 PassStateExited A\n4<3 ExecutionFailed error=States.DataLimitExceeded";
    check(limit, &["FAILED", "cause the execution itself at 4: Execution States.DataLimitExceeded, EndedRun"]);
}

#[test]
fn stopped_run_says_what_it_waited_for() {
    let events = "
        1 ExecutionStarted
        2 ParallelStateEntered P
        3<2 ParallelStateStarted
        4<3 TaskStateEntered Approve
        5<4 TaskScheduled sqs:sendMessage.waitForTaskToken
        6<3 TaskStateEntered Work
        7<6 ActivityScheduled
        8<5 TaskSubmitted sqs:sendMessage.waitForTaskToken
        9 ExecutionAborted error=Why cause=because at=60000";
    check(
        events,
        &[
            "ABORTED",
            "cause the execution itself at 9: Execution Why \"because\", EndedRun",
            "waits P[0] ▸ Approve Token { task: Some(\"sqs:sendMessage.waitForTaskToken\") } since 8 for 52 s",
            "waits P[1] ▸ Work Worker { activity: None } since 7 for 53 s",
        ],
    );
}

#[test]
fn running_run_waits_for_its_retry() {
    let events = "
        1 ExecutionStarted
        2 TaskStateEntered T
        3<2 TaskScheduled lambda:invoke
        4<3 TaskFailed lambda:invoke error=Busy";
    check(
        events,
        &[
            "RUNNING",
            "other T at 4: Task Busy, attempt 1/1, Pending",
            "waits T Retry { error: Some(\"Busy\") } since 4",
        ],
    );
}

#[test]
fn items_that_fail_alike_are_told_once_with_what_they_share() {
    let mut events = "1 ExecutionStarted\n2 MapStateEntered M\n3<2 MapStateStarted length=13\n".to_owned();
    let mut id = 4;
    for item in 0..13 {
        let currency = if item % 6 == 0 { "JPY" } else { "EUR" };
        events.push_str(&format!("{id}<3 MapIterationStarted M[{item}]\n"));
        events.push_str(&format!("{}<{id} TaskStateEntered T in={{\"c\":\"{currency}\",\"n\":{item}}}\n", id + 1));
        events.push_str(&format!("{}<{} TaskScheduled lambda:invoke\n", id + 2, id + 1));
        let outcome = if item % 6 == 0 {
            format!("TaskFailed lambda:invoke error=Bad cause=file_{item}")
        } else {
            "TaskSucceeded lambda:invoke".into()
        };
        events.push_str(&format!("{}<{} {outcome}\n", id + 3, id + 2));
        events.push_str(&format!("{}<{} TaskStateExited T\n", id + 4, id + 3));
        events.push_str(&format!("{}<{} MapIterationSucceeded M[{item}]\n", id + 5, id + 4));
        id += 6;
    }
    events.push_str(&format!("{id}<{} MapStateSucceeded\n{}<{} MapStateExited M\n", id - 1, id + 1, id - 1));
    events.push_str(&format!("{}<{} ExecutionSucceeded", id + 2, id + 1));
    check(
        &events,
        &[
            "SUCCEEDED",
            "other M[0] ▸ T at 7: Task Bad \"file 0\", attempt 1/1, Caught by T to -, 3 alike, 3 of 13 in M $.c=\"JPY\"",
        ],
    );
}

#[test]
fn redriven_failure_and_retried_map_are_told() {
    let redriven = "
        1 ExecutionStarted
        2 TaskStateEntered T
        3<2 ActivityScheduled
        4<3 ActivityFailed error=E
        5<4 ExecutionFailed error=E
        6<5 ExecutionRedriven
        7<2 ActivityScheduled
        8<7 ActivitySucceeded
        9<8 TaskStateExited T
        10<9 ExecutionSucceeded";
    check(redriven, &["SUCCEEDED", "other T at 4: Task E, attempt 1/2, Redriven"]);
    let retried = "
        1 ExecutionStarted
        2 MapStateEntered M
        3<2 MapStateStarted length=1
        4<3 MapIterationStarted M[0]
        5<4 FailStateEntered F
        6<5 MapIterationFailed M[0]
        7<5 MapStateStarted length=1
        8<7 MapIterationStarted M[0]
        9<8 FailStateEntered F
        10<9 MapIterationFailed M[0]
        11<9 MapStateFailed
        12<11 ExecutionFailed error=E cause=c";
    check(
        retried,
        &[
            "FAILED",
            "cause M[0] ▸ F at 9: FailState E \"c\", run 2/2 of M, EndedRun, 1 of 1 in M",
            "other M[0] ▸ F at 5: FailState, run 1/2 of M, RunAgain by M, 1 of 1 in M",
        ],
    );
}

#[test]
fn a_reporter_that_throws_again_what_it_was_told_is_not_the_cause() {
    let events = |input: &str, error: &str, cause: &str| {
        format!(
            r#"
            1 ExecutionStarted
            2 TaskStateEntered Extract
            3<2 TaskScheduled lambda:invoke
            4<3 TaskFailed lambda:invoke error=BadHeader cause={{"errorMessage":"row_17_has_no_header"}}
            5<4 TaskStateExited Extract
            6<5 TaskStateEntered Report in={input}
            7<6 TaskScheduled lambda:invoke
            8<7 TaskFailed lambda:invoke error={error} cause={cause}
            9<8 ExecutionFailed error={error} cause={cause}"#
        )
    };
    let told = r#"{"Error":"BadHeader","Cause":"{\"errorMessage\":\"row17hasnoheader\"}"}"#;
    let same = r#"{"errorMessage":"row_17_has_no_header"}"#;
    let nested = r#"{"errorMessage":"failed:_{\"errorMessage\":\"row_17_has_no_header\"}","errorType":"BadHeader"}"#;
    let first = "cause Extract at 4: Task BadHeader";
    let second = "cause Report at 8: Task";
    for (input, error, cause, expected) in [
        (told, "BadHeader", same, first),
        (told, "Exception", nested, first),
        (told, "BadHeader", r#"{"errorMessage":"the_mail_server_is_down"}"#, second),
        // Nobody told it: it failed in the same way by itself.
        (r#"{"file":7}"#, "BadHeader", same, second),
    ] {
        let found = describe(&events(input, error, cause));
        assert!(found.lines().any(|line| line.starts_with(expected)), "{cause}: {found}");
        let ended = found.lines().any(|line| line.contains("ended in Report"));
        assert_eq!(ended, expected == first, "{found}");
    }
}

#[test]
fn the_failure_of_a_branch_beside_is_not_thrown_again() {
    let found = describe(
        "
        1 ExecutionStarted
        2 ParallelStateEntered P
        3<2 ParallelStateStarted
        4<3 TaskStateEntered A
        5<3 FailStateEntered B
        6<4 TaskScheduled lambda:invoke
        7<6 TaskFailed lambda:invoke error=Same cause=the_very_same_words
        8<7 TaskStateExited A
        9<5 ParallelStateFailed
        10<9 ExecutionFailed error=Same cause=the_very_same_words",
    );
    assert!(found.contains("cause P[1] ▸ B at 5: FailState"), "{found}");
}

#[test]
fn what_the_end_follows_from_may_be_missing() {
    let found = describe(
        "
        80<79 PassStateExited A
        81<80 TaskStateEntered Extract
        82<81 TaskScheduled lambda:invoke
        83<82 TaskFailed lambda:invoke error=Bad cause=row_17_has_no_header
        84<83 TaskStateExited Extract
        99<98 ExecutionFailed error=Bad cause=row_17_has_no_header",
    );
    assert!(found.contains("cause Extract at 83: Task Bad"), "{found}");
    let found = describe("1 ExecutionStarted\n9<8 ExecutionFailed error=Bad cause=row_17");
    assert!(found.contains("at 9: NotRecorded Bad"), "{found}");
}

#[test]
fn what_waits_says_when_that_ends() {
    use super::super::Programs;
    use super::{EndsBy, diagnose_with};
    use crate::recording::Recording;
    let ends = |state: &str, rest: &str| {
        let definition = format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#);
        let events = format!("1 ExecutionStarted in={{\"at\":\"2000-01-01T00:10:00Z\",\"s\":90}}\n{rest}");
        let mut recording = Recording::from_events(read(&events));
        recording.state_machine.get_or_insert_default().definition = Some(Payload::from_text(definition));
        let family = Family::of(&recording);
        let diagnosis = diagnose_with(&family, &Programs::of(&recording, &family));
        let waits = diagnosis.waiting.into_iter().next().unwrap();
        let since = waits.since_at.unwrap();
        waits.ends.map(|ends| (ends.at.micros_since(since) / 1_000_000, ends.by))
    };
    let wait = r#"2 WaitStateEntered S in={"s":90}"#;
    assert_eq!(ends(r#"{"Type":"Wait","Seconds":30,"End":true}"#, wait), Some((30, EndsBy::Wait)));
    assert_eq!(ends(r#"{"Type":"Wait","SecondsPath":"$.s","End":true}"#, wait), Some((90, EndsBy::Wait)));
    let jsonata = r#"{"Type":"Wait","QueryLanguage":"JSONata","Seconds":"{% $states.input.s * 2 %}","End":true}"#;
    assert_eq!(ends(jsonata, wait), Some((180, EndsBy::Wait)));
    assert_eq!(ends(r#"{"Type":"Wait","SecondsPath":"$.none","End":true}"#, wait), None);
    let task = |retry: &str| {
        format!(r#"{{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{{}},{retry}"End":true}}"#)
    };
    let failed = "2 TaskStateEntered S\n3<2 TaskScheduled lambda:invoke\n4<3 TaskFailed lambda:invoke error=Busy";
    let retry = r#""Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":7}],"#;
    assert_eq!(ends(&task(retry), failed), Some((7, EndsBy::Retry)));
    let drawn = r#""Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":7,"JitterStrategy":"FULL"}],"#;
    assert_eq!(ends(&task(drawn), failed), None, "how long it waits is drawn");
}

#[test]
fn an_execution_that_times_out_first_ends_what_waits() {
    use super::super::Programs;
    use super::{EndsBy, diagnose_with};
    use crate::recording::Recording;
    let ends = |timeout: u32, events: &str| {
        let definition = format!(
            r#"{{"StartAt":"S","TimeoutSeconds":{timeout},"States":{{"S":{{"Type":"Wait","Seconds":30,"End":true}}}}}}"#
        );
        let mut recording = Recording::from_events(read(events));
        recording.state_machine.get_or_insert_default().definition = Some(Payload::from_text(definition));
        let family = Family::of(&recording);
        let diagnosis = diagnose_with(&family, &Programs::of(&recording, &family));
        let began = family.member(MemberId::ROOT).history.started_at().unwrap();
        let ends = diagnosis.waiting.first().and_then(|waits| waits.ends).unwrap();
        (ends.at.micros_since(began) / 1_000_000, ends.by)
    };
    let waits = "1 ExecutionStarted at=0\n2 WaitStateEntered S in={} at=1000";
    assert_eq!(ends(20, waits), (20, EndsBy::Execution));
    assert_eq!(ends(60, waits), (31, EndsBy::Wait));
    // Rule: a redrive gives the execution its time anew.
    let redriven = "1 ExecutionStarted at=0\n2 WaitStateEntered S in={} at=1000\n3<0 ExecutionAborted at=2000\n\
                    4<3 ExecutionRedriven at=6000\n5<2 WaitStateEntered S in={} at=7000";
    assert_eq!(ends(20, redriven), (26, EndsBy::Execution));
}

#[test]
fn what_failed_before_a_redrive_was_not_handled() {
    let found = describe(
        "
        1 ExecutionStarted
        2 TaskStateEntered S
        3<2 TaskScheduled lambda:invoke
        4<3 TaskFailed lambda:invoke error=Busy
        5<4 ExecutionFailed error=Busy
        6<5 ExecutionRedriven",
    );
    assert!(found.contains("Redriven"), "{found}");
}

#[test]
fn what_waits_and_what_was_aborted_stand_in_the_order_of_the_definition() {
    let mut history: History = read(
        "
        1 ExecutionStarted
        2 ParallelStateEntered P
        3<2 ParallelStateStarted
        4<3 TaskStateEntered C
        5<3 WaitStateEntered B
        6<3 WaitStateEntered A
        7<4 TaskScheduled lambda:invoke
        8<7 TaskFailed lambda:invoke error=Bad
        9<8 ParallelStateFailed
        10<9 ExecutionFailed error=Bad",
    )
    .into_iter()
    .collect();
    let branch = |state: &str| format!(r#"{{"StartAt":"{state}","States":{{"{state}":{{}}}}}}"#);
    let branches = ["A", "B", "C"].map(branch).join(",");
    history.label_by(&Payload::from_text(format!(r#"{{"StartAt":"P","States":{{"P":{{"Branches":[{branches}]}}}}}}"#)));
    let diagnosis = diagnose(&Family::new(Described::default(), history));
    let cause = &diagnosis.causes[0];
    assert_eq!(breadcrumb(&cause.place), "P[2] ▸ C");
    let aborted: Vec<&str> = cause.aborted.states.iter().map(|(name, _)| &**name).collect();
    assert_eq!((aborted, cause.aborted.branches), (vec!["A", "B"], 2));
    assert!(diagnosis.others.is_empty(), "what was aborted did not fail by itself: {:?}", diagnosis.others);
}

/// An execution with a Map Run that ended like that, of which the service counted so much and so many of the executions
/// are recorded: those that failed first.
fn with_map_run(end: &str, counts: &serde_json::Value, failed: usize, succeeded: usize) -> Family {
    use serde_json::json;
    let run = "arn:aws:states:us-east-1:1:mapRun:M/Each:1";
    let event = |id: usize, kind: &str, details: &str, value: serde_json::Value| json!({ "id": id, "previousEventId": id - 1, "timestamp": 1000 + id, "type": kind, details: value });
    let mut events = vec![
        event(1, "ExecutionStarted", "executionStartedEventDetails", json!({ "input": "{}" })),
        event(2, "MapStateEntered", "stateEnteredEventDetails", json!({ "name": "Each", "input": "{}" })),
        event(3, "MapStateStarted", "mapStateStartedEventDetails", json!({ "length": 0 })),
        event(4, "MapRunStarted", "mapRunStartedEventDetails", json!({ "mapRunArn": run })),
    ];
    let failure = json!({ "error": "States.ExceedToleratedFailureThreshold" });
    match end {
        "SUCCEEDED" => events.extend([
            event(5, "MapRunSucceeded", "x", json!({})),
            event(6, "MapStateExited", "stateExitedEventDetails", json!({ "name": "Each", "output": "[]" })),
            event(7, "ExecutionSucceeded", "executionSucceededEventDetails", json!({ "output": "[]" })),
        ]),
        "FAILED" => events.extend([
            event(5, "MapRunFailed", "mapRunFailedEventDetails", failure.clone()),
            event(6, "ExecutionFailed", "executionFailedEventDetails", failure),
        ]),
        "ABORTED" => events.push(event(5, "ExecutionAborted", "executionAbortedEventDetails", json!({}))),
        _ => {}
    }
    let child = |number: usize, status: &str| {
        let arn = format!("arn:aws:states:us-east-1:1:execution:M/Each:{number}");
        json!({ "execution": { "executionArn": arn, "name": number.to_string(), "status": status, "error": "Bad" } })
    };
    let bad = (0..failed).map(|number| child(number, "FAILED"));
    let children: Vec<_> = bad.chain((0..succeeded).map(|number| child(100 + number, "SUCCEEDED"))).collect();
    let mut described = json!({ "mapRunArn": run, "status": end });
    described.as_object_mut().unwrap().extend(counts.as_object().unwrap().clone());
    let recording = json!({
        "format": "stepback/1", "execution": { "status": end }, "events": events,
        "mapRuns": [{ "mapRun": described, "executions": children }],
    });
    Family::of(&crate::recording::Recording::read(&recording.to_string().into()).unwrap())
}

#[test]
fn a_map_run_tells_what_was_counted_and_what_is_missing() {
    use crate::report::map_run_words;
    use serde_json::json;
    let of = |failed: u64| json!({ "itemCounts": { "failed": failed, "succeeded": 50 - failed, "total": 50 } });
    let both = json!({ "itemCounts": { "failed": 2, "timedOut": 1, "total": 50 }, "executionCounts": { "failed": 3, "total": 10 } });
    for (end, counts, failed, succeeded, told, others) in [
        ("SUCCEEDED", of(3), 3, 47, "3 of 50 items in Each failed, tolerated.", 3),
        (
            "SUCCEEDED",
            of(3),
            0,
            0,
            "3 of 50 items in Each failed, tolerated. What failed in them is not in the recording.",
            0,
        ),
        (
            "SUCCEEDED",
            of(3),
            1,
            0,
            "3 of 50 items in Each failed, tolerated. 2 failed executions are not in the recording.",
            1,
        ),
        ("SUCCEEDED", both, 3, 7, "3 of 50 items in Each failed, tolerated.", 3),
        ("SUCCEEDED", json!({}), 2, 8, "2 of 10 executions in Each failed, tolerated.", 2),
        ("SUCCEEDED", json!({}), 0, 0, "Of the items of Each nothing is recorded.", 0),
        ("SUCCEEDED", of(0), 0, 50, "", 0),
        ("RUNNING", of(3), 3, 40, "3 of 50 items in Each have failed so far.", 3),
        ("ABORTED", of(3), 3, 40, "3 of 50 items in Each had failed when it was stopped.", 3),
        ("FAILED", of(3), 3, 40, "", 0),
        ("FAILED", of(3), 0, 0, "3 of 50 items in Each failed. What failed in them is not in the recording.", 0),
        ("FAILED", json!({}), 0, 0, "Of the items of Each nothing is recorded.", 0),
        ("FAILED", json!({}), 0, 50, "", 0),
    ] {
        let diagnosis = diagnose(&with_map_run(end, &counts, failed, succeeded));
        let words: Vec<String> = diagnosis.map_runs.iter().map(map_run_words).collect();
        let what = format!("{end} {counts} {failed} {succeeded}");
        assert_eq!(words.join("|"), told, "{what}");
        assert_eq!(diagnosis.others.iter().map(|finding| finding.count).sum::<usize>(), others, "{what}");
        assert_eq!(diagnosis.causes.is_empty(), !matches!(end, "FAILED" | "ABORTED"), "{what}");
        let none = |finding: &Finding| finding.items.as_ref().is_some_and(|items| items.failed == 0);
        assert!(!diagnosis.causes.iter().any(none), "nobody says that none of the items failed: {what}");
    }
}
