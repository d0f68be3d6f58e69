//! The error of a call. It is classified once, where the call was made.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use tokaido_derive::Reason;

use crate::model::reason::Spoken;
use crate::model::{Language, Reason as _, Region, ResourceId, Unreadable};

use super::clock::{ClockReading, TOLERANCE_SECONDS};

/// What kind of error it is. In JSON the word of [`Self::as_str`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    /// AWS says that the object does not exist.
    NotFound,
    /// An object of this name exists already.
    AlreadyExists,
    /// The caller may not make the call.
    AccessDenied,
    /// The credentials have expired.
    ExpiredCredentials,
    /// AWS refused the time in the signature: this machine's clock is wrong.
    ClockSkew,
    /// AWS limits the number of calls, and this one was too many.
    Throttled,
    /// No connection, no answer in time, or an answer that is not complete.
    Unreachable,
    /// The server showed a certificate that this machine does not trust, so nothing was sent.
    Untrusted,
    /// AWS refused the values.
    Invalid,
    /// The object, or one that it depends on, is busy. The same call may succeed later.
    Busy,
    /// Another object still uses the object.
    InUse,
    /// A quota of the account is exhausted.
    Quota,
    /// The write fence stopped the call: this apply does not hold the lease of the environment any more.
    Fenced,
    /// AWS itself failed (5xx), or its answer cannot be understood.
    Internal,
}

impl ErrorClass {
    /// Every class that a call can end with. `Fenced` is no answer: the call was not made.
    pub const ALL: [Self; 13] = [
        Self::NotFound,
        Self::AlreadyExists,
        Self::AccessDenied,
        Self::ExpiredCredentials,
        Self::ClockSkew,
        Self::Throttled,
        Self::Unreachable,
        Self::Untrusted,
        Self::Invalid,
        Self::Busy,
        Self::InUse,
        Self::Quota,
        Self::Internal,
    ];

    /// Whether such an answer, or none, leaves open what the call did.
    #[must_use]
    pub const fn is_inconclusive(self) -> bool {
        matches!(self, Self::Unreachable | Self::Internal)
    }

    /// The stable word: `expired-credentials`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::AlreadyExists => "already-exists",
            Self::AccessDenied => "access-denied",
            Self::ExpiredCredentials => "expired-credentials",
            Self::ClockSkew => "clock-skew",
            Self::Throttled => "throttled",
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Invalid => "invalid",
            Self::Busy => "busy",
            Self::InUse => "in-use",
            Self::Quota => "quota",
            Self::Fenced => "fenced",
            Self::Internal => "internal",
        }
    }
}

/// Whether the failed call may have changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Changed {
    /// It changed nothing.
    No,
    /// The request was sent and no answer says what it did.
    Maybe,
    /// A driver had done a part of its work before this call failed.
    Partly,
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct ProviderError {
    /// What kind of error it is.
    pub class: ErrorClass,
    /// The operation as AWS names it: `rds:CreateDBInstance`.
    pub operation: String,
    /// The object that the call was about.
    pub resource: String,
    /// The ARN that made the call, where it is known.
    pub principal: Option<String>,
    /// AWS's id of the request, where AWS answered with one.
    pub request_id: Option<String>,
    /// AWS's own code of the error.
    pub code: Option<String>,
    /// The HTTP status of AWS's answer, where one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// AWS's own message.
    pub message: String,
    /// Whether the call may have changed something.
    pub changed: Changed,
    /// This machine's clock and AWS's, where the answer told the time. Said only of [`ErrorClass::ClockSkew`].
    #[serde(skip_serializing_if = "agrees")]
    pub clock: Option<Box<ClockReading>>,
}

/// A reading that says nothing about why a call failed.
#[expect(clippy::ref_option, reason = "serde gives the field")]
fn agrees(clock: &Option<Box<ClockReading>>) -> bool {
    clock.as_ref().is_none_or(|clock| clock.agrees_within(TOLERANCE_SECONDS))
}

impl ProviderError {
    /// An error of these parts that changed nothing and has no code, caller or request id.
    #[must_use]
    pub fn new(class: ErrorClass, operation: &str, resource: &str, message: impl Into<String>) -> Self {
        Self {
            class,
            operation: operation.to_owned(),
            resource: resource.to_owned(),
            principal: None,
            request_id: None,
            code: None,
            status: None,
            message: message.into(),
            changed: Changed::No,
            clock: None,
        }
    }

