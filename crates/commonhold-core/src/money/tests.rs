use super::*;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn reads_and_writes_exactly() {
    for text in ["0.00 EUR", "-0.05 EUR", "154185.12 EUR", "1200 JPY", "-1.005 KWD"] {
        assert_eq!(money(text).to_string(), text);
    }
    assert_eq!(money("12 EUR").minor, 1200);
    assert_eq!(money("12.5 EUR").minor, 1250);
}

#[test]
fn refuses_what_is_not_an_amount_and_names_the_currency() {
    for bad in ["12.345 EUR", "1200.5 JPY"] {
        let currency = &bad[bad.len() - 3..];
        assert!(bad.parse::<Money>().unwrap_err().contains(currency), "{bad}");
    }
    for bad in [
        "",
        "12",
        "EUR",
        "1e3 EUR",
        "12. EUR",
        ".5 EUR",
        "1,5 EUR",
        "- EUR",
        "--1 EUR",
        "99999999999999999999 EUR",
        "92233720368547758.08 EUR",
        "12 eur",
        "１2 EUR",
    ] {
        assert!(bad.parse::<Money>().is_err(), "{bad}");
    }
}

#[test]
fn splits_by_largest_remainder() {
    let parts: Vec<_> = money("100.00 EUR").split(3).iter().map(Money::decimal).collect();
    assert_eq!(parts, ["33.34", "33.33", "33.33"]);
    let total: i64 = money("-100.00 EUR").split(7).iter().map(|m| m.minor).sum();
    assert_eq!(total, -10_000);
}

#[test]
fn converts_half_to_even() {
    let rate = "0.9183".parse().unwrap();
    assert_eq!(
        money("120.00 USD").convert(&rate, Currency::EUR).unwrap().to_string(),
        "110.20 EUR"
    );
    let half = "0.5".parse().unwrap();
    for (from, to) in [("0.01 USD", 0), ("0.03 USD", 2), ("0.05 USD", 2), ("-0.03 USD", -2)] {
        assert_eq!(money(from).convert(&half, Currency::EUR).unwrap().minor, to, "{from}");
    }
    assert!(
        Money::new(i64::MAX, Currency::EUR)
            .convert(&"1000000".parse().unwrap(), Currency::EUR)
            .is_none()
    );
}

#[test]
fn ratios_are_decimal_text() {
    assert_eq!(ratio(564_597, 61_487, 1).unwrap(), "9.2");
    assert_eq!(ratio(1, 0, 1), None);
    assert_eq!(ratio(-5, 1000, 2).unwrap(), "0.00");
    assert_eq!(ratio(5, 2, 0).unwrap(), "2");
}
