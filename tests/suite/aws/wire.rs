//! What all servers of the tests have in common: listening, and the head of a request.

use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

/// Serves each connection in a thread of its own. Returns the address, and the flag that ends it at the next connection.
pub fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (ended, serve) = (Arc::new(AtomicBool::new(false)), Arc::new(serve));
    let over = Arc::clone(&ended);
    thread::spawn(move || {
        for stream in listener.incoming() {
            if over.load(Ordering::Relaxed) {
                return;
            }
            let (Ok(stream), serve) = (stream, Arc::clone(&serve)) else { continue };
            thread::spawn(move || serve(stream));
        }
    });
    (address, ended)
}

/// The head of a request: its first line, and its headers by their names in small letters.
pub struct Head {
    pub line: String,
    headers: Vec<(String, String)>,
}

impl Head {
    pub fn read(stream: &mut BufReader<impl Read>) -> Option<Self> {
        let mut text = String::new();
        stream.read_line(&mut text).ok().filter(|read| *read > 0)?;
        let line = text.trim_end().to_owned();
        let mut headers = Vec::new();
        loop {
            text.clear();
            stream.read_line(&mut text).ok()?;
            let Some((name, value)) = text.trim_end().split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        Some(Self { line, headers })
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What is asked for: `/`, an address in full, `host:port`.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }
}

/// The present as HTTP writes it, for a clock that is so many seconds ahead.
pub fn date(ahead: i64) -> String {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap() + ahead;
    let (day, of_day) = (now.div_euclid(86_400), now.rem_euclid(86_400));
    // Days are counted in years that begin in March, so that the day that leap years have more is their last.
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (name, month) =
        (DAYS[usize::try_from(day.rem_euclid(7)).unwrap()], MONTHS[usize::try_from(month - 1).unwrap()]);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{name}, {date:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}
