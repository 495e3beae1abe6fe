//! Text that may stand in a page: nothing of it is read as markup, and nothing of it is obeyed unseen.

use crate::json::visible::{visible, visible_json, visible_lines};
use std::fmt::{self, Display, Write};

/// A text on one line.
pub(super) struct Words<'a>(pub(super) &'a str);

/// A text of several lines.
pub(super) struct Lines<'a>(pub(super) &'a str);

/// A piece of JSON as it was written: what would not be seen is escaped as JSON does it, so that it says the same.
pub(super) struct Json<'a>(pub(super) &'a str);

impl Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        markup(f, &visible(self.0))
    }
}

impl Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        markup(f, &visible_lines(&self.0.replace("\r\n", "\n")))
    }
}

impl Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        markup(f, &visible_json(self.0))
    }
}

/// Writes a text with all that would begin or end markup, or a value of an attribute, in its place.
fn markup(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, from) = rest.split_at(at);
        f.write_str(before)?;
        let mut chars = from.chars();
        f.write_str(match chars.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            _ => "&#39;",
        })?;
        rest = chars.as_str();
    }
    f.write_str(rest)
}

/// A page in the making. Writing to it cannot fail.
#[derive(Default)]
pub(super) struct Markup(pub(super) String);

impl Markup {
    /// Adds what is markup; foreign text in it comes as [`Words`], [`Lines`] or [`Json`].
    pub(super) fn add(&mut self, text: fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(text);
    }

    /// Adds markup of ours.
    pub(super) fn push(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_cannot_become_markup() {
        let hostile = "</script><b a=\"1\" c='2'>&\u{1b}[31m\u{202e}\n\u{9b}";
        let escaped = "&lt;/script&gt;&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\\u{1b}[31m\\u{202e}";
        assert_eq!(Words(hostile).to_string(), format!("{escaped}\\n\\u{{9b}}"));
        assert_eq!(Lines(hostile).to_string(), format!("{escaped}\n\\u{{9b}}"));
        assert_eq!(Lines("a\r\nb\rc\td").to_string(), "a\nb\\rc\td");
        assert_eq!(Json("\"\u{202e}<\u{9b}\"").to_string(), "&quot;\\u202e&lt;\\u009b&quot;");
        assert_eq!(Words("plain é 日本").to_string(), "plain é 日本");
    }
}
