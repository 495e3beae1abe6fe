//! Executions as AWS knows them, live: machines and executions listed, histories fetched and followed.
//!
//! AWS's types end here: what goes out are recordings, and what [`crate::recording`] reads from the service's own JSON,
//! so that event types and members newer than the SDK survive. Reading is all a client can do unless it was made with
//! [`Access::Actions`]; every call is told in the [`CallLog`] as the command line that would do the same.
//!
//! Without the cargo feature `aws` only the nouns are there: [`Options`], [`AwsError`], [`Call`] and their like, so that
//! a screen need not know whether anybody can answer.

#[cfg(feature = "aws")]
mod actions;
#[cfg(feature = "aws")]
mod afterwards;
#[cfg(feature = "aws")]
mod answers;
mod budget;
mod cache;
mod calls;
#[cfg(feature = "aws")]
mod certificate;
#[cfg(feature = "aws")]
mod client;
mod command;
mod error;
#[cfg(feature = "aws")]
mod failure;
#[cfg(feature = "aws")]
mod fetch;
#[cfg(feature = "aws")]
mod follow;
#[cfg(feature = "aws")]
mod http;
#[cfg(feature = "aws")]
mod identity;
#[cfg(feature = "aws")]
pub mod logs;
mod operation;
mod options;
mod page;
#[cfg(feature = "aws")]
mod plain;
mod policy;
mod repeat;
#[cfg(feature = "aws")]
mod request;
mod roll;
mod setup;
#[cfg(feature = "aws")]
mod watch;

#[cfg(feature = "aws")]
pub use actions::Actions;
#[cfg(feature = "aws")]
pub use afterwards::redriven;
#[cfg(feature = "aws")]
pub use answers::{HistoryPage, Qualified};
pub use budget::Budget;
pub use cache::Cache;
pub use calls::{Call, CallLog, CallResult};
#[cfg(feature = "aws")]
pub use client::{Client, now};
pub use command::Command;
pub use error::{AwsError, ErrorKind, Obstacle, Unreachable};
#[cfg(feature = "aws")]
pub use fetch::{FetchOptions, Fetched, Progress};
#[cfg(feature = "aws")]
pub use follow::{Follow, News};
pub use operation::{Effect, Operation};
pub use options::{Access, Children, Identity, Keys, Options, Patience};
pub use page::{ExecutionFilter, Listed, Order, Page, RedriveFilter};
pub use policy::{permissions_markdown, policy};
pub use repeat::{Again, Listener, Repeat, Slow};
pub use roll::RollQuery;
pub use setup::Setup;
