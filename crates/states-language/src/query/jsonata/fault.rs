//! Why an evaluation ended early, and JSONata's sentences for it.

use super::failure::{FailureKind, Limit};
use super::value::{NotText, Style, Value, stringify};

/// Why an evaluation ended early.
#[derive(Debug)]
pub(super) enum Fault {
    Limit(Limit),
    Thrown(Box<Thrown>),
    /// Something no rule of the language covers, and the implementation stumbles over.
    Internal,
}

pub(super) type Outcome<'v> = Result<Value<'v>, Fault>;

/// One of the language's errors, with what its sentence names.
#[derive(Debug, Default)]
pub(super) struct Thrown {
    pub(super) code: &'static str,
    /// The operator, or the function without its `$`.
    pub(super) token: Option<Box<str>>,
    /// The argument, counted from one.
    pub(super) index: usize,
    /// The value that did not fit, as JSON.
    pub(super) value: String,
    /// The other value.
    pub(super) other: String,
    /// What the items of an array have to be.
    pub(super) kind: Option<&'static str>,
    /// The sentence itself, where the expression makes it.
    pub(super) message: Option<Box<str>>,
}

impl From<Limit> for Fault {
    fn from(limit: Limit) -> Self {
        Self::Limit(limit)
    }
}

impl From<Thrown> for Fault {
    fn from(thrown: Thrown) -> Self {
        Self::Thrown(Box::new(thrown))
    }
}

impl From<NotText> for Fault {
    fn from(reason: NotText) -> Self {
        match reason {
            NotText::Limit(limit) => Self::Limit(limit),
            NotText::Infinite => Thrown { value: "null".to_owned(), ..Thrown::new("D1001") }.into(),
        }
    }
}

impl From<Fault> for FailureKind {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Limit(limit) => Self::Limit(limit),
            Fault::Internal => Self::Internal,
            Fault::Thrown(thrown) => {
                let message = thrown.message().into();
                Self::Thrown { code: Some(thrown.code.into()), message }
            }
        }
    }
}

impl Fault {
    /// Names what the error came from, unless that is known already.
    #[must_use]
    pub(super) fn named(mut self, token: Option<&str>) -> Self {
        if let Self::Thrown(thrown) = &mut self
            && thrown.token.is_none()
        {
            thrown.token = token.map(Into::into);
        }
        self
    }

    /// Names what the error came from, whatever was known before.
    #[must_use]
    pub(super) fn renamed(mut self, token: &str) -> Self {
        if let Self::Thrown(thrown) = &mut self {
            thrown.token = Some(token.into());
        }
        self
    }
}

impl Thrown {
    pub(super) fn new(code: &'static str) -> Self {
        Self { code, ..Self::default() }
    }

    pub(super) fn about(code: &'static str, value: &Value<'_>) -> Self {
        Self { value: shown(value), ..Self::new(code) }
    }

    pub(super) fn at(code: &'static str, index: usize, value: &Value<'_>) -> Self {
        Self { index, ..Self::about(code, value) }
    }

    pub(super) fn about_text(code: &'static str, value: &str) -> Self {
        Self { value: serde_json::Value::from(value).to_string(), ..Self::new(code) }
    }

    /// An error with a sentence of the expression's own, or of a function AWS adds.
    pub(super) fn saying(code: &'static str, message: impl Into<Box<str>>) -> Self {
        Self { message: Some(message.into()), ..Self::new(code) }
    }

