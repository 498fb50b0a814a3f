"""How Workflow Manager says that a request can't be served."""

from starlette.responses import Response

from jobtui.demo.answers import reply


class Refusal(Exception):
    """The request can't be served; says how to answer."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self._status, self._kind = status, kind

    @property
    def response(self) -> Response:
        """Give the answer."""
        error = {"code": self._status, "message": str(self), "type": self._kind, "details": []}
        return reply({"error": error}, self._status)
