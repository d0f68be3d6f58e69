//! Complete replies to what an audit asks about stores of data: one store of each kind. The matrix of damaged replies reads them,
//! and `aws_inventory.rs`.

fn query(operation: &str, inner: &str) -> String {
    format!("<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>")
}

fn ec2(operation: &str, inner: &str) -> String {
    format!("<{operation}Response><requestId>r-1</requestId>{inner}</{operation}Response>")
}

fn region(name: &str, status: &str) -> String {
    format!(
        "<item><regionName>{name}</regionName><regionEndpoint>ec2.{name}.amazonaws.com</regionEndpoint><optInStatus>{status}</optInStatus></item>"
    )
}

fn tags(list: &str) -> String {
    format!("<{list}><Tag><Key>owner</Key><Value>another team</Value></Tag></{list}>")
}

/// Every region of the replies: ours, one that is open, one that the account has not enabled.
pub fn regions() -> String {
    let all = [
        region("ap-northeast-1", "opt-in-not-required"),
        region("ap-northeast-3", "opt-in-not-required"),
        region("us-east-1", "opt-in-not-required"),
        region("af-south-1", "not-opted-in"),
    ];
    ec2("DescribeRegions", &format!("<regionInfo>{}</regionInfo>", all.concat()))
}

/// The reply to this operation, as IAM spells it; `None` for another one.
pub fn reply(operation: &str) -> Option<String> {
    let name = operation.split_once(':').map_or(operation, |(_, name)| name);
    Some(match operation {
        "ec2:DescribeRegions" => regions(),
        "ec2:DescribeVolumes" => ec2(
            name,
            "<volumeSet><item><volumeId>vol-1</volumeId><encrypted>false</encrypted><tagSet><item><key>owner</key>\
             <value>another team</value></item></tagSet></item><item><volumeId>vol-2</volumeId><encrypted>true</encrypted>\
             <kmsKeyId>arn:aws:kms:ap-northeast-1:111111111111:key/k-1</kmsKeyId></item></volumeSet>",
        ),
        "ec2:DescribeSnapshots" => ec2(
            name,
            "<snapshotSet><item><snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId><encrypted>true</encrypted></item>\
             </snapshotSet>",
        ),
        "ec2:DescribeSnapshotAttribute" => ec2(
            name,
            "<snapshotId>snap-1</snapshotId><createVolumePermission><item><userId>111111111111</userId></item><item>\
             <userId>210987654321</userId></item><item><group>all</group></item></createVolumePermission>",
        ),
        "ec2:DescribeImages" => ec2(
            name,
            "<imagesSet><item><imageId>ami-1</imageId><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs>\
             <snapshotId>snap-1</snapshotId><encrypted>true</encrypted></ebs></item><item><ebs><snapshotId>snap-2</snapshotId>\
             <encrypted>false</encrypted></ebs></item></blockDeviceMapping></item></imagesSet>",
        ),
        "ec2:DescribeImageAttribute" => ec2(name, "<imageId>ami-1</imageId><launchPermission/>"),
        "rds:DescribeDBInstances" => query(
            name,
            &format!(
                "<DBInstances><DBInstance><DBInstanceIdentifier>old</DBInstanceIdentifier>\
                 <DBInstanceArn>arn:aws:rds:us-east-1:111111111111:db:old</DBInstanceArn><StorageEncrypted>true</StorageEncrypted>\
                 {}</DBInstance></DBInstances>",
                tags("TagList")
            ),
        ),
        "rds:DescribeDBClusters" => query(
            name,
            "<DBClusters><DBCluster><DBClusterIdentifier>graph</DBClusterIdentifier><Engine>neptune</Engine>\
             <DBClusterArn>arn:aws:rds:us-east-1:111111111111:cluster:graph</DBClusterArn><StorageEncrypted>false</StorageEncrypted>\
             </DBCluster></DBClusters>",
        ),
        "rds:DescribeDBSnapshots" => query(
            name,
            "<DBSnapshots><DBSnapshot><DBSnapshotIdentifier>by-hand</DBSnapshotIdentifier>\
             <DBSnapshotArn>arn:aws:rds:ap-northeast-1:111111111111:snapshot:by-hand</DBSnapshotArn>\
             <DBInstanceIdentifier>dev-catalog</DBInstanceIdentifier><SnapshotType>manual</SnapshotType><Encrypted>true</Encrypted>\
             <KmsKeyId>arn:aws:kms:ap-northeast-1:111111111111:key/k-1</KmsKeyId></DBSnapshot><DBSnapshot>\
             <DBSnapshotIdentifier>rds:nightly</DBSnapshotIdentifier>\
             <DBSnapshotArn>arn:aws:rds:ap-northeast-1:111111111111:snapshot:rds:nightly</DBSnapshotArn>\
             <SnapshotType>automated</SnapshotType><Encrypted>true</Encrypted></DBSnapshot></DBSnapshots>",
        ),
        "rds:DescribeDBSnapshotAttributes" => query(
            name,
            "<DBSnapshotAttributesResult><DBSnapshotIdentifier>by-hand</DBSnapshotIdentifier><DBSnapshotAttributes>\
             <DBSnapshotAttribute><AttributeName>restore</AttributeName><AttributeValues><AttributeValue>all</AttributeValue>\
             </AttributeValues></DBSnapshotAttribute></DBSnapshotAttributes></DBSnapshotAttributesResult>",
        ),
        "rds:DescribeDBClusterSnapshots" => query(
            name,
            "<DBClusterSnapshots><DBClusterSnapshot><DBClusterSnapshotIdentifier>c-1</DBClusterSnapshotIdentifier>\
             <DBClusterSnapshotArn>arn:aws:rds:ap-northeast-1:111111111111:cluster-snapshot:c-1</DBClusterSnapshotArn>\
             <SnapshotType>manual</SnapshotType><StorageEncrypted>true</StorageEncrypted></DBClusterSnapshot></DBClusterSnapshots>",
        ),
        "rds:DescribeDBClusterSnapshotAttributes" => query(
            name,
            "<DBClusterSnapshotAttributesResult><DBClusterSnapshotIdentifier>c-1</DBClusterSnapshotIdentifier>\
             <DBClusterSnapshotAttributes><DBClusterSnapshotAttribute><AttributeName>restore</AttributeName><AttributeValues/>\
             </DBClusterSnapshotAttribute></DBClusterSnapshotAttributes></DBClusterSnapshotAttributesResult>",
        ),
        "rds:DescribeDBInstanceAutomatedBackups" => query(
            name,
            "<DBInstanceAutomatedBackups><DBInstanceAutomatedBackup><DBInstanceIdentifier>dev-catalog</DBInstanceIdentifier>\
             <DBInstanceArn>arn:aws:rds:ap-northeast-1:111111111111:db:dev-catalog</DBInstanceArn>\
             <DBInstanceAutomatedBackupsArn>arn:aws:rds:ap-northeast-1:111111111111:auto-backup:ab-1</DBInstanceAutomatedBackupsArn>\
             <Encrypted>true</Encrypted></DBInstanceAutomatedBackup></DBInstanceAutomatedBackups>",
        ),
        "rds:DescribeDBClusterAutomatedBackups" => query(name, "<DBClusterAutomatedBackups/>"),
        "dynamodb:ListTables" => r#"{"TableNames":["orders"]}"#.to_owned(),
        "elasticfilesystem:DescribeFileSystems" => {
            r#"{"FileSystems":[{"OwnerId":"111111111111","CreationToken":"c","FileSystemId":"fs-1","CreationTime":1.0,
                "FileSystemArn":"arn:aws:elasticfilesystem:ap-northeast-1:111111111111:file-system/fs-1","Encrypted":false,
                "LifeCycleState":"available","NumberOfMountTargets":0,"SizeInBytes":{"Value":6144},
                "PerformanceMode":"generalPurpose","Tags":[{"Key":"owner","Value":"another team"}]}]}"#
                .to_owned()
        }
        "redshift:DescribeClusters" => query(
            name,
            "<Clusters><Cluster><ClusterIdentifier>dw</ClusterIdentifier><Encrypted>true</Encrypted></Cluster></Clusters>",
        ),
        "redshift:DescribeClusterSnapshots" => query(
            name,
            "<Snapshots><Snapshot><SnapshotIdentifier>s-1</SnapshotIdentifier>\
             <SnapshotArn>arn:aws:redshift:ap-northeast-1:111111111111:snapshot:dw/s-1</SnapshotArn>\
             <ClusterIdentifier>dw</ClusterIdentifier><Encrypted>true</Encrypted><AccountsWithRestoreAccess>\
             <AccountWithRestoreAccess><AccountId>210987654321</AccountId></AccountWithRestoreAccess></AccountsWithRestoreAccess>\
             </Snapshot></Snapshots>",
        ),
        "backup:ListBackupVaults" => {
            r#"{"BackupVaultList":[{"BackupVaultName":"v","BackupVaultArn":"arn:aws:backup:us-east-1:111111111111:backup-vault:v"}]}"#
                .to_owned()
        }
        "s3:GetBucketLocation" => "<LocationConstraint>ap-northeast-1</LocationConstraint>".to_owned(),
        "s3:GetBucketPolicyStatus" => "<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>".to_owned(),
        _ => return None,
    })
}
