//! What holds for every drawing, and how some small ones look.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Draws a flow with letters for boxes.
fn drawn(boxes: &[(i32, i32)], edges: &[(usize, usize, i32)]) -> String {
    let (sizes, edges) = given(boxes, edges);
    let laid = lay_out(&sizes, 0, &edges, Entry::Hidden);
    let mut cells: BTreeMap<(i32, i32), char> = BTreeMap::new();
    for (point, nets) in cells_of(&laid, &edges) {
        let arms: BTreeSet<char> = nets.values().flatten().copied().collect();
        let sign = match arms.iter().collect::<String>().as_str() {
            "LR" | "L" | "R" => '─',
            "DU" | "D" | "U" => '│',
            _ => '+',
        };
        cells.insert((point.y, point.x), if nets.len() > 1 { '┼' } else { sign });
    }
    for (number, (at, size)) in laid.boxes.iter().zip(&sizes).enumerate() {
        let letter = char::from(b'A' + u8::try_from(number).unwrap());
        for y in at.y..at.y + size.height {
            for x in at.x..at.x + size.width {
                cells.insert((y, x), letter);
            }
        }
    }
    for (at, edge) in laid.texts.iter().zip(&edges) {
        for x in 0..edge.text {
            at.iter().for_each(|at| {
                cells.insert((at.y, at.x + x), '"');
            });
        }
    }
    let row = |y| (0..laid.size.width).map(|x| cells.get(&(y, x)).copied().unwrap_or(' ')).collect::<String>();
    (0..laid.size.height).map(|y| format!("{}\n", row(y).trim_end())).collect()
}

fn given(boxes: &[(i32, i32)], edges: &[(usize, usize, i32)]) -> (Vec<Size>, Vec<Edge>) {
    let edges: Vec<Edge> = edges.iter().map(|(from, to, text)| Edge { from: *from, to: *to, text: *text }).collect();
    let ports = |node| 2 * i32::try_from(edges.iter().filter(|edge| edge.from == node).count()).unwrap() + 3;
    let sizes = boxes.iter().enumerate();
    let sizes = sizes.map(|(node, (width, height))| Size { width: (*width).max(ports(node)), height: *height });
    (sizes.collect(), edges)
}

/// The nets in each cell, with the sides they leave it at.
fn cells_of(laid: &Laid, edges: &[Edge]) -> BTreeMap<Point, BTreeMap<usize, BTreeSet<char>>> {
    let mut cells: BTreeMap<Point, BTreeMap<usize, BTreeSet<char>>> = BTreeMap::new();
    for (way, edge) in laid.wires.iter().zip(edges) {
        let mut points = Vec::new();
        for pair in way.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let (x, y) = ((to.x - from.x).signum(), (to.y - from.y).signum());
            assert!(x == 0 || y == 0, "lines run along rows and columns: {way:?}");
            let mut at = from;
            while at != to {
                points.push(at);
                at = Point { x: at.x + x, y: at.y + y };
            }
        }
        points.extend(way.last());
        for pair in points.windows(2) {
            let side = |from: Point, to: Point| match (to.x - from.x, to.y - from.y) {
                (1, 0) => 'R',
                (-1, 0) => 'L',
                (0, 1) => 'D',
                _ => 'U',
            };
            cells.entry(pair[0]).or_default().entry(edge.to).or_default().insert(side(pair[0], pair[1]));
            cells.entry(pair[1]).or_default().entry(edge.to).or_default().insert(side(pair[1], pair[0]));
        }
        // A line of one cell has no sides, and is there all the same.
        points.iter().for_each(|point| {
            cells.entry(*point).or_default().entry(edge.to).or_default();
        });
    }
    cells
}

fn inside(at: Point, width: i32, height: i32) -> impl Fn(&Point) -> bool {
    move |point| (at.x..at.x + width).contains(&point.x) && (at.y..at.y + height).contains(&point.y)
}

/// Checks everything that must hold for a drawing.
fn check(boxes: &[(i32, i32)], edges: &[(usize, usize, i32)]) {
    let (sizes, edges) = given(boxes, edges);
    for entry in [Entry::Shown, Entry::Hidden] {
        let laid = lay_out(&sizes, 0, &edges, entry);
        let cells = cells_of(&laid, &edges);
        for (number, (at, size)) in laid.boxes.iter().zip(&sizes).enumerate() {
            let within = inside(*at, size.width, size.height);
            for (other, (at, size)) in laid.boxes.iter().zip(&sizes).enumerate().skip(number + 1) {
                let apart =
                    (at.y..at.y + size.height).all(|y| (at.x..at.x + size.width).all(|x| !within(&Point { x, y })));
                assert!(apart, "boxes {number} and {other} overlap");
            }
            for (point, nets) in cells.iter().filter(|(point, _)| within(point)) {
                let leaves = edges.iter().zip(&laid.wires);
                let own = |net: usize| {
                    leaves
                        .clone()
                        .any(|(edge, way)| edge.from == number && edge.to == net && way.first() == Some(point))
                };
                assert!(nets.keys().all(|net| own(*net)), "a line runs through box {number} at {point:?}");
            }
            assert!(at.x >= 0 && at.x + size.width <= laid.size.width && at.y + size.height <= laid.size.height);
        }
        for (edge, way) in edges.iter().zip(&laid.wires) {
            let (first, last) = (way[0], way[way.len() - 1]);
            let from = laid.boxes[edge.from];
            assert!((from.x + 1..from.x + sizes[edge.from].width - 1).contains(&first.x), "leaves below its box");
            assert_eq!(first.y, from.y + sizes[edge.from].height - 1);
            let to = laid.boxes[edge.to];
            assert!((to.x + 1..to.x + sizes[edge.to].width - 1).contains(&last.x), "arrives above its box");
            assert_eq!(last.y, to.y - 1);
        }
        for (point, nets) in &cells {
            assert!(
                point.x >= 0 && point.x < laid.size.width && point.y >= 0 && point.y < laid.size.height,
                "{point:?}"
            );
            let sides: Vec<String> = nets.values().map(|sides| sides.iter().collect()).collect();
            match sides.as_slice() {
                [_] => {}
                [one, other] => {
                    let crossing = [one.as_str(), other.as_str()];
                    assert!(crossing == ["LR", "DU"] || crossing == ["DU", "LR"], "{crossing:?} share {point:?}");
                }
                more => panic!("{more:?} share {point:?}"),
            }
        }
        for (number, (at, edge)) in laid.texts.iter().zip(&edges).enumerate() {
            assert_eq!(at.is_some(), edge.text > 0);
            let Some(at) = at else { continue };
            let middle = Point { x: at.x + (edge.text - 1) / 2, y: at.y };
            let on_its_line = cells.get(&middle).is_some_and(|nets| nets.contains_key(&edge.to));
            assert!(on_its_line, "text {number} stands beside its line");
            let within = inside(*at, edge.text, 1);
            for (point, nets) in cells.iter().filter(|(point, _)| within(point)) {
                assert!(nets.keys().all(|net| *net == edge.to), "text {number} covers another line at {point:?}");
            }
        }
    }
}

