//! The side that asks, and the shelf that comes of it.

use super::address::PeerAddress;
use super::answer::too_slow;
use super::limits::IDLE;
use super::link::{Close, Link};
use super::node::Inner;
use super::wire::{HEAD, Head, Kind, Request};
use super::{Peers, blocking, error, listing};
use commonhold_core::id::BookId;
use commonhold_sync::bundle;
use commonhold_sync::shelf::{Error, Item, Shelf, Trouble};
use iroh::endpoint::{ConnectionError, RecvStream, VarInt};
use std::future::Future;
use std::sync::Arc;
use tokio::time::{Instant, timeout};

/// Why something asked got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// The connection ended.
    Lost,
    /// The connection was ended because this device is not let in.
    Denied,
    /// It takes too long.
    Slow,
    /// The other side cannot answer.
    Fault,
    /// The answer makes no sense.
    Nonsense,
}

impl Failure {
    fn say(self, place: &str) -> Error {
        let (trouble, reason) = match self {
            Self::Lost => (
                Trouble::Away,
                "the connection ended: it went to sleep, or left the network. It will be tried again.",
            ),
            Self::Denied => (
                Trouble::Denied,
                "it does not let this device in to this book: whoever keeps it must admit this device first.",
            ),
            Self::Slow => (Trouble::Away, "it answers too slowly now. It will be tried again."),
            Self::Fault => (
                Trouble::Broken,
                "it has the book but cannot show it: look at Commonhold on that device.",
            ),
            Self::Nonsense => (
                Trouble::Broken,
                "it answers what makes no sense: one of the two devices needs a newer version of Commonhold.",
            ),
        };
        error(place, trouble, reason.to_owned())
    }
}

/// What a stream's error means for the connection it was on.
fn lost(link: &Link) -> Failure {
    match link.connection.close_reason() {
        Some(ConnectionError::ApplicationClosed(close)) => {
            let refused = VarInt::from_u32(Close::Refused as u32);
            if close.error_code == refused { Failure::Denied } else { Failure::Lost }
        }
        Some(_) => Failure::Lost,
        // Only the stream was broken off.
        None => Failure::Fault,
    }
}

async fn within<T, E>(link: &Link, work: impl Future<Output = Result<T, E>>) -> Result<T, Failure> {
    timeout(IDLE, work).await.map_err(|_| Failure::Slow)?.map_err(|_| lost(link))
}

/// Asks and waits for the whole answer.
async fn ask(link: &Link, request: &Request, most: u64) -> Result<(Kind, Vec<u8>), Failure> {
    let _busy = link.busy();
    link.widen();
    let (mut send, mut recv) = within(link, link.connection.open_bi()).await?;
    let said = request.encode();
    within(link, send.write_all(&said)).await?;
    link.said(said.len());
    send.finish().map_err(|_| lost(link))?;
    let mut head = [0; HEAD];
    within(link, recv.read_exact(&mut head)).await?;
    link.told(HEAD);
    let head = Head::decode(head).ok_or(Failure::Nonsense)?;
    let wanted = match request {
        Request::List(..) => Kind::Listing,
        Request::Get(..) => Kind::File,
    };
    let fits = head.kind == wanted || matches!(head.kind, Kind::No | Kind::Fault);
    if !fits || (head.kind == Kind::File && u64::from(head.bytes) > most) {
        return Err(Failure::Nonsense);
    }
    let body = receive(link, &mut recv, head.bytes).await?;
    Ok((head.kind, body))
}

/// Reads so many bytes. Memory grows with what arrives, not with what was announced.
async fn receive(link: &Link, recv: &mut RecvStream, bytes: u32) -> Result<Vec<u8>, Failure> {
    let started = Instant::now();
    let bytes = usize::try_from(bytes).map_err(|_| Failure::Nonsense)?;
    let mut body = Vec::new();
    while body.len() < bytes {
        let missing = bytes.saturating_sub(body.len());
        let chunk = within(link, recv.read_chunk(missing)).await?.ok_or(Failure::Nonsense)?;
        body.extend_from_slice(&chunk);
        link.told(chunk.len());
        if too_slow(started, u64::try_from(body.len()).unwrap_or(u64::MAX)) {
            return Err(Failure::Slow);
        }
    }
    // Nothing may follow. Read to its end, a stream leaves nothing behind.
    let more = within(link, recv.read_chunk(1)).await?;
    if more.is_none() { Ok(body) } else { Err(Failure::Nonsense) }
}

/// Another device as a shelf: what it shows of one book. Nothing can be laid down on it; the other
/// device takes what it wants by itself. Every call may take as long as dialling (ten seconds) or
/// an answer that trickles in. Not to be called from inside an asynchronous task.
pub struct PeerShelf {
    peers: Peers,
    address: PeerAddress,
    book: BookId,
}

impl PeerShelf {
    pub(super) fn new(peers: Peers, address: PeerAddress, book: BookId) -> Self {
        Self { peers, address, book }
    }

    /// Does something on a connection that is there or made for it. One that was there may have
    /// ended unnoticed: then once more on a new one.
    fn on_link<T>(&self, work: impl AsyncFn(Arc<Link>) -> Result<T, Failure>) -> Result<T, Error> {
        let inner: &Arc<Inner> = &self.peers.guard.0;
        blocking(&self.place(), async {
            let (mut link, new) = inner.link(&self.address).await?;
            let mut done = work(Arc::clone(&link)).await;
            if matches!(done, Err(Failure::Lost)) && !new {
                (link, _) = inner.link(&self.address).await?;
                done = work(Arc::clone(&link)).await;
            }
            if matches!(done, Err(Failure::Nonsense)) {
                link.close(Close::Nonsense);
            }
            done.map_err(|failure| failure.say(&self.place()))
        })?
    }
}

impl Shelf for PeerShelf {
    fn place(&self) -> String {
        super::place(&self.address.device)
    }

    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error> {
        self.on_link(async |link| {
            let heard = link.heard(&self.book);
            let mut heard = heard.lock().await;
            let request = Request::List(self.book, heard.number);
            let (kind, body) = ask(&link, &request, 0).await?;
            match kind {
                Kind::Listing => {}
                Kind::No => return Err(Failure::Denied),
                Kind::File | Kind::Fault => return Err(Failure::Fault),
            }
            let said = listing::decode(&body, &heard.listing).ok_or(Failure::Nonsense)?;
            (heard.number, heard.listing) = said;
            link.prove();
            let wanted = heard.listing.iter().filter(|(name, _)| name.starts_with(prefix));
            Ok(wanted.map(|(name, bytes)| Item { name: name.clone(), bytes: *bytes }).collect())
        })
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        if !commonhold_sync::shelf::is_name(name) {
            return Ok(None);
        }
        let most = most.min(bundle::MAX_BYTES);
        self.on_link(async |link| {
            let request = Request::Get(self.book, name.to_owned(), most);
            match ask(&link, &request, most).await? {
                (Kind::File, body) => Ok(Some(body)),
                (Kind::No, _) => Ok(None),
                _ => Err(Failure::Fault),
            }
        })
    }

    fn put(&mut self, _: &str, _: &[u8]) -> Result<(), Error> {
        Err(self.takes_nothing())
    }

    fn remove(&mut self, _: &str) -> Result<(), Error> {
        Err(self.takes_nothing())
    }

    fn takes(&self) -> bool {
        false
    }
}

impl PeerShelf {
    fn takes_nothing(&self) -> Error {
        let reason =
            "nothing can be laid down on another device; it takes what it wants by itself.";
        error(&self.place(), Trouble::Broken, reason.to_owned())
    }
}
