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
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.rds.responses import RDSResponse
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from moto.server import main

judged_by_moto = FakeBucket.get_permission
searched_by_moto = TransitGatewayRouteTableBackend.search_transit_gateway_routes
set_made_by_moto = DHCPOptions.create_dhcp_options
put_by_moto = S3Response._bucket_response_put


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


def create_dhcp_options(self):
    """moto drops the tags of a new set of options. What a lost reply has made is found by its tags alone."""
    made = set_made_by_moto(self)
    made.result["DhcpOptions"].add_tags(self._parse_tag_specification().get("dhcp-options", {}))
    return made


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
DHCPOptions.create_dhcp_options = create_dhcp_options
FakeBucket.get_permission = get_permission
TransitGatewayRouteTableBackend.search_transit_gateway_routes = search_transit_gateway_routes

if __name__ == "__main__":
    keep_conditions()
    enable_two_more_regions()
    if "WIRE_CLOCK" in os.environ:
        keep_time(pathlib.Path(os.environ["WIRE_CLOCK"]))
    main(sys.argv[1:])
