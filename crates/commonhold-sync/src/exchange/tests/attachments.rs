//! Attachments over a real folder and over a shelf in memory, with damage, lies and removals.

mod world;

use super::*;
use crate::attachments::{file_name, mark_name, part_id, read_file_name, seal};
use crate::shelf::Room;
use crate::transport::folder::Folder;
use commonhold_core::Kind;
use commonhold_core::attachment::{PART_BYTES, Part};
use commonhold_core::authority::Role;
use commonhold_core::id::Sha256;
use commonhold_core::keyring;
use commonhold_core::keys::Secret;
use world::{CANARY, Moody, Peer, World, file, person};

fn parts_of(shelf: &Memory) -> Vec<String> {
    shelf.files.keys().filter(|name| read_file_name(name).is_some()).cloned().collect()
}

/// Files go from Ann to Ben and Cleo, whatever the place is.
fn travels<S: Shelf>(shelf: &mut S, all: impl Fn(&S) -> Vec<(String, Vec<u8>)>) {
    let mut w = World::new(3);
    w.grant(1, Role::Treasurer);
    let files = [file(0, 0), file(900, 1), file(PART_BYTES, 2), file(2 * PART_BYTES + 9, 3)];
    let hashes = files.clone().map(|file| w.attach(&file, false));
    let (statement, secret) = (file(5000, 4), [CANARY, b" at the bank"].concat());
    let sealed = [w.attach(&statement, true), w.attach(&secret, true)];
    let report = w.meet(0, shelf);
    assert_eq!((report.attachments_sent, report.attachments_left), (6, 0), "{report:?}");
    for (name, bytes) in all(shelf) {
        assert!(!bytes.windows(CANARY.len()).any(|window| window == CANARY), "{name}");
        for hash in hashes.iter().chain(&sealed) {
            assert!(!name.contains(&hash.to_string()[..16]), "{name}");
        }
    }
    let before = all(shelf).len();
    // Ben is a treasurer; Cleo reads what everybody reads.
    for (who, received) in [(1, 5), (2, 3)] {
        let report = w.meet(who, shelf);
        assert_eq!(report.attachments_received, received, "{who} {report:?}");
        assert!(report.refused.is_empty(), "{report:?}");
        for (hash, file) in hashes.iter().zip(&files).take(3) {
            assert_eq!(w.bytes(who, hash).as_ref(), Some(file));
        }
        assert_eq!(w.bytes(who, &hashes[3]), None, "too large to come unasked");
        let book = w.book;
        w.laptops[who].ask_for_attachment(&book, &hashes[3]).unwrap();
        assert_eq!(w.meet(who, shelf).attachments_received, 1);
        assert_eq!(w.bytes(who, &hashes[3]).as_ref(), Some(&files[3]));
        assert_eq!(w.meet(who, shelf).attachments_received, 0, "nothing comes twice");
    }
    assert_eq!(w.bytes(1, &sealed[0]), Some(statement));
    assert!(w.laptops[1].attachment(&w.book, &sealed[1]).unwrap().unwrap().sealed);
    assert_eq!(w.bytes(2, &sealed[0]), None);
    assert_eq!(all(shelf).iter().filter(|(name, _)| name.contains("files/")).count(), 3 + 3 + 2);
    assert!(all(shelf).len() >= before, "nothing of others is taken away");
}

#[test]
fn attachments_travel_over_a_shelf_in_memory() {
    travels(&mut Memory::default(), |shelf| shelf.files.clone().into_iter().collect());
}

#[test]
fn attachments_travel_over_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::Book(BookId([0; 32]), None);
    let path = folder.path().join(room.folder());
    let mut shelf = Folder::open(folder.path(), "t").unwrap().shelf(&room);
    travels(&mut shelf, |_| {
        let (mut found, mut folders) = (Vec::new(), vec![path.clone()]);
        while let Some(at) = folders.pop() {
            for entry in std::fs::read_dir(at).unwrap().map(Result::unwrap) {
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(entry.path()),
                    false => {
                        let name = entry.path().display().to_string();
                        found.push((name, std::fs::read(entry.path()).unwrap()));
                    }
                }
            }
        }
        found
    });
}

