//! `stepback export --format html`: a page that is whole, harmless, and tells the cause.

use std::path::Path;
use std::process::Command;

fn page(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
    let output =
        Command::new(env!("CARGO_BIN_EXE_stepback")).args(["export", "--format", "html"]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The tags in the order they come, without their attributes and without those that end themselves.
fn tags(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1).filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag));
    tags.filter(|tag| !tag.ends_with('/')).filter_map(|tag| tag.split_ascii_whitespace().next()).collect()
}

#[test]
fn the_page_tells_the_cause_and_needs_nothing_from_elsewhere() {
    let page = page("payouts-child-failed.sfn.json");
    for told in ["BankRejected", "ClosedAccountNumber", "SendTransfer", "PaySellers", "execution "] {
        assert!(page.contains(told), "{told}");
    }
    // Links lead to the console when somebody follows them; nothing is fetched.
    for reached in ["<link", " src=", "url(h", "@import"] {
        assert!(!page.contains(reached), "{reached}");
    }
    let links = page.split("href=\"").skip(1).filter(|link| !link.starts_with('#')).count();
    assert_eq!(links, 1);
}

#[test]
fn every_part_that_is_opened_is_closed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for name in names.filter(|name| name.contains(".sfn.json")) {
        let page = page(&name);
        let (before, rest) = page.split_once("<style>").unwrap();
        let (body, after) = rest.split_once("</style>").unwrap().1.split_once("<script>").unwrap();
        let page = [before, body, after.split_once("</script>").unwrap().1].concat();
        let mut open = Vec::new();
        for tag in tags(&page) {
            match tag.strip_prefix('/') {
                // These need no end.
                None if ["!doctype", "meta", "br"].contains(&tag) => {}
                None => open.push(tag),
                Some(closed) => assert_eq!(open.pop(), Some(closed), "{name}"),
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}

#[test]
fn a_good_run_beside_it_is_compared_unless_one_wants_it_alone() {
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let made = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
        let output = command.args(["export", "--format", "html"]).args(arguments).current_dir(&recordings).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let compared = made(&["order-payment-declined.sfn.json"]);
    for told in ["Compared with the last good run", "MH-2026-118429", "succeeded, then PrepareParcel", "51150"] {
        assert!(compared.contains(told), "{told}");
    }
    assert!(compared.contains("from the task&#39;s result"), "where the value came from");
    assert!(!made(&["order-payment-declined.sfn.json", "--alone"]).contains("Compared with"));
    let named = made(&["order-shipped.sfn.json", "--good", "order-payment-declined.sfn.json"]);
    assert!(named.contains("Compared with the last good run"));
}

/// In a browser: nothing is wider than a phone, and the script runs under the policy.
#[test]
fn the_page_fits_a_phone_and_its_script_runs() {
    let name = ["chromium", "chromium-browser", "google-chrome"];
    let Some(browser) = name.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok()) else {
        eprintln!("SKIPPED: no Chromium here (apt-get install chromium): the page is not looked at in a browser");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let measure = "<script>addEventListener('load',function(){document.title='wide '+document.documentElement.scrollWidth+\
        ' buttons '+document.querySelectorAll('button').length+' search '+document.querySelectorAll('.find input').length})</script>";
    for name in ["order-payment-declined.sfn.json", "bad-files-in-nightly-import.sfn.json.gz"] {
        let page = page(name);
        let file = folder.path().join("page.html");
        // The measuring script is none of ours, so that it is allowed here; the page's own is held to its digest.
        let page = page
            .replace("script-src '", "script-src 'sha256-MEASURE' '")
            .replace("</body>", &format!("{measure}</body>"));
        let script = measure.strip_prefix("<script>").unwrap().strip_suffix("</script>").unwrap();
        std::fs::write(&file, page.replace("sha256-MEASURE", &digest(script))).unwrap();
        let output = Command::new(browser)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=500,900", "--dump-dom"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg(format!("file://{}", file.display()))
            .output()
            .unwrap();
        let dom = String::from_utf8_lossy(&output.stdout);
        let title =
            dom.split_once("<title>wide ").map(|(_, rest)| rest.split('<').next().unwrap()).unwrap_or_else(|| {
                panic!("{name}: the measuring script did not run: {}", String::from_utf8_lossy(&output.stderr))
            });
        let numbers: Vec<usize> = title.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [wide, buttons, search] = numbers.as_slice() else { panic!("{title}") };
        assert!(*wide <= 500, "{name} is {wide} wide");
        assert!(*buttons > 2 && *search == 1, "{name}: {title}");
    }
}

fn digest(script: &str) -> String {
    use base64::prelude::*;
    let hash = stepback::query::Algorithm::named("SHA-256").unwrap().hex(script.as_bytes());
    let bytes: Vec<u8> = (0..64).step_by(2).map(|at| u8::from_str_radix(&hash[at..at + 2], 16).unwrap()).collect();
    format!("sha256-{}", BASE64_STANDARD.encode(bytes))
}
