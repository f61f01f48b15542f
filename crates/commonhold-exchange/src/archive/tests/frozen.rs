//! Archives of every form there was, as they were written then: they open for ever.

use super::judged;
use crate::archive::objects;
use std::io::Cursor;

/// Form 1, with pages, trial balance and scripts.
const FORM_1: &[u8] = include_bytes!("../../../fixtures/archive-1.zip");

#[test]
fn an_archive_written_long_ago_is_judged_and_read() {
    let verified = judged(FORM_1).unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    assert_eq!((verified.ok, verified.objects, verified.signers), (true, 12, 2));
    let size = u64::try_from(FORM_1.len()).unwrap();
    assert_eq!(objects(Cursor::new(FORM_1), size, &mut |_, _, _| Ok(())).unwrap(), 12);
}
