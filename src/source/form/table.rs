//! What `aws --output text` prints: a line for each structure, its name in capitals, then its plain members in the
//! order of their names, separated by tabs. The names of the members are lost; they are told by order and by look.
//!
//! ```text
//! EVENTS  2  0  2026-04-12T02:00:00.163000+00:00  TaskStateEntered      id, previousEventId, timestamp, type
//! STATEENTEREDEVENTDETAILS  {"total":120.5}  PostLedger                 input, name
//! INPUTDETAILS  False
//! ```

use super::Translation;
use super::draft::{Draft, is_number};
use crate::event::EventType;

/// How the value of a member looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Json,
    Number,
    /// The ARN of something: the kind of resource, and of how many parts.
    Arn(&'static str, usize),
    Region,
    /// The name of an error: one word.
    Error,
    Time,
    /// A service, or a call of one: letters, digits, dots, dashes and colons.
    Call,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
}

use Look::{Arn, Call, Error, Json, Number, Region, Text, Time, Word};

type Columns = &'static [(&'static str, Look)];

const STATUS: Look = Word(&["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);
const REDRIVE: Look = Word(&["REDRIVABLE", "NOT_REDRIVABLE", "REDRIVABLE_BY_MAP_RUN"]);
const INPUT: (&str, Look) = ("input", Json);
const OUTPUT: (&str, Look) = ("output", Json);
const TIMEOUT: (&str, Look) = ("timeoutInSeconds", Number);
const HEARTBEAT: (&str, Look) = ("heartbeatInSeconds", Number);
const RESOURCE: (&str, Look) = ("resource", Call);
const RESOURCE_TYPE: (&str, Look) = ("resourceType", Call);
const MAP_RUN: (&str, Look) = ("mapRunArn", Arn("mapRun", 8));
const ALIAS: (&str, Look) = ("stateMachineAliasArn", Arn("stateMachine", 8));
const VERSION: (&str, Look) = ("stateMachineVersionArn", Arn("stateMachine", 8));

const EVENT: Columns = &[("id", Number), ("previousEventId", Number), ("timestamp", Time), ("type", Text)];
const EXECUTION: Columns = &[
    ("cause", Text),
    ("error", Error),
    ("executionArn", Arn("execution", 8)),
    INPUT,
    ("itemCount", Number),
    MAP_RUN,
    ("name", Text),
    OUTPUT,
    ("redriveCount", Number),
    ("redriveDate", Time),
    ("redriveStatus", REDRIVE),
    ("redriveStatusReason", Text),
    ("startDate", Time),
    ALIAS,
    ("stateMachineArn", Arn("stateMachine", 7)),
    VERSION,
    ("status", STATUS),
    ("stopDate", Time),
    ("traceHeader", Text),
];

/// The plain members of the details of events, in the order of their names.
fn columns_of(details: &str) -> Columns {
    match details {
        "activityScheduledEventDetails" => &[HEARTBEAT, INPUT, RESOURCE, TIMEOUT],
        "activityStartedEventDetails" => &[("workerName", Text)],
        "evaluationFailedEventDetails" => &[("cause", Text), ("error", Error), ("location", Text), ("state", Text)],
        "executionRedrivenEventDetails" => &[("redriveCount", Number)],
        "executionStartedEventDetails" => &[INPUT, ("roleArn", Arn("role", 6)), ALIAS, VERSION],
        "lambdaFunctionScheduledEventDetails" => &[INPUT, RESOURCE, TIMEOUT],
        "mapRunRedrivenEventDetails" => &[MAP_RUN, ("redriveCount", Number)],
        "mapRunStartedEventDetails" => &[MAP_RUN],
        "mapStateStartedEventDetails" => &[("length", Number)],
        "stateEnteredEventDetails" => &[INPUT, ("name", Text)],
        "stateExitedEventDetails" => &[("name", Text), OUTPUT],
        "taskScheduledEventDetails" => {
            &[HEARTBEAT, ("parameters", Json), ("region", Region), RESOURCE, RESOURCE_TYPE, TIMEOUT]
        }
        "taskStartedEventDetails" => &[RESOURCE, RESOURCE_TYPE],
        "taskSubmittedEventDetails" | "taskSucceededEventDetails" => &[OUTPUT, RESOURCE, RESOURCE_TYPE],
        name if name.starts_with("mapIteration") => &[("index", Number), ("name", Text)],
        name if name.ends_with("SucceededEventDetails") => &[OUTPUT],
        name if name.starts_with("task") => &[("cause", Text), ("error", Error), RESOURCE, RESOURCE_TYPE],
        _ => &[("cause", Text), ("error", Error)],
    }
}

/// The most columns that are told apart.
const MOST: usize = 40;

pub(super) fn read(text: &str) -> Option<Translation> {
    let mut writer = Writer { draft: Draft::default(), open: Open::Nothing, page: false, more: false };
    let mut found = false;
    for record in records(text) {
        found |= writer.record(&record);
    }
    writer.close_page();
    found.then(|| writer.draft.finish(None))
}

/// A line with the lines that its last value goes on in.
struct Record<'a> {
    at: usize,
    text: &'a str,
}

/// A line that begins with a name in capitals and a tab begins a structure; any other goes on with the value before it.
fn records(text: &str) -> impl Iterator<Item = Record<'_>> {
    let bare = text.contains("\tarn:") || text.starts_with("arn:");
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let name = line.split('\t').next().unwrap_or_default();
        let is_name = name.len() > 3 && name.len() < line.len() && name.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_name || starts.is_empty() && bare {
            starts.push(at);
        }
        at += line.len();
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts
        .into_iter()
        .zip(ends)
        .map(|(at, end)| Record { at, text: text.get(at..end).unwrap_or_default().trim_end_matches(['\n', '\r']) })
}

