//! Functions at the end of a path: `$.items.length()`, `$.prices.sum()`.

use super::evaluate::Stop;
use super::step::Query;
use crate::query::budget::Budget;
use serde_json::{Number, Value};
use std::borrow::Cow;

/// A call of a function.
#[derive(Debug, Clone)]
pub(super) struct Call {
    name: Box<str>,
    function: Option<Function>,
    arguments: Vec<Argument>,
    /// What `length` counts when it is given a path: what is below the path.
    counted: Option<Query>,
}

/// An argument of a function.
#[derive(Debug, Clone)]
pub(super) enum Argument {
    Json(Value),
    Path(Query),
    /// Text that is no JSON, which is noticed when the function is called.
    NotJson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Length,
    Sum,
    Min,
    Max,
    Average,
    Deviation,
    Concat,
    Append,
    Keys,
    First,
    Last,
    Index,
}

impl Call {
    pub(super) fn new(name: &str, arguments: Vec<Argument>) -> Self {
        let mut call = Self { name: name.into(), function: Function::named(name), arguments, counted: None };
        call.count_children();
        call
    }

    /// Makes the call one about what a path selects.
    pub(super) fn apply_to(&mut self, scanned: Query) {
        self.arguments = vec![Argument::Path(scanned)];
        self.count_children();
    }

    fn count_children(&mut self) {
        self.counted = match self.arguments.first() {
            Some(Argument::Path(query)) if self.function == Some(Function::Length) && !query.is_function() => {
                Some(query.children())
            }
            _ => None,
        };
    }

    /// Returns the call in the short form messages use.
    pub(super) fn signature(&self) -> String {
        format!("{}({})", self.name, if self.arguments.is_empty() { "" } else { "..." })
    }

    /// Calls the function on a value; paths among the arguments start at the document's root.
    pub(super) fn invoke(&self, model: &Value, root: &Value, budget: &Budget) -> Result<Value, Stop> {
        let function = self.function.ok_or(Stop::Failed("there is no such function"))?;
        let arguments = self.arguments.iter().map(|argument| argument.value(root, budget));
        let arguments = arguments.collect::<Result<Vec<_>, Stop>>()?;
        match function {
            Function::Length => self.length(model, budget),
            Function::Sum | Function::Min | Function::Max | Function::Average | Function::Deviation => {
                aggregate(function, &numbers(model, &arguments))
            }
            Function::Concat => Ok(Value::String(concat(model, &arguments, budget)?)),
            Function::Append => append(model, arguments, budget),
            Function::Keys => Ok(model.as_object().map_or(Value::Null, |members| members.keys().cloned().collect())),
            Function::First => element(model, 0, budget),
            Function::Last => element(model, -1, budget),
            Function::Index => {
                let wanted = numbers(&Value::Null, &arguments);
                #[expect(clippy::cast_possible_truncation, reason = "Java's Number.intValue() cuts off as well")]
                let wanted = *wanted.first().ok_or(Stop::OutOfBounds)? as i64;
                element(model, wanted, budget)
            }
        }
    }

    /// Members of an object, elements of an array, or what a path given as argument has below it; a string has none.
    fn length(&self, model: &Value, budget: &Budget) -> Result<Value, Stop> {
        match (self.arguments.first(), &self.counted) {
            (Some(Argument::Path(query)), counted) => {
                let query = counted.as_ref().unwrap_or(query);
                if let Value::Array(items) = query.select(model, model, budget).map_err(Stop::without_place)?.as_ref() {
                    return Ok(items.len().into());
                }
            }
            (Some(_), _) => return Err(Stop::Failed("length() takes a path")),
            (None, _) => {}
        }
        Ok(match model {
            Value::Array(items) => items.len().into(),
            Value::Object(members) => members.len().into(),
            _ => Value::Null,
        })
    }
}

impl Function {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "length" | "size" => Self::Length,
            "sum" => Self::Sum,
            "min" => Self::Min,
            "max" => Self::Max,
            "avg" => Self::Average,
            "stddev" => Self::Deviation,
            "concat" => Self::Concat,
            "append" => Self::Append,
            "keys" => Self::Keys,
            "first" => Self::First,
            "last" => Self::Last,
            "index" => Self::Index,
            _ => return None,
        })
    }
}

impl Argument {
    fn value<'v>(&'v self, root: &'v Value, budget: &Budget) -> Result<Cow<'v, Value>, Stop> {
        match self {
            Self::Json(value) => Ok(Cow::Borrowed(value)),
            Self::Path(query) => query.select(root, root, budget).map_err(Stop::without_place),
            Self::NotJson => Err(Stop::Failed("an argument is no JSON")),
        }
    }
}

/// Returns a value's elements, or the value itself when it is no array.
fn elements(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}

fn numbers(model: &Value, arguments: &[Cow<'_, Value>]) -> Vec<f64> {
    let own = model.as_array().map_or(&[][..], Vec::as_slice).iter();
    own.chain(arguments.iter().flat_map(|argument| elements(argument))).filter_map(Value::as_f64).collect()
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer numbers than a double counts exactly")]
fn aggregate(function: Function, numbers: &[f64]) -> Result<Value, Stop> {
    if numbers.is_empty() {
        return Err(Stop::Failed("Aggregation function attempted to calculate value using empty array"));
    }
    let count = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    let result = match function {
        Function::Min => numbers.iter().copied().fold(f64::MAX, f64::min),
        // Java's Double.MIN_VALUE is the smallest positive number, so that Jayway finds no maximum below zero.
        Function::Max => numbers.iter().copied().fold(f64::from_bits(1), f64::max),
        Function::Average => sum / count,
        Function::Deviation => {
            let squares: f64 = numbers.iter().map(|number| number * number).sum();
            (squares / count - sum * sum / count / count).sqrt()
        }
        _ => sum,
    };
    Ok(Number::from_f64(result).map_or(Value::Null, Value::Number))
}

fn concat(model: &Value, arguments: &[Cow<'_, Value>], budget: &Budget) -> Result<String, Stop> {
    let mut text = String::new();
    for item in model.as_array().into_iter().flatten().filter_map(Value::as_str) {
        budget.spend(item.len())?;
        text.push_str(item);
    }
    for argument in arguments {
        for item in elements(argument).iter().filter(|item| !item.is_null()) {
            budget.measure(item)?;
            // A single argument that is no string is left out, an element of an array is turned into text.
            match (item, argument.is_array()) {
                (Value::String(item), _) => text.push_str(item),
                (other, true) => crate::query::java::write_text(other, &mut text),
                (_, false) => {}
            }
        }
    }
    Ok(text)
}

fn append(model: &Value, arguments: Vec<Cow<'_, Value>>, budget: &Budget) -> Result<Value, Stop> {
    let mut result = budget.copy(model)?;
    if let Value::Array(items) = &mut result {
        for argument in arguments {
            items.push(budget.copy(&argument)?);
        }
    }
    Ok(result)
}

/// Returns an element; counted from the end, the first one is out of reach, as in Jayway.
fn element(model: &Value, index: i64, budget: &Budget) -> Result<Value, Stop> {
    let items = model.as_array().ok_or(Stop::Failed("only an array has elements"))?;
    let found = match usize::try_from(index) {
        Ok(index) => items.get(index).ok_or(Stop::OutOfBounds)?,
        Err(_) => {
            let back = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
            let index = items.len().checked_sub(back).filter(|index| *index > 0);
            index.and_then(|index| items.get(index)).ok_or(Stop::Failed("the index is larger than the array"))?
        }
    };
    Ok(budget.copy(found)?)
}
