//! CloudWatch Logs: where Express executions are kept, and what the functions of failed tasks had to say.

mod express;
mod functions;
mod insights;
mod request;
mod settings;

pub use express::{ExpressError, ExpressFound, ExpressSearch};
pub use functions::CallToFind;
pub use insights::{Insights, InsightsQuery};
pub use settings::{LogLevel, LogSettings, NotLogged};

use super::{AwsError, Client, ErrorKind};
use crate::event::Timestamp;
use crate::json::{Members, MembersError, Payload, SharedBytes, elements};
use crate::recording::LogLine;
pub(super) use request::LogRequest;
use std::sync::Arc;

/// A log group, in its region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// The region.
    pub region: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
}

/// A span of time, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

impl Span {
    /// The same span, longer by so many milliseconds at each end.
    #[must_use]
    pub fn widened(self, millis: i64) -> Self {
        let from = Timestamp::from_millis(self.from.as_millis().saturating_sub(millis).max(0));
        Self { from, until: Timestamp::from_millis(self.until.as_millis().saturating_add(millis)) }
    }

    /// The span in which all lines of the Express executions stand that were seen in this one: they last five minutes
    /// at most, and lines may be late.
    #[must_use]
    pub fn of_whole_executions(self) -> Self {
        self.widened(6 * 60_000)
    }
}

/// What of a log group is asked for.
#[derive(Debug, Clone)]
struct Wanted<'a> {
    group: &'a LogGroup,
    span: Span,
    /// A filter pattern of CloudWatch Logs.
    pattern: Option<&'a str>,
    stream: Option<&'a str>,
}

impl Client {
    /// Asks a log group for the lines of this moment, to see whether it lets itself be asked.
    pub async fn looks_into(&self, group: &LogGroup) -> Result<(), AwsError> {
        let now = Timestamp::from_millis(super::client::now().as_millis());
        let span = Span { from: now, until: now };
        self.log_lines(&Wanted { group, span, pattern: None, stream: None }, 1).await.map(drop)
    }

    /// Asks for lines until there are no more, or no more pages are wanted. `true` when there would be more.
    async fn log_lines(&self, wanted: &Wanted<'_>, pages: usize) -> Result<(Vec<LogLine>, bool), AwsError> {
        let (mut lines, mut page) = (Vec::new(), None);
        for _ in 0..pages {
            let request = LogRequest::FilterLogEvents {
                group: wanted.group.name.to_string(),
                pattern: wanted.pattern.map(str::to_owned),
                stream: wanted.stream.map(str::to_owned),
                from: wanted.span.from.as_millis(),
                until: wanted.span.until.as_millis(),
                page: page.take(),
            };
            let mut answer = object(&self.call_logs(&request, &wanted.group.region).await?)?;
            let events = answer.take("events").unwrap_or_else(|| SharedBytes::from("[]".to_owned()));
            lines.extend(elements(&events).filter_map(|event| Some(LogLine::from_members(Members::of(&event).ok()?))));
            page = answer.take("nextToken").as_ref().and_then(text);
            if page.is_none() {
                return Ok((lines, false));
            }
        }
        Ok((lines, true))
    }
}

fn object(body: &SharedBytes) -> Result<Members, AwsError> {
    let reason = |error: MembersError| super::failure::foreign(body).map_or(error.reason.into(), Arc::from);
    Members::of(body).map_err(|error| AwsError::new(ErrorKind::Unreadable(reason(error))))
}

fn text(value: &SharedBytes) -> Option<String> {
    (value.first() == Some(&b'"')).then(|| Payload::from_literal(value.clone()).text().to_owned())
}
