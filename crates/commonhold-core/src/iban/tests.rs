use super::*;

/// Published examples of 78 countries.
const EXAMPLES: &[&str] = &[
    "AD12 0001 2030 2003 5910 0100",
    "AE07 0331 2345 6789 0123 456",
    "AL47 2121 1009 0000 0002 3569 8741",
    "AT61 1904 3002 3457 3201",
    "AZ21 NABZ 0000 0000 1370 1000 1944",
    "BA39 1290 0794 0102 8494",
    "BE68 5390 0754 7034",
    "BG80 BNBG 9661 1020 3456 78",
    "BH67 BMAG 0000 1299 1234 56",
    "BI42 1000 0100 0100 0033 2045 181",
    "BR18 0036 0305 0000 1000 9795 493C 1",
    "BY13 NBRB 3600 9000 0000 2Z00 AB00",
    "CH93 0076 2011 6238 5295 7",
    "CR05 0152 0200 1026 2840 66",
    "CY17 0020 0128 0000 0012 0052 7600",
    "CZ65 0800 0000 1920 0014 5399",
    "DE89 3704 0044 0532 0130 00",
    "DK50 0040 0440 1162 43",
    "DO28 BAGR 0000 0001 2124 5361 1324",
    "EE38 2200 2210 2014 5685",
    "EG38 0019 0005 0000 0000 2631 8000 2",
    "ES91 2100 0418 4502 0005 1332",
    "FI21 1234 5600 0007 85",
    "FO62 6460 0001 6316 34",
    "FR14 2004 1010 0505 0001 3M02 606",
    "GB29 NWBK 6016 1331 9268 19",
    "GE29 NB00 0000 0101 9049 17",
    "GI75 NWBK 0000 0000 7099 453",
    "GL89 6471 0001 0002 06",
    "GR16 0110 1250 0000 0001 2300 695",
    "GT82 TRAJ 0102 0000 0012 1002 9690",
    "HR12 1001 0051 8630 0016 0",
    "HU42 1177 3016 1111 1018 0000 0000",
    "IE29 AIBK 9311 5212 3456 78",
    "IL62 0108 0000 0009 9999 999",
    "IQ98 NBIQ 8501 2345 6789 012",
    "IS14 0159 2600 7654 5510 7303 39",
    "IT60 X054 2811 1010 0000 0123 456",
    "JO94 CBJO 0010 0000 0000 0131 0003 02",
    "KW81 CBKU 0000 0000 0000 1234 5601 01",
    "KZ86 125K ZT50 0410 0100",
    "LB62 0999 0000 0001 0019 0122 9114",
    "LC55 HEMM 0001 0001 0012 0012 0002 3015",
    "LI21 0881 0000 2324 013A A",
    "LT12 1000 0111 0100 1000",
    "LU28 0019 4006 4475 0000",
    "LV80 BANK 0000 4351 9500 1",
    "MC58 1122 2000 0101 2345 6789 030",
    "MD24 AG00 0225 1000 1310 4168",
    "ME25 5050 0001 2345 6789 51",
    "MK07 2501 2000 0058 984",
    "MR13 0002 0001 0100 0012 3456 753",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "MU17 BOMM 0101 1010 3030 0200 000M UR",
    "NL91 ABNA 0417 1643 00",
    "NO93 8601 1117 947",
    "PK36 SCBL 0000 0011 2345 6702",
    "PL61 1090 1014 0000 0712 1981 2874",
    "PS92 PALS 0000 0000 0400 1234 5670 2",
    "PT50 0002 0123 1234 5678 9015 4",
    "QA58 DOHB 0000 1234 5678 90AB CDEF G",
    "RO49 AAAA 1B31 0075 9384 0000",
    "RS35 2600 0560 1001 6113 79",
    "SA03 8000 0000 6080 1016 7519",
    "SC18 SSCB 1101 0000 0000 0000 1497 USD",
    "SE45 5000 0000 0583 9825 7466",
    "SI56 2633 0001 2039 086",
    "SK31 1200 0000 1987 4263 7541",
    "SM86 U032 2509 8000 0000 0270 100",
    "ST23 0001 0001 0051 8453 1014 6",
    "SV62 CENR 0000 0000 0000 0070 0025",
    "TL38 0080 0123 4567 8910 157",
    "TN59 1000 6035 1835 9847 8831",
    "TR33 0006 1005 1978 6457 8413 26",
    "UA21 3223 1300 0002 6007 2335 6600 1",
    "VA59 0011 2300 0012 3456 78",
    "VG96 VPVG 0000 0123 4567 8901",
    "XK05 1212 0123 4567 8906",
];

fn parsed(text: &str) -> Result<Iban, String> {
    text.parse()
}

/// A deterministic stream of numbers (xorshift), so that the same numbers are tried every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// A number with fitting check digits, of letters and digits at random.
fn made(chance: &mut Chance) -> String {
    let countries: Vec<(usize, &str)> =
        LENGTHS.iter().flat_map(|(length, all)| all.split(' ').map(|one| (*length, one))).collect();
    let (length, country) = countries[chance.below(countries.len() as u64) as usize];
    let letters = chance.below(3) == 0;
    let rest: String = (4..length)
        .map(|_| {
            let top = if letters { 36 } else { 10 };
            char::from_digit(chance.below(top) as u32, 36).unwrap().to_ascii_uppercase()
        })
        .collect();
    let check = 98 - rest_by_97(&format!("{country}00{rest}"));
    format!("{country}{check:02}{rest}")
}

