//! Lays out Annex 10 on A4, on its side: where each label, entry and ruling line stands.

use crate::RenderError;
use crate::annex10::{Amounts, Annex10, CopyFor, Issue};
use crate::fonts::Faces;
use crate::page::{Area, Page};
use crate::typesetting::{Align, Style, set, width_mm};
use crate::wording as w;

// All in millimetres from the top left corner of the page.
const LEFT: f32 = 15.0;
const WIDTH: f32 = 267.0;
const RIGHT: f32 = LEFT + WIDTH;
const TITLE_TOP: f32 = 14.0;
const HEAD_TOP: f32 = 29.0;
const GRID_TOP: f32 = 40.0;
const GRID_ROW: f32 = 12.0;
const MATRIX_TOP: f32 = GRID_TOP + 3.0 * GRID_ROW;
const MATRIX_HEAD: f32 = 16.0;
const MATRIX_ROW: f32 = 13.5;
const TOTALS_TOP: f32 = MATRIX_TOP + MATRIX_HEAD + 3.0 * MATRIX_ROW;
const TABLE_BOTTOM: f32 = TOTALS_TOP + 14.0;
/// Width of the row labels; of it the cell beside two rows.
const ROW_LABELS: f32 = 51.0;
const NOT_FUND_WIDTH: f32 = 23.0;
const COLUMN: f32 = (WIDTH - ROW_LABELS) / 6.0;
const FOOT_TOP: f32 = TABLE_BOTTOM + 2.0;
const NOTES_TOP: f32 = FOOT_TOP + 10.0;
const NOTE_LINE: f32 = 5.5;
const REMARKS_TOP: f32 = NOTES_TOP + 2.0 * NOTE_LINE + 1.5;
const REMARKS_HEIGHT: f32 = 12.0;
const SIGNATURE_TOP: f32 = 184.0;
const SMALL_PRINT_TOP: f32 = 196.0;

const FRAME_PT: f32 = 1.0;
const RULE_PT: f32 = 0.5;

const TITLE: Style = Style::new(20.0, 12.0, Align::Centre).one_line().bold();
const LABEL: Style = Style::new(10.5, 8.0, Align::Centre);
const ENTRY: Style = Style::new(10.5, 6.5, Align::Centre);
const LINE_LABEL: Style = Style::new(10.0, 8.0, Align::Left).one_line();
const LINE_ENTRY: Style = Style::new(10.0, 6.5, Align::Left);
const AMOUNT: Style = Style::new(11.0, 7.0, Align::Right).one_line();
const NOTE: Style = Style::new(9.0, 6.5, Align::Left);
const SMALL: Style = Style::new(7.5, 5.5, Align::Left).one_line();

/// The copies the data asks for, a page each.
pub(crate) fn pages(data: &Annex10, faces: &Faces<'_>) -> Result<Vec<Page>, RenderError> {
    refuse_empty(data)?;
    let copies = match &data.issue {
        Issue::FirstPair => vec![CopyFor::Institution, CopyFor::Worker],
        Issue::Reprint { copy_for, .. } => vec![*copy_for],
    };
    copies
        .into_iter()
        .map(|copy_for| {
            let mut sheet = Sheet {
                page: Page::a4_landscape(),
                faces,
            };
            sheet.title(data, copy_for)?;
            sheet.institution_line(data)?;
            sheet.grid(data)?;
            sheet.matrix(data)?;
            sheet.totals(data)?;
            sheet.foot(data)?;
            sheet.notes(data)?;
            sheet.small_print(data)?;
            Ok(sheet.page)
        })
        .collect()
}

/// A sheet without these is none: nobody could say whose money it is about, or how much.
fn refuse_empty(data: &Annex10) -> Result<(), RenderError> {
    let amounts = |row: &Amounts| amounts_in_order(row).map(str::to_owned);
    let needed = [
        (w::TITLE, &data.title),
        (w::INSTITUTION_NAME, &data.institution.name),
        (w::NAME, &data.grid.name),
        (w::SOCIAL_SECURITY_NUMBER, &data.grid.social_security_number),
        (w::SETTLED_AT, &data.grid.settled_at),
        (w::TOTAL, &data.totals.total),
        (w::FUND, &data.totals.fund),
        (w::PERSONAL, &data.totals.personal),
        (w::PRINTED_ON, &data.foot.printed_on),
        (w::SETTLEMENT_NUMBER, &data.settlement_number),
    ];
    let empty_amount = [
        (w::FUND, &data.matrix.fund),
        (w::SELF_PAY, &data.matrix.self_pay),
        (w::OTHER, &data.matrix.other),
    ]
    .into_iter()
    .find(|(_, row)| amounts(row).iter().any(|amount| amount.trim().is_empty()))
    .map(|(field, _)| field);
    let empty_entry = needed
        .into_iter()
        .find(|(_, entry)| entry.trim().is_empty())
        .map(|(field, _)| field);
    match empty_entry.or(empty_amount) {
        Some(field) => Err(RenderError::Empty { field }),
        None => Ok(()),
    }
}

