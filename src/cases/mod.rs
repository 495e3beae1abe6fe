//! Cases: a machine, an input and answers, and what is expected of the run.
//!
//! A [`Case`] is read from a file whose format is written down in `docs/src/reference/case.schema.json`; a test case of
//! AWS's MockConfigFile.json counts as one. [`Ran`] is what came of running it, and [`Expectation`] says how that is not
//! what was expected. This module must not know the file system: where a case names a file, it keeps the name.

mod expect;
mod file;
mod mock;
mod path;
mod pattern;
mod recorded;
mod run;
#[cfg(test)]
mod tests;
mod update;

pub use expect::{Expectation, Mismatch};
pub use file::{Case, CaseError, CaseFile, FORMAT, Identity, Places, Written};
pub use mock::{is_mock_config, mock_cases};
pub use path::path;
pub use pattern::{Pattern, PatternError};
pub use recorded::{Drawn, Exported, case_of};
pub use run::{OTHER, Ran, Setting};
pub use update::{expected, updated};
