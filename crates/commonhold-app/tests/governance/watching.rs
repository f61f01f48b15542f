//! Scenarios are looked at by the program itself: whoever is apart writes down the same firing, and
//! whoever has no role writes nothing.

use super::closing::{begin, half_a_year};
use super::support::{Desk, Team};
use commonhold_app::background::{Background, News, Owner};
use commonhold_app::commands::{framework, remotes};
use commonhold_app::{App, Failure};
use commonhold_core::authority::{Role, Statement};
use commonhold_core::{BookId, Kind};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const ANN: usize = 0;
const BEN: usize = 1;

/// A device whose program is open.
struct Running(Mutex<Desk>);

impl Owner for Running {
    fn lend(&self, work: &mut dyn FnMut(&mut App) -> Result<(), Failure>) -> Result<(), Failure> {
        work(&mut self.0.lock().unwrap().app)
    }

    fn exchange_changed(&self, _: News<'_>) {}
}

impl Running {
    fn open(desk: Desk) -> (Arc<Self>, Background) {
        let running = Arc::new(Self(Mutex::new(desk)));
        let background = Background::start(running.clone());
        (running, background)
    }

    fn count(&self, book: &BookId, kind: Kind) -> u64 {
        self.0.lock().unwrap().app.reader().count(book, kind).unwrap()
    }

    fn heads(&self, book: &BookId) -> String {
        self.0.lock().unwrap().app.reader().heads_fingerprint(book).unwrap().to_string()
    }

    fn pause(&self, address: &str, paused: bool) {
        remotes::pause(&mut self.0.lock().unwrap().app, address, paused).unwrap();
    }
}

/// Waits until something is so.
fn until(what: &str, so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Long enough to have looked.
fn a_moment() {
    thread::sleep(Duration::from_millis(700));
}

fn place(team: &Team) -> String {
    remotes::list(team.reader(ANN)).unwrap()[0].address.clone()
}

/// Somebody whose role has ended.
fn without_role(team: &mut Team) -> usize {
    let who = team.join(Role::Contributor);
    let person = team.desks[who].person;
    team.say(ANN, &[Statement::End { person, role: Role::Contributor, reason: "Over".into() }]);
    team.share();
    who
}

#[test]
fn two_open_programs_write_down_one_firing_while_apart_and_who_has_no_role_none() {
    let mut team = begin();
    let dora = without_role(&mut team);
    half_a_year(&mut team);
    // Everybody has everything, and then nobody hears of the others.
    team.set("2026-06-29T09:00:00Z");
    team.share();
    let (book, place) = (team.book, place(&team));
    let dora = team.desks.remove(dora);
    let (_cleo, ben, ann) = (team.desks.remove(2), team.desks.remove(BEN), team.desks.remove(ANN));
    let mut open = Vec::new();
    for mut desk in [ann, ben, dora] {
        remotes::pause(&mut desk.app, &place, true).unwrap();
        open.push(Running::open(desk));
    }
    a_moment();
    let before: Vec<String> = open.iter().map(|(desk, _)| desk.heads(&book)).collect();
    assert!(open.iter().all(|(desk, _)| desk.count(&book, Kind::Firing) == 0), "June is not over");
    // The month ends while the programs are open.
    for (desk, background) in &open {
        desk.0.lock().unwrap().set("2026-06-30T09:00:00Z");
        background.call();
    }
    for (desk, _) in &open[..2] {
        until("it fires", || desk.count(&book, Kind::Firing) == 1);
        until("its vote is open", || desk.count(&book, Kind::Proposal) == 1);
    }
    a_moment();
    assert_eq!(open[2].0.heads(&book), before[2], "who has no role writes nothing");
    assert_ne!(open[0].0.heads(&book), open[1].0.heads(&book), "they are apart");
    for (desk, background) in &open {
        desk.pause(&place, false);
        background.places_changed();
    }
    until("they have the same", || {
        let heads: Vec<String> = open.iter().map(|(desk, _)| desk.heads(&book)).collect();
        heads.iter().all(|one| *one == heads[0])
    });
    a_moment();
    for (desk, _) in &open {
        assert_eq!(desk.count(&book, Kind::Firing), 1, "one firing after merging");
        assert_eq!(desk.count(&book, Kind::Proposal), 1);
    }
    let seen = &mut open[0].0.0.lock().unwrap().app;
    assert_eq!(framework::scenario_watch(seen, &book).unwrap(), 0, "nothing is left to write");
}

#[test]
fn what_others_bring_is_looked_at_and_nothing_is_written_where_nothing_changed() {
    let mut team = begin();
    half_a_year(&mut team);
    team.set("2026-06-29T09:00:00Z");
    team.share();
    let book = team.book;
    let desk = team.desks.remove(ANN);
    desk.set("2026-06-30T09:00:00Z");
    let (desk, background) = Running::open(desk);
    until("it fires as the profile opens", || desk.count(&book, Kind::Proposal) == 1);
    let heads = desk.heads(&book);
    for _ in 0..5 {
        background.call();
        a_moment();
    }
    assert_eq!(desk.heads(&book), heads);
}
