//! What the page says in Chinese beyond the regulation's nouns: outcomes, next steps, ages and what is left of a deadline.

use jiff::SignedDuration;
use rules::{Article, Channel, LineRule, Money, Outcome, Route, Shares};

use crate::counter::Freshness;
use crate::counter::uploads::UploadProgress;

/// The decision in one line, read from across the desk.
pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "可以直接结算",
        Outcome::Hold => "需先核实",
        Outcome::Refuse => "不能直接结算",
    }
}

/// The same at admission, where nothing is settled yet.
pub(crate) const fn outcome_at_admission(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "可以入院登记",
        Outcome::Hold => "需先核实",
        Outcome::Refuse => "不能直接结算",
    }
}

/// What happens next at admission where nothing stands against it: nothing is settled yet.
pub(crate) const MAY_BE_ADMITTED: &str = "符合直接结算条件；出院时再读卡结算。";

/// What happens next where the province has answered just now: asking it again is no advice.
pub(crate) const fn route_once_asked(route: Route) -> &'static str {
    match route {
        Route::CheckOnline => {
            "省平台刚刚答复过，仍确认不了：请与参保地或本地经办机构核实；等不及的，按手工报销办理。"
        }
        Route::DirectSettlement
        | Route::FileFirst
        | Route::FileBeforeDischarge
        | Route::LocalSettlement
        | Route::ProvincialSettlement
        | Route::ManualReimbursement
        | Route::RefundAfterRecognition
        | Route::PresentCard
        | Route::OtherInstitution
        | Route::AskAgency
        | Route::DeclareLiability
        | Route::CorrectBill
        | Route::None => self::route(route),
    }
}

/// What happens next.
pub(crate) const fn route(route: Route) -> &'static str {
    match route {
        Route::DirectSettlement => "在本院直接结算。",
        Route::FileFirst => "先协助工伤职工办妥备案或确认手续，再来登记。",
        Route::FileBeforeDischarge => "可以先入院，出院结算前须补办备案。",
        Route::LocalSettlement => "按本地工伤职工办理，不走异地结算。",
        Route::ProvincialSettlement => "由省本级经办机构按本级办法结算。",
        Route::ManualReimbursement => {
            "转手工报销：由参保地经办机构按当地规定审核，本院不承诺支付结果。"
        }
        Route::RefundAfterRecognition => "先由工伤职工结清费用；认定工伤后能否退费，以审核为准。",
        Route::PresentCard => "请工伤职工出示社会保障卡或电子社保卡，重新读卡。",
        Route::OtherInstitution => "请到服务协议包含此项业务的机构办理。",
        Route::AskAgency => "先联系经办机构核实，再来办理；联系谁、核实什么见下。",
        Route::CheckOnline => "联网查询后再办，请稍后重试。",
        Route::DeclareLiability => "请工伤职工说明有无第三方责任，并在表中选择。",
        Route::CorrectBill => "请在医院系统中更正账单，重新导出后再选。",
        Route::None => "本次无需再办。",
    }
}

/// How the visit lies to the insured place.
pub(crate) const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::CrossProvince => "跨省异地",
        Channel::IntraProvince => "省内异地",
        Channel::Local => "参保地本地",
        Channel::ProvincialLevel => "省本级",
    }
}

/// What a rule does with a line, for the list of rules met.
pub(crate) const fn line_rule(rule: LineRule) -> &'static str {
    match rule {
        LineRule::E02 => "目录内，基金支付",
        LineRule::E03 => "非工伤伤情，列入其他",
        LineRule::E04 => "目录外、不符合限制条件或超标准的部分，自费",
        LineRule::E06 => "辅助器具，按配置通知限额",
    }
}

/// Why this line was split as it was.
pub(crate) fn line(rule: LineRule, shares: Shares) -> &'static str {
    match rule {
        LineRule::E02 => "基金支付",
        LineRule::E03 => "非工伤，列入其他",
        LineRule::E04 | LineRule::E06 if shares.self_pay == Money::ZERO => "基金支付",
        LineRule::E04 | LineRule::E06 if shares.fund != Money::ZERO => "超标准部分自费",
        LineRule::E04 => "目录外或限制不符",
        LineRule::E06 => "不在配置范围",
    }
}

