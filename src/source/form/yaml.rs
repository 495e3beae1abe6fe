//! YAML, as `aws --output yaml` and `yaml-stream` print it.

use super::Translation;
use super::draft::{DEPTH, Draft, is_number};
use crate::recording::DamageReason;
use saphyr_parser::{Event, Parser, ScalarStyle};

/// Lines at the beginning in which a member that is known must stand.
const HEAD: usize = 40;

/// Members that stand at the beginning of what the service answers, at the margin or in a list.
const KNOWN: [&str; 14] = [
    "events",
    "timestamp",
    "id",
    "previousEventId",
    "executionArn",
    "executions",
    "stateMachineArn",
    "stateMachines",
    "mapRunArn",
    "mapRuns",
    "format",
    "results",
    "nextToken",
    "cause",
];

pub(super) fn read(text: &str) -> Option<Translation> {
    text.lines().take(HEAD).any(is_known).then(|| translate(text))
}

fn is_known(line: &str) -> bool {
    let line = line.trim_start_matches(['-', ' ']);
    line.split_once(':').is_some_and(|(name, rest)| KNOWN.contains(&name) && (rest.is_empty() || rest.starts_with(' ')))
}

/// What is open.
enum Open {
    List,
    /// A mapping, and whether a name comes next.
    Mapping(bool),
}

fn translate(text: &str) -> Translation {
    let mut writer = Writer { draft: Draft::default(), open: Vec::new(), skipped: 0 };
    let mut origins = Origins { text, character: 0, byte: 0 };
    let mut parser = Parser::new_from_str(text);
    loop {
        match parser.next_event() {
            None => return writer.draft.finish(None),
            Some(Ok((Event::StreamEnd, _))) => return writer.draft.finish(None),
            Some(Ok((event, span))) => {
                let at = origins.byte(span.start.index());
                if !writer.write(event, at) {
                    let reason = DamageReason::Json("it is nested too deeply".to_owned());
                    return writer.draft.finish(Some((at, reason)));
                }
            }
            Some(Err(error)) => {
                let at = origins.byte(error.marker().index());
                let rest = text.get(at..).unwrap_or_default();
                let reason = match rest.trim().is_empty() {
                    true => DamageReason::Truncated,
                    false => DamageReason::Json(format!("as YAML: {}", error.info())),
                };
                let at = if reason == DamageReason::Truncated { text.len() } else { at };
                return writer.draft.finish(Some((at, reason)));
            }
        }
    }
}

struct Writer {
    draft: Draft,
    open: Vec<Open>,
    /// How many containers are open that stand where a name should, and are left out.
    skipped: usize,
}

impl Writer {
    /// Writes what an event stands for. `false` when it is nested too deeply.
    fn write(&mut self, event: Event<'_>, at: usize) -> bool {
        match event {
            Event::DocumentStart(_) => self.draft.next_document(),
            Event::SequenceStart(..) => return self.begin('[', Open::List, at),
            Event::MappingStart(..) => return self.begin('{', Open::Mapping(true), at),
            Event::SequenceEnd | Event::MappingEnd if self.skipped > 0 => self.skipped -= 1,
            Event::SequenceEnd => self.end(']'),
            Event::MappingEnd => self.end('}'),
            Event::Scalar(..) | Event::Alias(_) if self.skipped > 0 => {}
            Event::Scalar(text, style, ..) => self.scalar(&text, style, at),
            Event::Alias(_) => self.scalar("null", ScalarStyle::Plain, at),
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {}
        }
        true
    }

    fn begin(&mut self, bracket: char, open: Open, at: usize) -> bool {
        if self.skipped > 0 || matches!(self.open.last(), Some(Open::Mapping(true))) {
            self.skipped += 1;
            if self.skipped == 1 {
                self.draft.name("?");
                self.turn();
            }
            return self.skipped < DEPTH;
        }
        self.draft.from(at);
        self.draft.open(bracket);
        self.open.push(open);
        self.open.len() < DEPTH
    }

    fn end(&mut self, bracket: char) {
        self.open.pop();
        self.draft.close(bracket);
        self.turn();
    }

    /// After a name comes a value, after a value a name.
    fn turn(&mut self) {
        if let Some(Open::Mapping(name)) = self.open.last_mut() {
            *name = !*name;
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, at: usize) {
        match self.open.last() {
            Some(Open::Mapping(true)) => self.draft.name(text),
            _ => {
                self.draft.from(at);
                match text {
                    _ if style != ScalarStyle::Plain => self.draft.string(text),
                    "true" | "false" => self.draft.raw(text),
                    "null" | "~" | "" => self.draft.raw("null"),
                    number if is_number(number) => self.draft.raw(number),
                    text => self.draft.string(text),
                }
            }
        }
        self.turn();
    }
}

/// Turns counts of characters, which grow, into places in bytes.
struct Origins<'a> {
    text: &'a str,
    character: usize,
    byte: usize,
}

impl Origins<'_> {
    fn byte(&mut self, character: usize) -> usize {
        let rest = self.text.get(self.byte..).unwrap_or_default();
        if let Some(ahead) = character.checked_sub(self.character) {
            self.byte += rest.char_indices().nth(ahead).map_or(rest.len(), |(at, _)| at);
            self.character = character;
        }
        self.byte
    }
}
