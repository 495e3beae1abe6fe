//! The arguments of a call as arguments of a command: checked, with JSON in files of their own.
//!
//! An option's value is never a path unless the tool says that it is one: JSON goes to the command in a file that only
//! this process knows, and text behind a `=`. So no argument can name a file outside of the served folders, or an option
//! that is not in the table.

use super::places::Places;
use super::tools::{Param, Takes, Tool};
use serde_json::{Map, Value, json};
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What a call asks for.
#[derive(Debug)]
pub struct Given {
    /// The arguments of the command, its name first.
    pub arguments: Vec<OsString>,
    /// The files and folders that are read, as they are found, each with what the client called it.
    pub paths: Vec<(PathBuf, String)>,
    /// The arguments without data, for the journal.
    pub logged: Value,
    /// Whether the definition is made by whoever asks.
    pub edits_definition: bool,
    /// What the tool itself is told.
    pub own: Map<String, Value>,
    /// Files with JSON, there as long as the command runs.
    files: Vec<NamedTempFile>,
}

/// Opens what is named as an execution: a file, or a file that stands for an execution in AWS.
pub trait Door {
    /// Returns the file to read, and what to call it; the reason as a sentence when there is none.
    fn open(&self, named: &str) -> Result<PathBuf, String>;

    /// Returns the file to read for a definition, a template or a recording with one.
    fn definition(&self, named: &str) -> Result<PathBuf, String>;
}

/// The longest text that is taken for anything but JSON.
const LONGEST: usize = 64 << 10;

impl Given {
    /// Reads the arguments of a call; the reason as a sentence when they are not what the tool takes.
    pub fn read(tool: &Tool, arguments: &Map<String, Value>, door: &dyn Door) -> Result<Self, String> {
        let known: Vec<&str> = tool.all_params().map(|param| param.name).collect();
        if let Some(name) = arguments.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("{} does not take {name}. It takes {}.", tool.name, known.join(", ")));
        }
        let mut given = Self {
            arguments: tool.command.iter().map(Into::into).collect(),
            paths: Vec::new(),
            logged: Value::Null,
            edits_definition: false,
            own: Map::new(),
            files: Vec::new(),
        };
        let mut positional = Vec::new();
        let mut logged = Map::new();
        for param in tool.all_params() {
            let Some(value) = arguments.get(param.name).filter(|value| !value.is_null()) else {
                if param.required {
                    return Err(format!("{} is missing: {} needs it.", param.name, tool.name));
                }
                continue;
            };
            logged.insert(param.name.to_owned(), given.take(param, value, door, &mut positional)?);
        }
        if !positional.is_empty() {
            given.arguments.push("--".into());
            given.arguments.append(&mut positional);
        }
        given.logged = Value::Object(logged);
        Ok(given)
    }

    /// Takes an argument over; returns what the journal is told of it.
    fn take(
        &mut self,
        param: &Param,
        value: &Value,
        door: &dyn Door,
        positional: &mut Vec<OsString>,
    ) -> Result<Value, String> {
        let wrong = |wanted: &str| format!("{} must be {wanted}.", param.name);
        let size = || json!({ "bytes": value.to_string().len() });
        let mut put = |this: &mut Self, given: OsString| match param.option {
            Some(option) => {
                let mut whole = OsString::from(format!("--{option}="));
                whole.push(given);
                this.arguments.push(whole);
            }
            None => positional.push(given),
        };
        let parsed = in_text(param.takes, value);
        let value = parsed.as_ref().unwrap_or(value);
        let text = || value.as_str().filter(|text| text.len() <= LONGEST && !text.contains('\0'));
        match param.takes {
            Takes::Execution => {
                let named = text().ok_or_else(|| wrong("a path"))?;
                let path = door.open(named)?;
                self.paths.push((path.clone(), named.to_owned()));
                put(self, path.into());
            }
            Takes::Paths => {
                let names = value.as_array().ok_or_else(|| wrong("a list of paths"))?;
                for name in names {
                    let named = name.as_str().ok_or_else(|| wrong("a list of paths"))?;
                    let path = door.open(named)?;
                    self.paths.push((path.clone(), named.to_owned()));
                    put(self, path.into());
                }
            }
            Takes::Definition => {
                self.edits_definition = true;
                if let Some(named) = text() {
                    let path = door.definition(named)?;
                    self.paths.push((path.clone(), named.to_owned()));
                    put(self, path.into());
                } else {
                    is_definition(value).ok_or_else(|| {
                        wrong("a definition with StartAt and States, a single state with Type, or the path of a file")
                    })?;
                    let file = self.file(value, "definition", ".asl.json")?;
                    put(self, file);
                    return Ok(size());
                }
            }
            Takes::Json => {
                let file = self.file(value, param.name, ".json")?;
                put(self, file);
                return Ok(size());
            }
            Takes::Patch => {
                self.edits_definition = true;
                if !value.is_object() && !value.is_array() {
                    return Err(wrong("an object (a merge patch) or a list of operations (RFC 6902)"));
                }
                let file = self.file(value, param.name, ".json")?;
                put(self, file);
                return Ok(size());
            }
            Takes::Answers => {
                let file =
                    self.file(&answers(value).map_err(|reason| format!("answers: {reason}"))?, "answers", ".json")?;
                put(self, file);
                return Ok(size());
            }
            Takes::Text => {
                let given = text().ok_or_else(|| wrong("text"))?;
                put(self, given.into());
                // An expression may hold data.
                if param.name == "expression" || param.name == "mock_cause" {
                    return Ok(size());
                }
            }
            Takes::Name => match text().filter(|text| !text.contains('=')) {
                Some(name) => put(self, name.into()),
                None => return Err(wrong("a name")),
            },
            Takes::Event => {
                let given = text().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()));
                put(self, given.ok_or_else(|| wrong("a state or the id of an event"))?.into());
            }
            Takes::Number => put(self, number(value).ok_or_else(|| wrong("a whole number"))?.to_string().into()),
            Takes::Two => {
                let numbers: Option<Vec<u64>> = value.as_array().and_then(|all| all.iter().map(number).collect());
                match numbers.as_deref() {
                    Some([one, two]) => put(self, format!("{one},{two}").into()),
                    _ => return Err(wrong("a list of two whole numbers")),
                }
            }
            Takes::Flag => {
                let set = value.as_bool().ok_or_else(|| wrong("true or false"))?;
                if let (true, Some(option)) = (set, param.option) {
                    self.arguments.push(format!("--{option}").into());
                }
            }
            Takes::Choice(words) => {
                let found = words.iter().find(|(word, _)| value.as_str() == Some(word));
                let all = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
                let (_, options) = found.ok_or_else(|| wrong(&format!("one of {}", all())))?;
                self.arguments.extend(options.iter().map(OsString::from));
                self.own.insert(param.name.to_owned(), value.clone());
            }
            Takes::Own(kind) => {
                let fits = match kind {
                    "integer" => number(value).is_some(),
                    _ => text().is_some(),
                };
                if !fits {
                    return Err(wrong(if kind == "integer" { "a whole number" } else { "text" }));
                }
                self.own.insert(param.name.to_owned(), value.clone());
            }
        }
        Ok(value.clone())
    }

    /// Writes JSON where only this process finds it.
    fn file(&mut self, value: &Value, name: &str, suffix: &str) -> Result<OsString, String> {
        let cannot = |error: std::io::Error| format!("Cannot keep {name}: {error}.");
        let mut file = tempfile::Builder::new().prefix("stepback-").suffix(suffix).tempfile().map_err(cannot)?;
        file.write_all(value.to_string().as_bytes()).and_then(|()| file.flush()).map_err(cannot)?;
        let path = file.path().as_os_str().to_owned();
        self.files.push(file);
        Ok(path)
    }

    /// Returns a text in which files are called what the client called them.
    pub fn renamed(&self, text: &str, places: &Places) -> String {
        let mut told = text.to_owned();
        for (path, named) in &self.paths {
            told = replaced(&told, path, named);
            // Beside a file of that folder another one may be told, as the last good run is.
            for root in places.roots() {
                told = told.replace(&format!("{}/", root.display()), "");
            }
        }
        // A message about what was given speaks of its file.
        for file in &self.files {
            told = replaced(&told, file.path(), "the JSON given");
        }
        told
    }

    /// Returns a whole number that the tool itself takes.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.own.get(name).and_then(number)
    }

    /// Returns a text that the tool itself takes.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.own.get(name).and_then(Value::as_str)
    }
}

