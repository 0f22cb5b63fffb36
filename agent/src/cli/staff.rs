//! `staff`: the list of people, kept by root: the first administrator, a lost password.

use clap::{Args, Subcommand};

use super::ground::{self, Configured};
use crate::doors::console::client::Client;
use crate::doors::console::staff::{StaffAct, StaffLine};
use crate::wording::notice::Notice;
use crate::wording::staff as words;

#[derive(Debug, Args)]
pub(super) struct Staff {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Who is on the list.
    List(Configured),
    /// Add a person, and show the password to hand out.
    Add(Add),
    /// Show another password to hand out; a person who was disabled is let in again.
    Reset(Numbered),
    /// Let a person in no more.
    Disable(Numbered),
}

#[derive(Debug, Args)]
struct Add {
    /// The staff number.
    number: String,
    /// The name, as slips print it.
    #[arg(long)]
    name: String,
    /// What they may do, with commas between.
    #[arg(long, value_delimiter = ',', required = true)]
    roles: Vec<String>,
    #[command(flatten)]
    configured: Configured,
}

#[derive(Debug, Args)]
struct Numbered {
    /// The staff number.
    number: String,
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(staff: Staff) -> Result<(), Notice> {
    match staff.act {
        Act::List(configured) => list(&configured),
        Act::Add(add) => {
            let roles = add.roles.iter().map(|word| words::role_called(word));
            let roles = roles.collect::<Result<Vec<_>, _>>()?;
            let act = StaffAct::Add {
                number: add.number.clone(),
                name: add.name,
                roles: roles.iter().map(|role| role.name().to_owned()).collect(),
            };
            keep(&add.configured, &add.number, "已增加", &act)
        }
        Act::Reset(person) => {
            let number = person.number.clone();
            let act = StaffAct::Reset { number };
            keep(&person.configured, &person.number, "已重置", &act)
        }
        Act::Disable(person) => {
            let number = person.number.clone();
            let act = StaffAct::Disable { number };
            keep(&person.configured, &person.number, "已停用", &act)
        }
    }
}

fn list(configured: &Configured) -> Result<(), Notice> {
    let settings = ground::settings(&configured.config)?;
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let people = client.staff().await;
        let people = people.map_err(|error| Notice::from(&error))?;
        if people.is_empty() {
            ground::say(std::io::stdout(), "没有设置人员，页面按本机账户办理。");
        }
        for person in &people {
            ground::say(std::io::stdout(), &line(person));
        }
        Ok(())
    })
}

fn line(person: &StaffLine) -> String {
    let roles: Vec<_> = person
        .roles
        .iter()
        .map(|role| words::role_named(role))
        .collect();
    let disabled = if person.disabled { "  已停用" } else { "" };
    format!(
        "{}  {}  {}{disabled}",
        person.number,
        person.name,
        roles.join("、")
    )
}

fn keep(configured: &Configured, number: &str, done: &str, act: &StaffAct) -> Result<(), Notice> {
    let settings = ground::settings(&configured.config)?;
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let kept = client.keep_staff(act).await;
        let kept = kept.map_err(|error| Notice::from(&error))?;
        ground::say(std::io::stdout(), &format!("{done}：{number}"));
        if let Some(password) = kept.password {
            let say = format!(
                "一次性密码：{password}\n只显示这一次，请当面交给本人；本人登录后须先定自己的密码。"
            );
            ground::say(std::io::stdout(), &say);
        }
        Ok(())
    })
}
