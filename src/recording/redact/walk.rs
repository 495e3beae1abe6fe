//! The walk over one text: JSON, JSON that ends early, JSON in prose, what looks like JSON, and prose.
//!
//! It goes from token to token and never back, and knows which names it stands below. Strings are looked into as texts
//! of their own; what is written in the text's own escapes, outside of strings, is for [`Scrubber`] to decode.

use super::edit::Edits;
use super::extent::{self, After, Extent, byte};
use super::is_stand_in;
use super::place::At;
use super::scrub::{DEPTH, Scrubber};
use std::ops::Range;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) edits: Edits,
    /// Whether there is a backslash, percent sign or ampersand outside of strings.
    pub(super) coded: bool,
}

/// A walk over one text.
pub(super) struct Walk<'s, 'r, 't> {
    scrubber: &'s Scrubber<'r>,
    text: &'t str,
    /// Whether the text is one JSON value.
    json: bool,
    depth: usize,
    at: usize,
    edits: Edits,
    frames: Vec<Frame>,
    /// How many of the frames are brackets.
    brackets: usize,
    way: Vec<At>,
    /// Where on the way a payload begins: paths are followed from each.
    bases: Vec<usize>,
    tag: Option<Tag>,
    /// Where the line began, as long as nothing but its indentation was seen.
    fresh: Option<usize>,
    matches: Vec<Match>,
    /// The matches before this one are behind the walk.
    passed: usize,
    coded: bool,
}

/// Something that has begun and not ended.
struct Frame {
    shape: Shape,
    /// How long the way was.
    way: usize,
    index: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Object,
    Array,
    /// A name of YAML, so far in.
    Line(usize),
    /// A list of YAML, so far in.
    Item(usize),
}

/// A `Key` that is looked for: the `Value` beside it goes.
struct Tag {
    level: usize,
    rule: usize,
}

/// Where a pattern matches the text as it is written.
struct Match {
    range: Range<usize>,
    rule: usize,
    /// Whether tokens were taken out for it, or a string is looked into that has it.
    seen: bool,
}

/// A name that was found, with its value.
struct Named<'n> {
    name: &'n str,
    /// The bytes of the name, with its quotes.
    range: Range<usize>,
    value: usize,
    after: After,
    bare: bool,
}

impl<'s, 'r, 't> Walk<'s, 'r, 't> {
    pub(super) fn over(scrubber: &'s Scrubber<'r>, text: &'t str, json: bool, depth: usize) -> Self {
        let matches = scrubber.matches(text).map(|(range, rule)| Match { range, rule, seen: false }).collect();
        Self {
            scrubber,
            text,
            json,
            depth,
            at: 0,
            edits: Edits::default(),
            frames: Vec::new(),
            brackets: 0,
            way: Vec::new(),
            bases: vec![0],
            tag: None,
            fresh: Some(0),
            matches,
            passed: 0,
            coded: false,
        }
    }

    /// Begins somewhere: below these names, with payloads that begin at these places of the way.
    pub(super) fn below(self, way: Vec<At>, bases: Vec<usize>) -> Self {
        Self { way, bases, ..self }
    }

    pub(super) fn finish(mut self) -> Walked {
        while let Some(byte) = self.byte() {
            self.step(byte);
        }
        for found in std::mem::take(&mut self.matches) {
            if !found.seen && !self.json {
                let with = self.scrubber.stand_in(self.text.get(found.range.clone()).unwrap_or_default());
                self.edits.push(found.range, with, found.rule);
            }
        }
        Walked { edits: self.edits, coded: self.coded }
    }

    fn byte(&self) -> Option<u8> {
        byte(self.text, self.at)
    }

    fn step(&mut self, here: u8) {
        match here {
            b'\n' => {
                self.at += 1;
                self.fresh = Some(self.at);
                return;
            }
            b' ' | b'\t' | b'\r' => {
                self.at += 1;
                return;
            }
            b'-' if self.is_item() => return self.item(),
            b'{' => self.open(Shape::Object),
            b'[' => self.open(Shape::Array),
            b'}' => self.close(Shape::Object),
            b']' => self.close(Shape::Array),
            b',' => self.comma(),
            b'"' => self.quote(here),
            b'\'' if !self.json => self.quote(here),
            b'<' if !self.json => self.element(),
            b'\\' => {
                self.coded = true;
                self.at = extent::next(self.text, self.at + 1);
            }
            _ if extent::is_word(here) => self.word(),
            _ => {
                self.coded |= matches!(here, b'%' | b'&');
                self.at = extent::next(self.text, self.at);
            }
        }
        self.fresh = None;
    }