fn replaced(text: &str, path: &Path, named: &str) -> String {
    let shown = path.display().to_string();
    if shown.is_empty() { text.to_owned() } else { text.replace(&shown, named) }
}

/// Some clients write an object as text.
fn in_text(takes: Takes, value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|text| text.trim_start().starts_with(['{', '[']))?;
    let is_json = matches!(takes, Takes::Definition | Takes::Patch | Takes::Answers);
    serde_json::from_str(text).ok().filter(|_| is_json)
}

/// A whole number, also as some clients write it: 3.0 or "3".
fn number(value: &Value) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and within what both hold"
    )]
    let whole = |number: f64| (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64);
    value.as_u64().or_else(|| value.as_f64().and_then(whole)).or_else(|| value.as_str()?.trim().parse().ok())
}

/// What is given in the place of a file must not be read as a template, which may name other files.
fn is_definition(value: &Value) -> Option<()> {
    let members = value.as_object()?;
    let is_machine = members.get("States").is_some_and(Value::is_object) && members.contains_key("StartAt");
    let is_state = members.get("Type").is_some_and(Value::is_string);
    const TEMPLATES: [&str; 8] = [
        "Resources",
        "AWSTemplateFormatVersion",
        "Transform",
        "functions",
        "stepFunctions",
        "service",
        "resource",
        "planned_values",
    ];
    let is_template = TEMPLATES.iter().any(|name| members.contains_key(*name));
    ((is_machine || is_state) && !is_template).then_some(())
}

/// Returns the document an answers file would hold; answers that are got by running a command or from a server are
/// refused: an assistant only tells what an answer is.
fn answers(value: &Value) -> Result<Value, String> {
    let members = value.as_object().ok_or("an object is wanted, with a list of answers for each state.")?;
    let whole = match members.get("states") {
        Some(Value::Object(_)) => value.clone(),
        _ => json!({ "states": members }),
    };
    let states = whole.get("states").and_then(Value::as_object).into_iter().flatten();
    for (state, entries) in states {
        let entries =
            entries.as_array().ok_or_else(|| format!("{state} needs a list, such as [{{\"result\":{{}}}}]."))?;
        entries.iter().try_for_each(|entry| is_told(state, entry))?;
    }
    whole.get("default").map_or(Ok(()), |entry| is_told("default", entry))?;
    if whole.get("default").and_then(Value::as_str) == Some("ask") {
        return Err("default cannot be \"ask\": there is nobody to ask.".to_owned());
    }
    Ok(whole)
}

fn is_told(state: &str, entry: &Value) -> Result<(), String> {
    match ["command", "http"].iter().find(|name| entry.get(**name).is_some()) {
        Some(name) => Err(format!("{state} has \"{name}\", which is not taken here. Give a result or an error.")),
        None => Ok(()),
    }
}
