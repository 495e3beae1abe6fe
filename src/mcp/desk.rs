//! Where a call is answered: arguments to the command line, its answer cut to what may leave and what fits.

use super::answer::{Answer, Unanswered};
use super::commands::{Commands, Told};
use super::given::{Door, Given};
use super::journal::Journal;
use super::places::{Places, Refused};
use super::secrets::Secrets;
use super::slim::{Wanted, once, without_data};
use super::tools::{TOOLS, Tool, tool};
use super::veil::Veil;
use super::{fit, open, prompts, resources};
use crate::recording::Recording;
use crate::recording::redact::{Rule, StandIn};
use crate::source::{self, Existing, Opened};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};
use tempfile::TempDir;

/// How a server was started.
#[derive(Debug)]
pub struct Settings {
    /// Where files may be.
    pub places: Places,
    /// Whether payloads are served as they are.
    pub payloads: bool,
    /// What is taken out of every recording before anything is told of it.
    pub redact: Vec<Rule>,
    /// What stands in its place.
    pub stand_in: StandIn,
    /// Whether executions are fetched from AWS.
    pub aws: bool,
    /// Where calls are written down.
    pub journal: Option<Journal>,
}

/// Answers calls.
pub struct Desk {
    settings: Settings,
    commands: Box<dyn Commands>,
    /// Recordings that are served in a copy: redacted, or fetched from AWS.
    copies: Mutex<Copies>,
    /// What the recordings of a file hold that must not leave.
    secrets: Mutex<HashMap<Seen, Arc<Secrets>>>,
}

#[derive(Default)]
struct Copies {
    folder: Option<TempDir>,
    files: HashMap<String, (Seen, PathBuf)>,
}

/// A file as it was when it was read; another time or size is another file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Seen {
    path: PathBuf,
    changed: Option<SystemTime>,
    bytes: u64,
}

/// Answers have about so many bytes when nothing is said.
const USUAL: u64 = 2500;
/// The fewest and the most that can be asked for.
const BYTES: (u64, u64) = (500, 60_000);
/// So many files' secrets are remembered.
const REMEMBERED: usize = 64;

impl Desk {
    /// A desk that asks these commands.
    pub fn new(settings: Settings, commands: Box<dyn Commands>) -> Self {
        Self { settings, commands, copies: Mutex::default(), secrets: Mutex::default() }
    }

    /// Returns how the server was started.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the tools as the protocol tells them.
    pub fn tools(&self) -> Vec<Value> {
        TOOLS.iter().map(|tool| tool.told(&*self.commands)).collect()
    }

    /// Returns the prompts as the protocol lists them.
    pub fn prompts(&self) -> Value {
        prompts::list()
    }

    /// Returns a prompt about an execution.
    pub fn prompt(&self, name: &str, arguments: &Map<String, Value>) -> Result<Value, Unanswered> {
        prompts::get(name, arguments)
    }

    /// Returns a page of the resources as the protocol lists them.
    pub fn resources(&self, cursor: Option<&str>) -> Result<Value, Unanswered> {
        resources::list(self, cursor)
    }

    /// Returns the forms that addresses of resources have.
    pub fn resource_templates(&self) -> Value {
        resources::templates()
    }

    /// Returns a resource; setting `stop` ends it early.
    pub fn resource(&self, uri: &str, stop: &Arc<AtomicBool>) -> Result<Value, Unanswered> {
        resources::read(self, uri, stop)
    }

    /// Returns what an assistant is told of the server at first.
    pub fn instructions(&self) -> String {
        let data = match self.settings.payloads {
            true => "Payloads are served.",
            false => {
                "Payloads are not served: data is told by its shape (names, types, sizes), and values stay on this computer. \
                 Replays use the real data all the same."
            }
        };
        let aws = if self.settings.aws { " A target may be an execution's ARN or console address." } else { "" };
        format!(
            "Answers about executions of AWS Step Functions, from recordings on this computer. Nothing here changes anything in AWS. \
             Order for a failure: why, then trace for where a bad value came from, then replay with an edited answer, input or patch \
             to prove a fix. {data}{aws} Answers are short: what was left out says part=…, which every tool takes."
        )
    }

    /// Answers a call; setting `stop` ends it early.
    pub fn call(
        &self,
        name: &str,
        arguments: &Map<String, Value>,
        stop: &Arc<AtomicBool>,
    ) -> Result<Answer, Unanswered> {
        let Some(tool) = tool(name) else {
            let names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
            return Err(Unanswered::Unknown(format!("There is no tool {name}. The tools are {}.", names.join(", "))));
        };
        let began = Instant::now();
        let mut logged = Value::Null;
        let answer = self.answer(tool, arguments, stop, &mut logged).unwrap_or_else(Answer::Failed);
        let cancelled = stop.load(Ordering::Relaxed);
        if let Some(journal) = &self.settings.journal {
            let outcome = match (cancelled, answer.is_failure()) {
                (true, _) => "cancelled",
                (false, true) => "failed",
                (false, false) => "answered",
            };
            journal.write(name, &logged, outcome, answer.text().len(), began.elapsed());
        }
        if cancelled { Err(Unanswered::Cancelled) } else { Ok(answer) }
    }

