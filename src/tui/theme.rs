//! Roles and how they look. The screen is painted in roles; only this file names colours.

use ratatui::style::{Color, Modifier, Style};

/// What something on the screen is, as far as its look goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Text,
    /// Text of less weight: labels, durations.
    Dim,
    /// Borders and rules.
    Border,
    /// The border of the focused pane.
    Focus,
    /// The title of a pane.
    Title,
    /// The line at the top.
    Header,
    /// The line at the bottom.
    Hint,
    /// A key in the line at the bottom.
    Key,
    /// The row under the cursor in the focused pane.
    Cursor,
    /// The row under the cursor in other panes.
    Followed,
    /// The cursor on the timeline.
    Playhead,
    /// A match of the search.
    Match,
    /// Failed.
    Failed,
    /// Failed, and caught.
    Caught,
    /// Running.
    Running,
    /// Waiting for something outside.
    Waiting,
    /// Succeeded.
    Succeeded,
    /// Aborted with something else.
    Aborted,
    /// Never reached.
    Unreached,
    /// A name in a document.
    JsonKey,
    /// A string in a document.
    JsonString,
    /// A number in a document.
    JsonNumber,
    /// `true`, `false` and `null`.
    JsonWord,
    /// Something that needs attention.
    Warning,
    /// In a comparison, what is only on the new side.
    Added,
    /// In a comparison, what is only on the old side.
    Removed,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::Text,
        Self::Dim,
        Self::Border,
        Self::Focus,
        Self::Title,
        Self::Header,
        Self::Hint,
        Self::Key,
        Self::Cursor,
        Self::Followed,
        Self::Playhead,
        Self::Match,
        Self::Failed,
        Self::Caught,
        Self::Running,
        Self::Waiting,
        Self::Succeeded,
        Self::Aborted,
        Self::Unreached,
        Self::JsonKey,
        Self::JsonString,
        Self::JsonNumber,
        Self::JsonWord,
        Self::Warning,
        Self::Added,
        Self::Removed,
    ];

    /// Returns the name in a configuration file: `json-key`.
    pub fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }

    /// Returns the role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    fn place(self) -> usize {
        Self::ALL.iter().position(|role| *role == self).unwrap_or(0)
    }

    /// Tells whether the role is told by what lies behind the text.
    fn is_ground(self) -> bool {
        matches!(self, Self::Cursor | Self::Followed | Self::Match)
    }
}

/// Colours of single roles, whatever the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overrides([Option<Color>; Role::ALL.len()]);

impl Overrides {
    /// Gives a role a colour.
    pub fn set(&mut self, role: Role, color: Color) {
        if let Some(slot) = self.0.get_mut(role.place()) {
            *slot = Some(color);
        }
    }

    /// Returns the colour a role was given.
    pub fn get(&self, role: Role) -> Option<Color> {
        self.0.get(role.place()).copied().flatten()
    }

    /// Returns a style of a theme with the colour the role was given; a theme without colours stays without.
    pub fn over(&self, role: Role, theme: Theme) -> Style {
        let style = theme.style(role);
        match self.get(role).filter(|_| theme != Theme::Plain) {
            Some(color) if role.is_ground() => style.bg(color),
            Some(color) => style.fg(color),
            None => style,
        }
    }
}

/// A choice of colours for the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// For dark terminals.
    #[default]
    Dark,
    /// For light terminals.
    Light,
    /// The terminal's own 16 colours.
    Sixteen,
    /// No colours: bold, dim, underlined, reversed.
    Plain,
    /// Each role in a colour of its own by number, so that tests can read roles off the screen.
    Roles,
}

impl Theme {
    /// The themes by the names of the command line and the configuration file.
    pub const NAMES: [(&'static str, Self); 4] =
        [("dark", Self::Dark), ("light", Self::Light), ("16", Self::Sixteen), ("none", Self::Plain)];

    /// Returns the theme of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, theme)| *theme)
    }

    /// Returns the next theme in the cycle.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Sixteen,
            Self::Sixteen => Self::Plain,
            Self::Plain | Self::Roles => Self::Dark,
        }
    }

    /// Returns what the theme is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Sixteen => "16 colours",
            Self::Plain => "no colours",
            Self::Roles => "roles",
        }
    }

    /// Returns how a role looks.
    pub fn style(self, role: Role) -> Style {
        match self {
            Self::Dark => dark(role),
            Self::Light => light(role),
            Self::Sixteen => sixteen(role),
            Self::Plain => plain(role),
            Self::Roles => numbered(role),
        }
    }
}

