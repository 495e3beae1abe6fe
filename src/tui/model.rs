//! Everything the screen knows.

use super::action::Action;
use super::bookmarks::Noting;
use super::browser::{Browser, Listing, Summary};
use super::execution::Execution;
use super::fleet::Fleet;
use super::key::Key;
use super::keymap::Keymap;
use super::layout::Layout;
use super::live::{Acting, Calls, Cloud, Confirm, Keep, Live};
use super::look::Look;
use super::msg::{Effect, Msg, Target, Ticket, Trouble};
use super::outside::Outside;
use super::pane::DataTab;
use super::replaying::{Ask, Editing, Editor, Menu};
use crate::asl::{Diagnostic, Severity};
use crate::event::{EventId, Timestamp};
use crate::report::Zone;
use std::sync::Arc;

/// The whole state of the program.
#[derive(Debug)]
pub struct Model {
    /// The screens, the shown one last. There is always one.
    pub(super) screens: Vec<Screen>,
    /// What lies over it.
    pub(super) overlay: Option<Overlay>,
    /// Columns and rows of the terminal.
    pub(super) size: (u16, u16),
    /// Where the panes of the execution screen stand.
    pub(super) layout: Layout,
    /// Colours and signs.
    pub(super) look: Look,
    /// Which keys mean what.
    pub(super) keymap: Keymap,
    /// What the person's clocks show.
    pub(super) zone: Zone,
    /// Keys that do not mean anything yet.
    pub(super) typed: Typed,
    /// Something to tell, until the next key.
    pub(super) notice: Option<Notice>,
    /// The last question asked of the world.
    pub(super) ticket: Ticket,
    /// What is being opened, and where to go when it is there.
    pub(super) opening: Option<Opening>,
    /// What was to be opened last, to be tried again.
    pub(super) wanted: Option<Target>,
    /// What came of the opening while the person was at something on the shown screen, in order. It waits: what they are
    /// at must not be put on another screen.
    pub(super) held: Vec<Msg>,
    /// The state whose result in the last good run is waited for.
    pub(super) good: Option<(Ticket, Arc<str>)>,
    /// The text the person's own editor has, which has the terminal.
    pub(super) editor: Option<Ticket>,
    /// What the person is writing in their own editor.
    pub(super) editing: Option<Editing>,
    /// What is in the person's own editor to be looked at.
    pub(super) outside: Option<Outside>,
    /// The event to begin at instead of what went wrong, in the execution opened first.
    pub(super) begin_at: Option<EventId>,
    /// Where in AWS the screen may look.
    pub(super) cloud: Cloud,
    /// Whether it may change anything there.
    pub(super) acting: Acting,
    /// What was asked of AWS.
    pub(super) calls: Calls,
    /// The executions in a list whose failures were asked for last.
    pub(super) telling: Vec<Live>,
    /// The input being edited to start an execution with it.
    pub(super) drafting: Option<(Ticket, Live)>,
    /// The present, once it is asked for: only what goes on needs it.
    pub(super) now: Option<Timestamp>,
    /// The last second that was asked for, and whether it is waited for. Seconds are no questions among others, of which
    /// only the latest counts.
    pub(super) clock: (Ticket, bool),
    /// The input that was edited last for that execution and could not be used: it is not to be written anew.
    pub(super) draft: Option<(Live, String)>,
}

/// What fills the terminal.
#[derive(Debug)]
pub enum Screen {
    /// Nothing yet: the first thing is being opened.
    Opening,
    /// It could not be opened.
    Broken(Trouble),
    /// A list to choose from.
    Browser(Box<Browser>),
    /// An execution.
    Execution(Box<Execution>),
    /// Many executions at once.
    Fleet(Box<Fleet>),
}

/// What lies over a screen until it is closed.
#[derive(Debug)]
pub enum Overlay {
    /// The keys, scrolled down by so many lines.
    Help(usize),
    /// Something to look for being typed; what was looked for before it.
    Search(Sought, String, Option<String>),
    /// The name of an action being typed, and the selected one.
    Palette(String, usize),
    /// What is odd about the recording, scrolled down by so many lines.
    Problems(usize),
    /// What was used of AWS's limits, scrolled down by so many lines.
    Budget(Vec<crate::report::Entry>, usize),
    /// What went wrong, all of it, scrolled down by so many lines.
    Cause(usize),
    /// A long text read whole: its title, the text, and how far it is scrolled down.
    Reader(String, String, usize),
    /// What can be replayed and made different.
    Replay(Menu),
    /// A text being written.
    Editor(Box<Editor>),
    /// What AWS would say about a definition that was written.
    Findings(Box<Findings>),
    /// An answer a replay wants.
    Asking(Box<Ask>),
    /// The calls to AWS.
    Calls,
    /// The name of a file to be kept.
    Keep(Keep),
    /// The note of a bookmark being typed.
    Noting(Box<Noting>),
    /// The bookmarks, and the selected one.
    Bookmarks(usize),
    /// A change in AWS that waits for its word.
    Confirm(Box<Confirm>),
}

/// Where something is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// In what has the focus: it is searched or, if it is a list of executions, filtered.
    Here,
    /// Among the events, which are filtered.
    Events,
}

/// What AWS would say about a definition that was written.
#[derive(Debug)]
pub struct Findings {
    /// What it would say, errors first.
    pub findings: Vec<Diagnostic>,
    /// What the definition was written for.
    pub editing: Editing,
    /// The definition.
    pub text: String,
    /// How far it is scrolled down.
    pub top: usize,
}

