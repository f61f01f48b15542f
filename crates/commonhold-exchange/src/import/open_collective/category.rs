//! Which account a row of Open Collective goes to.

use crate::import::csv::{EXPENSE, INCOME};
use crate::import::text::fold;

/// Where fees go whose sort the file does not say.
pub(super) const FEES: &str = "Expenses:Fundraising:Fees";
const HOST_FEES: &str = "Expenses:Admin:HostFees";
/// Where donations go that are given again and again.
pub(in crate::import) const RECURRING: &str = "Income:Donations:Recurring";
/// Where donations go that are given once.
pub(in crate::import) const ONE_TIME: &str = "Income:Donations:OneTime";
/// What a payment service keeps.
pub(in crate::import) const PROCESSOR_FEES: &str = "Expenses:Fundraising:ProcessorFees";
const PLATFORM_FEES: &str = "Expenses:Fundraising:PlatformFees";
const TAXES: &str = "Liabilities:Taxes";

/// Accounts of the columns hostFee, paymentProcessorFee, platformFee and taxAmount.
pub(super) const FEE_ACCOUNTS: &[&str; 4] = &[HOST_FEES, PROCESSOR_FEES, PLATFORM_FEES, TAXES];

/// Tags that say what an expense was for better than its type does.
const TAGS: &[(&[&str], &str)] = &[
    (
        &["hosting", "server", "servers", "cloud", "vps", "infrastructure", "cdn"],
        "Expenses:Program:Hosting",
    ),
    (&["domain", "domains", "dns"], "Expenses:Admin:Domains"),
    (&["bank", "banking", "bank fees"], "Expenses:Admin:Bank"),
    (&["accounting", "bookkeeping", "legal", "insurance", "taxes"], "Expenses:Admin:Accounting"),
    (
        &["engineering", "development", "maintenance", "programming", "software development"],
        "Expenses:Program:Development",
    ),
    (&["travel", "transport", "accommodation"], "Expenses:Program:Travel"),
    (&["design", "ui", "ux"], "Expenses:Program:Design"),
    (&["marketing", "advertising", "fundraising"], "Expenses:Fundraising:Marketing"),
];

/// Expense types (`ExpenseType` of the service's API).
const TYPES: &[(&str, &str)] = &[
    ("INVOICE", "Expenses:Program:Invoices"),
    ("VENDOR", "Expenses:Program:Invoices"),
    ("RECEIPT", "Expenses:Program:Reimbursements"),
    ("CHARGE", "Expenses:Program:CardCharges"),
    ("GRANT", "Expenses:Program:Grants"),
    ("FUNDING_REQUEST", "Expenses:Program:Grants"),
    ("SETTLEMENT", "Expenses:Admin:Platform"),
    ("PLATFORM_BILLING", "Expenses:Admin:Platform"),
];

/// What of a row decides its account.
pub(super) struct Entry<'r> {
    /// `TransactionKind` of the service's API; empty in old exports.
    pub kind: &'r str,
    /// Whether the original movement brings money in: a refund is booked where its original is.
    pub positive: bool,
    /// `ExpenseType`, empty for all that is no expense.
    pub expense_type: &'r str,
    /// Tags, separated by commas.
    pub expense_tags: &'r str,
    /// ONETIME, MONTHLY, YEARLY, FLEXIBLE or empty.
    pub frequency: &'r str,
    /// The row's text.
    pub description: &'r str,
}

impl Entry<'_> {
    /// The account, and whether the kind of the row is known.
    pub(super) fn account(&self) -> (String, bool) {
        let account = match (self.kind, self.positive) {
            ("CONTRIBUTION", true) => self.donation(),
            // Money the host put in, often a grant or a bank transfer; nothing says which.
            ("ADDED_FUNDS", true) => "Income:Added-Funds",
            ("CONTRIBUTION" | "ADDED_FUNDS", false) => "Expenses:Program:Contributions",
            ("EXPENSE", true) => "Income:Invoices",
            ("EXPENSE", false) => self.expense(),
            ("HOST_FEE" | "HOST_FEE_SHARE", true) => "Income:HostFees",
            ("HOST_FEE" | "HOST_FEE_SHARE", false) => HOST_FEES,
            // A cover is the host paying the processor's fee back.
            (
                "PAYMENT_PROCESSOR_FEE"
                | "PAYMENT_PROCESSOR_DISPUTE_FEE"
                | "PAYMENT_PROCESSOR_COVER",
                _,
            ) => PROCESSOR_FEES,
            ("PLATFORM_FEE" | "PLATFORM_TIP" | "APPLICATION_FEE", _) => PLATFORM_FEES,
            ("HOST_FEE_SHARE_DEBT" | "PLATFORM_TIP_DEBT", _) => "Liabilities:Platform",
            ("BALANCE_TRANSFER", _) => "Equity:Transfers",
            ("PREPAID_PAYMENT_METHOD", _) => "Assets:Prepaid",
            ("TAX", _) => TAXES,
            ("", _) if !self.expense_type.is_empty() => self.expense(),
            (_, true) => return (INCOME.to_owned(), false),
            (_, false) => return (EXPENSE.to_owned(), false),
        };
        (account.to_owned(), true)
    }

    fn donation(&self) -> &'static str {
        let recurring = match self.frequency {
            "" => {
                let text = fold(self.description);
                ["monthly", "yearly", "recurring"].iter().any(|word| text.contains(word))
            }
            "ONETIME" => false,
            _ => true,
        };
        if recurring { RECURRING } else { ONE_TIME }
    }

    /// How often the contribution is given, where the row says it.
    pub(super) fn interval(&self) -> Option<&'static str> {
        match self.frequency {
            "ONETIME" => Some("one-time"),
            "MONTHLY" => Some("monthly"),
            "YEARLY" => Some("yearly"),
            _ => None,
        }
    }

    fn expense(&self) -> &'static str {
        let tags: Vec<String> = self.expense_tags.split(',').map(fold).collect();
        let tagged =
            TAGS.iter().find(|(words, _)| tags.iter().any(|t| words.contains(&t.as_str())));
        if let Some((_, account)) = tagged {
            return account;
        }
        let typed = TYPES.iter().find(|(name, _)| *name == self.expense_type);
        typed.map_or("Expenses:Program:Other", |(_, account)| account)
    }
}
