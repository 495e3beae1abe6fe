//! Which items of two arrays correspond.

use super::align::{Occurrences, align, rising};
use super::sketch::{Sketch, hash};
use serde_json::Value;
use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};

/// Stretches of unequal items are paired by likeness when their lengths multiplied are no more than this.
const BY_LIKENESS: usize = 2_500;
/// Alike enough to be the same item at another place, in hundredths.
const SAME_ITEM: u32 = 50;

/// Where an item was and is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pairing {
    /// Its place in the old array; `None` if it was added.
    pub old: Option<usize>,
    /// Its place in the new array; `None` if it was removed.
    pub new: Option<usize>,
    /// Whether it stands elsewhere among the items that both arrays have.
    pub moved: bool,
}

impl Pairing {
    fn new(old: Option<usize>, new: Option<usize>) -> Self {
        Self { old, new, moved: false }
    }
}

/// Pairs the items of two arrays, in the order of the new one; items that are gone stand where they were.
pub fn pair<T: Borrow<Value>>(old: &[T], new: &[T]) -> Vec<Pairing> {
    if let ([_], [_]) = (old, new) {
        return vec![Pairing::new(Some(0), Some(0))];
    }
    let equal = |(old, new): &(&T, &T)| Borrow::<Value>::borrow(*old) == (*new).borrow();
    let head = old.iter().zip(new).take_while(equal).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(equal).count();
    let middle = |rest: &[T]| rest.len() - tail;
    let matches = pairs_of_middle(
        old_rest.get(..middle(old_rest)).unwrap_or_default(),
        new_rest.get(..middle(new_rest)).unwrap_or_default(),
    );
    let ends = (0..head).map(|at| (at, at)).chain(matches.into_iter().map(|(old, new)| (old + head, new + head)));
    let tails = (0..tail).rev().map(|back| (old.len() - 1 - back, new.len() - 1 - back));
    merge(old.len(), new.len(), &ends.chain(tails).collect::<Vec<_>>())
}

/// Returns pairs of corresponding places, rising in the new array.
fn pairs_of_middle<T: Borrow<Value>>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    if few_unlike_scalars(old, new) {
        return (0..old.len()).map(|place| (place, place)).collect();
    }
    by_key(old, new).unwrap_or_else(|| by_content(old, new))
}

/// Tells whether items are best paired by their places: as many on both sides, few, simple, and none of them equal.
fn few_unlike_scalars<T: Borrow<Value>>(old: &[T], new: &[T]) -> bool {
    let scalar = |item: &T| !matches!(item.borrow(), Value::Array(_) | Value::Object(_));
    old.len() == new.len()
        && old.len() <= 8
        && old.iter().chain(new).all(scalar)
        && !old.iter().any(|old| new.iter().any(|new| Borrow::<Value>::borrow(old) == new.borrow()))
}

/// Puts pairs and what has no partner into one order.
fn merge(old: usize, new: usize, pairs: &[(usize, usize)]) -> Vec<Pairing> {
    let mut in_order = vec![false; old];
    let mut paired = vec![false; old];
    let mut partners = vec![None; new];
    for (old, new) in pairs {
        (paired[*old], partners[*new]) = (true, Some(*old));
    }
    if pairs.is_sorted_by(|(one, _), (next, _)| one < next) {
        in_order.clone_from(&paired);
    } else {
        rising(pairs).into_iter().for_each(|(old, _)| in_order[old] = true);
    }
    let mut merged = Vec::with_capacity(old.max(new));
    let mut old_at = 0;
    let gone_before_anchor = |old_at: &mut usize, merged: &mut Vec<Pairing>| {
        while *old_at < old && !in_order[*old_at] {
            if !paired[*old_at] {
                merged.push(Pairing::new(Some(*old_at), None));
            }
            *old_at += 1;
        }
    };
    gone_before_anchor(&mut old_at, &mut merged);
    for (new_at, partner) in partners.iter().copied().enumerate() {
        let anchor = partner.filter(|place| in_order[*place]);
        merged.push(Pairing { old: partner, new: Some(new_at), moved: partner.is_some() && anchor.is_none() });
        if let Some(place) = anchor {
            old_at = place + 1;
            gone_before_anchor(&mut old_at, &mut merged);
        }
    }
    merged
}

/// Pairs objects by a member that names them.
fn by_key<T: Borrow<Value>>(old: &[T], new: &[T]) -> Option<Vec<(usize, usize)>> {
    let Value::Object(first) = old.first()?.borrow() else { return None };
    let mut names: Vec<(u8, &str)> = first.keys().filter_map(|name| Some((rank(name)?, name.as_str()))).collect();
    names.sort_by_key(|(rank, _)| *rank);
    names.into_iter().find_map(|(_, name)| {
        let old = keys(old, name)?;
        let new = keys(new, name)?;
        let places: HashMap<&Key<'_>, usize> = old.iter().enumerate().map(|(place, key)| (key, place)).collect();
        let pairs: Vec<_> =
            new.iter().enumerate().filter_map(|(place, key)| Some((*places.get(key)?, place))).collect();
        (!pairs.is_empty()).then_some(pairs)
    })
}

