//! Values of fields that may be written down, pointed at, or computed.

use super::compiled::{Call, Expression, JsonataTemplate, Path, ReferencePath, Template};

/// A value that is fixed in the definition or found when the state runs.
#[derive(Debug, Clone)]
pub enum Setting<T> {
    /// Written in the definition.
    Fixed(T),
    /// Selected by the field of the same name ending in `Path`.
    Path(Path),
    /// Computed by a JSONata expression.
    Expression(Expression),
}

/// A text that is fixed in the definition or found when the state runs.
#[derive(Debug, Clone)]
pub enum Text {
    /// Written in the definition.
    Fixed(String),
    /// Selected by a path.
    Path(Path),
    /// Computed by an intrinsic function.
    Call(Call),
    /// Computed by a JSONata expression.
    Expression(Expression),
}

/// What `InputPath` or `OutputPath` lets through.
#[derive(Debug, Clone)]
pub enum Selection {
    /// `null`: an empty object.
    Null,
    /// What the path selects.
    Path(Path),
}

/// Where `ResultPath` puts a result.
#[derive(Debug, Clone)]
pub enum ResultPath {
    /// `null`: the result is dropped and the raw input goes on.
    Discard,
    /// Into the raw input at this place.
    Into(ReferencePath),
}

/// A payload composed when the state runs.
#[derive(Debug, Clone)]
pub enum Arguments {
    /// A payload template, whose keys ending in `.$` are paths or intrinsic functions.
    JsonPath(Template),
    /// JSON whose strings may be JSONata expressions.
    Jsonata(JsonataTemplate),
}
