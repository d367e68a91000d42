"""What a form of ours posts: read within bounds, and where to go on to afterwards."""

from urllib.parse import parse_qs

from starlette.requests import Request

from core.errors import UsageError

_MOST_BYTES = 16 * 1024
_MOST_VALUES = 500


class Form:
    """The values of one form, each as it was typed, without the blanks around it."""

    def __init__(self, values: dict[str, list[str]]) -> None:
        self._values = values

    def one(self, name: str) -> str:
        """Return a value, empty where there is none."""
        return self._values.get(name, [""])[0].strip()

    def numbers(self, name: str) -> list[int]:
        """Return the numbers of that name. Raises UsageError for what is none."""
        texts = self._values.get(name, [])
        if not all(text.isascii() and text.isdecimal() and len(text) < 19 for text in texts):
            raise UsageError(f"{name} must be a number")
        return [int(text) for text in texts]

    @property
    def next(self) -> str:
        """Where to go on to: a path of ours, since `//host` and `/\\host` would be another site."""
        path = self.one("next")
        is_own = path.startswith("/") and path.isascii() and path.isprintable() and path[1:2] not in ("/", "\\")
        return path if is_own else "/"


async def read_form(request: Request) -> Form:
    """Return what was posted. Raises UsageError where it is too much."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise UsageError("this is too long for a form")
    try:
        return Form(parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_VALUES))
    except ValueError:
        raise UsageError("these are too many values for a form") from None
