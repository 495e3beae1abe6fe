//! Which place in which document a row of the data pane is.

use super::Execution;
use crate::analysis::provenance::{Document, Spot, What, maker};
use crate::event::{Details, EventId};
use crate::json::diff::{At, Step as In};
use crate::json::rows::{Kind, Outline, Step};
use crate::report;
use crate::tui::pane::DataTab;

/// The bytes of documents a value is followed through for a hint: what takes longer is told only when asked for.
const MOST_FOLLOWED: usize = 96 * 1024;

impl Execution {
    /// Returns the place in the recorded data that the row under the data pane's cursor is; nothing where it is no such.
    pub fn spot(&self) -> Option<Spot> {
        self.spot_of(self.data.selected())
    }

    /// Returns the same of any row.
    pub fn spot_of(&self, row: usize) -> Option<Spot> {
        if self.data.sheet.is_some() {
            return None;
        }
        let (name, steps) = self.data.rows.steps(row);
        let member = self.place.member;
        let document = |event: EventId, what| Document::new(member, event, what);
        if self.data.tab == DataTab::Event {
            return self.spot_in_event(&steps);
        }
        let history = self.history();
        let visit = history.visit_of(self.place.event).map(|visit| history.visit(visit));
        let attempt = history.attempt_of(self.place.event).map(|attempt| history.attempt(attempt));
        if let Some(variable) = name.strip_prefix('$') {
            let variables = history.world_at(self.place.event)?.variables();
            let found = variables.into_iter().find(|found| **found.name == *variable)?;
            return Some(document(found.assigned, What::Variable(found.name.clone())).at(at(&steps)));
        }
        if let Some(variable) = name.strip_prefix("assigned $") {
            return Some(document(visit?.ended?, What::Variable(variable.into())).at(at(&steps)));
        }
        let found = match name {
            "input" => document(visit?.entered?, What::Input),
            "task input" => document(attempt?.scheduled, What::Input),
            "output" => document(visit?.ended?, What::Output),
            "from the task's result" => document(attempt?.ended?, What::Output),
            "input of the execution" => document(EventId::FIRST, What::Input),
            "output of the execution" => document(history.end()?.id, What::Output),
            "error" | "cause" => {
                let failed = attempt.and_then(|attempt| attempt.outcome.failure());
                let failed = failed.or_else(|| visit.and_then(|visit| visit.outcome.failure()));
                let failed = failed.or_else(|| history.end().map(|end| end.id))?;
                let part = if name == "error" { "Error" } else { "Cause" };
                let at = At(vec![In::Member(part.into())]).join(&at(&steps).0);
                return Some(document(failed, What::Failure).at(at));
            }
            _ => return None,
        };
        Some(found.at(at(&steps)))
    }

    /// Finds out who made the value under the data pane's cursor, when that is a plain one and was not found out before.
    /// Only this one: following a value may mean to evaluate an expression.
    pub fn find_hint(&mut self) {
        let row = self.data.selected();
        if self.data.has_hint(row) {
            return;
        }
        let kind = self.data.rows.get(row).map(|row| row.kind);
        let plain = matches!(kind, Some(Kind::String | Kind::Number | Kind::Bool | Kind::Null));
        let spot = if plain { self.spot_of(row) } else { None };
        let words = spot.and_then(|spot| {
            let (story, found_in) = (self.subject.story(), spot.document.clone());
            report::maker_words(story, &found_in, &maker(story, spot, MOST_FOLLOWED)?)
        });
        self.data.keep_hint(row, words);
    }

    /// An event as AWS writes it holds its data as text below its details.
    fn spot_in_event(&self, steps: &[Step]) -> Option<Spot> {
        let [Step::Key(_), Step::Key(part), rest @ ..] = steps else { return None };
        let document = |what| Document::new(self.place.member, self.place.event, what);
        let inside = || at(rest.strip_prefix(&[Step::Decode(1)]).unwrap_or(rest));
        Some(match part.as_str() {
            "input" | "parameters" => document(What::Input).at(inside()),
            "output" => document(What::Output).at(inside()),
            "error" => document(What::Failure).at(At(vec![In::Member("Error".into())])),
            "cause" => document(What::Failure).at(At(vec![In::Member("Cause".into())]).join(&at(rest).0)),
            _ => return None,
        })
    }

    /// Shows a place in the recorded data: its event, its document, its row.
    pub fn show_spot(&mut self, spot: &Spot) {
        let details = self.history().event(spot.document.event).map(|event| &event.details);
        let entry_or_exit = matches!(details, Some(Details::StateEntered(_) | Details::StateExited(_)));
        let task = !entry_or_exit && self.history().attempt_of(spot.document.event).is_some();
        let tab = match &spot.document.what {
            What::Input | What::Failure => DataTab::Input,
            What::Output | What::Variable(_) => DataTab::Output,
        };
        self.show(tab);
        let name = match (&spot.document.what, task) {
            (What::Variable(name), _) => format!("assigned ${name}"),
            (What::Failure, _) => match spot.at.0.first() {
                Some(In::Member(part)) => part.to_lowercase(),
                _ => "error".to_owned(),
            },
            (What::Input, true) => "task input".to_owned(),
            (What::Output, true) => "from the task's result".to_owned(),
            (What::Input, false) => "input".to_owned(),
            (What::Output, false) => "output".to_owned(),
        };
        let wanted =
            if spot.document.what == What::Failure { spot.at.0.get(1..).unwrap_or_default() } else { &spot.at.0 };
        let rows = &self.data.rows;
        let row = (0..rows.len()).find(|row| {
            let (document, steps) = rows.steps(*row);
            // Where input and parameters are the same, they are shown once.
            let same = document == name
                || document.starts_with(&format!("{name} of"))
                || (task && matches!(document, "input" | "output"));
            same && at(&steps).0 == wanted
        });
        if let Some(row) = row {
            self.data.select_row(row);
        }
    }
}

fn at(steps: &[Step]) -> At {
    let mut at = At::default();
    for step in steps {
        match step {
            Step::Key(key) => at.0.push(In::Member(key.as_str().into())),
            Step::Index(index) => at.0.push(In::Item(*index as usize)),
            Step::Decode(times) => at.0.extend(std::iter::repeat_n(In::Decoded, usize::from(*times))),
        }
    }
    at
}
