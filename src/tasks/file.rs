//! The answers file: what each task is answered with, attempt by attempt.

use super::answer::{Answer, Answers, Ending, Person, Reply, Unused, task_key};
use super::live::LiveCall;
use super::mock::{MockConfig, MockFile};
use crate::event::{EventType, Failure};
use crate::interpreter::TaskRequest;
use crate::json::Payload;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// The answers of a file, and how many of them were used.
#[derive(Clone, Default)]
pub struct AnswersFile {
    states: HashMap<String, Vec<Given>>,
    default: Unnamed,
    missing_activities: Vec<String>,
    /// By task, with the iterations around it: how many answers it has had.
    used: HashMap<String, usize>,
    /// By key of the file: how many of its answers have been used.
    reached: HashMap<String, usize>,
    /// Keys of answers that were handed to other executions, which tell what they used.
    handed: HashSet<String>,
    person: Option<Arc<dyn Person>>,
}

/// Text that is no answers file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswersError {
    /// It is not JSON, or not of the right shape; the reason.
    Shape(String),
    /// An entry says nothing, or two things at once; its key and its place from 0.
    Ambiguous(String, usize),
    /// A type of event that no failing task has; the key and the type.
    NoFailure(String, String),
    /// A mock configuration needs a test case; those it has.
    NoTestCase(Vec<String>),
    /// Only mock configurations have test cases.
    NoMocks,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    #[serde(default)]
    states: HashMap<String, Vec<Entry>>,
    default: Option<Box<RawValue>>,
    /// The ARNs of activities that do not exist.
    #[serde(default)]
    missing_activities: Vec<String>,
}

/// What the file may say in a word about tasks it does not name.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Word {
    Recorded,
    Fail,
    Ask,
}

/// What happens to tasks the file does not name.
#[derive(Debug, Clone, Default)]
enum Unnamed {
    /// The recording answers, else nobody.
    #[default]
    Recorded,
    /// Nobody answers, not even the recording.
    Fail,
    /// The recording answers, else somebody is asked.
    Ask,
    /// The recording answers, else this is the answer.
    Answer(Box<Given>),
}

