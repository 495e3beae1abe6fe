//! Templates named on the command line, and which of their state machines is meant.

use super::{Failure, Output, file};
use crate::asl::{Definition, Machine, Severity};
use crate::recording::Recording;
use crate::template::{self, Files, Options, Reading};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a template leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub(super) struct Parameters {
    /// The value of a parameter of a template; may be given several times
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
}

/// Which state machine of a template is meant, and what the template leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub(super) struct Choice {
    /// The state machine of a template that is meant, when it has several
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    #[command(flatten)]
    given: Parameters,
}

/// The machines of a template, of which each recording takes the one that fits it.
pub(super) struct Machines {
    file: String,
    name: Option<String>,
    all: Vec<template::Machine>,
}

impl Choice {
    /// Reads the machine that is meant; `None` when the file is no template.
    pub(super) fn machine(
        &self,
        path: &Path,
        output: Option<&mut Output>,
    ) -> Result<Option<template::Machine>, Failure> {
        let machine = self.given.machine(path, self.machine.as_deref(), None, output)?;
        if machine.is_none() && self.machine.is_some() {
            return Err(Failure::input(format!(
                "'{}' is not a template, so --machine has nothing to choose from.",
                path.display()
            )));
        }
        Ok(machine)
    }

    /// Reads all machines of a template; `None` when the file is no template.
    pub(super) fn machines(&self, path: &Path) -> Result<Option<Machines>, Failure> {
        let all = machines(path, &self.given.options()?)?;
        Ok(all.map(|all| Machines { file: path.display().to_string(), name: self.machine.clone(), all }))
    }
}

impl Machines {
    /// Returns the machine that was named, or the one that fits a recording.
    pub(super) fn of(&self, recording: &Recording) -> Result<&template::Machine, Failure> {
        choose(&self.all, &self.file, self.name.as_deref(), Some(recording))
    }

    /// Returns the machine of that name; without one, the machine that was named, or the only one.
    pub(super) fn called(&self, name: Option<&str>) -> Result<&template::Machine, Failure> {
        choose(&self.all, &self.file, self.name.as_deref().or(name), None)
    }

    /// Returns the name of the one machine that another template has as well, if several are to choose from.
    pub(super) fn name_in_both(&self, other: &Self) -> Option<String> {
        let is_there = |machine: &&template::Machine| other.all.iter().any(|known| known.is_called(&machine.name));
        let mut common = self.all.iter().filter(is_there);
        let first = common.next().filter(|_| self.are_several() || other.are_several())?;
        common.next().is_none().then(|| first.name.clone())
    }

    /// Tells whether there is more than one to choose from.
    pub(super) fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// Returns the name of the file.
    pub(super) fn file(&self) -> &str {
        &self.file
    }
}

/// The files beside a template, on this computer.
pub(super) struct Disk;

/// Folders that hold other people's files, or ours in another form.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<String, String> {
        // Of a pipe or a device nobody knows when it ends.
        if fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir()) {
            return Err("it is a pipe or a device, not a file".to_owned());
        }
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        })?;
        String::from_utf8(bytes)
            .map_err(|error| format!("it is not UTF-8 from byte {} on", error.utf8_error().valid_up_to()))
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(if folder == Path::new("") { Path::new(".") } else { folder });
        let mut names: Vec<PathBuf> =
            entries.into_iter().flatten().flatten().map(|entry| folder.join(entry.file_name())).collect();
        names.sort();
        names
    }
}

impl Parameters {
    /// Returns what is known beside the template.
    pub(super) fn options(&self) -> Result<Options, Failure> {
        let mut parameters = BTreeMap::new();
        for given in &self.parameters {
            let Some((name, value)) = given.split_once('=') else {
                return Err(Failure::input(format!("--parameter '{given}' has no value."))
                    .hint("Write --parameter NAME=VALUE."));
            };
            parameters.insert(name.to_owned(), value.to_owned());
        }
        Ok(Options { parameters })
    }

    /// Reads the machine of a template that is meant; `None` when the file is no template.
    ///
    /// Of several, the one of that name, or the one that fits a recording.
    pub(super) fn machine(
        &self,
        path: &Path,
        name: Option<&str>,
        recording: Option<&Recording>,
        output: Option<&mut Output>,
    ) -> Result<Option<template::Machine>, Failure> {
        let options = self.options()?;
        let Some(machines) = machines(path, &options)? else { return Ok(None) };
        let shown = path.display();
        let several = machines.len() > 1;
        let machine = choose(&machines, &shown.to_string(), name, recording)?.clone();
        if let Some(output) = output {
            if several && name.is_none() {
                output.note(format!("note: The machine {} of {shown} is taken.", machine.name));
            }
            if let Some(absent) = &machine.absent {
                output.note(format!("note: {}", absent.message));
            }
            if !machine.unknown.is_empty() {
                output.note(format!("note: {}", told_unknown(&machine.unknown)));
            }
        }
        Ok(Some(machine))
    }
}

