"""The chat page: the only door to Gradio.

Gradio carries the page, the session and the calls. The conversation is one log that only grows at its end
(`assets/chat.js`): Gradio's own chat log rewrites `*`, `_` and backslashes, and a live region must not be redrawn.
"""

import asyncio
import html
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from fastapi import FastAPI
from starlette._utils import get_route_path
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retrieval.model import Answer, Reason, Reply
from retrieval.policy import default_policy
from ui.chat_page import placeholder, spoken
from ui.faults import log_fault
from ui.gradio_page import alone, finished
from ui.languages import Texts, catalogue, negotiated
from ui.refusals import RefusedError
from ui.render import error_to_html, to_html, turn_to_html

# Gradio reads these when it is imported; whatever the environment says, nothing may leave the machine.
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", GRADIO_RUN_HISTORY="False")

import gradio as gr

__all__ = ["Ask", "build", "functions_of", "mount"]

Ask = Callable[[str, Sequence[str]], Reply]

_T = TypeVar("_T")

_HEAD: Final = """
<meta name="color-scheme" content="light dark">
<link rel="icon" href="../assets/icon.svg">
<link rel="stylesheet" href="../assets/base.css">
<link rel="stylesheet" href="../assets/chat.css">
<script src="../assets/chat.js"></script>
<script src="../assets/speech.js"></script>
</head>"""
_NOT_OURS: Final = re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>|<link rel="manifest"[^>]*>')
_BEGIN: Final = "(...given) => window.insights.begin(...given)"
_SHOW: Final = "(...given) => window.insights.show(...given)"
_FAIL: Final = "(...given) => window.insights.fail(...given)"
_CLEAR: Final = "() => window.insights.clear()"
_STATE_S: Final = 3600  # how long a conversation is kept after its last question
_MOST_SESSIONS: Final = 1000  # each takes about 35 KiB; the oldest is forgotten first


@dataclass(frozen=True, slots=True)
class _Conversation:
    """What one session has asked so far, oldest first."""

    questions: tuple[str, ...] = ()

    def after(self, reply: Reply) -> "_Conversation":
        """The conversation with the question of `reply`, if it was one that later questions can refer to."""
        is_question = isinstance(reply, Answer) or reply.reason is Reason.NO_EVIDENCE
        return _Conversation((*self.questions, reply.question)) if is_question else self


def _turn(ask: Ask, question: str, before: _Conversation, texts: Texts) -> tuple[str, _Conversation]:
    """One turn of the log as HTML in the language of `texts`, and the conversation after it."""
    try:
        reply = ask(question, before.questions)
        limit = default_policy().max_question_characters
        body = to_html(reply, texts=texts, today=date.today(), limit=limit)  # the reader's day is the server's
    except Exception as error:  # noqa: BLE001  (the outermost boundary: any fault must become an error people can see)
        if not isinstance(error, RefusedError):
            log_fault("a question could not be looked up", error)
        return turn_to_html(question, error_to_html(texts), texts=texts, keep=True), before
    keep = not isinstance(reply, Answer) and reply.reason is Reason.TOO_LONG
    return turn_to_html(question, body, texts=texts, keep=keep), before.after(reply)


def _in_a_loop(make: Callable[[], _T]) -> _T:
    """What `make` gives. Where no event loop runs, Gradio opens one for each of its locks and closes none."""

    async def made() -> _T:
        return make()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(made())
    return make()


def build(ask: Ask, *, title: str) -> gr.Blocks:
    """The chat over `ask`, with placeholders where the page speaks; `mount` fills them in for each reader."""
    return _in_a_loop(lambda: _build(ask, title))


