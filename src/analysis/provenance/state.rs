//! What the data that leaves a state, or goes out to a task, is made of.

use super::derived::Derived;
use super::expression::{Expression, Root, Sight, of_jsonata, of_template};
use super::jsonpath::{Side, compose, composed, merge, merged, select, selected};
use super::scene::Scene;
use super::{Gap, Origin};
use crate::asl::compiled::{JsonataTemplate, Template};
use crate::asl::state::{ChoiceData, Fail, MapData, ParallelData, PassData, SucceedData, TaskData, WaitData};
use crate::asl::{CatchData, ResultPath, Selection, State, StateKind, Text};
use crate::json::diff::{At, Step};
use serde_json::Value;
use std::borrow::Cow;

/// What part of what leaves a state.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaving<'l> {
    /// Its output.
    Output,
    /// A variable it assigns.
    Variable(&'l str),
}

/// The fields of a JSONPath state between its result and what leaves it.
struct After<'f> {
    result: Source<'f>,
    selector: Option<&'f Template>,
    result_path: Option<&'f ResultPath>,
    assign: Option<&'f Template>,
    output_path: Option<&'f Selection>,
}

/// What a JSONPath state's result is.
#[derive(Clone, Copy)]
enum Source<'f> {
    /// What its work gave.
    Work,
    /// What `Parameters` made of the effective input.
    Composed(Option<&'f Selection>, Option<&'f Template>),
    /// Written in the definition.
    Written(&'f Value),
}

/// Derives a part of what leaves a state that did not fail.
pub(super) fn exit(scene: &Scene<'_>, result: Option<&Value>, leaving: Leaving<'_>, at: &At) -> Derived<Root> {
    match jsonata_fields(scene, scene.state) {
        Some((output, assign, way)) => jsonata_exit(scene, output, assign, &way, result, leaving, at),
        None => match jsonpath_fields(scene) {
            Some(after) => jsonpath_exit(scene, &after, result, leaving, at),
            None => Derived::gap(Gap::NotEvaluated),
        },
    }
}

type Fields<'f> = (Option<&'f JsonataTemplate>, Option<&'f JsonataTemplate>, Vec<Box<str>>);

/// The `Output` and `Assign` of a JSONata state, and the way to them.
fn jsonata_fields<'f>(scene: &Scene<'_>, state: &'f State) -> Option<Fields<'f>> {
    let own = |output: &'f Option<_>, assign: &'f Option<_>| Some((output.as_ref(), assign.as_ref(), Vec::new()));
    match &state.kind {
        StateKind::Pass(pass) => match &pass.data {
            PassData::Jsonata { output, assign } => own(output, assign),
            PassData::JsonPath { .. } => None,
        },
        StateKind::Task(task) => match &task.data {
            TaskData::Jsonata { output, assign, .. } => own(output, assign),
            TaskData::JsonPath { .. } => None,
        },
        StateKind::Parallel(parallel) => match &parallel.data {
            ParallelData::Jsonata { output, assign, .. } => own(output, assign),
            ParallelData::JsonPath { .. } => None,
        },
        StateKind::Map(map) => match &map.data {
            MapData::Jsonata { output, assign, .. } => own(output, assign),
            MapData::JsonPath { .. } => None,
        },
        StateKind::Wait(wait) => match &wait.data {
            WaitData::Jsonata { output, assign } => own(output, assign),
            WaitData::JsonPath { .. } => None,
        },
        StateKind::Succeed(succeed) => match &succeed.data {
            SucceedData::Jsonata { output } => own(output, &None),
            SucceedData::JsonPath { .. } => None,
        },
        StateKind::Choice(choice) => match &choice.data {
            ChoiceData::Jsonata { rules, output, assign } => {
                match rule(scene, rules.iter().map(|rule| &*rule.next.name)) {
                    Some((number, way)) => {
                        let rule = rules.get(number)?;
                        Some((rule.output.as_ref(), rule.assign.as_ref(), way))
                    }
                    None => own(output, assign),
                }
            }
            ChoiceData::JsonPath { .. } => None,
        },
        StateKind::Fail(_) => None,
    }
}