/// Tells whether a text with placeholders can have become a value: what stands around them is there, in order.
fn may_become(text: &str, value: &Value) -> bool {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, (_, after))) =
        rest.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        parts.push(before);
        rest = after;
    }
    if parts.is_empty() {
        return false;
    }
    let Some(value) = value.as_str() else { return parts == [""] && rest.is_empty() };
    let (Some((first, inner)), true) = (parts.split_first(), value.ends_with(rest)) else { return false };
    let Some(mut left) = value.strip_prefix(first).and_then(|left| left.get(..left.len().checked_sub(rest.len())?))
    else {
        return false;
    };
    inner.iter().all(|part| match left.find(part) {
        Some(at) => {
            left = left.get(at + part.len()..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// Puts what was deployed where a template only has a placeholder: that is no difference.
pub(super) fn filled(of_template: Value, deployed: &Value) -> Value {
    match (of_template, deployed) {
        (Value::Object(members), Value::Object(others)) => {
            let member = |(name, value): (String, Value)| {
                let value = match others.get(&name) {
                    Some(other) => filled(value, other),
                    None => value,
                };
                (name, value)
            };
            Value::Object(members.into_iter().map(member).collect())
        }
        (Value::Array(items), Value::Array(others)) => {
            let mut others = others.iter();
            let item = |item| match others.next() {
                Some(other) => filled(item, other),
                None => item,
            };
            Value::Array(items.into_iter().map(item).collect())
        }
        (Value::String(text), other) if may_become(&text, other) => other.clone(),
        (value, _) => value,
    }
}

/// Says what only a deployment knows.
pub(super) fn told_unknown(unknown: &[template::Unknown]) -> String {
    let count = unknown.len();
    let names: Vec<&str> = unknown.iter().take(8).map(|unknown| unknown.name.as_str()).collect();
    let more = if count > names.len() { ", …" } else { "" };
    let verb = if count == 1 { "value is" } else { "values are" };
    format!("{count} {verb} known only after deployment: {}{more}.", names.join(", "))
}

/// Reads the machines of a template, or of all templates in a folder; `None` when there is no template.
fn machines(path: &Path, options: &Options) -> Result<Option<Vec<template::Machine>>, Failure> {
    Ok(all(path, options)?.map(|(machines, _)| machines))
}

/// Machines, and the files they were read from.
type Read = (Vec<template::Machine>, Vec<PathBuf>);

/// The same, with the files they were read from.
pub(super) fn all(path: &Path, options: &Options) -> Result<Option<Read>, Failure> {
    if path == Path::new("-") {
        return Ok(None);
    }
    let mut found: Option<Read> = None;
    let is_folder = path.is_dir();
    for file in if is_folder { files(path) } else { vec![path.to_owned()] } {
        let Some(text) = text_of(&file) else { continue };
        match template::read(&file, &text, &Disk, options) {
            Reading::Template(template) if template.machines.is_empty() => {}
            Reading::Template(template) => {
                let (machines, read) = found.get_or_insert_default();
                machines.extend(template.machines);
                read.extend(template.files.into_iter().map(PathBuf::from));
            }
            Reading::Broken(definition) if !is_folder => {
                return Err(unreadable(&file.display().to_string(), &definition));
            }
            Reading::Broken(_) | Reading::Other(_) => {}
        }
    }
    Ok(found)
}

/// Returns the text of a file that may be a template.
pub(super) fn text_of(path: &Path) -> Option<String> {
    let length = fs::metadata(path).ok()?.len();
    let text = (length <= template::LARGEST).then(|| file::text(path).ok()).flatten()?;
    template::may_be(path, &text).then_some(text)
}

/// Finds files that may hold definitions; links to folders are not followed, so that there is an end.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(folder, &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&&*name) {
            walk(&entry.path(), files);
        } else if template::EXTENSIONS.iter().any(|end| name.ends_with(end)) && entry.path().is_file() {
            files.push(entry.path());
        }
    }
}

fn unreadable(file: &str, definition: &Definition) -> Failure {
    let (_, findings) = definition.parse(Default::default());
    let told = findings.first().map(|finding| {
        let place = finding.span.map(|span| definition.source().position(span.start));
        let place = place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
        let message = finding.message.lines().next().unwrap_or_default().trim_end_matches('.');
        format!("'{file}{place}': {message}.")
    });
    Failure::input(told.unwrap_or_else(|| format!("'{file}' cannot be read.")))
        .hint(format!("'stepback check {file}' shows where."))
}

/// Returns the machine of that name, the one that fits a recording, or the only one.
pub(super) fn choose<'m>(
    machines: &'m [template::Machine],
    file: &str,
    name: Option<&str>,
    recording: Option<&Recording>,
) -> Result<&'m template::Machine, Failure> {
    let names = || machines.iter().map(|machine| &*machine.name).collect::<Vec<_>>().join(", ");
    let several = machines.len() > 1;
    let chosen = match (name, recording) {
        (Some(name), _) => machines.iter().find(|machine| machine.is_called(name)),
        (None, Some(recording)) if several => fitting(machines, recording),
        (None, _) if several => None,
        (None, _) => machines.first(),
    };
    chosen.ok_or_else(|| match name {
        Some(name) => Failure::input(format!("'{file}' has no state machine {name}."))
            .hint(format!("Its state machines are {}.", names())),
        None => Failure::input(format!("'{file}' holds several state machines."))
            .hint(format!("Choose one with --machine: {}.", names())),
    })
}

