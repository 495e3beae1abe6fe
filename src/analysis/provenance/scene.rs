//! What the expressions of a visited state saw.

use super::{Document, Field, Gap, Story, What};
use crate::asl::{Machine, MachineKind, State};
use crate::event::{Details, EventId, StateType, Timestamp};
use crate::history::{Member, MemberId, Place, Variable, VisitId};
use crate::interpreter::{ContextFacts, Identity, MapItem, Redrive};
use crate::json::Payload;
use crate::query::{Context, FixedSources, Scope, Variables};
use serde_json::Value;
use std::cell::OnceCell;
use std::sync::Arc;

/// A visited state with its definition and what its expressions saw besides its data.
#[derive(Clone)]
pub(super) struct Scene<'a> {
    pub(super) story: Story<'a>,
    pub(super) member: MemberId,
    pub(super) visit: VisitId,
    pub(super) state: &'a State,
    /// The visit's entry.
    pub(super) entered: EventId,
    variables: Vec<Variable<'a>>,
    context: OnceCell<Value>,
    /// The item a selector of a Map is evaluated for.
    item: Option<MapItem>,
}

impl<'a> Scene<'a> {
    pub(super) fn of(story: Story<'a>, member: MemberId, visit: VisitId) -> Result<Self, Gap> {
        let history = story.history(member);
        if story.machines.of_member(member).is_none() {
            return Err(Gap::NoDefinition);
        }
        let state = story.state(member, visit).ok_or(Gap::NoState)?;
        let entered = history.visit(visit).entered.ok_or(Gap::NotRecorded)?;
        let variables = history.world_at(entered).map(|world| world.variables()).unwrap_or_default();
        Ok(Self { story, member, visit, state, entered, variables, context: OnceCell::new(), item: None })
    }

    /// The same for one item of a Map.
    pub(super) fn with_item(&self, item: MapItem) -> Self {
        Self { item: Some(item), context: OnceCell::new(), ..self.clone() }
    }

    pub(super) fn machine(&self) -> &'a Machine {
        let known = self.story.machines.of_member(self.member);
        &known.expect("a scene is only made where the machine is known").machine
    }

    /// Returns the state's input.
    pub(super) fn input(&self) -> &'a Value {
        let payload = self.story.history(self.member).input(self.visit);
        payload.and_then(|payload| payload.value().ok()).unwrap_or(&Value::Null)
    }

    /// Returns the document of the state's input.
    pub(super) fn input_document(&self) -> Document {
        Document::new(self.member, self.entered, What::Input)
    }

    /// Returns what an expression may look at when `$` means `input`.
    pub(super) fn scope<'s>(&'s self, input: &'s Value) -> Scope<'s> {
        Scope { input, context: self, variables: self, sources: &FixedSources }
    }

    /// Returns the exit that assigned a variable.
    pub(super) fn assigned(&self, name: &str) -> Option<EventId> {
        self.variables.iter().find(|variable| &**variable.name == name).map(|variable| variable.assigned)
    }

    /// Returns a field of the state and where it stands.
    pub(super) fn field(&self, way: Vec<Box<str>>, text: Option<&str>) -> Field {
        let known = self.story.machines.of_member(self.member);
        let position = known.and_then(|known| known.definition.field(&self.state.place, &way));
        Field { state: Arc::clone(&self.state.name), way, text: text.map(Into::into), position }
    }

    /// Returns a field directly in the state, called by the first of these names that it has.
    pub(super) fn named(&self, names: &[&str], text: Option<&str>) -> Field {
        let fields = names.iter().map(|name| self.field(vec![(*name).into()], text));
        let fallback = || self.field(names.first().map(|name| (*name).into()).into_iter().collect(), text);
        fields.into_iter().find(|field| field.position.is_some()).unwrap_or_else(fallback)
    }

    fn context_object(&self) -> Value {
        let member = self.story.family.member(self.member);
        let history = &member.history;
        let at = |event| history.event(event).map_or(Timestamp::from_micros(0), |event| event.timestamp);
        let identity = identity(member, at(EventId::FIRST));
        let nothing = Payload::from_value(Value::Null);
        let visit = history.visit(self.visit);
        let retried = matches!(visit.kind, StateType::Task | StateType::Parallel | StateType::Map);
        let item = self.item.clone().or_else(|| self.surrounding_item());
        let facts = ContextFacts {
            identity: &identity,
            input: member.input().unwrap_or(&nothing),
            redrive: Redrive { count: 0, time: None },
            state: &self.state.name,
            entered: at(self.entered),
            retries: retried.then(|| u32::try_from(visit.attempts.len().saturating_sub(1)).unwrap_or(u32::MAX)),
            token: None,
            item: item.as_ref(),
        };
        facts.object()
    }

    /// The item of the iteration the state stands in; its value is known only where it is asked for.
    fn surrounding_item(&self) -> Option<MapItem> {
        let history = self.story.history(self.member);
        let mut scopes = history.scopes_above(history.visit(self.visit).scope).map(|scope| history.scope(scope).place);
        let (map, index) = scopes.find_map(|place| match place {
            Place::Iteration { of, index, .. } => Some((of, index)),
            _ => None,
        })?;
        let scene = Self::of(self.story, self.member, map).ok()?;
        super::map::item(&scene, usize::try_from(index).ok()?)
    }
}

impl Context for Scene<'_> {
    fn value(&self) -> &Value {
        self.context.get_or_init(|| self.context_object())
    }
}

impl Variables for Scene<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.variables.iter().find(|variable| &**variable.name == name)?.value.value().ok()
    }
}

/// Who the execution was, as far as its ARN and its first event tell.
fn identity(member: &Member, started: Timestamp) -> Identity {
    let arn = member.described.arn.clone();
    let express = arn.as_ref().is_some_and(|arn| arn.contains(":express:"));
    let local = Identity::local(if express { MachineKind::Express } else { MachineKind::Standard }, started);
    let Some(arn) = arn else { return local };
    let parts: Vec<&str> = arn.split(':').collect();
    let machine = parts.get(6).map_or("", |machine| machine.split('/').next().unwrap_or(machine));
    let prefix = parts.get(..5).unwrap_or_default().join(":");
    let role = match member.history.event(EventId::FIRST).map(|event| &event.details) {
        Some(Details::ExecutionStarted(started)) => started.role_arn.clone(),
        _ => None,
    };
    Identity {
        name: member.described.name.clone().unwrap_or(local.name),
        role_arn: role.unwrap_or(local.role_arn),
        machine_arn: format!("{prefix}:stateMachine:{machine}").into(),
        machine_name: machine.into(),
        arn,
        ..Identity::local(local.kind, started)
    }
}
