//! The real program in a pseudo-terminal: what must hold when a person's own terminal is at stake.

use super::pty::{Terminal, lines};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::Read;
use std::time::{Duration, Instant};

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
    terminal.shows("╭─ states").shows("event 46 of 84");
    terminal.pair.resize(PtySize { rows: 10, cols: 40, pixel_width: 0, pixel_height: 0 }).unwrap();
    terminal.shows("stepback needs 40 columns");
    terminal.press("\u{3}");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.is_given_back());
}

#[test]
fn what_lies_over_the_panes_outlasts_a_terminal_that_shrinks_and_grows() {
    for (keys, shown) in [("r", "Edit the definition"), ("d", "change 1 of"), ("w", "came from"), ("?", "╭─ keys")]
    {
        let mut terminal = Terminal::stepback(&[DECLINED]);
        terminal.shows("CardDeclined").press(keys).shows(shown);
        // What was shown before a step is not what is expected after it: the last one, at least, is then painted anew.
        for (columns, rows, expected) in [(200, 60, shown), (40, 10, "stepback needs 40 columns"), (80, 24, shown)] {
            terminal.seen.0.lock().unwrap().screen.screen_mut().set_size(lines(rows), lines(columns));
            terminal.pair.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
            terminal.shows(expected);
        }
        // An escape and a letter in one go would be another key.
        terminal.press("\u{1b}").shows("f next failure").press("q");
        assert_eq!(terminal.ends(), 0);
    }
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
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 0), ("QUIT", 131), ("ABRT", 134)] {
        let mut terminal = Terminal::stepback(&[DECLINED]);
        terminal.shows("CardDeclined").signal(signal);
        assert_eq!(terminal.ends(), code, "{signal}");
        assert!(terminal.is_given_back(), "{signal}");
    }
}

/// Nothing can be done by a program that is killed; somebody else does it.
#[test]
fn a_killed_program_leaves_a_terminal_that_can_be_used() {
    let mut terminal = Terminal::stepback(&[DECLINED]);
    terminal.shows("CardDeclined").signal("KILL");
    assert_ne!(terminal.ends(), 0);
    assert!(terminal.is_given_back());
}

