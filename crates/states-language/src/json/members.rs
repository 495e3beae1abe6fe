//! One object taken apart: its names, and where the values stand, without looking into them.

use super::SharedBytes;
use super::scan::{Literal, Progress, Scanner, Surprise};
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Objects with more members are not taken apart: nothing has so many, and each costs memory.
pub const MOST_MEMBERS: usize = 100_000;

/// A member of an object: its name and the text of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name, decoded.
    pub name: Box<str>,
    /// The value's JSON text.
    pub value: SharedBytes,
}

/// The members of one JSON object in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Members(Vec<Member>);

/// Text that is no JSON object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembersError {
    /// Where in the text, in bytes, as far as known.
    pub offset: usize,
    /// What is wrong.
    pub reason: String,
}

impl Members {
    /// Takes an object apart. Values are stepped over, not parsed: one that is no JSON may go unnoticed until somebody
    /// looks at it.
    pub fn of(text: &SharedBytes) -> Result<Self, MembersError> {
        let members = Self::by_scanner(text).or_else(|_| Self::by_parser(text))?;
        if members.0.len() > MOST_MEMBERS {
            return Err(MembersError { offset: 0, reason: format!("it has more than {MOST_MEMBERS} members") });
        }
        Ok(members)
    }

    fn by_scanner(text: &SharedBytes) -> Result<Self, Surprise> {
        let mut scanner = Scanner::new(text);
        let mut members = Vec::with_capacity(6);
        let mut progress = Progress::Opened;
        scanner.expect(b'{')?;
        while let Some(name) = scanner.next_member(&mut progress)? {
            members.push(Member::new(name, scanner.value()?, text).ok_or_else(|| scanner.surprise())?);
            if members.len() > MOST_MEMBERS {
                return Ok(Self(members));
            }
        }
        match scanner.peek() {
            None => Ok(Self(members)),
            Some(_) => Err(scanner.surprise()),
        }
    }

    /// The full parser knows what is wrong, or that nothing is.
    fn by_parser(text: &SharedBytes) -> Result<Self, MembersError> {
        let fail = |error: serde_json::Error| MembersError { offset: offset_of(text, &error), reason: reason(&error) };
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        let pairs = deserializer.deserialize_map(Pairs).map_err(fail)?;
        deserializer.end().map_err(fail)?;
        let member = |(name, value): (Cow<'_, str>, &RawValue)| {
            let range = text.range_of(value.get().as_bytes())?;
            Some(Member { name: name.into(), value: text.slice(range)? })
        };
        let outside = || MembersError { offset: 0, reason: "a value lies outside of its document".to_owned() };
        pairs.into_iter().map(|pair| member(pair).ok_or_else(outside)).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the first member of that name.
    pub fn get(&self, name: &str) -> Option<&SharedBytes> {
        self.0.iter().find(|member| &*member.name == name).map(|member| &member.value)
    }

    /// Takes out the first member of that name.
    pub fn take(&mut self, name: &str) -> Option<SharedBytes> {
        let position = self.0.iter().position(|member| &*member.name == name)?;
        Some(self.0.remove(position).value)
    }

    /// Returns the members.
    pub fn iter(&self) -> std::slice::Iter<'_, Member> {
        self.0.iter()
    }

    /// Tells whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns what is left.
    pub fn into_vec(self) -> Vec<Member> {
        self.0
    }
}

impl FromIterator<Member> for Members {
    fn from_iter<T: IntoIterator<Item = Member>>(members: T) -> Self {
        Self(members.into_iter().collect())
    }
}

impl Member {
    /// A member whose value was found in a text; `None` if it was not found in that one.
    pub fn new(name: Literal<'_>, value: &[u8], text: &SharedBytes) -> Option<Self> {
        Some(Self { name: name.decode().into(), value: text.slice(text.range_of(value)?)? })
    }
}

/// The texts of the elements of an array, one after the other; of a broken one, those before the break.
pub fn elements(text: &SharedBytes) -> impl Iterator<Item = SharedBytes> + '_ {
    let mut scanner = Scanner::new(text);
    let mut progress = scanner.expect(b'[').is_ok().then_some(Progress::Opened);
    std::iter::from_fn(move || {
        let more = scanner.next_element(progress.as_mut()?);
        let element = match more {
            Ok(true) => scanner.value().ok().and_then(|value| text.slice(text.range_of(value)?)),
            _ => None,
        };
        if element.is_none() {
            progress = None;
        }
        element
    })
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::with_capacity(6);
        while let Some(name) = map.next_key::<&RawValue>()? {
            if pairs.len() > MOST_MEMBERS {
                return Err(A::Error::custom("too many members"));
            }
            let name = match serde_json::from_str::<&str>(name.get()) {
                Ok(name) => Cow::Borrowed(name),
                Err(_) => Cow::Owned(serde_json::from_str(name.get()).map_err(A::Error::custom)?),
            };
            pairs.push((name, map.next_value()?));
        }
        Ok(pairs)
    }
}

fn offset_of(text: &[u8], error: &serde_json::Error) -> usize {
    let before = text.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    before.map(<[u8]>::len).sum::<usize>() + error.column().saturating_sub(1)
}

fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &'static str) -> Result<Vec<(String, String)>, MembersError> {
        let members = Members::of(&SharedBytes::new(text.as_bytes()))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(members.into_vec().into_iter().map(|member| (member.name.into(), text(&member.value))).collect())
    }

    #[test]
    fn values_are_cut_out_as_they_stand() {
        let expected = [("a", r#""x\"y""#), ("b\n", "{ \"c\": [1] }"), ("a", "null")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(names(r#" {"a":"x\"y", "b\n" : { "c": [1] },"a":null}"#).unwrap(), expected);
        assert_eq!(names("{}").unwrap(), []);
    }

    #[test]
    fn damage_is_located() {
        assert_eq!(names("{\"a\":1,\n\"b\" 2}").unwrap_err().offset, 12);
        assert!(names("[1]").is_err());
        assert!(names("{} x").is_err());
    }

    #[test]
    fn elements_before_a_break_are_there() {
        let of = |text: &'static str| elements(&SharedBytes::new(text.as_bytes())).count();
        assert_eq!([of("[1, [2, 3], \"]\"]"), of("[]"), of("{}"), of("[{}, [1"), of("[1 2]")], [3, 0, 0, 1, 1]);
    }
}
