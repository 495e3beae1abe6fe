//! Changing something in AWS: what, what speaks for and against it, and the word that must be typed first.

use super::cloud::Live;
use super::line::Line;
use crate::event::EventId;
use crate::tui::msg::{Ticket, Trouble};

/// A change to be made in AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// To stop an execution.
    Stop(Live),
    /// To let an execution go on from where it failed.
    Redrive(Live),
    /// To start the same machine again.
    Start {
        /// The execution that was.
        like: Live,
        /// The input, as text.
        input: String,
    },
    /// To tell a waiting task that it succeeded.
    Succeed {
        /// Its execution.
        of: Live,
        /// An event of the task.
        task: EventId,
        /// The task's token.
        token: String,
        /// Its output, as text.
        output: String,
    },
    /// To tell a waiting task that it failed.
    Fail {
        /// Its execution.
        of: Live,
        /// An event of the task.
        task: EventId,
        /// The task's token.
        token: String,
        /// The error.
        error: String,
        /// The cause.
        cause: String,
    },
}

/// What was found out before a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preflight {
    /// Why AWS will refuse it, when that is known already.
    pub refused: Option<String>,
    /// What there is to know.
    pub facts: Vec<Fact>,
}

/// Something to know before a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Plain news.
    Plain(String),
    /// Something to think about.
    Warning(String),
}

/// A change that waits for its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// What will be done. What is typed goes into it.
    pub deed: Deed,
    /// How far it is.
    pub step: Step,
    /// What is being typed.
    pub line: Line,
    /// The question about what there is to know, and its answer.
    pub asked: Ticket,
    /// What there is to know; `None` while it is being found out.
    pub preflight: Option<Result<Preflight, Trouble>>,
    /// Why it could not be done, the last time.
    pub trouble: Option<Trouble>,
}

/// How far a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The output of a task is being typed.
    Output,
    /// The error of a task is being typed.
    Error,
    /// The cause of a task's failure is being typed.
    Cause,
    /// The word is being typed.
    Word,
    /// It is being done.
    Doing(Ticket),
    /// It was asked for, and whether it was done could not be found out: it is not asked for again from here.
    Unknown,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// It was made: the execution to look at then.
    Done(Live),
    /// AWS's answer did not come, and the change is there all the same.
    Found(Live),
    /// It was not made: why.
    Not(Trouble),
    /// Nobody knows whether it was made: why.
    Unknown(Trouble),
}

impl Deed {
    /// Returns the word that must be typed.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Stop(_) => "stop",
            Self::Redrive(_) => "redrive",
            Self::Start { .. } => "start",
            Self::Succeed { .. } => "succeed",
            Self::Fail { .. } => "fail",
        }
    }

    /// Returns what is done.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Stop(_) => "stop this execution",
            Self::Redrive(_) => "redrive this execution",
            Self::Start { .. } => "start the state machine again",
            Self::Succeed { .. } => "tell the waiting task that it succeeded",
            Self::Fail { .. } => "tell the waiting task that it failed",
        }
    }

    /// Returns what is sent along, with what it is called.
    pub fn sent(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Stop(_) | Self::Redrive(_) => Vec::new(),
            Self::Start { input, .. } => vec![("input", input)],
            Self::Succeed { output, .. } => vec![("output", output)],
            Self::Fail { error, cause, .. } => vec![("error", error), ("cause", cause)],
        }
    }

    /// Returns the execution it is about.
    pub fn of(&self) -> &Live {
        match self {
            Self::Stop(live) | Self::Redrive(live) => live,
            Self::Start { like, .. } => like,
            Self::Succeed { of, .. } | Self::Fail { of, .. } => of,
        }
    }

    /// Returns what has happened, once it has.
    pub fn done(&self) -> &'static str {
        match self {
            Self::Stop(_) => "Stopped",
            Self::Redrive(_) => "Redriven",
            Self::Start { .. } => "Started",
            Self::Succeed { .. } => "The task was told that it succeeded",
            Self::Fail { .. } => "The task was told that it failed",
        }
    }

    fn first_step(&self) -> Step {
        match self {
            Self::Stop(_) | Self::Redrive(_) | Self::Start { .. } => Step::Word,
            Self::Succeed { .. } => Step::Output,
            Self::Fail { .. } => Step::Error,
        }
    }
}

impl Fact {
    /// Returns it in words.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Warning(text) => text,
        }
    }
}

impl Confirm {
    /// Asks for a change to be confirmed, while it is found out what there is to know.
    pub fn new(deed: Deed, asked: Ticket) -> Self {
        let step = deed.first_step();
        let line = match &deed {
            Deed::Succeed { output, .. } => Line(output.clone()),
            _ => Line::default(),
        };
        Self { deed, step, line, asked, preflight: None, trouble: None }
    }

