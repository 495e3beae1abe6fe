//! From files on disk to a Map Run.

use super::manifest::Manifest;
use super::record::{execution, output_only};
use super::stream::Elements;
use super::tally::Tally;
use super::{HEAD, Kind};
use crate::json::SharedBytes;
use crate::recording::{Damage, DamageReason, MapRun, Recording, StateMachine, Status};
use crate::source::bytes::{Content, reader};
use crate::source::{SourceError, parts};
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much of a file is looked at first: most are something else.
const GLANCE: u64 = 4 << 10;

/// How many files of a folder are looked at to tell whether it is a Map Run's.
const MOST_GLANCES: usize = 16;

/// A manifest larger than this is not one.
const LARGEST_MANIFEST: u64 = 64 << 20;

/// Opens a file of a Map Run's results: its manifest with all files that are beside it, or one of those alone. `None`
/// when it is something else.
pub(in crate::source) fn of_file(path: &Path) -> Option<Result<Recording, SourceError>> {
    match kind_of(path)? {
        Kind::Manifest => Some(of_manifest(path)),
        Kind::Records => {
            let mut reading = Reading::default();
            if let Err(error) = reading.file(path, None) {
                return Some(Err(error));
            }
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            reading.notes.push(format!("Only {name} is here: the other results of the Map Run are not counted."));
            Some(Ok(reading.finish(None)))
        }
    }
}

/// Opens records that came as bytes, as on standard input.
pub(in crate::source) fn of_bytes(content: &Content) -> Option<Recording> {
    let head = content.bytes.get(..content.bytes.len().min(HEAD)).unwrap_or_default();
    match Kind::of(head)? {
        Kind::Manifest => {
            let manifest = Manifest::read(&content.bytes)?;
            let mut reading = Reading::default();
            reading.absent(&manifest, manifest.files.len());
            Some(reading.finish(manifest.map_run_arn))
        }
        Kind::Records => {
            let mut reading = Reading::default();
            reading.records(&*content.bytes, None, "");
            if let Some(reason) = &content.broken {
                reading.damage.retain(|damage| damage.reason != DamageReason::Truncated);
                let reason = DamageReason::Compression(reason.clone());
                reading.damage.push(Damage { byte: content.bytes.len() as u64, after: None, reason });
            }
            reading.notes.push("Only these records are here: other results of the Map Run are not counted.".to_owned());
            Some(reading.finish(None))
        }
    }
}

/// Opens a folder in which the results of one Map Run are. `None` when it holds other things.
pub(in crate::source) fn of_folder(path: &Path) -> Option<Result<Recording, SourceError>> {
    let files = parts::files(path).ok()?;
    let kinds: Vec<(PathBuf, Option<Kind>)> = files.into_iter().map(|file| (file.clone(), kind_of(&file))).collect();
    if let Some((manifest, _)) = kinds.iter().find(|(_, kind)| *kind == Some(Kind::Manifest)) {
        return Some(of_manifest(manifest));
    }
    // What is not known may be a read-me, or the recordings of other executions.
    let records: Vec<&PathBuf> =
        kinds.iter().filter(|(_, kind)| *kind == Some(Kind::Records)).map(|(file, _)| file).collect();
    if records.is_empty() || records.len() * 2 < kinds.len() {
        return None;
    }
    let mut reading = Reading::default();
    for file in records {
        if let Err(error) = reading.file(file, None) {
            return Some(Err(error));
        }
    }
    reading.notes.push("There is no manifest.json here: whether all files of the Map Run are is not known.".to_owned());
    Some(Ok(reading.finish(None)))
}

/// Tells at a glance whether the results of a Map Run are in a folder: whether a manifest is.
pub(in crate::source) fn is_map_run(path: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(path) else { return false };
    let files = entries.take(MOST_GLANCES).flatten().map(|entry| entry.path()).filter(|file| file.is_file());
    files.into_iter().any(|file| kind_of(&file) == Some(Kind::Manifest))
}

fn of_manifest(path: &Path) -> Result<Recording, SourceError> {
    let mut text = Vec::new();
    reader(path)?.take(LARGEST_MANIFEST).read_to_end(&mut text)?;
    let length = text.len() as u64;
    let broken = || SourceError::NotJson { byte: length, reason: "the manifest of the Map Run is broken".to_owned() };
    let manifest = Manifest::read(&SharedBytes::new(text)).ok_or_else(broken)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let (mut reading, mut absent) = (Reading::default(), 0);
    for listed in &manifest.files {
        match listed.find(folder) {
            Some(file) => reading.file(&file, Some(&listed.status))?,
            None => {
                absent += 1;
                reading.notes.push(format!("{} is not here, which the manifest names.", listed.key));
            }
        }
    }
    if absent > 0 {
        reading.notes.truncate(5);
        reading.absent(&manifest, absent);
    }
    Ok(reading.finish(manifest.map_run_arn))
}

