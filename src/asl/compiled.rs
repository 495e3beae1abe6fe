//! The compiled expressions a machine is made of, under the names used here.

pub use crate::query::choice::Rule;
pub use crate::query::intrinsic::Call;
pub use crate::query::path::{Path, ReferencePath};
pub use crate::query::template::Template;

macro_rules! stand_in {
    ($($name:ident)*) => {$(
        /// A compiled expression; stands in until the query module offers JSONata.
        #[derive(Debug, Clone)]
        pub struct $name(pub String);
    )*};
}

stand_in!(Expression JsonataTemplate);
