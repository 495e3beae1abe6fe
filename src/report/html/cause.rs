//! What went wrong: the failures everything began with, those that did not end it, what is waited for.

use super::payload::Weight;
use super::text::{Lines, Words};
use super::{Builder, PAPER, anchor};
use crate::analysis::cause::{Finding, Stage};
use crate::analysis::message::Form;
use crate::json::Payload;
use crate::report::cause::{innermost, operand_lines};
use crate::report::quantity::{count, counted};
use crate::report::signs::{CAUGHT, FAILED, RUNNING};
use crate::report::why::{
    end_words, facts, fate, input_label, map_run_words, nothing_words, tight_words, title, waiting_words, whereabouts,
};
use crate::report::words::{breadcrumb, capitalized};

/// Causes that are shown in full.
const SHOWN: usize = 10;
/// Other failures that are listed.
const LISTED: usize = 25;
/// Lines of a function's log that are shown.
const LOG_LINES: usize = 60;
/// Rows of a decoded cause.
const ROWS: usize = 1_000;

impl Builder<'_> {
    /// Adds what went wrong.
    pub(super) fn causes(&mut self) {
        let subject = self.subject;
        let diagnosis = subject.diagnosis;
        let waits = diagnosis.waiting.len();
        self.title(
            "cause",
            match () {
                () if !diagnosis.causes.is_empty() => "What went wrong",
                () if waits > 0 => "What it waits for",
                () => "What happened",
            },
        );
        for finding in diagnosis.causes.iter().take(SHOWN) {
            self.cause(finding);
        }
        let more = diagnosis.causes.len().saturating_sub(SHOWN);
        if more > 0 {
            let more = counted(more, "other cause", "other causes");
            self.out.add(format_args!("<p class=\"dim\">… and {more}.</p>\n"));
        }
        self.asides();
        if diagnosis.causes.iter().all(|finding| finding.stage.is_stateless()) {
            self.waits();
        }
        self.others();
        if diagnosis.is_uneventful() {
            self.out.add(format_args!("<div class=\"card\"><p>{}</p></div>\n", nothing_words(subject.overview)));
        }
    }

    fn cause(&mut self, finding: &'_ Finding) {
        self.out.add(format_args!(
            "<article class=\"card cause\">\n<h3>{} {}</h3>\n<p class=\"place\">{}</p>\n",
            PAPER.sign(FAILED),
            Words(&title(finding, &self.subject.diagnosis.status)),
            self.linked(finding),
        ));
        if let Some(message) = finding.cause.as_ref().filter(|message| !message.summary.is_empty()) {
            self.out.add(format_args!("<p class=\"said\">{}</p>\n", Words(&message.summary)));
        }
        for words in operand_lines(&finding.operands) {
            self.out.add(format_args!("<p>{}</p>\n", Words(&words)));
        }
        self.told(&facts(finding));
        if let Some(Form::Function { stack, .. }) = innermost(finding).map(|message| &message.form)
            && !stack.is_empty()
        {
            self.out.push("<details class=\"data\"><summary>Stack trace</summary><pre>");
            for line in stack {
                self.out.add(format_args!("{}\n", Lines(line)));
            }
            self.out.push("</pre></details>\n");
        }
        self.decoded(finding);
        self.input(finding);
        self.log(finding);
        self.out.push("</article>\n");
    }

    fn linked(&self, finding: &Finding) -> String {
        let words = whereabouts(finding);
        match finding.place.visit.filter(|_| !finding.stage.is_stateless()) {
            Some(visit) => {
                format!("<a href=\"#{}\">{}</a>", anchor(finding.place.execution, visit), Words(&words))
            }
            None => Words(&words).to_string(),
        }
    }

    fn told(&mut self, facts: &[(&str, String, usize)]) {
        self.out.push("<dl>\n");
        for (label, text, _) in facts {
            if !label.is_empty() {
                self.out.add(format_args!("<dt>{}</dt>", Words(&capitalized(label))));
            }
            self.out.add(format_args!("<dd>{}</dd>\n", Words(text)));
        }
        self.out.push("</dl>\n");
    }

    /// The whole cause: taken apart where it is JSON.
    fn decoded(&mut self, finding: &Finding) {
        let Some(message) = &finding.cause else { return };
        match &message.decoded {
            Some(value) => {
                self.out.push("<details class=\"data\"><summary>The whole cause, decoded</summary>\n");
                self.tree(&Payload::from_value(value.clone()), ROWS);
                self.out.push("</details>\n");
            }
            None if message.raw.trim() != message.summary.trim() => {
                self.out.add(format_args!(
                    "<details class=\"data\"><summary>The whole cause</summary><pre>{}</pre></details>\n",
                    Lines(message.raw.get(..message.raw.floor_char_boundary(64 * 1024)).unwrap_or_default())
                ));
            }
            None => {}
        }
    }

    fn input(&mut self, finding: &Finding) {
        let Some(input) = &finding.input else { return };
        let label = capitalized(input_label(finding));
        // The histories live as long as the page, findings do not: the payload is looked for there.
        let history = &self.subject.family.member(finding.place.execution).history;
        let held = match (finding.place.attempt, finding.place.visit) {
            (Some(attempt), _) => history.attempt_input(attempt),
            (None, Some(visit)) => history.input(visit),
            (None, None) => None,
        };
        match held.filter(|held| held.text() == input.text()) {
            Some(held) => self.payload(&label, "the input above", Some(held), Weight::Cause),
            None => {
                self.out.add(format_args!("<h4>{label}</h4>\n"));
                self.tree(input, ROWS);
            }
        }
    }

    fn log(&mut self, finding: &Finding) {
        let Some(log) = &finding.log else { return };
        let before = log.lines.len().saturating_sub(LOG_LINES);
        let from = log.group.as_deref().unwrap_or_default();
        self.out.add(format_args!(
            "<details class=\"data\" open><summary>Log of the function <small>{}{}</small></summary><pre>",
            Words(from),
            if before > 0 { format!(", the last {LOG_LINES} of {} lines", log.lines.len()) } else { String::new() }
        ));
        for line in log.lines.iter().skip(before) {
            self.out.add(format_args!("{}\n", Lines(line.trim_end())));
        }
        self.out.push("</pre></details>\n");
    }

    /// What is said of the execution as a whole.
    fn asides(&mut self) {
        let (diagnosis, overview) = (self.subject.diagnosis, self.subject.overview);
        let mut words: Vec<String> = end_words(diagnosis).into_iter().collect();
        words.extend(overview.tight.iter().map(tight_words));
        words.extend(diagnosis.map_runs.iter().map(map_run_words));
        for words in words {
            self.out.add(format_args!("<p>{}</p>\n", Words(&words)));
        }
        if let Some(told) = &overview.told {
            for (label, payload) in [("Input", &told.input), ("Output", &told.output)] {
                if let Some(payload) = payload {
                    self.out.add(format_args!("<h4>{label}</h4>\n"));
                    self.tree(payload, ROWS);
                }
            }
        }
    }

    fn waits(&mut self) {
        let waiting = &self.subject.diagnosis.waiting;
        if waiting.is_empty() {
            return;
        }
        let stopped = !self.subject.diagnosis.causes.is_empty();
        let title = if stopped { "It was waiting" } else { "It is waiting" };
        self.out.add(format_args!("<div class=\"card\"><h3>{title}</h3><ul class=\"plain\">\n"));
        for waiting in waiting.iter().take(LISTED) {
            let times = if waiting.count > 1 { format!(" and {} more", waiting.count - 1) } else { String::new() };
            self.out.add(format_args!(
                "<li><span class=\"go\">{} {}{times}</span><br>{}</li>\n",
                PAPER.sign(RUNNING),
                Words(&breadcrumb(&waiting.place)),
                Words(&waiting_words(waiting)),
            ));
        }
        self.out.push("</ul></div>\n");
    }

    fn others(&mut self) {
        let others = &self.subject.diagnosis.others;
        if others.is_empty() {
            return;
        }
        let open = if self.subject.diagnosis.causes.is_empty() { " open" } else { "" };
        let all = counted(others.len(), "failure", "failures");
        self.out.add(format_args!(
            "<details class=\"card\"{open}><summary><b>Also failed, without ending it</b> <small>{all}</small></summary><ul class=\"plain\">\n"
        ));
        for finding in others.iter().take(LISTED) {
            let times = if finding.count > 1 { format!(" × {}", finding.count) } else { String::new() };
            self.out.add(format_args!(
                "<li><span class=\"warn\">{} {}</span>{times} in {}",
                PAPER.sign(CAUGHT),
                Words(&title(finding, &self.subject.diagnosis.status)),
                self.linked(finding),
            ));
            if let Some(message) = finding.cause.as_ref().filter(|message| !message.summary.is_empty()) {
                self.out.add(format_args!("<br>{}", Words(&message.summary)));
            }
            if let Some(fate) = fate(finding).filter(|_| finding.stage != Stage::Described) {
                self.out.add(format_args!("<br><small>{}</small>", Words(&fate)));
            }
            self.out.push("</li>\n");
        }
        self.out.push("</ul>");
        if others.len() > LISTED {
            self.out.add(format_args!("<p class=\"dim\">… and {} more.</p>", count(others.len() - LISTED)));
        }
        self.out.push("</details>\n");
    }
}
