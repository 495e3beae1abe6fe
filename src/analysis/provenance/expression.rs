//! What a part of an expression's value is made of.

use super::alike::alike;
use super::derived::Derived;
use super::scene::Scene;
use super::{Field, Gap, Making, Origin};
use crate::json::diff::{At, Step};
use crate::query;
use crate::query::intrinsic::Call;
use crate::query::jsonata::{self, Binding, Session};
use crate::query::path::{Path, Places, Root as PathRoot};
use crate::query::{Context, Scope, Variables};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// A document that an expression looks into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Root {
    /// `$`, or `$states.input`.
    Input,
    /// `$states.result`.
    Result,
    /// `$states.errorOutput`.
    Error,
    /// `$$`, or `$states.context`.
    Context,
    /// A variable, by name without `$`.
    Variable(Arc<str>),
}

/// What an expression may look into.
#[derive(Clone, Copy)]
pub(super) struct Sight<'s> {
    pub(super) scene: &'s Scene<'s>,
    pub(super) input: &'s Value,
    pub(super) result: Option<&'s Value>,
    pub(super) error: Option<&'s Value>,
}

/// An expression of either language.
#[derive(Clone, Copy)]
pub(super) enum Expression<'e> {
    Path(&'e Path),
    Call(&'e Call),
    Jsonata(&'e jsonata::Expression),
}

/// How many places are tried for having been handed on by one expression.
const TRIED: usize = 40;

impl<'s> Sight<'s> {
    pub(super) fn new(scene: &'s Scene<'s>, input: &'s Value) -> Self {
        Self { scene, input, result: None, error: None }
    }

    fn document(&self, root: &Root) -> Option<&'s Value> {
        match root {
            Root::Input => Some(self.input),
            Root::Result => self.result,
            Root::Error => self.error,
            Root::Context => Some(self.scene.value()),
            Root::Variable(name) => self.scene.get(name),
        }
    }

    /// Returns the value of an expression, when one document is replaced.
    fn evaluate(&self, expression: Expression<'_>, replaced: Option<(&Root, &Value)>) -> Option<Value> {
        let of = |root: Root| replaced.filter(|(other, _)| **other == root).map(|(_, value)| value);
        let context = of(Root::Context).map(|value| value as &dyn Context);
        let variables = Replaced { scene: self.scene, replaced };
        let scope = Scope {
            input: of(Root::Input).unwrap_or(self.input),
            context: context.unwrap_or(self.scene),
            variables: &variables,
            ..self.scene.scope(self.input)
        };
        match expression {
            Expression::Path(path) => path.select(&scope).ok().map(Cow::into_owned),
            Expression::Call(call) => call.evaluate(&scope).ok(),
            Expression::Jsonata(expression) => {
                let mut session = Session::new(scope);
                if let Some(result) = of(Root::Result).or(self.result) {
                    session = session.with_result(result);
                }
                if let Some(error) = of(Root::Error).or(self.error) {
                    session = session.with_error_output(error);
                }
                expression.evaluate(&session, "").ok()
            }
        }
    }
}

/// The variables of a scene, one of which may be replaced.
struct Replaced<'s> {
    scene: &'s Scene<'s>,
    replaced: Option<(&'s Root, &'s Value)>,
}

impl Variables for Replaced<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        match self.replaced {
            Some((Root::Variable(replaced), value)) if **replaced == *name => Some(value),
            _ => self.scene.get(name),
        }
    }
}

impl<'e> From<&'e query::expression::Expression> for Expression<'e> {
    fn from(expression: &'e query::expression::Expression) -> Self {
        match expression {
            query::expression::Expression::Path(path) => Self::Path(path),
            query::expression::Expression::Call(call) => Self::Call(call),
        }
    }
}

