//! Through proxies, and with certificates of one's own, as networks of companies want it.

use super::account::Account;
use super::proxy::Proxy;
use super::*;
use crate::program::{Done, Program};
use std::process::Command;

/// Asks why an execution failed, with these variables.
fn why(endpoint: &str, variables: &[(&str, &str)]) -> Done {
    let program = Program::new("", "eu-west-1");
    let mut command: Command = program.command(&["why", ARN, "--endpoint-url", endpoint]);
    command.env("AWS_MAX_ATTEMPTS", "1").envs(variables.iter().copied());
    Done(command.output().unwrap())
}

fn behind_tls() -> Stub {
    let account = Account::new(Service::default());
    Stub::with_tls(move |request| account.answer(request))
}

#[test]
fn https_goes_through_a_tunnel_in_either_case_of_the_variable() {
    let (stub, ca) = (behind_tls(), tls::authority());
    let ca = ca.to_str().unwrap();
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let proxy = Proxy::to(stub.address());
        let done = why("https://states.test", &[(name, &proxy.url()), ("AWS_CA_BUNDLE", ca)]).expect(1);
        assert!(done.told().contains("no stock"), "{}", done.told());
        assert!(proxy.lines().iter().all(|line| line == "CONNECT states.test:443 HTTP/1.1"), "{:?}", proxy.lines());
        assert!(!proxy.lines().is_empty(), "{name}");
    }
    assert!(stub.received().iter().all(|request| request.host == "states.test"));
}

#[test]
fn http_is_asked_of_the_proxy_in_full() {
    let stub = Stub::new(|request| Service::default().answer(request));
    for name in ["HTTP_PROXY", "http_proxy"] {
        let done = why("http://states.test:4566", &[(name, &stub.url())]).expect(1);
        assert!(done.told().contains("no stock"), "{}", done.said());
    }
    assert!(
        stub.received().iter().all(|request| request.target == "http://states.test:4566/"),
        "{:?}",
        stub.received()
    );
}

#[test]
fn hosts_that_need_no_proxy_are_reached_without() {
    let (stub, proxy) = (Stub::new(|request| Service::default().answer(request)), Proxy::to("127.0.0.1:1"));
    for (name, value) in [("NO_PROXY", "127.0.0.1"), ("no_proxy", "other.test, 127.0.0.0/8"), ("NO_PROXY", "*")] {
        let variables = [("HTTP_PROXY", &*proxy.url()), ("ALL_PROXY", &proxy.url()), (name, value)];
        why(&stub.url(), &variables).expect(1);
    }
    assert_eq!(proxy.lines(), [""; 0]);
    let refused = why(&stub.url(), &[("HTTP_PROXY", &proxy.url()), ("NO_PROXY", "other.test")]).expect(3);
    assert!(!proxy.lines().is_empty(), "{}", refused.said());
}

#[test]
fn a_proxy_that_wants_a_login_is_told_one_and_says_when_it_is_not() {
    let (stub, ca) = (behind_tls(), tls::authority());
    let ca = ca.to_str().unwrap();
    // `me:secret`
    let proxy = Proxy::with_login(stub.address(), "Basic bWU6c2VjcmV0");
    let with_login = format!("http://me:secret@{}", proxy.address());
    why("https://states.test", &[("HTTPS_PROXY", &with_login), ("AWS_CA_BUNDLE", ca)]).expect(1);
    for url in [proxy.url(), format!("http://me:wrong@{}", proxy.address())] {
        let said = why("https://states.test", &[("HTTPS_PROXY", &url), ("AWS_CA_BUNDLE", ca)]).expect(3).said();
        let expected = format!(
            "error: Cannot reach AWS at states.test:443 through the proxy {}: it wants a login (407).\n\
             hint: Check HTTPS_PROXY",
            proxy.address()
        );
        assert!(said.starts_with(&expected) && !said.contains("wrong"), "{said}");
    }
}

