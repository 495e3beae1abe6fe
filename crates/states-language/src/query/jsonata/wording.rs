//! The sentences of JSONata's reference implementation, which AWS shows, in place of jsonata-core's.

use super::trace::Operation;
use jsonata_core::value::JValue;

/// Tells whether the sentence for a code names the operation or its values.
pub(super) fn needs_operation(code: &str) -> bool {
    matches!(code, "D1002" | "D3030" | "T0410" | "T0412" | "T2009" | "T2010")
}

/// Returns the sentence for a code; `message` is jsonata-core's, `operation` what failed if that is known.
pub(super) fn sentence(code: &str, message: &str, operation: Option<&Operation>) -> Option<String> {
    if let Some(fixed) = fixed(code) {
        return Some(fixed.to_owned());
    }
    if let Some(operation) = operation
        && let Some(sentence) = about(code, message, operation)
    {
        return Some(sentence);
    }
    Some(match code {
        "T2001" | "T2002" => quoted_sign(message)?,
        "D3100" => {
            let value = message.rsplit(' ').next()?;
            format!("The radix of the formatBase function must be between 2 and 36.  It was given {value}")
        }
        "D3130" => format!(
            "Formatting or parsing an integer as a sequence starting with {message:?} is not supported by this \
             implementation"
        ),
        "D3132" => format!("Unknown component specifier {message:?} in date/time picture string"),
        "D3133" => format!(
            "The 'name' modifier can only be applied to months and days in the date/time picture string, not {message:?}"
        ),
        _ => return None,
    })
}

/// Sentences without inserts.
fn fixed(code: &str) -> Option<&'static str> {
    Some(match code {
        "T1006" => "Attempted to invoke a non-function",
        "T2003" => "The left side of the range operator (..) must evaluate to an integer",
        "T2004" => "The right side of the range operator (..) must evaluate to an integer",
        "T2006" => "The right side of the function application operator ~> must be a function",
        "T2008" => "The expressions within an order-by clause must evaluate to numeric or string values",
        "D3001" => "Attempting to invoke string function on Infinity or NaN",
        "D3010" => "Second argument of replace function cannot be an empty string",
        "D3011" => "Fourth argument of replace function must evaluate to a positive number",
        "D3012" => "Attempted to replace a matched string with a non-string value",
        "D3020" => "Third argument of split function must evaluate to a positive number",
        "D3040" => "Third argument of match function must evaluate to a positive number",
        "D3050" => "The second argument of reduce function must be a function with at least two arguments",
        "D3080" => "The picture string must only contain a maximum of two sub-pictures",
        "D3081" => "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
        "D3082" => "The sub-picture must not contain more than one instance of the 'percent' character",
        "D3083" => "The sub-picture must not contain more than one instance of the 'per-mille' character",
        "D3136" => "The date/time picture string is missing specifiers required to parse the timestamp",
        "D3138" => "The $single() function expected exactly 1 matching result.  Instead it matched more.",
        "D3139" => "The $single() function expected exactly 1 matching result.  Instead it matched 0.",
        _ => return None,
    })
}

fn about(code: &str, message: &str, operation: &Operation) -> Option<String> {
    let Operation { name, operands, .. } = operation;
    let is_function = name.starts_with(|first: char| first.is_alphabetic());
    Some(match code {
        "D1002" => format!("Cannot negate a non-numeric value: {}", operands.first().map(json)?),
        "D3030" => format!("Unable to cast value to a number: {}", operands.first().map(json)?),
        "T2009" if !is_function => {
            let [left, right] = operands.as_slice() else { return None };
            let (left, right) = (json(left), json(right));
            format!("The values {left} and {right} either side of operator {name:?} must be of the same data type")
        }
        "T2010" if !is_function => {
            format!("The expressions either side of operator {name:?} must evaluate to numeric or string values")
        }
        "T0410" if is_function => {
            let index = argument_index(message, operands.len())?;
            format!("Argument {index} of function {name:?} does not match function signature")
        }
        "T0412" if is_function => {
            let index = argument_index(message, operands.len())?;
            let kind = message.rsplit(' ').next()?.to_lowercase();
            format!("Argument {index} of function {name:?} must be an array of \"{kind}s\"")
        }
        _ => return None,
    })
}

/// Finds the argument a message of jsonata-core complains about, or the first that is missing or too many.
fn argument_index(message: &str, given: usize) -> Option<usize> {
    if let Some(rest) = message.strip_prefix("Argument ") {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if let Ok(index) = digits.parse() {
            return Some(index);
        }
    }
    let expected = message.split("expected ").nth(1)?.split(',').next()?.parse::<usize>().ok()?;
    // Functions that can take the context say they expect nothing: then it is the last argument that is too many.
    Some(if given < expected { given + 1 } else { given.max(expected + 1) })
}

fn quoted_sign(message: &str) -> Option<String> {
    let (before, rest) = message.split_once(" of the ")?;
    let (sign, after) = rest.split_once(" operator")?;
    Some(format!("{before} of the {sign:?} operator{after}"))
}

/// A value as the reference implementation prints it, cut where it gets long.
fn json(value: &JValue) -> String {
    const LONGEST: usize = 10_000;
    let mut text = value.to_json_string().unwrap_or_default();
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
    }
    text
}
