//! Why a state went where it went, as an outline and as JSON.
//!
//! ```text
//! { "format": "stepback.explain/1", "visits": [
//!   { "execution", "state", "type", "queryLanguage", "line", "event", "next": state | null,
//!     "reason": why nothing can be said, instead of all that follows,
//!     "choice":  { "decided": n | null, "default": state | null,
//!                  "rules": [ { "line", "next", "comment", "test": TEST } ] },
//!     "wait":    { "given": GIVEN, "entered", "until" | "error", "left" },
//!     "task":    { "resource", "line", "pattern", "timeoutSeconds", "heartbeatSeconds" },
//!     "map":     { "distributed", "flows": FLOWS, "concurrency", "maxConcurrency": GIVEN, "toleratedFailureCount": GIVEN,
//!                  "toleratedFailurePercentage": GIVEN },
//!     "parallel": { "flows": FLOWS },
//!     "fail":    { "error": GIVEN, "cause": GIVEN },               one of these, as the type is
//!     "failures": [ { "attempt": n | null, "event", "error", "cause", "fate": "retried" | "waiting" | "caught" | "uncaught",
//!       "retriers": [ { "line", "errorEquals", "verdict": "otherErrors" | "never" | "retried" | "usedUp" | "notAsked",
//!                       "retry", "of", "delaySeconds", "jitter", "waitedSeconds" } ],
//!       "catchers": [ { "line", "errorEquals", "next", "verdict": "otherErrors" | "never" | "caught" | "notAsked" } ] } ] } ] }
//! TEST:  { "text", "verdict": "holds" | "holdsNot" | "gave" | "failed" | "notAsked", "value" | "error",
//!          "operands": [ { "place", "value" } ], "parts": [ TEST ] }
//! GIVEN: { "field", "line", "written": path or expression | absent, "value" | "error" }
//! FLOWS: { "expected", "succeeded", "failed", "aborted", "open" }
//! ```

use super::outline::{Entry, Mark, head_json, said, text};
use super::page::Role;
use super::quantity::{counted, duration, moment_iso, moment_utc};
use crate::analysis::Explanation;
use crate::analysis::explain::{
    About, CatchVerdict, Choice, Delay, Fate, Flows, Given, Handling, How, Map as MapSeen, RetryVerdict, Task, Test,
    Verdict, Wait,
};
use crate::asl::Pattern;
use serde_json::{Map, Value, json};

/// Returns why a state went where it went.
pub fn explain_entries(explained: &Explanation) -> Vec<Entry> {
    let mut entries = Vec::new();
    match &explained.about {
        About::Choice(choice) => rules(&mut entries, choice),
        About::Wait(wait) => waits(&mut entries, wait),
        About::Task(task) => asks(&mut entries, task),
        About::Map(map) => iterates(&mut entries, map),
        About::Parallel(flows) => entries.push(flows_entry("branches", flows)),
        About::Fail { error, cause } => {
            entries.push(Entry::new(0, Mark::Bad).word(Role::Strong, "ends its flow with"));
            for given in [error, cause].into_iter().flatten() {
                entries.push(given_entry(1, given));
            }
        }
        About::Nothing => {
            let words = "No retry, catch or choice: the state only passes data on.";
            entries.push(Entry::new(0, Mark::Neutral).word(Role::Plain, words));
        }
    }
    for handling in &explained.handling {
        handled(&mut entries, handling);
    }
    if explained.handling.is_empty() && matches!(explained.about, About::Task(_) | About::Map(_) | About::Parallel(_)) {
        entries.push(Entry::new(0, Mark::Good).word(Role::Plain, "Nothing failed here."));
    }
    if let Some(next) = &explained.next {
        entries.push(Entry::new(0, Mark::None).word(Role::Dim, "goes on to").word(Role::Strong, next));
    }
    entries
}

