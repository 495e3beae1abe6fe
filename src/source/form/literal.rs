//! Values as Python and JavaScript print them: `print(response)`, `pprint`, a notebook's output, `console.log`.
//!
//! Quotes may be single, `True` and `None` are words, times are `datetime.datetime(…)` or stand bare.

use super::Translation;
use super::draft::{DEPTH, Draft, is_number};
use crate::recording::DamageReason;

const ZONE_UNKNOWN: &str = "The times were printed without their zone (tzlocal() is that of the machine that printed them) and are read as UTC.";
const LEFT_OUT: &str = "The print-out leaves out what is deeper inside ([Object]); print it with depth: null.";

/// Reads the values in a text, whatever stands around them on lines of their own.
pub(super) fn read(text: &str) -> Option<Translation> {
    let mut reader = Reader { text, at: 0, draft: Draft::default() };
    let (mut found, mut broken) = (false, None);
    while let Some(start) = begin(text, reader.at) {
        reader.at = start;
        reader.draft.next_document();
        match reader.value(0) {
            Ok(()) => found = true,
            Err(_) if !found && reader.draft.len() < 2 => return None,
            Err(stop) => {
                broken = Some(stop);
                break;
            }
        }
    }
    let broken = broken.map(|stop| match text.get(stop.at..).unwrap_or_default().trim_ascii().is_empty() {
        true => (text.len(), DamageReason::Truncated),
        false => (stop.at, DamageReason::Json(format!("unexpected {:?}", excerpt(text, stop.at)))),
    });
    (found || broken.is_some()).then(|| reader.draft.finish(broken))
}

fn excerpt(text: &str, at: usize) -> String {
    text.get(at..).unwrap_or_default().chars().take(12).collect()
}

/// Finds an object, or a list of objects, that begins a line or follows a short prompt, such as `Out[3]: `.
fn begin(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')) {
        let brace = at + found;
        let after = text.get(brace + 1..).unwrap_or_default().trim_start();
        let name: &str = after.trim_start_matches(['\'', '"']);
        let word = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let rest = name.get(word..).unwrap_or_default().trim_start_matches(['\'', '"']).trim_start();
        if word > 0 && rest.starts_with(':') {
            let before = text.get(from..brace).unwrap_or_default().trim_ascii_end();
            return Some(if before.ends_with('[') { from + before.len() - 1 } else { brace });
        }
        at = brace + 1;
    }
    None
}

/// A place where something else stands than can be read.
struct Stop {
    at: usize,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    draft: Draft,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn stop<T>(&self) -> Result<T, Stop> {
        Err(Stop { at: self.at })
    }

