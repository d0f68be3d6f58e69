"""moto's server, with two answers of S3 put right that no client of AWS could work with (tests/README.md names them)."""

import json
import sys

from moto.core.responses import ActionResult
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from moto.server import main

judged_by_moto = FakeBucket.get_permission


def get_bucket_versioning(self):
    """moto calls the root GetBucketVersioningResponse; AWS says VersioningConfiguration, and its SDK insists."""
    self.data["Action"] = "GetBucketVersioning"
    answer = self.serialized(ActionResult({"Status": self.backend.get_bucket_versioning(self.bucket_name)}))
    status, headers, body = answer
    return status, headers, body.replace("GetBucketVersioningResponse", "VersioningConfiguration")


def get_permission(self, action, resource):
    """moto does not evaluate conditions, so a statement with one would deny whatever it is about."""
    whole = self.policy
    if whole is not None:
        document = json.loads(whole)
        document["Statement"] = [statement for statement in document["Statement"] if "Condition" not in statement]
        self.policy = json.dumps(document).encode()
    try:
        return judged_by_moto(self, action, resource)
    finally:
        self.policy = whole


S3Response.get_bucket_versioning = get_bucket_versioning
FakeBucket.get_permission = get_permission

if __name__ == "__main__":
    main(sys.argv[1:])
