//! Expressions made to eat memory or time end in an error of their own, soon.

use super::{evaluate, failure};
use crate::query::jsonata::{Expression, FailureKind, Limit};
use serde_json::json;
use std::time::{Duration, Instant};

/// Generous for an unoptimised build on a busy machine, and short for what these would take unbounded.
const SOON: Duration = Duration::from_secs(20);

fn assert_limit(limit: Limit, expressions: &[&str]) {
    for text in expressions {
        let start = Instant::now();
        let kind = failure(text, &json!({}));
        // A slow machine may run out of time before it runs out of memory.
        assert!(kind == FailureKind::Limit(limit) || kind == FailureKind::Limit(Limit::Time), "{text}: {kind}");
        assert!(start.elapsed() < SOON, "{text} took {:?}", start.elapsed());
    }
}

#[test]
fn strings_do_not_grow_without_bound() {
    assert_limit(
        Limit::Memory,
        &[
            "$pad('x', 1e9)",
            "$pad('x', -1e9)",
            "'x' ~> $pad(1e9)",
            "$map(['x'], function($s){ $pad($s, 1e9) })",
            "['x'].$pad(1e9)",
            "($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('x', 60))",
            "($s := $pad('', 200000, 'x'); $join($map([1..100000], function(){ $s })))",
            "($s := $pad('', 200000, 'x'); $join($map([1..100000], function(){ 'a' }), $s))",
            "($s := $pad('', 200000, 'x'); $replace($s, 'x', $s))",
            "($s := $pad('', 200000, 'x'); $replace($s, /x/, function($m){ $s }))",
            "($s := $pad('', 200000, 'x'); $r := function($m){ $s }; $replace($s, /x/, $r))",
            "$reduce([1..100000], function($a, $b){ $a & $pad('', 1000, 'x') })",
        ],
    );
}

#[test]
fn as_much_padding_as_aws_allows_is_allowed() {
    assert_eq!(evaluate("$length($pad('x', 262145))", &json!({})), Ok(json!(262_145)));
    assert_limit(Limit::Memory, &["$pad('x', 262146)"]);
}

#[test]
fn arrays_do_not_grow_without_bound() {
    assert_limit(
        Limit::Memory,
        &[
            "[1..1e7]",
            "[1..1e6].[1..1e6]",
            "[1..1e6].([1..1e6])",
            "($a := [1..1000]; [1..1e5].$a)",
            "($f := function($s, $n){ $n = 0 ? $s : $f([$s, $s], $n - 1) }; $count($f([1], 60)))",
            "($f := function($s, $n){ $n = 0 ? $s : $f($append($s, $s), $n - 1) }; $count($f([1], 60)))",
        ],
    );
}

/// Nested sharing: a few bytes in memory, 2^60 when written out.
#[test]
fn shared_parts_are_not_written_out() {
    let nested = |rest: &str| {
        format!("($f := function($s, $n){{ $n = 0 ? $s : $f({{'l': $s, 'r': $s}}, $n - 1) }}; $s := $f(1, 60); {rest})")
    };
    let rests = [
        "$s",
        "$string($s)",
        "$s & ''",
        "[$s]",
        "$s = $f(1, 60)",
        "$s != $f(1, 60)",
        "$distinct([$s, $s])",
        "$s.**",
        "$s.**.l",
    ];
    for rest in rests {
        assert_limit(Limit::Memory, &[&nested(rest)]);
    }
}

#[test]
fn recursion_ends() {
    assert_limit(Limit::Depth, &["($f := function($n){ $f($n + 1) + 1 }; $f(1))"]);
    assert_limit(Limit::Time, &["($f := function(){ $f() }; $f())", "$distinct([1..20000].{'a': $})"]);
    let deep = "($f := function($s, $n){ $n = 0 ? $s : $f({'a': $s}, $n - 1) }; $f(1, 20000))";
    assert_limit(Limit::Memory, &[deep]);
}

#[test]
fn regular_expressions_take_linear_time() {
    let start = Instant::now();
    assert_eq!(evaluate("$contains($pad('', 50000, 'a'), /(a*)*(a*)*b/)", &json!({})), Ok(json!(false)));
    assert!(Expression::compile("$contains('a', /((a{1000}){1000}){1000}/)").is_err());
    assert!(start.elapsed() < SOON);
}

#[test]
fn odd_numbers_are_values_or_errors() {
    for text in [
        "$substring('abc', 1e300, 1e300)",
        "$substring('abc', -1e300, 1e300)",
        "[1,2,3][1e300]",
        "$range(1, 1e300, 1)",
        "$range(0, 1, 1e-300)",
        "$range(0, 1, 0)",
        "$partition([1,2], 1e300)",
        "$partition([1,2], -1)",
        "$fromMillis(1e300)",
        "$formatInteger(1e300, 'w')",
        "$formatBase(1e300, 2)",
        "$round(1.5, 1e300)",
        "$power(10, 308) * 10",
    ] {
        let _ = evaluate(text, &json!({}));
    }
}

#[test]
fn text_nested_too_deeply_overflows_when_it_is_evaluated() {
    for open in ["(", "[", "-", "{'a':", "$f(", "function(){"] {
        assert_limit(Limit::Depth, &[&open.repeat(100_000)]);
    }
    assert_limit(Limit::Depth, &[&vec!["1"; 50_000].join("+"), &vec!["a"; 50_000].join(".")]);
}

#[test]
fn functions_that_hold_each_other_are_let_go_of() {
    let chain = "($f := function($g, $n){ $n = 0 ? $g : $f(function(){ $g }, $n - 1) }; $f(1, 50000); 1)";
    assert_eq!(evaluate(chain, &json!({})), Ok(json!(1)));
    let partial = "($f := function($g, $n){ $n = 0 ? 1 : $f($g(?), $n - 1) }; $f(function($x){ $x }, 50000))";
    assert_eq!(evaluate(partial, &json!({})), Ok(json!(1)));
}