impl Findings {
    /// Tells whether AWS would refuse the definition.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

impl Overlay {
    /// Returns how far it is scrolled down, for those that scroll.
    pub(super) fn top(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help(top)
            | Self::Problems(top)
            | Self::Cause(top)
            | Self::Budget(_, top)
            | Self::Reader(_, _, top) => Some(top),
            Self::Findings(found) => Some(&mut found.top),
            Self::Search(..)
            | Self::Palette(..)
            | Self::Replay(_)
            | Self::Editor(_)
            | Self::Asking(_)
            | Self::Calls
            | Self::Keep(_)
            | Self::Noting(_)
            | Self::Bookmarks(_)
            | Self::Confirm(_) => None,
        }
    }
}

/// The beginning of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// A number typed first.
    pub count: Option<u32>,
    /// The view of the data that was shown before a digit showed another.
    pub(super) before: Option<DataTab>,
    /// The keys.
    pub keys: Vec<Key>,
    /// The moment after which they mean what they mean alone.
    pub(super) ticket: Ticket,
}

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What, as a sentence.
    pub text: String,
    /// Whether it is about something that did not work.
    pub bad: bool,
}

/// Something that is being opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub(super) ticket: Ticket,
    /// What.
    pub target: Target,
    /// Whether it takes the place of the shown screen instead of lying over it.
    pub(super) again: bool,
}

impl Model {
    /// A screen of that size that begins by opening something, and the request to do so.
    pub fn new(target: Target, size: (u16, u16), look: Look) -> (Self, Vec<Effect>) {
        let mut model = Self {
            screens: vec![Screen::Opening],
            overlay: None,
            size,
            layout: Layout::default(),
            look,
            keymap: Keymap::default(),
            zone: Zone::default(),
            typed: Typed::default(),
            notice: None,
            ticket: Ticket::default(),
            opening: None,
            wanted: None,
            held: Vec::new(),
            good: None,
            editor: None,
            editing: None,
            outside: None,
            begin_at: None,
            cloud: Cloud::default(),
            acting: Acting::default(),
            calls: Calls::default(),
            telling: Vec::new(),
            drafting: None,
            now: None,
            clock: (Ticket::default(), false),
            draft: None,
        };
        let lives = matches!(target, Target::Home(_) | Target::Live(_));
        let mut effects = vec![model.open(target, true)];
        if lives {
            model.cloud = Cloud::Looking;
            effects.push(Effect::Connect);
        }
        (model, effects)
    }

    /// Lets the screen change things in AWS, or not.
    #[must_use]
    pub fn acting(self, acting: Acting) -> Self {
        Self { acting, ..self }
    }

    /// Begins at an event instead of what went wrong.
    #[must_use]
    pub fn begin_at(self, event: Option<EventId>) -> Self {
        Self { begin_at: event, ..self }
    }

    /// Takes the person's own keys.
    #[must_use]
    pub fn with_keymap(self, keymap: Keymap) -> Self {
        Self { keymap, ..self }
    }

    /// Takes the clocks of where the person is.
    #[must_use]
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// Tells something from the start: what is wrong with the configuration, or else how to begin.
    #[must_use]
    pub fn with_notice(self, wrong: Option<String>, first_time: bool) -> Self {
        let notice = match wrong {
            Some(text) => Some(Notice { text, bad: true }),
            None if first_time => {
                let (help, palette, leave) =
                    (self.key(Action::Help), self.key(Action::Palette), self.key(Action::Leave));
                let text = format!(
                    "Welcome. {help} shows the keys, {palette} runs anything by name, {leave} goes back and quits."
                );
                Some(Notice { text, bad: false })
            }
            None => None,
        };
        Self { notice, ..self }
    }

    /// Asks for something to be opened; `again` when it takes the place of the shown screen.
    pub(super) fn open(&mut self, target: Target, again: bool) -> Effect {
        self.ticket = self.ticket.next();
        self.opening = Some(Opening { ticket: self.ticket, target: target.clone(), again });
        self.wanted = Some(target.clone());
        Effect::Open(self.ticket, target)
    }

    /// Returns the shown screen.
    pub(super) fn screen(&self) -> &Screen {
        self.screens.last().expect("there is always a screen: the last one is never popped")
    }

    /// Returns the shown screen, to be changed.
    pub(super) fn screen_mut(&mut self) -> &mut Screen {
        self.screens.last_mut().expect("there is always a screen: the last one is never popped")
    }

    /// Returns the execution on the screen, if there is one.
    pub(super) fn execution(&self) -> Option<&Execution> {
        match self.screen() {
            Screen::Execution(execution) => Some(execution),
            _ => None,
        }
    }

    /// Returns the execution on the screen, to be changed.
    pub(super) fn execution_mut(&mut self) -> Option<&mut Execution> {
        match self.screen_mut() {
            Screen::Execution(execution) => Some(execution),
            _ => None,
        }
    }

    /// Tells whether the person is at something that belongs to the execution on the screen.
    pub(super) fn is_at_something(&self) -> bool {
        // What is told of the cause is told anew when there is more of it.
        let at_overlay = self.overlay.as_ref().is_some_and(|overlay| !matches!(overlay, Overlay::Cause(_)));
        self.editor.is_some() || (at_overlay && self.execution().is_some())
    }

    /// Tells whether AWS is being asked why an execution of a list failed.
    pub(super) fn is_asking_why(&self, listing: &Listing) -> bool {
        let untold = listing.execution().is_some_and(Summary::is_untold);
        untold && matches!(&listing.target, Target::Live(live) if self.telling.contains(live))
    }

    /// Tells something until the next key.
    pub(super) fn tell(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), bad: false });
    }

    /// Tells that something did not work.
    pub(super) fn complain(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), bad: true });
    }

    /// Returns the key of an action, for hints.
    pub(super) fn key(&self, action: Action) -> String {
        self.keymap.key(action)
    }
}
