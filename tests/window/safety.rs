//! The page cannot reach the network, run foreign code, leave, or ask the host for more.

use super::driver::Window;
use std::net::TcpListener;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_from_elsewhere() {
    let window = Window::open().await;
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    door.set_nonblocking(true).unwrap();
    let port = door.local_addr().unwrap().port();
    let script = "const done = arguments[arguments.length - 1]; \
        const seen = []; \
        document.addEventListener('securitypolicyviolation', \
            (event) => seen.push(event.effectiveDirective)); \
        const image = new Image(); image.src = 'http://127.0.0.1:PORT/picture.png'; \
        fetch('http://127.0.0.1:PORT/').then(() => seen.push('fetched'), () => undefined) \
            .then(() => setTimeout(() => done(seen), 200));";
    let seen = window.script_async(&script.replace("PORT", &port.to_string())).await;
    let seen = seen.to_string();
    assert!(seen.contains("connect-src") && seen.contains("img-src"), "{seen}");
    assert!(!seen.contains("fetched"), "{seen}");
    assert!(door.accept().is_err(), "something connected");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_inside_the_page_does_not_run() {
    let window = Window::open().await;
    let script = "const done = arguments[arguments.length - 1]; \
        document.addEventListener('securitypolicyviolation', \
            (event) => setTimeout(() => done([event.effectiveDirective, window.ran ?? false]))); \
        const script = document.createElement('script'); \
        script.textContent = 'window.ran = true'; \
        document.body.append(script); \
        setTimeout(() => done(['no violation', window.ran ?? false]), 3000);";
    let seen = window.script_async(script).await;
    assert_eq!(seen[1], false, "the script ran");
    assert!(seen[0].as_str().unwrap().starts_with("script-src"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_stays_with_its_own_pages() {
    let window = Window::open().await;
    let before = window.page.current_url().await.unwrap();
    for step in [
        "location.href = 'http://127.0.0.1:1/'",
        "location.href = 'file:///etc/hostname'",
        "window.open('http://127.0.0.1:1/')",
        "document.body.insertAdjacentHTML('beforeend', \
            '<a id=away href=\"http://127.0.0.1:1/\" target=_blank>away</a>'); \
            document.getElementById('away').click()",
    ] {
        window.script(step).await;
        window.painted().await;
        assert_eq!(window.page.current_url().await.unwrap(), before, "{step}");
    }
    assert_eq!(window.page.windows().await.unwrap().len(), 1);
    window.find("first-run-create").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_answers_only_its_own_commands() {
    let window = Window::open().await;
    for command in
        ["plugin:dialog|open", "plugin:window|close", "plugin:webview|create_webview", "no_such"]
    {
        let script = "const done = arguments[arguments.length - 1]; \
            window.__TAURI_INTERNALS__.invoke('COMMAND', {}) \
                .then(() => done('answered'), (error) => done(`refused: ${error}`));";
        let answer = window.script_async(&script.replace("COMMAND", command)).await;
        assert!(answer.as_str().unwrap().starts_with("refused"), "{command}: {answer}");
    }
}
