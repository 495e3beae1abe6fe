//! One state, whatever its type.

use super::spot::Spot;
use super::transitions::Here;
use super::{Parser, fields, place};
use crate::asl::machine::QueryLanguage;
use crate::asl::state::{State, StateKind};
use std::sync::Arc;

/// A `Type`.
#[derive(Clone, Copy)]
enum Type {
    Task,
    Wait,
    Pass,
    Succeed,
    Fail,
    Choice,
    Parallel,
    Map,
}

const TYPES: &[(&str, Type)] = &[
    ("Task", Type::Task),
    ("Wait", Type::Wait),
    ("Pass", Type::Pass),
    ("Succeed", Type::Succeed),
    ("Fail", Type::Fail),
    ("Choice", Type::Choice),
    ("Parallel", Type::Parallel),
    ("Map", Type::Map),
];

impl Parser {
    /// Reads a state into the place reserved for it.
    pub(super) fn state(&mut self, spot: &Spot<'_, '_>, name: &Arc<str>, here: Here<'_>) {
        let Some(state) = self.state_at(spot, name, here) else {
            return;
        };
        if let Some(slot) = self.states.get_mut(here.id.index()) {
            *slot = Some(state);
        }
    }

    fn state_at(&mut self, spot: &Spot<'_, '_>, name: &Arc<str>, here: Here<'_>) -> Option<State> {
        if self.is_open(spot) {
            self.transitions_unread(spot, here);
            return None;
        }
        if spot.node.members().is_none() {
            self.transitions_unread(spot, here);
            self.refuse(spot, "Expected value of type [OBJECT]");
            return None;
        }
        let Some((language, type_of_state)) = self.language_and_type(spot) else {
            self.transitions_unread(spot, here);
            return None;
        };
        let comment = self.comment(spot);
        let kind = self.kind_of(type_of_state, spot, here, language)?;
        Some(State {
            id: here.id,
            scope: here.scope,
            name: Arc::clone(name),
            comment,
            place: place(spot),
            language,
            kind,
            variable_references: crate::asl::references::of_state(spot.node, language),
        })
    }

    fn language_and_type(&mut self, spot: &Spot<'_, '_>) -> Option<(QueryLanguage, Type)> {
        let (language, kind) = (spot.get("QueryLanguage"), spot.get("Type"));
        if [language, kind].iter().flatten().any(|field| self.is_open(field)) {
            return None;
        }
        let language = self.language_of(spot, self.language);
        if self.language == QueryLanguage::Jsonata && language == QueryLanguage::JsonPath {
            self.refuse(spot, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
            return None;
        }
        if !self.required(spot, &["Type"]) {
            return None;
        }
        let type_spot = spot.get("Type")?;
        let sentence = |words: &str| format!("The field 'Type' should have one of these values: [{words}]");
        Some((language, self.one_of_words(&type_spot, TYPES, sentence)?))
    }

    fn kind_of(
        &mut self,
        type_of_state: Type,
        spot: &Spot<'_, '_>,
        here: Here<'_>,
        language: QueryLanguage,
    ) -> Option<StateKind> {
        let known = match type_of_state {
            Type::Task => fields::TASK,
            Type::Wait => fields::WAIT,
            Type::Pass => fields::PASS,
            Type::Succeed => fields::SUCCEED,
            Type::Fail => fields::FAIL,
            Type::Choice => fields::CHOICE,
            Type::Parallel => fields::PARALLEL,
            Type::Map => fields::MAP,
        };
        self.known_fields(spot, known, language);
        Some(match type_of_state {
            Type::Task => StateKind::Task(Box::new(self.task(spot, here, language)?)),
            Type::Wait => StateKind::Wait(Box::new(self.wait(spot, here, language)?)),
            Type::Pass => StateKind::Pass(Box::new(self.pass(spot, here, language)?)),
            Type::Succeed => StateKind::Succeed(Box::new(self.succeed(spot, here, language))),
            Type::Fail => StateKind::Fail(Box::new(self.fail(spot, here, language))),
            Type::Choice => StateKind::Choice(Box::new(self.choice(spot, here, language)?)),
            Type::Parallel => StateKind::Parallel(Box::new(self.parallel(spot, here, language)?)),
            Type::Map => StateKind::Map(Box::new(self.map(spot, here, language)?)),
        })
    }
}
