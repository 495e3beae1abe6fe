//! The characters that lines are drawn with: which arms leave a cell, and how heavy each is.

/// The directions a line can leave a cell in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arm {
    Up,
    Right,
    Down,
    Left,
}

/// How heavy a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Weight {
    #[default]
    None,
    Light,
    Heavy,
}

/// What a line is like between its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stroke {
    Solid,
    Dashed,
}

/// The arms of a cell: up, right, down, left.
pub(super) type Arms = [Weight; 4];

/// Returns the character of a cell.
pub(super) fn rune(arms: Arms, stroke: Stroke, unicode: bool) -> &'static str {
    if unicode { box_drawing(arms, stroke) } else { ascii(arms, stroke) }
}

/// Returns the character where two lines cross that have nothing to do with each other.
pub(super) fn crossing(arms: Arms, unicode: bool) -> &'static str {
    // In ASCII corners and joints are plus signs, so that the horizontal line is led under the other.
    if unicode { box_drawing(arms, Stroke::Solid) } else { "|" }
}

/// Returns the character where lines of one net come from all four sides.
pub(super) fn joint(unicode: bool) -> &'static str {
    if unicode { "╬" } else { "+" }
}

fn ascii(arms: Arms, stroke: Stroke) -> &'static str {
    let heavy = arms.contains(&Weight::Heavy);
    let has = arms.map(|arm| arm != Weight::None);
    match (has, stroke) {
        ([false, _, false, _], Stroke::Dashed) if !heavy => ".",
        ([_, false, _, false], Stroke::Dashed) if !heavy => ":",
        ([false, _, false, _], _) if heavy => "=",
        ([false, _, false, _], _) => "-",
        ([_, false, _, false], _) if heavy => "#",
        ([_, false, _, false], _) => "|",
        _ => "+",
    }
}

/// All of Unicode's light and heavy lines, by the weights of their arms.
fn box_drawing(arms: Arms, stroke: Stroke) -> &'static str {
    use Weight::{Heavy as H, Light as L, None as N};
    match (arms, stroke) {
        ([N, N, N, N], _) => " ",
        ([N, L | N, N, L | N], Stroke::Dashed) => "╌",
        ([N, H | N, N, H | N], Stroke::Dashed) => "╍",
        ([L | N, N, L | N, N], Stroke::Dashed) => "╎",
        ([H | N, N, H | N, N], Stroke::Dashed) => "╏",
        ([N, L, N, L | N] | [N, N, N, L], _) => "─",
        ([N, H, N, H | N] | [N, N, N, H], _) => "━",
        ([L, N, L | N, N] | [N, N, L, N], _) => "│",
        ([H, N, H | N, N] | [N, N, H, N], _) => "┃",
        ([N, H, N, L], _) => "╼",
        ([N, L, N, H], _) => "╾",
        ([L, N, H, N], _) => "╽",
        ([H, N, L, N], _) => "╿",
        ([N, L, L, N], _) => "╭",
        ([N, H, L, N], _) => "┍",
        ([N, L, H, N], _) => "┎",
        ([N, H, H, N], _) => "┏",
        ([N, N, L, L], _) => "╮",
        ([N, N, L, H], _) => "┑",
        ([N, N, H, L], _) => "┒",
        ([N, N, H, H], _) => "┓",
        ([L, L, N, N], _) => "╰",
        ([L, H, N, N], _) => "┕",
        ([H, L, N, N], _) => "┖",
        ([H, H, N, N], _) => "┗",
        ([L, N, N, L], _) => "╯",
        ([L, N, N, H], _) => "┙",
        ([H, N, N, L], _) => "┚",
        ([H, N, N, H], _) => "┛",
        ([L, L, L, N], _) => "├",
        ([L, H, L, N], _) => "┝",
        ([H, L, L, N], _) => "┞",
        ([L, L, H, N], _) => "┟",
        ([H, L, H, N], _) => "┠",
        ([H, H, L, N], _) => "┡",
        ([L, H, H, N], _) => "┢",
        ([H, H, H, N], _) => "┣",
        ([L, N, L, L], _) => "┤",
        ([L, N, L, H], _) => "┥",
        ([H, N, L, L], _) => "┦",
        ([L, N, H, L], _) => "┧",
        ([H, N, H, L], _) => "┨",
        ([H, N, L, H], _) => "┩",
        ([L, N, H, H], _) => "┪",
        ([H, N, H, H], _) => "┫",
        ([N, L, L, L], _) => "┬",
        ([N, L, L, H], _) => "┭",
        ([N, H, L, L], _) => "┮",
        ([N, H, L, H], _) => "┯",
        ([N, L, H, L], _) => "┰",
        ([N, L, H, H], _) => "┱",
        ([N, H, H, L], _) => "┲",
        ([N, H, H, H], _) => "┳",
        ([L, L, N, L], _) => "┴",
        ([L, L, N, H], _) => "┵",
        ([L, H, N, L], _) => "┶",
        ([L, H, N, H], _) => "┷",
        ([H, L, N, L], _) => "┸",
        ([H, L, N, H], _) => "┹",
        ([H, H, N, L], _) => "┺",
        ([H, H, N, H], _) => "┻",
        ([L, L, L, L], _) => "┼",
        ([L, L, L, H], _) => "┽",
        ([L, H, L, L], _) => "┾",
        ([L, H, L, H], _) => "┿",
        ([H, L, L, L], _) => "╀",
        ([L, L, H, L], _) => "╁",
        ([H, L, H, L], _) => "╂",
        ([H, L, L, H], _) => "╃",
        ([H, H, L, L], _) => "╄",
        ([L, L, H, H], _) => "╅",
        ([L, H, H, L], _) => "╆",
        ([H, H, L, H], _) => "╇",
        ([L, H, H, H], _) => "╈",
        ([H, L, H, H], _) => "╉",
        ([H, H, H, L], _) => "╊",
        ([H, H, H, H], _) => "╋",
    }
}
