//! Histories and logs in every form in which somebody may have them, made here, and what is read of them.

use crate::event::{Details, Timestamp};
use crate::recording::{Missing, Recording, Status};
use crate::source::{Opened, SourceError, open_bytes};
use serde_json::{Value, json};

const CAUSE: &str = r#"{"errorMessage":"no rate for <café>","errorType":"NoRate","trace":["at \"x\"\n"]}"#;
const INPUT: &str = r#"{"order":{"id":"A-1","total":12.5}}"#;

/// What was printed, by whatever printed it: as the service sends it, with the times as they are given.
fn events(time: impl Fn(u32) -> Value) -> Vec<Value> {
    let data = json!({"truncated": false});
    vec![
        json!({"timestamp": time(0), "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
               "executionStartedEventDetails": {"input": INPUT, "inputDetails": data, "roleArn": "arn:aws:iam::111122223333:role/r"}}),
        json!({"timestamp": time(1), "type": "TaskStateEntered", "id": 2, "previousEventId": 0,
               "stateEnteredEventDetails": {"name": "Convert", "input": INPUT, "inputDetails": data}}),
        json!({"timestamp": time(1), "type": "TaskScheduled", "id": 3, "previousEventId": 2,
               "taskScheduledEventDetails": {"resourceType": "lambda", "resource": "invoke", "region": "eu-west-1",
                                             "parameters": "{\"FunctionName\":\"rates\"}"}}),
        json!({"timestamp": time(2), "type": "TaskFailed", "id": 4, "previousEventId": 3,
               "taskFailedEventDetails": {"resourceType": "lambda", "resource": "invoke", "error": "NoRate", "cause": CAUSE}}),
        json!({"timestamp": time(3), "type": "ExecutionFailed", "id": 5, "previousEventId": 4,
               "executionFailedEventDetails": {"error": "NoRate", "cause": CAUSE}}),
    ]
}

fn iso(second: u32) -> Value {
    json!(format!("2026-05-03T08:00:{second:02}.250000+00:00"))
}

fn history() -> Value {
    json!({ "events": events(iso) })
}

fn opened(text: impl Into<Vec<u8>>) -> Result<Opened, SourceError> {
    open_bytes(text.into())
}

fn one(text: impl Into<Vec<u8>>) -> Recording {
    match opened(text).unwrap() {
        Opened::One(recording) => *recording,
        other => panic!("not one recording: {other:?}"),
    }
}

/// The same in every form: status, cause, dates, data.
fn assert_is_it(recording: &Recording, form: &str) {
    let kinds: Vec<String> = recording.events.iter().map(|event| event.kind.to_string()).collect();
    let expected = ["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskFailed", "ExecutionFailed"];
    assert_eq!(kinds, expected, "{form}");
    assert_eq!(recording.status(), Status::Failed, "{form}");
    let last = recording.events.get(4).unwrap();
    let failure = last.details.failure().unwrap();
    assert_eq!((failure.error.as_deref(), failure.cause.as_deref()), (Some("NoRate"), Some(CAUSE)), "{form}");
    let started = Timestamp::parse_iso("2026-05-03T08:00:00Z").unwrap();
    assert_eq!(recording.started().unwrap().as_millis() / 1000, started.as_millis() / 1000, "{form}");
    assert_eq!(recording.stopped().unwrap().micros_since(recording.started().unwrap()), 3_000_000, "{form}");
    assert_eq!(recording.input().unwrap().text(), INPUT, "{form}");
    match recording.events.get(2).unwrap().details {
        Details::TaskScheduled(scheduled) => {
            assert_eq!(scheduled.task.resource_type.as_deref(), Some("lambda"), "{form}");
            assert_eq!(scheduled.parameters.unwrap().text(), "{\"FunctionName\":\"rates\"}", "{form}");
        }
        other => panic!("{form}: {other:?}"),
    }
    assert_eq!(recording.missing(), [], "{form}");
}

