//! A press that comes again: with the same content it answers as it did, with other content it is refused.

use jiff::{Timestamp, ToSpan};
use rules::{ThirdPartyLiability, VisitKind};

use super::window::{FIRST_WORKER, Window, days_ago};
use crate::counter::Actor;
use crate::counter::{AdmissionForm, CounterError, VisitView};
use crate::desk::PresentationStamp;
use crate::ledger::{LedgerError, Refused};

const KEY: &str = "press-1";

/// Another worker who may be admitted, by the rules and the province.
const OTHER_WORKER: (&str, &str) = ("510104199208170052", "李四明");

fn form(registered_at: Timestamp) -> AdmissionForm {
    AdmissionForm {
        kind: VisitKind::InpatientMedical,
        department: "骨科".to_owned(),
        inpatient_number: "ZY0001".to_owned(),
        diagnosis: "骨折".to_owned(),
        diagnosis_code: "S82.1".to_owned(),
        other_diagnoses: Vec::new(),
        third_party_liability: ThirdPartyLiability::None,
        emergency: false,
        force_majeure: false,
        registered_at: Some(registered_at),
    }
}

async fn pressed(
    window: &Window,
    form: AdmissionForm,
    looked_at: &PresentationStamp,
) -> Result<VisitView, CounterError> {
    let cashier = Actor::for_tests("cashier", "张收款");
    let counter = &window.counter;
    counter
        .admit(form, KEY.to_owned(), looked_at, &cashier)
        .await
}

fn is_used_otherwise(pressed: &Result<VisitView, CounterError>) -> bool {
    matches!(
        pressed,
        Err(CounterError::Ledger(LedgerError::Refused(
            Refused::KeyBelongsToAnother
        )))
    )
}

#[expect(clippy::too_many_lines, reason = "a row for each field of the form")]
#[tokio::test]
async fn a_key_used_again_with_other_content_is_refused_and_with_the_same_answers_as_before() {
    let window = Window::open().await;
    let reading = window.reading(FIRST_WORKER);
    window.counter.lay_on_desk(reading.clone());
    let looked_at = reading.stamp();
    let at = days_ago(2);
    let form = || form(at);
    let first = pressed(&window, form(), &looked_at).await.unwrap();

    let later = Some(at + 1.hour());
    let others = [
        AdmissionForm {
            kind: VisitKind::InpatientRehabilitation,
            ..form()
        },
        AdmissionForm {
            department: "外科".to_owned(),
            ..form()
        },
        AdmissionForm {
            inpatient_number: "ZY0002".to_owned(),
            ..form()
        },
        AdmissionForm {
            diagnosis: "挫伤".to_owned(),
            ..form()
        },
        AdmissionForm {
            diagnosis_code: String::new(),
            other_diagnoses: Vec::new(),
            ..form()
        },
        AdmissionForm {
            third_party_liability: ThirdPartyLiability::Partial,
            ..form()
        },
        AdmissionForm {
            emergency: true,
            ..form()
        },
        AdmissionForm {
            force_majeure: true,
            ..form()
        },
        AdmissionForm {
            registered_at: later,
            ..form()
        },
    ];
    for other in others {
        let again = pressed(&window, other, &looked_at).await;
        assert!(is_used_otherwise(&again), "{again:?}");
    }
    // The time of the press stands for one that is not named; spaces around a text are not content.
    let repeats = [
        form(),
        AdmissionForm {
            registered_at: None,
            ..form()
        },
        AdmissionForm {
            department: " 骨科 ".to_owned(),
            ..form()
        },
    ];
    for repeat in repeats {
        let again = pressed(&window, repeat, &looked_at).await.unwrap();
        assert_eq!(again.number, first.number);
    }

    // The next worker's card lies there: what is repeated is still the first press, what is meant for them is not.
    let next = window.reading(OTHER_WORKER);
    window.counter.lay_on_desk(next.clone());
    let again = pressed(&window, form(), &looked_at).await.unwrap();
    assert_eq!(again.number, first.number);
    let again = pressed(&window, form(), &next.stamp()).await;
    assert!(is_used_otherwise(&again), "{again:?}");
    assert_eq!(window.counter.open_visits().await.unwrap().len(), 1);
}
