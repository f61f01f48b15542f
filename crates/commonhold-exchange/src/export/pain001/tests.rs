use super::*;

mod outside;

fn euros(text: &str) -> Money {
    format!("{text} EUR").parse().unwrap()
}

/// The payment of the story: hosting, 412.35 EUR, due on 5 July 2026.
fn hosting() -> Payment {
    Payment {
        end_to_end_id: "29777B04F6FE581CA7C8297C225BEB10".into(),
        amount: euros("412.35"),
        creditor_name: "Škoda & Søn – Hosting".into(),
        creditor_iban: "NL91 ABNA 0417 1643 00".parse().unwrap(),
        creditor_bic: None,
        creditor_town: None,
        creditor_country: None,
        remittance: "Hosting July 2026".into(),
    }
}

fn order(payments: Vec<Payment>) -> Order {
    Order {
        version: Version::V09,
        message_id: "HARBOR-2026-07-03-1".into(),
        // 2026-07-03T08:00:00Z.
        created: Time(1_783_065_600_000),
        execute_on: "2026-07-05".parse().unwrap(),
        debtor_name: "Harbor e.V.".into(),
        debtor_iban: "DE89 3704 0044 0532 0130 00".parse().unwrap(),
        debtor_bic: None,
        batch_booking: false,
        payments,
    }
}

/// An order with everything in it that an order can have.
fn full(version: Version, count: usize) -> Order {
    let ibans = ["NL91ABNA0417164300", "FR1420041010050500013M02606", "NO9386011117947"];
    let payments = (0..count)
        .map(|n| Payment {
            end_to_end_id: format!("EXP-{n:04}/A (1)"),
            amount: Money::new(i64::try_from(n * n * 7919 + 1).unwrap(), Currency::EUR),
            creditor_name: format!("Zoë Müller-Łódź {n} ' + Söhne <b>&amp;"),
            creditor_iban: ibans[n % ibans.len()].parse().unwrap(),
            creditor_bic: (n % 2 == 0).then(|| "INGBNL2A".parse().unwrap()),
            creditor_town: (n % 3 == 0).then(|| "Århus".into()),
            creditor_country: (n % 4 != 1).then(|| "DK".into()),
            remittance: if n % 5 == 4 { String::new() } else { "Größe: 3 €\nRe. ".repeat(20) },
        })
        .collect();
    let mut order = order(payments);
    order.version = version;
    order.debtor_bic = Some("COBADEFFXXX".parse().unwrap());
    order.batch_booking = true;
    order
}

fn problems(order: &Order) -> Vec<String> {
    let problems = write(order).unwrap_err();
    problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect()
}

#[test]
fn one_bill_becomes_this_file() {
    let written = write(&order(vec![hosting()])).unwrap();
    let expected = include_str!("tests/one-bill.xml");
    assert_eq!(String::from_utf8(written.bytes.clone()).unwrap(), expected);
    assert_eq!((written.count, written.control_sum), (1, euros("412.35")));
    let digest: [u8; 32] = Sha256::digest(&written.bytes).into();
    assert_eq!(written.sha256, hex(&digest));
    let changed = Changed {
        what: "payments/1/creditor_name".into(),
        from: "Škoda & Søn – Hosting".into(),
        to: "Skoda . Son . Hosting".into(),
    };
    assert_eq!(written.changed, [changed]);
    assert_eq!(write(&order(vec![hosting()])).unwrap(), written);
}

#[test]
fn texts_fit_the_set_and_say_what_they_were() {
    for (from, to) in [
        ("Škoda & Søn – Hosting", "Skoda . Son . Hosting"),
        ("S\u{30c}koda", "Skoda"),
        ("Müller GmbH", "Muller GmbH"),
        ("Straße ẞ", "Strasse SS"),
        ("Æther œuvre Łódź Þór İzmir ığŞ", "AEther oeuvre Lodz Thor Izmir igS"),
        ("Nguyễn Thị Đỗ", "Nguyen Thi Do"),
        ("O’Brien", "O'Brien"),
        ("  a \t\r\n b\u{a0}c  ", "a b c"),
        ("a/-?:().,'+Z9", "a/-?:().,'+Z9"),
        ("株式会社", "...."),
        ("100 € <b>&\"#*_", "100 . .b......"),
        ("\u{202e}x\u{0}y\u{feff}", ".x y"),
        ("", ""),
    ] {
        assert_eq!(sepa_text(from), to, "{from}");
    }
    // Nothing gets through, and what fits stays as it is.
    for number in 0..=0x2_ffff_u32 {
        let Some(character) = char::from_u32(number) else { continue };
        let out = sepa_text(&format!("a{character}b"));
        assert!(out.chars().all(latin::belongs), "{character:?} {out}");
        assert_eq!(sepa_text(&out), out);
        if latin::belongs(character) {
            assert_eq!(out, format!("a{character}b"));
        }
    }
    // Every letter of the Latin alphabets has a base letter.
    for character in ('À'..='ž').filter(|c| c.is_alphabetic()) {
        assert!(!sepa_text(&character.to_string()).contains('.'), "{character}");
    }
}

#[test]
fn long_texts_are_cut_and_said() {
    let mut long = hosting();
    long.creditor_name = "ß".repeat(50);
    long.remittance = format!("{} {}", "r".repeat(139), "s".repeat(50));
    let written = write(&order(vec![long])).unwrap();
    let to: Vec<&str> = written.changed.iter().map(|change| change.to.as_str()).collect();
    assert_eq!(to, ["s".repeat(70), "r".repeat(139)]);
    let text = String::from_utf8(written.bytes).unwrap();
    assert!(text.contains(&format!("<Nm>{}</Nm>", "s".repeat(70))));
    assert!(text.contains(&format!("<Ustrd>{}</Ustrd>", "r".repeat(139))));
}

