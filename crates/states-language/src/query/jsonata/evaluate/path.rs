//! Paths: every step is applied to each value of the one before.

use super::super::fault::{Fault, Outcome};
use super::super::text::{Text, units};
use super::super::tree::{Kind, Node, Path, Stage};
use super::super::value::{Array, Items, Object, Value};
use super::frame::{Env, Frame};
use super::{Run, all_numbers, boolean, numeric};
use std::rc::Rc;

/// The member of a tuple that is the context of the next step.
pub(super) const CONTEXT: &str = "@";

impl<'v> Run<'v> {
    pub(super) fn path(&self, node: &'v Node, path: &'v Path, input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        if path.plain && node.group.is_none() && !node.tuple {
            return self.plain_path(path, input, env);
        }
        let starts_anew = matches!(path.steps.first().map(|step| &step.kind), Some(Kind::Variable(_)));
        let sequence =
            if input.is_array() && !starts_anew { input.clone() } else { Value::sequence(vec![input.clone()]) };
        let (mut result, tuples) = self.steps(&path.steps, sequence, env)?;
        if let Some(tuples) = &tuples {
            result = if node.tuple {
                tuples.clone()
            } else {
                Value::sequence(tuples.items().iter().map(|tuple| tuple.member(CONTEXT)).collect())
            };
        }
        if path.keep_singleton {
            result = kept(result)?;
        }
        match &node.group {
            Some(pairs) => self.group(pairs, tuples.as_ref().unwrap_or(&result), env),
            None => Ok(result),
        }
    }

    /// Goes through all steps; gives the tuples as well once there are any.
    fn steps(
        &self,
        steps: &'v [Node],
        mut sequence: Value<'v>,
        env: &Env<'v>,
    ) -> Result<(Value<'v>, Option<Value<'v>>), Fault> {
        let (mut result, mut tuples, mut is_tuples) = (Value::Undefined, None, false);
        for (index, step) in steps.iter().enumerate() {
            is_tuples |= step.tuple;
            if index == 0 && step.cons_array {
                result = self.evaluate(step, &sequence, env)?;
            } else if is_tuples {
                tuples = Some(self.tuple_step(step, &sequence, tuples, env)?);
            } else {
                result = self.step(step, &sequence, env, index + 1 == steps.len())?;
            }
            if !is_tuples && is_empty(&result) {
                break;
            }
            if step.focus.is_none() {
                sequence = result.clone();
            }
        }
        if is_tuples && tuples.is_none() {
            // The tuples of a constructor without further steps; the reference implementation has none either.
            return Err(Fault::Internal);
        }
        Ok((result, tuples))
    }

    /// Follows names from object to object, and goes on in sequences at the first array.
    fn plain_path(&self, path: &'v Path, input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        self.check_deeper()?;
        self.tick(path.steps.len())?;
        let mut steps = path.steps.iter();
        let mut done = 1;
        let mut place = match steps.next().map(|step| &step.kind) {
            Some(Kind::Variable(name)) => {
                let member = match path.steps.get(1).map(|step| &step.kind) {
                    Some(Kind::Name(member)) if &**name == "states" => self.states_member(member, env),
                    _ => None,
                };
                match member {
                    Some(value) => {
                        done = 2;
                        steps.next();
                        value
                    }
                    None if name.is_empty() => input.clone(),
                    None => self.lookup(name, env),
                }
            }
            Some(Kind::Name(name)) if !input.is_array() => input.member(name),
            _ => {
                let (result, _) = self.steps(&path.steps, input.clone(), env)?;
                return Ok(result);
            }
        };
        for step in steps {
            let Kind::Name(name) = &step.kind else { break };
            if place.is_array() {
                break;
            }
            place = place.member(name);
            done += 1;
        }
        let rest = path.steps.get(done..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(if place.is_sequence() { self.flattened(vec![place])? } else { place });
        }
        let sequence = self.flattened(vec![place])?;
        if is_empty(&sequence) {
            return Ok(sequence);
        }
        Ok(self.steps(rest, sequence, env)?.0)
    }

