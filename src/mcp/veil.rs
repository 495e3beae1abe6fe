//! What of a command's JSON may leave without `--payloads`, and what of it is worth an assistant's window.
//!
//! What is not known to be said openly is told by its shape. So a member that a later version adds, and any payload
//! whatever its members are called, is never served by accident: only the members in the tables below are gone into,
//! and a payload stands in none of them.

use super::secrets::Secrets;
use super::shape::shape;
use super::words::{cause, without_json};
use serde_json::{Map, Number, Value};

/// Goes through an answer.
#[derive(Debug)]
pub struct Veil<'a> {
    /// Whether payloads are served as they are.
    pub payloads: bool,
    /// The values that no sentence may hold.
    pub secrets: &'a Secrets,
    /// Whether causes may be made by whoever asks: then only those that are said openly anyway are told.
    pub foreign_causes: bool,
}

/// What a member of an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Ours or AWS's: gone into, its leaves are told.
    Open,
    /// A sentence, a name or a path that may hold a value.
    Words,
    /// The name of an error.
    Error,
    /// The cause of an error.
    Cause,
    /// Of a definition, or names with a count: told as it is.
    Definition,
    /// Data.
    Data,
}

/// Members with words or numbers of ours and of AWS, or with other members.
const OPEN: &[&str] = &[
    "aborted",
    "abortedItems",
    "account",
    "after",
    "afterEvent",
    "agreed",
    "also",
    "alike",
    "alsoInOthers",
    "anomalies",
    "answers",
    "arn",
    "asked",
    "attempt",
    "attempts",
    "before",
    "begun",
    "blocked",
    "bookmarks",
    "branch",
    "branches",
    "budget",
    "by",
    "byDefault",
    "byState",
    "byte",
    "bytes",
    "carried",
    "catchers",
    "caught",
    "causes",
    "changes",
    "check",
    "child",
    "children",
    "choice",
    "clusters",
    "compared",
    "comparedWith",
    "compares",
    "complete",
    "concurrency",
    "consistent",
    "console",
    "contrast",
    "count",
    "counts",
    "coverage",
    "cut",
    "damaged",
    "decided",
    "default",
    "denied",
    "depth",
    "described",
    "differing",
    "differs",
    "direction",
    "distributed",
    "divergence",
    "document",
    "durationMs",
    "elapsedMs",
    "end",
    "ended",
    "endedIn",
    "endless",
    "ends",
    "entered",
    "errorCode",
    "errorEquals",
    "evaluated",
    "event",
    "events",
    "eventsTold",
    "executionSeconds",
    "executions",
    "fail",
    "failed",
    "failedAt",
    "failure",
    "failures",
    "fate",
    "fidelity",
    "field",
    "fields",
    "files",
    "file",
    "first",
    "flows",
    "for",
    "form",
    "format",
    "from",
    "given",
    "grew",
    "group",
    "holds",
    "hops",
    "how",
    "id",
    "included",
    "index",
    "indexes",
    "initial",
    "inputDetails",
    "is",
    "item",
    "items",
    "jitter",
    "kind",
    "last",
    "left",
    "length",
    "letter",
    "limit",
    "limitBytes",
    "limits",
    "line",
    "location",
    "log",
    "machine",
    "machines",
    "map",
    "mapRun",
    "mapRunArn",
    "mapRuns",
    "masked",
    "maxConcurrency",
    "minutes",
    "missing",
    "more",
    "names",
    "neverStarted",
    "next",
    "noState",
    "notChecked",
    "notRecorded",
    "number",
    "of",
    "oldName",
    "open",
    "operands",
    "origin",
    "others",
    "outcome",
    "outputDetails",
    "parallel",
    "part",
    "parts",
    "pattern",
    "payload",
    "pending",
    "place",
    "places",
    "previousEventId",
    "problem",
    "queryLanguage",
    "read",
    "redriveCount",
    "reference",
    "region",
    "replayedEvent",
    "requestId",
    "resourceType",
    "results",
    "retriers",
    "retry",
    "roleArn",
    "round",
    "routes",
    "rule",
    "rules",
    "run",
    "running",
    "runs",
    "scheduled",
    "scopes",
    "seconds",
    "serviceName",
    "shared",
    "similar",
    "since",
    "sinceEvent",
    "size",
    "source",
    "stage",
    "stages",
    "startAt",
    "started",
    "startedAt",
    "state",
    "test",
    "stateMachine",
    "stateMachineAliasArn",
    "stateMachineArn",
    "stateMachineVersionArn",
    "states",
    "status",
    "statusCode",
    "step",
    "steps",
    "stopped",
    "stoppedAt",
    "stopsAt",
    "succeeded",
    "through",
    "tight",
    "times",
    "timestamp",
    "to",
    "tolerated",
    "toleratedFailureCount",
    "toleratedFailurePercentage",
    "toleratedItems",
    "total",
    "traits",
    "tries",
    "truncated",
    "type",
    "unanswered",
    "unused",
    "unusedGiven",
    "used",
    "uses",
    "using",
    "verdict",
    "visits",
    "wait",
    "waitedMs",
    "waitedSeconds",
    "waiting",
    "ways",
];

