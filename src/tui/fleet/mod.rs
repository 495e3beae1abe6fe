//! The screen of many executions: how many ended how and when, their failures by kind, and the executions of the kind
//! under the cursor.

mod state;
mod update;
mod view;

pub use state::{Crowd, Fleet, Group, Part, Side};
pub(in crate::tui) use update::{begin, cancel, perform};
pub(in crate::tui) use view::{heights, hints, paint};