    fn answer(
        &self,
        tool: &'static Tool,
        arguments: &Map<String, Value>,
        stop: &Arc<AtomicBool>,
        logged: &mut Value,
    ) -> Result<Answer, String> {
        let given = Given::read(tool, arguments, self)?;
        *logged = given.logged.clone();
        self.may_look_beside(tool, arguments, &given)?;
        let secrets = self.secrets_of(tool, &given);
        let veil = Veil {
            payloads: self.settings.payloads || (tool.is_local && secrets.is_empty()),
            secrets: &secrets,
            foreign_causes: given.edits_definition,
        };
        let told = match tool.command.is_empty() {
            true => self.opened(&given)?,
            false => self.commands.run(&given.arguments, stop),
        };
        let notes: Vec<String> = told.notes.iter().map(|note| self.sentence(note, &given, &veil)).collect();
        if told.is_failure() {
            return Err(if notes.is_empty() { "It could not be answered.".to_owned() } else { notes.join("\n") });
        }
        let text = given.renamed(&told.text, &self.settings.places);
        let mut answer: Value = serde_json::from_str(text.trim()).unwrap_or(Value::Null);
        Wanted {
            kind: given.text("event_type").map(str::to_owned),
            from: given.number("from"),
            to: given.number("to"),
        }
        .keep(&mut answer);
        if tool.name == "show" && !arguments.contains_key("state") {
            without_data(&mut answer);
        }
        if tool.name != "query" {
            once(&mut answer);
        }
        // What a query gives is data, whatever it looks like.
        let may_leave = match tool.name {
            "query" if !veil.payloads => super::shape::shape(&answer),
            "query" => answer,
            _ => veil.over(&answer),
        };
        self.fitted(tool, may_leave, &notes, &given).map(Answer::Told)
    }

    /// A run compared with the last good one beside it reads the whole folder.
    fn may_look_beside(&self, tool: &Tool, arguments: &Map<String, Value>, given: &Given) -> Result<(), String> {
        let within = ["with", "attempts", "items", "through"].iter().any(|name| arguments.contains_key(*name));
        let (true, false, Some((path, named))) = (tool.name == "diff", within, given.paths.first()) else {
            return Ok(());
        };
        let parent = path.parent().map(|parent| parent.display().to_string()).unwrap_or_default();
        let refused =
            || format!("Say with: the folder of {named} is not served, so that no good run is looked for in it.");
        self.settings.places.real(&parent).map(drop).map_err(|_| refused())
    }

    fn sentence(&self, text: &str, given: &Given, veil: &Veil<'_>) -> String {
        veil.sentence(&given.renamed(text, &self.settings.places))
    }

    /// Cuts an answer to what was asked for and what fits.
    fn fitted(&self, tool: &Tool, answer: Value, notes: &[String], given: &Given) -> Result<Value, String> {
        let most = given.number("bytes").unwrap_or(USUAL).clamp(BYTES.0, BYTES.1);
        let most = usize::try_from(most).unwrap_or_default();
        let whole = match answer {
            Value::Object(members) if tool.name != "query" => Value::Object(members),
            Value::Null => json!({}),
            other if tool.name == "query" => json!({ "value": other }),
            other => json!({ "answers": other }),
        };
        if let Some(place) = given.text("part") {
            let part = fit::part(&whole, place)?;
            return Ok(
                json!({ "part": place, "is": fit::fit(part, most.saturating_sub(place.len() + 20), fit::origin(place)) }),
            );
        }
        let spoken = notes.iter().map(String::len).sum::<usize>();
        let mut told = fit::fit(whole, most.saturating_sub(spoken), "$");
        if let (Value::Object(members), false) = (&mut told, notes.is_empty()) {
            members.insert("notes".to_owned(), json!(notes));
        }
        Ok(told)
    }

    /// Returns the definition of a recording, or of a file that holds one; the reason as a sentence when there is none.
    pub(super) fn definition_of(&self, named: &str) -> Result<String, String> {
        let path = Door::definition(self, named)?;
        if let Ok(Opened::Definition(definition)) = source::open(&path) {
            return Ok(String::from_utf8_lossy(&definition.text).into_owned());
        }
        let recordings = self.commands.open(&path)?;
        let found = recordings.iter().find_map(Recording::definition);
        found
            .map(|it| it.text().to_owned())
            .ok_or_else(|| format!("{named} does not hold the definition of its machine."))
    }

    /// Answers `open`, which no command does.
    fn opened(&self, given: &Given) -> Result<Told, String> {
        let answer = match given.paths.first() {
            None => open::listing(&self.settings.places),
            Some((path, named)) => open::inside(path, named, &self.settings.places, self.commands.open(path))?,
        };
        Ok(Told { text: answer.to_string(), ..Told::default() })
    }

