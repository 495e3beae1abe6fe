//! `stepback fleet` and `export --format records` over state machines of a service.

use super::many::{Many, machine};
use super::modes::Doing;
use super::stub::{Reply, Stub};
use crate::program::{Done, Program, json_in};
use crate::record::express;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::Command;
use std::time::Duration;

fn many(count: usize) -> Many {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    Many { count, now, before: 200 }
}

fn stub(many: &Many) -> Stub {
    let many = many.clone();
    Stub::new(move |request| many.answer(request))
}

fn fleet(stub: &Stub, arguments: &[&str]) -> Done {
    let program = Program::new(stub.url(), "eu-west-1");
    program.live(&[&["fleet"], arguments].concat())
}

fn cluster<'a>(told: &'a Value, error: &str) -> &'a Value {
    told["clusters"].as_array().unwrap().iter().find(|it| it["error"] == error).unwrap_or_else(|| panic!("{told}"))
}

#[test]
fn the_failures_of_a_machine_are_told_from_the_ends_of_their_histories() {
    let stub = stub(&many(400));
    let done = fleet(&stub, &[&machine("Orders"), "--json"]).expect(1);
    let (told, said) = (serde_json::from_str::<Value>(&done.told()).unwrap(), done.said());
    assert_eq!((&told["executions"], &told["complete"]), (&json!(400), &json!(true)), "{said}");
    let declined = cluster(&told, "CardDeclined");
    assert_eq!((&declined["state"], &declined["count"]), (&json!("ChargeCard"), &json!(40)));
    assert_eq!(declined["cause"], "order <n> was declined by the issuer, request <id>");
    assert_eq!(declined["contrast"]["traits"][0]["failing"], "JPY", "inputs were compared: {declined}");
    assert_eq!((&cluster(&told, "States.Timeout")["since"], &declined["since"]), (&Value::Null, &Value::Null));
    let parse = cluster(&told, "KeyError");
    assert_eq!((&parse["since"], &parse["versions"][0]["failed"]), (&json!("2"), &json!(0)), "{parse}");
    assert_eq!(parse["versions"][1], json!({ "version": "2", "failed": parse["count"], "ran": 100 }));
    // Never more is asked than was said before.
    let failed = usize::try_from(told["failed"].as_u64().unwrap()).unwrap();
    let inputs = stub.count("DescribeExecution");
    assert_eq!(stub.count("GetExecutionHistory"), failed);
    for words in [
        format!("Reading how they failed: {failed} calls of GetExecutionHistory."),
        format!("Reading inputs to compare: {inputs} calls of DescribeExecution."),
        "up to 5 calls of ListExecutions".to_owned(),
    ] {
        assert!(said.contains(&words), "{words}: {said}");
    }
    let bins = told["course"]["parts"].as_array().unwrap();
    let sum = |member: &str| bins.iter().map(|bin| bin[member].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("failed"), sum("running")), (told["failed"].as_u64().unwrap(), 1));
}

#[test]
fn people_read_since_which_version_and_when() {
    let stub = stub(&many(200));
    let told = fleet(&stub, &[&machine("Orders"), "--width", "90"]).expect(1).told();
    assert!(told.contains("since version 2: 10 of 50 there, none of 150 before it"), "{told}");
    assert!(told.contains("47 % of the failures, first ") && told.contains(" UTC\n"), "{told}");
    assert!(told.contains("compared by the inputs of 5 of them"), "{told}");
    assert!(told.contains("  failed ") && told.contains('█'), "{told}");
}