/// What `--output yaml` prints.
fn yaml(value: &Value, indent: usize, text: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                text.push_str(&format!("{pad}{name}:"));
                scalar_or_below(value, indent + 2, text);
            }
        }
        Value::Array(all) => {
            for value in all {
                let mut below = String::new();
                yaml(value, indent + 2, &mut below);
                text.push_str(&format!("{pad}- {}", below.trim_start()));
            }
        }
        _ => {}
    }
}

fn scalar_or_below(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(_) | Value::Array(_) => {
            text.push('\n');
            yaml(value, if value.is_array() { indent - 2 } else { indent }, text);
        }
        Value::String(scalar) if scalar.chars().all(|c| c.is_ascii_alphabetic()) => {
            text.push_str(&format!(" {scalar}\n"));
        }
        Value::String(scalar) => text.push_str(&format!(" '{}'\n", scalar.replace('\'', "''"))),
        other => text.push_str(&format!(" {other}\n")),
    }
}

fn yaml_of(value: &Value) -> String {
    let mut text = String::new();
    yaml(value, 0, &mut text);
    text
}

/// What `--output text` prints: names in capitals, plain members in the order of their names.
fn table(value: &Value, name: &str, columns: Option<&[&str]>, text: &mut String) {
    match value {
        Value::Object(members) => {
            let plain = |value: &Value| match value {
                Value::String(text) => text.clone(),
                Value::Bool(true) => "True".to_owned(),
                Value::Bool(false) => "False".to_owned(),
                other => other.to_string(),
            };
            let nested = |value: &&Value| value.is_object() || value.is_array();
            let mut names: Vec<&str> = members.keys().map(String::as_str).collect();
            names.sort_unstable();
            let scalars: Vec<String> = match columns {
                Some(columns) => columns.iter().map(|name| members.get(*name).map(plain).unwrap_or_default()).collect(),
                None => {
                    names.iter().filter(|name| !nested(&&members[**name])).map(|name| plain(&members[*name])).collect()
                }
            };
            if !scalars.is_empty() {
                let head = if name.is_empty() { String::new() } else { format!("{}\t", name.to_uppercase()) };
                text.push_str(&format!("{head}{}\n", scalars.join("\t")));
            }
            names
                .into_iter()
                .filter(|name| nested(&&members[*name]))
                .for_each(|name| table(&members[name], name, None, text));
        }
        Value::Array(all) => {
            let mut columns: Vec<&str> = all
                .iter()
                .filter_map(Value::as_object)
                .flat_map(|it| it.iter().filter(|(_, value)| !value.is_object()).map(|(name, _)| name.as_str()))
                .collect();
            columns.sort_unstable();
            columns.dedup();
            all.iter().for_each(|value| table(value, name, Some(&columns), text));
        }
        _ => {}
    }
}

fn table_of(value: &Value) -> String {
    let mut text = String::new();
    table(value, "", None, &mut text);
    text
}

/// Python's `repr`, where a time is what `time` makes of its second.
fn python(value: &Value, time: &dyn Fn(&str) -> Option<String>) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("'{name}': {}", python(value, time))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(all) => {
            format!("[{}]", all.iter().map(|value| python(value, time)).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => time(text).unwrap_or_else(|| {
            let text = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\'', "\\'");
            format!("'{text}'")
        }),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        other => other.to_string(),
    }
}

fn datetime(zone: &'static str, hour: u32) -> impl Fn(&str) -> Option<String> {
    move |text| {
        let second: u32 = text.strip_prefix("2026-05-03T08:00:")?.get(..2)?.parse().ok()?;
        Some(format!("datetime.datetime(2026, 5, 3, {hour}, 0, {second}, 250000, tzinfo={zone})"))
    }
}

fn capitals(value: &Value) -> Value {
    let capital = |name: &str| {
        format!("{}{}", name.get(..1).unwrap_or_default().to_uppercase(), name.get(1..).unwrap_or_default())
    };
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (capital(name), capitals(value))).collect(),
        Value::Array(all) => all.iter().map(capitals).collect(),
        other => other.clone(),
    }
}

