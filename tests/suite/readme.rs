//! The README says what the program says: its screen, its keys and its command line are made from the program.
//!
//! `UPDATE_README=1 cargo test --test suite readme` writes them anew.

use super::screen::script::Screen;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// The part of the README between `<!-- name -->` and `<!-- /name -->` is `made`.
fn check(name: &str, made: &str) {
    let readme = fs::read_to_string(path()).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = readme.split_once(&begin).unwrap_or_else(|| panic!("the README has no {begin}"));
    let (written, after) = rest.split_once(&end).unwrap_or_else(|| panic!("the README has no {end}"));
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(path(), format!("{before}{begin}{made}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(written, made, "the README is behind: UPDATE_README=1 cargo test --test suite readme");
}

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stepback")).args(arguments).env("COLUMNS", "100").output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// One test, because each part is written into the same file.
#[test]
fn the_readme_shows_the_program_as_it_is() {
    let screen = Screen::shipped("order-payment-declined.sfn.json", (100, 30)).text();
    check("screen", &format!("```text\n{screen}\n```\n"));
    check("keys", &stepback::tui::keys_markdown());
    check("permissions", &stepback::source::aws::permissions_markdown());
    check("usage", &format!("```text\n{}```\n", help(&["-h"])));
}

#[test]
fn every_command_explains_itself() {
    let usage = help(&["--help"]);
    let commands = usage.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let commands =
        commands.take_while(|line| !line.is_empty()).filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands: Vec<_> =
        commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(commands.len() >= 6, "{commands:?}");
    let readme = fs::read_to_string(path()).unwrap();
    for command in commands {
        assert!(help(&[command, "--help"]).contains("Usage: stepback"), "{command}");
        assert!(readme.contains(&format!("  {command} ")), "the README does not name {command}");
    }
}

#[test]
fn the_two_commands_of_the_first_screen_name_what_is_there() {
    let readme = fs::read_to_string(path()).unwrap();
    let first = readme.lines().take(40).collect::<Vec<_>>().join("\n");
    let recording = first.split_whitespace().find(|word| word.starts_with("recordings/")).unwrap();
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(recording).is_file(), "{recording}");
    assert!(first.contains("cargo test"));
}
