//! Data taken through a state by the interpreter, and the stages that makes.

use super::result::{self, Work};
use super::{Base, Check, Data, Missing, Stage, Step};
use crate::analysis::scene::{Draws, Scene};
use crate::asl::state::{Choice, ChoiceData, Delay, Distributed, Map, MapMode, PassData, Wait};
use crate::asl::{QueryLanguage, ResultPath, StateKind};
use crate::event::{EventId, Failure};
use crate::history::Outcome;
use crate::interpreter::data::{self, Environment, Exit, Inspect, Item, Piece};
use crate::interpreter::{MAX_PAYLOAD, MapItem, StateError, catcher};
use crate::json::Payload;
use serde_json::{Map as Object, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// What the inputs of all iterations may take together before they are no longer worked out.
const LARGEST: usize = 16 << 20;

/// What happened to data in a state.
pub(super) struct Passage {
    seen: Vec<(Stage, Payload)>,
    end: End,
    /// What a catcher made of the error.
    caught: Option<Result<Exit, StateError>>,
}

/// How data left a state.
enum End {
    /// Well.
    Left(Exit),
    /// By an error of the state's own: its data or its fields.
    Fault(StateError),
    /// By the error a Fail state makes.
    Fails(Failure),
    /// By an error of its work, which the history tells.
    Failed(Failure, EventId),
    /// Not at all, as far as can be said.
    Unknown(Stage, Missing),
}

impl From<Result<Exit, StateError>> for End {
    fn from(exit: Result<Exit, StateError>) -> Self {
        exit.map_or_else(Self::Fault, Self::Left)
    }
}

/// Keeps the stages the interpreter shows.
struct Tape {
    language: QueryLanguage,
    /// A Pass has a result only if it has the field.
    shows_result: bool,
    seen: Vec<(Stage, Payload)>,
}

impl Inspect for Tape {
    fn see(&mut self, stage: data::Stage, piece: &Piece<'_>) {
        let Some(stage) = self.stage(stage) else { return };
        self.seen.push((stage, piece.clone().into_payload()));
    }
}

impl Tape {
    fn stage(&self, stage: data::Stage) -> Option<Stage> {
        let paths = self.language == QueryLanguage::JsonPath;
        match stage {
            data::Stage::AfterInputPath => paths.then_some(Stage::AfterInputPath),
            data::Stage::AfterParameters => Some(Stage::AfterParameters),
            data::Stage::AfterArguments => Some(Stage::AfterArguments),
            data::Stage::Result => self.shows_result.then_some(Stage::Result),
            data::Stage::AfterResultSelector => Some(Stage::AfterResultSelector),
            data::Stage::AfterResultPath => Some(Stage::AfterResultPath),
            data::Stage::AfterItemsPath => Some(Stage::AfterItemsPath),
            data::Stage::AfterItemSelector => Some(Stage::AfterItemSelector),
        }
    }
}

/// Takes data through the state of a scene.
pub(super) fn through(scene: &Scene<'_>, draws: &Draws) -> Passage {
    let shows_result = match &scene.state.kind {
        StateKind::Pass(pass) => matches!(&pass.data, PassData::JsonPath { result: Some(_), .. }),
        _ => true,
    };
    let mut tape = Tape { language: scene.state.language, shows_result, seen: Vec::new() };
    let end = match scene.history.input(scene.visit) {
        Some(raw) => pass_through(scene, draws, raw, &mut tape),
        None => End::Unknown(Stage::Input, Missing::NotRecorded),
    };
    let caught = caught(scene, draws);
    Passage { seen: tape.seen, end: limited(scene, end), caught }
}

fn pass_through(scene: &Scene<'_>, draws: &Draws, raw: &Payload, tape: &mut Tape) -> End {
    match &scene.state.kind {
        StateKind::Pass(state) => scene.evaluate(draws, |around| data::pass(state, around, raw, tape)).into(),
        StateKind::Succeed(state) => scene.evaluate(draws, |around| data::succeed(state, around, raw, tape)).into(),
        StateKind::Choice(state) => {
            scene.evaluate(draws, |around| data::decide(state, around, raw, tape).map(|decision| decision.exit)).into()
        }
        StateKind::Fail(state) => match scene.evaluate(draws, |around| data::fail(state, around, raw, tape)) {
            Ok(failure) => End::Fails(failure),
            Err(error) => End::Fault(error),
        },
        StateKind::Wait(state) => {
            let exit = scene.evaluate(draws, |around| {
                data::delay(state, around, raw, scene.now(), tape)?;
                data::wait_exit(state, around, raw)
            });
            exit.into()
        }
        StateKind::Task(state) => match scene.evaluate(draws, |around| data::task_call(state, around, raw, tape)) {
            Err(error) => End::Fault(error),
            Ok(_) => worked(scene, draws, |around, result| data::task_exit(state, around, raw, result, tape)),
        },
        StateKind::Parallel(state) => {
            match scene.evaluate(draws, |around| data::parallel_input(state, around, raw, tape)) {
                Err(error) => End::Fault(error),
                Ok(_) => worked(scene, draws, |around, result| data::parallel_exit(state, around, raw, result, tape)),
            }
        }
        StateKind::Map(state) => match enter_map(scene, draws, state, raw, tape) {
            Err(error) => End::Fault(error),
            Ok(()) => worked(scene, draws, |around, result| data::map_exit(state, around, raw, result, tape)),
        },
    }
}

/// Goes on with what came of the work of a state.
fn worked(
    scene: &Scene<'_>,
    draws: &Draws,
    exit: impl FnOnce(Environment<'_>, &Payload) -> Result<Exit, StateError>,
) -> End {
    match result::of(scene) {
        Work::Done(result) => scene.evaluate(draws, |around| exit(around, &result)).into(),
        Work::Failed(failure, event) => End::Failed(failure, event),
        Work::Unknown(why) => End::Unknown(Stage::Result, why),
    }
}

/// Takes data into a Map, up to what its iterations are given.
fn enter_map(scene: &Scene<'_>, draws: &Draws, map: &Map, raw: &Payload, tape: &mut Tape) -> Result<(), StateError> {
    let input = scene.evaluate(draws, |around| {
        let input = data::map_input(map, around, raw, tape)?;
        data::max_concurrency(map, around, &input)?;
        Ok::<_, StateError>(input)
    })?;
    if let MapMode::Distributed(distributed) = &map.mode
        && distributed.reader.is_some()
    {
        return scene.evaluate(draws, |around| settings(map, around, &input));
    }
    let items = scene.evaluate(draws, |around| data::map_items(map, around, &input, tape))?;
    scene.evaluate(draws, |around| settings(map, around, &input))?;
    let inputs = selected(scene, draws, map, &input, items, tape)?;
    if let (MapMode::Distributed(distributed), Some(inputs)) = (&map.mode, inputs) {
        batched(scene, draws, (map, distributed), &input, inputs, tape)?;
    }
    Ok(())
}

fn settings(map: &Map, around: Environment<'_>, input: &Payload) -> Result<(), StateError> {
    match &map.mode {
        MapMode::Inline => data::tolerance(map, around, input).map(drop),
        MapMode::Distributed(distributed) => data::distributed_config(map, distributed, around, input).map(drop),
    }
}

/// What each iteration is given, or nothing when that would be too much.
fn selected(
    scene: &Scene<'_>,
    draws: &Draws,
    map: &Map,
    input: &Payload,
    items: Vec<Item>,
    tape: &mut Tape,
) -> Result<Option<Vec<Payload>>, StateError> {
    let source = map.own_source();
    let mut inputs = Vec::with_capacity(items.len());
    let mut size = 0_usize;
    for (index, item) in items.into_iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let here = MapItem { index, key: item.key.clone(), value: item.value.clone(), source: source.clone() };
        let given = scene.evaluate_for(draws, Some(&here), |around| data::item_selected(map, around, input, &item))?;
        size = size.saturating_add(given.size());
        if size > LARGEST {
            return Ok(None);
        }
        inputs.push(given);
    }
    if data::has_selector(map) {
        tape.seen.push((Stage::AfterItemSelector, Payload::array_of(inputs.iter())));
    }
    Ok(Some(inputs))
}

fn batched(
    scene: &Scene<'_>,
    draws: &Draws,
    (map, distributed): (&Map, &Distributed),
    input: &Payload,
    inputs: Vec<Payload>,
    tape: &mut Tape,
) -> Result<(), StateError> {
    if distributed.batcher.is_none() {
        return Ok(());
    }
    let settings = scene.evaluate(draws, |around| data::distributed_config(map, distributed, around, input))?;
    let batches = data::batches(inputs, &settings);
    tape.seen.push((Stage::AfterItemBatcher, Payload::array_of(batches.iter().map(|(batch, _)| batch))));
    Ok(())
}

/// An output may not be larger than a payload.
fn limited(scene: &Scene<'_>, end: End) -> End {
    match end {
        End::Left(exit) if exit.output.exceeds(MAX_PAYLOAD) => End::Fault(StateError::too_large(&scene.state.name)),
        end => end,
    }
}

/// What the catcher made of the error that the visit ended with, if one took it.
fn caught(scene: &Scene<'_>, draws: &Draws) -> Option<Result<Exit, StateError>> {
    let history = scene.history;
    let visit = history.visit(scene.visit);
    let last = scene.attempt.is_none() || scene.attempt == visit.attempts.last().copied();
    let Outcome::Caught { failure } = visit.outcome else { return None };
    let (fault, raw) = (scene.fault(failure)?, history.input(scene.visit)?);
    let (_, taken_by) = catcher(scene.state.catchers(), &fault)?;
    last.then(|| scene.evaluate(draws, |around| data::caught(taken_by, around, raw, &fault.failure)))
}

/// Makes the stages of what happened.
pub(super) fn steps(scene: &Scene<'_>, passage: Passage) -> Vec<Step> {
    let history = scene.history;
    let mut made = Made { scene, steps: Vec::new() };
    let entered = history.visit(scene.visit).entered.unwrap_or(EventId::FIRST);
    match history.input(scene.visit) {
        Some(input) => made.push(Stage::Input, Data::Recorded(input.clone(), entered), Base::Nothing),
        None => made.push(Stage::Input, Data::Missing(Missing::NotRecorded), Base::Nothing),
    }
    let Passage { seen, end, caught } = passage;
    let last = seen.last().map(|(stage, _)| *stage);
    for (stage, payload) in seen {
        made.seen(stage, payload);
    }
    made.unread();
    match end {
        End::Left(exit) => made.exit(exit, scene),
        End::Fault(error) => made.fault(last, &error),
        End::Fails(failure) => made.push(Stage::Output, Data::Failed(failure, None), Base::Nothing),
        End::Failed(failure, event) => made.push(Stage::Result, Data::Failed(failure, Some(event)), Base::Nothing),
        End::Unknown(Stage::Input, _) => {}
        End::Unknown(stage, why) => made.push(stage, Data::Missing(why), Base::Nothing),
    }
    match caught {
        Some(Ok(exit)) => made.caught(exit),
        Some(Err(error)) => made.push(Stage::AfterResultPath, Data::Failed(error.bare(), None), Base::Nothing),
        None => {}
    }
    made.steps
}

/// The stages in the making.
struct Made<'s, 'a> {
    scene: &'s Scene<'a>,
    steps: Vec<Step>,
}

impl Made<'_, '_> {
    fn push(&mut self, stage: Stage, data: Data, base: Base) {
        let field = self.scene.program.field(&self.scene.state.place, fields(stage));
        let field = field.map(|(name, line)| (Cow::Borrowed(name), line));
        self.steps.push(Step { stage, field, data, base, check: Check::Unchecked });
    }

    fn place_of(&self, wanted: &[Stage]) -> Base {
        let place = |stage: &Stage| self.steps.iter().position(|step| step.stage == *stage);
        wanted.iter().find_map(place).map_or(Base::Nothing, Base::Step)
    }

    fn seen(&mut self, stage: Stage, payload: Payload) {
        use Stage::{
            AfterArguments, AfterInputPath, AfterItemBatcher, AfterItemSelector, AfterItemsPath, AfterParameters,
            AfterResultPath, AfterResultSelector, Input, Result,
        };
        let base = match stage {
            AfterInputPath => self.place_of(&[Input]),
            AfterParameters | AfterArguments | AfterItemsPath => self.place_of(&[AfterInputPath, Input]),
            AfterItemSelector => self.place_of(&[AfterItemsPath]),
            AfterItemBatcher => self.place_of(&[AfterItemSelector, AfterItemsPath]),
            AfterResultSelector => self.place_of(&[Result]),
            // A result that is put into the input is seen best against the input.
            AfterResultPath if self.merges() => self.place_of(&[Input]),
            AfterResultPath => self.place_of(&[AfterResultSelector, Result, AfterParameters]),
            _ => Base::Nothing,
        };
        let data = match stage {
            Result => result::data_of(self.scene, payload),
            _ => Data::Computed(payload),
        };
        self.push(stage, data, base);
    }

    /// Tells whether the result is put into the input.
    fn merges(&self) -> bool {
        let path = self.scene.state.result_path();
        path.is_some_and(|path| match path {
            ResultPath::Discard => true,
            ResultPath::Into(path) => path.path().text() != "$",
        })
    }

    /// Items that a reader read are not in any history.
    fn unread(&mut self) {
        let StateKind::Map(map) = &self.scene.state.kind else { return };
        if let MapMode::Distributed(distributed) = &map.mode
            && distributed.reader.is_some()
        {
            self.push(Stage::AfterItemsPointer, Data::Missing(Missing::Read), Base::Nothing);
        }
    }

    fn exit(&mut self, exit: Exit, scene: &Scene<'_>) {
        use Stage::{AfterInputPath, AfterResultPath, Input, Result};
        self.assigned(exit.assigned);
        let base = match scene.state.language {
            QueryLanguage::JsonPath => self.place_of(&[AfterResultPath, AfterInputPath, Input]),
            QueryLanguage::Jsonata => self.place_of(&[Result, Input]),
        };
        self.push(Stage::Output, Data::Computed(exit.output), base);
    }

    fn caught(&mut self, exit: Exit) {
        if self.scene.state.language == QueryLanguage::JsonPath {
            let base = self.place_of(&[Stage::Input]);
            self.push(Stage::AfterResultPath, Data::Computed(exit.output.clone()), base);
        }
        self.assigned(exit.assigned);
        let base = match self.scene.state.language {
            QueryLanguage::JsonPath => self.place_of_last(Stage::AfterResultPath),
            QueryLanguage::Jsonata => Base::Nothing,
        };
        self.push(Stage::Output, Data::Computed(exit.output), base);
    }

    fn place_of_last(&self, stage: Stage) -> Base {
        self.steps.iter().rposition(|step| step.stage == stage).map_or(Base::Nothing, Base::Step)
    }

    /// All variables after the state, against those before it.
    fn assigned(&mut self, assigned: Option<Vec<(Arc<str>, Payload)>>) {
        let Some(assigned) = assigned else { return };
        let mut layer = self.scene.variables();
        let before = object(layer.all().iter().map(|(name, value)| (&**name, value)));
        layer.assign(&assigned);
        let after = object(layer.all().iter().map(|(name, value)| (&**name, value)));
        self.push(Stage::Variables, Data::Computed(after), Base::Before(before));
    }

    /// Puts an error of the state's own where it happened.
    fn fault(&mut self, last: Option<Stage>, error: &StateError) {
        let (stage, names) = match error {
            StateError::Evaluation { location: Some(location), .. } => located(location),
            error => after(self.scene, last, error),
        };
        self.push(stage, Data::Failed(error.bare(), None), Base::Nothing);
        let (program, place) = (self.scene.program, &self.scene.state.place);
        let exactly = match error {
            StateError::Evaluation { location: Some(location), .. } => program
                .definition
                .inside(place, location)
                .map(|span| (Cow::Owned(location.to_string()), program.line(span))),
            _ => None,
        };
        let field = exactly.or_else(|| program.field(place, names).map(|(name, line)| (Cow::Borrowed(name), line)));
        if let (Some(field), Some(step)) = (field, self.steps.last_mut()) {
            step.field = Some(field);
        }
    }
}

/// The fields that make a stage.
fn fields(stage: Stage) -> &'static [&'static str] {
    match stage {
        Stage::Input => &[],
        Stage::AfterInputPath => &["InputPath"],
        Stage::AfterParameters => &["Parameters"],
        Stage::AfterArguments => &["Arguments"],
        Stage::AfterItemsPath => &["ItemsPath", "Items"],
        Stage::AfterItemsPointer => &["ItemReader"],
        Stage::AfterItemSelector => &["ItemSelector", "Parameters"],
        Stage::AfterItemBatcher => &["ItemBatcher"],
        Stage::Result => &["Result"],
        Stage::AfterResultSelector => &["ResultSelector"],
        Stage::AfterResultPath => &["ResultPath"],
        Stage::Variables => &["Assign"],
        Stage::Output => &["OutputPath", "Output"],
    }
}

