//! A mistaken admission is taken back, and the province is told once, whatever happens in between.

use sandbox::Upload;
use serde_json::Value;

use crate::scene::Scene;

/// The one cancellation that the province has taken.
async fn told_once(scene: &Scene) -> Value {
    let told = end_to_end::eventually("a cancellation at the province", async || {
        let told = scene.taken(Upload::VisitCancellation).await;
        Ok((!told.is_empty()).then_some(told))
    })
    .await
    .unwrap();
    assert_eq!(told.len(), 1);
    serde_json::from_str(told[0].body.get()).unwrap()
}

async fn nothing_waits(scene: &Scene) {
    end_to_end::eventually("an empty queue", async || {
        let uploads = scene.his().uploads().await?;
        Ok((uploads.as_array().is_some_and(Vec::is_empty)).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistaken_admission_is_taken_back_once_and_the_worker_may_be_admitted_anew() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let nameless = scene.his().cancel(&visit, " ").await.unwrap_err();
    assert_eq!(nameless.code(), Some("remedy_words"));
    let unknown = scene.his().cancel("V032611221000009999", "选错人").await;
    assert_eq!(unknown.unwrap_err().code(), Some("visit_unknown"));

    let cancelled = scene.his().cancel(&visit, "选错了业务").await.unwrap();
    assert_eq!(cancelled["state"], "cancelled");
    let again = scene.his().cancel(&visit, "再按一次").await.unwrap();
    assert_eq!(again["state"], "cancelled");
    let body = told_once(&scene).await;
    assert_eq!(body["visit_number"], visit.as_str());
    assert_eq!(body["reason"], "选错了业务");
    assert_eq!(
        body["registration_number"], cancelled["registration_number"],
        "the number that the province gave"
    );
    nothing_waits(&scene).await;

    let late = scene.his().settle(&quote).await.unwrap_err();
    assert_eq!(late.code(), Some("visit_closed"));
    let anew = scene.his().admit("press-2", &scene.stay).await.unwrap();
    assert_ne!(anew["number"], visit.as_str());
    assert_eq!(anew["state"], "open");
    let number = anew["number"].as_str().unwrap().to_owned();
    let quote = scene.quoted(&number).await;
    let settled = scene.his().settle(&quote).await.unwrap();
    let settlement = settled["number"].as_str().unwrap();
    scene.his().delivered(settlement).await.unwrap();
    let settled = scene.his().cancel(&number, "后悔了").await.unwrap_err();
    assert_eq!(settled.code(), Some("already_settled"));
    assert_eq!(scene.taken(Upload::VisitCancellation).await.len(), 1);
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_in_an_outage_and_killed_it_is_told_behind_its_registration_once() {
    let mut scene = Scene::open().await;
    scene.present().await;
    scene.stage.province.set_listening(false).await.unwrap();
    let visit = scene.his().admit("press-1", &scene.stay).await.unwrap();
    let visit = visit["number"].as_str().unwrap().to_owned();
    scene.his().cancel(&visit, "没有住院").await.unwrap();
    scene.stage.agent.take().unwrap().kill().await.unwrap();

    scene.stage.start_agent(&[]).await.unwrap();
    let kept = scene.his().visit(&visit).await.unwrap();
    assert_eq!(kept["state"], "cancelled");
    let waiting = scene.his().uploads().await.unwrap();
    let carried: Vec<_> = waiting
        .as_array()
        .unwrap()
        .iter()
        .map(|upload| upload["carries"].clone())
        .collect();
    assert_eq!(carried, ["registration", "cancellation"]);
    scene.stage.province.set_listening(true).await.unwrap();
    scene.stage.province.advance(90).await.unwrap();
    scene.agent().advance(90).await.unwrap();
    let body = told_once(&scene).await;
    assert!(body["registration_number"].is_string(), "{body}");
    assert_eq!(scene.taken(Upload::VisitRegistration).await.len(), 1);
    nothing_waits(&scene).await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_the_province_refused_has_nothing_to_take_back_there() {
    let mut scene = Scene::open().await;
    scene.present().await;
    let province = &scene.stage.province;
    let told = province.refuse_next("2201", "kind_not_in_agreement", "该就医类别不在协议范围内");
    told.await.unwrap();
    let visit = scene.his().admit("press-1", &scene.stay).await.unwrap();
    let visit = visit["number"].as_str().unwrap().to_owned();
    end_to_end::eventually("a refused registration", async || {
        let uploads = scene.his().uploads().await?;
        Ok((uploads[0]["state"] == "rejected").then_some(()))
    })
    .await
    .unwrap();
    let cancelled = scene.his().cancel(&visit, "选错了业务").await.unwrap();
    assert_eq!(cancelled["state"], "cancelled");
    nothing_waits(&scene).await;
    assert!(scene.taken(Upload::VisitRegistration).await.is_empty());
    assert!(scene.taken(Upload::VisitCancellation).await.is_empty());
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_settling_and_taking_back_at_once_one_is_done_and_the_other_told() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let (first, second) = (scene.his(), scene.his());
    let both = tokio::join!(first.settle(&quote), second.cancel(&visit, "登记错了"));
    match both {
        (Ok(settlement), Err(told)) => {
            assert_eq!(told.code(), Some("already_settled"));
            let number = settlement["number"].as_str().unwrap();
            scene.his().delivered(number).await.unwrap();
            assert!(scene.taken(Upload::VisitCancellation).await.is_empty());
        }
        (Err(told), Ok(_)) => {
            assert_eq!(told.code(), Some("visit_closed"));
            told_once(&scene).await;
            assert!(scene.taken(Upload::Settlement).await.is_empty());
        }
        neither_or_both => panic!("{neither_or_both:?}"),
    }
    nothing_waits(&scene).await;
    scene.stage.strike().await.unwrap();
}