impl<'e> Expression<'e> {
    pub(super) fn text(self) -> &'e str {
        match self {
            Self::Path(path) => path.text(),
            Self::Call(call) => call.text(),
            Self::Jsonata(expression) => expression.source(),
        }
    }

    /// Returns what the part of the value at `rest` is made of.
    pub(super) fn derive(self, sight: Sight<'_>, rest: &[Step]) -> Derived<Root> {
        let path = match self {
            Self::Path(path) => Some(path),
            Self::Call(_) | Self::Jsonata(_) => None,
        };
        match path.map(|path| (root_of(path), path.places(&scope_of(sight)))) {
            // Tokens are drawn by AWS and told nowhere else.
            Some((Root::Context, Err(_))) => Derived::origin(Origin::Context(self.text().to_owned())),
            Some((_, Err(_))) => Derived::gap(Gap::NotEvaluated),
            Some((root, Ok(Places::One(at)))) => Derived::place(root, at.join(rest)),
            Some((root, Ok(Places::Several(places)))) => match rest.split_first() {
                Some((Step::Item(index), rest)) => match places.get(*index) {
                    Some(at) => Derived::place(root, at.clone().join(rest)),
                    None => Derived::gap(Gap::NotEvaluated),
                },
                _ => Derived::made(Making::Collected, places.into_iter().map(|at| (root.clone(), at)).collect()),
            },
            Some((_, Ok(Places::Made))) | None => self.by_marks(sight, rest),
        }
    }

    /// Puts a mark in place of each value that may have been handed on, and sees whether the mark comes out.
    fn by_marks(self, sight: Sight<'_>, rest: &[Step]) -> Derived<Root> {
        let rest = At(rest.to_vec());
        let reads = self.reads(sight);
        let value = sight.evaluate(self, None);
        let Some(wanted) = value.as_ref().and_then(|value| rest.find(value)) else {
            let told = !reads.is_empty() && reads.iter().all(|(root, _)| *root == Root::Context);
            return match reads.is_empty() {
                _ if told => Derived::origin(Origin::Context(self.text().to_owned())),
                true => Derived::gap(Gap::NotEvaluated),
                false => Derived::made(Making::Computed, reads),
            };
        };
        let mut left = TRIED;
        for (root, read) in &reads {
            let Some(document) = sight.document(root) else { continue };
            for at in alike(document, read, &wanted, left) {
                left -= 1;
                if marks(&wanted).iter().any(|mark| {
                    let mut marked = document.clone();
                    at.put(&mut marked, mark.clone())
                        && sight
                            .evaluate(self, Some((root, &marked)))
                            .is_some_and(|value| rest.find(&value).as_deref() == Some(mark))
                }) {
                    return Derived::place(root.clone(), at);
                }
            }
        }
        Derived::made(Making::Computed, reads)
    }

    /// Returns the places an expression reads, each once, the smallest it tells of.
    pub(super) fn reads(self, sight: Sight<'_>) -> Vec<(Root, At)> {
        let mut reads = Vec::new();
        match self {
            Self::Path(path) => read_by(path, sight, &mut reads),
            Self::Call(call) => {
                call.paths().into_iter().for_each(|path| read_by(path, sight, &mut reads));
            }
            Self::Jsonata(expression) => {
                for reference in expression.references().places() {
                    for root in roots(&reference.binding) {
                        let Some(document) = sight.document(&root) else { continue };
                        let place = (root, names(document, &reference.path));
                        if !reads.contains(&place) {
                            reads.push(place);
                        }
                    }
                }
            }
        }
        reads
    }
}

/// A value that nothing computes, and one more where only numbers are taken.
fn marks(wanted: &Value) -> Vec<Value> {
    let mut marks = vec![Value::from("\u{2} mark of stepback \u{3}")];
    if wanted.is_number() {
        marks.push(Value::from(7_310_842_955.375));
    }
    marks
}

fn scope_of<'s>(sight: Sight<'s>) -> Scope<'s> {
    sight.scene.scope(sight.input)
}

fn root_of(path: &Path) -> Root {
    match path.root() {
        PathRoot::Input => Root::Input,
        PathRoot::Context => Root::Context,
        PathRoot::Variable(name) => Root::Variable((**name).into()),
    }
}

