//! How commands reach AWS.

use super::Failure;
use crate::source::aws::{Cache, Options};
use tokio::runtime::{Builder, Runtime};

/// How to reach AWS. What is not said here is found where every AWS program finds it.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "AWS")]
pub struct Connection {
    /// The profile in ~/.aws/config.
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// The region of what is named without one.
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// Another address than AWS's, as emulators have.
    #[arg(long, value_name = "URL")]
    pub(super) endpoint_url: Option<String>,
    /// Neither read nor keep finished executions in the cache.
    #[arg(long)]
    pub(super) no_cache: bool,
}

impl Connection {
    /// Returns what a client is made with.
    pub(super) fn options(&self) -> Options {
        let Self { profile, region, endpoint_url, .. } = self.clone();
        Options { profile, region, endpoint_url, ..Options::default() }
    }

    /// Returns where finished executions are kept.
    pub(super) fn cache(&self) -> Option<Cache> {
        if self.no_cache { None } else { Cache::of_user() }
    }
}

/// Returns what calls to AWS are made on.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::input(format!("Cannot begin to talk to AWS: {error}.")))
}
