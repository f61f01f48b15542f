//! Exchange through a relay: a server that stores sealed files it cannot read and says at once when
//! something changes (`docs/RELAY.md`). It may be anybody's: whatever it answers is bounded, and
//! nothing it says is believed.

mod ask;
#[cfg(test)]
mod frozen;
mod listing;
mod watch;

pub use watch::Stop;

use ask::Question;
use commonhold_core::keys::Topic;
use commonhold_sync::shelf::{Error, Item, Room, Shelf, Trouble, is_name};
use listing::{Listing, Wrong};
use reqwest::{Certificate, Client, ClientBuilder, Method, StatusCode, Url, redirect};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// Rooms whose listings are remembered.
const ROOMS: usize = 256;
/// Pages of one listing.
const PAGES: usize = 200;
/// Bytes of one page.
const PAGE: usize = 4 << 20;

/// Says the time: milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// A relay, reached again and again over the same connections. Cloning it costs nothing.
#[derive(Clone)]
pub struct Relay(Arc<Inner>);

struct Inner {
    http: Client,
    /// The address up to `/v1/`.
    base: String,
    /// What people call it.
    place: String,
    token: Option<Zeroizing<String>>,
    clock: Clock,
    /// What the relay's clock is ahead of ours, milliseconds.
    offset: AtomicI64,
    listings: Mutex<HashMap<[u8; 32], Arc<Mutex<Listing>>>>,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Relay({})", self.0.place)
    }
}

impl Relay {
    /// A relay by its address, `https://host[:port][/path]`, with the token its operator gave, if
    /// it asks for one. `http://` works too, for content is sealed anyway: but then who is on the
    /// way sees the names of topics and files, and the token. Nothing is sent yet.
    pub fn new(url: &str, token: Option<&str>) -> Result<Self, Error> {
        Self::trusting(url, token, &[], system())
    }

    /// The same, trusting certificates (PEM) beside those the system trusts, with another clock.
    pub fn trusting(
        url: &str,
        token: Option<&str>,
        certificates: &[&[u8]],
        clock: Clock,
    ) -> Result<Self, Error> {
        let wrong = |reason: &str| fail("relay", Trouble::Broken, reason.to_owned());
        let (base, place) = address(url)?;
        if token.is_some_and(|token| !token.bytes().all(|b| b.is_ascii_graphic())) {
            return Err(wrong("the token has characters that cannot be sent"));
        }
        // Only the first call of a program chooses; the choice is the same everywhere in ours.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut trusted = Vec::new();
        for certificate in certificates {
            let read = Certificate::from_pem(certificate);
            trusted.push(read.map_err(|_| wrong("a certificate is not readable"))?);
        }
        // Reading whom the system trusts takes longer than an exchange; without TLS it is for nothing.
        let system = match base.starts_with("https:") {
            true => client().tls_certs_merge(trusted.clone()).build(),
            false => client().tls_certs_only(Vec::new()).build(),
        };
        // A system that trusts nobody has no list of whom it trusts.
        let http = system.or_else(|_| client().tls_certs_only(trusted).build());
        let http = http.map_err(|_| wrong("no secure connections on this computer"))?;
        Ok(Self(Arc::new(Inner {
            http,
            base,
            place,
            token: token.map(|token| Zeroizing::new(token.to_owned())),
            clock,
            offset: AtomicI64::new(0),
            listings: Mutex::default(),
        })))
    }

    /// The shelf of a room. For a meeting this takes a moment.
    pub fn shelf(&self, room: &Room) -> Result<RelayShelf, Error> {
        let poor = || self.0.fail(Trouble::Broken, "this computer has not got the memory for it");
        let topic = room.topic().ok_or_else(poor)?;
        let id = topic.id();
        let mut listings = lock(&self.0.listings);
        if listings.len() >= ROOMS && !listings.contains_key(&id) {
            // Rooms somebody is in stay; if all are, a new one is remembered by its shelf alone.
            listings.retain(|_, listing| Arc::strong_count(listing) > 1);
        }
        let listing = match listings.get(&id) {
            Some(listing) => Arc::clone(listing),
            None => {
                let listing = Arc::default();
                if listings.len() < ROOMS {
                    listings.insert(id, Arc::clone(&listing));
                }
                listing
            }
        };
        drop(listings);
        Ok(RelayShelf { relay: Arc::clone(&self.0), topic, path: path(&id), listing })
    }
}

fn client() -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        // Less than a relay waits, so that none ends just when it is used.
        .pool_idle_timeout(Duration::from_secs(50))
        .pool_max_idle_per_host(4)
        .tcp_keepalive(Duration::from_secs(30))
        .http1_only()
}

/// `/v1/<topic>`.
fn path(id: &[u8; 32]) -> String {
    let mut path = "/v1/".to_owned();
    for byte in id {
        // Writing to a text cannot fail.
        let _ = write!(path, "{byte:02x}");
    }
    path
}

/// The machine's clock.
#[allow(clippy::disallowed_methods)]
fn system() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
    })
}

