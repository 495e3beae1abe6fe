//! `stepback [TARGET]`: the screen.

use super::config::{Config, ConfigArgs, is_first_time};
use super::{Cli, Failure, Output, Verdict, interrupt};
use crate::event::EventId;
use crate::query::closest;
use crate::runtime::{self, Ended, Opening, Reach};
use crate::source::SourceError;
use crate::source::aws::{Access, Cache, Options};
use crate::source::remote::Remote;
use crate::tui::fleet::Crowd;
use crate::tui::live::Live;
use crate::tui::look::Look;
use crate::tui::theme::Theme;
use crate::tui::{Target, Trouble};
use clap::CommandFactory as _;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// What to open on the screen.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to open: a recording, a folder of recordings, the ARN or console address of an execution, state machine or
    /// map run; - reads standard input. Without one, the current folder, and AWS beside it
    target: Option<PathBuf>,
    /// Open the recordings that come with stepback
    #[arg(long, conflicts_with = "target")]
    demo: bool,
    /// Start at this event, not at the failure
    #[arg(long, value_name = "EVENT")]
    at: Option<u32>,
    /// Color theme [default: detected]
    #[arg(long, value_name = "THEME")]
    theme: Option<Colors>,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    aws: Aws,
}

/// How to reach AWS; defaults come from the environment and ~/.aws
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "AWS")]
struct Aws {
    /// A profile of ~/.aws/config; several are shown side by side
    #[arg(long, value_name = "NAME")]
    profile: Vec<String>,
    /// A region; several are shown side by side
    #[arg(long, value_name = "REGION")]
    region: Vec<String>,
    /// Override the endpoint of every service, for example for an emulator
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// Allow actions that change AWS (stop, redrive, start, complete tasks); each asks for confirmation
    #[arg(long)]
    allow_actions: bool,
    /// Bypass the cache
    #[arg(long)]
    no_cache: bool,
}

