//! Which elements of two sequences correspond, in order: a common subsequence, the longest where that is affordable.

use std::collections::HashMap;
use std::hash::Hash;

/// Sequences whose lengths multiplied are no more than this are aligned exactly.
const EXACT: usize = 1 << 16;
/// All exact alignments inside one call may take so many steps together.
const BUDGET: usize = 1 << 22;

/// Returns pairs of places of equal elements, rising on both sides.
///
/// Common ends are cut off first. What is left is aligned exactly if it is small; else equal elements are paired by
/// their number of occurrence, the longest rising run of these pairs is kept, and the gaps between are aligned exactly
/// if they are small. That costs n log n, and for sequences that grew or shrank in few places it finds the best.
pub fn align<T: Eq + Hash>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let old_middle = old_rest.get(..old_rest.len() - tail).unwrap_or_default();
    let new_middle = new_rest.get(..new_rest.len() - tail).unwrap_or_default();
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    let mut budget = BUDGET;
    if affordable(old_middle.len(), new_middle.len(), &mut budget) {
        exact(old_middle, new_middle, head, head, &mut pairs);
    } else {
        anchored(old_middle, new_middle, head, &mut budget, &mut pairs);
    }
    pairs.extend((0..tail).rev().map(|back| (old.len() - 1 - back, new.len() - 1 - back)));
    pairs
}

fn affordable(old: usize, new: usize, budget: &mut usize) -> bool {
    let steps = old.saturating_mul(new);
    let affordable = steps <= EXACT && steps <= *budget;
    if affordable {
        *budget -= steps;
    }
    affordable
}

/// The longest common subsequence, by a table of the lengths that the remainders have.
fn exact<T: Eq>(old: &[T], new: &[T], old_from: usize, new_from: usize, pairs: &mut Vec<(usize, usize)>) {
    if old.is_empty() || new.is_empty() {
        return;
    }
    let columns = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * columns];
    let at = |row: usize, column: usize| row * columns + column;
    for (row, left) in old.iter().enumerate().rev() {
        for (column, right) in new.iter().enumerate().rev() {
            lengths[at(row, column)] = if left == right {
                lengths[at(row + 1, column + 1)] + 1
            } else {
                lengths[at(row + 1, column)].max(lengths[at(row, column + 1)])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < old.len() && column < new.len() {
        if old[row] == new[column] {
            pairs.push((old_from + row, new_from + column));
            (row, column) = (row + 1, column + 1);
        } else if lengths[at(row + 1, column)] >= lengths[at(row, column + 1)] {
            row += 1;
        } else {
            column += 1;
        }
    }
}

fn anchored<T: Eq + Hash>(old: &[T], new: &[T], from: usize, budget: &mut usize, pairs: &mut Vec<(usize, usize)>) {
    let mut occurrences = Occurrences::of(old.iter().enumerate());
    let candidates: Vec<(usize, usize)> =
        new.iter().enumerate().filter_map(|(place, element)| Some((occurrences.next(element)?, place))).collect();
    let (mut old_at, mut new_at) = (0, 0);
    let kept = rising(&candidates);
    for (old_place, new_place) in kept.into_iter().chain([(old.len(), new.len())]) {
        let (old_gap, new_gap) = (&old[old_at..old_place], &new[new_at..new_place]);
        if affordable(old_gap.len(), new_gap.len(), budget) {
            exact(old_gap, new_gap, from + old_at, from + new_at, pairs);
        }
        if old_place < old.len() {
            pairs.push((from + old_place, from + new_place));
        }
        (old_at, new_at) = (old_place + 1, new_place + 1);
    }
}

/// The places of equal elements, to be taken one after the other.
pub(super) struct Occurrences<'a, T> {
    first: HashMap<&'a T, usize>,
    /// The place of the next equal element, by place.
    next: Vec<Option<usize>>,
}

impl<'a, T: Eq + Hash> Occurrences<'a, T> {
    /// Notes elements with their places, which rise.
    pub(super) fn of(elements: impl DoubleEndedIterator<Item = (usize, &'a T)>) -> Self {
        let mut occurrences = Self { first: HashMap::new(), next: Vec::new() };
        for (place, element) in elements.rev() {
            let later = occurrences.first.insert(element, place);
            if occurrences.next.len() <= place {
                occurrences.next.resize(place + 1, None);
            }
            occurrences.next[place] = later;
        }
        occurrences
    }

    /// Takes the first place of an element that is left.
    pub(super) fn next(&mut self, element: &T) -> Option<usize> {
        let place = *self.first.get(element)?;
        match self.next.get(place).copied().flatten() {
            Some(later) => self.first.get_mut(element).map(|first| *first = later),
            None => self.first.remove(element).map(|_| ()),
        };
        Some(place)
    }
}

/// Returns a longest run of pairs whose first places rise, given pairs whose second places rise.
pub(super) fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (number, (place, _)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].0 < *place);
        before[number] = length.checked_sub(1).map(|last| ends[last]);
        match ends.get_mut(length) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
    }
    let mut run: Vec<_> =
        std::iter::successors(ends.last().copied(), |number| before[*number]).map(|number| pairs[number]).collect();
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(old: &str, new: &str) -> String {
        let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        let pairs = align(&old, &new);
        assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
        pairs.iter().map(|(left, right)| (old[*left], new[*right])).map(|(left, _)| left).collect()
    }

    #[test]
    fn small_sequences_are_aligned_exactly() {
        for (old, new, expected) in [
            ("", "", ""),
            ("abc", "abc", "abc"),
            ("abcabba", "cbabac", "baba"),
            ("abxc", "abc", "abc"),
            ("ab", "ba", "b"),
        ] {
            assert_eq!(common(old, new).len(), expected.len(), "{old} {new}");
        }
    }

    #[test]
    fn long_sequences_are_aligned_by_their_anchors() {
        let old: Vec<usize> = (0..5_000).collect();
        let mut new: Vec<usize> = (0..5_000).filter(|number| number % 7 != 3).collect();
        new.splice(2_000..2_000, 9_000..9_400);
        assert_eq!(align(&old, &new).len(), 5_000 - 5_000_usize.div_ceil(7) + usize::from(5_000 % 7 <= 3));
    }
}
