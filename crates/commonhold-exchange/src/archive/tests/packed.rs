//! The archive as `.tar.zst`.

use super::book::story;
use super::hostile::random;
use super::{WRITTEN, judged, zipped};
use crate::archive::packed_tar::{MAGIC, to_tar, to_zip};
use crate::archive::{Error, objects};
use std::io::Cursor;
use std::process::Command;

fn tarred(zip: &[u8]) -> Vec<u8> {
    let (mut out, size) = (Vec::new(), u64::try_from(zip.len()).unwrap());
    let (bytes, sum) =
        to_tar(Cursor::new(zip), size, &mut out, WRITTEN, &mut |_, _, _| true).unwrap();
    assert_eq!(bytes, u64::try_from(out.len()).unwrap());
    assert_eq!(sum, commonhold_core::id::Sha256::of(&out).to_string());
    out
}

fn back(tar: &[u8]) -> Result<Vec<u8>, Error> {
    let (mut out, size) = (Cursor::new(Vec::new()), u64::try_from(tar.len()).unwrap());
    let bytes = to_zip(Cursor::new(tar), size, &mut out, &mut |_, _, _| true)?;
    assert_eq!(bytes, u64::try_from(out.get_ref().len()).unwrap());
    Ok(out.into_inner())
}

#[test]
fn the_same_files_come_back_smaller_and_with_the_same_bytes() {
    let zip = zipped(&story()).0;
    let tar = tarred(&zip);
    assert!(tar == tarred(&zip) && tar.starts_with(&MAGIC) && tar.len() < zip.len());
    let again = back(&tar).unwrap();
    let verified = judged(&again).unwrap();
    assert_eq!((verified.problems, verified.objects), (vec![], 12));
    let size = u64::try_from(again.len()).unwrap();
    assert_eq!(objects(Cursor::new(&again), size, &mut |_, _, _| Ok(())).unwrap(), 12);
    assert!(tarred(&again) == tar, "there and back again");
}

#[test]
fn every_flipped_byte_is_found_in_it_too() {
    let tar = tarred(&zipped(&story()).0);
    let mut seed = 5;
    let ends = (0..20).chain(tar.len() - 110..tar.len());
    let places: Vec<usize> = (0..40).map(|_| random(&mut seed) % tar.len()).chain(ends).collect();
    for place in places {
        let mut bad = tar.clone();
        bad[place] ^= 1;
        match back(&bad) {
            Err(error) => assert!(error.to_string().len() < 400, "{error}"),
            Ok(zip) => assert!(judged(&zip).map_or(true, |found| !found.ok), "byte {place}"),
        }
    }
    for length in [0, 3, 200, tar.len() / 2, tar.len() - 1] {
        let cut = back(&tar[..length]);
        assert!(cut.is_err() || cut.is_ok_and(|zip| judged(&zip).map_or(true, |found| !found.ok)));
    }
}

#[test]
fn other_programs_read_it_and_what_they_pack_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (file, other) = (folder.path().join("a.tar.zst"), folder.path().join("b.tar.zst"));
    std::fs::write(&file, tarred(&zipped(&story()).0)).unwrap();
    let tar = |arguments: &[&str]| {
        Command::new("tar").current_dir(folder.path()).args(arguments).output().ok()
    };
    let out = tar(&["--zstd", "-xf", "a.tar.zst"]);
    if !out.is_some_and(|out| out.status.success()) {
        return crate::outside::missing("tar with zstd");
    }
    let out = tar(&["--zstd", "-cf", "b.tar.zst", "beispiel-register-soehne-b"]).unwrap();
    assert!(out.status.success());
    let verified = judged(&back(&std::fs::read(other).unwrap()).unwrap()).unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
}

#[test]
fn hostile_ones_are_refused() {
    let packed = |tar: &[u8]| zstd::encode_all(tar, 3).unwrap();
    let head = |path: &str, kind: u8| {
        let mut block = super::super::packed_tar::head(path, 10);
        block[156] = kind;
        let sum: u32 = block
            .iter()
            .enumerate()
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
            .sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        [block.to_vec(), vec![0; 512]].concat()
    };
    let refused = |tar: &[u8]| back(&packed(tar)).unwrap_err().to_string();
    assert!(refused(&head("../evil", b'0')).contains("lead out"));
    assert!(refused(&head("link", b'2')).contains("link or device"));
    assert!(refused(b"no tar at all").contains("no tar"));
    let twice = [head("a", b'0'), head("a", b'0')].concat();
    assert!(refused(&twice).contains("twice"));
    // 600 MiB of zeros in a few kilobytes.
    let mut bomb = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    let mut head = super::super::packed_tar::head("zeros", 600 << 20).to_vec();
    head.extend(vec![0; 1 << 20]);
    std::io::Write::write_all(&mut bomb, &head).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(back(&bomb).unwrap_err().to_string().contains("may hold"));
    // A window that would take a gigabyte of memory.
    let mut wide = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    wide.window_log(27).unwrap();
    std::io::Write::write_all(&mut wide, &vec![7; 64 << 20]).unwrap();
    assert!(back(&wide.finish().unwrap()).is_err());
}
