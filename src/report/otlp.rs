//! Executions as traces of OpenTelemetry: a span for each execution, visit and attempt.
//!
//! Rule: OTLP 1, JSON encoding: ids in hexadecimal, 64-bit numbers as text, enumerations as numbers. Ids follow from the
//! execution's ARN and the event, so that the same execution has the same trace whoever exports it.

use crate::analysis::Status;
use crate::event::{Details, EventId, Failure, Timestamp};
use crate::history::{
    AttemptId, AttemptKind, AttemptOutcome, Family, History, Link, Member, MemberId, ScopeId, VisitId,
};
use crate::recording::{self, Recording};
use serde_json::{Value, json};
use std::sync::Arc;

/// The kind of a span that belongs to no call between services.
const INTERNAL: u8 = 1;
/// The kind of a span that calls another service.
const CLIENT: u8 = 3;

/// What came of a span.
const OK: u8 = 1;
const ERROR: u8 = 2;

/// Returns an execution with the executions it started as one trace, or `None` when no time of it is known. Payloads are
/// not in it; the causes of failures are.
pub fn otlp(recording: &Recording) -> Option<Value> {
    let family = Family::of(recording);
    let trace = Trace { family: &family, id: trace_id(&arn_of(family.member(MemberId::ROOT))) };
    let mut spans: Vec<Value> = Vec::new();
    for (id, member) in family.members() {
        let Some(root) = trace.execution(id, member, recording) else { continue };
        spans.push(root);
        spans.extend(member.history.visits().filter_map(|(visit, _)| trace.visit(id, visit)));
        spans.extend(member.history.attempts().filter_map(|(attempt, _)| trace.attempt(id, attempt)));
    }
    if spans.is_empty() {
        return None;
    }
    let arn = recording.arn().map(|arn| &**arn).unwrap_or_default();
    let part = |place: usize| arn.split(':').nth(place).filter(|part| !part.is_empty()).map(str::to_owned);
    let resource = [
        ("service.name", recording.machine_name().map(str::to_owned)),
        ("cloud.provider", Some("aws".to_owned())),
        ("cloud.region", part(3)),
        ("cloud.account.id", part(4)),
        ("aws.step_functions.state_machine.arn", machine_arn(recording)),
    ];
    Some(json!({ "resourceSpans": [{
        "resource": { "attributes": attributes(resource.into_iter().map(|(key, value)| (key, value.map(Given::Text)))) },
        "scopeSpans": [{ "scope": { "name": "stepback", "version": env!("CARGO_PKG_VERSION") }, "spans": spans }],
    }] }))
}

fn machine_arn(recording: &Recording) -> Option<String> {
    let execution = recording.execution.as_ref().and_then(|it| it.state_machine_arn.as_ref());
    let machine = || recording.state_machine.as_ref()?.state_machine_arn.as_ref();
    execution.or_else(machine).map(ToString::to_string)
}

struct Trace<'a> {
    family: &'a Family,
    id: String,
}

/// The value of an attribute.
enum Given {
    Text(String),
    Whole(i64),
}