impl Aws {
    fn reach(self) -> Reach {
        // What comes from an emulator is not kept: its ARNs return after a restart.
        let keeps = !self.no_cache && self.endpoint_url.is_none();
        let access = if self.allow_actions { Access::Actions } else { Access::ReadOnly };
        Reach {
            options: Options { endpoint_url: self.endpoint_url, access, ..Options::default() },
            profiles: self.profile,
            regions: self.region,
            cache: keeps.then(Cache::of_user).flatten(),
        }
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Colors {
    /// For dark terminals
    Dark,
    /// For light terminals
    Light,
    /// The terminal's own 16 colors
    #[value(name = "16")]
    Sixteen,
    /// No colors
    None,
}

pub(super) fn run(args: Args, output: &Output) -> Result<Verdict, Failure> {
    if !output.is_terminal() {
        let failure = Failure::input("The screen needs a terminal, but standard output is not one.");
        return Err(failure.hint("stepback why TARGET and stepback show TARGET print to files and pipes."));
    }
    if std::env::var("TERM").is_ok_and(|term| term == "dumb") {
        let failure = Failure::input("The screen needs a terminal that can move its cursor, but TERM is 'dumb'.");
        return Err(failure.hint("stepback why TARGET and stepback show TARGET print line by line."));
    }
    let config = args.config.read()?;
    let target = match args.target {
        _ if args.demo => Target::Demo,
        Some(path) if path == OsStr::new("-") => Target::Stdin,
        Some(path) => named(path)?,
        None => Target::Home(config.folder().unwrap_or_else(|| PathBuf::from("."))),
    };
    let opening = Opening {
        target,
        at: args.at.and_then(EventId::new),
        look: look(args.theme, &config),
        reach: args.aws.reach(),
        wrong: config.notice(),
        first_time: is_first_time(),
        no_mouse: config.settings.no_mouse,
        keymap: config.settings.keymap,
        zone: super::zone::zone(),
    };
    show(opening)
}

/// Shows the screen until the person leaves it.
fn show(opening: Opening) -> Result<Verdict, Failure> {
    let ended = runtime::run(opening);
    if let Ok(Ended { signal: Some(signal), .. }) = &ended {
        interrupt::told(*signal);
    }
    match ended.map(|ended| ended.trouble) {
        Ok(None) => Ok(Verdict::Fine),
        Ok(Some(Trouble { message, hint })) => {
            let lost = Failure::input(format!("The bookmarks of this sitting are lost: {message}"));
            Err(match hint {
                Some(hint) => lost.hint(hint),
                None => lost,
            })
        }
        Err(error) => Err(Failure::input(format!("The terminal cannot be used: {error}."))),
    }
}

/// Shows many executions at once.
pub(super) fn many(crowd: Crowd, reach: Reach) -> Result<Verdict, Failure> {
    let config = ConfigArgs::default().read()?;
    show(Opening {
        target: Target::Fleet(Box::new(crowd)),
        at: None,
        look: look(None, &config),
        reach,
        wrong: config.notice(),
        first_time: is_first_time(),
        no_mouse: config.settings.no_mouse,
        keymap: config.settings.keymap,
        zone: super::zone::zone(),
    })
}

/// A name in AWS, unless there is a file of that name.
fn named(path: PathBuf) -> Result<Target, Failure> {
    match path.to_str() {
        Some(text) if Remote::is_meant(text) && !path.exists() => match Remote::parse(text) {
            Ok(remote) => Ok(Target::Live(Live::new(remote.arn()))),
            Err(error) => Err(Failure::input(error.to_string()).hint(error.hint())),
        },
        _ if path.exists() => Ok(Target::Path(path)),
        _ => Err(missing(&path)),
    }
}

/// What was typed is neither a command nor a file: the nearest of both may be meant.
fn missing(path: &Path) -> Failure {
    let failure =
        Failure::input(SourceError::from(io::Error::from(io::ErrorKind::NotFound)).about(&path.display().to_string()));
    let Some(name) = path.file_name().and_then(OsStr::to_str) else { return failure };
    let folder = path.parent().unwrap_or(Path::new(""));
    if folder == Path::new("") {
        let commands = Cli::command();
        let commands = commands.get_subcommands().map(clap::Command::get_name);
        if let Some(command) = closest(name, commands) {
            return failure.hint(format!("Perhaps a command is meant: stepback {command}."));
        }
    }
    let listed = if folder == Path::new("") { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(listed).into_iter().flatten().flatten();
    let names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    match closest(name, names.iter().map(String::as_str)) {
        Some(near) => failure.hint(format!("Perhaps {} is meant.", folder.join(near).display())),
        None => {
            failure.hint("stepback --demo opens the recordings that come with it; stepback --help lists the commands.")
        }
    }
}

fn look(theme: Option<Colors>, config: &Config) -> Look {
    let theme = match theme {
        Some(Colors::Dark) => Theme::Dark,
        Some(Colors::Light) => Theme::Light,
        Some(Colors::Sixteen) => Theme::Sixteen,
        Some(Colors::None) => Theme::Plain,
        None => match (theme_in_environment(), config.settings.theme) {
            // Who wants no colours says so for all programs.
            (Theme::Plain, _) => Theme::Plain,
            (found, settled) => settled.unwrap_or(found),
        },
    };
    let look = Look { colors: config.settings.colors, ..Look::new(theme) };
    if let Some(ascii) = config.settings.ascii {
        return if ascii { look.ascii() } else { look };
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    match locale {
        // Without any locale a terminal is more likely to know UTF-8 than not.
        Some(locale) if !is_utf8(&locale) => look.ascii(),
        _ => look,
    }
}

/// Without colours wherever somebody wants none.
fn theme_in_environment() -> Theme {
    theme_of_terminal(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// What terminals say about their colours, in the variables they set.
pub(super) fn theme_of_terminal(variable: impl Fn(&str) -> Option<String>) -> Theme {
    let many = variable("COLORTERM").is_some_and(|depth| depth == "truecolor" || depth == "24bit");
    let background = variable("COLORFGBG").and_then(|colors| colors.rsplit(';').next().map(str::to_owned));
    let light = background.is_some_and(|background| matches!(&*background, "7" | "15"));
    match (variable("NO_COLOR").is_some(), many, light) {
        (true, _, _) => Theme::Plain,
        _ if variable("TERM").as_deref() == Some("dumb") => Theme::Plain,
        (_, false, _) => Theme::Sixteen,
        (_, true, true) => Theme::Light,
        (_, true, false) => Theme::Dark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_says_how_many_colours_it_has() {
        let theme = |variables: &'static [(&'static str, &'static str)]| {
            theme_of_terminal(|name| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(theme(&[]), Theme::Sixteen);
        assert_eq!(theme(&[("COLORTERM", "truecolor")]), Theme::Dark);
        assert_eq!(theme(&[("COLORTERM", "24bit"), ("COLORFGBG", "0;15")]), Theme::Light);
        assert_eq!(theme(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]), Theme::Plain);
        assert!(is_utf8("en_GB.UTF-8") && is_utf8("C.utf8") && !is_utf8("C"));
    }
}
