//! All integration tests, one binary: linking once keeps the build short.

mod architecture;
mod check;
mod recordings;
mod screen;
mod terminal;
mod test_state;
