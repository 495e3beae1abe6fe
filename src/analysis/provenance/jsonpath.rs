//! The fields of the JSONPath data flow that several types of state share.

use super::derived::Derived;
use super::expression::{Expression, Root, Sight, of_template};
use super::scene::Scene;
use super::{Making, Origin};
use crate::asl::compiled::{Path, Template};
use crate::asl::{ResultPath, Selection};
use crate::json::diff::At;
use crate::query::path::Root as PathRoot;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Tells whether a path selects all of the input.
pub(super) fn is_whole(path: &Path) -> bool {
    *path.root() == PathRoot::Input && path.text() == "$"
}

/// Returns the value a path selects; null when it selects nothing.
pub(super) fn look_up<'s>(path: &Path, scene: &'s Scene<'s>, input: &'s Value) -> Cow<'s, Value> {
    path.select(&scene.scope(input)).unwrap_or(Cow::Owned(Value::Null))
}

/// What `InputPath` or `OutputPath` lets through.
pub(super) fn selected<'s>(selection: Option<&Selection>, scene: &'s Scene<'s>, from: &'s Value) -> Cow<'s, Value> {
    match selection {
        None => Cow::Borrowed(from),
        Some(Selection::Null) => Cow::Owned(Value::Object(Map::new())),
        Some(Selection::Path(path)) => look_up(path, scene, from),
    }
}

/// Derives a part of what `InputPath` or `OutputPath` let through.
pub(super) fn select(name: &str, selection: Option<&Selection>, sight: Sight<'_>, at: At) -> Derived<Root> {
    match selection {
        None => Derived::place(Root::Input, at),
        Some(Selection::Null) => Derived::origin(Origin::Written).through(sight.scene.named(&[name], None)),
        Some(Selection::Path(path)) => by_path(&[name], path, sight, at),
    }
}

/// Derives a part of what the path in a field selects. One that selects everything changes nothing.
pub(super) fn by_path(names: &[&str], path: &Path, sight: Sight<'_>, at: At) -> Derived<Root> {
    if is_whole(path) {
        return Derived::place(Root::Input, at);
    }
    let derived = Expression::Path(path).derive(sight, &at.0);
    derived.through(sight.scene.named(names, Some(path.text())))
}

/// Returns the value of a payload template; without one, its input.
pub(super) fn composed<'s>(template: Option<&'s Template>, scene: &'s Scene<'s>, from: &'s Value) -> Cow<'s, Value> {
    match template {
        None => Cow::Borrowed(from),
        Some(template) => template.evaluate(&scene.scope(from)).unwrap_or(Cow::Owned(Value::Null)),
    }
}

/// Derives a part of a payload template's value.
pub(super) fn compose(names: &[&str], template: Option<&Template>, sight: Sight<'_>, at: At) -> Derived<Root> {
    match template {
        None => Derived::place(Root::Input, at),
        Some(template) => of_template(template, &sight.scene.named(names, None).way, sight, &at),
    }
}

/// What `ResultPath` puts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The raw input of the state.
    Raw,
    /// The result.
    Result,
}

/// Returns the raw input with the result where `ResultPath` says.
pub(super) fn merged<'s>(path: Option<&ResultPath>, raw: &'s Value, result: Cow<'s, Value>) -> Cow<'s, Value> {
    match path {
        None => result,
        Some(ResultPath::Discard) => Cow::Borrowed(raw),
        Some(ResultPath::Into(path)) if is_whole(path.path()) => result,
        Some(ResultPath::Into(path)) => {
            path.write(raw.clone(), result.into_owned()).map_or(Cow::Owned(Value::Null), Cow::Owned)
        }
    }
}

/// Derives a part of what `ResultPath` put together; `way` leads to the field.
pub(super) fn merge(
    way: &[&str],
    path: Option<&ResultPath>,
    scene: &Scene<'_>,
    merged: &Value,
    at: At,
) -> Derived<Side> {
    let field = |text: Option<&str>| scene.field(way.iter().map(|step| (*step).into()).collect(), text);
    let path = match path {
        None => return Derived::place(Side::Result, at),
        Some(ResultPath::Discard) => return Derived::place(Side::Raw, at).through(field(None)),
        Some(ResultPath::Into(path)) => path,
    };
    let Some(written) = path.place(merged) else {
        return Derived::place(Side::Raw, at).through(field(Some(path.text())));
    };
    let derived = if let Some(rest) = at.0.strip_prefix(written.0.as_slice()) {
        Derived::place(Side::Result, At(rest.to_vec()))
    } else if written.0.starts_with(&at.0) {
        Derived::made(Making::Collected, vec![(Side::Raw, at), (Side::Result, At::default())])
    } else {
        Derived::place(Side::Raw, at)
    };
    if written.0.is_empty() { derived } else { derived.through(field(Some(path.text()))) }
}
