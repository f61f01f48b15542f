//! An archive from anywhere, in memory: as it comes, and as a ZIP file around fuzzed files with
//! manifests that fit, so that what looks into them is reached.
#![no_main]

use commonhold_core::id::hex;
use commonhold_exchange::archive::{Error, objects, verify};
use commonhold_fuzz::bytes::bit;
use commonhold_fuzz::change::{DOCUMENT, around};
use commonhold_fuzz::object::{BOOK, keys};
use commonhold_fuzz::{Bytes, calm};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn look(bytes: &[u8]) {
    let size = bytes.len() as u64;
    let verified = verify(Cursor::new(bytes), size, &mut |_, _, _| true);
    let mut count = 0;
    let handed = objects(Cursor::new(bytes), size, &mut |_, _, _| {
        count += 1;
        Ok(())
    });
    match (verified, handed) {
        (Ok(verified), Ok(objects)) if verified.ok => assert_eq!(verified.objects, objects),
        (Ok(verified), _) => {
            assert!(!verified.problems.is_empty() || verified.ok);
            assert!(verified.problems.len() <= 1001);
        }
        (Err(Error::Cancelled | Error::Stopped), _) => panic!("nobody stopped it"),
        (Err(error), _) => assert!(error.to_string().len() < 1000, "{error}"),
    }
}

/// Files of the payload, as the input says.
fn files(bytes: &mut Bytes<'_>) -> Vec<(String, Vec<u8>)> {
    let log = commonhold_core::id::LogId::of(&keys().device(), &BOOK, &[5; 16]);
    let mut files = Vec::new();
    while !bytes.is_empty() && files.len() < 5 {
        let which = bytes.byte();
        files.push(match which % 6 {
            0 => (String::from_utf8_lossy(bytes.some()).into_owned(), bytes.some().to_vec()),
            1 => ("data/crdt/heads.json".into(), bytes.some().to_vec()),
            2 => ("data/crdt/charter.automerge".into(), bytes.some().to_vec()),
            3 => ("data/crdt/charter.automerge".into(), around(DOCUMENT, bytes.some())),
            4 => (format!("data/objects/{log}.objects"), bytes.some().to_vec()),
            _ => {
                let object = bytes.some();
                let object = commonhold_fuzz::object::repaired(object).unwrap_or(object.to_vec());
                let length = (object.len() as u32).to_be_bytes();
                (format!("data/objects/{log}.objects"), [length.as_slice(), &object].concat())
            }
        });
    }
    files
}

fn zipped(bytes: &mut Bytes<'_>) -> Option<Vec<u8>> {
    let how = bytes.byte();
    let mut files = files(bytes);
    if !files.iter().any(|(path, _)| path.ends_with("heads.json")) {
        let heads = serde_json::json!({"book": BOOK, "format": "commonhold-heads/1", "documents":
            [{"file": "charter.automerge", "heads": [], "name": "charter"}]});
        files.push(("data/crdt/heads.json".into(), heads.to_string().into_bytes()));
    }
    let lines = files.iter().map(|(path, content)| {
        let sum: [u8; 32] = Sha256::digest(content).into();
        format!("{}  {path}\n", hex(&sum))
    });
    let manifest: String = lines.collect();
    let info = format!("Commonhold-Archive: 1\nCommonhold-Book: {BOOK}\n");
    let bag = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
    for (path, text) in
        [("bagit.txt", bag.to_owned()), ("bag-info.txt", info), ("manifest-sha256.txt", manifest)]
    {
        files.push((path.to_owned(), text.into_bytes()));
    }
    let method = if bit(how, 0) { CompressionMethod::Deflated } else { CompressionMethod::Stored };
    let options = SimpleFileOptions::default().compression_method(method);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in &files {
        zip.start_file(format!("x/{path}"), options).ok()?;
        zip.write_all(content).ok()?;
    }
    zip.finish().ok().map(Cursor::into_inner)
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let mut bytes = Bytes(data);
        match bytes.byte() % 2 {
            0 => look(bytes.rest()),
            _ => zipped(&mut bytes).iter().for_each(|bytes| look(bytes)),
        }
    });
});
