//! All integration tests, one binary: linking once keeps the build short.

mod architecture;
mod check;
mod query;
mod recordings;
mod run;
mod test_state;
