"""The notification socket of Workflow Manager: greeting, subscriptions, and frames as the world moves."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from jobtui.demo import arcgis_flow as flow
from jobtui.demo.arcgis import ITEM, ORG, WorkflowManager, token_of
from jobtui.demo.arcgis_documents import job_state_message, on_wire
from jobtui.demo.arcgis_job import ASKING
from jobtui.demo.arcgis_world import USER, Frame
from jobtui.demo.world import World

POLICY_VIOLATION = 1008


class Listener:
    """One open socket: what it listens to, and the frames not yet sent."""

    def __init__(self, loop: asyncio.AbstractEventLoop, referer: str) -> None:
        self.referer = referer
        self.job_ids: set[str] = set()
        self.frames: asyncio.Queue[Frame] = asyncio.Queue()
        self._loop = loop

    def put(self, frame: Frame) -> None:
        """Queue a frame, from any thread."""
        self._loop.call_soon_threadsafe(self.frames.put_nowait, frame)


class Notifications:
    """Carry what happens in the world to the sockets that asked for it."""

    def __init__(self, world: World, service: WorkflowManager) -> None:
        self._world, self._service = world, service
        self.listeners: set[Listener] = set()
        self._frames: dict[str, Callable[[Listener, dict[str, Any]], None]] = {
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "stepinformation": self._answer,
        }
        world.item.listeners.append(self._spread)

    def route(self) -> WebSocketRoute:
        """Give the route of the socket."""
        return WebSocketRoute(f"/{ORG}/{ITEM}/notificationWs", self.serve)

    async def serve(self, socket: WebSocket) -> None:
        """Serve one socket until either side closes it."""
        if not self._service.is_known(token_of(socket), socket.headers.get("referer", "")):
            await socket.close(POLICY_VIOLATION)
            return
        await socket.accept()
        listener = Listener(asyncio.get_running_loop(), socket.headers.get("referer", ""))
        await socket.send_json({"connected": True})
        self.listeners.add(listener)
        sender = asyncio.create_task(self._send(socket, listener))
        try:
            await self._listen(socket, listener)
        except WebSocketDisconnect:
            pass
        finally:
            self.listeners.discard(listener)
            sender.cancel()

    async def _send(self, socket: WebSocket, listener: Listener) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await socket.send_json(await listener.frames.get())

    async def _listen(self, socket: WebSocket, listener: Listener) -> None:
        while True:
            try:
                frame = json.loads(await socket.receive_text())
                deal = self._frames[str(frame["msgType"]).lower()]
                with self._world.at_now():
                    deal(listener, frame)
            except (ValueError, KeyError, TypeError, AttributeError):
                self._complain(listener, "The frame was not understood")

    def _spread(self, kind: str, message: Frame) -> None:
        concerned = [each for each in self.listeners if message["jobId"] in each.job_ids]
        if concerned:
            frame = self._frame(kind, on_wire(message, self._world.calendar))
            for listener in concerned:
                listener.put(frame)

    def _frame(self, kind: str, message: Frame) -> Frame:
        moment = self._world.calendar.moment(self._world.item.now)
        return {"msgType": kind, "timestamp": int(moment.timestamp() * 1000), "message": message}

    def _complain(self, listener: Listener, text: str, **more: Any) -> None:
        listener.put(self._frame("Error", {**more, "msg": text, "msgCode": "RequestFailed"}))

    def _subscribe(self, listener: Listener, frame: dict[str, Any]) -> None:
        if not self._service.is_known(frame.get("token"), listener.referer):
            self._complain(listener, "Invalid token")
            return
        for job_id in frame.get("jobIds") or []:
            job = self._world.item.jobs.get(job_id)
            if job is None:
                self._complain(listener, "Job not found", jobId=job_id)
                continue
            listener.job_ids.add(job_id)
            state = job_state_message(job, self._world.item.now, self._world.calendar, frame.get("senderId"))
            listener.put(self._frame("JobState", state))

    def _unsubscribe(self, listener: Listener, frame: dict[str, Any]) -> None:
        gone = listener.job_ids if frame.get("all") else frame.get("jobIds") or []
        listener.job_ids -= set(gone)

    def _answer(self, listener: Listener, frame: dict[str, Any]) -> None:
        message = frame.get("message") or {}
        job = self._world.item.jobs.get(str(message.get("jobId")))
        turn = job.current.get(str(message.get("stepId"))) if job else None
        if job is None or turn is None or turn.phase != ASKING:
            self._complain(listener, "No such step waits for information", jobId=message.get("jobId"))
            return
        chosen = message.get("questionResponse")
        labels = [path.label for path in turn.step.paths]
        if not isinstance(chosen, int) or not 0 <= chosen < max(1, len(labels)):
            self._complain(listener, "There is no such answer", jobId=job.job_id)
            return
        flow.finish(self._world.item, job, turn, USER, labels[chosen] if labels else None)
