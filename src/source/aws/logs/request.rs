//! The calls to CloudWatch Logs, each as the command line that does the same and as the service takes it.

use crate::json::Value;
use crate::source::aws::{Command, Operation};
use serde_json::json;

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
    pub(in crate::source::aws) fn operation(&self) -> Operation {
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

    /// Returns the call's parameters as the service takes them.
    pub(in crate::source::aws) fn body(&self) -> Value {
        match self {
            Self::FilterLogEvents { group, pattern, stream, from, until, page } => {
                let mut body = json!({ "logGroupName": group, "startTime": from, "endTime": until });
                if let Some(stream) = stream {
                    body["logStreamNames"] = json!([stream]);
                }
                if let Some(pattern) = pattern {
                    body["filterPattern"] = json!(pattern);
                }
                if let Some(page) = page {
                    body["nextToken"] = json!(page);
                }
                body
            }
            Self::StartQuery { group, query, from, until } => {
                json!({ "logGroupName": group, "startTime": from, "endTime": until, "queryString": query })
            }
            Self::GetQueryResults { id } | Self::StopQuery { id } => json!({ "queryId": id }),
        }
    }
}