#[test]
fn what_is_narrowed_is_narrowed_by_the_service_and_no_further_page_is_read() {
    let stub = stub(&many(2_000));
    let told = fleet(&stub, &[&machine("Orders"), "--since", "100m", "--status", "failed", "--json"]).expect(1).told();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["statuses"].as_object().unwrap().keys().collect::<Vec<_>>(), ["FAILED"]);
    assert!((25..45).contains(&told["executions"].as_u64().unwrap()), "{}", told["executions"]);
    assert_eq!(stub.count("ListExecutions"), 1);

    let done = fleet(&stub, &[&machine("Orders"), "--limit", "30", "--json"]).expect(1);
    let told: Value = serde_json::from_str(&done.told()).unwrap();
    assert_eq!((&told["executions"], &told["complete"]), (&json!(30), &json!(false)));
    assert!(told["missing"][0]["text"].as_str().unwrap().contains("Only the newest 30 executions of Orders"), "{told}");
    let none = fleet(&stub, &[&machine("Orders"), "--until", "2020-01-01"]).expect(2);
    assert!(none.said().contains("Widen --machine, --since, --until or --status."), "{}", none.said());
}

#[test]
fn what_is_throttled_is_asked_again_and_what_is_refused_is_said() {
    let service = many(60);
    let throttled = service.clone();
    let stub = Doing::times("throttle", &["GetExecutionHistory", "ListExecutions"], 3)
        .before(move |request| throttled.answer(request));
    let done = fleet(&stub, &[&machine("Orders"), "--json"]).expect(1);
    let told: Value = serde_json::from_str(&done.told()).unwrap();
    assert_eq!((&told["executions"], &told["complete"]), (&json!(60), &json!(true)), "{}", done.said());

    let stub = Doing::always("deny", &["GetExecutionHistory"]).before(move |request| service.answer(request));
    let done = fleet(&stub, &[&machine("Orders"), "--json"]).expect(1);
    let told: Value = serde_json::from_str(&done.told()).unwrap();
    assert_eq!(told["executions"], 60, "the list is told without the causes");
    assert_eq!(told["complete"], false);
    let said = done.said();
    assert!(said.contains("states:GetExecutionHistory") && said.contains("failed was not read."), "{said}");
    assert!(stub.count("GetExecutionHistory") <= 8, "it is not asked again and again");
}

#[test]
fn who_stops_it_gets_what_is_known() {
    let service = many(100);
    let stub = Stub::new(move |request| match request.operation.as_str() {
        "GetExecutionHistory" if request.number >= 8 => Reply::Late(Duration::from_secs(60), Box::new(Reply::Closed)),
        _ => service.answer(request),
    });
    let program = Program::new(stub.url(), "eu-west-1");
    let mut child = program.begin(&["fleet", &machine("Orders"), "--json"]);
    while stub.count("GetExecutionHistory") < 9 {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(200));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (mut told, mut said) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["executions"], &told["complete"]), (&json!(100), &json!(false)));
    assert!(said.contains("failed was not read.") && said.contains("this is what was known until then"), "{said}");
}

