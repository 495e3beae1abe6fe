//! What can happen to the screen, and what it can ask of the world.

use super::bookmarks::Writing;
use super::browser::{Cursor, List, Listing, Of, Page};
use super::fleet::{Crowd, Fleet};
use super::handover::Handover;
use super::items::Items;
use super::key::Key;
use super::live::{Acted, Call, Came, Deed, Existing, Kept, Live, Preflight, Repeating, Site, SiteId};
use super::panel::{Panel, Replayed};
use super::replaying::{GoodAnswer, Plan};
use super::sheet::{Sheet, Study};
use super::subject::Subject;
use crate::analysis::fleet::MapPlace;
use crate::event::Timestamp;
use crate::recording::Bookmark;
use std::path::PathBuf;
use std::sync::Arc;

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something at a column and row.
    Mouse(Mouse, u16, u16),
    /// The terminal has so many columns and rows now.
    Resize(u16, u16),
    /// The moment asked for with [`Effect::Wake`] is over.
    Woke(Ticket),
    /// The tick asked for with [`Effect::Tick`] has passed.
    Ticked(Ticket),
    /// The second asked for with [`Effect::Clock`] has passed; the present.
    Clock(Ticket, Timestamp),
    /// What was to be opened is open, or is not.
    Opened(Ticket, Result<Found, Trouble>),
    /// The folder that was to be listed is listed, or is not.
    Listed(Ticket, Result<Vec<Listing>, Trouble>),
    /// The run was compared with the last good one, or there is none.
    Compared(Ticket, Result<Box<Panel>, Trouble>),
    /// A replay has written so many events of about so many.
    Replaying(Ticket, usize, usize),
    /// A replay has come to its end, or there can be none.
    Replayed(Ticket, Result<Box<Replayed>, Trouble>),
    /// What the last good run has for a task is known, or there is nothing.
    Answered(Ticket, Result<GoodAnswer, Trouble>),
    /// A text was edited, or was not; why not, as a sentence.
    Edited(Ticket, Result<String, String>),
    /// Rows for the data pane were made in the background.
    Studied(Asked, Study, Sheet),
    /// The items of a Map were looked at.
    Surveyed(Ticket, Asked, Box<Items>),
    /// Something was copied, or could not be.
    Copied(Result<(), String>),
    /// AWS can be reached at these sites, or cannot be reached.
    Connected(Result<Vec<Site>, Trouble>),
    /// A page of a live list is there, or could not be read.
    Paged(Ticket, Result<Page, Trouble>),
    /// The failing state and the error of a live execution, or that they cannot be told.
    Told(Live, Option<(String, String)>),
    /// More came of an execution that is fetched or followed.
    Came(Ticket, Came),
    /// A call to AWS was made, or has ended.
    Called(Call),
    /// What there is to know before a change is known, or could not be found out.
    Prepared(Ticket, Result<Preflight, Trouble>),
    /// A change was made, or was not, or nobody knows.
    Acted(Ticket, Acted),
    /// A call to AWS will be sent again, or has ended after that.
    Repeating(Repeating),
    /// Bookmarks were written into a file, which has these now, or were not.
    Bookmarked(Ticket, Result<Vec<Bookmark>, Trouble>),
    /// An execution was kept as a file, or was not.
    Kept(Ticket, Kept),
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The left button went down.
    Click,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// What was found behind a target.
#[derive(Debug)]
pub enum Found {
    /// An execution.
    One(Box<Subject>),
    /// Several executions in one file.
    Several(Vec<Subject>),
    /// A folder with recordings: its title and what is in it.
    Folder(String, Vec<Listing>),
    /// A list that lives in an account: its title, what it is of, and where.
    Account(String, Of, Option<SiteId>),
    /// Many executions at once.
    Fleet(Box<Fleet>),
}

/// Why something could not be opened, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong, a sentence.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
}

