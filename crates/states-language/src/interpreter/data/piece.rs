//! Data on its way through a state.

use super::value_of;
use crate::json::Payload;
use serde_json::Value;
use std::borrow::Cow;

/// Data on its way through a state: still the payload that came in, so that its text goes on as it is, or something
/// taken out of it or computed from it.
#[derive(Debug, Clone)]
pub enum Piece<'a> {
    /// A payload nobody changed.
    Whole(Payload),
    /// A part of a document, or a new value.
    Part(Cow<'a, Value>),
}

impl<'a> Piece<'a> {
    /// Returns the value.
    pub fn value(&self) -> &Value {
        match self {
            Self::Whole(payload) => value_of(payload),
            Self::Part(value) => value,
        }
    }

    /// Returns the value, copied unless it is already this piece's own.
    pub fn into_value(self) -> Value {
        match self {
            Self::Whole(payload) => value_of(&payload).clone(),
            Self::Part(value) => value.into_owned(),
        }
    }

    /// Returns it as a payload of its own.
    pub fn into_payload(self) -> Payload {
        match self {
            Self::Whole(payload) => payload,
            Self::Part(value) => Payload::from_value(value.into_owned()),
        }
    }

    /// Returns its JSON text.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Whole(payload) => payload.text().into(),
            Self::Part(value) => value.to_string().into(),
        }
    }
}

impl From<&Payload> for Piece<'_> {
    fn from(payload: &Payload) -> Self {
        Self::Whole(payload.clone())
    }
}

impl From<Value> for Piece<'_> {
    fn from(value: Value) -> Self {
        Self::Part(Cow::Owned(value))
    }
}