/// Returns the machine a recording is of: by its name, else by the states they have in common.
fn fitting<'m>(machines: &'m [template::Machine], recording: &Recording) -> Option<&'m template::Machine> {
    if let Some(machine) = called(machines, recording) {
        return Some(machine);
    }
    let visited = states_of_recording(recording);
    let common = |machine: &template::Machine| {
        let states = states_of_tree(machine);
        states.intersection(&visited).count()
    };
    let best = machines.iter().map(common).max().filter(|count| *count > 0)?;
    let mut fits = machines.iter().filter(|machine| common(machine) == best);
    let first = fits.next();
    if fits.next().is_some() { None } else { first }
}

/// Returns the one machine that has the name a recording tells, or that CloudFormation may have made that name for.
pub(super) fn called<'m>(machines: &'m [template::Machine], recording: &Recording) -> Option<&'m template::Machine> {
    let recorded = recording.machine_name().unwrap_or_default();
    let called = |machine: &template::Machine| {
        let names = std::iter::once(&machine.name).chain(&machine.aliases);
        // CloudFormation makes a name of the logical id: id, a dash and letters drawn for it.
        names.filter(|name| !name.is_empty()).any(|name| {
            let rest = recorded.strip_prefix(&**name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    };
    let of_name: Vec<bool> = machines.iter().map(called).collect();
    if of_name.iter().filter(|is| **is).count() == 1 {
        return machines.iter().zip(of_name).find(|(_, is)| *is).map(|(machine, _)| machine);
    }
    None
}

fn states_of_recording(recording: &Recording) -> BTreeSet<String> {
    let events = recording.events.iter();
    events.filter_map(|event| event.details.name().map(|name| name.to_string())).collect()
}

fn states_of_tree(machine: &template::Machine) -> BTreeSet<String> {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::Object(states)) = members.get("States") {
                    found.extend(states.keys().cloned());
                }
                members.values().for_each(|value| collect(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    if let Some(value) = machine.definition.to_value() {
        collect(&value, &mut found);
    }
    found
}

/// Returns why a machine of a template has no definition that AWS would take.
pub(super) fn refused(file: &str, machine: &template::Machine) -> Failure {
    let (_, findings) = machine.definition.parse(machine.kind.unwrap_or_default());
    if findings.is_empty() {
        let unknown = told_unknown(&machine.unknown);
        return Failure::input(format!("What {} in '{file}' does is not known yet. {unknown}", machine.name))
            .hint("Give the values with --parameter NAME=VALUE.");
    }
    let told = findings.iter().filter(|finding| finding.severity == Severity::Error || finding.location.is_none());
    let told = told.map(|finding| match &finding.location {
        Some(location) => format!("{}: {} at {location}", finding.code, finding.message.lines().next().unwrap_or("")),
        None => finding.message.clone(),
    });
    let told = told.collect::<Vec<_>>().join(", ");
    Failure::input(format!(
        "The definition of {} in '{file}' cannot be used: {}.",
        machine.name,
        told.trim_end_matches('.')
    ))
    .hint(format!("'stepback check {file}' shows where."))
}

/// Makes sure that a machine of a template has a definition, and returns its text.
pub(super) fn text(file: &str, machine: &template::Machine) -> Result<String, Failure> {
    let (parsed, _): (Option<Machine>, _) = machine.definition.parse(machine.kind.unwrap_or_default());
    match (parsed, machine.text()) {
        (Some(_), Some(text)) => Ok(text),
        _ => Err(refused(file, machine)),
    }
}
