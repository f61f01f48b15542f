//! Masking of texts and logs.
#![no_main]

use commonhold_exchange::mask::Masker;
use commonhold_fuzz::calm;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// Making one takes longer than masking most texts.
static MASKER: LazyLock<Masker> =
    LazyLock::new(|| Masker::new(&["Ann Berger".to_owned(), "José".to_owned()]));

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let masker = &*MASKER;
        let text = String::from_utf8_lossy(data);
        let whole = masker.mask(&text);
        assert_eq!(whole.text.split('\n').count(), text.split('\n').count());
        if text.lines().all(|line| line.len() < 60_000) {
            let (mut out, mut findings) = (String::new(), Vec::new());
            let mut stream = masker.stream();
            for piece in text.as_bytes().chunks(7) {
                stream.push(piece, &mut out, &mut findings);
            }
            stream.finish(&mut out, &mut findings);
            assert_eq!(findings, whole.findings);
        }
    });
});
