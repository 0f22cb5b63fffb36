//! A bill so far is looked at while the stay is open, over the hospital's interface.

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_so_far_is_checked_and_nothing_is_settled() {
    let mut scene = Scene::open().await;
    scene.his().synchronised().await.unwrap();
    let visit = scene.admitted().await;

    let checked = scene.his().check(&visit, scene.bill.as_bytes()).await;
    let checked = checked.unwrap();
    assert_eq!(checked["lines"], 70);
    assert_eq!(checked["total"], "28630.78");
    assert_eq!(checked["fund"], "24397.50");
    assert_eq!(checked["self_pay"], "4153.30");
    assert_eq!(checked["other"], "79.98");
    let unpaid = checked["unpaid"].as_array().unwrap();
    assert!(!unpaid.is_empty());
    assert!(unpaid.iter().all(|line| line["article"] != ""));

    let wrong = scene.bill.replace("28630.78", "28630.79");
    let refused = scene.his().check(&visit, wrong.as_bytes()).await;
    assert!(refused.unwrap_err().code().is_some());

    let state = scene.his().visit(&visit).await.unwrap();
    assert_eq!(state["state"], "open", "{state}");
    scene.stage.strike().await.unwrap();
}