/// Tells how likely a member of that name names its object; the lowest is likeliest.
fn rank(name: &str) -> Option<u8> {
    const EXACT: [&str; 12] =
        ["id", "key", "arn", "uuid", "sku", "name", "code", "index", "path", "type", "label", "email"];
    const ENDINGS: [&str; 11] = ["id", "key", "arn", "uuid", "sku", "number", "no", "name", "code", "path", "ref"];
    let lower = name.trim_start_matches(['_', '$', '@']).to_ascii_lowercase();
    let exact = EXACT.iter().position(|word| *word == lower);
    let ending = || {
        let ends = |word: &&str| {
            let stem = name.len().checked_sub(word.len());
            let boundary = |at: usize| {
                name.get(at..).is_some_and(|end| end.starts_with(char::is_uppercase))
                    || name.get(..at).is_some_and(|stem| stem.ends_with(['_', '-']))
            };
            lower.ends_with(*word) && stem.is_some_and(boundary)
        };
        ENDINGS.iter().position(ends).map(|place| EXACT.len() + place)
    };
    u8::try_from(exact.or_else(ending)?).ok()
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Text(&'a str),
    Number(&'a serde_json::Number),
}

/// Returns the keys of all items; `None` if one has none or two have the same.
fn keys<'a, T: Borrow<Value>>(items: &'a [T], name: &str) -> Option<Vec<Key<'a>>> {
    let key = |item: &'a T| match item.borrow().as_object()?.get(name)? {
        Value::String(text) => Some(Key::Text(text)),
        Value::Number(number) => Some(Key::Number(number)),
        _ => None,
    };
    let keys: Vec<Key<'a>> = items.iter().map(key).collect::<Option<_>>()?;
    let distinct: HashSet<&Key<'a>> = keys.iter().collect();
    (distinct.len() == keys.len()).then_some(keys)
}

/// Pairs items that are equal, in order and then wherever they are, and those between them by likeness.
fn by_content<T: Borrow<Value>>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let hashes = |items: &[T]| items.iter().map(|item| hash(item.borrow())).collect::<Vec<_>>();
    let (old_hashes, new_hashes) = (hashes(old), hashes(new));
    let anchors = align(&old_hashes, &new_hashes);
    let mut old_free: Vec<bool> = vec![true; old.len()];
    let mut new_free: Vec<bool> = vec![true; new.len()];
    let mut pairs = anchors.clone();
    let take = |pair: &(usize, usize), old_free: &mut [bool], new_free: &mut [bool]| {
        (old_free[pair.0], new_free[pair.1]) = (false, false);
    };
    anchors.iter().for_each(|pair| take(pair, &mut old_free, &mut new_free));
    let free = old_hashes.iter().enumerate().filter(|(place, _)| old_free[*place]);
    let mut elsewhere = Occurrences::of(free);
    for (place, hash) in new_hashes.iter().enumerate().filter(|(place, _)| new_free[*place]) {
        pairs.extend(elsewhere.next(hash).map(|old| (old, place)));
    }
    pairs.iter().skip(anchors.len()).for_each(|pair| take(pair, &mut old_free, &mut new_free));
    let (mut old_at, mut new_at) = (0, 0);
    for (old_anchor, new_anchor) in anchors.into_iter().chain([(old.len(), new.len())]) {
        let old_gap: Vec<usize> = (old_at..old_anchor).filter(|place| old_free[*place]).collect();
        let new_gap: Vec<usize> = (new_at..new_anchor).filter(|place| new_free[*place]).collect();
        by_likeness(old, new, &old_gap, &new_gap, &mut pairs);
        (old_at, new_at) = (old_anchor + 1, new_anchor + 1);
    }
    pairs.sort_unstable_by_key(|(_, new)| *new);
    pairs
}

/// Pairs items of two stretches in order, so that as much as possible is alike; long stretches one by one.
fn by_likeness<T: Borrow<Value>>(
    old: &[T],
    new: &[T],
    old_gap: &[usize],
    new_gap: &[usize],
    pairs: &mut Vec<(usize, usize)>,
) {
    if old_gap.is_empty() || new_gap.is_empty() {
        return;
    }
    if old_gap.len() == 1 && new_gap.len() == 1 || old_gap.len().saturating_mul(new_gap.len()) > BY_LIKENESS {
        pairs.extend(old_gap.iter().copied().zip(new_gap.iter().copied()));
        return;
    }
    let sketches =
        |items: &[T], gap: &[usize]| gap.iter().map(|at| Sketch::of(items[*at].borrow())).collect::<Vec<_>>();
    let (old_sketches, new_sketches) = (sketches(old, old_gap), sketches(new, new_gap));
    let columns = new_gap.len() + 1;
    let at = |row: usize, column: usize| row * columns + column;
    let likeness = |row: usize, column: usize| {
        let likeness = Sketch::likeness(&old_sketches[row], &new_sketches[column]);
        // Of pairs that are hardly alike, those at the same place are the best guess.
        if likeness > 0 && likeness < SAME_ITEM && row == column { likeness + 5 } else { likeness }
    };
    let mut best = vec![0_u32; (old_gap.len() + 1) * columns];
    for row in (0..old_gap.len()).rev() {
        for column in (0..new_gap.len()).rev() {
            let paired = best[at(row + 1, column + 1)] + likeness(row, column);
            best[at(row, column)] = paired.max(best[at(row + 1, column)]).max(best[at(row, column + 1)]);
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < old_gap.len() && column < new_gap.len() {
        let here = best[at(row, column)];
        if here == best[at(row + 1, column)] {
            row += 1;
        } else if here == best[at(row, column + 1)] {
            column += 1;
        } else {
            pairs.push((old_gap[row], new_gap[column]));
            (row, column) = (row + 1, column + 1);
        }
    }
}