    /// Skips white space and returns what comes next.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<(), Stop> {
        let next = self.peek();
        if depth > DEPTH {
            return self.stop();
        }
        if depth <= 4 {
            self.draft.from(self.at);
        }
        match next {
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some('(') => self.parenthesis(depth),
            Some('\'' | '"' | '`') => {
                let text = self.strings()?;
                self.draft.string(&text);
                Ok(())
            }
            Some('<') => self.opaque(),
            Some(c) if c.is_alphanumeric() || matches!(c, '-' | '_') => self.word(depth),
            _ => self.stop(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), Stop> {
        self.take('{');
        self.draft.open('{');
        while !self.take('}') {
            let name = match self.peek() {
                Some('\'' | '"') => self.string()?,
                Some(c) if c.is_alphanumeric() || c == '_' => self.bare().to_owned(),
                _ => return self.stop(),
            };
            if !self.take(':') {
                return self.stop();
            }
            self.draft.name(&name);
            self.value(depth + 1)?;
            if !self.take(',') && self.peek() != Some('}') {
                return self.stop();
            }
        }
        self.draft.close('}');
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Result<(), Stop> {
        self.take('[');
        self.draft.open('[');
        self.elements(']', depth)?;
        self.draft.close(']');
        Ok(())
    }

    fn elements(&mut self, end: char, depth: usize) -> Result<(), Stop> {
        while !self.take(end) {
            if self.rest().starts_with("... ") {
                // Node prints `... 23 more items` for what it leaves out.
                self.at += self.rest().find([']', '\n']).unwrap_or(self.rest().len());
                self.draft.note(LEFT_OUT);
                continue;
            }
            self.value(depth + 1)?;
            if !self.take(',') && self.peek() != Some(end) {
                return self.stop();
            }
        }
        Ok(())
    }

    /// Reads a tuple, or text in several pieces around which `pprint` puts parentheses.
    fn parenthesis(&mut self, depth: usize) -> Result<(), Stop> {
        self.take('(');
        if matches!(self.peek(), Some('\'' | '"')) {
            let (before, first) = (self.at, self.strings()?);
            if self.take(')') {
                self.draft.string(&first);
                return Ok(());
            }
            self.at = before;
        }
        self.draft.open('[');
        self.elements(')', depth)?;
        self.draft.close(']');
        Ok(())
    }

    /// Reads strings one after the other, which are one.
    fn strings(&mut self) -> Result<String, Stop> {
        let mut text = self.string()?;
        loop {
            let before = self.at;
            if self.take('+') || matches!(self.peek(), Some('\'' | '"')) {
                self.peek();
                text.push_str(&self.string()?);
            } else {
                self.at = before;
                return Ok(text);
            }
        }
    }

    fn string(&mut self) -> Result<String, Stop> {
        let Some(quote) = self.rest().chars().next().filter(|c| matches!(c, '\'' | '"' | '`')) else {
            return self.stop();
        };
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find([quote, '\\']) else {
                self.at = self.text.len();
                return self.stop();
            };
            text.push_str(rest.get(..end).unwrap_or_default());
            self.at += end + 1;
            if rest.get(end..).is_some_and(|rest| rest.starts_with(quote)) {
                return Ok(text);
            }
            self.escape(&mut text)?;
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self, text: &mut String) -> Result<(), Stop> {
        let Some(c) = self.rest().chars().next() else { return self.stop() };
        self.at += c.len_utf8();
        let simple = match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'a' => '\u{7}',
            'v' => '\u{b}',
            '0' => '\0',
            '\n' => return Ok(()),
            'x' => return self.code(2, text),
            'U' => return self.code(8, text),
            'u' if self.rest().starts_with('{') => {
                self.at += 1;
                let digits = self.rest().bytes().take_while(u8::is_ascii_hexdigit).count();
                self.code(digits.min(6), text)?;
                self.at += usize::from(self.rest().starts_with('}'));
                return Ok(());
            }
            'u' => return self.unit(text),
            other @ ('\\' | '\'' | '"' | '`' | '/') => other,
            // Python leaves a backslash that escapes nothing.
            other => {
                text.push('\\');
                other
            }
        };
        text.push(simple);
        Ok(())
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<u32, Stop> {
        let Some(code) = self.rest().get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return self.stop();
        };
        self.at += digits;
        Ok(code)
    }

    fn code(&mut self, digits: usize, text: &mut String) -> Result<(), Stop> {
        let code = self.hexadecimal(digits)?;
        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    /// Reads a UTF-16 unit, with its other half if it is one of two.
    fn unit(&mut self, text: &mut String) -> Result<(), Stop> {
        let first = self.hexadecimal(4)?;
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            let second = self.hexadecimal(4)?;
            let both = 0x1_0000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff);
            text.push(char::from_u32(both).unwrap_or(char::REPLACEMENT_CHARACTER));
            return Ok(());
        }
        text.push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    /// Steps over `<botocore.response.StreamingBody object at 0x…>`.
    fn opaque(&mut self) -> Result<(), Stop> {
        let line = self.rest().lines().next().unwrap_or_default();
        let Some(end) = line.find('>') else { return self.stop() };
        self.at += end + 1;
        self.draft.raw("null");
        Ok(())
    }

    /// Reads a word with the dots, dashes and colons that numbers, names and times have.
    fn bare(&mut self) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    fn word(&mut self, depth: usize) -> Result<(), Stop> {
        let rest = self.rest();
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | ':');
        let word = rest.get(..rest.find(|c: char| !part(c)).unwrap_or(rest.len())).unwrap_or_default();
        let quoted = rest.get(word.len()..).is_some_and(|rest| rest.starts_with(['\'', '"']));
        if quoted && matches!(word, "b" | "u" | "r" | "f" | "rb" | "br") {
            self.at += word.len();
            let text = self.strings()?;
            self.draft.string(&text);
            return Ok(());
        }
        self.at += word.len();
        match word {
            "True" | "true" => self.draft.raw("true"),
            "False" | "false" => self.draft.raw("false"),
            "None" | "null" | "undefined" | "NaN" | "nan" => self.draft.raw("null"),
            "Object" | "Array" | "Date" | "Circular" if self.peek() == Some(']') => {
                self.draft.note(LEFT_OUT);
                self.draft.raw("null");
            }
            number if is_number(number) => self.draft.raw(number),
            // A long of Python 2, or a big one of JavaScript.
            number if is_number(number.trim_end_matches(['L', 'n'])) => {
                self.draft.raw(number.trim_end_matches(['L', 'n']));
            }
            time if time.starts_with(|c: char| c.is_ascii_digit()) && time.contains('T') => self.draft.string(time),
            name if self.rest().starts_with('(') => return self.call(name, depth),
            _ => {
                self.at -= word.len();
                return self.stop();
            }
        }
        Ok(())
    }

