//! `page`: a one-time link to the counter's page, for the account that asks.

use std::path::Path;

use crate::console::client::Client;
use crate::notice::Notice;

pub(super) fn run(config: &Path) -> Result<(), Notice> {
    let settings = super::settings(config)?;
    super::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let link = client.link().await.map_err(|error| Notice::from(&error))?;
        super::say(std::io::stdout(), &link.url);
        Ok(())
    })
}