/// Where an expression that failed stands: `Output/total`, `Choices[0]/Condition`.
fn located(location: &str) -> (Stage, &'static [&'static str]) {
    let field = location.split(['/', '[']).next().unwrap_or_default();
    let found: (Stage, &'static [&'static str]) = match field {
        "Arguments" => (Stage::AfterArguments, &["Arguments"]),
        "Items" => (Stage::AfterItemsPath, &["Items"]),
        "ItemSelector" => (Stage::AfterItemSelector, &["ItemSelector"]),
        "ItemBatcher" => (Stage::AfterItemBatcher, &["ItemBatcher"]),
        "ItemReader" => (Stage::AfterItemsPointer, &["ItemReader"]),
        "Assign" => (Stage::Variables, &["Assign"]),
        "TimeoutSeconds" => (Stage::AfterArguments, &["TimeoutSeconds"]),
        "HeartbeatSeconds" => (Stage::AfterArguments, &["HeartbeatSeconds"]),
        "Credentials" => (Stage::AfterArguments, &["Credentials"]),
        "MaxConcurrency" => (Stage::AfterItemsPath, &["MaxConcurrency"]),
        "Choices" => (Stage::Output, &["Choices"]),
        "Seconds" => (Stage::Output, &["Seconds"]),
        "Timestamp" => (Stage::Output, &["Timestamp"]),
        "Error" => (Stage::Output, &["Error"]),
        "Cause" => (Stage::Output, &["Cause"]),
        _ => (Stage::Output, &["Output"]),
    };
    found
}

