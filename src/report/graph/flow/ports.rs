//! At which columns lines leave and enter boxes.

use super::channel::Pin;
use super::element::{Element, End, Kind, Rows};

/// Where lines leave and enter.
pub(super) struct Ports {
    /// The column where lines enter each element from above.
    pub tops: Vec<i32>,
    /// Where each connection begins and ends.
    pub pins: Vec<[Pin; 2]>,
}

/// Finds the columns: all lines enter a box at one of them, and each leaves at one of its own, straight above what it
/// leads to where the box is wide enough.
pub(super) fn ports(rows: &Rows) -> Ports {
    let mut tops: Vec<i32> = rows.elements.iter().map(Element::middle).collect();
    // What arrives from above at each element, and the connections that leave it below.
    let mut arriving: Vec<Vec<usize>> = vec![Vec::new(); rows.elements.len()];
    let mut leaving = arriving.clone();
    for (number, connection) in rows.connections.iter().enumerate() {
        let [from, to] = connection.ends;
        if let (End::Above(from), End::Below(to)) = (from, to) {
            arriving[to].push(from);
        }
        if let End::Above(from) = from {
            leaving[from].push(number);
        }
    }
    for (element, top) in tops.iter_mut().enumerate() {
        if let Kind::Node(_) = rows.elements[element].kind {
            *top = entrance(rows, element, &arriving[element]);
        }
    }
    let mut bottoms = vec![0; rows.connections.len()];
    for (element, leaving) in leaving.iter().enumerate() {
        leave(rows, element, leaving, &tops, &mut bottoms);
    }
    let pin = |number: usize, end: End| match end {
        End::Below(element) => Pin::Bottom(tops[element]),
        End::Above(element) if matches!(rows.elements[element].kind, Kind::Node(_)) => Pin::Top(bottoms[number]),
        End::Above(element) => Pin::Top(rows.elements[element].middle()),
    };
    let pins = rows.connections.iter().enumerate();
    let pins = pins.map(|(number, connection)| connection.ends.map(|end| pin(number, end))).collect();
    Ports { tops, pins }
}

/// Below what leads there, when that is one thing or one of them stands straight above; else in the middle.
fn entrance(rows: &Rows, element: usize, arriving: &[usize]) -> i32 {
    let this = &rows.elements[element];
    let inside = |x: &i32| (this.x + 1..this.x + this.width - 1).contains(x);
    let middle = this.middle();
    // A text or a line past a row has one column; a box can let a line leave at many.
    let fixed = arriving.iter().filter(|from| !matches!(rows.elements[**from].kind, Kind::Node(_)));
    let mut columns: Vec<i32> = fixed.map(|from| rows.elements[*from].middle()).filter(inside).collect();
    columns.sort_by_key(|x| (x.abs_diff(middle), *x));
    columns.first().copied().unwrap_or(middle)
}

/// Gives the lines that leave a box columns of their own, in the order of where they lead.
fn leave(rows: &Rows, element: usize, leaving: &[usize], tops: &[i32], bottoms: &mut [i32]) {
    let this = &rows.elements[element];
    let wish = |number: &usize| match rows.connections[*number].ends[1] {
        End::Below(to) => (tops[to], *number),
        End::Above(to) => (rows.elements[to].middle(), *number),
    };
    let mut leaving: Vec<(i32, usize)> = leaving.iter().map(wish).collect();
    leaving.sort_unstable();
    let (left, right) = (this.x + 1, this.x + this.width - 2);
    let count = i32::try_from(leaving.len()).unwrap_or(i32::MAX);
    let step = if count < 2 { 2 } else { ((right - left) / (count - 1)).clamp(1, 2) };
    // As near as possible to where they lead, each with room for those left and right of it.
    let mut least = left;
    for (place, (wish, number)) in leaving.iter().enumerate() {
        let after = count - 1 - i32::try_from(place).unwrap_or(0);
        let most = (right - after * step).max(least);
        let x = (*wish).clamp(least, most);
        bottoms[*number] = x;
        least = x + step;
    }
}