fn rules(entries: &mut Vec<Entry>, choice: &Choice) {
    for (place, rule) in choice.rules.iter().enumerate() {
        let decided = choice.decided == Some(place);
        let entry = Entry::new(0, mark(&rule.test.verdict)).word(Role::Strong, format!("rule {}", place + 1));
        let entry = entry.word(role(&rule.test.verdict), verdict_words(&rule.test.verdict));
        let entry = entry.word(if decided { Role::Strong } else { Role::Dim }, format!("→ {}", rule.next));
        entries.push(entry.word(Role::Dim, format!("line {}", rule.line)));
        if let Some(comment) = &rule.comment {
            entries.push(Entry::new(1, Mark::None).word(Role::Dim, comment));
        }
        test(entries, 1, &rule.test);
    }
    let Some((next, line)) = &choice.default else {
        if choice.decided.is_none() {
            entries.push(Entry::new(0, Mark::Bad).word(Role::Failed, "no rule matched, and there is no Default"));
        }
        return;
    };
    let line = line.map(|line| format!("line {line}")).unwrap_or_default();
    let broken = choice.rules.iter().any(|rule| matches!(rule.test.verdict, Verdict::Failed(_)));
    let (mark, words) = match choice.decided {
        Some(_) => (Mark::Neutral, "not needed"),
        None if broken => (Mark::Neutral, "not reached"),
        None => (Mark::Good, "no rule matched"),
    };
    let entry = Entry::new(0, mark).word(Role::Strong, "Default").word(Role::Plain, words);
    entries.push(entry.word(Role::Dim, format!("→ {next}")).word(Role::Dim, line));
}

fn test(entries: &mut Vec<Entry>, depth: u16, seen: &Test) {
    let mut entry = text(depth, mark(&seen.verdict), "", Role::Plain, &seen.text);
    if entry.whole.as_deref().is_some_and(|whole| whole.len() < 120) {
        entry.whole = None;
    }
    entries.push(match &seen.verdict {
        Verdict::Gave(value) => entry.word(Role::Dim, "gave").value(value),
        Verdict::Failed(_) => entry,
        verdict => entry.word(role(verdict), short_words(verdict)),
    });
    if let Verdict::Failed(cause) = &seen.verdict {
        entries.push(text(depth + 1, Mark::None, "", Role::Failed, cause));
    }
    for (place, value) in &seen.operands {
        let entry = Entry::new(depth + 1, Mark::None).word(Role::Key, place).word(Role::Dim, "is");
        entries.push(match value {
            Some(value) => entry.value(value),
            None => entry.word(Role::Changed, "not there"),
        });
    }
    for part in &seen.parts {
        test(entries, depth + 1, part);
    }
}

fn mark(verdict: &Verdict) -> Mark {
    match verdict {
        Verdict::Holds => Mark::Good,
        Verdict::Failed(_) => Mark::Bad,
        Verdict::HoldsNot | Verdict::NotAsked | Verdict::Gave(_) => Mark::Neutral,
    }
}

fn role(verdict: &Verdict) -> Role {
    match verdict {
        Verdict::Holds => Role::Succeeded,
        Verdict::HoldsNot | Verdict::Gave(_) => Role::Plain,
        Verdict::Failed(_) => Role::Failed,
        Verdict::NotAsked => Role::Dim,
    }
}

fn verdict_words(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::HoldsNot => "false",
        Verdict::Gave(_) => "",
        Verdict::Failed(_) => "cannot be evaluated",
        Verdict::NotAsked => "not evaluated",
    }
}

fn short_words(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "true",
        Verdict::HoldsNot => "false",
        other => verdict_words(other),
    }
}

fn given_entry(depth: u16, given: &Given) -> Entry {
    let entry = Entry::new(depth, Mark::None).word(Role::Key, given.field);
    let entry = match &given.how {
        How::Fixed => entry,
        How::Path(written) | How::Expression(written) => entry.word(Role::Plain, written).word(Role::Dim, "is"),
    };
    let entry = match &given.value {
        Ok(value) => entry.value(value),
        Err(cause) => {
            let mut entry = entry.word(Role::Failed, cause);
            entry.mark = Mark::Bad;
            entry
        }
    };
    entry.word(Role::Dim, given.line.map(|line| format!("line {line}")).unwrap_or_default())
}

