//! What surrounded a visit: its machine, the variables and the context object in force, time and chance.
//!
//! With this the interpreter can take data through one state again exactly as it went then. Nothing here is stored in
//! a recording: it is derived from the events before the visit.

use super::program::{NoProgram, Program, Programs};
use crate::asl::{QueryLanguage, State, StateKind};
use crate::event::{EventId, Failure, Timestamp};
use crate::history::{AttemptId, AttemptKind, History, MemberId, Place, ScopeId, VisitId};
use crate::interpreter::data::{self, Environment};
use crate::interpreter::{ContextFacts, Fault, Identity, Layer, MapItem, Redrive};
use crate::json::Payload;
use crate::query::Sources;
use std::cell::{Cell, LazyCell};
use std::sync::Arc;

/// A visit with what surrounded it.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The program it followed.
    pub program: &'a Program,
    /// The state.
    pub state: &'a State,
    /// The history it stands in.
    pub history: &'a History,
    /// The visit.
    pub visit: VisitId,
    /// The attempt looked at; absent when the state makes none.
    pub attempt: Option<AttemptId>,
    identity: &'a Identity,
    input: Option<&'a Payload>,
}

/// Which state of the definition an account is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub state: Arc<str>,
    /// The value of its `Type` field.
    pub kind: &'static str,
    /// The language of its expressions.
    pub language: QueryLanguage,
    /// The line of the definition on which it begins.
    pub line: u32,
}

/// Time and chance for one evaluation. Two of them that are different tell what of a value was drawn.
#[derive(Debug)]
pub struct Draws {
    now: Timestamp,
    bits: u64,
    drawn: Cell<u64>,
}

impl Draws {
    /// Time stands still at a moment, and chance gives the least it can.
    pub fn low(now: Timestamp) -> Self {
        Self { now, bits: 0, drawn: Cell::new(0) }
    }

    /// Time stands still long after that, and chance gives the most it can.
    pub fn high(now: Timestamp) -> Self {
        const LONG: i64 = 400 * 86_400 * 1_000_000 + 3_723_004_000;
        Self { now: Timestamp::from_micros(now.as_micros().saturating_add(LONG)), bits: u64::MAX, drawn: Cell::new(0) }
    }

    fn draw(&self) -> u64 {
        let count = self.drawn.get();
        self.drawn.set(count + 1);
        count
    }

    /// Returns the token a task is given; AWS's cannot be known.
    fn token(&self) -> String {
        format!("token {}", self.bits)
    }
}

impl Sources for Draws {
    fn now_millis(&self) -> i64 {
        self.draw();
        self.now.as_millis()
    }

    fn uuid(&self) -> String {
        let count = self.draw() & 0xffff_ffff;
        format!("{:08x}-0000-4000-8000-{count:012x}", self.bits & 0xffff_ffff)
    }

    fn random(&self) -> u64 {
        self.draw();
        self.bits
    }
}

impl<'a> Scene<'a> {
    /// Finds what surrounded a visit, at one of its attempts or else its last.
    pub fn of(
        programs: &'a Programs,
        member: MemberId,
        history: &'a History,
        visit: VisitId,
        attempt: Option<AttemptId>,
    ) -> Result<Self, NoProgram> {
        let program = programs.program(member)?;
        let name = &history.visit(visit).name;
        let state = program.machine.find(name).ok_or_else(|| NoProgram::NoState(Arc::clone(name)))?;
        let identity = programs.identity(member).ok_or(NoProgram::Missing)?;
        let attempt = attempt.or_else(|| history.visit(visit).attempts.last().copied());
        let input = programs.input(member);
        Ok(Self { program, state, history, visit, attempt, identity, input })
    }

    /// Returns what to put above an account of the visit.
    pub fn head(&self) -> Head {
        Head {
            state: Arc::clone(&self.state.name),
            kind: self.state.kind.name(),
            language: self.state.language,
            line: self.program.line_of(&self.state.place),
        }
    }

    /// Returns the event up to which everything counts that the visit can know of: the beginning of its attempt.
    pub fn at(&self) -> EventId {
        let begun = self.attempt.map(|attempt| self.history.attempt(attempt).scheduled);
        begun.or(self.history.visit(self.visit).entered).unwrap_or(EventId::FIRST)
    }

    /// Returns when that was.
    pub fn now(&self) -> Timestamp {
        let event = self.history.event(self.at());
        event.map_or(Timestamp::from_micros(0), |event| event.timestamp)
    }

    /// Returns the variables in force when the state was entered.
    pub fn variables(&self) -> Layer {
        let mut layer = Layer::default();
        let entered = self.history.visit(self.visit).entered;
        let Some(world) = entered.and_then(|entered| self.history.world_at(entered)) else { return layer };
        let known: Vec<(Arc<str>, Payload)> =
            world.variables().iter().rev().map(|it| (Arc::clone(it.name), it.value.clone())).collect();
        layer.assign(&known);
        layer
    }

