//! JSON as it is looked at: rows that fold, two documents compared, one value changed in its text. How it is read and
//! kept stands in the library crate, whose `json` this module passes on.

pub mod diff;
pub mod edit;
pub mod layout;
pub mod rows;
pub mod visible;

pub use rows::Rows;
pub use states_language::json::*;
