//! Where values come from that AWS draws anew: ids and tokens somebody made up, times, random numbers.
//!
//! A difference is excused only where such a value is known to have been drawn: one the interpreter made up itself, or
//! one in a state whose expressions ask for times or chance. From there on it is followed by its value.

use super::Pair;
use super::placeholder;
use super::same::Unchecked;
use crate::event::Timestamp;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How short a text may be to be looked for inside of others.
const SHORTEST: usize = 8;

/// What is known about values that are drawn anew.
pub(super) struct Origins<'a> {
    /// What the interpreter made up.
    drawn: &'a HashSet<Arc<str>>,
    /// Texts that stand for what nobody recorded of who the execution was.
    missing: &'a [&'static str],
    definition: Option<&'a Value>,
    /// Whether the recording says that something was taken out of it.
    pub(super) redacted: bool,
    /// By state: what its expressions ask for. Found out when first needed.
    states: Option<HashMap<&'a str, Asks>>,
    /// Pairs that were excused before: what was recorded and what the replay has.
    learned: HashMap<Value, HashSet<Value>>,
    /// When the replay began and ended.
    pub(super) window: (Timestamp, Timestamp),
}

/// What the expressions of a state ask for.
#[derive(Debug, Clone, Copy, Default)]
struct Asks {
    time: bool,
    chance: bool,
    ids: bool,
}

impl<'a> Origins<'a> {
    pub(super) fn new(pair: &Pair<'a>, definition: Option<&'a Value>, window: (Timestamp, Timestamp)) -> Self {
        let &Pair { drawn, missing, redacted, .. } = pair;
        Self { drawn, missing, definition, redacted, states: None, learned: HashMap::new(), window }
    }

    /// Returns why a difference is none.
    pub(super) fn excuse(&mut self, expected: &Value, actual: &Value, states: [Option<&str>; 2]) -> Option<Unchecked> {
        let reason = self.reason(expected, actual, states)?;
        self.learned.entry(actual.clone()).or_default().insert(expected.clone());
        Some(reason)
    }

    fn reason(&mut self, expected: &Value, actual: &Value, states: [Option<&str>; 2]) -> Option<Unchecked> {
        if self.learned.get(actual).is_some_and(|recorded| recorded.contains(expected)) {
            return Some(Unchecked::MadeUp);
        }
        if let (Value::String(expected), Value::String(actual)) = (expected, actual)
            && self.missing.iter().any(|missing| actual.contains(missing))
            && self.holds_drawn(expected, actual)
        {
            return Some(Unchecked::Identity);
        }
        if let (Value::String(expected), Value::String(actual)) = (expected, actual)
            && (self.holds_drawn(expected, actual) || self.holds_learned(expected, actual))
        {
            return Some(Unchecked::MadeUp);
        }
        let asks = self.asks(states);
        match (expected, actual) {
            (Value::String(expected), Value::String(actual)) => {
                let time = asks.time && is_time(expected) && is_time(actual);
                let id = asks.ids && is_uuid(expected) && is_uuid(actual);
                time.then_some(Unchecked::Time).or(id.then_some(Unchecked::MadeUp))
            }
            (Value::Number(expected), Value::Number(actual)) => {
                let near = |number: &serde_json::Number| number.as_i64().is_some_and(|it| self.is_near(it));
                let time = asks.time && near(expected) && near(actual);
                let random = asks.chance && expected.is_f64() == actual.is_f64();
                time.then_some(Unchecked::Time).or(random.then_some(Unchecked::Random))
            }
            _ => None,
        }
    }

    /// Tells whether a number is the milliseconds or seconds of a time within a day of the run.
    fn is_near(&self, number: i64) -> bool {
        let (from, to) = (self.window.0.as_millis() - 86_400_000, self.window.1.as_millis() + 86_400_000);
        (from..=to).contains(&number) || (from..=to).contains(&number.saturating_mul(1000))
    }

