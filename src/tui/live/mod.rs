//! What the screen knows of AWS: where it may look, what it asked for and what that cost, and what it may change.
//!
//! Plain data throughout: which library speaks to AWS, and whether this build has one at all, is the runtime's
//! business. Nothing here asks anything by itself.

mod act;
mod calls;
mod cloud;
mod fetch;
mod keep;
mod line;
mod token;

pub use act::{Acted, Confirm, Deed, Fact, Preflight, Step};
pub use calls::{Call, CallEnd, Calls, Repeating};
pub use cloud::{Acting, Cloud, Live, Site, SiteId};
pub use fetch::{Came, Fetch, Progress, Stage};
pub use keep::{Existing, Keep, Kept};
pub use line::{Edited, Line};
pub use token::waiting_token;
