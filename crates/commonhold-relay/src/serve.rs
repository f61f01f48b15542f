//! Starting and stopping.

use crate::address::{Counts, Pace};
use crate::api::Relay;
use crate::away::{self, Away};
use crate::clock::Clock;
use crate::connection;
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::options::{BucketOptions, Options};
use crate::store::{self, Command, Readers, Writer};
use crate::tls;
use commonhold_bucket::{Bucket, Patience};
use hyper::header::HeaderValue;
use rustls::ServerConfig;
use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

/// How long requests under way may take when the relay stops.
const FINISH: Duration = Duration::from_secs(8);
/// How often the relay forgets what is old.
const TIDY: Duration = Duration::from_secs(3600);
/// Changes that may wait for the thread that writes.
const QUEUE: usize = 1024;

type Tls = Arc<Mutex<Option<Arc<ServerConfig>>>>;

/// Writes a line for the operator.
pub fn log(line: &str) {
    let _ = writeln!(std::io::stderr(), "commonhold-relay: {line}");
}

/// A relay at work.
pub struct Running {
    runtime: Runtime,
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    relay: Arc<Relay>,
    stop: watch::Sender<bool>,
    places: Arc<Semaphore>,
    writer: JoinHandle<()>,
    tls: Tls,
    _lock: File,
}

/// Starts a relay. Errors are sentences for the operator.
pub fn start(options: Options, clock: Clock) -> Result<Running, String> {
    let tls = match &options.tls {
        Some((certificates, key)) => Some(tls::load(certificates, key)?),
        None => None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("relay")
        .build()
        .map_err(|error| format!("no threads: {error}"))?;
    let mut opened = store::open(&options.store)?;
    let bucket = bucket(&runtime, &mut opened, &options, clock())?;
    let metrics = Arc::new(Metrics::default());
    let hub = Arc::new(Hub::new(Arc::clone(&metrics)));
    let limits = options.limits.clone();
    let store = HeaderValue::from_str(&opened.name).map_err(|error| error.to_string())?;
    let (hub_too, metrics_too) = (Arc::clone(&hub), Arc::clone(&metrics));
    let (connection, clock_too) = (opened.connection, Arc::clone(&clock));
    let worker =
        Writer::new(connection, opened.name, limits.clone(), clock_too, hub_too, metrics_too)
            .map_err(|error| format!("{}: {error}", options.store.display()))?;
    let listener = listen(&runtime, options.listen)?;
    let numbers = options.metrics.map(|address| listen(&runtime, address)).transpose()?;
    let fail = |error: std::io::Error| error.to_string();
    let address = listener.local_addr().map_err(fail)?;
    let page = numbers.as_ref().map(TcpListener::local_addr).transpose().map_err(fail)?;
    let (commands, waiting) = mpsc::channel(QUEUE);
    let name = std::thread::Builder::new().name("writer".to_owned());
    let writer = name.spawn(move || worker.run(waiting)).map_err(fail)?;
    let (stop, stopped) = watch::channel(false);
    let places = Arc::new(Semaphore::new(usize::try_from(limits.max_connections).unwrap_or(1)));
    let units = usize::try_from(limits.max_in_flight.max(limits.max_object).div_ceil(1024));
    let relay = Arc::new(Relay {
        readers: Readers::new(options.store.clone(), bucket.is_none()),
        store,
        writer: commands,
        away: bucket.map(|bucket| Arc::new(Away::new(bucket, Arc::clone(&metrics)))),
        hub,
        metrics,
        pace: Pace::new(limits.requests_per_second, 1, limits.requests_at_once),
        opening: Pace::new(limits.new_topics_per_hour, 3600, limits.new_topics_per_hour),
        connected: Counts::default(),
        shares: Counts::default(),
        memory: Arc::new(Semaphore::new(units.unwrap_or(0).min(Semaphore::MAX_PERMITS))),
        stop: stopped,
        options,
        clock,
    });
    let tls: Tls = Arc::new(Mutex::new(tls));
    runtime.spawn(accept(Arc::clone(&relay), listener, Arc::clone(&tls), Arc::clone(&places)));
    if let Some(listener) = numbers {
        runtime.spawn(crate::metrics::serve(Arc::clone(&relay), listener));
    }
    runtime.spawn(tidy_for_ever(Arc::clone(&relay)));
    runtime.spawn(away::sweep_for_ever(Arc::clone(&relay)));
    let (metrics, _lock) = (page, opened.lock);
    Ok(Running { runtime, address, metrics, relay, stop, places, writer, tls, _lock })
}

/// Opens the bucket, if there is one, and sees whether it and the store belong together.
fn bucket(
    runtime: &Runtime,
    opened: &mut store::Opened,
    options: &Options,
    now: u64,
) -> Result<Option<Bucket>, String> {
    let chosen = options.bucket.as_ref();
    let open = |chosen: &BucketOptions| {
        Bucket::open(&chosen.address, chosen.credentials.as_ref(), Patience::default())
    };
    let bucket = chosen.map(open).transpose().map_err(|error| error.to_string())?;
    let rebuild = chosen.is_some_and(|chosen| chosen.rebuild);
    let name = std::mem::take(&mut opened.name);
    let claim = store::claim(&mut opened.connection, name, bucket.as_ref(), rebuild, now);
    opened.name =
        runtime.block_on(claim).map_err(|why| format!("{}: {why}", options.store.display()))?;
    Ok(bucket)
}

fn listen(runtime: &Runtime, address: SocketAddr) -> Result<TcpListener, String> {
    let listener = runtime.block_on(TcpListener::bind(address));
    listener.map_err(|error| format!("cannot listen on {address}: {error}"))
}

async fn accept(relay: Arc<Relay>, listener: TcpListener, tls: Tls, places: Arc<Semaphore>) {
    let mut stop = relay.stop.clone();
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = stop.wait_for(|stopped| *stopped) => return,
        };
        let (stream, peer) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                // Too many open files, for one: others may end meanwhile.
                log(&format!("cannot take a connection: {error}"));
                sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            connection::turn_away(&relay, &stream);
            continue;
        };
        let config = tls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        tokio::spawn(connection::serve(Arc::clone(&relay), stream, peer, config, place));
    }
}

