//! What a person has settled in their configuration file: plain data, read from text.
//!
//! ```toml
//! theme = "light"          # dark, light, 16, none
//! ascii = false
//! mouse = true
//! folder = "~/recordings"  # opened when no target is given
//!
//! [keys]                   # action = "keys": they take the place of its own
//! next-failure = "f ctrl-n"
//!
//! [colors]                 # role = "#rrggbb" or the number of a terminal colour
//! failed = "#ff5555"
//! ```
//!
//! What cannot be understood is remarked upon, with its line and the name that was probably meant, and left aside:
//! nothing in the file keeps the program from starting.

mod schema;

use super::action::{Action, ENTRIES};
use super::key::Key;
use super::keymap::Keymap;
use super::theme::{Overrides, Role, Theme};
use crate::query::closest;
use ratatui::style::Color;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use schema::settings_schema;

/// What was settled.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The theme, unless the terminal is to choose.
    pub theme: Option<Theme>,
    /// Whether only ASCII is to be shown, unless the locale is to choose.
    pub ascii: Option<bool>,
    /// Whether the mouse is left to the terminal.
    pub no_mouse: bool,
    /// The folder to open without a target; a leading `~` is the home folder.
    pub folder: Option<String>,
    /// Which keys mean what.
    pub keymap: Keymap,
    /// Colours of single roles.
    pub colors: Overrides,
}

/// Something in the file that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it, a sentence.
    pub text: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

/// The settings that stand at the top of the file.
const TOP: [&str; 6] = ["theme", "ascii", "mouse", "folder", "keys", "colors"];

impl Settings {
    /// Reads the text of a configuration file, and remarks upon what is not understood.
    pub fn read(text: &str) -> (Self, Vec<Remark>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader { text, settings: Self::default(), remarks: Vec::new() };
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            reader.remark(at, format!("{}.", error.message()));
        }
        for (key, value) in table.get_ref() {
            reader.top(key.get_ref(), key.span().start, value);
        }
        reader.remarks.sort_by_key(|remark| remark.line);
        (reader.settings, reader.remarks)
    }
}

struct Reader<'t> {
    text: &'t str,
    settings: Settings,
    remarks: Vec<Remark>,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl Reader<'_> {
    fn remark(&mut self, at: usize, text: String) {
        let before = self.text.get(..at).unwrap_or(self.text);
        self.remarks.push(Remark { line: before.matches('\n').count() + 1, text });
    }

    /// Remarks upon a name nobody knows.
    fn unknown<'n>(&mut self, at: usize, what: &str, name: &str, known: impl Iterator<Item = &'n str>) {
        let meant = closest(name, known).map(|meant| format!(" Is {meant} meant?")).unwrap_or_default();
        self.remark(at, format!("There is no {what} called {name}.{meant}"));
    }

    fn top(&mut self, name: &str, at: usize, value: &Value<'_>) {
        match (name, value.get_ref()) {
            ("theme", DeValue::String(theme)) => self.theme(theme, value.span().start),
            ("ascii", DeValue::Boolean(ascii)) => self.settings.ascii = Some(*ascii),
            ("mouse", DeValue::Boolean(mouse)) => self.settings.no_mouse = !mouse,
            ("folder", DeValue::String(folder)) => self.settings.folder = Some(folder.to_string()),
            ("keys", DeValue::Table(keys)) => {
                keys.iter().for_each(|(name, keys)| self.keys(name.get_ref(), name.span().start, keys));
            }
            ("colors", DeValue::Table(colors)) => {
                colors.iter().for_each(|(name, color)| self.color(name.get_ref(), name.span().start, color));
            }
            ("ascii" | "mouse", _) => self.remark(at, format!("{name} is true or false.")),
            ("theme" | "folder", _) => self.remark(at, format!("{name} is a text in quotes.")),
            ("keys" | "colors", _) => self.remark(at, format!("{name} is a table: [{name}].")),
            _ => self.unknown(at, "setting", name, TOP.into_iter()),
        }
    }

    fn theme(&mut self, name: &str, at: usize) {
        match Theme::from_name(name) {
            Some(theme) => self.settings.theme = Some(theme),
            None => self.unknown(at, "theme", name, Theme::NAMES.iter().map(|(name, _)| *name)),
        }
    }

    fn keys(&mut self, name: &str, at: usize, keys: &Value<'_>) {
        let Some(action) = Action::from_name(name) else {
            return self.unknown(at, "action", name, ENTRIES.iter().map(|entry| entry.name));
        };
        let DeValue::String(keys) = keys.get_ref() else {
            return self.remark(at, format!("The keys of {name} are a text in quotes, separated by spaces."));
        };
        let mut sequences = Vec::new();
        for text in keys.split_whitespace() {
            match Key::sequence(text).filter(|_| is_key(text)) {
                Some(sequence) => sequences.push(sequence),
                None => {
                    self.remark(
                        at,
                        format!("{text} is not a key. Keys are written like f, zR, ctrl-n, enter, pagedown."),
                    );
                }
            }
        }
        if sequences.is_empty() && !keys.trim().is_empty() {
            return;
        }
        for bereft in self.settings.keymap.bind(action, sequences) {
            let other = bereft.entry().name;
            self.remark(at, format!("{other} is no longer bound, since {name} has it."));
        }
    }

    fn color(&mut self, name: &str, at: usize, color: &Value<'_>) {
        let Some(role) = Role::from_name(name) else {
            let names: Vec<String> = Role::ALL.iter().map(|role| role.name()).collect();
            return self.unknown(at, "role", name, names.iter().map(String::as_str));
        };
        let read = match color.get_ref() {
            DeValue::String(text) => color_of(text),
            DeValue::Integer(number) => number.as_str().parse().ok().map(Color::Indexed),
            _ => None,
        };
        match read {
            Some(color) => self.settings.colors.set(role, color),
            None => self.remark(at, format!("The colour of {name} is \"#rrggbb\", or a number from 0 to 255.")),
        }
    }
}

