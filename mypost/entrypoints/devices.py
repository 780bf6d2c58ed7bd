"""What a browser says of itself, made coarse: a family, a system, a network."""

import ipaddress

SYSTEMS = (  # the first whose mark stands in the User-Agent; iPhones also say "Mac OS"
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
FAMILIES = (  # each of them also says the names of those below it
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
IPV4_PREFIX, IPV6_PREFIX = 24, 48  # bits that are kept


def device_of(user_agent: str) -> str:
    """Return system and family, such as "iPhone Safari"; empty when neither is known."""
    parts = (_first(SYSTEMS, user_agent), _first(FAMILIES, user_agent))
    return " ".join(part for part in parts if part)


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in table if mark in user_agent), "")


def network_of(address: str) -> str:
    """Return the network of an IP address, such as 192.0.2.0/24; empty for no address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = IPV4_PREFIX if ip.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((ip, prefix), strict=False))