    fn open(&mut self, shape: Shape) {
        if self.way.len() > DEPTH && (self.json || self.scrubber.has_places()) {
            return self.take(self.at, After::Colon, 0, false);
        }
        self.frames.push(Frame { shape, way: self.way.len(), index: 0 });
        self.brackets += 1;
        self.at += 1;
        if shape == Shape::Array {
            self.element_begins(0);
        }
    }

    /// Goes to an element of an array, which a path may be about.
    fn element_begins(&mut self, index: usize) {
        self.way.push(At::Element(index));
        let value = extent::spaces(self.text, self.at);
        if byte(self.text, value) != Some(b']')
            && let Some(rule) = self.place()
        {
            self.take(value, After::Colon, rule, false);
        }
    }

    fn close(&mut self, shape: Shape) {
        let lines = |frame: &Frame| matches!(frame.shape, Shape::Line(_) | Shape::Item(_));
        let from = self.frames.iter().rposition(lines).map_or(0, |last| last + 1);
        let open = self.frames.iter().rposition(|frame| frame.shape == shape).filter(|found| *found >= from);
        if let Some(open) = open {
            let way = self.frames.get(open).map_or(0, |frame| frame.way);
            self.brackets -= self.frames.len() - open;
            self.leave(open, way);
        }
        self.at += 1;
    }

    fn leave(&mut self, frames: usize, way: usize) {
        self.frames.truncate(frames);
        self.way.truncate(way);
        if self.tag.as_ref().is_some_and(|tag| tag.level > frames) {
            self.tag = None;
        }
    }

    fn comma(&mut self) {
        self.at += 1;
        let Some(frame) = self.frames.last_mut() else { return };
        match frame.shape {
            Shape::Object => self.way.truncate(frame.way),
            Shape::Array => {
                frame.index += 1;
                let (way, index) = (frame.way, frame.index);
                self.way.truncate(way);
                self.element_begins(index);
            }
            Shape::Line(_) | Shape::Item(_) => {}
        }
    }

    /// A string, or the name of something.
    fn quote(&mut self, quote: u8) {
        let (text, start) = (self.text, self.at);
        if !self.json && self.is_stray(quote) {
            self.at += 1;
            return;
        }
        let string = extent::string(text, start, quote);
        if quote == b'\'' && !string.closed && self.brackets == 0 {
            self.at += 1;
            return;
        }
        let content = start + 1..string.end - usize::from(string.closed);
        let mut behind = string.end;
        if !self.json {
            while byte(text, behind) == Some(quote) {
                behind += 1;
            }
        }
        let gap = if self.brackets > 0 || self.json { extent::spaces } else { extent::blanks };
        let Some((value, after)) = extent::separator(text, gap(text, behind)).filter(|_| string.closed) else {
            return self.string(start, string, content);
        };
        let raw = text.get(content.clone()).unwrap_or_default();
        let name = self.scrubber.decoded(raw).map(|decoded| decoded.text);
        let fresh = self.fresh;
        self.string(start, string, content);
        self.fresh = fresh;
        let name = name.as_deref().unwrap_or(raw);
        self.named(&Named { name, range: start..string.end, value, after, bare: false });
    }

    /// Tells whether a quote opens nothing: an apostrophe, or the end of something whose beginning is missing.
    fn is_stray(&self, quote: u8) -> bool {
        if quote == b'\'' {
            return !extent::opens(self.text, self.at);
        }
        let before = self.at.checked_sub(1).and_then(|before| byte(self.text, before));
        let behind = byte(self.text, self.at + 1);
        before.is_some_and(|before| before.is_ascii_alphanumeric())
            && behind.is_none_or(|behind| behind.is_ascii_whitespace() || b",:}]);".contains(&behind))
            && !extent::is_prefixed(self.text, self.at)
    }

