"""The dev environment of the sample with two more tenants: one beside acme in the shared network, one with a network and a database of
its own. So most kinds have several objects, and two tenants can meet."""

MORE_TENANTS = """  - id: globex
    isolation: subnets
    cidr: 10.10.32.0/20
    database: { shared: catalog }
    ingress_allow:
      - { cidr: 198.51.100.0/25, port: 443 }
  - id: initech
    isolation: vpc
    cidr: 10.20.0.0/20
    database: dedicated
    ingress_allow:
      - { cidr: 192.0.2.16/28, port: 443 }
"""

DEDICATED = """dedicated_database:
  engine: postgres
  version: "16"
  class: db.t4g.micro
  # Large enough for RDS to spread it over several volumes, which have IOPS and a throughput of their own.
  storage: { at_least: 400 GiB, up_to: 1 TiB }
  multi_az: false
  backup_window: "01:00-01:30 Asia/Tokyo"
  maintenance_window: "Sun 06:00-06:30 Asia/Tokyo"

"""


def grow(project):
    """Writes them into the project's file."""
    file = project / "environments/dev.yaml"
    text = file.read_text()
    first, rest = text.split("tenants:\n", 1)
    acme, rest = rest.split("\n\n", 1)
    file.write_text(f"{first}{DEDICATED}tenants:\n{acme}\n{MORE_TENANTS}\n{rest}")
