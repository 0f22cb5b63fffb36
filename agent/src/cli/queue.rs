//! `queue`: what is still to be uploaded, what hinders that, and what a person does about a message that cannot go on by itself.

use clap::{Args, Subcommand};

use super::ground::{self, Configured};
use crate::doors::console::client::{Client, RemedyLine};
use crate::doors::upload_wire::UploadWire;
use crate::wording::commands;
use crate::wording::notice::Notice;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Queue {
    #[command(flatten)]
    configured: Configured,
    #[command(subcommand)]
    remedy: Option<Remedy>,
}

#[derive(Debug, Subcommand)]
enum Remedy {
    /// Send a message that waits for a person once more, unchanged: what was wrong has been mended at the province.
    SendAgain(SendAgain),
    /// Do not send a message that waits for a person any more: the agency has it. This is final.
    TakenByHand(TakenByHand),
}

#[derive(Debug, Args)]
struct SendAgain {
    /// The message's identifier, as `queue` lists it.
    message: String,
    /// What was mended, and with whom it was agreed; kept in the journal.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    configured: Configured,
}

#[derive(Debug, Args)]
struct TakenByHand {
    /// The message's identifier, as `queue` lists it.
    message: String,
    /// The number that the agency gave the matter.
    #[arg(long)]
    reference: String,
    /// Why it could not go up, and who took it in; kept in the journal.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(queue: Queue) -> Result<(), Notice> {
    match queue.remedy {
        None => list(&queue.configured),
        Some(Remedy::SendAgain(again)) => {
            remedy(&again.configured, &again.message, again.reason, None)
        }
        Some(Remedy::TakenByHand(taken)) => remedy(
            &taken.configured,
            &taken.message,
            taken.reason,
            Some(taken.reference),
        ),
    }
}

fn list(configured: &Configured) -> Result<(), Notice> {
    let settings = ground::settings(&configured.config)?;
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let uploads = uploads(&client).await?;
        let troubles = client.troubles().await;
        for trouble in troubles.map_err(|error| Notice::from(&error))? {
            ground::say(std::io::stdout(), &trouble.to_string());
        }
        if uploads.is_empty() {
            ground::say(std::io::stdout(), "没有待上传的记录。");
        }
        for upload in &uploads {
            ground::say(std::io::stdout(), &line(upload));
        }
        if uploads.iter().any(|upload| upload.needs_a_person) {
            ground::say(std::io::stdout(), WHAT_TO_DO);
        }
        Ok(())
    })
}

const WHAT_TO_DO: &str = "被平台退回的、平台不答复是否收到的、平台已收到而本机没有办完的，请与经办机构核对后登记处理结果：
  平台已改好或没有收到，原样重新上传：settlement-agent queue send-again 报文标识 --reason 原因
  经办机构已收到或人工录入，不再上传：settlement-agent queue taken-by-hand 报文标识 --reference 受理编号 --reason 原因";

fn remedy(
    configured: &Configured,
    message: &str,
    reason: String,
    reference: Option<String>,
) -> Result<(), Notice> {
    let settings = ground::settings(&configured.config)?;
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let open = uploads(&client).await?;
        let found = open
            .iter()
            .find(|upload| upload.message_id == message)
            .ok_or_else(|| commands::not_listed(message))?;
        let said = RemedyLine {
            attempts: found.attempts,
            reference,
            reason,
        };
        let after = client
            .remedy(&found.message_id, &said)
            .await
            .map_err(|error| Notice::from(&error))?;
        ground::say(
            std::io::stdout(),
            &format!(
                "已登记：{}  {}  {}",
                after.message_id, after.what, after.say
            ),
        );
        Ok(())
    })
}

async fn uploads(client: &Client) -> Result<Vec<UploadWire>, Notice> {
    client.uploads().await.map_err(|error| Notice::from(&error))
}

fn line(upload: &UploadWire) -> String {
    let left = if upload.left_s < 0 {
        format!("已超时 {} 分钟", -upload.left_s / 60)
    } else {
        format!("剩余 {} 分钟", upload.left_s / 60)
    };
    format!(
        "{}  {}  {}  已尝试 {} 次  {}",
        upload.message_id, upload.what, left, upload.attempts, upload.say
    )
}
