//! What comes in from outside: input first, then signals, then answers.

use super::input::Input;
use crate::tui::key::{Code, Key};
use crate::tui::msg::Mouse;
use crate::tui::{Msg, Trouble};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use signal_hook::consts::{SIGABRT, SIGHUP, SIGQUIT, SIGTERM};
use std::future::{pending, poll_fn};
use std::io;
use std::task::{Context, Poll};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

/// Something that happened outside.
pub(super) enum Happened {
    /// Something the screen understands.
    Msg(Msg),
    /// The terminal is gone.
    Ended,
    /// A signal wants us to end.
    Told(i32),
    /// Somebody wants what has the terminal to end.
    Interrupted,
    /// We were stopped and may continue.
    Continued,
}

/// Everything that can happen outside.
pub(super) struct World {
    /// Absent while somebody else has the terminal: reading on would take their keys away.
    input: Option<Input>,
    terminate: [(Signal, i32); 4],
    interrupt: Signal,
    resized: Signal,
    continued: Signal,
    answers: mpsc::UnboundedReceiver<Msg>,
}

impl World {
    /// Listens.
    pub(super) fn new(answers: mpsc::UnboundedReceiver<Msg>) -> io::Result<Self> {
        Ok(Self {
            input: Some(Input::begin()?),
            resized: signal(SignalKind::window_change())?,
            terminate: [told(SIGTERM)?, told(SIGHUP)?, told(SIGQUIT)?, told(SIGABRT)?],
            interrupt: signal(SignalKind::interrupt())?,
            continued: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
            answers,
        })
    }

    /// Stops reading keys.
    pub(super) fn let_go_of_input(&mut self) {
        self.input = None;
    }

    /// Reads keys again.
    pub(super) fn take_up_input(&mut self) {
        if self.input.is_none() {
            // Without it only signals end the program; there is nobody to tell.
            self.input = Input::begin().ok();
        }
    }

    /// Waits until something happens.
    pub(super) async fn next(&mut self) -> Happened {
        match poll_fn(|context| self.poll(context)).await {
            Some(happened) => happened,
            None => pending().await,
        }
    }

    /// Returns what has happened already, if anything has.
    pub(super) async fn already(&mut self) -> Option<Happened> {
        poll_fn(|context| match self.poll(context) {
            Poll::Ready(happened) => Poll::Ready(happened),
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }

    /// Returns the trouble of the last writing nobody has heard of, unless it went well.
    pub(super) fn untold(mut self) -> Option<Trouble> {
        let mut last = None;
        while let Ok(msg) = self.answers.try_recv() {
            if let Msg::Bookmarked(_, written) = msg {
                last = written.err();
            }
        }
        last
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Happened>> {
        while let Some(input) = &mut self.input
            && let Poll::Ready(event) = input.poll(context)
        {
            let Some(event) = event else { return Poll::Ready(Some(Happened::Ended)) };
            if let Some(msg) = translated(event) {
                return Poll::Ready(Some(Happened::Msg(msg)));
            }
        }
        if self.resized.poll_recv(context).is_ready()
            && let Ok((width, height)) = crossterm::terminal::size()
        {
            return Poll::Ready(Some(Happened::Msg(Msg::Resize(width, height))));
        }
        if let Some((_, number)) =
            self.terminate.iter_mut().find_map(|it| it.0.poll_recv(context).is_ready().then_some(it))
        {
            return Poll::Ready(Some(Happened::Told(*number)));
        }
        if self.interrupt.poll_recv(context).is_ready() {
            return Poll::Ready(Some(Happened::Interrupted));
        }
        if self.continued.poll_recv(context).is_ready() {
            return Poll::Ready(Some(Happened::Continued));
        }
        self.answers.poll_recv(context).map(|msg| msg.map(Happened::Msg))
    }
}

/// Listens to a signal.
fn told(number: i32) -> io::Result<(Signal, i32)> {
    Ok((signal(SignalKind::from_raw(number))?, number))
}

fn translated(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => self::key(key).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(width, height)),
        Event::Mouse(mouse) => {
            let what = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Mouse::Click,
                MouseEventKind::ScrollUp => Mouse::WheelUp,
                MouseEventKind::ScrollDown => Mouse::WheelDown,
                _ => return None,
            };
            Some(Msg::Mouse(what, mouse.column, mouse.row))
        }
        Event::Key(_) | Event::FocusGained | Event::FocusLost => None,
    }
}

fn key(key: KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        _ => return None,
    };
    Some(Key { code, ctrl: key.modifiers.contains(KeyModifiers::CONTROL) })
}
