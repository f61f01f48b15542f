//! Strangers, and those who say what makes no sense.

use crate::support::{BOOK, Node, UNKNOWN, friends, node, wait};
use commonhold_core::id::BookId;
use commonhold_net::peer::wire::{ALPN, Request};
use commonhold_sync::shelf::{Shelf, Trouble};
use iroh::endpoint::{Connection, ConnectionError, presets};
use iroh::{Endpoint, EndpointAddr, EndpointId, SecretKey};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Somebody with a program of their own.
async fn connect(seed: u8, to: &Node) -> (Endpoint, Connection) {
    let endpoint = Endpoint::builder(presets::Minimal)
        .secret_key(SecretKey::from_bytes(&[seed; 32]))
        .bind()
        .await
        .unwrap();
    let id = EndpointId::from_bytes(&to.device().0).unwrap();
    let address = EndpointAddr::new(id).with_ip_addr(to.address().direct[0]);
    let connection = endpoint.connect(address, ALPN).await.unwrap();
    (endpoint, connection)
}

async fn ask(connection: &Connection, request: &[u8]) -> Option<Vec<u8>> {
    let (mut send, mut recv) = connection.open_bi().await.ok()?;
    send.write_all(request).await.ok()?;
    send.finish().ok()?;
    recv.read_to_end(1 << 20).await.ok()
}

fn code(error: ConnectionError) -> u64 {
    match error {
        ConnectionError::ApplicationClosed(close) => close.error_code.into_inner(),
        other => panic!("{other}"),
    }
}

#[test]
fn a_stranger_learns_nothing() {
    let (ann, ben) = friends(30, 31);
    ben.shown.add("b.cho", b"secret".to_vec());
    ann.peers.shelf(&ben.address(), &BOOK).list("").unwrap();
    let stranger = node(32);
    let shelf = |book: BookId| stranger.peers.shelf(&ben.address(), &book).list("").unwrap_err();
    assert_eq!(shelf(BOOK), shelf(UNKNOWN));
    assert_eq!(shelf(BOOK).trouble, Trouble::Denied);
    wait(async {
        let (_endpoint, connection) = connect(33, &ben).await;
        for request in [
            Request::List(BOOK, 0),
            Request::List(UNKNOWN, 0),
            Request::List(BOOK, 1),
            Request::Get(BOOK, "b.cho".to_owned(), 100),
            Request::Get(BOOK, "c.cho".to_owned(), 100),
            Request::Get(UNKNOWN, "b.cho".to_owned(), 100),
        ] {
            assert_eq!(ask(&connection, &request.encode()).await.unwrap(), [0; 5]);
        }
    });
    // One who was removed is a stranger from then on, also where it is connected.
    let mut anns = ann.peers.shelf(&ben.address(), &BOOK);
    ben.shown.members.lock().unwrap().clear();
    assert_eq!(anns.list("").unwrap_err().trouble, Trouble::Denied);
    assert_eq!(anns.get("b.cho", 10).unwrap(), None);
}

#[test]
fn one_who_asks_for_nothing_is_closed_and_one_who_asks_too_often_too() {
    let ben = node(34);
    wait(async {
        let (_one, silent) = connect(35, &ben).await;
        let (_two, eager) = connect(36, &ben).await;
        let (_three, slow) = connect(37, &ben).await;
        // A request that never ends does not keep a connection.
        let (mut send, _recv) = slow.open_bi().await.unwrap();
        send.write_all(&[1]).await.unwrap();
        let started = Instant::now();
        let mut asked = 0;
        while ask(&eager, &Request::List(BOOK, 0).encode()).await.is_some() {
            asked += 1;
        }
        assert_eq!(code(eager.closed().await), 4);
        assert!((20..=40).contains(&asked), "{asked}");
        assert!(started.elapsed() > Duration::from_secs(1), "it had to wait");
        for connection in [silent, slow] {
            let closed = timeout(Duration::from_secs(20), connection.closed()).await;
            assert_eq!(code(closed.unwrap()), 2);
        }
        println!("closed after {:?}", started.elapsed());
    });
}

