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

#[test]
fn parts_and_percentages_lose_no_cent() {
    assert_eq!(money("100.00 EUR").part(3, 0), money("33.34 EUR"));
    assert_eq!(money("100.00 EUR").part(3, 2), money("33.33 EUR"));
    assert_eq!(money("100.00 EUR").part(3, 3), money("0.00 EUR"));
    assert_eq!(money("-100 JPY").part(0, 0), money("-100 JPY"));
    assert_eq!(money("0.05 EUR").percent(50), Some(money("0.03 EUR")));
    assert_eq!(money("730.00 EUR").percent(33), Some(money("240.90 EUR")));
    // Spreading is exact whatever the amount, and no part is off by more than one cent.
    let mut state = 42_u64;
    for _ in 0..2000 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let minor = i64::try_from(state >> 24).unwrap() - (1 << 39);
        let parts = u32::try_from(state >> 59).unwrap() + 1;
        let amount = Money::new(minor, Currency::EUR);
        let split: Vec<i64> = (0..parts).map(|index| amount.part(parts, index).minor).collect();
        assert_eq!(split.iter().sum::<i64>(), minor);
        let (least, most) = (split.iter().min().unwrap(), split.iter().max().unwrap());
        assert!(most - least <= 1 && split.is_sorted_by(|a, b| a >= b), "{amount} in {parts}");
        let same: Vec<i64> =
            amount.split(u16::try_from(parts).unwrap()).iter().map(|part| part.minor).collect();
        assert_eq!(split, same);
    }
}
