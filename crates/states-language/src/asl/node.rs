//! A definition as a tree that remembers where everything stood.
//!
//! `serde_json` keeps neither positions nor the second of two equal keys, and YAML has no such tree at all; both
//! readers make this one, and everything behind them is the same.

use super::definition::Format;
use super::place::Span;
use super::{json, yaml};
use serde_json::{Map, Number, Value};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The text of the value, in the source that it was read from.
    pub span: Span,
    /// The value.
    pub data: Data,
}

/// What stands in a document: what JSON has, and what is not there yet.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Box<str>),
    /// An array.
    List(Vec<Node>),
    /// An object, its members in the order of the text.
    Object(Vec<Member>),
    /// What something else puts here before AWS sees the text, written as `${Name}`.
    Placeholder(Box<str>),
}

/// A member of an object; a key may occur twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key.
    pub key: Box<str>,
    /// The text of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// A document that is not JSON or not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The complaint: Jackson's sentence for JSON.
    pub message: String,
    /// Where the reader stopped, in bytes.
    pub at: usize,
    /// Where to look.
    pub span: Span,
}

impl Unreadable {
    fn of_yaml(error: yaml::YamlError) -> Self {
        let span = Span { start: error.at, end: error.at + 1 };
        Self { message: error.message, at: error.at as usize, span }
    }
}

impl Node {
    /// Reads a document of any shape. Of YAML only the first document counts; a tag such as `!Sub x` is read as
    /// CloudFormation's long form `{"Fn::Sub": x}`. A text without any value is `null`.
    pub fn read(text: &str, format: Format) -> Result<Self, Unreadable> {
        match format {
            Format::Json => match json::read(text) {
                Ok(Some(document)) => Ok(document.root),
                Ok(None) => Ok(Self::new(0, 0, Data::Null)),
                Err(error) => Err(Unreadable { message: error.message, at: error.at, span: error.span }),
            },
            Format::Yaml => yaml::read(text).map_err(Unreadable::of_yaml),
        }
    }

    /// Reads the first YAML document of a text as CloudFormation does, by the rules of YAML 1.1 without dates: `yes` is
    /// true and `010` is eight, except where a state is named.
    pub fn read_cloudformation(text: &str) -> Result<Self, Unreadable> {
        yaml::read_1_1(text).map_err(Unreadable::of_yaml)
    }

    /// Returns where a second YAML document begins, of which [`Node::read`] reads nothing.
    pub fn second_document(text: &str) -> Option<u32> {
        text.contains("\n---").then(|| yaml::second_document(text)).flatten()
    }

    /// Makes a value that stands between two bytes of its text.
    pub fn new(start: u32, end: u32, data: Data) -> Self {
        Self { span: Span { start, end }, data }
    }

    /// Returns the string, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the members, if it is an object.
    pub fn members(&self) -> Option<&[Member]> {
        match &self.data {
            Data::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns the items, if it is an array.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// Tells whether it is `null`.
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
            Data::Placeholder(_) => true,
            Data::Text(text) => has_substitution(text),
            Data::Object(_) => self.is_function(),
            _ => false,
        }
    }

    /// Tells whether it is an object some of whose members are only known once a template has been deployed: a key with
    /// `${Name}` in it.
    pub fn has_open_keys(&self) -> bool {
        self.members().unwrap_or_default().iter().any(|member| has_substitution(&member.key))
    }

    /// Tells whether it is one of CloudFormation's functions in the long form: `{"Ref": …}`, `{"Fn::GetAtt": …}`.
    pub fn is_function(&self) -> bool {
        match self.members() {
            Some([only]) => &*only.key == "Ref" || only.key.starts_with("Fn::"),
            _ => false,
        }
    }

    /// Returns what to call the value of a function that cannot be told yet, such as `${Charge.Arn}`.
    pub fn function_name(&self) -> String {
        let Some([Member { key, value, .. }]) = self.members() else { return "${?}".to_owned() };
        let arguments = match &value.data {
            Data::Text(text) => text.to_string(),
            Data::List(items) => items.iter().filter_map(Self::text).collect::<Vec<_>>().join("."),
            _ => String::new(),
        };
        // What closes a placeholder, or the string around it, has no place in its name.
        let arguments = arguments.replace(['$', '{', '}', '"', '\\', '\n', '\r', '\t'], "");
        match &**key {
            "Ref" | "Fn::GetAtt" | "Fn::Sub" if !arguments.is_empty() => format!("${{{arguments}}}"),
            _ if arguments.is_empty() => format!("${{{key}}}"),
            _ => format!("${{{key} {arguments}}}"),
        }
    }

    /// Returns what to call a value that is not known yet: `${Name}` as it is written, or the name in a `Ref`.
    pub(super) fn unknown(&self) -> Option<&str> {
        match &self.data {
            Data::Placeholder(written) => Some(written),
            Data::Object(members) => members.first().and_then(|member| member.value.text()),
            _ => None,
        }
    }

    /// Moves the value to other places of a text, or to another text.
    pub fn moved(&mut self, place: &impl Fn(Span) -> Span) {
        self.span = place(self.span);
        match &mut self.data {
            Data::List(items) => items.iter_mut().for_each(|item| item.moved(place)),
            Data::Object(members) => {
                for member in members {
                    member.key_span = place(member.key_span);
                    member.value.moved(place);
                }
            }
            _ => {}
        }
    }

    /// Returns the value without its positions; a placeholder becomes the text it is written as.
    pub fn to_value(&self) -> Value {
        match &self.data {
            Data::Null => Value::Null,
            Data::Placeholder(text) => Value::String(text.to_string()),
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
pub fn has_substitution(text: &str) -> bool {
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
