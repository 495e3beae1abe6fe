//! `stepback check`: what AWS would say about definitions, and what it does not.

mod files;
mod formats;
mod human;

use super::{Failure, Output, Verdict, aws, template};
use crate::asl::{Definition, Diagnostic, MachineKind, Severity};
use crate::template::Unknown;
use files::{Found, Subject};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Check definitions: AWS's errors word for word, and warnings for mistakes AWS lets pass.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  stepback check infra/ --junit check.xml
  stepback check template.yaml --parameter Stage=prod --severity error")]
pub struct Args {
    /// Definitions in JSON or YAML, templates that hold them (CloudFormation, SAM, CDK, Serverless, Terraform),
    /// recordings, folders of them, an ARN in AWS, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The type of the state machine; a recording knows its own.
    #[arg(long = "type", value_name = "TYPE", default_value = "STANDARD", ignore_case = true)]
    kind: Kind,
    #[command(flatten)]
    given: template::Parameters,
    /// Report errors only, or warnings too.
    #[arg(long, value_name = "LEVEL", default_value = "warning", ignore_case = true)]
    severity: Least,
    /// At most this many findings for each definition; 0 is 100, the most AWS returns [default: all].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    max_results: Option<u8>,
    /// Prints the findings as JSON: an object for one file, a list for several.
    #[arg(long)]
    json: bool,
    /// Prints the findings as annotations of a GitHub workflow.
    #[arg(long, conflicts_with = "json")]
    github: bool,
    /// Prints the findings as SARIF 2.1.0.
    #[arg(long, conflicts_with_all = ["json", "github"])]
    sarif: bool,
    /// Writes a report in JUnit's XML as well: a case for each definition.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    #[command(flatten)]
    reach: aws::Reach,
}

/// The least severity that is reported, as ValidateStateMachineDefinition takes it.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Least {
    Error,
    Warning,
}

/// What is wanted of a report.
#[derive(Clone, Copy)]
struct Wanted {
    kind: MachineKind,
    severity: Severity,
    most: usize,
}

impl Args {
    fn wanted(&self) -> Wanted {
        const MOST: usize = 100;
        let severity = match self.severity {
            Least::Error => Severity::Error,
            Least::Warning => Severity::Warning,
        };
        let most = match self.max_results {
            None => usize::MAX,
            Some(0) => MOST,
            Some(most) => usize::from(most),
        };
        Wanted { kind: self.kind.into(), severity, most }
    }
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
    /// Whether AWS refuses the definition, also for what is not shown.
    refused: bool,
    /// How many findings are left out.
    left_out: usize,
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
    fn of(subject: Subject, wanted: Wanted) -> Self {
        let Subject { file, machine, definition, unknown, absent, kind, .. } = subject;
        // What these values switch off, others switch on: it is checked all the same.
        let mut findings = Vec::from_iter(absent);
        findings.extend(definition.check(kind.unwrap_or(wanted.kind)).1);
        let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
        findings.retain(|finding| finding.severity >= wanted.severity);
        let left_out = findings.len().saturating_sub(wanted.most);
        findings.truncate(wanted.most);
        Self { file, machine, definition, unknown, findings, refused, left_out }
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The shape of ValidateStateMachineDefinition's answer, with the file, and with where to look in it.
    fn to_json(&self) -> Value {
        let result = if self.refused { "FAIL" } else { "OK" };
        let diagnostics: Vec<Value> = self.findings.iter().map(|finding| self.finding_to_json(finding)).collect();
        let truncated = self.left_out > 0;
        let mut told =
            json!({ "file": self.file, "result": result, "diagnostics": diagnostics, "truncated": truncated });
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
        members.insert("source".to_owned(), finding.origin.name().into());
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
    let (live, paths) = files::live(&args.paths, &args.reach)?;
    let alone = args.paths.len() == 1;
    let Found { mut subjects, unreadable, single } = files::find(&paths, &args.given.options()?);
    let single = single || alone && !live.is_empty();
    subjects.extend(live);
    let wanted = args.wanted();
    let reports: Vec<Report> = subjects.into_par_iter().map(|subject| Report::of(subject, wanted)).collect();
    if let Some(path) = &args.junit {
        formats::junit(path, &reports)?;
    }
    if args.sarif {
        output.json(&formats::sarif(&reports))?;
    } else if args.github {
        formats::github(&reports, output)?;
    } else if args.json {
        match reports.as_slice() {
            [only] if single => output.json(&only.to_json())?,
            [] if single => {}
            several => output.json(&several.iter().map(Report::to_json).collect::<Vec<_>>())?,
        }
    } else {
        for report in &reports {
            human::write(report, output)?;
        }
        if !reports.is_empty() {
            human::summary(&reports, output)?;
        }
    }
    if let Some(failure) = unreadable.into_iter().reduce(|first, next| {
        output.complain(&first);
        next
    }) {
        return Err(failure);
    }
    if reports.is_empty() {
        return Err(Failure::input("No definitions were found.")
            .hint("Definitions have StartAt and States; templates hold them in their resources."));
    }
    let refused = reports.iter().any(|report| report.refused);
    Ok(if refused { Verdict::Finding } else { Verdict::Fine })
}
