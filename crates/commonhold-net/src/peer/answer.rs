//! The side that is asked. Whoever asks may be anybody: it has proved a key, and that is all.

use super::limits::{IDLE, REQUEST, SLOWEST, UNPROVEN};
use super::link::{Close, Link};
use super::node::Inner;
use super::wire::{Head, Kind, MAX_REQUEST, NOTICE, Notice, Request};
use super::{Event, listing};
use commonhold_core::id::BookId;
use commonhold_sync::bundle;
use iroh::endpoint::{ReadToEndError, RecvStream, SendStream};
use std::sync::Arc;
use tokio::time::{Instant, interval_at, timeout};

/// Serves one connection until it ends.
pub async fn serve(inner: Arc<Inner>, link: Arc<Link>) {
    let first = Instant::now().checked_add(UNPROVEN).unwrap_or_else(Instant::now);
    let mut check = interval_at(first, UNPROVEN);
    loop {
        tokio::select! {
            stream = link.connection.accept_bi() => {
                let Ok((send, recv)) = stream else { break };
                tokio::spawn(answer(Arc::clone(&inner), Arc::clone(&link), send, recv));
            }
            stream = link.connection.accept_uni() => {
                let Ok(recv) = stream else { break };
                tokio::spawn(hear(Arc::clone(&inner), Arc::clone(&link), recv));
            }
            _ = check.tick() => {
                if link.idle() {
                    link.close(Close::Nothing);
                }
            }
        }
    }
    inner.ended(&link);
}

/// Answers one request.
async fn answer(inner: Arc<Inner>, link: Arc<Link>, mut send: SendStream, mut recv: RecvStream) {
    let Some(request) = read(&link, &mut recv, MAX_REQUEST, Request::decode).await else { return };
    let _busy = link.busy();
    link.pace().await;
    // Held until the bytes are on their way, so that memory is bounded.
    let (head, body, _held) = match request {
        Request::List(book, seen) => {
            let (head, body) = list(&inner, &link, book, seen).await;
            (head, body, None)
        }
        Request::Get(book, name, most) => {
            let (Ok(one), Ok(all)) = (link.files.acquire().await, inner.files.acquire().await)
            else {
                return;
            };
            let (head, body) = get(&inner, &link, book, name, most).await;
            (head, body, Some((one, all)))
        }
    };
    if head.kind == Kind::No {
        link.refuse();
    } else {
        link.prove();
    }
    let _ = write(&link, &mut send, head, &body).await;
}

/// Reads a stream to its end and what it says; what makes no sense ends the connection.
async fn read<T>(
    link: &Link,
    recv: &mut RecvStream,
    most: usize,
    decode: impl Fn(&[u8]) -> Option<T>,
) -> Option<T> {
    // One that says nothing in time, or thinks better of it, is left alone.
    let said = match timeout(REQUEST, recv.read_to_end(most)).await.ok()? {
        Ok(bytes) => {
            link.told(bytes.len());
            decode(&bytes)
        }
        Err(ReadToEndError::TooLong) => None,
        Err(ReadToEndError::Read(_)) => return None,
    };
    if said.is_none() {
        link.close(Close::Nonsense);
    }
    said
}

fn only(kind: Kind) -> (Head, Vec<u8>) {
    (Head { kind, bytes: 0 }, Vec::new())
}

fn with(kind: Kind, body: Vec<u8>) -> (Head, Vec<u8>) {
    match u32::try_from(body.len()) {
        Ok(bytes) => (Head { kind, bytes }, body),
        Err(_) => only(Kind::Fault),
    }
}

async fn list(inner: &Arc<Inner>, link: &Arc<Link>, book: BookId, seen: u32) -> (Head, Vec<u8>) {
    let (source, asked) = (Arc::clone(&inner.source), Arc::clone(link));
    let work = move || {
        let items = source.list(&asked.device, &book)?;
        Some(listing::of(items).and_then(|now| asked.give(&book, seen, now)))
    };
    match inner.question(work).await {
        Some(Some(Some(body))) => with(Kind::Listing, body),
        // Too many files to say.
        Some(Some(None)) => only(Kind::Fault),
        // Also when the source failed: whether it did over a book that is there stays hidden.
        Some(None) | None => only(Kind::No),
    }
}

async fn get(
    inner: &Arc<Inner>,
    link: &Arc<Link>,
    book: BookId,
    name: String,
    most: u64,
) -> (Head, Vec<u8>) {
    let (source, device) = (Arc::clone(&inner.source), link.device);
    let most = most.min(bundle::MAX_BYTES);
    match inner.question(move || source.get(&device, &book, &name, most)).await {
        Some(Some(mut body)) => {
            body.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            with(Kind::File, body)
        }
        Some(None) | None => only(Kind::No),
    }
}

/// Writes an answer, as long as the other side takes it.
async fn write(link: &Link, send: &mut SendStream, head: Head, body: &[u8]) -> Option<()> {
    let started = Instant::now();
    let mut sent = 0u64;
    let first = [head.encode().as_slice(), body.get(..body.len().min(1024))?].concat();
    let rest = body.get(body.len().min(1024)..)?;
    for part in std::iter::once(first.as_slice()).chain(rest.chunks(64 << 10)) {
        timeout(IDLE, send.write_all(part)).await.ok()?.ok()?;
        link.said(part.len());
        sent = sent.saturating_add(u64::try_from(part.len()).ok()?);
        if too_slow(started, sent) {
            return None;
        }
    }
    send.finish().ok()
}

/// Whether so many bytes have taken too long.
pub fn too_slow(started: Instant, bytes: u64) -> bool {
    let seconds = started.elapsed().saturating_sub(IDLE).as_secs();
    seconds > bytes.checked_div(SLOWEST).unwrap_or(0)
}

/// Hears one notice.
async fn hear(inner: Arc<Inner>, link: Arc<Link>, mut recv: RecvStream) {
    let Some(notice) = read(&link, &mut recv, NOTICE, Notice::decode).await else { return };
    link.pace().await;
    match notice {
        Notice::Finished(book, number) => {
            link.has_finished(&book, number);
            inner.finished.notify_waiters();
        }
        Notice::Changed(book) => {
            // Of strangers no word is passed on: whoever acts on it would show what books it has.
            let known = match link.heard_already(&book) {
                Some(_) => link.proven(),
                None => inner.lets_in(link.device, book).await,
            };
            if known {
                inner.tell(Event::Changed(link.device, book));
            }
        }
    }
}