    /// Returns the reference implementation's sentence, which AWS shows.
    fn message(&self) -> String {
        if let Some(message) = &self.message {
            return message.to_string();
        }
        let Self { token, index, value, other, kind, .. } = self;
        let name = token.as_deref().unwrap_or("undefined");
        let token = token.as_ref().map_or_else(|| "undefined".to_owned(), |token| format!("\"{token}\""));
        match self.code {
            "D1001" => format!("Number out of range: {value}"),
            "D1002" => format!("Cannot negate a non-numeric value: {value}"),
            "D1009" => format!("Multiple key definitions evaluate to same key: {value}"),
            "D2014" => format!(
                "The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate {value}."
            ),
            "D3030" => format!("Unable to cast value to a number: {value}"),
            "D3060" => format!("The sqrt function cannot be applied to a negative number: {value}"),
            "D3061" => format!(
                "The power function has resulted in a value that cannot be represented as a JSON number: base={value}, exponent={other}"
            ),
            "D3100" => format!("The radix of the formatBase function must be between 2 and 36.  It was given {value}"),
            "D3110" => {
                format!("The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {value}")
            }
            "D3130" => format!(
                "Formatting or parsing an integer as a sequence starting with {value} is not supported by this implementation"
            ),
            "D3132" => format!("Unknown component specifier {value} in date/time picture string"),
            "D3133" => format!(
                "The 'name' modifier can only be applied to months and days in the date/time picture string, not {value}"
            ),
            "D3140" => format!("Malformed URL passed to ${name}(): {value}"),
            "T0410" => format!("Argument {index} of function {token} does not match function signature"),
            "T0411" => format!("Context value is not a compatible type with argument {index} of function {token}"),
            "T0412" => {
                let kind = kind.map_or_else(|| "undefined".to_owned(), |kind| format!("\"{kind}\""));
                format!("Argument {index} of function {token} must be an array of {kind}")
            }
            "T1003" => format!("Key in object structure must evaluate to a string; got: {value}"),
            "T1005" => format!("Attempted to invoke a non-function. Did you mean ${name}?"),
            "T1007" => format!("Attempted to partially apply a non-function. Did you mean ${name}?"),
            "T1010" => format!(
                "The matcher function argument passed to function {token} does not return the correct object structure"
            ),
            "T2001" => format!("The left side of the {token} operator must evaluate to a number"),
            "T2002" => format!("The right side of the {token} operator must evaluate to a number"),
            "T2007" => format!("Type mismatch when comparing values {value} and {other} in order-by clause"),
            "T2009" => {
                format!("The values {value} and {other} either side of operator {token} must be of the same data type")
            }
            "T2010" => {
                format!("The expressions either side of operator {token} must evaluate to numeric or string values")
            }
            "T2011" => {
                format!("The insert/update clause of the transform expression must evaluate to an object: {value}")
            }
            "T2012" => format!(
                "The delete clause of the transform expression must evaluate to a string or array of strings: {value}"
            ),
            code => fixed(code).to_owned(),
        }
    }
}

/// A value as a sentence shows it, cut where it gets long.
pub(super) fn shown(value: &Value<'_>) -> String {
    const LONGEST: usize = 10_000;
    if matches!(value, Value::Undefined | Value::Function(_)) {
        return "undefined".to_owned();
    }
    let mut text = String::new();
    let mut left = LONGEST;
    let mut count = |bytes: usize| {
        left = left.checked_sub(bytes).ok_or(Limit::Memory)?;
        Ok(())
    };
    // What is too long to be shown is shown as far as it was written.
    let _ = stringify(value, Style::Message, None, &mut text, &mut count);
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
    }
    text
}

/// Sentences without inserts.
fn fixed(code: &str) -> &'static str {
    match code {
        "D1004" => "Regular expression matches zero length string",
        "D1010" => "Attempted to access the Javascript object prototype",
        "D3001" => "Attempting to invoke string function on Infinity or NaN",
        "D3010" => "Second argument of replace function cannot be an empty string",
        "D3011" => "Fourth argument of replace function must evaluate to a positive number",
        "D3012" => "Attempted to replace a matched string with a non-string value",
        "D3020" => "Third argument of split function must evaluate to a positive number",
        "D3040" => "Third argument of match function must evaluate to a positive number",
        "D3050" => "The second argument of reduce function must be a function with at least two arguments",
        "D3070" => {
            "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function"
        }
        "D3080" => "The picture string must only contain a maximum of two sub-pictures",
        "D3081" => "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
        "D3082" => "The sub-picture must not contain more than one instance of the 'percent' character",
        "D3083" => "The sub-picture must not contain more than one instance of the 'per-mille' character",
        "D3084" => "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
        "D3085" => {
            "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'"
        }
        "D3086" => {
            "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character"
        }
        "D3087" => {
            "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character"
        }
        "D3088" => "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
        "D3089" => "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
        "D3090" => {
            "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'"
        }
        "D3091" => {
            "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'"
        }
        "D3092" => {
            "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'"
        }
        "D3093" => {
            "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'"
        }
        "D3131" => "In a decimal digit pattern, all digits must be from the same decimal group",
        "D3134" => "The timezone integer format specifier cannot have more than four digits",
        "D3135" => "No matching closing bracket ']' in date/time picture string",
        "D3136" => "The date/time picture string is missing specifiers required to parse the timestamp",
        "D3138" => "The $single() function expected exactly 1 matching result.  Instead it matched more.",
        "D3139" => "The $single() function expected exactly 1 matching result.  Instead it matched 0.",
        "T1006" => "Attempted to invoke a non-function",
        "T1008" => "Attempted to partially apply a non-function",
        "T2003" => "The left side of the range operator (..) must evaluate to an integer",
        "T2004" => "The right side of the range operator (..) must evaluate to an integer",
        "T2006" => "The right side of the function application operator ~> must be a function",
        "T2008" => "The expressions within an order-by clause must evaluate to numeric or string values",
        "T2013" => {
            "The transform expression clones the input object using the $clone() function.  This has been overridden in the current scope by a non-function."
        }
        _ => "The evaluation failed",
    }
}
