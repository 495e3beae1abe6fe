//! `stepback redact`.

use super::record::rules;
use super::{Failure, Output, Verdict, writing};
use crate::recording::Recording;
use crate::recording::redact::{Key, Left, Rule, StandIn, left_in};
use crate::report::counted;
use crate::source::{self, Existing, SourceError};
use serde_json::json;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Takes secrets out of a recording, or tells what is left of them.
///
/// A rule is a name such as password or *token*, a path such as $.customer.email, or a pattern such as /\d{16}/. With
/// --check any file will do; what is found is told by its place, never by what it is, and the exit code is 1.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file.
    file: PathBuf,
    /// What to take out.
    #[arg(value_name = "NAME|PATH|PATTERN", required_unless_present = "redact")]
    rules: Vec<String>,
    /// The same, as 'stepback record' has it.
    #[arg(long, value_name = "NAME|PATH|PATTERN")]
    redact: Vec<String>,
    /// The file to write; with .gz or .zst at the end it is compressed.
    #[arg(short = 'o', long, value_name = "FILE", required_unless_present = "check")]
    output: Option<PathBuf>,
    /// Only tell what the rules find, and where.
    #[arg(long, conflicts_with_all = ["output", "pseudonyms", "force"])]
    check: bool,
    #[command(flatten)]
    pseudonyms: Pseudonyms,
    /// Replace the file that is to be written.
    #[arg(long)]
    force: bool,
    /// Print JSON (format stepback.redact/1).
    #[arg(long)]
    json: bool,
}

/// What stands where something was taken out.
#[derive(Debug, clap::Args)]
pub(super) struct Pseudonyms {
    /// Replace each value by a name that is the same wherever the value is, in all files made with the key in this file
    ///
    /// A key is made if there is no such file. Who has it can find out whether a value they guess is the one.
    #[arg(long, value_name = "KEYFILE")]
    pseudonyms: Option<PathBuf>,
}

impl Pseudonyms {
    /// Reads the key, or makes one.
    pub(super) fn stand_in(&self) -> Result<StandIn, Failure> {
        let Some(path) = &self.pseudonyms else { return Ok(StandIn::Same) };
        let bytes = match path.exists() {
            true => super::file::bytes(path)?,
            false => make_key(path)?,
        };
        let short = || {
            let failure =
                Failure::input(format!("{} is no key: it has fewer than {} bytes.", path.display(), Key::LEAST));
            failure.hint("Name a file that does not exist yet; a key is written into it.")
        };
        Key::new(&bytes).map(StandIn::Pseudonym).ok_or_else(short)
    }
}

/// Writes a key that the system draws.
fn make_key(path: &Path) -> Result<Vec<u8>, Failure> {
    let cannot = |error: io::Error| {
        let failure = Failure::input(format!("Cannot draw a key: {error}."));
        failure.hint(format!("Write {} random bytes or more into {}.", Key::LEAST, path.display()))
    };
    let mut drawn = [0; 32];
    File::open("/dev/urandom").and_then(|mut random| random.read_exact(&mut drawn)).map_err(cannot)?;
    let key: String = drawn.iter().map(|byte| format!("{byte:02x}")).chain(["\n".to_owned()]).collect();
    writing::text(path, Existing::Keep, &key)?;
    Ok(key.into_bytes())
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let texts: Vec<String> = args.rules.iter().chain(&args.redact).cloned().collect();
    let rules = rules(&texts)?;
    if args.check {
        return check(args, &texts, &rules, output);
    }
    let Some(path) = &args.output else { return Err(Failure::input("The file to write is missing.")) };
    let existing = writing::existing(path, args.force, &[&args.file])?;
    let recording = source::open_recording(&args.file).map_err(|error| unreadable(&args.file, &error))?;
    let redacted = recording.redacted(&rules, &args.pseudonyms.stand_in()?);
    source::save_or_keep(&redacted, path, existing).map_err(|error| writing::cannot(path, &error))?;
    tell(&redacted, rules.len(), path, args.json, output)?;
    Ok(Verdict::Fine)
}

fn unreadable(path: &Path, error: &SourceError) -> Failure {
    let failure = Failure::input(error.about(&path.display().to_string()));
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn tell(recording: &Recording, rules: usize, path: &Path, json: bool, output: &mut Output) -> Result<(), Failure> {
    let redactions = recording.redactions.get(recording.redactions.len().saturating_sub(rules)..).unwrap_or_default();
    if json {
        let file = path.display().to_string();
        return output.json(&json!({ "format": "stepback.redact/1", "file": file, "redactions": redactions }));
    }
    if source::is_stream(path) {
        return Ok(());
    }
    for redaction in redactions {
        let rule = redaction.path.as_deref().or(redaction.pattern.as_deref()).unwrap_or_default();
        let times = usize::try_from(redaction.count.unwrap_or(0)).unwrap_or(usize::MAX);
        output.line(format!("{rule}: {}", counted(times, "place", "places")))?;
    }
    Ok(())
}

/// Tells what is left in a file.
fn check(args: &Args, texts: &[String], rules: &[Rule], output: &mut Output) -> Result<Verdict, Failure> {
    let name = args.file.display().to_string();
    let text = source::text(&args.file).map_err(|error| unreadable(&args.file, &error))?;
    let found = left_in(&text, rules);
    let rule = |left: &Left| texts.get(left.rule).cloned().unwrap_or_default();
    if args.json {
        let told = found
            .iter()
            .map(|left| json!({ "rule": rule(left), "line": left.line, "column": left.column, "member": left.member }));
        output.json(&json!({ "format": "stepback.redact/1", "file": name, "found": told.collect::<Vec<_>>() }))?;
    } else if found.is_empty() {
        output.line(format!("{name}: nothing found."))?;
    } else {
        for left in &found {
            let member = left.member.as_ref().map(|member| format!(" in {member}")).unwrap_or_default();
            output.line(format!("{name}:{}:{}: {}{member}", left.line, left.column, rule(left)))?;
        }
    }
    Ok(if found.is_empty() { Verdict::Fine } else { Verdict::Finding })
}
