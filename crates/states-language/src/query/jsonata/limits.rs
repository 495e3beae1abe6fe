//! What one evaluation may build, and the functions the guards in a syntax tree call to ask.

use super::engine::Run;
use super::functions::{Function, Outcome, argument};
use super::guard;
use jsonata_core::evaluator::EvaluatorError;
use jsonata_core::functions::string;
use jsonata_core::value::{JValue, with_stack};
use std::cell::Cell;
use std::rc::Rc;

/// What one evaluation may build, in bytes of everything it ever builds.
const BYTES: usize = 128 << 20;

/// What an item of an array takes.
const ITEM_BYTES: usize = size_of::<JValue>();

/// AWS refuses to add more characters than this to a string at once.
const PADDING: f64 = 262_144.0;

/// Far beyond the length of any string.
const LARGEST: f64 = 1e15;

/// As many items may be compared each with each other.
const COMPARED_ITEMS: usize = 30_000;

/// What one evaluation may still build.
pub(super) struct Budget(Cell<usize>);

/// More than an evaluation may build.
#[derive(Debug)]
pub(super) struct Exceeded;

impl Budget {
    pub(super) fn new() -> Self {
        Self(Cell::new(BYTES))
    }

    pub(super) fn spend(&self, bytes: usize) -> Result<(), Exceeded> {
        self.0.set(self.0.get().checked_sub(bytes).ok_or(Exceeded)?);
        Ok(())
    }

    pub(super) fn spend_items(&self, items: usize) -> Result<(), Exceeded> {
        self.spend(items.saturating_mul(ITEM_BYTES))
    }

    /// Spends for the text of a value, in which shared parts count each time.
    pub(super) fn spend_text(&self, value: &JValue) -> Result<(), Exceeded> {
        /// More than punctuation takes, because a part without text takes time as well.
        const PART: usize = 16;
        match value {
            JValue::String(text) => self.spend(text.len()),
            JValue::Array(items) => with_stack(|| {
                self.spend(items.len() * PART)?;
                items.iter().try_for_each(|item| self.spend_text(item))
            }),
            JValue::Object(members) => with_stack(|| {
                members.iter().try_for_each(|(key, member)| {
                    self.spend(key.len() + PART)?;
                    self.spend_text(member)
                })
            }),
            _ => self.spend(1),
        }
    }
}

/// Refuses a value of so many parts, shared ones counted each time, that walking it takes too long.
fn check_weight(value: &JValue) -> Result<(), Exceeded> {
    const BYTES: usize = 16 << 20;
    Budget(Cell::new(BYTES)).spend_text(value)
}

/// What the guards in a tree call.
pub(super) const FUNCTIONS: [(&str, Function); 10] = [
    (guard::CONCATENATE, concatenate),
    (guard::SPEND, spend),
    (guard::MEASURE, measure),
    (guard::WEIGH, weigh),
    (guard::PAD, guard_pad),
    (guard::JOIN, guard_join),
    (guard::REPLACE, guard_replace),
    (guard::IS_FUNCTION, |_, args| Ok(JValue::Bool(args.first().is_some_and(JValue::is_function)))),
    (guard::DISTINCT, guard_distinct),
    (guard::CLAMP, clamp),
];

fn concatenate(run: &Run, args: &[JValue]) -> Outcome {
    let (left, right) = (text_of(run, argument(args, 0))?, text_of(run, argument(args, 1))?);
    run.spend(left.len() + right.len())?;
    Ok(JValue::string([&*left, &*right].concat()))
}

/// The text of an operand of `&`; undefined is nothing.
pub(super) fn text_of(run: &Run, value: &JValue) -> Result<Rc<str>, EvaluatorError> {
    let text = match value {
        JValue::String(text) => return Ok(Rc::clone(text)),
        JValue::Undefined => return Ok(Rc::from("")),
        value => {
            run.check(run.budget.spend_text(value))?;
            string::string(value, None)?
        }
    };
    match text {
        JValue::String(text) => Ok(text),
        _ => Ok(Rc::from("")),
    }
}

fn spend(run: &Run, args: &[JValue]) -> Outcome {
    let value = argument(args, 0);
    if let Some(items) = value.as_array() {
        run.check(run.budget.spend_items(items.len()))?;
    }
    Ok(value.clone())
}

fn measure(run: &Run, args: &[JValue]) -> Outcome {
    run.check(run.budget.spend_text(argument(args, 0)))?;
    Ok(argument(args, 0).clone())
}

fn weigh(run: &Run, args: &[JValue]) -> Outcome {
    run.check(check_weight(argument(args, 0)))?;
    Ok(argument(args, 0).clone())
}

/// `$pad(text, width)`, or `$pad(width, character)` with the context as text.
fn guard_pad(run: &Run, args: &[JValue]) -> Outcome {
    let (first, second, context) = (argument(args, 0), argument(args, 1), argument(args, 2));
    let (text, width) = match first {
        JValue::Number(width) => (context, Some(*width)),
        text => (text, second.as_f64()),
    };
    let length = text.as_str().map_or(0, |text| text.chars().count());
    if let Some(width) = width {
        let added = width.abs() - length as f64;
        run.check(if added > PADDING { Err(Exceeded) } else { Ok(()) })?;
        run.spend(length + added.max(0.0) as usize)?;
    }
    Ok(second.clone())
}

fn guard_join(run: &Run, args: &[JValue]) -> Outcome {
    let (array, separator) = (argument(args, 0), argument(args, 1));
    run.check(run.budget.spend_text(array))?;
    let count = array.as_array().map_or(1, Vec::len);
    run.spend(count.saturating_mul(separator.as_str().map_or(0, str::len)))?;
    Ok(separator.clone())
}

fn guard_replace(run: &Run, args: &[JValue]) -> Outcome {
    let replacement = argument(args, 2);
    if let (Some(text), Some(new)) = (argument(args, 0).as_str(), replacement.as_str()) {
        // Groups such as $1 may each stand for the whole match.
        let groups = new.bytes().filter(|&byte| byte == b'$').count();
        let found = matches(text, argument(args, 1));
        run.spend(text.len() + found.saturating_mul(new.len()) + groups.saturating_mul(text.len()))?;
    }
    Ok(replacement.clone())
}

fn matches(text: &str, pattern: &JValue) -> usize {
    match pattern {
        JValue::String(pattern) if !pattern.is_empty() => text.matches(&**pattern).count(),
        JValue::Regex { pattern, flags } => {
            string::build_regex(pattern, flags).map_or(0, |regex| regex.find_iter(text).count())
        }
        // A matcher of the expression's own: at most one match per character.
        pattern if pattern.is_function() => text.len(),
        _ => 0,
    }
}

fn guard_distinct(run: &Run, args: &[JValue]) -> Outcome {
    let value = argument(args, 0);
    if value.as_array().is_some_and(|items| items.len() > COMPARED_ITEMS) {
        return Err(run.out_of_time());
    }
    weigh(run, args)
}

fn clamp(_: &Run, args: &[JValue]) -> Outcome {
    Ok(match argument(args, 0) {
        JValue::Number(number) => JValue::Number(number.clamp(-LARGEST, LARGEST)),
        other => other.clone(),
    })
}