/// Where a state with paths failed, given the last stage it came to.
fn after(scene: &Scene<'_>, last: Option<Stage>, error: &StateError) -> (Stage, &'static [&'static str]) {
    const SETTINGS: &[&str] = &["TimeoutSecondsPath", "HeartbeatSecondsPath", "Credentials"];
    let kind = &scene.state.kind;
    match last {
        None if matches!(kind, StateKind::Fail(_)) => (Stage::Output, &["ErrorPath", "CausePath"]),
        None => (Stage::AfterInputPath, &["InputPath"]),
        Some(Stage::AfterInputPath) => match kind {
            StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Pass(_) => {
                (Stage::AfterParameters, &["Parameters"])
            }
            StateKind::Map(_) => (Stage::AfterItemsPath, &["ItemsPath", "MaxConcurrencyPath"]),
            StateKind::Choice(choice) if !chooses(scene, choice) => (Stage::Output, &["Choices"]),
            StateKind::Wait(wait) if !waits(scene, wait) => match wait.delay {
                Delay::Seconds(_) => (Stage::Output, &["SecondsPath", "Seconds"]),
                Delay::Timestamp(_) => (Stage::Output, &["TimestampPath", "Timestamp"]),
            },
            StateKind::Fail(_) => (Stage::Output, &["ErrorPath", "CausePath"]),
            _ => (Stage::Output, &["OutputPath", "Assign"]),
        },
        Some(Stage::AfterParameters) => match kind {
            StateKind::Pass(_) => after_result(error),
            _ => (Stage::AfterParameters, SETTINGS),
        },
        Some(Stage::AfterItemsPath) => (Stage::AfterItemSelector, &["ItemSelector", "Parameters"]),
        Some(Stage::AfterItemSelector) => (Stage::AfterItemBatcher, &["ItemBatcher"]),
        Some(Stage::Result) => match kind {
            StateKind::Pass(_) => after_result(error),
            _ if scene.state.language == QueryLanguage::Jsonata => (Stage::Output, &["Output"]),
            _ => (Stage::AfterResultSelector, &["ResultSelector"]),
        },
        Some(Stage::AfterResultSelector) => after_result(error),
        Some(_) => (Stage::Output, &["OutputPath", "Output"]),
    }
}

/// Variables are assigned before the result is put into the input, which alone has an error of its own.
fn after_result(error: &StateError) -> (Stage, &'static [&'static str]) {
    match error {
        StateError::Failed(_) => (Stage::AfterResultPath, &["ResultPath"]),
        _ => (Stage::Variables, &["Assign"]),
    }
}