/// What is being written.
#[derive(Clone, Copy)]
enum Open {
    Nothing,
    /// An event, whose details are of that member.
    Event(Option<&'static str>),
    Details,
}

struct Writer {
    draft: Draft,
    open: Open,
    /// Whether a list of events is open.
    page: bool,
    /// Whether the service had more of them.
    more: bool,
}

impl Writer {
    /// Writes a structure. `false` when it is none that is known.
    fn record(&mut self, record: &Record<'_>) -> bool {
        let values: Vec<&str> = record.text.splitn(MOST, '\t').collect();
        let Some((name, rest)) = values.split_first() else { return false };
        match (*name, self.open) {
            ("EVENTS", _) => self.event(record.at, rest),
            ("EXECUTIONS", _) => self.execution(record.at, rest),
            ("NEXTTOKEN", _) => {
                self.more = true;
                true
            }
            (name, Open::Event(Some(member))) if name.eq_ignore_ascii_case(member) => {
                self.draft.name(member);
                self.draft.open('{');
                self.members(columns_of(member), rest);
                self.open = Open::Details;
                true
            }
            ("INPUTDETAILS" | "OUTPUTDETAILS", Open::Details) => {
                self.draft.name(if *name == "INPUTDETAILS" { "inputDetails" } else { "outputDetails" });
                self.draft.raw(if rest.first() == Some(&"True") {
                    "{\"truncated\":true}"
                } else {
                    "{\"truncated\":false}"
                });
                true
            }
            ("ASSIGNEDVARIABLES", _) => {
                self.draft.note("--output text leaves out the names of variables: what was assigned is not shown.");
                true
            }
            (_, Open::Nothing) => self.execution(record.at, &values),
            _ => true,
        }
    }

    fn close_event(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Event(_) => self.draft.close('}'),
            Open::Details => {
                self.draft.close('}');
                self.draft.close('}');
            }
        }
    }

    fn close_page(&mut self) {
        self.close_event();
        if std::mem::take(&mut self.page) {
            self.draft.close(']');
            if std::mem::take(&mut self.more) {
                self.draft.name("nextToken");
                self.draft.string("");
            }
            self.draft.close('}');
        }
    }

    fn event(&mut self, at: usize, values: &[&str]) -> bool {
        let Some(&[_, _, _, kind]) = values.first_chunk::<4>() else { return false };
        self.close_event();
        if !self.page {
            self.draft.next_document();
            self.draft.open('{');
            self.draft.name("events");
            self.draft.open('[');
            self.page = true;
        }
        self.draft.from(at);
        self.draft.open('{');
        self.members(EVENT, values);
        self.open = Open::Event(EventType::from_name(kind).details_member());
        true
    }