/// The rule of a Choice that held: the first that leads to the state that followed and is true for the input.
fn rule<'n>(scene: &Scene<'_>, mut targets: impl Iterator<Item = &'n str>) -> Option<(usize, Vec<Box<str>>)> {
    use crate::interpreter::data::{Environment, decide};
    let StateKind::Choice(choice) = &scene.state.kind else { return None };
    let history = scene.story.history(scene.member);
    let environment = Environment { context: scene, variables: scene, sources: &crate::query::FixedSources };
    let decided = history.input(scene.visit).and_then(|input| decide(choice, environment, input, &mut ()).ok());
    let number = match decided {
        Some(decision) => decision.rule?,
        None => {
            let next = history.visit(scene.visit).next.map(|next| &history.visit(next).name)?;
            targets.position(|target| *target == **next)?
        }
    };
    Some((number, vec!["Choices".into(), number.to_string().into()]))
}

fn jsonata_exit(
    scene: &Scene<'_>,
    output: Option<&JsonataTemplate>,
    assign: Option<&JsonataTemplate>,
    way: &[Box<str>],
    result: Option<&Value>,
    leaving: Leaving<'_>,
    at: &At,
) -> Derived<Root> {
    let sight = Sight { result, ..Sight::new(scene, scene.input()) };
    let way = |field: &str| [way, &[field.into()]].concat();
    match (leaving, output, assign) {
        (Leaving::Output, Some(output), _) => of_jsonata(output, &way("Output"), sight, at),
        (Leaving::Output, None, _) if result.is_some() => Derived::place(Root::Result, at.clone()),
        (Leaving::Output, None, _) => Derived::place(Root::Input, at.clone()),
        (Leaving::Variable(name), _, Some(assign)) => of_jsonata(assign, &way("Assign"), sight, &variable(name, at)),
        (Leaving::Variable(_), _, None) => Derived::gap(Gap::NotEvaluated),
    }
}

/// The place of a variable in the object `Assign` gives.
fn variable(name: &str, at: &At) -> At {
    At(vec![Step::Member(name.into())]).join(&at.0)
}

fn jsonpath_fields<'f>(scene: &Scene<'f>) -> Option<After<'f>> {
    let work = |selector: &'f Option<Template>,
                result_path: &'f Option<ResultPath>,
                assign: &'f Option<Template>,
                output_path: &'f Option<Selection>| {
        let (selector, result_path) = (selector.as_ref(), result_path.as_ref());
        let (assign, output_path) = (assign.as_ref(), output_path.as_ref());
        Some(After { result: Source::Work, selector, result_path, assign, output_path })
    };
    let through =
        |input_path: &'f Option<Selection>, assign: Option<&'f Template>, output_path: &'f Option<Selection>| {
            let result = Source::Composed(input_path.as_ref(), None);
            Some(After { result, selector: None, result_path: None, assign, output_path: output_path.as_ref() })
        };
    match &scene.state.kind {
        StateKind::Task(task) => match &task.data {
            TaskData::JsonPath { result_selector, result_path, assign, output_path, .. } => {
                work(result_selector, result_path, assign, output_path)
            }
            TaskData::Jsonata { .. } => None,
        },
        StateKind::Parallel(parallel) => match &parallel.data {
            ParallelData::JsonPath { result_selector, result_path, assign, output_path, .. } => {
                work(result_selector, result_path, assign, output_path)
            }
            ParallelData::Jsonata { .. } => None,
        },
        StateKind::Map(map) => match &map.data {
            MapData::JsonPath { result_selector, result_path, assign, output_path, .. } => {
                work(result_selector, result_path, assign, output_path)
            }
            MapData::Jsonata { .. } => None,
        },
        StateKind::Pass(pass) => match &pass.data {
            PassData::JsonPath { input_path, parameters, result, result_path, assign, output_path } => {
                let result = match result {
                    Some(result) => Source::Written(result),
                    None => Source::Composed(input_path.as_ref(), parameters.as_ref()),
                };
                let (result_path, assign) = (result_path.as_ref(), assign.as_ref());
                Some(After { result, selector: None, result_path, assign, output_path: output_path.as_ref() })
            }
            PassData::Jsonata { .. } => None,
        },
        StateKind::Wait(wait) => match &wait.data {
            WaitData::JsonPath { input_path, assign, output_path } => through(input_path, assign.as_ref(), output_path),
            WaitData::Jsonata { .. } => None,
        },
        StateKind::Succeed(succeed) => match &succeed.data {
            SucceedData::JsonPath { input_path, output_path } => through(input_path, None, output_path),
            SucceedData::Jsonata { .. } => None,
        },
        StateKind::Choice(choice) => match &choice.data {
            ChoiceData::JsonPath { input_path, rules, assign, output_path } => {
                let number = rule(scene, rules.iter().map(|rule| &*rule.next.name)).map(|(number, _)| number);
                let assign = match number.and_then(|number| rules.get(number)) {
                    Some(rule) => rule.assign.as_ref(),
                    None => assign.as_ref(),
                };
                through(input_path, assign, output_path)
            }
            ChoiceData::Jsonata { .. } => None,
        },
        StateKind::Fail(_) => None,
    }
}