/// The article for a narrow column; a reading says that it is one.
pub(crate) fn article_short(article: Article) -> String {
    match article.in_chinese() {
        Some(full) => full.replace("《工伤保险跨省异地就医直接结算经办规程》", "《经办规程》"),
        None => "规程未明确，按默认口径".to_owned(),
    }
}

/// A length of time in the two largest units that matter at a counter.
pub(crate) fn length(length: SignedDuration) -> String {
    let minutes = length.as_mins().abs();
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} 分钟"),
        (0, hours, 0) => format!("{hours} 小时"),
        (0, hours, minutes) => format!("{hours} 小时 {minutes} 分钟"),
        (days, 0, _) => format!("{days} 天"),
        (days, hours, _) => format!("{days} 天 {hours} 小时"),
    }
}

/// How long ago.
pub(crate) fn age(age: SignedDuration) -> String {
    if age < SignedDuration::from_mins(1) {
        "刚刚".to_owned()
    } else {
        format!("{}前", length(age))
    }
}

/// How current the registry's answer was.
pub(crate) fn freshness(freshness: &Freshness) -> String {
    match freshness {
        Freshness::Asked => "省平台刚刚答复。".to_owned(),
        Freshness::Cached { age, why } => format!(
            "省平台没有答复（{}），按本机缓存判断；缓存更新于{}。",
            why.notice().say.trim_end_matches('。'),
            self::age(*age)
        ),
    }
}

/// What is left until a record is due, or how it went.
pub(crate) fn left(state: &UploadProgress, left: SignedDuration) -> String {
    let late = left.is_negative();
    match state {
        UploadProgress::Delivered { .. } if late => format!("逾期 {}送达", length(left)),
        UploadProgress::Delivered { .. } => "按时送达".to_owned(),
        UploadProgress::SetAside { .. } | UploadProgress::Unfinished { .. } => "—".to_owned(),
        UploadProgress::Waiting { .. }
        | UploadProgress::Blocked
        | UploadProgress::Sending
        | UploadProgress::Untold { .. }
        | UploadProgress::Rejected { .. }
            if late =>
        {
            format!("已逾期 {}", length(left))
        }
        UploadProgress::Waiting { .. }
        | UploadProgress::Blocked
        | UploadProgress::Sending
        | UploadProgress::Untold { .. }
        | UploadProgress::Rejected { .. } => {
            if left < SignedDuration::from_mins(1) {
                "还剩不到 1 分钟".to_owned()
            } else {
                format!("还剩 {}", length(left))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::province::PlatformError;

    fn seconds(seconds: i64) -> SignedDuration {
        SignedDuration::from_secs(seconds)
    }

    #[test]
    fn what_is_left_is_said_in_minutes_and_lateness_as_lateness() {
        let waiting = UploadProgress::Sending;
        for (left_s, said) in [
            (1799, "还剩 29 分钟"),
            (60, "还剩 1 分钟"),
            (59, "还剩不到 1 分钟"),
            (-30, "已逾期 0 分钟"),
            (-600, "已逾期 10 分钟"),
            (-90_000, "已逾期 1 天 1 小时"),
        ] {
            assert_eq!(left(&waiting, seconds(left_s)), said);
        }
        let delivered = UploadProgress::Delivered {
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        assert_eq!(left(&delivered, seconds(5)), "按时送达");
        assert_eq!(left(&delivered, seconds(-3900)), "逾期 1 小时 5 分钟送达");
    }

    #[test]
    fn an_answer_from_the_cache_carries_its_age_and_why() {
        let cached = Freshness::Cached {
            age: seconds(3 * 3600),
            why: Arc::new(PlatformError::Unreachable("gone".into())),
        };
        assert_eq!(
            freshness(&cached),
            "省平台没有答复（连接不上省平台，数据没有发出），按本机缓存判断；缓存更新于3 小时前。"
        );
    }

    #[test]
    fn a_reading_is_never_said_as_the_laws_word() {
        assert_eq!(
            article_short(Article::Interpretation("high_amount")),
            "规程未明确，按默认口径"
        );
        assert_eq!(
            article_short(Article::National(37, 0)),
            "《经办规程》第三十七条"
        );
    }
}
