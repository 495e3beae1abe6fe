//! Writes bookmarks: one after the other in the order they were set, and all of them before the program ends.

use super::open::guarded;
use crate::source;
use crate::tui::bookmarks::Writing;
use crate::tui::{Msg, Ticket, Trouble};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use tokio::sync::mpsc::UnboundedSender;

/// Somebody who writes while the screen goes on. Dropping it waits until everything is written.
#[derive(Default)]
pub(super) struct Scribe(Option<(Sender<Errand>, JoinHandle<()>)>);

type Errand = (UnboundedSender<Msg>, Ticket, Writing);

impl Scribe {
    /// Asks for a writing. What becomes of it is told in a message.
    pub(super) fn write(&mut self, answers: UnboundedSender<Msg>, ticket: Ticket, writing: Writing) {
        let (errands, _) = self.0.get_or_insert_with(|| {
            let (errands, asked) = channel::<Errand>();
            let work = thread::spawn(move || {
                for (answers, ticket, writing) in asked {
                    // When nobody listens any more, it is written all the same.
                    let _ = answers.send(Msg::Bookmarked(ticket, written(&writing)));
                }
            });
            (errands, work)
        });
        // The receiver lives as long as the sender: its thread ends only with it.
        let _ = errands.send((answers, ticket, writing));
    }
}

impl Drop for Scribe {
    fn drop(&mut self) {
        if let Some((errands, work)) = self.0.take() {
            drop(errands);
            // A panic in there was told as trouble already.
            let _ = work.join();
        }
    }
}

fn written(writing: &Writing) -> Result<Vec<crate::recording::Bookmark>, Trouble> {
    let name = writing.path.display().to_string();
    guarded(&name, || {
        let written = source::bookmark(&writing.path, writing.of.as_deref(), &writing.changes);
        written.map_err(|error| Trouble { message: error.about(&name), hint: error.hint() })
    })
}
