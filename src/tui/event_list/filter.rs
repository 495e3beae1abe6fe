//! What the event list is filtered by: `type:TaskFailed state:Charge item:17 error:Timeout attempt:2 "some text"`.

use super::row;
use crate::event::Event;
use crate::history::{History, Place};
use crate::json::rows::Needle;

/// The terms that mean something of their own, as a hint.
pub const TERMS: &str = "type: state: item: attempt: error:";

/// What has to be so of an event that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    typed: String,
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    Type(Needle),
    State(Needle),
    Error(Needle),
    Item(u64),
    Attempt(u32),
    Text(Needle),
    /// A number was wanted and is not there: nothing is so.
    Never,
}

impl Filter {
    /// Understands what was typed; `None` when that is nothing.
    pub fn new(typed: &str) -> Option<Self> {
        let terms: Vec<Term> = words(typed).iter().filter_map(|word| Term::of(word)).collect();
        (!terms.is_empty()).then(|| Self { typed: typed.to_owned(), terms })
    }

    /// Returns what was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Tells whether an event is listed.
    pub fn lets_through(&self, history: &History, event: &Event) -> bool {
        self.terms.iter().all(|term| term.is_so(history, event))
    }
}

impl Term {
    fn of(word: &str) -> Option<Self> {
        let Some((name, value)) = word.split_once(':') else { return Needle::new(word).map(Self::Text) };
        let needle = |makes: fn(Needle) -> Self| Needle::new(value).map(makes);
        match name {
            "type" => needle(Self::Type),
            "state" => needle(Self::State),
            "error" => needle(Self::Error),
            // Half a term says nothing yet.
            "item" | "attempt" if value.is_empty() => None,
            "item" => Some(value.parse().map_or(Self::Never, Self::Item)),
            "attempt" => Some(value.parse().map_or(Self::Never, Self::Attempt)),
            _ => Needle::new(word).map(Self::Text),
        }
    }

    fn is_so(&self, history: &History, event: &Event) -> bool {
        match self {
            Self::Type(needle) => needle.is_in(event.kind.name()),
            Self::State(needle) => row::state(history, event).is_some_and(|name| needle.is_in(&name)),
            Self::Error(needle) => {
                let error = event.details.failure().and_then(|failure| failure.error.as_deref());
                error.is_some_and(|error| needle.is_in(error))
            }
            Self::Item(item) => items(history, event).any(|index| index == *item),
            Self::Attempt(number) => {
                let attempt = history.attempt_of(event.id);
                attempt.is_some_and(|attempt| history.attempt(attempt).number == *number)
            }
            Self::Text(needle) => row::holds(history, event, needle),
            Self::Never => false,
        }
    }
}

/// The items an event belongs to, the innermost first.
fn items<'h>(history: &'h History, event: &Event) -> impl Iterator<Item = u64> + 'h {
    let scopes = history.lineage(event.id).into_iter().flat_map(|lineage| history.scopes_above(lineage.scope));
    scopes.filter_map(|scope| match history.scope(scope).place {
        Place::Iteration { index, .. } => Some(index),
        Place::Root | Place::Branch { .. } => None,
    })
}

/// Splits at spaces; quotes keep words together, also behind the name of a term.
fn words(typed: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in typed.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_words_together() {
        for (typed, split) in [
            ("a  b", vec!["a", "b"]),
            ("state:\"Charge Card\" x", vec!["state:Charge Card", "x"]),
            ("\"open end", vec!["open end"]),
            ("  ", vec![]),
        ] {
            assert_eq!(words(typed), split, "{typed}");
        }
    }

    #[test]
    fn terms_are_known_and_half_of_one_says_nothing_yet() {
        let needle = |text: &str| Needle::new(text).unwrap();
        for (typed, term) in [
            ("type:Failed", Some(Term::Type(needle("Failed")))),
            ("item:17", Some(Term::Item(17))),
            ("item:x", Some(Term::Never)),
            ("attempt:2", Some(Term::Attempt(2))),
            ("item:", None),
            ("state:", None),
            ("s3://bucket", Some(Term::Text(needle("s3://bucket")))),
        ] {
            assert_eq!(Term::of(typed), term, "{typed}");
        }
        assert_eq!(Filter::new(" "), None);
    }
}