#[test]
fn a_proxy_that_is_not_there_or_is_none_is_told() {
    let nobody = stub::nowhere();
    let said = why("https://states.test", &[("HTTPS_PROXY", &nobody)]).expect(3).said();
    let place = nobody.trim_start_matches("http://");
    assert!(
        said.contains(&format!("Cannot reach the proxy {place} that leads to AWS: the connection was refused.")),
        "{said}"
    );
    for (value, reason) in
        [("socks5://me:secret@proxy:1080", "SOCKS proxies are not supported"), ("a b", "it is not an address")]
    {
        let said = why("https://states.test", &[("HTTPS_PROXY", value)]).expect(3).said();
        assert!(said.contains("HTTPS_PROXY is '") && said.contains(reason) && !said.contains("secret"), "{said}");
    }
}

#[test]
fn a_certificate_that_is_not_trusted_names_who_issued_it() {
    let stub = behind_tls();
    let url = stub.url();
    let said = why(&url, &[]).expect(3).said();
    let (place, issuer) = (stub.address(), tls::ISSUER);
    let expected = format!(
        "error: Cannot reach AWS: the certificate of {place}, issued by '{issuer}', is not trusted.\nhint: If your network \
         looks into connections, name the certificates of whoever does with AWS_CA_BUNDLE or ca_bundle.\n"
    );
    assert_eq!(said, expected);
    let proxy = Proxy::to(stub.address());
    let said = why("https://states.test", &[("HTTPS_PROXY", &proxy.url())]).expect(3).said();
    assert!(
        said.contains(&format!("the certificate of states.test:443, issued by '{issuer}', is not trusted")),
        "{said}"
    );
    let ca = tls::authority();
    let ca = ca.to_str().unwrap();
    let said = why("https://other.test", &[("HTTPS_PROXY", &proxy.url()), ("AWS_CA_BUNDLE", ca)]).expect(3).said();
    assert!(said.contains("is for another host"), "{said}");
    assert!(why(&url, &[("AWS_CA_BUNDLE", ca)]).expect(1).told().contains("no stock"));
    let plain = Stub::new(|request| Service::default().answer(request));
    let said = why(&plain.url().replace("http://", "https://"), &[]).expect(3).said();
    assert!(said.contains("the connection was closed before it was encrypted"), "{said}");
}

#[test]
fn the_certificates_of_a_profile_are_trusted_and_bad_ones_are_told() {
    let stub = behind_tls();
    let program = Program::new("", "eu-west-1");
    std::fs::create_dir(program.path(".aws")).unwrap();
    let config = format!("[profile corp]\nca_bundle = {}\n", tls::authority().display());
    std::fs::write(program.path(".aws/config"), config).unwrap();
    let run = |variables: &[(&str, &str)]| {
        let mut command = program.command(&["why", ARN, "--endpoint-url", &stub.url()]);
        Done(command.envs(variables.iter().copied()).output().unwrap())
    };
    run(&[("AWS_PROFILE", "corp")]).expect(1);
    std::fs::write(program.path("bad.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    let bad = program.path("bad.pem");
    for (path, reason) in [
        (bad.to_str().unwrap(), "one of them is not a certificate"),
        ("/nowhere.pem", "no such file or directory"),
        ("/dev/null", "there are none"),
    ] {
        let said = run(&[("AWS_CA_BUNDLE", path)]).expect(3).said();
        assert!(
            said.contains(&format!("Cannot use the certificates in '{path}' (AWS_CA_BUNDLE): {reason}.")),
            "{said}"
        );
    }
}

#[test]
fn doctor_tells_of_proxies_and_certificates_without_their_secrets() {
    let program = Program::new("", "eu-west-1");
    let mut command = program.command(&["doctor"]);
    command.env("https_proxy", "http://me:secret@proxy.test:3128").env("NO_PROXY", "localhost");
    command.env("AWS_CA_BUNDLE", tls::authority());
    let told = Done(command.output().unwrap()).told();
    assert!(
        told.contains("https_proxy") && told.contains("http://proxy.test:3128") && !told.contains("secret"),
        "{told}"
    );
    assert!(told.contains("NO_PROXY") && told.contains("from AWS_CA_BUNDLE"), "{told}");
}
