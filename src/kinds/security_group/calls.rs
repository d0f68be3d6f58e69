//! Operations of a security group beside those that every kind has, as IAM spells them.

crate::kinds::operations::calls! {
    pub const ALLOW_EGRESS: &str = "ec2:AuthorizeSecurityGroupEgress";
    pub const ALLOW_INGRESS: &str = "ec2:AuthorizeSecurityGroupIngress";
    pub const REVOKE_EGRESS: &str = "ec2:RevokeSecurityGroupEgress";
    pub const REVOKE_INGRESS: &str = "ec2:RevokeSecurityGroupIngress";
    pub const RULES: &str = "ec2:DescribeSecurityGroupRules";
}
