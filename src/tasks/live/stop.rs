//! How a call is ended before it answers.

use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a command may take to end when it is asked to.
const GRACE: Duration = Duration::from_millis(300);

/// The process groups that run, for whoever has to end them all at once.
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// What ends one call.
#[derive(Debug, Default)]
pub(super) struct Stop {
    ended: AtomicBool,
    what: Mutex<Option<What>>,
}

#[derive(Debug)]
enum What {
    Group(u32),
    Stream(TcpStream),
}

/// A process group that is known as long as it runs; what is left of it ends with this.
#[derive(Debug)]
pub(super) struct Group<'s> {
    id: u32,
    stop: &'s Stop,
}

impl Stop {
    /// Tells whether the call was to end.
    pub(super) fn is_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// Takes charge of a process group.
    pub(super) fn group(&self, id: u32) -> Group<'_> {
        groups().push(id);
        self.set(Some(What::Group(id)));
        Group { id, stop: self }
    }

    /// Takes charge of a connection.
    pub(super) fn stream(&self, stream: &TcpStream) {
        self.set(stream.try_clone().ok().map(What::Stream));
    }

    fn set(&self, what: Option<What>) {
        *self.what.lock().unwrap_or_else(PoisonError::into_inner) = what;
        if self.is_ended() {
            self.ask();
        }
    }

    /// Asks the call to end.
    pub(super) fn ask(&self) {
        self.ended.store(true, Ordering::SeqCst);
        match &*self.what.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(What::Group(id)) => signal(*id, Signal::Ask),
            Some(What::Stream(stream)) => drop(stream.shutdown(Shutdown::Both)),
            None => {}
        }
    }

    /// Ends it, after a moment in which it may do so by itself.
    pub(super) fn end(&self) {
        let begun = Instant::now();
        while begun.elapsed() < GRACE {
            if self.what.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        if let Some(What::Group(id)) = &*self.what.lock().unwrap_or_else(PoisonError::into_inner) {
            signal(*id, Signal::End);
        }
    }
}

impl Group<'_> {
    /// Ends what is left of the group.
    pub(super) fn end(&self) {
        signal(self.id, Signal::End);
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        self.end();
        groups().retain(|id| *id != self.id);
        *self.stop.what.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn groups() -> std::sync::MutexGuard<'static, Vec<u32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every command that runs, with all it started: the process itself is about to end.
pub fn end_all() {
    let groups = groups().clone();
    groups.iter().for_each(|id| signal(*id, Signal::Ask));
    if !groups.is_empty() {
        std::thread::sleep(Duration::from_millis(50));
    }
    groups.iter().for_each(|id| signal(*id, Signal::End));
}

#[derive(Clone, Copy)]
enum Signal {
    Ask,
    End,
}

#[cfg(unix)]
fn signal(group: u32, signal: Signal) {
    use rustix::process::{Pid, Signal as Number, kill_process_group};
    let number = match signal {
        Signal::Ask => Number::TERM,
        Signal::End => Number::KILL,
    };
    if let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, number);
    }
}

#[cfg(not(unix))]
fn signal(_: u32, _: Signal) {}
