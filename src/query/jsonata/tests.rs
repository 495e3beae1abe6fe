use super::*;
use crate::query::Scope;
use serde_json::{Value, json};

fn evaluate(text: &str, input: Value) -> Result<Value, String> {
    let expression = Expression::compile(text).map_err(|error| error.to_string())?;
    expression.evaluate(&Session::new(Scope::of(&input)), "Output").map_err(|failure| failure.kind.to_string())
}

#[test]
fn an_expression_reads_the_input() {
    assert_eq!(evaluate("$states.input.n + 1", json!({"n": 1})), Ok(json!(2)));
}
#[test]
fn compare_js() {
    let Ok(text) = std::fs::read_to_string(std::env::var("JSREF").unwrap_or_default()) else { return };
    let input: Value = serde_json::from_str(&std::fs::read_to_string("/tmp/js/input.json").unwrap()).unwrap();
    let variables = json!({"v": {"x": [1]}}).as_object().unwrap().clone();
    for line in text.lines() {
        let (e, r) = line.split_once('\t').unwrap();
        let scope = Scope { variables: &variables, ..Scope::of(&input) };
        let mine = match Expression::compile(e) {
            Err(error) => format!("ERR {error}"),
            Ok(expression) => match expression.evaluate(&Session::new(scope), "f") {
                Ok(v) => format!("OK {v}"),
                Err(f) => match f.kind {
                    FailureKind::Undefined => "UNDEF".to_owned(),
                    FailureKind::Unsupported => "FUNC".to_owned(),
                    k => format!("ERR {}", k.to_string().replace("threw an error during evaluation. ", "")),
                },
            },
        };
        if mine != r {
            eprintln!("{e}\n    js   {r}\n    mine {mine}");
        }
    }
}

#[test]
fn hostile() {
    for text in [
        "$pad('x', 1e9)",
        "$pad('x', -1e9)",
        "'x'.$pad(1e9)",
        "'x' ~> $pad(1e9)",
        "$map(['x'], function($s){ $pad($s, 1e9) })",
        "[1..1e7]",
        "[1..1e6].[1..1e6]",
        "[1..1e6].([1..1e6])",
        "($a := [1..1e6]; [1..1e6].$a)",
        "($a := [1..1000]; [1..1e5].$a)",
        "($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('x', 60))",
        "($f := function($s, $n){ $n = 0 ? $s : $f([$s, $s], $n - 1) }; $count($f([1], 60)))",
        "($f := function($s, $n){ $n = 0 ? $s : $f($append($s, $s), $n - 1) }; $count($f([1], 60)))",
        "($f := function($s, $n){ $n = 0 ? $s : $f({'l': $s, 'r': $s}, $n - 1) }; $f(1, 60))",
        "($f := function($s, $n){ $n = 0 ? $s : $f({'l': $s, 'r': $s}, $n - 1) }; $string($f(1, 60)))",
        "($f := function($s, $n){ $n = 0 ? $s : $f({'l': $s, 'r': $s}, $n - 1) }; $f(1, 60) & '')",
        "($f := function($n){ $f($n + 1) + 1 }; $f(1))",
        "($f := function(){ $f() }; $f())",
        "($s := $pad('x', 200000); $join($map([1..100000], function(){ $s })))",
        "($s := $pad('x', 200000); $join([1..100000].'a', $s))",
        "($s := $pad('x', 200000); $replace($s, 'x', $s))",
        "($s := $pad('', 200000, 'x'); $replace($s, /x/, function($m){ $s }))",
        "($s := $pad('', 200000, 'x'); $r := function($m){ $s }; $replace($s, /x/, $r))",
        "($s := $pad('', 200000, 'x'); $match($s, /x/))",
        "($s := $pad('', 200000, 'x'); $split($s, ''))",
        "$match($pad('', 100000, 'a'), /(a+)+$b/)",
        "$contains($pad('', 50000, 'a'), /(a*)*(a*)*b/)",
        "$contains('a', /((a{1000}){1000}){1000}/)",
        "$distinct([1..100000])",
        "$sort([1..300000], function($a,$b){ $a < $b })",
        "$reduce([1..100000], function($a, $b){ $a & $pad('', 1000, 'x') })",
        "$map([1..100000], function($i){ $pad('', 200000, 'x') & $i })",
        "$formatNumber(1, $pad('', 200000, '0'))",
        "$power(10, 308) * 10",
        "$fromMillis(1e300)",
        "$fromMillis(1, $join([1..20000].'[Y]'))",
        "$formatInteger(1e300, 'w')",
        "$formatBase(1e300, 2)",
        "$string(1e300) & ''",
        "($f := function($s, $n){ $n = 0 ? $s : $f({'a': $s}, $n - 1) }; $f(1, 100000))",
        "$states.input.**",
        "$substring('abc', 1e300, 1e300)",
        "[1,2,3][1e300]",
        "$range(1, 1e300, 1)",
        "$range(0, 1, 1e-300)",
        "$partition([1,2], 1e300)",
        "$zip([1..100000],[1..100000])",
        "$shuffle([1..100000])",
        "$spread([1..1000].{'a':1,'b':2})",
    ] {
        let start = std::time::Instant::now();
        let result = evaluate(text, json!({"a": [1, {"b": 2}]}));
        let shown = format!("{result:?}").chars().take(110).collect::<String>();
        let rss = std::fs::read_to_string("/proc/self/status").unwrap();
        let rss = rss.lines().find(|l| l.starts_with("VmHWM")).unwrap().to_owned();
        eprintln!("{:>6} ms {rss} {text}\n        {shown}", start.elapsed().as_millis());
    }
    for deep in ["(", "[", "-", "{'a':", "$f("] {
        let start = std::time::Instant::now();
        let e = Expression::compile(&deep.repeat(100_000)).map(|_| ()).map_err(|e| e.to_string());
        eprintln!("{:>6} ms {deep} {e:?}", start.elapsed().as_millis());
    }
    let sum = vec!["1"; 50_000].join("+");
    eprintln!("{:?}", evaluate(&sum, json!(1)));
}
