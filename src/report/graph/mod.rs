//! A machine and what a run did in it, drawn with characters.
//!
//! A [`Plan`] says where everything stands; it depends on the graph and on what is folded, not on the run, and is worth
//! keeping. [`Picture::of`] paints the part of it that is looked at. The screen and `stepback show --graph` show the
//! same picture; what each kind of ink looks like is theirs to say.

pub mod flow;
mod frame;
mod json;
mod legend;
mod lines;
mod mermaid;
mod picture;
mod plan;
mod print;
mod runes;
mod signs;

pub use json::graph_json;
pub use legend::legend;
pub use mermaid::mermaid;
pub use picture::{Cell, Ink, Now, Picture, Subject, Window};
pub use plan::{Plan, Settings, Shape, Spot, Zoom};
pub use print::graph;
pub use signs::Signs;
