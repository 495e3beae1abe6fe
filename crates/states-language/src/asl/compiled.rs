//! The compiled expressions a machine is made of, under the names used here.

pub use crate::query::choice::Rule;
pub use crate::query::intrinsic::Call;
pub use crate::query::jsonata::{Expression, Template as JsonataTemplate};
pub use crate::query::path::{Path, ReferencePath};
pub use crate::query::template::Template;
