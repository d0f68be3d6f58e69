"""moto and one ministack per environment, on free loopback ports, and boto3 sessions into them."""

import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

import boto3
from botocore.config import Config

CREDENTIALS = {"aws_access_key_id": "wire", "aws_secret_access_key": "wire"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(home):
    """Nothing of the caller's AWS configuration reaches the product or an emulator."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TOKAIDO_"))}
    return kept | {"HOME": str(home), "NO_COLOR": "1"}


class Emulator:
    def __init__(self, name, command, environment, port, folder):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = open(folder / f"{name}.log", "wb")
        self.process = subprocess.Popen(command, env=environment, cwd=folder, stdout=self.log, stderr=subprocess.STDOUT)

    def wait(self):
        for _ in range(300):
            if self.process.poll() is not None:
                raise SystemExit(f"{self.log.name}: ended with {self.process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        raise SystemExit(f"{self.log.name}: nothing listens after 30 seconds")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


def moto(folder, **more):
    port = free_port()
    environment = clean_environment(folder) | {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"} | more
    command = [sys.executable, str(pathlib.Path(__file__).with_name("moto_server.py")), "-H", "127.0.0.1", "-p", str(port)]
    return Emulator("moto", command, environment, port, folder)


def ministack(folder, name, account):
    port = free_port()
    # BIND_HOST covers the gateway only; the MQTT listener would bind a fixed port on every address.
    settings = {"MINISTACK_ACCOUNT_ID": account, "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0"}
    command = [sys.executable, str(pathlib.Path(__file__).with_name("ministack_server.py"))]
    return Emulator(f"ministack-{name}", command, clean_environment(folder) | settings, port, folder)


class Account:
    """boto3 into one account: AWS Backup goes to its ministack, everything else to moto."""

    def __init__(self, account, moto_url, backup_url):
        sts = boto3.client("sts", region_name="ap-northeast-1", endpoint_url=moto_url, **CREDENTIALS)
        role = f"arn:aws:iam::{account}:role/tokaido"
        answer = sts.assume_role(RoleArn=role, RoleSessionName="wire")["Credentials"]
        self.credentials = {
            "aws_access_key_id": answer["AccessKeyId"],
            "aws_secret_access_key": answer["SecretAccessKey"],
            "aws_session_token": answer["SessionToken"],
        }
        self.account, self.moto_url, self.backup_url = account, moto_url, backup_url
        # Making one takes longer than most calls, and only one thread at a time may.
        self.clients, self.making = {}, threading.Lock()

    def client(self, service, region):
        with self.making:
            if (service, region) not in self.clients:
                url, credentials = (self.backup_url, CREDENTIALS) if service == "backup" else (self.moto_url, self.credentials)
                config = Config(retries={"max_attempts": 2})
                self.clients[service, region] = boto3.client(service, region_name=region, endpoint_url=url, config=config, **credentials)
            return self.clients[service, region]
