//! The profiles that are set up on this machine.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Returns the names of the profiles in `~/.aws/config` and `~/.aws/credentials`, or in the files that
/// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name.
pub fn profiles() -> BTreeSet<String> {
    let read =
        |variable, usual| file(variable, usual).and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    names(&read("AWS_CONFIG_FILE", "config"), &read("AWS_SHARED_CREDENTIALS_FILE", "credentials"))
}

fn file(variable: &str, usual: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    named.or_else(|| Some(etcetera::home_dir().ok()?.join(".aws").join(usual)))
}

/// Sections are `[profile NAME]` in the one file, where only the default one has no word before it, and `[NAME]` in
/// the other.
fn names(config: &str, credentials: &str) -> BTreeSet<String> {
    let of_config = sections(config).filter_map(|section| match section.split_once(char::is_whitespace) {
        Some(("profile", name)) => Some(name.trim()),
        None if section == "default" => Some(section),
        _ => None,
    });
    of_config.chain(sections(credentials)).map(|name| name.trim_matches(['"', '\'']).to_owned()).collect()
}

fn sections(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| Some(line.trim().strip_prefix('[')?.split(']').next()?.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_of_both_files_are_known_and_other_sections_are_none() {
        let config =
            "[default]\nregion=x\n[profile team]\n  sso_session = corp\n[sso-session corp]\n[ profile 'a b' ] # x\n";
        let credentials = "[ci]\naws_access_key_id = [x]\n[team]\n";
        let names: Vec<String> = names(config, credentials).into_iter().collect();
        assert_eq!(names, ["a b", "ci", "default", "team"]);
    }
}
