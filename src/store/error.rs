//! The errors of the records and of the lease.

use serde::Serialize;
use tokaido_derive::Reason;

use crate::model::Environment;
use crate::model::reason::{Deed, Trouble};
use crate::world::{Changed, ProviderError};

/// Why the store could not be read or written.
#[derive(Debug, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum StoreError {
    #[en("cannot {deed} {path}: {source}")]
    #[ja("{path} の{deed}に失敗しました: {source}")]
    Io { deed: Deed, path: String, source: Trouble },
    #[en(
        "{path} cannot be read: {reason}; restore it from the bucket's version history or a backup of the folder, because tokaido cannot know what it says"
    )]
    #[ja(
        "{path} の内容が壊れています（{reason}）。何が記録されていたか分からないため、バケットのバージョン履歴かフォルダーのバックアップから復元してください"
    )]
    Damaged { path: String, reason: String },
    #[en(
        "{path} is missing, and later records are there; restore it from the bucket's version history or a backup of the folder, because tokaido cannot know what it said"
    )]
    #[ja(
        "{path} がありませんが、その後の記録はあります。内容が分からないため、バケットのバージョン履歴かフォルダーのバックアップから復元してください"
    )]
    Missing { path: String },
    #[en(
        "S3 answered for {path} without an ETag, so tokaido cannot write it without the risk of replacing what another process wrote; correct `store.bucket`, or the endpoint that answers in place of S3"
    )]
    #[ja(
        "{path} に対する S3 の応答に ETag がありません。ほかの処理が書いた内容を上書きするおそれがあるため、書き込めません。`store.bucket` か、S3 の代わりに応答しているエンドポイントを直してください"
    )]
    NoVersion { path: String },
    #[en("others write the {what} in {place} all the time; run the same command again")]
    #[ja("{place} の{what}にほかからの書き込みが続いています。同じコマンドをもう一度実行してください")]
    Contested { what: Contested, place: String },
    #[en(
        "the bucket {bucket} of {environment} does not exist; `tokaido bootstrap {environment}` makes it, or correct `store.bucket`"
    )]
    #[ja(
        "{environment} のバケット {bucket} が存在しません。`tokaido bootstrap {environment}` で作成するか、`store.bucket` を直してください"
    )]
    NoBucket { bucket: String, environment: Environment },
    #[en(
        "S3 does not let us use the bucket {bucket}: it does not belong to {account}, or the role may not use it. Correct `store.bucket` (another AWS account may have taken the name), or allow {operation} (docs/permissions.md). S3 says: {says}"
    )]
    #[ja(
        "S3 がバケット {bucket} の使用を許可しません。{account} のものではないか、ロールに権限がありません。`store.bucket` を直すか（同じ名前を別の AWS アカウントが使っていることがあります）、{operation} を許可してください (docs/permissions.md)。S3 の応答: {says}"
    )]
    Refused { bucket: String, account: String, operation: String, says: String },
    #[en("{error}")]
    #[ja("{error}")]
    Provider { error: Box<ProviderError> },
}

/// What several processes write at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
#[serde(rename_all = "kebab-case")]
pub enum Contested {
    #[en("records")]
    #[ja("記録")]
    Records,
    #[en("lease")]
    #[ja("リース")]
    Lease,
    #[en("sightings")]
    #[ja("監視の記録")]
    Sightings,
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io { source, .. } = self { Some(&source.0) } else { None }
    }
}

impl StoreError {
    /// The error when S3 knows the bucket and does not let this caller use it. `account`: the twelve digits that must own it.
    #[must_use]
    pub fn refused(bucket: String, account: String, error: &ProviderError) -> Self {
        Self::Refused { bucket, account, operation: error.operation.clone(), says: error.to_string() }
    }

    /// Whether the operator must put something right first. Nothing was changed.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::NoBucket { .. } | Self::Refused { .. })
    }

    /// Whether the record or lease that was to be written may be written all the same.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        match self {
            Self::Provider { error } => error.changed == Changed::Maybe,
            Self::NoVersion { .. } => true,
            _ => false,
        }
    }
}
