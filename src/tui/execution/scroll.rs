//! Which part of a long list is on the screen.

/// The first visible line of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scroll {
    top: usize,
    height: usize,
}

/// Lines kept visible above and below the selected one.
const MARGIN: usize = 2;

impl Scroll {
    /// Returns the first visible line.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Returns how many lines are visible.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Returns the visible lines of a list of that length.
    pub fn range(&self, len: usize) -> std::ops::Range<usize> {
        self.top.min(len)..(self.top + self.height).min(len)
    }

    /// Puts a line near the top.
    pub fn begin_at(&mut self, line: usize) {
        self.top = line.saturating_sub(MARGIN);
    }

    /// Scrolls as little as needed to show the selected line with some lines around it.
    pub fn show(&mut self, selected: usize, height: usize, len: usize) {
        self.height = height;
        let margin = MARGIN.min(height.saturating_sub(1) / 2);
        let lowest_top = (selected + margin + 1).saturating_sub(height);
        let highest_top = selected.saturating_sub(margin);
        self.top = self.top.clamp(lowest_top.min(highest_top), highest_top.max(lowest_top));
        self.top = self.top.min(len.saturating_sub(height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_line_stays_visible() {
        let mut scroll = Scroll::default();
        for (selected, height, len, top) in [
            (0, 10, 100, 0),
            (7, 10, 100, 0),
            (8, 10, 100, 1),
            (99, 10, 100, 90),
            (50, 10, 100, 48),
            (3, 10, 5, 0),
            (4, 1, 5, 4),
            (4, 0, 5, 4),
        ] {
            scroll.show(selected, height, len);
            assert_eq!(scroll.top(), top, "{selected} {height} {len}");
        }
    }
}
