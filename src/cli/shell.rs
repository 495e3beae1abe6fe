//! `stepback completions` and `stepback man`: what a shell and a reader want to know of the command line.

use super::{Cli, Failure, Output, Verdict};
use clap::CommandFactory;
use std::path::PathBuf;

/// Print shell completions.
///
/// For bash: stepback completions bash > ~/.local/share/bash-completion/completions/stepback
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell.
    shell: clap_complete::Shell,
}

/// Print the manual page, or write one per command into a folder.
///
/// To read it: stepback man | man -l -
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Write stepback.1 and one page for each command into this folder.
    #[arg(short = 'o', long = "output", value_name = "FOLDER")]
    output: Option<PathBuf>,
}

pub(super) fn completions(args: &CompletionsArgs, output: &mut Output) -> Result<Verdict, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "stepback", &mut script);
    output.line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Verdict::Fine)
}

pub(super) fn man(args: &ManArgs, output: &mut Output) -> Result<Verdict, Failure> {
    if let Some(folder) = &args.output {
        let failure =
            |error| Failure::input(format!("Cannot write manual pages into '{}': {error}.", folder.display()));
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(Cli::command(), folder))
            .map_err(failure)?;
        return Ok(Verdict::Fine);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    output.line(String::from_utf8_lossy(&page).trim_end())?;
    Ok(Verdict::Fine)
}
