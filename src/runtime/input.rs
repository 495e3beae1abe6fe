//! What is typed, read by a thread of its own.
//!
//! crossterm waits for more only at the edge from nothing to something, and hands out one event at a time: after a burst
//! larger than its buffer the rest stays unread until somebody types again. Here the terminal itself is waited for, as
//! long as there is anything, and everything there is is taken at once.

use crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, poll};
use std::fs::File;
use std::io::{self, IsTerminal, PipeReader, PipeWriter};
use std::os::fd::{AsFd, OwnedFd};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long the rest of what has begun to come is waited for.
const REST: Duration = Duration::from_millis(1);

/// The keys of a terminal. Dropping it leaves what is typed from then on to others.
pub(super) struct Input {
    events: UnboundedReceiver<Event>,
    /// Closing it ends the thread.
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

impl Input {
    /// Begins to read.
    pub(super) fn begin() -> io::Result<Self> {
        let (stopped, stop) = io::pipe()?;
        let (sender, events) = unbounded_channel();
        let terminal = terminal()?;
        let read = move || read(&terminal, &stopped, &sender);
        let thread = std::thread::Builder::new().name("input".to_owned()).spawn(read)?;
        Ok(Self { events, stop: Some(stop), thread: Some(thread) })
    }

    /// Returns what was typed; `None` when the terminal is gone.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.events.poll_recv(context)
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The terminal that crossterm reads from.
fn terminal() -> io::Result<OwnedFd> {
    match io::stdin().is_terminal() {
        true => io::stdin().as_fd().try_clone_to_owned(),
        false => Ok(File::open("/dev/tty")?.into()),
    }
}

/// Hands on what is typed until it is stopped, nobody listens any more, or the terminal is gone.
fn read(terminal: &OwnedFd, stopped: &PipeReader, events: &UnboundedSender<Event>) {
    loop {
        let mut asked = [PollFd::new(terminal, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
        match poll(&mut asked, None) {
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
            Ok(_) => {}
        }
        let [typed, stop] = asked.map(|asked| asked.revents());
        if !stop.is_empty() || typed.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return;
        }
        while let Ok(true) = event::poll(REST) {
            let handed_on = event::read().is_ok_and(|event| events.send(event).is_ok());
            if !handed_on {
                return;
            }
        }
    }
}
