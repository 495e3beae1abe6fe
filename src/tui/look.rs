//! How the screen looks: a theme and a set of signs.

use super::glyphs::{ASCII, Glyphs, UNICODE};
use super::text;
use super::theme::{Overrides, Role, Theme};
use ratatui::style::Style;
use ratatui::text::Span;
use std::borrow::Cow;

/// A theme and a set of signs.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// The person's own colours.
    pub colors: Overrides,
    /// The signs.
    pub glyphs: &'static Glyphs,
}

impl Look {
    /// A look with the signs of Unicode.
    pub fn new(theme: Theme) -> Self {
        Self { theme, colors: Overrides::default(), glyphs: &UNICODE }
    }

    /// The same with signs of ASCII.
    #[must_use]
    pub fn ascii(self) -> Self {
        Self { glyphs: &ASCII, ..self }
    }

    /// Returns how a role looks.
    pub fn style(&self, role: Role) -> Style {
        self.colors.over(role, self.theme)
    }

    /// Returns our own words in a role.
    pub fn span<'a>(&self, words: impl Into<Cow<'a, str>>, role: Role) -> Span<'a> {
        Span::styled(words, self.style(role))
    }

    /// Returns foreign text in a role, harmless and no wider than that.
    pub fn foreign<'a>(&self, text: &str, columns: usize, role: Role) -> Span<'a> {
        // No more than the visible part is looked at: texts may be long.
        let end = text.char_indices().nth(columns.saturating_mul(4) + 8).map_or(text.len(), |(at, _)| at);
        let near = text.get(..end).unwrap_or(text);
        let shown = text::harmless(near, self.glyphs);
        let cut = near.len() < text.len() && text::width(&shown) <= columns;
        let fitted = text::fit(&shown, if cut { columns.saturating_sub(1) } else { columns }, self.glyphs);
        let fitted = if cut && !fitted.ends_with(self.glyphs.more) {
            format!("{fitted}{}", self.glyphs.more)
        } else {
            fitted.into_owned()
        };
        Span::styled(fitted, self.style(role))
    }
}
