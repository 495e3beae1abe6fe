//! What is compared: two executions, two definitions or two documents.

use crate::asl::{Definition, Format};
use crate::cli::template::{self as templates, Choice, Machines};
use crate::cli::{Failure, Output, aws};
use crate::event::Timestamp;
use crate::recording::{Recording, Status};
use crate::source::remote::{Remote, RemoteKind};
use crate::source::{self, Opened, SourceError};
use crate::template;
use serde_json::Value;
use std::io::Read;
use std::path::Path;

/// Two things of one kind and what they are called, the old one first.
pub(super) struct Subjects {
    pub(super) titles: [String; 2],
    pub(super) pair: Pair,
}

/// Two things of one kind.
pub(super) enum Pair {
    Recordings(Box<[Recording; 2]>),
    Definitions([Value; 2]),
    Documents([Value; 2]),
}

/// What one name stands for.
enum Subject {
    Recording(Box<Recording>),
    Several(Vec<Recording>),
    Definition(Value),
    Document(Value),
}

/// Opens both; without a second name, finds what to compare the first with.
pub(super) fn open(
    first: &str,
    second: Option<&str>,
    template: &Choice,
    reach: &aws::Reach,
    output: &mut Output,
) -> Result<Subjects, Failure> {
    let of_template = |name: &str| template.machines(Path::new(name));
    if let Some(second) = second
        && let (Some(pair), titles) = (of_templates(first, second, &of_template, reach, output)?, titles(first, second))
    {
        return Ok(Subjects { titles, pair });
    }
    let subject = one(first, reach, output)?;
    let Some(second) = second else { return with_last_good(first, subject, reach, output) };
    if first == "-" && second == "-" {
        return Err(Failure::input("Only one input can come from standard input."));
    }
    let pair = match (subject, one(second, reach, output)?) {
        (Subject::Recording(old), Subject::Recording(new)) => Pair::Recordings(Box::new([*old, *new])),
        (Subject::Definition(old), Subject::Definition(new)) => Pair::Definitions([old, new]),
        (Subject::Document(old) | Subject::Definition(old), Subject::Document(new) | Subject::Definition(new)) => {
            Pair::Documents([old, new])
        }
        (Subject::Several(_), _) => return Err(several(first)),
        (_, Subject::Several(_)) => return Err(several(second)),
        (Subject::Recording(recording), Subject::Definition(new)) => {
            Pair::Definitions([executed(first, &recording, output)?, new])
        }
        (Subject::Definition(old), Subject::Recording(recording)) => {
            Pair::Definitions([old, executed(second, &recording, output)?])
        }
        (Subject::Recording(_), other) => return Err(unlike(first, second, &other)),
        (other, Subject::Recording(_)) => return Err(unlike(second, first, &other)),
    };
    Ok(Subjects { titles: titles(first, second), pair })
}

/// Compares what templates define: with each other, with a definition, or with what a recording ran. `None` when
/// neither is a template.
fn of_templates(
    first: &str,
    second: &str,
    machines: &dyn Fn(&str) -> Result<Option<Machines>, Failure>,
    reach: &aws::Reach,
    output: &mut Output,
) -> Result<Option<Pair>, Failure> {
    let (old, new) = (machines(first)?, machines(second)?);
    let pair = match (old, new) {
        (None, None) => return Ok(None),
        (Some(old), Some(new)) => {
            let name = old.name_in_both(&new);
            let (old, new) = (old.called(name.as_deref())?, new.called(name.as_deref())?);
            [value(first, old)?, value(second, new)?]
        }
        (Some(machines), None) => {
            let (definition, chosen) = beside(second, &machines, reach, output)?;
            let of_template = templates::filled(value(first, chosen)?, &definition);
            [of_template, definition]
        }
        (None, Some(machines)) => {
            let (definition, chosen) = beside(first, &machines, reach, output)?;
            let of_template = templates::filled(value(second, chosen)?, &definition);
            [definition, of_template]
        }
    };
    Ok(Some(Pair::Definitions(pair)))
}

