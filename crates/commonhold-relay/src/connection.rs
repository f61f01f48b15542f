//! One connection, from its first byte to its end.

use crate::address::asker;
use crate::api::Relay;
use crate::io::Guarded;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// How long the other side may take to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Most bytes of the head of a request.
const HEAD: usize = 16 << 10;

/// What is said to who finds no place; more would cost what there is none of.
const NO_PLACE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\ncommonhold-relay: 1\r\nretry-after: 10\r\n\
    connection: close\r\ncontent-type: text/plain\r\ncontent-length: 61\r\n\r\n\
    This relay has too many connections; try again in a moment.\r\n";

/// Serves a connection that found a place.
pub async fn serve(
    relay: Arc<Relay>,
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
    _place: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
    let limits = &relay.options.limits;
    let address = asker(peer.ip());
    let most =
        if relay.options.behind_proxy { u64::MAX } else { limits.max_connections_per_address };
    if !relay.connected.add(address, most) {
        turn_away(&relay, &stream);
        return;
    }
    let stall = Duration::from_secs(limits.stall_seconds);
    let guarded = Guarded::new(stream, Arc::clone(&relay.metrics), stall);
    match tls {
        None => speak(&relay, guarded, peer).await,
        Some(config) => {
            let handshake = TlsAcceptor::from(config).accept(guarded);
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, handshake).await {
                speak(&relay, stream, peer).await;
            }
        }
    }
    relay.connected.remove(address);
}

/// Says that there is no place, without waiting.
pub fn turn_away(relay: &Relay, stream: &TcpStream) {
    relay.metrics.turned_away();
    if relay.options.tls.is_none() {
        let _ = stream.try_write(NO_PLACE);
    }
}

async fn speak<S: AsyncRead + AsyncWrite + Unpin>(relay: &Arc<Relay>, stream: S, peer: SocketAddr) {
    let service = service_fn(|request| {
        let relay = Arc::clone(relay);
        async move { Ok::<_, Infallible>(relay.answer(peer.ip(), request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(relay.options.limits.idle_seconds))
        .max_buf_size(HEAD)
        .max_headers(48)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut stop = relay.stop.clone();
    // What goes wrong on a connection is the other side's to notice.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stopped| *stopped) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
