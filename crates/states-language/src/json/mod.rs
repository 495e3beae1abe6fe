//! JSON as text: payloads kept as received, parsed only when somebody looks.
//!
//! This layer must not know what Step Functions is. AWS passes untouched payloads through byte for byte, so parsing
//! and printing again would be both wrong and slow; here text stays text.

mod at;
mod bytes;
mod kind;
mod members;
pub mod patch;
mod payload;
pub mod scan;

pub use at::{At, Step};
pub use bytes::SharedBytes;
pub use kind::Kind;
pub use members::{MOST_MEMBERS, Member, Members, MembersError, elements};
pub use patch::{Patch, PatchError};
pub(crate) use payload::decode_literal;
pub use payload::{Payload, PayloadError};
pub use serde_json::Value;
