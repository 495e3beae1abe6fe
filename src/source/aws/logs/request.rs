//! The calls to CloudWatch Logs, each as the command line that does the same and as the SDK sends it.

use crate::source::aws::request::{Sent, outcome};
use crate::source::aws::watch::Watch;
use crate::source::aws::{Command, Operation};
use aws_sdk_cloudwatchlogs::Client;

/// A call to CloudWatch Logs. Times are milliseconds since 1970, but for queries, which take seconds.
#[derive(Debug, Clone)]
pub(in crate::source::aws) enum LogRequest {
    FilterLogEvents {
        group: String,
        pattern: Option<String>,
        stream: Option<String>,
        from: i64,
        until: i64,
        page: Option<String>,
    },
    StartQuery {
        group: String,
        query: String,
        from: i64,
        until: i64,
    },
    GetQueryResults {
        id: String,
    },
    StopQuery {
        id: String,
    },
}

impl LogRequest {
    fn operation(&self) -> Operation {
        match self {
            Self::FilterLogEvents { .. } => Operation::FilterLogEvents,
            Self::StartQuery { .. } => Operation::StartQuery,
            Self::GetQueryResults { .. } => Operation::GetQueryResults,
            Self::StopQuery { .. } => Operation::StopQuery,
        }
    }

    /// Returns what the call is about.
    pub(in crate::source::aws) fn resource(&self) -> Option<&str> {
        match self {
            Self::FilterLogEvents { group, .. } | Self::StartQuery { group, .. } => Some(group),
            Self::GetQueryResults { .. } | Self::StopQuery { .. } => None,
        }
    }

    /// Returns the call as a command line.
    pub(in crate::source::aws) fn command(&self) -> Command {
        let command = Command::new(self.operation());
        match self {
            Self::FilterLogEvents { group, pattern, stream, from, until, page } => command
                .with("logGroupName", group)
                .maybe("logStreamNames", stream.as_ref())
                .with("startTime", from)
                .with("endTime", until)
                .maybe("filterPattern", pattern.as_ref())
                .maybe("nextToken", page.as_ref()),
            Self::StartQuery { group, query, from, until } => command
                .with("logGroupName", group)
                .with("startTime", from)
                .with("endTime", until)
                .with("queryString", query),
            Self::GetQueryResults { id } | Self::StopQuery { id } => command.with("queryId", id),
        }
    }

    /// Sends the call. What comes back is the watch's to keep.
    pub(in crate::source::aws) async fn send(&self, client: &Client, watch: Watch) -> Sent {
        macro_rules! send {
            ($call:expr) => {
                outcome($call.customize().interceptor(watch).send().await)
            };
        }
        match self.clone() {
            Self::FilterLogEvents { group, pattern, stream, from, until, page } => send!(
                client
                    .filter_log_events()
                    .log_group_name(group)
                    .set_log_stream_names(stream.map(|stream| vec![stream]))
                    .start_time(from)
                    .end_time(until)
                    .set_filter_pattern(pattern)
                    .set_next_token(page)
            ),
            Self::StartQuery { group, query, from, until } => {
                send!(client.start_query().log_group_name(group).start_time(from).end_time(until).query_string(query))
            }
            Self::GetQueryResults { id } => send!(client.get_query_results().query_id(id)),
            Self::StopQuery { id } => send!(client.stop_query().query_id(id)),
        }
    }
}