fn jsonpath_exit(
    scene: &Scene<'_>,
    after: &After<'_>,
    result: Option<&Value>,
    leaving: Leaving<'_>,
    at: &At,
) -> Derived<Root> {
    let raw = scene.input();
    let nothing = Value::Null;
    let effective = match after.result {
        Source::Composed(input_path, _) => selected(input_path, scene, raw),
        _ => Cow::Borrowed(raw),
    };
    let given = result.unwrap_or(&nothing);
    let chosen = match after.result {
        Source::Work => composed(after.selector, scene, given),
        Source::Composed(_, parameters) => composed(parameters, scene, &effective),
        Source::Written(value) => Cow::Borrowed(value),
    };
    // What the fields before `ResultPath` made of the result.
    let back = |at: At| match after.result {
        Source::Work => compose(&["ResultSelector"], after.selector, Sight::new(scene, given), at)
            .then(|root, at| Derived::place(if root == Root::Input { Root::Result } else { root }, at)),
        Source::Composed(input_path, parameters) => {
            let derived = compose(&["Parameters"], parameters, Sight::new(scene, &effective), at);
            after_input_path(derived, scene, input_path)
        }
        Source::Written(_) => Derived::origin(Origin::Written).through(written(scene, &at)),
    };
    match (leaving, after.assign) {
        (Leaving::Variable(name), Some(assign)) => {
            let way = match &scene.state.kind {
                StateKind::Choice(_) => choice_way(scene),
                _ => Vec::new(),
            };
            let way = [way.as_slice(), &["Assign".into()]].concat();
            let derived = of_template(assign, &way, Sight::new(scene, &chosen), &variable(name, at));
            derived.then(|root, at| if root == Root::Input { back(at) } else { Derived::place(root, at) })
        }
        (Leaving::Variable(_), None) => Derived::gap(Gap::NotEvaluated),
        (Leaving::Output, _) => {
            let whole = merged(after.result_path, raw, Cow::Borrowed(&chosen));
            let derived = select("OutputPath", after.output_path, Sight::new(scene, &whole), at.clone());
            derived.then(|root, at| match root {
                Root::Input => {
                    merge(&["ResultPath"], after.result_path, scene, &whole, at).then(|side, at| match side {
                        Side::Raw => Derived::place(Root::Input, at),
                        Side::Result => back(at),
                    })
                }
                other => Derived::place(other, at),
            })
        }
    }
}

fn choice_way(scene: &Scene<'_>) -> Vec<Box<str>> {
    let StateKind::Choice(choice) = &scene.state.kind else { return Vec::new() };
    let ChoiceData::JsonPath { rules, .. } = &choice.data else { return Vec::new() };
    rule(scene, rules.iter().map(|rule| &*rule.next.name)).map(|(_, way)| way).unwrap_or_default()
}

/// A place in the `Result` of a Pass state.
fn written(scene: &Scene<'_>, at: &At) -> super::Field {
    let steps = at.0.iter().map_while(|step| match step {
        Step::Member(name) => Some((**name).into()),
        Step::Item(index) => Some(index.to_string().into()),
        Step::Decoded => None,
    });
    scene.field(std::iter::once("Result".into()).chain(steps).collect(), None)
}

/// Goes on through `InputPath` to the raw input.
fn after_input_path(derived: Derived<Root>, scene: &Scene<'_>, input_path: Option<&Selection>) -> Derived<Root> {
    derived.then(|root, at| match root {
        Root::Input => select("InputPath", input_path, Sight::new(scene, scene.input()), at),
        other => Derived::place(other, at),
    })
}

