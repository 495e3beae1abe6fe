//! The impure shell around the screen: the terminal, the clock, the files, the signals.
//!
//! What happens outside becomes messages, what `update` asks for becomes deeds. Nothing here decides what the screen
//! shows.

mod cloud;
mod crowd;
mod demo;
mod editor;
mod good;
mod guard;
mod hangup;
mod happened;
mod input;
mod keep;
mod open;
mod play;
mod scribe;
mod terminal;

use crate::event::EventId;
use crate::source::aws::Access;
use crate::tui::execution::TICK_MICROS;
use crate::tui::items::Items;
use crate::tui::keymap::Keymap;
use crate::tui::live::Acting;
use crate::tui::look::Look;
use crate::tui::{Draft, Effect, Model, Msg, Target, Ticket, Trouble, Zone, update};
pub use cloud::Reach;
use happened::{Happened, World};
use std::io;
use std::time::{Duration, Instant};
use terminal::Terminal;
use tokio::sync::mpsc;

/// How long a second key is waited for.
const MOMENT: Duration = Duration::from_millis(400);

/// How long a tick of a run being played takes.
const TICK: Duration = Duration::from_micros(TICK_MICROS.unsigned_abs());

/// How often what goes on is shown to be older.
const SECOND: Duration = Duration::from_secs(1);

/// How many messages are taken in before a frame is painted, at most: a flood must not freeze the picture.
const MOST_BETWEEN_FRAMES: usize = 256;

/// How long after an editor's end an interrupt may still be the one that ended it.
const MOMENT_OF_EDITOR: Duration = Duration::from_millis(500);

/// What the screen begins with.
pub struct Opening {
    /// What is opened.
    pub target: Target,
    /// The event to begin at; where it went wrong when nothing is said.
    pub at: Option<EventId>,
    /// Colours and signs.
    pub look: Look,
    /// Which keys mean what.
    pub keymap: Keymap,
    /// What the person's clocks show.
    pub zone: Zone,
    /// Whether the mouse is left to the terminal.
    pub no_mouse: bool,
    /// What is wrong with the configuration.
    pub wrong: Option<String>,
    /// Whether the screen is opened for the first time here.
    pub first_time: bool,
    /// How AWS is reached.
    pub reach: Reach,
}

/// How a sitting ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// What could not be written: it was asked for so late that the screen has not told it.
    pub trouble: Option<Trouble>,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

/// Shows the screen until the person leaves it.
pub fn run(opening: Opening) -> io::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async { Session::new(opening)?.last().await });
    // A file being read in the background must not delay the way out.
    runtime.shutdown_background();
    ended
}

/// One sitting at the screen.
struct Session {
    terminal: Terminal,
    world: World,
    model: Model,
    answers: mpsc::UnboundedSender<Msg>,
    player: play::Player,
    scribe: scribe::Scribe,
    cloud: cloud::Cloud,
    /// The editor that has the terminal, if one has: nothing is painted meanwhile.
    editor: Option<editor::Editor>,
    /// When the last editor ended.
    edited: Option<Instant>,
    /// The signal that ended it.
    signal: Option<i32>,
    /// Outlives the terminal, which it would have to give back.
    guard: guard::Guard,
}

/// Whether to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Going {
    On,
    Over,
}

impl Session {
    fn new(opening: Opening) -> io::Result<Self> {
        let guard = guard::Guard::stand();
        let terminal = Terminal::enter(opening.no_mouse)?;
        hangup::watch()?;
        let (answers, received) = mpsc::unbounded_channel();
        let world = World::new(received)?;
        let (model, effects) = Model::new(opening.target, terminal.size()?, opening.look);
        let acting = match opening.reach.options.access {
            Access::ReadOnly => Acting::ReadOnly,
            Access::Actions => Acting::Allowed,
        };
        let (model, player) =
            (model.begin_at(opening.at).acting(acting).with_zone(opening.zone), play::Player::default());
        let model = model.with_keymap(opening.keymap).with_notice(opening.wrong, opening.first_time);
        let cloud = cloud::Cloud::new(answers.clone(), opening.reach);
        let scribe = scribe::Scribe::default();
        let mut session = Self {
            terminal,
            world,
            model,
            answers,
            player,
            scribe,
            cloud,
            editor: None,
            edited: None,
            signal: None,
            guard,
        };
        for effect in effects {
            session.perform(effect)?;
        }
        Ok(session)
    }

