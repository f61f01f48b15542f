//! Real servers: S3, WebDAV, the relay.

use crate::support::program::built;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The key id or user the servers let in, and its secret, which is in no other word of these tests.
pub const USER: &str = "harbor-user";
pub const SECRET: &str = "wL7-only-they-know";

/// Says that something is not here; a failure only when COMMONHOLD_REQUIRE_CHECKS=1.
pub fn missing(what: &str) {
    let required = std::env::var("COMMONHOLD_REQUIRE_CHECKS").is_ok_and(|v| v == "1");
    assert!(!required, "{what}");
    println!("left out: {what}");
}

/// S3, as long as it is kept.
pub struct S3 {
    folder: TempDir,
    pub address: String,
    _runtime: Runtime,
}

impl S3 {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bkt")).unwrap();
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(USER, SECRET));
        let service = service.build();
        let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
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
        // This server's own files are called like bucket and key together, and a name may not have
        // more than 255 bytes: so no folder in the bucket here.
        let address = format!("s3://bkt?endpoint=http://127.0.0.1:{port}");
        Self { folder, address, _runtime: runtime }
    }

    /// Where it keeps its files.
    pub fn files(&self) -> &Path {
        self.folder.path()
    }
}

/// WebDAV, as long as it is kept.
pub struct Dav {
    folder: TempDir,
    pub address: String,
    child: Child,
}

fn wsgidav() -> PathBuf {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let venv = var("COMMONHOLD_CHECKS_VENV").map_or_else(
        || {
            let home = var("HOME").unwrap_or_default();
            let cache = var("XDG_CACHE_HOME").unwrap_or_else(|| format!("{home}/.cache"));
            Path::new(&cache).join("commonhold/venv-checks")
        },
        PathBuf::from,
    );
    venv.join("bin/wsgidav")
}

impl Dav {
    /// Starts it and waits until it answers; nothing where it is not installed.
    pub fn start() -> Option<Self> {
        let program = wsgidav();
        if !program.exists() {
            missing("wsgidav is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("files");
        std::fs::create_dir_all(files.join("books")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let users = serde_json::json!({"*": {USER: {"password": SECRET}}});
        let config = serde_json::json!({
            "host": "127.0.0.1", "port": port, "verbose": 1,
            "provider_mapping": {"/": files},
            "simple_dc": {"user_mapping": users},
            "http_authenticator":
                {"accept_basic": true, "accept_digest": false, "default_to_digest": false},
        });
        let path = folder.path().join("config.json");
        std::fs::write(&path, config.to_string()).unwrap();
        let mut command = Command::new(program);
        command.arg("--config").arg(&path).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let address = format!("webdav+http://127.0.0.1:{port}/books");
        let dav = Self { folder, address, child };
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "wsgidav does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(dav)
    }

    /// Where it keeps its files.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }
}

impl Drop for Dav {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The relay as a process of its own, as long as it is kept.
pub struct Relay {
    folder: TempDir,
    pub address: String,
    child: Child,
    _said: BufReader<ChildStderr>,
}

impl Relay {
    pub fn start(token: Option<&str>) -> Self {
        Self::start_in(None, "127.0.0.1", token)
    }

    /// Starts it in a network namespace, at an address there.
    pub fn start_in(space: Option<&str>, ip: &str, token: Option<&str>) -> Self {
        Self::begin((space, ip), |command, folder| {
            if let Some(token) = token {
                let file = folder.join("token");
                std::fs::write(&file, token).unwrap();
                command.arg("--token").arg(file);
            }
        })
    }

    /// Starts it with its files in a web folder.
    pub fn on(dav: &Dav) -> Self {
        Self::begin((None, "127.0.0.1"), |command, _| {
            command.args(["--bucket", &dav.address]);
            command.env("COMMONHOLD_RELAY_BUCKET_USER", USER);
            command.env("COMMONHOLD_RELAY_BUCKET_SECRET", SECRET);
        })
    }

    fn begin((space, ip): (Option<&str>, &str), more: impl FnOnce(&mut Command, &Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = match space {
            None => Command::new(built("commonhold-relay")),
            Some(space) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", space]).arg(built("commonhold-relay"));
                command
            }
        };
        command.args(["serve", "--listen", &format!("{ip}:0"), "--store"]);
        command.arg(folder.path().join("store.sqlite")).env_remove("COMMONHOLD_RELAY_TOKEN");
        more(&mut command, folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut said, mut line) = (BufReader::new(child.stderr.take().unwrap()), String::new());
        said.read_line(&mut line).unwrap();
        let rest = line.split_once("listens on ").unwrap_or_else(|| panic!("{line}")).1;
        let address = format!("http://{}", rest.split_once(',').unwrap().0);
        Self { folder, address, child, _said: said }
    }

    /// Where it keeps what it was given, and its token.
    pub fn files(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
