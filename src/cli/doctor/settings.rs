//! The configuration file: where it is, and what in it is not understood.

use super::checks::Check;
use crate::cli::config::{ConfigArgs, usual_file};

const TOPIC: &str = "settings";

/// Returns what the screen would say about its settings when it starts, all of it.
pub(super) fn checks(args: &ConfigArgs) -> Vec<Check> {
    let config = match args.read() {
        Ok(config) => config,
        Err(failure) => return vec![Check::wrong(TOPIC, "file", failure.to_string())],
    };
    let file = match (&config.file, usual_file()) {
        (Some(file), _) => Check::good(TOPIC, "file", file.display().to_string()),
        (None, Some(usual)) => Check::good(TOPIC, "file", format!("none; {} would be read", usual.display())),
        (None, None) => {
            Check::note(TOPIC, "file", "none: there is no home folder").hint("Set HOME or XDG_CONFIG_HOME.")
        }
    };
    let remarks = config.remarks.iter().map(|it| Check::wrong(TOPIC, format!("line {}", it.line), it.text.as_str()));
    let folder = config.folder().filter(|folder| !folder.is_dir()).map(|folder| {
        let text = format!("{} is not there", folder.display());
        Check::note(TOPIC, "folder", text).hint("It is opened when no target is given.")
    });
    std::iter::once(file).chain(remarks).chain(folder).collect()
}
