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
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retrieval.model import Answer, Reason, Reply
from ui import texts
from ui.faults import log_fault
from ui.gradio_page import alone, finished
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


def _turn(ask: Ask, question: str, before: _Conversation) -> tuple[str, _Conversation]:
    """One turn of the log as HTML, and the conversation after it."""
    try:
        reply = ask(question, before.questions)
        body = to_html(reply, today=date.today())  # the reader's day is taken to be the server's
    except Exception as error:  # noqa: BLE001  (the outermost boundary: any fault must become an error people can see)
        if not isinstance(error, RefusedError):
            log_fault("a question could not be looked up", error)
        return turn_to_html(question, error_to_html(), keep=True), before
    keep = not isinstance(reply, Answer) and reply.reason is Reason.TOO_LONG
    return turn_to_html(question, body, keep=keep), before.after(reply)


def _header(title: str) -> str:
    return f'<h1 id="title">{html.escape(title)}</h1>'


def _welcome() -> str:
    return (
        f"<h2>{html.escape(texts.WELCOME_TITLE)}</h2><p>{html.escape(texts.WELCOME)}</p>"
        f'<p class="label">{html.escape(texts.EXAMPLES)}</p>'
    )


def _log() -> str:
    said = {
        "waiting": texts.WAITING,
        "copied": texts.COPIED,
        "not-copied": texts.NOT_COPIED,
        "asked": texts.ASKED,
        "error-label": texts.ERROR_LABEL,
        "unreachable": texts.UNREACHABLE,
    }
    data = " ".join(f'data-{name}="{html.escape(text)}"' for name, text in said.items())
    return f'<div id="log" role="log" aria-label="{html.escape(texts.CONVERSATION)}" {data}></div>'


def _footing() -> str:
    return (
        '<p id="status" role="status"></p>'
        f'<p id="about">{html.escape(texts.ABOUT)} <strong>{html.escape(texts.EMERGENCY)}</strong></p>'
    )


def _in_a_loop(make: Callable[[], _T]) -> _T:
    """What `make` gives. Where no event loop runs, Gradio opens one for each of its locks and closes none."""

    async def made() -> _T:
        return make()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(made())
    return make()


def build(ask: Ask, *, examples: Sequence[str], title: str) -> gr.Blocks:
    """The chat over `ask`, with `examples` as buttons until the first question."""
    return _in_a_loop(lambda: _build(ask, examples, title))


def _build(ask: Ask, examples: Sequence[str], title: str) -> gr.Blocks:
    def turn(question: str, before: _Conversation) -> tuple[str, _Conversation]:
        return _turn(ask, question, before)

    def afresh() -> tuple[str, _Conversation]:
        return "", _Conversation()

    page = gr.Blocks(title=title, analytics_enabled=False)
    with page, gr.Column(elem_id="chat"):
        conversation = gr.State(_Conversation(), time_to_live=_STATE_S)
        with gr.Row(elem_id="top"):
            _words(_header(title))
            new = gr.Button(texts.NEW_CONVERSATION, elem_id="new")
        with gr.Column(elem_id="welcome"):
            _words(_welcome())
            buttons = [gr.Button(example, elem_classes="example") for example in examples]
        # Gradio evaluates a template as code, so only fixed text stands in it. What is said goes in as a value, which
        # this template does not show: chat.js appends it to the log.
        latest = gr.HTML("", html_template=_log(), js_on_load=None, apply_default_css=False, elem_id="conversation")
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="ask"):
                box = gr.Textbox(
                    label=texts.BOX_LABEL,
                    info=texts.BOX_HINT,
                    lines=1,
                    max_lines=8,
                    elem_id="box",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                )
                send = gr.Button(texts.ASK, variant="primary", elem_id="send")
            _words(_footing())

        for triggers, question in [([box.submit, send.click], box), *(([button.click], button) for button in buttons)]:
            asked = gr.on(
                triggers,
                turn,
                [question, conversation],
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


def _words(fixed_html: str) -> None:
    """Text of our own at this place of the page."""
    gr.HTML(fixed_html, js_on_load=None, apply_default_css=False)


class _Dressing:
    """ASGI middleware that dresses the page itself; what may be asked for at all, `ui.door` says."""

    def __init__(self, app: ASGIApp, path: str, title: str) -> None:
        self.app = app
        self.path = path
        self.head = f"<title>{html.escape(title)}</title>{_HEAD}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        is_page = scope["type"] == "http" and get_route_path(scope) == f"{self.path}/"
        await (self._page if is_page else self.app)(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio's page with our title, styles and script in its head, and without its advertisements.

        Given to Gradio itself, styles would come only after its moving sign of loading.
        """
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
                page, policy = finished(dressed, scope)
                headers = MutableHeaders(scope=start)
                headers.update({"content-length": str(len(page)), "content-security-policy": policy})
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self.app(alone(scope), receive, collect)


def functions_of(blocks: gr.Blocks) -> Mapping[int, int]:
    """The functions that the page calls: how many inputs each takes, by its number."""
    return {number: len(function.inputs) for number, function in blocks.fns.items() if function.fn is not None}


def mount(app: FastAPI, blocks: gr.Blocks, *, path: str) -> FastAPI:
    """`app` with the chat under `path`, dressed as ours."""
    app.add_middleware(_Dressing, path=path, title=str(blocks.title or ""))
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
