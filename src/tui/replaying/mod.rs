//! What a person wants replayed and what is to be different in it: chosen in a menu, written in an editor, asked for
//! when a replay needs an answer nobody recorded.
//!
//! This module must not know keys or colours, and runs nothing: it makes plans ([`Plan`]) that others carry out.

mod ask;
mod editor;
mod good;
mod menu;
mod plan;
mod spot;

pub use ask::{Ask, Choice};
pub use editor::{Editing, Editor, Then};
pub use good::GoodAnswer;
pub use menu::{Item, Menu};
pub use plan::{Change, Edit, Extent, Plan};
