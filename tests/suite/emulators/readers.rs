//! What is exported, read by those who will read it: DuckDB, the messages of OpenTelemetry, a validator of JSON schemas.

use super::{install, server};
use crate::aws::many::{Many, machine};
use crate::aws::stub::Stub;
use crate::program::Program;
use serde_json::{Value, json};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs a script with the packages it needs in a folder; `None` when they are not there.
fn python(script: &str, folder: &Path, input: &str) -> Option<String> {
    let python: PathBuf = server::required(install::readers())?;
    let mut command = Command::new(python);
    command.args(["-c", script]).current_dir(folder);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The statements of the book, each with its answer as rows of text.
const QUERIES: &str = "
import duckdb, json, sys
rows = lambda text: [[None if cell is None else str(cell) for cell in row] for row in duckdb.sql(text).fetchall()]
print(json.dumps([rows(text) for text in json.load(sys.stdin)]))
";

const VALIDATE: &str = "
import json, sys, glob, jsonschema
schema = json.load(sys.stdin)
validator = jsonschema.Draft202012Validator(schema)
count = 0
for path in glob.glob('lake/*/*.ndjson'):
    for line in open(path):
        count += 1
        for error in validator.iter_errors(json.loads(line)):
            sys.exit(f'{path}: {error.message} in {line}')
print(count)
";

fn sql_of_the_book() -> Vec<String> {
    let page = fs::read_to_string(project("docs/src/howto/fleet.md")).unwrap();
    let blocks = page.split("\n```sql\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    blocks.map(|block| block.trim().trim_end_matches(';').to_owned()).collect()
}

#[test]
fn a_database_counts_what_the_survey_counts() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    let many = Many { count: 700, now, before: 5 };
    let stub = Stub::new(move |request| many.answer(request));
    let program = Program::new(stub.url(), "eu-west-1");
    let machines = ["Orders", "Refunds", "Stock"].map(machine);
    let targets: Vec<&str> = machines.iter().map(String::as_str).collect();
    program.live(&[&["export"], &*targets, &["--format", "records", "--into", "lake"]].concat()).expect(0);
    let told = program.live(&[&["fleet"], &*targets, &["--json"]].concat()).expect(1).json();
    assert_eq!(told["executions"], 2_100);
    let statements = sql_of_the_book();
    assert_eq!(statements.len(), 3);
    let folder = program.path(".");
    let Some(answers) = python(QUERIES, &folder, &json!(statements).to_string()) else { return };
    let answers: Vec<Vec<Vec<Option<String>>>> = serde_json::from_str(&answers).unwrap();
    let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
    let statuses: Value =
        answers[0].iter().map(|row| (text(&row[0]), json!(text(&row[1]).parse::<u64>().unwrap()))).collect();
    assert_eq!(statuses, told["statuses"]);
    let mut clusters: Vec<Value> = told["clusters"].as_array().unwrap().clone();
    clusters.sort_by_key(|it| (std::cmp::Reverse(it["count"].as_u64()), it["key"].as_str().map(str::to_owned)));
    let known: Vec<Vec<String>> = answers[1].iter().map(|row| row.iter().map(text).collect()).collect();
    let instant = |text: &str| stepback::event::Timestamp::parse_iso(&text.replace(' ', "T")).map(|at| at.as_micros());
    assert_eq!(known.len(), clusters.len());
    for (row, cluster) in known.iter().zip(&clusters) {
        let said = |member: &str| cluster[member].as_str().unwrap_or_default().to_owned();
        assert_eq!(row[..4], ["key", "machine", "state", "error"].map(said), "{cluster}");
        assert_eq!(row[4], cluster["count"].to_string());
        for (cell, member) in [(5, "first"), (6, "last")] {
            let cell = if row[cell].ends_with("00:00") { row[cell].clone() } else { format!("{}Z", row[cell]) };
            assert_eq!(instant(&cell), instant(&said(member)), "{cell} {cluster}");
        }
        if cluster["since"].is_string() {
            assert_eq!(row[7], said("since"), "the version the failures began with");
        }
    }
    assert!(clusters.iter().any(|cluster| cluster["since"] == "2"));
    let schema = fs::read_to_string(project("docs/src/reference/records.schema.json")).unwrap();
    assert_eq!(python(VALIDATE, &folder, &schema).unwrap().trim(), "2100");
}

#[test]
fn records_of_whole_histories_are_valid_and_add_up() {
    let program = Program::new("http://127.0.0.1:9", "eu-west-1");
    let recordings = project("recordings").display().to_string();
    program.run(&["export", &recordings, "--format", "records", "--inputs", "--into", "lake"]).expect(0);
    let schema = fs::read_to_string(project("docs/src/reference/records.schema.json")).unwrap();
    let Some(count) = python(VALIDATE, &program.path("."), &schema) else { return };
    assert!(count.trim().parse::<usize>().unwrap() > 10, "{count}");
    let statement = "SELECT count(*), sum(states_visits = transitions - states_retries)::INT FROM (SELECT transitions, \
                     list_sum(list_transform(states, s -> s.visits)) AS states_visits, \
                     list_sum(list_transform(states, s -> s.retries)) AS states_retries \
                     FROM read_json('lake/*/*.ndjson', format = 'newline_delimited', union_by_name = true) \
                     WHERE history = 'whole')";
    let answer = python(QUERIES, &program.path("."), &json!([statement, sql_of_the_book()[2]]).to_string()).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer[0][0][0], answer[0][0][1], "{answer}");
    assert!(answer[1].as_array().unwrap().len() > 10);
}

