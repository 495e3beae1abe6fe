//! What came of cases, for people.
//!
//! ```text
//! ✖ cases/orders.case.json:12  declined card
//!     status           expected SUCCEEDED, was FAILED (Card.Declined)
//!     output $.total   expected 12, was 13
//!
//! 998 passed, 2 failed: 1,000 cases in 3 files, 410 ms.
//! ```

use super::files::Found;
use super::session::{Outcome, Row};
use crate::cases::Mismatch;
use crate::cli::{Failure, Output};
use crate::report::{self, Paper, Role, counted, shown};
use std::time::Duration;

/// Mismatches of one case that are shown.
const SHOWN: usize = 20;

/// Columns of the words in front of a mismatch, at most.
const WORD: usize = 32;

/// Writes the cases that do not pass, and those that were updated.
pub(super) fn rows(rows: &[Row], paper: Paper, output: &mut Output) -> Result<(), Failure> {
    for row in rows {
        let place = format!("{}:{}", shown(&row.file.display().to_string()), row.line);
        match &row.outcome {
            Outcome::Passed => {}
            Outcome::Updated => {
                let sign = paper.paint(Role::Changed, paper.sign(["~", "~"]));
                output.line(format!("{sign} {place}  {}: expectation written", shown(&row.name)))?;
            }
            Outcome::Stopped(reason) => {
                head(row, &place, paper, output)?;
                output.line(format!("    {}", shown(reason)))?;
            }
            Outcome::Failed(mismatches) => {
                head(row, &place, paper, output)?;
                failed(mismatches, output)?;
            }
        }
        if !row.unused.is_empty() && !row.passes() {
            let keys: Vec<String> = row.unused.iter().map(|key| shown(key)).collect();
            output.line(format!("    answers no task asked for: {}", keys.join(", ")))?;
        }
    }
    Ok(())
}

fn head(row: &Row, place: &str, paper: Paper, output: &mut Output) -> Result<(), Failure> {
    let sign = paper.paint(Role::Failed, paper.sign(report::signs::FAILED));
    output.line(format!("{sign} {place}  {}", paper.paint(Role::Strong, &shown(&row.name))))
}

fn failed(mismatches: &[Mismatch], output: &mut Output) -> Result<(), Failure> {
    let listed = || mismatches.iter().take(SHOWN);
    let width = listed().map(|it| it.what.chars().count()).max().unwrap_or_default().min(WORD);
    for Mismatch { what, expected, actual } in listed() {
        let what = shown(what);
        output.line(format!("    {what:<width$}  expected {}, was {}", shown(expected), shown(actual)))?;
    }
    if mismatches.len() > SHOWN {
        output.line(format!("    and {} more", mismatches.len() - SHOWN))?;
    }
    Ok(())
}

/// Writes how many cases there were and how they ended.
pub(super) fn summary(
    rows: &[Row],
    found: &Found,
    took: Duration,
    paper: Paper,
    output: &mut Output,
) -> Result<(), Failure> {
    if rows.iter().any(|row| !matches!(row.outcome, Outcome::Passed)) {
        output.line("")?;
    }
    let words =
        [("passed", Role::Succeeded), ("updated", Role::Changed), ("failed", Role::Failed), ("stopped", Role::Failed)];
    let told = words.into_iter().filter_map(|(word, role)| {
        let number = rows.iter().filter(|row| row.word() == word).count();
        (number > 0).then(|| paper.paint(role, &format!("{} {word}", report::count(number))))
    });
    let told: Vec<String> = told.collect();
    let cases = counted(rows.len(), "case", "cases");
    let files = counted(found.files.iter().filter(|held| !held.cases.is_empty()).count(), "file", "files");
    let took = report::duration(i64::try_from(took.as_micros()).unwrap_or(i64::MAX));
    let left_out = match found.left_out {
        0 => String::new(),
        left_out => format!(" {} left out by --only.", counted(left_out, "case was", "cases were")),
    };
    output.line(format!("{}: {cases} in {files}, {took}.{left_out}", told.join(", ")))?;
    let unused: usize = rows.iter().filter(|row| row.passes()).filter(|row| !row.unused.is_empty()).count();
    if unused > 0 {
        let told = counted(unused, "case that passed holds", "cases that passed hold");
        output.note(format!("note: {told} answers no task asked for; --json lists them."));
    }
    Ok(())
}
