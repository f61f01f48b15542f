//! The commands of the window are the same set in four places: what the host handles, what the
//! build gives a permission to, what the page may call, and what the page calls.

use super::processes::repository;
use std::collections::BTreeSet;

type Names = BTreeSet<String>;

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// What stands between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("“{start}” is not there")).1;
    rest.split_once(end).unwrap_or_else(|| panic!("“{end}” is not there")).0
}

fn handled() -> Names {
    let main = read("src-tauri/src/main.rs");
    let list = between(&main, "generate_handler![", "]");
    let paths = list.split(',').map(str::trim).filter(|path| !path.is_empty());
    paths.map(|path| path.rsplit("::").next().unwrap_or(path).to_owned()).collect()
}

fn declared() -> Names {
    let build = read("src-tauri/build.rs");
    let list = between(&build, "const COMMANDS: &[&str] = &[", "];");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn permissions() -> Names {
    let capability: serde_json::Value =
        serde_json::from_str(&read("src-tauri/capabilities/window.json")).unwrap();
    let names = capability["permissions"].as_array().unwrap();
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn called() -> Names {
    let host = read("ui/src/host.ts");
    let mut names = Names::new();
    for part in host.split("call<").skip(1) {
        // The command's name is the first text after the type, which may hold texts of its own.
        let Some((_, rest)) = part.split_once(">(\"") else {
            continue;
        };
        names.insert(rest.split('"').next().unwrap_or_default().to_owned());
    }
    names
}

#[test]
fn the_four_lists_of_commands_are_one() {
    let handled = handled();
    assert!(handled.len() > 20, "only {} commands were found", handled.len());
    assert_eq!(handled, declared(), "main.rs (left) and build.rs (right)");
    assert_eq!(handled, called(), "main.rs (left) and ui/src/host.ts (right)");
    let allowed: Names = permissions()
        .iter()
        .filter_map(|name| name.strip_prefix("allow-"))
        .map(|name| name.replace('-', "_"))
        .collect();
    assert_eq!(handled, allowed, "main.rs (left) and capabilities/window.json (right)");
}

#[test]
fn the_page_may_do_nothing_else() {
    let other: Names =
        permissions().into_iter().filter(|name| !name.starts_with("allow-")).collect();
    let expected = [
        "core:event:allow-listen",
        "core:event:allow-unlisten",
        "core:webview:allow-set-webview-zoom",
    ];
    assert_eq!(other, expected.map(str::to_owned).into());
}

#[test]
fn the_policy_of_the_page_is_strict() {
    let config: serde_json::Value =
        serde_json::from_str(&read("src-tauri/tauri.conf.json")).unwrap();
    let app = &config["app"];
    assert_eq!(app["withGlobalTauri"], false);
    let policy = &app["security"]["csp"];
    for (directive, sources) in [
        ("default-src", "'self'"),
        ("style-src", "'self' 'unsafe-inline'"),
        ("img-src", "'self' data:"),
        ("font-src", "'self'"),
        ("connect-src", "'self' ipc: http://ipc.localhost"),
        ("object-src", "'none'"),
        ("base-uri", "'none'"),
        ("frame-ancestors", "'none'"),
        ("form-action", "'none'"),
    ] {
        assert_eq!(policy[directive], sources, "{directive}");
    }
    assert_eq!(policy.as_object().unwrap().len(), 9, "a directive was added");
    assert!(!read("ui/index.html").contains("http:"), "the page names an address");
}