    async fn last(mut self) -> io::Result<Ended> {
        let ended = self.go_on().await;
        let Self { terminal, scribe, mut world, signal, guard, .. } = self;
        // What is typed from here on is for whoever comes next.
        world.let_go_of_input();
        drop(terminal);
        drop(guard);
        // From here on everything is written, or could not be.
        drop(scribe);
        ended.map(|()| Ended { trouble: world.untold(), signal })
    }

    async fn go_on(&mut self) -> io::Result<()> {
        loop {
            if self.editor.is_none() {
                self.terminal.draw(&self.model)?;
            }
            let mut happened = Some(self.world.next().await);
            for _ in 0..MOST_BETWEEN_FRAMES {
                let Some(now) = happened else { break };
                if self.take_in(now)? == Going::Over {
                    return Ok(());
                }
                happened = self.world.already().await;
            }
        }
    }

    fn take_in(&mut self, happened: Happened) -> io::Result<Going> {
        let msg = match happened {
            Happened::Msg(msg) => msg,
            Happened::Ended => return Ok(Going::Over),
            Happened::Told(signal) => {
                self.signal = Some(signal);
                return Ok(Going::Over);
            }
            // What the keyboard sends is meant for the editor, and so is being continued with it.
            Happened::Interrupted if self.is_for_editor() => return Ok(Going::On),
            Happened::Interrupted => return Ok(Going::Over),
            Happened::Continued if self.editor.is_some() => return Ok(Going::On),
            Happened::Continued => return self.resume(),
        };
        if matches!(msg, Msg::Edited(..))
            && let Some(editor) = self.editor.take()
        {
            editor.clear();
            self.edited = Some(Instant::now());
            self.resume()?;
        }
        #[cfg(debug_assertions)]
        panic_when_told(&msg);
        for effect in update(&mut self.model, msg) {
            if self.perform(effect)? == Going::Over {
                return Ok(Going::Over);
            }
        }
        Ok(Going::On)
    }

    /// Tells whether an interrupt is meant for the editor. That one interrupted it and that it ended may be told in
    /// either order.
    fn is_for_editor(&self) -> bool {
        self.editor.is_some() || self.edited.is_some_and(|ended| ended.elapsed() < MOMENT_OF_EDITOR)
    }

