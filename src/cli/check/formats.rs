//! Findings for build servers: annotations of GitHub's workflows, SARIF, and JUnit's XML.

use super::Report;
use crate::asl::{Diagnostic, Severity};
use crate::cli::junit::{self, Case, Outcome};
use crate::cli::{Failure, Output};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Where a finding stands.
struct Spot<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

fn spot<'a>(report: &'a Report, finding: &Diagnostic) -> Spot<'a> {
    let source = report.definition.source();
    let Some(span) = finding.span else {
        return Spot { file: &report.file, line: 1, column: 1, end_line: 1, end_column: 1 };
    };
    let (start, end) = (source.position(span.start), source.position(span.end));
    let file = source.file(span.start).unwrap_or(&report.file);
    Spot { file, line: start.line, column: start.column, end_line: end.line.max(start.line), end_column: end.column }
}

fn message(report: &Report, finding: &Diagnostic) -> String {
    let first = finding.message.lines().next().unwrap_or_default().trim_end();
    let location = finding.location.as_deref().filter(|location| location.starts_with('/'));
    let machine = report.machine.as_deref();
    let place: Vec<&str> = machine.into_iter().chain(location).collect();
    let hint = finding.hint.as_deref().map(|hint| format!(" {hint}")).unwrap_or_default();
    if place.is_empty() { format!("{first}{hint}") } else { format!("{first} ({}){hint}", place.join(" ")) }
}

/// Writes a workflow command for each finding, which GitHub shows at its line.
pub(super) fn github(reports: &[Report], output: &mut Output) -> Result<(), Failure> {
    for report in reports {
        for finding in &report.findings {
            let spot = spot(report, finding);
            let level = if finding.severity == Severity::Error { "error" } else { "warning" };
            output.line(format!(
                "::{level} file={},line={},endLine={},col={},title={}::{}",
                property(spot.file),
                spot.line,
                spot.end_line,
                spot.column,
                property(finding.code),
                data(&message(report, finding))
            ))?;
        }
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Returns the findings as SARIF 2.1.0.
pub(super) fn sarif(reports: &[Report]) -> Value {
    let findings = || reports.iter().flat_map(|report| report.findings.iter().map(move |finding| (report, finding)));
    let rules: BTreeSet<&str> = findings().map(|(_, finding)| finding.code).collect();
    let result = |(report, finding): (&Report, &Diagnostic)| {
        let spot = spot(report, finding);
        let mut region = json!({ "startLine": spot.line, "startColumn": spot.column, "endLine": spot.end_line });
        if spot.end_line > spot.line || spot.end_column > spot.column {
            region["endColumn"] = spot.end_column.into();
        }
        json!({
            "ruleId": finding.code,
            "level": if finding.severity == Severity::Error { "error" } else { "warning" },
            "message": { "text": message(report, finding) },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": spot.file.replace('\\', "/") },
                "region": region,
            } }],
        })
    };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "stepback",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(|id| json!({ "id": id })).collect::<Vec<_>>(),
            } },
            // Columns are counted in characters.
            "columnKind": "unicodeCodePoints",
            "results": findings().map(result).collect::<Vec<_>>(),
        }],
    })
}

/// Writes a JUnit report: a case for each definition, which fails when AWS would refuse it.
pub(super) fn junit(path: &Path, reports: &[Report]) -> Result<(), Failure> {
    let case = |report: &Report| {
        let told: Vec<String> = report
            .findings
            .iter()
            .map(|finding| {
                let Spot { file, line, column, .. } = spot(report, finding);
                format!("{file}:{line}:{column} {} {}", finding.severity.name(), message(report, finding))
            })
            .collect();
        let error = report.findings.iter().find(|finding| finding.severity == Severity::Error);
        Case {
            name: report.machine.clone().unwrap_or_else(|| report.file.clone()),
            file: report.file.clone(),
            outcome: match error {
                Some(error) => Outcome::Failed(message(report, error), told.join("\n")),
                None => Outcome::Passed,
            },
        }
    };
    junit::write(path, "stepback check", &reports.iter().map(case).collect::<Vec<_>>())
}