#[test]
fn nonsense_ends_the_connection_and_nothing_else() {
    let (ann, ben) = friends(38, 39);
    ben.shown.add("b.cho", b"b".to_vec());
    let mut shelf = ann.peers.shelf(&ben.address(), &BOOK);
    shelf.list("").unwrap();
    wait(async {
        let requests: [Vec<u8>; 6] = [
            vec![],
            vec![0],
            vec![255; 200],
            vec![1; 5000],
            vec![2; 2 << 20],
            Request::Get(BOOK, "../../etc".to_owned(), 1).encode(),
        ];
        for request in requests {
            let (_endpoint, connection) = connect(40, &ben).await;
            assert!(ask(&connection, &request).await.is_none());
            assert_eq!(code(connection.closed().await), 1);
        }
        for notice in [vec![], vec![16; 36], vec![17; 38], vec![9; 1 << 20]] {
            let (_endpoint, connection) = connect(40, &ben).await;
            let mut send = connection.open_uni().await.unwrap();
            let _ = send.write_all(&notice).await;
            let _ = send.finish();
            assert_eq!(code(connection.closed().await), 1);
        }
    });
    assert_eq!(shelf.list("").unwrap().len(), 1);
    assert_eq!(shelf.get("b.cho", 9).unwrap().unwrap(), b"b");
}

#[test]
fn an_answer_that_makes_no_sense_is_refused() {
    let ann = node(41);
    let listing = |flags: u8, entries: &[u8]| {
        let length = (entries.len() as u32 + 5).to_be_bytes();
        [&[1], &length[..], &[0, 0, 0, 1, flags], entries].concat()
    };
    let answers = [
        vec![1, 255, 255, 255, 255],
        vec![9, 0, 0, 0, 0],
        vec![2, 0, 0, 0, 1, 7],
        listing(1, b"\x01\x04../a\0\0\0\0\0\0\0\x01"),
        listing(0, b"\x02\x01a"),
        listing(3, b"\xff\xff\xff\xff"),
        // It says more than it gives.
        vec![1, 0, 0, 1, 0, 0],
    ];
    wait(async {
        let liar = Endpoint::builder(presets::Minimal)
            .alpns(vec![ALPN.to_vec()])
            .bind_addr("127.0.0.1:0")
            .unwrap()
            .bind()
            .await
            .unwrap();
        let port = liar.bound_sockets()[0].port();
        let address = format!("peer:{}@127.0.0.1:{port}", hex(liar.id().as_bytes()));
        let peers = ann.peers.clone();
        let asking = std::thread::spawn(move || {
            let address = address.parse().unwrap();
            let mut shelf = peers.shelf(&address, &BOOK);
            (0..7).map(|_| shelf.list("").unwrap_err().trouble).collect::<Vec<_>>()
        });
        for answer in answers {
            let connection = liar.accept().await.unwrap().await.unwrap();
            let (mut send, _recv) = connection.accept_bi().await.unwrap();
            send.write_all(&answer).await.unwrap();
            send.finish().unwrap();
            assert_eq!(code(connection.closed().await), 1);
        }
        assert_eq!(asking.join().unwrap(), [Trouble::Broken; 7]);
    });
}

#[test]
fn one_device_has_few_connections_and_strangers_have_few_together() {
    let (ann, ben) = friends(42, 43);
    ann.peers.shelf(&ben.address(), &BOOK).list("").unwrap();
    wait(async {
        let mut of_one = Vec::new();
        for _ in 0..6 {
            of_one.push(connect(44, &ben).await);
        }
        assert_eq!(code(of_one[0].1.closed().await), 3);
        assert_eq!(code(of_one[1].1.closed().await), 3);
        let mut many = Vec::new();
        for seed in 0..18 {
            many.push(connect(60 + seed, &ben).await);
        }
        assert_eq!(code(of_one[5].1.closed().await), 3);
        assert_eq!(code(many[0].1.closed().await), 3);
        assert!(many[17].1.close_reason().is_none());
    });
    // One who was let in does not have to go for strangers.
    assert_eq!(ann.peers.connected(), [ben.device()]);
    assert_eq!(ann.peers.traffic(&ben.device()).len(), 1);
}

fn hex(bytes: &[u8]) -> String {
    commonhold_core::id::hex(bytes)
}
