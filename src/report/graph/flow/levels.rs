//! Which level each box stands on, and which lines lead back up.

use super::Edge;

/// The levels of boxes, from 0 at the top.
#[derive(Debug, PartialEq)]
pub(super) struct Levels {
    /// The level of each box.
    pub level: Vec<usize>,
    /// Tells of each edge whether it leads back: to a box from which its own start was reached, or to itself.
    pub back: Vec<bool>,
    /// The boxes in the order they are met, following edges in their order.
    pub met: Vec<usize>,
}

/// Puts each box below all that lead to it. Edges that close a loop, seen from the start, do not count.
pub(super) fn levels(boxes: usize, start: usize, edges: &[Edge]) -> Levels {
    let mut from: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    for (number, edge) in edges.iter().enumerate() {
        from[edge.from].push(number);
    }
    let mut search = Search {
        edges,
        from: &from,
        mark: vec![Mark::New; boxes],
        back: vec![false; edges.len()],
        met: vec![],
        done: vec![],
    };
    search.visit(start);
    (0..boxes).for_each(|node| search.visit(node));
    let mut level = vec![0; boxes];
    for node in search.done.iter().rev() {
        for edge in &from[*node] {
            if !search.back[*edge] {
                let to = edges[*edge].to;
                level[to] = level[to].max(level[*node] + 1);
            }
        }
    }
    Levels { level, back: search.back, met: search.met }
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// A search in depth, without recursion: a chain may be as long as a definition allows.
struct Search<'a> {
    edges: &'a [Edge],
    from: &'a [Vec<usize>],
    mark: Vec<Mark>,
    back: Vec<bool>,
    met: Vec<usize>,
    done: Vec<usize>,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        if self.mark[start] != Mark::New {
            return;
        }
        self.open(start);
        let mut calls = vec![(start, 0)];
        while let Some((node, next)) = calls.pop() {
            let Some(edge) = self.from[node].get(next).copied() else {
                self.mark[node] = Mark::Done;
                self.done.push(node);
                continue;
            };
            calls.push((node, next + 1));
            let to = self.edges[edge].to;
            match self.mark[to] {
                Mark::New => {
                    self.open(to);
                    calls.push((to, 0));
                }
                Mark::Open => self.back[edge] = true,
                Mark::Done => {}
            }
        }
    }

    fn open(&mut self, node: usize) {
        self.mark[node] = Mark::Open;
        self.met.push(node);
    }
}