/// Tells whether the rules of a Choice can be evaluated.
fn chooses(scene: &Scene<'_>, choice: &Choice) -> bool {
    let ChoiceData::JsonPath { rules, input_path: None, .. } = &choice.data else { return false };
    let Some(input) = scene.history.input(scene.visit).and_then(|raw| raw.value().ok()) else { return false };
    scene.evaluate(&Draws::low(scene.now()), |around| {
        let scope = around.scope(input);
        for rule in rules {
            match rule.rule.matches(&scope) {
                Ok(true) => return true,
                Ok(false) => {}
                Err(_) => return false,
            }
        }
        choice.default.is_some()
    })
}

fn waits(scene: &Scene<'_>, wait: &Wait) -> bool {
    let Some(raw) = scene.history.input(scene.visit) else { return false };
    scene.evaluate(&Draws::low(scene.now()), |around| data::delay(wait, around, raw, scene.now(), &mut ())).is_ok()
}

/// Variables as one document.
fn object<'a>(values: impl Iterator<Item = (&'a str, &'a Payload)>) -> Payload {
    let member = |(name, value): (&str, &Payload)| (name.to_owned(), value.value().cloned().unwrap_or_default());
    Payload::from_value(Value::Object(values.map(member).collect::<Object<_, _>>()))
}
