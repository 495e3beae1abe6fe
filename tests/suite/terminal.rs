//! The real program in a pseudo-terminal: what must hold when a person's own terminal is at stake.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long anything is waited for before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal as a person has it, with something running in it.
struct Terminal {
    pair: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

struct Seen {
    screen: vt100::Parser,
    raw: Vec<u8>,
    ended: bool,
}

impl Terminal {
    /// Runs the program itself.
    fn stepback(arguments: &[&str]) -> Self {
        Self::run(env!("CARGO_BIN_EXE_stepback"), arguments)
    }

    fn run(program: &str, arguments: &[&str]) -> Self {
        let pair =
            native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(Path::new(env!("CARGO_MANIFEST_DIR")));
        for (name, value) in
            [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8"), ("PS1", "$ ")]
        {
            command.env(name, value);
        }
        command.env("STEPBACK_TEST_PANIC", "1");
        for name in ["LC_ALL", "NO_COLOR", "ENV"] {
            command.env_remove(name);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Seen { screen: vt100::Parser::new(lines(24), lines(80), 0), raw: Vec::new(), ended: false };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut seen = shared.0.lock().unwrap();
                seen.screen.process(&buffer[..read]);
                seen.raw.extend_from_slice(&buffer[..read]);
                seen.ended = read == 0;
                shared.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self { pair: pair.master, child, writer, seen }
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Waits until the screen is as wanted.
    fn until(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().unwrap();
        while !wanted(seen.screen.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !seen.ended, "{what} did not come:\n{}", seen.screen.screen().contents());
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        drop(seen);
        self
    }

    fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |screen| screen.contents().contains(text))
    }

    /// Waits for the end and returns the exit code.
    fn ends(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().unwrap();
        while !seen.ended {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the program did not end:\n{}", seen.screen.screen().contents());
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        drop(seen);
        self.child.wait().unwrap().exit_code()
    }

    fn is_given_back(&self) -> bool {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.screen.screen();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }
}

fn lines(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

const DECLINED: &str = "recordings/order-payment-declined.sfn.json";

#[test]
fn a_sitting_from_start_to_quit() {
    let mut terminal = Terminal::stepback(&[DECLINED]);
    terminal.shows("CardDeclined").until("the alternate screen", vt100::Screen::alternate_screen);
    terminal.press("F").shows("43/84").press("h").shows("42/84");
    terminal.press("42G").shows("42/84").press("\t/sku\r").shows("match 1 of");
    terminal.press("yp").shows("Copied the path: $");
    let copied = terminal.seen.0.lock().unwrap().raw.windows(7).any(|bytes| bytes == b"\x1b]52;c;");
    assert!(copied, "the clipboard is written with OSC 52");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.is_given_back());
}

#[test]
fn a_copied_command_leads_back() {
    let mut terminal = Terminal::stepback(&[DECLINED, "--at", "17"]);
    terminal.shows("17/84").press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn the_screen_follows_the_size_of_the_terminal() {
    let mut terminal = Terminal::stepback(&[DECLINED]);
    terminal.shows("CardDeclined");
    terminal.seen.0.lock().unwrap().screen.screen_mut().set_size(lines(40), lines(120));
    terminal.pair.resize(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 }).unwrap();
    terminal.shows("╭─ visits").shows("event 46 of 84");
    terminal.pair.resize(PtySize { rows: 10, cols: 40, pixel_width: 0, pixel_height: 0 }).unwrap();
    terminal.shows("stepback needs 60 columns");
    terminal.press("\u{3}");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.is_given_back());
}

#[test]
fn a_panic_gives_the_terminal_back_and_says_so() {
    let mut terminal = Terminal::stepback(&[DECLINED]);
    terminal.shows("CardDeclined").press("X");
    assert_ne!(terminal.ends(), 0);
    assert!(terminal.is_given_back());
    let raw = String::from_utf8_lossy(&terminal.seen.0.lock().unwrap().raw).into_owned();
    let (_, after) = raw.rsplit_once("\u{1b}[?1049l").unwrap();
    assert!(after.contains("told to panic"), "{after}");
}

#[test]
fn a_signal_gives_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let mut terminal = Terminal::stepback(&[DECLINED]);
        terminal.shows("CardDeclined").signal(signal);
        terminal.ends();
        assert!(terminal.is_given_back(), "{signal}");
    }
}

#[test]
fn suspending_gives_the_terminal_to_the_shell() {
    let mut terminal = Terminal::run("sh", &["-i"]);
    terminal.shows("$ ");
    terminal.press(&format!("{} {DECLINED}\n", env!("CARGO_BIN_EXE_stepback"))).shows("CardDeclined");
    terminal.press("F").shows("43/84").press("\u{1a}");
    terminal.until("the shell", |screen| !screen.alternate_screen());
    assert!(terminal.is_given_back());
    terminal.press("echo still $((40 + 2))\n").shows("still 42");
    terminal.press("fg\n").until("the screen", vt100::Screen::alternate_screen).shows("43/84");
    terminal.press("h").shows("42/84").press("q").until("the shell", |screen| !screen.alternate_screen());
    terminal.press("exit\n");
    terminal.ends();
}

#[test]
fn what_cannot_be_opened_is_said_on_the_screen() {
    let mut terminal = Terminal::stepback(&["recordings/README.md"]);
    terminal.shows("recordings/README.md").press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_folder_is_browsed() {
    let mut terminal = Terminal::stepback(&["recordings"]);
    terminal.shows("MH-2026-118432").press("/declined").shows("with \"declined\"");
    terminal.press("\u{1b}").until("the whole list", |screen| !screen.contents().contains("with \"")).press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn the_demo_needs_no_files() {
    let mut terminal = Terminal::stepback(&["--demo"]);
    terminal.shows("shipped recordings").press("\r").shows("CardDeclined").press("q").shows("shipped recordings");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}
