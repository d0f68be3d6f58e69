//! How each service reads and writes tags, as IAM spells the operations: kinds of one service share them.

/// The services whose tags have calls of their own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// AWS Backup: by ARN.
    Backup,
    /// EC2: by resource id.
    Ec2,
    /// IAM: by role name.
    Iam,
    /// KMS: by key id.
    Kms,
    /// RDS: by ARN.
    Rds,
    /// S3: by bucket name, and all tags at once.
    S3,
}

/// The operations on the tags of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Tagging {
    /// Whose calls the driver uses.
    pub service: Service,
    /// Reads the tags of one object; `None` where a listing shows them with the object.
    pub list: Option<&'static str>,
    /// Writes tags.
    pub put: &'static str,
    /// Removes tags by key; `None` where writing replaces all tags.
    pub remove: Option<&'static str>,
}

/// EC2 lists its objects with their tags.
pub const EC2: Tagging = Tagging { service: Service::Ec2, list: None, put: "ec2:CreateTags", remove: Some("ec2:DeleteTags") };

/// RDS lists databases with their tags.
pub const RDS: Tagging =
    Tagging { service: Service::Rds, list: None, put: "rds:AddTagsToResource", remove: Some("rds:RemoveTagsFromResource") };

/// RDS lists everything but databases without tags.
pub const RDS_ASKED: Tagging = Tagging { list: Some("rds:ListTagsForResource"), ..RDS };

/// `iam:GetRole` shows the tags with the role.
pub const IAM: Tagging = Tagging { service: Service::Iam, list: None, put: "iam:TagRole", remove: Some("iam:UntagRole") };

/// KMS lists keys without tags.
pub const KMS: Tagging = Tagging {
    service: Service::Kms,
    list: Some("kms:ListResourceTags"),
    put: "kms:TagResource",
    remove: Some("kms:UntagResource"),
};

/// AWS Backup lists vaults and plans without tags.
pub const BACKUP: Tagging = Tagging {
    service: Service::Backup,
    list: Some("backup:ListTags"),
    put: "backup:TagResource",
    remove: Some("backup:UntagResource"),
};

/// S3 lists buckets without tags. A write replaces all of them.
pub const S3: Tagging =
    Tagging { service: Service::S3, list: Some("s3:GetBucketTagging"), put: "s3:PutBucketTagging", remove: None };
