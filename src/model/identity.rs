//! How AWS identifies a new object of a kind: it invents an identifier, or takes the declared name.

use super::attributes::Attributes;
use super::id::Region;
use super::pairs::Pairs;
use super::shared::Shared;

/// The characters of a UUID.
const UUID: usize = 36;

/// The account and the region in which a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home<'a> {
    /// The account, twelve digits.
    pub account: &'a str,
    /// The region; [`Region::Global`] for a global service.
    pub region: Region,
}

impl Home<'_> {
    /// An ARN of this service: `arn:aws:<service>:<region>:<account>:<rest>`, with an empty region for a global service.
    #[must_use]
    pub fn arn(&self, service: &str, rest: &str) -> String {
        let region = if self.region == Region::Global { "" } else { self.region.code() };
        format!("arn:aws:{service}:{region}:{}:{rest}", self.account)
    }
}

/// How AWS identifies a new object.
#[derive(Debug, Clone, Copy)]
pub enum Identity {
    /// This prefix, a hyphen and 17 hexadecimal digits. The output is `id`.
    Ec2(&'static str),
    /// A UUID, and an ARN of this service that ends in this prefix and the UUID. The outputs are `id` and `arn`.
    Uuid(&'static str, &'static str),
    /// The name in the request, and an ARN of this service that ends in this prefix and the name. The outputs are `name` and
    /// `arn`.
    Named(&'static str, &'static str),
    /// As `Named`, with an ARN that this function makes.
    NamedBy(fn(&Home<'_>, &Attributes) -> String),
}

impl Identity {
    /// Whether AWS takes the declared name, so that the outputs follow from the declaration.
    #[must_use]
    pub const fn is_declared(&self) -> bool {
        matches!(self, Self::Named(..) | Self::NamedBy(_))
    }

    /// Whether AWS may have invented this text as an identifier of an object of the kind.
    #[must_use]
    pub fn is_invented(&self, text: &str) -> bool {
        match self {
            Self::Ec2(prefix) => text.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-')),
            Self::Uuid(service, _) => {
                text.strip_prefix("arn:").map_or(text.len() == UUID, |arn| arn.split(':').nth(1) == Some(service))
            }
            Self::Named(..) | Self::NamedBy(_) => false,
        }
    }

    /// The outputs of the object that a request of this name and these attributes makes; `None` where AWS invents them.
    #[must_use]
    pub fn declared(&self, home: &Home<'_>, name: &str, attributes: &Attributes) -> Option<Pairs> {
        let arn = match self {
            Self::Ec2(_) | Self::Uuid(..) => return None,
            Self::Named(service, prefix) => home.arn(service, &format!("{prefix}{name}")),
            Self::NamedBy(arn) => arn(home, attributes),
        };
        Some(Pairs::from([(Shared::common("name"), Shared::from(name)), (Shared::common("arn"), Shared::from(arn))]))
    }
}