/// Derives a part of what a Task asks for, or of what the branches of a Parallel are given.
pub(super) fn call(scene: &Scene<'_>, at: &At) -> Derived<Root> {
    let raw = scene.input();
    let (input_path, parameters) = match &scene.state.kind {
        StateKind::Task(task) => match &task.data {
            TaskData::JsonPath { input_path, parameters, .. } => (input_path, parameters),
            TaskData::Jsonata { arguments, .. } => return arguments_of(arguments.as_ref(), scene, at),
        },
        StateKind::Parallel(parallel) => match &parallel.data {
            ParallelData::JsonPath { input_path, parameters, .. } => (input_path, parameters),
            ParallelData::Jsonata { arguments, .. } => return arguments_of(arguments.as_ref(), scene, at),
        },
        _ => return Derived::gap(Gap::NotEvaluated),
    };
    let effective = selected(input_path.as_ref(), scene, raw);
    let derived = compose(&["Parameters"], parameters.as_ref(), Sight::new(scene, &effective), at.clone());
    after_input_path(derived, scene, input_path.as_ref())
}

fn arguments_of(arguments: Option<&JsonataTemplate>, scene: &Scene<'_>, at: &At) -> Derived<Root> {
    match arguments {
        None => Derived::place(Root::Input, at.clone()),
        Some(arguments) => of_jsonata(arguments, &["Arguments".into()], Sight::new(scene, scene.input()), at),
    }
}

/// Derives a part of what leaves a state whose failure was caught by the catcher of that number.
pub(super) fn caught(scene: &Scene<'_>, number: usize, error: &Value, leaving: Leaving<'_>, at: &At) -> Derived<Root> {
    let Some(catcher) = scene.state.catchers().get(number) else { return Derived::gap(Gap::NotFound) };
    let number = number.to_string();
    let way = |field: &str| -> Vec<Box<str>> { vec!["Catch".into(), number.as_str().into(), field.into()] };
    let raw = scene.input();
    match (&catcher.data, leaving) {
        (CatchData::JsonPath { result_path, .. }, Leaving::Output) => {
            let whole = merged(result_path.as_ref(), raw, Cow::Borrowed(error));
            let way = ["Catch", &number, "ResultPath"];
            merge(&way, result_path.as_ref(), scene, &whole, at.clone()).then(|side, at| match side {
                Side::Raw => Derived::place(Root::Input, at),
                Side::Result => Derived::place(Root::Error, at),
            })
        }
        (CatchData::JsonPath { assign: Some(assign), .. }, Leaving::Variable(name)) => {
            let derived = of_template(assign, &way("Assign"), Sight::new(scene, error), &variable(name, at));
            derived.then(|root, at| Derived::place(if root == Root::Input { Root::Error } else { root }, at))
        }
        (CatchData::Jsonata { output, assign }, leaving) => {
            let sight = Sight { error: Some(error), ..Sight::new(scene, raw) };
            match (leaving, output, assign) {
                (Leaving::Output, None, _) => Derived::place(Root::Error, at.clone()),
                (Leaving::Output, Some(output), _) => of_jsonata(output, &way("Output"), sight, at),
                (Leaving::Variable(name), _, Some(assign)) => {
                    of_jsonata(assign, &way("Assign"), sight, &variable(name, at))
                }
                (Leaving::Variable(_), _, None) => Derived::gap(Gap::NotEvaluated),
            }
        }
        (CatchData::JsonPath { .. }, Leaving::Variable(_)) => Derived::gap(Gap::NotEvaluated),
    }
}

/// Derives the error or the cause that a Fail state gave.
pub(super) fn failure(scene: &Scene<'_>, fail: &Fail, at: &At) -> Derived<Root> {
    let Some((Step::Member(name), rest)) = at.0.split_first() else { return Derived::origin(Origin::Written) };
    let text = if **name == *"Error" { fail.error.as_ref() } else { fail.cause.as_ref() };
    let path = format!("{name}Path");
    let names = [path.as_str(), name];
    let sight = Sight::new(scene, scene.input());
    let expression = match text {
        None | Some(Text::Fixed(_)) => return Derived::origin(Origin::Written).through(scene.named(&[name], None)),
        Some(Text::Path(path)) => Expression::Path(path),
        Some(Text::Call(call)) => Expression::Call(call),
        Some(Text::Expression(expression)) => Expression::Jsonata(expression),
    };
    expression.derive(sight, rest).through(scene.named(&names, Some(expression.text())))
}
