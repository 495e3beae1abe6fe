//! The signs on the screen, and their plain forms for terminals that know only ASCII.

use crate::report::signs::{ABORTED, CAUGHT, FAILED, RUNNING, SUCCEEDED};

/// A set of signs, each one column wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Ended well.
    pub succeeded: &'static str,
    /// Ended badly.
    pub failed: &'static str,
    /// Failed, and something took over.
    pub caught: &'static str,
    /// Stopped with something else.
    pub aborted: &'static str,
    /// Going on.
    pub running: &'static str,
    /// Nothing to say about it.
    pub neutral: &'static str,
    /// A row that is folded.
    pub closed: &'static str,
    /// A row that is unfolded.
    pub open: &'static str,
    /// The end of something that did not fit.
    pub more: &'static str,
    /// Between the parts of a path.
    pub step: &'static str,
    /// Between two remarks.
    pub dot: &'static str,
    /// A horizontal line.
    pub line: &'static str,
    /// A vertical line.
    pub bar: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Density from little to much.
    pub levels: [&'static str; 8],
    /// Where the cursor is on the timeline.
    pub playhead: &'static str,
    /// Idle time that is folded away.
    pub idle: &'static str,
    /// A bar: full, its left end, its right end.
    pub span: [&'static str; 3],
    /// From one to another.
    pub arrow: &'static str,
    /// From where something came.
    pub from: &'static str,
    /// Where something was made.
    pub origin: &'static str,
    /// Several times.
    pub times: &'static str,
    /// A place that is marked.
    pub mark: &'static str,
    /// A place with a bookmark.
    pub bookmark: &'static str,
    ascii: bool,
}

/// For terminals with a UTF-8 locale.
pub const UNICODE: Glyphs = Glyphs {
    succeeded: SUCCEEDED[0],
    failed: FAILED[0],
    caught: CAUGHT[0],
    aborted: ABORTED[0],
    running: RUNNING[0],
    neutral: "·",
    closed: "▸",
    open: "▾",
    more: "…",
    step: "▸",
    dot: "·",
    line: "─",
    bar: "│",
    corners: ["╭", "╮", "╰", "╯"],
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    playhead: "┃",
    idle: "┄",
    span: ["█", "▐", "▌"],
    arrow: "→",
    from: "←",
    origin: "◆",
    times: "×",
    mark: "◆",
    bookmark: "⚑",
    ascii: false,
};

/// For all others.
pub const ASCII: Glyphs = Glyphs {
    succeeded: SUCCEEDED[1],
    failed: FAILED[1],
    caught: CAUGHT[1],
    aborted: ABORTED[1],
    running: RUNNING[1],
    neutral: ".",
    closed: "+",
    open: "-",
    more: "~",
    step: ">",
    dot: "|",
    line: "-",
    bar: "|",
    corners: ["+", "+", "+", "+"],
    levels: [".", ".", ":", ":", "=", "=", "#", "#"],
    playhead: "|",
    idle: "~",
    span: ["=", "=", "="],
    arrow: ">",
    from: "<",
    origin: "*",
    times: "x",
    mark: "#",
    bookmark: "'",
    ascii: true,
};

impl Glyphs {
    /// Tells whether these are the plain ones.
    pub fn is_ascii(&self) -> bool {
        self.ascii
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn every_sign_is_one_column_wide() {
        for set in [UNICODE, ASCII] {
            let signs = [set.succeeded, set.failed, set.caught, set.aborted, set.running, set.neutral, set.closed];
            let more = [
                set.open,
                set.more,
                set.step,
                set.dot,
                set.line,
                set.bar,
                set.playhead,
                set.idle,
                set.arrow,
                set.from,
                set.origin,
                set.mark,
                set.bookmark,
            ];
            for sign in signs.iter().chain(&more).chain(&set.corners).chain(&set.levels).chain(&set.span) {
                assert_eq!(sign.width(), 1, "{sign}");
                assert!(!set.is_ascii() || sign.is_ascii());
            }
        }
    }
}
