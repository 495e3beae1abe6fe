//! An execution as one HTML page to attach to a ticket: the cause as the screen tells it, what the last good run did
//! otherwise, where the value came from that the failure speaks of, the definition, the graph with the way taken, the
//! time line, the states with their data, the bookmarks, the events.
//!
//! One file that needs nothing from elsewhere: a policy in it forbids the browser to fetch anything, and only the one
//! script of ours may run, which searches and copies; without it the page reads all the same. Everything recorded is
//! escaped. The page has a bound in size; what is left out is said.

mod cause;
mod compared;
mod definition;
mod events;
mod graph;
mod head;
mod payload;
mod steps;
#[cfg(test)]
mod tests;
mod text;
mod timeline;
mod way;

use super::bearings::Bearings;
use super::diff::DiffSide;
use super::page::{Paper, Role};
use super::quantity::{count, counted, size};
use crate::analysis::diff::Comparison;
use crate::analysis::provenance::Story;
use crate::analysis::{Diagnosis, Marked, Overview, Programs, Status};
use crate::history::{Family, MemberId, VisitId};
use payload::Weight;
use std::collections::{HashMap, HashSet};
use text::{Markup, Words};

/// The paper that words shared with other reports are made for.
const PAPER: Paper = Paper { width: 110, color: false, unicode: true };
/// Bytes after which only what failed is shown with its data.
const ENOUGH: usize = 3 << 20;
/// Bytes after which nothing is shown with its data.
const FULL: usize = 6 << 20;

/// What a page is made of.
#[derive(Debug, Clone, Copy)]
pub struct HtmlSubject<'a> {
    /// The execution with those it started.
    pub family: &'a Family,
    /// What went wrong.
    pub diagnosis: &'a Diagnosis,
    /// The execution at a glance.
    pub overview: &'a Overview,
    /// The definitions.
    pub programs: &'a Programs,
    /// Where it is found.
    pub bearings: &'a Bearings,
    /// The places somebody marked.
    pub bookmarks: &'a [Marked],
    /// The comparison with a good run, if there is one: that is the old side.
    pub good: Option<(&'a Comparison, [DiffSide<'a>; 2])>,
}

/// What makes a section.
type Make<'a> = fn(&mut Builder<'a>);

/// Returns the page.
pub fn html<'a>(subject: &'a HtmlSubject<'a>) -> String {
    let mut page = Builder {
        subject,
        out: Markup::default(),
        shown: HashMap::new(),
        causes: causes(subject),
        left: Left::default(),
    };
    // Sections are made before the list of them is written, which stands above.
    let mut sections = Vec::new();
    let all: [(&'static str, &'static str, Make<'a>); 9] = [
        ("cause", "Cause", Builder::causes),
        ("compared", "Last good run", Builder::compared),
        ("origin", "Where it came from", Builder::origins),
        ("definition", "Definition", Builder::definitions),
        ("graph", "Graph", Builder::graph),
        ("time", "Timeline", Builder::timeline),
        ("steps", "States", Builder::steps),
        ("bookmarks", "Bookmarks", Builder::bookmarks),
        ("events", "Events", Builder::events),
    ];
    for (id, title, make) in all {
        let before = page.out.0.len();
        page.out.add(format_args!("<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n"));
        let begun = page.out.0.len();
        make(&mut page);
        if page.out.0.len() == begun {
            page.out.0.truncate(before);
            continue;
        }
        page.out.push("</section>\n");
        sections.push((id, title));
    }
    let body = std::mem::take(&mut page.out);
    page.head(&sections);
    page.out.0.push_str(&body.0);
    page.foot();
    page.out.0
}

/// A page in the making.
struct Builder<'a> {
    subject: &'a HtmlSubject<'a>,
    out: Markup,
    /// The payloads that are shown, by their text: number and whose they are.
    shown: HashMap<&'a str, (usize, String)>,
    /// The visits that causes lie in, and those around them.
    causes: HashSet<(MemberId, VisitId)>,
    left: Left,
}

/// What was left out.
#[derive(Default)]
struct Left {
    payloads: usize,
    bytes: usize,
    cut: usize,
    visits: usize,
    events: usize,
}

