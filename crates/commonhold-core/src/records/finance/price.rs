//! A price record: what one unit of a currency was worth in another on a day.

use crate::date::Date;
use crate::money::{Currency, Rate};
use crate::problem::Problem;
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// One dated exchange rate, kept as decimal text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Price {
    /// The day it holds for.
    pub date: Option<Date>,
    /// The currency priced.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub base: Option<Currency>,
    /// The currency it is priced in.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub quote: Option<Currency>,
    /// Units of `quote` for one unit of `base`, decimal text.
    pub rate: String,
    /// Where the rate is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Record for Price {
    const KIND: Kind = Kind::Price;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("date", T::Date, "The day it holds for."),
        column("base", T::Currency, "The currency priced."),
        column("quote", T::Currency, "The currency it is priced in."),
        column("rate", T::Text, "Units of quote for one unit of base."),
        column("source", T::Text, "Where the rate is from."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        if self.date.is_none() {
            problems.push(Problem::new("date", "The day is missing."));
        }
        if self.base.is_none() || self.quote.is_none() {
            problems.push(Problem::new("base", "A price needs two currencies."));
        } else if self.base == self.quote {
            problems.push(Problem::new("quote", "A price needs two different currencies."));
        }
        if let Err(message) = self.rate.parse::<Rate>() {
            problems.push(Problem::new("rate", message));
        }
    }

    fn home(&self) -> Home {
        self.date.map_or(Home::Charter, Home::Ledger)
    }

    fn title(&self) -> String {
        let code = |c: &Option<Currency>| c.map_or_else(String::new, |c| c.to_string());
        let date = self.date.map_or_else(String::new, |d| d.to_string());
        format!("1 {} = {} {} ({date})", code(&self.base), self.rate, code(&self.quote))
    }

    fn day(&self) -> Option<Date> {
        self.date
    }
}
