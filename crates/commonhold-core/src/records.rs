//! THE LIST of record kinds. A new kind is one file below this folder and one line here.

pub mod finance;
pub mod governance;
pub mod knowledge;
pub mod product;

use crate::record::KindInfo;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! kinds {
    ($($variant:ident $name:literal $plural:literal $area:literal $record:ty;)*) => {
        /// The kinds of records.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export))]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs)]
        pub enum Kind { $($variant,)* }

        impl Kind {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)*];

            /// The word used in JSON, keys of documents, commands and routes.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The word used for tables, folders and files.
            pub fn plural(self) -> &'static str {
                match self { $(Self::$variant => $plural,)* }
            }

            /// The area of the framework it belongs to.
            pub fn area(self) -> &'static str {
                match self { $(Self::$variant => $area,)* }
            }

            /// What the machinery knows of it.
            pub fn info(self) -> &'static KindInfo {
                match self { $(Self::$variant => {
                    static INFO: KindInfo = KindInfo::of::<$record>();
                    &INFO
                })* }
            }
        }
    };
}

kinds! {
    Service "service" "services" "product" product::service::Service;
    Person "person" "people" "governance" governance::person::Person;
    Account "account" "accounts" "finance" finance::account::Account;
    Fund "fund" "funds" "finance" finance::fund::Fund;
    Transaction "transaction" "transactions" "finance" finance::transaction::Transaction;
    Price "price" "prices" "finance" finance::price::Price;
    Import "import" "imports" "finance" finance::import::Import;
    Page "page" "pages" "knowledge" knowledge::page::Page;
    Withdrawal "withdrawal" "withdrawals" "governance" governance::withdrawal::Withdrawal;
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|kind| kind.name() == text).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|kind| kind.name()).collect();
            format!("“{text}” is not a kind of record; the kinds are: {}.", names.join(", "))
        })
    }
}
