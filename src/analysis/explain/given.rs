//! Values of fields: written down, selected by a path, or computed.

use crate::analysis::scene::{Draws, Scene};
use crate::asl::{Setting, Text};
use crate::interpreter::data::{self, Inspect, Piece, Stage};
use crate::query::jsonata::Session;
use serde_json::Value;

/// A field of a state and the value it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The field.
    pub field: &'static str,
    /// Its line in the definition.
    pub line: Option<u32>,
    /// How it is written.
    pub how: How,
    /// What it came to, or AWS's sentence about why it came to nothing.
    pub value: Result<Value, String>,
}

/// How the value of a field is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// As it is.
    Fixed,
    /// As this path or intrinsic function.
    Path(String),
    /// As this JSONata expression.
    Expression(String),
}

/// Evaluates a setting.
pub(super) fn setting<T: Copy + Into<Value>>(
    scene: &Scene<'_>,
    setting: &Setting<T>,
    names: [&'static str; 2],
    draws: &Draws,
) -> Given {
    let (how, value) = match setting {
        Setting::Fixed(value) => (How::Fixed, Ok((*value).into())),
        Setting::Path(path) => selected(scene, path, draws),
        Setting::Expression(expression) => computed(scene, expression, names[0], draws),
    };
    given(scene, names, how, value)
}

/// Evaluates a text.
pub(super) fn text(scene: &Scene<'_>, text: &Text, names: [&'static str; 2], draws: &Draws) -> Given {
    let (how, value) = match text {
        Text::Fixed(text) => (How::Fixed, Ok(Value::from(text.as_str()))),
        Text::Path(path) => selected(scene, path, draws),
        Text::Call(call) => {
            let input = effective(scene, draws);
            let value = scene.evaluate(draws, |around| {
                let scope = around.scope(&input);
                call.evaluate(&scope).map_err(|error| error.aws_cause(&scope))
            });
            (How::Path(call.text().to_owned()), value)
        }
        Text::Expression(expression) => computed(scene, expression, names[0], draws),
    };
    given(scene, names, how, value)
}

/// Evaluates a text that stands for a moment.
pub(super) fn moment(scene: &Scene<'_>, setting: &Setting<String>, names: [&'static str; 2], draws: &Draws) -> Given {
    let (how, value) = match setting {
        Setting::Fixed(text) => (How::Fixed, Ok(Value::from(text.as_str()))),
        Setting::Path(path) => selected(scene, path, draws),
        Setting::Expression(expression) => computed(scene, expression, names[0], draws),
    };
    given(scene, names, how, value)
}

fn given(scene: &Scene<'_>, names: [&'static str; 2], how: How, value: Result<Value, String>) -> Given {
    let found = scene.program.field(&scene.state.place, &names);
    Given { field: found.map_or(names[0], |(name, _)| name), line: found.map(|(_, line)| line), how, value }
}

fn selected(scene: &Scene<'_>, path: &crate::asl::compiled::Path, draws: &Draws) -> (How, Result<Value, String>) {
    let input = effective(scene, draws);
    let value = scene.evaluate(draws, |around| {
        path.select(&around.scope(&input)).map(std::borrow::Cow::into_owned).map_err(|miss| miss.invalid_path())
    });
    (How::Path(path.text().to_owned()), value)
}

fn computed(
    scene: &Scene<'_>,
    expression: &crate::asl::compiled::Expression,
    field: &str,
    draws: &Draws,
) -> (How, Result<Value, String>) {
    let input = effective(scene, draws);
    let value = scene.evaluate(draws, |around| {
        expression.evaluate(&Session::new(around.scope(&input)), field).map_err(|failure| failure.aws_cause())
    });
    (How::Expression(expression.source().to_owned()), value)
}

/// Remembers what `InputPath` let through.
#[derive(Default)]
struct Effective(Option<Value>);

impl Inspect for Effective {
    fn see(&mut self, stage: Stage, piece: &Piece<'_>) {
        if stage == Stage::AfterInputPath {
            self.0 = Some(piece.value().clone());
        }
    }
}

/// Returns what `$` means in the fields of a state: its input, or what `InputPath` lets through.
pub(in crate::analysis) fn effective(scene: &Scene<'_>, draws: &Draws) -> Value {
    use crate::asl::StateKind;
    let Some(raw) = scene.history.input(scene.visit) else { return Value::Null };
    let mut seen = Effective::default();
    scene.evaluate(draws, |around| match &scene.state.kind {
        StateKind::Choice(state) => drop(data::decide(state, around, raw, &mut seen)),
        StateKind::Wait(state) => drop(data::delay(state, around, raw, scene.now(), &mut seen)),
        StateKind::Map(state) => drop(data::map_input(state, around, raw, &mut seen)),
        StateKind::Pass(state) => drop(data::pass(state, around, raw, &mut seen)),
        StateKind::Succeed(state) => drop(data::succeed(state, around, raw, &mut seen)),
        StateKind::Task(state) => drop(data::task_call(state, around, raw, &mut seen)),
        StateKind::Parallel(state) => drop(data::parallel_input(state, around, raw, &mut seen)),
        StateKind::Fail(_) => {}
    });
    seen.0.unwrap_or_else(|| raw.value().cloned().unwrap_or_default())
}
