//! Infrastructure: deploys, what can be seen, secrets.

use super::super::Finding;
use super::super::facts::Facts;
use super::some;
use crate::authority::Role;

/// `infra.automatic`: no record of deploys exists yet; a person vouches.
pub fn automatic(_: &Facts) -> Finding {
    Finding::unmet("No deploy is recorded.")
}

/// `infra.introspection`: no log or changelog is in the record yet; a person vouches.
pub fn introspection(_: &Facts) -> Finding {
    Finding::unmet("No log and no changelog is in the record.")
}

/// `infra.secrets`: two holders each, none left to be changed after somebody left. What a secret
/// is called is never said here, since findings are published.
pub fn secrets(facts: &Facts) -> Finding {
    let found = &facts.secrets;
    let leaders = facts.with_role(Role::Leadership).count();
    if found.total == 0 {
        return Finding::unmet("No secret is in the register.");
    }
    let met = found.single_holder == 0 && found.items.is_empty() && leaders >= 2;
    let total = some(found.total, "secret", "secrets");
    Finding::when(
        met,
        format!(
            "{total}; {} held by fewer than two people, {} to be changed since somebody left; {} in leadership.",
            found.single_holder,
            found.items.len(),
            some(leaders, "person", "people"),
        ),
    )
}
