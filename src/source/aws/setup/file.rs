//! The files of the AWS CLI, `config` and `credentials`, read.

use std::collections::HashMap;

/// What `config` says: its profiles, and the services that are elsewhere.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) profiles: Settings,
    pub(super) services: Settings,
}

/// Sections by their name, each with its settings.
type Settings = HashMap<String, HashMap<String, String>>;

/// What a section is of.
enum Head {
    Profile(String),
    Services(String),
    /// Sessions and what nobody knows.
    Other,
}

impl Sections {
    /// Reads `config`: sections are `[profile NAME]`, and only the default one has no word before it.
    pub(super) fn of_config(text: &str) -> Self {
        let mut sections = Self::default();
        read(text, |head| match head.split_once(char::is_whitespace) {
            Some(("profile", name)) => Head::Profile(unquoted(name)),
            Some(("services", name)) => Head::Services(unquoted(name)),
            None if head == "default" => Head::Profile(head.to_owned()),
            _ => Head::Other,
        })
        .into_iter()
        .for_each(|(head, settings)| match head {
            Head::Profile(name) => sections.profiles.entry(name).or_default().extend(settings),
            Head::Services(name) => sections.services.entry(name).or_default().extend(settings),
            Head::Other => {}
        });
        sections
    }

    /// Reads `credentials`: sections are `[NAME]`.
    pub(super) fn of_credentials(text: &str) -> Settings {
        let mut profiles = Settings::new();
        for (head, settings) in read(text, |head| Head::Profile(unquoted(head))) {
            if let Head::Profile(name) = head {
                profiles.entry(name).or_default().extend(settings);
            }
        }
        profiles
    }
}

/// Tells whether a variable is about proxies.
pub(super) fn is_proxy(name: &str) -> bool {
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn unquoted(name: &str) -> String {
    name.trim().trim_matches(['"', '\'']).to_owned()
}

/// Reads sections and their settings. What is indented belongs to the setting before it: `sfn =` and, below,
/// `endpoint_url = …` are `sfn.endpoint_url`.
fn read(text: &str, head: impl Fn(&str) -> Head) -> Vec<(Head, HashMap<String, String>)> {
    let mut sections: Vec<(Head, HashMap<String, String>)> = Vec::new();
    let mut above = String::new();
    for line in text.lines() {
        let is_inside = line.starts_with([' ', '\t']);
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()).filter(|_| !is_inside) {
            sections.push((head(name.trim()), HashMap::new()));
            above.clear();
            continue;
        }
        let (Some((_, settings)), Some((name, value))) = (sections.last_mut(), line.split_once('=')) else { continue };
        let name = name.trim().to_lowercase();
        // A comment behind a value begins with a space.
        let value = [" #", " ;"].iter().fold(value, |value, mark| value.split(mark).next().unwrap_or(value)).trim();
        if is_inside && !above.is_empty() {
            settings.insert(format!("{above}.{name}"), value.to_owned());
        } else {
            above = if value.is_empty() { name.clone() } else { String::new() };
            settings.insert(name, value.to_owned());
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_of_both_files_are_known_and_other_sections_are_none() {
        let config = "[default]\nregion=x\n[profile team]\n  sso_session = corp\n[sso-session corp]\n\
            [ profile 'a b' ] # x\n[odd]\n[profile keys]\naws_access_key_id = AKIA # mine\ns3 =\n  role_arn = no\n";
        let sections = Sections::of_config(config);
        let mut names: Vec<&str> = sections.profiles.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["a b", "default", "keys", "team"]);
        assert_eq!(sections.profiles["team"]["sso_session"], "corp");
        assert_eq!(sections.profiles["keys"]["aws_access_key_id"], "AKIA");
        assert!(!sections.profiles["keys"].contains_key("role_arn"));
        let credentials = Sections::of_credentials("[ci]\naws_access_key_id = [x]\n[team]\n");
        assert_eq!(credentials["ci"]["aws_access_key_id"], "[x]");
        assert_eq!(credentials.len(), 2);
    }
}
