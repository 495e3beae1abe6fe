//! The definition of the states that failed, with the line that is to blame.

use super::Builder;
use super::text::{Lines, Words};
use crate::analysis::cause::Finding;
use crate::analysis::flow::Data;
use crate::analysis::{Flow, Scene};
use std::collections::HashSet;

/// States that are shown.
const STATES: usize = 4;
/// Lines of a state that are shown: around the one to blame, when it has more.
const LINES: u32 = 90;

impl Builder<'_> {
    /// Adds the definitions of the states that failed.
    pub(super) fn definitions(&mut self) {
        let mut known = HashSet::new();
        let causes = self.subject.diagnosis.causes.iter();
        let mut shown = 0;
        for finding in causes {
            let Some(visit) = finding.place.visit else { continue };
            let name = &self.subject.family.member(finding.place.execution).history.visit(visit).name;
            if shown < STATES && known.insert(name.clone()) {
                shown += usize::from(self.definition(finding, shown == 0));
            }
        }
    }

    /// Adds that of one; tells whether there is one.
    fn definition(&mut self, finding: &Finding, first: bool) -> bool {
        let Some(visit) = finding.place.visit else { return false };
        let member = finding.place.execution;
        let history = &self.subject.family.member(member).history;
        let Ok(scene) = Scene::of(self.subject.programs, member, history, visit, finding.place.attempt) else {
            return false;
        };
        let program = scene.program;
        let (line, remark) = blamed(&scene, finding);
        let span = program.definition.entry(&scene.state.place);
        let source = program.definition.source();
        let (begin, end) =
            (source.position(span.start).line, source.position(span.end.saturating_sub(1)).line.max(line));
        let from = if end - begin >= LINES { line.saturating_sub(LINES / 2).max(begin) } else { begin };
        let to = end.min(from + LINES);
        if first {
            self.title("definition", "Definition at the failure");
        }
        self.out.add(format_args!(
            "<h3>{} <small>{}, line {line}{}</small></h3>\n<div class=\"source\" role=\"group\" aria-label=\"Definition\">\n",
            Words(&scene.state.name),
            scene.state.kind.name(),
            if program.relaid { "; recorded on one line, laid out here" } else { "" }
        ));
        for number in from..=to {
            let class = if number == line { " class=\"at\"" } else { "" };
            self.out.add(format_args!("<div{class}><i>{number}</i>{}</div>\n", Lines(source.line(number))));
            if number == line {
                self.out.add(format_args!("<div class=\"mark\">▲ {}</div>\n", Words(&remark)));
            }
        }
        self.out.push("</div>\n");
        true
    }
}

/// Returns the line at which a state failed, and what is said there: a field of its own, or the state as a whole.
fn blamed(scene: &Scene<'_>, finding: &Finding) -> (u32, String) {
    let event = finding.place.event;
    let head = scene.head();
    let fault = Flow::of(scene).ok().and_then(|flow| {
        flow.fault().and_then(|step| match (&step.field, &step.data) {
            (Some((field, line)), Data::Failed(failure, _)) => {
                let error = failure.error.as_deref().unwrap_or_default();
                let cause = failure.cause.as_deref().unwrap_or_default();
                Some((*line, format!("{field} failed at event {event}: {error}: {cause}")))
            }
            _ => None,
        })
    });
    fault.unwrap_or_else(|| {
        let error = finding.error.as_deref().unwrap_or("an error");
        (head.line, format!("failed at event {event}: {error}"))
    })
}
