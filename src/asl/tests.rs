//! The corpus of real definitions, and what each must and must not give.

use super::*;
use std::path::{Path, PathBuf};

/// The recordings beside the repository; tests that need them say so when they are absent.
fn corpus(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance").join(folder);
    let root = if root.exists() {
        root
    } else {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance").join(folder)
    };
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    if files.is_empty() {
        eprintln!("skipped: there are no recordings in {folder} beside the repository");
    }
    files.sort();
    files
}

/// Every definition AWS ran must parse.
#[test]
fn what_aws_accepted_is_accepted() {
    let mut refused = Vec::new();
    for path in corpus("executions").into_iter().chain(corpus("outcomes")) {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let Ok(case) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
        let definition = case.get("definition").or_else(|| case.pointer("/stateMachine/definition"));
        let text = match definition {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => continue,
        };
        let express =
            [case.get("type"), case.pointer("/stateMachine/type")].contains(&Some(&serde_json::json!("EXPRESS")));
        let kind = if express { MachineKind::Express } else { MachineKind::Standard };
        let (machine, diagnostics) = Machine::parse(&text, kind);
        if machine.is_none() {
            let findings: Vec<String> = diagnostics
                .iter()
                .map(|d| format!("{}: {} at {:?} ({:?})", d.code, d.message, d.location, d.hint))
                .collect();
            refused.push(format!("{}: {}", path.display(), findings.join("; ")));
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}
