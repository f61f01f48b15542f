//! The traps of OFX files.

use super::*;
use crate::import::tests::fixture;

fn refused(text: &str) -> String {
    read(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn files_without_a_statement_say_what_they_are() {
    for (text, word) in [
        ("<OFX></OFX>", "sign-on"),
        ("<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS>", "sign-on"),
        (
            "<OFX><SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>wrong password</STATUS></OFX>",
            "15500: wrong password",
        ),
        ("<OFX><ACCTINFO><DESC>SAVINGS</ACCTINFO></OFX>", "list of accounts"),
        ("<OFX><INVSTMTRS><STMTTRN><TRNAMT>1</STMTTRN></INVSTMTRS></OFX>", "investment"),
        ("OFXHEADER:100\nDATA:OFXSGML\n", "no tag <OFX>"),
        ("hello", "no tag <OFX>"),
    ] {
        let sentence = refused(text);
        assert!(sentence.contains(word) && sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn the_same_row_in_either_kind_is_the_same() {
    let sgml = "<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKTRANLIST>\
        <STMTTRN><DTPOSTED>20260601<TRNAMT>-5<FITID>A<NAME>X</STMTTRN></BANKTRANLIST></STMTRS></OFX>";
    let xml = "<?xml version='1.0'?><OFX><STMTRS><CURDEF>EUR</CURDEF><BANKACCTFROM><ACCTID>1</ACCTID>\
        </BANKACCTFROM><BANKTRANLIST><STMTTRN><DTPOSTED>20260601120000[0:GMT]</DTPOSTED>\
        <TRNAMT>-5.00</TRNAMT><FITID>a </FITID><NAME>Y</NAME></STMTTRN></BANKTRANLIST></STMTRS></OFX>";
    let (one, other) = (read(sgml.as_bytes()).unwrap(), read(xml.as_bytes()).unwrap());
    assert_eq!(one.drafts[0].identity, other.drafts[0].identity);
    assert!(one.warnings.is_empty(), "{:?}", one.warnings);
}

#[test]
fn a_file_cut_off_says_so() {
    let whole = String::from_utf8(fixture("ofx-sgml.ofx")).unwrap();
    let cut = &whole[..whole.find("-316.6700").unwrap() + 3];
    let reading = read(cut.as_bytes()).unwrap();
    assert_eq!((reading.rows, reading.drafts.len()), (2, 1));
    assert!(reading.not_understood[0].reason.contains("ends inside"));
    assert!(reading.warnings.iter().any(|warning| warning.contains("cut off")));
}

#[test]
fn rows_with_gaps_are_listed() {
    let row = |inner: &str| {
        let text =
            format!("<OFX><STMTRS><CURDEF>EUR</CURDEF><STMTTRN>{inner}</STMTTRN></STMTRS></OFX>");
        let reading = read(text.as_bytes()).unwrap();
        assert_eq!((reading.rows, reading.drafts.len()), (1, 0), "{inner}");
        reading.not_understood[0].reason.clone()
    };
    assert!(row("<TRNAMT>1").contains("no day"));
    assert!(row("<DTPOSTED>20260601").contains("no amount"));
    assert!(row("<DTPOSTED>201120000000<TRNAMT>1").contains("YYYYMMDD"));
    assert!(row("<DTPOSTED>20260601<TRNAMT>$120").contains("$120"));
    assert!(row("<DTPOSTED>20260601<TRNAMT>1.005").contains("EUR"));
    assert!(row("").contains("no day"));
    let nameless = "<OFX><STMTRS><CURDEF></CURDEF><STMTTRN><DTPOSTED>20260601<TRNAMT>1</STMTTRN></STMTRS></OFX>";
    assert!(read(nameless.as_bytes()).unwrap().not_understood[0].reason.contains("currency"));
}

#[test]
fn letters_of_windows_are_read() {
    let text = b"CHARSET:1251\n<OFX><STMTRS><CURDEF>EUR<STMTTRN><DTPOSTED>20260601<TRNAMT>1<NAME>\xc4\xe0</STMTTRN></STMTRS></OFX>";
    assert_eq!(read(text).unwrap().drafts[0].payee.as_deref(), Some("\u{414}\u{430}"));
}
