//! Who was away while others were removed finds the room of the newest key through the old one.

use super::servers::Relay;
use super::town::{Town, late};

#[test]
fn who_was_away_while_others_left_gets_everything_through_the_relay() {
    let relay = Relay::start(None);
    let town = Town::new();
    let way = |_: &str| relay.address.clone();
    for who in ["Ben", "Dora", "Cleo"] {
        town.join(who, &way);
    }
    for who in ["Ann", "Ben", "Dora", "Cleo"] {
        town.sync(who, &way);
    }
    town.page("Cleo", "Cleo, away");
    // Two keys follow one another while she is away.
    for leaves in ["Ben", "Dora"] {
        town.run("Ann", &["person", "remove", leaves, "--reason", "Moved"]);
        town.sync("Ann", &way);
        town.page("Ann", &format!("After {leaves}"));
        town.sync("Ann", &way);
    }
    town.sync("Cleo", &way);
    let pages = town.pages("Cleo");
    for title in ["After Ben", "After Dora"] {
        assert!(pages.iter().any(|page| page == title), "{title}: {pages:?}");
    }
    town.sync("Ann", &way);
    assert!(town.pages("Ann").iter().any(|page| page == "Cleo, away"));
    town.same(&["Ann", "Cleo"]);
    late(&town, &way);
    let said = town.said("Dora", &["sync", "--with", &way("Dora")]);
    let pages = town.pages("Dora");
    assert!(!pages.iter().any(|page| page == "After Dora"), "{said:?} {pages:?}");
    town.same(&["Ann", "Cleo"]);
}
