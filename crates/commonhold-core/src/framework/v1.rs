//! Version 1 of the framework.

use super::Requirement;
use super::checks::{finance, governance, infrastructure, product};

macro_rules! requirement {
    ($id:literal $area:literal $title:literal $why:literal $next:literal $attestable:literal $check:expr) => {
        Requirement {
            id: $id,
            area: $area,
            title: $title,
            why: $why,
            next: $next,
            attestable: $attestable,
            check: $check,
        }
    };
}
pub(super) use requirement;

/// What version 1 asks for.
pub const REQUIREMENTS: &[Requirement] = &[
    requirement! { "finance.self-funded.channels" "finance"
    "People can give once and at an interval, as much as they choose"
    "A service that depends on one way of giving ends with it."
    "Add a channel for single gifts and one for recurring gifts, both with an open amount."
    false finance::channels },
    requirement! { "finance.self-funded.sources" "finance"
    "The money comes from users and public bodies only"
    "Whoever owns the money soon owns the service."
    "Name the donor of each gift, and refuse money from for-profit owners or investors."
    false finance::sources },
    requirement! { "finance.self-funded.no-perks" "finance"
    "Giving more buys no influence and no benefit"
    "One person, one vote, whatever they gave."
    "Vouch for it, saying where your rules for givers can be read."
    true |_| super::checks::vouched() },
    requirement! { "finance.expensing.automatic" "finance"
    "Bills go on being paid from the same funds without a person's doing"
    "A service must not stop because one person is away."
    "Give every recurring bill a schedule whose pre-approval is in force, and name a treasurer."
    false finance::automatic },
    requirement! { "finance.history.expenses" "finance"
    "Every expense is public: who paid, whom, for what, how much, for which period"
    "Whoever gives may see where it went."
    "Complete the expenses named here: payee, what for, and the billed period."
    false finance::expenses },
    requirement! { "finance.history.donations" "finance"
    "Every donation is public: how much, once or at an interval; the giver may stay unnamed"
    "Users see who keeps the service alive without anybody being exposed."
    "Say for the gifts named here whether they are given once or at an interval."
    false finance::donations },
    requirement! { "finance.history.timely" "finance"
    "Transactions are public within one business day"
    "Old numbers help nobody decide."
    "Publish the page; a timer can do it every day. What was late counts for 90 days."
    false finance::timely },
    requirement! { "finance.efficiency" "finance"
    "Money is spent only where it is needed"
    "Small costs keep a service alive longest."
    "Record expenses by function, and name the decision behind each large one."
    false finance::efficiency },
    requirement! { "finance.shutdown.plan" "finance"
    "It is settled where left-over money goes and how each paid service is cancelled"
    "At the end nobody has time to argue about it."
    "Write the shutdown plan's part about money, and for every recurring bill how it is cancelled."
    false finance::shutdown },
    requirement! { "infra.automatic" "infrastructure"
    "Merged changes deploy by themselves, and faulty ones roll back"
    "A deploy that needs one person needs that person for ever."
    "Import deploys from your forge or record them, and put right those that failed; or vouch for how it is done today."
    true infrastructure::automatic },
    requirement! { "infra.introspection" "infrastructure"
    "Anybody sees deploy logs, changelog and metrics, with personal data masked"
    "What can be seen can be checked, and helped with."
    "Keep the masked log of each deploy, write the changelog and publish the page; or vouch for where they are."
    true infrastructure::introspection },
    requirement! { "infra.secrets" "infrastructure"
    "Secrets are shared within leadership, with nobody alone, and never public"
    "A password one person has is a single point of failure with a name."
    "Give each secret a second holder in leadership, change those of people who left, and write a page of the sort “guideline on secrets”."
    false infrastructure::secrets },
    requirement! { "governance.bylaws" "governance"
    "A governance document is adopted; it names the treasurer and who gets left-over money"
    "Rules made in a quarrel please nobody."
    "Write a page of the sort “bylaws”, adopt it by a decision, name a treasurer and a beneficiary."
    false governance::bylaws },
    requirement! { "governance.members" "governance"
    "It is public who is contributor, member and leadership"
    "Nobody can trust people they cannot name."
    "Publish the page with the list of people; those in leadership agree to be named."
    false governance::members },
    requirement! { "governance.votes" "governance"
    "Votes are public"
    "A result one cannot recount is an announcement."
    "Count every closed vote and publish the page."
    false governance::votes },
    requirement! { "governance.paid-work" "governance"
    "It is public who is paid, how much, how long, for what"
    "Hidden pay is hidden influence."
    "Disclose paid work for every person who is paid; where nobody is, vouch for that."
    true governance::paid_work },
    requirement! { "governance.reaffirmation" "governance"
    "Each January members and leadership say whether they go on"
    "A roll of people who left long ago cannot decide anything."
    "Have each of them answer for this year; end the roles of those who do not."
    false governance::reaffirmation },
    requirement! { "governance.open-talk" "governance"
    "Private talks have public minutes within a week"
    "What is settled behind a door must come out of it."
    "Publish the minutes of the talks named here."
    false governance::open_talk },
    requirement! { "governance.individuals" "governance"
    "Everybody speaks for themselves, nobody for a company"
    "Votes are people's, not employers'."
    "Vouch for it: each member said so on joining."
    true |_| super::checks::vouched() },
    requirement! { "governance.migration" "governance"
    "The version of the framework in force is recorded and changes only by decision"
    "A promise that changes silently is none."
    "Choose the framework's version in the service's profile."
    false governance::migration },
    requirement! { "product.compatibility" "product"
    "Once the service operates, a published interface is never broken"
    "Others build on it."
    "List your public interfaces and what you promise about each."
    false product::compatibility },
    requirement! { "product.export" "product"
    "Users can export all their data, any number of times, in open formats"
    "Who can leave need not fear to stay."
    "Try the users' export and record the drill; it counts for 90 days."
    false product::export },
    requirement! { "product.offline-first" "product"
    "The service can be used offline as far as possible"
    "Networks fail, and people live where they do."
    "Vouch for it, saying what works without the service."
    true |_| super::checks::vouched() },
    requirement! { "product.single-focus" "product"
    "The service is one product of one category, which never changes"
    "Two products cannot share one purse in peace."
    "Choose the category in the service's profile."
    false product::single_focus },
    requirement! { "product.phases" "product"
    "The phase of the service and its history are public"
    "People may know what they build on."
    "Publish the page; every move between phases says why."
    false product::phases },
    requirement! { "product.shutdown" "product"
    "Grace and shutdown period are set, and what then happens is prepared"
    "An end that was planned harms few."
    "Complete the shutdown plan: both periods, notice, export and handover."
    false product::shutdown },
];
