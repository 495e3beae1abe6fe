//! `stepback completions` and `stepback man`: every command and option is in them.

use std::process::Command;

fn stepback(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stepback")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_are_made_for_every_shell() {
    let help = stepback(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands = commands.filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 15, "{help}");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stepback(&["completions", shell]);
        for word in commands.iter().chain(&["--definition", "--no-config", "--allow-actions"]) {
            assert!(script.contains(word.trim_start_matches('-')), "{shell} does not complete {word}");
        }
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
fn doctor_tells_every_mistake_in_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stepback/config.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let doctor = |options: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
        command.args(["doctor", "--json"]).args(options).env("XDG_CONFIG_HOME", folder.path());
        let output = command.output().unwrap();
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = told["checks"].as_array().unwrap().iter().filter(|check| check["topic"] == "settings");
        let line =
            |check: &serde_json::Value| ["state", "name", "text"].map(|it| check[it].as_str().unwrap().to_owned());
        (output.status.code().unwrap(), checks.map(line).map(|line| line.join(" ")).collect::<Vec<_>>())
    };
    let named = file.display();
    assert_eq!(doctor(&[]), (0, vec![format!("good file none; {named} would be read")]));
    std::fs::write(&file, "theme = \"drak\"\nfolder = \"/no/such/place\"\n[keys]\nquit = \"ctrl-\"\n").unwrap();
    let expected = [
        format!("good file {named}"),
        "wrong line 1 There is no theme called drak. Is dark meant?".to_owned(),
        "wrong line 4 ctrl- is not a key. Keys are written like f, zR, ctrl-n, enter, pagedown.".to_owned(),
        "note folder /no/such/place is not there".to_owned(),
    ];
    assert_eq!(doctor(&[]), (1, expected.to_vec()));
    assert_eq!(doctor(&["--no-config"]).0, 0);
    std::fs::write(&file, b"theme = \"\xff\"").unwrap();
    let (code, told) = doctor(&[]);
    assert!(code == 1 && told[1].starts_with("wrong line 1 It cannot be read: "), "{told:?}");
    let elsewhere = doctor(&["--config", "/no/such/file.toml"]);
    assert!(elsewhere.0 == 1 && elsewhere.1[0].contains("Cannot read '/no/such/file.toml'"), "{elsewhere:?}");
}

#[test]
fn the_settings_in_the_book_are_understood() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/reference/configuration.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```toml\ntheme = ").unwrap();
    let (settings, _) = rest.split_once("```").unwrap();
    let output = keys(&format!("theme = {settings}"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(String::from_utf8(output.stdout).unwrap().contains("next-failure = \"f ctrl-n\""));
}
