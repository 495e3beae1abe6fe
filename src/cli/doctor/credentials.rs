//! Where AWS credentials would come from, without getting them and without showing any.

use super::checks::Check;
use crate::json::visible::without_credentials;
use crate::source::aws::Options;
use std::collections::HashMap;
use std::env;
use std::fmt;
use std::fs;
use std::path::PathBuf;

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

/// The sections of a file such as `~/.aws/config`.
type Sections = HashMap<String, HashMap<String, String>>;

pub(super) fn checks(options: &Options) -> Vec<Check> {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let named = options.profile.clone().or_else(|| variable("AWS_PROFILE"));
    let profile = named.clone().unwrap_or_else(|| "default".to_owned());
    let mut files = sections(&text_of(variable, "AWS_CONFIG_FILE", "config"));
    for (section, settings) in sections(&text_of(variable, "AWS_SHARED_CREDENTIALS_FILE", "credentials")) {
        files.entry(section).or_default().extend(settings);
    }
    let settings = files.get(&profile);
    let mut checks = vec![match (&named, settings) {
        (Some(name), None) => Check::wrong(TOPIC, "profile", format!("{name}, which is not in ~/.aws/config"))
            .hint("'aws configure list-profiles' lists those that are."),
        (None, None) => Check::good(TOPIC, "profile", "none"),
        (_, Some(_)) => Check::good(TOPIC, "profile", &*profile),
    }];
    let set = |name: &str| settings.and_then(|settings| settings.get(name)).cloned();
    let region = options.region.clone().map(|region| (region, "--region"));
    let region = region.or_else(|| Some((variable("AWS_REGION")?, "AWS_REGION")));
    let region = region.or_else(|| Some((variable("AWS_DEFAULT_REGION")?, "AWS_DEFAULT_REGION")));
    checks.push(match region.or_else(|| Some((set("region")?, "the profile"))) {
        Some((region, from)) => Check::good(TOPIC, "region", format!("{region}, from {from}")),
        None => Check::note(TOPIC, "region", "none; an ARN names its own")
            .hint("Name one with --region, AWS_REGION, or in the profile."),
    });
    let source = source(options.profile.is_some(), variable, settings);
    checks.push(match source {
        Source::Machine => Check::note(TOPIC, "credentials", source.to_string())
            .hint("Log in with 'aws sso login' or 'aws configure'. Recordings can be opened without."),
        source => Check::good(TOPIC, "credentials", source.to_string()),
    });
    let address = options.endpoint_url.clone().or_else(|| variable("AWS_ENDPOINT_URL_SFN"));
    if let Some(address) = address.or_else(|| variable("AWS_ENDPOINT_URL")) {
        checks.push(Check::note(TOPIC, "address", format!("{}, instead of AWS", without_credentials(&address))));
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

/// The text of a file of the AWS CLI: where a variable says, or in `~/.aws`.
fn text_of(variable: impl Fn(&str) -> Option<String>, named_by: &str, name: &str) -> String {
    let home = || Some(PathBuf::from(variable("HOME").or_else(|| variable("USERPROFILE"))?).join(".aws").join(name));
    let path = variable(named_by).map(PathBuf::from).or_else(home);
    path.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default()
}

/// Reads `[profile name]` or `[name]` and the settings below; nested settings, which are indented, belong to none.
fn sections(text: &str) -> Sections {
    let mut sections = Sections::new();
    let mut current = None;
    for line in text.lines() {
        if line.starts_with([' ', '\t', '#', ';']) {
            continue;
        }
        if let Some(head) = line.trim_end().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let name = match head.trim().split_once(char::is_whitespace) {
                Some(("profile", name)) => Some(name.trim()),
                // Sessions and services are no profiles.
                Some(_) => None,
                None => Some(head.trim()),
            };
            current = name.map(str::to_owned);
            current.iter().for_each(|name| {
                sections.entry(name.clone()).or_default();
            });
        } else if let (Some(section), Some((name, value))) = (&current, line.split_once('=')) {
            let settings = sections.entry(section.clone()).or_default();
            settings.insert(name.trim().to_lowercase(), value.trim().to_owned());
        }
    }
    sections
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
        source(by_name, variable, sections(CONFIG).get(profile))
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

    #[test]
    fn sessions_are_no_profiles() {
        let mut names: Vec<_> = sections(CONFIG).into_keys().collect();
        names.sort();
        assert_eq!(names, ["ci", "default", "keys", "sso"]);
    }
}
