//! What the last good run did otherwise: where the two part first, what differed before, and all that differs.

use super::Builder;
use super::text::Words;
use crate::analysis::diff::{Comparison, DataChange, DefinitionDiff, DivergenceKind, Part, Spot, StateDiff};
use crate::report::diff::{DiffSide, Report};
use crate::report::page::fit;
use crate::report::quantity::counted;
use serde_json::Value;

/// Rows of a table.
const ROWS: usize = 60;
/// Characters of a value.
const LONGEST: usize = 300;

/// One row: where, what was there, what is there, what is said of it.
struct Row {
    at: String,
    old: Option<String>,
    new: Option<String>,
    note: String,
}

impl Row {
    fn of(label: &str, change: &DataChange, note: String) -> Self {
        let at = match label {
            "" => change.at.to_string(),
            label => format!("{label} {}", change.at),
        };
        let [old, new] = [&change.old, &change.new].map(|value| value.as_ref().map(short));
        let moved =
            change.was_at.as_ref().map(|was| format!("was at {was}")).filter(|_| old.is_none() && new.is_none());
        Self { at, old, new, note: moved.unwrap_or(note) }
    }
}

impl Builder<'_> {
    /// Adds the comparison with a good run.
    pub(super) fn compared(&mut self) {
        let Some((comparison, sides)) = self.subject.good else { return };
        self.title("compared", "Compared with the last good run");
        self.out.add(format_args!(
            "<div class=\"card\">\n<p>The good run is <b>{}</b>{}.</p>\n",
            Words(sides[0].run.name().unwrap_or(sides[0].title)),
            if sides[0].run.name().is_some() {
                format!(" <small>{}</small>", Words(sides[0].title))
            } else {
                String::new()
            },
        ));
        if !comparison.differs() {
            self.out.push("<p>No differences.</p></div>\n");
            return;
        }
        self.parting(comparison, sides);
        self.definitions_differ(comparison.definition.as_ref());
        self.all_differences(comparison, sides);
        if comparison.excused > 0 {
            let masked = counted(comparison.excused, "value that differs", "values that differ");
            self.out.add(format_args!("<p class=\"dim\">Left out: {masked} in every run (ids, times, tokens).</p>\n"));
        }
        self.out.push("</div>\n");
    }

    fn parting(&mut self, comparison: &Comparison, sides: [DiffSide<'_>; 2]) {
        let Some(divergence) = &comparison.divergence else { return };
        let Some(step) = comparison.steps.get(divergence.step) else { return };
        let report = Report::new(comparison, sides, super::PAPER);
        let lead = match divergence.kind {
            DivergenceKind::Outcome | DivergenceKind::Path | DivergenceKind::OneSided => "First difference at",
            DivergenceKind::Attempts => "Same path; first difference at",
            DivergenceKind::Data => "Same path; first difference in the data at",
        };
        self.out.add(format_args!("<p>{lead} <b>{}</b>.</p>\n", Words(&report.place(step))));
        if divergence.kind == DivergenceKind::Data {
            return;
        }
        let went = |side: usize, spot: Option<Spot>| match spot {
            Some(Spot::Visit(member, visit)) => report.went(side, member, visit, step),
            Some(_) => "is there".to_owned(),
            None => "is not there".to_owned(),
        };
        self.out.add(format_args!(
            "<dl><dt>good run</dt><dd class=\"good\">{}</dd><dt>this run</dt><dd class=\"bad\">{}</dd></dl>\n",
            Words(&went(0, step.old)),
            Words(&went(1, step.new))
        ));
        if divergence.because.is_empty() {
            if step.visits().is_some() {
                self.out.push("<p>Same input, different result.</p>\n");
            }
            return;
        }
        let rows = divergence.because.iter().map(|reason| {
            let read = if reason.read { "" } else { "not read here" };
            let origin = report.origin(reason.origin.as_ref());
            let note =
                [origin.as_str(), read].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ");
            Row::of("", &reason.change, note)
        });
        let rows = rows.collect();
        self.out.push("<h4>What differed in its input</h4>\n");
        self.table(rows);
        if divergence.more > 0 {
            let more = counted(divergence.more, "other difference", "other differences");
            self.out.add(format_args!("<p class=\"dim\">… and {more} of its input</p>\n"));
        }
    }

    fn definitions_differ(&mut self, diff: Option<&DefinitionDiff>) {
        let Some(diff) = diff.filter(|diff| !diff.is_empty()) else { return };
        let mut rows: Vec<Row> = diff.machine.iter().map(|change| Row::of("", change, String::new())).collect();
        for state in &diff.states {
            let whole = |at: String, note: &str| Row { at, old: None, new: None, note: note.to_owned() };
            match state {
                StateDiff::Added(name) => rows.push(whole(name.to_string(), "only this run has the state")),
                StateDiff::Removed(name) => rows.push(whole(name.to_string(), "only the good run has the state")),
                StateDiff::Changed { name, was, moved, fields } => {
                    rows.extend(was.iter().map(|was| whole(format!("{was} → {name}"), "renamed")));
                    rows.extend(moved.iter().map(|[_, to]| whole(name.clone(), &format!("moved to {to}"))));
                    rows.extend(fields.iter().map(|field| Row::of(name, field, String::new())));
                }
            }
        }
        self.out.push("<h4>The definitions they ran</h4>\n");
        self.table(rows);
    }

    fn all_differences(&mut self, comparison: &Comparison, sides: [DiffSide<'_>; 2]) {
        let report = Report::new(comparison, sides, super::PAPER);
        let mut rows: Vec<Row> = comparison
            .input
            .changes
            .iter()
            .map(|change| Row::of("input of the execution", change, String::new()))
            .collect();
        for step in comparison.steps.iter().filter(|step| step.differs()) {
            let place = report.place(step);
            let only = match (step.old, step.new) {
                (Some(_), None) => Some("only in the good run"),
                (None, Some(_)) => Some("only in this run"),
                _ => None,
            };
            if let Some(note) = only {
                rows.push(Row { at: place.clone(), old: None, new: None, note: note.to_owned() });
            } else if let (false, Some(Spot::Visit(old, was)), Some(Spot::Visit(new, is))) =
                (step.differences.is_empty(), step.old, step.new)
            {
                let (old, new) = (report.went(0, old, was, step), report.went(1, new, is, step));
                rows.push(Row { at: place.clone(), old: Some(old), new: Some(new), note: String::new() });
            }
            rows.extend(
                step.data
                    .iter()
                    .map(|change| Row::of(&format!("{place}, {}", part(&change.part)), change, String::new())),
            );
        }
        rows.extend(
            comparison.output.changes.iter().map(|change| Row::of("output of the execution", change, String::new())),
        );
        if rows.is_empty() {
            return;
        }
        let all = counted(rows.len(), "difference", "differences");
        self.out.add(format_args!("<details class=\"data\"><summary>Step by step <small>{all}</small></summary>\n"));
        self.table(rows);
        self.out.push("</details>\n");
    }

    fn table(&mut self, rows: Vec<Row>) {
        let more = rows.len().saturating_sub(ROWS);
        self.out.push(
            "<table class=\"sides\"><thead><tr><th>Where</th><th>Good run</th><th>This run</th></tr></thead><tbody>\n",
        );
        for row in rows.into_iter().take(ROWS) {
            let cell = |value: &Option<String>| {
                value.as_ref().map_or_else(
                    || "<span class=\"dim\">—</span>".to_owned(),
                    |text| format!("<code>{}</code>", Words(text)),
                )
            };
            self.out.add(format_args!("<tr><td>{}", Words(&row.at)));
            if row.old.is_none() && row.new.is_none() {
                self.out.add(format_args!("</td><td colspan=\"2\">{}</td></tr>\n", Words(&row.note)));
                continue;
            }
            if !row.note.is_empty() {
                self.out.add(format_args!("<br><small>{}</small>", Words(&row.note)));
            }
            self.out.add(format_args!(
                "</td><td class=\"old\" data-l=\"good\">{}</td><td class=\"new\" data-l=\"this\">{}</td></tr>\n",
                cell(&row.old),
                cell(&row.new)
            ));
        }
        self.out.push("</tbody></table>\n");
        if more > 0 {
            self.out.add(format_args!("<p class=\"dim\">… and {more} more; stepback diff has them all.</p>\n"));
        }
    }
}

fn short(value: &Value) -> String {
    fit(&value.to_string(), LONGEST, true)
}

/// What a part of the data of a visit is called.
fn part(part: &Part) -> String {
    match part {
        Part::Parameters => "task input".to_owned(),
        Part::Answer => "task result".to_owned(),
        Part::Failure => "failure".to_owned(),
        Part::Assigned(name) => format!("${name}"),
        part => part.name().to_owned(),
    }
}
