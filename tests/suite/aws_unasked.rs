//! Complete replies that no recorded plan has, for `aws_replies.rs`.

/// Complete replies to what no plan asks, and to what the records need: one record is enough.
pub const MORE: [(&str, &str); 13] = [
    (
        "rds:DescribeDBInstanceAutomatedBackups",
        "<DescribeDBInstanceAutomatedBackupsResponse><DescribeDBInstanceAutomatedBackupsResult><DBInstanceAutomatedBackups/>\
         </DescribeDBInstanceAutomatedBackupsResult></DescribeDBInstanceAutomatedBackupsResponse>",
    ),
    // The recorded vaults have no policy.
    ("backup:GetBackupVaultAccessPolicy", r#"{"BackupVaultName":"dev-main","Policy":"{\"Statement\":[]}"}"#),
    ("backup:ListRecoveryPointsByBackupVault", r#"{"RecoveryPoints":[]}"#),
    (
        "rds:DescribeDBClusters",
        "<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters><DBCluster>\
         <DBClusterIdentifier>ledger</DBClusterIdentifier></DBCluster></DBClusters></DescribeDBClustersResult>\
         </DescribeDBClustersResponse>",
    ),
    (
        "ec2:DescribeNetworkInterfaces",
        "<DescribeNetworkInterfacesResponse><networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId>\
         <vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId><sourceDestCheck>true</sourceDestCheck><groupSet><item>\
         <groupId>sg-1</groupId></item></groupSet></item></networkInterfaceSet></DescribeNetworkInterfacesResponse>",
    ),
    (
        "kms:ListGrants",
        r#"{"Grants":[{"GrantId":"g-1","GranteePrincipal":"rds.amazonaws.com","Operations":["Decrypt"]}],"Truncated":false}"#,
    ),
    (
        "ec2:DescribeSecurityGroupRules",
        "<DescribeSecurityGroupRulesResponse><securityGroupRuleSet><item><securityGroupRuleId>sgr-1</securityGroupRuleId>\
         <groupId>sg-1</groupId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort>\
         <toPort>22</toPort><cidrIpv4>10.0.0.0/8</cidrIpv4></item></securityGroupRuleSet></DescribeSecurityGroupRulesResponse>",
    ),
    (
        "ec2:RevokeSecurityGroupIngress",
        "<RevokeSecurityGroupIngressResponse><return>true</return></RevokeSecurityGroupIngressResponse>",
    ),
    (
        "s3:ListBucket",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>dev/records/00000001.json</Key>\
         <ETag>\"e\"</ETag></Contents></ListBucketResult>",
    ),
    (
        "iam:ListAttachedRolePolicies",
        "<ListAttachedRolePoliciesResponse><ListAttachedRolePoliciesResult><AttachedPolicies/><IsTruncated>false</IsTruncated>\
         </ListAttachedRolePoliciesResult></ListAttachedRolePoliciesResponse>",
    ),
    (
        "iam:ListRolePolicies",
        "<ListRolePoliciesResponse><ListRolePoliciesResult><PolicyNames><member>tokaido</member></PolicyNames>\
         <IsTruncated>false</IsTruncated></ListRolePoliciesResult></ListRolePoliciesResponse>",
    ),
    (
        "iam:GetRolePolicy",
        "<GetRolePolicyResponse><GetRolePolicyResult><RoleName>r</RoleName><PolicyName>tokaido</PolicyName>\
         <PolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D</PolicyDocument></GetRolePolicyResult></GetRolePolicyResponse>",
    ),
    ("s3:GetObject", ""),
];
