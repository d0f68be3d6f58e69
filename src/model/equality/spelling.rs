//! The ways of writing a text that mean the same, each with its source.

use std::borrow::Cow;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{schedule, zone};
use crate::model::name::Name;

/// In which ways a text may be written that mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Without regard to ASCII case: RDS's names (`AmazonRDS/latest/APIReference/API_CreateDBInstance.html`: stored in lower case).
    Case,
    /// A backup or maintenance window of RDS, `sat:20:00-sat:20:30` (`AmazonRDS/latest/APIReference/API_ModifyDBInstance.html`).
    Window,
    /// A cron expression: see [`schedule`].
    Schedule,
    /// The name of a time zone: see [`zone`].
    Zone,
    /// A block of addresses. EC2 clears the bits after the prefix and shortens IPv6 (field notes 5.4,
    /// `AWSEC2/latest/APIReference/API_CreateSubnet.html`). What is no block stays as it is: a group, a prefix list.
    Block,
    /// An IP protocol: EC2 answers with the name for four numbers (`AWSEC2/latest/APIReference/API_IpPermission.html`).
    Protocol,
    /// A time server. The two addresses of Amazon Time Sync are one service (`AWSEC2/latest/UserGuide/set-time.html`, field notes
    /// 13), so either or both are the same clock.
    Clock,
    /// The parameters of a group whose family is this attribute: see [`parameter`].
    Parameters(Name),
}

/// The spellings of an attribute: of the text itself or each item (`""`), or of a field of each element.
pub type Spelled = &'static [(&'static str, Spelling)];

/// Amazon Time Sync's addresses, IPv4 and IPv6.
pub const TIME_SYNC: [&str; 2] = ["169.254.169.123", "fd00:ec2::123"];

impl Spelling {
    /// The text in one form. It is the same for all spellings that mean the same, and its own form.
    #[must_use]
    pub fn form(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Case => folded(text),
            Self::Window => window(text).map_or_else(|| folded(text), Cow::Owned),
            Self::Schedule => schedule::canonical(text).map_or(Cow::Borrowed(text), Cow::Owned),
            Self::Zone => Cow::Borrowed(zone::canonical(text)),
            Self::Block => text.parse::<IpNet>().map_or(Cow::Borrowed(text), |block| Cow::Owned(block.trunc().to_string())),
            Self::Protocol => protocol(text),
            Self::Clock => {
                let address = address(text);
                if address == TIME_SYNC[1] { Cow::Borrowed(TIME_SYNC[0]) } else { address }
            }
            Self::Parameters(_) => Cow::Borrowed(text),
        }
    }

    /// Whether two texts mean the same.
    #[must_use]
    pub fn same(self, one: &str, other: &str) -> bool {
        one == other || self.form(one) == self.form(other)
    }
}

fn folded(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) }
}

fn address(text: &str) -> Cow<'_, str> {
    text.parse::<IpAddr>().map_or(Cow::Borrowed(text), |address| Cow::Owned(address.to_string()))
}

fn protocol(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(match text {
        "-1" => "all",
        "6" => "tcp",
        "17" => "udp",
        "1" => "icmp",
        "58" => "icmpv6",
        other => return folded(other),
    })
}

/// `Sat:20:00 - Sat:20:30` → `sat:20:00-sat:20:30`; `None` for what is no window.
fn window(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect::<String>().to_ascii_lowercase();
    let (from, to) = plain.split_once('-')?;
    let moment = |text: &str| -> Option<String> {
        let (day, time) = match text.split(':').collect::<Vec<_>>()[..] {
            [day, hour, minute] => (format!("{day}:"), [hour, minute]),
            [hour, minute] => (String::new(), [hour, minute]),
            _ => return None,
        };
        let [hour, minute] = time.map(|part| part.parse::<u8>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())));
        Some(format!("{day}{:02}:{:02}", hour?, minute?))
    };
    Some(format!("{}-{}", moment(from)?, moment(to)?))
}
