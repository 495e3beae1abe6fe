//! Who answers, and who does not.

use super::*;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Instant;

fn shell(script: &str, input: &str) -> Result<Ending, NoAnswer> {
    command::run("sh", &["-c".to_owned(), script.to_owned()], input, &Stop::default())
}

/// What is answered, as text: the result, or the error and its cause.
fn told(ending: &Ending) -> String {
    match ending {
        Ending::Succeeded(result) => result.text().to_owned(),
        Ending::Failed(failure, _) => {
            format!(
                "{}: {}",
                failure.error.as_deref().unwrap_or_default(),
                failure.cause.as_deref().unwrap_or_default()
            )
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn a_command_is_given_and_says_much_at_once() {
    let input = format!("\"{}\"", "x".repeat(200_000));
    assert_eq!(told(&shell("cat", &input).unwrap()), input);
    assert_eq!(told(&shell("exit 0", &input).unwrap()), "\"\"", "nobody has to read");
    assert!(told(&shell("head -c 300000 /dev/zero >&2; exit 3", "").unwrap()).starts_with("Command.Failed: "));
}

#[test]
fn what_a_command_says_has_a_limit_and_its_children_an_end() {
    let begun = Instant::now();
    assert_eq!(shell("yes", "").unwrap_err(), NoAnswer::TooLarge);
    assert_eq!(told(&shell("sleep 60 & echo 1", "").unwrap()), "1", "what it left behind does not hold it up");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
#[cfg(unix)]
fn a_command_that_is_ended_takes_its_children_along() {
    let folder = tempfile::tempdir().unwrap();
    let alive = folder.path().join("alive");
    let script = format!("(while :; do date +%N > {}; sleep 0.05; done) & wait", alive.display());
    let stop = Arc::new(Stop::default());
    let (call, by) = (LiveCall::command(vec!["sh".into(), "-c".into(), script]).unwrap(), Arc::clone(&stop));
    let running = std::thread::spawn(move || call.perform("f", "{}", &by));
    while !alive.exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    stop.ask();
    stop.end();
    assert!(told(&running.join().unwrap()).starts_with("Stepback.NoAnswer"));
    let last = std::fs::read(&alive).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(std::fs::read(&alive).unwrap(), last, "the child has ended too");
}

/// Posts to somebody who answers this, and closes the connection.
fn posted(answer: &[u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://me:secret@{}/f", listener.local_addr().unwrap());
    let answer = answer.to_vec();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 4096];
        let _ = stream.read(&mut head);
        let _ = stream.write_all(&answer);
        // What was not read would reset the connection before the answer is.
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let port = url.rsplit(':').next().unwrap_or_default().to_owned();
    let told = told(&LiveCall::Http(url.clone().into()).perform("f", "{}", &Stop::default()));
    server.join().unwrap();
    assert!(!told.contains("secret"), "{told}");
    told.replace(&format!("http://127.0.0.1:{port}"), "URL")
}

#[test]
fn an_answer_of_http_is_whole_or_an_error() {
    let large = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", MOST + 1);
    for (answer, expected) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}", "{\"a\":1}"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:1\r\n\r\n2", "2"),
        ("HTTP/1.1 200 OK\r\n\r\nplain", "\"plain\""),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nX: y\r\n\r\n",
            "{\"a\":1}",
        ),
        ("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno", "Http.500: no"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 34\r\n\r\n{\"errorType\":\"E\",\"errorMessage\":1}",
            "E: {\"errorType\":\"E\",\"errorMessage\":1}",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n{\"a\":1}",
            "Stepback.NoAnswer: The answer of 'URL' was cut off.",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\"",
            "Stepback.NoAnswer: The answer of 'URL' was cut off.",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n",
            "Stepback.NoAnswer: The answer of 'URL' was cut off.",
        ),
        ("HTTP/1.1 200 OK\r\nContent-", "Stepback.NoAnswer: The answer of 'URL' was cut off."),
        (
            "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
            "Stepback.NoAnswer: 'URL' redirects to 'http://elsewhere/'; redirects are not followed.",
        ),
        ("SSH-2.0-x\r\n\r\n", "Stepback.NoAnswer: 'URL' did not answer in HTTP."),
        (
            &large,
            "States.DataLimitExceeded: The state/task 'f' returned a result with a size exceeding the maximum number of \
             bytes service limit.",
        ),
    ] {
        assert_eq!(posted(answer.as_bytes()).replace("URL/f", "URL"), expected, "{answer}");
    }
}
