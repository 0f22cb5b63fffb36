//! Tables as IT staff write them: what is sent, and what the check finds before anything is.

use crate::province::adapter::{Adapter, REFERENCE};
use crate::province::error::{AdapterFault, ConnectError};
use crate::province::table::examples;
use crate::province::table::fault::RowTrouble;
use crate::province::transaction::Transaction;
use crate::province::trial;
use crate::wording::notice::Notice;

fn table(change: impl FnOnce(&mut String)) -> Result<Adapter, AdapterFault> {
    let mut text = REFERENCE.to_owned();
    change(&mut text);
    match Adapter::of_text(&text) {
        Ok(adapter) => Ok(adapter),
        Err(ConnectError::AdapterValue { why, .. }) => Err(why),
        Err(other) => panic!("{other}"),
    }
}

/// Puts other text in the place of what must stand there once.
fn replace(text: &mut String, from: &str, to: &str) {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    *text = text.replace(from, to);
}

/// The rows of one message, replaced.
fn rows(text: &mut String, message: &str, rows: &str) {
    let head = format!("[messages.{message}]\n");
    let begin = text.find(&head).unwrap() + head.len();
    let length = text[begin..].find("\n[").unwrap_or(text.len() - begin);
    text.replace_range(begin..begin + length, rows);
}

fn body(adapter: &Adapter, transaction: Transaction) -> String {
    let example = examples::of(transaction).unwrap();
    adapter.body(transaction, &example, Some("R1")).unwrap()
}

#[test]
fn the_reference_table_sends_what_the_province_has_always_been_sent() {
    let reference = Adapter::built_in().unwrap();
    assert_eq!(
        body(&reference, Transaction::VisitRegistration),
        r#"{"version":1,"visit_number":"V012508100100000001","visit_kind":"inpatient_medical","channel":"cross_province","registered_at":"2025-08-10T09:00:00+08:00","worker":{"social_security_number":"650102199003070013","name":"测试一"},"insured_division":"650100","filing_number":"BA6501002025000001","credential_kind":"social_security_card","department":"骨科","inpatient_number":"ZY0001","diagnoses":[{"code":"S82.201","name":"左胫腓骨开放性骨折"},{"code":"","name":"软组织挫伤"}],"injury":{"decision_number":"乌人社工伤认〔2025〕0812号","injured_on":"2025-08-09","body_part":"左小腿","employer":"乌鲁木齐示范建筑公司","occupational_disease":false},"third_party_liability":"none","emergency":true,"force_majeure":false}"#
    );
    assert_eq!(
        body(&reference, Transaction::FeeDetail),
        r#"{"version":1,"visit_number":"V012508100100000001","registration_number":"R1","settlement_number":"S012508200200000001","generation":1,"part":1,"parts":1,"lines":[{"id":"V012508100100000001-1-1","number":1,"date":"2025-08-12","column":"drug","code":"XJ01DD04","name":"注射用头孢曲松钠","unit_price":"38.5","quantity":"4","amount":"154.00","treats_injury":true,"restriction_met":true,"reverses":null,"fund":"154.00","self_pay":"0.00","other":"0.00","rule":"E02"},{"id":"V012508100100000001-1-2","number":2,"date":"2025-08-12","column":"drug","code":"XJ01DD04","name":"注射用头孢曲松钠","unit_price":"38.5","quantity":"-1","amount":"-38.50","treats_injury":true,"restriction_met":null,"reverses":1,"fund":"-38.50","self_pay":"0.00","other":"0.00","rule":"E02"},{"id":"V012508100100000001-1-3","number":3,"date":"2025-08-12","column":"treatment","code":"110200001","name":"住院诊查费","unit_price":"25","quantity":"2","amount":"50.00","treats_injury":false,"restriction_met":null,"reverses":null,"fund":"0.00","self_pay":"0.00","other":"50.00","rule":"E03"}]}"#
    );
    assert_eq!(
        body(&reference, Transaction::CatalogueSync),
        r#"{"version":1,"cursor":"C-20250820-7"}"#
    );
}

