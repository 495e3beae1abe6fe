//! Which states that are gone are those that are new, under another name.

use super::flat::{Flat, Flattened, retarget};
use serde_json::Value;

/// Of the members that either has, so large a part must be the same, in percent.
const ALIKE: usize = 60;

/// More states than this are not paired by likeness, which takes the square of their number.
const MOST: usize = 400;

/// Pairs old names with new ones: first those that are the same but for their name, then those that are alike.
pub(super) fn names(old: &Flat, new: &Flat) -> Vec<(String, String)> {
    let gone: Vec<&String> = old.states.keys().filter(|name| !new.states.contains_key(*name)).collect();
    let came: Vec<&String> = new.states.keys().filter(|name| !old.states.contains_key(*name)).collect();
    let mut pairs = Vec::new();
    if gone.len() > MOST || came.len() > MOST {
        return pairs;
    }
    let score = |one: &String, other: &String| likeness(old, one, new, other);
    let mut scored: Vec<(usize, usize, usize)> = Vec::new();
    for (place, one) in gone.iter().enumerate() {
        scored.extend(came.iter().enumerate().filter_map(|(at, other)| Some((score(one, other)?, place, at))));
    }
    // The most alike first; of equally alike ones those that come first in their definitions.
    scored.sort_by_key(|(score, place, at)| (std::cmp::Reverse(*score), *place, *at));
    let (mut used, mut taken) = (vec![false; gone.len()], vec![false; came.len()]);
    for (_, place, at) in scored {
        if let (Some(used), Some(taken)) = (used.get_mut(place), taken.get_mut(at))
            && !*used
            && !*taken
        {
            (*used, *taken) = (true, true);
            pairs.extend(gone.get(place).zip(came.get(at)).map(|(one, other)| ((*one).clone(), (*other).clone())));
        }
    }
    pairs
}

/// Tells how alike two states are, if they are enough to be one. Where they lead may have got another name too.
fn likeness(old: &Flat, one: &String, new: &Flat, other: &String) -> Option<usize> {
    let (before, after) = (old.states.get(one)?, new.states.get(other)?);
    let (left, right) = (untargeted(before), untargeted(after));
    let (Value::Object(left), Value::Object(right)) = (&left, &right) else { return None };
    if left.get("Type") != right.get("Type") {
        return None;
    }
    let same = left.iter().filter(|(name, value)| right.get(*name) == Some(value)).count();
    let all = left.len() + right.len() - left.keys().filter(|name| right.contains_key(*name)).count();
    // What nearly every state has tells nothing.
    let telling = |name: &&String| !["Type", "Next", "End", "Comment"].contains(&name.as_str());
    let told = left.keys().filter(telling).any(|name| left.get(name) == right.get(name));
    let percent = same * 100 / all.max(1);
    let around = usize::from(before.place == after.place) + usize::from(leads_alike(old, one, new, other));
    (percent == 100 || percent >= ALIKE && told).then_some(percent * 10 + around)
}

/// Tells whether some state that both definitions have leads to both.
fn leads_alike(old: &Flat, one: &str, new: &Flat, other: &str) -> bool {
    let leads = |flat: &Flat, from: &str, to: &str| {
        let fields = flat.states.get(from).map(|state| state.fields.clone());
        let found = std::cell::Cell::new(false);
        if let Some(mut fields) = fields {
            retarget(&mut fields, &|target| {
                found.set(found.get() || target == to);
                None
            });
        }
        found.get()
    };
    old.states
        .keys()
        .filter(|name| new.states.contains_key(*name))
        .any(|name| leads(old, name, one) && leads(new, name, other))
}

fn untargeted(state: &Flattened) -> Value {
    let mut fields = state.fields.clone();
    retarget(&mut fields, &|_| Some(String::new()));
    fields
}
