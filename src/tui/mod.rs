//! The screen as a pure program: a key means an action, an action becomes a message, `update` changes the model and
//! returns effects, `view` paints it.
//!
//! Nothing here reads a clock, a file or a terminal; `runtime` does, and tells the outcome in messages.

pub mod action;
pub mod glyphs;
pub mod key;
pub mod keymap;
pub mod look;
pub mod pane;
pub mod text;
pub mod theme;

pub use keymap::keys_markdown;
