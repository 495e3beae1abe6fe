//! Two histories in the notation, and what comes out of their comparison.

use super::*;
use crate::history::tests::notation::read;

/// Events with members left out of their details, or put into them, as JSON.
fn changed(events: &str, change: impl Fn(&mut serde_json::Map<String, Value>)) -> Vec<Event> {
    let events = read(events).into_iter().map(|event| {
        let mut event = serde_json::to_value(&event).expect("an event is JSON");
        for (name, member) in event.as_object_mut().into_iter().flatten() {
            if let (true, Value::Object(details)) = (name.ends_with("EventDetails"), member) {
                change(details);
            }
        }
        Event::read(&event.to_string().into()).expect("still an event")
    });
    events.collect()
}

/// What differs, and what was not checked, on one line.
fn compared(recorded: &[Event], replayed: &[Event], missing: &[&'static str]) -> String {
    let drawn = HashSet::from(["drawn-text".into()]);
    let definition = Payload::from_text(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass"}, "Clock": {"Type": "Pass", "Output": "{% $now() %}"},
            "M": {"Type": "Map", "MaxConcurrency": 1}}}"#,
    );
    let pair = Pair { recorded, replayed, definition: Some(&definition), drawn: &drawn, missing, redacted: false };
    let found = compare(&pair);
    let mut line = format!("{} of {}", found.agreed, found.compared);
    if found.extra > 0 {
        line.push_str(&format!(", {} extra", found.extra));
    }
    for it in &found.not_checked {
        line.push_str(&format!(", {} {} {:?}", it.event, it.path, it.reason));
    }
    if let Some(divergence) = found.divergence {
        let event = divergence.recorded.or(divergence.replayed).expect("one of them");
        let path = divergence.difference.map(|difference| format!(" at {}", difference.path)).unwrap_or_default();
        line.push_str(&format!(", differs in {}{path}", event.id));
    }
    line
}

const PASS: &str = r#"
    1 ExecutionStarted in={"a":1}
    2 PassStateEntered A in={"a":1}
    3<2 PassStateExited A out={"a":1}
    4<3 ExecutionSucceeded out={"a":1}"#;

