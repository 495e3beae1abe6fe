//! A definition as a tree that remembers where everything stood.
//!
//! `serde_json` keeps neither positions nor the second of two equal keys, and YAML has no such tree at all; both
//! readers make this one, and everything behind them is the same.

use super::place::Span;
use serde_json::{Map, Number, Value};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub span: Span,
    pub data: Data,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data {
    Null,
    Bool(bool),
    Number(Number),
    Text(Box<str>),
    List(Vec<Node>),
    Object(Vec<Member>),
    /// `${Name}` outside quotes, or a CloudFormation tag: something else puts a value here before AWS sees the text.
    Placeholder,
}

/// A member of an object; a key may occur twice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub key: Box<str>,
    pub key_span: Span,
    pub value: Node,
}

impl Node {
    pub fn new(start: u32, end: u32, data: Data) -> Self {
        Self { span: Span { start, end }, data }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn members(&self) -> Option<&[Member]> {
        match &self.data {
            Data::Object(members) => Some(members),
            _ => None,
        }
    }

    pub fn items(&self) -> Option<&[Self]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        self.data == Data::Null
    }

    /// Returns the member of that name; of two, the later one, as every JSON reader of AWS does.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members()?.iter().rev().find(|member| &*member.key == key).map(|member| &member.value)
    }

    /// Returns the member of that name, or the item of that number, and where it begins, a member with its key.
    pub fn step(&self, step: &str) -> Option<(u32, &Self)> {
        match &self.data {
            Data::Object(members) => {
                let member = members.iter().rev().find(|member| &*member.key == step)?;
                Some((member.key_span.start, &member.value))
            }
            Data::List(items) => items.get(step.parse::<usize>().ok()?).map(|item| (item.span.start, item)),
            _ => None,
        }
    }

    /// Returns the value inside this one, or this one itself, that takes exactly that part of the text.
    pub fn at(&self, span: Span) -> Option<&Self> {
        if self.span == span {
            return Some(self);
        }
        self.children().find(|child| child.span.encloses(span)).and_then(|child| child.at(span))
    }

    /// Returns the key under which the value stands that takes exactly that part of the text.
    pub fn key_of(&self, span: Span) -> Option<Span> {
        let own = self.members().unwrap_or_default().iter().find(|member| member.value.span == span);
        own.map(|member| member.key_span)
            .or_else(|| self.children().find(|child| child.span.encloses(span)).and_then(|child| child.key_of(span)))
    }

    fn children(&self) -> impl Iterator<Item = &Self> {
        let members = self.members().unwrap_or_default().iter().map(|member| &member.value);
        members.chain(self.items().unwrap_or_default())
    }

    /// Returns the value at a location such as `/States/Pick/Choices[0]`. Names may hold `/` and `[`: the longest that
    /// fits is meant.
    pub fn at_location(&self, location: &str) -> Option<&Self> {
        if location.is_empty() {
            return Some(self);
        }
        match &self.data {
            Data::Object(members) => {
                let rest = location.strip_prefix('/')?;
                let fits = |member: &&Member| {
                    let after = rest.strip_prefix(&*member.key);
                    after.is_some_and(|after| after.is_empty() || after.starts_with(['/', '[']))
                };
                let member = members.iter().filter(fits).max_by_key(|member| member.key.len())?;
                member.value.at_location(rest.get(member.key.len()..)?)
            }
            Data::List(items) => {
                let (index, rest) = location.strip_prefix('[')?.split_once(']')?;
                items.get(index.parse::<usize>().ok()?)?.at_location(rest)
            }
            _ => None,
        }
    }

    /// Tells whether the value, or part of it, is only known once a template has been deployed: `${Name}` in a text,
    /// `{"Fn::GetAtt": …}`, `{"Ref": …}`, or a YAML tag such as `!Sub`.
    pub fn is_substitution(&self) -> bool {
        match &self.data {
            Data::Placeholder => true,
            Data::Text(text) => has_substitution(text),
            Data::Object(members) => match members.as_slice() {
                [only] => &*only.key == "Ref" || only.key.starts_with("Fn::"),
                _ => false,
            },
            _ => false,
        }
    }

    /// Returns the value without its positions.
    pub fn to_value(&self) -> Value {
        match &self.data {
            Data::Null | Data::Placeholder => Value::Null,
            Data::Bool(value) => Value::Bool(*value),
            Data::Number(number) => Value::Number(number.clone()),
            Data::Text(text) => Value::String(text.to_string()),
            Data::List(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Data::Object(members) => Value::Object(
                members.iter().map(|member| (member.key.to_string(), member.value.to_value())).collect::<Map<_, _>>(),
            ),
        }
    }
}

/// Finds `${Name}`, as CloudFormation, SAM and Terraform write what they will replace.
///
/// A JSONata expression has no use for `${`, and a JSONPath has not either.
pub(super) fn has_substitution(text: &str) -> bool {
    text.split("${").skip(1).any(|rest| rest.find('}').is_some_and(|end| end > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substitutions_are_told_from_other_text() {
        for (text, expected) in [("${Arn}", true), ("arn:${AWS::Region}:x", true), ("${}", false), ("$.a", false)] {
            assert_eq!(has_substitution(text), expected, "{text}");
        }
    }
}
