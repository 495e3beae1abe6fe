//! Copying.

use super::{DECLINED, MIDDLE, Screen};

#[test]
fn what_is_copied_can_be_pasted_elsewhere() {
    for (keys, copied) in [
        ("<tab>yy", "CardDeclined"),
        ("<tab>/cardToken<enter>yy", "tok_9fQ2mX7c"),
        ("<tab>/cardToken<enter>nyp", "$.payment.cardToken"),
        ("<tab>/cardToken<enter>nyq", ".payment.cardToken"),
        ("<tab>/declineCode<enter>yq", "fromjson | .errorMessage | fromjson | .declineCode"),
        ("<tab>/quantity<enter>nyp", "$.lines[1].quantity"),
        ("ya", "arn:aws:states:eu-west-1:402817639051:execution:OrderFulfilment:MH-2026-118432"),
        ("yl", "stepback order-payment-declined.sfn.json --at 46"),
    ] {
        let mut screen = Screen::shipped(DECLINED, MIDDLE);
        screen.keys(keys);
        assert_eq!(screen.copied(), Some(copied), "{keys}");
        assert!(screen.text().contains("Copied"));
    }
}

#[test]
fn causes_and_summaries_are_copied_decoded() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("yc");
    assert!(screen.copied().unwrap().contains("\"declineCode\": \"insufficient_funds\""));
    screen.keys("ym");
    assert!(screen.copied().unwrap().contains("**CardDeclined** in `ChargeCard"));
}

#[test]
fn what_may_follow_a_first_key_is_shown() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("y");
    let text = screen.text();
    assert!(text.lines().next_back().unwrap().contains("c copy cause"), "{text}");
    screen.keys("<esc>");
    assert!(screen.text().contains("? keys"));
}
