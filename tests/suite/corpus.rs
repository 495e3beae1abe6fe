//! The recordings of real executions, which lie beside the checkout or not at all. Shared with the library's own tests.

use std::path::{Path, PathBuf};

/// Returns the files of a folder of the corpus and of all folders in it, in order. Nothing, said aloud, when there is no
/// corpus; where `STEPBACK_REQUIRE_SHARED` is set that is a failure.
pub fn corpus(folder: &str) -> Vec<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.map(|above| above.join("shared/conformance").join(folder)).find(|folder| folder.is_dir());
    let Some(root) = found else {
        eprintln!("SKIPPED: there is no shared/conformance/{folder} beside the checkout.");
        assert!(std::env::var_os("STEPBACK_REQUIRE_SHARED").is_none(), "shared/conformance is required here");
        return Vec::new();
    };
    let (mut files, mut folders) = (Vec::new(), vec![root]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// Returns the recorded executions of the corpus; without it the part of them that comes with the sources.
pub fn executions() -> Vec<PathBuf> {
    let mut files = corpus("executions");
    if files.is_empty() {
        files = shipped_executions();
    }
    files.retain(|file| file.to_string_lossy().ends_with(".sfn.json"));
    files
}

/// Returns the part of the corpus that comes with the sources.
pub fn shipped_executions() -> Vec<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let folder = above.map(|above| above.join("tests/data/aws")).find(|folder| folder.is_dir());
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "json"));
    files.sort();
    files
}
