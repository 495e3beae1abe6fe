//! A screen without a terminal: a recording, keys in the notation of help, and what is seen then.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;
use stepback::json::SharedBytes;
use stepback::source::{self, Opened};
use stepback::tui::key::Key;
use stepback::tui::live::Acting;
use stepback::tui::look::Look;
use stepback::tui::theme::{Role, Theme};
use stepback::tui::{Effect, Found, Model, Msg, Subject, Target, update, view};

/// A screen in a test.
pub struct Screen {
    pub model: Model,
    pub effects: Vec<Effect>,
    terminal: Terminal<TestBackend>,
}

impl Screen {
    /// Opens a shipped recording.
    pub fn shipped(name: &str, size: (u16, u16)) -> Self {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
        Self::open(source::open(&path).unwrap(), name, size)
    }

    /// Opens the text of a recording.
    pub fn of_text(text: &str, size: (u16, u16)) -> Self {
        Self::open(source::open_bytes(SharedBytes::from(text.to_owned())).unwrap(), "test", size)
    }

    fn open(opened: Opened, name: &str, size: (u16, u16)) -> Self {
        let target = Target::Path(name.into());
        let found = match opened {
            Opened::One(recording) => Found::One(Box::new(Subject::new(target.clone(), *recording))),
            Opened::Several(recordings) => {
                Found::Several(recordings.into_iter().map(|one| Subject::new(target.clone(), one)).collect())
            }
            other => panic!("{name} is no recording but {other:?}"),
        };
        Self::showing(found, target, size)
    }

    /// Shows what was found behind a target.
    pub fn showing(found: Found, target: Target, size: (u16, u16)) -> Self {
        Self::looking(found, target, size, Look::new(Theme::Roles))
    }

    /// The same with a look of one's own.
    pub fn looking(found: Found, target: Target, size: (u16, u16), look: Look) -> Self {
        let (mut model, effects) = Model::new(target, size, look);
        let [Effect::Open(ticket, _)] = effects.as_slice() else { panic!("something is to be opened: {effects:?}") };
        update(&mut model, Msg::Opened(*ticket, Ok(found)));
        Self { model, effects: Vec::new(), terminal: Terminal::new(TestBackend::new(size.0, size.1)).unwrap() }
    }

    /// A screen that has asked for what it wants to open, and waits. What it asked is among the effects.
    pub fn waiting(target: Target, acting: Acting, size: (u16, u16)) -> Self {
        let (model, effects) = Model::new(target, size, Look::new(Theme::Roles));
        Self {
            model: model.acting(acting),
            effects,
            terminal: Terminal::new(TestBackend::new(size.0, size.1)).unwrap(),
        }
    }

    /// Returns what was asked of the world since the last time, and forgets it.
    pub fn asked(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Presses keys: `jj <ctrl-d> 42G <enter>` without the spaces; `<wait>` lets a moment pass.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|inner| inner.split_once('>'));
            let (name, after) = match named {
                Some((name, after)) if name.len() > 1 => (name, after),
                _ => rest.split_at(c.len_utf8()),
            };
            rest = after;
            if name == "wait" {
                self.let_a_moment_pass();
                continue;
            }
            for key in Key::sequence(name).unwrap() {
                self.tell(Msg::Key(key));
            }
        }
        self
    }

    /// Says that something happened.
    pub fn tell(&mut self, msg: Msg) -> &mut Self {
        self.effects.extend(update(&mut self.model, msg));
        self
    }

    fn let_a_moment_pass(&mut self) {
        let tickets = self.effects.iter().filter_map(|effect| match effect {
            Effect::Wake(ticket) => Some(*ticket),
            _ => None,
        });
        let tickets: Vec<_> = tickets.collect();
        for ticket in tickets {
            self.tell(Msg::Woke(ticket));
        }
    }

    /// Gives the terminal another size.
    pub fn resized(&mut self, (width, height): (u16, u16)) -> &mut Self {
        self.terminal.backend_mut().resize(width, height);
        self.tell(Msg::Resize(width, height))
    }

    /// Returns the text on the screen.
    pub fn text(&mut self) -> String {
        self.draw();
        let buffer = self.terminal.backend().buffer();
        let lines = (0..buffer.area.height).map(|y| {
            let cells = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Returns a line of the screen.
    pub fn line(&mut self, holding: &str) -> String {
        let text = self.text();
        let line = text.lines().find(|line| line.contains(holding));
        line.unwrap_or_else(|| panic!("{holding:?} is not on the screen:\n{text}")).to_owned()
    }

    /// Returns the roles on the screen: a letter for each cell, those of [`legend`].
    pub fn roles(&mut self) -> String {
        self.draw();
        let buffer = self.terminal.backend().buffer();
        let lines = (0..buffer.area.height).map(|y| {
            let cells = (0..buffer.area.width).map(|x| {
                let cell = &buffer[(x, y)];
                let letter = letter(cell.bg).or_else(|| letter(cell.fg).filter(|_| cell.symbol() != " "));
                letter.unwrap_or(' ')
            });
            cells.collect::<String>().trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Returns what was copied last.
    pub fn copied(&self) -> Option<&str> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.as_str()),
            _ => None,
        })
    }

    fn draw(&mut self) {
        let model = &self.model;
        self.terminal.draw(|frame| view(model, frame)).unwrap();
    }
}

fn letter(color: Color) -> Option<char> {
    let role = Role::ALL.iter().position(|role| {
        let style = Theme::Roles.style(*role);
        style.fg == Some(color) || style.bg == Some(color)
    })?;
    "abcdefghijklmnopqrstuvwxyz".chars().nth(role)
}

/// Which letter stands for which role.
pub fn legend() -> String {
    let roles = Role::ALL.iter().zip('a'..);
    roles.map(|(role, letter)| format!("{letter} {role:?}")).collect::<Vec<_>>().join(", ")
}
