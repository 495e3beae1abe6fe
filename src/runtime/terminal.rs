//! The terminal, taken over and given back: on leaving, on errors, on panics.

use crate::tui::{Model, view};
use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use std::io::{self, BufWriter, Stdout, Write};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

/// The terminal while it is ours. Dropping it gives it back as it was.
pub(super) struct Terminal(ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>);

impl Terminal {
    /// Takes the terminal over, with or without its mouse.
    pub(super) fn enter(no_mouse: bool) -> io::Result<Self> {
        MOUSE.store(!no_mouse, Ordering::SeqCst);
        restore_on_panic(thread::current().id());
        take()?;
        fresh().map(Self).inspect_err(|_| give_back())
    }

    /// Returns its columns and rows.
    pub(super) fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.0.size()?;
        Ok((size.width, size.height))
    }

    /// Paints a frame; the terminal shows it in one go.
    pub(super) fn draw(&mut self, model: &Model) -> io::Result<()> {
        queue!(self.0.backend_mut(), BeginSynchronizedUpdate)?;
        self.0.draw(|frame| view(model, frame))?;
        execute!(self.0.backend_mut(), EndSynchronizedUpdate)
    }

    /// Puts text into the clipboard of the terminal's owner, over SSH too (OSC 52).
    pub(super) fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(self.0.backend_mut(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Gives the terminal back for a while.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        self.0.backend_mut().flush()?;
        give_back();
        Ok(())
    }

    /// Takes it over again; everything will be painted anew.
    pub(super) fn enter_again(&mut self) -> io::Result<()> {
        take()?;
        // Clearing the old one would ask the terminal where its cursor is, and wait for an answer.
        self.0 = fresh()?;
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn fresh() -> io::Result<ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>> {
    ratatui::Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(1 << 16, io::stdout())))
}

/// Whether the terminal is ours: it is given back once, or the cursor would jump over what was printed since.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Whether the mouse is ours too while the terminal is.
static MOUSE: AtomicBool = AtomicBool::new(true);

fn take() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    let mut out = io::stdout();
    let taken = execute!(out, EnterAlternateScreen, Clear(ClearType::All), cursor::Hide);
    let taken = taken.and_then(|()| execute!(out, EnableBracketedPaste));
    let mouse = MOUSE.load(Ordering::SeqCst);
    let taken = taken.and_then(|()| if mouse { execute!(out, EnableMouseCapture) } else { Ok(()) });
    taken.inspect_err(|_| give_back())
}

/// Undoes all that [`take`] does. Each step is tried whatever became of those before: there is nobody left to tell.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = execute!(out, EndSynchronizedUpdate, DisableMouseCapture, DisableBracketedPaste);
    let _ = execute!(out, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}

/// Gives the terminal back before a panic prints its message. A panic in the background stays quiet: it is told on
/// the screen, by whoever waits for the answer.
fn restore_on_panic(screen: ThreadId) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == screen {
                give_back();
                print(info);
            }
        }));
    });
}
