"""Asks for pages politely: what robots.txt allows, one at a time with a pause, again after a fault that passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, Self

from ingest.raw import IngestError
from ingest.web.address import Address
from ingest.web.model import Limits
from ingest.web.network import Surroundings
from ingest.web.robots import AGENT, MAX_ROBOTS_BYTES, Robots
from ingest.web.wire import Answer, Wire, WireError

__all__ = ["Client", "Found", "NotTakenError"]

_MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LASTING: Final = frozenset({301, 308})
_PASSING: Final = frozenset({429, 500, 502, 503, 504})
# After so many pages in a row for which a host wasn't there or was overloaded, it is left alone.
_ENOUGH: Final = 3


class NotTakenError(Exception):
    """A page that can't be had in this run; the message says why in one line, without its address."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a request, and the address at which the page lies for good: after redirects that last.

    `conditional` says whether the request asked for the page only if it has changed.
    """

    answer: Answer
    address: Address
    conditional: bool = False


@dataclass(slots=True)
class _Site:
    """How a site (with and without www.) has been asked so far; `closed` is why it isn't asked any more."""

    next_at: float = 0.0
    pause_s: float = 0.0
    faults: int = 0
    closed: str | None = None


class Client:
    """Asks for one page after the other, to be used in a `with` block."""

    def __init__(self, limits: Limits, around: Surroundings) -> None:
        self._limits = limits
        self._around = around
        self._wire = Wire(limits, around)
        self._sites: dict[str, _Site] = {}
        self._robots: dict[Address, Robots] = {}
        self._unread: dict[Address, str] = {}
        self._agent = {"User-Agent": _agent(limits.contact), "Accept": "*/*"}

    def __enter__(self) -> Self:
        self._wire.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.__exit__()

    @property
    def reached(self) -> bool:
        """Whether any host so far has said what it allows."""
        return bool(self._robots)

    def find(self, address: Address, headers: Mapping[str, str], *, max_bytes: int) -> Found:
        """What a page's server answers, after at most five redirects within the site.

        Raises:
            NotTakenError: if robots.txt forbids it, or no answer can be had.
        """
        at, lasting = address, address
        for _ in range(_MAX_REDIRECTS + 1):
            if not self.robots(at).allows(at):
                raise NotTakenError(f"the robots.txt of {at.authority} forbids it to {AGENT}; ask the site's owner")
            answer = self._ask(at, headers, max_bytes=max_bytes)
            if answer.status not in _REDIRECTS:
                return Found(answer, lasting, bool(headers))
            after = _redirected(at, answer)
            lasting = after if lasting == at and answer.status in _LASTING else lasting
            at = after
        raise NotTakenError(f"it leads on more than {_MAX_REDIRECTS} times; look at it in a browser")

    def robots(self, address: Address) -> Robots:
        """What the robots.txt that `address` stands under allows.

        Raises:
            NotTakenError: if that can't be known now, so that nothing may be taken.
        """
        at = address.robots
        if at in self._unread:
            raise NotTakenError(self._unread[at])
        if at not in self._robots:
            self._robots[at] = self._read_robots(at)
        return self._robots[at]

    def _read_robots(self, address: Address) -> Robots:
        """RFC 9309, section 2.3.1: what isn't there allows everything, what can't be had now nothing."""
        try:
            answer = self._robots_answer(address)
        except NotTakenError as error:
            raise self._not_read(address, f"its robots.txt can't be read: {error}") from None
        if answer.status == 200:  # noqa: PLR2004 - OK
            robots = Robots.of(answer.body)
            self._slow_down(self._site(address), robots.pause_s)
            return robots
        if 400 <= answer.status < 500 and answer.status not in _PASSING:  # noqa: PLR2004 - it isn't there for us
            return Robots()
        raise self._not_read(address, f"its robots.txt can't be read (status {answer.status}); try again later")

    def _not_read(self, address: Address, why: str) -> NotTakenError:
        self._unread[address] = why
        return NotTakenError(why)

    def _slow_down(self, site: _Site, pause_s: float) -> None:
        site.pause_s = max(site.pause_s, pause_s)
        self._delay(site, site.pause_s)
        if pause_s > self._limits.max_wait_s:
            site.closed = (
                f"its robots.txt asks for {pause_s:g} s between two pages, at most {self._limits.max_wait_s:g} s are "
                "waited; ask the site's owner, or allow a longer wait"
            )

    def _robots_answer(self, address: Address) -> Answer:
        at = address
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._ask(at, {}, max_bytes=MAX_ROBOTS_BYTES, cut=True)
            if answer.status not in _REDIRECTS:
                return answer
            at = _redirected(at, answer)
        raise NotTakenError(f"it leads on more than {_MAX_REDIRECTS} times")

    def _ask(self, address: Address, headers: Mapping[str, str], *, max_bytes: int, cut: bool = False) -> Answer:
        """One answer, after tries that came to nothing because of a fault that passes."""
        site = self._site(address)
        for tries_left in range(self._limits.retries, -1, -1):
            self._wait_for(site)
            try:
                answer = self._wire.get(address, {**self._agent, **headers}, max_bytes=max_bytes, cut=cut)
            except WireError as error:
                self._asked(site)
                if not error.passing or not tries_left:
                    self._count_fault(site, str(error), of_page=error.of_page)
                    raise NotTakenError(str(error)) from error
                self._delay(site, self._backoff(tries_left))
                continue
            self._asked(site)
            if answer.status not in _PASSING:
                site.faults = 0
                return answer
            self._be_patient(site, answer, tries_left)
        why = f"the server answers with status {answer.status}; try again later"
        self._count_fault(site, why, of_page=answer.status == 500)  # noqa: PLR2004 - a page that breaks, not its server
        return answer

    def _be_patient(self, site: _Site, answer: Answer, tries_left: int) -> None:
        """Waits as long as the server asks for, or a little longer each time."""
        asked = _retry_after_s(answer)
        if asked is not None and asked > self._limits.max_wait_s:
            site.closed = (
                f"the server asks to be left alone for {asked:g} s (status {answer.status}); try again after that"
            )
            raise NotTakenError(site.closed)
        if tries_left or asked is not None:
            self._delay(site, self._backoff(tries_left) if asked is None else asked)

    def _backoff(self, tries_left: int) -> float:
        return min(2.0 ** (self._limits.retries - tries_left), self._limits.max_wait_s)

    def _wait_for(self, site: _Site) -> None:
        if site.closed is not None:
            raise NotTakenError(site.closed)
        wait = site.next_at - self._around.clock()
        if wait > 0:
            self._around.sleep(wait)

    def _asked(self, site: _Site) -> None:
        site.next_at = self._around.clock() + max(self._limits.pause_s, site.pause_s)

    def _delay(self, site: _Site, seconds: float) -> None:
        site.next_at = max(site.next_at, self._around.clock() + seconds)

    def _count_fault(self, site: _Site, why: str, *, of_page: bool) -> None:
        site.faults += not of_page
        if site.faults >= _ENOUGH:
            site.closed = f"the site didn't answer {_ENOUGH} times in a row: {why}"

    def _site(self, address: Address) -> _Site:
        return self._sites.setdefault(address.site, _Site())


