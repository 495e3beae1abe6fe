//! The bookmarks of the execution on the screen: which there are, where they lead, and what of them is not in the file
//! yet. This module must not know keys or colours, and writes nothing: it says what is to be written.

use super::execution::Place;
use super::live::Line;
use super::msg::{Target, Ticket};
use super::subject::Subject;
use crate::analysis::{Marked, bookmarks, marked};
use crate::event::EventId;
use crate::history::MemberId;
use crate::recording::{Bookmark, BookmarkChange, Letter};
use std::path::PathBuf;

/// The bookmarks of an execution.
#[derive(Debug, Clone, Default)]
pub struct Bookmarks {
    /// Those with a letter first.
    all: Vec<Marked>,
    /// Where they are written.
    home: Home,
    /// What was changed and is not known to be written.
    unsaved: Vec<BookmarkChange>,
    /// The last writing that was asked for.
    asked: Option<Ticket>,
}

/// Where the bookmarks of an execution are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Home {
    /// In the file of the recording.
    File(PathBuf),
    /// Nowhere: they last as long as the sitting does. Why, as the beginning of a sentence.
    Sitting(&'static str),
}

/// A bookmark being set: its note is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noting {
    /// The bookmark, but for its note.
    pub bookmark: Bookmark,
    /// The one whose note is changed, when it has no letter to be called by.
    pub unlettered: Option<Bookmark>,
    /// Where it is, in words.
    pub place: String,
    /// The note.
    pub line: Line,
    /// Where its letter was so far, in words, when that is another place.
    pub moved: Option<String>,
    /// The line of the list it was begun from, to go back to.
    pub listed: Option<usize>,
}

/// Changes that are to be written into a file, if it still is of that execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// The file.
    pub path: PathBuf,
    /// The execution's ARN.
    pub of: Option<String>,
    /// The changes.
    pub changes: Vec<BookmarkChange>,
}

impl Default for Home {
    fn default() -> Self {
        Self::Sitting("")
    }
}

impl Bookmarks {
    /// The bookmarks of a recording as it was opened.
    pub fn of(subject: &Subject) -> Self {
        let home = match &subject.target {
            Target::Path(path) => Home::File(path.clone()),
            Target::Live(_) => Home::Sitting("this execution is read from AWS"),
            Target::Stdin => Home::Sitting("the recording came in on standard input"),
            Target::Replayed(_) => Home::Sitting("this is a replayed run"),
            Target::Demo | Target::DemoRecording(_) => Home::Sitting("the recording is a part of stepback"),
            Target::Home(_) | Target::Fleet(_) => Home::Sitting("this is not a file"),
        };
        let all = marked(&subject.family, &subject.recording.bookmarks);
        Self { all, home, unsaved: Vec::new(), asked: None }
    }

    /// Takes over from an older reading of the same recording what is not in the file.
    pub fn take_after(&mut self, older: &Self, subject: &Subject) {
        self.home.clone_from(&older.home);
        self.unsaved.clone_from(&older.unsaved);
        self.asked = older.asked;
        let mut all = self.list();
        self.unsaved.iter().for_each(|change| change.apply(&mut all));
        self.all = marked(&subject.family, &all);
    }

    /// Finds their places anew, because more of the history is known.
    pub fn renew(&mut self, subject: &Subject) {
        self.all = marked(&subject.family, &self.list());
    }

    /// Returns them with their places.
    pub fn all(&self) -> &[Marked] {
        &self.all
    }

    /// Returns them as a recording has them.
    pub fn list(&self) -> Vec<Bookmark> {
        self.all.iter().map(|marked| marked.bookmark.clone()).collect()
    }

    /// Returns the bookmark with a letter.
    pub fn get(&self, letter: Letter) -> Option<&Marked> {
        self.all.iter().find(|marked| marked.bookmark.letter == Some(letter))
    }

    /// Returns the bookmarks of an execution with their events.
    pub fn of_member(&self, member: MemberId) -> impl Iterator<Item = (EventId, &Marked)> {
        let here = self.all.iter().filter_map(move |marked| Some((place_of(marked)?, marked)));
        here.filter(move |(place, _)| place.member == member).map(|(place, marked)| (place.event, marked))
    }