#[test]
fn what_is_damaged_is_named_and_laid_down_anew_by_who_has_it() {
    let (mut w, mut place) = (World::new(3), Memory::default());
    let whole = file(PART_BYTES + 9, 5);
    let hash = w.attach(&whole, false);
    w.meet(0, &mut place);
    for (n, name) in parts_of(&place).into_iter().enumerate() {
        let (id, _) = read_file_name(&name).unwrap();
        let right = place.files[&name].clone();
        let bytes = place.files.get_mut(&name).unwrap();
        bytes[40 + n] ^= 1;
        let report = w.meet(1, &mut place);
        assert!(report.refused.iter().any(|(refused, _)| *refused == name), "{report:?}");
        assert!(place.files.contains_key(&mark_name(&id)));
        assert_eq!(w.bytes(1, &hash), None);
        // Neither Ben nor Cleo reads it again before it was laid down anew.
        let report = w.meet(2, &mut place);
        assert!(report.refused.is_empty() && report.attachments_received == 0, "{report:?}");
        assert_eq!(w.meet(0, &mut place).attachments_sent, 1);
        assert!(!place.files.contains_key(&mark_name(&id)) && place.files[&name] == right);
    }
    assert_eq!(w.meet(1, &mut place).attachments_received, 1);
    assert_eq!(w.bytes(1, &hash).as_ref(), Some(&whole));
    // A cut file and others' copies are not ours; what is missing is laid down again.
    let name = parts_of(&place).remove(0);
    let bytes = place.files.get_mut(&name).unwrap();
    bytes.truncate(100);
    let copy = name.replace(".chf", " (conflicted copy).chf");
    place.files.insert(copy.clone(), vec![1; 72]);
    assert_eq!(w.meet(1, &mut place).attachments_sent, 1, "Ben has it by now");
    let report = w.meet(2, &mut place);
    assert_eq!(report.attachments_received, 1);
    assert_eq!(report.ignored, [copy]);
}

#[test]
fn a_member_who_lies_about_a_file_is_found_out() {
    let (mut w, mut place) = (World::new(3), Memory::default());
    let small = Sha256::of(b"a receipt");
    w.name(small, false);
    w.meet(0, &mut place);
    w.meet(1, &mut place);
    // Ben has the key, and lays other files down under the right name: another content, and sizes
    // nothing has.
    let secret = w.laptops[1].sealing_key(&w.book, NOW).unwrap().unwrap();
    let id = part_id(&secret, &w.book, &small, 0);
    for (size, bytes) in [(9, b"a recyipt".to_vec()), (u64::MAX, vec![0; 9]), (5, vec![0; 9])] {
        let part = Part { size, number: 0, bytes, packed: false };
        let sealed = seal(&secret, &w.book, &small, &part).unwrap();
        let name = file_name(&id, sealed.len() as u64);
        place.files.insert(name.clone(), sealed);
        place.files.remove(&mark_name(&id));
        let report = w.meet(2, &mut place);
        assert_eq!(report.refused.len(), 1, "{report:?}");
        assert_eq!((&report.refused[0].0, report.attachments_received), (&name, 0));
        assert!(place.files.contains_key(&mark_name(&id)));
    }
    assert_eq!(w.laptops[2].attachment_parts(&w.book, &small).unwrap().len(), 0);
    // Ann finds the file at last; it takes the place of the false one.
    let book = w.book;
    w.laptops[0].keep_attachment(&book, b"a receipt", false, NOW).unwrap();
    assert_eq!(w.meet(0, &mut place).attachments_sent, 1);
    assert_eq!(w.meet(2, &mut place).attachments_received, 1);
}

#[test]
fn who_was_removed_cannot_open_what_came_later() {
    let (mut w, mut place) = (World::new(3), Memory::default());
    w.grant(1, Role::Treasurer);
    w.grant(2, Role::Treasurer);
    let before = [w.attach(&file(800, 1), false), w.attach(&file(900, 2), true)];
    for who in [0, 1, 2] {
        w.meet(who, &mut place);
    }
    assert!(before.iter().all(|hash| w.bytes(2, hash).is_some()));
    let old = parts_of(&place);
    let (book, device) = (w.book, w.laptops[2].device());
    let cuts = w.laptops[0].cuts(&book, &[device]).unwrap();
    let (reason, device, decision) = ("Trouble".to_owned(), None, None);
    let said = Statement::Remove { person: person(2), device, reason, cuts, decision };
    w.laptops[0].say(&book, NOW, &[said]).unwrap();
    w.attach(&file(1000, 3), false);
    let last = w.attach(&file(1100, 4), true);
    w.meet(0, &mut place);
    let new: Vec<String> =
        parts_of(&place).into_iter().filter(|name| !old.contains(name)).collect();
    assert_eq!(new.len(), 2, "what lay there already is not laid down once more");
    let stolen = w.keys(2);
    for name in &new {
        for (secret, part) in stolen.iter().flat_map(|secret| [(secret, 0), (secret, 1)]) {
            let bytes = &place.files[name];
            assert_eq!(crate::attachments::open(secret, &book, &last, part, bytes), None);
            assert_ne!(read_file_name(name).unwrap().0, part_id(secret, &book, &last, part));
        }
    }
    let report = w.meet(2, &mut place);
    assert_eq!((report.attachments_received, report.attachments_sent), (0, 0), "{report:?}");
    assert_eq!(w.meet(1, &mut place).attachments_received, 2, "Ben goes on");
}

