//! The `stepback` command: everything it does lives in the library, so that tests and other programs can do it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    stepback::cli::main()
}
