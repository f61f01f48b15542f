//! The rules of payments: how many must approve what, and who pays.

use super::facts::Team;
use crate::authority::Role;
use crate::id::RecordId;
use crate::money::{Currency, Money};
use crate::records::finance::policy::Policy;
use std::collections::BTreeSet;

/// Roles whose word counts.
pub const APPROVERS: &[Role] = &[Role::Leadership, Role::Treasurer];

/// The rules in force: the service's own, or the built-in ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Up to this amount one approval is enough.
    pub one_up_to: Money,
    /// Above that and up to this amount two are; above this three are needed. Nothing: two are
    /// always enough.
    pub two_up_to: Option<Money>,
    /// The role that pays.
    pub payer: Role,
    /// An expense above this amount names a decision (`finance.efficiency`).
    pub decision_above: Option<Money>,
    /// Whether nobody set any and the built-in ones hold.
    pub is_default: bool,
}

impl Rules {
    /// The rules of a service's policy; without one the built-in ones in the reporting currency:
    /// one approval up to 500, two above, the treasurer pays.
    pub fn of(policy: Option<&Policy>, currency: Currency) -> Self {
        let built_in = Money::from_decimal("500", currency).unwrap_or(Money::new(0, currency));
        let set = policy.and_then(|policy| Some((policy, policy.one_up_to?)));
        let Some((policy, one_up_to)) = set else {
            let (two_up_to, decision_above, payer) = (None, None, Role::Treasurer);
            return Self {
                one_up_to: built_in,
                two_up_to,
                payer,
                decision_above,
                is_default: true,
            };
        };
        let payer = match policy.payer.as_deref() {
            Some("leadership") => Role::Leadership,
            _ => Role::Treasurer,
        };
        let (two_up_to, decision_above) = (policy.two_up_to, policy.decision_above);
        Self { one_up_to, two_up_to, payer, decision_above, is_default: false }
    }

    /// How many must approve an amount. Where it cannot be converted to the currency of the rules
    /// (`amount` is nothing) as many as the rules ever ask for.
    pub fn approvals_for(&self, amount: Option<Money>) -> u32 {
        let most = if self.two_up_to.is_some() { 3 } else { 2 };
        match amount.filter(|amount| amount.currency == self.one_up_to.currency) {
            None => most,
            Some(amount) if amount.minor <= self.one_up_to.minor => 1,
            Some(amount) if self.two_up_to.is_none_or(|two| amount.minor <= two.minor) => 2,
            Some(_) => most,
        }
    }

    /// Who may write payment files: those with the role that pays; leadership while nobody has it.
    pub fn payers(&self, team: &Team) -> BTreeSet<RecordId> {
        let with = |role: Role| team.with(&[role]);
        let payers = with(self.payer);
        if payers.is_empty() { with(Role::Leadership) } else { payers }
    }

    /// The rules in a sentence.
    pub fn sentence(&self) -> String {
        let Self { one_up_to: one, payer, .. } = self;
        let number = match self.two_up_to {
            None => format!("Up to {one} one approval is enough, above it takes two"),
            Some(two) => {
                format!("Up to {one} one approval is enough, up to {two} it takes two, above three")
            }
        };
        let decision = self.decision_above.map_or(String::new(), |amount| {
            format!(" What costs more than {amount} names its decision.")
        });
        format!(
            "{number}; nobody approves what they handed in or are paid for. The {payer} \
             pays.{decision}"
        )
    }
}
