//! The context object, built only when an expression looks at it.

use super::identity::Identity;
use crate::asl::MachineKind;
use crate::event::Timestamp;
use crate::json::Payload;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The item of the Map iteration a flow belongs to.
#[derive(Debug, Clone)]
pub struct MapItem {
    /// Its place in the list, from 0.
    pub index: u32,
    /// Its name when the items are the members of an object.
    pub key: Option<Arc<str>>,
    /// Its value.
    pub value: Payload,
    /// Where it was read; only distributed Maps tell.
    pub source: Option<Arc<str>>,
}

/// An execution taken up again.
#[derive(Debug, Clone, Copy)]
pub struct Redrive {
    /// How often it has been.
    pub count: u32,
    /// When it last was.
    pub time: Option<Timestamp>,
}

/// Everything the context object tells.
#[derive(Debug, Clone, Copy)]
pub struct ContextFacts<'a> {
    /// Who the execution is.
    pub identity: &'a Identity,
    /// Its input.
    pub input: &'a Payload,
    /// How often it was taken up again.
    pub redrive: Redrive,
    /// The state's name.
    pub state: &'a str,
    /// When the state was entered.
    pub entered: Timestamp,
    /// How often the state was retried; only states that can be retried tell.
    pub retries: Option<u32>,
    /// The token of a task that waits for it.
    pub token: Option<&'a str>,
    /// The item of the iteration.
    pub item: Option<&'a MapItem>,
}

impl ContextFacts<'_> {
    /// Builds the context object, its members in AWS's order.
    pub fn object(&self) -> Value {
        let mut object = Map::new();
        object.insert("Execution".to_owned(), self.execution());
        let Identity { machine_arn, machine_name, .. } = self.identity;
        object.insert("StateMachine".to_owned(), json!({ "Id": &**machine_arn, "Name": &**machine_name }));
        object.insert("State".to_owned(), self.state());
        if let Some(token) = self.token {
            object.insert("Task".to_owned(), json!({ "Token": token }));
        }
        if let Some(item) = self.item {
            object.insert("Map".to_owned(), json!({ "Item": item_object(item) }));
        }
        Value::Object(object)
    }

    fn execution(&self) -> Value {
        let mut execution = Map::new();
        execution.insert("Id".to_owned(), Value::from(&*self.identity.arn));
        execution.insert("Input".to_owned(), self.input.value().cloned().unwrap_or_default());
        execution.insert("StartTime".to_owned(), Value::from(iso(self.identity.started)));
        execution.insert("Name".to_owned(), Value::from(&*self.identity.name));
        execution.insert("RoleArn".to_owned(), Value::from(&*self.identity.role_arn));
        if self.identity.kind == MachineKind::Standard {
            execution.insert("RedriveCount".to_owned(), Value::from(self.redrive.count));
        }
        if let Some(time) = self.redrive.time {
            execution.insert("RedriveTime".to_owned(), Value::from(iso(time)));
        }
        Value::Object(execution)
    }

    fn state(&self) -> Value {
        let mut state = Map::new();
        state.insert("Name".to_owned(), Value::from(self.state));
        state.insert("EnteredTime".to_owned(), Value::from(iso(self.entered)));
        if let Some(retries) = self.retries {
            state.insert("RetryCount".to_owned(), Value::from(retries));
        }
        Value::Object(state)
    }
}

pub(super) fn item_object(item: &MapItem) -> Value {
    let mut object = Map::new();
    object.insert("Index".to_owned(), Value::from(item.index));
    if let Some(key) = &item.key {
        object.insert("Key".to_owned(), Value::from(&**key));
    }
    object.insert("Value".to_owned(), item.value.value().cloned().unwrap_or_default());
    if let Some(source) = &item.source {
        object.insert("Source".to_owned(), Value::from(&**source));
    }
    Value::Object(object)
}

/// A time as the context object writes it: UTC, milliseconds, `Z`.
pub(super) fn iso(time: Timestamp) -> String {
    let text = Timestamp::from_micros(time.as_micros()).to_string();
    text.strip_suffix("+00:00").map_or(text.clone(), |bare| format!("{bare}Z"))
}
