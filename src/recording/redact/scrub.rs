//! The walk over the text of a recording that cuts things out of it.

use super::place::At;
use super::{REDACTED, Rule};
use crate::json::scan::{Literal, Progress, Scanner, Surprise};
use std::ops::Range;

/// What is nested deeper than this is not looked into but taken out as a whole; payloads AWS takes are not so deep.
const DEPTH: usize = 256;

/// So many places of a text that is no JSON are tried as the beginning of some.
const TRIES: usize = 64;

/// Members that hold a payload, where an emulator may have written it as bare JSON instead of as text.
const PAYLOADS: [&str; 8] =
    ["input", "output", "parameters", "cause", "definition", "loggingConfiguration", "logs", "payload"];

/// Members whose text says what kind of thing something is, or when it happened; reading depends on them.
const KEPT: [&str; 13] = [
    "format",
    "type",
    "status",
    "redriveStatus",
    "timestamp",
    "at",
    "by",
    "startDate",
    "stopDate",
    "updateDate",
    "redriveDate",
    "level",
    "letter",
];

/// Cuts out what rules name, and counts.
pub(super) struct Scrubber<'r> {
    rules: &'r [Rule],
    counts: Vec<u64>,
}

/// The changes to one text, in the order of the text.
struct Cuts<'t> {
    text: &'t [u8],
    edits: Vec<(Range<usize>, String)>,
    /// The rules that found something, each as often as it did.
    found: Vec<usize>,
    depth: usize,
}

impl<'t> Cuts<'t> {
    fn of(text: &'t [u8], depth: usize) -> Self {
        Self { text, edits: Vec::new(), found: Vec::new(), depth }
    }

    fn cut(&mut self, range: Range<usize>, by: usize) {
        let before = self.text.get(range.clone()).unwrap_or_default();
        let with = format!("\"{REDACTED}\"");
        if before != with.as_bytes() {
            self.edits.push((range, with));
            self.found.push(by);
        }
    }

    fn range_of(&self, literal: Literal<'_>) -> Range<usize> {
        let start = (literal.inner.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        start.saturating_sub(1)..start + literal.inner.len() + 1
    }

    fn finish(self) -> Option<Vec<u8>> {
        if self.edits.is_empty() {
            return None;
        }
        let (mut made, mut from) = (Vec::with_capacity(self.text.len()), 0);
        for (range, with) in self.edits {
            made.extend_from_slice(self.text.get(from..range.start).unwrap_or_default());
            made.extend_from_slice(with.as_bytes());
            from = range.end;
        }
        made.extend_from_slice(self.text.get(from..).unwrap_or_default());
        Some(made)
    }
}

impl<'r> Scrubber<'r> {
    pub(super) fn new(rules: &'r [Rule]) -> Self {
        Self { rules, counts: vec![0; rules.len()] }
    }

    /// Returns how often each rule found something.
    pub(super) fn counts(&self) -> Vec<u64> {
        self.counts.clone()
    }

    /// Scrubs the text of a recording; `None` when nothing is to be changed.
    pub(super) fn document(&mut self, text: &[u8]) -> Option<Vec<u8>> {
        let mut cuts = Cuts::of(text, 0);
        // A recording is written by us; were it no JSON, it would not be read again either.
        let _ = self.envelope(&mut Scanner::new(text), &mut cuts, "", 0);
        self.count(&cuts.found);
        cuts.finish()
    }

    /// Scrubs a text: JSON, or anything else, in which there may be some.
    pub(super) fn text(&mut self, text: &str) -> Option<String> {
        let (made, found) = self.scrubbed(text, 0)?;
        self.count(&found);
        Some(made)
    }

    fn count(&mut self, found: &[usize]) {
        for rule in found {
            if let Some(count) = self.counts.get_mut(*rule) {
                *count += 1;
            }
        }
    }

