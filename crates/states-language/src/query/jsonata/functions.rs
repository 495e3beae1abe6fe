//! The functions AWS adds to JSONata, those it takes away, and those that must not look at the world.

use super::convert::to_jvalue;
use super::engine::Run;
use super::limits;
use super::references::References;
use super::trace::REMEMBER;
use crate::query::Algorithm;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use std::rc::Rc;

pub(super) type Outcome = Result<JValue, EvaluatorError>;
pub(super) type Function = fn(&Run, &[JValue]) -> Outcome;

/// AWS's own functions and its replacements for those of the language.
///
/// Passed to a function such as `$map` they are given more arguments than they take; they take no notice of those.
const FUNCTIONS: [(&str, Function); 11] = [
    ("clone", clone),
    ("eval", eval),
    ("hash", hash),
    ("millis", millis),
    ("now", now),
    ("parse", parse),
    ("partition", partition),
    ("random", random),
    ("range", range),
    ("shuffle", shuffle),
    ("uuid", uuid),
];

/// The most items `$range` makes.
const RANGE_ITEMS: f64 = 1_000.0;

/// Gives an evaluator those functions of ours that the expression names.
pub(super) fn register(evaluator: &mut Evaluator, references: &References, run: &Rc<Run>) {
    for name in references.functions() {
        let known = FUNCTIONS.iter().chain(&limits::FUNCTIONS).find(|(known, _)| *known == name);
        if let Some(&(_, function)) = known {
            let run = Rc::clone(run);
            // Refused only for functions the evaluator compiles, and none of ours replaces one of those.
            let _ = evaluator.register_fn_override(name, move |args: &[JValue]| function(&run, args));
        }
    }
    if run.trace.is_watching() {
        let run = Rc::clone(run);
        let _ = evaluator.register_fn_override(REMEMBER, move |args: &[JValue]| Ok(run.trace.remember(args)));
    }
}

fn thrown(message: impl Into<String>) -> EvaluatorError {
    EvaluatorError::EvaluationError(message.into())
}

/// An argument does not fit what the function takes; `index` counts from one.
fn mismatch(function: &str, index: usize) -> EvaluatorError {
    thrown(format!("T0410: Argument {index} of function \"{function}\" does not match function signature"))
}

pub(super) fn argument(args: &[JValue], index: usize) -> &JValue {
    args.get(index).unwrap_or(&JValue::Undefined)
}

fn number(function: &str, args: &[JValue], index: usize) -> Result<f64, EvaluatorError> {
    argument(args, index).as_f64().ok_or_else(|| mismatch(function, index + 1))
}

/// Not available in Step Functions, as if there were no such function.
fn eval(_: &Run, _: &[JValue]) -> Outcome {
    Err(thrown("T1006: Attempted to invoke a non-function"))
}

fn clone(_: &Run, args: &[JValue]) -> Outcome {
    Ok(argument(args, 0).clone())
}

fn millis(run: &Run, _: &[JValue]) -> Outcome {
    Ok(JValue::Number(run.now))
}

/// `$now(picture, timezone)` is `$fromMillis($millis(), picture, timezone)`.
fn now(run: &Run, args: &[JValue]) -> Outcome {
    for (index, arg) in args.iter().enumerate() {
        if index > 1 || !(arg.is_string() || arg.is_undefined()) {
            return Err(mismatch("now", index + 1));
        }
    }
    let values = [JValue::Number(run.now), argument(args, 0).clone(), argument(args, 1).clone()];
    call_builtin("fromMillis", &values)
}

/// Calls a function of the language with values.
fn call_builtin(name: &str, values: &[JValue]) -> Outcome {
    let mut context = Context::new();
    let mut args = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let name = format!("argument {index}");
        context.bind(name.clone(), value.clone());
        args.push(AstNode::Variable(name));
    }
    let call = AstNode::Function { name: name.to_owned(), args, is_builtin: true };
    Evaluator::with_context(context).evaluate(&call, &JValue::Undefined)
}

