//! Where values came from: construct by construct, in the recordings we ship, in real ones, and in machines made at
//! random.

mod command;
mod constructs;
mod corpus;
mod marked;

use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use stepback::analysis::program::Programs;
use stepback::analysis::provenance::{Document, Spot, Step, Story, Trace, What};
use stepback::asl::{Definition, Format, MachineKind};
use stepback::event::{Details, Event};
use stepback::history::{Family, MemberId};
use stepback::interpreter::{Execution, Options};
use stepback::json::diff::{At, Step as In};
use stepback::json::{Payload, SharedBytes};
use stepback::recording::Recording;
use stepback::report;
use stepback::source::{self, Opened};
use stepback::tasks::{AnswersFile, Buckets, Clock, Pace, Runner, undated};

/// A run with all that is known about it.
pub struct Run {
    pub family: Family,
    pub programs: Programs,
}

impl Run {
    /// Takes a recording.
    pub fn of(recording: &Recording) -> Self {
        let family = Family::of(recording);
        let programs = Programs::of(recording, &family);
        Self { family, programs }
    }

    /// Runs a machine that AWS would accept on the interpreter; of another nothing.
    pub fn made(definition: &Value, input: &Value, answers: &Value) -> Option<Self> {
        let (machine, _) = Definition::read(definition.to_string(), Format::Json).parse(MachineKind::Standard);
        let machine = Arc::new(machine?);
        let options = Options { max_events: Some(2_000), ..Options::default() };
        let identity = Arc::new(undated(MachineKind::Standard));
        let mut execution = Execution::new(machine, identity, Payload::from_value(input.clone()), options);
        let mut answers = AnswersFile::parse(&json!({ "states": answers }).to_string()).unwrap();
        let mut runner = Runner {
            answers: &mut answers,
            buckets: Buckets::default(),
            pace: Pace::default(),
            clock: Clock::Virtual,
            until: None,
            cancelled: Arc::new(AtomicBool::new(false)),
        };
        let mut events = Vec::new();
        runner.run(&mut execution, &mut events).unwrap();
        Some(Self::of(&recording(definition, &execution, &events)))
    }

    pub fn story(&self) -> Story<'_> {
        Story { family: &self.family, programs: &self.programs }
    }

    /// Every document that the events carry.
    pub fn documents(&self) -> Vec<Document> {
        let mut found = Vec::new();
        for (member, execution) in self.family.members() {
            for event in execution.history.events() {
                let document = |what| Document::new(member, event.id, what);
                found.extend(event.details.input().map(|_| document(What::Input)));
                found.extend(event.details.output().map(|_| document(What::Output)));
                found.extend(event.details.failure().map(|_| document(What::Failure)));
                if let Details::StateExited(exited) = &event.details {
                    let names = exited.assigned.iter().flat_map(|assigned| assigned.values.keys());
                    found.extend(names.map(|name| document(What::Variable(name.clone()))));
                }
            }
        }
        found
    }

    /// The document of the last visit of a state.
    pub fn document(&self, state: &str, what: What) -> Document {
        let history = self.family.root();
        let last = history.visits().rev().find(|(_, visit)| &*visit.name == state);
        let (_, visit) = last.unwrap_or_else(|| panic!("{state} was not visited"));
        let event = if what == What::Input { visit.entered } else { visit.ended };
        Document::new(MemberId::ROOT, event.unwrap(), what)
    }
}

/// The recording of an execution that was run here.
fn recording(definition: &Value, execution: &Execution, events: &[Event]) -> Recording {
    let children: Vec<Value> = execution
        .map_runs()
        .map(|run| {
            let children = run.executions().map(|child| {
                json!({
                    "execution": { "executionArn": &*child.identity().arn, "name": &*child.identity().name },
                    "events": child.events(),
                })
            });
            json!({ "mapRun": { "mapRunArn": &**run.arn() }, "executions": children.collect::<Vec<_>>() })
        })
        .collect();
    let text = json!({
        "format": "stepback/1",
        "execution": { "executionArn": &*execution.identity().arn, "name": &*execution.identity().name },
        "stateMachine": { "definition": definition.to_string() },
        "events": events,
        "mapRuns": children,
    });
    match source::open_bytes(SharedBytes::from(text.to_string())).unwrap() {
        Opened::One(recording) => *recording,
        other => panic!("this is a recording: {other:?}"),
    }
}

/// The places of the values that have no parts.
pub fn leaves(value: &Value) -> Vec<At> {
    fn walk(value: &Value, at: At, found: &mut Vec<At>) {
        match value {
            Value::Array(items) => {
                let inner = items.iter().enumerate();
                inner.for_each(|(index, item)| walk(item, at.clone().join(&[In::Item(index)]), found));
            }
            Value::Object(members) => {
                let inner = members.iter();
                inner.for_each(|(key, item)| walk(item, at.clone().join(&[In::Member(key.as_str().into())]), found));
            }
            _ => found.push(at),
        }
    }
    let mut found = Vec::new();
    walk(value, At::default(), &mut found);
    found
}

/// A trace in short: each place worth telling with what lies before it.
pub fn short(story: Story<'_>, trace: &Trace) -> Vec<String> {
    let told = trace.told(story).into_iter().map(|told| {
        let Spot { document, at } = &told.hop.spot;
        let document = report::document_words(story, document).replace("the ", "");
        let fields: Vec<String> = told.hop.fields.iter().map(|field| format!(" < {}", field.name())).collect();
        let how = match &told.hop.step {
            Step::Copied => String::new(),
            _ => format!(" : {}", report::step_words(told.hop).unwrap_or_default()),
        };
        format!("{}{at} {document}{}{how}", "  ".repeat(told.hop.depth.into()), fields.concat())
    });
    told.collect()
}
