"""moto's server, with what no client of AWS could work with put right (tests/README.md names each).

Where WIRE_CLOCK names a file, every request finds it at the time that the file says: seconds beside the machine's clock.
libfaketime, which moves the product's, makes this server ten times slower.
"""

import contextlib
import html
import json
import os
import pathlib
import re
import sys
import threading
import time

import time_machine
from moto.core.responses import ActionResult
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRouteTableBackend
from moto.ec2.responses.dhcp_options import DHCPOptions
from moto.kms.responses import KmsResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response
from moto.server import main
from moto_fields import accept_fields

judged_by_moto = FakeBucket.get_permission
searched_by_moto = TransitGatewayRouteTableBackend.search_transit_gateway_routes
set_made_by_moto = DHCPOptions.create_dhcp_options
# What a PostgreSQL group of version 15 or newer has by itself.
DEFAULTS = {"rds.force_ssl": "1", "timezone": "UTC", "log_timezone": "UTC"}

modified_by_moto = RDSBackend.modify_db_instance
put_by_moto = S3Response._bucket_response_put
rotated_by_moto = KmsResponse.enable_key_rotation
status_by_moto = KmsResponse.get_key_rotation_status


def get_bucket_versioning(self):
    """moto calls the root GetBucketVersioningResponse; AWS says VersioningConfiguration, and its SDK insists."""
    self.data["Action"] = "GetBucketVersioning"
    answer = self.serialized(ActionResult({"Status": self.backend.get_bucket_versioning(self.bucket_name)}))
    status, headers, body = answer
    return status, headers, body.replace("GetBucketVersioningResponse", "VersioningConfiguration")


def bucket_response_put(self, request, bucket_name, querystring):
    """moto answers PutBucketPolicy with the text "True", where AWS's reply is empty; and it drops the tags of a new bucket. What a
    lost reply has made is found by its tags alone."""
    answer = put_by_moto(self, request, bucket_name, querystring)
    labels = re.findall(rb"<Tag><Key>(.*?)</Key><Value>(.*?)</Value></Tag>", self.body or b"") if not querystring else []
    if labels:
        held = {html.unescape(key.decode()): html.unescape(value.decode()) for key, value in labels}
        self.backend.put_bucket_tagging(bucket_name, held)
    return "" if answer == "True" else answer


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


def no_automated_backups_of_clusters(self):
    """moto has no such operation and answers with HTTP 500. It makes no such backup either, so AWS would answer with an empty list."""
    return ActionResult({"DBClusterAutomatedBackups": []})


def reset_db_parameter_group(self):
    """moto has no such operation. RDS goes back to the default of the family, and still lists the parameter."""
    group = self.backend.describe_db_parameter_groups({"db_parameter_group_name": self.params["DBParameterGroupName"]})[0]
    for parameter in self.params.get("Parameters", []):
        name = parameter.original_dict()["ParameterName"]
        group.parameters.pop(name, None)
        if name in DEFAULTS:
            group.parameters[name] = {"ParameterName": name, "ParameterValue": DEFAULTS[name], "Source": "system"}
    return ActionResult({"DBParameterGroupName": group.name})


def modify_db_instance(self, db_instance_identifier, db_kwargs):
    """What RDS keeps of a database for recovery goes with it when it is renamed; moto keeps it under the old name. And it drops the
    throughput that comes with a change to gp3, because it sets the kind of storage later."""
    if "storage_type" in db_kwargs:
        self.describe_db_instances(db_instance_identifier)[0].storage_type = db_kwargs["storage_type"]
    found = modified_by_moto(self, db_instance_identifier, db_kwargs)
    for snapshot in self.database_snapshots.values():
        if snapshot.snapshot_type == "automated" and snapshot.db_instance_identifier == db_instance_identifier:
            snapshot.db_instance_identifier = found.db_instance_identifier
    return found


