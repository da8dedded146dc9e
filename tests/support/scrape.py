"""What `/metrics` says, read by Prometheus' own parser."""

from prometheus_client.parser import text_string_to_metric_families

TOKEN = "twelve quiet owls"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def values(exposition: str) -> dict[str, float]:
    """Return the values by their names without prefix, with their labels: `refused_total{reason=muted}`."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sample.labels.items())
            found[sample.name.removeprefix("tcpchatnet_") + (f"{{{labels}}}" if labels else "")] = sample.value
    return found
