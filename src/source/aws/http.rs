//! The connections: through proxies, and with the certificates that are trusted here.

use super::{ErrorKind, Setup};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::fs;
use std::sync::Arc;

/// What the connections are made with.
#[derive(Debug, Clone)]
pub(super) struct Wires {
    pub(super) client: SharedHttpClient,
    /// What may be said about a connection that failed.
    pub(super) way: Way,
}

/// Which hosts are reached through which proxies: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either
/// case. None at all when no host is to be reached through one.
#[derive(Debug, Clone)]
pub(super) struct Way(Option<Arc<Matcher>>);

impl Way {
    fn of_machine(setup: &Setup) -> Self {
        // hyper takes `*` for all names, everybody else for all hosts.
        let is_direct =
            setup.proxy("NO_PROXY").is_some_and(|(hosts, _)| hosts.split(',').any(|host| host.trim() == "*"));
        Self((!is_direct).then(|| Arc::new(Matcher::from_env())))
    }

    /// Returns the proxy between here and an address, as `host:port`.
    pub(super) fn proxy(&self, address: &str) -> Option<String> {
        let proxy = self.0.as_ref()?.intercept(&address.parse().ok()?)?;
        place(proxy.uri())
    }

    fn config(&self) -> ProxyConfig {
        if self.0.is_some() { ProxyConfig::from_env() } else { ProxyConfig::disabled() }
    }
}

/// Makes connections. Nothing is connected yet.
pub(super) fn wires(setup: &Setup, profile: Option<&str>) -> Result<Wires, ErrorKind> {
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] {
        if let Some((value, name)) = setup.proxy(name) {
            proxy(value).map_err(|reason| {
                misconfigured(&name, value, reason, "A proxy looks like http://proxy.example.com:3128.")
            })?;
        }
    }
    let trusted = match setup.ca_bundle(profile) {
        Some((path, from)) => bundle(path, from)?,
        None => of_system(setup),
    };
    let tls = TlsContext::builder().with_trust_store(trusted).build().unwrap_or_default();
    let way = Way::of_machine(setup);
    let proxies = way.config();
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxies.clone());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls.clone()).build()
    });
    Ok(Wires { client, way })
}

/// Reads an address of a service: what is wrong with it, if anything.
pub(super) fn endpoint(url: &str) -> Result<(), &'static str> {
    let uri: Uri = url.trim().parse().map_err(|_| "it is not an address")?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(()),
        (Some("http" | "https"), _) | (_, None) => Err("it names no host"),
        (None, Some(_)) => Err("it does not begin with http:// or https://"),
        (Some(_), Some(_)) => Err("only http:// and https:// are spoken"),
    }
}

fn proxy(value: &str) -> Result<(), &'static str> {
    let uri: Uri = value.trim().parse().map_err(|_| "it is not an address")?;
    match uri.scheme_str() {
        _ if uri.host().is_none_or(str::is_empty) => Err("it names no host"),
        None | Some("http" | "https") => Ok(()),
        Some(scheme) if scheme.starts_with("socks") => Err("SOCKS proxies are not supported"),
        Some(_) => Err("only http:// and https:// proxies are spoken to"),
    }
}

/// Returns `host:port` of an address.
pub(super) fn place(uri: &Uri) -> Option<String> {
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    Some(format!("{}:{port}", uri.host()?))
}

fn misconfigured(name: &str, value: &str, reason: &str, hint: &str) -> ErrorKind {
    let value = crate::json::visible::without_credentials(value);
    let shown: String = value.chars().take(80).collect();
    ErrorKind::Misconfigured { what: format!("{name} is '{shown}': {reason}").into(), hint: hint.into() }
}

/// Reads the certificates of a file. What the connections make of a bad one would stop the program.
fn bundle(path: &str, from: &str) -> Result<TrustStore, ErrorKind> {
    let bad = |reason: String| ErrorKind::Misconfigured {
        what: format!(
            "Cannot use the certificates in '{}' ({from}): {reason}",
            path.chars().take(200).collect::<String>()
        )
        .into(),
        hint: format!("Name a file of certificates in PEM with {from}, or unset it.").into(),
    };
    let pem = fs::read(path)
        .map_err(|error| bad(error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()))?;
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| bad("it is not PEM".to_owned()))?;
        store.add(certificate).map_err(|_| bad("one of them is not a certificate".to_owned()))?;
    }
    match store.is_empty() {
        true => Err(bad("there are none".to_owned())),
        false => Ok(TrustStore::empty().with_native_roots(false).with_pem_certificate(pem)),
    }
}

/// The certificates of the system. A debug build of the SDK insists that there is one.
fn of_system(setup: &Setup) -> TrustStore {
    let is_sure = !cfg!(debug_assertions);
    let is_there = || !rustls_native_certs::load_native_certs().certs.is_empty();
    TrustStore::empty().with_native_roots(is_sure && setup.variable("SSL_CERT_FILE").is_none() || is_there())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_an_address_is_told() {
        for (url, expected) in [
            ("http://localhost:4566", Ok(())),
            ("https://vpce-1.states.eu-west-1.vpce.amazonaws.com/", Ok(())),
            ("http://[::1]:1", Ok(())),
            ("localhost:4566", Err("it does not begin with http:// or https://")),
            ("localhost", Err("it does not begin with http:// or https://")),
            ("http://", Err("it is not an address")),
            ("nonsense here", Err("it is not an address")),
            ("ftp://a", Err("only http:// and https:// are spoken")),
            ("/path", Err("it names no host")),
        ] {
            assert_eq!(endpoint(url), expected, "{url}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_of_http() {
        for (value, good) in [
            ("http://me:secret@proxy:3128", true),
            ("proxy:3128", true),
            ("proxy", true),
            ("socks5://proxy:1080", false),
            ("ftp://proxy", false),
            ("a b", false),
        ] {
            assert_eq!(proxy(value).is_ok(), good, "{value}");
        }
    }

    #[test]
    fn a_bundle_without_certificates_is_refused_before_it_can_do_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let path = path.to_str().unwrap();
        let said = |kind: ErrorKind| match kind {
            ErrorKind::Misconfigured { what, .. } => what.rsplit(": ").next().unwrap().to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(said(bundle(path, "AWS_CA_BUNDLE").unwrap_err()), "no such file or directory");
        for (text, expected) in [
            ("", "there are none"),
            ("garbage", "there are none"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "one of them is not a certificate"),
            ("-----BEGIN CERTIFICATE-----\nAA", "it is not PEM"),
        ] {
            fs::write(path, text).unwrap();
            assert_eq!(said(bundle(path, "AWS_CA_BUNDLE").unwrap_err()), expected, "{text}");
        }
    }
}