    /// What a person does next.
    #[must_use]
    pub fn next(&self) -> Advice {
        match self.class {
            // The number of minutes and whether they are left differ from call to call, so a plan never says this.
            ErrorClass::ClockSkew if self.clock.is_some() && agrees(&self.clock) => Advice::RunAgain,
            _ => self.next_for(Principal(self.principal.clone())),
        }
    }

    /// How far this machine's clock is from AWS's, where that is why the call was refused.
    #[must_use]
    pub fn skew(&self) -> Option<ClockReading> {
        self.clock.as_deref().copied().filter(|_| self.class == ErrorClass::ClockSkew)
    }

    /// The error of a read, in two forms. A plan holds only class and code, because its bytes are the same for every caller.
    /// Reports for people hold AWS's own message, which names the caller and the request.
    #[must_use]
    pub fn unreadable(&self, kind: &str, region: Region, physical: Option<&str>, id: Option<ResourceId>) -> Unreadable {
        let code = self.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
        Unreadable {
            kind: kind.to_owned(),
            region,
            physical: physical.map(str::to_owned),
            id,
            operation: self.operation.clone(),
            error: format!("{}{code}; next: {}", self.class.as_str(), self.alike().next_for(Principal(None))),
            unanswered: None,
            told: format!("{self}; next: {}", self.next()),
        }
    }

    /// The same without what differs from caller to caller.
    fn alike(&self) -> Self {
        Self { code: self.code.clone(), ..Self::new(self.class, &self.operation, "", "") }
    }

    /// Which policy AWS names in its message ("Troubleshoot access denied error messages", the IAM user guide).
    fn denied_by(&self) -> DeniedBy {
        let says = |words: &str| self.message.contains(words);
        match (says("resource-based policy"), says("identity-based policy")) {
            (true, false) => DeniedBy::Resource,
            (false, true) => DeniedBy::Identity,
            _ => DeniedBy::Unsaid,
        }
    }

    /// Whether AWS knows the access key and got another signature than it computed.
    fn wrongly_signed(&self) -> bool {
        matches!(self.code.as_deref(), Some("InvalidSignatureException" | "SignatureDoesNotMatch"))
    }

    fn next_for(&self, principal: Principal) -> Advice {
        match self.class {
            ErrorClass::AccessDenied => {
                let operation = self.operation.clone();
                match (PolicyOf::resource(&operation), self.denied_by()) {
                    (Some(policy), DeniedBy::Resource) => Advice::AllowInPolicy { operation, principal, policy },
                    (Some(policy @ PolicyOf::Key), DeniedBy::Unsaid) if one_key(&operation) => {
                        Advice::AllowInBoth { operation, principal, policy }
                    }
                    _ => Advice::Allow { operation, principal },
                }
            }
            ErrorClass::ExpiredCredentials if self.wrongly_signed() => Advice::CorrectTheSecret,
            ErrorClass::ExpiredCredentials => Advice::RenewCredentials,
            ErrorClass::ClockSkew => Advice::SetTheClock,
            ErrorClass::Throttled => Advice::WaitAMinute,
            ErrorClass::Unreachable => Advice::CheckTheNetwork,
            ErrorClass::Untrusted => Advice::TrustTheCertificate,
            ErrorClass::Quota => Advice::AskForQuota,
            ErrorClass::AlreadyExists => Advice::FindOutWhose,
            ErrorClass::Busy => Advice::WaitForAws,
            ErrorClass::InUse => Advice::RemoveUsersFirst,
            ErrorClass::NotFound => Advice::PlanAgain,
            ErrorClass::Invalid => Advice::CorrectTheValue,
            ErrorClass::Fenced => Advice::WaitForTheOther,
            ErrorClass::Internal => Advice::AskAws,
        }
    }
}

