//! Signatures of functions, `<s-n?:s>`: which arguments fit, and where the context stands in for a missing one.

use super::failure::CompileError;
use super::fault::{Fault, Thrown};
use super::value::{Array, Value};
use std::rc::Rc;

/// What a function takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Signature {
    parameters: Vec<Parameter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Parameter {
    /// The symbols of the types that fit.
    types: Vec<u8>,
    kind: u8,
    /// The context stands in when the argument is missing.
    context: bool,
    subtype: Option<String>,
    optional: bool,
    repeated: bool,
    /// Written `-?`: the argument is taken only when the rest needs it to be.
    lazy: bool,
}

/// Values of any type, and none; `m` stands for a missing one.
const ANY: &[u8] = b"asnblfom";

impl Signature {
    /// Reads a signature, from its `<` on.
    pub(super) fn parse(text: &str) -> Result<Self, CompileError> {
        let text = text.as_bytes();
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut position = 1;
        while let Some(&symbol) = text.get(position)
            && symbol != b':'
        {
            match symbol {
                b's' | b'n' | b'b' | b'l' | b'o' => parameters.push(Parameter::of(symbol, &[symbol, b'm'])),
                b'a' | b'x' => parameters.push(Parameter::of(symbol, ANY)),
                b'f' => parameters.push(Parameter::of(symbol, b"f")),
                b'j' => parameters.push(Parameter::of(symbol, b"asnblom")),
                b'-' => {
                    if let Some(last) = parameters.last_mut() {
                        last.context = true;
                        last.optional = true;
                    }
                }
                b'?' => {
                    if let Some(last) = parameters.last_mut() {
                        (last.lazy, last.optional) = (last.optional || last.repeated, true);
                    }
                }
                b'+' => {
                    if let Some(last) = parameters.last_mut() {
                        last.repeated = true;
                    }
                }
                b'(' => {
                    let end = closing(text, position, b'(', b')');
                    let choice = text.get(position + 1..end).unwrap_or_default();
                    if choice.contains(&b'<') {
                        let message = "Choice groups containing parameterized types are not supported";
                        return Err(CompileError::new("S0402", message));
                    }
                    parameters.push(Parameter::of(b'(', &[choice, b"m"].concat()));
                    position = end;
                }
                b'<' => {
                    let end = closing(text, position, b'<', b'>');
                    match parameters.last_mut() {
                        Some(last) if matches!(last.kind, b'a' | b'f') => {
                            let subtype = text.get(position + 1..end).unwrap_or_default();
                            last.subtype = Some(String::from_utf8_lossy(subtype).into_owned());
                        }
                        _ => {
                            let message = "Type parameters can only be applied to functions and arrays";
                            return Err(CompileError::new("S0401", message));
                        }
                    }
                    position = end;
                }
                _ => {}
            }
            position += 1;
        }
        Ok(Self { parameters })
    }

    /// Returns the arguments as the function takes them.
    pub(super) fn validate<'v>(&self, arguments: &[Value<'v>], context: &Value<'v>) -> Result<Vec<Value<'v>>, Fault> {
        let given: Vec<u8> = arguments.iter().map(symbol).collect();
        let Some(lengths) = self.fit(&given) else { return Err(self.mismatch(&given, arguments)) };
        let mut valid = Vec::with_capacity(self.parameters.len());
        let (mut index, mut at) = (0, 0);
        let argument = |index: usize| arguments.get(index).cloned().unwrap_or(Value::Undefined);
        for (parameter, length) in self.parameters.iter().zip(lengths) {
            let fitting = given.get(at..at + length).unwrap_or_default();
            at += length;
            if fitting.is_empty() {
                if parameter.context {
                    if !parameter.types.contains(&symbol(context)) {
                        return Err(Thrown::at("T0411", index + 1, context).into());
                    }
                    valid.push(context.clone());
                } else {
                    valid.push(argument(index));
                    index += 1;
                }
                continue;
            }
            // The reference implementation reads the argument once for all that a repeated parameter takes.
            let first = argument(index);
            for &symbol in fitting {
                valid.push(match parameter.kind {
                    b'a' => parameter.array(symbol, fitting, argument(index), index)?,
                    _ => first.clone(),
                });
                index += 1;
            }
        }
        Ok(valid)
    }

    /// Returns how many arguments each parameter takes, as a regular expression over their types would.
    fn fit(&self, given: &[u8]) -> Option<Vec<usize>> {
        let mut lengths = Vec::with_capacity(self.parameters.len());
        matches(&self.parameters, given, true, &mut lengths).then_some(lengths)
    }

    fn mismatch(&self, given: &[u8], arguments: &[Value<'_>]) -> Fault {
        let mut good = 0;
        for count in 1..=self.parameters.len() {
            let mut lengths = Vec::new();
            if !matches(self.parameters.get(..count).unwrap_or_default(), given, false, &mut lengths) {
                break;
            }
            good = lengths.iter().sum();
        }
        let value = arguments.get(good).unwrap_or(&Value::Undefined);
        Thrown::at("T0410", good + 1, value).into()
    }
}

