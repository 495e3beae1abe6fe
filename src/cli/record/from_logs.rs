//! What is recorded from CloudWatch Logs.

mod express;
mod functions;

pub(super) use express::{children, one};
pub(super) use functions::add as add_function_logs;
