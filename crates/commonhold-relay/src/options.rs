//! What an operator may choose, and what holds otherwise.

use clap::Args;
use commonhold_bucket::Credentials;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Where and for whom a relay runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address and port to listen on; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Address and port of the page of numbers; none unless it is asked for.
    pub metrics: Option<SocketAddr>,
    /// The file everything is stored in.
    pub store: PathBuf,
    /// The bucket or web folder that holds the bytes of files; without one `store` does.
    pub bucket: Option<BucketOptions>,
    /// What must be shown to open a new topic; without it anybody may.
    pub token: Option<Token>,
    /// Certificate chain and private key, PEM files; without them plain HTTP.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether a proxy stands in front and says in `X-Forwarded-For` who is asking.
    pub behind_proxy: bool,
    /// Whether to write a line for each request.
    pub log_requests: bool,
    /// How much is too much.
    pub limits: Limits,
}

impl Options {
    /// Plain HTTP on a free port of this machine, with everything else as it is by default.
    pub fn local(store: &Path) -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            metrics: None,
            store: store.to_owned(),
            bucket: None,
            token: None,
            tls: None,
            behind_proxy: false,
            log_requests: false,
            limits: Limits::DEFAULT,
        }
    }
}

/// A bucket or web folder for the bytes of files.
#[derive(Clone, Debug)]
pub struct BucketOptions {
    /// Its address, in a form `commonhold-bucket` knows; without credentials.
    pub address: String,
    /// Who the relay is there; shown nowhere.
    pub credentials: Option<Credentials>,
    /// Whether to make the index anew from what lies there.
    pub rebuild: bool,
}

/// A password of the operator's. It is shown nowhere.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes it from a file's text or the environment; nothing if it is shorter than 16 characters
    /// or has some that cannot stand in a header.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = text.len() >= 16 && text.len() <= 512;
        (fits && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    /// Whether this is it, in a time that does not depend on where they differ.
    pub fn is(&self, other: &str) -> bool {
        let (ours, theirs) = (blake3::hash(self.0.as_bytes()), blake3::hash(other.as_bytes()));
        bool::from(subtle::ConstantTimeEq::ct_eq(ours.as_slice(), theirs.as_slice()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// How much is too much. Sizes are in bytes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits (sizes like 500KiB, 25MiB, 50GiB)")]
pub struct Limits {
    /// Largest file
    #[arg(long, value_name = "SIZE", default_value = "25MiB", value_parser = size)]
    pub max_object: u64,
    /// All files of one topic together
    #[arg(long, value_name = "SIZE", default_value = "2GiB", value_parser = size)]
    pub max_topic: u64,
    /// Files in one topic
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.max_topic_files)]
    pub max_topic_files: u64,
    /// Topics
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.max_topics)]
    pub max_topics: u64,
    /// All files together
    #[arg(long, value_name = "SIZE", default_value = "50GiB", value_parser = size)]
    pub max_store: u64,
    /// Requests a second from one address, over some time
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.requests_per_second)]
    pub requests_per_second: u64,
    /// Requests at once from one address
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.requests_at_once)]
    pub requests_at_once: u64,
    /// New topics an hour from one address
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.new_topics_per_hour)]
    pub new_topics_per_hour: u64,
    /// Forget topics nobody read or wrote for so many days
    #[arg(long, value_name = "DAYS", default_value_t = Self::DEFAULT.forget_after_days)]
    pub forget_after_days: u64,
    /// Remember for so many days that a file was taken away
    #[arg(long, value_name = "DAYS", default_value_t = Self::DEFAULT.remember_removed_days)]
    pub remember_removed_days: u64,
    /// Connections
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.max_connections)]
    pub max_connections: u32,
    /// Connections from one address (not with --behind-proxy)
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.max_connections_per_address)]
    pub max_connections_per_address: u64,
    /// Devices watching one topic
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.max_watchers_per_topic)]
    pub max_watchers_per_topic: u64,
    /// Devices watching from one address
    #[arg(long, value_name = "COUNT", default_value_t = Self::DEFAULT.max_watchers_per_address)]
    pub max_watchers_per_address: u64,
    /// Seconds a connection may be idle, or take to say what it wants
    #[arg(long, value_name = "SECONDS", default_value_t = Self::DEFAULT.idle_seconds)]
    pub idle_seconds: u64,
    /// Seconds a transfer may stand still
    #[arg(long, value_name = "SECONDS", default_value_t = Self::DEFAULT.stall_seconds)]
    pub stall_seconds: u64,
    /// Memory for files on their way in or out, all connections together
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = size)]
    pub max_in_flight: u64,
}

impl Limits {
    /// What holds unless something else is said.
    pub const DEFAULT: Self = Self {
        max_object: 25 * MIB,
        max_topic: 2 * GIB,
        max_topic_files: 100_000,
        max_topics: 10_000,
        max_store: 50 * GIB,
        requests_per_second: 200,
        requests_at_once: 1000,
        new_topics_per_hour: 30,
        forget_after_days: 400,
        remember_removed_days: 30,
        max_connections: 4096,
        max_connections_per_address: 512,
        max_watchers_per_topic: 512,
        max_watchers_per_address: 256,
        idle_seconds: 75,
        stall_seconds: 30,
        max_in_flight: 256 * MIB,
    };
}

/// Reads a size: a whole number, with KiB, MiB or GiB if need be.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.strip_prefix(digits) {
        Some("") => 1,
        Some("KiB") => 1 << 10,
        Some("MiB") => MIB,
        Some("GiB") => GIB,
        _ => return Err("write it like 500KiB, 25MiB or 50GiB".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "no whole number".to_owned())?;
    // More than SQLite's largest number makes no sense.
    let bytes = number.checked_mul(unit).filter(|bytes| *bytes <= 1 << 60);
    bytes.ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        limits: Limits,
    }

    #[test]
    fn the_help_says_what_holds() {
        let line = Line::parse_from(["relay"]);
        assert_eq!(format!("{:?}", line.limits), format!("{:?}", Limits::DEFAULT));
    }

    #[test]
    fn sizes_are_read_strictly() {
        assert_eq!((size("7"), size("2KiB")), (Ok(7), Ok(2048)));
        for text in ["", "MiB", "-1", "1 MiB", "1mb", "99999999999GiB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_token_is_long_and_never_shown() {
        assert!(Token::new("short").is_none() && Token::new("sixteen with spaces").is_none());
        let token = Token::new("0123456789abcdef\n").unwrap();
        assert!(token.is("0123456789abcdef") && !token.is("0123456789abcdee"));
        assert!(!format!("{token:?}").contains("0123"));
    }
}
