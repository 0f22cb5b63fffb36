//! Lays out Annex 10 on A4, on its side: where each label, entry and ruling line stands.

use qrcode::{Color, EcLevel, QrCode};

use super::data::{Annex10, CopyFor, Grid, Issue};
use super::sheet::{FRAME_PT, LEFT, LINE_LABEL, RIGHT, RULE_PT, Sheet, WIDTH};
use super::table::TABLE_BOTTOM;
use crate::RenderError;
use crate::fonts::Faces;
use crate::page::{Area, Page};
use crate::typesetting::{Align, Style, width_mm};
use crate::wording as w;

// All in millimetres from the top left corner of the page.
/// What a printer may leave white at each edge, and a binding takes.
const MARGIN: f32 = 12.0;
const TITLE_TOP: f32 = 14.0;
const HEAD_TOP: f32 = 29.0;
const FOOT_TOP: f32 = TABLE_BOTTOM + 2.0;
const NOTES_TOP: f32 = FOOT_TOP + 10.0;
const NOTE_LINE: f32 = 5.5;
const REMARKS_TOP: f32 = NOTES_TOP + 2.0 * NOTE_LINE + 1.5;
const REMARKS_HEIGHT: f32 = 12.0;
const SIGNATURE_TOP: f32 = 183.5;
const SMALL_PRINT_TOP: f32 = 193.0;
/// The side of the square code at the left of the title.
const CODE_SIDE: f32 = 14.0;

const TITLE: Style = Style::new(20.0, 12.0, Align::Centre).one_line().bold();
const NOTE: Style = Style::new(9.0, 6.5, Align::Left);
const SMALL: Style = Style::new(7.5, 5.5, Align::Left).one_line();

/// The copies the data asks for, a page each.
pub(super) fn pages(data: &Annex10, faces: &Faces<'_>) -> Result<Vec<Page>, RenderError> {
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
            sheet.grid(&data.grid)?;
            sheet.matrix(data)?;
            sheet.totals(data)?;
            sheet.foot(data)?;
            sheet.notes(data)?;
            sheet.small_print(data)?;
            sheet.code(data)?;
            Ok(sheet.page)
        })
        .collect()
}

/// Sets the grid on a page that nobody draws.
pub(super) fn try_grid(entries: &Grid, faces: &Faces<'_>) -> Result<(), RenderError> {
    let mut sheet = Sheet {
        page: Page::a4_landscape(),
        faces,
    };
    sheet.grid(entries)
}

/// A sheet without these is none: nobody could say whose money it is about, or how much.
fn refuse_empty(data: &Annex10) -> Result<(), RenderError> {
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
    .find(|(_, row)| row.in_order().iter().any(|amount| amount.trim().is_empty()))
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

impl Sheet<'_> {
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
                let again = Area::new(RIGHT - 41.0, MARGIN, 14.0, 6.5);
                self.page.frame(again, FRAME_PT);
                self.word(w::REPRINT, again, style.bold())?;
                let mark = Area::new(RIGHT - 27.0, MARGIN, 27.0, 6.5);
                self.page.frame(mark, RULE_PT);
                self.word(copy, mark, style)?;
                let small = Style::new(8.0, 6.0, Align::Left);
                let when = Area::new(RIGHT - 41.0, TITLE_TOP + 5.0, 41.0, 4.5);
                self.put(
                    w::REPRINTED_AT,
                    &format!("{}{printed_at}", w::REPRINTED_AT),
                    when,
                    small,
                )?;
                let who = Area::new(RIGHT - 41.0, TITLE_TOP + 9.5, 41.0, 5.5);
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
        self.word(w::UNIT, area(243.0, 24.0), LINE_LABEL.aligned(Align::Right))
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

    /// The settlement's number as a code that a scanner types at the counter.
    fn code(&mut self, data: &Annex10) -> Result<(), RenderError> {
        let field = w::SETTLEMENT_NUMBER;
        let code = QrCode::with_error_correction_level(&data.settlement_number, EcLevel::M)
            .map_err(|_too_long| RenderError::DoesNotFit { field })?;
        let mut top = MARGIN;
        let rows = code.to_colors();
        let rows = rows.chunks(code.width());
        let side = CODE_SIDE
            / f32::from(
                u16::try_from(rows.len()).map_err(|_too_long| RenderError::DoesNotFit { field })?,
            );
        for row in rows {
            let mut left = LEFT;
            // Neighbours are one rectangle: between two of them a printer may leave a white hair.
            for run in row.chunk_by(|one, next| one == next) {
                let width: f32 = run.iter().map(|_module| side).sum();
                if run.contains(&Color::Dark) {
                    self.page.fills.push(Area::new(left, top, width, side));
                }
                left += width;
            }
            top += side;
        }
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
        self.put(w::JOURNAL_HEAD, &head, area, SMALL.aligned(Align::Right))
    }
}
