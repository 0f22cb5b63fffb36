//! The field for codes: a scanner that is a keyboard types here what a serial one would send; it is wiped after use.

use axum::body::Bytes;
use axum::extract::rejection::RawFormRejection;
use axum::extract::{RawForm, State};
use axum::response::Redirect;
use zeroize::{Zeroize as _, Zeroizing};

use super::plain::PageError;
use super::state::Page;

/// Presents the code; what comes of it shows on the desk of the screen that the browser goes back to.
pub(super) async fn present(
    State(page): State<Page>,
    form: Result<RawForm, RawFormRejection>,
) -> Result<Redirect, PageError> {
    let RawForm(body) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    let (code, back) = read(&body);
    wipe(body);
    if !code.trim().is_empty() {
        page.counter.present_typed(&code).await;
    }
    Ok(Redirect::to(&back))
}

/// The code, and the screen that it was typed on.
fn read(body: &[u8]) -> (Zeroizing<String>, String) {
    let (mut code, mut back) = (Zeroizing::new(String::new()), "/".to_owned());
    for (field, value) in form_urlencoded::parse(body) {
        match &*field {
            "code" => code = Zeroizing::new(value.into_owned()),
            "back" if is_a_screen(&value) => back = value.into_owned(),
            _ => {}
        }
    }
    (code, back)
}

/// Whether this is a screen with a desk, and no way to another site.
fn is_a_screen(path: &str) -> bool {
    let visit = path.strip_prefix("/visits/");
    path == "/admission"
        || visit.is_some_and(|number| {
            number
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

/// What the server still holds of the request itself is beyond reach; its body is not.
fn wipe(body: Bytes) {
    if let Ok(mut body) = body.try_into_mut() {
        body.as_mut().zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_to_a_screen_of_ours() {
        for (sent, back) in [
            ("/admission", "/admission"),
            ("/visits/01-0001-000001", "/visits/01-0001-000001"),
            ("//elsewhere.example", "/"),
            ("/visits/../uploads", "/"),
            ("https://elsewhere.example/", "/"),
        ] {
            let body = format!("code=opaque%2Dtoken&back={sent}");
            let (code, to) = read(body.as_bytes());
            assert_eq!((code.as_str(), to.as_str()), ("opaque-token", back));
        }
    }
}
