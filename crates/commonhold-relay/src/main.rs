//! The program `commonhold-relay`. Exit codes: 0 done, 1 something was found wrong, 2 used wrongly,
//! 3 it cannot be done now.

use clap::{Parser, Subcommand};
use commonhold_bucket::Credentials;
use commonhold_relay::options::{BucketOptions, Limits, Options, Token};
use commonhold_relay::{clock, shelf, start};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Stores sealed files it cannot read and hands them on.
#[derive(Parser)]
#[command(name = "commonhold-relay", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the relay until it is told to stop
    Serve(Box<Serve>),
    /// Say which books and logs lie in a shared folder, and what is missing from them
    Inspect {
        /// The shared folder
        folder: PathBuf,
    },
}

#[derive(clap::Args)]
struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8087")]
    listen: SocketAddr,
    /// The file everything is stored in [default: commonhold-relay/store.sqlite in the platform's
    /// data folder]
    #[arg(long, value_name = "FILE", env = "COMMONHOLD_RELAY_STORE")]
    store: Option<PathBuf>,
    /// Bucket (s3://…) or web folder (webdav+https://…) for the bytes of files; the file of --store
    /// is then their index
    #[arg(long, value_name = "ADDRESS", env = "COMMONHOLD_RELAY_BUCKET")]
    bucket: Option<String>,
    /// File with the key id or user on its first line and the secret on its second [or the
    /// environment's COMMONHOLD_RELAY_BUCKET_USER and COMMONHOLD_RELAY_BUCKET_SECRET]
    #[arg(long, value_name = "FILE", requires = "bucket")]
    bucket_credentials: Option<PathBuf>,
    /// Make the index anew from what lies in the bucket: after the index was lost, or the bucket
    /// moved
    #[arg(long, requires = "bucket")]
    rebuild: bool,
    /// File with the token one needs to open a new topic, 16 characters at least [or the
    /// environment's COMMONHOLD_RELAY_TOKEN; default: anybody may]
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
    /// Certificate chain (PEM), to speak TLS; read again on SIGHUP
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy stands in front and says in X-Forwarded-For who asks
    #[arg(long)]
    behind_proxy: bool,
    /// Show numbers for Prometheus at http://ADDRESS/metrics
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<SocketAddr>,
    /// Write a line for each request: its kind and outcome, no address
    #[arg(long)]
    log_requests: bool,
    #[command(flatten)]
    limits: Limits,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Inspect { folder } => inspect(&folder),
        Command::Serve(serve) => match run(*serve) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                log(&why);
                ExitCode::from(3)
            }
        },
    }
}

fn log(line: &str) {
    let _ = writeln!(std::io::stderr(), "commonhold-relay: {line}");
}

fn run(serve: Serve) -> Result<(), String> {
    let open = serve.tls_cert.is_none() && !serve.behind_proxy && !serve.listen.ip().is_loopback();
    let options = Options {
        listen: serve.listen,
        metrics: serve.metrics,
        store: serve.store.map_or_else(default_store, Ok)?,
        bucket: bucket(serve.bucket, serve.bucket_credentials.as_deref(), serve.rebuild)?,
        token: token(serve.token.as_deref())?,
        tls: serve.tls_cert.zip(serve.tls_key),
        behind_proxy: serve.behind_proxy,
        log_requests: serve.log_requests,
        limits: serve.limits,
    };
    let mut store = format!("stores in {}", options.store.display());
    if options.bucket.is_some() {
        store = format!("stores in a bucket, its index in {}", options.store.display());
    }
    let running = start(options, clock::system())?;
    log(&format!("listens on {}, {store}", running.address()));
    if open {
        log(
            "warning: without TLS everybody on the way sees which topics are used, and the token; \
             use --tls-cert and --tls-key, or a proxy and --behind-proxy",
        );
    }
    if let Some(address) = running.metrics_address() {
        log(&format!("shows numbers at http://{address}/metrics"));
    }
    running.wait()?;
    log("stops");
    running.stop();
    log("has stopped");
    Ok(())
}

fn default_store() -> Result<PathBuf, String> {
    let folder = dirs::data_dir().ok_or("no data folder here; name a file with --store")?;
    Ok(folder.join("commonhold-relay").join("store.sqlite"))
}

fn bucket(
    address: Option<String>,
    file: Option<&Path>,
    rebuild: bool,
) -> Result<Option<BucketOptions>, String> {
    let Some(address) = address else { return Ok(None) };
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let credentials = match file {
        Some(file) => {
            let text = std::fs::read_to_string(file);
            let text = text.map_err(|error| format!("{}: {error}", file.display()))?;
            let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let (Some(user), Some(secret), None) = (lines.next(), lines.next(), lines.next())
            else {
                let wrong = "the credentials have two lines: key id or user, and secret";
                return Err(format!("{}: {wrong}", file.display()));
            };
            Some(Credentials::new(user, secret))
        }
        None => {
            let user = var("COMMONHOLD_RELAY_BUCKET_USER");
            let secret = var("COMMONHOLD_RELAY_BUCKET_SECRET");
            user.zip(secret).map(|(user, secret)| Credentials::new(&user, &secret))
        }
    };
    Ok(Some(BucketOptions { address, credentials, rebuild }))
}

fn token(file: Option<&Path>) -> Result<Option<Token>, String> {
    let text = match file {
        Some(file) => {
            Some(std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?)
        }
        None => std::env::var("COMMONHOLD_RELAY_TOKEN").ok(),
    };
    let Some(text) = text else { return Ok(None) };
    let wrong = "the token must have 16 to 512 visible characters and no spaces";
    Token::new(&text).map(Some).ok_or_else(|| wrong.to_owned())
}

fn inspect(folder: &Path) -> ExitCode {
    match shelf::inspect(folder) {
        Ok(found) => {
            let mut whole = true;
            for line in &found {
                whole &= line.missing.is_empty();
                let _ = writeln!(std::io::stdout(), "{line}");
            }
            ExitCode::from(u8::from(!whole))
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}: {error}", folder.display());
            ExitCode::from(3)
        }
    }
}
