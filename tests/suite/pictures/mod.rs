//! Pictures of the program, made from the program: `tests/screens`.
//!
//! Every view of five shipped stories as text, at three sizes, compared with what the screen shows now; and the pictures
//! and the film of the README, from the real binary in a pseudo-terminal.
//!
//! `UPDATE_SCREENS=1 cargo test --test suite pictures` makes them anew; look at what changed before it is kept.

mod film;
mod grid;
mod svg;
mod views;

use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens")
}

fn updating() -> bool {
    std::env::var_os("UPDATE_SCREENS").is_some()
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
