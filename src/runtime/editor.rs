//! The person's own editor on a text of ours: a private file while it runs, and nothing left behind.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use tempfile::TempDir;

/// An editor that has the terminal.
///
/// Its file lies in a folder of its own, which goes with all that the editor leaves beside the file: copies, swap files.
pub(super) struct Editor {
    /// The folder; dropping it removes it.
    folder: TempDir,
    file: PathBuf,
    command: String,
}

impl Editor {
    /// Writes the text where only its owner can read it, and starts the editor on it.
    pub(super) fn start(name: &str, text: &str) -> Result<(Self, Child), String> {
        let command = wanted(|name| std::env::var(name).ok());
        let prepared = Self::prepare(name, text, command);
        let editor = prepared.map_err(|error| format!("The text cannot be put into a file: {error}."))?;
        // As Git does it: the variable may hold arguments and quotes, which only a shell takes apart properly.
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{} \"$@\"", editor.command)).arg(&editor.command).arg(&editor.file);
        match shell.spawn() {
            Ok(child) => Ok((editor, child)),
            Err(error) => Err(format!("The editor cannot be started: {error}.")),
        }
    }

    fn prepare(name: &str, text: &str, command: String) -> io::Result<Self> {
        let mine = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("stepback-").permissions(mine).tempdir()?;
        let file = folder.path().join(file_name(name));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        options.open(&file)?.write_all(text.as_bytes())?;
        Ok(Self { folder, file, command })
    }

    /// Returns what is to be said when the editor has ended: the text, or why there is none.
    pub(super) fn ending(&self) -> Ending {
        Ending { file: self.file.clone(), command: self.command.clone() }
    }

    /// Returns the folder, for tests.
    #[cfg(test)]
    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Removes what was written.
    pub(super) fn clear(self) {
        // What cannot be removed now will not be removable later, and nobody can help it.
        let _ = self.folder.close();
    }
}

/// How to find out what became of the text.
pub(super) struct Ending {
    file: PathBuf,
    command: String,
}

impl Ending {
    /// Waits for the editor and reads what it left.
    pub(super) fn wait(self, mut child: Child) -> Result<String, String> {
        let status = child.wait().map_err(|error| format!("The editor cannot be waited for: {error}."))?;
        match status.code() {
            Some(0) => read(&self.file),
            Some(126 | 127) => {
                Err(format!("The editor '{}' cannot be run: set $VISUAL or $EDITOR to one that can.", self.command))
            }
            Some(code) => Err(format!("The editor ended with code {code}, so nothing was changed.")),
            None => Err("The editor was ended by a signal, so nothing was changed.".to_owned()),
        }
    }
}

fn read(file: &Path) -> Result<String, String> {
    let bytes = fs::read(file).map_err(|error| format!("What the editor wrote cannot be read: {error}."))?;
    String::from_utf8(bytes).map_err(|_| "What the editor wrote is not UTF-8, so nothing was changed.".to_owned())
}

/// What the person wants: the two variables in the order everybody asks them, else the editor every system has.
fn wanted(variable: impl Fn(&str) -> Option<String>) -> String {
    let said = ["VISUAL", "EDITOR"].into_iter().filter_map(variable).find(|command| !command.trim().is_empty());
    said.unwrap_or_else(|| "vi".to_owned())
}

/// The name tells the editor what it edits; nothing of it may lead out of the folder.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = name.chars().map(plain).take(80).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "text".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(command: &str, text: &str) -> (Result<String, String>, PathBuf) {
        let editor = Editor::prepare("input.json", text, command.to_owned()).unwrap();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{command} \"$@\"")).arg(command).arg(&editor.file);
        let ended = editor.ending().wait(shell.spawn().unwrap());
        let folder = editor.folder().to_owned();
        editor.clear();
        (ended, folder)
    }

    #[test]
    fn what_the_editor_leaves_is_read_and_removed() {
        let (text, folder) = edited("sed -i.bak s/1/2/", "{\"a\":1}");
        assert_eq!(text.unwrap(), "{\"a\":2}");
        assert!(!folder.exists(), "with the copy the editor made");
    }

    #[test]
    fn an_editor_that_fails_changes_nothing() {
        assert_eq!(edited("false", "{}").0.unwrap_err(), "The editor ended with code 1, so nothing was changed.");
        assert!(edited("no-such-editor", "{}").0.unwrap_err().starts_with("The editor 'no-such-editor' cannot be run"));
        assert!(edited("printf '\\377' >", "{}").0.unwrap_err().contains("not UTF-8"));
    }

    #[test]
    fn nobody_else_can_read_the_file() {
        let editor = Editor::prepare("../.x y.json", "secret", "true".to_owned()).unwrap();
        assert_eq!(editor.file.file_name().unwrap(), "-.x-y.json");
        assert_eq!(editor.file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(editor.folder().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn the_first_variable_that_says_something_counts() {
        let says = |visual: &str, editor: &str| {
            let (visual, editor) = (visual.to_owned(), editor.to_owned());
            wanted(move |name| Some(if name == "VISUAL" { visual.clone() } else { editor.clone() }))
        };
        assert_eq!(says("code -w", "vim"), "code -w");
        assert_eq!(says(" ", "vim"), "vim");
        assert_eq!(wanted(|_| None), "vi");
    }
}
