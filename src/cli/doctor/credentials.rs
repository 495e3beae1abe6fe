//! Where AWS credentials would come from, without getting them and without showing any.

use super::checks::Check;
use crate::json::visible::without_credentials;
use crate::source::aws::{AwsError, ErrorKind, Options, Setup};
use std::collections::HashMap;
use std::fmt;

const TOPIC: &str = "AWS";

/// What an AWS program takes credentials from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Environment,
    /// IAM Identity Center: the session's name or start address.
    Sso(String),
    /// A role that is assumed.
    Role(String),
    Process,
    /// Keys in a file.
    Keys,
    WebIdentity(String),
    Container,
    /// Nothing says anything: only the machine's own role is left.
    Machine,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("keys in the environment (AWS_ACCESS_KEY_ID)"),
            Self::Sso(session) => write!(f, "IAM Identity Center, {session}"),
            Self::Role(role) => write!(f, "the role {role}"),
            Self::Process => f.write_str("a program (credential_process)"),
            Self::Keys => f.write_str("keys in ~/.aws/credentials or ~/.aws/config"),
            Self::WebIdentity(role) => write!(f, "a web identity, for the role {role}"),
            Self::Container => f.write_str("the container's role"),
            Self::Machine => f.write_str("none set; only the role of the machine itself is left, if it has one"),
        }
    }
}

pub(super) fn checks(options: &Options) -> Vec<Check> {
    let setup = Setup::of_machine();
    let named = options.profile.as_deref();
    let profile = setup.profile(named);
    let is_said = named.is_some() || setup.variable("AWS_PROFILE").is_some();
    let mut checks = vec![match setup.settings(profile) {
        None if is_said => Check::wrong(TOPIC, "profile", format!("{profile}, which is not in ~/.aws/config"))
            .hint("'aws configure list-profiles' lists those that are."),
        None => Check::good(TOPIC, "profile", "none"),
        Some(_) => Check::good(TOPIC, "profile", profile),
    }];
    let region = options.region.as_deref().map(|region| (region, "--region")).or_else(|| setup.region(named));
    checks.push(match region {
        Some((region, from)) => Check::good(TOPIC, "region", format!("{region}, from {from}")),
        None => Check::note(TOPIC, "region", "none; an ARN names its own")
            .hint("Name one with --region, AWS_REGION, or in the profile."),
    });
    let variable = |name: &str| setup.variable(name).map(str::to_owned);
    let source = source(named.is_some(), variable, setup.settings(profile));
    checks.push(match (setup.fault(named), source) {
        (Some(kind @ ErrorKind::Misconfigured { .. }), _) => {
            let error = AwsError::new(kind);
            Check::wrong(TOPIC, "credentials", error.to_string()).hint(error.hint().unwrap_or_default())
        }
        (_, source @ Source::Machine) => Check::note(TOPIC, "credentials", source.to_string())
            .hint("Log in with 'aws sso login' or 'aws configure'. Recordings can be opened without."),
        (_, source) => Check::good(TOPIC, "credentials", source.to_string()),
    });
    let given = options.endpoint_url.as_deref().filter(|url| !url.is_empty());
    let address = given.map(|url| (url, "--endpoint-url".to_owned())).or_else(|| setup.endpoint(named, "SFN"));
    if let Some((address, from)) = address {
        let text = format!("{}, instead of AWS, from {from}", without_credentials(address));
        checks.push(Check::note(TOPIC, "address", text));
    }
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        if let Some((value, name)) = setup.proxy(name) {
            checks.push(Check::note(TOPIC, name, without_credentials(value)));
        }
    }
    if let Some((path, from)) = setup.ca_bundle(named) {
        checks.push(Check::note(TOPIC, "certificates", format!("those in {path} only, from {from}")));
    }
    checks
}

/// The order in which AWS programs look; a profile named on the command line goes before the environment.
fn source(
    by_name: bool,
    variable: impl Fn(&str) -> Option<String>,
    settings: Option<&HashMap<String, String>>,
) -> Source {
    if !by_name && variable("AWS_ACCESS_KEY_ID").is_some() {
        return Source::Environment;
    }
    let set = |name: &str| settings.and_then(|settings| settings.get(name)).cloned();
    if let Some(role) = set("role_arn") {
        return Source::Role(role);
    }
    if let Some(session) = set("sso_session").or_else(|| set("sso_start_url")) {
        return Source::Sso(session);
    }
    if set("credential_process").is_some() {
        return Source::Process;
    }
    if set("aws_access_key_id").is_some() {
        return Source::Keys;
    }
    if let Some(role) = variable("AWS_WEB_IDENTITY_TOKEN_FILE").and_then(|_| variable("AWS_ROLE_ARN")) {
        return Source::WebIdentity(role);
    }
    let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    if container.into_iter().any(|name| variable(name).is_some()) {
        return Source::Container;
    }
    Source::Machine
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "[default]\nregion = eu-west-1\n[profile sso]\nsso_session = corp\n# x = 1\n[sso-session corp]\n\
        sso_start_url = https://corp.awsapps.com/start\n[profile ci]\nrole_arn=arn:aws:iam::1:role/ci\nsource_profile=default\n\
        [profile keys]\naws_access_key_id = AKIA\ns3 =\n  role_arn = no\n";

    fn of(profile: &str, by_name: bool, variables: &[(&str, &str)]) -> Source {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        source(by_name, variable, Setup::new([], CONFIG, "").settings(profile))
    }

    #[test]
    fn the_source_is_told_without_what_comes_from_it() {
        let keys = [("AWS_ACCESS_KEY_ID", "AKIAX")];
        assert_eq!(of("sso", false, &keys), Source::Environment);
        assert_eq!(of("sso", true, &keys), Source::Sso("corp".to_owned()));
        assert_eq!(of("ci", true, &[]), Source::Role("arn:aws:iam::1:role/ci".to_owned()));
        assert_eq!(of("keys", true, &[]), Source::Keys);
        assert_eq!(
            of("default", false, &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "r")]),
            Source::WebIdentity("r".to_owned())
        );
        assert_eq!(of("default", false, &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "u")]), Source::Container);
        assert_eq!(of("default", false, &[]), Source::Machine);
        assert!(!of("keys", true, &[]).to_string().contains("AKIA"));
    }
}
