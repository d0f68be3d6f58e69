"""ministack's server, with the locks and the access policies of vaults, for which it has no call (tests/README.md).

Both are kept in the vault's own record, from which ministack answers `ListBackupVaults`.
"""

import json

from ministack.app import main
from ministack.services import backup

POLICY = "AccessPolicy"
LOCK = {"MinRetentionDays", "MaxRetentionDays"}

answered_by_ministack = backup.handle_request


def lock(vault, method, body):
    for name in LOCK:
        vault.pop(name, None)
    vault["Locked"] = method == "PUT"
    if method == "PUT":
        vault.update({name: body[name] for name in LOCK & body.keys()})
    return backup._no_content()


def policy(vault, method, body):
    if method == "GET" and POLICY in vault:
        return backup._ok({"BackupVaultName": vault["BackupVaultName"], "BackupVaultArn": vault["BackupVaultArn"], "Policy": vault[POLICY]})
    if method == "GET":
        return backup._not_found("No access policy is associated with the vault.")
    vault.pop(POLICY, None)
    if method == "PUT":
        vault[POLICY] = body["Policy"]
    return backup._no_content()


async def handle_request(method, path, headers, body_bytes, query_params):
    parts = path.strip("/").split("/")
    called = {"vault-lock": lock, "access-policy": policy}.get(parts[2]) if len(parts) == 3 and parts[0] == "backup-vaults" else None
    vault = backup._vaults.get(parts[1]) if called else None
    if vault is None or (called is lock and method == "GET"):
        return await answered_by_ministack(method, path, headers, body_bytes, query_params)
    return called(vault, method, json.loads(body_bytes) if body_bytes else {})


backup.handle_request = handle_request

if __name__ == "__main__":
    main()
