//! stepback opens AWS Step Functions executions and replays them.
pub mod analysis;
pub mod asl;
pub mod cli;
pub mod event;
pub mod history;
pub mod interpreter;
pub mod json;
pub mod query;
pub mod recording;
pub mod replay;
pub mod report;
pub mod runtime;
pub mod source;
pub mod tasks;
pub mod tui;
