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

/// The tags in the order they come, without their attributes.
fn tags(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1).filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag));
    tags.filter_map(|tag| tag.split_ascii_whitespace().next()).collect()
}

#[test]
fn the_page_tells_the_cause_and_needs_nothing_from_elsewhere() {
    let page = page("payouts-child-failed.sfn.json");
    for told in ["BankRejected", "ClosedAccountNumber", "SendTransfer", "PaySellers", "execution "] {
        assert!(page.contains(told), "{told}");
    }
    for reached in ["<script", "<link", "src=", "href=", "url("] {
        assert!(!page.contains(reached), "{reached}");
    }
}

#[test]
fn every_part_that_is_opened_is_closed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for name in names.filter(|name| name.contains(".sfn.json")) {
        let page = page(&name);
        let mut open = Vec::new();
        for tag in tags(&page) {
            match tag.strip_prefix('/') {
                // These need no end.
                None if ["!doctype", "meta", "td", "th"].contains(&tag) => {}
                None => open.push(tag),
                Some(closed) => {
                    if closed == "table" {
                        open.retain(|tag| *tag != "tr");
                    }
                    assert_eq!(open.pop(), Some(closed), "{name}");
                }
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}
