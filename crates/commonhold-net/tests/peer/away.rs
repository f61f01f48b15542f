//! Devices that go, come back, and are found again; also in networks of their own.

use crate::SOON;
use crate::support::{BOOK, friends, node, start};
use commonhold_net::peer::{Event, PeerAddress};
use commonhold_sync::shelf::{Shelf, Trouble};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

#[test]
fn one_that_is_not_there_is_away() {
    let ann = node(20);
    let gone = node(21);
    let address = gone.address();
    gone.peers.stop();
    let started = Instant::now();
    let error = ann.peers.shelf(&address, &BOOK).list("").unwrap_err();
    println!("{error} ({:?})", started.elapsed());
    assert_eq!(error.trouble, Trouble::Away);
    assert!(started.elapsed() < Duration::from_secs(15));
    // Nobody knows where, and nobody looks.
    let started = Instant::now();
    let nowhere = PeerAddress { direct: Vec::new(), ..address };
    assert_eq!(ann.peers.shelf(&nowhere, &BOOK).list("").unwrap_err().trouble, Trouble::Away);
    assert!(started.elapsed() < Duration::from_secs(15));
    let own = ann.peers.shelf(&ann.address(), &BOOK).list("").unwrap_err();
    assert_eq!(own.trouble, Trouble::Broken);
}

#[test]
fn another_answers_at_that_address() {
    let (ann, ben) = (node(22), node(23));
    let mallory = node(24);
    let address = PeerAddress { direct: mallory.address().direct, ..ben.address() };
    assert_eq!(ann.peers.shelf(&address, &BOOK).list("").unwrap_err().trouble, Trouble::Away);
    assert!(ann.peers.connected().is_empty());
}

#[test]
fn one_that_restarts_on_another_port_is_found() {
    let ann = start(25, Arc::default(), true);
    let ben = start(26, Arc::default(), true);
    ann.let_in(&ben);
    ben.let_in(&ann);
    ben.shown.add("b.cho", b"b".to_vec());
    let started = Instant::now();
    if !(ann.peers.discovers() && ann.sees(Event::Found(ben.device()), SOON)) {
        println!("SKIPPED: this machine has no multicast");
        return;
    }
    println!("found after {:?}", started.elapsed());
    let mut address = ben.address();
    let mut shelf = ann.peers.shelf(&address, &BOOK);
    assert_eq!(shelf.list("").unwrap().len(), 1);
    let shown = Arc::clone(&ben.shown);
    ben.peers.stop();
    assert!(ann.sees(Event::Disconnected(address.device), SOON));
    let ben = start(26, shown, true);
    assert_ne!(ben.address().direct, address.direct);
    let started = Instant::now();
    let until = started + Duration::from_secs(40);
    let mut found = shelf.list("");
    while found.is_err() && Instant::now() < until {
        found = shelf.list("");
    }
    println!("again after {:?}", started.elapsed());
    assert_eq!(found.unwrap().len(), 1);
    // Without any address at all.
    let cleo = start(27, Arc::default(), true);
    ben.let_in(&cleo);
    address.direct.clear();
    let started = Instant::now();
    assert_eq!(cleo.peers.shelf(&address, &BOOK).list("").unwrap().len(), 1);
    println!("by its key alone after {:?}", started.elapsed());
}

/// The small program beside these tests.
fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("examples").join("peer_node");
    assert!(program.exists(), "cargo build -p commonhold-net --examples");
    program
}

/// One that runs, and what it says first. Ended at the end of the test, come what may.
struct Running(Child, BufReader<std::process::ChildStdout>);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn new(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self(child, out)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.1.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

#[test]
fn one_that_is_killed_is_noticed() {
    let (ann, _) = friends(28, 29);
    let mut ben = Running::new(Command::new(program()).args(["90", "127.0.0.1:0", "3", "100"]));
    let address: PeerAddress = ben.line().parse().unwrap();
    let mut shelf = ann.peers.shelf(&address, &BOOK);
    assert_eq!(shelf.list("").unwrap().len(), 3);
    ben.0.kill().unwrap();
    let started = Instant::now();
    assert!(ann.sees(Event::Disconnected(address.device), Duration::from_secs(25)));
    println!("noticed after {:?}", started.elapsed());
    assert!(ann.peers.connected().is_empty());
}

fn ip(arguments: &str) -> bool {
    let output = Command::new("ip").args(arguments.split_whitespace()).output();
    output.is_ok_and(|output| output.status.success())
}

/// Networks that are taken away again.
struct Networks([String; 2]);

impl Drop for Networks {
    fn drop(&mut self) {
        self.0.iter().for_each(|name| {
            ip(&format!("netns del {name}"));
        });
    }
}

#[test]
fn two_processes_in_networks_of_their_own() {
    let id = std::process::id();
    let (one, two) = (format!("chp{id}a"), format!("chp{id}b"));
    let networks = Networks([one.clone(), two.clone()]);
    let made = [
        format!("netns add {one}"),
        format!("netns add {two}"),
        format!("link add name ve{id} netns {one} type veth peer name ve{id} netns {two}"),
        format!("-n {one} address add 10.77.0.1/24 dev ve{id}"),
        format!("-n {two} address add 10.77.0.2/24 dev ve{id}"),
        format!("-n {one} link set ve{id} up"),
        format!("-n {two} link set ve{id} up"),
    ];
    if !made.iter().all(|step| ip(step)) {
        println!("SKIPPED: networks of their own need root and the program ip");
        return;
    }
    let inside = |name: &str| {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", name]).arg(program());
        command
    };
    let mut ben = Running::new(inside(&networks.0[0]).args(["91", "0.0.0.0:0", "5", "1000000"]));
    let address = ben.line();
    assert!(address.contains("@10.77.0.1:"), "{address}");
    let mut ann =
        Running::new(inside(&networks.0[1]).args(["92", "0.0.0.0:0", "0", "0", &address]));
    assert!(ann.line().contains("@10.77.0.2:"));
    assert_eq!(ann.line(), "took 5 files, 5000000 bytes");
    assert_eq!(ann.line(), "the other side has finished: false");
}
