//! Values of serde_json to values of jsonata-core and back.

use indexmap::IndexMap;
use jsonata_core::value::{JArray, JValue};
use serde_json::{Map, Number, Value};

/// More memory than any payload takes: what is larger is refused rather than built.
const MAX_BYTES: usize = 64 << 20;

/// About what a value takes without its text, and a member without its key.
const VALUE_BYTES: usize = 32;
const MEMBER_BYTES: usize = 64;

/// Deeper than any JSON text AWS reads.
const MAX_DEPTH: usize = 1_000;

/// Why a result is no JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoJson {
    /// It is undefined.
    Undefined,
    /// It is or holds a function or a regular expression.
    Function,
    /// It is larger or deeper than a payload may be.
    TooLarge,
}

/// Converts JSON; every number becomes a double, as in JavaScript.
pub(super) fn to_jvalue(value: &Value) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(value) => JValue::Bool(*value),
        Value::Number(number) => JValue::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => JValue::string(text.as_str()),
        Value::Array(items) => {
            let flat = !items.iter().any(Value::is_array);
            JValue::Array(JArray::new_flat(items.iter().map(to_jvalue).collect(), flat))
        }
        Value::Object(members) => {
            let mut object = IndexMap::with_capacity(members.len());
            object.extend(members.iter().map(|(key, value)| (key.clone(), to_jvalue(value))));
            JValue::object(object)
        }
    }
}

/// Converts a result.
pub(super) fn to_value(value: &JValue) -> Result<Value, NoJson> {
    Writer { left: MAX_BYTES }.value(value, MAX_DEPTH)
}

/// Counts what is written: shared parts make a small result a huge text.
struct Writer {
    left: usize,
}

impl Writer {
    fn spend(&mut self, bytes: usize) -> Result<(), NoJson> {
        self.left = self.left.checked_sub(bytes).ok_or(NoJson::TooLarge)?;
        Ok(())
    }

    fn value(&mut self, value: &JValue, depth: usize) -> Result<Value, NoJson> {
        self.spend(VALUE_BYTES)?;
        match value {
            JValue::Null => Ok(Value::Null),
            JValue::Bool(value) => Ok(Value::Bool(*value)),
            JValue::Number(number) => Ok(number_value(*number)),
            JValue::String(text) => self.spend(text.len()).map(|()| Value::String(text.to_string())),
            JValue::Array(items) => self.array(items, depth.checked_sub(1).ok_or(NoJson::TooLarge)?),
            JValue::Object(members) => self.object(members, depth.checked_sub(1).ok_or(NoJson::TooLarge)?),
            JValue::Undefined => Err(NoJson::Undefined),
            JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => Err(NoJson::Function),
        }
    }

    fn array(&mut self, items: &[JValue], depth: usize) -> Result<Value, NoJson> {
        let mut array = Vec::with_capacity(items.len());
        for item in items {
            array.push(match self.value(item, depth) {
                Err(NoJson::Undefined) => Value::Null,
                item => item?,
            });
        }
        Ok(Value::Array(array))
    }

    fn object(&mut self, members: &IndexMap<String, JValue>, depth: usize) -> Result<Value, NoJson> {
        let mut object = Map::with_capacity(members.len());
        for (key, member) in members {
            self.spend(key.len() + MEMBER_BYTES)?;
            match self.value(member, depth) {
                Err(NoJson::Undefined) => {}
                member => {
                    object.insert(key.clone(), member?);
                }
            }
        }
        Ok(Value::Object(object))
    }
}

/// Copies JSON and writes its numbers as JavaScript does.
pub(super) fn written(value: &Value) -> Value {
    match value {
        Value::Number(number) => number_value(number.as_f64().unwrap_or(f64::NAN)),
        Value::Array(items) => Value::Array(items.iter().map(written).collect()),
        Value::Object(members) => {
            let mut object = Map::with_capacity(members.len());
            object.extend(members.iter().map(|(key, member)| (key.clone(), written(member))));
            Value::Object(object)
        }
        other => other.clone(),
    }
}

/// Writes a double as JavaScript does: whole numbers have no fraction, what is not finite is null.
pub(super) fn number_value(number: f64) -> Value {
    /// Up to here every whole number is a double.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || !number.is_finite() {
        return Number::from_f64(number).map_or(Value::Null, Value::Number);
    }
    if number.abs() <= EXACT {
        return Value::from(number as i64);
    }
    // Only as many digits as tell the double apart, then zeros; a cast would show digits JavaScript does not.
    let digits = number.to_string();
    let whole = digits.parse::<i64>().map(Value::from).or_else(|_| digits.parse::<u64>().map(Value::from));
    whole.unwrap_or_else(|_| Number::from_f64(number).map_or(Value::Null, Value::Number))
}
