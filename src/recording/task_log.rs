//! What a function wrote to its log while a task called it.

use super::Recording;
use super::field::{Field, object};
use crate::event::{EventId, Timestamp};
use crate::json::{Payload, SharedBytes};
use std::sync::Arc;

object! {
    /// The lines a function logged while it did, or failed to do, a task.
    pub struct TaskLog {
        /// The event that ended the call.
        event: EventId = "event",
        /// The log group.
        log_group_name: Arc<str> = "logGroupName",
        /// The number of the call, by which its lines were found.
        request_id: Arc<str> = "requestId",
        /// The lines as `FilterLogEvents` has them, oldest first.
        events: Vec<LogLine> = "events",
    }
}

object! {
    /// One line of a log.
    pub struct LogLine {
        /// When it was written.
        timestamp: Timestamp = "timestamp",
        /// What it says.
        message: Arc<str> = "message",
        /// The stream it stands in: one for each instance of the function.
        log_stream_name: Arc<str> = "logStreamName",
    }
}

impl TaskLog {
    /// Reads one of a recording's [`logs`](Recording::logs); `None` when it is something else.
    pub fn of(log: &Payload) -> Option<Self> {
        let log = Self::read(&SharedBytes::from(log.text().to_owned()))?;
        log.event.is_some().then_some(log)
    }

    /// Returns it as a recording keeps it.
    pub fn into_payload(self) -> Payload {
        // Members that were kept verbatim are JSON, so writing cannot fail.
        let text = serde_json::to_string(&self).unwrap_or_default();
        Payload::from_embedded(SharedBytes::from(text))
    }
}

impl Recording {
    /// Returns the log lines of its tasks, as far as they were captured.
    pub fn task_logs(&self) -> impl Iterator<Item = TaskLog> + '_ {
        self.logs.iter().filter_map(TaskLog::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_survives_the_recording() {
        let text = r#"{"event":7,"logGroupName":"/aws/lambda/charge","requestId":"r","events":[{"timestamp":1000,"message":"a\n","ingestionTime":2}],"x":1}"#;
        let log = TaskLog::of(&Payload::from_text(text)).unwrap();
        assert_eq!(log.events.as_ref().unwrap()[0].message.as_deref(), Some("a\n"));
        let recording = Recording { logs: vec![log.into_payload()], ..Recording::default() };
        let mut written = Vec::new();
        recording.to_writer(&mut written).unwrap();
        let read = Recording::read(&SharedBytes::from(String::from_utf8(written).unwrap())).unwrap();
        let log = read.task_logs().next().unwrap();
        assert_eq!((log.event, log.request_id.as_deref()), (EventId::new(7), Some("r")));
        let compact: serde_json::Value = serde_json::from_str(log.into_payload().text()).unwrap();
        assert_eq!(compact, serde_json::from_str::<serde_json::Value>(text).unwrap());
    }

    #[test]
    fn other_lines_are_left_alone() {
        assert!(TaskLog::of(&Payload::from_text(r#""a line""#)).is_none());
        assert!(TaskLog::of(&Payload::from_text(r#"{"line":1}"#)).is_none());
    }
}