#[test]
fn who_may_write_records_cannot_make_others_hand_over_what_is_sealed() {
    let (mut w, mut place) = (World::new(2), Memory::default());
    let statement = file(700, 6);
    let hash = w.attach(&statement, true);
    // The hash is known to all, and somebody names it where everybody reads.
    w.name(hash, false);
    w.meet(0, &mut place);
    assert_eq!(w.meet(1, &mut place).attachments_received, 0);
    let open: Vec<Secret> = w.keys(1);
    for name in parts_of(&place) {
        let bytes = &place.files[&name];
        assert!(
            open.iter()
                .all(|key| crate::attachments::open(key, &w.book, &hash, 0, bytes).is_none())
        );
    }
    // Who may read it says so: then it is for everybody.
    let book = w.book;
    w.laptops[0].keep_attachment(&book, &statement, false, NOW).unwrap();
    w.meet(0, &mut place);
    assert_eq!(w.meet(1, &mut place).attachments_received, 1);
    assert!(!w.laptops[1].attachment(&book, &hash).unwrap().unwrap().sealed);
    let scope = w.laptops[1].keyring(&book).unwrap().of_scope(keyring::ATTACHMENTS).len();
    let seal = w.laptops[1].keep_attachment(&book, b"mine", true, NOW);
    assert!(scope == 0 && matches!(seal, Err(store::Error::Locked(_))), "{seal:?}");
}

#[test]
fn trouble_with_attachments_keeps_no_record_and_goes_on_where_it_stopped() {
    let (mut w, mut place) = (World::new(2), Memory::default());
    let whole = file(2 * PART_BYTES, 7);
    let hash = w.attach(&whole, false);
    let mut full = Moody { place: &mut place, reads: 9, full: "files/" };
    let report = w.meet(0, &mut full);
    assert!(report.sent > 0 && report.refused == [("files/".to_owned(), "it is full".to_owned())]);
    w.meet(0, &mut place);
    let mut gone = Moody { place: &mut place, reads: 1, full: "nothing" };
    let report = w.meet(1, &mut gone);
    assert!(report.received > 0 && report.attachments_received == 0, "{report:?}");
    assert_eq!(w.laptops[1].count(&w.book, Kind::Transaction).unwrap(), 1);
    assert_eq!(w.laptops[1].attachment_parts(&w.book, &hash).unwrap().len(), 1);
    let mut again = Moody { place: &mut place, reads: 1, full: "nothing" };
    assert_eq!(w.meet(1, &mut again).attachments_received, 1, "one part was enough");
    assert_eq!(w.bytes(1, &hash), Some(whole));
}

#[test]
fn a_round_is_bounded_and_what_is_left_is_said() {
    let (mut w, mut place) = (World::new(2), Memory::default());
    let hashes: Vec<Sha256> = (0..4).map(|n| w.attach(&file(PART_BYTES, n), false)).collect();
    let round = 2 * crate::attachments::sealed_length(PART_BYTES);
    let some = Fetching { round, ..Fetching::default() };
    let sent = [w.meet_with(0, &mut place, some), w.meet_with(0, &mut place, some)];
    assert_eq!(sent.map(|r| (r.attachments_sent, r.attachments_left)), [(2, 1), (2, 0)]);
    let taken = [w.meet_with(1, &mut place, some), w.meet_with(1, &mut place, some)];
    assert_eq!(taken.map(|r| (r.attachments_received, r.attachments_left)), [(2, 2), (2, 0)]);
    assert!(hashes.iter().all(|hash| w.bytes(1, hash).is_some()));
    let mut w = World::new(2);
    hashes.iter().for_each(|hash| w.name(*hash, false));
    for n in 0..4 {
        w.attach(&file(PART_BYTES, n), false);
    }
    let mut place = Memory::default();
    w.meet(0, &mut place);
    assert_eq!(w.meet_with(1, &mut place, Fetching::NONE).attachments_received, 0);
    let little = Fetching { total: 2 << 20, ..Fetching::default() };
    assert_eq!(w.meet_with(1, &mut place, little).attachments_received, 2, "no more than wanted");
}

#[test]
fn attachments_come_from_a_device_reached_directly() {
    let mut w = World::new(2);
    let whole = file(PART_BYTES + 700, 8);
    let (hash, sealed) = (w.attach(&whole, false), w.attach(&file(50, 9), true));
    let (book, device) = (w.book, w.laptops[1].device());
    let mut ann = w.laptops.remove(0);
    let report = w.meet(0, &mut Peer(&mut ann, book, device));
    assert_eq!(report.attachments_received, 1, "{report:?}");
    assert!(report.refused.is_empty());
    assert_eq!(w.bytes(0, &hash), Some(whole));
    assert_eq!(w.bytes(0, &sealed), None);
}
