//! `queue`: what is still to be uploaded.

use std::path::Path;

use crate::console::client::{Client, UploadLine};
use crate::notice::Notice;

pub(super) fn run(config: &Path) -> Result<(), Notice> {
    let settings = super::settings(config)?;
    super::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let uploads = client
            .uploads()
            .await
            .map_err(|error| Notice::from(&error))?;
        if uploads.is_empty() {
            super::say(std::io::stdout(), "没有待上传的记录。");
        }
        for upload in &uploads {
            super::say(std::io::stdout(), &line(upload));
        }
        Ok(())
    })
}

fn line(upload: &UploadLine) -> String {
    let left = if upload.left_s < 0 {
        format!("已超时 {} 分钟", -upload.left_s / 60)
    } else {
        format!("剩余 {} 分钟", upload.left_s / 60)
    };
    format!(
        "{}  {}  {}  已尝试 {} 次  {}",
        upload.message_id, upload.what, left, upload.attempts, upload.state
    )
}
