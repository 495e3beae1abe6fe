//! Values of Terraform's expressions, with their places.

use crate::asl::{Data, Member, Node, Span};
use crate::template::definition::{placeholder, written};
use crate::template::text::Mapped;
use serde_json::Number;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub span: Span,
    pub what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    Null,
    Bool(bool),
    Number(Number),
    Text(Mapped),
    List(Vec<Value>),
    Object(Vec<Entry>),
    /// The text that `jsonencode` makes of a value, kept as the value.
    Json(Box<Value>),
    /// What only Terraform or AWS knows, and what it is called.
    Unknown(String),
}

/// A member of an object.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: Box<str>,
    pub key_span: Span,
    pub value: Value,
}

impl Value {
    pub fn new(span: Span, what: What) -> Self {
        Self { span, what }
    }

    pub fn text(span: Span, text: &str) -> Self {
        Self { span, what: What::Text(Mapped::fixed(text, span.start)) }
    }

    /// Makes an unknown value; its name loses what would end a placeholder.
    pub fn unknown(span: Span, name: &str) -> Self {
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { span, what: What::Unknown(name.replace(['$', '{', '}', '"', '\\'], "")) }
    }

    pub fn number(span: Span, number: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "the number is whole and small")]
        let whole = (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
        let number = whole.map(Number::from).or_else(|| Number::from_f64(number)).unwrap_or(Number::from(0));
        Self { span, what: What::Number(number) }
    }

    pub fn bool(span: Span, value: bool) -> Self {
        Self { span, what: What::Bool(value) }
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self.what, What::Unknown(_))
    }

    pub fn items(&self) -> Option<&[Self]> {
        match &self.what {
            What::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.what {
            What::Object(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()?.iter().rev().find(|entry| &*entry.key == key).map(|entry| &entry.value)
    }

    /// Returns the value as Terraform puts it into a text, with its places; `None` for what it does not.
    pub fn to_text(&self) -> Option<Mapped> {
        let fixed = |text: &str| Some(Mapped::fixed(text, self.span.start));
        match &self.what {
            What::Text(text) => Some(text.clone()),
            What::Bool(value) => fixed(if *value { "true" } else { "false" }),
            What::Number(number) => fixed(&number.to_string()),
            What::Unknown(name) => fixed(&format!("${{{name}}}")),
            What::Json(value) => fixed(written(&value.to_node()).trim_end()),
            What::Null | What::List(_) | What::Object(_) => None,
        }
    }

    /// Returns the text if all of it is known.
    pub fn known_text(&self) -> Option<String> {
        self.to_text().map(|text| text.text().to_owned()).filter(|text| !text.contains("${"))
    }

    pub fn as_number(&self) -> Option<f64> {
        match &self.what {
            What::Number(number) => number.as_f64(),
            What::Text(text) => text.text().parse().ok(),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match &self.what {
            What::Bool(value) => Some(*value),
            What::Text(text) => text.text().parse().ok(),
            _ => None,
        }
    }

    /// Returns the value as part of a definition.
    pub fn to_node(&self) -> Node {
        let data = match &self.what {
            What::Null => Data::Null,
            What::Bool(value) => Data::Bool(*value),
            What::Number(number) => Data::Number(number.clone()),
            What::Text(text) => Data::Text(text.text().into()),
            What::List(items) => Data::List(items.iter().map(Self::to_node).collect()),
            What::Object(entries) => Data::Object(entries.iter().map(Entry::to_member).collect()),
            What::Json(value) => Data::Text(written(&value.to_node()).trim_end().into()),
            What::Unknown(name) => return placeholder(name, self.span),
        };
        Node { span: self.span, data }
    }

    /// Makes a value of a document that was read from JSON or YAML.
    pub fn of_node(node: Node) -> Self {
        let what = match node.data {
            Data::Null => What::Null,
            Data::Bool(value) => What::Bool(value),
            Data::Number(number) => What::Number(number),
            Data::Text(text) => What::Text(Mapped::fixed(&text, node.span.start)),
            Data::List(items) => What::List(items.into_iter().map(Self::of_node).collect()),
            Data::Object(members) => What::Object(members.into_iter().map(Entry::of_member).collect()),
            Data::Placeholder(text) => What::Unknown(text.trim_start_matches("${").trim_end_matches('}').to_owned()),
        };
        Self { span: node.span, what }
    }
}

impl Entry {
    fn to_member(&self) -> Member {
        Member { key: self.key.clone(), key_span: self.key_span, value: self.value.to_node() }
    }

    fn of_member(member: Member) -> Self {
        Self { key: member.key, key_span: member.key_span, value: Value::of_node(member.value) }
    }
}
