//! A folder of `.tf` files, which is one module.

use super::sources::{Loaded, Sources};
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Something that stands in one of a module's files.
#[derive(Debug, Clone)]
pub(super) struct Of<T> {
    pub file: PathBuf,
    /// Where the file's text begins among all texts.
    pub start: u32,
    pub it: T,
}

/// What a module's files say.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub folder: PathBuf,
    pub blocks: Vec<Of<Block>>,
    /// Defaults of variables; none for one that must be given.
    pub variables: HashMap<String, Option<Of<Expression>>>,
    pub locals: HashMap<String, Of<Expression>>,
    /// Values of variables in `terraform.tfvars`.
    pub settings: HashMap<String, Of<Expression>>,
}

impl Module {
    /// Reads all files of a folder that can be read.
    pub fn load(folder: &Path, sources: &Sources<'_>) -> Self {
        let mut module = Self { folder: folder.to_owned(), ..Self::default() };
        for file in sources.list(folder) {
            let name = file.file_name().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
            let is_settings = name == "terraform.tfvars" || name.ends_with(".auto.tfvars");
            if !name.ends_with(".tf") && !is_settings {
                continue;
            }
            let Ok(loaded) = sources.load(&file) else { continue };
            let Ok(body) = loaded.text.parse::<Body>() else { continue };
            if is_settings {
                module.add_settings(&file, &loaded, body);
            } else {
                module.add(&file, &loaded, body);
            }
        }
        module
    }

    fn add_settings(&mut self, file: &Path, loaded: &Loaded, body: Body) {
        for attribute in body.into_attributes() {
            let it = Of { file: file.to_owned(), start: loaded.start, it: attribute.value };
            self.settings.insert(attribute.key.as_str().to_owned(), it);
        }
    }

    fn add(&mut self, file: &Path, loaded: &Loaded, body: Body) {
        let of = |it: Expression| Of { file: file.to_owned(), start: loaded.start, it };
        for block in body.into_blocks() {
            let name = block.labels.first().map(|label| label.as_str().to_owned());
            match (block.ident.as_str(), name) {
                ("locals", _) => {
                    for attribute in block.body.into_attributes() {
                        self.locals.insert(attribute.key.as_str().to_owned(), of(attribute.value));
                    }
                }
                ("variable", Some(name)) => {
                    let default = block.body.get_attribute("default").map(|default| of(default.value.clone()));
                    self.variables.insert(name, default);
                }
                _ => self.blocks.push(Of { file: file.to_owned(), start: loaded.start, it: block }),
            }
        }
    }

    /// Finds a block by its kind and labels.
    pub fn block(&self, kind: &str, labels: &[&str]) -> Option<&Of<Block>> {
        self.blocks.iter().find(|block| {
            block.it.ident.as_str() == kind
                && block.it.labels.iter().map(|label| label.as_str()).eq(labels.iter().copied())
        })
    }
}