def _build(ask: Ask, title: str) -> gr.Blocks:
    def turn(question: str, before: _Conversation, language: str) -> tuple[str, _Conversation]:
        return _turn(ask, question, before, catalogue(negotiated(None, language)))

    def afresh() -> tuple[str, _Conversation]:
        return "", _Conversation()

    page = gr.Blocks(title=title, analytics_enabled=False)
    with page, gr.Column(elem_id="chat"):
        conversation = gr.State(_Conversation(), time_to_live=_STATE_S)
        language = gr.Textbox(placeholder("language"), visible=False)
        with gr.Row(elem_id="top"):
            _words("header")
            new = gr.Button(placeholder("new"), elem_id="new")
        _words("welcome", elem_id="welcome")
        # Gradio evaluates a template as code, so only fixed text stands in it. What is said goes in as a value, which
        # this template does not show: chat.js appends it to the log.
        latest = gr.HTML(
            "", html_template=placeholder("log"), js_on_load=None, apply_default_css=False, elem_id="conversation"
        )
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="ask"):
                box = gr.Textbox(
                    label=placeholder("box_label"),
                    info=placeholder("box_hint"),
                    lines=1,
                    max_lines=8,
                    elem_id="box",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                )
                _words("dictate")
                send = gr.Button(placeholder("ask"), variant="primary", elem_id="send")
            _words("footing")

        asked = gr.on(
            [box.submit, send.click],
            turn,
            [box, conversation, language],
            [latest, conversation],
            js=_BEGIN,
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        asked.success(None, [box, latest], box, js=_SHOW)
        asked.failure(None, box, box, js=_FAIL)
        cleared = new.click(
            afresh, None, [latest, conversation], queue=False, show_progress="hidden", api_visibility="private"
        )
        cleared.success(None, None, None, js=_CLEAR)
    return page


def _words(place: str, *, elem_id: str | None = None) -> None:
    """Our own text at this place of the page."""
    gr.HTML(placeholder(place), js_on_load=None, apply_default_css=False, elem_id=elem_id)


class _Dressing:
    """ASGI middleware that dresses the page itself; what may be asked for at all, `ui.door` says."""

    def __init__(self, app: ASGIApp, path: str, title: str, examples: Sequence[str]) -> None:
        self.app = app
        self.path = path
        self.title = title
        self.examples = examples
        self.head = f"<title>{html.escape(title)}</title>{_HEAD}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        is_page = scope["type"] == "http" and get_route_path(scope) == f"{self.path}/"
        await (self._page if is_page else self.app)(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio's page with our title, styles and script in its head, and without its advertisements.

        Given to Gradio itself, styles would come only after its moving sign of loading.
        """
        asked = Request(scope)
        texts = catalogue(negotiated(asked.headers.get("accept-language"), asked.query_params.get("lang")))
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                dressed = _NOT_OURS.sub("", body.decode()).replace("</head>", self.head, 1)
                told = spoken(dressed, texts, title=self.title, examples=self.examples)
                page, policy = finished(told, scope)
                headers = MutableHeaders(scope=start)
                headers.update({"content-length": str(len(page)), "content-security-policy": policy})
                headers["content-language"] = texts.language
                headers.add_vary_header("accept-language")
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self.app(alone(scope), receive, collect)


def functions_of(blocks: gr.Blocks) -> Mapping[int, int]:
    """The functions that the page calls: how many inputs each takes, by its number."""
    return {number: len(function.inputs) for number, function in blocks.fns.items() if function.fn is not None}


def mount(app: FastAPI, blocks: gr.Blocks, *, path: str, examples: Sequence[str]) -> FastAPI:
    """`app` with the chat under `path`, dressed as ours; `examples` are buttons until the first question."""
    app.add_middleware(_Dressing, path=path, title=str(blocks.title or ""), examples=tuple(examples))
    blocks.state_session_capacity = _MOST_SESSIONS
    fonts = [gr.themes.Font("system-ui"), gr.themes.Font("sans-serif")]  # plain names would be fetched from Google
    theme = gr.themes.Base(font=fonts, font_mono=[gr.themes.Font("monospace")])
    _in_a_loop(
        lambda: gr.mount_gradio_app(
            app,
            blocks,
            path=path,
            theme=theme,
            footer_links=[],
            run_history=False,
            show_error=False,
            ssr_mode=False,
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
        )
    )
    return app
