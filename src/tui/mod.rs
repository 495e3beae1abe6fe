//! The screen as a pure program: a key means an action, an action becomes a message, `update` changes the model and
//! returns effects, `view` paints it.
//!
//! Nothing here reads a clock, a file or a terminal; `runtime` does, and tells the outcome in messages.

pub mod action;
pub mod bookmarks;
pub mod browser;
pub mod event_list;
pub mod execution;
pub mod fleet;
pub mod glyphs;
pub mod handover;
pub mod items;
pub mod key;
pub mod keymap;
mod layout;
pub mod live;
pub mod look;
pub mod model;
pub mod msg;
pub mod origins;
pub mod outside;
pub mod pane;
pub mod panel;
pub mod replaying;
pub mod settings;
pub mod sheet;
pub mod subject;
pub mod table;
pub mod text;
pub mod theme;
mod update;
mod view;
mod whole;

pub use crate::report::Zone;
pub use keymap::keys_markdown;
pub use model::Model;
pub use msg::{Asked, Draft, Effect, Found, Msg, Target, Ticket, Trouble};
pub use subject::Subject;
pub use update::update;
pub use view::view;
