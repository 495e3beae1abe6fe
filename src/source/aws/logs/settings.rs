//! What a machine logs, and where to.

use super::{LogGroup, Span, object, text};
use crate::json::{Members, SharedBytes, elements};
use crate::recording::StateMachine;
use std::fmt;
use std::sync::Arc;

/// What a machine logs, and where to: its logging configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// Which events are logged.
    pub level: LogLevel,
    /// Whether inputs and outputs are logged with them.
    pub execution_data: bool,
    /// Where.
    pub group: LogGroup,
}

/// Which events are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// All.
    All,
    /// Those that say something failed, timed out or was aborted.
    Error,
    /// The end of an execution that failed, timed out or was aborted.
    Fatal,
}

/// Why nothing can be found in a machine's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotLogged {
    /// The machine does not log: its name.
    Off(Arc<str>),
    /// It logs, but nothing of this execution was found: its ARN, the log group, and since when was looked.
    NotFound {
        /// The execution.
        execution: Arc<str>,
        /// The log group.
        group: Arc<str>,
        /// Which events the machine logs.
        level: LogLevel,
        /// Where the search ended, going back in time.
        since: crate::event::Timestamp,
    },
}

impl LogSettings {
    /// Reads the logging configuration of a machine.
    pub fn of(machine: &StateMachine) -> Result<Self, NotLogged> {
        let name = machine.name.clone().or_else(|| machine.state_machine_arn.clone());
        let off = || NotLogged::Off(name.unwrap_or_else(|| "The state machine".into()));
        Self::read(machine).ok_or_else(off)
    }

    fn read(machine: &StateMachine) -> Option<Self> {
        let configuration = SharedBytes::from(machine.logging_configuration.as_ref()?.text().to_owned());
        let configuration = object(&configuration).ok()?;
        let level = match &*text(configuration.get("level")?)? {
            "ALL" => LogLevel::All,
            "ERROR" => LogLevel::Error,
            "FATAL" => LogLevel::Fatal,
            _ => return None,
        };
        let execution_data = configuration.get("includeExecutionData").is_some_and(|value| **value == *b"true");
        let group = elements(configuration.get("destinations")?).find_map(|destination| {
            let destination = Members::of(&destination).ok()?;
            let group = Members::of(destination.get("cloudWatchLogsLogGroup")?).ok()?;
            LogGroup::of_arn(&text(group.get("logGroupArn")?)?)
        })?;
        Some(Self { level, execution_data, group })
    }

    /// Returns what to tell somebody before a query over the log is run.
    pub fn cost(&self, span: Span) -> String {
        let (group, Span { from, until }) = (&self.group.name, span);
        format!("CloudWatch Logs Insights charges for every byte of {group} between {from} and {until}, found or not.")
    }

    /// Returns what these settings keep out of the log, if anything: what to change to have it next time.
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        if self.level != LogLevel::All {
            let level = self.level;
            gaps.push(format!(
                "The state machine logs at level {level}: {}. With level ALL the next execution is there from its first event.",
                level.told()
            ));
        }
        if !self.execution_data {
            gaps.push(
                "The state machine logs no inputs and outputs: includeExecutionData is false in its logging configuration."
                    .to_owned(),
            );
        }
        gaps
    }
}

impl LogGroup {
    /// Reads `arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*`.
    pub fn of_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(7, ':');
        let region = parts.nth(3)?;
        let (kind, name) = (parts.nth(1)?, parts.next()?);
        let name = name.strip_suffix(":*").unwrap_or(name);
        (kind == "log-group" && !name.is_empty()).then(|| Self { region: region.into(), name: name.into() })
    }

    /// The group a function writes to unless it is told otherwise.
    pub fn of_function(name: &str, region: &str) -> Self {
        Self { region: region.into(), name: format!("/aws/lambda/{name}").into() }
    }
}

impl LogLevel {
    fn told(self) -> &'static str {
        match self {
            Self::All => "every event",
            Self::Error => "only failures are there",
            Self::Fatal => "only the ends of failed executions are there",
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "ALL",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        })
    }
}

impl NotLogged {
    /// Returns the next step for the reader.
    pub fn hint(&self) -> String {
        match self {
            Self::Off(_) => {
                "Express executions are kept in logs only. Set the level of its logging configuration to ALL \
                             and includeExecutionData to true; the next execution can then be opened."
                    .to_owned()
            }
            Self::NotFound { level: LogLevel::Error | LogLevel::Fatal, .. } => {
                "At this level, executions that succeed leave nothing in the log.".to_owned()
            }
            Self::NotFound { .. } => {
                "Lines may take a minute to arrive, and are gone after the log group's retention.".to_owned()
            }
        }
    }
}

impl fmt::Display for NotLogged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off(machine) => write!(f, "{machine} logs nothing: its log level is OFF."),
            Self::NotFound { execution, group, level, since } => write!(
                f,
                "Nothing of {execution} is in the log group {group}, looked through back to {since}; its level is {level}."
            ),
        }
    }
}

impl std::error::Error for NotLogged {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Payload;
    use serde_json::json;

    fn settings(level: &str, data: bool) -> Result<LogSettings, NotLogged> {
        let destinations = json!([{ "cloudWatchLogsLogGroup": { "logGroupArn": "arn:aws:logs:eu-west-1:1:log-group:/aws/vendedlogs/states/a:*" } }]);
        let configuration = json!({ "level": level, "includeExecutionData": data, "destinations": destinations });
        let logging_configuration = Some(Payload::from_value(configuration));
        LogSettings::of(&StateMachine { name: Some("Orders".into()), logging_configuration, ..StateMachine::default() })
    }

    #[test]
    fn what_is_missing_is_said_exactly() {
        let all = settings("ALL", true).unwrap();
        assert_eq!((&*all.group.name, &*all.group.region), ("/aws/vendedlogs/states/a", "eu-west-1"));
        assert_eq!(all.gaps(), Vec::<String>::new());
        let errors = settings("ERROR", false).unwrap().gaps();
        assert!(errors[0].starts_with("The state machine logs at level ERROR: only failures are there."), "{errors:?}");
        assert!(errors[1].contains("includeExecutionData is false"), "{errors:?}");
        let off = settings("OFF", true).unwrap_err();
        assert_eq!(off.to_string(), "Orders logs nothing: its log level is OFF.");
        let nothing = LogSettings::of(&StateMachine::default()).unwrap_err();
        assert!(matches!(nothing, NotLogged::Off(_)));
    }
}