fn waits(entries: &mut Vec<Entry>, wait: &Wait) {
    let until = match &wait.until {
        Ok(until) => {
            let long = duration(until.micros_since(wait.entered));
            let entry = Entry::new(0, Mark::Good).word(Role::Strong, format!("waits until {}", moment_utc(*until)));
            entry.word(Role::Plain, format!("which is {long}"))
        }
        Err(cause) => text(0, Mark::Bad, "cannot wait", Role::Failed, cause),
    };
    entries.push(until);
    entries.push(given_entry(1, &wait.given));
    entries.push(Entry::new(1, Mark::None).word(Role::Dim, "entered").word(Role::Plain, moment_utc(wait.entered)));
    let left = match wait.left {
        Some(left) => format!("{}, after {}", moment_utc(left), duration(left.micros_since(wait.entered))),
        None => "not so far".to_owned(),
    };
    entries.push(Entry::new(1, Mark::None).word(Role::Dim, "went on").word(Role::Plain, left));
}

fn asks(entries: &mut Vec<Entry>, task: &Task) {
    let (resource, line) = &task.resource;
    let line = line.map(|line| format!("line {line}")).unwrap_or_default();
    entries
        .push(Entry::new(0, Mark::None).word(Role::Dim, "Resource").word(Role::Strong, resource).word(Role::Dim, line));
    if let Some(pattern) = task.pattern {
        let words = match pattern {
            Pattern::RequestResponse => "waits for the response",
            Pattern::Sync | Pattern::Sync2 => "waits for the job to finish",
            Pattern::WaitForTaskToken => "waits for the task token to be returned",
        };
        entries.push(Entry::new(1, Mark::None).word(Role::Plain, words));
    }
    if !task.scheduled {
        entries.push(Entry::new(1, Mark::Neutral).word(Role::Dim, "never scheduled"));
        return;
    }
    let limit = |seconds: Option<u64>, none: &str| seconds.map_or(none.to_owned(), |seconds| format!("{seconds} s"));
    let entry = Entry::new(1, Mark::None).word(Role::Dim, "timeout").word(Role::Plain, limit(task.timeout, "none"));
    entries.push(entry.word(Role::Dim, "heartbeat").word(Role::Plain, limit(task.heartbeat, "none")));
}

fn iterates(entries: &mut Vec<Entry>, map: &MapSeen) {
    if map.distributed {
        let words = "runs its items as child executions, in a Map Run";
        entries.push(Entry::new(0, Mark::None).word(Role::Plain, words));
    } else {
        entries.push(flows_entry("iterations", &map.flows));
    }
    let said = map.max_concurrency.as_ref();
    let entry = Entry::new(1, Mark::None).word(Role::Plain, format!("at most {} at once", map.concurrency));
    entries.push(if said.is_some() { entry } else { entry.word(Role::Dim, "no MaxConcurrency") });
    entries.extend(said.map(|given| given_entry(2, given)));
    let tolerated: Vec<Entry> =
        [&map.tolerated_count, &map.tolerated_percentage].into_iter().flatten().map(|it| given_entry(1, it)).collect();
    if tolerated.is_empty() {
        entries.push(Entry::new(1, Mark::None).word(Role::Plain, "no failed item is tolerated"));
    }
    entries.extend(tolerated);
    if !map.distributed && (map.tolerated_count.is_some() || map.tolerated_percentage.is_some()) {
        let words = "tolerated failures have no effect on an inline Map";
        entries.push(Entry::new(1, Mark::Neutral).word(Role::Changed, words));
    }
}

fn flows_entry(noun: &str, flows: &Flows) -> Entry {
    let ends = [
        ("succeeded", flows.succeeded),
        ("failed", flows.failed),
        ("aborted", flows.aborted),
        ("still running", flows.open),
    ];
    let ends = ends.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}"));
    let ends = ends.collect::<Vec<_>>().join(", ");
    let begun = flows.succeeded + flows.failed + flows.aborted + flows.open;
    let mark = if flows.failed > 0 { Mark::Bad } else { Mark::Neutral };
    let entry = Entry::new(0, mark).word(Role::Strong, format!("{} {noun}", flows.expected)).word(Role::Plain, ends);
    let waiting = flows.expected.saturating_sub(begun);
    entry.word(Role::Dim, if waiting > 0 { format!("{waiting} never started") } else { String::new() })
}