fn amounts_in_order(row: &Amounts) -> [&str; 6] {
    [
        &row.drug,
        &row.treatment,
        &row.inpatient_service,
        &row.rehabilitation,
        &row.assistive_device,
        &row.total,
    ]
}

struct Sheet<'f> {
    page: Page,
    faces: &'f Faces<'f>,
}

impl Sheet<'_> {
    /// Sets an entry; `field` is what an error names it by.
    fn put(
        &mut self,
        field: &'static str,
        text: &str,
        area: Area,
        style: Style,
    ) -> Result<(), RenderError> {
        set(&mut self.page, self.faces, (field, text), area, style)
    }

    /// Sets one of the form's own words.
    fn word(&mut self, word: &'static str, area: Area, style: Style) -> Result<(), RenderError> {
        self.put(word, word, area, style)
    }

    /// `标签：值` on a line without ruling.
    fn labelled(
        &mut self,
        label: &'static str,
        entry: &str,
        area: Area,
    ) -> Result<(), RenderError> {
        let with_colon = format!("{label}：");
        let size_pt = LINE_LABEL.size_pt;
        let label_width = width_mm(self.faces, (label, &with_colon), size_pt)?;
        self.put(label, &with_colon, area, LINE_LABEL)?;
        let rest = Area {
            left: area.left + label_width,
            width: area.width - label_width,
            ..area
        };
        self.put(label, entry, rest, LINE_ENTRY)
    }

    fn title(&mut self, data: &Annex10, copy_for: CopyFor) -> Result<(), RenderError> {
        let area = Area::new(LEFT + 48.0, TITLE_TOP, WIDTH - 96.0, 10.0);
        self.put(w::TITLE, &data.title, area, TITLE)?;
        let copy = match copy_for {
            CopyFor::Institution => w::COPY_INSTITUTION,
            CopyFor::Worker => w::COPY_WORKER,
        };
        let style = Style::new(10.5, 8.0, Align::Centre).one_line();
        match &data.issue {
            Issue::FirstPair => {
                let mark = Area::new(RIGHT - 27.0, TITLE_TOP + 1.5, 27.0, 7.5);
                self.page.frame(mark, RULE_PT);
                self.word(copy, mark, style)
            }
            Issue::Reprint {
                printed_at,
                printed_by,
                ..
            } => {
                let again = Area::new(RIGHT - 41.0, TITLE_TOP - 4.0, 14.0, 7.5);
                self.page.frame(again, FRAME_PT);
                self.word(w::REPRINT, again, style.bold())?;
                let mark = Area::new(RIGHT - 27.0, TITLE_TOP - 4.0, 27.0, 7.5);
                self.page.frame(mark, RULE_PT);
                self.word(copy, mark, style)?;
                let small = Style::new(8.0, 6.0, Align::Left);
                let when = Area::new(RIGHT - 41.0, TITLE_TOP + 4.0, 41.0, 5.0);
                self.put(
                    w::REPRINTED_AT,
                    &format!("{}{printed_at}", w::REPRINTED_AT),
                    when,
                    small,
                )?;
                let who = Area::new(RIGHT - 41.0, TITLE_TOP + 8.5, 41.0, 6.5);
                self.put(
                    w::REPRINTED_BY,
                    &format!("{}{printed_by}", w::REPRINTED_BY),
                    who,
                    small,
                )
            }
        }
    }

    fn institution_line(&mut self, data: &Annex10) -> Result<(), RenderError> {
        let area = |left: f32, width: f32| Area::new(LEFT + left, HEAD_TOP, width, 10.0);
        let institution = &data.institution;
        self.labelled(w::INSTITUTION_NAME, &institution.name, area(0.0, 91.0))?;
        self.labelled(w::INSTITUTION_PLACE, &institution.place, area(94.0, 44.0))?;
        self.labelled(w::INSTITUTION_GRADE, &institution.grade, area(141.0, 34.0))?;
        self.labelled(
            w::REGISTRATION_NUMBER,
            &data.registration_number,
            area(178.0, 64.0),
        )?;
        self.word(
            w::UNIT,
            area(243.0, 24.0),
            Style {
                align: Align::Right,
                ..LINE_LABEL
            },
        )
    }

    fn grid(&mut self, data: &Annex10) -> Result<(), RenderError> {
        let grid = &data.grid;
        let rows: [[(&'static str, &str); 4]; 3] = [
            [
                (w::NAME, &grid.name),
                (w::PERSON_CATEGORY, &grid.person_category),
                (w::INSURED_PLACE, &grid.insured_place),
                (w::SOCIAL_SECURITY_NUMBER, &grid.social_security_number),
            ],
            [
                (w::BENEFIT_CATEGORY, &grid.benefit_category),
                (w::BUSINESS_CATEGORY, &grid.business_category),
                (w::SETTLED_AT, &grid.settled_at),
                (w::DEPARTMENT, &grid.department),
            ],
            [
                (w::INPATIENT_NUMBER, &grid.inpatient_number),
                (w::ADMITTED_AT, &grid.admitted_at),
                (w::DISCHARGED_AT, &grid.discharged_at),
                (w::DAYS, &grid.days),
            ],
        ];
        // Label and entry of each of the four columns; together the width of the table.
        let widths = [(20.0, 47.0), (20.0, 40.0), (20.0, 46.0), (27.0, 47.0)];
        let mut top = GRID_TOP;
        for row in rows {
            let mut left = LEFT;
            for ((field, entry), (label_width, entry_width)) in row.into_iter().zip(widths) {
                let label = Area::new(left, top, label_width, GRID_ROW);
                self.word(field, label.padded(1.0), LABEL)?;
                let cell = Area::new(left + label_width, top, entry_width, GRID_ROW);
                self.put(field, entry, cell.padded(1.5), ENTRY)?;
                left += label_width + entry_width;
                if left < RIGHT {
                    self.down(left, top, GRID_ROW);
                }
                self.down(cell.left, top, GRID_ROW);
            }
            top += GRID_ROW;
            self.across(LEFT, top);
        }
        let table = Area::new(LEFT, GRID_TOP, WIDTH, TABLE_BOTTOM - GRID_TOP);
        self.page.frame(table, FRAME_PT);
        Ok(())
    }

    fn matrix(&mut self, data: &Annex10) -> Result<(), RenderError> {
        self.matrix_head()?;
        let rows = [
            (w::FUND, &data.matrix.fund, 0.0),
            (w::SELF_PAY, &data.matrix.self_pay, NOT_FUND_WIDTH),
            (w::OTHER, &data.matrix.other, NOT_FUND_WIDTH),
        ];
        let mut top = MATRIX_TOP + MATRIX_HEAD;
        let beside_two = Area::new(LEFT, top + MATRIX_ROW, NOT_FUND_WIDTH, 2.0 * MATRIX_ROW);
        self.word(w::NOT_FUND, beside_two.padded(1.5), LABEL)?;
        self.down(LEFT + NOT_FUND_WIDTH, beside_two.top, beside_two.height);
        for (field, amounts, indent) in rows {
            let label = Area::new(LEFT + indent, top, ROW_LABELS - indent, MATRIX_ROW);
            self.word(field, label.padded(1.5), LABEL)?;
            let mut left = LEFT + ROW_LABELS;
            for amount in amounts_in_order(amounts) {
                let cell = Area::new(left, top, COLUMN, MATRIX_ROW);
                self.put(field, amount, cell.padded(2.0), AMOUNT)?;
                self.down(left, top, MATRIX_ROW);
                left += COLUMN;
            }
            top += MATRIX_ROW;
            self.across(
                if field == w::SELF_PAY {
                    LEFT + indent
                } else {
                    LEFT
                },
                top,
            );
        }
        Ok(())
    }

    /// The diagonal cell 项目 / 费别 and the six columns' names.
    fn matrix_head(&mut self) -> Result<(), RenderError> {
        let corner = Area::new(LEFT, MATRIX_TOP, ROW_LABELS, MATRIX_HEAD);
        let bottom = MATRIX_TOP + MATRIX_HEAD;
        self.page
            .rule((LEFT, MATRIX_TOP), (LEFT + ROW_LABELS, bottom), RULE_PT);
        let half = MATRIX_HEAD / 2.0;
        let above = Area {
            height: half,
            ..corner
        }
        .padded(6.0);
        let below = Area {
            top: MATRIX_TOP + half,
            height: half,
            ..corner
        }
        .padded(6.0);
        self.word(
            w::ITEM,
            above,
            Style {
                align: Align::Right,
                ..LABEL
            },
        )?;
        self.word(
            w::CATEGORY,
            below,
            Style {
                align: Align::Left,
                ..LABEL
            },
        )?;
        let names = [
            w::DRUG,
            w::TREATMENT,
            w::INPATIENT_SERVICE,
            w::REHABILITATION,
            w::ASSISTIVE_DEVICE,
            w::TOTAL,
        ];
        let mut left = LEFT + ROW_LABELS;
        for name in names {
            let cell = Area::new(left, MATRIX_TOP, COLUMN, MATRIX_HEAD);
            self.word(name, cell.padded(1.5), LABEL)?;
            self.down(left, MATRIX_TOP, MATRIX_HEAD);
            left += COLUMN;
        }
        self.across(LEFT, bottom);
        Ok(())
    }

    fn totals(&mut self, data: &Annex10) -> Result<(), RenderError> {
        let height = TABLE_BOTTOM - TOTALS_TOP;
        let label = Area::new(LEFT, TOTALS_TOP, ROW_LABELS, height);
        self.word(w::TOTAL, label, LABEL)?;
        self.down(LEFT + ROW_LABELS, TOTALS_TOP, height);
        let totals = &data.totals;
        let sentence = [
            w::THIS_TIME,
            &totals.total,
            w::OF_WHICH_FUND,
            &totals.fund,
            w::OF_WHICH_PERSONAL,
            &totals.personal,
            w::END_OF_TOTALS,
        ]
        .concat();
        let cell = Area::new(LEFT + ROW_LABELS, TOTALS_TOP, WIDTH - ROW_LABELS, height);
        self.put(
            w::TOTAL,
            &sentence,
            cell.padded(4.0),
            Style::new(11.0, 7.0, Align::Left).one_line(),
        )
    }

    fn foot(&mut self, data: &Annex10) -> Result<(), RenderError> {
        let foot = &data.foot;
        let entries = [
            (w::CASHIER, &foot.cashier),
            (w::REVIEWER, &foot.reviewer),
            (w::PREPARER, &foot.preparer),
            (w::PRINTED_ON, &foot.printed_on),
        ];
        let mut left = LEFT;
        for (label, entry) in entries {
            self.labelled(label, entry, Area::new(left, FOOT_TOP, 62.0, 9.0))?;
            left += WIDTH / 4.0;
        }
        Ok(())
    }

    fn notes(&mut self, data: &Annex10) -> Result<(), RenderError> {
        let line = |top: f32| Area::new(LEFT, top, WIDTH, NOTE_LINE);
        self.word(w::NOTE_1, line(NOTES_TOP), NOTE.one_line())?;
        let indent = width_mm(self.faces, (w::NOTES, w::NOTES), NOTE.size_pt)?;
        let second = line(NOTES_TOP + NOTE_LINE);
        let second = Area {
            left: LEFT + indent,
            width: WIDTH - indent,
            ..second
        };
        self.word(w::NOTE_2, second, NOTE.one_line())?;
        if !data.remarks.is_empty() {
            let text = [w::REMARKS, &data.remarks.concat()].concat();
            let area = Area::new(LEFT, REMARKS_TOP, WIDTH, REMARKS_HEIGHT);
            self.put(w::REMARKS, &text, area, NOTE.at_top())?;
        }
        let signature = Area::new(RIGHT - 92.0, SIGNATURE_TOP, 92.0, 8.0);
        self.word(w::SIGNATURE, signature, LINE_LABEL)?;
        let after = LEFT + WIDTH - 58.0;
        self.page.rule(
            (after, SIGNATURE_TOP + 6.8),
            (RIGHT, SIGNATURE_TOP + 6.8),
            RULE_PT,
        );
        Ok(())
    }

    fn small_print(&mut self, data: &Annex10) -> Result<(), RenderError> {
        let number = format!("{}：{}", w::SETTLEMENT_NUMBER, data.settlement_number);
        let area = Area::new(LEFT, SMALL_PRINT_TOP, 90.0, 5.0);
        self.put(w::SETTLEMENT_NUMBER, &number, area, SMALL)?;
        if data.journal_head.trim().is_empty() {
            return Ok(());
        }
        let head = format!("{}：{}", w::JOURNAL_HEAD, data.journal_head);
        let area = Area::new(LEFT + 95.0, SMALL_PRINT_TOP, WIDTH - 95.0, 5.0);
        self.put(
            w::JOURNAL_HEAD,
            &head,
            area,
            Style {
                align: Align::Right,
                ..SMALL
            },
        )
    }

    /// A line down from `top`.
    fn down(&mut self, left: f32, top: f32, height: f32) {
        self.page.rule((left, top), (left, top + height), RULE_PT);
    }

    /// A line from `left` to the table's right edge.
    fn across(&mut self, left: f32, top: f32) {
        self.page.rule((left, top), (RIGHT, top), RULE_PT);
    }
}