fn rgb(code: u32) -> Color {
    let [_, red, green, blue] = code.to_be_bytes();
    Color::Rgb(red, green, blue)
}

fn dark(role: Role) -> Style {
    let on = |code| Style::new().fg(rgb(code));
    match role {
        Role::Text => Style::new(),
        Role::Dim | Role::Hint => on(0x91_98a1),
        Role::Border => on(0x44_4c56),
        Role::Focus => on(0x58_a6ff),
        Role::Title => on(0xc9_d1d9).add_modifier(Modifier::BOLD),
        Role::Header => on(0xc9_d1d9).bg(rgb(0x21_262d)),
        Role::Key => on(0x79_c0ff).add_modifier(Modifier::BOLD),
        Role::Cursor => Style::new().bg(rgb(0x1b_3b5c)),
        Role::Followed => Style::new().bg(rgb(0x2d_333b)),
        Role::Playhead => on(0xff_ffff).add_modifier(Modifier::BOLD),
        Role::Match => Style::new().fg(rgb(0x0d_1117)).bg(rgb(0xe3_b341)),
        Role::Failed => on(0xff_7b72).add_modifier(Modifier::BOLD),
        Role::Removed => on(0xff_7b72),
        Role::Caught | Role::Warning => on(0xe3_b341),
        Role::Running => on(0x58_a6ff),
        Role::Waiting => on(0xbc_8cff),
        Role::Succeeded | Role::Added => on(0x56_d364),
        Role::Aborted => on(0xc9_a07a),
        Role::Unreached => on(0x7d_8590),
        Role::JsonKey => on(0x79_c0ff),
        Role::JsonString => on(0xa5_d6a7),
        Role::JsonNumber => on(0xf2_cc8f),
        Role::JsonWord => on(0xd2_a8ff),
    }
}

fn light(role: Role) -> Style {
    let on = |code| Style::new().fg(rgb(code));
    match role {
        Role::Text => Style::new(),
        Role::Dim | Role::Hint => on(0x59_636e),
        Role::Border => on(0xb8_c0c8),
        Role::Focus => on(0x08_60ca),
        Role::Title => on(0x1f_2328).add_modifier(Modifier::BOLD),
        Role::Header => on(0x1f_2328).bg(rgb(0xe6_eaef)),
        Role::Key => on(0x05_50ae).add_modifier(Modifier::BOLD),
        Role::Cursor => Style::new().bg(rgb(0xcf_e8ff)),
        Role::Followed => Style::new().bg(rgb(0xe6_eaef)),
        Role::Playhead => on(0x00_0000).add_modifier(Modifier::BOLD),
        Role::Match => Style::new().fg(rgb(0x1f_2328)).bg(rgb(0xf2_cc60)),
        Role::Failed => on(0xc9_1b2b).add_modifier(Modifier::BOLD),
        Role::Removed => on(0xc9_1b2b),
        Role::Caught | Role::Warning => on(0x8a_5a00),
        Role::Running => on(0x08_60ca),
        Role::Waiting => on(0x74_3fc2),
        Role::Succeeded | Role::Added => on(0x1a_7031),
        Role::Aborted => on(0x7d_5a3c),
        Role::Unreached => on(0x76_8390),
        Role::JsonKey => on(0x05_50ae),
        Role::JsonString => on(0x11_6329),
        Role::JsonNumber => on(0x95_3800),
        Role::JsonWord => on(0x74_3fc2),
    }
}

