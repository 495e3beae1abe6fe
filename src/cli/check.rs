//! `stepback check`: what AWS would say about definitions, and what it does not.

mod files;
mod human;

use super::{Failure, Output, Verdict, template};
use crate::asl::{Definition, Diagnostic, MachineKind, Severity};
use crate::template::Unknown;
use files::{Found, Subject};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Checks definitions: AWS's errors word for word, and mistakes AWS lets pass as warnings.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Definitions in JSON or YAML, templates that hold them (CloudFormation, SAM, CDK), recordings, folders of them, or
    /// - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The type of the state machine; a recording knows its own.
    #[arg(long = "type", value_name = "TYPE", default_value = "STANDARD", ignore_case = true)]
    kind: Kind,
    #[command(flatten)]
    given: template::Given,
    /// Prints the findings as JSON: an object for one file, a list for several.
    #[arg(long)]
    json: bool,
}

/// The type of a state machine on the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
#[value(rename_all = "UPPER")]
enum Kind {
    Standard,
    Express,
}

/// A definition and what was found about it.
struct Report {
    file: String,
    /// The machine, when the file is a template.
    machine: Option<String>,
    definition: Definition,
    unknown: Vec<Unknown>,
    findings: Vec<Diagnostic>,
}

impl From<Kind> for MachineKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Standard => Self::Standard,
            Kind::Express => Self::Express,
        }
    }
}

impl Report {
    fn of(subject: Subject, kind: MachineKind) -> Self {
        let Subject { file, machine, definition, unknown, .. } = subject;
        let (_, findings) = definition.check(subject.kind.unwrap_or(kind));
        Self { file, machine, definition, unknown, findings }
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The shape of ValidateStateMachineDefinition's answer, with the file, and with where to look in it.
    fn to_json(&self) -> Value {
        let result = if self.count(Severity::Error) > 0 { "FAIL" } else { "OK" };
        let diagnostics: Vec<Value> = self.findings.iter().map(|finding| self.finding_to_json(finding)).collect();
        let mut told = json!({ "file": self.file, "result": result, "diagnostics": diagnostics, "truncated": false });
        if let (Value::Object(members), Some(machine)) = (&mut told, &self.machine) {
            members.shift_insert(1, "machine".to_owned(), machine.as_str().into());
            let unknown: Map<_, _> = self.unknown.iter().map(|it| (it.name.clone(), it.count.into())).collect();
            members.insert("placeholders".to_owned(), unknown.into());
        }
        told
    }

    fn finding_to_json(&self, finding: &Diagnostic) -> Value {
        let mut members = Map::new();
        members.insert("severity".to_owned(), finding.severity.name().into());
        members.insert("code".to_owned(), finding.code.into());
        members.insert("message".to_owned(), finding.message.as_str().into());
        if let Some(location) = &finding.location {
            members.insert("location".to_owned(), location.as_str().into());
        }
        if let Some(span) = finding.span {
            let position = self.definition.source().position(span.start);
            if let Some(file) = self.definition.source().file(span.start).filter(|file| *file != self.file) {
                members.insert("file".to_owned(), file.into());
            }
            members.insert("line".to_owned(), position.line.into());
            members.insert("column".to_owned(), position.column.into());
        }
        if let Some(hint) = &finding.hint {
            members.insert("hint".to_owned(), hint.as_str().into());
        }
        Value::Object(members)
    }
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let Found { subjects, unreadable, single } = files::find(&args.paths, &args.given.options()?);
    let kind = MachineKind::from(args.kind);
    let reports: Vec<Report> = subjects.into_par_iter().map(|subject| Report::of(subject, kind)).collect();
    if args.json {
        match reports.as_slice() {
            [only] if single => output.json(&only.to_json())?,
            [] if single => {}
            several => output.json(&several.iter().map(Report::to_json).collect::<Vec<_>>())?,
        }
    } else {
        for report in &reports {
            human::write(report, output)?;
        }
        if !reports.is_empty() || unreadable.is_empty() {
            human::summary(&reports, output)?;
        }
    }
    if let Some(failure) = unreadable.into_iter().reduce(|first, next| {
        output.complain(&first);
        next
    }) {
        return Err(failure);
    }
    let refused = reports.iter().any(|report| report.count(Severity::Error) > 0);
    Ok(if refused { Verdict::Finding } else { Verdict::Fine })
}
