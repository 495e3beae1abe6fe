//! README and book say what the program says: screen, keys and command line are made from the program, the commands of
//! the book run, and links lead somewhere.
//!
//! `UPDATE_DOCS=1 cargo test --test suite docs` writes the generated parts anew.

use super::screen::script::Screen;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The part of a page between `<!-- name -->` and `<!-- /name -->` is `made`.
fn check(page: &str, name: &str, made: &str) {
    let path = project().join(page);
    let text = fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{page} has no {begin}"));
    let (written, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{page} has no {end}"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, format!("{before}{begin}{made}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(written, made, "{page} is behind: UPDATE_DOCS=1 cargo test --test suite docs");
}

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stepback"))
        .args(arguments)
        .env("COLUMNS", "100")
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The names of the commands, as the program lists them.
fn commands() -> Vec<String> {
    let usage = help(&["--help"]);
    let lines = usage.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let lines =
        lines.take_while(|line| !line.is_empty()).filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = lines.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

/// A file of the documentation is all `made`.
fn check_file(page: &str, made: &str) {
    let path = project().join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, made).unwrap();
        return;
    }
    let written = fs::read_to_string(path).unwrap();
    assert_eq!(written, made, "{page} is behind: UPDATE_DOCS=1 cargo test --test suite docs");
}

/// One test, because parts are written into the same file.
#[test]
fn generated_parts_are_what_the_program_says() {
    let screen = Screen::shipped("order-payment-declined.sfn.json", (100, 30)).text();
    check("README.md", "screen", &format!("```text\n{screen}\n```\n"));
    check("docs/src/reference/keys.md", "keys", &stepback::tui::keys_markdown());
    let settings = serde_json::to_string_pretty(&stepback::tui::settings::settings_schema()).unwrap();
    check_file("docs/src/reference/config.schema.json", &format!("{settings}\n"));
    check("docs/src/howto/live.md", "permissions", &stepback::source::aws::permissions_markdown());
    let commands: String = commands()
        .iter()
        .map(|command| format!("### stepback {command}\n\n```text\n{}```\n\n", help(&[command, "-h"])))
        .collect();
    check("docs/src/reference/commands.md", "usage", &format!("```text\n{}```\n\n{commands}", help(&["-h"])));
}

#[test]
fn every_command_explains_itself() {
    let commands = commands();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        assert!(help(&[&command, "--help"]).contains("Usage: stepback"), "{command}");
    }
}

#[test]
fn the_first_screen_of_the_readme_is_short_and_names_what_is_there() {
    let readme = fs::read_to_string(project().join("README.md")).unwrap();
    assert!(readme.lines().count() <= 200);
    let first = readme.lines().take(40).collect::<Vec<_>>().join("\n");
    let recording = first.split_whitespace().find(|word| word.starts_with("recordings/")).unwrap();
    assert!(project().join(recording).is_file(), "{recording}");
    assert!(first.contains("cargo test"));
}

/// Markdown files that people read, below a folder or a file.
fn pages() -> Vec<PathBuf> {
    let mut waiting: Vec<PathBuf> =
        ["README.md", "docs", ".github", "recordings", "crates"].iter().map(|name| project().join(name)).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !target.contains("://") && !page.parent().unwrap().join(file).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_page_of_the_book_is_in_its_summary() {
    let book = project().join("docs/src");
    let summary = fs::read_to_string(book.join("SUMMARY.md")).unwrap();
    for page in pages().iter().filter_map(|page| page.strip_prefix(&book).ok()) {
        let page = page.to_string_lossy();
        assert!(page == "SUMMARY.md" || summary.contains(&format!("({page})")), "{page} is not in the summary");
    }
}

/// The blocks of a page that are to be run, each with the exit code of its last command: "```sh,run" or "```sh,run=1".
fn runnable(text: &str) -> Vec<(i32, String)> {
    let blocks = text.split("\n```sh,run").skip(1);
    let block = |rest: &str| {
        let (head, body) = rest.split_once('\n').unwrap();
        let code = head.strip_prefix('=').map_or(0, |code| code.parse().unwrap());
        (code, body.split("\n```").next().unwrap().to_owned())
    };
    blocks.map(block).collect()
}

/// What the workflow files of a page have a build server run: the lines of steps that call the program.
fn workflow(text: &str) -> Vec<(i32, String)> {
    let blocks = text.split("\n```yaml\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    let lines =
        blocks.flat_map(str::lines).map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: "));
    lines.filter(|line| line.starts_with("stepback ")).map(|line| (0, format!("{line} && echo ran"))).collect()
}

/// The blocks of a page are run one after the other in one folder, which has the shipped recordings.
#[test]
fn the_commands_of_the_book_run() {
    let program = Path::new(env!("CARGO_BIN_EXE_stepback")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut count = 0;
    for page in pages() {
        let folder = tempfile::tempdir().unwrap();
        let recordings = folder.path().join("recordings");
        fs::create_dir(&recordings).unwrap();
        for entry in fs::read_dir(project().join("recordings")).unwrap().map(|entry| entry.unwrap()) {
            if entry.path().is_file() {
                fs::copy(entry.path(), recordings.join(entry.file_name())).unwrap();
            }
        }
        let text = fs::read_to_string(&page).unwrap();
        for (code, script) in runnable(&text).into_iter().chain(workflow(&text)) {
            let mut shell = Command::new("sh");
            let output = shell
                .args(["-c", &script])
                .current_dir(folder.path())
                .env("PATH", &path)
                .env("TZ", "UTC")
                .output()
                .unwrap();
            let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert_eq!(output.status.code(), Some(code), "{}\n{script}\n{out}\n{err}", page.display());
            assert!(!out.is_empty(), "{}\n{script}\n{err}", page.display());
            count += 1;
        }
    }
    assert!(count >= 10, "{count}");
}
