//! The functions of the language, by what they work on.
//!
//! Arguments have been checked against a function's signature; a function of which some arguments were left open is
//! called without that check, and what does not fit then is an internal error, as in the reference implementation.

pub(super) mod aggregate;
pub(super) mod array;
pub(super) mod aws;
pub(super) mod date;
pub(super) mod higher;
pub(super) mod integer;
pub(super) mod number;
pub(super) mod object;
pub(super) mod picture;
pub(super) mod search;
pub(super) mod text;
mod timestamp;
pub(super) mod url;
mod words;

use super::fault::Fault;
use super::number::Number;
use super::text::Text;
use super::value::{Items, Value};

fn argument<'a, 'v>(arguments: &'a [Value<'v>], index: usize) -> &'a Value<'v> {
    arguments.get(index).unwrap_or(undefined())
}

fn undefined<'a, 'v>() -> &'a Value<'v> {
    &Value::Undefined
}

fn text_at<'a, 'v>(arguments: &'a [Value<'v>], index: usize) -> Result<&'a Text<'v>, Fault> {
    argument(arguments, index).as_text().ok_or(Fault::Internal)
}

fn number_at(arguments: &[Value<'_>], index: usize) -> Result<Number, Fault> {
    argument(arguments, index).as_number().ok_or(Fault::Internal)
}

/// A number that may be left out.
fn optional_number(arguments: &[Value<'_>], index: usize) -> Result<Option<Number>, Fault> {
    match argument(arguments, index) {
        Value::Undefined => Ok(None),
        Value::Number(number) => Ok(Some(*number)),
        _ => Err(Fault::Internal),
    }
}

fn items_at<'a, 'v>(arguments: &'a [Value<'v>], index: usize) -> Result<Items<'a, 'v>, Fault> {
    argument(arguments, index).array().ok_or(Fault::Internal)
}
