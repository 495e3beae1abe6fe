//! `stepback record` against a service of our own: what emulators do not do.

pub(crate) mod express;
mod refusals;
