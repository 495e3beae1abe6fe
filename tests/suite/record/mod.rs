//! `stepback record` against a service of our own: what emulators do not do.

mod adding;
pub(crate) mod express;
mod refusals;