impl Trace<'_> {
    fn execution(&self, id: MemberId, member: &Member, root: &Recording) -> Option<Value> {
        let history = &member.history;
        let (started, stopped) = member.described.times;
        let from = started.or_else(|| history.started_at())?;
        let until = stopped.or_else(|| history.last_at()).unwrap_or(from);
        let status = member.status();
        let is_bad =
            matches!(status, recording::Status::Failed | recording::Status::TimedOut | recording::Status::Aborted);
        let failure = member.failure();
        let mut span = self.span(&self.execution_id(id), self.parent_of(id), (from, until));
        span["name"] = json!(member.described.name.as_deref().unwrap_or("execution"));
        span["kind"] = json!(INTERNAL);
        span["attributes"] = attributes([
            ("aws.step_functions.execution.arn", member.described.arn.as_ref().map(|arn| Given::Text(arn.to_string()))),
            ("aws.step_functions.execution.status", Some(Given::Text(status.name().to_owned()))),
            ("error.type", error_type(is_bad, failure)),
        ]);
        span["status"] = told(status == recording::Status::Succeeded, is_bad, failure);
        if let Some(link) = (id == MemberId::ROOT).then(|| trace_header(root)).flatten() {
            span["links"] = json!([link]);
        }
        Some(span)
    }

    fn visit(&self, member: MemberId, id: VisitId) -> Option<Value> {
        let history = &self.family.member(member).history;
        let visit = history.visit(id);
        let (from, until) = between(history, visit.entered?, visit.ended)?;
        let failure = visit.outcome.failure().and_then(|event| history.failure_at(event)).cloned().unwrap_or_default();
        let status = Status::of_visit(history, id);
        let is_bad = visit.outcome.failure().is_some();
        let index = history.scope(visit.scope).index().and_then(|index| i64::try_from(index).ok());
        let mut span =
            self.span(&self.event_id(member, visit.entered?), Some(self.around(member, visit.scope)), (from, until));
        span["name"] = json!(visit.name);
        span["kind"] = json!(INTERNAL);
        span["attributes"] = attributes([
            ("aws.step_functions.state.name", Some(Given::Text(visit.name.to_string()))),
            ("aws.step_functions.state.type", Some(Given::Text(visit.kind.name().to_owned()))),
            ("aws.step_functions.state.outcome", Some(Given::Text(status.word().to_owned()))),
            ("aws.step_functions.scope.index", index.map(Given::Whole)),
            ("error.type", error_type(is_bad, &failure)),
        ]);
        span["status"] = told(visit.outcome == crate::history::Outcome::Exited, is_bad, &failure);
        Some(span)
    }

    fn attempt(&self, member: MemberId, id: AttemptId) -> Option<Value> {
        let history = &self.family.member(member).history;
        let attempt = history.attempt(id);
        let (from, until) = between(history, attempt.scheduled, attempt.ended)?;
        let failure =
            attempt.outcome.failure().and_then(|event| history.failure_at(event)).cloned().unwrap_or_default();
        let resource = history.event(attempt.scheduled).and_then(|event| called(&event.details));
        let is_bad = attempt.outcome.failure().is_some();
        let visit = history.visit(attempt.visit);
        let mut span = self.span(
            &self.event_id(member, attempt.scheduled),
            Some(self.visit_id(member, attempt.visit)),
            (from, until),
        );
        span["name"] = json!(format!("{} attempt {}", visit.name, attempt.number));
        span["kind"] = json!(if resource.is_some() { CLIENT } else { INTERNAL });
        let why = match attempt.kind {
            AttemptKind::First => "first",
            AttemptKind::Retry => "retry",
            AttemptKind::Redrive => "redrive",
        };
        span["attributes"] = attributes([
            ("aws.step_functions.attempt.number", Some(Given::Whole(attempt.number.into()))),
            ("aws.step_functions.attempt.reason", Some(Given::Text(why.to_owned()))),
            ("aws.step_functions.task.resource", resource.map(Given::Text)),
            ("error.type", error_type(is_bad, &failure)),
        ]);
        span["status"] = told(attempt.outcome == AttemptOutcome::Succeeded, is_bad, &failure);
        Some(span)
    }

    fn span(&self, id: &str, parent: Option<String>, (from, until): (Timestamp, Timestamp)) -> Value {
        let mut span = json!({
            "traceId": self.id, "spanId": id,
            "startTimeUnixNano": nanos(from), "endTimeUnixNano": nanos(until.max(from)),
        });
        if let (Some(parent), Some(object)) = (parent, span.as_object_mut()) {
            object.insert("parentSpanId".to_owned(), json!(parent));
        }
        span
    }

    /// The span an execution was started in: the attempt of a task, or the visit of a Map.
    fn parent_of(&self, id: MemberId) -> Option<String> {
        let (parent, within) = match self.family.member(id).link {
            Link::Root => return None,
            Link::Nested { parent, task } => {
                let scheduled = |attempt: AttemptId| self.family.member(parent).history.attempt(attempt).scheduled;
                (parent, task.map(|(_, attempt)| self.event_id(parent, scheduled(attempt))))
            }
            Link::Item { parent, map } => (parent, map.map(|map| self.visit_id(parent, map))),
        };
        Some(within.unwrap_or_else(|| self.execution_id(parent)))
    }

    /// The span around a flow: its Map or Parallel, or the execution.
    fn around(&self, member: MemberId, scope: ScopeId) -> String {
        let container = self.family.member(member).history.scope(scope).container();
        container.map_or_else(|| self.execution_id(member), |container| self.visit_id(member, container))
    }

    /// The span of a visit, which a history that begins later does not have; then what is around it.
    fn visit_id(&self, member: MemberId, visit: VisitId) -> String {
        let visit = self.family.member(member).history.visit(visit);
        visit.entered.map_or_else(|| self.around(member, visit.scope), |entered| self.event_id(member, entered))
    }

    fn execution_id(&self, member: MemberId) -> String {
        span_id(&arn_of(self.family.member(member)), 0)
    }

    fn event_id(&self, member: MemberId, event: EventId) -> String {
        span_id(&arn_of(self.family.member(member)), event.get())
    }
}

