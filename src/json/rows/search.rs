//! Finding text in keys and values.

use super::{Kind, Label, Outline, Rows};

/// What is looked for: exactly as typed when it holds a capital, otherwise in either case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    text: String,
    exact: bool,
}

impl Needle {
    /// Looks for that text; `None` when there is nothing to look for.
    pub fn new(text: &str) -> Option<Self> {
        let exact = text.chars().any(char::is_uppercase);
        (!text.is_empty()).then(|| Self { text: text.to_owned(), exact })
    }

    /// Returns the text as typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where in a text, in bytes, it is found first.
    pub fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        if self.exact || (self.text.is_ascii() && text.is_ascii()) {
            let at = match self.exact {
                true => memchr::memmem::find(text.as_bytes(), self.text.as_bytes())?,
                false => find_ascii(text.as_bytes(), self.text.as_bytes())?,
            };
            return Some(at..at + self.text.len());
        }
        let mut lengths = text.char_indices().map(|(at, _)| at);
        lengths.find_map(|at| {
            let rest = text.get(at..)?;
            let mut end = 0;
            let mut wanted = self.text.chars();
            for c in rest.chars() {
                let Some(want) = wanted.next() else { break };
                if !c.to_lowercase().eq(want.to_lowercase()) {
                    return None;
                }
                end += c.len_utf8();
            }
            wanted.next().is_none().then_some(at..at + end)
        })
    }

    /// Tells whether a text holds it.
    pub fn is_in(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
}

fn find_ascii(text: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(lower, upper, text)
        .find(|at| text.get(*at..*at + needle.len()).is_some_and(|part| part.eq_ignore_ascii_case(needle)))
}

impl Rows {
    /// Tells whether a row's label or its own value (not what stands below it) holds the text.
    pub fn holds(&self, index: usize, needle: &Needle) -> bool {
        let has_own_value = self.get(index).is_some_and(|row| {
            !matches!(
                row.kind,
                Kind::Object | Kind::Array | Kind::Encoded { .. } | Kind::Lines | Kind::NoJson | Kind::Cut
            )
        });
        self.is_called(index, needle) || (has_own_value && needle.is_in(&self.value(index)))
    }

    /// Tells whether a row's label holds the text.
    pub fn is_called(&self, index: usize, needle: &Needle) -> bool {
        matches!(self.label(index), Label::Key(key) if needle.is_in(&key))
    }

    /// Returns the rows that hold the text, in order.
    pub fn find(&self, needle: &Needle) -> Vec<u32> {
        let held = (0..self.len()).filter(|index| self.holds(*index, needle));
        held.filter_map(|index| u32::try_from(index).ok()).collect()
    }
}
