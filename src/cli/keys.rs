//! `stepback keys`.

use super::config::ConfigArgs;
use super::{Failure, Output, Verdict};
use crate::tui::action::ENTRIES;

/// Prints the keys of the screen as they are in force, as a table [keys] for the configuration file.
///
/// What is not understood in that file is said on standard error; the exit code is 1 then.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigArgs,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let config = args.config.read()?;
    config.complain(output);
    output.line("[keys]")?;
    for entry in ENTRIES {
        let keys = config.settings.keymap.written(entry.action).replace('\\', "\\\\").replace('"', "\\\"");
        let setting = format!("{} = \"{keys}\"", entry.name);
        output.line(format!("{setting:<36} # {}", entry.sentence))?;
    }
    Ok(if config.remarks.is_empty() { Verdict::Fine } else { Verdict::Finding })
}