/// Opens what a template is compared with: its definition, and the machine of the template that fits it.
fn beside<'m>(
    name: &str,
    machines: &'m Machines,
    reach: &aws::Reach,
    output: &mut Output,
) -> Result<(Value, &'m template::Machine), Failure> {
    match one(name, reach, output)? {
        Subject::Recording(recording) => {
            let chosen = machines.of(&recording)?;
            if machines.are_several() {
                output.note(format!("note: The machine {} of {} is taken.", chosen.name, machines.file()));
            }
            Ok((executed(name, &recording, output)?, chosen))
        }
        Subject::Definition(definition) | Subject::Document(definition) => {
            // AWS has one machine of that name, and so has the template; CloudFormation made the name of its id.
            let chosen = match aws::named(name)? {
                Some(remote) => machines.of(&unrun(&remote))?,
                None => machines.called(None)?,
            };
            Ok((definition, chosen))
        }
        Subject::Several(_) => Err(several(name)),
    }
}

/// A machine of which nothing was run.
fn unrun(remote: &Remote) -> Recording {
    let mut recording = Recording::from_events(Vec::new());
    recording.state_machine.get_or_insert_default().state_machine_arn = Some(remote.machine_of().arn().into());
    recording
}

/// Returns the definition a recording ran on.
fn executed(name: &str, recording: &Recording, output: &mut Output) -> Result<Value, Failure> {
    let read = |text: &str| Definition::read(text, Format::of_text(text)).to_value();
    let definition = recording.definition().and_then(|definition| read(definition.text()));
    output.note(format!("note: The definition of {name} is the one that {} ran on.", recording.label()));
    definition.ok_or_else(|| {
        Failure::input(format!("{name} does not hold the definition of the machine it recorded."))
            .hint("An execution recorded with 'stepback record' holds it.")
    })
}

fn value(file: &str, machine: &template::Machine) -> Result<Value, Failure> {
    machine.definition.to_value().ok_or_else(|| templates::refused(file, machine))
}

/// Opens a recording of one execution.
pub(super) fn recording(name: &str, reach: &aws::Reach, output: &mut Output) -> Result<Recording, Failure> {
    match one(name, reach, output)? {
        Subject::Recording(recording) => Ok(*recording),
        Subject::Several(recordings) => {
            Err(failure(name, &SourceError::Several(recordings.iter().map(Recording::label).collect())))
        }
        Subject::Definition(_) | Subject::Document(_) => {
            Err(Failure::input(format!("{name} is not a recording of an execution.")))
        }
    }
}

fn one(name: &str, reach: &aws::Reach, output: &mut Output) -> Result<Subject, Failure> {
    match aws::named(name)? {
        Some(remote) if matches!(remote.kind, RemoteKind::Machine { .. }) => {
            let definition = aws::definition(&remote, reach)?;
            let value = serde_json::from_str(definition.text());
            return value
                .map(Subject::Definition)
                .map_err(|error| Failure::input(format!("The definition of {name} is not JSON: {error}.")));
        }
        Some(remote) => {
            return aws::recording(&remote, reach, output).map(|recording| Subject::Recording(Box::new(recording)));
        }
        None => {}
    }
    let opened = if name == "-" { from_stdin() } else { source::open(Path::new(name)).map_err(|error| (error, None)) };
    match opened {
        Ok(Opened::One(recording)) => {
            for damage in &recording.damage {
                output.note(format!("warning: {name}: {damage}"));
            }
            Ok(Subject::Recording(recording))
        }
        Ok(Opened::Several(recordings)) => Ok(Subject::Several(recordings)),
        Ok(Opened::Definition(definition)) => {
            let text = String::from_utf8_lossy(&definition.text);
            let value = Definition::read(text.as_ref(), Format::of_text(&text)).to_value().ok_or_else(|| {
                Failure::input(format!("{name} is a definition that cannot be read."))
                    .hint(format!("'stepback check {name}' shows where."))
            })?;
            Ok(Subject::Definition(value))
        }
        Ok(Opened::Folder(_)) => Err(failure(name, &SourceError::Folder)),
        // What is no history may still be a document.
        Err((error @ (SourceError::NoHistory { .. } | SourceError::NotJson { .. }), text)) => {
            let text = text.or_else(|| std::fs::read(name).ok()).unwrap_or_default();
            serde_json::from_slice(&text).map(Subject::Document).map_err(|_| failure(name, &error))
        }
        Err((error, _)) => Err(failure(name, &error)),
    }
}

type Refused = (SourceError, Option<Vec<u8>>);

fn from_stdin() -> Result<Opened, Refused> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| (SourceError::from(error), None))?;
    source::open_bytes(bytes.clone()).map_err(|error| (error, Some(bytes)))
}

