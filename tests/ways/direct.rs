//! Direct connections: Ann takes part and waits, Ben dials.

use super::town::Town;
use std::net::UdpSocket;
use std::time::Duration;

/// A port nobody uses at the moment.
fn free_port() -> String {
    UdpSocket::bind("0.0.0.0:0").unwrap().local_addr().unwrap().port().to_string()
}

/// They meet over a folder, which is forgotten then: everything else goes directly. Answers the
/// address Ann is told to hand on.
pub fn met(town: &Town) -> String {
    let way = |_: &str| town.shared();
    town.join("Ben", &way);
    for who in ["Ann", "Ben", "Ann"] {
        town.sync(who, &way);
    }
    for who in ["Ann", "Ben"] {
        // It prints nothing for scripts.
        assert_eq!(town.said(who, &["remote", "remove", &town.shared()]).code, 0);
    }
    let live = town.run("Ann", &["live", "on", "--port", &free_port()]);
    live["address"].as_str().unwrap().to_owned()
}

/// Ann waits and Ben dials: both have the same, and a second time there is nothing to say. Then
/// Ben is removed, and is not let in any more.
pub fn dialled(town: &Town, address: &str) {
    let way = |_: &str| address.to_owned();
    town.page("Ann", "Ann, away");
    let scan = town.attach();
    town.page("Ben", "Ben, away");
    let watching = town.watch("Ann", &[]);
    assert!(town.sync("Ben", &way).1 > 0, "Ben takes in");
    town.attached(&scan);
    let took = town.arrives("Ann", "Ben, away", Duration::from_secs(10));
    println!("Ann has it {} ms after Ben's exchange ended", took.as_millis());
    town.same(&["Ann", "Ben"]);
    assert_eq!(town.sync("Ben", &way), (0, 0), "all was said");
    drop(watching);
    town.run("Ann", &["person", "remove", "Ben", "--reason", "He moved away"]);
    town.page("Ann", "After Ben");
    let _watching = town.watch("Ann", &[]);
    town.page("Ben", "Too late");
    let said = town.said("Ben", &["sync", "--with", address]);
    said.cannot_now();
    assert!(!town.pages("Ann").iter().any(|page| page == "Too late"));
    assert!(!town.pages("Ben").iter().any(|page| page == "After Ben"));
}

#[test]
fn a_device_dialled_by_its_address() {
    let town = Town::new();
    let address = met(&town);
    let (device, rest) = address.split_once('@').unwrap();
    let port = rest.split(',').next().unwrap().rsplit(':').next().unwrap();
    dialled(&town, &format!("{device}@127.0.0.1:{port}"));
}