def _agent(contact: str | None) -> str:
    if not contact:
        return f"{AGENT}/0.1"
    if not contact.isascii() or not contact.isprintable() or set(contact) & set("()\\"):
        raise IngestError(f"the contact {contact!a} can't be sent; wanted an address in plain letters: https://…")
    return f"{AGENT}/0.1 (+{contact})"


def _redirected(at: Address, answer: Answer) -> Address:
    """Where `answer` leads on to, within the site and not from a secure address to one that isn't."""
    try:
        after = Address.of(answer.headers["location"], at)
    except (KeyError, IngestError):
        raise NotTakenError(f"it leads on to nowhere (status {answer.status}); look at it in a browser") from None
    if not after.same_site(at):
        raise NotTakenError(f"it leads on to another site, {after.authority}; name the page there if that is meant")
    if at.scheme == "https" and after.scheme != "https":
        raise NotTakenError(f"it leads on from https to http, where words can be changed on the way: {after}")
    return after


def _retry_after_s(answer: Answer) -> float | None:
    """The seconds that a server asks to wait (RFC 9110, section 10.2.3); a time of day is taken against its own."""
    stated = answer.headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated[:9])
    try:
        then, now = parsedate_to_datetime(stated), parsedate_to_datetime(answer.headers.get("date", ""))
        return max((then - now).total_seconds(), 0.0)
    except (TypeError, ValueError):  # neither, or one with a time zone and one without
        return None
