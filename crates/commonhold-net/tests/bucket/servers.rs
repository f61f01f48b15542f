//! Real servers to test against.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::cell::RefCell;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The key id or user all servers let in, and its secret.
pub const KEY: &str = "ada";
/// Held in no other word of these tests.
pub const SECRET: &str = "wL7-only-ada-knows";

/// A server that can be stopped and started again at the same port.
pub struct Server {
    folder: TempDir,
    port: u16,
    kind: Kind,
}

enum Kind {
    S3(RefCell<Option<Runtime>>),
    Dav { program: PathBuf, child: RefCell<Option<Child>>, tls: Option<(PathBuf, PathBuf)> },
}

/// Runs a test against each kind of server that is here.
pub fn everywhere(test: impl Fn(&Server)) {
    test(&Server::s3());
    if let Some(server) = Server::dav(None) {
        test(&server);
    }
}

fn venv() -> PathBuf {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    var("COMMONHOLD_CHECKS_VENV").map_or_else(
        || {
            let home = var("HOME").unwrap_or_default();
            let cache = var("XDG_CACHE_HOME").unwrap_or_else(|| format!("{home}/.cache"));
            Path::new(&cache).join("commonhold/venv-checks")
        },
        PathBuf::from,
    )
}

/// Says that something is not here; a failure only when COMMONHOLD_REQUIRE_CHECKS=1.
pub fn missing(what: &str) {
    let required = std::env::var("COMMONHOLD_REQUIRE_CHECKS").is_ok_and(|v| v == "1");
    assert!(!required, "{what} is not installed");
    println!("skipped: {what} is not installed");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    pub fn s3() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("team")).unwrap();
        let server = Self { folder, port: free_port(), kind: Kind::S3(RefCell::new(None)) };
        server.start();
        server
    }

    /// A WebDAV server, encrypted with this certificate and key if there are any; nothing when
    /// there is none installed.
    pub fn dav(tls: Option<(PathBuf, PathBuf)>) -> Option<Self> {
        let program = venv().join("bin/wsgidav");
        if !program.exists() {
            missing("wsgidav");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("files")).unwrap();
        let kind = Kind::Dav { program, child: RefCell::new(None), tls };
        let server = Self { folder, port: free_port(), kind };
        server.start();
        Some(server)
    }

    /// The address of a folder of it.
    pub fn address(&self, folder: &str) -> String {
        let port = self.port;
        match &self.kind {
            Kind::S3(_) => format!("s3://team/{folder}?endpoint=http://127.0.0.1:{port}"),
            Kind::Dav { tls: None, .. } => format!("webdav+http://127.0.0.1:{port}/{folder}"),
            Kind::Dav { .. } => format!("webdav+https://localhost:{port}/{folder}"),
        }
    }

    /// An address where nothing is.
    pub fn elsewhere(&self) -> String {
        match &self.kind {
            Kind::S3(_) => format!("s3://nobody?endpoint=http://127.0.0.1:{}", self.port),
            Kind::Dav { .. } => format!("webdav+http://127.0.0.1:{}/no/body", self.port),
        }
    }

    pub fn is_dav(&self) -> bool {
        matches!(self.kind, Kind::Dav { .. })
    }

    /// Where it keeps its files.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join(match self.kind {
            Kind::S3(_) => "team",
            Kind::Dav { .. } => "files",
        })
    }

    pub fn stop(&self) {
        match &self.kind {
            Kind::S3(running) => {
                if let Some(runtime) = running.take() {
                    runtime.shutdown_timeout(Duration::from_secs(5));
                }
            }
            Kind::Dav { child, .. } => {
                if let Some(mut child) = child.take() {
                    child.kill().unwrap();
                    child.wait().unwrap();
                }
            }
        }
    }

    /// Starts it and waits until it answers.
    pub fn start(&self) {
        match &self.kind {
            Kind::S3(running) => {
                running.replace(Some(serve_s3(self.folder.path(), self.port)));
            }
            Kind::Dav { program, child, tls } => {
                let config = self.folder.path().join("config.json");
                std::fs::write(&config, self.config(tls.as_ref())).unwrap();
                let started = Command::new(program)
                    .arg("--config")
                    .arg(&config)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                child.replace(Some(started));
            }
        }
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < end, "the server does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn config(&self, tls: Option<&(PathBuf, PathBuf)>) -> String {
        let tls = tls.map_or_else(String::new, |(certificate, key)| {
            format!(
                "\"ssl_certificate\": {certificate:?}, \"ssl_private_key\": {key:?}, \
                 \"ssl_adapter\": \"builtin\","
            )
        });
        format!(
            "{{\"host\": \"127.0.0.1\", \"port\": {}, {tls} \"verbose\": 1,
              \"provider_mapping\": {{\"/\": {:?}}},
              \"simple_dc\": {{\"user_mapping\": {{\"*\": {{\"{KEY}\": {{\"password\": \
              \"{SECRET}\"}}}}}}}},
              \"http_authenticator\": {{\"accept_basic\": true, \"accept_digest\": false,
              \"default_to_digest\": false}}}}",
            self.port,
            self.files(),
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve_s3(folder: &Path, port: u16) -> Runtime {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = service.build();
    let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", port))).unwrap();
    runtime.spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let service = service.clone();
            tokio::spawn(async move {
                let http = Builder::new(TokioExecutor::new());
                let _ = http.serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
    runtime
}
