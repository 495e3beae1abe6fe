//! What is wrong with a setup, in the words of whoever wrote it.

use super::Setup;
use crate::source::aws::ErrorKind;

/// Profiles that lead to profiles are followed so far.
const CHAIN: usize = 20;

/// The most characters of a name that are shown.
const LONGEST: usize = 80;

/// Returns what keeps credentials from being got. Rule: a profile that is named goes before keys in the environment.
pub(super) fn find(setup: &Setup, named: Option<&str>) -> Option<ErrorKind> {
    let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    match keys.map(|name| setup.variable(name)) {
        [Some(_), None] if named.is_none() => return Some(half("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")),
        [None, Some(_)] if named.is_none() => return Some(half("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")),
        _ => {}
    }
    let of_keys = ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"];
    if let Some(name) = of_keys.into_iter().find(|name| !setup.variable(name).is_none_or(is_sound))
        && named.is_none()
    {
        let hint = "Set it anew; a key has letters and digits only.".into();
        return Some(ErrorKind::Misconfigured { what: format!("{name} has characters that no key has").into(), hint });
    }
    let profile = setup.profile(named);
    let said = named.is_some() || setup.variable("AWS_PROFILE").is_some();
    if setup.settings(profile).is_none() {
        return said.then(|| ErrorKind::NoProfile(profile.chars().take(LONGEST).collect::<String>().into()));
    }
    if named.is_none() && setup.variable("AWS_ACCESS_KEY_ID").is_some() {
        return None;
    }
    in_profile(setup, profile, &mut Vec::new())
}

/// Tells whether a key can be sent, in the header of a request: the SDK ends the program over one that cannot.
pub(in crate::source::aws) fn is_sound(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_graphic())
}

fn half(there: &str, missing: &str) -> ErrorKind {
    ErrorKind::Misconfigured {
        what: format!("{there} is set, but {missing} is not").into(),
        hint: format!("Set both, or unset {there}.").into(),
    }
}

/// Looks at a profile, and at those it takes its credentials from.
fn in_profile(setup: &Setup, profile: &str, before: &mut Vec<String>) -> Option<ErrorKind> {
    let set = |name: &str| setup.setting(profile, name);
    if let Some(kind) = half_in_profile(setup, profile) {
        return Some(kind);
    }
    if let Some(name) =
        ["aws_access_key_id", "aws_session_token"].into_iter().find(|name| !set(name).is_none_or(is_sound))
    {
        let what = format!("The profile '{profile}' has characters in {name} that no key has").into();
        let hint = "Correct it in ~/.aws/credentials or ~/.aws/config.".into();
        return Some(ErrorKind::Misconfigured { what, hint });
    }
    let role = set("role_arn")?;
    let elsewhere = ["credential_source", "web_identity_token_file"].iter().any(|name| set(name).is_some());
    let Some(source) = set("source_profile") else {
        return (!elsewhere).then(|| ErrorKind::Misconfigured {
            what: format!("The profile '{profile}' is to take the role {role}, and does not say as whom").into(),
            hint: "Add source_profile or credential_source to it in ~/.aws/config.".into(),
        });
    };
    if setup.settings(source).is_none() {
        return Some(ErrorKind::Misconfigured {
            what: format!(
                "The profile '{profile}' takes its credentials from '{source}', and there is no such profile"
            )
            .into(),
            hint: "Check source_profile in ~/.aws/config; 'aws configure list-profiles' lists the profiles.".into(),
        });
    }
    let own_keys = set("aws_access_key_id").is_some();
    if source == profile {
        return (!own_keys).then(|| circle(profile, before));
    }
    before.push(profile.to_owned());
    if before.iter().any(|known| known == source) || before.len() > CHAIN {
        return Some(circle(source, before));
    }
    in_profile(setup, source, before)
}

fn half_in_profile(setup: &Setup, profile: &str) -> Option<ErrorKind> {
    let keys = ["aws_access_key_id", "aws_secret_access_key"];
    let (there, missing) = match keys.map(|name| setup.setting(profile, name)) {
        [Some(_), None] => (keys[0], keys[1]),
        [None, Some(_)] => (keys[1], keys[0]),
        _ => return None,
    };
    Some(ErrorKind::Misconfigured {
        what: format!("The profile '{profile}' has {there}, but no {missing}").into(),
        hint: "Complete it in ~/.aws/credentials or ~/.aws/config.".into(),
    })
}

fn circle(profile: &str, before: &[String]) -> ErrorKind {
    let way: Vec<&str> = before.iter().map(String::as_str).chain([profile]).collect();
    ErrorKind::Misconfigured {
        what: format!("Profiles take their credentials from each other: {}", way.join(" → ")).into(),
        hint: "Check source_profile in ~/.aws/config.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "[profile ci]\nrole_arn = arn:r\nsource_profile = base\n[profile half]\naws_access_key_id = A\n\
        [profile whole]\naws_access_key_id = A\naws_secret_access_key = s\n[profile good]\nrole_arn = arn:r\n\
        source_profile = whole\n[profile machine]\nrole_arn = arn:r\ncredential_source = Ec2InstanceMetadata\n\
        [profile alone]\nrole_arn = arn:r\n[profile a]\nrole_arn = arn:r\nsource_profile = b\n[profile b]\n\
        role_arn = arn:r\nsource_profile = a\n[profile far]\nrole_arn = arn:r\nsource_profile = half\n[profile self]\n\
        role_arn = arn:r\nsource_profile = self\naws_access_key_id = A\naws_secret_access_key = s\n";

    /// Variables, the profile that is named, what is said.
    type Case = (&'static [(&'static str, &'static str)], Option<&'static str>, &'static str);

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_the_files() {
        let cases: [Case; 14] = [
            (&[], Some("ci"), "The profile 'ci' takes its credentials from 'base', and there is no such profile"),
            (&[], Some("half"), "The profile 'half' has aws_access_key_id, but no aws_secret_access_key"),
            (&[], Some("far"), "The profile 'half' has aws_access_key_id, but no aws_secret_access_key"),
            (&[], Some("alone"), "The profile 'alone' is to take the role arn:r, and does not say as whom"),
            (&[], Some("a"), "Profiles take their credentials from each other: a → b → a"),
            (&[], Some("nowhere"), "NoProfile"),
            (&[("AWS_PROFILE", "nowhere")], None, "NoProfile"),
            (&[("AWS_ACCESS_KEY_ID", "A")], None, "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"),
            (&[("AWS_SECRET_ACCESS_KEY", "s")], None, "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not"),
            (&[("AWS_SECRET_ACCESS_KEY", "s")], Some("whole"), ""),
            (&[], Some("good"), ""),
            (&[], Some("machine"), ""),
            (&[], Some("self"), ""),
            (&[], None, ""),
        ];
        for (variables, named, expected) in cases {
            let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let said = match Setup::new(variables, CONFIG, "").fault(named) {
                Some(ErrorKind::Misconfigured { what, .. }) => what.to_string(),
                Some(ErrorKind::NoProfile(_)) => "NoProfile".to_owned(),
                other => other.map_or_else(String::new, |other| format!("{other:?}")),
            };
            assert_eq!(said, expected, "{named:?}");
        }
    }
}
