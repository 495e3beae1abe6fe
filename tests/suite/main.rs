//! All integration tests, one binary: linking once keeps the build short.

mod architecture;
mod screen;
mod terminal;
