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