def put_object_lock_configuration(self, bucket_name, lock_enabled, mode=None, days=None, years=None):
    """moto refuses it for a bucket with objects; S3 does not."""
    bucket = self.get_bucket(bucket_name)
    bucket.object_lock_enabled = bool(lock_enabled) or bucket.object_lock_enabled
    bucket.default_lock_mode, bucket.default_lock_days, bucket.default_lock_years = mode, days, years


def create_dhcp_options(self):
    """moto drops the tags of a new set of options. What a lost reply has made is found by its tags alone."""
    made = set_made_by_moto(self)
    made.result["DhcpOptions"].add_tags(self._parse_tag_specification().get("dhcp-options", {}))
    return made


def enable_key_rotation(self):
    """moto drops the period."""
    answer = rotated_by_moto(self)
    self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))].rotation_period = self._get_param("RotationPeriodInDays")
    return answer


def get_key_rotation_status(self):
    """AWS says the period of a key that it rotates: 365 days unless another was asked for."""
    answer = json.loads(status_by_moto(self))
    key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
    period = {"RotationPeriodInDays": getattr(key, "rotation_period", None) or 365} if answer["KeyRotationEnabled"] else {}
    return json.dumps(answer | period)


def search_transit_gateway_routes(self, transit_gateway_route_table_id, filters, max_results=None):
    """moto answers a search with a size with HTTP 500, and keeps the one attachment of a route where AWS sends a list."""
    found = searched_by_moto(self, transit_gateway_route_table_id, filters)
    return [{**one, "transitGatewayAttachments": [one[to] for to in ("transitGatewayAttachments",) if to in one]} for one in found]


def enable_two_more_regions():
    """An account that has enabled two regions beside ours: an audit asks each enabled one, and moto answers one call at a time."""
    for region in RegionsAndZonesBackend.regions:
        if region.name not in ("ap-northeast-1", "ap-northeast-3", "us-east-1", "ap-northeast-2"):
            region.opt_in_status = "not-opted-in"


def keep_conditions():
    """moto looks whether a condition holds and writes a moment later; two requests at once may both find that it does."""
    answer, writing = DomainDispatcherApplication.__call__, threading.Lock()

    def one_at_a_time(self, environ, start_response):
        conditional = environ["REQUEST_METHOD"] == "PUT" and {"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"} & environ.keys()
        with writing if conditional else contextlib.nullcontext():
            return answer(self, environ, start_response)

    DomainDispatcherApplication.__call__ = one_at_a_time


def keep_time(file):
    offset = int(file.read_text())
    moved = time_machine.travel(time.time() + offset, tick=True).start()
    answer = DomainDispatcherApplication.__call__

    def at_its_time(self, environ, start_response):
        nonlocal offset
        before, offset = offset, int(file.read_text())
        if offset != before:
            moved.shift(offset - before)
        return answer(self, environ, start_response)

    DomainDispatcherApplication.__call__ = at_its_time


S3Response._bucket_response_put = bucket_response_put
S3Response.get_bucket_versioning = get_bucket_versioning
RDSResponse.describe_db_cluster_automated_backups = no_automated_backups_of_clusters
RDSBackend.modify_db_instance = modify_db_instance
S3Backend.put_object_lock_configuration = put_object_lock_configuration
RDSResponse.reset_db_parameter_group = reset_db_parameter_group
DHCPOptions.create_dhcp_options = create_dhcp_options
FakeBucket.get_permission = get_permission
KmsResponse.enable_key_rotation = enable_key_rotation
KmsResponse.get_key_rotation_status = get_key_rotation_status
TransitGatewayRouteTableBackend.search_transit_gateway_routes = search_transit_gateway_routes

if __name__ == "__main__":
    accept_fields()
    keep_conditions()
    enable_two_more_regions()
    if "WIRE_CLOCK" in os.environ:
        keep_time(pathlib.Path(os.environ["WIRE_CLOCK"]))
    main(sys.argv[1:])
