//! Somebody who gives the terminal back when this program cannot: killed, aborted, out of memory.
//!
//! A shell waits at the other end of a pipe. As long as the program lives, or says that all is well, it does nothing;
//! when the pipe ends without that word, it undoes what [`Terminal`](super::terminal::Terminal) did, and then prints what
//! else was said: the program's last words would be lost with the screen they were printed on. It ignores what ends the
//! program, and has a process group of its own, so that it outlives it by a moment.

use crate::source;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{ChildStdin, Command, Stdio};

/// Leaves synchronized output, the mouse, bracketed paste and the alternate screen, shows the cursor, and brings back a
/// terminal in which one can type. What it was before nobody remembers: this is what `reset` would leave.
const SCRIPT: &str = r#"trap '' HUP INT QUIT TERM TSTP TTOU TTIN
read -r word
[ "$word" = well ] && exit
printf '\033[?2026l\033[?1006l\033[?1015l\033[?1003l\033[?1002l\033[?1000l\033[?2004l\033[?1049l\033[?25h'
stty sane < /dev/tty
[ -n "$word" ] && printf '%s\n' "$word""#;

/// The end of the pipe that this program holds. Dropping it says that all is well.
pub(super) struct Guard(Option<ChildStdin>);

impl Guard {
    /// Calls somebody. Where there is no shell the terminal is as safe as before.
    pub(super) fn stand() -> Self {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SCRIPT]).stdin(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let pipe = shell.spawn().ok().and_then(|mut child| child.stdin.take());
        if let Some(pipe) = &pipe {
            source::last_words_to(pipe);
        }
        Self(pipe)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        source::last_words_as_ever();
        if let Some(pipe) = &mut self.0 {
            let _ = pipe.write_all(b"well\n");
        }
    }
}