#[test]
fn an_address_is_town_and_country_or_nothing() {
    let with = |version, town: Option<&str>, country: Option<&str>| {
        let mut payment = hosting();
        payment.creditor_name = "Plain".into();
        payment.creditor_town = town.map(Into::into);
        payment.creditor_country = country.map(Into::into);
        let mut order = order(vec![payment]);
        order.version = version;
        let written = write(&order)?;
        let text = String::from_utf8(written.bytes).unwrap();
        let address = text.split("<PstlAdr>").nth(1).map(|rest| {
            rest.split("</PstlAdr>").next().unwrap().split_whitespace().collect::<String>()
        });
        Ok::<_, Vec<Problem>>((address, written.changed))
    };
    let both = with(Version::V09, Some("Gunzenhausen"), Some("DE")).unwrap();
    let address = "<TwnNm>Gunzenhausen</TwnNm><Ctry>DE</Ctry>".to_owned();
    assert_eq!(both, (Some(address), vec![]));
    for (version, town, country, from) in [
        (Version::V09, Some("Århus"), None, "Århus"),
        (Version::V09, None, Some("DK"), "DK"),
        (Version::V09, Some("東京"), Some("JP"), "東京, JP"),
        (Version::V03, Some("Århus"), Some("DK"), "Århus, DK"),
    ] {
        let what = "payments/1/creditor_town".into();
        let changed = Changed { what, from: from.into(), to: String::new() };
        assert_eq!(with(version, town, country).unwrap(), (None, vec![changed]));
    }
    assert_eq!(with(Version::V09, None, None).unwrap(), (None, vec![]));
    for bad in ["de", "DEU", "D", "D1", ""] {
        assert!(with(Version::V09, Some("X"), Some(bad)).is_err(), "{bad}");
    }
}

#[test]
fn money_a_bank_would_refuse_is_refused() {
    for (amount, good) in [
        ("0.01 EUR", true),
        ("999999999.99 EUR", true),
        ("1000000000.00 EUR", false),
        ("0.00 EUR", false),
        ("-0.01 EUR", false),
        ("92233720368547758.07 EUR", false),
        ("412.35 USD", false),
        ("412 JPY", false),
    ] {
        let mut payment = hosting();
        payment.amount = amount.parse().unwrap();
        let result = write(&order(vec![payment]));
        assert_eq!(result.is_ok(), good, "{amount} {result:?}");
        if let Err(problems) = result {
            assert_eq!(problems[0].field, "payments/1/amount");
        }
    }
}

#[test]
fn ids_are_never_changed_only_refused() {
    let with = |id: &str| {
        let mut payment = hosting();
        payment.end_to_end_id = id.into();
        write(&order(vec![payment]))
    };
    for good in ["A", "a b/c-d?e:f(g)h.i,j'k+L9", &"X".repeat(35)] {
        with(good).unwrap();
    }
    for bad in ["", " ", "/A", "A/", "A//B", "Ä", "A_B", " A", "A ", "A\n", &"X".repeat(36)] {
        let problems = with(bad).unwrap_err();
        assert_eq!(problems[0].field, "payments/1/end_to_end_id", "{bad}");
        let mut order = order(vec![hosting()]);
        order.message_id = bad.into();
        assert_eq!(write(&order).unwrap_err()[0].field, "message_id", "{bad}");
    }
    let twice = problems(&order(vec![hosting(), hosting()]));
    let expected =
        "payments/2/end_to_end_id: Payments 1 and 2 have the same end-to-end id.".to_owned();
    assert_eq!(twice, [expected]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut bad = order(vec![hosting()]);
    bad.message_id = "//".into();
    bad.debtor_name = "  ".into();
    bad.execute_on = "2026-07-01".parse().unwrap();
    bad.payments[0].creditor_name = "株式会社".into();
    bad.payments[0].amount.minor = 0;
    let fields: Vec<String> = write(&bad).unwrap_err().into_iter().map(|p| p.field).collect();
    assert_eq!(
        fields,
        [
            "message_id",
            "execute_on",
            "debtor_name",
            "payments/1/amount",
            "payments/1/creditor_name"
        ]
    );
    assert_eq!(problems(&order(vec![])).len(), 1);
    let crowd = vec![hosting(); MAX_PAYMENTS + 1];
    assert!(problems(&order(crowd))[0].contains("at most 10,000"));
    for (day, good) in
        [("2026-07-02", true), ("2027-07-31", true), ("2027-08-01", false), ("9999-12-31", false)]
    {
        let mut order = order(vec![hosting()]);
        order.execute_on = day.parse().unwrap();
        assert_eq!(write(&order).is_ok(), good, "{day}");
    }
    for moment in [-1, i64::MIN, i64::MAX, 253_402_300_800_000] {
        let mut order = order(vec![hosting()]);
        order.created = Time(moment);
        assert!(problems(&order)[0].starts_with("created: "), "{moment}");
    }
}

#[test]
fn the_older_version_refuses_bics_it_cannot_hold() {
    for (code, good) in [("INGBNL2A", true), ("1NGBNL2A", false), ("INGBNL0A", false)] {
        let mut payment = hosting();
        payment.creditor_bic = Some(code.parse().unwrap());
        let mut order = order(vec![payment]);
        write(&order).unwrap();
        order.version = Version::V03;
        assert_eq!(write(&order).is_ok(), good, "{code}");
    }
}

#[test]
fn no_sentence_and_no_debug_text_holds_an_account_number() {
    let mut bad = full(Version::V03, 5);
    bad.payments[1].amount.minor = -1;
    let said = format!("{:?} {:?}", problems(&bad), bad);
    for part in ["0532", "0417", "0050500", "8601111"] {
        assert!(!said.contains(part), "{part}");
    }
}