    /// What AWS says around payloads: there, only patterns apply, and payloads are looked for.
    fn envelope(
        &self,
        scanner: &mut Scanner<'_>,
        cuts: &mut Cuts<'_>,
        name: &str,
        depth: usize,
    ) -> Result<(), Surprise> {
        let mut progress = Progress::Opened;
        match scanner.peek() {
            Some(b'{' | b'[') if depth > DEPTH => self.whole(scanner, cuts),
            Some(b'{') if name == "assignedVariables" => self.variables(scanner, cuts),
            Some(b'{' | b'[') if PAYLOADS.contains(&name) => self.payload(scanner, cuts, &mut Vec::new()),
            Some(b'{') => {
                scanner.expect(b'{')?;
                while let Some(name) = scanner.next_member(&mut progress)? {
                    self.envelope(scanner, cuts, &name.decode(), depth + 1)?;
                }
                Ok(())
            }
            Some(b'[') => {
                scanner.expect(b'[')?;
                while scanner.next_element(&mut progress)? {
                    self.envelope(scanner, cuts, name, depth + 1)?;
                }
                Ok(())
            }
            Some(b'"') if !KEPT.contains(&name) => self.string(scanner, cuts),
            _ => scanner.value().map(drop),
        }
    }

    /// Variables have the text of a payload each.
    fn variables(&self, scanner: &mut Scanner<'_>, cuts: &mut Cuts<'_>) -> Result<(), Surprise> {
        let mut progress = Progress::Opened;
        scanner.expect(b'{')?;
        while let Some(name) = scanner.next_member(&mut progress)? {
            match self.rule_for(&name.decode(), &[]) {
                Some(rule) if scanner.peek() == Some(b'"') => {
                    let literal = scanner.string()?;
                    cuts.edits.push((cuts.range_of(literal), format!("\"\\\"{REDACTED}\\\"\"")));
                    cuts.found.push(rule);
                }
                _ => self.string_or_payload(scanner, cuts)?,
            }
        }
        Ok(())
    }

    fn string_or_payload(&self, scanner: &mut Scanner<'_>, cuts: &mut Cuts<'_>) -> Result<(), Surprise> {
        match scanner.peek() {
            Some(b'"') => self.string(scanner, cuts),
            _ => self.payload(scanner, cuts, &mut Vec::new()),
        }
    }

    fn payload(&self, scanner: &mut Scanner<'_>, cuts: &mut Cuts<'_>, way: &mut Vec<At>) -> Result<(), Surprise> {
        if let Some(rule) = self.rule_for("", way).or_else(|| (way.len() > DEPTH).then_some(0)) {
            return Self::take(scanner, cuts, rule);
        }
        let mut progress = Progress::Opened;
        match scanner.peek() {
            Some(b'{') => {
                scanner.expect(b'{')?;
                while let Some(name) = scanner.next_member(&mut progress)? {
                    let decoded = name.decode().into_owned();
                    self.name(&decoded, name, cuts);
                    way.push(At::Member(decoded));
                    self.payload(scanner, cuts, way)?;
                    way.pop();
                }
                Ok(())
            }
            Some(b'[') => {
                scanner.expect(b'[')?;
                let mut index = 0;
                while scanner.next_element(&mut progress)? {
                    way.push(At::Element(index));
                    self.payload(scanner, cuts, way)?;
                    way.pop();
                    index += 1;
                }
                Ok(())
            }
            Some(b'"') => self.string(scanner, cuts),
            _ => self.scalar(scanner, cuts),
        }
    }

    /// Returns the rule that takes out the value of a variable of that name, or the value at the end of that way.
    fn rule_for(&self, variable: &str, way: &[At]) -> Option<usize> {
        let name = match way.last() {
            Some(At::Member(name)) => name,
            _ => variable,
        };
        self.rules.iter().position(|rule| match rule {
            Rule::Place(place) => variable.is_empty() && place.is(way),
            Rule::Name(wanted) => !name.is_empty() && wanted.is(name),
            Rule::Pattern(_) => false,
        })
    }

    fn take(scanner: &mut Scanner<'_>, cuts: &mut Cuts<'_>, rule: usize) -> Result<(), Surprise> {
        scanner.peek();
        let start = scanner.at();
        scanner.value()?;
        cuts.cut(start..scanner.at(), rule);
        Ok(())
    }

    fn whole(&self, scanner: &mut Scanner<'_>, cuts: &mut Cuts<'_>) -> Result<(), Surprise> {
        Self::take(scanner, cuts, 0)
    }

    /// The name of a member may match a pattern as any text.
    fn name(&self, decoded: &str, literal: Literal<'_>, cuts: &mut Cuts<'_>) {
        if let Some((name, found)) = self.by_patterns(decoded) {
            cuts.edits.push((cuts.range_of(literal), quoted(&name)));
            cuts.found.extend(found);
        }
    }

