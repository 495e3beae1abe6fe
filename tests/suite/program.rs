//! The program as it is typed, in a home of its own, against a service of its own.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A folder to work in, which is home and cache as well: nothing of the user's is seen or touched.
pub struct Program {
    endpoint: String,
    region: String,
    folder: tempfile::TempDir,
}

impl Program {
    /// The program with everything AWS is at that address.
    pub fn new(endpoint: impl Into<String>, region: &str) -> Self {
        Self { endpoint: endpoint.into(), region: region.to_owned(), folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let home = self.folder.path();
        let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
        command.args(arguments).current_dir(home).env_clear();
        command.envs([("HOME", home), ("XDG_CACHE_HOME", &home.join("cache"))]);
        command.envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("LANG", "C.UTF-8")]);
        command.envs([("AWS_REGION", &*self.region), ("AWS_EC2_METADATA_DISABLED", "true")]);
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command that talks to the service.
    pub fn live(&self, arguments: &[&str]) -> Done {
        Done(self.command(&[arguments, &["--endpoint-url", &self.endpoint]].concat()).output().unwrap())
    }

    /// The same without waiting for its end.
    pub fn begin(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(&[arguments, &["--endpoint-url", &self.endpoint]].concat());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs a command that needs nobody.
    pub fn run(&self, arguments: &[&str]) -> Done {
        Done(self.command(arguments).output().unwrap())
    }

    /// Reads a file as JSON.
    pub fn read(&self, name: &str) -> Value {
        json_in(&self.path(name))
    }
}

pub fn json_in(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What came of a command.
pub struct Done(pub Output);

impl Done {
    pub fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub fn told(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub fn said(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// Fails unless the command ended with that code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{}\n{}", self.told(), self.said());
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.told(), self.said()))
    }
}