/// What tells an execution from others; one without an ARN has its name and its time.
fn arn_of(member: &Member) -> String {
    let described = &member.described;
    described.arn.as_ref().map(ToString::to_string).unwrap_or_else(|| {
        let started = described.times.0.or_else(|| member.history.started_at()).map(nanos).unwrap_or_default();
        format!("{}@{started}", described.name.as_deref().unwrap_or_default())
    })
}

fn between(history: &History, from: EventId, until: Option<EventId>) -> Option<(Timestamp, Timestamp)> {
    let from = history.event(from)?.timestamp;
    let ended = until.and_then(|until| history.event(until)).map(|event| event.timestamp);
    // What goes on ends, for now, where the history does.
    Some((from, ended.or_else(|| history.last_at()).unwrap_or(from)))
}

/// What a task calls: `lambda:invoke`, or the ARN of a function or an activity.
fn called(details: &Details) -> Option<String> {
    match details {
        Details::TaskScheduled(scheduled) => {
            let service = scheduled.task.resource_type.as_deref()?;
            Some(format!("{service}:{}", scheduled.task.resource.as_deref().unwrap_or_default()))
        }
        Details::LambdaScheduled(scheduled) => scheduled.resource.as_ref().map(ToString::to_string),
        Details::ActivityScheduled(scheduled) => scheduled.resource.as_ref().map(ToString::to_string),
        _ => None,
    }
}

fn nanos(at: Timestamp) -> String {
    (i128::from(at.as_micros().max(0)) * 1_000).to_string()
}

fn error_type(is_bad: bool, failure: &Failure) -> Option<Given> {
    // Rule: semantic conventions, `error.type`: `_OTHER` when no better is known.
    is_bad.then(|| Given::Text(failure.error.as_deref().unwrap_or("_OTHER").to_owned()))
}

fn told(is_good: bool, is_bad: bool, failure: &Failure) -> Value {
    match () {
        () if is_bad => match &failure.cause {
            Some(cause) => json!({ "code": ERROR, "message": cause }),
            None => json!({ "code": ERROR }),
        },
        () if is_good => json!({ "code": OK }),
        () => json!({}),
    }
}

fn attributes<'a>(given: impl IntoIterator<Item = (&'a str, Option<Given>)>) -> Value {
    let attribute = |(key, value): (&str, Option<Given>)| {
        Some(match value? {
            Given::Text(text) => json!({ "key": key, "value": { "stringValue": text } }),
            Given::Whole(number) => json!({ "key": key, "value": { "intValue": number.to_string() } }),
        })
    };
    given.into_iter().filter_map(attribute).collect()
}

/// Reads the trace header an execution was started with as a link. Rule: X-Ray, `Root=1-5759e988-bd862e3fe1be46a994272793;
/// Parent=53995c3f42cd8ad8;Sampled=1`; a trace id is the root without version and dashes.
fn trace_header(recording: &Recording) -> Option<Value> {
    let unknown = &recording.execution.as_ref()?.unknown;
    let header = unknown.iter().find(|member| &*member.name == "traceHeader")?;
    let header: Arc<str> = serde_json::from_slice::<String>(&header.value).ok()?.into();
    let field = |name: &str| header.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    let is_hex = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let trace = field("Root")?.strip_prefix("1-")?.replace('-', "").to_ascii_lowercase();
    let span = field("Parent")?.to_ascii_lowercase();
    (is_hex(&trace, 32) && is_hex(&span, 16)).then(|| json!({ "traceId": trace, "spanId": span }))
}

fn trace_id(arn: &str) -> String {
    format!("{:016x}{:016x}", hash(arn.as_bytes(), 0x1), hash(arn.as_bytes(), 0x2))
}

fn span_id(arn: &str, event: u32) -> String {
    format!("{:016x}", hash(&[arn.as_bytes(), b"#", &event.to_be_bytes()].concat(), 0x3))
}

/// FNV-1a with a seed, mixed at the end so that neighbours differ in all digits. Rule: an id is not all zeros.
fn hash(bytes: &[u8], seed: u64) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed;
    let hash = bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (hash ^ (hash >> 33)).max(1)
}
