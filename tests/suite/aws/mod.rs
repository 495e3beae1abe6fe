//! AWS as a client sees it, against a service of our own: pages, throttling, lost connections, permissions.

pub mod account;
mod acting;
mod calls;
mod children;
mod commands;
mod fetching;
mod fleet;
mod following;
mod judging;
mod listing;
pub mod many;
mod modes;
mod proxied;
mod proxy;
mod screen;
pub mod service;
mod set_up;
pub mod stub;
mod tls;
mod waiting;
mod wire;
mod words;

use service::{ARN, Service};
use std::time::Duration;
use stepback::recording::Recording;
use stepback::source::aws::{Access, AwsError, Budget, Client, FetchOptions, Fetched, Keys, Options, Patience};
use stub::{Reply, Stub};

/// How a test reaches a service: without credentials of anybody, and without patience.
fn options(stub: &Stub) -> Options {
    Options {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(stub.url()),
        keys: Some(Keys { id: "AKIDEXAMPLE".to_owned(), secret: "secret".to_owned() }),
        access: Access::ReadOnly,
        patience: Patience {
            repeats: 3,
            pause: Duration::from_millis(1),
            longest: Duration::from_millis(4),
            answer: Duration::from_secs(10),
            whole: Duration::from_secs(10),
            tells: Duration::from_secs(10),
        },
        budget: Budget::unlimited(),
        ..Options::default()
    }
}

fn block_on<T>(what: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(what)
}

async fn connect(stub: &Stub) -> Client {
    Client::connect(options(stub)).await.unwrap()
}

/// Fetches the execution all tests speak of.
fn fetch(stub: &Stub, options: &FetchOptions) -> Result<Fetched, AwsError> {
    block_on(async { connect(stub).await.fetch(ARN, options, |_| {}).await })
}

fn ids(recording: &Recording) -> Vec<u32> {
    recording.events.iter().map(|event| event.id.get()).collect()
}
