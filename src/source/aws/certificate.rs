//! Who issued the certificate of a host that is not trusted: the one thing that tells a proxy of one's company from a
//! mistake.
//!
//! What says that a certificate is not trusted does not say whose it is, so the host is asked for it once more. Nothing
//! is sent to it: the connection ends as soon as the certificate is there.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};
use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the host may take: who waits for an answer is not to wait much longer for what is wrong.
const PATIENCE: Duration = Duration::from_secs(3);

/// The most a proxy may say before the connection is there, in bytes.
const LONGEST_HEAD: usize = 8 << 10;

/// Returns who issued the certificate of a host, as `host:port`, reached through a proxy if there is one.
pub(super) async fn issuer(place: String, proxy: Option<String>) -> Option<String> {
    tokio::task::spawn_blocking(move || named(&certificate(&place, proxy.as_deref())?)).await.ok()?
}

/// Begins to speak TLS, and breaks off when the certificate is there.
fn certificate(place: &str, proxy: Option<&str>) -> Option<Vec<u8>> {
    let address = proxy.unwrap_or(place).to_socket_addrs().ok()?.next()?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    if proxy.is_some() {
        tunnel(&mut stream, place)?;
    }
    let seen = Arc::new(Seen::default());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    let verifier = Arc::clone(&seen) as Arc<dyn ServerCertVerifier>;
    let config = config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    let host = place.rsplit_once(':').map_or(place, |(host, _)| host).trim_matches(['[', ']']);
    let mut connection = ClientConnection::new(Arc::new(config), ServerName::try_from(host.to_owned()).ok()?).ok()?;
    // It ends with an error by design: the certificate is never accepted.
    let _ = connection.complete_io(&mut stream);
    seen.0.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn tunnel(stream: &mut TcpStream, place: &str) -> Option<()> {
    write!(stream, "CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n").ok()?;
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    head.get(9..12).filter(|status| *status == b"200").map(|_| ())
}

/// Keeps the certificate and accepts none.
#[derive(Debug, Default)]
struct Seen(Mutex<Option<Vec<u8>>>);

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(certificate.to_vec());
        Err(Error::General("the certificate was only looked at".to_owned()))
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("the certificate was only looked at".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("the certificate was only looked at".to_owned()))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// Returns the issuer's name out of a certificate: its common name, or else its organisation. Rule: X.509 (RFC 5280,
/// 4.1): `SEQUENCE { SEQUENCE { [0] version OPTIONAL, serial, algorithm, issuer, … }, … }`.
fn named(certificate: &[u8]) -> Option<String> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = element(certificate)?;
    let (_, signed, _) = element(certificate)?;
    let (tag, _, after) = element(signed)?;
    let rest = if tag == VERSION { element(after)?.2 } else { after };
    let (_, _, rest) = element(rest)?;
    let (tag, issuer, _) = element(rest)?;
    if tag != SEQUENCE {
        return None;
    }
    // Object identifiers 2.5.4.3 (common name) and 2.5.4.10 (organisation).
    [3, 10].iter().find_map(|kind| attribute(issuer, &[0x55, 0x04, *kind]))
}

/// Finds an attribute of a name: `SEQUENCE OF SET OF SEQUENCE { type, value }`.
fn attribute(mut name: &[u8], wanted: &[u8]) -> Option<String> {
    let mut found = None;
    while let Some((_, mut set, rest)) = element(name) {
        name = rest;
        while let Some((_, pair, others)) = element(set) {
            set = others;
            let (_, kind, value) = element(pair)?;
            if kind == wanted {
                found = element(value).map(|(_, text, _)| String::from_utf8_lossy(text).into_owned());
            }
        }
    }
    found
}

/// Takes the first element: its tag, its content, and what comes behind it. Rule: DER (X.690, 8.1).
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, length, rest) = match bytes {
        [tag, length, rest @ ..] if *length < 0x80 => (*tag, usize::from(*length), rest),
        [tag, count, rest @ ..] => {
            let (length, rest) = rest.split_at_checked(usize::from(*count & 0x7f))?;
            let bytes =
                length.iter().try_fold(0_usize, |sum, byte| Some(sum.checked_mul(256)? + usize::from(*byte)))?;
            (*tag, bytes, rest)
        }
        _ => return None,
    };
    let (content, behind) = rest.split_at_checked(length)?;
    Some((tag, content, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_no_certificate_names_anybody() {
        for bytes in [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x03\x30\x01\x02", &[0x30, 0xff, 1, 1]] {
            assert_eq!(named(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_place_nobody_is_at_has_no_certificate() {
        assert_eq!(certificate("127.0.0.1:1", None), None);
        assert_eq!(certificate("nonsense", None), None);
    }
}
