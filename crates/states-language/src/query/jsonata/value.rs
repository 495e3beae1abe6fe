//! Values of an evaluation. What comes from the document is borrowed and converted only as far as it is looked at.

use super::failure::Limit;
use super::function::Function;
use super::number::Number;
use super::text::{Text, half_of, leaving};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};
use std::fmt::Write as _;
use std::rc::Rc;

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Value<'v> {
    Undefined,
    Null,
    Bool(bool),
    Number(Number),
    Text(Text<'v>),
    Array(Rc<Array<'v>>),
    Object(Rc<Object<'v>>),
    GivenArray(&'v [Json]),
    GivenObject(&'v Map<String, Json>),
    Function(Rc<Function<'v>>),
}

/// An array an evaluation has made.
#[derive(Debug, Clone, Default)]
pub(super) struct Array<'v> {
    items: Vec<Value<'v>>,
    /// Made by a path or a function of higher order: without items it is undefined, with one it is that item.
    pub(super) sequence: bool,
    /// A sequence of one item that stays an array, for `[]` was written.
    pub(super) keep: bool,
    /// Made by an array constructor in a path, and not to be flattened.
    pub(super) cons: bool,
    /// The items are tuples: objects with a context under `@` and variables.
    pub(super) tuples: bool,
    nesting: Nesting,
}

/// An object an evaluation has made.
#[derive(Debug, Clone, Default)]
pub(super) struct Object<'v> {
    members: IndexMap<Text<'v>, Value<'v>>,
    nesting: Nesting,
}

/// How deep a value is nested, and whether there is a function in it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Nesting {
    pub(super) depth: u16,
    pub(super) functions: bool,
}

impl Nesting {
    fn add(&mut self, value: &Value<'_>) {
        let inner = value.nesting();
        self.depth = self.depth.max(inner.depth.saturating_add(1));
        self.functions |= inner.functions;
    }
}

impl<'v> Array<'v> {
    pub(super) fn of(items: Vec<Value<'v>>) -> Self {
        let mut nesting = Nesting { depth: 1, functions: false };
        items.iter().for_each(|item| nesting.add(item));
        Self { items, nesting, ..Self::default() }
    }

    pub(super) fn sequence(items: Vec<Value<'v>>) -> Self {
        Self { sequence: true, ..Self::of(items) }
    }

    /// Tuples, in a sequence.
    pub(super) fn of_tuples(tuples: Vec<Value<'v>>) -> Self {
        Self { tuples: true, ..Self::sequence(tuples) }
    }

    /// Other items in an array of the same kind.
    pub(super) fn with_items(&self, items: Vec<Value<'v>>) -> Self {
        let Self { sequence, keep, cons, tuples, .. } = *self;
        Self { sequence, keep, cons, tuples, ..Self::of(items) }
    }

    pub(super) fn push(&mut self, item: Value<'v>) {
        self.nesting.add(&item);
        self.items.push(item);
    }

    /// Adds the items of an array, or the value itself when it is none.
    pub(super) fn extend(&mut self, value: &Value<'v>) {
        match value.array() {
            Some(items) => items.iter().for_each(|item| self.push(item)),
            None => self.push(value.clone()),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn items(&self) -> &[Value<'v>] {
        &self.items
    }
}

impl<'v> Object<'v> {
    pub(super) fn insert(&mut self, key: Text<'v>, value: Value<'v>) {
        self.nesting.add(&value);
        self.members.insert(key, value);
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.members.shift_remove(key);
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value<'v>> {
        self.members.get(key)
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Text<'v>, &Value<'v>)> {
        self.members.iter()
    }
}

impl<'v> FromIterator<(Text<'v>, Value<'v>)> for Object<'v> {
    fn from_iter<I: IntoIterator<Item = (Text<'v>, Value<'v>)>>(members: I) -> Self {
        let mut object = Self::default();
        members.into_iter().for_each(|(key, value)| object.insert(key, value));
        object
    }
}

/// The items of an array, wherever it is from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Items<'a, 'v> {
    Made(&'a [Value<'v>]),
    Given(&'v [Json]),
}

impl<'v> Items<'_, 'v> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Made(items) => items.len(),
            Self::Given(items) => items.len(),
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<Value<'v>> {
        match self {
            Self::Made(items) => items.get(index).cloned(),
            Self::Given(items) => items.get(index).map(Value::given),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Value<'v>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// The members of an object, wherever it is from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Members<'a, 'v> {
    Made(&'a Object<'v>),
    Given(&'v Map<String, Json>),
}

impl<'v> Members<'_, 'v> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Made(object) => object.len(),
            Self::Given(members) => members.len(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<Value<'v>> {
        match self {
            Self::Made(object) => object.get(key).cloned(),
            Self::Given(members) => members.get(key).map(Value::given),
        }
    }

    pub(super) fn list(&self) -> Vec<(Text<'v>, Value<'v>)> {
        match self {
            Self::Made(object) => object.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            Self::Given(members) => {
                members.iter().map(|(key, value)| (Text::Given(key), Value::given(value))).collect()
            }
        }
    }
}

impl<'v> Value<'v> {
    /// Borrows a value of the document.
    pub(super) fn given(value: &'v Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(Number::of_json(number)),
            Json::String(text) => Self::Text(Text::Given(text)),
            Json::Array(items) => Self::GivenArray(items),
            Json::Object(members) => Self::GivenObject(members),
        }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(Text::from(text.into()))
    }

    pub(super) fn int(value: usize) -> Self {
        Self::Number(Number::of_size(value))
    }

    pub(super) fn double(value: f64) -> Self {
        Self::Number(Number::of(value))
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(Array::of(items)))
    }

    pub(super) fn sequence(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(Array::sequence(items)))
    }

    pub(super) fn object(object: Object<'v>) -> Self {
        Self::Object(Rc::new(object))
    }

    pub(super) fn function(function: Function<'v>) -> Self {
        Self::Function(Rc::new(function))
    }

    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self, Self::Array(_) | Self::GivenArray(_))
    }

    /// Tells whether a value is a sequence, which stands for its item when it has only one.
    pub(super) fn is_sequence(&self) -> bool {
        matches!(self, Self::Array(array) if array.sequence)
    }

    pub(super) fn is_tuples(&self) -> bool {
        matches!(self, Self::Array(array) if array.tuples)
    }

    pub(super) fn is_cons(&self) -> bool {
        matches!(self, Self::Array(array) if array.cons)
    }

    pub(super) fn array(&self) -> Option<Items<'_, 'v>> {
        match self {
            Self::Array(array) => Some(Items::Made(array.items())),
            Self::GivenArray(items) => Some(Items::Given(items)),
            _ => None,
        }
    }

    /// Returns the items of an array, or the value as the only item.
    pub(super) fn items(&self) -> Items<'_, 'v> {
        self.array().unwrap_or_else(|| Items::Made(std::slice::from_ref(self)))
    }

    pub(super) fn members(&self) -> Option<Members<'_, 'v>> {
        match self {
            Self::Object(object) => Some(Members::Made(object)),
            Self::GivenObject(members) => Some(Members::Given(members)),
            _ => None,
        }
    }

    /// Returns a member of an object; nothing of anything else.
    pub(super) fn member(&self, key: &str) -> Self {
        self.members().and_then(|members| members.get(key)).unwrap_or(Self::Undefined)
    }

    pub(super) fn as_text(&self) -> Option<&Text<'v>> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn as_function(&self) -> Option<&Rc<Function<'v>>> {
        match self {
            Self::Function(function) => Some(function),
            _ => None,
        }
    }

    /// What a document holds is not deeper than JSON text may be.
    pub(super) fn nesting(&self) -> Nesting {
        match self {
            Self::Array(array) => array.nesting,
            Self::Object(object) => object.nesting,
            Self::Function(_) => Nesting { depth: 1, functions: true },
            _ => Nesting::default(),
        }
    }

    /// Tells whether two values are one and the same, as `===` of JavaScript does.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(left), Self::Array(right)) => Rc::ptr_eq(left, right),
            (Self::Object(left), Self::Object(right)) => Rc::ptr_eq(left, right),
            (Self::Function(left), Self::Function(right)) => left.is_same(right),
            (Self::GivenArray(left), Self::GivenArray(right)) => std::ptr::eq(*left, *right),
            (Self::GivenObject(left), Self::GivenObject(right)) => std::ptr::eq(*left, *right),
            (Self::Undefined, Self::Undefined) | (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            _ => false,
        }
    }

    /// Tells whether two values are equal in all their parts; every pair of parts compared is counted.
    pub(super) fn is_equal(&self, other: &Self, count: &mut dyn FnMut() -> Result<(), Limit>) -> Result<bool, Limit> {
        count()?;
        if self.is_same(other) {
            return Ok(true);
        }
        if let (Some(left), Some(right)) = (self.array(), other.array()) {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (left, right) in left.iter().zip(right.iter()) {
                if !left.is_equal(&right, count)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let (Some(left), Some(right)) = (self.members(), other.members()) else { return Ok(false) };
        if left.len() != right.len() {
            return Ok(false);
        }
        for (key, value) in left.list() {
            match right.get(&key) {
                Some(other) if value.is_equal(&other, count)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}

/// Why a result is no JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoJson {
    /// It is undefined.
    Undefined,
    /// It is or holds a function or a regular expression.
    Function,
    /// It is larger than a payload may be.
    TooLarge,
}

/// Converts a result.
pub(super) fn to_json(value: &Value<'_>) -> Result<Json, NoJson> {
    /// More memory than any payload takes: what is larger is refused rather than built.
    const MAX_BYTES: usize = 64 << 20;
    Writer { left: MAX_BYTES }.value(value)
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

    fn value(&mut self, value: &Value<'_>) -> Result<Json, NoJson> {
        /// About what a value takes without its text.
        const VALUE_BYTES: usize = 32;
        self.spend(VALUE_BYTES)?;
        match value {
            Value::Null => Ok(Json::Null),
            Value::Bool(value) => Ok(Json::Bool(*value)),
            Value::Number(number) => Ok(number.to_json()),
            Value::Text(text) => self.spend(text.len()).map(|()| Json::String(leaving(text).into_owned())),
            Value::Array(_) | Value::GivenArray(_) => {
                let items = value.items();
                let mut array = Vec::with_capacity(items.len());
                for item in items.iter() {
                    array.push(match self.value(&item) {
                        Err(NoJson::Undefined) => Json::Null,
                        item => item?,
                    });
                }
                Ok(Json::Array(array))
            }
            Value::Object(_) | Value::GivenObject(_) => self.object(value),
            Value::Undefined => Err(NoJson::Undefined),
            Value::Function(_) => Err(NoJson::Function),
        }
    }

    fn object(&mut self, value: &Value<'_>) -> Result<Json, NoJson> {
        const MEMBER_BYTES: usize = 64;
        let members = value.members().map(|members| members.list()).unwrap_or_default();
        let mut object = Map::with_capacity(members.len());
        for (key, member) in members {
            self.spend(key.len() + MEMBER_BYTES)?;
            match self.value(&member) {
                Err(NoJson::Undefined) => {}
                member => {
                    object.insert(leaving(&key).into_owned(), member?);
                }
            }
        }
        Ok(Json::Object(object))
    }
}

/// How numbers and functions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As `$string` writes them: 15 digits at most, functions as empty texts.
    String,
    /// As in an error message: all digits.
    Message,
}

/// Writes a value as JavaScript's `JSON.stringify` does; every part is counted with its length.
pub(super) fn stringify(
    value: &Value<'_>,
    style: Style,
    indent: Option<usize>,
    text: &mut String,
    count: &mut dyn FnMut(usize) -> Result<(), Limit>,
) -> Result<(), NotText> {
    let before = text.len();
    match value {
        Value::Undefined | Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => match (style, number.is_finite()) {
            (Style::String, false) if !number.is_nan() => return Err(NotText::Infinite),
            (_, false) => text.push_str("null"),
            (Style::String, true) => text.push_str(&number.text()),
            (Style::Message, true) => write_to(text, *number),
        },
        Value::Text(value) => quote(value, text),
        Value::Function(_) => text.push_str(if style == Style::String { "\"\"" } else { "null" }),
        Value::Array(_) | Value::GivenArray(_) => {
            let items = value.items();
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(text, index, indent);
                stringify(&item, style, indent.map(|indent| indent + 2), text, count)?;
            }
            close(text, ']', items.len(), indent);
        }
        Value::Object(_) | Value::GivenObject(_) => {
            let members = value.members().map(|members| members.list()).unwrap_or_default();
            let mut written = 0;
            text.push('{');
            for (key, member) in members {
                if member.is_undefined() {
                    continue;
                }
                separate(text, written, indent);
                written += 1;
                quote(&key, text);
                text.push_str(if indent.is_some() { ": " } else { ":" });
                stringify(&member, style, indent.map(|indent| indent + 2), text, count)?;
            }
            close(text, '}', written, indent);
        }
    }
    count((text.len() - before).min(64) + 8).map_err(NotText::Limit)
}

/// Why a value could not be written.
#[derive(Debug)]
pub(super) enum NotText {
    Limit(Limit),
    /// There is no such number in JSON.
    Infinite,
}

fn separate(text: &mut String, index: usize, indent: Option<usize>) {
    if index > 0 {
        text.push(',');
    }
    if let Some(indent) = indent {
        text.push('\n');
        text.push_str(&" ".repeat(indent + 2));
    }
}

fn close(text: &mut String, bracket: char, count: usize, indent: Option<usize>) {
    if let Some(indent) = indent
        && count > 0
    {
        text.push('\n');
        text.push_str(&" ".repeat(indent));
    }
    text.push(bracket);
}

fn quote(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if control < ' ' => write_to(text, format_args!("\\u{:04x}", u32::from(control))),
            other => match half_of(other) {
                Some(half) => write_to(text, format_args!("\\u{half:04x}")),
                None => text.push(other),
            },
        }
    }
    text.push('"');
}

fn write_to(text: &mut String, value: impl std::fmt::Display) {
    let written = write!(text, "{value}");
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}
