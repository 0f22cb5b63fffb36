//! Who is signed in: other servers of this PC that meddle with cookies, a restart of the agent, a window that was signed out, an
//! agent that is down.

use std::fs;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::Path as AddressPath;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::get;
use fantoccini::key::Key;

use super::driver::Browser;
use crate::scene::Scene;

/// So many cookies at a time, of nearly the length that a browser takes. Four times of them are more than it keeps for one host.
const MANY: usize = 50;
const LONG: usize = 4_000;

/// A server on another port of this PC. Where it is looked at it ends every cookie that it is sent, and at `/many/…` it leaves
/// large ones, until they fill the browser's jar.
async fn meddler() -> SocketAddr {
    let end_all = async |headers: HeaderMap| {
        let sent = headers.get(COOKIE).map(|sent| sent.to_str().unwrap());
        let names = sent.unwrap_or_default().split("; ");
        let ended: Vec<_> = names
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, _)| (SET_COOKIE, format!("{name}=; Max-Age=0; Path=/")))
            .collect();
        (AppendHeaders(ended), "meddled").into_response()
    };
    let leave_many = async |AddressPath(time): AddressPath<usize>| {
        let left: Vec<_> = (0..MANY)
            .map(|at| format!("junk-{time}-{at}={}; Path=/", "x".repeat(LONG)))
            .map(|cookie| (SET_COOKIE, cookie))
            .collect();
        (
            AppendHeaders([(CONTENT_TYPE, "text/plain")]),
            AppendHeaders(left),
            "meddled",
        )
    };
    let router = Router::new()
        .route("/many/{time}", get(leave_many))
        .fallback(end_all);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn another_ports_server_that_ends_or_floods_cookies_signs_nobody_out() {
    let scene = Scene::open().await;
    let meddler = meddler().await;
    let browser = Browser::at(&scene).await;
    browser.see("没有在院登记").await;
    let (once, full) = (
        ["ended"].as_slice(),
        &["many/0", "many/1", "many/2", "many/3"],
    );
    for paths in [once, full, once] {
        browser.keeps_its_session().await;
        browser.another_window().await;
        for path in paths {
            browser.goto(&format!("http://{meddler}/{path}")).await;
            browser.see("meddled").await;
        }
        browser.turn_to(0).await;
        browser.press(Key::F8).await;
        browser.see("没有等待上传的内容").await;
        browser.press(Key::F1).await;
        browser.see("没有在院登记").await;
    }
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_signs_nobody_out_and_a_window_that_was_signed_out_shows_nobody() {
    let mut scene = Scene::without_agent(&["Counter"]).await;
    // The address stays, as the packaged one does.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = free.local_addr().unwrap().to_string();
    drop(free);
    let configuration = scene.stage.premises.configuration();
    let text = fs::read_to_string(&configuration).unwrap();
    fs::write(&configuration, text.replace("127.0.0.1:0", &listen)).unwrap();
    let readers = scene.readers();
    let readers: Vec<_> = readers
        .iter()
        .map(|(name, value)| (name.to_str().unwrap(), value.to_str().unwrap()))
        .collect();
    scene.stage.start_agent(&readers).await.unwrap();
    let visit = scene.admitted().await;
    let browser = Browser::at(&scene).await;
    let address = format!("http://{listen}/visits/{visit}");
    browser.goto(&address).await;
    browser.see("测试一").await;

    let agent = scene.stage.agent.take().unwrap();
    agent.stop().await.unwrap();
    browser.see("与本机结算程序的连接中断").await;
    scene.stage.start_agent(&readers).await.unwrap();
    browser.press(Key::F8).await;
    browser.see("没有等待上传的内容").await;
    browser.goto(&address).await;
    browser.see("测试一").await;
    let kept = scene.stage.premises.state().join("sessions.json");
    let kept = fs::read_to_string(kept).unwrap();
    let secret = browser.keeps_its_session().await;
    assert!(!kept.contains(&secret), "a secret on disk");

    browser.another_window().await;
    browser.goto(&format!("http://{listen}/")).await;
    browser.see("退出").await;
    browser
        .meddle("document.querySelector('.who button').click()")
        .await;
    browser.see("还没有登录").await;
    browser.turn_to(0).await;
    browser.see("还没有登录").await;
    assert!(!browser.text().await.contains("测试一"));
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_down_is_not_called_a_file_that_cannot_be_read() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let browser = Browser::at(&scene).await;
    let origin = scene.agent().origin().to_owned();
    browser.goto(&format!("{origin}/visits/{visit}")).await;
    browser.see("测试一").await;
    browser.focus_on("discharged_at").await;
    for field in ["diagnosis", "", "bill"] {
        browser.press(Key::Tab).await;
        browser.focus_on(field).await;
    }
    let file = scene.stage.folder().join("bill.csv");
    fs::write(&file, &scene.bill).unwrap();
    browser.choose(&file).await;
    let agent = scene.stage.agent.take().unwrap();
    agent.kill().await.unwrap();
    browser.see("与本机结算程序的连接中断").await;
    browser.press(Key::F9).await;
    browser.see("本机结算程序没有应答").await;
    assert!(!browser.text().await.contains("文件读不出来"));
    // A file that was changed after it was chosen is another matter.
    browser
        .meddle("document.getElementById('notice').replaceChildren()")
        .await;
    fs::write(&file, "changed").unwrap();
    browser.press(Key::F9).await;
    browser.see("文件读不出来").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
