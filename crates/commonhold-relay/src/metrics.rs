//! Numbers for whoever watches over the relay (Prometheus text format 0.0.4). No topic and no
//! address is in them.

use crate::answer::{Refusal, refused, whole};
use crate::api::Relay;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Kinds of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lay down.
    Put,
    /// Read.
    Get,
    /// Take away.
    Delete,
    /// What has changed.
    List,
    /// What changes.
    Watch,
    /// Does it live.
    Health,
    /// Anything else.
    Other,
}

const KINDS: [&str; 7] = ["put", "get", "delete", "list", "watch", "health", "other"];
const STATUSES: [u16; 16] =
    [200, 201, 400, 401, 403, 404, 405, 408, 410, 411, 413, 429, 500, 503, 507, 0];
/// Upper ends of the buckets of the histogram, microseconds, and as text in seconds.
const BUCKETS: [(u64, &str); 10] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
];

/// The numbers.
#[derive(Default)]
pub struct Metrics {
    requests: [[AtomicU64; STATUSES.len()]; KINDS.len()],
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    stored: [AtomicU64; 3],
    watchers: AtomicI64,
    connections: AtomicI64,
    turned_away: AtomicU64,
    put_buckets: [AtomicU64; BUCKETS.len()],
    put_count: AtomicU64,
    put_micros: AtomicU64,
    /// Whether there is a bucket; whether it answers; failures of it.
    bucket: [AtomicU64; 3],
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, kind: Kind, status: u16) {
        let column = STATUSES.iter().position(|known| *known == status);
        let row = match kind {
            Kind::Put => 0,
            Kind::Get => 1,
            Kind::Delete => 2,
            Kind::List => 3,
            Kind::Watch => 4,
            Kind::Health => 5,
            Kind::Other => 6,
        };
        let column = column.unwrap_or(STATUSES.len().saturating_sub(1));
        if let Some(number) = self.requests.get(row).and_then(|row: &[_; 16]| row.get(column)) {
            number.fetch_add(1, Relaxed);
        }
    }

    /// Bytes came in.
    pub fn came(&self, bytes: usize) {
        self.bytes_in.fetch_add(u64::try_from(bytes).unwrap_or(0), Relaxed);
    }

    /// Bytes went out.
    pub fn went(&self, bytes: usize) {
        self.bytes_out.fetch_add(u64::try_from(bytes).unwrap_or(0), Relaxed);
    }

    /// What is stored now.
    pub fn stored(&self, topics: u64, files: u64, bytes: u64) {
        for (number, value) in self.stored.iter().zip([topics, files, bytes]) {
            number.store(value, Relaxed);
        }
    }

    /// So many watchers more.
    pub fn watchers(&self, more: i64) {
        self.watchers.fetch_add(more, Relaxed);
    }

    /// So many connections more.
    pub fn connections(&self, more: i64) {
        self.connections.fetch_add(more, Relaxed);
    }

    /// A connection was not taken.
    pub fn turned_away(&self) {
        self.turned_away.fetch_add(1, Relaxed);
    }

    /// A file was laid down, from its last byte to the promise to keep it.
    pub fn put(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        for ((end, _), number) in BUCKETS.iter().zip(&self.put_buckets) {
            if micros <= *end {
                number.fetch_add(1, Relaxed);
            }
        }
        self.put_count.fetch_add(1, Relaxed);
        self.put_micros.fetch_add(micros, Relaxed);
    }

    /// The bucket did what it was asked for, or not.
    pub fn bucket(&self, well: bool) {
        let [there, up, failures] = &self.bucket;
        there.store(1, Relaxed);
        up.store(u64::from(well), Relaxed);
        failures.fetch_add(u64::from(!well), Relaxed);
    }

    /// The page.
    pub fn page(&self) -> String {
        let mut page = String::new();
        // Writing to a text cannot fail.
        let _ = self.write(&mut page);
        page
    }

    fn write_bucket(&self, page: &mut String) -> std::fmt::Result {
        let [there, up, failures] = &self.bucket;
        if there.load(Relaxed) == 0 {
            return Ok(());
        }
        let help = "Whether the bucket did what it was asked for last.";
        title(page, "bucket_up", "gauge", help)?;
        writeln!(page, "commonhold_relay_bucket_up {}", up.load(Relaxed))?;
        title(page, "bucket_failures_total", "counter", "Requests the bucket failed.")?;
        writeln!(page, "commonhold_relay_bucket_failures_total {}", failures.load(Relaxed))
    }

    fn write(&self, page: &mut String) -> std::fmt::Result {
        title(page, "requests_total", "counter", "Requests by kind and status.")?;
        for (kind, row) in KINDS.iter().zip(&self.requests) {
            for (status, number) in STATUSES.iter().zip(row) {
                let number = number.load(Relaxed);
                if number > 0 {
                    write!(page, "commonhold_relay_requests_total{{kind=\"{kind}\",")?;
                    match status {
                        0 => writeln!(page, "status=\"other\"}} {number}")?,
                        _ => writeln!(page, "status=\"{status}\"}} {number}")?,
                    }
                }
            }
        }
        let [topics, files, bytes] = &self.stored;
        let signed = |number: &AtomicI64| u64::try_from(number.load(Relaxed)).unwrap_or(0);
        for (name, kind, help, value) in [
            ("received_bytes_total", "counter", "Bytes received.", self.bytes_in.load(Relaxed)),
            ("sent_bytes_total", "counter", "Bytes sent.", self.bytes_out.load(Relaxed)),
            ("topics", "gauge", "Topics stored.", topics.load(Relaxed)),
            ("objects", "gauge", "Files stored.", files.load(Relaxed)),
            ("stored_bytes", "gauge", "Bytes that count towards the limits.", bytes.load(Relaxed)),
            ("watchers", "gauge", "Devices watching now.", signed(&self.watchers)),
            ("connections", "gauge", "Connections now.", signed(&self.connections)),
            (
                "connections_turned_away_total",
                "counter",
                "Connections that were not taken.",
                self.turned_away.load(Relaxed),
            ),
        ] {
            title(page, name, kind, help)?;
            writeln!(page, "commonhold_relay_{name} {value}")?;
        }
        self.write_bucket(page)?;
        let name = "put_seconds";
        title(page, name, "histogram", "From a file's last byte to its acknowledgement.")?;
        for ((_, end), number) in BUCKETS.iter().zip(&self.put_buckets) {
            let number = number.load(Relaxed);
            writeln!(page, "commonhold_relay_{name}_bucket{{le=\"{end}\"}} {number}")?;
        }
        let (count, micros) = (self.put_count.load(Relaxed), self.put_micros.load(Relaxed));
        writeln!(page, "commonhold_relay_{name}_bucket{{le=\"+Inf\"}} {count}")?;
        let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
        writeln!(page, "commonhold_relay_{name}_sum {whole}.{rest:06}")?;
        writeln!(page, "commonhold_relay_{name}_count {count}")
    }
}

fn title(page: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    writeln!(page, "# HELP commonhold_relay_{name} {help}")?;
    writeln!(page, "# TYPE commonhold_relay_{name} {kind}")
}

/// Answers `GET /metrics` on a listener of its own.
pub async fn serve(relay: Arc<Relay>, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(16));
    let mut stop = relay.stop.clone();
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = stop.wait_for(|stopped| *stopped) => return,
        };
        let (Ok((stream, _)), Ok(place)) = (taken, Arc::clone(&places).try_acquire_owned()) else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let relay = Arc::clone(&relay);
        tokio::spawn(async move {
            let _place = place;
            let service = service_fn(|request: Request<Incoming>| {
                let answer = if request.uri().path() == "/metrics" {
                    let page = relay.metrics.page();
                    whole(StatusCode::OK, "text/plain; version=0.0.4", page.into())
                } else {
                    refused(&Refusal::NO_SUCH_PATH, true)
                };
                std::future::ready(Ok::<_, Infallible>(answer))
            });
            let speak = http1::Builder::new()
                .keep_alive(false)
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            let _ = tokio::time::timeout(Duration::from_secs(10), speak).await;
        });
    }
}
