//! A terminal that goes away for good: the window closed, the connection lost.

use rustix::event::{PollFd, PollFlags, poll};
use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, OwnedFd};
use std::thread;
use std::time::Duration;

/// How long the program may take to end by itself.
const GRACE: Duration = Duration::from_secs(2);

/// What a shell reports of a program that a hangup ended: 128 and the signal's number.
const EXIT_CODE: i32 = 129;

/// Ends the program some time after its terminal went away, unless it ended before.
///
/// A hangup is a signal too, and the loop ends on it. But crossterm, once it reads from a terminal that is gone, reads
/// an endless nothing and never hands control back: without this, closing a window could leave a program that takes a
/// whole core.
pub(super) fn watch() -> io::Result<()> {
    // The one crossterm reads from.
    let terminal: OwnedFd = match io::stdin().is_terminal() {
        true => io::stdin().as_fd().try_clone_to_owned()?,
        false => File::open("/dev/tty")?.into(),
    };
    thread::Builder::new().name("hangup".to_owned()).spawn(move || {
        // A hangup is always told, whatever is asked for.
        let mut asked = [PollFd::new(&terminal, PollFlags::empty())];
        while poll(&mut asked, None).is_err_and(|error| error == rustix::io::Errno::INTR) {}
        if asked.iter().any(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR)) {
            thread::sleep(GRACE);
            std::process::exit(EXIT_CODE);
        }
    })?;
    Ok(())
}