/// A large recording is read where it lies in memory. Another program takes the rest of it away.
#[test]
fn a_file_that_shrinks_while_it_is_open_ends_in_a_sentence() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("shrinks.json");
    let failed = r#"{"error":"Gone","cause":"at the end of a long history"}"#;
    let event = |id: u32, kind: &str, details: &str, value: &str| {
        let parent = id - 1;
        format!(
            r#"{{"timestamp":"2026-11-02T10:00:00Z","type":"{kind}","id":{id},"previousEventId":{parent},"{details}":{value}}}"#
        )
    };
    let long = format!(r#"{{"name":"Pause","input":"\"{}\""}}"#, "x".repeat(9_000));
    let mut events = vec![event(1, "ExecutionStarted", "executionStartedEventDetails", r#"{"input":"{}"}"#)];
    events.extend((2..1_000).map(|id| event(id, "PassStateEntered", "stateEnteredEventDetails", &long)));
    events.push(event(1_000, "ExecutionFailed", "executionFailedEventDetails", failed));
    std::fs::write(&file, format!(r#"{{"events":[{}]}}"#, events.join(","))).unwrap();
    let open = std::fs::File::options().write(true).open(&file).unwrap();
    open.set_modified(std::time::SystemTime::now() - Duration::from_secs(60)).unwrap();

    let mut terminal = Terminal::stepback(&[file.to_str().unwrap(), "--at", "3"]);
    terminal.shows("3/1,000");
    open.set_len(4_096).unwrap();
    terminal.press("fhhhh");
    assert_eq!(terminal.ends(), 135);
    assert!(terminal.is_given_back());
    terminal_says(&terminal, "shrinks.json was shortened by another program while it was open. Open it again.");
}

/// Whether the text stands on the terminal, however it is broken into lines.
fn terminal_says(terminal: &Terminal, text: &str) {
    let shown = terminal.seen.0.lock().unwrap().screen.screen().contents().replace('\n', "");
    assert!(shown.replace(' ', "").contains(&text.replace(' ', "")), "{shown}");
}

/// More keys than are read at once: the last of them is not kept back until somebody types again.
#[test]
fn a_burst_of_keys_is_shown_to_its_end() {
    let mut terminal = Terminal::stepback(&[DECLINED]);
    terminal.shows("CardDeclined");
    terminal.press(&"jk".repeat(2_500));
    terminal.press("?").shows("In this view");
}

#[test]
fn one_interrupt_is_enough_whatever_was_begun() {
    for keys in ["g", "z", "y", "12", "m"] {
        let mut terminal = Terminal::stepback(&[DECLINED]);
        terminal.shows("CardDeclined").press(keys).press("\u{3}");
        terminal.ends();
        assert!(terminal.is_given_back(), "{keys}");
    }
}

/// Closes the terminal while the program reads from it, as a window that is closed does.
#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_stepback"));
    command.args([DECLINED]);
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&seen).contains("states") {
        let read = reader.read(&mut buffer).unwrap();
        seen.extend_from_slice(&buffer[..read]);
    }
    drop(reader);
    drop(pair.master);
    let deadline = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("the program goes on without a terminal");
        }
        std::thread::sleep(Duration::from_millis(50));
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

/// A word that is neither a command nor a file is told where it was typed; nothing else is drawn.
#[test]
fn a_mistyped_command_or_path_names_the_nearest() {
    for (typed, near) in [
        ("wy", "Perhaps a command is meant: stepback why."),
        ("recordings/order-shiped.sfn.json", "Perhaps recordings/order-shipped.sfn.json is meant."),
        ("recordings/nothing-like-it", "stepback --demo opens the recordings that come with it"),
    ] {
        let mut terminal = Terminal::stepback(&[typed]);
        assert_eq!(terminal.ends(), 2, "{typed}");
        terminal_says(&terminal, &format!("error: There is no {typed}."));
        terminal_says(&terminal, near);
        let raw = String::from_utf8_lossy(&terminal.seen.0.lock().unwrap().raw).into_owned();
        assert!(!raw.contains("[?1049h"), "{raw}");
    }
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

#[test]
fn bookmarks_are_in_the_file_when_the_program_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.sfn.json");
    std::fs::copy("recordings/order-shipped.sfn.json", &file).unwrap();
    let before = std::fs::read(&file).unwrap();
    let mut terminal = Terminal::stepback(&[&file.display().to_string(), "--at", "12"]);
    terminal.shows("12/").press("ma").shows("Note, if any:").press("look here\r").press("14Gmb\rq");
    assert_eq!(terminal.ends(), 0);
    let show = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_stepback"));
        let output = command.arg("show").arg(&file).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = show(&["--bookmarks"]);
    assert!(shown.contains("a  event 12  ") && shown.contains("look here"), "{shown}");
    let json: serde_json::Value = serde_json::from_str(&show(&["--bookmarks", "--json"])).unwrap();
    assert_eq!(json["format"], "stepback.bookmarks/1");
    assert_eq!(
        json["bookmarks"][1],
        serde_json::json!({ "letter": "b", "event": 14, "note": null,
        "execution": null, "place": json["bookmarks"][1]["place"] })
    );
    let mut terminal = Terminal::stepback(&[&file.display().to_string()]);
    terminal.shows("─ states ─").press("'a").shows("Bookmark a: look here").press("''").shows("They are written in");
    terminal.press("\u{7f}\u{7f}").shows("There are none here yet.").press("\u{1b}");
    terminal.until("the tree", |screen| !screen.contents().contains("none here yet")).press("q");
    assert_eq!(terminal.ends(), 0);
    assert!(std::fs::read(&file).unwrap() == before, "with the last bookmark the file is what it was");
}

#[test]
fn a_bookmark_that_cannot_be_written_is_told_also_by_a_program_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.sfn.json");
    std::fs::copy("recordings/order-shipped.sfn.json", &file).unwrap();
    let mut terminal = Terminal::stepback(&[&file.display().to_string(), "--at", "12"]);
    terminal.shows("12/").press("ma").shows("Note, if any:");
    let mut permissions = file.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).unwrap();
    terminal.press("look here\rq");
    assert_eq!(terminal.ends(), 2);
    assert!(terminal.is_given_back());
    terminal.shows("The bookmarks of this sitting are lost: ");
}

/// Writes an editor: a script that tells where its file is and how private, waits for a line, and does what it is told.
fn fake_editor(folder: &std::path::Path, does: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let script = folder.join("editor");
    let seen = folder.join("seen");
    let told =
        format!("echo \"$1\" >> {0}; stat -c %a \"$1\" >> {0}; echo editing; read line\n{does}\n", seen.display());
    std::fs::write(&script, format!("#!/bin/sh\n{told}")).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("VISUAL={}", script.display())
}