/// Reads traces as OpenTelemetry's own messages. Rule: ids are hexadecimal in OTLP/JSON, where protobuf has base64.
const TRACES: &str = "
import sys, json, base64
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
def ids(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ('traceId', 'spanId', 'parentSpanId'):
                value[key] = base64.b64encode(bytes.fromhex(inner)).decode()
            else:
                ids(inner)
    elif isinstance(value, list):
        for inner in value: ids(inner)
    return value
spans = executions = linked = 0
for line in sys.stdin:
    message = json_format.ParseDict(ids(json.loads(line)), ExportTraceServiceRequest())
    [resource] = message.resource_spans
    all = resource.scope_spans[0].spans
    known = {span.span_id for span in all}
    assert len(known) == len(all), 'an id twice'
    assert len({span.trace_id for span in all}) == 1
    roots = [span for span in all if not span.parent_span_id]
    assert len(roots) == 1, roots
    for span in all:
        assert len(span.trace_id) == 16 and len(span.span_id) == 8
        assert span.start_time_unix_nano <= span.end_time_unix_nano
        assert not span.parent_span_id or span.parent_span_id in known, span
        linked += len(span.links)
    spans += len(all)
    executions += 1
print(json.dumps([executions, spans, linked]))
";

#[test]
fn traces_are_messages_of_opentelemetry() {
    let program = Program::new("http://127.0.0.1:9", "eu-west-1");
    let recordings = project("recordings").display().to_string();
    let traces = program.run(&["export", &recordings, "--format", "otlp"]).expect(0).told();
    let Some(counts) = python(TRACES, &program.path("."), &traces) else { return };
    let counts: Vec<usize> = serde_json::from_str(&counts).unwrap();
    assert!(counts[0] > 10 && counts[1] > 20 * counts[0], "{counts:?}");
    // The header an execution was started with leads to the trace of whoever started it.
    let mut run = crate::program::json_in(&project("recordings/order-payment-declined.sfn.json"));
    run["execution"]["traceHeader"] =
        json!("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
    fs::write(program.path("traced.sfn.json"), run.to_string()).unwrap();
    let trace = program.run(&["export", "traced.sfn.json", "--format", "otlp"]).expect(0).told();
    assert!(trace.contains("\"traceId\":\"5759e988bd862e3fe1be46a994272793\""), "{trace}");
    let counts: Vec<usize> = serde_json::from_str(&python(TRACES, &program.path("."), &trace).unwrap()).unwrap();
    assert_eq!(counts[2], 1);
}
