//! Calls to services that no crate of the SDK is linked for.
//!
//! A crate for a service brings all of its operations: CloudWatch Logs' took a fifth of the build for the four that are
//! called here. What such a crate adds to the SDK's runtime is little for a service that speaks AWS's JSON 1.1: where
//! it is, how its requests and errors look. Credentials, signature, connections, deadlines and what stands
//! between us and the wire ([`super::watch`]) are the runtime's, as for Step Functions.

use super::request::{Sent, outcome};
use aws_config::SdkConfig;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_types::region::SigningRegion;
use aws_types::{SigningName, region::Region};
use serde_json::Value;

/// A service that speaks JSON 1.1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service {
    /// Its name.
    pub(super) id: &'static str,
    /// Its name in variables (`AWS_ENDPOINT_URL_…`).
    pub(super) variable: &'static str,
    /// Its name in addresses and signatures.
    pub(super) host: &'static str,
    /// What the header `X-Amz-Target` begins with.
    pub(super) target: &'static str,
}

/// CloudWatch Logs.
pub(super) const LOGS: Service =
    Service { id: "CloudWatch Logs", variable: "CLOUDWATCH_LOGS", host: "logs", target: "Logs_20140328" };

/// Calls an operation with that body. What comes back is kept by the interceptor that watches.
pub(super) async fn call(
    service: Service,
    operation: &'static str,
    body: &Value,
    config: &SdkConfig,
    (address, region): (&str, &str),
    between: (impl Intercept + 'static, impl Intercept + 'static),
) -> Sent {
    let target = format!("{}.{operation}", service.target);
    let body = body.to_string();
    let (gate, watch) = between;
    let mut builder = Operation::builder()
        .service_name(service.id)
        .operation_name(operation)
        .endpoint_url(address)
        .no_retry()
        .with_connection_poisoning()
        .interceptor(gate)
        .interceptor(watch)
        .runtime_plugin(signing(service, config, region));
    if let Some(client) = config.http_client() {
        builder = builder.http_client(client);
    }
    if let Some(timeouts) = config.timeout_config() {
        builder = builder.timeout_config(timeouts.clone());
    }
    if let Some(sleep) = config.sleep_impl() {
        builder = builder.sleep_impl(sleep);
    }
    if let Some(time) = config.time_source() {
        builder = builder.time_source(time);
    }
    let call = builder.serializer(move |()| request(&target, &body)).deserializer(answer).build();
    outcome(call.invoke(()).await)
}

/// Returns the address: a configured one, or AWS's for the region.
pub(super) fn endpoint(service: Service, config: &SdkConfig, configured: Option<&str>, region: &str) -> String {
    configured.map(str::to_owned).unwrap_or_else(|| {
        let fips = if config.use_fips() == Some(true) { "-fips" } else { "" };
        let suffix = if config.use_dual_stack() == Some(true) { dual_stack(region) } else { suffix(region) };
        format!("https://{}{fips}.{region}.{suffix}", service.host)
    })
}

/// Returns what the names of AWS's hosts end in there. Rule: AWS's table of partitions.
fn suffix(region: &str) -> &'static str {
    const SUFFIXES: [(&str, &str); 6] = [
        ("cn-", "amazonaws.com.cn"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
        ("eusc-", "amazonaws.eu"),
    ];
    SUFFIXES.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("amazonaws.com", |(_, suffix)| suffix)
}

fn dual_stack(region: &str) -> &'static str {
    if region.starts_with("cn-") { "api.amazonwebservices.com.cn" } else { "api.aws" }
}

/// What signs the requests, with the credentials of the configuration.
fn signing(service: Service, config: &SdkConfig, region: &str) -> StaticRuntimePlugin {
    let mut layer = Layer::new("signing");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigV4OperationSigningConfig::default());
    layer.store_put(SigningName::from_static(service.host));
    layer.store_put(SigningRegion::from(Region::new(region.to_owned())));
    let mut components = RuntimeComponentsBuilder::new("signing");
    components.set_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])));
    components.push_auth_scheme(SigV4AuthScheme::new());
    components.set_identity_cache(config.identity_cache());
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, credentials);
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

fn request(target: &str, body: &str) -> Result<HttpRequest, aws_smithy_runtime_api::box_error::BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.try_insert("content-type", "application/x-amz-json-1.1")?;
    headers.try_insert("content-length", body.len().to_string())?;
    headers.try_insert("x-amz-target", target.to_owned())?;
    headers.try_insert("user-agent", concat!("stepback/", env!("CARGO_PKG_VERSION")))?;
    Ok(request)
}

/// Tells good answers, whose bodies others read, from errors.
fn answer(response: &HttpResponse) -> Result<(), OrchestratorError<ErrorMetadata>> {
    if response.status().is_success() {
        return Ok(());
    }
    let body: Value = response.body().bytes().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    let code = response.headers().get("x-amzn-errortype").or_else(|| body.get("__type")?.as_str());
    let message = ["message", "Message"].iter().find_map(|name| body.get(name)?.as_str());
    let mut error = ErrorMetadata::builder();
    if let Some(code) = code {
        error = error.code(bare(code));
    }
    if let Some(message) = message {
        error = error.message(message);
    }
    Err(OrchestratorError::operation(error.build()))
}

/// Takes the name of an error out of `com.amazonaws.logs#Name:http://…`.
fn bare(code: &str) -> &str {
    let code = code.rsplit('#').next().unwrap_or(code);
    code.split(':').next().unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_region_partition_and_configuration() {
        let plain = SdkConfig::builder().build();
        let cases = [
            ("eu-west-1", "https://logs.eu-west-1.amazonaws.com"),
            ("us-gov-west-1", "https://logs.us-gov-west-1.amazonaws.com"),
            ("cn-north-1", "https://logs.cn-north-1.amazonaws.com.cn"),
            ("us-isob-east-1", "https://logs.us-isob-east-1.sc2s.sgov.gov"),
        ];
        for (region, expected) in cases {
            assert_eq!(endpoint(LOGS, &plain, None, region), expected);
        }
        let fips = SdkConfig::builder().use_fips(true).build();
        assert_eq!(endpoint(LOGS, &fips, None, "us-east-1"), "https://logs-fips.us-east-1.amazonaws.com");
        let named = Some("http://127.0.0.1:4566");
        assert_eq!(endpoint(LOGS, &plain, named, "us-east-1"), "http://127.0.0.1:4566");
    }

    #[test]
    fn names_of_errors_are_bare() {
        let cases =
            ["ThrottlingException", "com.amazonaws.logs#ThrottlingException", "ThrottlingException:http://a/b#c"];
        assert_eq!(cases.map(|code| bare(code.split("http").next().unwrap())), ["ThrottlingException"; 3]);
    }
}
