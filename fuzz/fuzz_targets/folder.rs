//! A whole exchange with a shared folder in which the input chose names and content of the files.
#![no_main]

use commonhold_core::id::hex;
use commonhold_core::keyring::SealedKeys;
use commonhold_core::keys::KeyId;
use commonhold_fuzz::book::{NOW, Scratch, World, dump};
use commonhold_fuzz::{Bytes, calm};
use commonhold_sync::sealing::{self, Envelope};
use commonhold_sync::exchange::{self, Options, Visit};
use commonhold_sync::shelf::{Room, Shelf};
use commonhold_sync::{bundle, transport::folder::Folder};
use libfuzzer_sys::fuzz_target;
use std::fs;
use std::path::Path;

thread_local! {
    static SCRATCH: Scratch = Scratch::new();
}

/// A file's name from the input that stays in its folder.
fn safe(bytes: &[u8]) -> String {
    let name: String = String::from_utf8_lossy(bytes).replace(['/', '\0'], "_");
    let name: String = name.chars().take(60).collect();
    if matches!(name.as_str(), "" | "." | "..") { "_".into() } else { name }
}

/// A bundle of a log, sealed under the book's key, with its name right or not.
fn lay_bundle(bytes: &mut Bytes<'_>, world: &World, top: &Path) {
    let how = bytes.byte();
    let writer = &world.writers[usize::from(how & 3)];
    let folder = top.join(writer.log.to_string());
    let (first, count) = (writer.seq + 1, u64::from(how >> 2 & 3));
    let (first, last) = (first.wrapping_add(u64::from(how >> 4)), first + count);
    let objects: Vec<Vec<u8>> = (0..=count).map(|_| bytes.some().to_vec()).collect();
    let sealed = sealing::seal(&world.secret, &world.book, &writer.log, (first, last), &objects);
    let Some(mut sealed) = sealed else { return };
    if how & 0x80 != 0 {
        sealed = bytes.some().to_vec();
    }
    let name = bundle::Name { first, last, bytes: sealed.len() as u64 };
    write(&folder, &name.to_string(), &sealed);
}

fn lay_envelope(bytes: &mut Bytes<'_>, world: &World, keys: &Path) {
    let raw = match serde_json::from_slice::<SealedKeys>(bytes.some()) {
        Ok(set) => Envelope::of(&set).and_then(|envelope| envelope.bytes(&world.secret)),
        Err(_) => {
            let (sealed, earlier) =
                (vec![bytes.some().to_vec()], vec![(KeyId([4; 16]), bytes.some().to_vec())]);
            Envelope { id: world.secret.id(), sealed, earlier }.bytes(&world.secret)
        }
    };
    if let Some(raw) = raw {
        write(keys, &format!("{}.chk", Envelope::name(&raw)), &raw);
    }
}

/// What a device says that it has, under the book's key, with a sound signature or not.
fn lay_receipt(bytes: &mut Bytes<'_>, world: &World, top: &Path) {
    let log = &world.writers[usize::from(bytes.byte() & 3)].log;
    let bound = [b"CHA1".as_slice(), &world.book.0, &log.0].concat();
    let Some(sealed) = world.secret.seal(&bound, bytes.some()) else { return };
    let raw = [b"CHA1".as_slice(), &world.secret.id().0, &sealed].concat();
    write(&top.join("seen"), &format!("{log}-{}.chr", "0".repeat(16)), &raw);
}

fn write(folder: &Path, name: &str, content: &[u8]) {
    // Where a file lies already, there can be no folder of its name; so it is with others' files.
    let _ = fs::create_dir_all(folder);
    let _ = fs::write(folder.join(name), content);
}

fn run(scratch: &Scratch, data: &[u8]) {
    let world = World::get();
    let shared = scratch.path().join("shared");
    let _ = fs::remove_dir_all(&shared);
    let top = shared.join("commonhold").join(world.book.to_string());
    fs::create_dir_all(&top).expect("a folder");
    let mut bytes = Bytes(data);
    for _ in 0..12 {
        if bytes.is_empty() {
            break;
        }
        match bytes.byte() % 7 {
            0 => write(&top, &safe(bytes.some()), bytes.some()),
            1 => write(&top.join(safe(bytes.some())), &safe(bytes.some()), bytes.some()),
            2 => write(
                &top.join(world.writers[0].log.to_string()),
                &safe(bytes.some()),
                bytes.some(),
            ),
            3 => lay_bundle(&mut bytes, world, &top),
            4 => lay_receipt(&mut bytes, world, &top),
            5 => lay_envelope(&mut bytes, world, &top.join("keys")),
            _ => {
                let meeting = shared.join("commonhold/joining").join(hex(&bytes.array::<16>()));
                write(&meeting, &safe(bytes.some()), bytes.some());
            }
        }
    }
    let mut store = scratch.profile("first");
    let before = dump(&store);
    let folder = Folder::open(&shared, "fuzz").expect("a folder");
    let _ = folder.books();
    let _ = folder.root().list("joining/");
    let mut shelf = folder.shelf(&Room::Book(world.book, None));
    let (visit, options) = (&mut Visit::default(), Options::full(NOW));
    let report = exchange::exchange(
        &mut store,
        &mut shelf,
        visit,
        &world.book,
        options,
        &mut |_, _| true,
    );
    if report.is_ok_and(|report| report.received == 0) {
        assert_eq!(dump(&store), before, "nothing came, nothing changed");
    }
}

fuzz_target!(|data: &[u8]| {
    calm(|| SCRATCH.with(|scratch| run(scratch, data)));
});
