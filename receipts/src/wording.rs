//! The fixed words of the forms, as the regulation's annexes print them, and the few of our own.

// Annex 10: the line under the title.
pub(crate) const INSTITUTION_NAME: &str = "医疗机构名称";
pub(crate) const INSTITUTION_PLACE: &str = "机构所属地";
pub(crate) const INSTITUTION_GRADE: &str = "医院等级";
pub(crate) const REGISTRATION_NUMBER: &str = "就医登记号";
pub(crate) const UNIT: &str = "金额单位：元";

// Annex 10: the grid.
pub(crate) const NAME: &str = "姓名";
pub(crate) const PERSON_CATEGORY: &str = "人员类别";
pub(crate) const INSURED_PLACE: &str = "参保地";
pub(crate) const SOCIAL_SECURITY_NUMBER: &str = "社会保障号码";
pub(crate) const BENEFIT_CATEGORY: &str = "待遇类别";
pub(crate) const BUSINESS_CATEGORY: &str = "业务类别";
pub(crate) const SETTLED_AT: &str = "结算时间";
pub(crate) const DEPARTMENT: &str = "科别";
pub(crate) const INPATIENT_NUMBER: &str = "住院号";
pub(crate) const ADMITTED_AT: &str = "入院时间";
pub(crate) const DISCHARGED_AT: &str = "出院时间";
pub(crate) const DAYS: &str = "住院天数";

// Annex 10: the table of amounts. The cell 项目 / 费别 is cut by a diagonal.
pub(crate) const ITEM: &str = "项目";
pub(crate) const CATEGORY: &str = "费别";
pub(crate) const DRUG: &str = "药品";
pub(crate) const TREATMENT: &str = "诊疗项目";
pub(crate) const INPATIENT_SERVICE: &str = "住院服务标准";
pub(crate) const REHABILITATION: &str = "康复服务项目";
pub(crate) const ASSISTIVE_DEVICE: &str = "辅助器具费用";
pub(crate) const TOTAL: &str = "合计";
pub(crate) const FUND: &str = "工伤保险基金支付金额";
pub(crate) const NOT_FUND: &str = "非工伤保险基金支付金额";
pub(crate) const SELF_PAY: &str = "自费金额";
pub(crate) const OTHER: &str = "其他（非工伤伤情等）";

// Annex 10: the sentence of the last row, in the order of its three figures.
pub(crate) const THIS_TIME: &str = "本次：总费用 ";
pub(crate) const OF_WHICH_FUND: &str = "元，工伤保险基金支付金额 ";
pub(crate) const OF_WHICH_PERSONAL: &str = "元；个人支付金额 ";
pub(crate) const END_OF_TOTALS: &str = "元。";

// Annex 10: the foot.
pub(crate) const CASHIER: &str = "收款人";
pub(crate) const REVIEWER: &str = "审核人";
pub(crate) const PREPARER: &str = "制单人";
pub(crate) const PRINTED_ON: &str = "打印日期";
/// What the first note begins with: the second stands under it.
pub(crate) const NOTES: &str = "备注：";
pub(crate) const NOTE_1: &str = "备注：1.本次就诊非工伤伤情所产生的费用工伤保险基金不予支付；";
pub(crate) const NOTE_2: &str = "2.此表供协议机构打印，一式两份，协议机构、工伤职工各一份。";
pub(crate) const SIGNATURE: &str = "病人（家属）签字：";

// Our own: not on the official form, and set apart from it.
pub(crate) const REMARKS: &str = "本单说明：";
pub(crate) const COPY_INSTITUTION: &str = "协议机构联";
pub(crate) const COPY_WORKER: &str = "工伤职工联";
pub(crate) const REPRINT: &str = "补打";
pub(crate) const REPRINTED_AT: &str = "补打时间：";
pub(crate) const REPRINTED_BY: &str = "补打人：";
pub(crate) const SETTLEMENT_NUMBER: &str = "结算编号";
pub(crate) const JOURNAL_HEAD: &str = "台账校验码";

// Never drawn: what errors call an entry that bears no label.
pub(crate) const TITLE: &str = "标题";
pub(crate) const PERSONAL: &str = "个人支付金额";

/// Every fixed word: what a font must be able to draw to be of any use.
pub(crate) const EVERY: &[&str] = &[
    INSTITUTION_NAME,
    INSTITUTION_PLACE,
    INSTITUTION_GRADE,
    REGISTRATION_NUMBER,
    UNIT,
    NAME,
    PERSON_CATEGORY,
    INSURED_PLACE,
    SOCIAL_SECURITY_NUMBER,
    BENEFIT_CATEGORY,
    BUSINESS_CATEGORY,
    SETTLED_AT,
    DEPARTMENT,
    INPATIENT_NUMBER,
    ADMITTED_AT,
    DISCHARGED_AT,
    DAYS,
    ITEM,
    CATEGORY,
    DRUG,
    TREATMENT,
    INPATIENT_SERVICE,
    REHABILITATION,
    ASSISTIVE_DEVICE,
    TOTAL,
    FUND,
    NOT_FUND,
    SELF_PAY,
    OTHER,
    THIS_TIME,
    OF_WHICH_FUND,
    OF_WHICH_PERSONAL,
    END_OF_TOTALS,
    CASHIER,
    REVIEWER,
    PREPARER,
    PRINTED_ON,
    NOTES,
    NOTE_1,
    NOTE_2,
    SIGNATURE,
    REMARKS,
    COPY_INSTITUTION,
    COPY_WORKER,
    REPRINT,
    REPRINTED_AT,
    REPRINTED_BY,
    SETTLEMENT_NUMBER,
    JOURNAL_HEAD,
];
