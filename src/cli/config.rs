//! The person's configuration file, and what is remembered between sessions.

use super::{Failure, Output};
use crate::tui::settings::{Remark, Settings};
use etcetera::BaseStrategy as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Where settings come from.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ConfigArgs {
    /// Read this configuration file instead of stepback/config.toml in the configuration folder
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Ignore the configuration file
    #[arg(long)]
    no_config: bool,
}

/// Settings, the file they came from, and what in it was not understood.
pub(super) struct Config {
    pub(super) settings: Settings,
    pub(super) remarks: Vec<Remark>,
    pub(super) file: Option<PathBuf>,
}

impl ConfigArgs {
    /// Reads the settings. Only a file that was asked for and cannot be read is an error.
    pub(super) fn read(&self) -> Result<Config, Failure> {
        let found = match (&self.config, self.no_config) {
            (_, true) => None,
            (Some(file), _) => Some((file.clone(), super::file::text(file)?)),
            (None, false) => match usual_file().map(|file| (std::fs::read_to_string(&file), file)) {
                Some((Ok(text), file)) => Some((file, text)),
                Some((Err(error), file)) if error.kind() != ErrorKind::NotFound => {
                    let remarks = vec![Remark { line: 1, text: format!("It cannot be read: {error}.") }];
                    return Ok(Config { settings: Settings::default(), remarks, file: Some(file) });
                }
                _ => None,
            },
        };
        let Some((file, text)) = found else {
            return Ok(Config { settings: Settings::default(), remarks: Vec::new(), file: None });
        };
        let (settings, remarks) = Settings::read(&text);
        Ok(Config { settings, remarks, file: Some(file) })
    }
}

impl Config {
    /// Returns what was not understood, as one sentence for the screen.
    pub(super) fn notice(&self) -> Option<String> {
        let first = self.remarks.first()?;
        let more = match self.remarks.len() {
            1 => String::new(),
            all => format!(" {} more: stepback doctor.", all - 1),
        };
        Some(format!("{}, {first}{more}", self.name()))
    }

    /// Says what was not understood on standard error.
    pub(super) fn complain(&self, output: &mut Output) {
        let name = self.name();
        self.remarks.iter().for_each(|remark| output.note(format!("warning: {name}, {remark}")));
    }

    fn name(&self) -> String {
        let name = self.file.as_deref().and_then(Path::file_name);
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Returns the folder to open without a target.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        let folder = self.settings.folder.as_deref()?;
        Some(match folder.strip_prefix("~/") {
            Some(rest) => etcetera::home_dir().ok()?.join(rest),
            None => PathBuf::from(folder),
        })
    }
}

/// Returns where the configuration file is, unless one is named.
pub(super) fn usual_file() -> Option<PathBuf> {
    let strategy = etcetera::base_strategy::Xdg::new().ok()?;
    Some(strategy.config_dir().join("stepback").join("config.toml"))
}

/// Tells whether the screen is opened for the first time here, and remembers that it was. Where nothing can be
/// remembered it is never the first time.
pub(super) fn is_first_time() -> bool {
    let Some(folder) = etcetera::base_strategy::Xdg::new().ok().and_then(|strategy| strategy.state_dir()) else {
        return false;
    };
    let mark = folder.join("stepback").join("greeted");
    if mark.exists() {
        return false;
    }
    mark.parent().is_some_and(|folder| std::fs::create_dir_all(folder).is_ok()) && std::fs::write(&mark, "").is_ok()
}
