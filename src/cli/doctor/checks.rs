//! What can be found out without asking anybody: the program, the terminal, the folders.

use crate::cli::Output;
use crate::cli::open;
use crate::report::signs::{FAILED, SUCCEEDED};
use crate::source::aws::Cache;
use crate::tui::theme::Theme;
use serde_json::{Value, json};
use std::env::{self, consts};

/// Something that was looked at.
pub(super) struct Check {
    /// The heading it stands under.
    pub(super) topic: &'static str,
    /// What was looked at.
    pub(super) name: String,
    pub(super) state: State,
    /// What was found.
    pub(super) text: String,
    /// What to do about it.
    pub(super) hint: Option<String>,
}

/// How something was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Good,
    /// It works, but could be better, or is worth knowing.
    Note,
    /// It will not work.
    Wrong,
}

impl State {
    pub(super) fn sign(self, unicode: bool) -> &'static str {
        let [sign, plain] = match self {
            Self::Good => SUCCEEDED,
            Self::Note => ["!", "!"],
            Self::Wrong => FAILED,
        };
        if unicode { sign } else { plain }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Wrong => "wrong",
        }
    }
}

impl Check {
    pub(super) fn good(topic: &'static str, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { topic, name: name.into(), state: State::Good, text: text.into(), hint: None }
    }

    pub(super) fn note(topic: &'static str, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { state: State::Note, ..Self::good(topic, name, text) }
    }

    pub(super) fn wrong(topic: &'static str, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { state: State::Wrong, ..Self::good(topic, name, text) }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(super) fn json(&self) -> Value {
        let Self { topic, name, state, text, hint } = self;
        json!({ "topic": topic, "name": name, "state": state.name(), "text": text, "hint": hint })
    }
}

pub(super) fn program() -> Vec<Check> {
    const TOPIC: &str = "stepback";
    let version = format!("{} for {}-{}", env!("CARGO_PKG_VERSION"), consts::ARCH, consts::OS);
    let feature = |name, here: bool, without: &str| match here {
        true => Check::good(TOPIC, name, "built in"),
        false => Check::note(TOPIC, name, format!("not built in: {without}")),
    };
    vec![Check::good(TOPIC, "version", version), feature("aws", cfg!(feature = "aws"), "recordings only, nothing live")]
}

/// The smallest screen everything fits on.
const SMALLEST: (u16, u16) = (80, 24);

pub(super) fn terminal(output: &Output) -> Vec<Check> {
    const TOPIC: &str = "terminal";
    let mut checks = Vec::new();
    match crossterm::terminal::size().ok().filter(|_| output.is_terminal()) {
        None => checks.push(Check::note(TOPIC, "output", "goes to no terminal; the screen needs one")),
        Some((columns, rows)) if columns < SMALLEST.0 || rows < SMALLEST.1 => {
            let (least, most) = SMALLEST;
            let hint = format!("The screen is made for at least {least} × {most}.");
            checks.push(Check::note(TOPIC, "size", format!("{columns} × {rows}")).hint(hint));
        }
        Some((columns, rows)) => checks.push(Check::good(TOPIC, "size", format!("{columns} × {rows}"))),
    }
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    checks.push(match open::theme_of_terminal(variable) {
        Theme::Plain => Check::good(TOPIC, "colours", "none, as NO_COLOR or TERM says"),
        Theme::Sixteen => {
            let hint = "If it has more, set COLORTERM=truecolor.";
            Check::note(TOPIC, "colours", "the terminal's own 16, since COLORTERM does not say more").hint(hint)
        }
        Theme::Light => Check::good(TOPIC, "colours", "all, on a light background"),
        Theme::Dark | Theme::Roles => Check::good(TOPIC, "colours", "all"),
    });
    checks.push(match output.unicode() {
        true => Check::good(TOPIC, "characters", "UTF-8"),
        false => Check::note(TOPIC, "characters", "ASCII, as LC_ALL, LC_CTYPE or LANG says")
            .hint("Set LANG to a UTF-8 locale, such as C.UTF-8."),
    });
    checks
}

pub(super) fn folders() -> Vec<Check> {
    const TOPIC: &str = "folders";
    vec![match Cache::of_user() {
        Some(cache) => Check::good(TOPIC, "cache", cache.folder().display().to_string()),
        None => Check::note(TOPIC, "cache", "none: there is no home folder").hint("Set HOME or XDG_CACHE_HOME."),
    }]
}