impl Builder<'_> {
    fn story(&self) -> Story<'_> {
        Story { family: self.subject.family, programs: self.subject.programs }
    }

    fn is_full(&self, weight: Weight) -> bool {
        let most = match weight {
            Weight::Cause => 2 * FULL,
            Weight::Failed => FULL,
            Weight::Other => ENOUGH,
        };
        self.out.0.len() > most
    }

    /// Adds the title of a section.
    fn title(&mut self, id: &'static str, title: &str) {
        self.out.add(format_args!("<h2 id=\"{id}-h\">{}</h2>\n", Words(title)));
    }

    fn bookmarks(&mut self) {
        if self.subject.bookmarks.is_empty() {
            return;
        }
        self.title("bookmarks", "Bookmarks");
        self.out.push("<div class=\"card\"><ul class=\"plain\">\n");
        for marked in self.subject.bookmarks {
            let letter = marked.bookmark.letter.map(|letter| format!("<b>{letter}</b> ")).unwrap_or_default();
            let words = super::bookmarks::bookmark_words(marked);
            self.out.add(format_args!("<li>{letter}{}", Words(&words)));
            if let Some(event) = marked.bookmark.event {
                self.out.add(format_args!(" <small>event {event}</small>"));
            }
            if let Some(note) = &marked.bookmark.note {
                self.out.add(format_args!("<br>{}", Words(note)));
            }
            self.out.push("</li>\n");
        }
        self.out.push("</ul></div>\n");
    }

    fn foot(&mut self) {
        let Left { payloads, bytes, cut, visits, events } = self.left;
        let mut left = Vec::new();
        if payloads > 0 {
            left.push(format!("{} of data ({})", counted(payloads, "piece", "pieces"), size(bytes)));
        }
        if visits > 0 {
            left.push(counted(visits, "state", "states"));
        }
        if events > 0 {
            left.push(counted(events, "event", "events"));
        }
        if cut > 0 {
            left.push(format!("the rest of {} of data", counted(cut, "piece", "pieces")));
        }
        self.out.push("</main>\n<footer class=\"wrap\">\n");
        if !left.is_empty() {
            self.out.add(format_args!(
                "<p>Left out to keep this page small: {}. The recording has all of it.</p>\n",
                left.join(", ")
            ));
        }
        let all = count(self.subject.family.members().count());
        let others = if all == "1" { String::new() } else { format!(", {all} executions") };
        self.out.add(format_args!(
            "<p>Made by stepback {}{others}. It holds data of the execution: look before you pass it on; \
             <code>stepback redact</code> takes out what nobody should see.</p>\n</footer>\n<script>{}</script>\n</body></html>\n",
            env!("CARGO_PKG_VERSION"),
            head::SCRIPT
        ));
    }
}

/// The visits that causes lie in, and those around them in all executions they came through.
fn causes(subject: &HtmlSubject<'_>) -> HashSet<(MemberId, VisitId)> {
    let mut found = HashSet::new();
    for finding in &subject.diagnosis.causes {
        for place in std::iter::once(&finding.place).chain(&finding.through) {
            let history = &subject.family.member(place.execution).history;
            let path = place.visit.into_iter().flat_map(|visit| history.path_of(visit));
            found.extend(path.map(|visit| (place.execution, visit)));
        }
    }
    found
}

/// The anchor of a visit.
fn anchor(member: MemberId, visit: VisitId) -> String {
    format!("s{}-{}", member.index(), visit.index())
}

/// The class for a role.
fn class(role: Role) -> &'static str {
    match role {
        Role::Failed | Role::Removed => "bad",
        Role::Caught | Role::Changed => "warn",
        Role::Succeeded | Role::Added => "good",
        Role::Running => "go",
        Role::Aborted => "gone",
        Role::Plain | Role::Strong | Role::Dim | Role::Key | Role::Value => "dim",
    }
}

/// The class for how something stands.
fn status_class(status: Status) -> &'static str {
    match status {
        Status::Succeeded => "succeeded",
        Status::Failed | Status::TimedOut => "failed",
        Status::Caught => "caught",
        Status::Aborted | Status::Lost => "aborted",
        Status::Running | Status::Waiting => "running",
    }
}
