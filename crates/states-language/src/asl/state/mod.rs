//! States: one type per kind, holding only the fields that kind may have in its query language.

mod choice;
mod fail;
mod map;
mod parallel;
mod pass;
mod succeed;
mod task;
mod wait;

pub use choice::{Choice, ChoiceData, Condition, JsonPathRule, JsonataRule};
pub use fail::Fail;
pub use map::{
    CsvDelimiter, CsvHeaders, Distributed, ExecutionType, InputType, ItemBatcher, ItemReader, ManifestType, Map,
    MapData, MapMode, OutputType, ReaderConfig, ReaderTransformation, ResultWriter, WriterConfig, WriterTransformation,
};
pub use parallel::{Parallel, ParallelData};
pub use pass::{Pass, PassData};
pub use succeed::{Succeed, SucceedData};
pub use task::{Task, TaskData};
pub use wait::{Delay, Wait, WaitData};

use super::machine::{QueryLanguage, ScopeId, StateId, Transition};
use super::place::Place;
use super::retry::{Catcher, Retrier};
use super::setting::ResultPath;
use std::sync::Arc;

/// One state of a machine.
#[derive(Debug, Clone)]
pub struct State {
    /// Its number in the machine.
    pub id: StateId,
    /// The scope it stands in.
    pub scope: ScopeId,
    /// Its name, unique in the whole machine.
    pub name: Arc<str>,
    /// The comment.
    pub comment: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// The language its expressions are written in.
    pub language: QueryLanguage,
    /// What it does.
    pub kind: StateKind,
    /// The variables it names, in the order of their first occurrence.
    pub variable_references: Vec<String>,
}

/// What a state does.
#[derive(Debug, Clone)]
pub enum StateKind {
    /// Passes its input on, changed or not.
    Pass(Box<Pass>),
    /// Has work done.
    Task(Box<Task>),
    /// Decides where to go.
    Choice(Box<Choice>),
    /// Lets time pass.
    Wait(Box<Wait>),
    /// Ends its scope well.
    Succeed(Box<Succeed>),
    /// Ends its scope badly.
    Fail(Box<Fail>),
    /// Runs branches side by side.
    Parallel(Box<Parallel>),
    /// Runs a processor for each item of a list.
    Map(Box<Map>),
}

impl StateKind {
    /// Returns the value of the `Type` field.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass(_) => "Pass",
            Self::Task(_) => "Task",
            Self::Choice(_) => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed(_) => "Succeed",
            Self::Fail(_) => "Fail",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
        }
    }
}

impl State {
    /// Returns what follows when the state succeeds; `None` for Choice, Succeed and Fail.
    pub fn transition(&self) -> Option<&Transition> {
        match &self.kind {
            StateKind::Pass(state) => Some(&state.next),
            StateKind::Task(state) => Some(&state.next),
            StateKind::Wait(state) => Some(&state.next),
            StateKind::Parallel(state) => Some(&state.next),
            StateKind::Map(state) => Some(&state.next),
            StateKind::Choice(_) | StateKind::Succeed(_) | StateKind::Fail(_) => None,
        }
    }

    /// Returns `ResultPath`, if the state has one.
    pub fn result_path(&self) -> Option<&ResultPath> {
        match &self.kind {
            StateKind::Pass(state) => match &state.data {
                PassData::JsonPath { result_path, .. } => result_path.as_ref(),
                PassData::Jsonata { .. } => None,
            },
            StateKind::Task(state) => match &state.data {
                TaskData::JsonPath { result_path, .. } => result_path.as_ref(),
                TaskData::Jsonata { .. } => None,
            },
            StateKind::Parallel(state) => match &state.data {
                ParallelData::JsonPath { result_path, .. } => result_path.as_ref(),
                ParallelData::Jsonata { .. } => None,
            },
            StateKind::Map(state) => match &state.data {
                MapData::JsonPath { result_path, .. } => result_path.as_ref(),
                MapData::Jsonata { .. } => None,
            },
            StateKind::Choice(_) | StateKind::Wait(_) | StateKind::Succeed(_) | StateKind::Fail(_) => None,
        }
    }

    /// Returns the retriers in order; empty for kinds that have none.
    pub fn retriers(&self) -> &[Retrier] {
        match &self.kind {
            StateKind::Task(state) => &state.retry,
            StateKind::Parallel(state) => &state.retry,
            StateKind::Map(state) => &state.retry,
            _ => &[],
        }
    }

    /// Returns the catchers in order; empty for kinds that have none.
    pub fn catchers(&self) -> &[Catcher] {
        match &self.kind {
            StateKind::Task(state) => &state.catch,
            StateKind::Parallel(state) => &state.catch,
            StateKind::Map(state) => &state.catch,
            _ => &[],
        }
    }
}
