//! Which element stands left of which: few crossings, and otherwise the order in which one meets them.

use super::element::{End, Rows};

/// How often the rows are gone through down and up again.
const SWEEPS: usize = 10;

/// How often neighbours are exchanged after each of them, at most.
const SWAPS: usize = 8;

/// Sorts the rows so that few lines cross: each element towards the middle of what it is connected to, row by row,
/// down and up, as long as that helps.
pub(super) fn order(rows: &mut Rows) {
    let neighbours = Neighbours::of(rows);
    let mut best = rows.rows.clone();
    let mut fewest = crossings(rows);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let count = rows.rows.len();
        for step in 0..count {
            let row = if sweep % 2 == 0 { step } else { count - 1 - step };
            sort(rows, row, if sweep % 2 == 0 { &neighbours.above } else { &neighbours.below }, &neighbours.beside);
        }
        swap(rows, &neighbours);
        let found = crossings(rows);
        if found < fewest {
            fewest = found;
            best.clone_from(&rows.rows);
        }
    }
    rows.rows = best;
}

/// What each element is connected to: in the row above, in the row below, in its own.
struct Neighbours {
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    beside: Vec<Vec<usize>>,
    /// The same above and below, with the nets.
    lines: [Vec<Vec<(usize, usize)>>; 2],
}

impl Neighbours {
    fn of(rows: &Rows) -> Self {
        let none = vec![Vec::new(); rows.elements.len()];
        let mut found = Self {
            above: none.clone(),
            below: none.clone(),
            beside: none,
            lines: [vec![Vec::new(); rows.elements.len()], vec![Vec::new(); rows.elements.len()]],
        };
        for connection in &rows.connections {
            let [from, to] = connection.ends.map(End::element);
            match connection.ends {
                [End::Above(upper), End::Below(lower)] | [End::Below(lower), End::Above(upper)] => {
                    found.above[lower].push(upper);
                    found.below[upper].push(lower);
                    found.lines[0][lower].push((connection.net, upper));
                    found.lines[1][upper].push((connection.net, lower));
                }
                _ => {
                    found.beside[from].push(to);
                    found.beside[to].push(from);
                }
            }
        }
        found.lines.iter_mut().flatten().for_each(|lines| {
            lines.sort_unstable();
            lines.dedup();
        });
        found
    }

    /// Counts the crossings of the lines of two elements of a row, the one left of the other.
    fn crossings(&self, positions: &[usize], left: usize, right: usize) -> usize {
        let crossed = |lines: &Vec<Vec<(usize, usize)>>| {
            let pairs = lines[left].iter().flat_map(|one| lines[right].iter().map(move |other| (one, other)));
            pairs.filter(|((a, one), (b, other))| a != b && positions[*one] > positions[*other]).count()
        };
        self.lines.iter().map(crossed).sum()
    }
}

/// Exchanges neighbours in their rows as long as that takes crossings away.
fn swap(rows: &mut Rows, neighbours: &Neighbours) {
    let mut positions = positions(rows);
    for _ in 0..SWAPS {
        let mut better = false;
        for row in &mut rows.rows {
            for place in 1..row.len() {
                let [left, right] = [row[place - 1], row[place]];
                let [now, then] = [(left, right), (right, left)].map(|(a, b)| neighbours.crossings(&positions, a, b));
                if then < now {
                    row.swap(place - 1, place);
                    positions.swap(left, right);
                    better = true;
                }
            }
        }
        if !better {
            return;
        }
    }
}

fn positions(rows: &Rows) -> Vec<usize> {
    let mut positions = vec![0; rows.elements.len()];
    for row in &rows.rows {
        for (position, element) in row.iter().enumerate() {
            positions[*element] = position;
        }
    }
    positions
}

fn sort(rows: &mut Rows, row: usize, towards: &[Vec<usize>], beside: &[Vec<usize>]) {
    let positions = positions(rows);
    let wish = |element: usize| {
        let near = if towards[element].is_empty() { &beside[element] } else { &towards[element] };
        let sum: usize = near.iter().map(|other| positions[*other]).sum();
        if near.is_empty() { positions[element] as f64 } else { sum as f64 / near.len() as f64 }
    };
    let mut keyed: Vec<(f64, usize)> = rows.rows[row].iter().map(|element| (wish(*element), *element)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    rows.rows[row] = keyed.into_iter().map(|(_, element)| element).collect();
}

/// Counts the crossings, and what lies between the ends of lines that turn within a channel.
fn crossings(rows: &Rows) -> usize {
    let positions = positions(rows);
    let mut channels: Vec<Vec<(usize, [usize; 2])>> = vec![Vec::new(); rows.rows.len() + 1];
    let mut count = 0;
    for connection in &rows.connections {
        match connection.ends {
            [End::Above(upper), End::Below(lower)] | [End::Below(lower), End::Above(upper)] => {
                channels[connection.channel].push((connection.net, [positions[upper], positions[lower]]));
            }
            ends => {
                let [from, to] = ends.map(|end| positions[end.element()]);
                count += from.abs_diff(to).saturating_sub(1);
            }
        }
    }
    for channel in &mut channels {
        channel.sort_unstable();
        channel.dedup();
        for (number, (net, [upper, lower])) in channel.iter().enumerate() {
            let crosses = |(other, [above, below]): &&(usize, [usize; 2])| {
                other != net && ((upper < above && lower > below) || (upper > above && lower < below))
            };
            count += channel.iter().skip(number + 1).filter(crosses).count();
        }
    }
    count
}
