"""Metrics: what is counted, without any text; the only door to the library that counts for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from retrieval.model import Answer, NoticeKind, Reason, Reply
from ui.refusals import Code

__all__ = ["METRICS_TYPE", "Metrics"]

METRICS_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Counts questions, abstentions, notices and refusals, and how long answers take; each site has its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # memory, processor time, open files
        self._questions = Counter("insights_questions", "Questions that got a reply.", registry=self._registry)
        self._abstentions = Counter(
            "insights_abstentions", "Replies without a quote.", ["reason"], registry=self._registry
        )
        self._notices = Counter("insights_notices", "Notices that were shown.", ["kind"], registry=self._registry)
        self._refused = Counter("insights_refused", "Requests that were refused.", ["code"], registry=self._registry)
        self._seconds = Histogram(
            "insights_answer_seconds",
            "Time that a reply took, without waiting.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        # A count that is there at zero can be told from one that is not taken.
        for reason in Reason:
            self._abstentions.labels(str(reason))
        for kind in NoticeKind:
            self._notices.labels(str(kind))
        for code in Code:
            self._refused.labels(str(code))

    def replied(self, reply: Reply, elapsed_s: float) -> None:
        """Counts a reply."""
        self._questions.inc()
        self._seconds.observe(elapsed_s)
        if not isinstance(reply, Answer):
            self._abstentions.labels(str(reply.reason)).inc()
        for notice in reply.notices:
            self._notices.labels(str(notice.kind)).inc()

    def refused(self, code: Code) -> None:
        """Counts a refusal."""
        self._refused.labels(str(code)).inc()

    def exposed(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)
