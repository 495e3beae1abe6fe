//! All integration tests, one binary: linking once keeps the build short.

mod architecture;
mod cause;
mod check;
mod query;
mod random_machines;
mod recordings;
mod run;
mod screen;
mod terminal;
mod test_state;
