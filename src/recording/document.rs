//! A JSON value taken from the text of a file, with the events in it indexed on the way.

use super::index::{Index, end_by_parser};
use super::{Damage, Events};
use crate::event::EventId;
use crate::json::scan::{Progress, Scanner, Surprise};
use crate::json::{MOST_MEMBERS, Member, Members, SharedBytes};

/// One value of a text, as far as it could be read.
#[derive(Debug, Clone)]
pub struct Document {
    /// What it is.
    pub content: Content,
    /// What could not be read.
    pub damage: Vec<Damage>,
}

/// What a document is.
#[derive(Debug, Clone)]
pub enum Content {
    /// An object.
    Object {
        /// Its members but for the events.
        members: Members,
        /// The member `events`, when it is an array of events.
        events: Option<Events>,
    },
    /// An array of events.
    Events(Events),
    /// Any other array: its text.
    Array(SharedBytes),
    /// A value of another type, or no JSON at all.
    Other,
}

/// Documents one after the other, as in pages that were concatenated or in lines of a log.
#[derive(Debug)]
pub struct Documents<'a> {
    text: &'a SharedBytes,
    base: u64,
    at: usize,
}

impl<'a> Documents<'a> {
    /// The documents of a text that starts at byte `base` of its file.
    pub fn of(text: &'a SharedBytes, base: u64) -> Self {
        Self { text, base, at: 0 }
    }

    /// Returns where the next document is looked for.
    pub fn at(&self) -> usize {
        self.at
    }
}

impl Iterator for Documents<'_> {
    type Item = Document;

    /// Ends with the first damage that hides where the next document would begin.
    fn next(&mut self) -> Option<Document> {
        let mut scanner = Scanner::starting_at(self.text, self.at);
        let first = scanner.peek()?;
        let mut reader = Reader { text: self.text, base: self.base, scanner, damage: Vec::new() };
        let content = match first {
            b'{' => reader.object(),
            b'[' => reader.array(),
            _ => reader.other(),
        };
        self.at = match content {
            Ok(_) => reader.scanner.at(),
            Err(_) => self.text.len(),
        };
        let content = content.unwrap_or_else(|partial| partial);
        Some(Document { content, damage: reader.damage })
    }
}

/// The reading of one document. What is broken off is an error that carries what precedes the break.
struct Reader<'a> {
    text: &'a SharedBytes,
    base: u64,
    scanner: Scanner<'a>,
    damage: Vec<Damage>,
}

impl<'a> Reader<'a> {
    fn object(&mut self) -> Result<Content, Content> {
        let (mut members, mut events) = (Vec::new(), None);
        let done = self.members(&mut members, &mut events);
        let members = members.into_iter().collect();
        let after = events.as_ref().and_then(Index::last_id);
        let content = Content::Object { members, events: events.map(Events::from) };
        self.finish(done, after, content)
    }

    fn members(&mut self, members: &mut Vec<Member>, events: &mut Option<Index>) -> Result<(), Option<Surprise>> {
        let mut progress = Progress::Opened;
        self.scanner.expect(b'{')?;
        while let Some(name) = self.scanner.next_member(&mut progress)? {
            if name.inner == b"events" && events.is_none() && self.scanner.peek() == Some(b'[') {
                let (index, whole) = self.events();
                if let Some(index) = index {
                    *events = Some(index);
                    whole.then_some(()).ok_or(None)?;
                    continue;
                }
            }
            let value = self.value()?;
            if members.len() < MOST_MEMBERS {
                members.extend(Member::new(name, value, self.text));
            }
        }
        Ok(())
    }

    fn array(&mut self) -> Result<Content, Content> {
        let start = self.scanner.at();
        match self.events() {
            (Some(index), true) => Ok(Content::Events(index.into())),
            (Some(index), false) => Err(Content::Events(index.into())),
            (None, _) => {
                let done = self.value().map(|_| ());
                let end = if done.is_ok() { self.scanner.at() } else { self.text.len() };
                let array = self.text.slice(start..end).map_or(Content::Other, Content::Array);
                self.finish(done.map_err(Some), None, array)
            }
        }
    }

    fn other(&mut self) -> Result<Content, Content> {
        let done = self.value().map(|_| ());
        self.finish(done.map_err(Some), None, Content::Other)
    }

    /// Indexes an array of events, and tells whether its end was found. Before an array of something else the scanner
    /// stays where it is.
    fn events(&mut self) -> (Option<Index>, bool) {
        let start = self.scanner.at();
        let mut index = Index::default();
        let indexed = index.append(self.text, self.base, &mut self.scanner);
        if indexed.foreign {
            self.scanner.move_to(start);
            return (None, false);
        }
        self.damage.extend(indexed.damage);
        (Some(index), indexed.whole)
    }

    /// Steps over a value; what surprises the scanner is put to the full parser.
    fn value(&mut self) -> Result<&'a [u8], Surprise> {
        self.scanner.peek();
        let start = self.scanner.at();
        let surprise = match self.scanner.value() {
            Ok(value) => return Ok(value),
            Err(surprise) => surprise,
        };
        let end = end_by_parser(self.text, start).ok_or(surprise)?;
        self.scanner.move_to(end);
        self.text.get(start..end).ok_or(surprise)
    }

    fn finish(
        &mut self,
        done: Result<(), Option<Surprise>>,
        after: Option<EventId>,
        content: Content,
    ) -> Result<Content, Content> {
        match done {
            Ok(()) => Ok(content),
            Err(surprise) => {
                let damage = surprise.map(|surprise| Damage::structural(self.text, self.base, surprise, after));
                self.damage.extend(damage);
                Err(content)
            }
        }
    }
}