/// Pairs a recording with the last good run beside it, and the executions of one log among themselves.
fn with_last_good(name: &str, subject: Subject, reach: &aws::Reach, output: &mut Output) -> Result<Subjects, Failure> {
    let recording = match subject {
        Subject::Recording(recording) => recording,
        Subject::Several(recordings) => return among(name, recordings),
        Subject::Definition(_) | Subject::Document(_) => {
            return Err(Failure::input(format!("Nothing to compare {name} with."))
                .hint("Name a second file: stepback diff A B."));
        }
    };
    let hint = "Name the run to compare it with: stepback diff GOOD FAILED.";
    if name == "-" {
        return Err(Failure::input("There is nothing beside standard input to compare it with.").hint(hint));
    }
    if aws::named(name)?.is_some() {
        let Some(old) = aws::last_good(&recording, reach, output)? else {
            let machine = recording.machine_name().unwrap_or("its state machine");
            return Err(
                Failure::input(format!("No run of {machine} before {} succeeded.", recording.label())).hint(hint)
            );
        };
        let titles = [old.label(), recording.label()];
        return Ok(Subjects { titles, pair: Pair::Recordings(Box::new([old, *recording])) });
    }
    let good = source::last_good(Path::new(name), &recording).map_err(|error| failure(name, &error))?;
    let Some(good) = good else {
        let machine = match recording.machine_name() {
            Some(machine) => format!("No other run of {machine} beside {name} succeeded."),
            None => format!("{name} does not say which machine it ran on, so the last good run cannot be found."),
        };
        return Err(Failure::input(machine).hint(hint));
    };
    let path = good.path.to_string_lossy().into_owned();
    let Subject::Recording(old) = one(&path, reach, output)? else {
        return Err(Failure::input(format!("{path} changed.")));
    };
    Ok(Subjects { titles: titles(&path, name), pair: Pair::Recordings(Box::new([*old, *recording])) })
}

/// Of the executions of one log: the latest that went wrong, and the last good one before it.
fn among(name: &str, mut recordings: Vec<Recording>) -> Result<Subjects, Failure> {
    recordings.sort_by_key(Recording::started);
    let bad = recordings
        .iter()
        .rposition(|recording| matches!(recording.status(), Status::Failed | Status::TimedOut | Status::Aborted));
    let new = bad.map(|bad| recordings.remove(bad));
    let began: Option<Timestamp> = new.as_ref().and_then(Recording::started);
    let good: Vec<Recording> =
        recordings.into_iter().filter(|recording| recording.status() == Status::Succeeded).collect();
    let earlier = good.iter().rposition(|recording| recording.started() <= began);
    let old = good.into_iter().nth(earlier.unwrap_or_default());
    let (Some(old), Some(new)) = (old, new) else {
        return Err(Failure::input(format!("{name} does not hold one execution that failed and one that succeeded."))
            .hint("Record the two executions and name both files."));
    };
    let title = |recording: &Recording| recording.name().unwrap_or(name).to_owned();
    Ok(Subjects { titles: [title(&old), title(&new)], pair: Pair::Recordings(Box::new([old, new])) })
}

/// Names for the reader: of the files, or of the paths when the files are called the same.
fn titles(old: &str, new: &str) -> [String; 2] {
    let file = |name: &str| {
        // The names of executions in AWS are long, and those of one machine differ in their last part.
        if let Ok(Some(remote)) = aws::named(name) {
            return remote.arn().rsplit(':').next().unwrap_or(name).to_owned();
        }
        let file = Path::new(name).file_name().map(|file| file.to_string_lossy().into_owned());
        if name == "-" { "standard input".to_owned() } else { file.unwrap_or_else(|| name.to_owned()) }
    };
    let files = [file(old), file(new)];
    if files[0] == files[1] { [old.to_owned(), new.to_owned()] } else { files }
}

fn several(name: &str) -> Failure {
    Failure::input(format!("{name} holds several executions; one is wanted."))
        .hint(format!("stepback diff {name} compares the failed one in it with the last good one."))
}

fn unlike(recording: &str, name: &str, other: &Subject) -> Failure {
    let what = match other {
        Subject::Definition(_) => "a definition",
        _ => "another document",
    };
    Failure::input(format!("{recording} is a recording and {name} is {what}; only like is compared with like."))
}

fn failure(name: &str, error: &SourceError) -> Failure {
    let name = if name == "-" { "The standard input" } else { name };
    let failure = Failure::input(error.about(name));
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