    /// Evaluates something as the state did. The context object is built only when an expression looks at it.
    pub fn evaluate<T>(&self, draws: &Draws, evaluation: impl FnOnce(Environment<'_>) -> T) -> T {
        self.evaluate_for(draws, None, evaluation)
    }

    /// The same for an item of this state, which is a Map.
    pub fn evaluate_for<T>(
        &self,
        draws: &Draws,
        item: Option<&MapItem>,
        evaluation: impl FnOnce(Environment<'_>) -> T,
    ) -> T {
        let context = LazyCell::new(|| {
            let token = has_token(self.state).then(|| draws.token());
            let around = if item.is_some() { None } else { self.item() };
            let nothing = Payload::from_value(serde_json::Value::Null);
            let facts = ContextFacts {
                identity: self.identity,
                input: self.input.unwrap_or(&nothing),
                redrive: self.redrive(),
                state: &self.state.name,
                entered: self.entered(),
                retries: can_retry(self.state).then(|| self.retries()),
                token: token.as_deref(),
                item: item.or(around.as_ref()),
            };
            facts.object()
        });
        let variables = self.variables();
        evaluation(Environment { context: &context, variables: &variables, sources: draws })
    }

    fn entered(&self) -> Timestamp {
        let entered = self.history.visit(self.visit).entered.and_then(|entered| self.history.event(entered));
        entered.map_or_else(|| self.now(), |entered| entered.timestamp)
    }

    fn redrive(&self) -> Redrive {
        let before = |event: &&EventId| **event <= self.at();
        let redrives: Vec<_> = self.history.redrives().iter().filter(before).collect();
        let last = redrives.last().and_then(|last| self.history.event(**last));
        Redrive { count: u32::try_from(redrives.len()).unwrap_or(u32::MAX), time: last.map(|last| last.timestamp) }
    }

    /// Counts the retries up to the attempt, those since the last redrive.
    fn retries(&self) -> u32 {
        let attempts = self.history.visit(self.visit).attempts.iter();
        let upto = attempts.take_while(|attempt| self.attempt.is_none_or(|last| **attempt <= last));
        let kinds = upto.map(|attempt| self.history.attempt(*attempt).kind);
        kinds.fold(0, |count, kind| match kind {
            AttemptKind::Retry => count + 1,
            AttemptKind::First | AttemptKind::Redrive => 0,
        })
    }

    /// Returns the item of the innermost iteration around the visit.
    pub fn item(&self) -> Option<MapItem> {
        let around = self.history.scopes_above(self.history.visit(self.visit).scope);
        let mut iterations = around.filter_map(|scope| match self.history.scope(scope).place {
            Place::Iteration { of, attempt, index } => Some((scope, of, attempt, index)),
            Place::Root | Place::Branch { .. } => None,
        });
        // Nothing in a child of a Map Run tells it its item, as recorded.
        let (scope, map, attempt, index) = iterations.next()?;
        self.item_of(map, attempt, index).or_else(|| self.first_input(scope, index))
    }

    /// Returns the error and the cause of a failure of this history: those of its event, or what a Fail state says.
    pub fn failure(&self, event: EventId) -> Option<Failure> {
        if let Some(failure) = self.history.failure_at(event) {
            return Some(failure.clone());
        }
        let visit = self.history.visit_of(event)?;
        let state = self.program.machine.find(&self.history.visit(visit).name)?;
        let StateKind::Fail(fail) = &state.kind else { return None };
        let scene = Scene { state, visit, attempt: None, ..*self };
        let raw = self.history.input(visit)?;
        scene.evaluate(&Draws::low(scene.now()), |environment| data::fail(fail, environment, raw, &mut ())).ok()
    }

    /// Returns a failure of this history as retriers and catchers see it.
    pub fn fault(&self, event: EventId) -> Option<Fault> {
        let failure = self.failure(event)?;
        Some(Fault { failure, missed_heartbeat: self.history.missed_heartbeat(event) })
    }

    /// Works out the items of a Map around the visit once more.
    fn item_of(&self, map: VisitId, attempt: Option<AttemptId>, index: u64) -> Option<MapItem> {
        let state = self.program.machine.find(&self.history.visit(map).name)?;
        let StateKind::Map(described) = &state.kind else { return None };
        let scene = Scene { state, visit: map, attempt, ..*self };
        let raw = self.history.input(map)?;
        let items = scene.evaluate(&Draws::low(scene.now()), |environment| {
            let input = data::map_input(described, environment, raw, &mut ())?;
            data::map_items(described, environment, &input, &mut ())
        });
        let item = items.ok()?.into_iter().nth(usize::try_from(index).ok()?)?;
        Some(MapItem { index: u32::try_from(index).ok()?, key: item.key, value: item.value, source: None })
    }

    /// What the first state of an iteration was given is its item, unless an `ItemSelector` made something else of it.
    fn first_input(&self, scope: ScopeId, index: u64) -> Option<MapItem> {
        let first = self.history.scope(scope).visits.first()?;
        let value = self.history.input(*first)?.clone();
        Some(MapItem { index: u32::try_from(index).ok()?, key: None, value, source: None })
    }
}

fn has_token(state: &State) -> bool {
    matches!(&state.kind, StateKind::Task(task) if task.resource.has_token())
}

fn can_retry(state: &State) -> bool {
    matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_))
}