fn utf16(text: &str, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

/// A history in every form.
fn forms() -> Vec<(&'static str, Vec<u8>)> {
    let spelled = |spell: fn(u32) -> String| json!({ "events": events(|second| json!(spell(second))) }).to_string();
    let mut sdk = capitals(&history());
    sdk["ResultMetadata"] = json!({});
    sdk["NextToken"] = Value::Null;
    let mut net = sdk.clone();
    for event in net["Events"].as_array_mut().unwrap() {
        event["Type"] = json!({ "Value": event["Type"] });
    }
    let mut instant =
        json!({ "events": events(|second| json!({"seconds": 1_777_795_200 + second, "nanos": 250_000_000})) });
    instant["nextToken"] = Value::Null;
    let response =
        json!({ "events": events(iso), "ResponseMetadata": {"HTTPStatusCode": 200, "RetryAttempts": 0, "x": null} });
    let script = |second: &str| second.starts_with("2026-05").then(|| second.replace("+00:00", "Z"));
    let javascript =
        python(&history(), &script).replace("'events'", "events").replace("'id'", "id").replace("False", "false");
    vec![
        ("yaml", yaml_of(&history()).into()),
        ("yaml-stream", yaml_of(&json!([history()])).into()),
        ("text", table_of(&history()).into()),
        ("print, UTC", format!("{}\n", python(&response, &datetime("tzutc()", 8))).into()),
        ("print, timezone.utc", python(&response, &datetime("datetime.timezone.utc", 8)).into()),
        ("print, offset", format!("got:\n{}\n", python(&response, &datetime("tzoffset(None, 7200)", 10))).into()),
        (
            "a notebook",
            format!(
                "Out[3]: {}\n",
                python(&response, &datetime("datetime.timezone(datetime.timedelta(days=-1, seconds=79200))", 6))
            )
            .into(),
        ),
        ("a list in Python", format!("{}\n", python(&history()["events"], &datetime("tzutc()", 8))).into()),
        ("console.log", format!("{javascript}\n").into()),
        ("json.dumps(default=str)", spelled(|second| format!("2026-05-03 08:00:{second:02}.250000+00:00")).into()),
        ("json.dumps(default=str), naive", spelled(|second| format!("2026-05-03 08:00:{second:02}")).into()),
        ("Gson", spelled(|second| format!("May 3, 2026, 8:00:{second:02} AM")).into()),
        ("Gson of Java 20", spelled(|second| format!("May 3, 2026, 8:00:{second:02}\u{202f}AM")).into()),
        ("Gson of Java 8", spelled(|second| format!("May 3, 2026 8:00:{second:02} AM")).into()),
        ("Java's Date", spelled(|second| format!("Sun May 03 08:00:{second:02} UTC 2026")).into()),
        ("PowerShell", spelled(|second| format!("/Date(17777952{second:02}250)/")).into()),
        ("Java's Instant", instant.to_string().into()),
        ("Go", sdk.to_string().into()),
        (".NET", serde_json::to_vec_pretty(&net).unwrap()),
        ("Windows-1252", windows_1252(&history().to_string())),
        ("UTF-16", utf16(&history().to_string(), true)),
        ("UTF-16 without mark", utf16(&history().to_string(), false)),
    ]
}

#[test]
fn what_programs_print_of_a_history_is_read_like_the_history() {
    for (form, text) in forms() {
        assert_is_it(&one(text), form);
    }
}

#[test]
fn text_in_pieces_is_one() {
    let recording = one(
        "{'events': [{'id': 1,\n  'timestamp': datetime.datetime(2026, 5, 3, 8, 0),\n  'type': 'ExecutionFailed',\n  \
         'executionFailedEventDetails': {'cause': 'a ' \"b's \"\n   '\\x63\\u00e9', 'error': ('X' 'Y')}}]}\n"
            .to_string(),
    );
    let event = recording.events.get(0).unwrap();
    let failure = event.details.failure().unwrap();
    assert_eq!((failure.error.as_deref(), failure.cause.as_deref()), (Some("XY"), Some("a b's cé")));
    assert!(recording.recorded.notes.unwrap().iter().any(|note| note.contains("zone")));
}

#[test]
fn values_with_line_breaks_and_members_that_are_not_there_keep_their_columns() {
    let text = "EVENTS\t7\t6\t1777795200.25\tTaskTimedOut\n\
                TASKTIMEDOUTEVENTDETAILS\tStates.Timeout\tinvoke\tlambda\n\
                EVENTS\t8\t7\t1777795201.25\tTaskStateEntered\n\
                STATEENTEREDEVENTDETAILS\tWith tab\n\
                EVENTS\t9\t8\t1777795202.25\tExecutionFailed\n\
                EXECUTIONFAILEDEVENTDETAILS\tfirst line\nsecond\tline\tX.Y\n\
                NEXTTOKEN\tAAAA\n";
    let recording = one(text);
    let failure = |at: usize| recording.events.get(at).unwrap().details.failure().cloned().unwrap();
    assert_eq!((failure(0).error.as_deref(), failure(0).cause), (Some("States.Timeout"), None));
    assert_eq!(recording.events.facts(1).unwrap().name.unwrap(), "With tab");
    assert_eq!(failure(2).error.as_deref(), Some("X.Y"));
    assert_eq!(failure(2).cause.as_deref(), Some("first line\nsecond\tline"));
}

fn described() -> Value {
    json!({"executionArn": "arn:aws:states:eu-west-1:111122223333:execution:Rates:r-1",
           "stateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:Rates", "name": "r-1", "status": "FAILED",
           "startDate": iso(0), "stopDate": iso(3), "input": INPUT, "inputDetails": {"included": true},
           "error": "NoRate", "cause": CAUSE, "redriveCount": 0, "redriveStatus": "REDRIVABLE"})
}

#[test]
fn descriptions_are_shown_for_what_they_are() {
    let notice = json!({"version": "0", "detail-type": "Step Functions Execution Status Change", "source": "aws.states",
                        "detail": {"executionArn": described()["executionArn"], "status": "FAILED", "name": "r-1",
                                   "stateMachineArn": described()["stateMachineArn"], "startDate": 1_777_795_200_250_i64,
                                   "stopDate": 1_777_795_203_250_i64, "input": INPUT, "output": null, "error": "NoRate", "cause": CAUSE}});
    let forms = [
        ("describe-execution", described().to_string()),
        ("yaml", yaml_of(&described())),
        ("text", table_of(&described())),
        ("SDK", capitals(&described()).to_string()),
        ("EventBridge", notice.to_string()),
        ("list-executions", json!({ "executions": [described()] }).to_string()),
        ("list-executions in text", table_of(&json!({ "executions": [described()] }))),
    ];
    for (form, text) in forms {
        let recording = one(text);
        assert_eq!((recording.events.len(), recording.status()), (0, Status::Failed), "{form}");
        assert_eq!(recording.name(), Some("r-1"), "{form}");
        assert_eq!(recording.stopped().unwrap().micros_since(recording.started().unwrap()), 3_000_000, "{form}");
        assert_eq!(recording.started().unwrap().as_millis(), 1_777_795_200_250, "{form}");
        let execution = recording.execution.as_ref().unwrap();
        assert_eq!((execution.error.as_deref(), execution.cause.as_deref()), (Some("NoRate"), Some(CAUSE)), "{form}");
        let missing = recording.missing();
        let words = missing.iter().map(ToString::to_string).collect::<String>();
        assert!(words.contains("get-execution-history --execution-arn arn:aws:states:"), "{form}: {words}");
    }
    let mut other = described();
    (other["executionArn"], other["name"]) = (json!("arn:aws:states:eu-west-1:1:execution:Rates:r-2"), json!("r-2"));
    let Opened::Several(all) = opened(json!({ "executions": [described(), other] }).to_string()).unwrap() else {
        panic!()
    };
    assert_eq!(all.iter().filter_map(Recording::name).collect::<Vec<_>>(), ["r-1", "r-2"]);
}

#[test]
fn a_map_run_by_its_description() {
    let counts =
        json!({"pending": 1, "running": 0, "succeeded": 7, "failed": 2, "timedOut": 0, "aborted": 0, "total": 10});
    let recording = one(
        json!({"mapRunArn": "arn:aws:states:eu-west-1:1:mapRun:Rates/Each:7-a", "executionArn": described()["executionArn"],
               "status": "FAILED", "startDate": iso(0), "stopDate": iso(3), "maxConcurrency": 4, "itemCounts": counts})
        .to_string(),
    );
    assert_eq!((recording.status(), recording.name()), (Status::Failed, Some("Rates/Each:7-a")));
    let [Missing::Items { of: 10, arn: Some(_) }] = recording.missing()[..] else {
        panic!("{:?}", recording.missing())
    };
}

#[test]
fn what_is_something_else_is_called_by_its_name() {
    let cases = [
        ("a CloudFormation template", json!({"Resources": {"X": {"Type": "AWS::S3::Bucket"}}}).to_string()),
        ("a CloudFormation template", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  X: {}\n".to_owned()),
        ("a list of state machines", json!({"stateMachines": [{"name": "a", "type": "STANDARD"}]}).to_string()),
        ("an X-Ray trace", json!({"Traces": [{"Id": "1-5", "Segments": [{"Document": "{}"}]}]}).to_string()),
        (
            "an EventBridge event of aws.lambda",
            json!({"detail-type": "X", "source": "aws.lambda", "detail": {}}).to_string(),
        ),
        (
            "a result of CloudWatch Logs Insights",
            json!({"results": [[{"field": "n", "value": "1"}]], "statistics": {}}).to_string(),
        ),
        (
            "an error message of the AWS CLI",
            "\nAn error occurred (AccessDeniedException) when calling X: no\n".to_owned(),
        ),
        ("a CSV table", "@timestamp,@message\n2026-05-03 08:00:00.250,REPORT RequestId: x\n".to_owned()),
        ("a web page", "<!DOCTYPE html>\n<html></html>".to_owned()),
    ];
    for (name, text) in cases {
        let error = opened(text).unwrap_err();
        assert!(error.about("x").contains(&format!("it is {name}")), "{name}: {error}");
        assert!(error.hint().is_some(), "{name}");
    }
}

#[test]
fn lines_that_do_not_belong_there_are_told_with_their_place_and_cost_nothing() {
    let pretty = serde_json::to_string_pretty(&history()).unwrap();
    let lines: Vec<&str> = pretty.lines().collect();
    let stray = "An error occurred (ThrottlingException) when calling the GetExecutionHistory operation";
    for at in [0, 1, 5, 9, 20, lines.len()] {
        let mut all = lines.clone();
        all.insert(at, stray);
        let recording = one(all.join("\n"));
        assert_eq!(recording.events.len(), 5, "before line {at}");
        let [Missing::Unread { damage, .. }] = &recording.missing()[..] else {
            panic!("line {at}: {:?}", recording.missing())
        };
        let byte: usize = lines[..at].iter().map(|line| line.len() + 1).sum();
        assert_eq!(damage.byte, byte as u64, "before line {at}");
        assert!(damage.to_string().starts_with(&format!("Line {}, at byte {byte}", at + 1)), "{damage}");
    }
}

/// Every form cut at every byte: never more than is there, always said, and at the right place.
#[test]
fn forms_cut_anywhere_say_so() {
    let forms = [
        ("yaml", yaml_of(&history())),
        ("text", table_of(&history())),
        ("print", format!("{}\n", python(&history(), &datetime("tzutc()", 8)))),
        ("SDK", capitals(&history()).to_string()),
    ];
    for (form, text) in forms {
        let mut ids = 0;
        for cut in (1..text.trim_end().len()).filter(|cut| text.is_char_boundary(*cut)) {
            let recording = match opened(&text.as_bytes()[..cut]) {
                Ok(Opened::One(recording)) => recording,
                Ok(other) => panic!("{form} cut at {cut}: {other:?}"),
                Err(_) => continue,
            };
            // At the end of a line nothing tells that there were more.
            if matches!(form, "yaml" | "text") && text.as_bytes()[cut - 1] == b'\n' {
                continue;
            }
            // YAML that ends behind a value is whole, and the event in it counts until more of it comes.
            assert!(form == "yaml" || recording.events.len() >= ids, "{form} cut at {cut}");
            ids = ids.max(recording.events.len());
            let ended = recording.events.last_facts().is_some_and(|last| last.kind.ends_execution());
            assert!(ended || recording.status() == Status::CutOff, "{form} cut at {cut}: {:?}", recording.status());
            assert!(ended || recording.damage.iter().any(|damage| damage.byte <= cut as u64), "{form} cut at {cut}");
        }
        assert_eq!(ids, 5, "{form}");
    }
}

/// A generator of numbers that is the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % limit.max(1)
    }
}

