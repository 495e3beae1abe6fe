//! The functions AWS adds: `$hash`, `$parse`, `$partition`, `$random`, `$range`, `$uuid`.
//!
//! What they give and refuse has been measured (us-east-1, 2026-08 and 09), and they are written in Java.

use super::super::evaluate::Run;
use super::super::failure::Limit;
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::number::Number;
use super::super::text::Text;
use super::super::value::{Object, Value};
use super::{argument, number_at, optional_number, text_at};
use crate::query::Algorithm;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// `$hash(data, algorithm)`, in lower-case hexadecimal digits; without an algorithm there is no hash.
pub(in super::super) fn hash<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (data, algorithm) = (argument(arguments, 0), argument(arguments, 1));
    if data.is_undefined() || algorithm.is_undefined() {
        return Ok(Value::Undefined);
    }
    let (data, algorithm) = (text_at(arguments, 0)?, text_at(arguments, 1)?);
    let Some(algorithm) = Algorithm::named(algorithm) else {
        let message = format!("Unsupported hash algorithm: {}", &**algorithm);
        return Err(Thrown::saying("D3137", message).into());
    };
    run.spend(data.len())?;
    Ok(Value::text(algorithm.hex(data.as_bytes())))
}

/// `$random([seed])`: with a seed, what `java.util.Random` gives first.
pub(in super::super) fn random<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    Ok(Value::double(match optional_number(arguments, 0)? {
        Some(seed) => java_random(seed.truncated()),
        // The upper 53 bits as a number from 0 up to but not including 1.
        None => (run.next_random() >> 11) as f64 / (1_u64 << 53) as f64,
    }))
}

/// `new java.util.Random(seed).nextDouble()`
fn java_random(seed: i64) -> f64 {
    const MULTIPLIER: u64 = 0x5_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;
    let mut state = (seed.cast_unsigned() ^ MULTIPLIER) & MASK;
    let mut next = |bits: u32| {
        state = state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        state >> (48 - bits)
    };
    let high = next(26);
    let low = next(27);
    ((high << 27) + low) as f64 / (1_u64 << 53) as f64
}

/// `$uuid()`, version 4.
pub(in super::super) fn uuid<'v>(run: &Run<'v>, _: &[Value<'v>]) -> Outcome<'v> {
    let (high, low) = (run.next_random(), run.next_random());
    let (version, variant) = (high & 0xfff | 0x4000, low >> 50 | 0x8000);
    let (first, second, node) = (high >> 32, high >> 16 & 0xffff, low & 0xffff_ffff_ffff);
    Ok(Value::text(format!("{first:08x}-{second:04x}-{version:04x}-{variant:04x}-{node:012x}")))
}

/// `$range(first, last, step)`; the fractions of its arguments do not count, and without a step there is nothing.
pub(in super::super) fn range<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let number = |index| optional_number(arguments, index).map(|number| number.map(Number::truncated));
    let (Some(first), Some(last), Some(step)) = (number(0)?, number(1)?, number(2)?) else {
        return Ok(Value::Undefined);
    };
    if step == 0 || (step > 0) != (last >= first) && first != last {
        return Ok(Value::Undefined);
    }
    let count = (i128::from(last) - i128::from(first)) / i128::from(step) + 1;
    if count > RANGE_ITEMS {
        return Err(Limit::Memory.into());
    }
    run.spend_items(usize::try_from(count).unwrap_or(usize::MAX))?;
    let mut numbers = Vec::new();
    let mut next = Some(first);
    while let Some(number) = next
        && (if step > 0 { number <= last } else { number >= last })
    {
        numbers.push(Value::Number(Number::Int(number)));
        next = number.checked_add(step);
    }
    Ok(Value::sequence(numbers))
}

/// The most items before AWS's memory is used up: a list of Java's that has 360,145 places grows by half for the next.
const RANGE_ITEMS: i128 = 360_145;

/// `$partition(array, size)`: chunks of a size, the last one shorter; without a size there is one.
pub(in super::super) fn partition<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let array = argument(arguments, 0);
    let items = array.items();
    match array {
        Value::Undefined => return Ok(Value::Undefined),
        Value::Null => return Err(Thrown::at("T0412", 1, array).into()),
        _ if items.len() == 0 => return Ok(Value::Undefined),
        _ => {}
    }
    let size = match argument(arguments, 1) {
        Value::Undefined => i64::MAX,
        _ => number_at(arguments, 1)?.truncated(),
    };
    if size < 0 {
        return Err(Thrown::saying("D3137", format!("The partition size must not be negative: {size}")).into());
    }
    if size == 0 {
        return Ok(Value::Undefined);
    }
    run.spend_items(items.len().saturating_mul(2))?;
    let items: Vec<Value<'v>> = items.iter().collect();
    let chunks = items.chunks(usize::try_from(size).unwrap_or(usize::MAX));
    Ok(Value::list(chunks.map(|chunk| Value::list(chunk.to_vec())).collect()))
}

/// `$parse(text)`: JSON text as a value.
pub(in super::super) fn parse<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    run.spend(text.len().saturating_mul(4))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed =
        Strict(PhantomData).deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    parsed.map_err(|error| Fault::from(Thrown::saying("D3137", format!("Unable to parse JSON: {error}"))))
}

/// Reads JSON strictly: no key twice, no number beyond the doubles.
struct Strict<'v>(PhantomData<Value<'v>>);

impl<'de, 'v> DeserializeSeed<'de> for Strict<'v> {
    type Value = Value<'v>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, 'v> Visitor<'de> for Strict<'v> {
    type Value = Value<'v>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(Number::Int(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Value::double(value as f64), |value| Value::Number(Number::Int(value))))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Value::double(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Value::text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self(PhantomData))? {
            list.push(item);
        }
        Ok(Value::list(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Object::default();
        while let Some(key) = members.next_key::<String>()? {
            if object.get(&key).is_some() {
                return Err(A::Error::custom(format_args!("duplicate field {key:?}")));
            }
            object.insert(Text::from(key), members.next_value_seed(Self(PhantomData))?);
        }
        Ok(Value::object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured: `$random(42)`; the other is the well-known first double of the seed 0.
    #[test]
    fn a_seed_gives_what_java_gives() {
        for (seed, expected) in [(42, 0.727_563_680_032_868_1), (0, 0.730_967_787_376_657)] {
            assert!((java_random(seed) - expected).abs() < 1e-12, "{seed}: {}", java_random(seed));
        }
    }
}
