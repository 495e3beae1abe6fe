//! A module as somebody calls it, with the values of its variables.

use super::module::Module;
use super::value::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A module with the values its caller gives it.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub module: Rc<Module>,
    /// The folder of the module that calls all others.
    pub root: PathBuf,
    /// Values of its variables.
    pub given: HashMap<String, Value>,
    /// What stands before the addresses of its resources: nothing, or `module.a.`.
    pub address: String,
    /// Whether nobody calls it.
    pub is_root: bool,
    /// The folders of the modules it is called from, one inside the other.
    pub above: Vec<PathBuf>,
}

impl Instance {
    /// Tells whether it is a module of that folder, or part of one.
    pub fn is_below(&self, folder: &Path) -> bool {
        self.module.folder == folder || self.above.iter().any(|above| above == folder)
    }
}