    /// Returns the label of what is being typed, with the key that ends it.
    pub fn label(&self, enter: &str) -> String {
        match self.step {
            Step::Output => "Output of the task, as JSON:".to_owned(),
            Step::Error => "Error of the task:".to_owned(),
            Step::Cause => "Cause of its failure:".to_owned(),
            Step::Word | Step::Doing(_) | Step::Unknown => format!("Type {}, then {enter}:", self.deed.word()),
        }
    }

    /// Tells whether AWS would refuse it, so that nothing need be typed.
    pub fn is_refused(&self) -> bool {
        matches!(&self.preflight, Some(Ok(Preflight { refused: Some(_), .. })))
    }

    /// Tells why nothing may be done yet.
    pub fn obstacle(&self) -> Option<&str> {
        match &self.preflight {
            None => Some("Still waiting for AWS."),
            Some(Ok(Preflight { refused: Some(refused), .. })) => Some(refused),
            // A reader without the permission to look may have the one to act.
            Some(Ok(_) | Err(_)) => None,
        }
    }

    /// Takes what was typed and goes a step on; tells whether the word was typed and it is to be done.
    pub fn finish_line(&mut self) -> Result<bool, String> {
        let typed = std::mem::take(&mut self.line.0);
        match (self.step, &mut self.deed) {
            (Step::Output, Deed::Succeed { output, .. }) => {
                if let Err(problem) = serde_json::from_str::<serde::de::IgnoredAny>(&typed) {
                    self.line.0 = typed;
                    return Err(format!("This is not JSON: {problem}."));
                }
                *output = typed;
                self.step = Step::Word;
            }
            (Step::Error, Deed::Fail { error, .. }) => {
                *error = typed;
                self.step = Step::Cause;
            }
            (Step::Cause, Deed::Fail { cause, .. }) => {
                *cause = typed;
                self.step = Step::Word;
            }
            (Step::Word, deed) => {
                if typed.trim() != deed.word() {
                    return Err(format!("Nothing was done: you did not type {}.", deed.word()));
                }
                if let Some(obstacle) = self.obstacle() {
                    return Err(obstacle.to_owned());
                }
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(deed: Deed) -> Confirm {
        let mut confirm = Confirm::new(deed, Ticket::default());
        confirm.preflight = Some(Ok(Preflight::default()));
        confirm
    }

    fn typed(confirm: &mut Confirm, text: &str) -> Result<bool, String> {
        confirm.line = Line(text.to_owned());
        confirm.finish_line()
    }

    #[test]
    fn nothing_is_done_without_its_word() {
        let mut confirm = ready(Deed::Redrive(Live::new("arn")));
        assert!(typed(&mut confirm, "yes").is_err());
        assert!(typed(&mut confirm, "").is_err());
        assert_eq!(typed(&mut confirm, "redrive"), Ok(true));
    }

    #[test]
    fn nothing_is_done_that_aws_would_refuse_or_was_not_asked_about() {
        let mut confirm = Confirm::new(Deed::Redrive(Live::new("arn")), Ticket::default());
        assert!(typed(&mut confirm, "redrive").is_err());
        let refused = Some("It is running.".to_owned());
        confirm.preflight = Some(Ok(Preflight { refused, facts: Vec::new() }));
        assert_eq!(typed(&mut confirm, "redrive"), Err("It is running.".to_owned()));
    }

    #[test]
    fn what_a_task_is_told_is_typed_first() {
        let deed = Deed::Succeed {
            of: Live::new("arn"),
            task: EventId::FIRST,
            token: "t".to_owned(),
            output: "{}".to_owned(),
        };
        let mut confirm = ready(deed);
        assert!(typed(&mut confirm, "{").is_err());
        assert_eq!(typed(&mut confirm, r#"{"ok":true}"#), Ok(false));
        assert_eq!(typed(&mut confirm, "succeed"), Ok(true));
        assert!(matches!(&confirm.deed, Deed::Succeed { output, .. } if output == r#"{"ok":true}"#));
        let none = String::new;
        let (of, task) = (Live::new("arn"), EventId::FIRST);
        let mut confirm = ready(Deed::Fail { of, task, token: "t".into(), error: none(), cause: none() });
        assert_eq!(typed(&mut confirm, "Refused"), Ok(false));
        assert_eq!(typed(&mut confirm, "by hand"), Ok(false));
        assert_eq!(typed(&mut confirm, "fail"), Ok(true));
    }
}
