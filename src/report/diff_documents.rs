//! Comparisons of other things than executions, as text: data, documents, definitions.

use super::diff_changes::{Line, changes};
use super::page::{Page, Paper, Role};
use super::quantity::counted;
use crate::analysis::diff::{Data, DataChange, DefinitionDiff, Part, StateDiff, effect};
use crate::json::diff::Node;

/// Changed fields of one state that are shown.
const FIELDS: usize = 40;

/// Returns data compared that is not of two executions: two attempts, or what went into a visit and came out.
pub fn data_diff(data: &Data, titles: [&str; 2], paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    titles_of(&mut page, titles);
    page.gap();
    if data.changes.is_empty() {
        page.text(0, Role::Succeeded, "No differences.", 1);
    }
    changes(&mut page, 0, lines(&data.changes), usize::MAX);
    if data.excused > 0 {
        page.gap();
        page.text(0, Role::Dim, &masked(data.excused), 2);
    }
    page.into_lines()
}

/// Returns two documents compared.
pub fn document_diff(node: &Node<'_>, titles: [&str; 2], paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    titles_of(&mut page, titles);
    page.gap();
    let found = node.changes();
    if found.is_empty() {
        page.text(0, Role::Succeeded, "No differences.", 1);
    }
    let lines = found.iter().map(|change| Line {
        kind: change.kind,
        part: "",
        at: &change.at,
        was_at: change.was_at.as_ref(),
        old: change.old,
        new: change.new,
        note: "",
    });
    changes(&mut page, 0, lines, usize::MAX);
    if node.excused() > 0 {
        page.gap();
        page.text(0, Role::Dim, &masked(node.excused()), 2);
    }
    page.into_lines()
}

/// Returns two definitions compared.
pub fn definition_diff(diff: &DefinitionDiff, titles: [&str; 2], paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    titles_of(&mut page, titles);
    page.gap();
    if diff.is_empty() {
        page.text(0, Role::Succeeded, "No differences.", 1);
    }
    definition_lines(&mut page, diff, 0);
    page.into_lines()
}

fn titles_of(page: &mut Page, [old, new]: [&str; 2]) {
    page.line(&[(Role::Removed, "- "), (Role::Strong, old)]);
    page.line(&[(Role::Added, "+ "), (Role::Strong, new)]);
}

pub(super) fn definition_lines(page: &mut Page, diff: &DefinitionDiff, indent: usize) {
    changes(page, indent, fields(&diff.machine), usize::MAX);
    let margin = " ".repeat(indent);
    for state in &diff.states {
        match state {
            StateDiff::Added(name) => page.line(&[(Role::Added, &format!("{margin}+ state {name}"))]),
            StateDiff::Removed(name) => page.line(&[(Role::Removed, &format!("{margin}- state {name}"))]),
            StateDiff::Changed { name, was, moved, fields: changed } => {
                let sign = if changed.is_empty() { ">" } else { "~" };
                let was = was.as_ref().map(|was| format!("  was {was}")).unwrap_or_default();
                let moved = moved.as_ref().map(|[old, new]| format!("  moved from {old} to {new}"));
                page.line(&[
                    (Role::Changed, &format!("{margin}{sign} ")),
                    (Role::Strong, &format!("state {name}")),
                    (Role::Dim, &was),
                    (Role::Dim, &moved.unwrap_or_default()),
                ]);
                changes(page, indent + 4, fields(changed), FIELDS);
            }
        }
    }
}

/// Fields of a definition, with what their change means for a run.
fn fields(found: &[DataChange]) -> impl Iterator<Item = Line<'_>> + Clone {
    let effects = found.iter().map(|change| effect(change).map_or("", |effect| effect.name()));
    lines(found).zip(effects).map(|(line, note)| Line { note, ..line })
}

/// Definition fields carry no part worth naming, and neither does what stands under a heading of its own.
pub(super) fn lines(found: &[DataChange]) -> impl Iterator<Item = Line<'_>> + Clone {
    found.iter().map(|change| Line {
        kind: change.kind,
        part: part(&change.part),
        at: &change.at,
        was_at: change.was_at.as_ref(),
        old: change.old.as_ref(),
        new: change.new.as_ref(),
        note: "",
    })
}

fn part(part: &Part) -> &str {
    match part {
        Part::ExecutionInput | Part::ExecutionOutput | Part::Field | Part::Through => "",
        Part::Assigned(name) => name,
        part => part.name(),
    }
}

pub(super) fn masked(excused: usize) -> String {
    let values = counted(excused, "value differs", "values differ");
    let verb = if excused == 1 { "is" } else { "are" };
    format!("{values} in every run (ids, times, tokens) and {verb} masked; --all shows them.")
}
