//! Attachments in the archive: in it, left out, damaged, back again.

use super::hostile::again;
use super::*;
use commonhold_core::attachment::{MAX_BYTES, kind_of};
use commonhold_core::id::Sha256;

fn attached(bytes: &[u8], sealed: bool, here: bool) -> (Attachment, Vec<u8>) {
    let media_type = kind_of(bytes).0.to_owned();
    (Attachment { sha256: Sha256::of(bytes), media_type, sealed, here }, bytes.to_vec())
}

const RECEIPT: &[u8] = b"%PDF-1.7 a receipt";

/// A book with a receipt, a text, a bank's file, and one that is not here.
fn book() -> Memory {
    let mut book = rich();
    book.attachments = vec![
        attached(RECEIPT, false, true),
        attached(b"Date;Amount\n2026-05-04;412.35\n", false, true),
        attached(b"canary of the bank", true, true),
        attached(b"on another laptop", false, false),
    ];
    book.attachments.sort_by_key(|(attachment, _)| attachment.sha256);
    book
}

fn back(zip: &[u8]) -> Result<Vec<(Sha256, Vec<u8>)>, Error> {
    let mut found = Vec::new();
    let size = u64::try_from(zip.len()).unwrap();
    attachments(Cursor::new(zip), size, &mut |sha256, bytes| {
        found.push((*sha256, bytes.to_vec()));
        Ok(())
    })?;
    Ok(found)
}

#[test]
fn what_everybody_may_read_is_in_it_and_the_rest_is_said_to_be_left_out() {
    let book = book();
    let (zip, _) = zipped(&book);
    assert_eq!(judged(&zip).unwrap().problems, Vec::<String>::new());
    let wanted: Vec<_> = book
        .attachments
        .iter()
        .filter(|(attachment, _)| attachment.here && !attachment.sealed)
        .map(|(attachment, bytes)| (attachment.sha256, bytes.clone()))
        .collect();
    assert_eq!(back(&zip).unwrap(), wanted);
    let names: Vec<String> =
        zip::ZipArchive::new(Cursor::new(&zip)).unwrap().file_names().map(str::to_owned).collect();
    let receipt = format!("/data/attachments/{}.pdf", Sha256::of(RECEIPT));
    assert!(names.iter().any(|name| name.ends_with(&receipt)), "{names:?}");
    let readme = text(&zip, "README.txt");
    assert!(readme.contains("holds 2 files") && readme.contains("Left out are 1 that leadership"));
    assert!(readme.contains("Left out are 1 that were not on the device"), "{readme}");
    let table = text(&zip, "attachments/attachments.csv");
    for word in ["yes", "sealed", "missing"] {
        assert!(table.contains(&format!(",{word},")), "{table}");
    }
    let package = text(&zip, "datapackage.json");
    assert!(package.contains("attachments/attachments.csv"));
    assert!(text(&zip, "manifest-sha256.txt").contains(&receipt[1..]));
    let mut unpacked = Vec::new();
    for n in 0..names.len() {
        let mut zip = zip::ZipArchive::new(Cursor::new(&zip)).unwrap();
        zip.by_index(n).unwrap().read_to_end(&mut unpacked).unwrap();
    }
    assert!(!unpacked.windows(6).any(|window| window == b"canary"));
    assert!(!text(&zipped(&rich()).0, "README.txt").contains("ATTACHMENTS"));
    assert!(zipped(&book).0 == zip, "the same book gives the same bytes");
}

#[test]
fn a_damaged_or_missing_attachment_is_named() {
    let (zip, _) = zipped(&book());
    let name = format!("data/attachments/{}.pdf", Sha256::of(RECEIPT));
    let ours = |path: &str| path.ends_with(&name);
    let other = again(
        &zip,
        |path, mut bytes| {
            bytes.iter_mut().take(usize::from(ours(path))).for_each(|byte| *byte ^= 1);
            Some((path.to_owned(), bytes))
        },
        &[],
    );
    let problems = judged(&other).unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains(&name)), "{problems:?}");
    assert!(problems.iter().any(|p| p.contains("it is not the file its name says")));
    assert!(matches!(back(&other), Err(Error::Damaged(why)) if why.contains(&name)));
    let gone = again(&zip, |path, bytes| (!ours(path)).then(|| (path.to_owned(), bytes)), &[]);
    let problems = judged(&gone).unwrap().problems;
    let missing = format!("{name} is missing; it is a file that records name");
    assert!(problems.iter().any(|problem| problem.starts_with(&missing)), "{problems:?}");
}

#[test]
fn what_is_no_attachment_is_not_handed_out() {
    let (zip, _) = zipped(&book());
    let top = "beispiel-register-soehne-b/data/attachments";
    let large = vec![0; MAX_BYTES + 1];
    for (name, bytes) in [
        (format!("{top}/notes.txt"), b"x".to_vec()),
        (format!("{top}/{}.pdf", "0".repeat(64)), b"x".to_vec()),
        (format!("{top}/../{}.pdf", Sha256::of(b"x")), b"x".to_vec()),
        (format!("{top}/{}.bin", Sha256::of(&large)), large),
    ] {
        let more = again(&zip, |path, bytes| Some((path.to_owned(), bytes)), &[(&name, &bytes)]);
        assert!(back(&more).is_err(), "{name}");
        assert!(judged(&more).map_or(true, |verified| !verified.ok), "{name}");
    }
}
