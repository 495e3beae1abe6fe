//! The events of the execution, each on a line.

use super::Builder;
use super::payload::Weight;
use super::text::Words;
use crate::report::quantity::{counted, moment_iso};

/// Events that are listed at either end when there are more.
const ENDS: usize = 1_500;

impl Builder<'_> {
    /// Adds the events.
    pub(super) fn events(&mut self) {
        let history = self.subject.family.root();
        let events = history.events();
        if events.is_empty() {
            return;
        }
        let ends = if self.is_full(Weight::Failed) { ENDS / 10 } else { ENDS };
        let all = counted(events.len(), "event", "events");
        self.title("events", "Events");
        self.out.add(format_args!(
            "<details class=\"card\"><summary>{all}</summary>\n<div class=\"scroll\"><table class=\"events\">\
             <thead><tr><th scope=\"col\">Event</th><th scope=\"col\">After</th><th scope=\"col\">Time</th>\
             <th scope=\"col\">Type</th><th scope=\"col\">State</th></tr></thead><tbody>\n"
        ));
        for (place, event) in events.iter().enumerate() {
            if place >= ends && place + ends < events.len() {
                if place == ends {
                    let left = events.len() - 2 * ends;
                    self.left.events += left;
                    self.out.add(format_args!(
                        "<tr><td colspan=\"5\">… {} left out</td></tr>\n",
                        counted(left, "event", "events")
                    ));
                }
                continue;
            }
            let state = history.visit_of(event.id).map(|visit| &*history.visit(visit).name).unwrap_or_default();
            let failure = if event.kind.is_failure() { " class=\"bad\"" } else { "" };
            self.out.add(format_args!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td{failure}>{}</td><td>{}</td></tr>\n",
                event.id,
                event.parent.map(|id| id.to_string()).unwrap_or_default(),
                moment_iso(event.timestamp),
                Words(event.kind.name()),
                Words(state),
            ));
        }
        self.out.push("</tbody></table></div></details>\n");
    }
}
