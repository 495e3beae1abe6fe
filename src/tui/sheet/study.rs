//! What a sheet is about, and how it is made.

use super::{Row, Sheet, answers, definition};
use crate::analysis::{Flow, Scene};
use crate::history::{AttemptId, MemberId, VisitId};
use crate::tui::pane::DataTab;
use crate::tui::subject::Subject;
use std::sync::Arc;

/// More bytes than this are looked at in the background.
const MUCH: usize = 96 * 1024;

/// How many sheets are kept: those of the visits one goes to and fro between.
const KEPT: usize = 64;

/// What a sheet is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Study {
    /// Which view.
    pub tab: DataTab,
    /// The execution.
    pub member: MemberId,
    /// The visit and the attempt; the definition is the same for all.
    pub at: Option<(VisitId, Option<AttemptId>)>,
}

/// The sheets that were made, the latest last.
#[derive(Debug, Clone, Default)]
pub struct Subjects {
    made: Vec<(Study, Arc<Sheet>)>,
}

impl Study {
    /// Returns what a view of the data pane shows at a visit; `None` when it shows documents.
    pub fn of(tab: DataTab, member: MemberId, visit: Option<VisitId>, attempt: Option<AttemptId>) -> Option<Self> {
        match tab {
            DataTab::Flow => Some(Self { tab, member, at: visit.map(|visit| (visit, attempt)) }),
            DataTab::Explain => Some(Self { tab, member, at: visit.map(|visit| (visit, None)) }),
            DataTab::Definition => Some(Self { tab, member, at: None }),
            DataTab::Input | DataTab::Output | DataTab::Variables | DataTab::Event => None,
        }
    }

    /// Tells whether making the sheet may take so long that one would notice.
    pub fn is_long(&self, subject: &Subject) -> bool {
        let Some((visit, attempt)) = self.at else { return false };
        let scene = Scene::of(&subject.programs, self.member, subject.history(self.member), visit, attempt);
        scene.is_ok_and(|scene| Flow::cost(&scene) > MUCH)
    }

    /// Makes the sheet.
    pub fn sheet(&self, subject: &Subject) -> Sheet {
        if self.tab == DataTab::Definition {
            return definition::sheet(subject, self.member);
        }
        let Some((visit, attempt)) = self.at else {
            return Sheet::empty("This event belongs to no state.");
        };
        let scene = Scene::of(&subject.programs, self.member, subject.history(self.member), visit, attempt);
        let rows = scene.and_then(|scene| match self.tab {
            DataTab::Explain => answers::explain(&scene),
            _ => answers::flow(&scene),
        });
        match rows {
            Ok(entries) => Sheet::new(entries.into_iter().map(Row::from).collect()),
            Err(reason) => Sheet::empty(reason.to_string()),
        }
    }
}

impl Subjects {
    /// Returns a sheet that was made.
    pub fn get(&self, study: &Study) -> Option<Arc<Sheet>> {
        self.made.iter().find(|(known, _)| known == study).map(|(_, sheet)| Arc::clone(sheet))
    }

    /// Keeps a sheet, and lets the oldest go when there are too many.
    pub fn keep(&mut self, study: Study, sheet: Arc<Sheet>) {
        if self.made.len() >= KEPT {
            self.made.remove(0);
        }
        self.made.push((study, sheet));
    }
}
