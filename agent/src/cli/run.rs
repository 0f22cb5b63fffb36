//! `run`: the daemon in the foreground, its log on standard error.

use std::path::Path;

use crate::daemon;
use crate::notice::Notice;

pub(super) fn run(config: &Path) -> Result<(), Notice> {
    super::log_to(std::io::stderr);
    let settings = super::settings(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Notice::new(
                "system",
                format!("程序无法启动：{error}。"),
                "请联系信息科。",
            )
        })?;
    runtime.block_on(daemon::run(settings)).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "stopped");
        Notice::from(&error)
    })
}
