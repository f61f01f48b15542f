//! Every screen, in light and dark: no rule of accessibility is broken, and at double size nothing
//! is cut off.

use super::driver::Window;
use super::processes::repository;
use serde_json::Value;

/// The screens of a service, and the name of each one's picture.
const SCREENS: &[(&str, &str)] = &[
    ("overview", "overview"),
    ("finance/transactions", "transactions"),
    ("finance/transactions/new", "transaction-new"),
    ("finance/accounts", "accounts"),
    ("finance/accounts/new", "account-new"),
    ("finance/funds", "funds"),
    ("finance/prices", "prices"),
    ("finance/imports", "imports"),
    ("finance/imports/new", "import-new"),
    ("needs", "needs"),
    ("finance/to-pay", "to-pay"),
    ("finance/recurring", "recurring"),
    ("finance/plan", "plan"),
    ("finance/giving", "giving"),
    ("finance/books", "books"),
    ("finance/reports", "reports"),
    ("finance/expenses/new", "expense-new"),
    ("finance/schedules/new", "schedule-new"),
    ("decisions", "decisions"),
    ("decisions/new", "decision-new"),
    ("framework/requirements", "requirements"),
    ("framework/phase", "phase"),
    ("framework/scenarios", "scenarios"),
    ("framework/bylaws", "bylaws"),
    ("publish", "publish"),
    ("operations/incidents", "incidents"),
    ("operations/incidents/new", "incident-new"),
    ("operations/deploys", "deploys"),
    ("operations/availability", "availability"),
    ("operations/metrics", "metrics"),
    ("operations/continuities", "continuity"),
    ("operations/components", "components"),
    ("knowledge/runbooks", "runbooks"),
    ("knowledge/runbooks/new", "runbook-new"),
    ("knowledge/processes", "processes"),
    ("knowledge/feedbacks", "feedback"),
    ("operations/changes", "changelog"),
    ("product/items", "roadmap"),
    ("knowledge/commons", "commons"),
    ("knowledge/community", "community"),
    ("knowledge/manifesto", "manifesto"),
    ("people", "team"),
    ("people/recovery", "recovery"),
    ("governance/people", "people"),
    ("governance/contacts", "contacts"),
    ("operations/secrets", "secrets"),
    ("operations/secrets/new", "secret-new"),
    ("knowledge/pages", "pages"),
    ("knowledge/pages/new", "page-new"),
    ("sync", "sync-empty"),
    ("sync/archive", "archive-empty"),
    ("sync/held", "held"),
    ("sync/rejected", "rejected"),
    ("product/services", "service"),
];

/// What axe-core finds wrong with the screen as it is now: one line a rule.
async fn violations(window: &Window) -> Vec<String> {
    if window.script("return typeof axe").await != "object" {
        let axe = repository().join("ui/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(&axe)
            .expect("axe-core is in ui/node_modules (scripts/ui.sh install puts it there)");
        window.script(&format!("{source}; window.axe = axe;")).await;
    }
    let found = window
        .script_async(
            "const done = arguments[arguments.length - 1]; \
             axe.run(document, { resultTypes: ['violations'] }).then((result) => \
                 done(result.violations.map((rule) => `${rule.id}: ${rule.help}: ` + \
                     rule.nodes.map((node) => node.target.join(' ')).join(', '))), \
                 (error) => done([String(error)]));",
        )
        .await;
    let lines = found.as_array().expect("axe answers with a list");
    lines.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

pub async fn look(window: &Window, name: &str, wrong: &mut Vec<String>) {
    window.picture(&format!("screen-{name}")).await;
    for theme in ["light", "dark"] {
        window.theme(Some(theme)).await;
        let found = violations(window).await;
        wrong.extend(found.iter().map(|line| format!("{name} ({theme}): {line}")));
    }
    window.theme(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_screen_breaks_a_rule_of_accessibility() {
    let window = Window::open().await;
    let mut wrong = Vec::new();
    look(&window, "first-run", &mut wrong).await;
    for step in ["create", "join", "archive", "recover"] {
        window.click(&format!("first-run-{step}")).await;
        window.ready(&format!("new/{step}")).await;
        look(&window, &format!("new-{step}"), &mut wrong).await;
        window.page.back().await.unwrap();
        window.find("first-run-sample").await;
    }
    window.click("first-run-sample").await;
    window.ready("overview").await;
    for (path, name) in SCREENS {
        window.go(path).await;
        let heading = window.script("return document.querySelector('main h1')?.textContent").await;
        if heading.as_str().is_none_or(|heading| heading == "There is nothing here") {
            wrong.push(format!("{name}: {path} leads nowhere: {heading}"));
        }
        look(&window, name, &mut wrong).await;
    }
    window.go("finance/transactions").await;
    window.click("row-0").await;
    window.ready_below("finance/transactions/").await;
    look(&window, "transaction", &mut wrong).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn at_double_size_nothing_is_cut_off_at_the_side() {
    let window = Window::with_sample().await;
    for _ in 0..5 {
        window.press_control('+').await;
    }
    window
        .until("the window is at double size", async || {
            window.script("return innerWidth").await.as_u64().is_some_and(|width| width <= 601)
        })
        .await;
    let mut wrong = Vec::new();
    for (path, name) in SCREENS {
        window.go(path).await;
        let over = "const page = document.documentElement; \
            const main = document.getElementById('content'); \
            return Math.max(page.scrollWidth - page.clientWidth, \
                main.scrollWidth - main.clientWidth)";
        let over = window.script(over).await;
        if over.as_i64().is_none_or(|pixels| pixels > 0) {
            wrong.push(format!("{name}: {over} pixels too wide"));
        }
        window.picture(&format!("double-{name}")).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_theme_is_chosen_and_remembered() {
    let window = Window::with_sample().await;
    let background = "return getComputedStyle(document.body).backgroundColor";
    let light = window.script(background).await;
    window.find("theme").await.select_by_value("dark").await.unwrap();
    window.until("the page is dark", async || window.script(background).await != light).await;
    let dark = window.script(background).await;
    window.page.refresh().await.unwrap();
    window.ready("overview").await;
    assert_eq!(window.script(background).await, dark);
}
