//! How the screen looks: text and roles, at several sizes.

use super::script::{Screen, legend};
use super::{DECLINED, FILES, LARGE, MIDDLE, SMALL};
use stepback::tui::look::Look;
use stepback::tui::theme::Theme;

#[test]
fn small() {
    insta::assert_snapshot!(Screen::shipped(DECLINED, SMALL).text());
}

#[test]
fn small_in_roles() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    insta::assert_snapshot!(format!("{}\n\n{}", legend(), screen.roles()));
}

#[test]
fn middle() {
    insta::assert_snapshot!(Screen::shipped(DECLINED, MIDDLE).text());
}

#[test]
fn middle_with_many_items() {
    insta::assert_snapshot!(Screen::shipped(FILES, MIDDLE).text());
}

#[test]
fn large() {
    insta::assert_snapshot!(Screen::shipped("rollout-region-timed-out.sfn.json", LARGE).text());
}

#[test]
fn a_waiting_execution() {
    insta::assert_snapshot!(Screen::shipped("signup-awaiting-approval.sfn.json", SMALL).text());
}

#[test]
fn too_small_is_said() {
    let mut screen = Screen::shipped(DECLINED, (50, 12));
    let text = screen.text();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    stepback needs 40 columns and 16 rows.
    This terminal has 50 and 12.
    Make it larger, or use stepback why.
    ");
}

#[test]
fn plain_terminals_get_ascii() {
    let plain = |name: &str, size| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
        let recording = stepback::source::open_recording(&path).unwrap();
        let target = stepback::tui::Target::Path(name.into());
        let subject = stepback::tui::Subject::new(target.clone(), recording);
        let found = stepback::tui::Found::One(Box::new(subject));
        let text = Screen::looking(found, target, size, Look::new(Theme::Plain).ascii()).text().replace('ø', "o");
        assert!(text.is_ascii(), "{text}");
        text
    };
    assert!(plain(DECLINED, SMALL).contains("x CardDeclined"));
    for size in [SMALL, MIDDLE] {
        assert!(plain(FILES, size).contains("ImportFiles[163] > LoadPrices"));
    }
}

#[test]
fn every_size_can_be_painted() {
    let mut screen = Screen::shipped(FILES, SMALL);
    for width in [1, 20, 59, 60, 80, 99, 131, 210] {
        for height in [1, 8, 15, 16, 24, 31, 70] {
            screen.tell(stepback::tui::Msg::Resize(width, height));
            for keys in ["", "+", "<tab>", "_", "v", "?", "<esc>", "v", "d", "n", "<esc>"] {
                screen.keys(keys);
                screen.resized((width, height));
                screen.text();
            }
        }
    }
}

#[test]
fn what_a_function_logged_stands_below_its_failure() {
    let recording = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings/order-payment-declined.sfn.json");
    let mut recording: serde_json::Value = serde_json::from_slice(&std::fs::read(recording).unwrap()).unwrap();
    let line = |message: &str| serde_json::json!({ "timestamp": 1_763_608_447_412_i64, "message": message });
    recording["logs"] = serde_json::json!([{ "event": 46, "logGroupName": "/aws/lambda/charge-card", "requestId": "r",
        "events": [line("START RequestId: r"), line("asking the acquirer\n")] }]);
    let mut screen = Screen::of_text(&recording.to_string(), (120, 40));
    let text = screen.text();
    assert!(text.contains("/aws/lambda/charge-card") && text.contains("asking the acquirer"), "{text}");
}
