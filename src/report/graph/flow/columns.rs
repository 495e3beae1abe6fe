//! Which column each element stands in: in its row's order, and straight below what leads to it where there is room.

use super::element::{End, Kind, Rows};

/// How often the rows are gone through, down and up in turn.
const SWEEPS: usize = 16;

/// The last of them, in which what is drawn to a box is content with any of its columns.
const FINE: usize = 8;

/// How strongly boxes that follow each other are drawn below each other, in the drawings to choose from.
pub(super) const TOGETHERNESS: [i32; 3] = [3, 1, 0];

/// Settles the columns.
pub(super) fn place(rows: &mut Rows, togetherness: i32) {
    for row in 0..rows.rows.len() {
        pack(rows, row);
    }
    let pulls = Pulls::of(rows, togetherness);
    for sweep in 0..SWEEPS {
        let count = rows.rows.len();
        for step in 0..count {
            let down = sweep % 2 == 0;
            let row = if down { step } else { count - 1 - step };
            let fine = sweep + FINE >= SWEEPS;
            let pulls = match (fine, down) {
                (true, _) => &pulls.all,
                (false, true) => &pulls.above,
                (false, false) => &pulls.below,
            };
            settle(rows, row, pulls, fine);
        }
    }
    for chain in &chains(rows) {
        straighten(rows, chain);
    }
    let left = rows.elements.iter().map(|element| element.x).min().unwrap_or(0);
    rows.elements.iter_mut().for_each(|element| element.x -= left);
}

/// The elements that draw an element to their column, and how strongly.
struct Pulls {
    above: Vec<Vec<(usize, i32)>>,
    below: Vec<Vec<(usize, i32)>>,
    all: Vec<Vec<(usize, i32)>>,
}

impl Pulls {
    fn of(rows: &Rows, togetherness: i32) -> Self {
        let none: Vec<Vec<(usize, i32)>> = vec![Vec::new(); rows.elements.len()];
        let mut pulls = Self { above: none.clone(), below: none.clone(), all: none };
        for connection in &rows.connections {
            let [from, to] = connection.ends.map(End::element);
            match connection.ends {
                [End::Above(upper), End::Below(lower)] | [End::Below(lower), End::Above(upper)] => {
                    let [on_upper, on_lower] = [(upper, lower), (lower, upper)]
                        .map(|(on, by)| strength(rows.elements[on].kind, rows.elements[by].kind));
                    pulls.above[lower].push((upper, on_lower));
                    pulls.below[upper].push((lower, on_upper));
                    pulls.all[lower].push((upper, on_lower));
                    pulls.all[upper].push((lower, on_upper));
                }
                // Lines that turn are kept near, but move nothing that stands well.
                _ => {
                    for (one, other) in [(from, to), (to, from)] {
                        if matches!(rows.elements[one].kind, Kind::Up(_)) {
                            pulls.above[one].push((other, 1));
                            pulls.below[one].push((other, 1));
                            pulls.all[one].push((other, 1));
                        }
                    }
                }
            }
        }
        for [upper, lower] in &rows.followers {
            pulls.above[*lower].push((*upper, togetherness));
            pulls.below[*upper].push((*lower, togetherness));
            pulls.all[*lower].push((*upper, togetherness));
            pulls.all[*upper].push((*lower, togetherness));
        }
        pulls
    }
}

/// How strongly something is drawn: long lines to be straight, texts to the line below them, boxes to other boxes.
fn strength(on: Kind, by: Kind) -> i32 {
    let passes = |kind| matches!(kind, Kind::Down(_) | Kind::Up(_));
    match (on, by) {
        (Kind::Node(_), Kind::Node(_)) => 2,
        (Kind::Node(_), _) => 1,
        _ if passes(on) && passes(by) => 8,
        (_, Kind::Node(_)) => 1,
        _ => 3,
    }
}

/// How much stronger a line that does not meet a box draws it.
const PASSED_BY: i32 = 4;

/// The columns that stay free between two neighbours.
fn gap(left: Kind, right: Kind) -> i32 {
    match (left, right) {
        (Kind::Node(_), Kind::Node(_)) => 3,
        (Kind::Text(_), Kind::Text(_) | Kind::Node(_)) | (Kind::Node(_), Kind::Text(_)) => 2,
        _ => 1,
    }
}

fn pack(rows: &mut Rows, row: usize) {
    let mut x = 0;
    let mut before = None;
    for element in rows.rows[row].clone() {
        let kind = rows.elements[element].kind;
        x += before.map_or(0, |before| gap(before, kind));
        rows.elements[element].x = x;
        x += rows.elements[element].width;
        before = Some(kind);
    }
}

