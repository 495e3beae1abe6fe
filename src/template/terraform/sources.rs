//! The files that Terraform's expressions reach for, each read once.

use super::module::Module;
use crate::asl::{Diagnostic, Span};
use crate::template::text::Texts;
use crate::template::{Files, finding};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

/// A file and where its text begins among all texts.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub start: u32,
    pub text: Rc<str>,
}

/// All files read so far.
pub(super) struct Sources<'a> {
    files: &'a dyn Files,
    texts: RefCell<Texts>,
    loaded: RefCell<HashMap<PathBuf, Result<Loaded, String>>>,
    /// Files whose content is in a machine, or whose module is called.
    used: RefCell<Vec<String>>,
    problems: RefCell<Vec<Diagnostic>>,
    modules: RefCell<HashMap<PathBuf, Rc<Module>>>,
}

impl<'a> Sources<'a> {
    pub fn new(files: &'a dyn Files) -> Self {
        Self {
            files,
            texts: RefCell::default(),
            loaded: RefCell::default(),
            used: RefCell::default(),
            problems: RefCell::default(),
            modules: RefCell::default(),
        }
    }

    /// Adds a file whose text is at hand.
    pub fn add(&self, path: &Path, text: &str) -> Loaded {
        let start = self.texts.borrow_mut().add(path.display().to_string(), text);
        let loaded = Loaded { start, text: text.into() };
        self.loaded.borrow_mut().insert(path.to_owned(), Ok(loaded.clone()));
        loaded
    }

    /// Reads a file.
    pub fn load(&self, path: &Path) -> Result<Loaded, String> {
        if let Some(known) = self.loaded.borrow().get(path) {
            return known.clone();
        }
        match self.files.read(path) {
            Ok(text) => Ok(self.add(path, &text)),
            Err(reason) => {
                self.loaded.borrow_mut().insert(path.to_owned(), Err(reason.clone()));
                Err(reason)
            }
        }
    }

    /// Reads a file that an expression names; what hinders it is kept as a problem.
    pub fn needed(&self, path: &Path, span: Span) -> Option<Loaded> {
        match self.load(path) {
            Ok(loaded) => {
                self.use_file(path);
                Some(loaded)
            }
            Err(reason) => {
                let message = format!("The file '{}' cannot be read: {reason}.", path.display());
                self.problem(finding("DEFINITION_NOT_FOUND", message, span));
                None
            }
        }
    }

    /// Reads the module of a folder, once.
    pub fn module(&self, folder: &Path) -> Rc<Module> {
        if let Some(known) = self.modules.borrow().get(folder) {
            return Rc::clone(known);
        }
        let module = Rc::new(Module::load(folder, self));
        self.modules.borrow_mut().insert(folder.to_owned(), Rc::clone(&module));
        module
    }

    pub fn use_file(&self, path: &Path) {
        let name = path.display().to_string();
        let mut used = self.used.borrow_mut();
        if !used.contains(&name) {
            used.push(name);
        }
    }

    pub fn problem(&self, finding: Diagnostic) {
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&finding) {
            problems.push(finding);
        }
    }

    /// Takes the problems met since the last time.
    pub fn take_problems(&self) -> Vec<Diagnostic> {
        self.problems.take()
    }

    /// Returns the files of a folder that end in `.tf`.
    pub fn of_folder(&self, folder: &Path) -> Vec<PathBuf> {
        let files = self.files.list(folder);
        files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "tf")).collect()
    }

    pub fn list(&self, folder: &Path) -> Vec<PathBuf> {
        self.files.list(folder)
    }

    pub fn slice(&self, span: Span) -> String {
        self.texts.borrow().slice(span).to_owned()
    }

    pub fn into_parts(self) -> (Texts, Vec<String>) {
        (self.texts.into_inner(), self.used.into_inner())
    }
}

/// Returns a path without steps that lead nowhere: `a/./b/../c` is `a/c`.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