/// What a person does about a failed call.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Advice {
    #[en("allow {operation} for {principal} (docs/permissions.md), or use a role that has it")]
    #[ja("{principal}に {operation} を許可するか (docs/permissions.md)、許可されたロールを使ってください")]
    Allow { operation: String, principal: Principal },
    #[en("allow {operation} for {principal} in {policy}, which its owner writes; a policy in IAM does not suffice")]
    #[ja("所有者に依頼して、{policy}で{principal}に {operation} を許可してください。IAM のポリシーだけでは許可されません")]
    AllowInPolicy { operation: String, principal: Principal, policy: PolicyOf },
    #[en("allow {operation} for {principal} in {policy} and in IAM (docs/permissions.md), or use a role that has both")]
    #[ja("{policy}と IAM の両方で{principal}に {operation} を許可するか (docs/permissions.md)、許可されたロールを使ってください")]
    AllowInBoth { operation: String, principal: Principal, policy: PolicyOf },
    #[en("renew the credentials (for example `aws sso login`) and run the same command again")]
    #[ja("認証情報を更新し（例: `aws sso login`）、同じコマンドをもう一度実行してください")]
    RenewCredentials,
    #[en(
        "correct the credentials: the secret access key does not belong to the access key id, or a proxy changed the request; then \
         run the same command again"
    )]
    #[ja(
        "認証情報を直してください。シークレットアクセスキーがアクセスキー ID に対応していないか、プロキシがリクエストを書き換えています。\
         その後、同じコマンドをもう一度実行してください"
    )]
    CorrectTheSecret,
    #[en("set this machine's clock (for example chrony with Amazon Time Sync, 169.254.169.123), then run the same command again")]
    #[ja(
        "このマシンの時計を合わせてから（例: chrony で Amazon Time Sync の 169.254.169.123 に同期）、同じコマンドをもう一度実行してください"
    )]
    SetTheClock,
    #[en("run the same command again: the request was held up on its way, or the clock was set meanwhile")]
    #[ja("同じコマンドをもう一度実行してください。リクエストの到着が遅れたか、その間に時計が合わせられました")]
    RunAgain,
    #[en("wait a minute and run the same command again; AWS limits calls per account and region")]
    #[ja("一分待ってから、同じコマンドをもう一度実行してください。AWS はアカウントとリージョンごとに呼び出しを制限します")]
    WaitAMinute,
    #[en("check the network and the endpoint, then run the same command again")]
    #[ja("ネットワークとエンドポイントを確認してから、同じコマンドをもう一度実行してください")]
    CheckTheNetwork,
    #[en(
        "if a proxy of yours ends TLS, name the file of its CA in AWS_CA_BUNDLE or `ca_bundle` of the profile; check this machine's \
         clock as well; then run the same command again"
    )]
    #[ja(
        "社内のプロキシが TLS を終端している場合は、その CA のファイルを AWS_CA_BUNDLE かプロファイルの `ca_bundle` に指定してください。\
         このマシンの時計も確認してから、同じコマンドをもう一度実行してください"
    )]
    TrustTheCertificate,
    #[en("ask AWS for a higher quota, then plan again")]
    #[ja("AWS に上限の引き上げを申請してから、計画し直してください")]
    AskForQuota,
    #[en("find out who made it; tokaido takes over only what `physical_name:` names")]
    #[ja("誰が作成したのか確かめてください。tokaido が引き継ぐのは `physical_name:` で指定したものだけです")]
    FindOutWhose,
    #[en("wait until AWS has finished with it, then plan again")]
    #[ja("AWS の処理が終わってから、計画し直してください")]
    WaitForAws,
    #[en("remove what uses it first; `tokaido plan` shows the order")]
    #[ja("先に、それを使っているものを外してください。順序は `tokaido plan` で確認できます")]
    RemoveUsersFirst,
    #[en("plan again: the world changed since it was read")]
    #[ja("読み取った後に実環境が変わりました。計画し直してください")]
    PlanAgain,
    #[en("correct the value in the environment file, then plan again")]
    #[ja("環境ファイルの値を直してから、計画し直してください")]
    CorrectTheValue,
    #[en("plan again when the other apply has ended")]
    #[ja("別の適用が終わってから、計画し直してください")]
    WaitForTheOther,
    #[en("plan again; if it repeats, ask AWS with the request id")]
    #[ja("計画し直してください。繰り返す場合は、リクエスト ID を添えて AWS に問い合わせてください")]
    AskAws,
}

/// Which of the policies that decide about a call denied it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DeniedBy {
    /// That of the object.
    Resource,
    /// One of the caller's, in IAM.
    Identity,
    /// The message names none, or several.
    Unsaid,
}