/// In the manner of the national medical-insurance interface.
const FEEDETAIL: &str = r#"rows = [
    ["feedetail[].feedetl_sn", "lines[].id"],
    ["feedetail[].mdtrt_id", "$registration_number"],
    ["feedetail[].fee_ocur_time", "lines[].date", "seconds"],
    ["feedetail[].med_chrgitm_type", "lines[].column", "column"],
    ["feedetail[].med_list_codg", "lines[].code"],
    ["feedetail[].cnt", "lines[].quantity", "price"],
    ["feedetail[].pric", "lines[].unit_price", "price"],
    ["feedetail[].det_item_fee_sumamt", "lines[].amount", "yuan"],
    ["feedetail[].gs_flag", "lines[].treats_injury", "flag"],
    ["feedetail[].init_feedetl_sn", "lines[].reverses"],
    ["feedetail[].exp_content", "='无'"],
]
drop = [
    "visit", "settlement", "generation", "part", "parts", "lines[].number", "lines[].name", "lines[].restriction_met",
    "lines[].fund", "lines[].self_pay", "lines[].other", "lines[].rule",
]
"#;

const NATIONAL: &str = r#"
[codes.column]
drug = "101"
treatment = "201"
inpatient_service = "301"
rehabilitation = "202"
assistive_device = 302

[codes.flag]
true = "1"
false = "0"
"#;

fn national(text: &mut String) {
    let seconds = "\nseconds = { time";
    replace(
        text,
        seconds,
        &format!("\nyuan = {{ number = 2 }}\nprice = {{ number = 4 }}{seconds}"),
    );
    rows(text, "fee_detail", FEEDETAIL);
    text.push_str(NATIONAL);
}

#[test]
fn another_province_is_another_table() {
    let adapter = table(national).unwrap();
    assert_eq!(
        body(&adapter, Transaction::FeeDetail),
        concat!(
            r#"{"feedetail":[{"feedetl_sn":"V012508100100000001-1-1","mdtrt_id":"R1","fee_ocur_time":"2025-08-12 00:00:00","med_chrgitm_type":"101","med_list_codg":"XJ01DD04","cnt":4.0000,"pric":38.5000,"det_item_fee_sumamt":154.00,"gs_flag":"1","init_feedetl_sn":null,"exp_content":"无"},"#,
            r#"{"feedetl_sn":"V012508100100000001-1-2","mdtrt_id":"R1","fee_ocur_time":"2025-08-12 00:00:00","med_chrgitm_type":"101","med_list_codg":"XJ01DD04","cnt":-1.0000,"pric":38.5000,"det_item_fee_sumamt":-38.50,"gs_flag":"1","init_feedetl_sn":1,"exp_content":"无"},"#,
            r#"{"feedetl_sn":"V012508100100000001-1-3","mdtrt_id":"R1","fee_ocur_time":"2025-08-12 00:00:00","med_chrgitm_type":"201","med_list_codg":"110200001","cnt":2.0000,"pric":25.0000,"det_item_fee_sumamt":50.00,"gs_flag":"0","init_feedetl_sn":null,"exp_content":"无"}]}"#,
        )
    );
}