impl Unnamed {
    /// Reads a word, or an entry such as those of states.
    fn read(text: &RawValue) -> Result<Self, AnswersError> {
        let shape = |error: serde_json::Error| AnswersError::Shape(format!("in \"default\": {error}"));
        if !text.get().starts_with('"') {
            let entry: Entry = serde_json::from_str(text.get()).map_err(shape)?;
            return Ok(Self::Answer(Box::new(entry.understood("default", 0)?)));
        }
        Ok(match serde_json::from_str(text.get()).map_err(shape)? {
            Word::Recorded => Self::Recorded,
            Word::Fail => Self::Fail,
            Word::Ask => Self::Ask,
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Entry {
    #[serde(deserialize_with = "present")]
    result: Option<Box<RawValue>>,
    #[serde(deserialize_with = "given")]
    error: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    cause: Option<Option<String>>,
    r#as: Option<String>,
    timeout: bool,
    heartbeat_timeout: bool,
    pending: bool,
    submitted: Option<Box<RawValue>>,
    worker: Option<String>,
    command: Option<Vec<String>>,
    http: Option<String>,
    after: Option<f64>,
}

/// Keeps a null that was written apart from nothing at all.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

#[derive(Debug, Clone)]
enum Given {
    Answer(Answer),
    Live(LiveCall),
}

impl Given {
    fn reply(&self) -> Reply {
        match self {
            Self::Answer(answer) => Reply::Given(answer.clone()),
            Self::Live(call) => Reply::Ask(call.clone()),
        }
    }
}

impl AnswersFile {
    /// Reads an answers file, or a MockConfigFile.json of which one test case is meant.
    pub fn read(text: &str, machine: &str, test_case: Option<&str>) -> Result<Box<dyn Answers + Send>, AnswersError> {
        let shape = |error: serde_json::Error| AnswersError::Shape(error.to_string());
        let value: HashMap<&str, &RawValue> = serde_json::from_str(text).map_err(shape)?;
        if value.contains_key("StateMachines") || value.contains_key("MockedResponses") {
            let mocks: MockFile = serde_json::from_str(text).map_err(shape)?;
            return Ok(Box::new(MockConfig::of(&mocks, machine, test_case)?));
        }
        if test_case.is_some() {
            return Err(AnswersError::NoMocks);
        }
        Ok(Box::new(Self::parse(text)?))
    }

    /// Reads an answers file.
    pub fn parse(text: &str) -> Result<Self, AnswersError> {
        let file: File = serde_json::from_str(text).map_err(|error| AnswersError::Shape(error.to_string()))?;
        let mut states = HashMap::new();
        for (key, entries) in file.states {
            let entries = entries.into_iter().enumerate();
            let given = entries.map(|(index, entry)| entry.understood(&key, index)).collect::<Result<Vec<_>, _>>()?;
            states.insert(key, given);
        }
        let default = file.default.map_or(Ok(Unnamed::Recorded), |default| Unnamed::read(&default))?;
        Ok(Self { states, default, missing_activities: file.missing_activities, ..Self::default() })
    }

    /// Returns the key a task's answers stand under: one for its iteration, else one for the state.
    fn key_of(&self, task: &str, state: &str) -> Option<String> {
        [task, state].into_iter().find(|key| self.states.contains_key(*key)).map(str::to_owned)
    }

    /// Reads a single entry of the answers to a state.
    pub fn entry(state: &str, text: &str) -> Result<Reply, AnswersError> {
        let entry: Entry = serde_json::from_str(text).map_err(|error| AnswersError::Shape(error.to_string()))?;
        Ok(entry.understood(state, 0)?.reply())
    }
}

impl Answers for AnswersFile {
    /// Entries are used up attempt by attempt, the last one over and over. An iteration without a key of its own
    /// goes through those of the state by itself.
    fn reply(&mut self, request: &TaskRequest) -> Reply {
        let task = task_key(&request.state, &request.path);
        let Some(key) = self.key_of(&task, &request.state) else { return Reply::Nobody };
        let Some(entries) = self.states.get(&key).filter(|entries| !entries.is_empty()) else { return Reply::Nobody };
        let used = self.used.entry(task).or_default();
        let entry = entries.get(*used).or_else(|| entries.last());
        *used += 1;
        let reached = self.reached.entry(key).or_default();
        *reached = (*reached).max(*used);
        entry.map_or(Reply::Nobody, Given::reply)
    }

    fn missing_activities(&self) -> Vec<String> {
        self.missing_activities.clone()
    }

    fn allows_recorded(&self) -> bool {
        !matches!(self.default, Unnamed::Fail)
    }

    fn otherwise(&mut self, request: &TaskRequest) -> Reply {
        match (&self.default, &self.person) {
            (Unnamed::Answer(given), _) => given.reply(),
            (Unnamed::Ask, Some(person)) => person.ask(request).map_or(Reply::Nobody, Reply::Given),
            (Unnamed::Recorded | Unnamed::Fail | Unnamed::Ask, _) => Reply::Nobody,
        }
    }

    fn ask(&mut self, person: &Arc<dyn Person>) {
        self.person = Some(Arc::clone(person));
    }

    /// Of the answers under a key those that come after the last one that was used. What lies in executions that
    /// tasks start is their own to tell.
    fn unused(&self) -> Vec<Unused> {
        let own = self.states.iter().filter(|(key, _)| !self.handed.contains(*key));
        let left = own.map(|(key, entries)| {
            let used = self.reached.get(key).copied().unwrap_or_default();
            Unused { key: key.clone(), count: entries.len().saturating_sub(used), used }
        });
        let mut left: Vec<Unused> = left.filter(|unused| unused.count > 0).collect();
        left.sort();
        left
    }

    /// Keys such as `Pay[2]/Transfer`: the state Transfer in the execution that Pay starts in iteration 2. Answers for
    /// the state without its iteration come second.
    fn within(&mut self, task: &str, path: &[u32]) -> Option<Box<dyn Answers + Send>> {
        let mut states = HashMap::new();
        for prefix in [task.to_owned(), task_key(task, path)] {
            let inside = |key: &String| key.strip_prefix(&prefix)?.strip_prefix('/').map(str::to_owned);
            let found = self.states.iter().filter_map(|(key, entries)| Some((key, inside(key)?, entries.clone())));
            for (key, inside, entries) in found {
                self.handed.insert(key.clone());
                states.insert(inside, entries);
            }
        }
        let inner = Self {
            states,
            default: self.default.clone(),
            missing_activities: self.missing_activities.clone(),
            person: self.person.clone(),
            ..Self::default()
        };
        (!inner.states.is_empty()).then(|| Box::new(inner) as Box<dyn Answers + Send>)
    }
}

impl Entry {
    fn understood(self, key: &str, index: usize) -> Result<Given, AnswersError> {
        let ambiguous = || AnswersError::Ambiguous(key.to_owned(), index);
        let failing = self.error.is_some() || self.cause.is_some();
        let timing_out = self.timeout || self.heartbeat_timeout;
        let live = [self.command.is_some(), self.http.is_some()];
        let said = [self.result.is_some(), failing, timing_out, self.pending].into_iter().chain(live);
        if said.filter(|said| *said).count() != 1 {
            return Err(ambiguous());
        }
        if let Some(command) = self.command {
            return Ok(Given::Live(LiveCall::command(command).ok_or_else(ambiguous)?));
        }
        if let Some(url) = self.http {
            return Ok(Given::Live(LiveCall::Http(url.into())));
        }
        let ending = match self.result {
            Some(result) => Ending::Succeeded(payload(&result)),
            None if self.heartbeat_timeout => Ending::HeartbeatMissed,
            None if self.timeout => Ending::TimedOut,
            None if self.pending => Ending::Pending,
            None => {
                let text = |text: Option<Option<String>>| text.flatten().map(Into::into);
                let failure = Failure { error: text(self.error), cause: text(self.cause) };
                Ending::Failed(failure, self.r#as.map(|kind| failing_type(key, &kind)).transpose()?)
            }
        };
        let worker = self.worker.map(Arc::from);
        let submitted = self.submitted.map(|submitted| payload(&submitted));
        Ok(Given::Answer(Answer { worker, submitted, ending, after: self.after }))
    }
}

fn payload(raw: &RawValue) -> Payload {
    Payload::from_text(raw.get())
}

fn failing_type(key: &str, name: &str) -> Result<EventType, AnswersError> {
    let kind = EventType::from_name(name);
    let of_task = ["Task", "LambdaFunction", "Activity"].iter().any(|start| name.starts_with(start));
    let failing = name.ends_with("Failed") && !matches!(kind, EventType::Unknown(_));
    if of_task && failing { Ok(kind) } else { Err(AnswersError::NoFailure(key.to_owned(), name.to_owned())) }
}

impl fmt::Display for AnswersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(reason) => write!(f, "The answers cannot be read: {reason}."),
            Self::Ambiguous(key, index) => {
                let forms = "result, error, timeout, heartbeatTimeout, pending, command, http";
                write!(f, "Answer {} of '{key}' must say exactly one of: {forms}.", index + 1)
            }
            Self::NoFailure(key, kind) => write!(f, "'{kind}' in the answers of '{key}' is no failure of a task."),
            Self::NoTestCase(cases) => {
                write!(f, "A mock configuration needs a test case (--test-case); it has: {}.", cases.join(", "))
            }
            Self::NoMocks => f.write_str("--test-case is for mock configurations, and this is an answers file."),
        }
    }
}

impl std::error::Error for AnswersError {}
#[cfg(test)]
mod tests {
    use super::*;

    /// What each answer of a state comes to, in words.
    fn endings(entries: &str) -> Vec<String> {
        let file = AnswersFile::parse(&format!(r#"{{"states":{{"A":{entries}}}}}"#)).unwrap();
        let given = file.states.values().flatten();
        let told = given.map(|given| match given {
            Given::Answer(Answer { ending, .. }) => match ending {
                Ending::Succeeded(result) => format!("result {}", result.text()),
                Ending::Failed(failure, kind) => {
                    let kind = kind.as_ref().map_or("", EventType::name);
                    format!("{:?} {:?} {kind}", failure.error.as_deref(), failure.cause.as_deref())
                }
                Ending::TimedOut => "timed out".to_owned(),
                Ending::HeartbeatMissed => "heartbeat missed".to_owned(),
                Ending::Pending => "pending".to_owned(),
                Ending::Unanswered(_) => "unanswered".to_owned(),
            },
            Given::Live(_) => "live".to_owned(),
        });
        told.collect()
    }

    #[test]
    fn entries_say_how_a_task_ends() {
        for (entries, expected) in [
            (r#"[{"result":null}]"#, "result null"),
            (r#"[{"result":{"a": 1}}]"#, r#"result {"a": 1}"#),
            (r#"[{"error":"E","cause":"c"}]"#, r#"Some("E") Some("c") "#),
            (r#"[{"error":null}]"#, "None None "),
            (r#"[{"error":"E","as":"TaskSubmitFailed"}]"#, r#"Some("E") None TaskSubmitFailed"#),
            (r#"[{"timeout":true}]"#, "timed out"),
            (r#"[{"heartbeatTimeout":true}]"#, "heartbeat missed"),
            (r#"[{"pending":true}]"#, "pending"),
            (r#"[{"http":"http://localhost:9000"}]"#, "live"),
        ] {
            assert_eq!(endings(entries), [expected], "{entries}");
        }
    }

    #[test]
    fn activities_are_missing_by_their_arn_alone() {
        let missing = |text: &str| AnswersFile::parse(text).map(|file| file.missing_activities());
        assert_eq!(missing(r#"{"states":{},"default":"fail"}"#), Ok(vec![]));
        assert_eq!(
            missing(r#"{"missingActivities":["arn:a","arn:b"]}"#),
            Ok(vec!["arn:a".to_owned(), "arn:b".to_owned()])
        );
        assert!(missing(r#"{"missing_activities":[]}"#).is_err());
    }
}
