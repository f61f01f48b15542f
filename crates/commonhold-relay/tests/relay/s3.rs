//! A real S3 server that can be stopped and started again at the same port.

use commonhold_bucket::Credentials;
use commonhold_relay::options::BucketOptions;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The key id the server lets in, and its secret.
pub const KEY: &str = "operator";
/// Held in no other word of these tests.
pub const SECRET: &str = "wL7-only-the-operator-knows";

pub struct Server {
    folder: TempDir,
    port: u16,
    running: Option<Runtime>,
}

impl Server {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("team")).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { folder, port, running: None };
        server.start();
        server
    }

    pub fn address(&self) -> String {
        format!("s3://team/relays?endpoint=http://127.0.0.1:{}", self.port)
    }

    pub fn options(&self, rebuild: bool) -> BucketOptions {
        let credentials = Some(Credentials::new(KEY, SECRET));
        BucketOptions { address: self.address(), credentials, rebuild }
    }

    pub fn start(&mut self) {
        self.running = Some(serve(self.folder.path(), self.port));
    }

    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown_timeout(Duration::from_secs(5));
        }
    }

    /// The names of all files, sorted, without those the server keeps for itself.
    pub fn files(&self) -> Vec<String> {
        let (mut names, mut folders) = (Vec::new(), vec![self.folder.path().join("team")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(self.folder.path().join("team/relays")).unwrap();
                let name = name.to_str().unwrap().to_owned();
                if !name.split('/').any(|part| part.starts_with('.')) {
                    names.push(name);
                }
            }
        }
        names.sort();
        names
    }

    /// The files of one topic, without topic and number.
    pub fn names(&self, topic: &str) -> Vec<String> {
        let start = format!("commonhold-relay/{topic}/");
        let ours = self.files().into_iter();
        let ours = ours.filter_map(|name| name.strip_prefix(&start).map(str::to_owned));
        ours.map(|name| name.rsplit_once('.').unwrap().0.to_owned()).collect()
    }

    pub fn read(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join("team/relays").join(file)).unwrap()
    }

    pub fn remove(&self, file: &str) {
        std::fs::remove_file(self.folder.path().join("team/relays").join(file)).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(folder: &Path, port: u16) -> Runtime {
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
