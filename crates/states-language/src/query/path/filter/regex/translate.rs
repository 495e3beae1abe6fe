//! Writes a regular expression of Java's so that the crate `regex` means the same.
//!
//! Java's classes, its word characters and its letters without case are those of ASCII, a dot matches no line
//! terminator, brackets nest, `\Q…\E` quotes.

use std::iter::Peekable;
use std::str::Chars;

/// Returns the expression in the other syntax, or why there is none.
pub(super) fn translate(pattern: &str, ignore_case: bool) -> Result<String, String> {
    let mut reader = Reader {
        rest: pattern.chars().peekable(),
        text: String::new(),
        ignore_case,
        groups: Vec::new(),
        repeatable: false,
    };
    while let Some(character) = reader.rest.next() {
        reader.part(character)?;
    }
    if reader.groups.is_empty() { Ok(reader.text) } else { Err("unclosed group".to_owned()) }
}

const LINE_ENDS: &str = r"\n\r\x{85}\x{2028}\x{2029}";
const BLANKS: &str = r" \t\n\x0b\f\r";

struct Reader<'p> {
    rest: Peekable<Chars<'p>>,
    text: String,
    ignore_case: bool,
    /// For each open group, whether case counted before it.
    groups: Vec<bool>,
    /// Whether a quantifier may follow.
    repeatable: bool,
}