/// Members with sentences, names and paths in which a value may stand.
const WORDS: &[&str] = &[
    "action",
    "because",
    "bucket",
    "command",
    "commands",
    "comment",
    "context",
    "delaySeconds",
    "errorType",
    "execution",
    "heartbeatInSeconds",
    "heartbeatSeconds",
    "key",
    "label",
    "message",
    "name",
    "note",
    "notes",
    "oldPath",
    "opens",
    "path",
    "principal",
    "reason",
    "reopen",
    "resource",
    "says",
    "sentence",
    "service",
    "stackTrace",
    "task",
    "text",
    "timeoutInSeconds",
    "timeoutSeconds",
    "title",
    "unread",
    "variable",
    "worker",
    "workerName",
    "written",
];

/// Members of our answers that hold a number of ours, and data where it is not one.
const SIZES: &[&str] = &["input", "output"];

impl Veil<'_> {
    /// Returns what may leave.
    pub fn over(&self, answer: &Value) -> Value {
        match answer {
            Value::Array(items) => items.iter().map(|item| self.over(item)).collect(),
            Value::Object(members) => self.members(members),
            other if self.payloads => other.clone(),
            other => shape(other),
        }
    }

    /// Returns a sentence as it may leave.
    pub fn sentence(&self, text: &str) -> String {
        if self.payloads { text.to_owned() } else { self.secrets.hide(&without_json(text)) }
    }

    fn members(&self, members: &Map<String, Value>) -> Value {
        let mut told = Map::new();
        for (name, value) in members {
            let class = class(name, value, members);
            // Where a place stands in words, the steps to it say it again.
            let again = name == "steps" && members.contains_key("text");
            if again || (class != Class::Data && is_nothing(value)) || (!self.payloads && value.is_null()) {
                continue;
            }
            told.insert(name.clone(), self.told(class, value));
        }
        Value::Object(told)
    }

    fn told(&self, class: Class, value: &Value) -> Value {
        match (class, value) {
            (Class::Definition, _) => value.clone(),
            (Class::Data, _) if self.payloads => value.clone(),
            (Class::Data, Value::String(text)) => in_text(text).as_ref().map_or_else(|| shape(value), shape),
            (Class::Data, _) => shape(value),
            (_, Value::Object(members)) => self.members(members),
            (_, Value::Array(items)) => items.iter().map(|item| self.told(class, item)).collect(),
            (Class::Error, Value::String(text)) => self.error(text),
            (Class::Cause, Value::String(text)) => self.cause(text),
            (Class::Words, Value::String(text)) => self.sentence(text).into(),
            (Class::Words, Value::Number(number)) => self.number(number),
            _ => value.clone(),
        }
    }

    fn cause(&self, text: &str) -> Value {
        match () {
            () if self.payloads => text.into(),
            () if self.foreign_causes && !self.secrets.is_public(text) => shape(&text.into()),
            () => self.hidden(cause(text)),
        }
    }

    fn hidden(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.secrets.hide(&text).into(),
            Value::Array(items) => items.into_iter().map(|item| self.hidden(item)).collect(),
            Value::Object(members) => members.into_iter().map(|(name, value)| (name, self.hidden(value))).collect(),
            other => other,
        }
    }

    /// Names of errors are AWS's, or said in a definition or a history; others may be made of data.
    fn error(&self, text: &str) -> Value {
        let made = self.foreign_causes && !text.starts_with("States.") && !self.secrets.is_public(text);
        if made && !self.payloads { shape(&text.into()) } else { self.sentence(text).into() }
    }

    /// A number that may have been read from data.
    fn number(&self, number: &Number) -> Value {
        let text = number.to_string();
        if self.sentence(&text) == text { number.clone().into() } else { "<number>".into() }
    }
}

/// Returns the JSON that a text is: AWS writes data into events as text.
fn in_text(text: &str) -> Option<Value> {
    let found = serde_json::from_str::<Value>(text).ok()?;
    (found.is_object() || found.is_array()).then_some(found)
}

/// Tells whether a member says nothing: an assistant's window is small.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn class(name: &str, value: &Value, beside: &Map<String, Value>) -> Class {
    let has = |name: &str| beside.contains_key(name);
    match name {
        "definition" => Class::Definition,
        // How many runs of each state were aborted; what a Map Run counts.
        // Which states were gone through.
        "states" | "itemCounts" | "routes" if value.is_object() => Class::Definition,
        "cause" => Class::Cause,
        "error" => Class::Error,
        // Of a comparison: the differences, the sides, where a run went, the events a step began with.
        "input" | "output" if has("compares") => Class::Open,
        "data" if has("ways") => Class::Open,
        "old" | "new" if has("compares") || has("ways") || is_way(beside) => Class::Open,
        // Of a replay: how the recorded run ended; how often each way was gone.
        "recorded" if has("routes") => Class::Open,
        // What kind of thing is where a path stops.
        "found" if has("stopsAt") => Class::Words,
        // An event that another stands for.
        "expected" | "actual" if beside.get("path").is_some_and(Value::is_null) => Class::Open,
        "expected" if value.is_number() && has("succeeded") => Class::Open,
        "expected" if value.is_number() && has("begun") => Class::Open,
        // Of the bytes of a state only how many they are.
        _ if SIZES.contains(&name) && value.is_number() && has("visits") => Class::Open,
        // What items have in common.
        "failing" | "passing" if has("traits") => Class::Open,
        _ if name.ends_with("Details") => Class::Open,
        _ if OPEN.contains(&name) => Class::Open,
        _ if WORDS.contains(&name) => Class::Words,
        _ => Class::Data,
    }
}

fn is_way(beside: &Map<String, Value>) -> bool {
    matches!(beside.get("is").and_then(Value::as_str), Some("outcome" | "next" | "attempts"))
}
