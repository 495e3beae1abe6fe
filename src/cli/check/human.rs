//! Findings for people: the sentence, the place, the line with a caret below it, and what to do.

use super::Report;
use crate::asl::{Diagnostic, Severity};
use crate::cli::template::told_unknown;
use crate::cli::{Failure, Output};
use crate::report::counted;
use unicode_width::UnicodeWidthStr;

/// How much of a line is shown around the place meant; definitions on one line are common.
const BEFORE: usize = 40;
const AFTER: usize = 60;

/// The escape sequences of a role; empty without colour.
struct Paint {
    error: &'static str,
    warning: &'static str,
    quiet: &'static str,
    bold: &'static str,
    off: &'static str,
}

impl Paint {
    fn of(output: &Output) -> Self {
        if output.color() {
            Self { error: "\x1b[1;31m", warning: "\x1b[1;33m", quiet: "\x1b[2m", bold: "\x1b[1m", off: "\x1b[0m" }
        } else {
            Self { error: "", warning: "", quiet: "", bold: "", off: "" }
        }
    }
}

/// Writes what was found in one file.
///
/// ```text
/// error[SCHEMA_VALIDATION_FAILED]: Field 'Reslut' is not supported
///   --> machine.asl.json:4:7 /States/A
///    |
///  4 |       "Reslut": 1,
///    |       ^^^^^^^^
///    = Perhaps 'Result' is meant.
/// ```
pub(super) fn write(report: &Report, output: &mut Output) -> Result<(), Failure> {
    let paint = Paint::of(output);
    for finding in &report.findings {
        headline(finding, &paint, output)?;
        place(report, finding, &paint, output)?;
        if let Some(hint) = &finding.hint {
            output.line(format!("   {}={} {hint}", paint.quiet, paint.off))?;
        }
        output.line("")?;
    }
    if report.left_out > 0 {
        let left_out = counted(report.left_out, "more finding is", "more findings are");
        output.line(format!("{}: {left_out} not shown (--max-results).", report.file))?;
    }
    Ok(())
}

fn headline(finding: &Diagnostic, paint: &Paint, output: &mut Output) -> Result<(), Failure> {
    let (color, word) = match finding.severity {
        Severity::Error => (paint.error, "error"),
        Severity::Warning => (paint.warning, "warning"),
    };
    let message = finding.message.lines().next().unwrap_or("").trim_end();
    output.line(format!("{color}{word}[{}]{}: {}{message}{}", finding.code, paint.off, paint.bold, paint.off))
}

fn place(report: &Report, finding: &Diagnostic, paint: &Paint, output: &mut Output) -> Result<(), Failure> {
    let location = finding.location.as_deref().filter(|location| location.starts_with('/')).unwrap_or("");
    let Some(span) = finding.span else {
        return output.line(format!("  {}-->{} {} {location}", paint.quiet, paint.off, report.file));
    };
    let source = report.definition.source();
    let position = source.position(span.start);
    let line = source.line_at(span.start);
    let file = source.file(span.start).unwrap_or(&report.file);
    let start = position.column as usize - 1;
    let meant = source.slice(span).lines().next().unwrap_or("").chars().count().max(1);
    let from = start.saturating_sub(BEFORE);
    let shown: String = line.chars().skip(from).take(start - from + meant.min(AFTER) + AFTER).map(printable).collect();
    let lead: String = shown.chars().take(start - from).collect();
    let marked: String = shown.chars().skip(start - from).take(meant.min(AFTER)).collect();
    let (cut, indent) = if from > 0 { ("…", 1) } else { ("", 0) };
    let number = position.line.to_string();
    let margin = " ".repeat(number.len());
    output
        .line(format!("  {}-->{} {}:{}:{} {location}", paint.quiet, paint.off, file, position.line, position.column))?;
    let bar = format!("{}|{}", paint.quiet, paint.off);
    output.line(format!(" {margin} {bar}"))?;
    output.line(format!(" {number} {bar} {cut}{}", shown.trim_end()))?;
    let gap = " ".repeat(indent + lead.width());
    let carets = "^".repeat(marked.width().max(1));
    let color = if finding.severity == Severity::Error { paint.error } else { paint.warning };
    output.line(format!(" {margin} {bar} {gap}{color}{carets}{}", paint.off))
}

/// Control characters would move the caret, or worse.
fn printable(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}

/// The file, and which machine of it.
fn titled(report: &Report) -> String {
    match &report.machine {
        Some(machine) => format!("{} ({machine})", report.file),
        None => report.file.clone(),
    }
}

/// Writes how much was found in all.
pub(super) fn summary(reports: &[Report], output: &mut Output) -> Result<(), Failure> {
    let errors: usize = reports.iter().map(|report| report.count(Severity::Error)).sum();
    let warnings: usize = reports.iter().map(|report| report.count(Severity::Warning)).sum();
    let found = match (errors, warnings) {
        (0, 0) => "no problems found".to_owned(),
        _ => format!("{}, {}", counted(errors, "error", "errors"), counted(warnings, "warning", "warnings")),
    };
    for report in reports.iter().filter(|report| !report.unknown.is_empty()) {
        output.line(format!("{}: {}", titled(report), told_unknown(&report.unknown)))?;
    }
    match reports {
        [] => Ok(()),
        [only] => output.line(format!("{}: {found}.", titled(only))),
        several => output.line(format!("{}: {found}.", counted(several.len(), "definition", "definitions"))),
    }
}
