//! Public keys of approvers. Imports `model`.

use schemars::{Schema, json_schema};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, PublicKey};

use crate::desired::said::{Right, ValueFault};
use crate::model::Explained;
use crate::yaml::shown;

use super::{BadScalar, Scalar, scalar};

/// Bits of an RSA modulus: shorter keys are not accepted for new signatures.
const RSA_AT_LEAST: usize = 3072;

/// A public key in OpenSSH's form, without its comment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SshKey(String);

impl SshKey {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scalar for SshKey {
    const EXPECTED: Explained = Explained::new(
        "one line of a public key file (`id_ed25519.pub`): ssh-ed25519, sk-ssh-ed25519@openssh.com, ecdsa-sha2-nistp256, -384, -521, \
         or ssh-rsa of 3072 bits or more",
        "公開鍵ファイル（`id_ed25519.pub`）の一行: ssh-ed25519、sk-ssh-ed25519@openssh.com、ecdsa-sha2-nistp256、-384、-521、または 3072 ビット以上の ssh-rsa",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let Ok(key) = PublicKey::from_openssh(text.trim()) else {
            return Err(BadScalar::new(
                "unsupported-key",
                ValueFault::is_not(shown(text), "a public key in OpenSSH's form", " OpenSSH 形式の公開鍵"),
            ));
        };
        match key.algorithm() {
            Algorithm::Ed25519 | Algorithm::SkEd25519 | Algorithm::Ecdsa { .. } => {}
            Algorithm::Rsa { .. } => {
                let bits = rsa_bits(key.key_data());
                if bits < RSA_AT_LEAST {
                    let refusal = BadScalar::new("weak-key", ValueFault::WeakKey { bits });
                    return Err(refusal.expected(Right::NewKey));
                }
            }
            other => return Err(BadScalar::new("unsupported-key", ValueFault::KeyType { name: other.to_string() })),
        }
        let plain = PublicKey::new(key.key_data().clone(), "").to_openssh();
        plain
            .map(|text| Self(text.trim().to_owned()))
            .map_err(|error| BadScalar::new("unsupported-key", ValueFault::KeyUnread { why: error.to_string() }))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^(ssh-ed25519|sk-ssh-ed25519@openssh\\.com|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/=]+( .*)?$" })
    }
}

fn rsa_bits(key: &KeyData) -> usize {
    let Some(modulus) = key.rsa().and_then(|rsa| rsa.n.as_positive_bytes()) else { return 0 };
    let leading = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    modulus.len() * 8 - leading
}

scalar!(SshKey);