    /// Begins to set a bookmark, with the note it has if it is there already. `None` when the execution has no ARN by
    /// which a bookmark could tell where it is.
    pub fn note(&self, subject: &Subject, letter: Letter, place: Place) -> Option<Noting> {
        let execution = bookmarks::called(&subject.family, place.member)?;
        let bookmark = Bookmark { letter: Some(letter), execution, event: Some(place.event), ..Bookmark::default() };
        let words = marked(&subject.family, std::slice::from_ref(&bookmark)).first().map(described).unwrap_or_default();
        let (line, moved) = match self.get(letter) {
            Some(old) if old.bookmark.is(&bookmark) => (note_of(old), None),
            Some(old) => (Line::default(), Some(described(old))),
            None => (Line::default(), None),
        };
        Some(Noting { bookmark, unlettered: None, place: words, line, moved, listed: None })
    }

    /// Begins to change the note of one of the list.
    pub fn note_again(&self, listed: usize) -> Option<Noting> {
        let marked = self.all.get(listed)?;
        let (line, place) = (note_of(marked), described(marked));
        let bookmark = Bookmark { note: None, unknown: Vec::new(), ..marked.bookmark.clone() };
        let unlettered = bookmark.letter.is_none().then(|| marked.bookmark.clone());
        Some(Noting { bookmark, unlettered, place, line, moved: None, listed: Some(listed) })
    }

    /// Makes a change, and returns what is to be written for it; why nothing is, as the beginning of a sentence.
    pub fn change(
        &mut self,
        subject: &Subject,
        change: BookmarkChange,
        ticket: Ticket,
    ) -> Result<Writing, &'static str> {
        let mut all = self.list();
        change.apply(&mut all);
        self.all = marked(&subject.family, &all);
        self.unsaved.push(change);
        match &self.home {
            Home::Sitting(why) => Err(why),
            Home::File(path) => {
                self.asked = Some(ticket);
                let of = subject.recording.arn().map(ToString::to_string);
                Ok(Writing { path: path.clone(), of, changes: self.unsaved.clone() })
            }
        }
    }

    /// Takes in what the file has after a writing. `false` when a later writing was asked for.
    pub fn written(&mut self, subject: &Subject, ticket: Ticket, list: &[Bookmark]) -> bool {
        let latest = self.is_asked(ticket);
        if latest {
            self.all = marked(&subject.family, list);
            self.unsaved.clear();
        }
        latest
    }

    /// Tells whether that was the last writing asked for, which it is not any more then.
    pub fn is_asked(&mut self, ticket: Ticket) -> bool {
        self.asked.take_if(|asked| *asked == ticket).is_some()
    }

    /// Returns where they are written, as a sentence.
    pub fn standing(&self) -> String {
        match (&self.home, self.unsaved.is_empty(), self.asked) {
            (Home::Sitting(why), ..) => format!("Kept for this session only: {why}."),
            (Home::File(path), true, _) => format!("They are written in {}.", path.display()),
            (Home::File(path), false, Some(_)) => format!("They are being written into {}.", path.display()),
            (Home::File(path), false, None) => {
                format!("Kept for this session only: {} could not be written.", path.display())
            }
        }
    }

    /// Takes in that the recording was kept as a file with all of them in it: what could not be written elsewhere is
    /// written there from now on. Tells whether there is anything of which that is so.
    pub fn kept(&mut self, path: PathBuf) -> bool {
        let moves = matches!(self.home, Home::Sitting(_)) || !self.unsaved.is_empty();
        if moves {
            self.home = Home::File(path);
            self.unsaved.clear();
            self.asked = None;
        }
        moves && !self.all.is_empty()
    }
}

/// Returns the place of a bookmark.
pub fn place_of(marked: &Marked) -> Option<Place> {
    marked.place.as_ref().map(|place| Place { member: place.execution, event: place.event })
}

fn described(marked: &Marked) -> String {
    let event = marked.bookmark.event.map(|event| format!("event {event}, ")).unwrap_or_default();
    format!("{event}{}", crate::report::bookmark_words(marked))
}

fn note_of(marked: &Marked) -> Line {
    Line(marked.bookmark.note.as_deref().unwrap_or_default().to_owned())
}

impl Noting {
    /// Returns the change that sets it.
    pub fn change(&self) -> BookmarkChange {
        let note = self.line.0.trim();
        let note = (!note.is_empty()).then(|| note.into());
        match &self.unlettered {
            Some(of) => BookmarkChange::Note(of.clone(), note),
            None => BookmarkChange::Set(Bookmark { note, ..self.bookmark.clone() }),
        }
    }
}