    fn perform(&mut self, effect: Effect) -> io::Result<Going> {
        let answers = self.answers.clone();
        match effect {
            Effect::Quit => return Ok(Going::Over),
            Effect::Suspend => return self.suspend(),
            Effect::Copy(text) => {
                let copied = self.terminal.copy(&text).map_err(|error| error.to_string());
                let _ = answers.send(Msg::Copied(copied));
            }
            Effect::Wake(ticket) => {
                tokio::spawn(async move {
                    tokio::time::sleep(MOMENT).await;
                    let _ = answers.send(Msg::Woke(ticket));
                });
            }
            Effect::Tick(ticket) => {
                tokio::spawn(async move {
                    tokio::time::sleep(TICK).await;
                    let _ = answers.send(Msg::Ticked(ticket));
                });
            }
            Effect::Clock(ticket) => {
                tokio::spawn(async move {
                    tokio::time::sleep(SECOND).await;
                    let _ = answers.send(Msg::Clock(ticket, cloud::now()));
                });
            }
            Effect::Keep(ticket, asked, bookmarks, path, existing) => {
                let kept = move || Msg::Kept(ticket, keep::keep(&asked.0, bookmarks, &path, existing));
                open::in_background(answers, kept);
            }
            Effect::Export(ticket, handover, path, existing) => {
                let kept = move || Msg::Kept(ticket, keep::export(&handover, &path, existing));
                open::in_background(answers, kept);
            }
            Effect::Bookmark(ticket, writing) => self.scribe.write(answers, ticket, writing),
            Effect::Connect
            | Effect::Page(..)
            | Effect::Tell(_)
            | Effect::Resume(..)
            | Effect::Follow(..)
            | Effect::Prepare(..)
            | Effect::Act(..)
            | Effect::Open(_, Target::Live(_)) => self.cloud.perform(effect),
            Effect::Open(_, Target::Fleet(ref crowd)) if crowd.is_live() => self.cloud.perform(effect),
            Effect::Open(ticket, target) => {
                open::in_background(answers, move || Msg::Opened(ticket, open::open(target)));
            }
            Effect::Compare(_, ref asked) if matches!(asked.0.target, Target::Live(_)) => self.cloud.perform(effect),
            Effect::Compare(ticket, asked) => self.player.compare(answers, ticket, asked.0),
            Effect::Answer(_, ref asked, _) if matches!(asked.0.target, Target::Live(_)) => self.cloud.perform(effect),
            Effect::Answer(ticket, asked, state) => {
                open::in_background(answers, move || Msg::Answered(ticket, good::answer(&asked.0, &state)));
            }
            Effect::Replay(ticket, asked, plan) => self.player.play(answers, ticket, asked.0, *plan),
            Effect::Stop(ticket) => {
                self.player.stop(ticket);
                self.cloud.stop(ticket);
            }
            Effect::Edit(ticket, draft) => self.edit(ticket, &draft)?,
            Effect::Study(asked, study) => {
                open::in_background(answers, move || {
                    let sheet = study.sheet(&asked.0);
                    Msg::Studied(asked, study, sheet)
                });
            }
            Effect::Survey(ticket, asked, map) => {
                open::in_background(answers, move || {
                    let items = Box::new(Items::of(&asked.0, map));
                    Msg::Surveyed(ticket, asked, items)
                });
            }
            Effect::List(ticket, path) => {
                open::in_background(answers, move || Msg::Listed(ticket, open::list(&path)));
            }
        }
        Ok(Going::On)
    }

    /// Gives the terminal back and stops, until the shell lets us continue.
    fn suspend(&mut self) -> io::Result<Going> {
        self.world.let_go_of_input();
        self.terminal.leave()?;
        // The whole group is stopped, as the terminal would do it: whoever started us is waiting with us.
        rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
        self.resume()
    }

    /// Gives the terminal to an editor. What happens in the background goes on happening.
    fn edit(&mut self, ticket: Ticket, draft: &Draft) -> io::Result<()> {
        self.world.let_go_of_input();
        self.terminal.leave()?;
        match editor::Editor::start(&draft.name, &draft.text) {
            Ok((editor, child)) => {
                let ending = editor.ending();
                self.editor = Some(editor);
                open::in_background(self.answers.clone(), move || Msg::Edited(ticket, ending.wait(child)));
            }
            Err(reason) => {
                self.resume()?;
                let _ = self.answers.send(Msg::Edited(ticket, Err(reason)));
            }
        }
        Ok(())
    }

    fn resume(&mut self) -> io::Result<Going> {
        self.terminal.enter_again()?;
        self.world.take_up_input();
        let (width, height) = self.terminal.size()?;
        update(&mut self.model, Msg::Resize(width, height));
        Ok(Going::On)
    }
}

/// Lets a test see that the terminal survives a bug of ours. Not in the program as it is shipped.
#[cfg(debug_assertions)]
fn panic_when_told(msg: &Msg) {
    use crate::tui::key::{Code, Key};
    let told = matches!(msg, Msg::Key(Key { code: Code::Char('X'), ctrl: false }));
    assert!(!told || std::env::var_os("STEPBACK_TEST_PANIC").is_none(), "told to panic by STEPBACK_TEST_PANIC");
}