#[test]
fn a_definition_fixed_in_an_editor_turns_a_failed_run_into_a_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let rates = "s/carrier.body.rates/carrier.body.data.offers/";
    let answer = r#"s/"result": {}/"result": {"Payload": {"service": "economy", "cents": 555}}/"#;
    let editor = fake_editor(folder.path(), &format!("sed -i -e '{rates}' -e '{answer}' \"$1\""));
    let recording = "recordings/shipping-quote-carrier-changed.sfn.json";
    let mut terminal = Terminal::run("env", &[&editor, env!("CARGO_BIN_EXE_stepback"), recording]);
    terminal.shows("States.Runtime").press("rG").shows("Edit the definition").press("\r");
    terminal.until("the editor", |screen| !screen.alternate_screen() && screen.contents().contains("editing"));
    assert!(terminal.is_given_back());
    terminal.press("\n").shows("The definition has no new findings.").press("\r");
    terminal.shows("PickRate, attempt 1, needs a result that is not recorded.").press("\r");
    terminal.shows("\"result\": {}").press("\u{f}");
    terminal.until("the editor", |screen| !screen.alternate_screen()).press("\n");
    terminal.shows("edited: fixed").press("\u{1b}").until("the tree", |screen| screen.contents().contains("states"));
    let seen = std::fs::read_to_string(folder.path().join("seen")).unwrap();
    let lines: Vec<&str> = seen.lines().collect();
    let [definition, mode, answer, _] = lines.as_slice() else { panic!("two texts were edited: {seen}") };
    assert!(definition.ends_with("definition.asl.json") && answer.ends_with("answer.json"), "{seen}");
    assert_eq!(*mode, "600");
    assert!(!std::path::Path::new(definition).parent().unwrap().exists(), "nothing is left behind");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.is_given_back());
}

#[test]
fn an_input_changed_in_an_editor_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let editor = fake_editor(folder.path(), "sed -i s/MH-2026-118432/edited-order/ \"$1\"");
    let mut terminal = Terminal::run("env", &[&editor, env!("CARGO_BIN_EXE_stepback"), DECLINED]);
    terminal.shows("CardDeclined").press("e");
    terminal.until("the editor", |screen| !screen.alternate_screen() && screen.contents().contains("editing"));
    assert!(terminal.is_given_back());
    terminal.press("\n").shows("edited: {\"orderId\":\"edited-order\"").press("\r").shows("edited: ");
    terminal.until("the replay", |screen| screen.contents().contains("+ replayed"));
    let seen = std::fs::read_to_string(folder.path().join("seen")).unwrap();
    let [file, mode] = seen.lines().collect::<Vec<_>>()[..] else { panic!("one text was edited: {seen}") };
    assert!(file.ends_with("/input.json") && mode == "600", "{seen}");
    assert!(!std::path::Path::new(file).parent().unwrap().exists(), "nothing is left behind");
    terminal.signal("TERM");
    terminal.ends();
}

#[test]
fn an_editor_that_is_interrupted_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let editor = fake_editor(folder.path(), "true");
    let mut terminal = Terminal::run("env", &[&editor, env!("CARGO_BIN_EXE_stepback"), DECLINED]);
    terminal.shows("CardDeclined").press("rG").shows("Edit the definition").press("\r");
    terminal.until("the editor", |screen| !screen.alternate_screen() && screen.contents().contains("editing"));
    terminal.press("\u{3}").until("the screen", vt100::Screen::alternate_screen);
    terminal.shows("nothing was changed").press("\u{1b}");
    terminal.until("no menu", |screen| !screen.contents().contains("Edit the definition")).press("q");
    assert_eq!(terminal.ends(), 0);
    let seen = std::fs::read_to_string(folder.path().join("seen")).unwrap();
    assert!(!std::path::Path::new(seen.lines().next().unwrap()).exists());
}

#[test]
fn ending_the_program_takes_what_is_being_edited_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let editor = fake_editor(folder.path(), "true");
    let mut terminal = Terminal::run("env", &[&editor, env!("CARGO_BIN_EXE_stepback"), DECLINED]);
    terminal.shows("CardDeclined").press("rG").shows("Edit the definition").press("\r").shows("editing");
    terminal.signal("TERM");
    terminal.press("\n");
    terminal.ends();
    let seen = std::fs::read_to_string(folder.path().join("seen")).unwrap();
    assert!(!std::path::Path::new(seen.lines().next().unwrap()).exists());
}

#[test]
fn the_items_of_a_map_from_the_failure_to_what_sets_it_apart() {
    let mut terminal = Terminal::stepback(&["recordings/bad-files-in-nightly-import.sfn.json.gz"]);
    terminal.shows("KeyError").press("i").shows("both have $.file.currency = \"JPY\", and none of 143 that succeeded");
    terminal.press("fd").shows("[22] succeeded → [23] caught").press("\u{1b}").shows("3 of 200 failed");
    terminal.press("f\r").shows("ImportFiles[117] ▸ ParseFile").press("q");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.is_given_back());
}
