//! What this machine has set up for programs of AWS: variables, and the profiles in its two files.
//!
//! The SDK reads the same, but says little about what is missing, stops the program over some values, and takes an empty
//! variable for a value. Rule throughout: as the AWS CLI has it, and a variable that is empty is not set.

mod fault;
mod file;

use super::ErrorKind;
#[cfg(feature = "aws")]
pub(super) use fault::is_sound;
use file::Sections;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;

/// The variables and the profiles.
#[derive(Clone, Default)]
pub struct Setup {
    variables: HashMap<String, String>,
    profiles: HashMap<String, HashMap<String, String>>,
    /// The sections `[services NAME]`: for each the settings of a service, as `sfn.endpoint_url`.
    services: HashMap<String, HashMap<String, String>>,
}

/// Keeps secrets out of messages and logs.
impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Setup({} profiles)", self.profiles.len())
    }
}

/// The variables that are read: none else is kept.
const PREFIXES: [&str; 4] = ["AWS_", "HOME", "USERPROFILE", "SSL_CERT_FILE"];

impl Setup {
    /// Reads what is set up here: the environment and the files in `~/.aws`, or those that `AWS_CONFIG_FILE` and
    /// `AWS_SHARED_CREDENTIALS_FILE` name.
    pub fn of_machine() -> Self {
        let wanted = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || file::is_proxy(name);
        // What is not Unicode is nothing AWS could understand.
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
            wanted(&name).then_some((name, value))
        });
        let setup = Self::new(variables, "", "");
        let read = |variable, usual| setup.file(variable, usual).and_then(|path| fs::read(path).ok());
        let text = |variable, usual| String::from_utf8_lossy(&read(variable, usual).unwrap_or_default()).into_owned();
        let (config, credentials) =
            (text("AWS_CONFIG_FILE", "config"), text("AWS_SHARED_CREDENTIALS_FILE", "credentials"));
        Self::new(setup.variables, &config, &credentials)
    }

    /// A setup of these variables and these texts of the two files.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>, config: &str, credentials: &str) -> Self {
        let variables = variables.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        let Sections { mut profiles, services } = Sections::of_config(config);
        // A profile may be in both files; what the second one says wins.
        for (name, settings) in Sections::of_credentials(credentials) {
            profiles.entry(name).or_default().extend(settings);
        }
        Self { variables, profiles, services }
    }

    /// Returns a variable that is set and not empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Returns the names of the profiles.
    pub fn profiles(&self) -> BTreeSet<String> {
        self.profiles.keys().cloned().collect()
    }

    /// Returns the profile that holds when this one was named, or none was.
    pub fn profile<'a>(&'a self, named: Option<&'a str>) -> &'a str {
        named.or_else(|| self.variable("AWS_PROFILE")).unwrap_or("default")
    }

    /// Returns the settings of a profile; `None` when there is no such profile.
    pub fn settings(&self, profile: &str) -> Option<&HashMap<String, String>> {
        self.profiles.get(profile)
    }

    /// Returns a setting of a profile.
    pub fn setting(&self, profile: &str, name: &str) -> Option<&str> {
        self.profiles.get(profile)?.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns the region when this profile was named, or none was, and what says so.
    pub fn region(&self, named: Option<&str>) -> Option<(&str, &'static str)> {
        let variable = |name: &'static str| Some((self.variable(name)?, name));
        let of_profile = || Some((self.setting(self.profile(named), "region")?, "the profile"));
        variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")).or_else(of_profile)
    }

    /// Returns the address that stands in for AWS's, and what says so. `service` is the service's name in variables,
    /// such as `CLOUDWATCH_LOGS`. Rule: the SDKs' guide, "Service-specific endpoints".
    pub fn endpoint(&self, named: Option<&str>, service: &str) -> Option<(&str, String)> {
        let profile = self.profile(named);
        let ignored = self.variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
        let ignored = ignored.or_else(|| self.setting(profile, "ignore_configured_endpoint_urls"));
        if ignored.is_some_and(|ignored| ignored.eq_ignore_ascii_case("true")) {
            return None;
        }
        let variable = |name: String| Some((self.variable(&name)?, name));
        let of_service = || {
            let section = self.services.get(self.setting(profile, "services")?)?;
            let name = format!("{}.endpoint_url", service.to_lowercase());
            Some((section.get(&name)?.as_str(), format!("{name} in ~/.aws/config")))
        };
        let of_profile = || Some((self.setting(profile, "endpoint_url")?, "endpoint_url in ~/.aws/config".to_owned()));
        variable(format!("AWS_ENDPOINT_URL_{service}"))
            .or_else(|| variable("AWS_ENDPOINT_URL".to_owned()))
            .or_else(of_service)
            .or_else(of_profile)
    }

    /// Returns how often a call may be sent in all, when that is set: `AWS_MAX_ATTEMPTS`, `max_attempts`.
    pub fn attempts(&self, named: Option<&str>) -> Option<u32> {
        let set = self.variable("AWS_MAX_ATTEMPTS").or_else(|| self.setting(self.profile(named), "max_attempts"));
        set?.trim().parse().ok().filter(|attempts| *attempts > 0)
    }

    /// Returns the file with the certificates to trust instead of the system's, and what says so.
    pub fn ca_bundle(&self, named: Option<&str>) -> Option<(&str, &'static str)> {
        let variable = || Some((self.variable("AWS_CA_BUNDLE")?, "AWS_CA_BUNDLE"));
        variable().or_else(|| Some((self.setting(self.profile(named), "ca_bundle")?, "ca_bundle in ~/.aws/config")))
    }

    /// Returns a variable about proxies in either case, and its name as it is written. Rule: as hyper and curl have it,
    /// capitals first.
    pub fn proxy(&self, name: &str) -> Option<(&str, String)> {
        let either = [name.to_owned(), name.to_lowercase()];
        either.into_iter().find_map(|name| Some((self.variable(&name)?, name)))
    }

    /// Returns what is wrong with what is set up, when that keeps it from working: before anything is asked.
    pub fn fault(&self, named: Option<&str>) -> Option<ErrorKind> {
        fault::find(self, named)
    }

    fn file(&self, variable: &str, usual: &str) -> Option<PathBuf> {
        let named = self.variable(variable).map(PathBuf::from);
        named.or_else(|| Some(etcetera::home_dir().ok()?.join(".aws").join(usual)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(variables: &[(&str, &str)], config: &str) -> Setup {
        Setup::new(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())), config, "")
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let config = "[default]\nregion = eu-west-1\nendpoint_url = http://profile\n";
        let empty = [("AWS_REGION", ""), ("AWS_ENDPOINT_URL", ""), ("AWS_ENDPOINT_URL_SFN", " "), ("AWS_PROFILE", "")];
        let setup = setup(&empty, config);
        assert_eq!(setup.region(None), Some(("eu-west-1", "the profile")));
        assert_eq!(setup.endpoint(None, "SFN").unwrap().0, "http://profile");
        assert_eq!(setup.profile(None), "default");
    }

    /// Variables, the service, its address.
    type Case = (&'static [(&'static str, &'static str)], &'static str, Option<&'static str>);

    #[test]
    fn an_address_is_the_one_said_most_specifically() {
        let config = "[default]\nendpoint_url = http://profile\nservices = local\n[services local]\nsfn =\n  \
            endpoint_url = http://section\n  other = 1\ns3 =\n  endpoint_url = http://s3\n";
        let cases: [Case; 6] = [
            (&[("AWS_ENDPOINT_URL_SFN", "http://a"), ("AWS_ENDPOINT_URL", "http://b")], "SFN", Some("http://a")),
            (&[("AWS_ENDPOINT_URL_SFN", "http://a"), ("AWS_ENDPOINT_URL", "http://b")], "STS", Some("http://b")),
            (&[("AWS_ENDPOINT_URL_SFN", "http://a")], "CLOUDWATCH_LOGS", Some("http://profile")),
            (&[], "SFN", Some("http://section")),
            (&[], "STS", Some("http://profile")),
            (&[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"), ("AWS_ENDPOINT_URL", "http://b")], "SFN", None),
        ];
        for (variables, service, expected) in cases {
            let setup = setup(variables, config);
            assert_eq!(setup.endpoint(None, service).map(|(url, _)| url), expected, "{variables:?} {service}");
        }
    }

    #[test]
    fn how_often_is_a_number_of_at_least_one() {
        for (value, expected) in [("3", Some(3)), ("0", None), ("-1", None), ("x", None), ("99999999999999", None)] {
            assert_eq!(setup(&[("AWS_MAX_ATTEMPTS", value)], "").attempts(None), expected, "{value}");
        }
        assert_eq!(setup(&[], "[default]\nmax_attempts = 2\n").attempts(None), Some(2));
    }
}