/// Reads an address: what comes before `/v1/`, and what people call it.
fn address(text: &str) -> Result<(String, String), Error> {
    let wrong = || {
        let reason = "a relay's address is like https://relay.example.org or http://host:8087";
        fail("relay", Trouble::Broken, reason.to_owned())
    };
    let url = Url::parse(text.trim()).map_err(|_| wrong())?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let Some(host) = url.host_str().filter(|_| plain) else { return Err(wrong()) };
    if text.len() > 500 || !["http", "https"].contains(&url.scheme()) {
        return Err(wrong());
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    Ok((format!("{}://{host}{port}{path}", url.scheme()), format!("relay {host}{port}{path}")))
}

fn fail(place: &str, trouble: Trouble, reason: String) -> Error {
    Error { place: place.to_owned(), trouble, reason }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    fn fail(&self, trouble: Trouble, reason: &str) -> Error {
        fail(&self.place, trouble, reason.to_owned())
    }

    /// Waits for an answer, on the shared runtime.
    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let runtime = crate::runtime::runtime();
        let runtime = runtime
            .map_err(|_| self.fail(Trouble::Broken, "this computer cannot start a connection"))?;
        runtime.block_on(work)
    }
}

/// One room of a relay. Clones share what is known of the room.
#[derive(Clone)]
pub struct RelayShelf {
    relay: Arc<Inner>,
    topic: Topic,
    path: String,
    listing: Arc<Mutex<Listing>>,
}

impl RelayShelf {
    fn question<'a>(&self, method: Method, rest: &str, body: Option<&'a [u8]>) -> Question<'a> {
        Question { topic: self.topic.clone(), method, path: format!("{}{rest}", self.path), body }
    }

    fn named<'a>(
        &self,
        method: Method,
        name: &str,
        body: Option<&'a [u8]>,
    ) -> Result<Question<'a>, Error> {
        if is_name(name) {
            return Ok(self.question(method, &format!("/{name}"), body));
        }
        Err(self.relay.fail(Trouble::Broken, "this is no name a file on a shelf may have"))
    }

    /// What a listing that makes no sense comes to.
    fn nonsense(&self, wrong: &Wrong) -> Error {
        match wrong {
            Wrong::Many => {
                self.relay.fail(Trouble::Broken, "it lists more files than there can be")
            }
            Wrong::Nonsense => self.relay.fail(Trouble::Broken, "its listing makes no sense"),
            Wrong::Begun => self.relay.fail(Trouble::Away, "its listing began anew meanwhile"),
        }
    }

    /// Brings what is known of the listing up to date.
    async fn refresh(&self) -> Result<(), Error> {
        for _ in 0..PAGES {
            let (after, epoch) = lock(&self.listing).place();
            let question = self.question(Method::GET, &format!("?after={after}"), None);
            let answer = self.relay.ask(&question).await?;
            if answer.status() == StatusCode::GONE {
                lock(&self.listing).begin_anew(None);
                continue;
            }
            let answer = self.relay.fine(answer, &question).await?;
            let (cursor, store) = self.relay.marks(&answer)?;
            if !lock(&self.listing).is_of(&store) {
                lock(&self.listing).begin_anew(Some(store));
                continue;
            }
            let more = answer.headers().contains_key("commonhold-more");
            let (bytes, cut) = self.relay.read(answer, PAGE).await?;
            if cut {
                return Err(self.nonsense(&Wrong::Many));
            }
            let text = String::from_utf8(bytes).map_err(|_| self.nonsense(&Wrong::Nonsense))?;
            let mut listing = lock(&self.listing);
            match listing.page(&text, cursor, after, more, epoch) {
                Ok(()) if more => {}
                Ok(()) => return Ok(()),
                Err(wrong) => return Err(self.nonsense(&wrong)),
            }
        }
        Err(self.nonsense(&Wrong::Many))
    }
}

impl Shelf for RelayShelf {
    fn place(&self) -> String {
        self.relay.place.clone()
    }

    /// As fresh as the relay, or as what it has pushed while the room is watched.
    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error> {
        if !lock(&self.listing).is_current() {
            self.relay.wait(self.refresh())?;
        }
        Ok(lock(&self.listing).items(prefix))
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let question = self.named(Method::GET, name, None)?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        self.relay.wait(async {
            let answer = self.relay.ask(&question).await?;
            if answer.status() == StatusCode::NOT_FOUND {
                return Ok(None);
            }
            let answer = self.relay.fine(answer, &question).await?;
            Ok(Some(self.relay.read(answer, most).await?.0))
        })
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let question = self.named(Method::PUT, name, Some(bytes))?;
        // What was pushed does not say this yet.
        lock(&self.listing).changed_here();
        self.relay.wait(async {
            let answer = self.relay.ask(&question).await?;
            self.relay.fine(answer, &question).await.map(drop)
        })
    }

    fn remove(&mut self, name: &str) -> Result<(), Error> {
        let question = self.named(Method::DELETE, name, None)?;
        lock(&self.listing).changed_here();
        self.relay.wait(async {
            let answer = self.relay.ask(&question).await?;
            self.relay.fine(answer, &question).await.map(drop)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_strictly() {
        let (base, place) = address("https://Relay.example.org/team/").unwrap();
        assert_eq!(base, "https://relay.example.org/team");
        assert_eq!(place, "relay relay.example.org/team");
        assert_eq!(address("http://[::1]:8087").unwrap().0, "http://[::1]:8087");
        for wrong in
            ["", "relay.example.org", "ftp://a", "https://u:p@a", "https://a?b", "https://a#b"]
        {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