    /// Reads `datetime.datetime(…)`, or something like `Decimal('1.5')` that stands for what it is given.
    fn call(&mut self, name: &str, depth: usize) -> Result<(), Stop> {
        let inner = self.arguments()?;
        if name.ends_with("datetime") {
            let Some((time, zoned)) = datetime(inner) else { return self.stop() };
            if !zoned {
                self.draft.note(ZONE_UNKNOWN);
            }
            self.draft.string(&time);
            return Ok(());
        }
        let (begun, comma) = (self.draft.len(), self.draft.comma());
        let mut argument = Reader { text: inner, at: 0, draft: std::mem::take(&mut self.draft) };
        let read = argument.value(depth + 1);
        self.draft = argument.draft;
        if read.is_err() {
            self.draft.cut(begun, comma);
            self.draft.raw("null");
        }
        Ok(())
    }

    /// Steps over what stands in parentheses, with those inside.
    fn arguments(&mut self) -> Result<&'a str, Stop> {
        let (start, mut depth) = (self.at, 0_usize);
        loop {
            let rest = self.rest();
            let Some(found) = rest.find(['(', ')', '\'', '"']) else { return self.stop() };
            let at = self.at + found;
            match rest.as_bytes().get(found) {
                Some(b'(') => depth += 1,
                Some(b')') => depth -= 1,
                _ => {
                    self.at = at;
                    self.string()?;
                    continue;
                }
            }
            self.at = at + 1;
            if depth == 0 {
                return Ok(self.text.get(start + 1..at).unwrap_or_default());
            }
        }
    }
}

/// Makes ISO 8601 of the arguments of a `datetime`, and tells whether they name a zone that is known.
fn datetime(arguments: &str) -> Option<(String, bool)> {
    let mut numbers = [0_u32, 1, 1, 0, 0, 0, 0];
    let mut rest = arguments;
    for place in &mut numbers {
        let (first, after) = rest.split_once(',').unwrap_or((rest, ""));
        let Ok(number) = first.trim().parse() else { break };
        *place = number;
        rest = after;
    }
    let [year, month, day, hour, minute, second, micros] = numbers;
    let offset = offset(rest);
    let seconds = offset.unwrap_or(0);
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let time = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}");
    (year > 0).then(|| (format!("{time}{sign}{hours:02}:{minutes:02}"), offset.is_some()))
}

/// Returns the seconds east of Greenwich that a `tzinfo` says; `None` when it does not say them.
fn offset(zone: &str) -> Option<i64> {
    let zone = zone.trim().trim_start_matches("tzinfo=");
    if let Some((_, delta)) = zone.split_once("timedelta(") {
        let argument = |name: &str| -> i64 {
            let value = delta.split_once(name).map(|(_, value)| value);
            let digits = value.map(|value| value.split([',', ')']).next().unwrap_or_default().trim().parse().ok());
            digits.flatten().unwrap_or(0)
        };
        let bare = delta.split(')').next().unwrap_or_default();
        // Positional arguments are days and seconds.
        let positional: Vec<i64> = bare.split(',').map_while(|part| part.trim().parse().ok()).collect();
        let given = |place: usize| positional.get(place).copied().unwrap_or(0);
        return Some(
            (argument("days=") + given(0)) * 86_400 + argument("seconds=") + given(1) + argument("hours=") * 3_600,
        );
    }
    if let Some((_, arguments)) = zone.split_once("tzoffset(") {
        let last = arguments.trim_end_matches([')', ' ', ',']).rsplit(',').next()?;
        return last.trim().parse().ok();
    }
    let utc = ["tzutc", "timezone.utc", "<UTC>", "'UTC'", "utc)", "Etc/UTC"].iter().any(|name| zone.contains(name));
    utc.then_some(0)
}
