//! The ways out of networks by AWS's identifiers, as far as they are known.

use foldhash::HashMap;

use crate::reach::{NetworkAt, UnreadAt};

/// Where the ways are in the facts, by AWS's identifiers.
#[derive(Default)]
pub(super) struct Ways {
    /// The position of a NAT gateway; `None`: it is gone or not yet there.
    pub(super) translators: HashMap<String, Option<usize>>,
    pub(super) peerings: HashMap<String, Peer>,
    /// By the gateway and the network.
    pub(super) attachments: HashMap<(String, NetworkAt), usize>,
    /// By the identifier of the attachment.
    pub(super) by_id: HashMap<String, usize>,
    /// By the identifier of the table.
    pub(super) tables: HashMap<String, usize>,
}

/// What a peering is.
pub(super) enum Peer {
    /// Not active: nothing passes.
    Closed,
    Between(usize),
    /// One side is not read.
    Beyond(UnreadAt),
}