fn handled(entries: &mut Vec<Entry>, handling: &Handling) {
    let who = handling.attempt.map_or("the state".to_owned(), |(_, number)| format!("attempt {number}"));
    let error = handling.failure.error.as_deref().unwrap_or("unnamed error");
    let mark = if matches!(handling.fate, Fate::Uncaught) { Mark::Bad } else { Mark::Caught };
    let entry = Entry::new(0, mark).word(Role::Strong, format!("{who} failed")).word(Role::Failed, error);
    entries.push(entry.word(Role::Dim, format!("event {}", handling.event)).at(handling.event));
    if let Some(cause) = &handling.failure.cause {
        said(entries, 1, "cause", cause);
    }
    for (place, retrier) in handling.retriers.iter().enumerate() {
        let (mark, role, words) = retry_words(&retrier.verdict);
        let entry = Entry::new(1, mark).word(Role::Plain, format!("retrier {}", place + 1));
        let entry = entry.word(role, words).word(Role::Dim, format!("line {}", retrier.line));
        entries.push(entry.word(Role::Key, retrier.errors.join(", ")));
        if let RetryVerdict::Retried { delay, waited, .. } = &retrier.verdict {
            entries.push(Entry::new(2, Mark::None).word(Role::Plain, delay_words(delay, *waited)));
        }
    }
    for (place, catcher) in handling.catchers.iter().enumerate() {
        let (mark, role, words) = match catcher.verdict {
            CatchVerdict::OtherErrors => (Mark::Neutral, Role::Dim, "no match"),
            CatchVerdict::Never => (Mark::Neutral, Role::Dim, "States.Runtime cannot be caught"),
            CatchVerdict::Caught => (Mark::Caught, Role::Caught, "matched"),
            CatchVerdict::NotAsked => (Mark::Neutral, Role::Dim, "not reached"),
        };
        let entry = Entry::new(1, mark).word(Role::Plain, format!("catcher {}", place + 1));
        let entry = entry.word(role, words).word(Role::Dim, format!("→ {}", catcher.next));
        let entry = entry.word(Role::Dim, format!("line {}", catcher.line));
        entries.push(entry.word(Role::Key, catcher.errors.join(", ")));
    }
    if handling.retriers.is_empty() && handling.catchers.is_empty() {
        entries.push(Entry::new(1, Mark::Neutral).word(Role::Dim, "The state has no Retry and no Catch."));
    }
    let (role, words) = match &handling.fate {
        Fate::Retried(event) => (Role::Caught, format!("retried at event {event}")),
        Fate::Waiting => (Role::Running, "waiting for the retry".to_owned()),
        Fate::Caught(next) => (Role::Caught, format!("caught, next state {next}")),
        Fate::Uncaught => (Role::Failed, "no catcher matched: the error propagates to the enclosing scope".to_owned()),
    };
    entries.push(Entry::new(1, Mark::None).word(role, words));
}

fn retry_words(verdict: &RetryVerdict) -> (Mark, Role, String) {
    match verdict {
        RetryVerdict::OtherErrors => (Mark::Neutral, Role::Dim, "no match".to_owned()),
        RetryVerdict::Never => (Mark::Neutral, Role::Dim, "States.Runtime cannot be retried".to_owned()),
        RetryVerdict::Retried { retry, of, .. } => {
            let left = of.saturating_sub(*retry);
            (Mark::Caught, Role::Caught, format!("retry {retry} of {of}, {left} left"))
        }
        RetryVerdict::UsedUp { of: 0 } => (Mark::Bad, Role::Failed, "no retry: MaxAttempts is 0".to_owned()),
        RetryVerdict::UsedUp { of } => {
            let attempts = counted(*of as usize, "retry is", "retries are");
            (Mark::Bad, Role::Failed, format!("its {attempts} used up"))
        }
        RetryVerdict::NotAsked => (Mark::Neutral, Role::Dim, "not reached".to_owned()),
    }
}

