//! Keys as names: what the keyboard sends, without knowing which library reads it.

use std::fmt;

/// A key that was pressed, with `ctrl` or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// Whether control was held.
    pub ctrl: bool,
}

/// Which key was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character, as shifted.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
}

const NAMED: [(&str, Code); 15] = [
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backtab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("home", Code::Home),
    ("end", Code::End),
];

impl Key {
    /// A key without control.
    pub fn plain(code: Code) -> Self {
        Self { code, ctrl: false }
    }

    /// A character without control.
    pub fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// Returns the key as a keymap writes it.
    pub fn written(&self) -> String {
        let named = NAMED.iter().find(|(_, code)| *code == self.code).map(|(name, _)| (*name).to_owned());
        let name = named.unwrap_or_else(|| match self.code {
            Code::Char(c) => c.to_string(),
            _ => String::new(),
        });
        if self.ctrl { format!("ctrl-{name}") } else { name }
    }

    /// Reads a sequence of keys as a keymap writes it: `zR`, `ctrl-d`, `enter`.
    pub fn sequence(text: &str) -> Option<Vec<Self>> {
        if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Some(vec![Self::plain(*code)]);
        }
        if let Some(rest) = text.strip_prefix("ctrl-") {
            let mut chars = rest.chars();
            let key = Self { code: Code::Char(chars.next()?), ctrl: true };
            return chars.next().is_none().then(|| vec![key]);
        }
        (!text.is_empty()).then(|| text.chars().map(Self::char).collect())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("space"),
            Code::Char(c) => write!(f, "{c}"),
            Code::BackTab => f.write_str("shift-tab"),
            Code::Up => f.write_str("↑"),
            Code::Down => f.write_str("↓"),
            Code::Left => f.write_str("←"),
            Code::Right => f.write_str("→"),
            code => f.write_str(NAMED.iter().find(|(_, named)| *named == code).map_or("?", |(name, _)| name)),
        }
    }
}
