//! The root cause as Markdown, and what Markdown would read as its own.

use super::cause::operand_lines;
use super::partial;
use super::quantity::size;
use super::why::{
    LISTED, facts, fate, heading_words, input_label, item_words, map_run_words, nothing_words, title, waiting_words,
    whereabouts,
};
use super::words::{breadcrumb, capitalized, shown};
use crate::analysis::{Diagnosis, Overview};
use crate::recording::Status;

/// Returns the root cause as Markdown, to be pasted into a ticket.
pub fn why_markdown(diagnosis: &Diagnosis, overview: &Overview) -> Vec<String> {
    let name = overview.name.as_deref().unwrap_or("Execution");
    let mut lines = vec![format!("## {}: {}", escaped(name), heading_words(overview)), String::new()];
    for words in partial::missing_words(&overview.missing) {
        lines.extend([format!("_{}_", escaped(&shown(&words))), String::new()]);
    }
    if let Some(items) = &overview.items {
        lines.extend([item_words(items), String::new()]);
    }
    for finding in &diagnosis.causes {
        let (title, place) = (escaped(&title(finding, &diagnosis.status)), whereabouts(finding));
        let title = Some(title.trim()).filter(|title| !title.is_empty()).unwrap_or("No error name");
        lines.push(match finding.stage.is_stateless() {
            true => format!("**{title}**: {}", escaped(&place)),
            false => format!("**{title}** in {}", code_span(&place)),
        });
        lines.push(String::new());
        if let Some(message) = finding.cause.as_ref().filter(|message| !message.summary.trim().is_empty()) {
            lines.extend([format!("> {}", begun(&escaped(&message.summary))), String::new()]);
        }
        lines.extend(operand_lines(&finding.operands).iter().map(|words| format!("- {}", escaped(words))));
        lines.extend(listed(&facts(finding)));
        if let Some(input) = finding.input.as_ref().filter(|input| input.size() <= 4096) {
            lines.extend([String::new(), format!("{}:", capitalized(input_label(finding)))]);
            lines.extend(fenced("json", &shown(input.text())));
        } else if let Some(input) = &finding.input {
            lines.push(format!("- {}: {}", input_label(finding), size(input.size())));
        }
        if let Some(log) = &finding.log {
            let text = log.lines.iter().map(|line| shown(line)).collect::<Vec<_>>().join("\n");
            lines.extend(fenced("text", &text));
        }
        lines.push(String::new());
    }
    lines.extend(diagnosis.waiting.iter().map(|waiting| {
        let waits = if matches!(diagnosis.status, Status::TimedOut | Status::Aborted) { "waited" } else { "waits" };
        format!("- {} {waits} {}", code_span(&breadcrumb(&waiting.place)), escaped(&waiting_words(waiting)))
    }));
    for finding in diagnosis.others.iter().take(LISTED) {
        let message = finding.cause.as_ref().map(|cause| cause.summary.clone()).unwrap_or_default();
        let (place, fate) = (code_span(&breadcrumb(&finding.place)), fate(finding).unwrap_or_default());
        lines.push(format!(
            "- also {place}: {} {} ({fate})",
            escaped(&title(finding, &diagnosis.status)),
            escaped(&message)
        ));
    }
    lines.extend(diagnosis.map_runs.iter().map(|run| format!("- {}", escaped(&map_run_words(run)))));
    if diagnosis.is_uneventful() {
        lines.push(nothing_words(overview).to_owned());
    }
    lines
}

/// Facts as a list. What has no label of its own belongs to the one before: several make a list inside the list.
fn listed(facts: &[(&str, String, usize)]) -> Vec<String> {
    let mut lines = Vec::new();
    for group in facts.chunk_by(|_, (label, ..)| label.is_empty()) {
        match group {
            [(label, text, _)] => lines.push(format!("- {label}: {}", escaped(text))),
            [(label, ..), ..] => {
                lines.push(format!("- {label}:"));
                lines.extend(group.iter().map(|(_, text, _)| format!("  - {}", begun(&escaped(text)))));
            }
            [] => {}
        }
    }
    lines
}

/// A block of code behind a fence that is longer than any in the text.
fn fenced(language: &str, text: &str) -> [String; 4] {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    [String::new(), format!("{fence}{language}"), text.to_owned(), fence]
}

/// Returns a text as code within a line.
pub(super) fn code_span(text: &str) -> String {
    let text = shown(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // White space at both ends is taken off again, so that a grave accent may stand there.
    let space = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Takes from the beginning of a line what would make it a list, a heading or code.
fn begun(escaped: &str) -> String {
    let text = escaped.trim_start();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(digits);
    match rest.chars().next() {
        Some('.' | ')') if !number.is_empty() => format!("{number}\\{rest}"),
        Some('-' | '+' | '=') if number.is_empty() => format!("\\{rest}"),
        _ => text.to_owned(),
    }
}

/// Takes from a text what Markdown would read as its own.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in shown(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '|' | '#' | '~' | '&' | '!') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
