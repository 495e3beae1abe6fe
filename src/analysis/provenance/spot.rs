//! A place in the recorded data of an execution.

use super::Story;
use crate::event::{Details, EventId};
use crate::history::MemberId;
use crate::interpreter::data::error_object;
use crate::json::Payload;
use crate::json::diff::At;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// A place in a document that an event carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The document.
    pub document: Document,
    /// The place in it.
    pub at: At,
}

/// A document that an event carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Document {
    /// The execution.
    pub member: MemberId,
    /// The event.
    pub event: EventId,
    /// Which of its data.
    pub what: What,
}

/// Which data of an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum What {
    /// What went in: of an execution or a state, or the parameters of a task.
    Input,
    /// What came out: of an execution or a state, or the answer of a task.
    Output,
    /// A variable that a state assigned, by name without `$`.
    Variable(Arc<str>),
    /// The error and the cause, as a catcher sees them.
    Failure,
}

impl What {
    /// Returns the word for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Variable(_) => "variable",
            Self::Failure => "failure",
        }
    }
}

impl Document {
    /// A document of an event.
    pub fn new(member: MemberId, event: EventId, what: What) -> Self {
        Self { member, event, what }
    }

    /// Returns the document an event carries by itself: what came out, what went in, or the failure.
    pub fn of_event(story: Story<'_>, member: MemberId, event: EventId) -> Option<Self> {
        let details = &story.history(member).event(event)?.details;
        let what = if details.output().is_some() {
            What::Output
        } else if details.input().is_some() {
            What::Input
        } else {
            details.failure().map(|_| What::Failure)?
        };
        Some(Self { member, event, what })
    }

    /// Returns the document; nothing when it was not recorded.
    pub fn value<'a>(&self, story: Story<'a>) -> Option<Cow<'a, Value>> {
        let details = &story.history(self.member).event(self.event)?.details;
        let payload: &Payload = match &self.what {
            What::Input => details.input()?,
            What::Output => details.output()?,
            What::Failure => return details.failure().map(|failure| Cow::Owned(error_object(failure))),
            What::Variable(name) => match details {
                Details::StateExited(exited) => exited.assigned.as_ref()?.values.get(name)?,
                _ => return None,
            },
        };
        payload.value().ok().map(Cow::Borrowed)
    }

    /// Returns how many bytes it takes; none when it was not recorded.
    pub fn size(&self, story: Story<'_>) -> usize {
        let details = story.history(self.member).event(self.event).map(|event| &event.details);
        let Some(details) = details else { return 0 };
        let payload = match &self.what {
            What::Input => details.input(),
            What::Output => details.output(),
            What::Failure => {
                let cause = details.failure().and_then(|failure| failure.cause.as_ref());
                return cause.map_or(0, |cause| cause.len());
            }
            What::Variable(name) => match details {
                Details::StateExited(exited) => exited.assigned.as_ref().and_then(|it| it.values.get(name)),
                _ => None,
            },
        };
        payload.map_or(0, Payload::size)
    }

    /// Returns a place in it.
    pub fn at(self, at: At) -> Spot {
        Spot { document: self, at }
    }
}

impl Spot {
    /// Returns the value at this place; nothing when there is none.
    pub fn value(&self, story: Story<'_>) -> Option<Value> {
        match self.document.value(story)? {
            Cow::Borrowed(document) => self.at.find(document).map(Cow::into_owned),
            Cow::Owned(document) => self.at.find(&document).map(Cow::into_owned),
        }
    }
}
