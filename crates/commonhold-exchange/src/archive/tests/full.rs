//! A disk that is full.

use super::*;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Takes so many bytes and no more.
struct Small {
    bytes: Cursor<Vec<u8>>,
    room: u64,
    refused: usize,
}

impl Read for Small {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(out)
    }
}

impl Seek for Small {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.position() + bytes.len() as u64 > self.room {
            self.refused += 1;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn wherever_the_disk_is_full_it_is_said_and_nothing_more_is_tried() {
    let book = rich();
    let whole = zipped(&book).0.len() as u64;
    for room in (0..whole).step_by(997).chain([whole - 1]) {
        let mut disk = Small { bytes: Cursor::new(Vec::new()), room, refused: 0 };
        let failed = export(&book, &mut disk, WRITTEN, &mut |_, _, _| true);
        let full = |error: &io::Error| error.kind() == io::ErrorKind::StorageFull;
        assert!(
            matches!(&failed, Err(Error::Io(error)) if full(error)),
            "{room} of {whole}: {failed:?}"
        );
        assert_eq!(disk.refused, 1, "{room} of {whole}");
    }
    let mut disk = Small { bytes: Cursor::new(Vec::new()), room: whole, refused: 0 };
    export(&book, &mut disk, WRITTEN, &mut |_, _, _| true).unwrap();
}
