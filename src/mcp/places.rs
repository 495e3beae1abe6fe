//! Which files an assistant may name: those below the folders the server was started for.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders below which files are served.
#[derive(Debug, Clone)]
pub struct Places {
    roots: Vec<PathBuf>,
}

/// Why a path is not served, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Entries of a folder that are looked at for links out of it.
const LOOKED_AT: usize = 20_000;

impl Places {
    /// The folders of these names, and files named alone; the reason when one is not there.
    pub fn new(roots: &[PathBuf]) -> Result<Self, Refused> {
        let real = |root: &PathBuf| {
            root.canonicalize().map_err(|error| Refused(format!("Cannot serve {}: {error}.", root.display())))
        };
        Ok(Self { roots: roots.iter().map(real).collect::<Result<_, _>>()? })
    }

    /// Returns the folders, with all links in their own path resolved.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Returns the file or folder that a path leads to, all links resolved. A relative path begins at any of the folders.
    pub fn real(&self, given: &str) -> Result<PathBuf, Refused> {
        let path = Path::new(given);
        let candidates: Vec<PathBuf> = match path.is_absolute() {
            true => vec![path.to_owned()],
            false => self.roots.iter().map(|root| root.join(path)).collect(),
        };
        let found = candidates.iter().find_map(|path| path.canonicalize().ok());
        // What is outside and what is not there are told alike: nobody learns what lies elsewhere.
        let inside = found.filter(|path| self.holds(path)).ok_or_else(|| self.nothing(given))?;
        match inside.is_dir() {
            true => self.without_ways_out(&inside, given).map(|()| inside),
            false if inside.is_file() => Ok(inside),
            false => Err(Refused(format!("{given} is neither a file nor a folder."))),
        }
    }

    /// Returns a path below the folders as it is told: relative to the folder it is in.
    pub fn told(&self, path: &Path) -> String {
        let below = self
            .roots
            .iter()
            .filter_map(|root| path.strip_prefix(root).ok())
            .find(|it| it.components().next().is_some());
        below.unwrap_or(path).display().to_string()
    }

    fn holds(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }

    fn nothing(&self, given: &str) -> Refused {
        let roots: Vec<String> = self.roots.iter().map(|root| root.display().to_string()).collect();
        Refused(format!(
            "Nothing to read at {given} below {}. The tool open without a target lists what is there.",
            roots.join(", ")
        ))
    }

    /// A folder is opened with all that is in it: none of that may be a link to elsewhere.
    fn without_ways_out(&self, folder: &Path, given: &str) -> Result<(), Refused> {
        let mut folders = vec![folder.to_owned()];
        let mut looked_at = 0;
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder).map_err(|error| Refused(format!("Cannot read {given}: {error}.")))?;
            for entry in entries.flatten() {
                looked_at += 1;
                if looked_at > LOOKED_AT {
                    return Err(Refused(format!("{given} holds more than {LOOKED_AT} files. Name a folder in it.")));
                }
                let Ok(kind) = entry.file_type() else { continue };
                if kind.is_symlink() && entry.path().canonicalize().is_ok_and(|real| !self.holds(&real)) {
                    let name = entry.path().strip_prefix(&folder).unwrap_or(&entry.path()).display().to_string();
                    return Err(Refused(format!(
                        "{given} holds a link out of what is served: {name}. Name the files one by one."
                    )));
                }
                if kind.is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn only_what_is_below_the_folders_is_served() {
        use std::os::unix::fs::symlink;
        let all = tempfile::tempdir().unwrap();
        let (inside, outside) = (all.path().join("in"), all.path().join("out"));
        for folder in [inside.join("deep"), outside.clone()] {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("a.json"), "{}").unwrap();
        }
        symlink(outside.join("a.json"), inside.join("file.json")).unwrap();
        symlink(&outside, inside.join("folder")).unwrap();
        symlink(inside.join("deep/a.json"), inside.join("good.json")).unwrap();
        let places = Places::new(std::slice::from_ref(&inside)).unwrap();
        let outside_file = outside.join("a.json").display().to_string();
        let inside_file = inside.join("deep/a.json").display().to_string();
        let cases = [
            ("deep/a.json", true),
            ("./deep/../deep/a.json", true),
            (inside_file.as_str(), true),
            ("good.json", true),
            ("deep", true),
            ("..", false),
            ("../out/a.json", false),
            ("deep/../../out/a.json", false),
            ("file.json", false),
            ("folder/a.json", false),
            ("folder", false),
            (outside_file.as_str(), false),
            ("/etc/passwd", false),
            ("", false),
            (".", false),
            ("-", false),
            ("nothing.json", false),
        ];
        for (path, served) in cases {
            let found = places.real(path);
            assert_eq!(found.is_ok(), served, "{path}: {found:?}");
        }
        assert_eq!(places.told(&places.real("deep/a.json").unwrap()), "deep/a.json");
    }
}