async fn tidy(relay: &Relay) -> bool {
    loop {
        let (reply, answer) = oneshot::channel();
        if relay.writer.send(Command::Tidy(reply)).await.is_err() {
            return false;
        }
        match answer.await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => {
                relay.wake();
                return true;
            }
            Ok(Err(_)) | Err(_) => return false,
        }
    }
}

async fn tidy_for_ever(relay: Arc<Relay>) {
    let mut stop = relay.stop.clone();
    loop {
        tidy(&relay).await;
        tokio::select! {
            () = sleep(TIDY) => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
    }
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the page of numbers is, if it was asked for.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Forgets now what is old, as it does every hour; says whether that worked.
    pub fn tidy(&self) -> bool {
        self.runtime.block_on(tidy(&self.relay))
    }

    /// Reads certificate and key again; with an error, those from before go on.
    pub fn reload(&self) -> Result<(), String> {
        let Some((certificates, key)) = &self.relay.options.tls else { return Ok(()) };
        let fresh = tls::load(certificates, key)?;
        *self.tls.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(())
    }

    /// Waits until the operator or the system wants it to stop (SIGINT, SIGTERM). SIGHUP reads the
    /// certificate again.
    pub fn wait(&self) -> Result<(), String> {
        self.runtime.block_on(self.signals()).map_err(|error| format!("no signals: {error}"))
    }

    #[cfg(unix)]
    async fn signals(&self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut end = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut again = signal(SignalKind::hangup())?;
        loop {
            tokio::select! {
                _ = end.recv() => return Ok(()),
                _ = interrupt.recv() => return Ok(()),
                _ = again.recv() => match self.reload() {
                    Ok(()) => log("read the certificate again"),
                    Err(why) => log(&format!("keeps the certificate from before: {why}")),
                },
            }
        }
    }

    #[cfg(not(unix))]
    async fn signals(&self) -> std::io::Result<()> {
        tokio::signal::ctrl_c().await
    }

    /// Stops: takes no more connections, finishes what is under way, ends the watching, commits.
    /// Takes ten seconds at most.
    pub fn stop(self) {
        let _ = self.stop.send(true);
        let all = self.relay.options.limits.max_connections;
        self.runtime.block_on(async {
            let _ = timeout(FINISH, self.places.acquire_many(all)).await;
        });
        // Ends all that can still ask the writer, and so the writer.
        drop(self.relay);
        self.runtime.shutdown_timeout(Duration::from_secs(1));
        let _ = self.writer.join();
    }
}