#[test]
fn what_differs_is_found_where_it_stands() {
    for (replayed, expected) in [
        (PASS.to_owned(), "4 of 4"),
        (PASS.replace(r#"A out={"a":1}"#, r#"A out={"a":2}"#), "3 of 4, 1 extra, differs in 3 at output.a"),
        (PASS.replace(r#"A out={"a":1}"#, r#"A out={"a":1.0}"#), "3 of 4, 1 extra, differs in 3 at output.a"),
        (PASS.replace(r#"A out={"a":1}"#, r#"A out={"b":1}"#), "3 of 4, 1 extra, differs in 3 at output.a"),
        (PASS.replace(" A ", " B "), "1 of 4, 3 extra, differs in 2"),
        (PASS.lines().take(3).collect::<Vec<_>>().join("\n"), "2 of 4, differs in 3"),
        (format!("{PASS}\n5<4 ExecutionRedriven"), "4 of 4, 1 extra, differs in 5"),
        (PASS.replace(r#"A out={"a":1}"#, r#"A out={"a":"drawn-text"}"#), "3 of 4, 1 extra, differs in 3 at output.a"),
    ] {
        assert_eq!(compared(&read(PASS), &read(&replayed), &[]), expected, "{replayed}");
    }
}

#[test]
fn what_aws_draws_anew_is_excused_where_it_is_asked_for() {
    let at = |state: &str, value: &str| {
        PASS.replace(" A ", &format!(" {state} ")).replace(r#"out={"a":1}"#, &format!(r#"out={{"a":{value}}}"#))
    };
    let time = |state: &str, minute: u32| at(state, &format!(r#""2026-01-01T00:{minute:02}:00Z""#));
    for (recorded, replayed, expected) in [
        (time("Clock", 1), time("Clock", 2), "4 of 4, 3 output.a Time, 4 output.a MadeUp"),
        (time("A", 1), time("A", 2), "2 of 4, 2 extra, differs in 3 at output.a"),
        (at("A", r#""x:recorded""#), at("A", r#""x:drawn-text""#), "4 of 4, 3 output.a MadeUp, 4 output.a MadeUp"),
        (at("A", r#""y:recorded""#), at("A", r#""x:drawn-text""#), "2 of 4, 2 extra, differs in 3 at output.a"),
        (at("A", r#""run-7""#), at("A", r#""execution-nowhere""#), "4 of 4, 3 output.a Identity, 4 output.a MadeUp"),
        (at("A", "7"), at("A", r#""execution-nowhere""#), "2 of 4, 2 extra, differs in 3 at output.a"),
    ] {
        assert_eq!(compared(&read(&recorded), &read(&replayed), &["execution-nowhere"]), expected, "{recorded}");
    }
}

#[test]
fn absent_is_not_recorded() {
    let today = changed(PASS, |details| {
        for (member, told) in [("input", "inputDetails"), ("output", "outputDetails")] {
            if details.contains_key(member) {
                details.insert(told.to_owned(), serde_json::json!({ "truncated": false }));
            }
        }
        if details.get("name").is_none() && details.contains_key("input") {
            details.insert("roleArn".to_owned(), "arn:aws:iam::1:role/R".into());
        }
    });
    let without =
        |members: &[&str]| changed(PASS, |details| members.iter().for_each(|name| drop(details.remove(*name))));
    for (recorded, expected) in [
        (
            without(&[]),
            "4 of 4, 1 inputDetails NotRecorded, 1 roleArn NotRecorded, 2 inputDetails NotRecorded, 3 outputDetails \
             NotRecorded, 4 outputDetails NotRecorded",
        ),
        (
            without(&["input", "output"]),
            "4 of 4, 1 input NotRecorded, 1 inputDetails NotRecorded, 2 input NotRecorded, 2 inputDetails NotRecorded, 3 \
             output NotRecorded, 3 outputDetails NotRecorded, 4 output NotRecorded, 4 outputDetails NotRecorded",
        ),
    ] {
        // A role that was not recorded is none to compare, whatever else is there.
        let told = compared(&recorded, &today, &[]).replace(", 1 roleArn NotRecorded", "");
        assert_eq!(told, expected.replace(", 1 roleArn NotRecorded", ""));
    }
    // What the replay lacks is a difference all the same.
    assert_eq!(compared(&today, &without(&["output"]), &[]), "0 of 4, 4 extra, differs in 1 at inputDetails");
}

#[test]
fn older_forms_are_the_same() {
    let map = |exit: u32| {
        format!(
            "1 ExecutionStarted\n2 MapStateEntered D\n3<2 MapStateStarted length=1\n4<3 MapRunStarted arn=x\n\
             5<4 MapRunSucceeded\n6<5 MapStateSucceeded\n7<{exit} MapStateExited D\n8<7 ExecutionSucceeded"
        )
    };
    let evaluation = |parent: u32| {
        format!(
            "1 ExecutionStarted\n2 PassStateEntered A\n3<2 PassStateExited A\n4<3 PassStateEntered B\n\
             5<{parent} EvaluationFailed B error=E\n6<5 ExecutionFailed error=E"
        )
    };
    let runtime = |parent: &str| {
        format!(
            "1 ExecutionStarted\n2 PassStateEntered A\n3{parent} ExecutionFailed error=States.Runtime \
             cause=while_executing_the_state_'A'_(entered_at_the_event_id_#2)"
        )
    };
    let execution = |redriven: &str| {
        PASS.replace(
            r#"out={"a":1}"#,
            &format!(r#"out={{"Id":"arn","Input":{{}},"Name":"n","RoleArn":"r","StartTime":"t"{redriven}}}"#),
        )
    };
    for (older, today, expected) in [
        (map(5), map(4), "8 of 8, 7 previousEventId OlderForm"),
        (map(4), map(4), "8 of 8"),
        (evaluation(3), evaluation(4), "6 of 6, 5 previousEventId OlderForm"),
        (evaluation(4), evaluation(4), "6 of 6"),
        (runtime(""), runtime("<2"), "3 of 3, 3 previousEventId OlderForm"),
        (execution(""), execution(r#","RedriveCount":0"#), "4 of 4, 3 output OlderForm, 4 output OlderForm"),
        (execution(r#","RedriveCount":0"#), execution(""), "2 of 4, 2 extra, differs in 3 at output.RedriveCount"),
    ] {
        assert_eq!(compared(&read(&older), &read(&today), &[]), expected, "{older}");
    }
}

#[test]
fn turns_of_branches_count_for_nothing_and_tries_stay_apart() {
    let parallel = |first: &str, second: &str, last: u32| {
        format!(
            "1 ExecutionStarted\n2 ParallelStateEntered P\n3<2 ParallelStateStarted\n4<3 PassStateEntered {first}\n\
             5<4 PassStateExited {first}\n6<3 PassStateEntered {second}\n7<6 PassStateExited {second}\n\
             8<{last} ParallelStateSucceeded\n9<{last} ParallelStateExited P\n10<9 ExecutionSucceeded"
        )
    };
    let retried = |second: &str| {
        format!(
            "1 ExecutionStarted\n2 TaskStateEntered T\n3<2 TaskScheduled lambda:invoke\n4<3 TaskFailed lambda:invoke error=E\n\
             5<4 TaskScheduled lambda:invoke\n6<5 TaskFailed lambda:invoke error={second}\n7<6 ExecutionFailed error=E"
        )
    };
    for (recorded, replayed, expected) in [
        (parallel("L", "R", 7), parallel("R", "L", 7), "10 of 10"),
        (parallel("L", "R", 7), parallel("L", "R", 5), "10 of 10"),
        (parallel("L", "R", 7), parallel("L", "X", 7), "8 of 10, 2 extra, differs in 6"),
        (retried("E"), retried("E"), "7 of 7"),
        (retried("E"), retried("F"), "6 of 7, 1 extra, differs in 6 at error"),
    ] {
        assert_eq!(compared(&read(&recorded), &read(&replayed), &[]), expected, "{recorded}\n{replayed}");
    }
}

#[test]
fn an_open_recording_is_compared_as_far_as_it_goes() {
    let begun: Vec<Event> = read(PASS).into_iter().take(2).collect();
    assert_eq!(compared(&begun, &read(PASS), &[]), "2 of 2, 2 extra");
}
