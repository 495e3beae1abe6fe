//! CloudWatch Logs Insights: queries over a whole log group, charged for by the bytes they look through.

use super::request::LogRequest;
use super::{LogGroup, Span, object, text};
use crate::json::{Members, SharedBytes, elements};
use crate::source::aws::{AwsError, Client, ErrorKind};
use serde_json::Value;
use std::time::Duration;

/// A query, with everything somebody needs to run it elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsightsQuery {
    /// The log group.
    pub group: LogGroup,
    /// The span of time.
    pub span: Span,
    /// The text.
    pub text: String,
}

/// What a query found, and what it cost.
#[derive(Debug, Clone)]
pub struct Insights {
    /// The query.
    pub query: InsightsQuery,
    /// The rows.
    pub rows: Vec<Row>,
    /// How many bytes were looked through.
    pub scanned_bytes: u64,
}

/// A row of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its cells: objects with `field` and `value`.
    pub(super) cells: Vec<SharedBytes>,
}

/// The most rows an answer has.
const MOST_ROWS: usize = 10_000;

/// How long an answer is waited for, look by look.
const LOOKS: u32 = 120;

impl InsightsQuery {
    /// So many executions are asked for at once.
    pub const MOST_ARNS: usize = 50;

    /// So many executions are listed at most.
    pub const MOST_EXECUTIONS: usize = 1_000;

    /// Lists executions of a machine, newest first: when they began and ended, the type of the last event, and the error
    /// it carries. Several machines may share a log group.
    pub fn executions(group: LogGroup, span: Span, machine: &str) -> Self {
        let name = machine.split(':').nth(6).unwrap_or_default();
        let part = Value::from(format!(":express:{name}:"));
        let text = format!(
            "filter execution_arn like {part}\n\
            | stats min(event_timestamp) as started, max(event_timestamp) as ended, min(@timestamp) as firstLine, \
            max(@timestamp) as lastLine, latest(type) as last, latest(details.error) as error, count(*) as events \
            by execution_arn\n\
            | sort firstLine desc\n\
            | limit {}",
            Self::MOST_EXECUTIONS
        );
        Self { group, span, text }
    }

    /// Asks for every event of some executions.
    pub fn events(group: LogGroup, span: Span, arns: &[&str]) -> Self {
        let arns: Vec<String> = arns.iter().map(|arn| Value::from(*arn).to_string()).collect();
        let text = format!(
            "fields @message\n| filter execution_arn in [{}]\n| sort @timestamp asc\n| limit {MOST_ROWS}",
            arns.join(", ")
        );
        Self { group, span, text }
    }
}

impl Insights {
    /// Tells whether there may be more rows than an answer can have.
    pub fn is_full(&self) -> bool {
        self.rows.len() >= MOST_ROWS
    }
}

impl Row {
    /// Returns the value of a field.
    pub(super) fn get(&self, field: &str) -> Option<String> {
        self.cells.iter().find_map(|cell| {
            let cell = Members::of(cell).ok()?;
            (text(cell.get("field")?)? == field).then(|| text(cell.get("value")?))?
        })
    }
}

impl Client {
    /// Runs a query and waits for its answer. One that takes too long is stopped, since it is charged for as it goes.
    pub async fn insights(&self, query: InsightsQuery) -> Result<Insights, AwsError> {
        let region = query.group.region.to_string();
        let request = LogRequest::StartQuery {
            group: query.group.name.to_string(),
            query: query.text.clone(),
            from: query.span.from.as_millis().div_euclid(1_000),
            until: query.span.until.as_millis().div_euclid(1_000) + 1,
        };
        let started = object(&self.call_logs(&request, &region).await?)?;
        let unreadable = || AwsError::new(ErrorKind::Unreadable("the query has no id".into()));
        let id = started.get("queryId").and_then(text).ok_or_else(unreadable)?;
        for look in 0..LOOKS {
            let answer = object(&self.call_logs(&LogRequest::GetQueryResults { id: id.clone() }, &region).await?)?;
            match answer.get("status").and_then(text).as_deref() {
                Some("Complete") => return Ok(read(query, &answer)),
                Some("Scheduled" | "Running" | "Unknown") | None => {}
                Some(other) => {
                    let message = format!("the query ended as {other}").into();
                    return Err(AwsError::new(ErrorKind::Failed { status: 200, message }));
                }
            }
            tokio::time::sleep(Duration::from_millis(u64::from(look.min(9) + 1) * 200)).await;
        }
        // What it found until then is lost either way.
        let _ = self.call_logs(&LogRequest::StopQuery { id }, &region).await;
        Err(AwsError::new(ErrorKind::TimedOut))
    }
}

fn read(query: InsightsQuery, answer: &Members) -> Insights {
    let rows =
        answer.get("results").map(|results| elements(results).map(|row| Row { cells: elements(&row).collect() }));
    let rows = rows.map(Iterator::collect).unwrap_or_default();
    let statistics = answer.get("statistics").and_then(|statistics| serde_json::from_slice::<Value>(statistics).ok());
    let scanned = statistics.and_then(|statistics| statistics.get("bytesScanned")?.as_f64()).unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of bytes")]
    Insights { query, rows, scanned_bytes: scanned.max(0.0) as u64 }
}
