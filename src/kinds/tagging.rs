//! How each service reads and writes tags, as IAM spells the calls: kinds of one service share them.

/// The services whose tags have calls of their own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Backup,
    Ec2,
    Iam,
    Kms,
    Rds,
    S3,
}

/// The calls about the tags of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Tagging {
    pub service: Service,
    /// `None` where the tags come with the object.
    pub list: Option<&'static str>,
    pub put: &'static str,
    /// `None` where writing replaces all tags.
    pub remove: Option<&'static str>,
}

pub const EC2: Tagging = Tagging { service: Service::Ec2, list: None, put: "ec2:CreateTags", remove: Some("ec2:DeleteTags") };

/// RDS lists databases with their tags.
pub const RDS: Tagging =
    Tagging { service: Service::Rds, list: None, put: "rds:AddTagsToResource", remove: Some("rds:RemoveTagsFromResource") };

/// And everything else without.
pub const RDS_ASKED: Tagging = Tagging { list: Some("rds:ListTagsForResource"), ..RDS };

pub const IAM: Tagging = Tagging { service: Service::Iam, list: None, put: "iam:TagRole", remove: Some("iam:UntagRole") };

pub const KMS: Tagging = Tagging {
    service: Service::Kms,
    list: Some("kms:ListResourceTags"),
    put: "kms:TagResource",
    remove: Some("kms:UntagResource"),
};

pub const BACKUP: Tagging = Tagging {
    service: Service::Backup,
    list: Some("backup:ListTags"),
    put: "backup:TagResource",
    remove: Some("backup:UntagResource"),
};

pub const S3: Tagging =
    Tagging { service: Service::S3, list: Some("s3:GetBucketTagging"), put: "s3:PutBucketTagging", remove: None };