/// Whether the operation is about one KMS key. A key's policy decides about all of these, whatever IAM allows.
fn one_key(operation: &str) -> bool {
    const READS: [&str; 5] = ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListGrants", "ListResourceTags"];
    operation.strip_prefix("kms:").is_some_and(|name| READS.contains(&name))
}

/// The policy that an object has itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the words beside each variant say what it means")]
pub enum PolicyOf {
    #[en("the key's policy")]
    #[ja("キーポリシー")]
    Key,
    #[en("the bucket's policy")]
    #[ja("バケットポリシー")]
    Bucket,
    #[en("the vault's access policy")]
    #[ja("ボールトのアクセスポリシー")]
    Vault,
}

/// In the words of both languages.
impl Serialize for PolicyOf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.said().serialize(serializer)
    }
}

impl PolicyOf {
    /// That of the objects about which the operation asks; `None` where they have none.
    #[must_use]
    pub fn resource(operation: &str) -> Option<Self> {
        match operation.split_once(':')?.0 {
            "kms" => Some(Self::Key),
            "s3" => Some(Self::Bucket),
            "backup" => Some(Self::Vault),
            _ => None,
        }
    }
}

/// The ARN that made the call. `None` where it is not known, or where a document must not name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Principal(pub Option<String>);

impl Spoken for Principal {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        match (&self.0, language) {
            (Some(arn), Language::En) => arn.clone(),
            (Some(arn), Language::Ja) => format!("{arn} "),
            (None, Language::En) => "the calling role".to_owned(),
            (None, Language::Ja) => "呼び出し元のロール".to_owned(),
        }
    }
}

impl ProviderError {
    /// The error without what to do about it. AWS's message is the same in every language.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        let code = self.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
        let mut text = format!("{} ({}): {}{code}: {}", self.operation, self.resource, self.class.as_str(), self.message);
        if let Some(skew) = self.skew() {
            text = format!("{text}。{}", skew.spoken(language));
        }
        if let Some(principal) = &self.principal {
            text = format!("{text}。呼び出し元 {principal}");
        }
        if let Some(request_id) = &self.request_id {
            text = format!("{text}。リクエスト ID {request_id}");
        }
        text + match self.changed {
            Changed::No => "。何も変更していません",
            Changed::Maybe => "。変更されたかどうかは分かりません",
            Changed::Partly => "。一部を実行しました",
        }
    }
}

/// What [`Unreadable::error`] says of this operation, in a language. The Japanese sentence is made from class and code; where the
/// English one was not written by this version, it is kept.
#[must_use]
pub fn unread(operation: &str, error: &str, language: Language) -> String {
    let told = |class: &ErrorClass| {
        let (code, next) = error.strip_prefix(class.as_str())?.split_once("; next: ")?;
        let mut failed = ProviderError::new(*class, operation, "", "");
        failed.code = code.strip_prefix(" (").and_then(|code| code.strip_suffix(')')).map(str::to_owned);
        let advice = failed.next_for(Principal(None));
        (next == advice.to_string()).then_some((*class, code, advice))
    };
    match ErrorClass::ALL.iter().find_map(told) {
        Some((class, code, advice)) if language == Language::Ja => {
            format!("{}{code}。次の手順: {}", class.as_str(), advice.spoken(language))
        }
        _ => error.to_owned(),
    }
}

/// AWS's message is the same in every language.
impl Spoken for ProviderError {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        let next = self.next();
        match language {
            Language::En => format!("{self}; next: {next}"),
            Language::Ja => format!("{}。次の手順: {}", self.say(language), next.spoken(language)),
        }
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}: {}", self.operation, self.resource, self.class.as_str())?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(skew) = self.skew() {
            write!(f, "; {}", skew.spoken(Language::En))?;
        }
        if let Some(principal) = &self.principal {
            write!(f, "; called as {principal}")?;
        }
        if let Some(request_id) = &self.request_id {
            write!(f, "; request id {request_id}")?;
        }
        f.write_str(match self.changed {
            Changed::No => "; nothing was changed",
            Changed::Maybe => "; whether anything was changed is not known",
            Changed::Partly => "; a part of it was done",
        })
    }
}