#[test]
fn what_is_not_there_is_said_as_the_table_wants_it() {
    let mut registration = examples::of(Transaction::VisitRegistration).unwrap();
    registration["injury"] = serde_json::Value::Null;
    registration["filing"] = serde_json::Value::Null;
    for (nothing, filing, injury) in [
        ("null", r#""filing_number":null,"#, r#""injury":null,"#),
        ("blank", r#""filing_number":"","#, r#""injury":"","#),
        (
            "absent",
            r#""insured_division":"650100","credential"#,
            r#"}],"third_party"#,
        ),
    ] {
        let adapter = table(|text| {
            replace(
                text,
                "nothing = \"null\"",
                &format!("nothing = \"{nothing}\""),
            );
        });
        let body = adapter
            .unwrap()
            .body(Transaction::VisitRegistration, &registration, None)
            .unwrap();
        assert!(body.contains(filing) && body.contains(injury), "{body}");
    }
}

#[test]
fn a_field_that_is_missing_altogether_stops_the_message_and_not_the_counter() {
    let adapter = Adapter::built_in().unwrap();
    let mut lines = examples::of(Transaction::FeeDetail).unwrap();
    lines["lines"][0].as_object_mut().unwrap().remove("amount");
    let error = adapter
        .body(Transaction::FeeDetail, &lines, None)
        .unwrap_err();
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(why, "lines[].amount is missing");
}

fn the_one(change: impl FnOnce(&mut String)) -> (Option<usize>, RowTrouble) {
    let Err(AdapterFault::Rows(mut faults)) = table(change) else {
        panic!("the table was taken");
    };
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = faults.remove(0);
    (fault.line, fault.why)
}

#[test]
fn every_row_that_cannot_be_is_named() {
    let name = |text: &str| text.to_owned();
    each_is_named([
        (
            "[\"feedetail[].cnt\", \"lines[].quantity\", \"price\"]",
            "[\"feedetail[].cnt\"]",
            RowTrouble::Parts,
        ),
        (
            "feedetail[].pric\"",
            "feedetail[]\"",
            RowTrouble::Theirs(name("feedetail[]")),
        ),
        (
            "feedetail[].pric\"",
            "feedetail[].cnt\"",
            RowTrouble::Twice(name("feedetail[].cnt")),
        ),
        (
            "feedetail[].pric\"",
            "feedetail.pric\"",
            RowTrouble::List(name("feedetail.pric")),
        ),
        (
            "lines[].code\"",
            "lines[].colour\"",
            RowTrouble::Unknown(name("lines[].colour")),
        ),
        ("='无'", "=无", RowTrouble::Constant),
    ]);
}

#[test]
fn every_format_that_cannot_be_is_named() {
    let name = |text: &str| text.to_owned();
    each_is_named([
        (
            "\"lines[].amount\", \"yuan\"",
            "\"lines[].amount\"",
            RowTrouble::NoFormat(name("lines[].amount")),
        ),
        (
            "\"lines[].amount\", \"yuan\"",
            "\"lines[].amount\", \"euro\"",
            RowTrouble::NoSuchFormat(name("euro")),
        ),
        (
            "\"lines[].amount\", \"yuan\"",
            "\"lines[].amount\", \"seconds\"",
            RowTrouble::WrongFormat {
                ours: name("lines[].amount"),
                format: name("seconds"),
            },
        ),
        (
            "\"lines[].quantity\", \"price\"",
            "\"lines[].quantity\", \"yuan\"",
            RowTrouble::LosesDigits {
                ours: name("lines[].quantity"),
                format: name("yuan"),
                decimals: 4,
            },
        ),
        (
            "rehabilitation = \"202\"\n",
            "",
            RowTrouble::NoCode {
                map: name("column"),
                values: vec![name("rehabilitation")],
            },
        ),
        (
            "rehabilitation = \"202\"\n",
            "rehabilitation = \"202\"\nbed = \"9\"\n",
            RowTrouble::NoValue {
                map: name("column"),
                entries: vec![name("bed")],
            },
        ),
        (
            "\"lines[].number\", ",
            "",
            RowTrouble::Unmapped(vec![name("lines[].number")]),
        ),
    ]);
}

/// Each change of the national table, and the one trouble that comes of it.
fn each_is_named<const CASES: usize>(cases: [(&str, &str, RowTrouble); CASES]) {
    for (from, to, trouble) in cases {
        let (line, why) = the_one(|text| {
            national(text);
            replace(text, from, to);
        });
        assert_eq!(why, trouble);
        let whole = matches!(why, RowTrouble::Unmapped(_));
        assert_eq!(line.is_none(), whole, "{why:?}");
    }
}

#[test]
fn all_faults_are_told_at_once_each_by_its_line() {
    let change = |text: &mut String| {
        rows(
            text,
            "sign_out",
            "rows = [\n    [\"version\", \"=one\"],\n    [\"by\", \"person\"],\n]\ndrop = [\"x\"]\n",
        );
        replace(text, "last_head = \"9104\"\n", "");
    };
    let mut text = REFERENCE.to_owned();
    change(&mut text);
    let at = |row: &str| text[..text.find(row).unwrap()].matches('\n').count() + 1;
    let Err(AdapterFault::Rows(faults)) = table(change) else {
        panic!("the table was taken");
    };
    let told: Vec<_> = faults
        .into_iter()
        .map(|fault| (fault.message, fault.line, fault.why))
        .collect();
    let sign_out = || "sign_out".to_owned();
    assert_eq!(
        told,
        [
            (
                sign_out(),
                Some(at("[\"version\", \"=one\"]")),
                RowTrouble::Constant
            ),
            (
                sign_out(),
                Some(at("[\"by\"")),
                RowTrouble::Unknown("person".to_owned())
            ),
            ("last_head".to_owned(), None, RowTrouble::NoTransaction),
        ]
    );
}

#[test]
fn a_field_is_sent_or_dropped_and_not_both() {
    let (_, why) = the_one(|text| {
        national(text);
        replace(
            text,
            "\"lines[].number\", ",
            "\"lines[].number\", \"lines[].amount\", ",
        );
    });
    assert_eq!(why, RowTrouble::SentAndDropped("lines[].amount".to_owned()));
}

#[test]
fn a_list_of_theirs_stands_for_one_list_of_ours() {
    let untied = |text: &mut String| {
        rows(text, "sign_out", "rows = [[\"list[].version\", \"=1\"]]\n");
    };
    assert_eq!(
        the_one(untied),
        (None, RowTrouble::List("list[]".to_owned()))
    );
}

#[test]
fn an_earlier_table_is_told_apart_from_a_wrong_one() {
    let earlier = "version = 1\nenvelope_version = \"1.0\"\n";
    let error = Adapter::of_text(earlier).unwrap_err();
    assert!(
        matches!(
            error,
            ConnectError::AdapterValue {
                why: AdapterFault::Version,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_trial_shows_what_would_be_sent_and_says_what_is_wrong_with_the_file() {
    let adapter = Adapter::built_in().unwrap();
    let example = trial::example(Transaction::FeeDetail).unwrap();
    let show = |said: &str| {
        trial::body(
            &adapter,
            Transaction::FeeDetail,
            Some(said.as_bytes()),
            Some("R1"),
        )
    };
    assert_eq!(
        show(&example).unwrap(),
        body(&adapter, Transaction::FeeDetail)
    );
    for (from, to, says) in [
        ("\"part\": 1,", "", "缺少字段 part"),
        ("\"part\": 1,", "\"part\": 1, \"bed\": 2,", "没有字段 bed"),
        ("\"154.00\"", "\"154.001\"", "值不对"),
        ("\"lines\": [", "", "不是完整的 JSON"),
    ] {
        assert!(example.contains(from), "{from}");
        let notice = Notice::from(&show(&example.replacen(from, to, 1)).unwrap_err());
        assert!(notice.to_string().contains(says), "{notice}");
    }
    let error = trial::body(&adapter, Transaction::Person, Some(b"{}"), None).unwrap_err();
    let notice = Notice::from(&error).to_string();
    assert!(
        notice.contains("缺少字段 social_security_number"),
        "{notice}"
    );
}

#[test]
fn an_envelope_has_a_place_for_the_body_and_the_signature_and_stands_side_by_side() {
    for (from, to, why) in [
        (
            "    [\"cainfo\", \"@signature\"],\n",
            "",
            RowTrouble::Unmapped(vec!["@signature".to_owned()]),
        ),
        (
            "    [\"input\", \"@body\"],\n]\n",
            "]\ndrop = [\"@body\"]\n",
            RowTrouble::MustStand("@body".to_owned()),
        ),
        (
            "[\"dev_no\", \"@terminal\"]",
            "[\"dev.no\", \"@terminal\"]",
            RowTrouble::Theirs("dev".to_owned()),
        ),
        (
            "\"@time\", \"seconds\"",
            "\"@time\"",
            RowTrouble::NoFormat("@time".to_owned()),
        ),
    ] {
        let Err(AdapterFault::Rows(faults)) = table(|text| replace(text, from, to)) else {
            panic!("the table was taken");
        };
        assert_eq!(faults[0].message, "envelope");
        assert_eq!(faults[0].why, why);
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
}
