"""The configuration that ``jobtui config init`` writes."""

from __future__ import annotations

import os
from pathlib import Path

from jobtui.errors import ConfigError
from jobtui.private import make_private_folder
from jobtui.text import plain

TEMPLATE = """\
# The configuration of jobtui. Take away the "#" from the lines that you need, then: jobtui config check
#
# A token is best named, not written here:
#   token = { env = "VARIABLE" }             from the environment
#   token = { command = "pass show tiles" }  the first line that a command prints
#   token = { file = "~/.tiles-token" }      a file that not everybody can read
#   token = { keyring = "tiles" }            as kept by: keyring set jobtui tiles
#
# Of every source, where needed:
#   ca = "our-authority.pem"                 certificates to trust beside the usual ones
#   client_cert = "me.pem"                   certificate and key, for a server that wants one
#   proxy = "http://proxy.example:3128"      else as the environment says; a password belongs there
#   insecure = true                          http to another machine: everyone on the way sees the token

version = 1
# theme = "harbour"                            # jobtui theme preview shows them; your own go into themes/
# Keys are changed in keys.toml beside this file; jobtui config keys lists them by name.
# share = { folder = "~/exports", links = "off" }   # files for what is exported, and links in the terminal

# --- What to be told of: bell, notification, command; also at a key (T) and with: jobtui watch --rule -------
# [alerts]
# quiet = "22:00-07:00"                        # no sound then; what was held back is told afterwards
# notify = "auto"                              # else off, osc9, osc777 or osc99, as the terminal takes it
# tmux = "passthrough"                         # notifications through a tmux that has allow-passthrough on
# title = true                                 # the worst state in the title of the terminal, or tmux's pane
# again = "10m"                                # the same cause makes no sound again for so long
# [alerts.commands]
# pager = ["page", "--team", "gis"]            # no shell; the facts come on its standard input, as JSON
# [[rules]]
# when = "fails source:tiles"                  # or: ends, stalls, open>2h, by:18:00, says:"disk (full|quota)"
# do = ["bell", "notify", "run:pager"]

# --- Nextspace: pending actions ---------------------------------------------------------------------------
# [sources.tiles]
# kind = "nextspace"
# url = "https://acme.api.example"             # or account = "acme", to look the address up
# token = { env = "TILES_TOKEN" }              # or login, password and perhaps code, to sign in
# production = true                            # looks different, asks harder
# badge = "PROD EU"                            # its word in the header and in every question ...
# colour = "red"                               # ... and its colour; the theme makes it legible

# --- Zendesk: job statuses --------------------------------------------------------------------------------
# [sources.desk]
# kind = "zendesk"
# url = "https://acme.zendesk.com"
# email = "oncall@acme.example"
# token = { command = "pass show zendesk" }    # or auth = "password" and password, or auth = "oauth"
# poll = "10s"                                 # while something runs and somebody looks
# history = "7d"                               # how long ago a job may have ended and still be listed

# --- ArcGIS Workflow Manager ------------------------------------------------------------------------------
# [sources.field]
# kind = "arcgis"
# url = "https://workflow.example.com/ORG-ID/ITEM-ID"
# user = "dortiz"
# token = { env = "WM_TOKEN" }                 # or portal, login and password, to sign in
# read_only = true                             # watch only: no control is ever sent
"""
"""A commented configuration with one example of each kind; loads as it is, with no sources."""


def write_initial(path: Path) -> None:
    """Write the commented configuration, private (0600, in a 0700 folder), never over an existing file.

    Raises ConfigError.
    """
    shown = plain(str(path))
    try:
        make_private_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            file.write(TEMPLATE)
    except FileExistsError:
        raise ConfigError(f"{shown} is there already; it was left as it is") from None
    except OSError as error:
        raise ConfigError(f"{shown} cannot be written: {error.strerror or 'failed'}") from None
