use super::*;
use std::collections::BTreeMap;

const KNOWN: &str = include_str!("../../../../tests/fixtures/mask/known.txt");

/// A line of the set: the text, and what of it must be masked.
struct Known {
    text: String,
    secrets: Vec<Span>,
}

fn kind(name: &str) -> &'static str {
    KINDS.iter().find(|kind| **kind == name).unwrap_or_else(|| panic!("no kind {name}"))
}

fn set() -> (Vec<String>, Vec<Known>) {
    let file = KNOWN.replace('¦', "");
    let names = file.lines().find_map(|line| line.strip_prefix("##names: ")).unwrap();
    let names = names.split("; ").map(str::to_owned).collect();
    let lines = file.lines().filter(|line| !line.starts_with("##"));
    let known = lines.map(|line| {
        let mut known = Known { text: String::new(), secrets: Vec::new() };
        let mut parts = line.split('⟦');
        known.text.push_str(parts.next().unwrap());
        for part in parts {
            let (marked, rest) = part.split_once('⟧').unwrap();
            let (name, secret) = marked.split_once(':').unwrap();
            let start = known.text.len();
            known.text.push_str(secret);
            known.secrets.push(Span { start, end: known.text.len(), kind: kind(name) });
            known.text.push_str(rest);
        }
        known
    });
    (names, known.collect())
}

fn expected(known: &Known) -> String {
    let (mut out, mut from) = (String::new(), 0);
    for secret in &known.secrets {
        out.push_str(&known.text[from..secret.start]);
        put(&mut out, secret.kind);
        from = secret.end;
    }
    out.push_str(&known.text[from..]);
    out
}

#[derive(Default)]
struct Count {
    wanted: u32,
    found: u32,
    missed: u32,
    wrong: u32,
}

#[test]
fn every_pattern_compiles() {
    let masker = Masker::new(&[]);
    assert!(masker.tokens.complete() && masker.named.complete() && masker.marks.complete());
}

#[test]
fn the_known_set_is_masked_wholly_and_little_else() {
    let (names, set) = set();
    let masker = Masker::new(&names);
    let text: String = set.iter().map(|known| known.text.clone() + "\n").collect();
    let masked = masker.mask(&text);
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut differences = Vec::new();
    for (known, line) in set.iter().zip(masked.text.lines()) {
        let want = expected(known);
        if want != line {
            differences.push(format!("  {}\n    expected {want}\n    masked   {line}", known.text));
        }
        let marks = |text: &str, kind: &str| text.matches(&format!("[{kind}]")).count() as u32;
        for kind in KINDS {
            let already = marks(&known.text, kind);
            let (wanted, found) = (marks(&want, kind) - already, marks(line, kind) - already);
            let count = counts.entry(kind).or_default();
            let leaked = known.secrets.iter().filter(|secret| {
                let text = &known.text[secret.start..secret.end];
                secret.kind == *kind && text.len() > 2 && line.contains(text)
            });
            let missed = (leaked.count() as u32).max(wanted.saturating_sub(found));
            count.wanted += wanted;
            count.found += wanted - missed;
            count.missed += missed;
            count.wrong += found.saturating_sub(wanted);
        }
    }
    println!(
        "{} lines, {} with something to mask",
        set.len(),
        set.iter().filter(|k| !k.secrets.is_empty()).count()
    );
    for (kind, count) in &counts {
        let part = |of: u32, all: u32| f64::from(of) / f64::from(all.max(1));
        let recall = part(count.found, count.wanted);
        let precision = part(count.found, count.found + count.wrong);
        println!("{kind:16} wanted {:3} recall {recall:.3} precision {precision:.3}", count.wanted);
    }
    let shown = differences.join("\n");
    for (kind, count) in &counts {
        assert!(count.wanted >= 5, "{kind} has too few lines");
        assert_eq!(count.missed, 0, "{kind}: something is seen\n{shown}");
        assert!(
            count.wrong * 20 <= count.found + count.wrong,
            "{kind}: too much is hidden\n{shown}"
        );
    }
    assert!(differences.is_empty(), "not masked as expected:\n{shown}");
    assert!(set.len() >= 150);
}

#[test]
fn masking_twice_is_masking_once_and_keeps_lines() {
    let (names, set) = set();
    let masker = Masker::new(&names);
    let text: String = set.iter().map(|known| known.text.clone() + "\r\n").collect();
    let once = masker.mask(&text);
    let twice = masker.mask(&once.text);
    assert_eq!(once.text, twice.text);
    assert_eq!(twice.findings, []);
    assert_eq!(once.text.lines().count(), text.lines().count());
    assert!(once.text.ends_with("\r\n"));
}