/// A name that begins like a named key and is none would otherwise be taken for a sequence of letters.
fn is_key(text: &str) -> bool {
    text.len() <= 3 || text.starts_with("ctrl-") || Key::sequence(text).is_some_and(|keys| keys.len() == 1)
}

fn color_of(text: &str) -> Option<Color> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let code = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = code.to_be_bytes();
    Some(Color::Rgb(red, green, blue))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keymap::Meaning;

    fn remarks(text: &str) -> Vec<String> {
        Settings::read(text).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_settled_is_settled() {
        let text = "theme = \"light\"\nascii = true\nmouse = false\nfolder = \"~/runs\"\n\
            [keys]\nnext-failure = \"b ctrl-n\"\n[colors]\nfailed = \"#ff0010\"\nrunning = 4\n";
        let (settings, remarks) = Settings::read(text);
        assert_eq!(remarks, []);
        assert_eq!((settings.theme, settings.ascii, settings.no_mouse), (Some(Theme::Light), Some(true), true));
        assert_eq!(settings.folder.as_deref(), Some("~/runs"));
        let meaning = |keys: &str| settings.keymap.meaning(&Key::sequence(keys).unwrap());
        assert_eq!(meaning("b"), Meaning::Action(Action::NextFailure));
        assert_eq!(meaning("ctrl-n"), Meaning::Action(Action::NextFailure));
        assert_eq!(meaning("f"), Meaning::Nothing);
        assert_eq!(settings.colors.get(Role::Failed), Some(Color::Rgb(255, 0, 16)));
        assert_eq!(settings.colors.get(Role::Running), Some(Color::Indexed(4)));
    }

    #[test]
    fn what_is_not_understood_is_said_with_its_line_and_the_name_that_was_meant() {
        assert_eq!(
            remarks(
                "theem = \"dark\"\n[keys]\nnext-failur = \"f\"\nquit = \"pageupp\"\n[colors]\nfaild = 1\nrunning = 256\n"
            ),
            [
                "line 1: There is no setting called theem. Is theme meant?",
                "line 3: There is no action called next-failur. Is next-failure meant?",
                "line 4: pageupp is not a key. Keys are written like f, zR, ctrl-n, enter, pagedown.",
                "line 6: There is no role called faild. Is failed meant?",
                "line 7: The colour of running is \"#rrggbb\", or a number from 0 to 255.",
            ]
        );
        assert_eq!(remarks("theme = \"ligth\""), ["line 1: There is no theme called ligth. Is light meant?"]);
        assert_eq!(
            remarks("mouse = 1\n\ntheme = 3"),
            ["line 1: mouse is true or false.", "line 3: theme is a text in quotes."]
        );
        assert!(remarks("theme = \n")[0].starts_with("line 1: "), "{:?}", remarks("theme = \n"));
    }

    #[test]
    fn what_stands_beside_a_mistake_is_still_settled() {
        let (settings, remarks) = Settings::read("nonsense ===\nascii = true\n");
        assert_eq!(settings.ascii, Some(true));
        assert!(!remarks.is_empty());
    }

    #[test]
    fn an_action_that_loses_its_only_key_is_told() {
        assert_eq!(
            remarks("[keys]\nnext-failure = \"u\""),
            ["line 2: parent is no longer bound, since next-failure has it."]
        );
        assert!(remarks("[keys]\nnext-failure = \"j\"").is_empty(), "down is still on its arrow");
    }
}