fn sixteen(role: Role) -> Style {
    let on = |color| Style::new().fg(color);
    match role {
        Role::Text | Role::JsonString | Role::Header => Style::new(),
        // No grey of the palette: some have it in the very colour of the background.
        Role::Dim | Role::Hint | Role::Border | Role::Unreached => Style::new().add_modifier(Modifier::DIM),
        Role::Focus | Role::Key | Role::JsonKey => on(Color::Cyan),
        Role::Running => on(Color::LightBlue),
        Role::Title | Role::Playhead => Style::new().add_modifier(Modifier::BOLD),
        // One colour for the whole row: others could be unreadable on the background, whichever it is.
        Role::Cursor => Style::new().fg(Color::White).bg(Color::Blue),
        Role::Followed => Style::new().add_modifier(Modifier::UNDERLINED),
        Role::Match => Style::new().fg(Color::Black).bg(Color::Yellow),
        Role::Failed => on(Color::LightRed).add_modifier(Modifier::BOLD),
        Role::Removed => on(Color::LightRed),
        Role::Caught | Role::Warning | Role::Aborted | Role::JsonNumber => on(Color::Yellow),
        Role::Waiting | Role::JsonWord => on(Color::Magenta),
        Role::Succeeded | Role::Added => on(Color::Green),
    }
}

fn plain(role: Role) -> Style {
    match role {
        Role::Dim | Role::Border | Role::Unreached => Style::new().add_modifier(Modifier::DIM),
        Role::Title | Role::Key | Role::Failed | Role::Focus | Role::Playhead => {
            Style::new().add_modifier(Modifier::BOLD)
        }
        Role::Cursor | Role::Match | Role::Header => Style::new().add_modifier(Modifier::REVERSED),
        Role::Followed => Style::new().add_modifier(Modifier::UNDERLINED),
        _ => Style::new(),
    }
}

fn numbered(role: Role) -> Style {
    let number = Role::ALL.iter().position(|other| *other == role).and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
    let color = Color::Indexed(100 + number);
    match role {
        Role::Cursor | Role::Followed | Role::Match => Style::new().bg(color),
        _ => Style::new().fg(color),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies behind the text in terminals as they come: black, and the grounds of widespread palettes.
    const DARK_GROUNDS: [u32; 4] = [0x00_0000, 0x0d_1117, 0x1e_1e1e, 0x28_2c34];
    const LIGHT_GROUNDS: [u32; 3] = [0xff_ffff, 0xf6_f8fa, 0xfd_f6e3];
    /// What terminals write with there.
    const DARK_INK: u32 = 0xcc_cccc;
    const LIGHT_INK: u32 = 0x33_3333;

    /// The relative luminance of the Web Content Accessibility Guidelines.
    fn luminance(color: Color) -> f64 {
        let Color::Rgb(red, green, blue) = color else { panic!("{color} is not a colour of our own") };
        let linear = |part: u8| match f64::from(part) / 255.0 {
            part if part <= 0.04045 => part / 12.92,
            part => ((part + 0.055) / 1.055).powf(2.4),
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    /// What is read needs 4.5, what may be overlooked 3; a border only has to be seen.
    fn least(role: Role) -> f64 {
        match role {
            Role::Border => 1.2,
            Role::Dim | Role::Hint | Role::Unreached => 3.0,
            _ => 4.5,
        }
    }

    #[test]
    fn every_role_stands_out_from_every_ground() {
        let mut faint = Vec::new();
        for (theme, terminals, ink) in
            [(Theme::Dark, &DARK_GROUNDS[..], DARK_INK), (Theme::Light, &LIGHT_GROUNDS[..], LIGHT_INK)]
        {
            let own = [Role::Cursor, Role::Followed, Role::Header].map(|role| theme.style(role).bg.unwrap());
            for role in Role::ALL {
                let style = theme.style(role);
                let color = style.fg.unwrap_or(rgb(ink));
                let grounds = terminals.iter().map(|code| rgb(*code)).chain(own);
                let grounds: Vec<Color> = style.bg.map_or_else(|| grounds.collect(), |ground| vec![ground]);
                for ground in grounds {
                    let ratio = contrast(color, ground);
                    if ratio < least(role) {
                        faint.push(format!("{} {role:?} on {ground}: {ratio:.2}", theme.name()));
                    }
                }
            }
        }
        assert!(faint.is_empty(), "{}", faint.join("\n"));
    }

    #[test]
    fn contrast_is_measured_as_the_guidelines_say() {
        assert!((contrast(rgb(0), rgb(0xff_ffff)) - 21.0).abs() < 1e-9);
        assert!((contrast(rgb(0x77_7777), rgb(0xff_ffff)) - 4.48).abs() < 0.01);
    }
}
