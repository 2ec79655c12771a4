"""The command `insights serve`: the chat, the API and the widget on this machine or on the web."""

import os
import signal
import socket
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from retrieval.emergency_numbers import Numbers, numbers_of
from ui.inputs import CorpusOption, IndexOption, LocaleOption, Places, RefuseOverdueOption, listening, read_examples
from ui.site import Site

__all__ = ["serve_command"]

_PUBLIC = (
    "others can reach this server, without encryption and without a proxy before it; "
    "say --trusted-proxy if there is one, else see deploy/ for how to put one there"
)


def serve_command(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 7860,
    browser: Annotated[bool, typer.Option(help="Open the chat in the browser.")] = True,
    title: Annotated[str, typer.Option(help="What the pages are called.")] = "Insights Help",
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="A site whose pages may use the API and frame /embed; repeat it."),
    ] = None,
    root_path: Annotated[str, typer.Option(metavar="/PATH", help="The path under which a proxy serves this.")] = "",
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS|NETWORK",
            help="A proxy whose X-Forwarded-For is believed; repeat it.",
        ),
    ] = None,
    rate_limit: Annotated[str, typer.Option(metavar="N/TIME|none", help="How often a client may ask.")] = "60/minute",
    feedback: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Take feedback, and append it to this file."),
    ] = None,
    refuse_overdue: RefuseOverdueOption = False,
    locale: LocaleOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Open the chat on this machine, or serve it to the web with its API and its widget.

    A new index is served as soon as it is built. Questions are kept nowhere.
    """
    from ui import site_options

    numbers = numbers_of(locale or None)
    site = Site(
        title,
        allow_origins=tuple(dict.fromkeys(map(site_options.origin, allow_origin or []))),
        root_path=site_options.root_path(root_path),
        trusted_proxies=tuple(map(site_options.proxy, trusted_proxy or [])),
        rate_limit=site_options.rate(rate_limit),
        feedback=site_options.feedback_file(feedback),
        refuse_overdue=refuse_overdue,
    )
    # First of all, since all the rest takes seconds: a port that is taken is said at once.
    with listening(host, port) as listener:
        if _is_public(host) and not site.trusted_proxies:
            typer.echo(f"insights: warning: {_PUBLIC}", err=True)
        _serve(listener, Places.of(corpus, index), site, numbers, browser=browser)


def _serve(listener: socket.socket, places: Places, site: Site, numbers: Numbers, *, browser: bool) -> None:
    import webbrowser
    from dataclasses import replace

    from retrieval.language import load_identifier
    from retrieval.model import Answer
    from ui.reloading import Shelf
    from ui.server import create_app, run

    shelf = Shelf.over(places.index, places.corpus, numbers, refuse_overdue=site.refuse_overdue)
    edition = shelf()
    # An example that this index doesn't answer would be a promise broken with the first click.
    asked = tuple(text for text in read_examples(places.corpus) if isinstance(edition.ask(text, ()), Answer))
    load_identifier()
    page = create_app(replace(site, examples=asked), shelf)
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}{site.root_path}/chat/"
    typer.echo(f"Insights Help is at {address} (index {edition.index}); stop it with Ctrl-C")
    if browser and _has_screen():
        webbrowser.open(address)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: shelf.look())
    run(page, listener)


def _is_public(host: str) -> bool:
    """Whether other machines can reach an address."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def _has_screen() -> bool:
    """Whether a browser would open a window; without a screen Python would start a text browser in this terminal."""
    return sys.platform in {"darwin", "win32"} or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
