//! From keys to actions: data, so that a user may change it and help cannot be wrong about it.

use super::action::{Action, ENTRIES, Group};
use super::key::{Code, Key};
use super::pane::DataTab;
use crate::recording::Letter;
use std::fmt::Write as _;

/// Which sequence of keys means what.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<(Vec<Key>, Action)>,
}

/// What some keys mean so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing begins like this.
    Nothing,
    /// This and nothing else.
    Action(Action),
    /// The beginning of something longer; alone, after a moment, the given action.
    Beginning(Option<Action>),
    /// An action and the letter it wants.
    Lettered(Action, Letter),
}

impl Default for Keymap {
    fn default() -> Self {
        let sequences = ENTRIES.iter().flat_map(|entry| {
            let keys = entry.keys.split(' ').filter_map(Key::sequence);
            keys.map(|keys| (keys, entry.action))
        });
        Self { bindings: sequences.collect() }
    }
}

impl Keymap {
    /// Gives an action these keys instead of its own, and returns the actions that have none any more.
    pub fn bind(&mut self, action: Action, sequences: Vec<Vec<Key>>) -> Vec<Action> {
        self.bindings.retain(|(_, bound)| *bound != action);
        let taken = |keys: &Vec<Key>| sequences.contains(keys);
        let robbed: Vec<Action> =
            self.bindings.iter().filter(|(keys, _)| taken(keys)).map(|(_, bound)| *bound).collect();
        self.bindings.retain(|(keys, _)| !taken(keys));
        self.bindings.extend(sequences.into_iter().map(|keys| (keys, action)));
        robbed.into_iter().filter(|robbed| self.keys(*robbed).is_empty()).collect()
    }

    /// Returns the keys of an action as a configuration file writes them.
    pub fn written(&self, action: Action) -> String {
        let bound = self.bindings.iter().filter(|(_, bound)| *bound == action);
        let written = bound.map(|(keys, _)| keys.iter().map(Key::written).collect::<String>());
        written.collect::<Vec<_>>().join(" ")
    }

    /// Returns what the keys pressed so far mean.
    pub fn meaning(&self, keys: &[Key]) -> Meaning {
        let exact = self.alone(keys);
        let longer = self.bindings.iter().any(|(bound, _)| bound.len() > keys.len() && bound.starts_with(keys));
        match (exact, longer) {
            (Some(action), _) if action.wants_letter() => Meaning::Beginning(None),
            (alone, true) => Meaning::Beginning(alone),
            (Some(action), false) => Meaning::Action(action),
            (None, false) => self.lettered(keys).unwrap_or(Meaning::Nothing),
        }
    }

    /// A letter after an action that wants one.
    fn lettered(&self, keys: &[Key]) -> Option<Meaning> {
        let (last, before) = keys.split_last()?;
        let Key { code: Code::Char(c), ctrl: false } = last else { return None };
        let (_, action) = self.bindings.iter().find(|(bound, action)| bound == before && action.wants_letter())?;
        Some(Meaning::Lettered(*action, Letter::new(*c)?))
    }

    /// Returns the action of exactly these keys.
    pub fn alone(&self, keys: &[Key]) -> Option<Action> {
        self.bindings.iter().find(|(bound, _)| bound == keys).map(|(_, action)| *action)
    }

    /// Returns the first keys of an action; none when it has none.
    pub fn sequence(&self, action: Action) -> Vec<Key> {
        self.bindings.iter().find(|(_, bound)| *bound == action).map(|(keys, _)| keys.clone()).unwrap_or_default()
    }

    /// Returns what may follow the keys pressed so far: the rest of the keys and the action.
    pub fn continuations<'a>(&'a self, keys: &'a [Key]) -> impl Iterator<Item = (&'a [Key], Action)> + 'a {
        let rest = move |(bound, action): &'a (Vec<Key>, Action)| {
            let rest = bound.strip_prefix(keys).filter(|rest| !rest.is_empty())?;
            Some((rest, *action))
        };
        self.bindings.iter().filter_map(rest)
    }

    /// Returns all keys of an action as a person reads them.
    pub fn keys(&self, action: Action) -> Vec<String> {
        let letter = if action.wants_letter() { " a-z" } else { "" };
        let bound = self.bindings.iter().filter(|(_, bound)| *bound == action);
        bound.map(|(keys, _)| format!("{}{letter}", spelled(keys))).collect()
    }

    /// Tells whether the views of the data are shown by their number, as they are unless somebody bound other keys.
    pub fn numbers_views(&self) -> bool {
        let shows =
            |tab, digit| matches!(self.meaning(&[Key::char(digit)]), Meaning::Action(Action::Show(it)) if it == tab);
        DataTab::ALL.into_iter().zip('1'..).all(|(tab, digit)| shows(tab, digit))
    }

    /// Returns the first key of an action; empty when it has none.
    pub fn key(&self, action: Action) -> String {
        self.bindings.iter().find(|(_, bound)| *bound == action).map(|(keys, _)| spelled(keys)).unwrap_or_default()
    }
}

/// Returns keys as a person reads them.
pub fn spelled(keys: &[Key]) -> String {
    keys.iter().map(ToString::to_string).collect()
}

/// Returns the book's table of keys.
pub fn keys_markdown() -> String {
    let keymap = Keymap::default();
    let mut table = String::from("| Keys | What they do |\n|---|---|\n");
    for group in Group::ALL {
        let _ = writeln!(table, "| **{}** | |", group.title());
        for entry in ENTRIES.iter().filter(|entry| entry.group == group) {
            let keys: Vec<_> = keymap.keys(entry.action).iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(table, "| {} | {} |", keys.join(" "), entry.sentence);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn meaning(keys: &str) -> Meaning {
        Keymap::default().meaning(&Key::sequence(keys).unwrap())
    }

    #[test]
    fn keys_mean_actions() {
        assert_eq!(meaning("j"), Meaning::Action(Action::Down));
        assert_eq!(meaning("ctrl-d"), Meaning::Action(Action::HalfPageDown));
        assert_eq!(meaning("y"), Meaning::Beginning(None));
        assert_eq!(meaning("z"), Meaning::Beginning(Some(Action::ToggleIdle)));
        assert_eq!(meaning("zM"), Meaning::Action(Action::CloseFolds));
        assert_eq!(meaning("zx"), Meaning::Nothing);
        assert_eq!(meaning("m"), Meaning::Beginning(None), "it waits for the letter, however long that takes");
        assert_eq!(meaning("'q"), Meaning::Lettered(Action::GoToBookmark, Letter::new('q').unwrap()));
        assert_eq!(meaning("''"), Meaning::Action(Action::Bookmarks));
        assert_eq!(meaning("mA"), Meaning::Nothing);
    }

    #[test]
    fn no_sequence_means_two_things_and_every_action_has_one() {
        let keymap = Keymap::default();
        let sequences: HashSet<_> = keymap.bindings.iter().map(|(keys, _)| keys).collect();
        assert_eq!(sequences.len(), keymap.bindings.len());
        for entry in ENTRIES {
            assert!(!keymap.key(entry.action).is_empty(), "{}", entry.name);
        }
    }
}
