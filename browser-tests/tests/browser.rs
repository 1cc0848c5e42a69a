//! The report in a real browser: no error, no request, and every control does what it says.
//!
//! Needs Debian's `chromium` and `chromium-driver`; without them it is skipped, unless
//! `BREAKAWAY_BROWSER` is set, as the gates do.
#![allow(clippy::unwrap_used)] // in helpers of tests

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::prelude::*;

/// Collects whatever goes wrong in the page, before anything of the page runs.
const WITNESS: &str = "<head><script>
window.problems = [];
addEventListener('error', (event) => problems.push(event.message));
addEventListener('unhandledrejection', (event) => problems.push(String(event.reason)));
addEventListener('securitypolicyviolation', (event) => problems.push('refused: ' + event.blockedURI));
for (const level of ['error', 'warn']) { console[level] = (...what) => problems.push(level + ': ' + what.join(' ')); }
</script>";

/// The root of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs the program, which must succeed: `BREAKAWAY_PROGRAM`, or the release build of the project.
fn succeed(folder: &Path, args: &[&str]) {
    let built = root().join("target/release/breakaway");
    let program = std::env::var_os("BREAKAWAY_PROGRAM").map_or(built, PathBuf::from);
    let output = Command::new(program).current_dir(folder).args(args).output().expect("the program, built");
    assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
}

struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A driver of the browser, and its port.
fn driver() -> Option<(Driver, u16)> {
    let child =
        Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else {
        assert!(std::env::var_os("BREAKAWAY_BROWSER").is_none(), "chromedriver is not installed");
        println!("skipped: chromedriver is not installed");
        return None;
    };
    let output = BufReader::new(child.stdout.take().unwrap());
    let port = output.lines().map_while(Result::ok).find_map(|line| {
        line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
    });
    Some((Driver(child), port.expect("the driver's port")))
}

async fn number(page: &WebDriver, script: &str) -> i64 {
    page.execute(format!("return {script};"), vec![]).await.unwrap().json().as_i64().unwrap()
}

async fn text(page: &WebDriver, script: &str) -> String {
    page.execute(format!("return String({script});"), vec![]).await.unwrap().json().as_str().unwrap().into()
}

async fn rest() {
    std::thread::sleep(Duration::from_millis(300));
}

/// Scrolls through the page, so that every chart is drawn.
async fn scroll_through(page: &WebDriver) {
    let height = number(page, "document.documentElement.scrollHeight").await;
    for y in (0..height).step_by(500) {
        page.execute(format!("scrollTo(0, {y});"), vec![]).await.unwrap();
        std::thread::sleep(Duration::from_millis(60));
    }
}

async fn look(page: &WebDriver, file: &Path) {
    page.goto(format!("file://{}", file.display())).await.unwrap();
    rest().await;
    scroll_through(page).await;
    let (charts, drawn) = (
        number(page, "document.querySelectorAll('[data-chart]').length").await,
        number(page, "document.querySelectorAll('[data-drawn]:has(svg.main-svg)').length").await,
    );
    assert!(charts >= 8 && drawn == charts, "{drawn} of {charts} charts drawn");

    // The slider moves the map, by keyboard.
    let (day, tile) = (
        "document.getElementById('map-date').textContent",
        "document.querySelectorAll('.tile')[2].getAttribute('aria-label')",
    );
    let (last, there) = (text(page, day).await, text(page, tile).await);
    let slider = page.find(By::Id("map-when")).await.unwrap();
    slider.send_keys(Key::Home).await.unwrap();
    assert_ne!(text(page, day).await, last);
    assert_ne!(text(page, tile).await, there);
    page.find(By::Id("map-play")).await.unwrap().click().await.unwrap();
    rest().await;
    rest().await;
    assert!(number(page, "Number(document.getElementById('map-when').value)").await > 0, "the map plays");

    // A click on a tile opens its charts; Escape closes them and goes back to the tile.
    let tiles = page.find_all(By::ClassName("tile")).await.unwrap();
    tiles[2].click().await.unwrap();
    rest().await;
    assert_eq!(text(page, "document.getElementById('region').hidden").await, "false");
    assert_eq!(text(page, "document.getElementById('region-name').textContent").await, "Highland region");
    assert!(number(page, "document.querySelectorAll('#region-charts svg.main-svg').length").await >= 5);
    page.find(By::Id("region")).await.unwrap().send_keys(Key::Escape).await.unwrap();
    assert_eq!(text(page, "document.getElementById('region').hidden").await, "true");
    assert_eq!(text(page, "document.activeElement.title").await, "Highland region");
    // The keyboard opens it as well.
    tiles[1].send_keys(Key::Enter).await.unwrap();
    rest().await;
    assert_eq!(text(page, "document.getElementById('region-name').textContent").await, "Capital province");

    // On paper no chart is wider than its place.
    let closed = "document.querySelectorAll('#findings details:not([open])').length";
    assert!(number(page, closed).await >= 2, "tables of findings are folded away");
    page.execute("dispatchEvent(new Event('beforeprint'));", vec![]).await.unwrap();
    rest().await;
    assert_eq!(number(page, closed).await, 0, "paper cannot unfold them");
    let cut = "[...document.querySelectorAll('.chart')].filter((place) => place.querySelector('svg.main-svg').getBoundingClientRect().width > place.getBoundingClientRect().width + 1).length";
    assert_eq!(number(page, cut).await, 0, "charts cut on paper");
    page.execute("dispatchEvent(new Event('afterprint'));", vec![]).await.unwrap();

    // A phone's width.
    page.set_window_rect(0, 0, 500, 900).await.unwrap();
    rest().await;
    let wider = number(page, "document.documentElement.scrollWidth - innerWidth").await;
    assert!(wider <= 0, "{wider} px wider than the window");
    page.set_window_rect(0, 0, 1200, 900).await.unwrap();

    assert_eq!(text(page, "problems.join('; ')").await, "");
    assert_eq!(number(page, "performance.getEntriesByType('resource').length").await, 0, "outside requests");
}

#[test]
fn the_report_works_in_a_browser() {
    let Some((_driver, port)) = driver() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = root().join("scenarios/three-regions");
    succeed(folder.path(), &["run", scenario.to_str().unwrap(), "--members", "400", "--out", "run"]);
    succeed(folder.path(), &["explain", "run", "--claim", "rout", "--members", "40"]);
    succeed(folder.path(), &["report", "run"]);
    let report = fs::read_to_string(folder.path().join("run/report.html")).unwrap();
    let file = folder.path().join("watched.html");
    fs::write(&file, report.replacen("<head>", WITNESS, 1)).unwrap();
    let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut wanted = DesiredCapabilities::chrome();
        let offline = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
        for arg in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--window-size=1200,900",
            &profile,
        ]
        .into_iter()
        .chain(offline)
        {
            wanted.add_arg(arg).unwrap();
        }
        let page = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.expect("a browser");
        look(&page, &file).await;
        page.quit().await.unwrap();
    });
}
