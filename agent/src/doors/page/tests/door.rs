//! The door: nothing without a session, nothing for another host or origin, and the same guarding headers everywhere.

use axum::http::HeaderName;
use nix::unistd::Uid;
use reqwest::{Method, StatusCode, header};

use super::window::{FIRST_WORKER, Window, bill, now, sent};

const PAGES: [&str; 10] = [
    "/",
    "/admission",
    "/visits/1",
    "/quotes/1",
    "/settlements/1",
    "/settlements/1/slip",
    "/settlements/1/copy",
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
    let forged = format!("settlement-agent-{}-00=00", window.address.port());
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
async fn cookies_that_another_port_has_set_do_not_sign_the_cashier_out() {
    let window = Window::open().await;
    let port = window.address.port();
    let own = window.request(Method::GET, "/").build().unwrap();
    let own = own.headers()[header::COOKIE].to_str().unwrap();
    let (name, _) = own.split_once('=').unwrap();
    for beside in [
        // A longer path, so that the browser sends it first.
        format!("{name}=gone; {own}"),
        format!("settlement-agent-{port}-ff=00; settlement-agent-{port}=; {own}"),
        (0..200).fold(own.to_owned(), |all, at| {
            format!("settlement-agent-{port}-{at:04x}=x; {all}")
        }),
    ] {
        let request = window
            .bare(Method::GET, "/")
            .header(header::COOKIE, &beside);
        assert_eq!(sent(request).await.status, StatusCode::OK, "{beside}");
    }
    // No two sessions' cookies have one name: what is not known cannot be overwritten.
    let entered = window
        .bare(Method::GET, &window.link())
        .header(header::COOKIE, own);
    let entered = sent(entered).await;
    let set: Vec<_> = entered
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|cookie| cookie.to_str().unwrap())
        .collect();
    assert_eq!(set.len(), 2, "{set:?}");
    assert!(set[0].starts_with(&format!("{name}=; ")) && set[0].ends_with("; Max-Age=0"));
    assert!(set[1].starts_with(&format!("settlement-agent-{port}-")));
    assert!(!set[1].starts_with(name), "{set:?}");
}

#[tokio::test]
async fn a_page_whose_cookie_was_deleted_gets_it_back_and_nobody_else_does() {
    let window = Window::open().await;
    let (name, secret) = window.cookie.split_once('=').unwrap();
    let resume = |origin: String, session: &str| {
        let request = window
            .bare(Method::POST, "/resume")
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("session={session}"));
        sent(request)
    };
    let own = || format!("http://{}", window.address);
    let back = resume(own(), secret).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT);
    let set = back.header(header::SET_COOKIE);
    assert!(set.ends_with(&format!("={secret}; HttpOnly; SameSite=Strict; Path=/")));
    assert!(!set.starts_with(name), "a name that is known: {set}");
    let (cookie, _) = set.split_once(';').unwrap();
    let again = window.bare(Method::GET, "/").header(header::COOKIE, cookie);
    assert_eq!(sent(again).await.status, StatusCode::OK);

    let other_port = format!("http://127.0.0.1:{}", window.address.port() ^ 1);
    let refused = resume(other_port, secret).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let another = Uid::effective().as_raw() + 1;
    let link = window.link_for(another);
    let link = link.strip_prefix("/enter?link=").unwrap();
    let now = window.counter.clock().now();
    let anothers = window.sessions.enter(link, another, now).unwrap();
    window.post("/leave", &[]).await;
    for session in [secret, anothers.reveal(), "", "0"] {
        let refused = resume(own(), session).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(!refused.headers.contains_key(header::SET_COOKIE));
    }
}

#[tokio::test]
async fn a_visit_is_looked_up_without_its_name_in_an_address_or_a_title() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    for (find, seen) in [("测试", true), ("ZY0001", true), ("nobody", false)] {
        let found = window.post("/", &[("find", find)]).await;
        assert_eq!(found.status, StatusCode::OK);
        assert_eq!(
            found.text.contains(&format!("visit-{visit}")),
            seen,
            "{find}"
        );
    }
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let settlement = window.settle(&visit).await;
    for path in [
        "/",
        &format!("/visits/{visit}"),
        quoted.leads_to(),
        &format!("/settlements/{settlement}"),
        "/nothing-here",
    ] {
        let screen = window.get(path).await;
        let title = screen.text.split_once("<title>").unwrap().1;
        let title = title.split_once("</title>").unwrap().0;
        assert!(title.ends_with("工伤异地就医直接结算"), "{path}: {title}");
        for personal in ["测试一", "ZY0001", &visit, &settlement] {
            assert!(!title.contains(personal), "{path}: {title}");
        }
    }
    let slip = window.get(&format!("/settlements/{settlement}/slip")).await;
    assert_eq!(slip.header(header::CONTENT_DISPOSITION), "inline");
    assert_eq!(slip.header(header::CACHE_CONTROL), "no-store");
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
        "settlement-agent-{}-00={}",
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
        (Method::GET, "/?find=1", StatusCode::BAD_REQUEST),
        (
            Method::GET,
            "/visits/1?quote=1&quote=2",
            StatusCode::BAD_REQUEST,
        ),
        (Method::GET, "/quotes/1?unheard=of", StatusCode::BAD_REQUEST),
        (Method::GET, "/uploads?visit=1", StatusCode::BAD_REQUEST),
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
    let (_, secret) = window.cookie.split_once('=').unwrap();
    let kept = format!("event: session\ndata: {secret}\n\n");
    assert_eq!(next(&mut events).await, kept);
    assert_eq!(next(&mut events).await, "event: tick\ndata: -\n\n");
    window.present(FIRST_WORKER);
    let told = next(&mut events).await;
    assert!(told.starts_with("event: desk\ndata: "), "{told}");
    assert!(!told.contains("测试一") && !told.contains("650102"));
    window.post("/leave", &[]).await;
    assert!(next(&mut events).await.starts_with("event: bye\n"));
    assert_eq!(events.chunk().await.unwrap(), None);
}

async fn next(events: &mut reqwest::Response) -> String {
    let chunk = events.chunk().await.unwrap().unwrap();
    String::from_utf8(chunk.to_vec()).unwrap()
}
