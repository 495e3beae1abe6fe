//! `stepback completions` and `stepback man`: every command and option is in them.

use std::process::Command;

fn stepback(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stepback")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stepback(&["completions", shell]);
        assert!(script.contains("test-state") && script.contains("definition"), "{shell}");
    }
    let bash = Command::new("bash").args(["-n", "-c", &stepback(&["completions", "bash"])]).status();
    assert!(bash.is_err() || bash.is_ok_and(|status| status.success()), "bash does not understand its completions");
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    assert!(stepback(&["man"]).starts_with(".ie"));
    let folder = tempfile::tempdir().unwrap();
    stepback(&["man", "-o", &folder.path().join("man1").display().to_string()]);
    for page in ["stepback.1", "stepback-why.1", "stepback-test-state.1"] {
        let page = std::fs::read_to_string(folder.path().join("man1").join(page)).unwrap();
        assert!(page.contains(".SH NAME"), "{page}");
    }
}

/// Runs `stepback keys` with a configuration file.
fn keys(config: &str) -> std::process::Output {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.toml", config.len()));
    std::fs::write(&file, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
    command.arg("keys").arg("--config").arg(&file).output().unwrap()
}

#[test]
fn keys_are_printed_as_a_configuration_file_takes_them() {
    let plain = keys("");
    assert_eq!(plain.status.code(), Some(0));
    let printed = String::from_utf8(plain.stdout).unwrap();
    assert!(printed.contains("next-failure = \"f\""), "{printed}");
    let again = keys(&printed);
    assert_eq!(String::from_utf8(again.stderr).unwrap(), "");
    assert_eq!(String::from_utf8(again.stdout).unwrap(), printed, "what is printed means the same when it is read");
}

#[test]
fn a_mistake_in_the_configuration_is_told_and_stops_nothing() {
    let output = keys("[keys]\nnext-failur = \"e\"\nnext-failure = \"e\"\n");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("line 2: There is no action called next-failur. Is next-failure meant?"), "{said}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("next-failure = \"e\""));
}

#[test]
fn the_settings_in_the_readme_are_understood() {
    let readme = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```toml\ntheme = ").unwrap();
    let (settings, _) = rest.split_once("```").unwrap();
    let output = keys(&format!("theme = {settings}"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(String::from_utf8(output.stdout).unwrap().contains("next-failure = \"f ctrl-n\""));
}