    fn execution(&mut self, at: usize, values: &[&str]) -> bool {
        let told = aligned(EXECUTION, values);
        let has = |wanted: &str| told.iter().any(|((name, _), _)| *name == wanted);
        if !(has("executionArn") && has("status")) {
            return false;
        }
        self.close_page();
        self.draft.next_document();
        self.draft.from(at);
        self.draft.open('{');
        self.members(EXECUTION, values);
        self.draft.close('}');
        true
    }

    fn members(&mut self, columns: Columns, values: &[&str]) {
        for ((name, look), value) in aligned(columns, values) {
            self.draft.name(name);
            match look {
                Number if is_number(&value) => self.draft.raw(&value),
                Time if is_number(&value) => self.draft.raw(&value),
                _ => self.draft.string(&value),
            }
        }
    }
}

/// Gives each value a column: in order, and so that most look as their columns do. Empty values stand for members that
/// are not there.
fn aligned(columns: Columns, values: &[&str]) -> Vec<((&'static str, Look), String)> {
    // A value with tabs in it looks like several.
    let surplus = values.len().saturating_sub(columns.len());
    let first = values.get(..=surplus).unwrap_or_default().join("\t");
    let rest = values.get(surplus + 1..).unwrap_or_default();
    let values: Vec<&str> = std::iter::once(first.as_str()).chain(rest.iter().copied()).collect();
    // `best[c][v]`: how well the values from v on fit the columns from c on.
    let width = values.len() + 1;
    let impossible = i32::MIN / 2;
    let mut best = vec![impossible; (columns.len() + 1) * width];
    let at = |column: usize, value: usize| column * width + value;
    if let Some(done) = best.get_mut(at(columns.len(), values.len())) {
        *done = 0;
    }
    let score = |column: usize, value: usize| match (columns.get(column), values.get(value)) {
        (Some((_, look)), Some(value)) => look.score(value),
        _ => impossible,
    };
    for column in (0..columns.len()).rev() {
        for value in 0..width {
            let skip = best.get(at(column + 1, value)).copied().unwrap_or(impossible);
            let next = if value + 1 < width { best.get(at(column + 1, value + 1)).copied() } else { None };
            let take = next.map_or(impossible, |next| next.saturating_add(score(column, value)));
            if let Some(cell) = best.get_mut(at(column, value)) {
                *cell = skip.max(take).max(impossible);
            }
        }
    }
    let (mut value, mut told) = (0, Vec::new());
    for (column, known) in columns.iter().enumerate() {
        let Some(text) = values.get(value) else { break };
        let here = best.get(at(column, value)).copied();
        let next = best.get(at(column + 1, value + 1)).copied().unwrap_or(impossible);
        if here == Some(next.saturating_add(score(column, value))) {
            if !text.is_empty() && *text != "None" {
                told.push((*known, (*text).to_owned()));
            }
            value += 1;
        }
    }
    told
}

impl Look {
    /// Returns how well a value looks like this.
    fn score(self, value: &str) -> i32 {
        let fits = match self {
            _ if value.is_empty() => return 1,
            Text => return 1,
            Call => {
                let fits = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:/_$".contains(&byte));
                return if fits { 2 } else { -8 };
            }
            Json => {
                value.starts_with(['{', '[', '"']) || is_number(value) || matches!(value, "true" | "false" | "null")
            }
            Number => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()),
            Arn(kind, parts) => {
                let rest = value.strip_prefix("arn:").and_then(|rest| rest.splitn(5, ':').nth(4));
                let express = kind == "execution" && value.contains(":express:");
                rest.is_some_and(|rest| rest.starts_with(kind) || express)
                    && (value.split(':').count() == parts || express)
            }
            Region => value.len() < 20 && value.matches('-').count() >= 2,
            Error => !value.is_empty() && !value.contains([' ', '{', '\n']) && value.len() < 200,
            Time => value.len() < 40 && value.starts_with(|c: char| c.is_ascii_digit()),
            Word(words) => words.contains(&value),
        };
        if fits { 3 } else { -8 }
    }
}