/// `$random([seed])`: the same number for the same seed, another one each time without.
fn random(run: &Run, args: &[JValue]) -> Outcome {
    let bits = match argument(args, 0) {
        JValue::Undefined => run.next_random(),
        seed => mixed(seed.as_f64().ok_or_else(|| mismatch("random", 1))?.to_bits()),
    };
    Ok(JValue::Number(unit_interval(bits)))
}

/// The upper 53 bits as a number from 0 up to but not including 1.
fn unit_interval(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Spreads the bits of a number (SplitMix64).
pub(super) fn mixed(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// `$shuffle(array)`, from the evaluation's own random numbers.
fn shuffle(run: &Run, args: &[JValue]) -> Outcome {
    let mut items = match argument(args, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) => items.to_vec(),
        single => vec![single.clone()],
    };
    for index in (1..items.len()).rev() {
        // A remainder favours no item noticeably at these lengths.
        items.swap(index, (run.next_random() % (index as u64 + 1)) as usize);
    }
    Ok(JValue::array(items))
}

fn uuid(run: &Run, _: &[JValue]) -> Outcome {
    let (high, low) = (run.next_random(), run.next_random());
    let (version, variant) = (high & 0xfff | 0x4000, low >> 50 | 0x8000);
    let (first, second, node) = (high >> 32, high >> 16 & 0xffff, low & 0xffff_ffff_ffff);
    Ok(JValue::string(format!("{first:08x}-{second:04x}-{version:04x}-{variant:04x}-{node:012x}")))
}

/// `$parse(text)`: JSON text as a value.
fn parse(run: &Run, args: &[JValue]) -> Outcome {
    match argument(args, 0) {
        JValue::Undefined => Ok(JValue::Undefined),
        JValue::String(text) => {
            run.spend(text.len())?;
            let value: serde_json::Value =
                serde_json::from_str(text).map_err(|error| thrown(format!("Unable to parse JSON: {error}")))?;
            Ok(to_jvalue(&value))
        }
        _ => Err(mismatch("parse", 1)),
    }
}

/// `$partition(array, size)`: chunks of a size, the last one shorter.
fn partition(_: &Run, args: &[JValue]) -> Outcome {
    if argument(args, 0).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let size = number("partition", args, 1)?.trunc();
    if size < 1.0 {
        return Err(mismatch("partition", 2));
    }
    let single = [argument(args, 0).clone()];
    let items = argument(args, 0).as_array().map_or(&single[..], Vec::as_slice);
    // A size beyond any array saturates, and then there is one chunk.
    let chunks = items.chunks(size as usize).map(|chunk| JValue::array(chunk.to_vec())).collect();
    Ok(JValue::array(chunks))
}

/// `$range(first, last, step)`: a sequence, so that a single number comes out alone, as AWS was recorded to do.
fn range(_: &Run, args: &[JValue]) -> Outcome {
    let (first, last, step) = (number("range", args, 0)?, number("range", args, 1)?, number("range", args, 2)?);
    if step == 0.0 {
        return Err(mismatch("range", 3));
    }
    let items = ((last - first) / step).floor() + 1.0;
    if items > RANGE_ITEMS {
        return Err(thrown(format!("The range must not have more than {RANGE_ITEMS} items")));
    }
    let mut numbers = Vec::new();
    let mut index = 0.0;
    while index < items {
        numbers.push(JValue::Number(first + index * step));
        index += 1.0;
    }
    Ok(JValue::sequence(numbers))
}

/// `$hash(data, algorithm)`, in lower-case hexadecimal digits; what is no string is hashed as `$string` writes it.
fn hash(run: &Run, args: &[JValue]) -> Outcome {
    let data = argument(args, 0);
    if data.is_undefined() {
        return Ok(JValue::Undefined);
    }
    let algorithm = argument(args, 1).as_str().and_then(Algorithm::named).ok_or_else(|| mismatch("hash", 2))?;
    Ok(JValue::string(algorithm.hex(limits::text_of(run, data)?.as_bytes())))
}