/// Fits parameters to arguments, trying again what fits no further; fills in how many arguments each takes.
fn matches(parameters: &[Parameter], given: &[u8], to_the_end: bool, lengths: &mut Vec<usize>) -> bool {
    let Some((parameter, rest)) = parameters.split_first() else { return given.is_empty() || !to_the_end };
    let fitting = given.iter().take_while(|symbol| parameter.types.contains(symbol)).count();
    let most = if parameter.repeated { fitting } else { fitting.min(1) };
    let least = usize::from(!parameter.optional || parameter.repeated && !parameter.context);
    let mut takes: Vec<usize> = (least..=most).collect();
    if !parameter.lazy {
        takes.reverse();
    }
    for take in takes {
        lengths.push(take);
        if matches(rest, given.get(take..).unwrap_or_default(), to_the_end, lengths) {
            return true;
        }
        lengths.pop();
    }
    false
}

fn closing(text: &[u8], start: usize, open: u8, close: u8) -> usize {
    let (mut depth, mut position) = (1, start);
    while position < text.len() {
        position += 1;
        match text.get(position) {
            Some(&symbol) if symbol == close => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Some(&symbol) if symbol == open => depth += 1,
            _ => {}
        }
    }
    position
}

fn symbol(value: &Value<'_>) -> u8 {
    match value {
        Value::Undefined => b'm',
        Value::Null => b'l',
        Value::Bool(_) => b'b',
        Value::Number(_) => b'n',
        Value::Text(_) => b's',
        Value::Array(_) | Value::GivenArray(_) => b'a',
        Value::Object(_) | Value::GivenObject(_) => b'o',
        Value::Function(_) => b'f',
    }
}

impl Parameter {
    fn of(kind: u8, types: &[u8]) -> Self {
        Self { types: types.to_vec(), kind, ..Self::default() }
    }

    /// Makes an array of what is none, and looks at the types of its items.
    fn array<'v>(&self, given: u8, fitting: &[u8], argument: Value<'v>, index: usize) -> Result<Value<'v>, Fault> {
        if given == b'm' {
            return Ok(Value::Undefined);
        }
        if let Some(subtype) = &self.subtype {
            let fits = if given == b'a' {
                let items = argument.items();
                let mut types = items.iter().map(|item| symbol(&item));
                let expected = subtype.bytes().next();
                types.all(|item| Some(item) == expected)
            } else {
                fitting == subtype.as_bytes()
            };
            if !fits {
                return Err(Thrown { kind: plural(subtype), ..Thrown::at("T0412", index + 1, &argument) }.into());
            }
        }
        Ok(if given == b'a' { argument } else { Value::Array(Rc::new(Array::of(vec![argument]))) })
    }
}

fn plural(subtype: &str) -> Option<&'static str> {
    Some(match subtype {
        "a" => "arrays",
        "b" => "booleans",
        "f" => "functions",
        "n" => "numbers",
        "o" => "objects",
        "s" => "strings",
        _ => return None,
    })
}