    /// Tells whether a value is one that is drawn anew, or a text that holds such a one. Only there may a placeholder of
    /// the recording stand for it: other text that looks like a placeholder, such as `<b>`, is data.
    pub(super) fn is_drawn(&self, actual: &Value) -> bool {
        match actual {
            Value::Number(number) => number.as_i64().is_some_and(|number| self.is_near(number)),
            Value::String(text) => {
                let made_up = |drawn: &Arc<str>| drawn.len() >= SHORTEST && text.contains(&**drawn);
                let mut times = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | ':' | '.' | '+'));
                let mut ids = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
                times.any(is_like_time) || ids.any(is_uuid) || self.drawn.iter().any(made_up)
            }
            _ => false,
        }
    }

    /// Tells whether a plain word of the recording stands where a value like this one was: a time, an id or a random
    /// number that an expression of the state asks for, or that came with the input of the execution, which the
    /// recording holds a second time as it was. From there on the pair is known.
    pub(super) fn stood_here(&mut self, word: &str, actual: &Value, states: [Option<&str>; 2]) -> bool {
        let word = Value::from(word);
        if self.learned.get(actual).is_some_and(|recorded| recorded.contains(&word)) {
            return true;
        }
        let asks = match states {
            [None, None] => Asks { time: true, chance: false, ids: true },
            states => self.asks(states),
        };
        let stood = match actual {
            Value::Number(number) => asks.chance || asks.time && number.as_i64().is_some_and(|it| self.is_near(it)),
            Value::String(text) => {
                asks.time && is_like_time(&text.replace(' ', "T"))
                    || asks.ids && is_uuid(text)
                    || self.drawn.contains(&**text)
            }
            _ => false,
        };
        if stood {
            self.learned.entry(actual.clone()).or_default().insert(word);
        }
        stood
    }

    /// Tells whether a text is another one but for what was made up in it.
    fn holds_drawn(&self, expected: &str, actual: &str) -> bool {
        let mut cuts: Vec<(usize, usize)> = Vec::new();
        let drawn = self.drawn.iter().map(|drawn| &**drawn).chain(self.missing.iter().copied());
        for drawn in drawn.filter(|drawn| drawn.len() >= SHORTEST && drawn.len() <= actual.len()) {
            cuts.extend(actual.match_indices(drawn).map(|(at, found)| (at, at + found.len())));
        }
        if cuts.is_empty() {
            return false;
        }
        cuts.sort_unstable_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
        let (mut parts, mut at) = (Vec::new(), 0);
        for (start, end) in cuts {
            if start >= at {
                parts.extend(actual.get(at..start));
                at = end;
            }
        }
        parts.extend(actual.get(at..));
        placeholder::glob(&parts, expected)
    }

    fn holds_learned(&self, expected: &str, actual: &str) -> bool {
        self.learned.iter().any(|(known, recorded)| {
            let Some(known) = known.as_str().filter(|known| known.len() >= SHORTEST && actual.contains(*known)) else {
                return false;
            };
            recorded.iter().filter_map(Value::as_str).any(|recorded| actual.replace(known, recorded) == expected)
        })
    }

    fn asks(&mut self, states: [Option<&str>; 2]) -> Asks {
        let definition = self.definition;
        let known = self.states.get_or_insert_with(|| {
            let mut found = HashMap::new();
            definition.into_iter().for_each(|definition| walk(definition, &mut found));
            found
        });
        let found = states.into_iter().flatten().filter_map(|state| known.get(state));
        found.fold(Asks::default(), |all, one| Asks {
            time: all.time | one.time,
            chance: all.chance | one.chance,
            ids: all.ids | one.ids,
        })
    }
}

fn walk<'a>(value: &'a Value, found: &mut HashMap<&'a str, Asks>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let (true, Value::Object(states)) = (name == "States", member) {
                    found.extend(states.iter().map(|(state, fields)| (state.as_str(), asks_of(fields))));
                }
                walk(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
        _ => {}
    }
}

/// Tells whether a text has the look of a time, even of one that does not exist: a run may have failed for that.
fn is_like_time(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte))
}

/// Returns what the fields of a state ask for, those of the states inside it left out.
fn asks_of(state: &Value) -> Asks {
    let mut asks = Asks::default();
    let Value::Object(fields) = state else { return asks };
    for (name, field) in fields {
        if matches!(name.as_str(), "Branches" | "Iterator" | "ItemProcessor" | "Comment") {
            continue;
        }
        let text = field.to_string();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        asks.time |= has(&["$now", "$millis", "Time", "\"$$\"", "$states.context", "$$.Execution\"", "$$.State\""]);
        asks.chance |= has(&["MathRandom", "$random", "$shuffle"]);
        asks.ids |= has(&["UUID", "$uuid"]);
    }
    asks
}

/// Tells whether a text begins like a time: `2026-09-01T12:00:00`.
fn is_time(text: &str) -> bool {
    text.get(..19).is_some_and(|start| Timestamp::parse_iso(&format!("{start}Z")).is_some())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text
            .char_indices()
            .all(|(at, c)| if matches!(at, 8 | 13 | 18 | 23) { c == '-' } else { c.is_ascii_hexdigit() })
}
