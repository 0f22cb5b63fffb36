//! The fixed words of the forms, as the regulation's annexes print them, and the few of our own.

/// Names each word, and lists them all in `EVERY`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)+

        /// Every fixed word: what a font must be able to draw to be of any use.
        pub(crate) const EVERY: &[&str] = &[$($name),+];
    };
}

words! {
    // Annex 10: the line under the title.
    INSTITUTION_NAME = "医疗机构名称";
    INSTITUTION_PLACE = "机构所属地";
    INSTITUTION_GRADE = "医院等级";
    REGISTRATION_NUMBER = "就医登记号";
    UNIT = "金额单位：元";

    // Annex 10: the grid.
    NAME = "姓名";
    PERSON_CATEGORY = "人员类别";
    INSURED_PLACE = "参保地";
    SOCIAL_SECURITY_NUMBER = "社会保障号码";
    BENEFIT_CATEGORY = "待遇类别";
    BUSINESS_CATEGORY = "业务类别";
    SETTLED_AT = "结算时间";
    DEPARTMENT = "科别";
    INPATIENT_NUMBER = "住院号";
    ADMITTED_AT = "入院时间";
    DISCHARGED_AT = "出院时间";
    DAYS = "住院天数";

    // Annex 10: the table of amounts. The cell 项目 / 费别 is cut by a diagonal.
    ITEM = "项目";
    CATEGORY = "费别";
    DRUG = "药品";
    TREATMENT = "诊疗项目";
    INPATIENT_SERVICE = "住院服务标准";
    REHABILITATION = "康复服务项目";
    ASSISTIVE_DEVICE = "辅助器具费用";
    TOTAL = "合计";
    FUND = "工伤保险基金支付金额";
    NOT_FUND = "非工伤保险基金支付金额";
    SELF_PAY = "自费金额";
    OTHER = "其他（非工伤伤情等）";

    // Annex 10: the sentence of the last row, in the order of its three figures.
    THIS_TIME = "本次：总费用 ";
    OF_WHICH_FUND = "元，工伤保险基金支付金额 ";
    OF_WHICH_PERSONAL = "元；个人支付金额 ";
    END_OF_TOTALS = "元。";

    // Annex 10: the foot.
    CASHIER = "收款人";
    REVIEWER = "审核人";
    PREPARER = "制单人";
    PRINTED_ON = "打印日期";
    /// What the first note begins with: the second stands under it.
    NOTES = "备注：";
    NOTE_1 = "备注：1.本次就诊非工伤伤情所产生的费用工伤保险基金不予支付；";
    NOTE_2 = "2.此表供协议机构打印，一式两份，协议机构、工伤职工各一份。";
    SIGNATURE = "病人（家属）签字：";

    // Our own: not on the official form, and set apart from it.
    REMARKS = "本单说明：";
    COPY_INSTITUTION = "协议机构联";
    COPY_WORKER = "工伤职工联";
    REPRINT = "补打";
    REPRINTED_AT = "补打时间：";
    REPRINTED_BY = "补打人：";
    SETTLEMENT_NUMBER = "结算编号";
    JOURNAL_HEAD = "台账校验码";

    // Never drawn: what errors call an entry that bears no label.
    TITLE = "标题";
    PERSONAL = "个人支付金额";
}
