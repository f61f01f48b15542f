//! Lines, shapes and quotation marks.

use super::*;

fn lines(text: &str) -> Vec<(u64, Vec<String>, bool)> {
    let mut rows = Rows::new(text, b',', 0);
    let mut all = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let fields = row.fields.iter().map(str::to_owned).collect();
        all.push((row.line, fields, row.open_quote));
    }
    all
}

fn numbers(text: &str) -> Vec<u64> {
    lines(text).into_iter().map(|(line, _, _)| line).collect()
}

#[test]
fn lines_are_physical() {
    assert_eq!(numbers("a\nb\nc"), [1, 2, 3]);
    assert_eq!(numbers("a\r\nb\r\nc\r\n"), [1, 2, 3]);
    assert_eq!(numbers("a\rb\r\rc"), [1, 2, 4]);
    assert_eq!(numbers("\r\n\n\na\n\n\nb"), [4, 7]);
    assert_eq!(numbers("a\r\n\"x\r\ny\",\"z\nz\"\r\n\r\nb\r\n"), [1, 2, 6]);
    assert_eq!(after_lines("a\r\nb\rc\nd", 2), 5);
    assert_eq!(after_lines("a", 2), 1);
}

#[test]
fn an_open_quotation_mark_costs_one_row() {
    let all = lines("h,i\n1,\"x\n2,y\n3,z\n");
    assert_eq!(all.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(all.iter().map(|(.., open)| *open).collect::<Vec<_>>(), [false, true, false, false]);
    assert!(!lines("h\n\"closed\"").last().unwrap().2);
    assert!(!lines("h\n\"closed\"\n").last().unwrap().2);
    assert!(!lines("h\na\"b").last().unwrap().2);
    assert!(lines("h\n\"").last().unwrap().2);
    assert!(lines("h\n\"\"\"").last().unwrap().2);
}

#[test]
fn quotation_marks_are_sound_or_not() {
    for (raw, told) in [
        ("a,b", Quotes::Sound),
        ("\"a\"\"b\",\"\"", Quotes::Sound),
        ("a\"b,c", Quotes::Sound),
        ("\"a\nb\",c", Quotes::Sound),
        ("\"a\nb\"c", Quotes::Broken),
        ("a,\"b", Quotes::Open),
        ("\"\"\"", Quotes::Open),
    ] {
        assert_eq!(quotes(raw, b','), told, "{raw}");
    }
}

fn understood(text: &str) -> (Vec<u64>, Vec<u64>) {
    let mut rows = Rows::new(text, b',', 0);
    let mut reading = Reading::new("csv");
    reading.columns = rows.next().unwrap().unwrap().fields.iter().map(str::to_owned).collect();
    let mut lines = Vec::new();
    read_all(&mut rows, false, &mut reading, |row| {
        lines.push(row.line);
        Err("seen.".into())
    })
    .unwrap();
    let others = reading.not_understood.iter().filter(|row| row.reason != "seen.");
    (lines, others.map(|row| row.line).collect())
}

#[test]
fn a_row_must_have_the_columns_of_the_header() {
    assert_eq!(understood("a,b,c\n1,2,3\n1,2,,3\n1,2,3,\n1,2\n"), (vec![2], vec![3, 4, 5]));
    assert_eq!(understood("a,b,\n1,2,3\n1,2\n1,2,3,\n"), (vec![2, 3], vec![4]));
    assert_eq!(understood("a,b\n1,2,\n1,2,\n1,2,\n1,2\n1,2,3,\n"), (vec![2, 3, 4, 5], vec![6]));
    let stray = "a,b\n1,\"x\n2,y\n3,z\n4,\"v\nw\"\n5,u\n";
    assert_eq!(understood(stray), (vec![3, 4, 5, 7], vec![2]));
}

#[test]
fn bounds_hold() {
    let long = format!("h\n\"{}\"\n", "x".repeat(MAX_FIELD_BYTES + 1));
    let mut rows = Rows::new(&long, b',', 0);
    assert!(rows.next().is_ok());
    assert_eq!(rows.next().err(), Some(Error::FieldTooLong { line: 2 }));
    let wide = ",".repeat(MAX_COLUMNS);
    assert_eq!(Rows::new(&wide, b',', 0).next().err(), Some(Error::TooManyColumns { line: 1 }));
}

#[test]
fn encodings_are_decoded() {
    assert_eq!(decode(b"\xef\xbb\xbf\xc3\xa4", Encoding::Utf8).text, "ä");
    assert_eq!(decode(b"\xe4\x80", Encoding::Windows1252).text, "ä€");
    assert_eq!(decode(b"\xe4", Encoding::Iso88591).text, "ä");
    assert_eq!(decode(b"\xff\xfe\xe4\0", Encoding::Utf16Le).text, "ä");
    assert!(decode(b"\xe4", Encoding::Utf8).damaged);
}
