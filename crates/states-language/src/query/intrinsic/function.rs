//! The 18 functions: their names, how many arguments they take, and what they do.

use super::arguments::Arguments;
use super::{Refusal, arrays, numbers, text};
use crate::query::similar;
use serde_json::Value;

/// An intrinsic function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the functions' names")]
pub enum Function {
    Format,
    StringToJson,
    JsonToString,
    Array,
    ArrayPartition,
    ArrayContains,
    ArrayRange,
    ArrayGetItem,
    ArrayLength,
    ArrayUnique,
    Base64Encode,
    Base64Decode,
    Hash,
    JsonMerge,
    MathRandom,
    MathAdd,
    StringSplit,
    Uuid,
}

/// How many arguments a function takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arity {
    least: usize,
    most: usize,
    /// The same in words.
    pub(super) words: &'static str,
}

impl Arity {
    const NONE: Self = Self { least: 0, most: 0, words: "no argument" };
    const ONE: Self = Self { least: 1, most: 1, words: "1 argument" };
    const TWO: Self = Self { least: 2, most: 2, words: "2 arguments" };
    const TWO_OR_THREE: Self = Self { least: 2, most: 3, words: "2 or 3 arguments" };
    const THREE: Self = Self { least: 3, most: 3, words: "3 arguments" };
    const SOME: Self = Self { least: 1, most: usize::MAX, words: "at least 1 argument" };
    const ANY: Self = Self { least: 0, most: usize::MAX, words: "any number of arguments" };

    pub(super) fn accepts(self, count: usize) -> bool {
        (self.least..=self.most).contains(&count)
    }
}

const ALL: [(&str, Function, Arity); 18] = [
    ("States.Format", Function::Format, Arity::SOME),
    ("States.StringToJson", Function::StringToJson, Arity::ONE),
    ("States.JsonToString", Function::JsonToString, Arity::ONE),
    ("States.Array", Function::Array, Arity::ANY),
    ("States.ArrayPartition", Function::ArrayPartition, Arity::TWO),
    ("States.ArrayContains", Function::ArrayContains, Arity::TWO),
    ("States.ArrayRange", Function::ArrayRange, Arity::THREE),
    ("States.ArrayGetItem", Function::ArrayGetItem, Arity::TWO),
    ("States.ArrayLength", Function::ArrayLength, Arity::ONE),
    ("States.ArrayUnique", Function::ArrayUnique, Arity::ONE),
    ("States.Base64Encode", Function::Base64Encode, Arity::ONE),
    ("States.Base64Decode", Function::Base64Decode, Arity::ONE),
    ("States.Hash", Function::Hash, Arity::TWO),
    ("States.JsonMerge", Function::JsonMerge, Arity::THREE),
    ("States.MathRandom", Function::MathRandom, Arity::TWO_OR_THREE),
    ("States.MathAdd", Function::MathAdd, Arity::TWO),
    ("States.StringSplit", Function::StringSplit, Arity::TWO),
    ("States.UUID", Function::Uuid, Arity::NONE),
];

impl Function {
    /// Returns the function of this name, which is case-sensitive.
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().find(|(known, ..)| *known == name).map(|(_, function, _)| *function)
    }

    /// Returns the name a definition calls the function by.
    pub fn name(self) -> &'static str {
        self.entry().0
    }

    pub(super) fn arity(self) -> Arity {
        self.entry().2
    }

    fn entry(self) -> (&'static str, Self, Arity) {
        let found = ALL.iter().find(|(_, function, _)| *function == self).copied();
        found.unwrap_or(("States.Format", Self::Format, Arity::SOME))
    }

    /// Returns the name of a function that somebody may have meant.
    pub(super) fn similar(name: &str) -> Option<&'static str> {
        similar::closest(name, ALL.iter().map(|(known, ..)| *known))
    }

    /// Tells whether the function can give text.
    pub(super) fn gives_text(self) -> bool {
        matches!(
            self,
            Self::Format
                | Self::JsonToString
                | Self::ArrayGetItem
                | Self::Base64Encode
                | Self::Base64Decode
                | Self::Hash
                | Self::Uuid
        )
    }

    pub(super) fn call(self, arguments: &Arguments<'_>) -> Result<Value, Refusal> {
        match self {
            Self::Format => text::format(arguments),
            Self::StringToJson => text::to_json(arguments),
            Self::JsonToString => text::of_json(arguments),
            Self::StringSplit => text::split(arguments),
            Self::Base64Encode => text::encode(arguments),
            Self::Base64Decode => text::decode(arguments),
            Self::Hash => text::hash(arguments),
            Self::Uuid => Ok(Value::String(arguments.scope.sources.uuid())),
            Self::Array => arrays::of(arguments),
            Self::ArrayPartition => arrays::partition(arguments),
            Self::ArrayContains => arrays::contains(arguments),
            Self::ArrayRange => arrays::range(arguments),
            Self::ArrayGetItem => arrays::item(arguments),
            Self::ArrayLength => arrays::length(arguments),
            Self::ArrayUnique => arrays::unique(arguments),
            Self::JsonMerge => arrays::merge(arguments),
            Self::MathRandom => numbers::random(arguments),
            Self::MathAdd => numbers::add(arguments),
        }
    }
}
