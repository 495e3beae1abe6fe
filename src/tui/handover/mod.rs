//! Handing an execution over: which document the name of a file asks for, and its text.

use super::msg::{Asked, Target};
use super::subject::Subject;
use crate::analysis::diff::{self, Mask, Run};
use crate::analysis::{Whereabouts, marked, overview};
use crate::event::EventId;
use crate::history::{Family, MemberId};
use crate::recording::{Bookmark, Recording};
use crate::report::{self, Bearings, DiffSide, HtmlSubject, Zone};
use std::path::Path;

/// What an execution is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// A recording.
    Recording,
    /// A page to attach to a ticket.
    Html,
    /// A summary in Markdown.
    Markdown,
    /// The states as rows for a spreadsheet.
    States,
    /// The events as rows for a spreadsheet.
    Events,
}

impl Document {
    /// Returns what a file of that name is to be: its ending tells.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        match name.rsplit('.').next() {
            Some("html" | "htm") => Self::Html,
            Some("md" | "markdown") => Self::Markdown,
            Some("csv") if name.ends_with("events.csv") => Self::Events,
            Some("csv") => Self::States,
            _ => Self::Recording,
        }
    }

    /// Returns what it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Recording => "a recording, to be opened with stepback",
            Self::Html => "a page with everything in it, to attach to a ticket",
            Self::Markdown => "a summary in Markdown",
            Self::States => "the states as rows for a spreadsheet",
            Self::Events => "the events as rows for a spreadsheet",
        }
    }
}

/// An execution to be written as a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The execution.
    pub asked: Asked,
    /// Its bookmarks as they are now.
    pub bookmarks: Vec<Bookmark>,
    /// What it is written as.
    pub document: Document,
    /// What the person's clocks show.
    pub zone: Zone,
}

impl Handover {
    /// Tells whether the page is better with a comparison: only what failed is compared unasked.
    pub fn wants_good(&self) -> bool {
        self.document == Document::Html && !self.asked.0.diagnosis.causes.is_empty()
    }

    /// Returns the text, compared with a good run of that name if there is one; `None` of a recording, which is no text.
    pub fn text(&self, good: Option<&(String, Recording)>) -> Option<String> {
        let subject = &*self.asked.0;
        match self.document {
            Document::Recording => None,
            Document::Markdown => Some(markdown(subject, &self.zone) + "\n"),
            Document::States => Some(report::visits_csv(&subject.family)),
            Document::Events => Some(report::events_csv(&subject.family)),
            Document::Html => Some(self.page(subject, good)),
        }
    }

    fn page(&self, subject: &Subject, good: Option<&(String, Recording)>) -> String {
        let bookmarks = marked(&subject.family, &self.bookmarks);
        let page = HtmlSubject {
            family: &subject.family,
            diagnosis: &subject.diagnosis,
            overview: &overview(&subject.family, MemberId::ROOT),
            programs: &subject.programs,
            bearings: &bearings(subject, &self.zone),
            bookmarks: &bookmarks,
            good: None,
        };
        let Some((title, good)) = good else { return report::html(&page) };
        let family = Family::of(good);
        let runs = [Run::of(good, &family), Run::of(&subject.recording, &subject.family)];
        let [before, now] = &runs;
        let comparison = diff::executions(before, now, &Mask::of(before, now));
        let name = subject.target.spelled();
        let sides = [DiffSide { title, run: before }, DiffSide { title: &name, run: now }];
        report::html(&HtmlSubject { good: Some((&comparison, sides)), ..page })
    }
}

/// Returns the summary for a ticket.
pub fn markdown(subject: &Subject, zone: &Zone) -> String {
    let overview = overview(&subject.family, MemberId::ROOT);
    report::ticket(&subject.diagnosis, &overview, &bearings(subject, zone)).join("\n")
}

fn bearings(subject: &Subject, zone: &Zone) -> Bearings {
    let found = Whereabouts::of(&subject.recording, &subject.family, &subject.diagnosis);
    let gone = matches!(subject.target, Target::Stdin | Target::Replayed(_));
    let reopen = (!gone).then(|| reopening(subject, found.event));
    Bearings { found, reopen, zone: zone.clone() }
}

/// Returns the command that opens an execution at an event. What comes with the program is opened by a flag, everything
/// else by its name.
pub fn reopening(subject: &Subject, event: Option<EventId>) -> String {
    let target = subject.target.spelled();
    match &subject.target {
        Target::Demo | Target::DemoRecording(_) => {
            let at = event.map(|event| format!(" --at {event}")).unwrap_or_default();
            format!("stepback {target}{at}")
        }
        _ => report::reopening(&target, event),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_name_tells_the_document() {
        for (name, document) in [
            ("run.sfn.json", Document::Recording),
            ("run.sfn.json.gz", Document::Recording),
            ("run", Document::Recording),
            ("Run.HTML", Document::Html),
            ("a.b/run.md", Document::Markdown),
            ("run.csv", Document::States),
            ("run.events.csv", Document::Events),
        ] {
            assert_eq!(Document::of(Path::new(name)), document, "{name}");
        }
    }
}
