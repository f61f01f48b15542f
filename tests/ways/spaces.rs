//! Two computers, as far as the network goes: a namespace each, and a cable between them.

use super::direct::{dialled, met};
use super::servers::Relay;
use super::town::{Town, exchange, removed};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Two namespaces joined by a pair of interfaces; they go with this.
struct Spaces {
    names: [String; 2],
}

const ADDRESSES: [&str; 2] = ["10.77.13.1", "10.77.13.2"];

fn ip(words: &str) -> bool {
    let mut command = Command::new("ip");
    command.args(words.split(' ')).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

impl Spaces {
    /// Nothing where this computer does not let us: it takes root and the program `ip`.
    fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = |side: &str| format!("ch{}x{n}{side}", std::process::id());
        let spaces = Self { names: [name("a"), name("b")] };
        let [one, other] = &spaces.names;
        let made = ip(&format!("netns add {one}"))
            && ip(&format!("netns add {other}"))
            && ip(&format!("link add eth0 netns {one} type veth peer name eth0 netns {other}"))
            && spaces.names.iter().zip(ADDRESSES).all(|(name, address)| {
                ip(&format!("-n {name} link set lo up"))
                    && ip(&format!("-n {name} addr add {address}/24 dev eth0"))
                    && ip(&format!("-n {name} link set eth0 up"))
                    && ip(&format!("-n {name} route add default dev eth0"))
            });
        if !made {
            // A matter of rights, not of what is installed.
            println!("skipped: network namespaces cannot be made here (it takes root)");
        }
        made.then_some(spaces)
    }

    /// Ann in one of them, Ben in the other.
    fn town(&self) -> Town {
        let people = ["Ann", "Ben"].map(str::to_owned).into_iter();
        Town::in_spaces(people.zip(self.names.clone()).collect::<BTreeMap<_, _>>())
    }
}

impl Drop for Spaces {
    fn drop(&mut self) {
        for name in &self.names {
            ip(&format!("netns del {name}"));
        }
    }
}

#[test]
fn between_two_computers_a_device_is_dialled_by_the_address_it_shows() {
    let Some(spaces) = Spaces::new() else { return };
    let town = spaces.town();
    let address = met(&town);
    assert!(address.contains(ADDRESSES[0]), "{address}");
    dialled(&town, &address);
}

#[test]
fn between_two_computers_a_device_is_found_by_its_key_alone() {
    let Some(spaces) = Spaces::new() else { return };
    let town = spaces.town();
    let address = met(&town);
    dialled(&town, address.split_once('@').unwrap().0);
}

/// Nobody names anybody: both take part, and each hears of the other in their network.
#[test]
fn between_two_computers_devices_of_a_service_find_each_other() {
    let Some(spaces) = Spaces::new() else { return };
    let town = spaces.town();
    met(&town);
    town.run("Ben", &["live", "on"]);
    town.page("Ann", "From Ann");
    town.page("Ben", "From Ben");
    let (_ann, _ben) = (town.watch("Ann", &[]), town.watch("Ben", &[]));
    for (who, title) in [("Ann", "From Ben"), ("Ben", "From Ann")] {
        let took = town.arrives(who, title, Duration::from_secs(10));
        println!("{who} has “{title}” after {} ms", took.as_millis());
    }
    town.same(&["Ann", "Ben"]);
}

#[test]
fn between_two_computers_and_a_relay() {
    let Some(spaces) = Spaces::new() else { return };
    let relay = Relay::start_in(Some(&spaces.names[0]), ADDRESSES[0], None);
    let town = spaces.town();
    let way = |_: &str| relay.address.clone();
    town.join("Ben", &way);
    exchange(&town, &way);
    removed(&town, &way);
}
