//! Exchange that goes on by itself: what others write arrives without anybody asking.

use super::servers::Relay;
use super::town::{Town, Way};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(10);

/// Ann and Ben watch, Cleo writes and exchanges once, twice over.
fn arrives(town: &Town, way: Way<'_>) {
    for who in ["Ben", "Cleo"] {
        town.join(who, way);
    }
    town.sync("Ben", way);
    let (_ann, _ben) = (town.watch("Ann", &[]), town.watch("Ben", &[]));
    for title in ["At once", "Once more"] {
        town.page("Cleo", title);
        town.sync("Cleo", way);
        for who in ["Ann", "Ben"] {
            let took = town.arrives(who, title, SOON);
            println!("{who} has “{title}” after {} ms", took.as_millis());
        }
    }
    town.sync("Cleo", way);
    town.same(&["Ann", "Ben", "Cleo"]);
}

#[test]
fn over_a_folder() {
    let town = Town::new();
    arrives(&town, &|_| town.shared());
}

#[test]
fn over_a_relay() {
    let relay = Relay::start(None);
    arrives(&Town::new(), &|_| relay.address.clone());
}

#[test]
fn what_came_by_one_place_is_handed_on_by_the_other() {
    let relay = Relay::start(None);
    let town = Town::new();
    let (folder, by_relay) = (|_: &str| town.shared(), |_: &str| relay.address.clone());
    town.join("Ben", &folder);
    town.join("Cleo", &by_relay);
    for (who, way) in [("Ann", &folder as Way<'_>), ("Ann", &by_relay), ("Ben", &folder)] {
        town.sync(who, way);
    }
    let (_ann, _cleo) = (town.watch("Ann", &[]), town.watch("Cleo", &[]));
    town.page("Ben", "From the folder");
    town.sync("Ben", &folder);
    let took = town.arrives("Cleo", "From the folder", SOON);
    println!("through a folder, Ann and a relay: {} ms", took.as_millis());
}