#[test]
fn findings_name_line_and_kind_and_a_long_key_once() {
    let text = "a\nfrom 192.0.2.1 and ann@example.org\n-----BEGIN PRIVATE KEY-----\nabc\n\
                -----END PRIVATE KEY-----\n::1";
    let masked = Masker::new(&[]).mask(text);
    let found: Vec<_> = masked.findings.iter().map(|f| (f.line, f.kind)).collect();
    assert_eq!(found, [(2, IPV4), (2, EMAIL), (3, PRIVATE_KEY), (6, IPV6)]);
}

#[test]
fn a_log_in_pieces_is_masked_like_the_whole() {
    let (names, set) = set();
    let masker = Masker::new(&names);
    let text: String = set.iter().map(|known| known.text.clone() + "\n").collect();
    let whole = masker.mask(&text);
    for size in [1, 7, 64, 1000] {
        let (mut out, mut findings) = (String::new(), Vec::new());
        let mut stream = masker.stream();
        for piece in text.as_bytes().chunks(size) {
            stream.push(piece, &mut out, &mut findings);
        }
        assert_eq!(stream.finish(&mut out, &mut findings), 0);
        assert_eq!((&out, &findings), (&whole.text, &whole.findings), "pieces of {size}");
    }
}

#[test]
fn a_line_without_end_is_cut_and_nothing_of_a_secret_stays() {
    let masker = Masker::new(&[]);
    let mut stream = masker.stream();
    let (mut out, mut findings) = (String::new(), Vec::new());
    let long = format!("{} password=hunter2hunter2", "word ".repeat(13_104));
    for piece in long.as_bytes().chunks(4096) {
        stream.push(piece, &mut out, &mut findings);
    }
    for _ in 0..100 {
        stream.push(&[b'x'; 4096], &mut out, &mut findings);
    }
    stream.push(b"\nnext 192.0.2.1\xff\n", &mut out, &mut findings);
    assert_eq!(stream.finish(&mut out, &mut findings), 1);
    assert!(!out.contains("hunter") && out.len() < 66_000);
    assert!(out.ends_with(" […]\nnext [ipv4]\u{fffd}\n"), "{}", &out[out.len() - 60..]);
    assert_eq!(findings, [Finding { line: 2, kind: IPV4 }]);
}

#[test]
fn a_key_that_is_cut_off_does_not_swallow_the_log() {
    let mut text = "-----BEGIN RSA PRIVATE KEY-----\n".to_owned();
    text += &"MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun\n".repeat(3);
    text += "a\nb\nc\nd\n";
    let masked = Masker::new(&[]).mask(&text);
    assert!(masked.text.ends_with("[private-key]\nc\nd\n"), "{}", masked.text);
    assert!(!masked.text.contains("MIIE"));
}

#[test]
fn colours_do_not_hide_a_secret() {
    let token = format!("gh{}", "p_16C7e42F292c6912E7710c838347Ae178B4a");
    let text = format!("\u{1b}[31m192.0.2.1\u{1b}[0m \u{1b}[1;32m{token}\u{1b}[0m");
    assert_eq!(Masker::new(&[]).mask(&text).text, "[ipv4] [token]");
}

#[test]
#[allow(clippy::disallowed_methods)] // how long it takes is what is asked
fn long_and_broken_texts_are_masked_in_time() {
    let masker = Masker::new(&["Ann Berger".to_owned()]);
    let began = std::time::Instant::now();
    for part in [
        "a",
        "1.",
        ":",
        "a@",
        "DE89 ",
        "eyJ",
        "://a:",
        "ann ",
        "password=",
        "-----BEGIN ",
        "\"",
        "%40",
        "é",
    ] {
        let text = part.repeat(60_000 / part.len());
        assert!(masker.mask(&text).text.len() <= text.len() * 12);
    }
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
    let (_, set) = set();
    let log: String =
        set.iter().map(|known| known.text.clone() + "\n").collect::<String>().repeat(100);
    let before = began.elapsed();
    assert!(masker.mask(&log).findings.len() > 10_000);
    println!("a log of {} bytes, full of findings, in {:?}", log.len(), began.elapsed() - before);
}

#[test]
fn texts_cut_anywhere_keep_their_lines() {
    let (names, set) = set();
    let masker = Masker::new(&names);
    let text: String = set.iter().map(|known| known.text.clone() + "\n").collect();
    for at in (0..text.len()).step_by(61).filter(|at| text.is_char_boundary(*at)) {
        let end =
            (at + 700..text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
        let part = &text[at..end];
        let masked = masker.mask(part);
        assert_eq!(masked.text.matches('\n').count(), part.matches('\n').count(), "from {at}");
    }
}
