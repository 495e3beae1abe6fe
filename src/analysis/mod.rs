//! Questions put to a history, answered as plain data in the user's words.
//!
//! Pure functions: what they need they are given. They must not know terminals or AWS; how an answer looks is decided
//! by `report` and `tui`.

pub mod bookmarks;
pub mod budget;
pub mod cause;
pub mod coverage;
pub mod critical;
pub mod diff;
pub mod explain;
pub mod fleet;
pub mod flow;
pub mod functions;
pub mod graph;
pub mod limits;
pub mod mention;
pub mod message;
pub mod operands;
pub mod overview;
pub mod pairing;
pub mod place;
pub mod program;
pub mod provenance;
pub mod scene;
pub mod status;
pub mod suspects;
pub mod timeline;
pub mod whereabouts;

pub use bookmarks::{Marked, marked};
pub use budget::{Budget, budget};
pub use cause::{Diagnosis, diagnose, diagnose_with};
pub use explain::Explanation;
pub use flow::Flow;
pub use functions::{FailedCall, FunctionLog, failed_calls};
pub use mention::Mentions;
pub use message::Message;
pub use operands::add_operands;
pub use overview::Told;
pub use overview::{Overview, overview};
pub use place::{Place, Step};
pub use program::{NoProgram, Program, Programs};
pub use scene::Scene;
pub use status::Status;
pub use whereabouts::Whereabouts;
