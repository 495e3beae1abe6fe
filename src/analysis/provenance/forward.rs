//! Follows a value forward: who was handed it, who computed something of it, who decided by it.
//!
//! Nothing is inverted. The documents that may have been made of the one at hand are known; for the places in them
//! that hold the value, or were made anew there, the way back is asked for, and those that lead here are the answer.

use super::alike::alike;
use super::derived::From;
use super::expression::{Expression, Root, Sight};
use super::jsonpath::selected;
use super::scene::Scene;
use super::{Document, Field, Spot, Story, What};
use crate::asl::state::{ChoiceData, Condition};
use crate::asl::{Selection, StateKind};
use crate::event::{Details, EventId};
use crate::history::{AttemptId, Link, MemberId, ScopeId, VisitId};
use crate::json::diff::{At, Step};
use serde_json::Value;
use std::collections::HashSet;

/// The most uses that are told.
const MOST_USES: usize = 200;

/// How many places with the same value are looked at in one document.
const ALIKE: usize = 16;

/// How many places that hold other values are looked at in one document.
const ANEW: usize = 120;

/// How many flows of one state are looked into.
const FLOWS: usize = 60;

/// Who used a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Uses {
    /// The uses; what follows one deeper used the value there.
    pub uses: Vec<Use>,
    /// Whether there are more than are told.
    pub cut: bool,
}

/// One use of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// How often the value changed its place before.
    pub depth: u16,
    /// The place it went to; of a decision the input of the state that decided.
    pub spot: Spot,
    /// The value there.
    pub value: Option<Value>,
    /// What became of it.
    pub using: Using,
    /// The fields it went through, the last one first.
    pub fields: Vec<Field>,
}

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Using {
    /// It was handed on.
    Copied,
    /// Something was computed of it.
    Computed,
    /// A Choice looked at it.
    Decided,
}

impl Uses {
    /// Returns the uses worth telling: of states that merely kept a value in its place only the last one.
    pub fn told(&self) -> Vec<&Use> {
        let merely_kept = |used: &Use| {
            let kept = used.fields.iter().all(|field| field.way.last().is_some_and(|name| **name == *"ResultPath"));
            used.using == Using::Copied && kept
        };
        let same = |left: &Use, right: &Use| left.depth == right.depth && left.spot.at == right.spot.at;
        let next = self.uses.iter().skip(1).map(Some).chain([None]);
        let told = self.uses.iter().zip(next).filter(|(used, next)| {
            !next.is_some_and(|next| merely_kept(used) && merely_kept(next) && same(used, next))
        });
        told.map(|(used, _)| used).collect()
    }
}

/// Returns who used the value at a place: step by step as long as it was handed on, and what was computed of it once.
pub fn uses(story: Story<'_>, spot: &Spot) -> Uses {
    let mut search = Search { story, found: Uses::default(), known: HashSet::from([spot.clone()]) };
    search.follow(spot, 0);
    search.found
}

struct Search<'a> {
    story: Story<'a>,
    found: Uses,
    known: HashSet<Spot>,
}

impl Search<'_> {
    fn follow(&mut self, spot: &Spot, depth: u16) {
        for decision in self.story.decisions(spot) {
            self.found.uses.push(Use { depth, ..decision });
        }
        for document in self.story.after(&spot.document) {
            for place in self.places(spot, &document) {
                if self.found.uses.len() >= MOST_USES {
                    self.found.cut = true;
                    return;
                }
                self.used(spot, &document.clone().at(place), depth);
            }
        }
    }

    /// Notes a use, if the way back from a place leads to where the value was.
    fn used(&mut self, from: &Spot, to: &Spot, depth: u16) {
        let derived = self.story.derive(to);
        let leads_here = |(document, at): &(Document, At)| *document == from.document && at.touches(&from.at);
        let using = match derived.from {
            From::Place(document, at) if document == from.document && at == from.at => Using::Copied,
            From::Made(_, places) if places.iter().any(leads_here) => Using::Computed,
            _ => return,
        };
        if !self.known.insert(to.clone()) {
            return;
        }
        let value = to.value(self.story);
        self.found.uses.push(Use { depth, spot: to.clone(), value, using, fields: derived.fields });
        if using == Using::Copied {
            let moved = to.at != from.at || to.document.member != from.document.member;
            self.follow(to, depth + u16::from(moved));
        }
    }

    /// The places of a later document that may have been made of a value.
    fn places(&self, from: &Spot, document: &Document) -> Vec<At> {
        let (Some(later), Some(value)) = (document.value(self.story), from.value(self.story)) else {
            return Vec::new();
        };
        let mut places = alike(&later, &At::default(), &value, ALIKE);
        let earlier = from.document.value(self.story);
        let mut left = ANEW;
        leaves(&later, &mut At::default(), &mut |at, value| {
            // What stands where it stood before was passed on as it was.
            let passed = earlier.as_ref().and_then(|earlier| at.find(earlier)).is_some_and(|before| *before == *value);
            if !passed && !places.contains(at) && left > 0 {
                left -= 1;
                places.push(at.clone());
            }
            left > 0
        });
        places
    }
}