/// `1 s × 2^2 = 4 s, at most 3 s; recorded 3.01 s`
fn delay_words(delay: &Delay, waited: Option<i64>) -> String {
    let factor = if delay.times > 0 { format!(" x {}^{}", delay.rate, delay.times) } else { String::new() };
    let capped = delay.capped.map(|most| format!(", at most {most} s (MaxDelaySeconds)")).unwrap_or_default();
    let sum = if factor.is_empty() && capped.is_empty() { String::new() } else { format!(" = {} s", delay.seconds) };
    let drawn = if delay.jitter { ", drawn between 0 and that (JitterStrategy FULL)" } else { "" };
    let waited = waited.map_or("; not retried yet".to_owned(), |it| format!("; recorded {}", duration(it)));
    format!("waits {} s{factor}{capped}{sum}{drawn}{waited}", delay.interval)
}

/// Returns an explanation for programs; the members that say whose it is are the caller's.
pub fn explain_json(explained: &Explanation) -> Map<String, Value> {
    let mut members = head_json(&explained.head);
    let mut set = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    set("next", json!(explained.next.as_deref()));
    match &explained.about {
        About::Choice(choice) => set("choice", choice_json(choice)),
        About::Wait(wait) => set("wait", wait_json(wait)),
        About::Task(task) => set("task", task_json(task)),
        About::Map(map) => set("map", map_json(map)),
        About::Parallel(flows) => set("parallel", json!({ "flows": flows_json(flows) })),
        About::Fail { error, cause } => {
            let given = |given: &Option<Given>| given.as_ref().map(given_json);
            set("fail", json!({ "error": given(error), "cause": given(cause) }));
        }
        About::Nothing => {}
    }
    set("failures", explained.handling.iter().map(handling_json).collect());
    members
}

