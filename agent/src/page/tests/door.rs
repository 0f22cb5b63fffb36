//! The door: nothing without a session, nothing for another host or origin, and the same guarding headers everywhere.

use axum::http::HeaderName;
use nix::unistd::Uid;
use reqwest::{Method, StatusCode, header};

use super::window::{FIRST_WORKER, Window, sent};

const PAGES: [&str; 9] = [
    "/",
    "/admission",
    "/visits/1",
    "/quotes/1",
    "/settlements/1",
    "/settlements/1/slip",
    "/uploads",
    "/events",
    "/nothing-here",
];

#[tokio::test]
async fn without_a_session_every_page_only_says_how_to_open_one() {
    let window = Window::open().await;
    window.present(FIRST_WORKER);
    for path in PAGES {
        let answer = sent(window.bare(Method::GET, path)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.text.contains("settlement-agent page"), "{path}");
        assert!(!answer.text.contains("测试一"), "{path}");
    }
    let forged = format!("settlement-agent-{}=00", window.address.port());
    let answer = sent(window.bare(Method::GET, "/").header(header::COOKIE, forged)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_link_opens_one_session_with_a_cookie_no_script_and_no_other_site_can_use() {
    let window = Window::open().await;
    let link = window.link();
    let entered = sent(window.bare(Method::GET, &link)).await;
    assert_eq!(entered.leads_to(), "/");
    let cookie = entered.header(header::SET_COOKIE);
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"));
    let again = sent(window.bare(Method::GET, &link)).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert!(again.text.contains("已经用过"));
    assert_eq!(window.get("/").await.status, StatusCode::OK);
    assert_eq!(window.post("/leave", &[]).await.leads_to(), "/");
    assert_eq!(window.get("/").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn looking_at_a_link_or_fetching_it_ahead_does_not_use_it_up() {
    let window = Window::open().await;
    let link = window.link();
    let looked = sent(window.bare(Method::HEAD, &link)).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(!looked.headers.contains_key(header::SET_COOKIE));
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
    ] {
        let ahead = sent(window.bare(Method::GET, &link).header(name, value)).await;
        assert_eq!(ahead.status, StatusCode::SERVICE_UNAVAILABLE, "{value}");
        assert!(!ahead.headers.contains_key(header::SET_COOKIE));
    }
    let entered = sent(window.bare(Method::GET, &link)).await;
    assert_eq!(entered.leads_to(), "/");
}

#[tokio::test]
async fn a_link_for_another_account_opens_nothing_here() {
    let window = Window::open().await;
    let another = Uid::effective().as_raw() + 1;
    let refused = sent(window.bare(Method::GET, &window.link_for(another))).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("link_of_another_account"));
    assert!(!refused.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn a_cookie_that_this_account_took_from_another_is_no_session() {
    let window = Window::open().await;
    window.present(FIRST_WORKER);
    let another = Uid::effective().as_raw() + 1;
    let link = window.link_for(another);
    let now = window.counter.clock().now();
    let link = link.strip_prefix("/enter?link=").unwrap();
    let cookie = window.sessions.enter(link, another, now).unwrap();
    let cookie = format!(
        "settlement-agent-{}={}",
        window.address.port(),
        cookie.reveal()
    );
    for path in PAGES {
        let request = window
            .bare(Method::GET, path)
            .header(header::COOKIE, &cookie);
        let answer = sent(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(!answer.text.contains("测试一"), "{path}");
    }
}

#[tokio::test]
async fn what_the_framework_cannot_read_is_refused_in_chinese() {
    let window = Window::open().await;
    for (method, path, status) in [
        (Method::GET, "/visits/%FF", StatusCode::BAD_REQUEST),
        (Method::GET, "/?find=1&find=2", StatusCode::BAD_REQUEST),
        (Method::GET, "/leave", StatusCode::METHOD_NOT_ALLOWED),
        (Method::DELETE, "/uploads", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, "/enter?link=1&link=2", StatusCode::FORBIDDEN),
    ] {
        let answer = sent(window.request(method.clone(), path)).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(answer.text.contains("<html lang=\"zh-CN\">"), "{path}");
    }
}

#[tokio::test]
async fn a_request_for_another_host_is_turned_away() {
    let window = Window::open().await;
    let port = window.address.port();
    for (host, expected) in [
        (format!("127.0.0.1:{port}"), StatusCode::OK),
        (format!("localhost:{port}"), StatusCode::FORBIDDEN),
        ("127.0.0.1".to_owned(), StatusCode::FORBIDDEN),
        (format!("evil.example:{port}"), StatusCode::FORBIDDEN),
        (
            format!("127.0.0.1.evil.example:{port}"),
            StatusCode::FORBIDDEN,
        ),
        (format!("127.0.0.1:{}", port ^ 1), StatusCode::FORBIDDEN),
    ] {
        let request = window.request(Method::GET, "/").header(header::HOST, &host);
        assert_eq!(sent(request).await.status, expected, "{host}");
    }
}

#[tokio::test]
async fn what_another_site_or_another_port_asks_for_is_not_done() {
    let window = Window::open().await;
    let own = format!("http://{}", window.address);
    let other_port = format!("http://127.0.0.1:{}", window.address.port() ^ 1);
    let cookie = window
        .request(Method::GET, "/")
        .build()
        .unwrap()
        .headers()
        .get(header::COOKIE)
        .unwrap()
        .clone();
    let site = HeaderName::from_static("sec-fetch-site");
    let post = |headers: &[(HeaderName, &str)]| {
        let mut request = window
            .bare(Method::POST, "/leave")
            .header(header::COOKIE, cookie.clone());
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        sent(request)
    };
    let refused: [&[(HeaderName, &str)]; 7] = [
        &[],
        &[(header::ORIGIN, "null")],
        &[(header::ORIGIN, "http://evil.example")],
        &[(header::ORIGIN, &other_port)],
        &[(header::ORIGIN, &own), (site.clone(), "cross-site")],
        &[(site.clone(), "same-site")],
        &[(site.clone(), "none")],
    ];
    for headers in refused {
        assert_eq!(
            post(headers).await.status,
            StatusCode::FORBIDDEN,
            "{headers:?}"
        );
    }
    for foreign in ["same-site", "cross-site"] {
        let request = window
            .bare(Method::GET, "/")
            .header(header::COOKIE, cookie.clone())
            .header(&site, foreign);
        assert_eq!(
            sent(request).await.status,
            StatusCode::FORBIDDEN,
            "{foreign}"
        );
    }
    assert_eq!(window.get("/").await.status, StatusCode::OK);
    let without_origin = post(&[(site, "same-origin")]).await;
    assert_eq!(without_origin.leads_to(), "/");
}

#[tokio::test]
async fn every_answer_forbids_foreign_script_frames_and_caches() {
    let window = Window::open().await;
    let mut answers = vec![sent(window.bare(Method::GET, "/")).await];
    for path in [
        "/",
        "/admission",
        "/uploads",
        "/nothing-here",
        "/assets/page.css",
        "/assets/page.js",
    ] {
        answers.push(window.get(path).await);
    }
    for answer in &answers {
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
        assert!(policy.ends_with("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.header(header::X_FRAME_OPTIONS), "DENY");
        assert_eq!(answer.header(header::REFERRER_POLICY), "same-origin");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        if answer.header(header::CONTENT_TYPE).starts_with("text/html") {
            assert!(answer.text.contains("<html lang=\"zh-CN\">"));
            assert!(!answer.text.contains("<script>") && !answer.text.contains("style="));
        }
    }
}

#[tokio::test]
async fn a_form_far_too_large_is_refused_in_words() {
    let window = Window::open().await;
    let much = "x".repeat(100_000);
    let answer = window.post("/admission", &[("diagnosis", &much)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("form_too_large"));
}

#[tokio::test]
async fn events_tell_of_a_card_and_end_with_the_session() {
    let window = Window::open().await;
    let mut events = window.request(Method::GET, "/events").send().await.unwrap();
    assert_eq!(events.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(next(&mut events).await, "event: tick\ndata: -\n\n");
    window.present(FIRST_WORKER);
    let told = next(&mut events).await;
    assert!(told.starts_with("event: desk\ndata: "), "{told}");
    assert!(!told.contains("测试一") && !told.contains("6501"));
    window.post("/leave", &[]).await;
    window.present(FIRST_WORKER);
    assert!(next(&mut events).await.starts_with("event: bye\n"));
    assert_eq!(events.chunk().await.unwrap(), None);
}

async fn next(events: &mut reqwest::Response) -> String {
    let chunk = events.chunk().await.unwrap().unwrap();
    String::from_utf8(chunk.to_vec()).unwrap()
}