    /// Applies a step to each value; what it gives are the values of all, in one sequence.
    fn step(&self, step: &'v Node, input: &Value<'v>, env: &Env<'v>, last: bool) -> Outcome<'v> {
        if let Kind::Sort(terms) = &step.kind {
            let sorted = self.sorted_by(terms, input, env)?;
            return self.stages(&step.stages, sorted, env);
        }
        let mut results = Vec::new();
        each_item(input, |item| {
            let mut result = self.evaluate(step, &item, env)?;
            for stage in &step.stages {
                let Stage::Filter(filter) = stage else { return Err(Fault::Internal) };
                result = self.filter(filter, &result, env)?;
            }
            if !result.is_undefined() {
                results.push(result);
            }
            Ok(())
        })?;
        if last
            && let [only] = results.as_slice()
            && only.is_array()
            && !only.is_sequence()
        {
            return Ok(only.clone());
        }
        self.flattened(results)
    }

    /// Puts the items of arrays in their place.
    fn flattened(&self, results: Vec<Value<'v>>) -> Outcome<'v> {
        if results.iter().all(|result| !result.is_array()) {
            self.spend_items(results.len())?;
            return Ok(Value::sequence(results));
        }
        let mut sequence = Array::sequence(Vec::new());
        for result in results {
            if result.is_cons() {
                sequence.push(result);
            } else {
                self.spend_items(result.items().len())?;
                sequence.extend(&result);
            }
        }
        Ok(Value::Array(Rc::new(sequence)))
    }

    pub(super) fn stages(&self, stages: &'v [Stage], input: Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        let mut result = input;
        for stage in stages {
            result = match stage {
                Stage::Filter(filter) => self.filter(filter, &result, env)?,
                Stage::Index(name) => numbered(&result, name),
            };
        }
        Ok(result)
    }

    fn tuple_step(&self, step: &'v Node, input: &Value<'v>, tuples: Option<Value<'v>>, env: &Env<'v>) -> Outcome<'v> {
        if let Kind::Sort(terms) = &step.kind {
            let sorted = match tuples {
                Some(tuples) => self.sorted_by(terms, &tuples, env)?,
                None => {
                    let sorted = self.sorted_by(terms, input, env)?;
                    let tuples = as_tuples(&sorted)?;
                    numbered(&tuples, step.index.as_deref().unwrap_or("undefined"))
                }
            };
            return self.stages(&step.stages, sorted, env);
        }
        let tuples = match tuples {
            Some(tuples) => tuples,
            None => as_tuples(input)?,
        };
        let mut result = Array::of_tuples(Vec::new());
        for tuple in tuples.items().iter() {
            let frame = self.tuple_frame(env, &tuple)?;
            let values = self.evaluate(step, &tuple.member(CONTEXT), &frame)?;
            if values.is_undefined() {
                continue;
            }
            let inner = values.is_tuples();
            self.spend_items(values.items().len() * 4)?;
            for (position, value) in values.items().iter().enumerate() {
                result.push(self.extended(step, &tuple, position, value, inner));
            }
        }
        self.stages(&step.stages, Value::Array(Rc::new(result)), env)
    }

    /// A tuple with what a step adds to it.
    fn extended(&self, step: &'v Node, tuple: &Value<'v>, position: usize, value: Value<'v>, inner: bool) -> Value<'v> {
        let mut extended: Object<'v> = members_of(tuple).into_iter().collect();
        if inner {
            members_of(&value).into_iter().for_each(|(name, value)| extended.insert(name, value));
            return Value::object(extended);
        }
        let context = tuple.member(CONTEXT);
        match &step.focus {
            Some(name) => {
                extended.insert(Text::Given(name), value);
                extended.insert(Text::Given(CONTEXT), context.clone());
            }
            None => extended.insert(Text::Given(CONTEXT), value),
        }
        if let Some(name) = &step.index {
            extended.insert(Text::Given(name), Value::int(position));
        }
        if let Some(label) = step.ancestor.and_then(|slot| self.tree.labels.get(slot)) {
            extended.insert(Text::Given(label), context);
        }
        Value::object(extended)
    }

    /// The variables a tuple carries.
    pub(super) fn tuple_frame(&self, env: &Env<'v>, tuple: &Value<'v>) -> Result<Env<'v>, Fault> {
        let frame = Frame::within(env);
        for (name, value) in members_of(tuple) {
            self.bind(&frame, name, value)?;
        }
        Ok(frame)
    }

    /// Keeps the items at a position, or those a condition holds for.
    pub(super) fn filter(&self, filter: &'v Node, input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        let tuples = input.is_tuples();
        let mut results = if tuples { Array::of_tuples(Vec::new()) } else { Array::sequence(Vec::new()) };
        let items = input.items();
        if let Kind::Number(position) = filter.kind {
            match position_in(items, position.floor()) {
                None | Some(Value::Undefined) => {}
                Some(item) if item.is_array() => return Ok(item),
                Some(item) => results.push(item),
            }
            return Ok(Value::Array(Rc::new(results)));
        }
        for (index, item) in items.iter().enumerate() {
            let holds = if tuples {
                let frame = self.tuple_frame(env, &item)?;
                self.evaluate(filter, &item.member(CONTEXT), &frame)?
            } else {
                self.evaluate(filter, &item, env)?
            };
            let positions = if numeric(&holds)?.is_some() { Some(holds.items()) } else { holds.array() };
            match positions {
                Some(positions) if all_numbers(positions)? => {
                    self.tick(positions.len())?;
                    for position in positions.iter().filter_map(|position| position.as_number()) {
                        if from_start(items, position.floor()) == i64::try_from(index).ok() {
                            results.push(item.clone());
                        }
                    }
                }
                _ => {
                    if boolean(&holds)? == Some(true) {
                        results.push(item);
                    }
                }
            }
        }
        Ok(Value::Array(Rc::new(results)))
    }
}

/// A position counted from the start; negative ones are counted from the end.
fn from_start(items: Items<'_, '_>, position: i64) -> Option<i64> {
    if position < 0 { i64::try_from(items.len()).ok()?.checked_add(position) } else { Some(position) }
}

fn position_in<'v>(items: Items<'_, 'v>, position: i64) -> Option<Value<'v>> {
    items.get(usize::try_from(from_start(items, position)?).ok()?)
}

fn members_of<'v>(tuple: &Value<'v>) -> Vec<(Text<'v>, Value<'v>)> {
    tuple.members().map(|members| members.list()).unwrap_or_default()
}