    /// Collects what must not leave of all that a call reads.
    fn secrets_of(&self, tool: &Tool, given: &Given) -> Arc<Secrets> {
        if self.settings.payloads {
            return Arc::default();
        }
        match given.paths.as_slice() {
            [] => Arc::default(),
            // A file alone may be compared with the last good run beside it.
            [(path, _)] if tool.name == "diff" => {
                let recordings = self.recordings_in(path);
                let good = recordings.first().and_then(|recording| source::last_good(path, recording).ok().flatten());
                let good = good.map(|good| self.recordings_in(&good.path)).unwrap_or_default();
                Arc::new(Secrets::of(&recordings.into_iter().chain(good).collect::<Vec<_>>()))
            }
            [(path, _)] => self.secrets_in(path),
            several => {
                let all = several.iter().flat_map(|(path, _)| self.recordings_in(path));
                Arc::new(Secrets::of(&all.collect::<Vec<_>>()))
            }
        }
    }

    fn secrets_in(&self, path: &Path) -> Arc<Secrets> {
        let seen = Seen::of(path);
        let known = self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(&seen).map(Arc::clone);
        if let (Some(known), false) = (known, path.is_dir()) {
            return known;
        }
        let secrets = Arc::new(Secrets::of(&self.recordings_in(path)));
        let mut all = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(seen, Arc::clone(&secrets));
        secrets
    }

    /// Opens all recordings of a file, or of a folder and the folders in it.
    fn recordings_in(&self, path: &Path) -> Vec<Recording> {
        if !path.is_dir() {
            return self.commands.open(path).unwrap_or_default();
        }
        if let Ok(recordings) = self.commands.open(path) {
            return recordings;
        }
        let inside = fs::read_dir(path).into_iter().flatten().flatten();
        inside.flat_map(|entry| self.recordings_in(&entry.path())).collect()
    }

    /// Returns where a copy of a recording is, which is made if it is not there yet.
    fn copy(
        &self,
        name: &str,
        seen: Seen,
        make: impl FnOnce() -> Result<Recording, String>,
    ) -> Result<PathBuf, String> {
        let mut copies = self.copies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, path)) = copies.files.get(name)
            && *of == seen
        {
            return Ok(path.clone());
        }
        let recording = make()?;
        let redacted = match self.settings.redact.as_slice() {
            [] => recording,
            rules => recording.redacted(rules, &self.settings.stand_in),
        };
        let cannot = |error: &dyn std::fmt::Display| format!("Cannot keep a copy of {name}: {error}.");
        if copies.folder.is_none() {
            copies.folder =
                Some(tempfile::Builder::new().prefix("stepback-").tempdir().map_err(|error| cannot(&error))?);
        }
        let folder = copies.folder.as_ref().map(|folder| folder.path().to_owned()).unwrap_or_default();
        let path = folder.join(format!("{}.sfn.json", copies.files.len()));
        source::save_or_keep(&redacted, &path, Existing::Replace).map_err(|error| cannot(&error.about(name)))?;
        copies.files.insert(name.to_owned(), (seen, path.clone()));
        Ok(path)
    }

    fn local(&self, named: &str) -> Result<PathBuf, String> {
        let path = self.settings.places.real(named).map_err(|Refused(reason)| reason)?;
        if self.settings.redact.is_empty() {
            return Ok(path);
        }
        if path.is_dir() && self.commands.open(&path).is_err() {
            return Err(format!("{named} is a folder of recordings; with redaction they are served one by one."));
        }
        self.copy(named, Seen::of(&path), || match self.commands.open(&path)?.as_slice() {
            [recording] => Ok(recording.clone()),
            several => Err(format!("{named} holds {} executions; with redaction one is wanted.", several.len())),
        })
    }
}

impl Door for Desk {
    fn open(&self, named: &str) -> Result<PathBuf, String> {
        let looks_remote = named.starts_with("arn:") || named.contains("://");
        if !looks_remote {
            return self.local(named);
        }
        if !self.settings.aws {
            return Err(format!("{named} is in AWS, and this server was started without --aws."));
        }
        let missing = || format!("{named} is neither an execution's ARN nor its console address.");
        // What was fetched is kept until the server ends, unless the execution was still running.
        let seen = Seen { path: named.into(), ..Seen::default() };
        let path = self.copy(named, seen, || self.commands.fetch(named).ok_or_else(missing)?)?;
        let running = source::open_recording(&path).is_ok_and(|recording| recording.stopped().is_none());
        if running {
            self.copies.lock().unwrap_or_else(PoisonError::into_inner).files.remove(named);
        }
        Ok(path)
    }

    fn definition(&self, named: &str) -> Result<PathBuf, String> {
        let path = self.settings.places.real(named).map_err(|Refused(reason)| reason)?;
        // A recording may stand for its definition, and its input is run.
        if self.settings.redact.is_empty() || self.commands.open(&path).is_err() { Ok(path) } else { self.local(named) }
    }
}

impl Seen {
    fn of(path: &Path) -> Self {
        let metadata = path.metadata().ok();
        let changed = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
        Self { path: path.to_owned(), changed, bytes: metadata.map_or(0, |metadata| metadata.len()) }
    }
}