/// Something asked of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// To end the program.
    Quit,
    /// To go back to the shell until it is continued.
    Suspend,
    /// To put text into the clipboard.
    Copy(String),
    /// To say [`Msg::Woke`] after a moment: as long as one waits for a second key.
    Wake(Ticket),
    /// To say [`Msg::Ticked`] after a twentieth of a second.
    Tick(Ticket),
    /// To say [`Msg::Clock`] after a second.
    Clock(Ticket),
    /// To open something and say [`Msg::Opened`].
    Open(Ticket, Target),
    /// To list a folder again and say [`Msg::Listed`].
    List(Ticket, PathBuf),
    /// To find the last good run of the same machine, compare this one with it, and say [`Msg::Compared`].
    Compare(Ticket, Asked),
    /// To find what the last good run of the same machine has for a state, and say [`Msg::Answered`].
    Answer(Ticket, Asked, Arc<str>),
    /// To replay a run as planned and say [`Msg::Replaying`] from time to time, and [`Msg::Replayed`].
    Replay(Ticket, Asked, Box<Plan>),
    /// To stop a replay, a comparison, a fetch or a follow.
    Stop(Ticket),
    /// To make rows for the data pane that take long to make, and say [`Msg::Studied`].
    Study(Asked, Study),
    /// To look at the items of that Map and say [`Msg::Surveyed`].
    Survey(Ticket, Asked, MapPlace),
    /// To let the person edit a text in their own editor, and say [`Msg::Edited`].
    Edit(Ticket, Draft),
    /// To find out where AWS can be reached, and say [`Msg::Connected`].
    Connect,
    /// To read a page of a live list and say [`Msg::Paged`].
    Page(Ticket, List, Option<Cursor>),
    /// To find out where these live executions failed, the first ones first, and say [`Msg::Told`] of each. What was
    /// asked before and is not asked now is not wanted any more.
    Tell(Vec<Live>),
    /// To fetch what is missing of an execution and say [`Msg::Came`].
    Resume(Ticket, Asked),
    /// To fetch what happens in an execution as it happens and say [`Msg::Came`].
    Follow(Ticket, Asked),
    /// To keep an execution with these bookmarks as a file of that name, and say [`Msg::Kept`].
    Keep(Ticket, Asked, Vec<Bookmark>, PathBuf, Existing),
    /// To write an execution as a document of that name, and say [`Msg::Kept`].
    Export(Ticket, Box<Handover>, PathBuf, Existing),
    /// To write bookmarks into the file of a recording and say [`Msg::Bookmarked`]. Whatever is asked first is done
    /// first, and all of it before the program ends.
    Bookmark(Ticket, Writing),
    /// To find out what there is to know before a change to an execution, and say [`Msg::Prepared`].
    Prepare(Ticket, Deed, Asked),
    /// To make a change and say [`Msg::Acted`]. The first ticket is the question's, the second that of the question what
    /// there is to know: what is typed again at the same place asks for the same change.
    Act(Ticket, Ticket, Deed),
}

/// The execution a question is about. Two questions are about the same one only if it was read at the same time.
#[derive(Debug, Clone)]
pub struct Asked(pub Arc<Subject>);

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Asked {}

/// A text to be edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What a file of it would be called; the ending tells the editor which language it is.
    pub name: String,
    /// The text.
    pub text: String,
}

/// What can be opened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A file or a folder.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// The recordings inside the program.
    Demo,
    /// One of them, by name.
    DemoRecording(String),
    /// A folder, and AWS beside it.
    Home(PathBuf),
    /// Something in AWS.
    Live(Live),
    /// Many executions at once.
    Fleet(Box<Crowd>),
    /// What a replay made of something; what that is called.
    Replayed(String),
}

/// The number of a question; its answer carries the same one, and only the latest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Ticket(u64);

impl Ticket {
    /// Returns the next ticket.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl Target {
    /// Returns what the target is called on the command line.
    pub fn spelled(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
            Self::Demo => "--demo".to_owned(),
            Self::DemoRecording(name) => format!("--demo {name}"),
            Self::Home(path) => path.display().to_string(),
            Self::Live(live) => live.arn.clone(),
            Self::Fleet(crowd) => crowd.spelled(),
            Self::Replayed(of) => format!("the replay of {of}"),
        }
    }
}