fn choice_json(choice: &Choice) -> Value {
    let rule = |rule: &crate::analysis::explain::Rule| json!({ "line": rule.line, "next": &*rule.next, "comment": rule.comment, "test": test_json(&rule.test) });
    json!({
        "decided": choice.decided,
        "default": choice.default.as_ref().map(|(next, _)| &**next),
        "rules": choice.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn test_json(test: &Test) -> Value {
    let (verdict, extra) = match &test.verdict {
        Verdict::Holds => ("holds", None),
        Verdict::HoldsNot => ("holdsNot", None),
        Verdict::Gave(value) => ("gave", Some(("value", value.clone()))),
        Verdict::Failed(cause) => ("failed", Some(("error", json!(cause)))),
        Verdict::NotAsked => ("notAsked", None),
    };
    let operand = |(place, value): &(String, Option<Value>)| match value {
        Some(value) => json!({ "place": place, "value": value }),
        None => json!({ "place": place }),
    };
    let mut found = json!({
        "text": test.text,
        "verdict": verdict,
        "operands": test.operands.iter().map(operand).collect::<Vec<_>>(),
        "parts": test.parts.iter().map(test_json).collect::<Vec<_>>(),
    });
    if let (Some((name, value)), Some(members)) = (extra, found.as_object_mut()) {
        members.insert(name.to_owned(), value);
    }
    found
}

fn given_json(given: &Given) -> Value {
    let mut members = Map::new();
    members.insert("field".to_owned(), json!(given.field));
    members.insert("line".to_owned(), json!(given.line));
    if let How::Path(written) | How::Expression(written) = &given.how {
        members.insert("written".to_owned(), json!(written));
    }
    match &given.value {
        Ok(value) => members.insert("value".to_owned(), value.clone()),
        Err(cause) => members.insert("error".to_owned(), json!(cause)),
    };
    Value::Object(members)
}

fn wait_json(wait: &Wait) -> Value {
    let mut found = json!({
        "given": given_json(&wait.given),
        "entered": moment_iso(wait.entered),
        "left": wait.left.map(moment_iso),
    });
    if let Some(members) = found.as_object_mut() {
        match &wait.until {
            Ok(until) => members.insert("until".to_owned(), json!(moment_iso(*until))),
            Err(cause) => members.insert("error".to_owned(), json!(cause)),
        };
    }
    found
}

fn task_json(task: &Task) -> Value {
    let pattern = task.pattern.map(|pattern| match pattern {
        Pattern::RequestResponse => "requestResponse",
        Pattern::Sync | Pattern::Sync2 => "sync",
        Pattern::WaitForTaskToken => "waitForTaskToken",
    });
    json!({
        "resource": task.resource.0,
        "line": task.resource.1,
        "pattern": pattern,
        "timeoutSeconds": task.timeout,
        "heartbeatSeconds": task.heartbeat,
    })
}

fn map_json(map: &MapSeen) -> Value {
    let given = |given: &Option<Given>| given.as_ref().map(given_json);
    json!({
        "distributed": map.distributed,
        "flows": flows_json(&map.flows),
        "concurrency": map.concurrency,
        "maxConcurrency": given(&map.max_concurrency),
        "toleratedFailureCount": given(&map.tolerated_count),
        "toleratedFailurePercentage": given(&map.tolerated_percentage),
    })
}

fn flows_json(flows: &Flows) -> Value {
    let Flows { expected, succeeded, failed, aborted, open } = flows;
    json!({ "expected": expected, "succeeded": succeeded, "failed": failed, "aborted": aborted, "open": open })
}

fn handling_json(handling: &Handling) -> Value {
    let fate = match &handling.fate {
        Fate::Retried(_) => "retried",
        Fate::Waiting => "waiting",
        Fate::Caught(_) => "caught",
        Fate::Uncaught => "uncaught",
    };
    let retrier = |seen: &crate::analysis::explain::RetrierSeen| {
        let mut found = json!({ "line": seen.line, "errorEquals": seen.errors });
        let members = found.as_object_mut();
        let verdict = match &seen.verdict {
            RetryVerdict::OtherErrors => "otherErrors",
            RetryVerdict::Never => "never",
            RetryVerdict::Retried { .. } => "retried",
            RetryVerdict::UsedUp { .. } => "usedUp",
            RetryVerdict::NotAsked => "notAsked",
        };
        let Some(members) = members else { return found };
        members.insert("verdict".to_owned(), json!(verdict));
        match &seen.verdict {
            RetryVerdict::Retried { retry, of, delay, waited } => {
                #[expect(clippy::cast_precision_loss, reason = "a delay is far below what 53 bits hold")]
                let seconds = waited.map(|micros| micros as f64 / 1e6);
                members.insert("retry".to_owned(), json!(retry));
                members.insert("of".to_owned(), json!(of));
                members.insert("delaySeconds".to_owned(), json!(delay.seconds));
                members.insert("jitter".to_owned(), json!(delay.jitter));
                members.insert("waitedSeconds".to_owned(), json!(seconds));
            }
            RetryVerdict::UsedUp { of } => drop(members.insert("of".to_owned(), json!(of))),
            _ => {}
        }
        found
    };
    let catcher = |seen: &crate::analysis::explain::CatcherSeen| {
        let verdict = match seen.verdict {
            CatchVerdict::OtherErrors => "otherErrors",
            CatchVerdict::Never => "never",
            CatchVerdict::Caught => "caught",
            CatchVerdict::NotAsked => "notAsked",
        };
        json!({ "line": seen.line, "errorEquals": seen.errors, "next": &*seen.next, "verdict": verdict })
    };
    json!({
        "attempt": handling.attempt.map(|(_, number)| number),
        "event": handling.event.get(),
        "error": handling.failure.error.as_deref(),
        "cause": handling.failure.cause.as_deref(),
        "fate": fate,
        "retriers": handling.retriers.iter().map(retrier).collect::<Vec<_>>(),
        "catchers": handling.catchers.iter().map(catcher).collect::<Vec<_>>(),
    })
}
