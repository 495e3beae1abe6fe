//! What is to be run: a definition, or what a recording says about one.

use crate::asl::{Definition, Format, Machine, MachineKind, Severity};
use crate::cli::Failure;
use crate::event::Timestamp;
use crate::interpreter::Identity;
use crate::json::Payload;
use serde::Deserialize;
use serde_json::Value;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

/// A machine to be run, who its execution is, and the input it had.
pub(super) struct Target {
    pub(super) machine: Arc<Machine>,
    pub(super) identity: Arc<Identity>,
    recorded_input: Option<Payload>,
}

/// The members of a recording that say what was run.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recorded {
    state_machine: Option<RecordedMachine>,
    execution: Option<RecordedExecution>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordedMachine {
    definition: Option<Value>,
    role_arn: Option<String>,
    r#type: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct RecordedExecution {
    execution_arn: Option<String>,
    state_machine_arn: Option<String>,
    name: Option<String>,
    start_date: Option<Value>,
    input: Option<Value>,
}

impl Target {
    pub(super) fn load(path: &Path, kind: Option<MachineKind>) -> Result<Self, Failure> {
        let file = path.display().to_string();
        let text = read(&file)?;
        let recorded = serde_json::from_str::<Recorded>(&text).ok();
        if let Some(Recorded { state_machine: Some(machine), execution }) = recorded
            && let Some(definition) = machine.definition.as_ref()
        {
            let definition = definition.as_str().map_or_else(|| definition.to_string(), str::to_owned);
            return Self::recorded(&file, &definition, &machine, execution.unwrap_or_default(), kind);
        }
        let format = match path.extension().and_then(std::ffi::OsStr::to_str) {
            Some("yaml" | "yml") => Format::Yaml,
            _ => Format::of_text(&text),
        };
        let kind = kind.unwrap_or_default();
        let machine = parse(&file, &text, format, kind)?;
        let started = Timestamp::from_millis(START);
        Ok(Self { machine, identity: Arc::new(Identity::local(kind, started)), recorded_input: None })
    }

    fn recorded(
        file: &str,
        definition: &str,
        machine: &RecordedMachine,
        execution: RecordedExecution,
        kind: Option<MachineKind>,
    ) -> Result<Self, Failure> {
        let arn = execution.execution_arn.as_deref();
        let express = machine.r#type.as_deref() == Some("EXPRESS") || arn.is_some_and(|arn| arn.contains(":express:"));
        let recorded_kind = if express { MachineKind::Express } else { MachineKind::Standard };
        let kind = kind.unwrap_or(recorded_kind);
        let started = execution.start_date.and_then(|date| Timestamp::read(&date.to_string()).ok());
        let mut identity = Identity::local(kind, started.unwrap_or_else(|| Timestamp::from_millis(START)));
        let set = |field: &mut Arc<str>, value: Option<String>| {
            if let Some(value) = value {
                *field = value.into();
            }
        };
        set(&mut identity.name, execution.name.or_else(|| arn.and_then(last_part)));
        set(&mut identity.role_arn, machine.role_arn.clone());
        let machine_arn = execution.state_machine_arn.map(|arn| unversioned(&arn).to_owned());
        set(&mut identity.machine_name, machine_arn.as_deref().and_then(last_part));
        set(&mut identity.machine_arn, machine_arn);
        set(&mut identity.arn, execution.execution_arn);
        let recorded_input = execution.input.map(|input| match input {
            Value::String(text) => Payload::from_text(text),
            other => Payload::from_value(other),
        });
        let machine = parse(file, definition, Format::of_text(definition), kind)?;
        Ok(Self { machine, identity: Arc::new(identity), recorded_input })
    }

    /// Returns the input that was asked for, or the recorded one, or an empty object.
    pub(super) fn input(&self, asked: Option<&str>) -> Result<Payload, Failure> {
        let input = match asked {
            Some(asked) if looks_like_json(asked) => Payload::from_text(asked),
            Some(file) => Payload::from_text(read(file)?.trim_end()),
            None => self.recorded_input.clone().unwrap_or_else(|| Payload::from_text("{}")),
        };
        match input.value() {
            Ok(_) => Ok(input.clone()),
            Err(error) => Err(Failure::input(format!("The input is {error}."))
                .hint("Give JSON, a file that holds JSON, or - for standard input.")),
        }
    }
}

/// When runs begin that nobody has dated: always the same, so that they can be repeated.
const START: i64 = 1_767_225_600_000;

fn read(file: &str) -> Result<String, Failure> {
    let cannot = |error: std::io::Error| Failure::input(format!("Cannot read '{file}': {error}."));
    if file == "-" {
        let mut text = String::new();
        return std::io::stdin().read_to_string(&mut text).map(|_| text).map_err(cannot);
    }
    std::fs::read_to_string(file).map_err(cannot)
}

/// A name of a file starts with none of these, but for numbers: those are files only if there are such.
fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['{', '[', '"']) || (serde_json::from_str::<Value>(text).is_ok() && !Path::new(text).exists())
}

fn parse(file: &str, text: &str, format: Format, kind: MachineKind) -> Result<Arc<Machine>, Failure> {
    let (machine, findings) = Definition::read(text, format).parse(kind);
    machine.map(Arc::new).ok_or_else(|| {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let told = errors.map(|finding| match &finding.location {
            Some(location) => format!("{}: {} at {location}", finding.code, finding.message),
            None => format!("{}: {}", finding.code, finding.message),
        });
        let told = told.collect::<Vec<_>>().join(", ");
        Failure::input(format!("AWS would refuse the definition in '{file}': {told}."))
            .hint(format!("'stepback check {file}' shows where."))
    })
}

fn last_part(arn: &str) -> Option<String> {
    arn.rsplit(':').next().map(str::to_owned)
}

/// Cuts the version or alias off a machine's ARN.
fn unversioned(arn: &str) -> &str {
    let end = arn.match_indices(':').nth(6).map_or(arn.len(), |(at, _)| at);
    arn.get(..end).unwrap_or(arn)
}