    fn string(&self, scanner: &mut Scanner<'_>, cuts: &mut Cuts<'_>) -> Result<(), Surprise> {
        let literal = scanner.string()?;
        if let Some((text, found)) = self.scrubbed(&literal.decode(), cuts.depth + 1) {
            cuts.edits.push((cuts.range_of(literal), quoted(&text)));
            cuts.found.extend(found);
        }
        Ok(())
    }

    fn scalar(&self, scanner: &mut Scanner<'_>, cuts: &mut Cuts<'_>) -> Result<(), Surprise> {
        scanner.peek();
        let start = scanner.at();
        let text = String::from_utf8_lossy(scanner.value()?);
        if let Some((_, found)) = self.by_patterns(&text)
            && let Some(rule) = found.first()
        {
            cuts.cut(start..scanner.at(), *rule);
        }
        Ok(())
    }

    fn scrubbed(&self, text: &str, depth: usize) -> Option<(String, Vec<usize>)> {
        if text == REDACTED {
            return None;
        }
        if depth > DEPTH {
            return Some((REDACTED.to_owned(), vec![0]));
        }
        let mut scanner = Scanner::new(text.as_bytes());
        let json = matches!(scanner.peek(), Some(b'{' | b'[' | b'"'));
        let mut cuts = Cuts::of(text.as_bytes(), depth);
        if json && self.payload(&mut scanner, &mut cuts, &mut Vec::new()).is_ok() && scanner.peek().is_none() {
            let found = std::mem::take(&mut cuts.found);
            return cuts.finish().map(|made| (String::from_utf8_lossy(&made).into_owned(), found));
        }
        self.prose(text, depth)
    }

    /// Text that is no JSON: JSON in the middle of it is looked through, and what is left of JSON that was cut off
    /// goes as soon as it has a name that is looked for.
    fn prose(&self, text: &str, depth: usize) -> Option<(String, Vec<usize>)> {
        let mut cuts = Cuts::of(text.as_bytes(), depth);
        let mut at = 0;
        for _ in 0..TRIES {
            let Some(start) = text.get(at..).and_then(|rest| rest.find(['{', '['])).map(|found| at + found) else {
                break;
            };
            let mut scanner = Scanner::starting_at(text.as_bytes(), start);
            let mut part = Cuts::of(text.as_bytes(), depth);
            at = start + 1;
            if self.payload(&mut scanner, &mut part, &mut vec![At::Element(0)]).is_ok() {
                cuts.edits.extend(part.edits);
                cuts.found.extend(part.found);
                at = scanner.at();
            }
        }
        let mut found = std::mem::take(&mut cuts.found);
        let made = cuts.finish().map(|made| String::from_utf8_lossy(&made).into_owned());
        let text = made.as_deref().unwrap_or(text);
        if let Some((rule, start)) = self.left_over(text) {
            found.push(rule);
            let kept = text.get(..start).unwrap_or_default();
            return Some((
                format!("{}{REDACTED}", self.by_patterns(kept).map_or(kept.to_owned(), |(kept, _)| kept)),
                found,
            ));
        }
        match self.by_patterns(text) {
            Some((text, more)) => {
                found.extend(more);
                Some((text, found))
            }
            None => made.map(|made| (made, found)),
        }
    }

    /// Returns the first name that is looked for and whose value was not, because the JSON around it is broken.
    fn left_over(&self, text: &str) -> Option<(usize, usize)> {
        let mut quotes = text.match_indices('"').map(|(at, _)| at);
        let mut open = quotes.next()?;
        for close in quotes {
            let name = text.get(open + 1..close).unwrap_or_default();
            let after = text.get(close + 1..).unwrap_or_default();
            let value = after.trim_start().strip_prefix(':').map(str::trim_start);
            if let Some(value) = value
                && !value.starts_with(&*format!("\"{REDACTED}\""))
                && let Some(rule) = self.rule_for(name, &[])
            {
                return Some((rule, text.len() - value.len()));
            }
            open = close;
        }
        None
    }

    fn by_patterns(&self, text: &str) -> Option<(String, Vec<usize>)> {
        let (mut made, mut found) = (None::<String>, Vec::new());
        for (index, rule) in self.rules.iter().enumerate() {
            let Rule::Pattern(regex) = rule else { continue };
            let before = made.as_deref().unwrap_or(text);
            let count = regex.find_iter(before).count();
            if count > 0 {
                made = Some(regex.replace_all(before, regex::NoExpand(REDACTED)).into_owned());
                found.extend(std::iter::repeat_n(index, count));
            }
        }
        made.map(|made| (made, found))
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