#[test]
fn the_executions_of_an_express_machine_are_found_in_its_log() {
    let row = |cells: &[(&str, &str)]| -> Value {
        cells.iter().map(|(field, value)| json!({ "field": field, "value": value })).collect()
    };
    let stub = Stub::new(move |request| match request.operation.as_str() {
        "StartQuery" => {
            let id = if request.body["queryString"].as_str().unwrap().contains("stats") { "list" } else { "events" };
            json!({ "queryId": id }).into()
        }
        "GetQueryResults" if request.body["queryId"] == "list" => {
            let (bad, good) = (express::child(1), express::child(2));
            json!({ "status": "Complete", "statistics": { "bytesScanned": 2_000_000.0 }, "results": [
                row(&[("execution_arn", &bad), ("started", "1.763608448E12"), ("ended", "1.763608449E12"),
                      ("last", "ExecutionFailed"), ("error", "Bad")]),
                row(&[("execution_arn", &good), ("started", "1.763608448E12"), ("ended", "1.763608449E12"),
                      ("last", "ExecutionSucceeded")]),
            ]})
            .into()
        }
        "GetQueryResults" => {
            let line = |id: u32, kind: &str, details: Value| {
                let message = json!({ "id": id.to_string(), "type": kind, "details": details, "redrive_count": "0",
                    "previous_event_id": (id.max(2) - if id == 2 { 2 } else { 1 }).to_string(),
                    "event_timestamp": "1763608448000", "execution_arn": express::child(1) });
                row(&[("@message", &message.to_string())])
            };
            let results = [
                line(1, "ExecutionStarted", json!({ "input": "{}" })),
                line(2, "FailStateEntered", json!({ "name": "Refuse", "input": "{}" })),
                line(3, "ExecutionFailed", json!({ "error": "Bad", "cause": "no line 17" })),
            ];
            json!({ "status": "Complete", "statistics": { "bytesScanned": 3_000_000.0 }, "results": results }).into()
        }
        _ => express::answer(request, 3, 5),
    });
    let lines = machine("Lines");
    let done = fleet(&stub, &[&lines, "--json", "--since", "2025-11-20", "--until", "2025-11-21"]).expect(1);
    let told: Value = serde_json::from_str(&done.told()).unwrap();
    assert_eq!((&told["failed"], &told["succeeded"]), (&json!(1), &json!(1)), "{told}");
    let bad = cluster(&told, "Bad");
    assert_eq!((&bad["state"], &bad["cause"]), (&json!("Refuse"), &json!("no line <n>")));
    let said = done.said();
    assert!(said.contains("charges for every byte") && said.contains("Insights scanned 4.7 MiB."), "{said}");
    let queries = stub.count("StartQuery");
    let query = fleet(&stub, &[&lines, "--query"]).expect(0).told();
    assert!(query.contains("| stats ") && query.contains(":express:Lines:"), "{query}");
    assert_eq!(stub.count("StartQuery"), queries, "the text is told and nothing is charged for");
}

/// The lines of a folder of days.
fn lines(folder: &std::path::Path) -> Vec<Value> {
    let mut days: Vec<_> = std::fs::read_dir(folder).unwrap().map(|day| day.unwrap().path()).collect();
    days.sort();
    let texts = days.iter().map(|day| std::fs::read_to_string(day.join("executions.ndjson")).unwrap());
    texts.flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>()).collect()
}

#[test]
fn records_and_the_survey_agree() {
    let stub = stub(&many(300));
    let program = Program::new(stub.url(), "eu-west-1");
    let (orders, refunds) = (machine("Orders"), machine("Refunds"));
    program.live(&["export", &orders, &refunds, "--format", "records", "--into", "lake"]).expect(0);
    let records = lines(&program.path("lake"));
    let told = fleet(&stub, &[&orders, &refunds, "--json"]).expect(1).json();
    let mut statuses: BTreeMap<&str, u64> = BTreeMap::new();
    let mut clusters: BTreeMap<&str, u64> = BTreeMap::new();
    for record in &records {
        *statuses.entry(record["status"].as_str().unwrap()).or_default() += 1;
        if let Some(cluster) = record["cluster"].as_str() {
            *clusters.entry(cluster).or_default() += 1;
        }
        assert_eq!(record["day"], record["stopped_at"].as_str().or(record["started_at"].as_str()).unwrap()[..10]);
    }
    assert_eq!(json!(statuses), told["statuses"]);
    let keys = told["clusters"].as_array().unwrap().iter();
    let keys: BTreeMap<&str, u64> =
        keys.map(|it| (it["key"].as_str().unwrap(), it["count"].as_u64().unwrap())).collect();
    assert_eq!(clusters, keys);
    let again = program.live(&["export", &orders, "--format", "records", "--into", "lake"]).expect(2);
    assert!(again.said().contains("is not empty"), "{}", again.said());
    let one = program.live(&["export", &orders, "--format", "records", "-o", "all.ndjson", "--limit", "1"]).expect(0);
    assert_eq!(one.told(), "");
    assert_eq!(json_in(&program.path("all.ndjson"))["format"], "stepback.records/1");
}