type Given = (Vec<(i32, i32)>, Vec<(usize, usize, i32)>);

fn flows() -> impl Strategy<Value = Given> {
    (1_usize..14).prop_flat_map(|count| {
        let boxes = proptest::collection::vec((5_i32..30, prop_oneof![Just(1), Just(3), Just(9)]), count);
        let edge = (0..count, 0..count, prop_oneof![3 => Just(0), 1 => 3_i32..20]);
        (boxes, proptest::collection::vec(edge, 0..24))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_overlaps_and_lines_only_cross((boxes, edges) in flows()) {
        check(&boxes, &edges);
    }
}

#[test]
fn a_chain_runs_straight_down() {
    assert_eq!(
        drawn(&[(5, 1), (9, 1), (7, 1)], &[(0, 1, 0), (1, 2, 0)]),
        "  AAAAA\n    │\nBBBBBBBBB\n    │\n CCCCCCC\n"
    );
}

#[test]
fn a_line_back_comes_from_below_its_text() {
    insta::assert_snapshot!(drawn(&[(5, 1), (9, 1), (5, 1)], &[(0, 1, 0), (1, 0, 5), (1, 2, 7)]));
}

#[test]
fn a_long_chain_with_one_place_for_failures_stays_narrow() {
    let last = 100;
    let edges: Vec<Edge> = (0..last - 1)
        .flat_map(|from| [Edge { from, to: from + 1, text: 0 }, Edge { from, to: last, text: 9 }])
        .collect();
    let boxes = vec![Size { width: 17, height: 3 }; last + 1];
    let laid = lay_out(&boxes, 0, &edges, Entry::Shown);
    assert!(laid.size.width <= 48, "{:?}", laid.size);
}

#[test]
fn a_loop_leads_back_beside_the_states_and_a_state_to_itself() {
    let loops = drawn(&[(5, 1), (5, 1), (5, 1)], &[(0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 2, 0)]);
    insta::assert_snapshot!(loops);
}

#[test]
fn lines_to_one_state_join_and_others_cross() {
    // Three states hand over to the next and may all fail into E; B may also skip to D.
    let edges = [(0, 1, 0), (0, 4, 3), (1, 2, 0), (1, 4, 3), (1, 3, 0), (2, 3, 0), (2, 4, 3)];
    insta::assert_snapshot!(drawn(&[(9, 1); 5], &edges));
}

#[test]
fn lines_that_change_sides_in_one_channel_never_run_in_one_another() {
    // A and B are ordered, and so are C and D, but each leads to both: no order avoids the crossing.
    check(&[(9, 1); 4], &[(0, 2, 0), (0, 3, 0), (1, 2, 0), (1, 3, 0)]);
}

/// A Choice with a thousand ways, and states that all lead to each other: nobody can follow so many lines, and finding
/// ways for them would take minutes.
#[test]
fn too_many_lines_are_not_drawn() {
    let size = Size { width: 10, height: 3 };
    let wide: Vec<Edge> = (1..=1000).map(|to| Edge { from: 0, to, text: 5 }).collect();
    let all = |count: usize| (0..count).flat_map(move |from| (0..count).map(move |to| Edge { from, to, text: 0 }));
    let dense: Vec<Edge> = all(62).collect();
    for (boxes, edges) in [(1001, wide), (62, dense)] {
        let laid = lay_out(&vec![size; boxes], 0, &edges, Entry::Shown);
        assert!(laid.listed);
        assert_eq!((laid.boxes.len(), laid.wires.len(), laid.texts.len()), (boxes, edges.len(), edges.len()));
        assert_eq!(laid.size, Size { width: 10, height: 3 * i32::try_from(boxes).unwrap() });
    }
    let few: Vec<Edge> = (1..=100).map(|to| Edge { from: 0, to, text: 5 }).collect();
    assert!(!lay_out(&vec![size; 101], 0, &few, Entry::Shown).listed);
}
