//! Which rows stand below which, from how deep each stands.

use super::Outline;

/// Rows below rows, told by nothing but their depths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nesting {
    parents: Vec<Option<usize>>,
    ends: Vec<usize>,
}

impl Nesting {
    /// Nests rows of these depths: a row stands in the nearest one before it that is less deep.
    pub fn of(depths: impl IntoIterator<Item = u16>) -> Self {
        let (mut parents, mut ends) = (Vec::new(), Vec::new());
        let mut open: Vec<(usize, u16)> = Vec::new();
        for (at, depth) in depths.into_iter().enumerate() {
            while let Some((outer, _)) = open.pop_if(|(_, outer)| *outer >= depth) {
                ends[outer] = at;
            }
            parents.push(open.last().map(|(parent, _)| *parent));
            ends.push(at + 1);
            open.push((at, depth));
        }
        for (outer, _) in open {
            ends[outer] = parents.len();
        }
        Self { parents, ends }
    }
}

impl Outline for Nesting {
    fn len(&self) -> usize {
        self.parents.len()
    }

    fn parent(&self, row: usize) -> Option<usize> {
        self.parents.get(row).copied().flatten()
    }

    fn end(&self, row: usize) -> usize {
        self.ends.get(row).copied().unwrap_or(row + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_know_what_they_stand_in() {
        let rows = Nesting::of([0, 1, 2, 1, 0, 1]);
        let ends: Vec<usize> = (0..6).map(|at| rows.end(at)).collect();
        assert_eq!(ends, [4, 3, 3, 4, 6, 6]);
        let parents: Vec<Option<usize>> = (0..6).map(|at| rows.parent(at)).collect();
        assert_eq!(parents, [None, Some(0), Some(1), Some(0), None, Some(4)]);
    }
}
