//! `stepback keys`.

use super::config::ConfigArgs;
use super::{Failure, Output, Verdict};
use crate::tui::action::ENTRIES;

/// Print the effective key bindings, as a [keys] table for the configuration file.
///
/// What is not understood in that file goes to standard error; the exit code is then 1.
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
