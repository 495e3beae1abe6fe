//! The definition as it was executed, line by line, with remarks on the lines they are about.

use super::{Front, Row, Sheet};
use crate::analysis::flow::Data;
use crate::analysis::{Flow, Program, Scene};
use crate::asl::{Format, Severity};
use crate::history::MemberId;
use crate::tui::subject::Subject;
use crate::tui::theme::Role;

/// How many failures are looked at for the field that is to blame.
const MOST_FAILURES: usize = 20;

/// A remark on a line.
struct Remark {
    line: u32,
    role: Role,
    text: String,
}

/// Makes the sheet of the definition an execution followed.
pub(super) fn sheet(subject: &Subject, member: MemberId) -> Sheet {
    let program = match subject.programs.program(member) {
        Ok(program) => program,
        Err(reason) => return Sheet::empty(reason.to_string()),
    };
    let mut remarks = findings(program);
    remarks.extend(failures(subject, member));
    remarks.sort_by_key(|remark| remark.line);
    let mut rows = Vec::new();
    if program.relaid {
        rows.push(remark("Recorded on one line; laid out here.", Role::Dim));
    }
    let mut left = remarks.into_iter().peekable();
    for (number, line) in (1..).zip(program.definition.source().text().lines()) {
        rows.push(code(number, line, program.format));
        while let Some(found) = left.next_if(|remark| remark.line <= number) {
            rows.push(remark(&found.text, found.role));
        }
    }
    Sheet::new(rows)
}

/// What `stepback check` says.
fn findings(program: &Program) -> Vec<Remark> {
    let finding = |finding: &crate::asl::Diagnostic| {
        let role = if finding.severity == Severity::Error { Role::Failed } else { Role::Warning };
        let hint = finding.hint.as_deref().map(|hint| format!(" {hint}")).unwrap_or_default();
        let text = format!("{}: {}{hint}", finding.severity.name(), finding.message);
        Some(Remark { line: program.line(finding.span?), role, text })
    };
    program.findings.iter().filter_map(finding).collect()
}

/// The fields at which states of this execution failed by their own fault; where a task failed, the state.
fn failures(subject: &Subject, member: MemberId) -> Vec<Remark> {
    let causes = subject.diagnosis.causes.iter().filter(|cause| cause.place.execution == member);
    let mut remarks: Vec<Remark> = Vec::new();
    for cause in causes.take(MOST_FAILURES) {
        let Some(visit) = cause.place.visit else { continue };
        let history = subject.history(member);
        let scene = Scene::of(&subject.programs, member, history, visit, cause.place.attempt);
        let Ok(scene) = scene else { continue };
        let Ok(flow) = Flow::of(&scene) else { continue };
        let event = cause.place.event;
        let found = match flow.fault().map(|step| (&step.field, &step.data)) {
            Some((Some((field, line)), Data::Failed(failure, _))) => {
                let error = failure.error.as_deref().unwrap_or_default();
                let cause = failure.cause.as_deref().unwrap_or_default();
                Remark {
                    line: *line,
                    role: Role::Failed,
                    text: format!("{field} failed at event {event}: {error}: {cause}"),
                }
            }
            _ => {
                let error = cause.error.as_deref().unwrap_or("an error");
                Remark { line: flow.head.line, role: Role::Failed, text: format!("failed at event {event}: {error}") }
            }
        };
        if !remarks.iter().any(|other| other.line == found.line) {
            remarks.push(found);
        }
    }
    remarks
}

fn remark(text: &str, role: Role) -> Row {
    Row {
        depth: 0,
        front: Front::Remark,
        words: vec![(role, text.into())],
        whole: Some(text.into()),
        closed: false,
        event: None,
    }
}

fn code(number: u32, line: &str, format: Format) -> Row {
    let words = match format {
        Format::Json => json(line),
        Format::Yaml => yaml(line),
    };
    Row { depth: 0, front: Front::Line(number), words, whole: Some(line.into()), closed: false, event: None }
}

/// Tells the tokens of a line of JSON apart.
fn json(line: &str) -> Vec<(Role, Box<str>)> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (role, length) = match first {
            '"' => {
                let length = string_length(rest);
                let after = rest.get(length..).unwrap_or("").trim_start();
                (if after.starts_with(':') { Role::JsonKey } else { Role::JsonString }, length)
            }
            '0'..='9' | '-' => (Role::JsonNumber, run(rest, |c| c.is_ascii_alphanumeric() || "+-.".contains(c))),
            c if c.is_alphabetic() => (Role::JsonWord, run(rest, char::is_alphanumeric)),
            c if c.is_whitespace() => (Role::Text, run(rest, char::is_whitespace)),
            _ => (Role::Dim, first.len_utf8()),
        };
        let (word, after) = rest.split_at(length.clamp(first.len_utf8(), rest.len()));
        words.push((role, word.into()));
        rest = after;
    }
    words
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// Returns the bytes of a string with its quotes; one that is not closed goes to the end of the line.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Tells the tokens of a line of YAML apart: the key, the value, a comment.
fn yaml(line: &str) -> Vec<(Role, Box<str>)> {
    let indent = run(line, |c| c.is_whitespace() || c == '-');
    let (space, rest) = line.split_at(indent);
    let mut words = vec![(Role::Dim, space.into())];
    if rest.starts_with('#') {
        words.push((Role::Dim, rest.into()));
        return words;
    }
    let key = rest.find(": ").or_else(|| rest.strip_suffix(':').map(str::len));
    let value = match key {
        Some(at) if !rest.starts_with(['{', '[']) => {
            let (key, value) = rest.split_at(at);
            words.push((Role::JsonKey, key.into()));
            value
        }
        _ => rest,
    };
    let plain = value.trim_start_matches(':').trim();
    let role = match plain.as_bytes().first() {
        Some(b'0'..=b'9') => Role::JsonNumber,
        _ if matches!(plain, "true" | "false" | "null") => Role::JsonWord,
        _ => Role::JsonString,
    };
    words.push((role, value.into()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(words: &[(Role, Box<str>)]) -> String {
        let told = words.iter().filter(|(_, word)| !word.trim().is_empty());
        told.map(|(role, word)| format!("{role:?} {word}")).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn tokens_of_a_line_are_told_apart() {
        let line = r#"  "A \"b\"": ["$.x", 1.5e3, true],"#;
        assert_eq!(
            roles(&json(line)),
            r#"JsonKey "A \"b\"" | Dim : | Dim [ | JsonString "$.x" | Dim , | JsonNumber 1.5e3 | Dim , | JsonWord true | Dim ] | Dim ,"#
        );
        assert_eq!(json(line).iter().map(|(_, word)| &**word).collect::<String>(), line);
        assert_eq!(roles(&json("\"open é")), "JsonString \"open é");
        assert_eq!(roles(&yaml("  - Type: Task")), "Dim   -  | JsonKey Type | JsonString : Task");
        assert_eq!(roles(&yaml("  Seconds: 10")), "JsonKey Seconds | JsonNumber : 10");
    }
}
