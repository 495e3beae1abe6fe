//! Keeps the layers of the design: which module may name which.
//!
//! A new arrow goes into the table below, in a commit of its own that says why.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with the modules it may name. Arrows go down only: a module names none that stands above it.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("json", &[]),
    ("event", &["json"]),
    ("query", &["json"]),
    ("recording", &["query", "event", "json"]),
    ("asl", &["query", "json"]),
    ("template", &["asl"]),
    ("source", &["recording", "event", "json"]),
    ("history", &["recording", "event", "json"]),
    ("interpreter", &["asl", "query", "event", "json"]),
    ("tasks", &["interpreter", "asl", "recording", "event", "json"]),
    ("replay", &["tasks", "interpreter", "history", "asl", "recording", "event", "json"]),
    ("cases", &["replay", "tasks", "interpreter", "history", "asl", "recording", "event", "json"]),
    ("analysis", &["replay", "interpreter", "history", "asl", "query", "recording", "event", "json"]),
    ("report", &["analysis", "replay", "history", "asl", "query", "recording", "event", "json"]),
    ("tui", &["analysis", "replay", "report", "history", "asl", "query", "recording", "event", "json"]),
    ("runtime", &["tui", "analysis", "replay", "history", "source", "recording", "event", "json"]),
    ("mcp", &["source", "recording"]),
    (
        "cli",
        &[
            "mcp",
            "runtime",
            "tui",
            "report",
            "analysis",
            "cases",
            "replay",
            "tasks",
            "interpreter",
            "history",
            "template",
            "source",
            "asl",
            "query",
            "recording",
            "event",
            "json",
        ],
    ),
];

/// Rows that allow what nobody does any more would let an arrow come back unseen.
#[test]
fn every_allowed_arrow_is_there() {
    let mut stale = Vec::new();
    for (module, allowed) in MAY_NAME {
        let names: BTreeSet<_> = sources(module).iter().flat_map(|(path, text)| named(&code(path, text))).collect();
        stale.extend(allowed.iter().filter(|name| !names.contains(**name)).map(|name| format!("{module} → {name}")));
    }
    assert!(stale.is_empty(), "nobody uses: {}", stale.join(", "));
}

/// What the pure layers must not reach for: files, clocks, networks and the process are the edge's business.
const EDGE_ONLY: &[&str] =
    &["std::fs", "std::net", "std::process", "std::env", "SystemTime", "Instant::now", "crossterm::", "tokio::"];

/// The modules that may: the doors to the outside.
const EDGE: &[&str] = &["source", "tasks", "runtime", "mcp", "cli"];

fn sources(module: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    for folder in source_folders().map(|folder| folder.join(module)).filter(|folder| folder.is_dir()) {
        walk(&folder, &mut found);
    }
    found
}

/// Where modules stand: in the program, and in the library crate beside it. `json` has a part in both.
fn source_folders() -> impl Iterator<Item = PathBuf> {
    ["src", "crates/states-language/src"].into_iter().map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
}

/// The code of a file: without comments, and without the tests, which may use anything.
fn code(path: &Path, text: &str) -> String {
    if path.file_name().is_some_and(|name| name == "tests.rs")
        || path.components().any(|part| part.as_os_str() == "tests")
    {
        return String::new();
    }
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// The modules of this crate that some code names, also in `crate::{a, b}`.
fn named(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let word = |text: &str| -> String {
            text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
        };
        match rest.strip_prefix('{') {
            Some(group) => {
                let mut depth = 0;
                for part in group.split_inclusive(['{', '}', ',']) {
                    if depth == 0 {
                        names.insert(word(part));
                    }
                    match part.chars().last() {
                        Some('{') => depth += 1,
                        Some('}') if depth == 0 => break,
                        Some('}') => depth -= 1,
                        _ => {}
                    }
                }
            }
            None => {
                names.insert(word(rest));
            }
        }
    }
    names.remove("");
    names
}

#[test]
fn modules_name_only_what_stands_below_them() {
    let mut wrong = Vec::new();
    for (module, allowed) in MAY_NAME {
        for (path, text) in sources(module) {
            for name in named(&code(&path, &text)) {
                let is_module = MAY_NAME.iter().any(|(known, _)| *known == name);
                if is_module && name != *module && !allowed.contains(&name.as_str()) {
                    wrong.push(format!("{} names crate::{name}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_in_the_table() {
    for entry in source_folders().flat_map(|folder| fs::read_dir(folder).unwrap()) {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let known = name == "lib" || name == "main" || MAY_NAME.iter().any(|(module, _)| *module == name);
        assert!(known, "{name} has no row in the table of who may name whom");
    }
}

#[test]
fn only_the_edge_reaches_outside() {
    let mut wrong = Vec::new();
    for (module, _) in MAY_NAME.iter().filter(|(module, _)| !EDGE.contains(module)) {
        for (path, text) in sources(module) {
            let code = code(&path, &text);
            wrong.extend(
                EDGE_ONLY
                    .iter()
                    .filter(|word| code.contains(**word))
                    .map(|word| format!("{} uses {word}", path.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Who writes to the terminal or a pipe: the writer of commands, the screen, the person who answers tasks, and files
/// that are standard output.
const WRITERS: &[&str] =
    &["src/cli/output.rs", "src/runtime/terminal.rs", "src/tasks/person.rs", "src/source/replacement.rs"];

#[test]
fn everything_printed_goes_through_one_writer() {
    let mut wrong = Vec::new();
    for (module, _) in MAY_NAME {
        for (path, text) in sources(module) {
            let code = code(&path, &text);
            let prints = ["io::stdout()", "io::stderr()", "print!(", "println!(", ".print()"]
                .iter()
                .any(|word| code.contains(word));
            if prints && !WRITERS.iter().any(|writer| path.ends_with(writer)) {
                wrong.push(path.display().to_string());
            }
        }
    }
    assert!(wrong.is_empty(), "{} print past cli::Output", wrong.join(", "));
}

#[test]
fn names_are_found_in_every_form_of_use() {
    let code = "use crate::{json::{Payload, Value}, event};\ncrate::query::path::Path; use crate::asl;";
    assert_eq!(named(code).into_iter().collect::<Vec<_>>(), ["asl", "event", "json", "query"]);
}
