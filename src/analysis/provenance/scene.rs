//! What the expressions of a visited state saw.

use super::{Document, Field, Gap, Story, What};
use crate::analysis::program::Program;
use crate::analysis::scene::{self, Draws};
use crate::asl::State;
use crate::event::EventId;
use crate::history::{MemberId, Variable, VisitId};
use crate::interpreter::MapItem;
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
    around: scene::Scene<'a>,
    variables: Vec<Variable<'a>>,
    context: OnceCell<Value>,
    /// The item a selector of a Map is evaluated for.
    item: Option<MapItem>,
}

impl<'a> Scene<'a> {
    pub(super) fn of(story: Story<'a>, member: MemberId, visit: VisitId) -> Result<Self, Gap> {
        let history = story.history(member);
        let around = scene::Scene::of(story.programs, member, history, visit, None).map_err(Gap::NoProgram)?;
        let state = around.state;
        let entered = history.visit(visit).entered.ok_or(Gap::NotRecorded)?;
        let variables = history.world_at(entered).map(|world| world.variables()).unwrap_or_default();
        Ok(Self { story, member, visit, state, entered, around, variables, context: OnceCell::new(), item: None })
    }

    /// The same for one item of a Map.
    pub(super) fn with_item(&self, item: MapItem) -> Self {
        Self { item: Some(item), context: OnceCell::new(), ..self.clone() }
    }

    pub(super) fn program(&self) -> &'a Program {
        self.around.program
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
        let position = self.program().definition.field(&self.state.place, &way);
        Field { state: Arc::clone(&self.state.name), way, text: text.map(Into::into), position }
    }

    /// Returns a field directly in the state, called by the first of these names that it has.
    pub(super) fn named(&self, names: &[&str], text: Option<&str>) -> Field {
        let fields = names.iter().map(|name| self.field(vec![(*name).into()], text));
        let fallback = || self.field(names.first().map(|name| (*name).into()).into_iter().collect(), text);
        fields.into_iter().find(|field| field.position.is_some()).unwrap_or_else(fallback)
    }

    fn context_object(&self) -> Value {
        let draws = Draws::low(self.around.now());
        self.around.evaluate_for(&draws, self.item.as_ref(), |environment| environment.context.value().clone())
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
