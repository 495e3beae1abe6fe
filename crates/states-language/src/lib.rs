//! The Amazon States Language: definitions parsed and checked, JSONPath and JSONata as AWS Step Functions has them, and
//! an interpreter that writes the event history AWS would have written.

#![deny(unsafe_code)]

pub mod asl;
pub mod event;
pub mod interpreter;
pub mod json;
pub mod query;

#[cfg(test)]
#[path = "../../../tests/suite/corpus.rs"]
mod corpus;
