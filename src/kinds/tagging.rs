//! The calls by which each service reads and writes tags, as IAM spells them: kinds of one service share them.

pub mod ec2 {
    pub const PUT: &str = "ec2:CreateTags";
    pub const REMOVE: &str = "ec2:DeleteTags";
}

pub mod rds {
    pub const LIST: &str = "rds:ListTagsForResource";
    pub const PUT: &str = "rds:AddTagsToResource";
    pub const REMOVE: &str = "rds:RemoveTagsFromResource";
}

pub mod iam {
    pub const PUT: &str = "iam:TagRole";
    pub const REMOVE: &str = "iam:UntagRole";
}

pub mod kms {
    pub const PUT: &str = "kms:TagResource";
    pub const REMOVE: &str = "kms:UntagResource";
}

pub mod backup {
    pub const LIST: &str = "backup:ListTags";
    pub const PUT: &str = "backup:TagResource";
    pub const REMOVE: &str = "backup:UntagResource";
}

pub mod s3 {
    pub const PUT: &str = "s3:PutBucketTagging";
}
