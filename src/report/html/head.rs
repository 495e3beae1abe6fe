//! What stands above everything: the policy, the name and how it stands, where it is found, what is not there.

use super::text::Words;
use super::{Builder, PAPER, class};
use crate::event::Timestamp;
use crate::report::partial::missing_words;
use crate::report::quantity::{counted, duration, moment_iso, moment_utc};
use crate::report::signs::execution_sign;
use crate::report::why::{heading_words, item_words, standing};
use std::fmt::Display;

/// How the page looks.
pub(super) const STYLE: &str = include_str!("page.css");
/// What searches and copies.
pub(super) const SCRIPT: &str = include_str!("page.js");
/// The digests by which the policy knows both; the tests compute them.
pub(super) const STYLE_DIGEST: &str = "sha256-bBlZwpaoxhYb1x0lk5fUiw+H5SED6EmYTRlEVFwfcw0=";
pub(super) const SCRIPT_DIGEST: &str = "sha256-CI1qJOyC7by4SBvOrK7RGvoiQSAP3lMKvcXFCzhJ7OM=";

/// What else was said of the recording.
const NOTES: usize = 6;

/// A moment that programs read as well.
struct Moment<'a>(Timestamp, &'a str);

impl Display for Moment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<time datetime=\"{}\">{}</time>", moment_iso(self.0), Words(self.1))
    }
}

impl Builder<'_> {
    /// Adds everything up to the first section, with a list of the sections.
    pub(super) fn head(&mut self, sections: &[(&'static str, &'static str)]) {
        let overview = self.subject.overview;
        let (role, sign) = execution_sign(PAPER, &standing(overview));
        let status = heading_words(overview);
        let machine = self.subject.bearings.found.machine.as_deref();
        let name = overview.name.as_deref().or(machine).unwrap_or("Execution");
        self.out.add(format_args!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{STYLE_DIGEST}'; \
             script-src '{SCRIPT_DIGEST}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{}: {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#cause\">Skip to the cause</a>\n<header class=\"wrap\">\n\
             <span class=\"pill {}\">{sign} {}</span>\n<h1>{}</h1>\n",
            Words(name),
            Words(status),
            class(role),
            Words(status),
            Words(name),
        ));
        self.facts();
        self.reach();
        self.missing();
        self.out.push("</header>\n<nav aria-label=\"Contents\"><div class=\"wrap\"><ul>\n");
        for (id, title) in sections {
            self.out.add(format_args!("<li><a href=\"#{id}\">{title}</a></li>\n"));
        }
        self.out.push("</ul><div class=\"find\" role=\"search\"></div></div></nav>\n<main class=\"wrap\">\n");
    }

    fn facts(&mut self) {
        let (overview, bearings) = (self.subject.overview, self.subject.bearings);
        self.out.push("<ul class=\"facts\">\n");
        if let Some(machine) = bearings.machine() {
            self.out.add(format_args!("<li>{}</li>\n", Words(&machine)));
        }
        if let Some(started) = overview.started {
            self.out.add(format_args!("<li>started {}</li>\n", Moment(started, &moment_utc(started))));
        }
        if let (Some(at), Some(words)) = (bearings.found.failed, bearings.failed()) {
            self.out.add(format_args!("<li>failed {}</li>\n", Moment(at, &words)));
        }
        if let Some(micros) = overview.micros {
            self.out.add(format_args!("<li>took {}</li>\n", duration(micros)));
        }
        let events = match &overview.items {
            Some(items) => item_words(items),
            None if overview.events == 0 => "no event".to_owned(),
            None => counted(overview.events, "event", "events"),
        };
        self.out.add(format_args!("<li>{events}</li>\n"));
        if overview.redrives > 0 {
            self.out.add(format_args!("<li>{}</li>\n", counted(overview.redrives, "redrive", "redrives")));
        }
        self.out.push("</ul>\n");
    }

    /// How one gets to it: the page in the console, the command.
    fn reach(&mut self) {
        let bearings = self.subject.bearings;
        let console = bearings.found.console();
        if console.is_none() && bearings.reopen.is_none() {
            return;
        }
        self.out.push("<div class=\"reach\">\n");
        if let Some(address) = console {
            self.out.add(format_args!(
                "<a href=\"{}\" rel=\"noreferrer noopener\">Open in the AWS console</a>\n",
                Words(&address)
            ));
        }
        if let Some(command) = &bearings.reopen {
            self.out.add(format_args!("<span>Reopen: <code>{}</code></span>\n", Words(command)));
        }
        self.out.push("</div>\n");
    }

    fn missing(&mut self) {
        let overview = self.subject.overview;
        let missing = missing_words(&overview.missing);
        let notes = overview.notes.iter().map(|note| &**note).filter(|note| !missing.iter().any(|it| it == note));
        let notes: Vec<&str> = notes.take(NOTES).collect();
        self.paragraphs("missing", missing.iter().map(String::as_str));
        self.paragraphs("notes", notes.into_iter());
    }

    fn paragraphs<'w>(&mut self, class: &str, words: impl ExactSizeIterator<Item = &'w str>) {
        if words.len() == 0 {
            return;
        }
        self.out.add(format_args!("<div class=\"{class}\" role=\"note\">\n"));
        for words in words {
            self.out.add(format_args!("<p>{}</p>\n", Words(words)));
        }
        self.out.push("</div>\n");
    }
}