impl Reader<'_> {
    fn part(&mut self, character: char) -> Result<(), String> {
        let before = std::mem::replace(&mut self.repeatable, true);
        match character {
            '\\' => self.escape()?,
            '[' => {
                let class = self.class()?;
                self.text.push_str(&class);
            }
            '.' => self.text.push_str(&format!("[^{LINE_ENDS}]")),
            '(' => self.open()?,
            ')' => {
                self.ignore_case = self.groups.pop().ok_or("unmatched ')'")?;
                self.text.push(')');
            }
            '^' | '$' | '|' => {
                self.repeatable = false;
                self.text.push_str(if character == '^' {
                    r"\A"
                } else if character == '$' {
                    r"\z"
                } else {
                    "|"
                });
            }
            '*' | '+' | '?' if before => self.quantifier(&character.to_string())?,
            '*' | '+' | '?' => return Err(format!("dangling '{character}'")),
            '{' => self.repetition(before)?,
            literal => self.literal(literal),
        }
        Ok(())
    }

    fn literal(&mut self, character: char) {
        let mut class = String::from("[");
        self.add(&mut class, character, character);
        self.text.push_str(&class);
        self.text.push(']');
    }

    /// Adds a range to a class, and the same letters in the other case where case does not count.
    fn add(&self, class: &mut String, from: char, to: char) {
        let range = |from: u32, to: u32| format!(r"\x{{{from:x}}}-\x{{{to:x}}}");
        class.push_str(&range(from.into(), to.into()));
        for (first, last, other) in [('a', 'z', 'A'), ('A', 'Z', 'a')] {
            let (start, end) = (from.max(first), to.min(last));
            if self.ignore_case && start <= end {
                let moved = |letter: char| u32::from(letter) - u32::from(first) + u32::from(other);
                class.push_str(&range(moved(start), moved(end)));
            }
        }
    }

    /// Reads what follows an opening parenthesis. Groups keep nothing, because nothing refers to them.
    fn open(&mut self) -> Result<(), String> {
        self.groups.push(self.ignore_case);
        self.repeatable = false;
        self.text.push_str("(?:");
        if self.rest.next_if_eq(&'?').is_none() {
            return Ok(());
        }
        let mut on = true;
        loop {
            match self.rest.next() {
                Some(':') => return Ok(()),
                Some('-') => on = false,
                Some('i') => self.ignore_case = on,
                // Flags alone hold up to the end of the group around them.
                Some(')') => {
                    self.groups.pop();
                    self.text.push(')');
                    return Ok(());
                }
                _ => return Err("look-around, named groups and flags other than i are not supported".to_owned()),
            }
        }
    }

    fn quantifier(&mut self, written: &str) -> Result<(), String> {
        self.repeatable = false;
        self.text.push_str(written);
        if self.rest.next_if_eq(&'?').is_some() {
            self.text.push('?');
        }
        match self.rest.peek() {
            Some('+') => Err("possessive quantifiers are not supported".to_owned()),
            _ => Ok(()),
        }
    }

    /// `{2}`, `{2,}`, `{2,3}`; where nothing stands before it, nothing is repeated.
    fn repetition(&mut self, before: bool) -> Result<(), String> {
        let mut bounds = String::new();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(next @ ('0'..='9' | ',')) => bounds.push(next),
                _ => return Err("illegal repetition".to_owned()),
            }
        }
        if !bounds.starts_with(|first: char| first.is_ascii_digit()) {
            return Err("illegal repetition".to_owned());
        }
        if !before {
            self.text.push_str("(?:)");
        }
        self.quantifier(&format!("{{{bounds}}}"))
    }

    fn escape(&mut self) -> Result<(), String> {
        let character = self.rest.next().ok_or("a backslash at the end")?;
        match character {
            'b' | 'B' | 'A' | 'z' => self.text.extend(['\\', character]),
            'Z' => self.text.push_str(r"\z"),
            'R' => self.text.push_str(r"(?:\r\n|[\n\x0b\f\r\x{85}\x{2028}\x{2029}])"),
            'Q' => {
                while let Some(next) = self.rest.next() {
                    if next == '\\' && self.rest.next_if_eq(&'E').is_some() {
                        break;
                    }
                    self.literal(next);
                }
            }
            _ => {
                let class = self.escaped_class(character)?;
                match class {
                    Some(class) => self.text.push_str(&format!("[{class}]")),
                    None => {
                        let literal = self.escaped_character(character)?;
                        self.literal(literal);
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns what a predefined class stands for inside brackets.
    fn escaped_class(&mut self, character: char) -> Result<Option<String>, String> {
        let (members, negated) = match character {
            'd' | 'D' => ("0-9".to_owned(), character == 'D'),
            'w' | 'W' => ("A-Za-z0-9_".to_owned(), character == 'W'),
            's' | 'S' => (BLANKS.to_owned(), character == 'S'),
            'h' | 'H' => {
                (r" \t\xa0\x{1680}\x{180e}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}".to_owned(), character == 'H')
            }
            'v' | 'V' => (r"\n\x0b\f\r\x{85}\x{2028}\x{2029}".to_owned(), character == 'V'),
            'p' | 'P' => (self.property()?, character == 'P'),
            _ => return Ok(None),
        };
        Ok(Some(if negated { format!("[^{members}]") } else { members }))
    }

    fn property(&mut self) -> Result<String, String> {
        let name: String = match self.rest.next() {
            Some('{') => self.rest.by_ref().take_while(|next| *next != '}').collect(),
            letter => letter.into_iter().collect(),
        };
        let members = match name.as_str() {
            "Lower" if self.ignore_case => "A-Za-z",
            "Upper" if self.ignore_case => "A-Za-z",
            "Lower" => "a-z",
            "Upper" => "A-Z",
            "Alpha" => "A-Za-z",
            "Digit" => "0-9",
            "Alnum" => "A-Za-z0-9",
            "Punct" => r"!-/:-@\[-`\{-\x7e",
            "Graph" => r"!-\x7e",
            "Print" => r" -\x7e",
            "Blank" => r" \t",
            "Cntrl" => r"\x00-\x1f\x7f",
            "XDigit" => "0-9A-Fa-f",
            "Space" => BLANKS,
            "ASCII" => r"\x00-\x7f",
            _ => return Err(format!("the class \\p{{{name}}} is not supported")),
        };
        Ok(members.to_owned())
    }

    fn escaped_character(&mut self, character: char) -> Result<char, String> {
        let code = match character {
            't' => 9,
            'n' => 10,
            'r' => 13,
            'f' => 12,
            'a' => 7,
            'e' => 27,
            '0' => self.digits(8, 3)?,
            'x' => self.digits(16, 2)?,
            'u' => self.digits(16, 4)?,
            'c' => self.rest.next().map(|next| u32::from(next) ^ 64).ok_or("illegal control character")?,
            other if other.is_ascii_alphanumeric() => return Err(format!("'\\{other}' is not supported")),
            other => return Ok(other),
        };
        char::from_u32(code).ok_or_else(|| "half a surrogate".to_owned())
    }

    fn digits(&mut self, radix: u32, most: u32) -> Result<u32, String> {
        let (mut code, mut count) = (0, 0);
        while let Some(digit) = self.rest.peek().and_then(|next| next.to_digit(radix)).filter(|_| count < most) {
            self.rest.next();
            (code, count) = (code * radix + digit, count + 1);
        }
        let enough = if radix == 8 { count > 0 } else { count == most };
        if enough { Ok(code) } else { Err("illegal escape sequence".to_owned()) }
    }

    /// Reads a class behind its opening bracket.
    fn class(&mut self) -> Result<String, String> {
        let mut class = String::from(if self.rest.next_if_eq(&'^').is_some() { "[^" } else { "[" });
        let mut first = true;
        loop {
            let next = self.rest.next().ok_or("unclosed class")?;
            match next {
                ']' if !first => break,
                '[' => class.push_str(&self.class()?),
                '\\' => {
                    let escaped = self.rest.next().ok_or("unclosed class")?;
                    match self.escaped_class(escaped)? {
                        Some(members) => class.push_str(&members),
                        None => {
                            let from = self.escaped_character(escaped)?;
                            self.range(&mut class, from)?;
                        }
                    }
                }
                from => self.range(&mut class, from)?,
            }
            first = false;
        }
        class.push(']');
        Ok(class)
    }

    /// Adds a character, or the range that it starts.
    fn range(&mut self, class: &mut String, from: char) -> Result<(), String> {
        let mut ahead = self.rest.clone();
        let dash = ahead.next() == Some('-');
        let to = match ahead.next() {
            Some(']' | '[') | None => from,
            _ if !dash => from,
            Some(next) => {
                self.rest.nth(1);
                if next == '\\' {
                    let escaped = self.rest.next().ok_or("unclosed class")?;
                    self.escaped_character(escaped)?
                } else {
                    next
                }
            }
        };
        if to < from {
            return Err("illegal character range".to_owned());
        }
        self.add(class, from, to);
        Ok(())
    }
}
