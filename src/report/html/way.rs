//! Where the values came from that a failure speaks of.

use super::Builder;
use super::text::Words;
use crate::analysis::provenance::{Making, Origin, Step, Trace, trace};
use crate::analysis::suspects::suspects;
use crate::report::trace::{document_words, field_words, step_words, value_words};

/// Values that are followed.
const VALUES: usize = 3;
/// Stops of one that are told.
const STOPS: usize = 14;

impl Builder<'_> {
    /// Adds the ways of the values that the first causes speak of.
    pub(super) fn origins(&mut self) {
        let subject = self.subject;
        let story = self.story();
        let reasons = subject.good.and_then(|(comparison, _)| comparison.divergence.as_ref());
        let mut spots = Vec::new();
        for finding in subject.diagnosis.causes.iter().take(2) {
            for spot in suspects(story, finding, reasons) {
                if !spots.contains(&spot) {
                    spots.push(spot);
                }
            }
        }
        let traces: Vec<Trace> = spots.into_iter().take(VALUES).map(|spot| trace(story, spot)).collect();
        // One that is only where it was found tells nothing.
        let traces: Vec<&Trace> = traces.iter().filter(|trace| trace.hops.len() > 1).collect();
        if traces.is_empty() {
            return;
        }
        self.title("origin", "Where it came from");
        for trace in traces {
            self.way(trace);
        }
    }

    fn way(&mut self, trace: &Trace) {
        let subject = self.subject;
        let story = crate::analysis::provenance::Story { family: subject.family, programs: subject.programs };
        let told = trace.told(story);
        let value = trace.hops.first().and_then(|hop| hop.value.as_ref());
        self.out.add(format_args!(
            "<div class=\"card\">\n<h3><code>{}</code></h3>\n<ol class=\"way\">\n",
            Words(&value_words(value))
        ));
        let mut known = value;
        for told in told.iter().take(STOPS) {
            let hop = told.hop;
            let class = match hop.step {
                Step::Origin(_) => " class=\"made\"",
                Step::Gap(_) | Step::Made(Making::Alike, _) => " class=\"gap\"",
                _ => "",
            };
            self.out.add(format_args!("<li{class}>"));
            if hop.value.as_ref() != known {
                self.out.add(format_args!("<p><code>{}</code></p>", Words(&value_words(hop.value.as_ref()))));
            }
            known = hop.value.as_ref();
            self.out.add(format_args!(
                "<p><code>{}</code> in {} <small>event {}</small></p>",
                Words(&hop.spot.at.to_string()),
                Words(&document_words(story, &hop.spot.document)),
                hop.spot.document.event
            ));
            for field in &hop.fields {
                self.out.add(format_args!("<p class=\"dim\">← {}</p>", Words(&field_words(field))));
            }
            if !told.kept.is_empty() {
                self.out.add(format_args!("<p class=\"dim\">unchanged by {}</p>", Words(&told.kept.join(", "))));
            }
            if let Some(words) = step_words(hop) {
                let class = if matches!(hop.step, Step::Origin(Origin::Failure)) { "bad" } else { "good" };
                let class = if matches!(hop.step, Step::Origin(_)) { class } else { "dim" };
                self.out.add(format_args!("<p class=\"{class}\">{}</p>", Words(&words)));
            }
            self.out.push("</li>\n");
        }
        self.out.push("</ol>\n");
        if trace.cut || told.len() > STOPS {
            self.out.push("<p class=\"dim\">It goes on: stepback trace tells the rest.</p>\n");
        }
        self.out.push("</div>\n");
    }
}
