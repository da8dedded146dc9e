"""Run `main.py` where every name leads to this machine: to the web sites and push services of an attacker."""

import runpy
import sys
from functools import partial
from pathlib import Path

PORT = 47_080  # of the web sites

if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))

    from chat.previews import fetcher
    from chat.web.push import addresses
    from tests.support.web_sites import HERE, WebSites

    sites = WebSites()
    sites.port = PORT
    fetcher.Fetcher = partial(fetcher.Fetcher, sites.look_up, sites.may_reach)
    addresses.PublicNetwork = partial(addresses.PublicNetwork, lambda address, port: address == HERE)
    runpy.run_path("main.py", run_name="__main__")