fn read_by(path: &Path, sight: Sight<'_>, reads: &mut Vec<(Root, At)>) {
    let root = root_of(path);
    let places = match path.places(&scope_of(sight)) {
        Ok(Places::One(at)) => vec![at],
        Ok(Places::Several(places)) => places,
        Ok(Places::Made) => vec![At::default()],
        Err(_) => Vec::new(),
    };
    for at in places {
        if !reads.contains(&(root.clone(), at.clone())) {
            reads.push((root.clone(), at));
        }
    }
}

fn roots(binding: &Binding) -> Vec<Root> {
    match binding {
        Binding::States => vec![Root::Input, Root::Result, Root::Error, Root::Context],
        Binding::Input => vec![Root::Input],
        Binding::Result => vec![Root::Result],
        Binding::ErrorOutput => vec![Root::Error],
        Binding::Context => vec![Root::Context],
        Binding::Variable(name) => vec![Root::Variable((**name).into())],
    }
}

/// Follows names as far as there are objects: a name asked of an array means those of its items.
fn names(document: &Value, path: &[Box<str>]) -> At {
    let (mut at, mut place) = (At::default(), document);
    for name in path {
        let Some(inner) = place.as_object().and_then(|members| members.get(&**name)) else { break };
        at.0.push(Step::Member((**name).into()));
        place = inner;
    }
    at
}

/// Returns what a part of a template's value is made of; `way` leads to the template in its state.
pub(super) fn of_parts<'e>(
    parts: &[(At, Vec<Box<str>>, Expression<'e>)],
    way: &[Box<str>],
    sight: Sight<'_>,
    at: &At,
) -> Derived<Root> {
    let scene = sight.scene;
    let field = |written: &[Box<str>], text: Option<&str>| -> Field { scene.field([way, written].concat(), text) };
    let around = parts.iter().find_map(|(place, written, expression)| {
        at.0.strip_prefix(place.0.as_slice()).map(|rest| (written, *expression, rest))
    });
    if let Some((written, expression, rest)) = around {
        return expression.derive(sight, rest).through(field(written, Some(expression.text())));
    }
    let inside = parts.iter().filter(|(place, ..)| place.0.starts_with(&at.0));
    let inside: Vec<_> = inside.map(|(_, written, expression)| (written, *expression)).collect();
    if inside.is_empty() {
        return Derived::origin(Origin::Written).through(field(&written_as(at), None));
    }
    let places = inside.iter().map(|(_, expression)| (*expression, At::default())).collect();
    let derived =
        Derived::made(Making::Collected, places).then(|expression: Expression<'_>, _| expression.derive(sight, &[]));
    derived.through(field(&written_as(at), None))
}

/// The way to a part of a template that is written down as it is.
fn written_as(at: &At) -> Vec<Box<str>> {
    let step = |step: &Step| match step {
        Step::Member(name) => (**name).into(),
        Step::Item(index) => index.to_string().into(),
        Step::Decoded => "".into(),
    };
    at.0.iter().take_while(|step| **step != Step::Decoded).map(step).collect()
}

/// Returns what a part of a payload template's value is made of.
pub(super) fn of_template(
    template: &query::template::Template,
    way: &[Box<str>],
    sight: Sight<'_>,
    at: &At,
) -> Derived<Root> {
    let parts = template.parts().into_iter();
    let parts: Vec<_> = parts.map(|part| (part.at, part.written, Expression::from(part.expression))).collect();
    of_parts(&parts, way, sight, at)
}

/// Returns what a part of the value of JSON with expressions is made of.
pub(super) fn of_jsonata(template: &jsonata::Template, way: &[Box<str>], sight: Sight<'_>, at: &At) -> Derived<Root> {
    let parts = template.parts().into_iter();
    let parts: Vec<_> = parts.map(|part| (part.at, part.written, Expression::Jsonata(part.expression))).collect();
    of_parts(&parts, way, sight, at)
}