fn kind_of(path: &Path) -> Option<Kind> {
    let (mut head, mut reader) = (Vec::new(), reader(path).ok()?);
    // Of a broken file the beginning may still tell what it was.
    let _ = reader.by_ref().take(GLANCE).read_to_end(&mut head);
    let known = [b"\"ExecutionArn\"".as_slice(), b"\"ResultFiles\"", b"\"DestinationBucket\""];
    if !known.iter().any(|name| memchr::memmem::find(&head, name).is_some()) {
        return None;
    }
    let _ = reader.take(HEAD as u64).read_to_end(&mut head);
    Kind::of(&head)
}

#[derive(Default)]
struct Reading {
    tally: Tally,
    damage: Vec<Damage>,
    notes: Vec<String>,
}

impl Reading {
    fn file(&mut self, path: &Path, status: Option<&Status>) -> Result<(), SourceError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.records(reader(path)?, status, &name);
        Ok(())
    }

    /// Counts the records of a file; `status` says what those are that say nothing of themselves.
    fn records(&mut self, reader: impl BufRead, status: Option<&Status>, name: &str) {
        let mut other = 0_usize;
        for element in Elements::of(reader) {
            match element {
                Ok(text) => match (execution(&text), status) {
                    (Some(mut found), _) => {
                        found.status = found.status.or_else(|| status.cloned());
                        self.tally.add(found);
                    }
                    (None, Some(status)) => self.tally.add(output_only(&text, status.clone())),
                    (None, None) => other += 1,
                },
                Err(damage) => {
                    if !name.is_empty() {
                        self.notes.push(format!("{name} cannot be read from byte {} on.", damage.byte));
                    }
                    self.damage.push(damage);
                }
            }
        }
        if other > 0 {
            self.notes.push(format!("{other} elements of {name} are no records of executions."));
        }
    }

    fn absent(&mut self, manifest: &Manifest, absent: usize) {
        let place = manifest.files.first().zip(manifest.bucket.as_deref()).map(|(first, bucket)| {
            let prefix = first.key.rsplit_once('/').map_or("", |(prefix, _)| prefix);
            format!(" aws s3 cp --recursive s3://{bucket}/{prefix} . fetches them.")
        });
        let place = place.unwrap_or_default();
        self.notes.push(format!("{absent} of {} result files are not here.{place}", manifest.files.len()));
    }

    fn finish(self, map_run_arn: Option<Arc<str>>) -> Recording {
        let total = self.tally.total();
        let empty = total == 0;
        let (map_run, machine) = self.tally.finish(map_run_arn);
        let held = map_run.executions.len();
        let mut recording = Recording { damage: self.damage, ..Recording::default() };
        recording.state_machine = machine_of(&map_run, machine.as_deref());
        recording.map_runs.push(map_run);
        let incomplete = !self.notes.is_empty() || empty;
        if (held as u64) < total {
            let (total, held) = (apart(total), apart(held as u64));
            let note = format!("All {total} items were counted; {held} of them are held for a closer look.");
            recording.recorded.note(note);
        }
        if incomplete {
            recording.recorded.complete = Some(false);
        }
        self.notes.into_iter().for_each(|note| recording.recorded.note(note));
        recording
    }
}

/// Returns a number with its thousands apart.
fn apart(number: u64) -> String {
    match number {
        0..=999 => number.to_string(),
        _ => format!("{},{:03}", apart(number / 1000), number % 1000),
    }
}

/// Returns the machine that has the Map, by the name of what its children run: `…:stateMachine:Machine/Label`.
fn machine_of(map_run: &MapRun, child: Option<&str>) -> Option<StateMachine> {
    let own = map_run.map_run.as_ref().and_then(|run| run.map_run_arn.as_deref());
    let arn = own.map(|arn| arn.replace(":mapRun:", ":stateMachine:")).or_else(|| child.map(str::to_owned))?;
    let (machine, rest) = arn.split_once('/')?;
    let label = rest.split(':').next().unwrap_or_default();
    Some(StateMachine {
        state_machine_arn: Some(machine.into()),
        name: machine.rsplit(':').next().map(Arc::from),
        label: (!label.is_empty()).then(|| label.into()),
        ..StateMachine::default()
    })
}
