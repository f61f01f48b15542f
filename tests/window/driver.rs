//! One window under test: finding, typing, waiting, taking pictures.

use super::processes::{self, Running};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

const PATIENCE: Duration = Duration::from_secs(30);

/// A running window. Its programs end when it is dropped.
pub struct Window {
    pub page: Client,
    _driver: Running,
    _screen: Running,
    scratch: TempDir,
}

impl Window {
    /// A window on a profile that does not exist yet.
    pub async fn open() -> Self {
        let window = Self::on(None).await;
        window.ready("start").await;
        window
    }

    /// A window on a copy of a profile, or on none; its first screen may not be there yet.
    pub async fn on(profile: Option<&Path>) -> Self {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let (screen, display) = processes::screen();
        let (driver, address) = processes::driver(&display, scratch.path());
        let home = scratch.path().join("home");
        if let Some(profile) = profile {
            std::fs::create_dir(&home).expect("a folder for the copy");
            for file in std::fs::read_dir(profile).expect("the profile to copy").flatten() {
                std::fs::copy(file.path(), home.join(file.file_name())).expect("a copy");
            }
        }
        let options = json!({
            "binary": processes::window_program(),
            "args": ["--home", home],
        });
        let wanted = json!({ "webkitgtk:browserOptions": options });
        let page = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted.as_object().expect("an object").clone())
            .connect(&address)
            .await
            .expect("the window opens and the driver takes it over");
        Self { page, _driver: driver, _screen: screen, scratch }
    }

    /// A window with the sample service, on its overview.
    pub async fn with_sample() -> Self {
        let window = Self::open().await;
        window.click("first-run-sample").await;
        window.ready("overview").await;
        window
    }

    /// A folder for the test's own files; it goes with the window.
    pub fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// The element with this mark, as soon as it is there.
    pub async fn find(&self, mark: &str) -> Element {
        let css = format!("[data-testid='{mark}']");
        match self.page.wait().at_most(PATIENCE).for_element(Locator::Css(&css)).await {
            Ok(element) => element,
            Err(error) => self.give_up(&format!("“{mark}” is not on the screen: {error}")).await,
        }
    }

    /// Whether an element with this mark is there now.
    pub async fn has(&self, mark: &str) -> bool {
        let css = format!("[data-testid='{mark}']");
        self.page.find(Locator::Css(&css)).await.is_ok()
    }

    pub async fn click(&self, mark: &str) {
        let element = self.find(mark).await;
        // A person scrolls until all of it is seen.
        let seen = format!(
            "document.querySelector(\"[data-testid='{mark}']\")?.scrollIntoView({{block: 'nearest'}})"
        );
        let _ = self.page.execute(&seen, vec![]).await;
        if let Err(error) = element.click().await {
            self.give_up(&format!("“{mark}” cannot be clicked: {error}")).await;
        }
    }

    /// Puts a text into a field, in the place of what was there.
    pub async fn fill(&self, mark: &str, text: &str) {
        let field = self.find(mark).await;
        let there = format!("document.querySelector('[data-testid=\"{mark}\"]')");
        self.script(&format!("{there}?.scrollIntoView({{ block: 'center' }})")).await;
        field.clear().await.expect("the field can be emptied");
        let keys = text.replace('\n', &char::from(Key::Enter).to_string());
        field.send_keys(&keys).await.expect("the field takes a text");
    }

    pub async fn text(&self, mark: &str) -> String {
        // What is drawn anew between finding and reading is found once more.
        for _ in 0..100 {
            if let Ok(text) = self.find(mark).await.text().await {
                return text;
            }
            sleep(Duration::from_millis(30)).await;
        }
        self.give_up(&format!("the text of “{mark}” cannot be read")).await
    }

    /// Waits until an element's text holds some words.
    pub async fn says(&self, mark: &str, words: &str) {
        self.until(&format!("“{mark}” says “{words}”"), async || {
            self.text(mark).await.contains(words)
        })
        .await;
    }

    /// Waits until the screen of this route has its data, and has been painted.
    pub async fn ready(&self, route: &str) {
        self.until(&format!("the screen “{route}” is loaded"), async || {
            let now = self.script("return document.body.dataset.ready ?? ''").await;
            now.as_str() == Some(route)
        })
        .await;
        self.painted().await;
    }

    /// The same where the route ends in an id that only the program knows.
    pub async fn ready_below(&self, start: &str) {
        self.until(&format!("a screen below “{start}” is loaded"), async || {
            let now = self.script("return document.body.dataset.ready ?? ''").await;
            now.as_str().is_some_and(|now| now.starts_with(start) && now != format!("{start}/new"))
        })
        .await;
        self.painted().await;
    }

    /// Goes to a place inside the service that is open.
    pub async fn go(&self, path: &str) {
        let script = "const book = location.hash.split('/')[1]; \
                      location.hash = `#/${book}/${arguments[0]}`";
        self.page.execute(script, vec![json!(path)]).await.expect("a change of place");
        self.ready(path).await;
    }

    /// Keys as a keyboard gives them, one after the other.
    pub async fn press(&self, keys: impl IntoIterator<Item = char>) {
        let mut actions = KeyActions::new("keyboard".into());
        for value in keys {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.page.perform_actions(actions).await.expect("keys");
    }

    /// A key while Control is held.
    pub async fn press_control(&self, value: char) {
        let control = char::from(Key::Control);
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: control })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: control });
        self.page.perform_actions(actions).await.expect("keys");
    }

    /// Presses Tab until the element with this mark has the focus, as a person without a mouse.
    pub async fn tab_to(&self, mark: &str) {
        for _ in 0..80 {
            let focus = "return document.activeElement?.dataset.testid ?? ''";
            if self.script(focus).await.as_str() == Some(mark) {
                return;
            }
            self.press([char::from(Key::Tab)]).await;
        }
        self.give_up(&format!("“{mark}” cannot be reached with the Tab key")).await
    }

    pub async fn script(&self, script: &str) -> Value {
        self.page.execute(script, vec![]).await.expect("a script of the test runs")
    }

    /// Runs a script that says when it is done, and gives back what it then gave.
    pub async fn script_async(&self, script: &str) -> Value {
        self.page.execute_async(script, vec![]).await.expect("a script of the test runs")
    }

    /// Two frames after now, and after what moves has come to rest, everything is on the screen.
    pub async fn painted(&self) {
        let script = "const done = arguments[arguments.length - 1]; \
            const frame = () => new Promise((next) => requestAnimationFrame(next)); \
            const rest = () => Promise.race([ \
                new Promise((over) => setTimeout(over, 400)), \
                Promise.allSettled(document.getAnimations().map((moving) => moving.finished))]); \
            frame().then(rest).then(frame).then(() => done(true));";
        self.script_async(script).await;
    }

    pub async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so().await {
            if Instant::now() > end {
                self.give_up(&format!("Waited in vain until {what}")).await
            }
            sleep(Duration::from_millis(30)).await;
        }
    }

    /// Saves pictures of the screen in light and in dark, for people to look at.
    pub async fn picture(&self, name: &str) {
        for theme in ["light", "dark"] {
            self.theme(Some(theme)).await;
            self.save(&format!("{name}-{theme}")).await;
        }
        self.theme(None).await;
    }

    /// Shows the page in one theme, or in the system's.
    pub async fn theme(&self, theme: Option<&str>) {
        let script = "const data = document.documentElement.dataset; \
            if (arguments[0]) data.theme = arguments[0]; else delete data.theme";
        self.page.execute(script, vec![json!(theme)]).await.expect("a change of theme");
        self.painted().await;
    }

    async fn save(&self, name: &str) {
        let folder = processes::built().join("../screenshots");
        std::fs::create_dir_all(&folder).expect("the folder of the pictures");
        let picture = self.page.screenshot().await.expect("a picture of the window");
        std::fs::write(folder.join(format!("{name}.png")), picture).expect("a picture is saved");
    }

    async fn give_up(&self, why: &str) -> ! {
        let state = "return `${location.hash} (${document.body.dataset.ready ?? 'not ready'})\n\
            ${document.body.innerText}`";
        let seen = self.page.execute(state, vec![]).await.unwrap_or_default();
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        if let Ok(picture) = self.page.screenshot().await {
            let folder = processes::built().join("../screenshots");
            let _ = std::fs::create_dir_all(&folder);
            let _ = std::fs::write(folder.join(format!("failed-{test}.png")), picture);
        }
        panic!("{why}\nThe window shows: {}", seen.as_str().unwrap_or_default())
    }
}