/// Text that readers may stumble over.
const TOKENS: [&[u8]; 24] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b"\"",
    b"'",
    b"\\",
    b"\n",
    b"\t",
    b",",
    b":",
    b"- ",
    b"\"\"",
    b"\\u",
    b"\\ud800",
    b"\xff",
    b"\xe2\x82",
    b"datetime.datetime(",
    b"EVENTS\t",
    b"NEXTTOKEN\t",
    b"null",
    b"-99999999999999999999",
    b"\0",
];

/// Changes a text in a few places, as bad luck or somebody might.
fn mutate(text: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(text.len() + 1);
        let end = (at + dice.below(60)).min(text.len());
        match dice.below(6) {
            0 => text.truncate(at),
            1 => drop(text.drain(at..end)),
            2 => {
                let part = text[at..end].to_vec();
                text.splice(at..at, part);
            }
            3 => drop(text.splice(at..at, TOKENS[dice.below(TOKENS.len())].iter().copied())),
            4 if at < text.len() => text[at] = u8::try_from(dice.below(256)).unwrap_or(0),
            _ => drop(text.splice(at..end, TOKENS[dice.below(TOKENS.len())].iter().copied())),
        }
    }
}

/// So many changed texts of each form; `STEPBACK_MUTATIONS` asks for more.
fn mutations() -> usize {
    std::env::var("STEPBACK_MUTATIONS").ok().and_then(|number| number.parse().ok()).unwrap_or(200)
}

#[test]
fn changed_texts_open_or_are_refused() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let logs = crate::source::tests::log_forms();
    let results = vec![("Map Run results", crate::source::results::tests::lines())];
    for (form, seed) in forms().into_iter().chain(logs).chain(results) {
        let begun = std::time::Instant::now();
        for _ in 0..mutations() {
            let mut text = seed.clone();
            mutate(&mut text, &mut dice);
            let recordings = match opened(text) {
                Ok(Opened::One(recording)) => vec![*recording],
                Ok(Opened::Several(recordings)) => recordings,
                Ok(_) => continue,
                Err(error) => {
                    assert!(!error.about("x").is_empty());
                    continue;
                }
            };
            for recording in recordings {
                let said: Vec<String> = recording.missing().iter().map(ToString::to_string).collect();
                // What is cut is said to be.
                assert!(recording.status() != Status::CutOff || !said.is_empty(), "{form}");
                let _ = (recording.label(), recording.input(), recording.output());
                // What is no JSON inside of a member nobody knows cannot be written.
                let _ = recording.to_writer(std::io::sink());
            }
        }
        let each = begun.elapsed() / u32::try_from(mutations()).unwrap();
        assert!(each < std::time::Duration::from_millis(100), "{form}: {each:?} each");
    }
}
