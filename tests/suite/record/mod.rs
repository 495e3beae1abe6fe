//! `stepback record` against a service of our own: what emulators do not do.

mod express;
mod refusals;
