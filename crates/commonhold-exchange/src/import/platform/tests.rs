//! Forms of days and amounts.

use super::*;

fn days(values: &[&str], hint: Option<DateFormat>) -> (DateFormat, bool) {
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    date_format(&values, hint)
}

#[test]
fn days_are_told_by_their_order() {
    use DateFormat::{DayFirst, Dots, Iso, MonthFirst};
    assert_eq!(days(&["2026-08-06 10:00"], None), (Iso, true));
    assert_eq!(days(&["06.08.2026"], None), (Dots, true));
    assert_eq!(days(&["06/08/2026", "13/08/2026"], None), (DayFirst, true));
    assert_eq!(days(&["08/06/2026", "08/13/2026"], None), (MonthFirst, true));
    assert_eq!(days(&["08/06/2026", "08/07/2026", "09/05/2026"], None), (MonthFirst, true));
    assert_eq!(days(&["06/08/2026", "07/08/2026", "05/09/2026"], None), (DayFirst, true));
    assert_eq!(days(&["01/02/2026", "03/04/2026"], None), (DayFirst, false));
    assert_eq!(days(&["01/02/2026", "03/04/2026"], Some(MonthFirst)), (MonthFirst, true));
    assert_eq!(days(&["05/05/2026"], None), (DayFirst, true));
    assert_eq!(days(&[], None), (Iso, true));
}

#[test]
fn marks_are_told_by_most_amounts() {
    let mark = |values: &[&str], usual| {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        decimal_mark(&values, usual)
    };
    assert_eq!(mark(&["-1.025,98", "3"], DecimalMark::Dot), DecimalMark::Comma);
    assert_eq!(mark(&["1,500.00"], DecimalMark::Comma), DecimalMark::Dot);
    assert_eq!(mark(&["1,500"], DecimalMark::Comma), DecimalMark::Comma);
}

#[test]
fn legs_balance_or_are_refused() {
    let money = |minor| Money::new(minor, Currency::EUR);
    let legs = with_fee("A", money(1000), money(30), money(970)).unwrap();
    assert!(super::super::balances(money(970), &legs));
    assert_eq!(with_fee("A", money(0), money(200), money(-200)).unwrap().len(), 1);
    assert!(with_fee("A", money(1000), money(30), money(1030)).is_err());
    assert!(with_fee("A", money(i64::MAX), money(-1), money(0)).is_err());
}
