//! Executions of which nothing is known but what the service lists: each on a line, and what is true of all said once.
//!
//! ```text
//! 3 executions of Orders, eu-west-1, account 123456789012: 1 failed, 2 succeeded
//!
//! ✖ FAILED     2026-05-03 08:00:00 UTC  3.00 s     run-2
//! ```

use super::bearings::Bearings;
use super::page::{Page, Paper, Role, width};
use super::quantity::{count, counted, duration, moment_utc};
use super::signs::execution_sign;
use super::words::shown;
use crate::analysis::Overview;
use crate::recording::Status;

/// Columns that durations take.
const TOOK: usize = 12;
/// Columns that moments take.
const MOMENT: usize = 25;

/// Returns executions as a list, if nothing but the service's word about each is there; of a single one more is told
/// than a line holds.
pub fn listing(executions: &[(&Overview, Bearings)], paper: Paper) -> Option<Vec<String>> {
    let told = executions.iter().all(|(overview, _)| overview.told.is_some());
    if executions.len() < 2 || !told {
        return None;
    }
    let mut page = Page::new(paper);
    heading(&mut page, executions);
    page.gap();
    let status = executions.iter().map(|(overview, _)| width(overview.status.name())).max().unwrap_or(0);
    for (overview, _) in executions {
        let (role, sign) = execution_sign(paper, &overview.status);
        let word = overview.status.name();
        let word = format!("{sign} {word}{}", " ".repeat(status.saturating_sub(width(word)) + 2));
        let began = overview.started.map(moment_utc).unwrap_or_default();
        let took = overview.micros.map(duration).unwrap_or_default();
        let told = format!("{began:<MOMENT$}{took:<TOOK$}");
        let name = shown(overview.name.as_deref().unwrap_or_default());
        page.line(&[(role, &word), (Role::Dim, &told), (Role::Strong, &name)]);
    }
    page.gap();
    let words = "No event is here, only what the service says about each execution as a whole. The events of one:";
    page.text(0, Role::Plain, words, 2);
    let telling = executions.iter().find(|(overview, _)| is_bad(&overview.status)).or(executions.first());
    if let Some(remote) = telling.and_then(|(_, bearings)| bearings.found.remote.as_ref()) {
        page.unbroken("", Role::Plain, &format!("stepback why {remote}"));
    }
    Some(page.into_lines())
}

fn is_bad(status: &Status) -> bool {
    matches!(status, Status::Failed | Status::TimedOut | Status::Aborted)
}

/// How many there are, of what, and how they stand.
fn heading(page: &mut Page, executions: &[(&Overview, Bearings)]) {
    let machines: Vec<Option<String>> = executions.iter().map(|(_, bearings)| bearings.machine()).collect();
    let one = machines.first().cloned().flatten().filter(|first| machines.iter().all(|it| it.as_ref() == Some(first)));
    let of = one.map(|machine| format!(" of {machine}")).unwrap_or_default();
    let mut ways: Vec<(String, usize)> = Vec::new();
    for (overview, _) in executions {
        let word = overview.status.name().to_ascii_lowercase().replace('_', " ");
        match ways.iter_mut().find(|(known, _)| *known == word) {
            Some((_, times)) => *times += 1,
            None => ways.push((word, 1)),
        }
    }
    ways.sort();
    let ways: Vec<String> = ways.into_iter().map(|(word, times)| format!("{} {word}", count(times))).collect();
    let all = counted(executions.len(), "execution", "executions");
    page.line(&[(Role::Strong, &format!("{all}{of}")), (Role::Plain, &format!(": {}", ways.join(", ")))]);
}
