//! What stands between the SDK and the wire: keeps out what may not be sent, and keeps what comes back as it came.

use super::{Access, Effect, Operation};
use crate::json::SharedBytes;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::endpoint::EndpointPrefix;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::{DateTime, Format};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Refuses to send what may not be sent. Every client of the SDK is made with one.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    pub(super) access: Access,
    /// Whether another address than AWS's was named: hosts are then taken as they are, without prefixes.
    pub(super) elsewhere: bool,
}

/// A call that may not be made.
#[derive(Debug, Clone)]
pub(super) struct Forbidden {
    operation: String,
}

#[dyn_dispatch_hint]
impl Intercept for Gate {
    fn name(&self) -> &'static str {
        "Gate"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.elsewhere {
            config.interceptor_state().unset::<EndpointPrefix>();
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let name = config.load::<Metadata>().map(Metadata::name).unwrap_or_default();
        let effect = Operation::from_name(name).map(Operation::effect);
        match (effect, self.access) {
            (Some(Effect::Reads), _) | (Some(Effect::Acts), Access::Actions) => Ok(()),
            _ => Err(Box::new(Forbidden { operation: name.to_owned() })),
        }
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} may not be called", self.operation)
    }
}

impl std::error::Error for Forbidden {}

/// Keeps the answer to one call as it came, and counts how often the call was sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Seen>>);

/// What was seen of one call.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// How often it was sent.
    pub(super) attempts: u32,
    /// How many of these the service throttled.
    pub(super) throttled: u32,
    /// Where it was sent, without its path's query.
    pub(super) address: String,
    /// The status of the last answer.
    pub(super) status: u16,
    /// The seconds this machine's clock is ahead of the service's, as the last answer tells.
    pub(super) ahead: Option<i64>,
    /// The body of the last answer, when it is a good one.
    pub(super) body: Option<SharedBytes>,
    /// The number of the last answer.
    pub(super) request_id: Option<Arc<str>>,
}

impl Watch {
    pub(super) fn seen(&self) -> Seen {
        self.locked(|seen| seen.clone())
    }

    fn locked<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[dyn_dispatch_hint]
impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let address = context.request().uri().to_owned();
        self.locked(|seen| {
            let (attempts, throttled) = (seen.attempts + 1, seen.throttled);
            *seen = Seen { attempts, throttled, address, ..Seen::default() };
        });
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let (status, bytes) = (response.status(), response.body().bytes());
        let throttled = status.as_u16() == 429 || status.as_u16() == 400 && bytes.is_some_and(mentions_throttling);
        let ahead = response.headers().get("date").and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        let ahead = ahead.map(|date| super::client::now().as_millis().div_euclid(1_000) - date.secs());
        self.locked(|seen| {
            seen.status = status.as_u16();
            seen.ahead = ahead;
            seen.throttled += u32::from(throttled);
            seen.request_id = response.headers().get("x-amzn-requestid").map(Arc::from);
            // A body that broke off in the middle is not there at all.
            seen.body = bytes.filter(|_| status.is_success()).map(|bytes| SharedBytes::new(bytes.to_vec()));
        });
        Ok(())
    }
}

/// The SDK repeats throttled calls by itself; that it had to is told by the body, which is short.
fn mentions_throttling(body: &[u8]) -> bool {
    let text = body.get(..body.len().min(1_000)).unwrap_or_default();
    ["Throttl", "TooManyRequests"].iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
}
