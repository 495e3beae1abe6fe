//! All integration tests, one binary: linking once keeps the build short.

mod architecture;
mod cause;
mod check;
mod query;
mod recordings;
mod run;
mod test_state;
