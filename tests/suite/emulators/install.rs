//! Puts the emulators into a folder of the build, once: later runs of the tests find them there.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is installed. Another version is another folder, so that versions are never mixed.
pub const MINISTACK: &str = "1.5.33";
pub const MOTO: &str = "5.2.5";

/// What reads what is exported.
pub const DUCKDB: &str = "1.4.3";
pub const PROTO: &str = "1.39.1";
pub const JSONSCHEMA: &str = "4.25.1";

/// Returns the Python that has the emulators, or what is missing and how to get it.
pub fn python() -> Result<PathBuf, String> {
    let packages = [format!("ministack=={MINISTACK}"), format!("moto[server,stepfunctions]=={MOTO}")];
    python_with(&format!("emulators-ministack-{MINISTACK}-moto-{MOTO}"), &packages)
}

/// Returns the Python that has what reads exported files.
pub fn readers() -> Result<PathBuf, String> {
    let packages =
        [format!("duckdb=={DUCKDB}"), format!("opentelemetry-proto=={PROTO}"), format!("jsonschema=={JSONSCHEMA}")];
    python_with(&format!("readers-duckdb-{DUCKDB}-otlp-{PROTO}-schema-{JSONSCHEMA}"), &packages)
}

fn python_with(name: &str, packages: &[String]) -> Result<PathBuf, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let home = target.join(name);
    fs::create_dir_all(target).map_err(|error| format!("cannot make {}: {error}", target.display()))?;
    // Only one process installs; the others wait for it. The lock goes with the process that holds it.
    let lock = File::create(home.with_extension("lock")).map_err(|error| format!("cannot lock the cache: {error}"))?;
    lock.lock().map_err(|error| format!("cannot lock the cache: {error}"))?;
    let (python, whole) =
        (home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" }), home.join("whole"));
    if !whole.is_file() {
        // What an interrupted run left is worth nothing.
        let _ = fs::remove_dir_all(&home);
        install(&home, &python, packages)?;
        fs::write(&whole, "").map_err(|error| format!("cannot write {}: {error}", whole.display()))?;
    }
    Ok(python)
}

fn install(home: &Path, python: &Path, packages: &[String]) -> Result<(), String> {
    super::say(&format!("installing {} into {} (once)", packages.join(", "), home.display()));
    let venv = run(Command::new("python3").arg("-m").arg("venv").arg(home));
    venv.map_err(|reason| {
        format!("{reason}\nfix: install Python 3.10 or newer with venv (apt-get install python3-venv)")
    })?;
    let pip = run(Command::new(python).args(["-m", "pip", "install", "--quiet", "--no-input"]).args(packages));
    pip.map_err(|reason| format!("{reason}\nfix: let pip reach PyPI, or an index of your own (PIP_INDEX_URL)"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let what = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot run {what}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{what} failed: {}", String::from_utf8_lossy(&said).trim()))
}
