//! The format of a file is told by its content.

use super::*;

#[test]
fn every_fixture_is_told_by_its_content() {
    for (name, format) in STATEMENTS {
        assert_eq!(detect(&fixture(name), "file"), Some(*format), "{name}");
        assert_eq!(detect(&fixture(name), "file.csv"), Some(*format), "{name}");
    }
    for (name, format) in FIXTURES {
        assert_eq!(detect(&fixture(name), "file"), Some(*format), "{name}");
    }
    assert_eq!(detect(&fixture("liberapay-patrons.csv"), ""), Some(liberapay::FORMAT));
}

#[test]
fn names_help_only_where_the_content_says_nothing() {
    for (bytes, name, format) in [
        (&b"x"[..], "a.sta", Some(mt940::FORMAT)),
        (b"x", "a.QFX", Some(ofx::FORMAT)),
        (b"<a/>", "a.xml", Some(camt::FORMAT)),
        (b"a;b;c\n1;2;3\n", "a.txt", Some(csv::FORMAT)),
        (b"hello", "a.txt", None),
        (b"hello", "", None),
        (b"<html>", "a.txt", None),
        (b"%PDF", "a.csv", None),
        (b"", "a.csv", None),
        (b"{\"npatrons\":1,\"receiving\":{}}", "public.json", Some(liberapay::FORMAT)),
        (
            b"\xff\xfei\0d\0,\0n\0e\0t\0,\0f\0e\0e\0,\0s\0o\0u\0r\0c\0e\0\n\0",
            "",
            Some(stripe::FORMAT),
        ),
    ] {
        assert_eq!(detect(bytes, name), format, "{name}");
    }
}
