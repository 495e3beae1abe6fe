//! What the program is linked with may be given away with it.

use std::process::Command;

/// The licences that ask for no more than a notice.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Tells whether a licence expression can be met with the allowed ones: one side of each OR, both sides of each AND.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let plain = expression.replace(['(', ')'], " ");
    let all = |part: &str| part.split(" AND ").all(|licence| ALLOWED.contains(&licence.trim()));
    // Brackets hold alternatives everywhere in this tree: "(A OR B) AND C".
    if expression.contains('(') {
        return plain.split(" AND ").all(|part| part.split(" OR ").any(|licence| ALLOWED.contains(&licence.trim())));
    }
    plain.split(" OR ").any(all)
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let cases = [
        ("MIT OR Apache-2.0", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("Apache-2.0 AND ISC", true),
    ];
    for (expression, allowed) in cases {
        assert_eq!(is_allowed(expression), allowed, "{expression}");
    }
}

/// Tells whether a package names no licence and its licence file is the MIT licence, word for word where it counts.
fn has_mit_file(package: &serde_json::Value) -> bool {
    let (Some(file), Some(manifest)) = (package["license_file"].as_str(), package["manifest_path"].as_str()) else {
        return false;
    };
    let text = std::fs::read_to_string(std::path::Path::new(manifest).with_file_name(file)).unwrap_or_default();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    package["license"].is_null()
        && text.contains("Permission is hereby granted, free of charge, to any person obtaining a copy")
        && text.contains("THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND")
}

#[test]
fn every_dependency_may_be_given_away() {
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform"];
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(arguments).arg(host).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    let wrong: Vec<_> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_allowed) && !has_mit_file(package))
        .map(|package| format!("{}: {}", package["name"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