    /// Looks into a string.
    fn string(&mut self, start: usize, string: Extent, content: Range<usize>) {
        self.at = string.end;
        let crossed = self.crossing(start..string.end, &content);
        if let Some(rule) = crossed {
            let with = self.scrubber.stand_in(self.text.get(content.clone()).unwrap_or_default());
            self.edits.push(content, with, rule);
            return;
        }
        let raw = self.text.get(content.clone()).unwrap_or_default();
        match self.scrubber.decoded(raw) {
            Some(decoded) => {
                let part = self.scrubber.found_in(&decoded.text, self.depth + 1);
                self.edits.extend_decoded(content.start, &decoded, part);
            }
            None => self.edits.extend_at(content.start, self.scrubber.found_in(raw, self.depth + 1)),
        }
    }

    /// Returns the rule of a pattern that matches across the ends of a string; the string goes as a whole.
    fn crossing(&mut self, token: Range<usize>, content: &Range<usize>) -> Option<usize> {
        let whole = self.json || self.brackets > 0;
        let mut rule = None;
        for found in self.touching(&token) {
            if found.range.start >= content.start && found.range.end <= content.end {
                found.seen = true;
            } else if whole {
                found.seen = true;
                rule = Some(found.rule);
            }
        }
        rule
    }

    /// A word: a name, a flag, or a value without quotes.
    fn word(&mut self) {
        let (text, start) = (self.text, self.at);
        let end = extent::word_end(text, start);
        let word = text.get(start..end).unwrap_or_default();
        if self.json {
            self.at = end;
            return self.bare(start..end);
        }
        let closing = usize::from(byte(text, end) == Some(b']'));
        let named = extent::separator(text, extent::blanks(text, end + closing))
            .filter(|(_, after)| closing == 0 || *after == After::Equals)
            .filter(|_| !word.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some((value, after)) = named {
            return self.named(&Named { name: word, range: start..end, value, after, bare: true });
        }
        self.at = end;
        let value = extent::blanks(text, end);
        if word.starts_with('-')
            && value > end
            && byte(text, value).is_some_and(|byte| byte != b'-')
            && let Some(rule) = self.scrubber.name_rule(word.trim_start_matches('-'))
        {
            return self.take(value, After::Equals, rule, false);
        }
        self.bare(start..end);
    }

    /// A value without quotes goes as a whole when a pattern matches anything of it.
    fn bare(&mut self, token: Range<usize>) {
        if !self.json && self.brackets == 0 {
            return;
        }
        let mut rule = None;
        for found in self.touching(&token) {
            found.seen = true;
            rule = Some(found.rule);
        }
        if let Some(rule) = rule {
            let with = format!("\"{}\"", self.scrubber.stand_in(self.text.get(token.clone()).unwrap_or_default()));
            self.edits.push(token, with, rule);
        }
    }

    /// `<name …>value</name>`
    fn element(&mut self) {
        let text = self.text;
        self.at += 1;
        let end = extent::word_end(text, self.at);
        let name = text.get(self.at..end).unwrap_or_default();
        let Some(rule) = self.scrubber.name_rule(name) else { return };
        let behind = text.get(end..).unwrap_or_default();
        let Some(tag_end) = behind.find('>').filter(|found| !behind.get(..*found).unwrap_or_default().ends_with('/'))
        else {
            return;
        };
        let value = end + tag_end + 1;
        let length = text.get(value..).unwrap_or_default().find("</").unwrap_or(text.len() - value);
        self.put(value, Extent { end: value + length, quote: None, closed: true }, rule, String::clone);
    }

    fn is_item(&self) -> bool {
        let marked = matches!(byte(self.text, self.at + 1), Some(b' ' | b'\n') | None);
        !self.json && self.brackets == 0 && self.fresh.is_some() && marked
    }

    /// `- ` at the beginning of a line.
    fn item(&mut self) {
        let indent = self.at - self.fresh.unwrap_or(self.at);
        let further = |frame: &Frame| match frame.shape {
            Shape::Line(by) | Shape::Item(by) => by > indent,
            _ => false,
        };
        self.leave_while(further);
        let index = match self.frames.last() {
            Some(Frame { shape: Shape::Item(by), index, way }) if *by == indent => {
                let (index, way, frames) = (*index + 1, *way, self.frames.len() - 1);
                self.leave(frames, way);
                index
            }
            _ => 0,
        };
        self.frames.push(Frame { shape: Shape::Item(indent), way: self.way.len(), index });
        self.way.push(At::Element(index));
        self.at += 1;
    }

    fn leave_while(&mut self, wanted: impl Fn(&Frame) -> bool) {
        while let Some(frame) = self.frames.last().filter(|frame| wanted(frame)) {
            let (frames, way) = (self.frames.len() - 1, frame.way);
            self.leave(frames, way);
        }
    }

    /// A name and its value: the value goes, or is what comes next.
    fn named(&mut self, named: &Named<'_>) {
        let line = self.fresh.filter(|_| self.brackets == 0 && !self.json && named.after == After::Colon);
        let indent = line.map(|line| named.range.start - line);
        match self.frames.last() {
            Some(frame) if self.brackets > 0 && frame.shape == Shape::Object => {
                let way = frame.way;
                self.way.truncate(way);
            }
            _ => {
                if let Some(indent) = indent {
                    self.leave_while(|frame| match frame.shape {
                        Shape::Line(by) | Shape::Item(by) => by >= indent,
                        _ => false,
                    });
                }
            }
        }
        let level = self.frames.len();
        self.way.push(At::Member(named.name.to_owned()));
        let after = match (indent, named.after) {
            (Some(indent), _) => After::Line(indent),
            (None, after) => after,
        };
        if let Some(rule) = self.wanted(named, level) {
            self.way.pop();
            let expression = named.name.ends_with(".$");
            return self.take(named.value, after, rule, expression);
        }
        self.remember_tag(named, level);
        let within = self.frames.last().is_some_and(|frame| frame.shape == Shape::Object);
        match indent {
            Some(indent) => {
                self.frames.push(Frame { shape: Shape::Line(indent), way: self.way.len() - 1, index: 0 });
            }
            None if !within => drop(self.way.pop()),
            None => {}
        }
        self.at = named.value;
    }

    /// Returns the rule that takes out the value of a name.
    fn wanted(&mut self, named: &Named<'_>, level: usize) -> Option<usize> {
        let by_name = self.scrubber.name_rule(named.name).or_else(|| {
            let bare = named.name.trim_matches(|c: char| !c.is_alphanumeric() && c != '*');
            let last = bare.rsplit(['.', '/', '@', '$']).next().unwrap_or(bare);
            let either = self.scrubber.name_rule(bare).or_else(|| self.scrubber.name_rule(last));
            either.filter(|_| named.bare)
        });
        let by_name = by_name.filter(|_| !self.is_state(named));
        by_name.or_else(|| self.place()).or_else(|| self.by_tag(named, level))
    }

    /// Returns the rule of a path that leads here.
    fn place(&self) -> Option<usize> {
        self.bases.iter().find_map(|base| self.scrubber.place_rule(self.way.get(*base..).unwrap_or_default()))
    }

    /// The names below `States` of a definition are names of states, and no members.
    fn is_state(&self, named: &Named<'_>) -> bool {
        let above = self.way.len().checked_sub(2).and_then(|above| self.way.get(above));
        if above != Some(&At::Member("States".to_owned())) {
            return false;
        }
        let value = extent::spaces(self.text, named.value);
        let end = match byte(self.text, value) {
            Some(b'{') => extent::inside(self.text, value, self.json).end,
            _ => return self.brackets == 0 && self.text.get(value..).is_some_and(|rest| rest.starts_with("Type:")),
        };
        self.text.get(value..end).is_some_and(|state| state.contains("\"Type\""))
    }

    /// `Key` and `Value` side by side: `Value` is what `Key` says.
    fn by_tag(&mut self, named: &Named<'_>, level: usize) -> Option<usize> {
        if !is_tag_value(named.name) {
            return None;
        }
        if let Some(tag) = self.tag.take_if(|tag| tag.level == level) {
            return Some(tag.rule);
        }
        let object = self.frames.last().is_some_and(|frame| frame.shape == Shape::Object);
        if !object || !self.scrubber.has_names() {
            return None;
        }
        let end = extent::inside(self.text, extent::spaces(self.text, named.value), self.json).end;
        self.tag_behind(end)
    }

    /// The key of a pair whose value comes first.
    fn tag_behind(&self, mut at: usize) -> Option<usize> {
        let text = self.text;
        for _ in 0..8 {
            at = extent::spaces(text, at);
            if byte(text, at)? != b',' {
                return None;
            }
            let start = extent::spaces(text, at + 1);
            let quote = byte(text, start).filter(|byte| matches!(byte, b'"' | b'\''))?;
            let string = extent::string(text, start, quote);
            let (value, _) = extent::separator(text, extent::spaces(text, string.end))?;
            let name = text.get(start + 1..string.end.checked_sub(1)?)?;
            if is_tag_name(name) {
                return self.key_rule(value, After::Colon);
            }
            at = extent::inside(text, extent::spaces(text, value), self.json).end;
        }
        None
    }

    fn remember_tag(&mut self, named: &Named<'_>, level: usize) {
        if self.scrubber.has_names() && is_tag_name(named.name) {
            self.tag = self.key_rule(named.value, named.after).map(|rule| Tag { level, rule });
        }
    }

    /// Returns the rule that looks for the name that is said there.
    fn key_rule(&self, value: usize, after: After) -> Option<usize> {
        let value = extent::spaces(self.text, value);
        let extent = self.extent(value, after);
        let raw = self.text.get(value..extent.end)?.trim_matches(['"', '\'', ' ']);
        let decoded = self.scrubber.decoded(raw).map(|decoded| decoded.text);
        self.scrubber.name_rule(decoded.as_deref().unwrap_or(raw))
    }

    fn extent(&self, value: usize, after: After) -> Extent {
        match self.brackets > 0 || self.json {
            true => extent::inside(self.text, value, self.json),
            false => extent::outside(self.text, value, after),
        }
    }

    /// Takes out a value.
    fn take(&mut self, value: usize, after: After, rule: usize, expression: bool) {
        let inside = self.brackets > 0 || self.json;
        let mut value = if inside { extent::spaces(self.text, value) } else { extent::blanks(self.text, value) };
        let mut extent = self.extent(value, after);
        if extent.end == value && !inside {
            value = extent::spaces(self.text, value);
            extent = self.extent(value, After::Colon);
            let line = self.text.get(value..extent.end).unwrap_or_default();
            if extent::separator(line, extent::word_end(line, 0)).is_some() {
                return self.at = value;
            }
        }
        let quoted = inside || extent.quote.is_some();
        self.put(value, extent, rule, |stand_in| {
            let said = if expression && quoted { format!("States.Format('{stand_in}')") } else { stand_in.clone() };
            match extent.quote {
                Some(quote) if extent.closed => format!("{quote}{said}{quote}"),
                Some(quote) => format!("{quote}{said}"),
                None if quoted => format!("\"{said}\""),
                None => said,
            }
        });
    }

    /// The matches that have a byte in common with a token, which stands behind all that were asked about before.
    fn touching(&mut self, token: &Range<usize>) -> impl Iterator<Item = &mut Match> {
        let (start, end) = (token.start, token.end);
        while self.matches.get(self.passed).is_some_and(|found| found.range.end <= start) {
            self.passed += 1;
        }
        let left = self.matches.get_mut(self.passed..).unwrap_or_default();
        left.iter_mut().take_while(move |found| found.range.start < end).filter(move |found| found.range.end > start)
    }

    fn put(&mut self, value: usize, extent: Extent, rule: usize, with: impl FnOnce(&String) -> String) {
        self.at = extent.end.max(value);
        for found in self.touching(&(value..extent.end)) {
            found.seen = found.range.start >= value && found.range.end <= extent.end;
        }
        let raw = self.text.get(value..extent.end).unwrap_or_default();
        let said = match extent.quote {
            Some(quote) => raw.trim_matches(quote),
            None => raw,
        };
        if extent.end <= value || is_stand_in(said) || is_stand_in(said.trim_matches('"')) || is_expression(said) {
            return;
        }
        let decoded = extent.quote.and_then(|_| self.scrubber.decoded(said)).map(|decoded| decoded.text);
        let stand_in = self.scrubber.stand_in(decoded.as_deref().unwrap_or(said));
        self.edits.push(value..extent.end, with(&stand_in), rule);
    }
}

/// Tells whether a text is what takes the place of an expression.
fn is_expression(text: &str) -> bool {
    text.strip_prefix("States.Format('").and_then(|text| text.strip_suffix("')")).is_some_and(is_stand_in)
}

/// `Key`, `Name`, `tagKey`, `HeaderName`
fn is_tag_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("key") || name.ends_with("name")
}

/// `Value`, `value.$`, `StringValue`, `Values`
fn is_tag_value(name: &str) -> bool {
    let name = name.strip_suffix(".$").unwrap_or(name).to_ascii_lowercase();
    name.ends_with("value") || name.ends_with("values")
}