#[test]
fn the_example_of_every_country_is_read() {
    for example in EXAMPLES {
        let iban = parsed(example).unwrap();
        assert_eq!(iban.to_string(), *example);
        assert_eq!(iban.compact(), example.replace(' ', ""));
        assert_eq!(parsed(&example.to_lowercase()).unwrap(), iban);
        assert_eq!(parsed(&format!("\u{a0}{}\n", example.replace(' ', ""))).unwrap(), iban);
        assert_eq!(iban.country(), &example[..2]);
    }
}

#[test]
fn every_wrong_digit_and_every_swap_is_found() {
    let mut chance = Chance(0x1234_5678_9ABC_DEF1);
    let (mut changed, mut swapped, mut blind) = (0, 0, 0);
    let made: Vec<String> = (0..400).map(|_| made(&mut chance)).collect();
    let examples = EXAMPLES.iter().map(|example| example.replace(' ', ""));
    for text in examples.chain(made) {
        parsed(&text).unwrap();
        let bytes = text.as_bytes();
        for place in 0..bytes.len() {
            let class = if bytes[place].is_ascii_digit() { b'0'..=b'9' } else { b'A'..=b'Z' };
            for other in class.filter(|other| *other != bytes[place]) {
                let mut wrong = bytes.to_vec();
                wrong[place] = other;
                let wrong = String::from_utf8(wrong).unwrap();
                assert!(parsed(&wrong).is_err(), "{text} {wrong}");
                changed += 1;
            }
            let Some(next) = bytes.get(place + 1).copied().filter(|next| *next != bytes[place])
            else {
                continue;
            };
            let mut wrong = bytes.to_vec();
            wrong.swap(place, place + 1);
            let wrong = String::from_utf8(wrong).unwrap();
            let mut pair = [bytes[place], next];
            pair.sort_unstable();
            if place >= 4 && [*b"1B", *b"2M", *b"3X"].contains(&pair) {
                assert!(parsed(&wrong).is_ok(), "{text} {wrong}");
                blind += 1;
            } else {
                assert!(parsed(&wrong).is_err(), "{text} {wrong}");
                swapped += 1;
            }
        }
    }
    assert!(changed > 50_000 && swapped > 5_000 && blind > 0, "{changed} {swapped} {blind}");
}

#[test]
fn what_is_wrong_is_said_without_the_number() {
    for (text, says) in [
        ("DE89 3704 0044 0532 0130 01", "check digits"),
        ("DE89 3704 0044 0532 0130 0", "has 22 characters, this one 21"),
        ("DE89 3704 0044 0532 0130 000", "has 22 characters, this one 23"),
        ("US89 3704 0044 0532 0130 00", "letters US"),
        ("8989 3704 0044 0532 0130 00", "two letters"),
        ("DE89-3704-0044-0532-0130-00", "“-” does not belong"),
        ("DE89 3704 0044 0532 0130 0\u{202e}0", "u{202e}"),
        ("DÉ89 3704 0044 0532 0130 00", "“É” does not belong"),
        ("DE", "too short"),
        ("", "too short"),
        ("DE8A 3704 0044 0532 0130 00", "check digits"),
    ] {
        let sentence = parsed(text).unwrap_err();
        assert!(sentence.contains(says), "{text}: {sentence}");
        assert!(!sentence.contains("0532"), "{sentence}");
    }
    assert!(parsed(&"DE89".repeat(1_000_000)).unwrap_err().contains("too long"));
    // 98 − 97: what fits by division but is not a check digit of ISO 7064.
    let rest: String = (0..1_000_000_u32)
        .map(|n| format!("{n:018}"))
        .find(|rest| rest_by_97(&format!("DE01{rest}")) == 1)
        .unwrap();
    assert!(parsed(&format!("DE01{rest}")).is_err());
    assert!(parsed(&format!("DE98{rest}")).is_ok());
}

#[test]
fn debug_hides_the_middle_and_json_is_plain_text() {
    let iban = parsed("DE89 3704 0044 0532 0130 00").unwrap();
    assert_eq!(format!("{iban:?}"), "DE89 … 3000");
    assert_eq!(serde_json::to_string(&iban).unwrap(), "\"DE89370400440532013000\"");
    let read: Iban = serde_json::from_str("\"de89 3704 0044 0532 0130 00\"").unwrap();
    assert_eq!(read, iban);
    let wrong = serde_json::from_str::<Iban>("\"DE89370400440532013001\"").unwrap_err();
    assert!(!wrong.to_string().contains("0440532"), "{wrong}");
}

#[test]
fn a_bic_has_eight_or_eleven_characters_and_a_country() {
    for good in ["COBADEFFXXX", "INGBNL2A", "cobadeff", "DEUT DE FF 500"] {
        let bic: Bic = good.parse().unwrap();
        assert_eq!(bic.to_string(), good.replace(' ', "").to_uppercase());
    }
    assert_eq!("INGBNL2A".parse::<Bic>().unwrap().country(), "NL");
    for bad in ["", "COBADEF", "COBADEFFXX", "COBAD1FF", "COBADEFF-XX", "NOTPROVIDED", "ÄOBADEFF"]
    {
        assert!(bad.parse::<Bic>().is_err(), "{bad}");
    }
}