fn as_tuples<'v>(input: &Value<'v>) -> Outcome<'v> {
    let items = input.array().ok_or(Fault::Internal)?;
    let tuple = |item| Value::object([(Text::Given(CONTEXT), item)].into_iter().collect());
    Ok(Value::Array(Rc::new(Array::of_tuples(items.iter().map(tuple).collect()))))
}

/// Writes its position into every tuple.
fn numbered<'v>(tuples: &Value<'v>, name: &'v str) -> Value<'v> {
    let tuple = |(position, tuple): (usize, Value<'v>)| {
        let mut object: Object<'v> = members_of(&tuple).into_iter().collect();
        object.insert(Text::Given(name), Value::int(position));
        Value::object(object)
    };
    let mut array = Array::of(tuples.items().iter().enumerate().map(tuple).collect());
    (array.sequence, array.tuples) = (tuples.is_sequence(), tuples.is_tuples());
    Value::Array(Rc::new(array))
}

/// A value of no length ends a path.
fn is_empty(value: &Value<'_>) -> bool {
    match value {
        Value::Undefined => true,
        Value::Text(text) => text.is_empty(),
        value => value.array().is_some_and(|items| items.len() == 0),
    }
}

/// Shows the items a step is applied to. In the reference implementation a text that a constructor with a filter gave
/// falls apart into its units, and anything else that is no array has no items.
fn each_item<'v>(input: &Value<'v>, mut visit: impl FnMut(Value<'v>) -> Result<(), Fault>) -> Result<(), Fault> {
    if let Some(items) = input.array() {
        return items.iter().try_for_each(visit);
    }
    if let Value::Text(text) = input {
        let mut characters = units(text).into_iter().map(|unit| super::super::text::from_units(&[unit]));
        return characters.try_for_each(|character| visit(Value::text(character)));
    }
    Ok(())
}

/// Marks what a path with `[]` gives, so that a single value stays an array.
fn kept(value: Value<'_>) -> Outcome<'_> {
    Ok(match value {
        Value::Array(mut array) => {
            if array.cons && !array.sequence {
                array = Rc::new(Array::sequence(vec![Value::Array(array)]));
            }
            Rc::make_mut(&mut array).keep = true;
            Value::Array(array)
        }
        value @ (Value::GivenArray(_) | Value::Object(_) | Value::GivenObject(_) | Value::Function(_)) => value,
        _ => return Err(Fault::Internal),
    })
}