fn leaves(value: &Value, at: &mut At, see: &mut impl FnMut(&At, &Value) -> bool) -> bool {
    match value {
        Value::Array(items) => items.iter().enumerate().all(|(index, item)| {
            at.0.push(Step::Item(index));
            let more = leaves(item, at, see);
            at.0.pop();
            more
        }),
        Value::Object(members) => members.iter().all(|(key, member)| {
            at.0.push(Step::Member(key.as_str().into()));
            let more = leaves(member, at, see);
            at.0.pop();
            more
        }),
        leaf => see(at, leaf),
    }
}

/// Which documents may have been made of another.
impl Story<'_> {
    fn after(self, document: &Document) -> Vec<Document> {
        let Document { member, event, what } = document;
        let history = self.history(*member);
        let Some(details) = history.event(*event).map(|event| &event.details) else { return Vec::new() };
        let visit = history.visit_of(*event);
        let mut found = match (what, details) {
            (What::Input, Details::ExecutionStarted(_)) => self.of_execution(*member),
            (What::Input, Details::StateEntered(_)) => {
                visit.map(|visit| self.of_visit(*member, visit)).unwrap_or_default()
            }
            (What::Input, _) => self.started_by(*member, history.attempt_of(*event)),
            (What::Variable(name), _) => self.reading(*member, *event, name),
            (What::Output, Details::StateExited(_)) => self.of_output(*member, visit),
            (What::Output, Details::Output(_)) if history.lineage(*event).is_none_or(|it| it.attempt.is_none()) => {
                self.of_execution_output(*member)
            }
            (What::Output | What::Failure, _) => visit.map(|visit| self.leaving(*member, visit)).unwrap_or_default(),
        };
        found.retain(|later| later != document);
        found
    }

    /// What leaves a visit: its output and the variables it assigned.
    fn leaving(self, member: MemberId, visit: VisitId) -> Vec<Document> {
        let history = self.history(member);
        let Some(exit) = history.visit(visit).ended else { return Vec::new() };
        let variables = history.assigned(visit).into_iter().flat_map(|assigned| assigned.values.keys());
        let variables = variables.map(|name| Document::new(member, exit, What::Variable(name.clone())));
        let output = history.output(visit).map(|_| Document::new(member, exit, What::Output));
        output.into_iter().chain(variables).collect()
    }

    /// What is made of the input of a visit, or of what else its expressions see.
    fn of_visit(self, member: MemberId, visit: VisitId) -> Vec<Document> {
        let history = self.history(member);
        let input = |event: EventId| Document::new(member, event, What::Input);
        let attempts = history.visit(visit).attempts.iter().map(|attempt| history.attempt(*attempt).scheduled);
        let has_input = |event: &EventId| history.event(*event).is_some_and(|event| event.details.input().is_some());
        let mut found: Vec<_> = attempts.filter(has_input).map(input).collect();
        for scope in history.visit(visit).children.iter().take(FLOWS) {
            found.extend(self.beginning(member, *scope));
        }
        let children = self.family.items_of(member, visit).take(FLOWS);
        found.extend(children.map(|child| Document::new(child, EventId::FIRST, What::Input)));
        found.extend(self.leaving(member, visit));
        found
    }

    /// The input of the first state of a flow.
    fn beginning(self, member: MemberId, scope: ScopeId) -> Option<Document> {
        let history = self.history(member);
        let first = history.visit(*history.scope(scope).visits.first()?);
        Some(Document::new(member, first.entered?, What::Input))
    }

    /// What is made of the input of an execution: its first state's, and whatever reads it from the context object.
    fn of_execution(self, member: MemberId) -> Vec<Document> {
        let history = self.history(member);
        let mut found: Vec<_> = self.beginning(member, ScopeId::ROOT).into_iter().collect();
        let Ok(program) = self.programs.program(member) else { return found };
        let text = program.definition.source();
        let reading = history.visits().filter(|(_, visit)| {
            let state = program.machine.find(&visit.name);
            state.is_some_and(|state| text.slice(state.place.span).contains("Execution.Input"))
        });
        for (visit, _) in reading.take(FLOWS) {
            found.extend(self.of_visit(member, visit));
        }
        found
    }

    /// What is made of a task's parameters: the input of the execution it started.
    fn started_by(self, member: MemberId, attempt: Option<AttemptId>) -> Vec<Document> {
        let children = attempt.into_iter().flat_map(|attempt| self.family.nested_in(member, attempt));
        children.map(|child| Document::new(child, EventId::FIRST, What::Input)).collect()
    }

    /// What is made by the states that read a variable, in its own scope and those inside.
    fn reading(self, member: MemberId, exit: EventId, name: &str) -> Vec<Document> {
        let history = self.history(member);
        let reads = |visit: VisitId| {
            let names = self.state(member, visit).map(|state| state.variable_references.as_slice()).unwrap_or_default();
            names.iter().any(|other| other.trim_start_matches('$') == name)
        };
        let later =
            history.visits().filter(|(id, visit)| visit.entered.is_some_and(|entered| entered > exit) && reads(*id));
        later.take(FLOWS).flat_map(|(visit, _)| self.of_visit(member, visit)).collect()
    }

    /// What is made of a state's output: the next state's input, or what its container or its execution puts out.
    fn of_output(self, member: MemberId, visit: Option<VisitId>) -> Vec<Document> {
        let history = self.history(member);
        let Some(visit) = visit.map(|visit| history.visit(visit)) else { return Vec::new() };
        if let Some(next) = visit.next {
            let entered = history.visit(next).entered;
            return entered.map(|event| Document::new(member, event, What::Input)).into_iter().collect();
        }
        match history.scope(visit.scope).container() {
            Some(container) => self.leaving(member, container),
            None => {
                let end = history.end().filter(|end| end.details.output().is_some());
                end.map(|end| Document::new(member, end.id, What::Output)).into_iter().collect()
            }
        }
    }

    /// What is made of an execution's output: the answer of the task that started it, or its Map's output.
    fn of_execution_output(self, member: MemberId) -> Vec<Document> {
        match self.family.member(member).link {
            Link::Nested { parent, task: Some((_, attempt)) } => {
                let answered = self.history(parent).attempt(attempt).ended;
                answered.map(|event| Document::new(parent, event, What::Output)).into_iter().collect()
            }
            Link::Item { parent, map: Some(map) } => self.leaving(parent, map),
            _ => Vec::new(),
        }
    }

    /// The rules of a Choice that look at a place of its input, up to the one that held.
    fn decisions(self, spot: &Spot) -> Vec<Use> {
        let Document { member, event, what: What::Input } = &spot.document else { return Vec::new() };
        let history = self.history(*member);
        let Some(visit) = history.visit_of(*event).filter(|visit| history.visit(*visit).entered == Some(*event)) else {
            return Vec::new();
        };
        let Ok(scene) = Scene::of(self, *member, visit) else { return Vec::new() };
        let StateKind::Choice(choice) = &scene.state.kind else { return Vec::new() };
        let raw = scene.input();
        let looked_at = match &choice.data {
            ChoiceData::JsonPath { input_path, rules, .. } => {
                let effective = selected(input_path.as_ref(), &scene, raw);
                let sight = Sight::new(&scene, &effective);
                let paths = rules.iter().map(|rule| rule.rule.paths());
                let reads = paths.map(|paths| paths.into_iter().flat_map(|path| Expression::Path(path).reads(sight)));
                reads.map(|reads| reads.collect::<Vec<_>>()).collect::<Vec<_>>()
            }
            ChoiceData::Jsonata { rules, .. } => {
                let sight = Sight::new(&scene, raw);
                let reads = |condition: &Condition| match condition {
                    Condition::Expression(expression) => Expression::Jsonata(expression).reads(sight),
                    Condition::Literal(_) => Vec::new(),
                };
                rules.iter().map(|rule| reads(&rule.condition)).collect()
            }
        };
        let whole = match &choice.data {
            ChoiceData::JsonPath { input_path: Some(Selection::Path(path)), .. } => super::jsonpath::is_whole(path),
            ChoiceData::JsonPath { input_path: Some(Selection::Null), .. } => false,
            _ => true,
        };
        let looks = |reads: &Vec<(Root, At)>| {
            reads.iter().any(|(root, at)| whole && *root == Root::Input && at.touches(&spot.at))
        };
        let rules = looked_at.iter().enumerate().filter(|(_, reads)| looks(reads));
        let decided = rules.map(|(number, _)| Use {
            depth: 0,
            spot: spot.clone(),
            value: spot.value(self),
            using: Using::Decided,
            fields: vec![scene.field(vec!["Choices".into(), number.to_string().into()], None)],
        });
        decided.collect()
    }
}
