//! A definition as flat tables: states and the scopes they stand in, each addressed by number.
//!
//! Flat, because whoever runs a machine keeps many positions in it at once, and a number is cheaper to keep and to
//! compare than a path through nested branches.

use super::definition::{Definition, Format};
use super::diagnostic::Diagnostic;
use super::place::{Place, Span};
use super::source::Source;
use super::state::State;
use indexmap::IndexMap;
use std::ops::Index;
use std::sync::Arc;

/// The type a state machine is created with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum MachineKind {
    /// Runs up to a year and records its history.
    #[default]
    Standard,
    /// Runs up to five minutes and records nothing but logs.
    Express,
}

/// The language the expressions of a state are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum QueryLanguage {
    /// Paths, payload templates and intrinsic functions.
    #[default]
    JsonPath,
    /// JSONata between `{%` and `%}`.
    Jsonata,
}

/// The number of a state in its machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(u32);

/// The number of a scope in its machine; the root scope comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(u32);

/// The state a transition leads to; always one of the same scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The name as written.
    pub name: Arc<str>,
    /// The state; `None` only in a single state parsed on its own, whose neighbours are not there, and for a name that
    /// is put in at deployment.
    pub id: Option<StateId>,
}

/// What follows a state that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// `Next`.
    Next(Target),
    /// `End: true`.
    End,
}

/// The state a scope belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// A branch of a Parallel state, counted from 0.
    Branch(StateId, u32),
    /// The processor of a Map state.
    Processor(StateId),
}

/// One `States` object: the states that may transition to each other.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The state it belongs to; `None` for the machine itself.
    pub container: Option<Container>,
    /// The first state.
    pub start_at: StateId,
    /// The states by name, in the order of the definition.
    pub states: IndexMap<Arc<str>, StateId>,
    /// The comment of the machine, branch or processor.
    pub comment: Option<String>,
    /// Where the machine, branch or processor stands.
    pub place: Place,
}

/// A state machine that AWS would accept, with every expression compiled.
///
/// Share it as `Arc<Machine>`; it never changes.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The type it was checked for.
    pub kind: MachineKind,
    /// The comment.
    pub comment: Option<String>,
    /// The language of states that do not name their own.
    pub language: QueryLanguage,
    /// Seconds the whole execution may take.
    pub timeout: Option<u32>,
    pub(super) source: Arc<Source>,
    pub(super) scopes: Vec<Scope>,
    pub(super) states: Vec<State>,
}

impl QueryLanguage {
    /// Returns the value of the `QueryLanguage` field.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }
}

impl Container {
    /// Returns the Parallel or Map state.
    pub fn state(self) -> StateId {
        match self {
            Self::Branch(state, _) | Self::Processor(state) => state,
        }
    }
}

impl StateId {
    pub(super) fn of(index: usize) -> Self {
        Self(number(index))
    }

    /// Returns the number, for tables kept beside a machine's states.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl ScopeId {
    pub(super) fn of(index: usize) -> Self {
        Self(number(index))
    }

    /// Returns the number, for tables kept beside a machine's scopes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Machine {
    /// Parses a definition written as JSON and checks it as AWS does for machines of this kind.
    ///
    /// The machine is there exactly when no diagnostic is an error.
    pub fn parse(text: &str, kind: MachineKind) -> (Option<Self>, Vec<Diagnostic>) {
        Definition::read(text, Format::Json).parse(kind)
    }

    /// Parses the definition of a single state, as TestState takes it; the state is called `StateName` and where it
    /// leads to is not checked.
    pub fn parse_state(text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        Definition::read(text, Format::Json).parse_state()
    }

    /// Returns the id of the scope that execution starts in.
    pub fn root(&self) -> ScopeId {
        ScopeId(0)
    }

    /// Returns every scope, containers before what they contain.
    pub fn scopes(&self) -> impl ExactSizeIterator<Item = (ScopeId, &Scope)> {
        self.scopes.iter().enumerate().map(|(index, scope)| (ScopeId(number(index)), scope))
    }

    /// Returns every state.
    pub fn states(&self) -> impl ExactSizeIterator<Item = &State> {
        self.states.iter()
    }

    /// Returns the text it was read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Returns the line something begins on, from 1; `None` when the definition is all on one line, which is then no
    /// help to anybody.
    pub fn line(&self, span: Span) -> Option<u32> {
        let several = self.source.text().trim_end().contains('\n');
        several.then(|| self.source.position(span.start).line)
    }

    /// Finds a state by its name, which is unique in the whole machine.
    pub fn find(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|state| &*state.name == name)
    }
}

impl Index<StateId> for Machine {
    type Output = State;

    fn index(&self, id: StateId) -> &State {
        self.states.get(id.index()).expect("a state id is used with the machine it came from")
    }
}

impl Index<ScopeId> for Machine {
    type Output = Scope;

    fn index(&self, id: ScopeId) -> &Scope {
        self.scopes.get(id.index()).expect("a scope id is used with the machine it came from")
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
