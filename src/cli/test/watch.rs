//! `--watch`: stays, and runs again what a changed file touches.
//!
//! Files are looked at, not subscribed to: that works on every file system, over networks too, and needs no crate. A
//! thousand files are looked at in a few milliseconds.

use super::files::{self, Found};
use super::session::{Row, Session};
use super::{Args, human, report};
use crate::cli::{Failure, Output, Verdict};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How often files are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Editors write a file in several steps: nothing may have changed for so long before anything is run.
const QUIET: Duration = Duration::from_millis(120);

/// What tells that a file has changed: when it was written and how long it is; `None` when it is not there.
type Stamp = Option<(SystemTime, u64)>;

type Stamps = HashMap<PathBuf, Stamp>;

/// Rows by the file and the name of their case.
type Rows = BTreeMap<(PathBuf, String), Row>;

pub(super) fn run(args: &Args, session: &Session<'_>, output: &mut Output) -> Result<Verdict, Failure> {
    let mut known: Rows = Rows::new();
    let mut began = Instant::now();
    let mut changed: Option<Vec<PathBuf>> = None;
    loop {
        // What changes while the cases run is run again.
        let (earlier, started) = (stamps(args, &known), SystemTime::now());
        let mut found = files::find(&args.paths, args.only.as_deref());
        let ran = round(session, &found, &mut known, changed.as_deref());
        for failure in found.unreadable.drain(..) {
            output.complain(&failure);
        }
        if changed.is_none() {
            report(args, session, &found, &ran, began, output)?;
        } else {
            again(args, &ran, &known, &found, began, output)?;
        }
        output.flush()?;
        output.note("Waiting for changes; Ctrl-C ends.");
        let mut before = stamps(args, &known);
        for (path, stamp) in &mut before {
            // What was first met in this round may have changed after it was read.
            match earlier.get(path) {
                Some(earlier) => *stamp = *earlier,
                None if stamp.is_some_and(|(written, _)| written >= started) => *stamp = None,
                None => {}
            }
        }
        let Some(next) = wait(args, session, &known, &before) else { break };
        output.line("")?;
        session.forget(&|path| next.iter().any(|changed| changed == path));
        (changed, began) = (Some(next), Instant::now());
    }
    Ok(if known.values().all(Row::passes) { Verdict::Fine } else { Verdict::Finding })
}

/// Runs what is new and what changed files touch; all, at first.
fn round(session: &Session<'_>, found: &Found, known: &mut Rows, changed: Option<&[PathBuf]>) -> Vec<Row> {
    let mut rows = Rows::new();
    let mut ran = Vec::new();
    for held in &found.files {
        for case in &held.cases {
            let key = (held.path.clone(), case.name.clone());
            let touched = |row: &Row| changed.is_none_or(|changed| changed.iter().any(|it| row.touches.contains(it)));
            match known.remove(&key).filter(|row| !touched(row)) {
                Some(row) => {
                    rows.insert(key, row);
                }
                None => {
                    let row = session.row(held, case);
                    ran.push(row.clone());
                    rows.insert(key, row);
                }
            }
        }
    }
    *known = rows;
    ran
}

/// Tells what was run again, and how everything stands.
fn again(
    args: &Args,
    ran: &[Row],
    known: &Rows,
    found: &Found,
    began: Instant,
    output: &mut Output,
) -> Result<(), Failure> {
    let paper = args.layout.paper(output);
    human::rows(ran, paper, output)?;
    let all: Vec<Row> = known.values().cloned().collect();
    let count = crate::report::counted(ran.len(), "case was", "cases were");
    output.line(format!("{count} run again."))?;
    if let Some(path) = &args.junit {
        crate::cli::junit::write(path, "stepback test", &all.iter().map(Row::case).collect::<Vec<_>>())?;
    }
    human::summary(&all, found, began.elapsed(), paper, output)
}

/// Waits until files have changed and are quiet; `None` when somebody wants to end.
fn wait(args: &Args, session: &Session<'_>, known: &Rows, before: &Stamps) -> Option<Vec<PathBuf>> {
    let watched = || stamps(args, known);
    loop {
        std::thread::sleep(LOOK);
        if session.is_cancelled() {
            return None;
        }
        let mut now = watched();
        if now == *before {
            continue;
        }
        loop {
            std::thread::sleep(QUIET);
            let later = watched();
            if later == now || session.is_cancelled() {
                break;
            }
            now = later;
        }
        let paths = before.keys().chain(now.keys().filter(|path| !before.contains_key(*path)));
        let differs = |path: &&PathBuf| before.get(*path) != now.get(*path);
        return Some(paths.filter(differs).cloned().collect());
    }
}

/// Looks at all files that are touched, or could be.
fn stamps(args: &Args, known: &Rows) -> Stamps {
    let touched = known.values().flat_map(|row| row.touches.iter().cloned());
    let listed = args.paths.iter().flat_map(|path| match path.is_dir() {
        true => crate::cli::template::files(path),
        false => vec![path.clone()],
    });
    let mut stamps = Stamps::new();
    touched.chain(listed).for_each(|path| {
        stamps.entry(path).or_insert_with_key(|path| stamp(path));
    });
    stamps
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
