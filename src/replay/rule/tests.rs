use super::fields::{Step, steps};

#[test]
fn paths_of_differences_are_read() {
    let member = |name: &str| Step::Member(name.to_owned());
    assert_eq!(steps("output.a[3].b"), [member("output"), member("a"), Step::Item(3), member("b")]);
    assert_eq!(steps(r#"output["a b"][0]"#), [member("output"), member("a b"), Step::Item(0)]);
    assert_eq!(steps(""), []);
}