/// Moves the elements of a row to where they are drawn, as near as their order and widths allow: neighbours that would
/// overlap are moved together, to the weighted middle of their wishes.
fn settle(rows: &mut Rows, row: usize, pulls: &[Vec<(usize, i32)>], fine: bool) {
    struct Block {
        first: usize,
        weight: f64,
        /// Where its first element is drawn.
        at: f64,
    }
    let elements = rows.rows[row].clone();
    // How far each element stands from the first of the row when all stand close.
    let mut offsets = Vec::with_capacity(elements.len());
    let mut offset = 0;
    for (place, element) in elements.iter().enumerate() {
        if let Some(before) = place.checked_sub(1).map(|before| elements[before]) {
            offset += rows.elements[before].width + gap(rows.elements[before].kind, rows.elements[*element].kind);
        }
        offsets.push(offset);
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (place, element) in elements.iter().enumerate() {
        let (wish, weight) = wish(rows, *element, &pulls[*element], fine);
        let mut block = Block { first: place, weight, at: wish - f64::from(offsets[place]) };
        while let Some(before) = blocks.pop() {
            if before.at <= block.at {
                blocks.push(before);
                break;
            }
            let weight = before.weight + block.weight;
            let at = (before.at * before.weight + block.at * block.weight) / weight;
            block = Block { first: before.first, weight, at };
        }
        blocks.push(block);
    }
    for (number, block) in blocks.iter().enumerate() {
        let end = blocks.get(number + 1).map_or(elements.len(), |next| next.first);
        for place in block.first..end {
            #[expect(clippy::cast_possible_truncation, reason = "columns are small numbers")]
            let at = block.at.round() as i32;
            rows.elements[elements[place]].x = at + offsets[place];
        }
    }
}

/// The lines that pass rows, each with the text it begins with, from one end to the other.
fn chains(rows: &Rows) -> Vec<Vec<usize>> {
    let mut next: Vec<Option<usize>> = vec![None; rows.elements.len()];
    let mut has_one_before = vec![false; rows.elements.len()];
    let boxed = |element: usize| matches!(rows.elements[element].kind, Kind::Node(_));
    for connection in &rows.connections {
        let ([End::Above(upper), End::Below(lower)] | [End::Below(lower), End::Above(upper)]) = connection.ends else {
            continue;
        };
        if !boxed(upper) && !boxed(lower) && !has_one_before[lower] {
            // Of several texts on one line the first goes straight into it.
            let free = next[upper].is_none();
            if free {
                next[upper] = Some(lower);
                has_one_before[lower] = true;
            }
        }
    }
    let firsts = (0..rows.elements.len()).filter(|element| next[*element].is_some() && !has_one_before[*element]);
    firsts.map(|first| std::iter::successors(Some(first), |element| next[*element]).collect()).collect()
}

/// Puts the pieces of a line below each other, as many at a time as there is room for in their rows.
fn straighten(rows: &mut Rows, chain: &[usize]) {
    let rooms: Vec<(i32, i32)> = chain.iter().map(|element| room(rows, *element)).collect();
    let mut first = 0;
    while first < chain.len() {
        let (mut low, mut high) = rooms[first];
        let mut end = first + 1;
        while let Some((left, right)) = rooms.get(end)
            && low.max(*left) <= high.min(*right)
        {
            (low, high) = (low.max(*left), high.min(*right));
            end += 1;
        }
        let mut middles: Vec<i32> = chain[first..end].iter().map(|element| rows.elements[*element].middle()).collect();
        middles.sort_unstable();
        let column = middles[middles.len() / 2].clamp(low, high);
        for element in &chain[first..end] {
            let element = &mut rows.elements[*element];
            element.x += column - element.middle();
        }
        first = end;
    }
}

/// The columns an element's middle can be moved to without moving others.
fn room(rows: &Rows, element: usize) -> (i32, i32) {
    let this = &rows.elements[element];
    let row = &rows.rows[this.row];
    let place = row.iter().position(|other| *other == element).unwrap_or(0);
    let to_left = this.middle() - this.x;
    let to_right = this.x + this.width - 1 - this.middle();
    let left = place.checked_sub(1).and_then(|place| row.get(place)).map(|left| &rows.elements[*left]);
    let right = row.get(place + 1).map(|right| &rows.elements[*right]);
    let low = left.map_or(-WIDEST, |left| left.x + left.width + gap(left.kind, this.kind) + to_left);
    let high = right.map_or(WIDEST, |right| right.x - 1 - gap(this.kind, right.kind) - to_right);
    (low, high.max(low))
}

/// Further out than any column.
const WIDEST: i32 = 1 << 24;

/// The column an element is drawn to, and how strongly: the weighted median of the middles of what draws it.
fn wish(rows: &Rows, element: usize, pulls: &[(usize, i32)], fine: bool) -> (f64, f64) {
    let this = &rows.elements[element];
    let pull = |(other, strength): &(usize, i32)| {
        let other = &rows.elements[*other];
        match [this.kind, other.kind].map(|kind| matches!(kind, Kind::Node(_))) {
            // A line may leave the box above it at any column.
            [false, true] if fine && other.row < this.row => {
                let column = this.middle().clamp(other.x + 1, (other.x + other.width - 2).max(other.x + 1));
                (column, *strength)
            }
            // And a box is content with lines that leave it and enter it anywhere, if not with such as pass it by.
            [true, false] if fine => {
                let nearest = other.middle().clamp(this.x + 1, (this.x + this.width - 2).max(this.x + 1));
                let strength = if nearest == other.middle() { *strength } else { *strength * PASSED_BY };
                (this.middle() + other.middle() - nearest, strength)
            }
            _ => (other.middle(), *strength),
        }
    };
    let mut middles: Vec<(i32, i32)> = pulls.iter().map(pull).collect();
    middles.sort_unstable();
    let all: i32 = middles.iter().map(|(_, strength)| strength).sum();
    if all == 0 {
        return (f64::from(this.x), 0.1);
    }
    let mut passed = 0;
    let mut lower = None;
    for (middle, strength) in &middles {
        passed += strength;
        if 2 * passed == all {
            lower = Some(*middle);
        } else if 2 * passed > all {
            let middle = lower.map_or(f64::from(*middle), |lower| f64::from(lower + middle) / 2.0);
            return (middle - f64::from((this.width - 1) / 2), f64::from(all));
        }
    }
    (f64::from(this.x), 0.1)
}
