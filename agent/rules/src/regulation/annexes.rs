//! The annexes a counter meets: filing forms (1, 2) and the slip (10).
//!
//! National annexes 3 to 9 and 11 to 15: papers between provinces, nothing for a counter.

use std::fmt::Write as _;

use super::circumstances::{Circumstances, Ground};
use super::finding::{Finding, Findings};
use super::precedence::Row;
use super::rule::{Rule, SetBy};
use super::settlement::reversal::Reversals;
use crate::case::amounts::Money;
use crate::case::bill::{Bill, BillLine, LineNumber};
use crate::case::factors::Quantity;
use crate::case::filing::{Care, Filing, FilingForm};
use crate::case::visit::VisitKind;
use crate::decision::{Article, RuleId};

// Annex 1 ------------------------------------------------------------------------------------------------------------

/// C03: the care ticked on the form is the care of the visit (an interpretation).
pub(crate) const C03: Rule = Rule {
    id: RuleId::C03,
    asks: "备案表勾选的就医或康复是否与本次就诊一致",
    quotes: &[(
        Article::Annex1,
        "□异地转诊转院就医人员 □异地转诊转院康复人员",
    )],
    set_by: SetBy::Profile(&["category_binds"]),
};

pub(crate) fn c03_care(c: &Circumstances<'_>, filing: &Filing, found: &mut Findings) {
    let FilingForm::Medical { care } = filing.form else {
        return;
    };
    let same = match c.case.visit.kind {
        VisitKind::InpatientMedical | VisitKind::OutpatientMedical => care == Care::Medical,
        VisitKind::InpatientRehabilitation | VisitKind::OutpatientRehabilitation => {
            care == Care::Rehabilitation
        }
        // An Annex 1 form is not looked at for a device.
        VisitKind::AssistiveDevice => true,
    };
    if !same && c.profile.category_binds.value {
        found.add(Row::CategoryMismatch, || {
            let filed = match care {
                Care::Medical => "就医",
                Care::Rehabilitation => "康复",
            };
            let what = format!("备案类别为{filed}，与本次就诊类别不一致");
            Finding::new(Ground::interpretation(Article::Annex1), what)
        });
    }
}

// Annex 10 -----------------------------------------------------------------------------------------------------------

/// F07: Annex 10 in two copies, signed.
pub(crate) const F07: Rule = Rule {
    id: RuleId::F07,
    asks: "结算单一式两份，协议机构、工伤职工各一份，签字",
    quotes: &[
        (Article::Annex10(2), "一式两份，协议机构、工伤职工各一份"),
        (
            Article::National(33, 1),
            "按照协议机构出具的《工伤保险跨省异地就医结算单》",
        ),
    ],
    set_by: SetBy::Nation,
};

/// E03: what is not for the injury is not the fund's, and somebody has to have said which is which.
pub(crate) const E03: Rule = Rule {
    id: RuleId::E03,
    asks: "每一行是否治疗本次工伤；非工伤费用列入其他",
    quotes: &[
        (
            Article::Annex10(1),
            "本次就诊非工伤伤情所产生的费用工伤保险基金不予支付",
        ),
        (Article::Notice(4, 3), "对治疗非工伤所发生的费用"),
        (Article::Notice(4, 2), "因伤施治，伤病分离，合理诊疗"),
    ],
    set_by: SetBy::Nation,
};

/// Any line, whatever it reverses or claims.
pub(crate) fn e03_unmarked(bill: &Bill, found: &mut Findings) {
    let unmarked = bill
        .lines
        .iter()
        .filter(|line| line.treats_injury.is_none());
    if let Some(lines) = numbers(unmarked.map(|line| line.number)) {
        found.add(Row::InjuryUnmarked, || {
            let what = format!("账单{lines}未标明是否治疗本次工伤，伤病须分离");
            Finding::new(Ground::law(Article::Notice(4, 2)), what)
        });
    }
}

/// E13: the bill's own arithmetic, so that Annex 10's sums can be true (an interpretation).
pub(crate) const E13: Rule = Rule {
    id: RuleId::E13,
    asks: "账单每行金额、正负号和退费是否正确",
    quotes: &[(
        Article::Annex10(0),
        "总费用 XXXX元，工伤保险基金支付金额 XXXX元；个人支付金额 XXXX元",
    )],
    set_by: SetBy::Interpretation,
};

const E13_GROUND: Ground = Ground::interpretation(Article::Annex10(0));

/// How far an amount may lie from price × quantity, rounded to the cent.
const TOLERANCE: Money = Money::CENT;

/// Each line by itself: its amount and its sign.
pub(crate) fn e13_lines(bill: &Bill, found: &mut Findings) {
    let wrong_amount = bill
        .lines
        .iter()
        .filter(|line| sign_is_right(line) && !amount_is_right(line));
    if let Some(lines) = numbers(wrong_amount.map(|line| line.number)) {
        found.add(Row::LineAmountWrong, || {
            Finding::new(E13_GROUND, format!("账单{lines}的金额不等于单价乘数量"))
        });
    }
    let wrong_sign = bill.lines.iter().filter(|line| !sign_is_right(line));
    if let Some(lines) = numbers(wrong_sign.map(|line| line.number)) {
        found.add(Row::LineSignWrong, || {
            let what = format!("账单{lines}的正负号不对：退费行数量、金额为负，其他行为正");
            Finding::new(E13_GROUND, what)
        });
    }
}

/// Each reversal by what is left of its line.
pub(crate) fn e13_reversals(bill: &Bill, reversals: &Reversals, found: &mut Findings) {
    let beyond = reversals.beyond_their_lines(bill).into_iter();
    if let Some(lines) = numbers(beyond.map(|line| line.number)) {
        found.add(Row::ReversalExceedsLine, || {
            let what = format!("账单{lines}退费超过原行剩余的数量或金额，或找不到对应的原行");
            Finding::new(E13_GROUND, what)
        });
    }
}

/// Whether a line is beyond question: marked, of the right sign and amount. Reversals are asked about together.
pub(crate) fn line_is_sound(line: &BillLine) -> bool {
    line.treats_injury.is_some() && sign_is_right(line) && amount_is_right(line)
}

/// Quantity above zero and amount not below; on a reversing line quantity below zero and amount not above.
fn sign_is_right(line: &BillLine) -> bool {
    match line.reverses {
        None => line.quantity > Quantity::ZERO && line.amount >= Money::ZERO,
        Some(_) => line.quantity < Quantity::ZERO && line.amount <= Money::ZERO,
    }
}

fn amount_is_right(line: &BillLine) -> bool {
    line.unit_price
        .times(line.quantity)
        .is_some_and(|product| (line.amount - product).abs() <= TOLERANCE)
}

/// The first few lines by number, for the cashier: `第3、5行`, `第3、5、7等12行`; `None` where there is none.
pub(crate) fn numbers(lines: impl Iterator<Item = LineNumber>) -> Option<String> {
    const SHOWN: usize = 5;
    let (mut first, mut count) = (Vec::<LineNumber>::new(), 0);
    for number in lines {
        if count < SHOWN {
            first.push(number);
        }
        count += 1;
    }
    let mut text = String::from("第");
    for (index, number) in first.iter().enumerate() {
        let separator = if index == 0 { "" } else { "、" };
        write!(text, "{separator}{number}").ok()?;
    }
    match count {
        0 => None,
        1..=SHOWN => Some(text + "行"),
        more => Some(format!("{text}等{more}行")),
    }
}
